//! A member who makes marks without end and tells of each once it is stored, for programs that are killed or whose disk fails.
//! What the lines mean stands in `kill_round`.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result};
use notes::{Color, InkPoint, MarkBody, MarkDraft, NoteStore, NotesError, Place};
use sync_protocol::ids::CouncilId;
use vault::Vault;

use crate::kill_round::{Sheet, council_of, ink_target, note_target, whole_page};
use crate::town::START_AT_MS;

/// Points of each ink stroke.
const POINTS: usize = 40;

/// One line, out of the process before this returns.
pub fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody listens any more: then the test has ended, and so may this.
    if out
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| out.flush())
        .is_err()
    {
        std::process::exit(0);
    }
}

/// Where the marks of a round are made.
pub struct Marking {
    store: NoteStore,
    council: CouncilId,
    round: u32,
    paper: Sheet,
    sheet: Sheet,
    strokes: Cell<usize>,
    untold: RefCell<Option<String>>,
}

impl Marking {
    /// Opens the private database.
    ///
    /// Errors: it does not open, or nothing is paired.
    pub fn begin(vault: &Arc<Vault>, round: u32) -> Result<Self> {
        let council = council_of(vault).context("not paired")?;
        Ok(Self {
            store: NoteStore::open(Arc::clone(vault))?,
            council,
            round,
            paper: note_target(council, round),
            sheet: ink_target(council, round),
            strokes: Cell::new(0),
            untold: RefCell::new(None),
        })
    }

    fn create(&self, on: &Sheet, body: MarkBody) -> Result<(), NotesError> {
        let draft = MarkDraft {
            anchor: whole_page(on),
            body,
            made_at_item: None,
            imported_from: None,
        };
        self.store.mark_create(&draft, START_AT_MS).map(drop)
    }

    fn note(&self, text: &str) -> Result<(), NotesError> {
        let text = text.to_owned();
        self.create(&self.paper, MarkBody::Note { text })
    }

    fn stroke(&self) -> Result<(), NotesError> {
        let stroke = (0..POINTS).map(|at| InkPoint {
            x: at as f32,
            y: 700.0 - at as f32,
            pressure: 0.5,
        });
        let body = MarkBody::Ink {
            color: Color::Blue,
            width_pt: 1.5,
            strokes: vec![stroke.collect()],
        };
        self.create(&self.sheet, body)
    }

    /// Tells of a note before it is written, always one ahead: who does not notice that is worth nothing.
    ///
    /// Errors: those of the store.
    pub fn lie(&self, number: u32) -> Result<()> {
        let text = format!("{}-{number}", self.round);
        tell(&format!("note {text}"));
        if let Some(late) = self.untold.borrow_mut().replace(text) {
            self.note(&late)?;
        }
        Ok(())
    }

    /// One change of those that a member makes, and what is told of it. Of six steps the third takes back the second: after an
    /// error the next one is the first of six.
    ///
    /// Errors: those of the store; what may or may not be stored has been told as `unsure` then.
    pub fn step(&self, number: u32) -> Result<(), NotesError> {
        let text = format!("{}-{number}", self.round);
        match number % 6 {
            0 | 1 | 3 => {
                self.note(&text)
                    .inspect_err(|_| tell(&format!("unsure {text}")))?;
                tell(&format!("note {text}"));
            }
            2 => {
                let last = format!("{}-{}", self.round, number - 1);
                tell(&format!("undoing {last}"));
                let done = self.store.undo(self.paper.key(), START_AT_MS)?;
                done.ok_or(NotesError::NoSuchMark)?;
                tell(&format!("gone {last}"));
            }
            4 => {
                self.stroke().inspect_err(|_| tell("unsure"))?;
                self.strokes.set(self.strokes.get() + 1);
                tell(&format!("ink {}", self.strokes.get()));
            }
            _ => {
                let page = number / 6 + 1;
                let place = Place {
                    page,
                    offset: 0.5,
                    zoom: 1.0,
                    rotation: 0,
                    is_single: false,
                };
                self.store
                    .place_set(self.council, self.sheet.object(), place, START_AT_MS)
                    .inspect_err(|_| tell("unsure"))?;
                tell(&format!("page {page}"));
            }
        }
        Ok(())
    }
}
