//! Pairing and confirming, and everything that must not work.

use reqwest::StatusCode;
use sync_protocol::cbor::to_cbor;
use sync_protocol::ids::DeviceId;
use sync_protocol::pairing::{InvitationCode, PairDone, PairHello, check_hello, make_finish};
use sync_protocol::wire;

use crate::support::tablet::{Beginning, Tablet};
use crate::support::{DAY_MS, START_AT_MS, TestCouncil};
use council_server::ServerError;

#[test]
fn a_paired_tablet_reads_public_things_and_after_confirmation_its_own() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let invitation = council.server.invite("ada", false).unwrap();
    let mut tablet = Tablet::pair(&handle, &invitation, START_AT_MS);
    assert_eq!(tablet.done.person_name, "Ada Lenz");
    assert_eq!(tablet.done.council_name, "Stadt Beispielhausen");

    let before = tablet.read_all();
    assert!(
        before.has("Neubau der Feuerwache"),
        "public items are there at once"
    );
    assert!(
        !before.has("Grundstücksverkauf Teichgasse"),
        "nonpublic ones wait for the office"
    );

    council
        .server
        .confirm(&tablet.device, &tablet.words)
        .unwrap();
    let after = tablet.read_all();
    assert!(after.has("Grundstücksverkauf Teichgasse"));
    let file = after.file("Verkauf Flurstück 77/3");
    assert_eq!(file.page_count, Some(2));
    let plain = &after.files[&file.id];
    assert!(
        plain.windows(22).any(|w| w == b"GEHEIM-Flurstueck-77-3"),
        "the very bytes of the intake"
    );
}

#[test]
fn wrong_words_do_not_confirm_and_run_out() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let invitation = council.server.invite("Ada Lenz", false).unwrap();
    let tablet = Tablet::pair(&handle, &invitation, START_AT_MS);
    for _ in 0..10 {
        let refused = council
            .server
            .confirm(&tablet.device, &["Apfel", "Birne", "Kirsche", "Dorn"]);
        assert!(
            matches!(refused, Err(ServerError::WrongWords)),
            "{refused:?}"
        );
    }
    let refused = council.server.confirm(&tablet.device, &tablet.words);
    assert!(
        matches!(refused, Err(ServerError::TooManyTries)),
        "guessing must end: {refused:?}"
    );
    let unknown = council
        .server
        .confirm(&DeviceId::make().unwrap(), &tablet.words);
    assert!(matches!(unknown, Err(ServerError::NoSuchDevice(_))));
}

#[test]
fn in_person_pairing_needs_no_words() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let invitation = council.server.invite("ada", true).unwrap();
    let mut tablet = Tablet::pair(&handle, &invitation, START_AT_MS);
    assert!(tablet.read_all().has("Grundstücksverkauf Teichgasse"));
}

#[test]
fn a_lost_answer_is_asked_for_again_and_nothing_happens_twice() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let code = council.server.invite("ada", false).unwrap().code;
    let beginning = Beginning::new(&handle, &code);
    let start = to_cbor(&beginning.start);
    let hello: PairHello = beginning
        .post(wire::PATH_PAIR_START, start.clone())
        .decode();
    let again: PairHello = beginning
        .post(wire::PATH_PAIR_START, start.clone())
        .decode();
    assert_eq!(hello, again, "the same start gets the same answer");
    let (transcript, _) = check_hello(&code, &beginning.start, &hello).unwrap();
    let finish = to_cbor(&make_finish(&code, &transcript, hello.device));
    let first: PairDone = beginning
        .post(wire::PATH_PAIR_FINISH, finish.clone())
        .decode();
    let second: PairDone = beginning.post(wire::PATH_PAIR_FINISH, finish).decode();
    assert_eq!(first, second, "finishing is idempotent");
    assert_eq!(council.server.devices().unwrap().len(), 1);

    let late = beginning.post(wire::PATH_PAIR_START, start);
    assert_eq!(late.status, StatusCode::GONE);
    assert_eq!(late.error_code().as_deref(), Some("code_used"));
}

#[test]
fn the_server_proves_itself_too() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let code = council.server.invite("ada", false).unwrap().code;
    let beginning = Beginning::new(&handle, &code);
    let mut hello: PairHello = beginning
        .post(wire::PATH_PAIR_START, to_cbor(&beginning.start))
        .decode();
    hello.device = DeviceId::make().unwrap();
    assert!(
        check_hello(&code, &beginning.start, &hello).is_err(),
        "nothing of the answer can be exchanged"
    );
}

#[test]
fn a_code_runs_out_after_fourteen_days_and_after_ten_starts() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let old = council.server.invite("ada", false).unwrap().code;
    council.clock.set(START_AT_MS + 14 * DAY_MS + 1);
    let beginning = Beginning::new(&handle, &old);
    let answer = beginning.post(wire::PATH_PAIR_START, to_cbor(&beginning.start));
    assert_eq!(
        (answer.status, answer.error_code().as_deref()),
        (StatusCode::GONE, Some("code_expired"))
    );

    let code = council.server.invite("ada", false).unwrap().code;
    for _ in 0..10 {
        let beginning = Beginning::new(&handle, &code);
        let _: PairHello = beginning
            .post(wire::PATH_PAIR_START, to_cbor(&beginning.start))
            .decode();
    }
    let beginning = Beginning::new(&handle, &code);
    let answer = beginning.post(wire::PATH_PAIR_START, to_cbor(&beginning.start));
    assert_eq!(
        (answer.status, answer.error_code().as_deref()),
        (StatusCode::GONE, Some("code_expired"))
    );
}

#[test]
fn an_unknown_code_and_a_wrong_proof_say_the_same() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let unknown = InvitationCode::make().unwrap();
    let beginning = Beginning::new(&handle, &unknown);
    let answer = beginning.post(wire::PATH_PAIR_START, to_cbor(&beginning.start));
    assert_eq!(
        (answer.status, answer.error_code().as_deref()),
        (StatusCode::NOT_FOUND, Some("code_invalid"))
    );

    let code = council.server.invite("ada", false).unwrap().code;
    let beginning = Beginning::new(&handle, &code);
    let hello: PairHello = beginning
        .post(wire::PATH_PAIR_START, to_cbor(&beginning.start))
        .decode();
    let (transcript, _) = check_hello(&code, &beginning.start, &hello).unwrap();
    let forged = make_finish(&unknown, &transcript, hello.device);
    let answer = beginning.post(wire::PATH_PAIR_FINISH, to_cbor(&forged));
    assert_eq!(
        (answer.status, answer.error_code().as_deref()),
        (StatusCode::NOT_FOUND, Some("code_invalid"))
    );
    assert!(
        council.server.devices().unwrap().is_empty(),
        "nobody got in"
    );
}

#[test]
fn rubbish_is_refused_calmly() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let code = council.server.invite("ada", false).unwrap().code;
    let beginning = Beginning::new(&handle, &code);
    let answer = beginning.post(wire::PATH_PAIR_START, b"no cbor at all".to_vec());
    assert_eq!(
        (answer.status, answer.error_code().as_deref()),
        (StatusCode::BAD_REQUEST, Some("bad_request"))
    );
    let answer = beginning.post(wire::PATH_PAIR_START, vec![0; 9000]);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut bad_key = beginning.start.clone();
    bad_key.device_box.0.truncate(100);
    let answer = beginning.post(wire::PATH_PAIR_START, to_cbor(&bad_key));
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
