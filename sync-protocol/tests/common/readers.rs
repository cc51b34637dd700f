//! Every reader of the protocol, for tests and fuzzers: whatever comes, each gives an answer.

use super::*;
use sync_protocol::cbor::{from_cbor_exact, from_cbor_lenient, to_cbor};
use sync_protocol::chain::*;
use sync_protocol::class_key::*;
use sync_protocol::encrypted_file::open_header;
use sync_protocol::faction::device::{FactionKeys, Fingerprint};
use sync_protocol::faction::qr::QrInvitation;
use sync_protocol::faction::seed::*;
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
use sync_protocol::sign::PublicKey;
use sync_protocol::snapshot::*;
use sync_protocol::wire::WireError;

/// What the readers need and no input changes: made once, as millions of inputs are tried.
struct Prepared {
    feed: PublicKey,
    class: ClassKey,
    file: FileKey,
    boxes: DeviceBoxKey,
    space: super::faction::Space,
    own: FactionKeys,
    seed: EpochSeed,
    headers: [(&'static str, String); 3],
}

fn prepared() -> &'static Prepared {
    static PREPARED: std::sync::OnceLock<Prepared> = std::sync::OnceLock::new();
    PREPARED.get_or_init(|| {
        let nonce = RequestNonce([0; 16]);
        Prepared {
            feed: feed_key().public().unwrap(),
            class: class_key(),
            file: file_key(),
            boxes: box_key(),
            space: super::faction::Space::of_three(),
            own: super::faction::keys(2),
            seed: super::faction::seed(1),
            headers: sign_request(&device_key(), DEVICE, "GET", "/", b"", NOW_MS, nonce).unwrap(),
        }
    })
}

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
    let Prepared {
        feed,
        class,
        file,
        boxes,
        ..
    } = prepared();
    let _ = SignedRoot(bytes.to_vec()).verify(None);
    let _ = SignedHead(bytes.to_vec()).verify(feed, &COUNCIL, &DEVICE, 1);
    let _ = SignedReceipt(bytes.to_vec()).verify(feed, &COUNCIL, &DEVICE);
    let _ =
        SignedSnapshot::from_bytes(bytes).map(|s| s.verify(feed, &COUNCIL, &AUDIENCE, 1).is_ok());
    let _ = EntryHeader::from_bytes(bytes);
    let _ = ChainPage::from_bytes(bytes)
        .map(|page| verify_page(AUDIENCE, &ChainPosition::START, page.entries).is_ok());
    for kind in ObjectKind::ALL.iter().chain([&ObjectKind::Unknown(99)]) {
        let _ = CouncilObject::from_payload(*kind, FILE, bytes);
    }
    let _ = open_payload(class, &context(ObjectKind::Paper, FILE, 1), bytes);
    let _ = open_local(class, "quote", b"", bytes);
    let _ = unwrap_file_key(
        class,
        &file_key_context(BlobId::of(b"")),
        &WrappedFileKey(bytes.to_vec()),
    );
    let boxed = KeyBox {
        audience: AUDIENCE,
        epoch: EPOCH,
        bytes: bytes.to_vec(),
    };
    let _ = open_key_box(boxes, &COUNCIL, &DEVICE, &boxed);
    let _ = DeviceBoxPublic(bytes.to_vec()).check();
    let _ = open_file(bytes, file);
    let _ = bytes
        .first_chunk()
        .map(|header| open_header(header, file).is_ok());
    let _ = AudienceId::try_from(bytes);
    read_faction_everywhere(bytes);
}

fn read_faction_everywhere(bytes: &[u8]) {
    use super::faction::ITEM;
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
    let Prepared {
        class,
        space,
        own,
        seed,
        ..
    } = prepared();
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
    let _ = inner::open_inner(class, place, &sealed);
    let boxed = seed_box::SeedBox {
        device: own.device,
        epoch: Epoch(1),
        head: space.roster.head().hash,
        bytes: bytes.to_vec(),
    };
    assert!(seed_box::open_seed_box(&space.roster, &own.boxes, own.device, &boxed).is_err());
    let name = SealedName(bytes.to_vec());
    let _ = open_name(seed, Named::Faction, &name);
    let previous = SealedSeed(bytes.to_vec());
    let _ = open_previous(seed, &space.id(), Epoch(1), &previous);
}

/// Gives `text` to every reader of what is typed, scanned, or stands in a header or an address.
pub fn read_text_everywhere(text: &str) {
    let _ = InvitationCode::parse(text);
    let _ = RecoveryCode::parse(text);
    let _ = QrInvitation::parse(text);
    let _ = QrInvitation::parse(&format!("RATSMAPPE1:{text}"));
    let _ = sync_protocol::faction::join::LetterCode::parse(text);
    let _ = sync_protocol::faction::paper::PaperKey::parse(text);
    let _ = text.parse::<CouncilId>();
    let _ = text.parse::<BlobId>();
    for place in 0..3 {
        let mut headers = prepared()
            .headers
            .each_ref()
            .map(|(_, value)| value.as_str());
        headers[place] = text;
        let _ = RequestHeaders::parse(headers[0], headers[1], headers[2]);
    }
}

/// Good bytes of each format.
pub fn specimens() -> &'static [Vec<u8>] {
    static MADE: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    MADE.get_or_init(make_specimens)
}

/// A good text of each kind: codes as they are printed and as they are kept, what a QR code holds, ids, headers of a request.
pub fn text_specimens() -> Vec<Vec<u8>> {
    let paper = sync_protocol::faction::paper::PaperKey::from_bytes([8; 20]);
    let person = Fingerprint(Hash::from_bytes([9; 32]));
    let scanned = QrInvitation::from_parts(prepared().space.id(), person, NOW_MS, [7; 20]);
    let texts = [
        code().to_display().to_string(),
        RecoveryCode::from_bytes([7; 20]).to_display().to_string(),
        paper.to_text().to_lowercase(),
        scanned.to_text().to_string(),
        BlobId::of(b"").to_string(),
        COUNCIL.to_string(),
    ];
    let headers = prepared().headers.iter().map(|(_, value)| value.clone());
    texts
        .into_iter()
        .chain(headers)
        .map(String::into_bytes)
        .collect()
}

/// Gives what is text among `bytes` to every reader of text.
pub fn read_as_text(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        read_text_everywhere(text);
    }
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
