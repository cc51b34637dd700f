//! Wishes against a real server: what is freed stays away, what is asked for comes, what is new comes as ever.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests and their helpers"
)]

mod council;

use std::collections::HashSet;

use council::{Office, Tablet};
use sync::store::FileRow;
use sync::{CancelFlag, FileFailure, FileWish, SyncError, SyncOutcome, Wishes};

/// A meeting that is over and one to come, each with an invitation and two papers.
fn office() -> Office {
    let mut office = Office::open();
    office.add_meeting("past", "2025-02-03T17:00:00+01:00");
    office.add_meeting("next", "2026-12-02T17:00:00+01:00");
    office.publish();
    office
}

fn row(tablet: &Tablet, office: &Office, name: &str) -> FileRow {
    let files = tablet.store(office).files().unwrap();
    let name = format!("Datei {name}");
    files
        .into_values()
        .find(|row| row.file.name == name)
        .unwrap()
}

fn freed(rows: &[FileRow]) -> Wishes {
    let wish = |row: &FileRow| {
        let blob_id = row.blob_id;
        (row.id(), FileWish::Free { blob_id })
    };
    Wishes {
        files: rows.iter().map(wish).collect(),
        ..Wishes::default()
    }
}

async fn sync(tablet: &Tablet, wishes: &Wishes) -> SyncOutcome {
    tablet
        .engine
        .run_wishing(
            &tablet.vault,
            tablet.council(),
            wishes.clone(),
            |_| {},
            CancelFlag::new(),
        )
        .await
        .unwrap()
}

async fn fetch(tablet: &Tablet, row: &FileRow) -> Result<SyncOutcome, SyncError> {
    let wanted = HashSet::from([row.id()]);
    tablet
        .engine
        .fetch(
            &tablet.vault,
            tablet.council(),
            wanted,
            |_| {},
            CancelFlag::new(),
        )
        .await
}

#[tokio::test]
async fn a_freed_file_stays_away_until_it_is_wanted_again() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    let name = "past-true-main";
    let wishes = freed(&[row(&tablet, &office, name)]);
    let outcome = sync(&tablet, &wishes).await;
    assert_eq!((outcome.freed.files, outcome.files_fetched), (1, 0));
    assert!(!row(&tablet, &office, name).present);
    assert_eq!(sync(&tablet, &wishes).await.files_fetched, 0, "still freed");
    let outcome = sync(&tablet, &Wishes::default()).await;
    assert_eq!((outcome.freed.files, outcome.files_fetched), (0, 1));
    assert!(row(&tablet, &office, name).present);
}

#[tokio::test]
async fn a_new_version_comes_for_what_is_to_come_and_not_for_what_is_over() {
    let mut office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    let (past, next) = ("past-true-main", "next-true-main");
    let wishes = freed(&[row(&tablet, &office, past), row(&tablet, &office, next)]);
    assert_eq!(sync(&tablet, &wishes).await.freed.files, 2);
    for (at, name) in [(0, past), (2, next)] {
        let again = office.file(name, format!("Neue Fassung von {name}").as_bytes(), true);
        office.draft.papers[at].main = Some(again);
    }
    office.publish();
    let outcome = sync(&tablet, &wishes).await;
    assert_eq!(outcome.files_fetched, 1);
    assert!(row(&tablet, &office, next).present);
    assert!(!row(&tablet, &office, past).present);
}

#[tokio::test]
async fn what_the_rule_frees_is_not_fetched_in_the_first_place() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    let rule = Wishes {
        free_before_ms: Some(office.now_ms() - 180 * 86_400_000),
        ..Wishes::default()
    };
    let outcome = sync(&tablet, &rule).await;
    assert_eq!(
        (outcome.files_fetched, outcome.freed.files),
        (3, 0),
        "those of the coming meeting"
    );
    assert!(row(&tablet, &office, "next-false-main").present);
    assert_eq!(
        tablet.store(&office).receipts().unwrap().len(),
        1,
        "what is not here has not been delivered"
    );
}

#[tokio::test]
async fn one_file_is_fetched_alone() {
    let mut office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    let names = ["past-true-main", "past-false-main"];
    let wishes = freed(&names.map(|name| row(&tablet, &office, name)));
    sync(&tablet, &wishes).await;
    office.add_meeting("new", "2026-12-09T17:00:00+01:00");
    office.publish();
    let outcome = fetch(&tablet, &row(&tablet, &office, names[0]))
        .await
        .unwrap();
    assert_eq!((outcome.files_fetched, outcome.objects_changed), (1, 0));
    assert!(row(&tablet, &office, names[0]).present);
    assert!(!row(&tablet, &office, names[1]).present);
    let again = fetch(&tablet, &row(&tablet, &office, names[0]))
        .await
        .unwrap();
    assert_eq!(again.files_fetched, 0, "it lies here");
    assert_eq!(
        tablet.store(&office).meetings().unwrap().len(),
        2,
        "what is new waits for the next run"
    );
    tablet.sync().await.unwrap();
    assert_eq!(tablet.store(&office).meetings().unwrap().len(), 3);
}

#[tokio::test]
async fn a_file_that_is_not_to_be_had_is_named_with_the_reason() {
    let office = office();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    let wanted = row(&tablet, &office, "past-true-main");
    sync(&tablet, &freed(std::slice::from_ref(&wanted))).await;
    office.server.faults().damage_blob(wanted.blob_id, 40);
    let outcome = fetch(&tablet, &wanted).await.unwrap();
    assert_eq!((outcome.files_fetched, outcome.files_failed), (0, 1));
    assert_eq!(
        (outcome.failures[0].blob_id, outcome.failures[0].failure),
        (wanted.blob_id, FileFailure::Damaged)
    );
    assert!(!row(&tablet, &office, "past-true-main").present);
    office.server.faults().clear();
    assert_eq!(fetch(&tablet, &wanted).await.unwrap().files_fetched, 1);
}
