//! Random words go everywhere a word can go: names, titles, PDFs, notes, quotations, the passphrase. After
//! synchronising, reading and writing, none of them stands in any byte of the tablet's folder, open or locked.
//!
//! `RATSMAPPE_CANARIES` sets how many, 240 without it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use evidence::looking::ways;
use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
use notes::{Anchor, Color, MarkBody, MarkDraft, NoteStore, Quote, Target};
use stories::looker::{canaries, found};
use stories::tablet::{Tablet, bytes_below, count_from};
use stories::town::Town;
use vault::{Passphrase, Vault};

/// Every place of the town that takes a word gets one; what is left over becomes notes and quotations.
fn plant(town: &mut Town, canaries: &[String]) -> Vec<String> {
    let mut words = canaries.iter().cloned();
    let mut next = || words.next().expect("the canaries are at least 60");
    town.intake.council = town
        .intake
        .council
        .replace("Stadt Beispielhausen", &next())
        .replace("Markt 1", &next());
    for (_, name) in &mut town.intake.person_names {
        *name = next();
    }
    for sitting in &mut town.intake.sittings {
        sitting.name = next();
    }
    for matter in &mut town.intake.matters {
        (matter.name, matter.secret) = (next(), next());
    }
    words.collect()
}

fn anchor(tablet: &Tablet, reference: &str, quote: String) -> Anchor {
    let row = tablet.file_of(reference).unwrap();
    Anchor {
        council: tablet.council,
        target: Target::File {
            file: row.id(),
            blob_id: row.blob_id,
            revision: row.file.revision,
        },
        page: Some(0),
        rects: Vec::new(),
        quote: Some(Quote {
            exact: quote,
            prefix: String::new(),
            suffix: String::new(),
        }),
        sealed_class: (!row.public).then_some(row.audience),
    }
}

// Shows: O.Data_2, O.Data_14, MASVS-STORAGE-1
#[test]
fn safety_no_word_stands_readable_on_the_tablet() {
    let begun = Instant::now();
    let canaries = canaries(count_from("RATSMAPPE_CANARIES", 240).max(60));
    let mut town = Town::empty();
    let (of_passphrase, planted) = canaries.split_at(5);
    let of_notes = plant(&mut town, planted);
    town.publish();
    let tablet = Tablet::synced(&town, "ada");
    tablet
        .vault
        .change_passphrase(&Passphrase::new(of_passphrase.join(" ")))
        .unwrap();

    // The search sees what is there to be seen: the office's folder is full of these words.
    let in_the_office: Vec<String> = found(&bytes_below(&town.intake.dir), &canaries)
        .into_iter()
        .map(|hit| hit.0)
        .collect();
    let of_town = planted.len() - of_notes.len();
    assert!(
        planted[..of_town]
            .iter()
            .all(|word| in_the_office.contains(word)),
        "every planted word is found there"
    );

    let store = NoteStore::open(Arc::clone(&tablet.vault)).unwrap();
    for (number, pair) in of_notes.chunks(2).enumerate() {
        let reference = ["2026/184", "2026/190", "2026/191"][number % 3];
        let anchor = anchor(&tablet, reference, pair[0].clone());
        let words = pair[pair.len() - 1].clone();
        let body = match number % 2 {
            0 => MarkBody::Note { text: words },
            _ => MarkBody::Highlight {
                color: Color::Yellow,
                text: Some(words),
            },
        };
        let mark = store
            .mark_create(
                &MarkDraft {
                    anchor,
                    body,
                    made_at_item: None,
                    imported_from: None,
                },
                town.now_ms(),
            )
            .unwrap();
        if number % 5 == 0 {
            store.mark_delete(mark.id, town.now_ms()).unwrap();
        }
    }
    for reference in ["2026/184", "2026/190", "2026/191"] {
        tablet
            .read(tablet.file_of(reference).unwrap().id())
            .unwrap();
    }
    // A new revision and a second synchronisation, so that there is something deleted as well.
    town.intake.matter("2026/190").pages = 4;
    town.publish();
    tablet.sync().unwrap();

    let held_open = tablet.store();
    let files = bytes_below(tablet.folder());
    assert_eq!(found(&files, &canaries), [], "while the tablet is in use");
    drop((held_open, store));
    let folder = tablet.locked();
    let files = bytes_below(folder.path());
    assert_eq!(found(&files, &canaries), [], "once it is locked");
    evidence::record(
        "canaries",
        evidence::Counts {
            tried: canaries.len() as u64,
            refused: canaries.len() as u64,
            lost: 0,
        },
    )
    .unwrap();
    let bytes: usize = files.values().map(Vec::len).sum();
    println!(
        "{} canaries, none in {} files of {bytes} bytes, {:.1} s",
        canaries.len(),
        files.len(),
        begun.elapsed().as_secs_f32()
    );

    // And they are all there for who has the passphrase.
    let vault =
        Arc::new(Vault::unlock(folder.path(), &Passphrase::new(of_passphrase.join(" "))).unwrap());
    let marks = NoteStore::open(vault).unwrap().list_all().unwrap();
    assert!(marks.iter().all(|mark| {
        mark.body
            .text()
            .is_some_and(|text| of_notes.iter().any(|word| word == text))
    }));
    assert!(!marks.is_empty());
}

#[test]
fn safety_a_planted_canary_is_found() {
    let town = Town::small();
    let folder = Tablet::synced(&town, "ada").locked();
    let canaries = canaries(60);
    let is_found = |path: &Path| {
        found(&bytes_below(folder.path()), &canaries)
            .iter()
            .any(|hit| hit.1 == path)
    };
    let database = folder.path().join("private.db");
    let packed = format!("a letter about {} and more", canaries[4]).into_bytes();
    let zlib = compress_to_vec_zlib(&packed, 6);
    let gzip = [
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..],
        &compress_to_vec(&packed, 9),
    ]
    .concat();
    let plain = ways(&canaries[7]).into_iter();
    for (number, planted) in plain.chain([zlib, gzip]).enumerate() {
        let whole = fs::read(folder.path().join("keyring")).unwrap();
        let mut spoilt = whole.clone();
        spoilt.splice(whole.len() / 2..whole.len() / 2, planted);
        fs::write(&database, &spoilt).unwrap();
        assert!(
            is_found(&database),
            "way {number} in the middle of random bytes"
        );
    }
    fs::write(&database, b"").unwrap();
    let named = folder.path().join(format!("councils/{}.pdf", canaries[3]));
    fs::write(&named, b"").unwrap();
    assert!(is_found(&named), "a file's name counts too");
}
