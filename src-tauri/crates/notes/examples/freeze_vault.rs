//! Writes a vault with a row of every kind, to be frozen in `tests/frozen/` when a schema or format is released.
//! `tests/frozen.rs` says what stands in it. Prints the recovery code.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use notes::{
    Anchor, AudienceId, BlobId, Color, CouncilId, InkPoint, MarkBody, MarkChange, MarkDraft,
    NoteStore, ObjectId, Place, Quote, Rect, Tally, Target, TargetKey,
};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::head::HighWater;
use sync_protocol::ids::DeviceId;
use sync_protocol::root::SignedRoot;
use sync_protocol::sign::PublicKey;
use vault::{CouncilRecord, DeviceKeys, KdfCost, Passphrase, Vault};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const FILE: ObjectId = ObjectId::from_bytes([2; 16]);
const BLOB: BlobId = BlobId::from_bytes([3; 32]);
const AUDIENCE: AudienceId = AudienceId::from_bytes([4; 16]);
const ITEM: ObjectId = ObjectId::from_bytes([5; 16]);

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("the folder is missing")?;
    let passphrase = Passphrase::new("apfel birne kirsche traube melone");
    let (vault, code) = Vault::create_with(Path::new(&folder), &passphrase, KdfCost::STANDARD)?;
    println!("{}", code.to_display().as_str());
    let vault = Arc::new(vault);
    fill_keyring(&vault)?;
    fill_notes(&NoteStore::open(vault)?)
}

fn fill_keyring(vault: &Vault) -> Result<(), Box<dyn Error>> {
    let device = DeviceId::from_bytes([6; 16]);
    let record = CouncilRecord {
        council: COUNCIL,
        name: "Rat der Stadt Beispiel".into(),
        person_name: "Erika Beispiel".into(),
        address: "https://rat.example".into(),
        root_key: PublicKey([7; 32]),
        device,
        signed_root: SignedRoot(vec![1, 2, 3]),
        head_high_water: HighWater::new(COUNCIL, device),
        signed_head: None,
        confirmed: true,
        confirm_words: Vec::new(),
        revoked: false,
        paired_at_ms: 1_000,
        last_sync_at_ms: Some(2_000),
        ended_audiences: Vec::new(),
        forgetting: vault::Forgetting::default(),
    };
    let keys = DeviceKeys {
        signing_key: sync_protocol::sign::SigningKey::from_bytes([8; 32]),
        box_key: sync_protocol::key_box::DeviceBoxKey::from_bytes([9; 32]),
    };
    vault.keyring().add_council(record, &keys)?;
    vault.keyring().put_class_keys(
        COUNCIL,
        &[(AUDIENCE, KeyEpoch(3), ClassKey::from_bytes([10; 32]))],
    )?;
    Ok(())
}

fn fill_notes(store: &NoteStore) -> Result<(), Box<dyn Error>> {
    let in_file = |sealed_class, exact: &str| Anchor {
        council: COUNCIL,
        target: Target::File {
            file: FILE,
            blob_id: BLOB,
            revision: 2,
        },
        page: Some(4),
        rects: vec![Rect {
            left: 72.0,
            bottom: 700.5,
            right: 300.25,
            top: 712.0,
        }],
        quote: Some(Quote {
            exact: exact.into(),
            prefix: "vor".into(),
            suffix: "nach".into(),
        }),
        sealed_class,
    };
    let highlight = MarkBody::Highlight {
        color: Color::Yellow,
        text: Some("prüfen".into()),
    };
    store.mark_create(
        &MarkDraft {
            anchor: in_file(None, "öffentlich"),
            body: highlight,
            made_at_item: None,
            imported_from: None,
        },
        10,
    )?;
    let note = MarkBody::Note {
        text: "erste Fassung".into(),
    };
    let note = store.mark_create(
        &MarkDraft {
            anchor: in_file(Some(AUDIENCE), "geheim"),
            body: note,
            made_at_item: None,
            imported_from: None,
        },
        20,
    )?;
    let change = MarkChange {
        text: Some("zweite Fassung".into()),
        ..MarkChange::default()
    };
    store.mark_update(note.id, &change, 30)?;
    let stroke = vec![
        InkPoint {
            x: 72.0,
            y: 700.25,
            pressure: 0.0,
        },
        InkPoint {
            x: 71.5,
            y: 701.0,
            pressure: 1.0,
        },
    ];
    let ink = MarkBody::Ink {
        color: Color::Graphite,
        width_pt: 1.5,
        strokes: vec![stroke],
    };
    let ink = store.mark_create(
        &MarkDraft {
            anchor: in_file(None, "gezeichnet"),
            body: ink,
            made_at_item: None,
            imported_from: None,
        },
        40,
    )?;
    store.mark_delete(ink.id, 50)?;
    let at_item = Anchor {
        council: COUNCIL,
        target: Target::AgendaItem(ITEM),
        page: None,
        rects: Vec::new(),
        quote: None,
        sealed_class: None,
    };
    store.mark_create(
        &MarkDraft {
            anchor: at_item,
            body: MarkBody::Note {
                text: "zum TOP".into(),
            },
            made_at_item: None,
            imported_from: None,
        },
        60,
    )?;
    store.undo(
        TargetKey {
            council: COUNCIL,
            kind: notes::TargetKind::AgendaItem,
            object: ITEM,
        },
        70,
    )?;
    store.place_set(
        COUNCIL,
        FILE,
        Place {
            page: 4,
            offset: 0.5,
            zoom: 1.25,
            rotation: 0,
            is_single: false,
        },
        80,
    )?;
    store.pages_read_add(COUNCIL, FILE, BLOB, &[0, 4], 90)?;
    store.visit_set(COUNCIL, ITEM, 100)?;
    store.tally_set(COUNCIL, ITEM, Some(Tally::Abstain), 110)?;
    store.setting_set("language", Some("de"))?;
    Ok(())
}
