//! Pulling from a real server: what comes, what it costs, what changes, what ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests and their helpers"
)]

mod council;

use std::io::Read;

use council::{DAY_MS, Office, Tablet};
use sync_protocol::ids::ObjectId;

fn one_meeting() -> Office {
    let mut office = Office::open();
    office.add_meeting("a", "2026-12-10T17:00:00+01:00");
    office.publish();
    office
}

fn text_of(tablet: &Tablet, office: &Office, file: ObjectId) -> String {
    let store = tablet.store(office);
    let row = store.file(file).unwrap().unwrap();
    let key = store.file_key(&tablet.vault, &row).unwrap();
    let mut reader = tablet
        .vault
        .blobs(tablet.council())
        .open(row.blob_id, &key)
        .unwrap();
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_member_gets_public_and_nonpublic_items_and_their_files() {
    let office = one_meeting();
    let tablet = Tablet::in_person(&office, "erika").await;
    let outcome = tablet.sync().await.unwrap();
    assert_eq!(
        (
            outcome.files_fetched,
            outcome.files_failed,
            outcome.receipts_sent
        ),
        (3, 0, 1)
    );
    let store = tablet.store(&office);
    let meeting = store.meetings().unwrap().remove(0).object;
    let agenda = store.agenda(meeting.id).unwrap();
    let publicity: Vec<bool> = agenda.iter().map(|held| held.public).collect();
    assert_eq!(publicity, [true, false]);
    for held in &agenda {
        let paper = store.paper(held.object.paper.unwrap()).unwrap().unwrap();
        assert_eq!(paper.public, held.public);
        let row = store.files_of(paper.object.id).unwrap().remove(0).1;
        assert!(row.present);
        assert_eq!(
            text_of(&tablet, &office, row.id()),
            paper.object.name,
            "readable without a network"
        );
    }
    assert_eq!(
        store.receipt(meeting.id).unwrap().unwrap().server_at_ms,
        Some(office.now_ms())
    );
    assert_eq!(office.server.receipts().unwrap().len(), 1);
    let counted = store.meeting_files().unwrap()[&meeting.id];
    assert_eq!((counted.files, counted.files_present), (3, 3));
    assert!(
        tablet
            .vault
            .keyring()
            .council(tablet.council())
            .unwrap()
            .confirmed
    );
}

#[tokio::test]
async fn nothing_new_is_one_small_request_however_much_lies_here() {
    let mut office = one_meeting();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    let small = tablet.sync().await.unwrap();
    for n in 0..150 {
        office.add_meeting(&format!("b{n}"), "2027-01-10T17:00:00+01:00");
    }
    office.publish();
    tablet.sync().await.unwrap();
    let large = tablet.sync().await.unwrap();
    assert_eq!((small.requests, large.requests), (1, 1));
    assert!(large.body_bytes <= 1024, "{} bytes", large.body_bytes);
    assert!(
        large.body_bytes.abs_diff(small.body_bytes) <= 16,
        "numbers grow, nothing else does"
    );
}

// Shows: O.Auth_3
#[tokio::test]
async fn until_the_words_are_confirmed_only_what_is_public_comes() {
    let office = one_meeting();
    let tablet = Tablet::pair(&office, "erika", false).await;
    tablet.sync().await.unwrap();
    let agenda_len = |office: &Office| {
        let store = tablet.store(office);
        let meeting = store.meetings().unwrap().remove(0).object.id;
        store.agenda(meeting).unwrap().len()
    };
    assert_eq!(agenda_len(&office), 1);
    let record = tablet.vault.keyring().council(tablet.council()).unwrap();
    office
        .server
        .confirm(&record.device, &tablet.paired.confirm_words)
        .unwrap();
    tablet.sync().await.unwrap();
    assert_eq!(agenda_len(&office), 2);
}

#[tokio::test]
async fn a_person_who_reads_nothing_nonpublic_hears_of_the_confirmation() {
    let office = one_meeting();
    let tablet = Tablet::pair(&office, "jonas", false).await;
    let record = || tablet.vault.keyring().council(tablet.council()).unwrap();
    tablet.sync().await.unwrap();
    assert_eq!(
        (record().confirmed, record().confirm_words.len()),
        (false, 4)
    );
    office
        .server
        .confirm(&record().device, &tablet.paired.confirm_words)
        .unwrap();
    tablet.sync().await.unwrap();
    assert_eq!(
        (record().confirmed, record().confirm_words.len()),
        (true, 0)
    );
}

#[tokio::test]
async fn a_long_history_comes_as_a_snapshot_and_goes_on_as_a_chain() {
    let mut office = Office::open();
    for n in 0..60 {
        office.add_meeting(&format!("m{n}"), "2026-12-10T17:00:00+01:00");
    }
    office.publish();
    let tablet = Tablet::in_person(&office, "erika").await;
    let first = tablet.sync().await.unwrap();
    assert_eq!(first.files_fetched, 180);
    assert_eq!(tablet.store(&office).meetings().unwrap().len(), 60);
    office.draft.meetings[0].name = "Umbenannt".to_owned();
    office.draft.meetings.remove(1);
    office.publish();
    tablet.sync().await.unwrap();
    let meetings = tablet.store(&office).meetings().unwrap();
    assert_eq!(meetings.len(), 59, "a tombstone removes");
    assert!(meetings.iter().any(|held| held.object.name == "Umbenannt"));
}

#[tokio::test]
async fn a_new_revision_replaces_the_file_and_the_old_bytes_go() {
    let mut office = one_meeting();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    office.draft.papers[0].main =
        Some(office.file("a-true-main", b"Vorlage, zweite Fassung", true));
    office.pass(1_000);
    office.publish();
    let outcome = tablet.sync().await.unwrap();
    assert_eq!(outcome.files_fetched, 1);
    let store = tablet.store(&office);
    let row = store
        .files()
        .unwrap()
        .into_values()
        .find(|row| row.byte_len == 23)
        .unwrap();
    assert_eq!(
        text_of(&tablet, &office, row.id()),
        "Vorlage, zweite Fassung"
    );
    assert!(row.changed_at_ms > row.first_received_at_ms);
    assert_eq!(
        tablet.vault.blobs(tablet.council()).list().unwrap().len(),
        3,
        "no bytes without a name stay"
    );
}

// Shows: O.Data_5, O.Source_7
#[tokio::test]
async fn a_member_who_leaves_is_locked_out_at_once_and_forgets_after_seven_days() {
    let mut office = one_meeting();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    office.draft.memberships.clear();
    office.publish();
    let outcome = tablet.sync().await.unwrap();
    assert_eq!(outcome.ended.len(), 1);
    let nonpublic = |office: &Office| {
        let store = tablet.store(office);
        let papers = store.papers().unwrap();
        papers.iter().filter(|held| !held.public).count()
    };
    assert_eq!(nonpublic(&office), 0);
    assert_eq!(
        tablet
            .vault
            .closed_audiences(tablet.council())
            .unwrap()
            .len(),
        1,
        "locked, not yet deleted"
    );
    office.pass(7 * DAY_MS);
    let outcome = tablet.sync().await.unwrap();
    assert_eq!(outcome.forgotten.len(), 1);
    assert!(
        tablet
            .vault
            .closed_audiences(tablet.council())
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        tablet.vault.blobs(tablet.council()).list().unwrap().len(),
        2,
        "the nonpublic file is gone"
    );
}

#[tokio::test]
async fn a_revoked_device_is_told_and_keeps_only_what_is_public() {
    let office = one_meeting();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    let device = tablet
        .vault
        .keyring()
        .council(tablet.council())
        .unwrap()
        .device;
    office.server.revoke(&device).unwrap();
    assert_eq!(tablet.sync().await.unwrap_err().code(), "device_revoked");
    let store = tablet.store(&office);
    assert_eq!(store.papers().unwrap().len(), 1);
    assert!(
        tablet
            .vault
            .closed_audiences(tablet.council())
            .unwrap()
            .is_empty()
    );
    assert!(
        tablet
            .vault
            .keyring()
            .council(tablet.council())
            .unwrap()
            .revoked
    );
    drop(store);

    // A new invitation from the office brings everything back.
    let code = office
        .server
        .invite("erika", true)
        .unwrap()
        .code
        .to_text()
        .to_string();
    let request = sync::PairRequest {
        address: office.url(),
        code,
    };
    sync::pair(&tablet.vault, &request, &office.config())
        .await
        .unwrap();
    tablet.sync().await.unwrap();
    assert_eq!(tablet.store(&office).papers().unwrap().len(), 2);
}

#[tokio::test]
async fn without_a_server_everything_is_read_on() {
    let mut office = one_meeting();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    office.handle.take().unwrap().shutdown();
    assert_eq!(tablet.sync().await.unwrap_err().code(), "offline");
    let files: Vec<ObjectId> = tablet.store(&office).files().unwrap().into_keys().collect();
    for file in files {
        assert!(!text_of(&tablet, &office, file).is_empty());
    }
}

#[tokio::test]
async fn a_lost_cache_is_fetched_again_without_the_files() {
    let office = one_meeting();
    let tablet = Tablet::in_person(&office, "erika").await;
    tablet.sync().await.unwrap();
    tablet.vault.delete_council_db(tablet.council()).unwrap();
    let outcome = tablet.sync().await.unwrap();
    assert_eq!((outcome.files_fetched, outcome.receipts_sent), (0, 1));
    assert_eq!(
        tablet
            .store(&office)
            .meeting_files()
            .unwrap()
            .into_values()
            .next()
            .unwrap()
            .files_present,
        3
    );
}
