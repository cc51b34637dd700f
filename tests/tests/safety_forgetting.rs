//! Forgetting: a revoked device, an ended membership, a lapsed lease, a depublished paper; each with a network, without one, with a clock
//! that shows another year for a moment, and with one that is set back. Locked at once; after the days of grace nothing of it is found in
//! anything that the tablet can still open, nor in a backup made later. One's own words stay, quotations come back with a new grant.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use notes::{Anchor, MarkBody, MarkDraft, NoteStore, Quote, Target};
use stories::looker::canaries;
use stories::tablet::{Tablet, bytes_below, make_vault};
use stories::town::{DAY_MS, Town};
use sync_protocol::ids::{AudienceId, BlobId};
use sync_protocol::recovery::RecoveryCode;
use tempfile::TempDir;
use vault::{BackupFacts, DeletionCause};

const REFERENCE: &str = "2026/190";
const SEAT: &str =
    "person = \"ada\"\norganization = \"rat\"\nrole = \"Mitglied\"\nstart = \"2024-07-01\"\n";
const YEAR_MS: i64 = 365 * DAY_MS;

/// What the clock of the tablet does meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    Right,
    /// Once a year ahead, and back.
    AheadOnce,
    /// A year back, from when it is over.
    SetBack,
}

/// A town with a tablet on which random words stand wherever nonpublic words can stand.
struct Stage {
    town: Town,
    tablet: Tablet,
    /// Name and file of the paper, its word in the search index, the quotation, the password of the file.
    name: String,
    secret: String,
    indexed: String,
    quoted: String,
    password: String,
    /// What the member wrote herself about it.
    own: String,
    audience: AudienceId,
    blob: BlobId,
    /// Ciphertexts of what is nonpublic.
    closed_blobs: Vec<std::path::PathBuf>,
}

impl Stage {
    fn new() -> Self {
        let words = canaries(6);
        let [name, secret, indexed, quoted, password, own] = &words[..] else {
            panic!("six words")
        };
        let mut town = Town::empty();
        let matter = town.intake.matter(REFERENCE);
        (matter.name, matter.secret) = (name.clone(), secret.clone());
        town.publish();
        let tablet = Tablet::synced(&town, "ada");
        let row = tablet.file_of(REFERENCE).unwrap();
        let marks = NoteStore::open(Arc::clone(&tablet.vault)).unwrap();
        let quote = Quote {
            exact: quoted.clone(),
            prefix: String::new(),
            suffix: String::new(),
        };
        let draft = MarkDraft {
            anchor: Anchor {
                council: tablet.council,
                target: Target::File {
                    file: row.id(),
                    blob_id: row.blob_id,
                    revision: row.file.revision,
                },
                page: Some(0),
                rects: Vec::new(),
                quote: Some(quote),
                sealed_class: Some(row.audience),
            },
            body: MarkBody::Note { text: own.clone() },
            made_at_item: None,
            imported_from: None,
        };
        marks.mark_create(&draft, town.now_ms()).unwrap();
        let closed = Some(row.audience);
        marks
            .password_set(tablet.council, row.blob_id, closed, password)
            .unwrap();
        let index = tablet
            .vault
            .open_closed_search_db(tablet.council, row.audience)
            .unwrap();
        index
            .execute_batch("CREATE VIRTUAL TABLE page USING fts5(words)")
            .unwrap();
        index
            .execute("INSERT INTO page VALUES (?1)", [indexed])
            .unwrap();
        let nonpublic = ["2026/190", "2026/191"].map(|reference| {
            let row = tablet.file_of(reference).unwrap();
            tablet.blob_path(&row)
        });
        let stage = Self {
            closed_blobs: nonpublic.to_vec(),
            audience: row.audience,
            blob: row.blob_id,
            name: name.clone(),
            secret: secret.clone(),
            indexed: indexed.clone(),
            quoted: quoted.clone(),
            password: password.clone(),
            own: own.clone(),
            town,
            tablet,
        };
        stage.assert_readable("at first");
        let seen = stage.found();
        for word in [&stage.name, &stage.indexed, &stage.own] {
            assert!(seen.contains(word), "the search sees what can be opened");
        }
        stage
    }

    /// As the app does it when the vault is opened.
    fn opened(&self) -> usize {
        let (vault, council) = (&self.tablet.vault, self.tablet.council);
        let now_ms = self.town.now_ms();
        sync::forget_due(vault, council, now_ms).unwrap().len()
    }

    fn is_readable(&self) -> bool {
        let is_listed = self.tablet.items().contains(&self.name);
        let is_read = self.tablet.reads(REFERENCE, &self.secret);
        assert_eq!(is_listed, is_read, "title and file go together");
        is_listed
    }

    #[track_caller]
    fn assert_readable(&self, when: &str) {
        assert!(self.is_readable(), "{when}");
    }

    #[track_caller]
    fn assert_locked(&self, when: &str) {
        assert!(!self.is_readable(), "{when}");
    }

    /// The clock shows what it shows; nothing is deleted by it alone, and what it locked opens again when it is right.
    fn suffer(&self, clock: Clock, was_readable: bool) {
        if clock == Clock::AheadOnce {
            self.town.pass(YEAR_MS);
            self.assert_locked("a year ahead the lease is over");
            assert_eq!(self.opened(), 0, "a glitch deletes nothing");
            self.town.pass(-YEAR_MS);
            assert_eq!(self.opened(), 0);
            assert_eq!(self.is_readable(), was_readable, "and it is over");
        }
        if clock == Clock::SetBack {
            self.town.pass(-YEAR_MS);
            assert_eq!(self.opened(), 0);
            if !was_readable {
                self.assert_locked("setting the clock back opens nothing");
            }
            self.town.pass(YEAR_MS);
        }
    }

    /// Words that stand in anything that this tablet can open now, in plain files, or in the names of files.
    fn found(&self) -> BTreeSet<String> {
        let (vault, council) = (&self.tablet.vault, self.tablet.council);
        let mut opened = vec![
            vault.open_private_db().unwrap(),
            vault.open_council_db(council).unwrap(),
            vault.open_search_db(council).unwrap(),
            vault.open_faction_db().unwrap(),
        ];
        for audience in vault.closed_audiences(council).unwrap() {
            opened.extend(vault.open_closed_db(council, audience));
            opened.extend(vault.open_closed_search_db(council, audience));
        }
        let mut bytes: Vec<Vec<u8>> = opened.iter().map(in_the_clear).collect();
        bytes.extend(bytes_below(self.tablet.folder()).into_values());
        let names = format!("{:?}", bytes_below(self.tablet.folder()).keys());
        bytes.push(names.into_bytes());
        self.words_in(&bytes)
    }

    fn words_in(&self, all: &[Vec<u8>]) -> BTreeSet<String> {
        let words = [
            &self.name,
            &self.secret,
            &self.indexed,
            &self.quoted,
            &self.password,
            &self.own,
        ];
        let stands = |word: &str| {
            // Indexes fold case and share the beginnings of words.
            let needle = word.to_lowercase().split_off(6).into_bytes();
            all.iter().any(|bytes| {
                let folded = bytes.to_ascii_lowercase();
                folded.windows(needle.len()).any(|place| place == needle)
            })
        };
        let found = words.into_iter().filter(|word| stands(word));
        found.cloned().collect()
    }

    /// What a backup made now holds, opened on another tablet that was given nothing.
    fn in_a_backup(&self) -> BTreeSet<String> {
        let code = RecoveryCode::make().unwrap();
        let facts = BackupFacts {
            made_at_ms: self.town.now_ms(),
            notes: 1,
        };
        let place = TempDir::new().unwrap();
        let path = place.path().join("backup.age");
        let out = File::create(&path).unwrap();
        self.tablet.vault.write_backup(out, &code, facts).unwrap();
        let folder = TempDir::new().unwrap();
        let other = make_vault(folder.path());
        let read = other
            .read_backup(File::open(&path).unwrap(), &code, NoteStore::known_schema())
            .unwrap();
        other.put_backup(&read).unwrap();
        let clear = in_the_clear(&other.open_private_db().unwrap());
        self.words_in(&[clear, fs::read(path).unwrap()])
    }

    /// Nothing of it is left but one's own words and a note that it was deleted.
    #[track_caller]
    fn assert_forgotten(&self, cause: DeletionCause) {
        let own = BTreeSet::from([self.own.clone()]);
        assert_eq!(
            self.found(),
            own,
            "on the disk, indexes and caches included"
        );
        assert_eq!(self.in_a_backup(), own, "in a backup made later");
        for path in &self.closed_blobs {
            assert!(!path.exists(), "the ciphertext went with its key");
        }
        let (vault, council) = (&self.tablet.vault, self.tablet.council);
        assert!(vault.closed_audiences(council).unwrap().is_empty());
        assert_eq!(
            vault.keyring().audiences(council).len(),
            1,
            "what is public"
        );
        let deletions = sync::deletions(vault, council).unwrap();
        let noted: Vec<_> = deletions
            .iter()
            .map(|one| (one.audience, one.cause))
            .collect();
        assert_eq!(
            noted,
            [(self.audience, cause)],
            "noted once, without content"
        );
        assert!(
            deletions.iter().all(|one| one.organization.is_some()),
            "and whose it was"
        );
        let marks = NoteStore::open(Arc::clone(vault)).unwrap();
        assert_eq!(quotes(&marks), [None], "the quotation is locked away");
        let password = marks.password(council, self.blob).unwrap();
        assert!(password.is_none());
    }

    #[track_caller]
    fn assert_back(&self) {
        self.assert_readable("granted anew");
        let marks = NoteStore::open(Arc::clone(&self.tablet.vault)).unwrap();
        assert_eq!(quotes(&marks), [Some(self.quoted.clone())]);
    }

    /// The office ends Ada's seat yesterday, or gives it back.
    fn seat(&self, has_ended: bool) {
        self.town.intake.write();
        let path = self.town.intake.dir.join("council.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(SEAT));
        if has_ended {
            let ended = format!("{SEAT}end = \"2026-11-30\"\n");
            fs::write(&path, text.replacen(SEAT, &ended, 1)).unwrap();
        }
        self.town
            .server
            .import_folder(&self.town.intake.dir)
            .unwrap();
    }
}

fn quotes(marks: &NoteStore) -> Vec<Option<String>> {
    let marks = marks.list_all().unwrap();
    let quote = |mark: &notes::Mark| mark.anchor.quote.as_ref().map(|quote| quote.exact.clone());
    marks.iter().map(quote).collect()
}

/// All that a database holds, as bytes that can be searched.
fn in_the_clear(opened: &rusqlite::Connection) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("clear.db");
    File::create(&path).unwrap();
    opened
        .execute(
            "ATTACH DATABASE ?1 AS clear KEY ''",
            [path.to_str().unwrap()],
        )
        .unwrap();
    opened
        .query_row("SELECT sqlcipher_export('clear')", [], |_| Ok(()))
        .unwrap();
    opened.execute_batch("DETACH DATABASE clear").unwrap();
    fs::read(&path).unwrap()
}

fn record(part: &str, cells: u64) {
    let counts = evidence::Counts {
        tried: cells,
        refused: cells,
        lost: 0,
    };
    evidence::record(&format!("forgetting.{part}"), counts).unwrap();
}

/// Without a word from the council: the lease ends, then the days of grace.
fn lapse(stage: &Stage, clock: Clock) {
    stage.suffer(clock, true);
    stage.town.pass(30 * DAY_MS);
    stage.assert_readable("the last day of the lease");
    stage.town.pass(1);
    stage.assert_locked("the lease is over");
    assert_eq!(stage.opened(), 0, "locked is not forgotten");
    stage.suffer(clock, false);
    stage.town.pass(7 * DAY_MS - 2);
    assert_eq!(stage.opened(), 0);
    stage.town.pass(1);
    assert_eq!(stage.opened(), 1);
    stage.assert_forgotten(DeletionCause::Lapsed);
}

// Shows: O.Data_5, O.Source_7
#[test]
fn safety_a_lapsed_lease_is_forgotten_and_what_was_there_comes_back() {
    for clock in [Clock::Right, Clock::AheadOnce, Clock::SetBack] {
        let mut stage = Stage::new();
        stage.town.power_cut();
        lapse(&stage, clock);
        stage.town.power_back();
        stage.tablet.sync().unwrap();
        stage.assert_back();
    }
    // Within the grace a word from the council opens everything again, and nothing had to be fetched.
    let mut stage = Stage::new();
    stage.town.power_cut();
    stage.town.pass(34 * DAY_MS);
    stage.assert_locked("the lease is over");
    assert_eq!(stage.opened(), 0);
    stage.town.power_back();
    assert_eq!(stage.tablet.sync().unwrap().files_fetched, 0);
    stage.assert_back();
    record("lapsed", 4);
}

// Shows: O.Data_5, O.Source_7
#[test]
fn safety_an_ended_membership_is_forgotten() {
    for clock in [Clock::Right, Clock::AheadOnce, Clock::SetBack] {
        let stage = Stage::new();
        stage.seat(true);
        stage.tablet.sync().unwrap();
        stage.assert_locked("at once");
        stage.suffer(clock, false);
        stage.town.pass(7 * DAY_MS - 1);
        assert_eq!(stage.opened(), 0, "the office may have been wrong");
        stage.town.pass(1);
        assert_eq!(stage.opened(), 1);
        stage.assert_forgotten(DeletionCause::Ended);
        stage.seat(false);
        stage.tablet.sync().unwrap();
        stage.assert_back();
    }
    // It ends while the tablet hears nothing of it.
    let mut stage = Stage::new();
    stage.seat(true);
    stage.town.power_cut();
    lapse(&stage, Clock::Right);
    record("ended", 4);
}

#[test]
fn safety_a_revoked_device_forgets_at_once() {
    for clock in [Clock::Right, Clock::AheadOnce, Clock::SetBack] {
        let stage = Stage::new();
        stage.suffer(clock, true);
        stage.town.server.revoke(&stage.tablet.device()).unwrap();
        let refused = stage.tablet.sync().unwrap_err();
        assert_eq!(refused.code(), "device_revoked");
        stage.assert_locked("at once");
        stage.suffer(clock, false);
        stage.assert_forgotten(DeletionCause::Revoked);
        assert_eq!(stage.tablet.sync().unwrap_err().code(), "device_revoked");
        stage.assert_forgotten(DeletionCause::Revoked);
    }
    let mut stage = Stage::new();
    stage.town.server.revoke(&stage.tablet.device()).unwrap();
    stage.town.power_cut();
    lapse(&stage, Clock::Right);
    record("revoked", 4);
}

#[test]
fn safety_a_depublished_paper_goes_with_the_next_word_from_the_council() {
    for clock in [Clock::Right, Clock::AheadOnce, Clock::SetBack] {
        let mut stage = Stage::new();
        stage.suffer(clock, true);
        withdraw(&mut stage);
        stage.tablet.sync().unwrap();
        stage.assert_locked("at once");
        stage.suffer(clock, false);
        let found = stage.found();
        assert!(!found.contains(&stage.name) && !found.contains(&stage.secret));
        assert!(!stage.closed_blobs[0].exists(), "its ciphertext is gone");
        assert!(stage.closed_blobs[1].exists(), "the other paper's is not");
        assert!(found.contains(&stage.own), "one's own words stay");
    }
    let mut stage = Stage::new();
    withdraw(&mut stage);
    stage.town.power_cut();
    lapse(&stage, Clock::Right);
    record("depublished", 4);
}

fn withdraw(stage: &mut Stage) {
    stage
        .town
        .intake
        .matters
        .retain(|matter| matter.reference != REFERENCE);
    stage.town.publish();
}

#[test]
fn safety_what_was_not_forgotten_is_found() {
    let stage = Stage::new();
    let planted = |path: &Path| fs::write(path, format!("..{}..", stage.secret)).unwrap();
    planted(&stage.tablet.council_folder().join("left-behind"));
    assert!(stage.found().contains(&stage.secret), "in a plain file");
    let private = stage.tablet.vault.open_private_db().unwrap();
    private
        .execute_batch("CREATE TABLE left_behind (words TEXT NOT NULL) STRICT")
        .unwrap();
    private
        .execute("INSERT INTO left_behind VALUES (?1)", [&stage.quoted])
        .unwrap();
    drop(private);
    assert!(stage.found().contains(&stage.quoted), "in a database");
    assert!(stage.in_a_backup().contains(&stage.quoted), "in a backup");
}
