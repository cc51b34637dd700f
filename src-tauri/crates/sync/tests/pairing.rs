//! Pairing a tablet with a real server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests and their helpers"
)]

mod council;

use std::sync::Arc;

use council::{DAY_MS, Office, Tablet, open_vault};
use sync::{PairRequest, pair};

async fn refused(office: &Office, address: &str, code: &str) -> &'static str {
    let folder = tempfile::tempdir().unwrap();
    let vault = Arc::new(open_vault(folder.path()));
    let request = PairRequest {
        address: address.to_owned(),
        code: code.to_owned(),
    };
    let error = pair(&vault, &request, &office.config()).await.unwrap_err();
    assert!(
        vault.keyring().councils().is_empty(),
        "nothing is kept after a refusal"
    );
    error.code()
}

#[tokio::test]
async fn a_code_from_the_office_pairs_the_tablet() {
    let office = Office::open();
    let tablet = Tablet::pair(&office, "erika", false).await;
    assert_eq!(tablet.paired.person_name, "Erika Beispiel");
    assert_eq!(tablet.paired.council_name, "Stadt Musterfurt");
    let record = tablet.vault.keyring().council(tablet.council()).unwrap();
    assert_eq!(record.confirm_words, tablet.paired.confirm_words);
    assert!(!record.confirmed);
    let words = tablet.paired.confirm_words;
    office
        .server
        .confirm(&record.device, &words)
        .expect("the office sees the same words");
}

#[tokio::test]
async fn a_code_works_once() {
    let office = Office::open();
    let code = office
        .server
        .invite("erika", false)
        .unwrap()
        .code
        .to_text()
        .to_string();
    let folder = tempfile::tempdir().unwrap();
    let vault = Arc::new(open_vault(folder.path()));
    let request = PairRequest {
        address: office.url(),
        code: code.to_lowercase(),
    };
    pair(&vault, &request, &office.config()).await.unwrap();
    assert_eq!(refused(&office, &office.url(), &code).await, "code_used");
}

#[tokio::test]
async fn wrong_unknown_and_old_codes_are_told_apart() {
    let office = Office::open();
    let code = office
        .server
        .invite("erika", false)
        .unwrap()
        .code
        .to_text()
        .to_string();
    assert_eq!(
        refused(&office, &office.url(), "ABCDE").await,
        "code_invalid"
    );
    let unknown = sync_protocol::pairing::InvitationCode::make()
        .unwrap()
        .to_text()
        .to_string();
    assert_eq!(
        refused(&office, &office.url(), &unknown).await,
        "code_invalid"
    );
    office.pass(15 * DAY_MS);
    assert_eq!(refused(&office, &office.url(), &code).await, "code_expired");
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_named() {
    let mut office = Office::open();
    let code = office
        .server
        .invite("erika", false)
        .unwrap()
        .code
        .to_text()
        .to_string();
    assert_eq!(
        refused(&office, "http://127.0.0.1:1", &code).await,
        "address_not_https"
    );
    assert_eq!(refused(&office, "rat haus", &code).await, "address_invalid");
    let gone = office.url();
    office.handle.take().unwrap().shutdown();
    assert_eq!(refused(&office, &gone, &code).await, "offline");
}

#[tokio::test]
async fn a_server_that_does_not_know_the_code_proves_nothing() {
    // A stranger's server that was given the invitation's id, but not the code: here simply another council.
    let (office, stranger) = (Office::open(), Office::open());
    let code = office
        .server
        .invite("erika", false)
        .unwrap()
        .code
        .to_text()
        .to_string();
    assert_eq!(
        refused(&office, &stranger.url(), &code).await,
        "code_invalid"
    );
}

#[tokio::test]
async fn a_council_is_paired_once() {
    let office = Office::open();
    let tablet = Tablet::in_person(&office, "erika").await;
    let code = office
        .server
        .invite("erika", true)
        .unwrap()
        .code
        .to_text()
        .to_string();
    let request = PairRequest {
        address: office.url(),
        code: code.clone(),
    };
    let error = pair(&tablet.vault, &request, &office.config())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "council_exists");
    let folder = tempfile::tempdir().unwrap();
    let other = Arc::new(open_vault(folder.path()));
    pair(&other, &request, &office.config())
        .await
        .expect("the refused try did not use up the code");
}
