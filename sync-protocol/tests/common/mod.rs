//! A small council with fixed keys: one specimen of every format, for rule tests, flips and vectors.
// Each test binary uses its own part of this.
#![allow(dead_code, unused_imports, unused_macros, clippy::unwrap_used)]

pub mod faction;
pub mod readers;

use sync_protocol::chain::{ChainPosition, Entry, EntryDraft, Op, make_entry};
use sync_protocol::class_key::*;
use sync_protocol::encrypted_file::{self, FileKey};
use sync_protocol::head::*;
use sync_protocol::ids::*;
use sync_protocol::key_box::DeviceBoxKey;
use sync_protocol::model::*;
use sync_protocol::pairing::*;
use sync_protocol::receipt::Receipt;
use sync_protocol::root::RootDocument;
use sync_protocol::sign::SigningKey;

/// 2026-09-01 10:00 UTC.
pub const NOW_MS: i64 = 1_788_256_800_000;
pub const COUNCIL: CouncilId = CouncilId::from_bytes([0xc0; 16]);
pub const DEVICE: DeviceId = DeviceId::from_bytes([0xd0; 16]);
pub const AUDIENCE: AudienceId = AudienceId::from_bytes([0xa0; 16]);
pub const OTHER_AUDIENCE: AudienceId = AudienceId::from_bytes([0xa1; 16]);
pub const FILE: ObjectId = ObjectId::from_bytes([0xf1; 16]);
pub const MEETING: ObjectId = ObjectId::from_bytes([0x11; 16]);
pub const EPOCH: KeyEpoch = KeyEpoch(3);
pub const SALT: [u8; 16] = [0x5a; 16];

pub fn root_key() -> SigningKey {
    SigningKey::from_bytes([1; 32])
}
pub fn feed_key() -> SigningKey {
    SigningKey::from_bytes([2; 32])
}
pub fn device_key() -> SigningKey {
    SigningKey::from_bytes([3; 32])
}
pub fn box_key() -> DeviceBoxKey {
    DeviceBoxKey::from_bytes([4; 32])
}
pub fn class_key() -> ClassKey {
    ClassKey::from_bytes([5; 32])
}
pub fn file_key() -> FileKey {
    FileKey::from_bytes([6; 32])
}
pub fn code() -> InvitationCode {
    InvitationCode::from_bytes(*b"fifteen bytes!!")
}

/// `len` bytes that differ from place to place.
pub fn plain(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i % 251) as u8).collect()
}

pub fn sealed_file(plain: &[u8]) -> (Vec<u8>, BlobId) {
    let mut out = Vec::new();
    let blob_id =
        encrypted_file::seal(&file_key(), SALT, plain, plain.len() as u64, &mut out).unwrap();
    (out, blob_id)
}

/// Opens a whole file the way SPEC E7 says; `None` if anything is refused.
pub fn open_file(bytes: &[u8], key: &FileKey) -> Option<Vec<u8>> {
    let header: &[u8; 80] = bytes.first_chunk()?;
    let opener = encrypted_file::open_header(header, key).ok()?;
    let chunk = |n: u64| {
        let range = opener.chunk_range(n);
        let end = (range.end as usize).min(bytes.len());
        let mut buffer = bytes.get(range.start as usize..end)?.to_vec();
        opener.open_chunk(n, &mut buffer).ok()?;
        Some(buffer)
    };
    chunk(opener.last_chunk())?;
    if bytes.len() as u64 != opener.ciphertext_len() {
        return None;
    }
    let mut out = Vec::new();
    for n in 0..opener.chunk_count() {
        out.extend(chunk(n)?);
    }
    Some(out)
}

pub fn file_object(blob_id: BlobId) -> File {
    File {
        id: FILE,
        name: "Vorlage Radweg".into(),
        file_name: "vorlage.pdf".into(),
        mime_type: "application/pdf".into(),
        blob_id,
        byte_len: 1234,
        page_count: Some(12),
        revision: 2,
        revision_of_date: Some("2026-08-20".into()),
        change_note: None,
    }
}

pub fn meeting_object() -> Meeting {
    Meeting {
        id: MEETING,
        name: "Sitzung des Stadtrates".into(),
        start: "2026-09-10T17:00:00+02:00".into(),
        end: None,
        location: Some("Rathaus".into()),
        room: Some("Saal 1".into()),
        organizations: vec![ObjectId::from_bytes([0x22; 16])],
        cancelled: false,
        invitation: Some(FILE),
        invitation_revision: 1,
        results_protocol: None,
        number: Some("21/2026".into()),
        auxiliary_files: Vec::new(),
    }
}

pub fn file_key_context(blob_id: BlobId) -> FileKeyContext {
    FileKeyContext {
        council: COUNCIL,
        object: FILE,
        revision: 2,
        blob_id,
    }
}

pub fn context(kind: ObjectKind, object: ObjectId, revision: u32) -> EntryContext {
    EntryContext {
        council: COUNCIL,
        audience: AUDIENCE,
        object_kind: kind,
        object,
        revision,
        key_epoch: EPOCH,
    }
}

pub fn draft(object: &CouncilObject, revision: u32) -> EntryDraft {
    let context = context(object.kind(), object.id(), revision);
    let wrapped = object.blob_id().map(|blob_id| {
        wrap_file_key(&class_key(), &file_key_context(blob_id), &file_key())
            .unwrap()
            .0
    });
    EntryDraft {
        op: Op::Upsert,
        object_kind: object.kind(),
        object: object.id(),
        revision,
        key_epoch: EPOCH,
        blob_id: object.blob_id(),
        sealed_payload: Some(seal_payload(&class_key(), &context, &object.to_payload()).unwrap()),
        wrapped_file_key: wrapped,
    }
}

pub fn tombstone(kind: ObjectKind, object: ObjectId) -> EntryDraft {
    EntryDraft {
        op: Op::Tombstone,
        object_kind: kind,
        object,
        revision: 0,
        key_epoch: EPOCH,
        blob_id: None,
        sealed_payload: None,
        wrapped_file_key: None,
    }
}

/// Three entries: a meeting, a file with wrapped key, the meeting's tombstone. Seals are random, so they are made once.
pub fn chain() -> (Vec<Entry>, Vec<ChainPosition>) {
    static CHAIN: std::sync::OnceLock<(Vec<Entry>, Vec<ChainPosition>)> =
        std::sync::OnceLock::new();
    CHAIN.get_or_init(make_chain).clone()
}

fn make_chain() -> (Vec<Entry>, Vec<ChainPosition>) {
    let (_, blob_id) = sealed_file(&plain(100));
    let drafts = [
        draft(&meeting_object().into(), 1),
        draft(&file_object(blob_id).into(), 2),
        tombstone(ObjectKind::Meeting, MEETING),
    ];
    let mut at = ChainPosition::START;
    let mut entries = Vec::new();
    let mut positions = Vec::new();
    for draft in drafts {
        let (entry, next) = make_entry(AUDIENCE, &at, draft).unwrap();
        entries.push(entry);
        positions.push(next);
        at = next;
    }
    (entries, positions)
}

pub fn audience_head(id: AudienceId, seq: u64, hash: u8) -> AudienceHead {
    AudienceHead {
        id,
        kind: AudienceKind::Organization,
        seq,
        hash: Hash::from_bytes([hash; 32]),
        key_epoch: EPOCH,
        readable_until_ms: None,
    }
}

pub fn head(counter: u64) -> DeviceHead {
    DeviceHead {
        council: COUNCIL,
        device: DEVICE,
        generation: 1,
        counter,
        issued_at_ms: NOW_MS,
        expires_at_ms: NOW_MS + 30 * 86_400_000,
        audiences: vec![
            audience_head(AUDIENCE, 3, 7),
            audience_head(OTHER_AUDIENCE, 9, 8),
        ],
        confirmed_at_ms: None,
    }
}

pub fn root() -> RootDocument {
    RootDocument {
        council: COUNCIL,
        name: "Stadt Musterow".into(),
        root_key: root_key().public().unwrap(),
        generation: 1,
        feed_key: feed_key().public().unwrap(),
        tls_spki: vec![[9; 32]],
        issued_at_ms: NOW_MS,
        serial: 4,
    }
}

pub fn pair_start() -> PairStart {
    PairStart {
        invitation: code().invitation_id(),
        device_sign: device_key().public().unwrap(),
        device_box: box_key().public().unwrap(),
        nonce: PairNonce::from_bytes([0x21; 32]),
    }
}

pub fn pair_hello() -> (PairHello, Transcript) {
    let root = root().sign(&root_key()).unwrap();
    make_hello(
        &code(),
        &pair_start(),
        root,
        PairNonce::from_bytes([0x22; 32]),
        DEVICE,
    )
}

pub fn receipt() -> Receipt {
    Receipt {
        council: COUNCIL,
        device: DEVICE,
        meeting: MEETING,
        invitation_revision: 1,
        blob_id: BlobId::from_bytes([0xb0; 32]),
        at_ms: NOW_MS,
    }
}

/// One object of each kind, most fields filled.
pub fn one_of_each() -> Vec<CouncilObject> {
    let id = |byte: u8| ObjectId::from_bytes([byte; 16]);
    let text = |text: &str| Some(text.to_owned());
    vec![
        Body {
            id: id(1),
            name: "Stadt Musterow".into(),
            contact: text("Büro des Stadtrates"),
        }
        .into(),
        Organization {
            id: id(2),
            name: "Ausschuss für Bau und Verkehr".into(),
            short_name: text("Bauausschuss"),
            organization_type: text("Ausschuss"),
            classification: None,
            term: Some(id(5)),
            start_date: text("2024-07-01"),
            end_date: None,
        }
        .into(),
        Person {
            id: id(3),
            name: "Erika Beispiel".into(),
            form_of_address: text("Frau"),
            title: text("Dr."),
        }
        .into(),
        Membership {
            id: id(4),
            person: id(3),
            organization: id(2),
            role: text("Mitglied"),
            voting_right: true,
            start_date: text("2024-07-01"),
            end_date: None,
        }
        .into(),
        LegislativeTerm {
            id: id(5),
            name: "2024–2029".into(),
            start_date: text("2024-07-01"),
            end_date: None,
        }
        .into(),
        meeting_object().into(),
        AgendaItem {
            id: id(7),
            meeting: MEETING,
            number: text("Ö 5.1"),
            order: 4,
            name: "Radweg Rödigen".into(),
            public: true,
            consultation: Some(id(9)),
            paper: Some(id(8)),
            result: None,
            resolution_text: None,
            role: text("Entscheidung"),
            late: true,
            files: vec![],
        }
        .into(),
        Paper {
            id: id(8),
            reference: text("2026/184"),
            name: "Radweg Rödigen".into(),
            paper_type: text("Beschlussvorlage"),
            date: text("2026-08-20"),
            public: true,
            main_file: Some(FILE),
            auxiliary_files: vec![id(0x31), id(0x32)],
            originator: text("Bürgermeisterin"),
            villages: vec!["Rödigen".into()],
            superseded_note: None,
        }
        .into(),
        Consultation {
            id: id(9),
            paper: id(8),
            agenda_item: Some(id(7)),
            meeting: Some(MEETING),
            organization: Some(id(2)),
            role: text("Vorberatung"),
            authoritative: false,
            result: text("zugestimmt"),
        }
        .into(),
        file_object(BlobId::of(b"ciphertext")).into(),
    ]
}
