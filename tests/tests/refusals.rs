//! What a tablet refuses, by name: wrong codes, strangers, old states, damaged files; and the download that breaks off.

use council_server::{MasterKey, Server};
use stories::tablet::{Tablet, bytes_below, refused_pairing};
use stories::town::{DAY_MS, Town};
use sync_protocol::pairing::InvitationCode;

#[test]
fn wrong_codes_are_told_apart_and_keep_nothing() {
    let town = Town::small();
    let letter = town.letter_for("ada");
    let address = town.address();
    // A mistyped character is noticed by the check characters, before anything is sent.
    let other = if letter.starts_with('7') { "8" } else { "7" };
    let mistyped = format!("{other}{}", letter.get(1..).unwrap());
    assert_eq!(refused_pairing(&town, &address, &mistyped), "code_invalid");
    let unknown = InvitationCode::make().unwrap().to_display().to_string();
    assert_eq!(refused_pairing(&town, &address, &unknown), "code_invalid");

    town.pass(15 * DAY_MS);
    assert_eq!(refused_pairing(&town, &address, &letter), "code_expired");
    assert!(town.server.devices().unwrap().is_empty(), "nobody got in");

    assert_eq!(
        Tablet::paired(&town, "ada").paired.person_name,
        "Ada Lenz",
        "a new letter works"
    );
}

#[test]
fn a_used_code_pairs_nobody_again() {
    let town = Town::small();
    let letter = town.letter_for("ada");
    let folder = tempfile::TempDir::new().unwrap();
    let vault = std::sync::Arc::new(stories::tablet::make_vault(folder.path()));
    let request = sync::PairRequest {
        address: town.address(),
        code: letter.to_lowercase(),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime
        .block_on(sync::pair(&vault, &request, &town.sync_config()))
        .expect("small letters are read as well");
    assert_eq!(
        refused_pairing(&town, &town.address(), &letter),
        "code_used"
    );
}

#[test]
fn wrong_words_do_not_confirm() {
    let town = Town::small();
    let tablet = Tablet::paired(&town, "ada");
    let refused = town
        .server
        .confirm(&tablet.device(), &["Apfel", "Birne", "Kirsche", "Pflaume"]);
    assert!(refused.is_err());
    tablet.sync().unwrap();
    assert!(
        !tablet.items().contains("Verkauf Teichgasse"),
        "nothing nonpublic without the right words"
    );
}

// Shows: O.Ntwk_1, O.Ntwk_4, O.Ntwk_5, O.Resi_6, MASVS-NETWORK-1, MASVS-NETWORK-2
#[test]
fn a_stranger_at_the_councils_address_gets_nothing_and_changes_nothing() {
    let mut town = Town::small();
    let tablet = Tablet::synced(&town, "ada");
    let before = bytes_below(tablet.folder());

    let stranger =
        Server::open(&town.folder().join("stranger"), &MasterKey::make().unwrap()).unwrap();
    let stranger_serves = town.taken_over_by(&stranger);
    assert_eq!(tablet.sync().unwrap_err().code(), "pin_mismatch");
    assert_eq!(
        bytes_below(tablet.folder()),
        before,
        "the tablet is byte for byte what it was"
    );
    assert!(
        tablet.reads("2026/190", "GEHEIM-Teichgasse"),
        "and reads on"
    );

    stranger_serves.shutdown();
    town.power_back();
    tablet.sync().expect("the real server is known again");
}

// Shows: O.Ntwk_5, O.Resi_6
#[test]
fn a_stranger_cannot_pair_with_a_letter_of_the_council() {
    let mut town = Town::small();
    let letter = town.letter_for("ada");
    let stranger =
        Server::open(&town.folder().join("stranger"), &MasterKey::make().unwrap()).unwrap();
    let _stranger_serves = town.taken_over_by(&stranger);
    assert_eq!(
        refused_pairing(&town, &town.address(), &letter),
        "code_invalid",
        "he does not know the code"
    );
}

// Shows: O.Ntwk_6
#[test]
fn an_old_head_is_refused_and_the_new_state_stays() {
    let mut town = Town::small();
    let tablet = Tablet::synced(&town, "ada");
    town.intake.matter("2026/190").name = "Verkauf Teichgasse (neu)".to_owned();
    town.publish();
    tablet.sync().unwrap();
    let before = bytes_below(tablet.folder());

    town.server.faults().serve_old_head();
    assert_eq!(tablet.sync().unwrap_err().code(), "counter_too_low");
    assert_eq!(
        bytes_below(tablet.folder()),
        before,
        "the old state kept byte for byte"
    );
    assert!(tablet.items().contains("Verkauf Teichgasse (neu)"));

    town.server.faults().clear();
    tablet.sync().expect("the newest head is taken again");
}

#[test]
fn a_broken_off_download_goes_on_where_it_stopped() {
    const PADDING: usize = 3_000_000;
    let mut town = Town::small();
    let tablet = Tablet::synced(&town, "ada");
    town.intake.matter("2026/190").padding = PADDING;
    town.publish();

    town.server.faults().cut_blobs_after(2_000_000, 1);
    assert_eq!(tablet.sync_impatiently().unwrap_err().code(), "offline");
    let row = tablet.file_of("2026/190").unwrap();
    assert!(!row.present, "half a file is not shown as here");
    assert_eq!(tablet.read(row.id()), Err("file_not_here"));
    let arrived = tablet
        .vault
        .blobs(tablet.council)
        .part_len(row.blob_id)
        .unwrap();
    assert!(arrived > 0, "what arrived before the cut is kept");
    assert!(arrived <= 2_000_000);

    let outcome = tablet.sync_impatiently().unwrap();
    assert_eq!(outcome.files_fetched, 1);
    let whole = std::fs::metadata(tablet.blob_path(&row)).unwrap().len();
    let rest = whole - arrived;
    assert!(outcome.body_bytes >= rest, "the rest came");
    assert!(
        outcome.body_bytes < rest + 4096,
        "and nothing a second time: {} of {whole} bytes",
        outcome.body_bytes
    );
    assert!(tablet.reads("2026/190", "GEHEIM-Teichgasse"));
}

#[test]
fn a_line_that_breaks_again_and_again_still_brings_everything() {
    let mut town = Town::small();
    let tablet = Tablet::synced(&town, "ada");
    town.intake.matter("2026/190").padding = 2_000_000;
    town.publish();
    town.server.faults().cut_blobs_after(700_000, 20);
    let outcome = tablet.sync().unwrap();
    assert_eq!(
        (outcome.files_fetched, outcome.files_failed),
        (1, 0),
        "progress made resets the patience"
    );
    assert!(tablet.reads("2026/190", "GEHEIM-Teichgasse"));
}

// Shows: O.Ntwk_6
#[test]
fn a_file_damaged_at_the_server_is_never_shown_and_comes_with_the_next_sync() {
    let mut town = Town::small();
    let tablet = Tablet::synced(&town, "ada");
    town.intake.matter("2026/190").secret = "GEHEIM-Teichgasse zwei".to_owned();
    town.publish();
    let other = Tablet::synced(&town, "cora");
    let blob = other.file_of("2026/190").unwrap().blob_id;
    town.server.faults().damage_blob(blob, 200);

    let outcome = tablet.sync().unwrap();
    assert_eq!(
        (outcome.files_fetched, outcome.files_failed),
        (0, 1),
        "the hash gave it away"
    );
    let row = tablet.file_of("2026/190").unwrap();
    assert_eq!(tablet.read(row.id()), Err("file_not_here"));

    town.server.faults().clear();
    assert_eq!(tablet.sync().unwrap().files_fetched, 1);
    assert!(tablet.reads("2026/190", "GEHEIM-Teichgasse zwei"));
}
