//! Freeing on real databases and blobs, and what a crash between its steps leaves.

use std::io::Write;

use sync_protocol::head::AudienceKind;

use super::*;
use crate::plan::wishes::FileWish;
use crate::store::CouncilStore;
use crate::testing::{Chain, NOW_MS, Tablet, file, id, meeting, paper, sealed_file};

/// A public paper with file 7, a nonpublic one with file 8, and file 9, whose bytes are those of file 7; all here.
struct Shelf {
    tablet: Tablet,
    public: Chain,
    closed: Chain,
    first: BlobId,
    second: BlobId,
}

impl Shelf {
    fn new() -> Self {
        let mut tablet = Tablet::new();
        let mut public = Chain::new(tablet.council, AudienceKind::Public);
        let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
        let (sealed_first, first, key) = sealed_file(b"Vorlage");
        let (sealed_second, second, second_key) = sealed_file(b"Vertrag");
        public.put(meeting(1, "2020-01-01T17:00:00+01:00"));
        public.put_file(file(7, first, 7), &key);
        public.put(paper(5, Some(7), &[]));
        closed.put_file(file(8, second, 7), &second_key);
        closed.put_file(file(9, first, 7), &key);
        closed.put(paper(6, Some(8), &[9]));
        tablet.take(&mut [&mut public, &mut closed], NOW_MS);
        let shelf = Self {
            tablet,
            public,
            closed,
            first,
            second,
        };
        for (blob, sealed) in [(first, sealed_first), (second, sealed_second)] {
            let mut writer = shelf.blobs().resume(blob).unwrap();
            writer.append(&sealed).unwrap();
            writer.finish().unwrap();
        }
        shelf.store().set_present(&[first, second]).unwrap();
        shelf
    }

    fn blobs(&self) -> Blobs {
        self.tablet.vault.blobs(self.tablet.council)
    }

    fn store(&self) -> CouncilStore {
        CouncilStore::open(&self.tablet.vault, self.tablet.council, NOW_MS).unwrap()
    }

    fn is_present(&self, n: u8) -> bool {
        self.store().file(id(n)).unwrap().unwrap().present
    }

    fn free(&self, wishes: &Wishes) -> Freed {
        free_unwanted(&self.tablet.vault, self.tablet.council, wishes, NOW_MS).unwrap()
    }

    fn plan(&self, wishes: &Wishes) -> Plan {
        Plan::make(&self.tablet.vault, self.tablet.council, wishes, NOW_MS).unwrap()
    }
}

fn wishes(freed: &[(u8, BlobId)]) -> Wishes {
    let wish = |(n, blob_id): &(u8, BlobId)| (id(*n), FileWish::Free { blob_id: *blob_id });
    Wishes {
        files: freed.iter().map(wish).collect(),
        ..Wishes::default()
    }
}

#[test]
fn what_was_told_before_is_what_comes_free_and_titles_stay() {
    let shelf = Shelf::new();
    let wish = wishes(&[(8, shelf.second)]);
    let on_disk = shelf.blobs().list().unwrap();
    let byte_len = on_disk
        .iter()
        .find(|blob| blob.blob_id == shelf.second)
        .unwrap()
        .byte_len;
    let told = freed_by(&shelf.tablet.vault, shelf.tablet.council, &wish, NOW_MS).unwrap();
    assert_eq!(
        told,
        Freed {
            files: 1,
            bytes: byte_len
        }
    );
    assert!(shelf.is_present(8), "told, not done");
    assert_eq!(shelf.free(&wish), told);
    assert!(!shelf.blobs().has(shelf.second) && !shelf.is_present(8));
    assert!(shelf.blobs().has(shelf.first) && shelf.is_present(7));
    assert_eq!(
        shelf.store().file(id(8)).unwrap().unwrap().file.name,
        "Datei 8"
    );
    assert_eq!(shelf.free(&wish), Freed::default(), "once is enough");
}

#[test]
fn a_shared_blob_goes_as_a_whole_and_is_counted_once() {
    let shelf = Shelf::new();
    assert_eq!(
        shelf.free(&wishes(&[(7, shelf.first)])),
        Freed::default(),
        "another audience's file has the same bytes"
    );
    assert!(shelf.is_present(7) && shelf.is_present(9));
    let both = shelf.free(&wishes(&[(7, shelf.first), (9, shelf.first)]));
    let sealed_len = both.bytes;
    assert_eq!(both.files, 2);
    assert!(sealed_len > 0 && !shelf.blobs().has(shelf.first));
    assert_eq!(shelf.blobs().list().unwrap()[0].byte_len, sealed_len);
}

#[test]
fn what_a_locked_database_needs_stays() {
    let mut shelf = Shelf::new();
    // Access to the committee ends: its database is locked for seven days, and lists the twin of file 7.
    shelf.tablet.take(&mut [&mut shelf.public], NOW_MS + 1);
    assert_eq!(shelf.free(&wishes(&[(7, shelf.first)])), Freed::default());
    // The office had erred: everything is there again.
    shelf
        .tablet
        .take(&mut [&mut shelf.public, &mut shelf.closed], NOW_MS + 2);
    assert!(shelf.is_present(9) && shelf.blobs().has(shelf.first));
}

#[test]
fn killed_between_rows_and_blobs_the_next_time_finishes_it() {
    let shelf = Shelf::new();
    let wish = wishes(&[(8, shelf.second)]);
    let mut plan = shelf.plan(&wish);
    mark_absent(&mut plan.databases, &plan.needless).unwrap();
    drop(plan);
    // Killed here: no row promises what is about to go.
    assert!(!shelf.is_present(8) && shelf.blobs().has(shelf.second));
    let freed = shelf.free(&wish);
    assert_eq!(freed.files, 0, "it was counted before");
    assert!(freed.bytes > 0 && !shelf.blobs().has(shelf.second));
}

#[test]
fn killed_between_two_databases_nothing_is_promised_that_is_gone() {
    let shelf = Shelf::new();
    let wish = wishes(&[(7, shelf.first), (9, shelf.first)]);
    let mut plan = shelf.plan(&wish);
    mark_absent(&mut plan.databases[..1], &plan.needless).unwrap();
    drop(plan);
    assert!(
        shelf.blobs().has(shelf.first) && shelf.is_present(9),
        "one database still says present, and the blob is still there"
    );
    assert_eq!(shelf.free(&wish).files, 1);
    assert!(!shelf.blobs().has(shelf.first) && !shelf.is_present(9));
}

#[test]
fn what_is_arriving_is_left_alone_but_for_a_run_that_has_not_begun_to_fetch() {
    let shelf = Shelf::new();
    let wish = wishes(&[(8, shelf.second)]);
    shelf.free(&wish);
    let mut writer = shelf.blobs().resume(shelf.second).unwrap();
    writer.append(b"half").unwrap();
    assert_eq!(shelf.free(&wish), Freed::default());
    assert_eq!(shelf.blobs().part_len(shelf.second).unwrap(), 4);
    drop(writer);
    let needless = give_up_parts(&shelf.tablet.vault, shelf.tablet.council, &wish, NOW_MS).unwrap();
    assert_eq!(needless, HashSet::from([shelf.second]));
    assert_eq!(shelf.blobs().part_len(shelf.second).unwrap(), 0);
}

#[test]
fn a_damaged_cache_forgets_no_wish_and_frees_nothing_else() {
    let shelf = Shelf::new();
    let path = shelf
        .tablet
        .vault
        .folder()
        .join("councils")
        .join(shelf.tablet.council.to_string())
        .join("council.db");
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all(&[0; 4096]).unwrap();
    drop(file);
    let freed = shelf.free(&wishes(&[(8, shelf.second)]));
    assert_eq!(freed.files, 1);
    assert!(shelf.blobs().has(shelf.first), "file 9 needs it still");
}
