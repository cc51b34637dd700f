//! One bit of the tablet's files is turned, hundreds of times. Each time the tablet must say so: wrong content is never
//! shown, nothing vanishes in silence, and no damage waits unseen.
//!
//! `RATSMAPPE_BIT_FLIPS` sets how often, 510 without it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use notes::{MarkBody, MarkDraft, NoteStore};
use stories::kill_round::{council_of, note_target, whole_page};
use stories::tablet::{PASSPHRASE, Tablet, bytes_below, count_from, read_file, seeded};
use stories::town::Town;
use sync::store::CouncilStore;
use vault::{Passphrase, Vault};

/// What a member can see of a tablet, and what the tablet complains about.
#[derive(Clone, Debug, Default)]
struct Look {
    shown: BTreeMap<String, Vec<u8>>,
    complaints: Vec<String>,
}

/// Unlocks the tablet and looks at everything.
fn look(folder: &Path, now_ms: i64) -> Look {
    let mut seen = Look::default();
    let vault = match Vault::unlock(folder, &Passphrase::new(PASSPHRASE)) {
        Ok(vault) => Arc::new(vault),
        Err(error) => {
            seen.complaints.push(error.code().to_owned());
            return seen;
        }
    };
    match NoteStore::open(Arc::clone(&vault)).map_err(|error| error.code()) {
        Ok(store) => match store.list_all() {
            Ok(marks) => {
                let words = |body: &MarkBody| body.text().unwrap_or_default().as_bytes().to_vec();
                seen.shown.extend(
                    marks
                        .iter()
                        .map(|mark| (format!("mark {}", mark.id), words(&mark.body))),
                );
            }
            Err(error) => seen.complaints.push(error.code().to_owned()),
        },
        Err(code) => seen.complaints.push(code.to_owned()),
    }
    if let Err(code) = look_at_council(&vault, now_ms, &mut seen) {
        seen.complaints.push(code.to_owned());
    }
    seen.complaints.extend(
        vault
            .take_rebuilt()
            .iter()
            .map(|_| "cache_rebuilt".to_owned()),
    );
    seen
}

fn look_at_council(vault: &Vault, now_ms: i64, seen: &mut Look) -> Result<(), &'static str> {
    let council = council_of(vault).ok_or("not_paired")?;
    let store = CouncilStore::open(vault, council, now_ms).map_err(|error| error.code())?;
    for held in store.meetings().map_err(|error| error.code())? {
        seen.shown.insert(
            format!("meeting {}", held.object.id),
            held.object.name.into_bytes(),
        );
    }
    for held in store.agenda_items().map_err(|error| error.code())? {
        seen.shown.insert(
            format!("item {}", held.object.id),
            held.object.name.into_bytes(),
        );
    }
    for held in store.papers().map_err(|error| error.code())? {
        seen.shown.insert(
            format!("paper {}", held.object.id),
            held.object.name.into_bytes(),
        );
    }
    for held in store.persons().map_err(|error| error.code())? {
        seen.shown.insert(
            format!("person {}", held.object.id),
            held.object.name.into_bytes(),
        );
    }
    for (id, row) in store.files().map_err(|error| error.code())? {
        seen.shown
            .insert(format!("file {id}"), row.file.name.into_bytes());
        match read_file(vault, &store, id) {
            Ok(bytes) => drop(seen.shown.insert(format!("bytes of {id}"), bytes)),
            Err(code) => seen.complaints.push(code.to_owned()),
        }
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// The tablet complained, and showed nothing wrong.
    Found,
    /// Everything is there and right, and the damage waits for another day.
    Unseen,
    /// Something is gone, and nobody said so.
    LostInSilence,
    WrongContent,
}

fn judge(before: &Look, after: &Look) -> Verdict {
    if after
        .shown
        .iter()
        .any(|(name, content)| before.shown.get(name) != Some(content))
    {
        Verdict::WrongContent
    } else if !after.complaints.is_empty() {
        Verdict::Found
    } else if after.shown.len() < before.shown.len() {
        Verdict::LostInSilence
    } else {
        Verdict::Unseen
    }
}

/// The kinds of files on a tablet. All of them are under a checksum or a seal that is looked at whole: each bit counts.
const KINDS: [&str; 6] = [
    "blobs",
    "council.db",
    "closed",
    "private.db",
    "slots",
    "keyring",
];

fn files_of<'a>(all: &'a BTreeMap<PathBuf, Vec<u8>>, kind: &str) -> Vec<&'a PathBuf> {
    let is_of_kind = |path: &&PathBuf| path.components().any(|part| part.as_os_str() == kind);
    let found: Vec<&PathBuf> = all
        .keys()
        .filter(is_of_kind)
        .filter(|path| !all[*path].is_empty())
        .collect();
    assert!(!found.is_empty(), "the tablet has {kind}");
    found
}

fn put_back(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) {
    for path in bytes_below(folder)
        .into_keys()
        .filter(|path| !files.contains_key(path))
    {
        fs::remove_file(path).unwrap();
    }
    for (path, bytes) in files {
        fs::write(path, bytes).unwrap();
    }
}

/// A tablet with everything of the town and some notes, locked.
fn tablet_with_notes(town: &Town) -> tempfile::TempDir {
    let tablet = Tablet::synced(town, "ada");
    let store = NoteStore::open(Arc::clone(&tablet.vault)).unwrap();
    let target = note_target(tablet.council, 0);
    for number in 0..40 {
        let body = MarkBody::Note {
            text: format!("Notiz {number} {}", "Wort ".repeat(60)),
        };
        store
            .mark_create(
                &MarkDraft {
                    anchor: whole_page(&target),
                    body,
                    made_at_item: None,
                    imported_from: None,
                },
                town.now_ms(),
            )
            .unwrap();
    }
    drop(store);
    tablet.locked()
}

/// Turns bits and asks `looker` each time.
///
/// Result: how often each verdict came, by kind of file. Errors: what the verdicts say against the tablet or the looker.
fn flip(
    folder: &Path,
    (flips, seed): (usize, u64),
    looker: &dyn Fn(&Path) -> Look,
) -> Result<BTreeMap<(&'static str, Verdict), usize>, Vec<String>> {
    let whole = bytes_below(folder);
    let before = looker(folder);
    assert_eq!(
        before.complaints,
        Vec::<String>::new(),
        "the undamaged tablet is in order"
    );
    put_back(folder, &whole);
    let (mut random, mut verdicts, mut against) = (seed, BTreeMap::new(), Vec::new());
    for number in 0..flips {
        let kind = KINDS[number % KINDS.len()];
        let files = files_of(&whole, kind);
        let path = files[seeded(&mut random) % files.len()];
        let mut bytes = whole[path].clone();
        let (place, bit) = (seeded(&mut random) % bytes.len(), seeded(&mut random) % 8);
        bytes[place] ^= 1 << bit;
        fs::write(path, bytes).unwrap();
        let verdict = judge(&before, &looker(folder));
        put_back(folder, &whole);
        *verdicts.entry((kind, verdict)).or_insert(0) += 1;
        if verdict != Verdict::Found {
            against.push(format!(
                "bit {bit} of byte {place} of {} ({kind}): {verdict:?}",
                path.display()
            ));
        }
    }
    if against.is_empty() {
        Ok(verdicts)
    } else {
        Err(against)
    }
}

// Shows: O.Resi_10
#[test]
fn safety_a_turned_bit_is_found() {
    let begun = Instant::now();
    let flips = count_from("RATSMAPPE_BIT_FLIPS", 510);
    let town = Town::small();
    let folder = tablet_with_notes(&town);
    let now_ms = town.now_ms();
    let verdicts = flip(folder.path(), (flips, 5), &|folder| look(folder, now_ms));
    let verdicts = verdicts.unwrap_or_else(|against| panic!("{}", against.join("\n")));
    evidence::record(
        "bit-flips",
        evidence::Counts {
            tried: flips as u64,
            refused: flips as u64,
            lost: 0,
        },
    )
    .unwrap();
    println!(
        "{flips} bits turned: {verdicts:?}, {:.1} s",
        begun.elapsed().as_secs_f32()
    );
}

#[test]
fn safety_a_looker_that_overlooks_damage_is_found_out() {
    let town = Town::small();
    let folder = tablet_with_notes(&town);
    let now_ms = town.now_ms();
    let whole = look(folder.path(), now_ms);

    // Blind: says that all is well, whatever is there.
    assert!(
        flip(folder.path(), (12, 5), &|_| whole.clone()).is_err(),
        "a blind looker"
    );
    // Mute: sees what is gone, and does not say so.
    let mute = |folder: &Path| Look {
        complaints: Vec::new(),
        ..look(folder, now_ms)
    };
    assert!(
        flip(folder.path(), (12, 5), &mute).is_err(),
        "a mute looker"
    );
    // Credulous: complains, and shows the wrong thing all the same.
    let mut other = whole.clone();
    other.complaints.push("something".to_owned());
    let name = other.shown.keys().next().unwrap().clone();
    other.shown.insert(name, b"something else".to_vec());
    assert_eq!(
        judge(&whole, &other),
        Verdict::WrongContent,
        "a credulous looker"
    );
}
