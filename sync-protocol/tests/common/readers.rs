//! Every reader of the protocol, for tests and fuzzers: whatever comes, each gives an answer.

use super::*;
use sync_protocol::cbor::{from_cbor_exact, from_cbor_lenient, to_cbor};
use sync_protocol::chain::*;
use sync_protocol::class_key::*;
use sync_protocol::encrypted_file::open_header;
use sync_protocol::faction::wire::News;
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
pub fn read_everywhere(bytes: &[u8]) {
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
    read_faction_everywhere(bytes);
}

fn read_faction_everywhere(bytes: &[u8]) {
    use super::faction::*;
    use sync_protocol::faction::*;
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
        device::DeviceClaim,
        device::DeviceRecord,
        link::Genesis,
        link::AddUser,
        link::AddDevice,
        link::RemoveUser,
        link::SetRole,
        link::Rotate,
        link::Cut,
        seed_box::SeedBox,
        envelope::EnvelopeHeader,
        envelope::AuthorPosition,
        content::Content,
        inner::Inner,
        snapshot::Kept,
        join::JoinStart,
        join::JoinHello,
        join::JoinFinish,
        join::JoinNames,
        wire::Entry,
        wire::Founding,
        wire::Append,
        wire::Ordered,
        wire::News,
        wire::PlacedSnapshot,
        wire::OpenInvitation,
        wire::JoinBox
    );
    static SPACE: std::sync::OnceLock<Space> = std::sync::OnceLock::new();
    let space = SPACE.get_or_init(Space::of_three);
    let start = envelope::AuthorPosition::START;
    let link = link::SignedLink(bytes.to_vec());
    let _ = (link.read(), link.place(), link.hash());
    let _ = roster::Roster::begin(&link, None);
    assert!(space.roster.clone().append(&link).is_err());
    let signed = envelope::SignedEnvelope(bytes.to_vec());
    let _ = (signed.header(), signed.hash());
    let _ = envelope::verify_envelope(&space.roster, &start, &signed);
    let _ = snapshot::SignedSnapshot::from_bytes(bytes)
        .map(|read| read.verify(&space.roster, |_| start).is_ok());
    let _ = content::Content::from_bytes(bytes);
    let place = inner::InnerPlace {
        faction: space.id(),
        item: ITEM,
        kind: 1,
    };
    let sealed = inner::Inner {
        council: COUNCIL,
        audience: AUDIENCE,
        epoch: EPOCH,
        sealed: bytes.to_vec(),
    };
    let _ = inner::open_inner(&class_key(), place, &sealed);
    let boxed = seed_box::SeedBox {
        device: keys(2).device,
        epoch: seed::Epoch(1),
        head: space.roster.head().hash,
        bytes: bytes.to_vec(),
    };
    let own = keys(2);
    assert!(seed_box::open_seed_box(&space.roster, &own.boxes, own.device, &boxed).is_err());
    let name = seed::SealedName(bytes.to_vec());
    let _ = seed::open_name(&seed(1), seed::Named::Faction, &name);
    let previous = seed::SealedSeed(bytes.to_vec());
    let _ = seed::open_previous(&seed(1), &space.id(), seed::Epoch(1), &previous);
}

pub fn read_text_everywhere(text: &str) {
    let _ = InvitationCode::parse(text);
    let _ = RecoveryCode::parse(text);
    let _ = sync_protocol::faction::qr::QrInvitation::parse(text);
    let _ = sync_protocol::faction::qr::QrInvitation::parse(&format!("RATSMAPPE1:{text}"));
    let _ = sync_protocol::faction::join::LetterCode::parse(text);
    let _ = sync_protocol::faction::paper::PaperKey::parse(text);
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

/// Good bytes of each format.
pub fn specimens() -> &'static [Vec<u8>] {
    static MADE: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    MADE.get_or_init(make_specimens)
}

fn make_specimens() -> Vec<Vec<u8>> {
    let space = super::faction::Space::of_three();
    let start = sync_protocol::faction::envelope::AuthorPosition::START;
    let (envelope, _) = space.says(2, &start, "Radweg");
    let seed_box = sync_protocol::faction::seed_box::make_seed_box(
        &space.roster,
        &super::faction::seed(1),
        super::faction::keys(2).device,
    )
    .unwrap();
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
        space.links[0].as_bytes().to_vec(),
        space.links[1].as_bytes().to_vec(),
        envelope.as_bytes().to_vec(),
        space.snapshot(1, vec![]).unwrap().to_bytes(),
        to_cbor(&News {
            links: space.links.clone(),
            boxes: vec![seed_box.clone()],
            envelopes: vec![envelope],
            upto: 1,
            has_more: false,
            snapshot_upto: 0,
        }),
        to_cbor(&seed_box),
    ]
}
