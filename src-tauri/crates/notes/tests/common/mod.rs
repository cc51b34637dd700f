//! What the stories of notes share: an open store in a temporary folder, drafts of marks.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "test helpers, not all used in each file"
)]

use notes::{
    Anchor, AudienceId, BlobId, Color, CouncilId, InkPoint, MarkBody, MarkDraft, NoteStore,
    ObjectId, Quote, Rect, Target, TargetKey,
};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use vault::{KdfCost, Passphrase, Vault};

pub const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
pub const FILE: ObjectId = ObjectId::from_bytes([2; 16]);
pub const BLOB: BlobId = BlobId::from_bytes([3; 32]);
pub const AUDIENCE: AudienceId = AudienceId::from_bytes([4; 16]);
pub const KEY: TargetKey = TargetKey {
    council: COUNCIL,
    kind: notes::TargetKind::File,
    object: FILE,
};

pub fn passphrase() -> Passphrase {
    Passphrase::new("apfel birne kirsche traube melone")
}

pub fn new_vault() -> (TempDir, Arc<Vault>) {
    let folder = tempfile::tempdir().unwrap();
    let (vault, _) =
        Vault::create_with(folder.path(), &passphrase(), KdfCost::for_tests()).unwrap();
    (folder, Arc::new(vault))
}

pub fn new_store() -> (TempDir, NoteStore) {
    let (folder, vault) = new_vault();
    let store = NoteStore::open(vault).unwrap();
    (folder, store)
}

/// The store after the app was closed and opened again.
pub fn reopened(folder: &Path) -> NoteStore {
    NoteStore::open(Arc::new(Vault::unlock(folder, &passphrase()).unwrap())).unwrap()
}

pub fn rect(at: f32) -> Rect {
    Rect {
        left: at,
        bottom: at,
        right: at + 10.0,
        top: at + 5.0,
    }
}

pub fn file_anchor(page: u32) -> Anchor {
    Anchor {
        council: COUNCIL,
        target: Target::File {
            file: FILE,
            blob_id: BLOB,
            revision: 1,
        },
        page: Some(page),
        rects: vec![rect(72.0)],
        quote: None,
        sealed_class: None,
    }
}

pub fn anchor_at(target: Target) -> Anchor {
    Anchor {
        council: COUNCIL,
        target,
        page: None,
        rects: Vec::new(),
        quote: None,
        sealed_class: None,
    }
}

pub fn quote(exact: &str) -> Quote {
    Quote {
        exact: exact.into(),
        prefix: "davor ".into(),
        suffix: " danach".into(),
    }
}

pub fn note(text: &str) -> MarkDraft {
    MarkDraft {
        anchor: file_anchor(0),
        body: MarkBody::Note { text: text.into() },
        made_at_item: None,
        imported_from: None,
    }
}

pub fn ink(points: usize) -> MarkDraft {
    let stroke = (0..points)
        .map(|n| InkPoint {
            x: 72.0 + n as f32 * 0.5,
            y: 700.0 - n as f32 * 0.25,
            pressure: 1.0,
        })
        .collect();
    let body = MarkBody::Ink {
        color: Color::Graphite,
        width_pt: 1.5,
        strokes: vec![stroke],
    };
    MarkDraft {
        anchor: file_anchor(0),
        body,
        made_at_item: None,
        imported_from: None,
    }
}

pub fn texts(store: &NoteStore) -> Vec<String> {
    let marks = store.list_for_file(COUNCIL, FILE).unwrap();
    marks
        .iter()
        .map(|mark| mark.body.text().unwrap_or("-").to_owned())
        .collect()
}
