//! Writes notes without end and tells each one once it is stored: to be killed by a test that then looks for them.
//!
//! `crash_writer DIR [--lie]` opens the vault in DIR with the passphrase of the tests and prints lines `+ ID TEXT`
//! (made or changed) and `- ID` (deleted). With `--lie` it tells of each change before it is made: a test that does not
//! notice that is worth nothing.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use notes::{
    Anchor, CouncilId, MarkBody, MarkChange, MarkDraft, MarkId, NoteStore, ObjectId, Target,
};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use vault::{Passphrase, Vault};

const PASSPHRASE: &str = "apfel birne kirsche traube melone";

/// One change, planned before it is made.
enum Change {
    Create { text: String },
    Update { mark: MarkId, text: String },
    Delete { mark: MarkId },
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("the vault's folder is missing")?;
    let is_lying = arguments.next().as_deref() == Some("--lie");
    let vault = Vault::unlock(Path::new(&folder), &Passphrase::new(PASSPHRASE))?;
    let store = NoteStore::open(Arc::new(vault))?;
    let mut out = std::io::stdout().lock();
    if is_lying {
        return lie(&store, &mut out);
    }
    let mut latest: Option<MarkId> = None;
    for number in 0i64.. {
        let text = format!("{}-{number}", std::process::id());
        let change = match (number % 4, latest) {
            (1 | 2, Some(mark)) => Change::Update { mark, text },
            (3, Some(mark)) if number % 8 == 3 => Change::Delete { mark },
            _ => Change::Create { text },
        };
        let line = apply(&store, &change, number, &mut latest)?;
        writeln!(out, "{line}")?;
        out.flush()?;
    }
    Ok(())
}

/// Changes one note, always telling the next change before it makes the one told last.
fn lie(store: &NoteStore, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut latest = None;
    apply(
        store,
        &Change::Create { text: "0-0".into() },
        0,
        &mut latest,
    )?;
    let mark = latest.ok_or("no note was made")?;
    for number in 1i64.. {
        writeln!(out, "+ {mark} 0-{number}")?;
        out.flush()?;
        apply(
            store,
            &Change::Update {
                mark,
                text: format!("0-{}", number - 1),
            },
            number,
            &mut latest,
        )?;
    }
    Ok(())
}

fn apply(
    store: &NoteStore,
    change: &Change,
    now_ms: i64,
    latest: &mut Option<MarkId>,
) -> Result<String, Box<dyn Error>> {
    Ok(match change {
        Change::Create { text } => {
            let anchor = Anchor {
                council: CouncilId::from_bytes([1; 16]),
                target: Target::Paper(ObjectId::from_bytes([2; 16])),
                page: None,
                rects: Vec::new(),
                quote: None,
                sealed_class: None,
            };
            let mark = store.mark_create(
                &MarkDraft {
                    anchor,
                    body: MarkBody::Note { text: text.clone() },
                    made_at_item: None,
                    imported_from: None,
                },
                now_ms,
            )?;
            *latest = Some(mark.id);
            format!("+ {} {text}", mark.id)
        }
        Change::Update { mark, text } => {
            let change = MarkChange {
                text: Some(text.clone()),
                ..MarkChange::default()
            };
            store.mark_update(*mark, &change, now_ms)?;
            format!("+ {mark} {text}")
        }
        Change::Delete { mark } => {
            store.mark_delete(*mark, now_ms)?;
            *latest = None;
            format!("- {mark}")
        }
    })
}
