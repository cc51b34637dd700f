//! What the member wishes of files, and the log of synchronisations: stored, changed, bounded, apart for each council.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{BLOB, COUNCIL, FILE, new_store, reopened};
use notes::{
    BlobId, CouncilId, FailureReason, FileFailure, FileWish, ObjectId, RUNS_KEPT, SyncRun,
};

const OTHER: ObjectId = ObjectId::from_bytes([7; 16]);
const ELSEWHERE: CouncilId = CouncilId::from_bytes([9; 16]);

#[test]
fn wishes_outlive_the_app_and_stay_with_their_council() {
    let (folder, store) = new_store();
    let free = FileWish::Free { blob_id: BLOB };
    let load = FileWish::Load { at_ms: 77 };
    store
        .wishes_set(COUNCIL, &[(FILE, Some(free)), (OTHER, Some(load))], 100)
        .unwrap();
    store
        .wishes_set(ELSEWHERE, &[(FILE, Some(FileWish::Keep))], 100)
        .unwrap();
    drop(store);
    let store = reopened(folder.path());
    let wishes = store.wishes(COUNCIL).unwrap();
    assert_eq!((wishes[&FILE], wishes[&OTHER]), (free, load));
    assert_eq!(
        store.wishes(ELSEWHERE).unwrap(),
        [(FILE, FileWish::Keep)].into()
    );
}

#[test]
fn a_later_wish_takes_the_place_of_the_earlier_and_none_leaves_the_file_to_the_rule() {
    let (_folder, store) = new_store();
    for wish in [
        FileWish::Free { blob_id: BLOB },
        FileWish::Keep,
        FileWish::Load { at_ms: 5 },
        FileWish::Free { blob_id: BLOB },
    ] {
        store.wishes_set(COUNCIL, &[(FILE, Some(wish))], 1).unwrap();
        assert_eq!(store.wishes(COUNCIL).unwrap(), [(FILE, wish)].into());
    }
    store.wishes_set(COUNCIL, &[(FILE, None)], 2).unwrap();
    assert!(store.wishes(COUNCIL).unwrap().is_empty());
}

fn run(at_ms: i64) -> SyncRun {
    SyncRun {
        began_at_ms: at_ms,
        ended_at_ms: at_ms + 5,
        error: (at_ms % 2 == 0).then(|| "offline".to_owned()),
        objects_changed: 3,
        files_fetched: 2,
        files_failed: 1,
    }
}

#[test]
fn the_log_keeps_the_last_runs_of_each_council() {
    let (_folder, store) = new_store();
    store.sync_run_add(ELSEWHERE, &run(1), None).unwrap();
    for at_ms in 0..i64::from(RUNS_KEPT) + 5 {
        store.sync_run_add(COUNCIL, &run(at_ms), None).unwrap();
    }
    let runs = store.sync_runs(COUNCIL).unwrap();
    assert_eq!(runs.len(), RUNS_KEPT as usize);
    assert_eq!(runs[0], run(i64::from(RUNS_KEPT) + 4), "the latest first");
    assert_eq!(
        store.sync_runs(ELSEWHERE).unwrap(),
        [run(1)],
        "another council's log is its own"
    );
}

#[test]
fn failures_are_those_of_the_last_run_that_came_as_far_as_the_files() {
    let (_folder, store) = new_store();
    let failed = |byte, reason| FileFailure {
        blob_id: BlobId::from_bytes([byte; 32]),
        reason,
    };
    let first = [
        failed(1, FailureReason::Gone),
        failed(2, FailureReason::Damaged),
    ];
    store.sync_run_add(COUNCIL, &run(1), Some(&first)).unwrap();
    store.sync_run_add(COUNCIL, &run(2), None).unwrap();
    assert_eq!(
        store.sync_failures(COUNCIL).unwrap().len(),
        2,
        "an offline run says nothing about files"
    );
    let second = [failed(2, FailureReason::Gone)];
    store.sync_run_add(COUNCIL, &run(3), Some(&second)).unwrap();
    assert_eq!(
        store.sync_failures(COUNCIL).unwrap(),
        [(BlobId::from_bytes([2; 32]), FailureReason::Gone)].into()
    );
    assert!(store.sync_failures(ELSEWHERE).unwrap().is_empty());
}
