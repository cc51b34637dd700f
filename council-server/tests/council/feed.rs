//! What a paired device gets, and what it does not.

use reqwest::{Method, StatusCode};
use sync_protocol::cbor::to_cbor;
use sync_protocol::head::{HeadError, SignedHead, check_successor};
use sync_protocol::ids::{AudienceId, BlobId};
use sync_protocol::model::CouncilObject;
use sync_protocol::receipt::{Receipt, ReceiptBatch, ReceiptList, ReceiptTimes};
use sync_protocol::request::RequestNonce;
use sync_protocol::snapshot::SignedSnapshot;
use sync_protocol::wire;

use crate::support::tablet::Tablet;
use crate::support::{DAY_MS, START_AT_MS, TestCouncil};
use council_server::{Certificate, LEASE_MS, ServeOptions, ServerHandle};

fn confirmed(council: &TestCouncil, handle: &ServerHandle, person: &str) -> Tablet {
    let invitation = council.server.invite(person, true).unwrap();
    Tablet::pair(handle, &invitation, council.clock.now_at_ms())
}

#[test]
fn a_head_is_small_and_counts_up() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let first = tablet.head();
    let answer = tablet.get(wire::PATH_HEAD);
    assert!(
        answer.body.unwrap().len() <= 1024,
        "nothing new costs at most a kilobyte"
    );
    assert_eq!(
        answer.version,
        reqwest::Version::HTTP_2,
        "negotiated by ALPN"
    );
    let third = tablet.head();
    assert_eq!((first.counter, third.counter), (1, 3));
    assert_eq!(first.expires_at_ms, START_AT_MS + LEASE_MS);
    assert_eq!(
        first.audiences, third.audiences,
        "nothing new, nothing moved"
    );
}

#[test]
fn requests_are_authenticated() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let code = |answer: &crate::support::tablet::Answer| {
        (answer.status, answer.error_code().unwrap_or_default())
    };

    let nonce = RequestNonce::make().unwrap();
    let first = tablet.request_with(Method::GET, wire::PATH_HEAD, Vec::new(), None, nonce);
    assert_eq!(first.status, StatusCode::OK);
    let again = tablet.request_with(Method::GET, wire::PATH_HEAD, Vec::new(), None, nonce);
    assert_eq!(
        code(&again),
        (StatusCode::UNAUTHORIZED, "replayed".to_owned())
    );

    tablet.now_at_ms = START_AT_MS + 6 * 60 * 1000;
    assert_eq!(
        code(&tablet.get(wire::PATH_HEAD)),
        (StatusCode::UNAUTHORIZED, "clock_skew".to_owned())
    );
    tablet.now_at_ms = START_AT_MS;

    let own = tablet.sign_key.clone();
    tablet.sign_key = sync_protocol::sign::SigningKey::make().unwrap();
    assert_eq!(
        code(&tablet.get(wire::PATH_HEAD)),
        (StatusCode::UNAUTHORIZED, "unauthenticated".to_owned())
    );
    tablet.sign_key = own;
    assert_eq!(tablet.get(wire::PATH_HEAD).status, StatusCode::OK);
    assert_eq!(
        code(&tablet.get("/v1/secret")),
        (StatusCode::NOT_FOUND, "not_found".to_owned())
    );
    let foreign = wire::path_chain(&AudienceId::make().unwrap(), 0, 10);
    assert_eq!(
        code(&tablet.get(&foreign)),
        (StatusCode::NOT_FOUND, "not_found".to_owned())
    );
    let blob = wire::path_blob(&BlobId::from_bytes([7; 32]));
    assert_eq!(
        code(&tablet.get(&blob)),
        (StatusCode::NOT_FOUND, "not_found".to_owned())
    );
    assert_eq!(
        code(&tablet.get("/v1/blob/xyz")),
        (StatusCode::NOT_FOUND, "not_found".to_owned())
    );
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
    assert_eq!(
        middle.headers["content-range"],
        format!("bytes 100-199/{total}")
    );
    let rest = tablet.request(Method::GET, &path, Vec::new(), Some("bytes=200-"));
    assert_eq!(rest.body.unwrap(), whole[200..]);
    let beyond = tablet.request(
        Method::GET,
        &path,
        Vec::new(),
        Some(&format!("bytes={total}-")),
    );
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
}

#[test]
fn a_snapshot_amounts_to_the_chain() {
    let council = TestCouncil::with_folder();
    council.edit(
        "meetings/2026-03-rat/meeting.toml",
        "number = \"2\"",
        "number = \"2.1\"",
    );
    council.import();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let head = tablet.head();
    for audience in &head.audiences {
        let answer = tablet.get(&wire::path_snapshot(&audience.id));
        let signed = SignedSnapshot::from_bytes(&answer.body.unwrap()).unwrap();
        let root = &tablet.root;
        let snapshot = signed
            .verify(&root.feed_key, &root.council, &audience.id, root.generation)
            .unwrap();
        assert_eq!(snapshot.position, audience.position());
        let chain = tablet.chain(audience);
        let newest: std::collections::BTreeMap<_, _> = chain
            .iter()
            .map(|entry| (entry.header.object, entry.hash))
            .collect();
        let live: std::collections::BTreeMap<_, _> = snapshot
            .entries
            .iter()
            .map(|entry| (entry.header.object, entry.hash))
            .collect();
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
        tablet
            .request(Method::POST, wire::PATH_RECEIPTS, batch.clone(), None)
            .decode()
    };
    assert_eq!(send(&tablet), ReceiptTimes(vec![START_AT_MS]));
    council.clock.set(START_AT_MS + 60_000);
    assert_eq!(
        send(&tablet),
        ReceiptTimes(vec![START_AT_MS]),
        "the first time counts"
    );
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
fn planted_faults_are_what_a_tablet_would_meet() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let blob = tablet.read_all().file("Lageplan").blob_id;
    let path = wire::path_blob(&blob);
    let faults = council.server.faults();

    faults.cut_blobs_after(100, 1);
    assert!(tablet.get(&path).body.is_none(), "the download breaks off");
    assert_eq!(
        BlobId::of(&tablet.get(&path).body.unwrap()),
        blob,
        "and works the next time"
    );
    faults.damage_blob(blob, 90);
    assert_ne!(BlobId::of(&tablet.get(&path).body.unwrap()), blob);
    faults.clear();
    faults.fail("/v1/head", 1);
    assert_eq!(
        tablet.get(wire::PATH_HEAD).status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(tablet.get(wire::PATH_HEAD).status, StatusCode::OK);

    tablet.head();
    faults.serve_old_head();
    let old = SignedHead(tablet.get(wire::PATH_HEAD).body.unwrap());
    let root = &tablet.root;
    let old = old
        .verify(
            &root.feed_key,
            &root.council,
            &tablet.device,
            root.generation,
        )
        .unwrap();
    assert!(matches!(
        check_successor(&tablet.high_water, &old),
        Err(HeadError::CounterTooLow)
    ));
    faults.clear();
    tablet.head();
}

#[test]
fn the_tls_key_is_the_one_of_the_root_document() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let tablet = confirmed(&council, &handle, "ada");
    assert_eq!(tablet.root.tls_spki.len(), 1);
    let code = council.server.invite("ada", true).unwrap().code;
    let connects = |pin: [u8; 32]| {
        let beginning = crate::support::tablet::Beginning::new(&handle, &code);
        beginning.pin(vec![pin]);
        beginning.connects()
    };
    assert!(connects(tablet.root.tls_spki[0]));
    assert!(!connects([0; 32]), "another key is noticed");
    drop(handle);
    let handle = council.serve();
    let again = confirmed(&council, &handle, "ada");
    assert_eq!(
        again.root, tablet.root,
        "a restart changes neither key nor document"
    );
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
    assert_eq!(
        (document.generation, document.tls_spki),
        (tablet.root.generation, tablet.root.tls_spki.clone())
    );
}

// Shows: O.Plat_14
#[test]
fn the_audit_names_deeds_and_no_content() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let tablet = confirmed(&council, &handle, "ada");
    council.server.revoke(&tablet.device).unwrap();
    let audit = council.server.audit().unwrap();
    let actions: Vec<&str> = audit.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        ["imported", "invited", "device_paired", "device_revoked"]
    );
    council.clock.set(START_AT_MS + 91 * DAY_MS);
    council.import();
    assert_eq!(
        council.server.audit().unwrap().len(),
        1,
        "and it forgets after ninety days"
    );
}

#[test]
fn a_restored_server_begins_a_new_generation() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    tablet.head();
    assert_eq!(council.server.begin_generation().unwrap(), 2);
    let answer = tablet.get(wire::PATH_HEAD);
    let root = &tablet.root;
    let head = SignedHead(answer.body.unwrap());
    let early = head.verify(
        &root.feed_key,
        &root.council,
        &tablet.device,
        root.generation,
    );
    assert!(
        matches!(early, Err(HeadError::GenerationUnknown)),
        "the root document vouches first"
    );
    tablet.root = tablet.root_document();
    assert_eq!(tablet.root.generation, 2);
    tablet.head();
}

#[test]
fn with_a_public_certificate_the_root_document_names_no_key() {
    let council = TestCouncil::with_folder();
    let pair = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["rat.example".to_owned()]).unwrap();
    let certificate = params.self_signed(&pair).unwrap();
    let certificate_pem = council.root.path().join("certificate.pem");
    let key_pem = council.root.path().join("key.pem");
    std::fs::write(&certificate_pem, certificate.pem()).unwrap();
    std::fs::write(&key_pem, pair.serialize_pem()).unwrap();
    let own = council.serve();
    let before = confirmed(&council, &own, "ada");
    own.shutdown();

    let certificate = Certificate::Public {
        certificate_pem,
        key_pem: key_pem.clone(),
    };
    let options = ServeOptions {
        certificate,
        ..ServeOptions::default()
    };
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let handle = council.server.serve_with(listen, options).unwrap();
    let code = council.server.invite("ada", true).unwrap().code;
    let beginning = crate::support::tablet::Beginning::new(&handle, &code);
    let spki = *sync_protocol::ids::Hash::of(&rcgen::PublicKeyData::subject_public_key_info(&pair))
        .as_bytes();
    beginning.pin(vec![spki]);
    let answer = beginning.get(wire::PATH_ROOT);
    let root = sync_protocol::root::SignedRoot(answer.body.unwrap())
        .verify(Some(&before.root.root_key))
        .unwrap();
    assert!(root.tls_spki.is_empty(), "WebPKI decides then");
    assert!(root.serial > before.root.serial);
    handle.shutdown();

    let broken = Certificate::Public {
        certificate_pem: key_pem.clone(),
        key_pem,
    };
    let options = ServeOptions {
        certificate: broken,
        ..ServeOptions::default()
    };
    assert!(council.server.serve_with(listen, options).is_err());
}
