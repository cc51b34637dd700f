//! What the stories of notes share: an open store in a temporary folder, drafts of marks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    dead_code,
    reason = "test helpers, not all used in each file"
)]

use notes::{
    Anchor, AudienceId, BlobId, Color, CouncilId, FileVersion, InkPoint, MarkBody, MarkDraft,
    NoteStore, ObjectId, PageLetters, Quote, Rect, Target, TargetKey,
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

/// The next version of [`FILE`].
pub const NEWER: FileVersion = FileVersion {
    council: COUNCIL,
    file: FILE,
    blob_id: BlobId::from_bytes([30; 32]),
    revision: 2,
    sealed_class: None,
};
/// The first version of [`FILE`].
pub const OLDER: FileVersion = FileVersion {
    blob_id: BLOB,
    revision: 1,
    ..NEWER
};

/// A page of typewritten lines: each letter 6 points wide, each line 14 points below the one before.
pub fn page(lines: &[&str]) -> PageLetters {
    let mut page = PageLetters {
        shown: Some(Rect {
            left: 0.0,
            bottom: 0.0,
            right: 595.0,
            top: 842.0,
        }),
        ..PageLetters::default()
    };
    for (row, line) in lines.iter().enumerate() {
        let start = page.letters.len();
        let bottom = 780.0 - row as f32 * 14.0;
        for (column, letter) in line.chars().enumerate() {
            let left = 70.0 + column as f32 * 6.0;
            page.letters.push(letter);
            page.boxes.push(Rect {
                left,
                bottom,
                right: left + 6.0,
                top: bottom + 10.0,
            });
        }
        page.lines.push(start..page.letters.len());
        page.letters.push('\n');
        page.boxes.push(Rect {
            left: 0.0,
            bottom: 0.0,
            right: 0.0,
            top: 0.0,
        });
    }
    page
}

/// A highlight on words of a page, as the app makes it: where they stand first.
pub fn marked(page: &PageLetters, number: u32, words: &str) -> MarkDraft {
    let text: String = page.letters.iter().collect();
    let start = text[..text.find(words).expect("the words are there")]
        .chars()
        .count();
    let end = start + words.chars().count();
    let tidy = |from: usize, to: usize| {
        let letters = &page.letters[from.min(page.letters.len())..to.min(page.letters.len())];
        let said: String = letters.iter().collect();
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let rects = page.lines.iter().filter_map(|line| {
        let boxes =
            &page.boxes[line.start.max(start)..line.end.min(end).max(line.start.max(start))];
        Some(Rect {
            left: boxes.first()?.left,
            bottom: boxes.first()?.bottom,
            right: boxes.last()?.right,
            top: boxes.first()?.top,
        })
    });
    let anchor = Anchor {
        rects: rects.collect(),
        quote: Some(Quote {
            exact: tidy(start, end),
            prefix: tidy(start.saturating_sub(32), start),
            suffix: tidy(end, end + 32),
        }),
        ..file_anchor(number)
    };
    let body = MarkBody::Highlight {
        color: Color::Yellow,
        text: None,
    };
    MarkDraft::new(anchor, body)
}

/// Handwriting in the line of some words, to the right of where they begin.
pub fn scribbled(page: &PageLetters, number: u32, words: &str) -> MarkDraft {
    let place = marked(page, number, words).anchor.rects[0];
    let point = |x: f32, y: f32| InkPoint {
        x,
        y,
        pressure: 1.0,
    };
    let anchor = Anchor {
        rects: Vec::new(),
        ..file_anchor(number)
    };
    let body = MarkBody::Ink {
        color: Color::Red,
        width_pt: 1.5,
        strokes: vec![vec![
            point(place.left, place.bottom - 1.0),
            point(place.right, place.bottom - 1.0),
        ]],
    };
    MarkDraft::new(anchor, body)
}
