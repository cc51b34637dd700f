//! Rules N (encoding) and M (model).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use minicbor::{Decode, Encode};
use sync_protocol::cbor::{CborError, from_cbor_exact, from_cbor_lenient, to_cbor};
use sync_protocol::chain::EntryHeader;
use sync_protocol::head::{HeadError, SignedHead};
use sync_protocol::ids::*;
use sync_protocol::model::*;
use sync_protocol::pairing::PairDone;
use sync_protocol::receipt::Receipt;
use sync_protocol::sign::{Domain, SignError};
use sync_protocol::snapshot::SignedSnapshot;
use sync_protocol::wire::WireError;

#[test]
fn rule_n1_only_the_deterministic_form_is_read() {
    let good = to_cbor(&receipt());
    assert_eq!(from_cbor_exact::<Receipt>(&good).unwrap(), receipt());

    let mut pairs = minicbor::Encoder::new(Vec::new());
    pairs.map(6).unwrap();
    for key in [1u8, 0, 2, 3, 4, 5] {
        pairs.u8(key).unwrap();
        match key {
            0..=2 => pairs.bytes(&[key; 16]).unwrap(),
            4 => pairs.bytes(&[4; 32]).unwrap(),
            _ => pairs.u8(1).unwrap(),
        };
    }
    let unordered = pairs.into_writer();

    let mut long_integer = good.clone();
    assert_eq!(long_integer[1], 0, "key 0 stands first");
    long_integer.splice(1..2, [0x18, 0x00]);

    let mut indefinite = good.clone();
    indefinite[0] = 0xbf;
    indefinite.push(0xff);

    let mut more = good.clone();
    more[0] += 1;
    more.extend([0x18, 0x63, 0x00]);

    let mut twice = good.clone();
    twice[0] += 1;
    twice.push(0x05);
    twice.push(0x00);

    let mut trailing = good.clone();
    trailing.push(0);

    let cases = [
        ("keys not ascending", unordered),
        ("integer not shortest", long_integer),
        ("indefinite map", indefinite),
        ("unknown key", more),
        ("key twice", twice),
        ("bytes after the end", trailing),
    ];
    for (name, bytes) in cases {
        assert!(
            matches!(
                from_cbor_exact::<Receipt>(&bytes),
                Err(CborError::NotDeterministic)
            ),
            "{name} must be refused as not deterministic"
        );
    }
    // An absent option is left out; null in its place is another encoding of the same thing.
    let header = EntryHeader {
        audience: AUDIENCE,
        seq: 1,
        prev: Hash::ZERO,
        op: sync_protocol::chain::Op::Upsert,
        object_kind: ObjectKind::Paper,
        object: FILE,
        revision: 1,
        key_epoch: EPOCH,
        payload_hash: Hash::ZERO,
        wrapped_key_hash: None,
        blob_id: None,
    };
    let mut with_null = to_cbor(&header);
    with_null[0] += 1;
    with_null.extend([0x0a, 0xf6]);
    assert!(matches!(
        from_cbor_exact::<EntryHeader>(&with_null),
        Err(CborError::NotDeterministic)
    ));
}

#[test]
fn rule_n2_another_version_is_refused_by_name() {
    // `{0: 2}` alone is enough: a later version may look quite different behind key 0.
    let later = [0xa1, 0x00, 0x02];
    assert!(matches!(
        EntryHeader::from_bytes(&later),
        Err(CborError::UnknownVersion(2))
    ));
    assert!(matches!(
        SignedSnapshot::from_bytes(&later),
        Err(CborError::UnknownVersion(2))
    ));
    let verdict =
        SignedHead(later.to_vec()).verify(&feed_key().public().unwrap(), &COUNCIL, &DEVICE, 1);
    assert!(matches!(
        verdict,
        Err(HeadError::Sign(SignError::Envelope(
            CborError::UnknownVersion(2)
        )))
    ));

    let mut envelope = head(1).sign(&feed_key()).unwrap().0;
    assert_eq!(envelope[..3], [0xa3, 0x00, 0x01]);
    envelope[2] = 7;
    let verdict = SignedHead(envelope).verify(&feed_key().public().unwrap(), &COUNCIL, &DEVICE, 1);
    assert!(matches!(
        verdict,
        Err(HeadError::Sign(SignError::Envelope(
            CborError::UnknownVersion(7)
        )))
    ));
}

#[test]
fn rule_n3_messages_ignore_unknown_keys_but_not_trailing_bytes() {
    let mut later = to_cbor(&file_object(BlobId::of(b"")));
    later[0] += 1;
    later.extend([0x18, 0x63, 0x82, 0x01, 0x61, 0x78]);
    assert_eq!(
        from_cbor_lenient::<File>(&later).unwrap(),
        file_object(BlobId::of(b""))
    );
    later.push(0);
    assert!(matches!(
        from_cbor_lenient::<File>(&later),
        Err(CborError::TrailingBytes)
    ));
}

#[test]
fn rule_n4_a_signature_fits_one_domain() {
    let domains = [
        Domain::Root,
        Domain::Head,
        Domain::Snapshot,
        Domain::Request,
        Domain::Receipt,
        Domain::FactionLink,
        Domain::FactionDevice,
        Domain::FactionEnvelope,
        Domain::FactionSnapshot,
        Domain::FactionEntry,
    ];
    let public = feed_key().public().unwrap();
    for made in domains {
        let signature = feed_key().sign(made, b"body").unwrap();
        for read in domains {
            assert_eq!(
                public.verify(read, b"body", &signature).is_ok(),
                made == read,
                "{made:?} read as {read:?}"
            );
        }
        assert!(public.verify(made, b"Body", &signature).is_err());
    }
}

#[test]
fn rule_n5_an_envelope_is_version_body_signature() {
    #[derive(Encode, Decode)]
    #[cbor(map)]
    struct Seen {
        #[n(0)]
        version: u32,
        #[cbor(n(1), with = "minicbor::bytes")]
        body: Vec<u8>,
        #[cbor(n(2), with = "minicbor::bytes")]
        signature: Vec<u8>,
    }
    let signed = receipt().sign(&device_key()).unwrap();
    let seen: Seen = from_cbor_exact(signed.as_bytes()).unwrap();
    assert_eq!((seen.version, seen.signature.len()), (1, 64));
    assert_eq!(seen.body, to_cbor(&receipt()));
}

#[test]
fn rule_m1_kinds_have_their_numbers_and_payloads_their_id_first() {
    let numbers: Vec<_> = ObjectKind::ALL
        .iter()
        .map(|kind| (kind.number(), kind.name()))
        .collect();
    let expected = [
        (1, "Body"),
        (2, "Organization"),
        (3, "Person"),
        (4, "Membership"),
        (5, "LegislativeTerm"),
        (6, "Meeting"),
        (7, "AgendaItem"),
        (8, "Paper"),
        (9, "Consultation"),
        (10, "File"),
    ];
    assert_eq!(numbers, expected);
    let object = CouncilObject::from(meeting_object());
    let payload = object.to_payload();
    assert_eq!(payload[1..3], [0x00, 0x50], "key 0, then 16 bytes");
    assert_eq!(
        CouncilObject::from_payload(ObjectKind::Meeting, MEETING, &payload).unwrap(),
        object
    );
}

#[test]
fn rule_m2_later_kinds_and_keys_do_no_harm_and_missing_public_is_nonpublic() {
    let later = ObjectKind::from_number(99);
    assert_eq!(
        from_cbor_exact::<ObjectKind>(&to_cbor(&later)).unwrap(),
        ObjectKind::Unknown(99)
    );
    assert!(matches!(
        CouncilObject::from_payload(later, FILE, &[]),
        Err(ModelError::UnknownKind(99))
    ));

    let mut least = minicbor::Encoder::new(Vec::new());
    least.map(3).unwrap();
    least.u8(0).unwrap().bytes(FILE.as_bytes()).unwrap();
    least.u8(2).unwrap().str("Titel").unwrap();
    least.u8(200).unwrap().array(1).unwrap().null().unwrap();
    let paper = CouncilObject::from_payload(ObjectKind::Paper, FILE, least.writer()).unwrap();
    let CouncilObject::Paper(paper) = paper else {
        panic!("a paper was read as something else")
    };
    assert!(!paper.public);

    let mut meeting = meeting_object();
    let payload = CouncilObject::from(meeting.clone()).to_payload();
    assert_eq!(
        payload[0], 0xaa,
        "ten keys say something, as before meetings had further files"
    );
    meeting.auxiliary_files = vec![FILE];
    let object = CouncilObject::from(meeting);
    let payload = object.to_payload();
    assert_eq!(payload[0], 0xab, "and one more where there are any");
    assert_eq!(
        CouncilObject::from_payload(ObjectKind::Meeting, MEETING, &payload).unwrap(),
        object
    );
}

#[test]
fn rule_m3_a_payload_of_another_object_is_refused() {
    let payload = CouncilObject::from(meeting_object()).to_payload();
    let verdict = CouncilObject::from_payload(ObjectKind::Meeting, FILE, &payload);
    assert!(matches!(verdict, Err(ModelError::ForeignObject)));
    let verdict = CouncilObject::from_payload(ObjectKind::File, MEETING, &payload);
    assert!(matches!(verdict, Err(ModelError::Malformed(_))));
}

#[test]
fn rule_m4_debug_shows_no_names_and_no_keys() {
    let done = PairDone {
        device: DEVICE,
        person_name: "Geheim".into(),
        council_name: "Geheim".into(),
    };
    let error = WireError {
        code: "not_found".into(),
        message: "Geheim".into(),
        server_at_ms: 0,
    };
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        CouncilObject::from(meeting_object()),
        file_object(BlobId::of(b"")),
        root(),
        done,
        error,
        class_key(),
        file_key(),
        root_key(),
        code(),
        box_key(),
    );
    for hidden in [
        "Stadt", "Radweg", "vorlage", "Geheim", "0101", "0505", "[5", "5, 5", "fifteen", "102, 105",
    ] {
        assert!(!shown.contains(hidden), "{hidden} is shown: {shown}");
    }
    assert!(shown.contains("ClassKey(…)"), "{shown}");
}
