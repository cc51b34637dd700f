//! Rule N6: whatever comes, every reader gives an answer. Random bytes, random texts, and good bytes with random damage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use proptest::prelude::*;
use sync_protocol::cbor::{from_cbor_exact, from_cbor_lenient, to_cbor};
use sync_protocol::chain::*;
use sync_protocol::class_key::*;
use sync_protocol::encrypted_file::open_header;
use sync_protocol::head::*;
use sync_protocol::ids::*;
use sync_protocol::key_box::*;
use sync_protocol::model::*;
use sync_protocol::pairing::*;
use sync_protocol::receipt::*;
use sync_protocol::recovery::RecoveryCode;
use sync_protocol::request::*;
use sync_protocol::root::*;
use sync_protocol::snapshot::*;
use sync_protocol::wire::WireError;

/// Gives `bytes` to every reader of bytes; what a reader accepts must survive being written again.
fn read_everywhere(bytes: &[u8]) {
    macro_rules! exact {
        ($($kind:ty),*) => {
            $(
                if let Ok(value) = from_cbor_exact::<$kind>(bytes) {
                    assert_eq!(to_cbor(&value), bytes);
                }
                let _ = from_cbor_lenient::<$kind>(bytes);
            )*
        };
    }
    exact!(
        EntryHeader,
        Entry,
        ChainPage,
        ChainPosition,
        DeviceHead,
        HighWater,
        RootDocument,
        Snapshot,
        SignedSnapshot,
        KeyBox,
        KeyBoxes,
        PairStart,
        PairHello,
        PairFinish,
        PairDone,
        Receipt,
        ReceiptBatch,
        ReceiptTimes,
        ReceiptList,
        WireError,
        Body,
        Organization,
        Person,
        Membership,
        LegislativeTerm,
        Meeting,
        AgendaItem,
        Paper,
        Consultation,
        File,
        CouncilId,
        BlobId,
        ObjectKind
    );
    let public = feed_key().public().unwrap();
    let _ = SignedRoot(bytes.to_vec()).verify(None);
    let _ = SignedHead(bytes.to_vec()).verify(&public, &COUNCIL, &DEVICE, 1);
    let _ = SignedReceipt(bytes.to_vec()).verify(&public, &COUNCIL, &DEVICE);
    let _ = SignedSnapshot::from_bytes(bytes)
        .map(|s| s.verify(&public, &COUNCIL, &AUDIENCE, 1).is_ok());
    let _ = EntryHeader::from_bytes(bytes);
    let _ = ChainPage::from_bytes(bytes)
        .map(|page| verify_page(AUDIENCE, &ChainPosition::START, page.entries).is_ok());
    for kind in ObjectKind::ALL.iter().chain([&ObjectKind::Unknown(99)]) {
        let _ = CouncilObject::from_payload(*kind, FILE, bytes);
    }
    let _ = open_payload(&class_key(), &context(ObjectKind::Paper, FILE, 1), bytes);
    let _ = open_local(&class_key(), "quote", b"", bytes);
    let _ = unwrap_file_key(
        &class_key(),
        &file_key_context(BlobId::of(b"")),
        &WrappedFileKey(bytes.to_vec()),
    );
    let boxed = KeyBox {
        audience: AUDIENCE,
        epoch: EPOCH,
        bytes: bytes.to_vec(),
    };
    let _ = open_key_box(&box_key(), &COUNCIL, &DEVICE, &boxed);
    let _ = DeviceBoxPublic(bytes.to_vec()).check();
    let _ = open_file(bytes, &file_key());
    let _ = bytes
        .first_chunk()
        .map(|header| open_header(header, &file_key()).is_ok());
    let _ = AudienceId::try_from(bytes);
}

fn read_text_everywhere(text: &str) {
    let _ = InvitationCode::parse(text);
    let _ = RecoveryCode::parse(text);
    let _ = text.parse::<CouncilId>();
    let _ = text.parse::<BlobId>();
    let good = sign_request(
        &device_key(),
        DEVICE,
        "GET",
        text,
        b"",
        NOW_MS,
        RequestNonce([0; 16]),
    )
    .unwrap();
    for place in 0..3 {
        let mut headers = good.each_ref().map(|(_, value)| value.as_str());
        headers[place] = text;
        let _ = RequestHeaders::parse(headers[0], headers[1], headers[2]);
    }
}

fn specimens() -> &'static [Vec<u8>] {
    static MADE: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    MADE.get_or_init(make_specimens)
}

fn make_specimens() -> Vec<Vec<u8>> {
    let (entries, positions) = chain();
    let snapshot = Snapshot {
        council: COUNCIL,
        audience: AUDIENCE,
        generation: 1,
        seq: 3,
        hash: positions[2].hash,
        entries: vec![entries[1].clone()],
    };
    let (hello, _) = pair_hello();
    vec![
        to_cbor(&ChainPage {
            entries: entries.clone(),
        }),
        entries[1].header_bytes.clone(),
        entries[1].sealed_payload.clone().unwrap(),
        snapshot.sign(&feed_key()).unwrap().to_bytes(),
        head(1).sign(&feed_key()).unwrap().0,
        root().sign(&root_key()).unwrap().0,
        receipt().sign(&device_key()).unwrap().0,
        to_cbor(&hello),
        to_cbor(&pair_start()),
        to_cbor(&meeting_object()),
        sealed_file(&plain(200)).0,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rule_n6_no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_everywhere(&bytes);
    }

    #[test]
    fn rule_n6_no_damage_panics(which in 0usize..11, place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = specimens()[which].clone();
        let at = place.index(bytes.len());
        bytes[at] = byte;
        read_everywhere(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        read_everywhere(&bytes);
    }

    #[test]
    fn rule_n6_no_text_panics(text in "\\PC{0,60}") {
        read_text_everywhere(&text);
    }
}

#[test]
fn rule_n6_hostile_sizes_are_answered_at_once() {
    // Announce 2^64 - 1 elements and deep nesting in a few bytes.
    let huge_array = [
        0xa1, 0x00, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];
    let huge_bytes = [
        0xa1, 0x00, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];
    let mut deep = vec![0xa1, 0x18, 0x63];
    deep.extend(std::iter::repeat_n(0x81, 200_000));
    deep.push(0x00);
    for bytes in [&huge_array[..], &huge_bytes, &deep] {
        read_everywhere(bytes);
    }
}
