//! What a paired device gets, and what it does not.

use reqwest::{Method, StatusCode};
use sync_protocol::cbor::to_cbor;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::head::{AudienceKind, DeviceHead, HeadError, SignedHead, check_successor};
use sync_protocol::ids::{AudienceId, BlobId};
use sync_protocol::key_box::KeyBoxes;
use sync_protocol::model::CouncilObject;
use sync_protocol::receipt::{Receipt, ReceiptBatch, ReceiptList, ReceiptTimes};
use sync_protocol::request::RequestNonce;
use sync_protocol::snapshot::SignedSnapshot;
use sync_protocol::wire;

use crate::support::tablet::Tablet;
use crate::support::{DAY_MS, START_AT_MS, TestCouncil, folder};
use council_server::{LEASE_MS, ServerHandle};

fn confirmed(council: &TestCouncil, handle: &ServerHandle, person: &str) -> Tablet {
    let invitation = council.server.invite(person, true).unwrap();
    Tablet::pair(handle, &invitation, council.clock.now_at_ms())
}

fn nonpublic(head: &DeviceHead) -> Vec<AudienceId> {
    head.audiences.iter().filter(|a| a.kind != AudienceKind::Public).map(|a| a.id).collect()
}

#[test]
fn each_person_reads_what_her_office_entitles_her_to() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let secrets = ["Grundstücksverkauf Teichgasse", "Pachtvertrag Dorfanger Oberdorf", "Vergabe Abbruch"];
    for (person, expected) in [
        ("ada", [true, true, false]),
        ("bruno", [false, false, true]),
        ("mara", [false, true, false]),
        ("staff", [false, false, false]),
    ] {
        let library = confirmed(&council, &handle, person).read_all();
        assert!(library.has("Neubau der Feuerwache Nord"), "public papers are everybody's: {person}");
        assert_eq!(secrets.map(|name| library.has(name)), expected, "{person}");
    }
}

#[test]
fn a_head_is_small_and_counts_up() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let first = tablet.head();
    let answer = tablet.get(wire::PATH_HEAD);
    assert!(answer.body.unwrap().len() <= 1024, "nothing new costs at most a kilobyte");
    assert_eq!(answer.version, reqwest::Version::HTTP_2, "negotiated by ALPN");
    let third = tablet.head();
    assert_eq!((first.counter, third.counter), (1, 3));
    assert_eq!(first.expires_at_ms, START_AT_MS + LEASE_MS);
    assert_eq!(first.audiences, third.audiences, "nothing new, nothing moved");
}

#[test]
fn a_membership_that_ends_ends_access_and_starts_a_new_epoch() {
    let council = TestCouncil::with_folder();
    council.edit(
        "council.toml",
        "[[membership]]\nperson = \"mara\"",
        "[[membership]]\nperson = \"ada\"\norganization = \"bau\"\nrole = \"Mitglied\"\nstart = \"2024-07-01\"\n\n[[membership]]\nperson = \"mara\"",
    );
    council.import();
    let handle = council.serve();
    let mut bruno = confirmed(&council, &handle, "bruno");
    let mut ada = confirmed(&council, &handle, "ada");
    let head = bruno.head();
    let committee = nonpublic(&head)[0];
    let listed = head.audience(&committee).unwrap();
    assert_eq!(listed.key_epoch, KeyEpoch(1));
    // 31 March, the last day, ends at midnight summer time.
    assert_eq!(listed.readable_until_ms, Some(1_774_994_400_000));

    council.pass_days(28);
    bruno.now_at_ms = council.clock.now_at_ms();
    assert_eq!(nonpublic(&bruno.head()), vec![committee], "the last day still counts");
    council.pass_days(1);
    bruno.now_at_ms = council.clock.now_at_ms();
    ada.now_at_ms = council.clock.now_at_ms();
    assert!(nonpublic(&bruno.head()).is_empty(), "an audience no longer listed: access ended");
    let refused = bruno.get(&wire::path_chain(&committee, 0, 10));
    assert_eq!((refused.status, refused.error_code().as_deref()), (StatusCode::FORBIDDEN, Some("not_entitled")));
    let epoch = ada.head().audience(&committee).unwrap().key_epoch;
    assert_eq!(epoch, KeyEpoch(2), "what comes now is sealed under a key that he never had");
    let keys = ada.class_keys();
    assert!(keys.contains_key(&(committee, KeyEpoch(1))) && keys.contains_key(&(committee, KeyEpoch(2))));
}

#[test]
fn a_revoked_device_is_told_so_and_gets_nothing() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let mut other = confirmed(&council, &handle, "ada");
    let library = tablet.read_all();
    let blob = library.file("Verkauf Flurstück 77/3").blob_id;
    let before = other.head();
    council.server.revoke(&tablet.device).unwrap();
    for path in [wire::PATH_HEAD.to_owned(), wire::PATH_KEYS.to_owned(), wire::path_blob(&blob)] {
        let answer = tablet.get(&path);
        assert_eq!((answer.status, answer.error_code().as_deref()), (StatusCode::GONE, Some("device_revoked")), "{path}");
    }
    let after = other.head();
    for audience in nonpublic(&before) {
        let epoch = |head: &DeviceHead| head.audience(&audience).unwrap().key_epoch.0;
        assert_eq!(epoch(&after), epoch(&before) + 1, "the other device goes on, under a new key");
    }
    assert!(other.read_all().has("Grundstücksverkauf Teichgasse"));
}

#[test]
fn new_members_read_back_only_where_the_council_says_so() {
    for (reads_back, expected) in [(true, true), (false, false)] {
        let council = TestCouncil::new();
        folder::write(&council.intake());
        let setting = format!("new_members_read_back = {reads_back}");
        council.edit("council.toml", "new_members_read_back = true", &setting);
        council.import();
        let handle = council.serve();
        let join = "[[membership]]\nperson = \"bruno\"\norganization = \"rat\"\nstart = \"2026-03-01\"\n\n[[membership]]\nperson = \"mara\"";
        council.edit("council.toml", "[[membership]]\nperson = \"mara\"", join);
        council.edit(
            "meetings/2026-03-rat/meeting.toml",
            "[[paper]]",
            "[[item]]\nnumber = \"5\"\nname = \"Personalie\"\npublic = false\n\n[[paper]]",
        );
        council.import();
        let library = confirmed(&council, &handle, "bruno").read_all();
        assert!(library.has("Personalie"), "what comes after she joined is hers");
        assert_eq!(library.has("Grundstücksverkauf Teichgasse"), expected, "reads back: {reads_back}");
    }
}

#[test]
fn requests_are_authenticated() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let code = |answer: &crate::support::tablet::Answer| (answer.status, answer.error_code().unwrap_or_default());

    let nonce = RequestNonce::make().unwrap();
    let first = tablet.request_with(Method::GET, wire::PATH_HEAD, Vec::new(), None, nonce);
    assert_eq!(first.status, StatusCode::OK);
    let again = tablet.request_with(Method::GET, wire::PATH_HEAD, Vec::new(), None, nonce);
    assert_eq!(code(&again), (StatusCode::UNAUTHORIZED, "replayed".to_owned()));

    tablet.now_at_ms = START_AT_MS + 6 * 60 * 1000;
    assert_eq!(code(&tablet.get(wire::PATH_HEAD)), (StatusCode::UNAUTHORIZED, "clock_skew".to_owned()));
    tablet.now_at_ms = START_AT_MS;

    let own = tablet.sign_key.clone();
    tablet.sign_key = sync_protocol::sign::SigningKey::make().unwrap();
    assert_eq!(code(&tablet.get(wire::PATH_HEAD)), (StatusCode::UNAUTHORIZED, "unauthenticated".to_owned()));
    tablet.sign_key = own;
    assert_eq!(tablet.get(wire::PATH_HEAD).status, StatusCode::OK);
    assert_eq!(code(&tablet.get("/v1/secret")), (StatusCode::NOT_FOUND, "not_found".to_owned()));
    let foreign = wire::path_chain(&AudienceId::make().unwrap(), 0, 10);
    assert_eq!(code(&tablet.get(&foreign)), (StatusCode::NOT_FOUND, "not_found".to_owned()));
    let blob = wire::path_blob(&BlobId::from_bytes([7; 32]));
    assert_eq!(code(&tablet.get(&blob)), (StatusCode::NOT_FOUND, "not_found".to_owned()));
    assert_eq!(code(&tablet.get("/v1/blob/xyz")), (StatusCode::NOT_FOUND, "not_found".to_owned()));
}

#[test]
fn a_blob_is_fetched_in_parts() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let blob = tablet.read_all().file("Lageplan").blob_id;
    let path = wire::path_blob(&blob);
    let whole = tablet.get(&path).body.unwrap();
    assert_eq!(BlobId::of(&whole), blob, "the name is the content");
    let middle = tablet.request(Method::GET, &path, Vec::new(), Some("bytes=100-199"));
    assert_eq!(middle.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(middle.body.unwrap(), whole[100..200]);
    let total = whole.len();
    assert_eq!(middle.headers["content-range"], format!("bytes 100-199/{total}"));
    let rest = tablet.request(Method::GET, &path, Vec::new(), Some("bytes=200-"));
    assert_eq!(rest.body.unwrap(), whole[200..]);
    let beyond = tablet.request(Method::GET, &path, Vec::new(), Some(&format!("bytes={total}-")));
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
}

#[test]
fn a_snapshot_amounts_to_the_chain() {
    let council = TestCouncil::with_folder();
    council.edit("meetings/2026-03-rat/meeting.toml", "number = \"2\"", "number = \"2.1\"");
    council.import();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let head = tablet.head();
    for audience in &head.audiences {
        let answer = tablet.get(&wire::path_snapshot(&audience.id));
        let signed = SignedSnapshot::from_bytes(&answer.body.unwrap()).unwrap();
        let root = &tablet.root;
        let snapshot = signed.verify(&root.feed_key, &root.council, &audience.id, root.generation).unwrap();
        assert_eq!(snapshot.position, audience.position());
        let chain = tablet.chain(audience);
        let newest: std::collections::BTreeMap<_, _> =
            chain.iter().map(|entry| (entry.header.object, entry.hash)).collect();
        let live: std::collections::BTreeMap<_, _> =
            snapshot.entries.iter().map(|entry| (entry.header.object, entry.hash)).collect();
        assert_eq!(live, newest);
    }
}

#[test]
fn receipts_are_taken_once_and_shown_to_the_member() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let library = tablet.read_all();
    let meeting = library.objects.values().find_map(|o| match o {
        CouncilObject::Meeting(m) if m.invitation.is_some() => Some(m.clone()),
        _ => None,
    });
    let meeting = meeting.unwrap();
    assert_eq!(meeting.invitation_revision, 1);
    let receipt = Receipt {
        council: tablet.root.council,
        device: tablet.device,
        meeting: meeting.id,
        invitation_revision: 1,
        blob_id: library.file("Einladung").blob_id,
        at_ms: START_AT_MS - 1000,
    };
    let batch = to_cbor(&ReceiptBatch(vec![receipt.sign(&tablet.sign_key).unwrap()]));
    let send = |tablet: &Tablet| -> ReceiptTimes {
        tablet.request(Method::POST, wire::PATH_RECEIPTS, batch.clone(), None).decode()
    };
    assert_eq!(send(&tablet), ReceiptTimes(vec![START_AT_MS]));
    council.clock.set(START_AT_MS + 60_000);
    assert_eq!(send(&tablet), ReceiptTimes(vec![START_AT_MS]), "the first time counts");
    let list: ReceiptList = tablet.get(wire::PATH_RECEIPTS).decode();
    assert_eq!(list.0.len(), 1);
    assert_eq!(council.server.receipts().unwrap()[0].meeting, meeting.id);

    let stranger = sync_protocol::sign::SigningKey::make().unwrap();
    let forged = to_cbor(&ReceiptBatch(vec![receipt.sign(&stranger).unwrap()]));
    let refused = tablet.request(Method::POST, wire::PATH_RECEIPTS, forged, None);
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(council.server.receipts().unwrap().len(), 1);
}

#[test]
fn key_boxes_are_made_once_and_only_for_entitled_epochs() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let audience = nonpublic(&tablet.head())[0];
    let first: KeyBoxes = tablet.get(wire::PATH_KEYS).decode();
    let second: KeyBoxes = tablet.get(wire::PATH_KEYS).decode();
    assert_eq!(first, second, "the same boxes again");
    let one: KeyBoxes = tablet.get(&format!("/v1/keys?audience={audience}")).decode();
    assert!(one.boxes.iter().all(|b| b.audience == audience) && one.boxes.len() == 1);
    let none: KeyBoxes = tablet.get(&format!("/v1/keys?audience={audience}&after_epoch=1")).decode();
    assert!(none.boxes.is_empty());
}

#[test]
fn planted_faults_are_what_a_tablet_would_meet() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let blob = tablet.read_all().file("Lageplan").blob_id;
    let path = wire::path_blob(&blob);
    let faults = council.server.faults();

    faults.cut_blobs_after(100, 1);
    assert!(tablet.get(&path).body.is_none(), "the download breaks off");
    assert_eq!(BlobId::of(&tablet.get(&path).body.unwrap()), blob, "and works the next time");
    faults.damage_blob(blob, 90);
    assert_ne!(BlobId::of(&tablet.get(&path).body.unwrap()), blob);
    faults.clear();
    faults.fail("/v1/head", 1);
    assert_eq!(tablet.get(wire::PATH_HEAD).status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(tablet.get(wire::PATH_HEAD).status, StatusCode::OK);

    tablet.head();
    faults.serve_old_head();
    let old = SignedHead(tablet.get(wire::PATH_HEAD).body.unwrap());
    let root = &tablet.root;
    let old = old.verify(&root.feed_key, &root.council, &tablet.device, root.generation).unwrap();
    assert!(matches!(check_successor(&tablet.high_water, &old), Err(HeadError::CounterTooLow)));
    faults.clear();
    tablet.head();
}

#[test]
fn the_tls_key_is_the_one_of_the_root_document() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let tablet = confirmed(&council, &handle, "ada");
    assert_eq!(tablet.root.tls_spki.len(), 1);
    drop(handle);
    let handle = council.serve();
    let again = confirmed(&council, &handle, "ada");
    assert_eq!(again.root, tablet.root, "a restart changes neither key nor document");
}

#[test]
fn a_new_name_of_the_council_is_signed_anew() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let tablet = confirmed(&council, &handle, "ada");
    council.edit("council.toml", "Stadt Beispielhausen", "Stadt Musterhausen");
    council.import();
    let document = tablet.root_document();
    assert_eq!(document.name, "Stadt Musterhausen");
    assert!(document.serial > tablet.root.serial);
    assert_eq!((document.generation, document.tls_spki), (tablet.root.generation, tablet.root.tls_spki.clone()));
}

#[test]
fn the_audit_names_deeds_and_no_content() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let tablet = confirmed(&council, &handle, "ada");
    council.server.revoke(&tablet.device).unwrap();
    let audit = council.server.audit().unwrap();
    let actions: Vec<&str> = audit.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["imported", "invited", "device_paired", "device_revoked"]);
    council.clock.set(START_AT_MS + 91 * DAY_MS);
    council.import();
    assert_eq!(council.server.audit().unwrap().len(), 1, "and it forgets after ninety days");
}
