//! Files on a bad line: cut, damaged, cancelled, resumed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests and their helpers"
)]

mod council;

use std::sync::Mutex;

use council::{Office, Tablet};
use sync::{CancelFlag, SyncPhase, SyncProgress};
use vault::StoredBlob;

const BIG_LEN: usize = 3_000_000;

/// A meeting of the near future and one of the far future; the far one has a big file.
fn office() -> Office {
    let mut office = Office::open();
    office.add_meeting("far", "2027-03-10T17:00:00+01:00");
    office.add_meeting("near", "2026-12-02T17:00:00+01:00");
    let big: Vec<u8> = (0..BIG_LEN).map(|n| (n % 251) as u8).collect();
    office.draft.papers[0].main = Some(office.file("big", &big, true));
    office.publish();
    office
}

fn big(tablet: &Tablet, office: &Office) -> sync::store::FileRow {
    tablet
        .store(office)
        .files()
        .unwrap()
        .into_values()
        .find(|row| row.byte_len == BIG_LEN as u64)
        .unwrap()
}

fn parts(tablet: &Tablet) -> Vec<StoredBlob> {
    tablet.vault.blobs(tablet.council()).list_parts().unwrap()
}

#[tokio::test]
async fn a_cut_line_is_taken_up_where_it_broke() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    office.server.faults().cut_blobs_after(700_000, 12);
    let outcome = tablet.sync().await.unwrap();
    assert_eq!((outcome.files_fetched, outcome.files_failed), (6, 0));
    // With every answer beginning anew the big file would never have come: it is longer than any single answer.
    assert!(big(&tablet, &office).present);
    assert!(
        outcome.body_bytes < 2 * BIG_LEN as u64,
        "{} bytes came for {BIG_LEN}",
        outcome.body_bytes
    );
}

#[tokio::test]
async fn a_run_that_gave_up_is_resumed_by_the_next() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    office.server.faults().cut_blobs_after(0, 1_000);
    assert_eq!(tablet.sync().await.unwrap_err().code(), "offline");
    office.server.faults().cut_blobs_after(1_000_000, 4);
    let _ = tablet.sync().await;
    office.server.faults().clear();
    tablet.sync().await.unwrap();
    assert!(big(&tablet, &office).present);
    assert!(parts(&tablet).is_empty());
}

#[tokio::test]
async fn a_file_that_the_server_serves_damaged_never_becomes_present() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    office.server.faults().cut_blobs_after(0, 1_000);
    let _ = tablet.sync().await;
    let row = big(&tablet, &office);
    office.server.faults().clear();
    office.server.faults().damage_blob(row.blob_id, 1_234_567);
    let outcome = tablet.sync().await.unwrap();
    assert_eq!(
        (outcome.files_fetched, outcome.files_failed),
        (5, 1),
        "the other files come all the same"
    );
    assert!(!big(&tablet, &office).present);
    assert!(parts(&tablet).is_empty(), "damaged bytes are thrown away");
    office.server.faults().clear();
    tablet.sync().await.unwrap();
    assert!(big(&tablet, &office).present);
}

#[tokio::test]
async fn a_part_spoilt_on_disk_is_noticed_and_fetched_anew() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    office.server.faults().cut_blobs_after(0, 1_000);
    let _ = tablet.sync().await;
    office.server.faults().clear();
    let row = big(&tablet, &office);
    let mut part = tablet
        .vault
        .blobs(tablet.council())
        .resume(row.blob_id)
        .unwrap();
    part.append(&vec![7; 500_000]).unwrap();
    drop(part);
    let outcome = tablet.sync().await.unwrap();
    assert_eq!(outcome.files_failed, 0);
    assert!(big(&tablet, &office).present);
}

#[tokio::test]
async fn trouble_at_the_server_is_tried_again_and_then_named() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    office.server.faults().fail("/v1/chain", 2);
    tablet
        .sync()
        .await
        .expect("two failures are within the patience");
    office.server.faults().fail("/v1/head", 10);
    assert_eq!(tablet.sync().await.unwrap_err().code(), "server_error");
    office.server.faults().clear();
    office.server.faults().fail("/v1/receipts", 10);
    tablet
        .sync()
        .await
        .expect("a receipt that waits fails no run");
}

#[tokio::test]
async fn a_receipt_that_did_not_arrive_is_sent_by_the_next_run() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    office.server.faults().fail("/v1/receipts", 10);
    let outcome = tablet.sync().await.unwrap();
    assert_eq!((outcome.receipts_sent, outcome.receipts_queued), (0, 2));
    office.server.faults().clear();
    let outcome = tablet.sync().await.unwrap();
    assert_eq!(
        (
            outcome.receipts_sent,
            outcome.receipts_queued,
            outcome.requests
        ),
        (2, 0, 2)
    );
    assert_eq!(tablet.sync().await.unwrap().requests, 1);
    assert_eq!(office.server.receipts().unwrap().len(), 2);
}

#[tokio::test]
async fn the_next_meeting_comes_first_and_progress_says_so() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    let seen: Mutex<Vec<SyncProgress>> = Mutex::new(vec![]);
    let tell = |progress: SyncProgress| seen.lock().unwrap().push(progress);
    // One file at a time: with several, a later one may well finish first.
    let one_by_one = sync::SyncConfig {
        parallel_files: 1,
        ..office.config()
    };
    sync::SyncEngine::new(one_by_one)
        .run(&tablet.vault, tablet.council(), tell, CancelFlag::new())
        .await
        .unwrap();
    let seen = seen.into_inner().unwrap();
    let mut phases: Vec<SyncPhase> = seen.iter().map(|one| one.phase).collect();
    phases.dedup();
    assert_eq!(
        phases,
        [
            SyncPhase::Contacting,
            SyncPhase::Chains,
            SyncPhase::Files,
            SyncPhase::Done
        ]
    );
    let names: Vec<String> = seen
        .iter()
        .filter_map(|one| one.current_meeting.clone())
        .collect();
    assert_eq!(names.first().map(String::as_str), Some("Sitzung near"));
    assert_eq!(names.last().map(String::as_str), Some("Sitzung far"));
    let files: Vec<&SyncProgress> = seen
        .iter()
        .filter(|one| one.phase == SyncPhase::Files)
        .collect();
    assert!(
        files
            .windows(2)
            .all(|pair| pair[0].bytes_done <= pair[1].bytes_done),
        "progress never goes back"
    );
    let last = files.last().unwrap();
    assert_eq!(
        (last.files_done, last.bytes_done),
        (last.files_total, last.bytes_total)
    );
}

#[tokio::test]
async fn a_cancelled_run_keeps_what_it_has() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    let cancel = CancelFlag::new();
    let tell = |progress: SyncProgress| {
        if progress.phase == SyncPhase::Files && progress.bytes_done > 1_000_000 {
            cancel.cancel();
        }
    };
    let error = tablet
        .engine
        .run(&tablet.vault, tablet.council(), tell, cancel.clone())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "cancelled");
    assert!(!tablet.engine.is_running(tablet.council()));
    assert_eq!(
        tablet.store(&office).meetings().unwrap().len(),
        2,
        "chains are applied before files"
    );
    let outcome = tablet.sync().await.unwrap();
    assert!(
        outcome.body_bytes < BIG_LEN as u64,
        "the first million bytes are not fetched again"
    );
    assert!(big(&tablet, &office).present);
}

#[tokio::test]
async fn one_run_at_a_time() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    let (first, second) = tokio::join!(tablet.sync(), tablet.sync());
    first.unwrap();
    assert_eq!(second.unwrap_err().code(), "already_running");
    tablet.sync().await.expect("free again");
}

#[tokio::test]
async fn a_tablet_with_a_wrong_clock_synchronises() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    let mut config = office.config();
    let wrong = office.now_ms() - 3_600_000;
    config.clock = std::sync::Arc::new(move || wrong);
    let engine = sync::SyncEngine::new(config);
    engine
        .run(&tablet.vault, tablet.council(), |_| {}, CancelFlag::new())
        .await
        .unwrap();
    assert!(big(&tablet, &office).present);
}

#[tokio::test]
async fn a_run_may_move_between_threads() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    let task =
        tokio::spawn(async move { tablet.sync().await.map(|outcome| outcome.files_fetched) });
    assert_eq!(task.await.unwrap().unwrap(), 6);
}
