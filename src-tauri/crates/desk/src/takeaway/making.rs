//! Making the files of a wish, one paper after another. A paper that cannot be had as wished keeps no other from leaving: it is
//! named at the end.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::export as formats;
use formats::{ExportError, Look, Sheet};
use sync::store::{CouncilStore, FileRow};
use sync_protocol::ids::CouncilId;
use vault::Vault;

use super::bundle::{Bundle, Piece};
use super::{RunningTakeaway, annotation, notes_text, words};
use crate::dto::{TakeawayForm, TakeawayLeftOut, TakeawaySaved};
use crate::error::{ErrorCode, Failure};
use crate::event::DeskEvent;
use crate::export;
use crate::messages::Speech;
use crate::session::Session;
use crate::{Desk, documents};

/// A larger paper is not taken along: it would have to lie in memory more than once. Bytes.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// What is being made.
pub(crate) struct Making<'m> {
    pub(super) desk: &'m Desk,
    pub(super) session: &'m Arc<Session>,
    pub(super) running: RunningTakeaway<'m>,
    pub(super) form: TakeawayForm,
    pub(super) speech: Speech,
    pieces_done: u32,
    pieces_total: u32,
    file_count: u32,
    mark_count: u32,
    left_out: Vec<TakeawayLeftOut>,
}

impl<'m> Making<'m> {
    /// Begins.
    pub(crate) fn new(
        desk: &'m Desk,
        session: &'m Arc<Session>,
        running: RunningTakeaway<'m>,
        form: TakeawayForm,
        bundle: &Bundle,
    ) -> Self {
        Self {
            desk,
            session,
            running,
            form,
            speech: desk.speech(),
            pieces_done: 0,
            pieces_total: u32::try_from(bundle.piece_count()).unwrap_or(u32::MAX),
            file_count: 0,
            mark_count: 0,
            left_out: Vec::new(),
        }
    }

    /// Makes and writes everything.
    ///
    /// * `dir` – the member's folder.
    /// * `bound` – one PDF of all papers, where the form is a PDF.
    ///
    /// Errors: `cancelled`, `locked`, those of the disk; of a single paper what keeps it from leaving.
    pub(crate) fn save(
        mut self,
        bundle: &Bundle,
        dir: &Path,
        (bound, is_all): (bool, bool),
    ) -> Result<TakeawaySaved, Failure> {
        let stem = export::file_stem(&bundle.name);
        let path = match self.form {
            _ if is_all => self.save_term(bundle, dir, &stem)?,
            TakeawayForm::Markdown => {
                self.mark_count = mark_count(bundle);
                export::write_new(dir, &stem, "md", &notes_text::markdown(bundle, self.speech))?
            }
            TakeawayForm::Annotated | TakeawayForm::Flattened | TakeawayForm::Original if bound => {
                self.save_bound(bundle, dir, &stem)?
            }
            _ => match bundle.sections.as_slice() {
                [only] if only.pieces.len() == 1 && only.notes.is_empty() => {
                    let piece = only.pieces.first().ok_or(ErrorCode::NothingToTake)?;
                    self.save_single(piece, dir, &stem)?
                }
                _ => self.save_folder(bundle, dir, &stem)?,
            },
        };
        Ok(TakeawaySaved {
            path: path.to_string_lossy().into_owned(),
            file_count: self.file_count.max(1),
            mark_count: self.mark_count,
            left_out: self.left_out,
        })
    }

    /// One paper by itself: what is wrong with it is the answer.
    fn save_single(&mut self, piece: &Piece, dir: &Path, stem: &str) -> Result<PathBuf, Failure> {
        let (bytes, ending) = self.file_of(piece)?;
        self.step(piece)?;
        Ok(export::write_new_bytes(dir, stem, ending, &bytes)?)
    }

    fn save_folder(&mut self, bundle: &Bundle, dir: &Path, stem: &str) -> Result<PathBuf, Failure> {
        let folder = export::NewFolder::begin(dir, stem)?;
        for section in &bundle.sections {
            for piece in &section.pieces {
                if let Some((bytes, ending)) = self.file_or_left_out(piece)? {
                    let title = match &section.number {
                        Some(number) => format!("TOP {number} {}", piece.title),
                        None => piece.title.clone(),
                    };
                    export::write_new_bytes(
                        folder.path(),
                        &export::file_stem(&title),
                        ending,
                        &bytes,
                    )?;
                }
            }
        }
        let has_notes = bundle
            .sections
            .iter()
            .any(|section| !section.notes.is_empty());
        if has_notes && self.form != TakeawayForm::Original {
            let name = export::file_stem(words::my_notes(self.speech));
            export::write_new(
                folder.path(),
                &name,
                "md",
                &notes_text::markdown(bundle, self.speech),
            )?;
        }
        if self.file_count == 0 && !has_notes {
            return Err(ErrorCode::NothingToTake.into());
        }
        Ok(folder.finish()?)
    }

    /// The file of one paper; `None` if it is left out, which is told at the end.
    pub(super) fn file_or_left_out(
        &mut self,
        piece: &Piece,
    ) -> Result<Option<(Vec<u8>, &'static str)>, Failure> {
        let made = match self.file_of(piece) {
            Ok(made) => Some(made),
            Err(failure) if is_of_one_paper(failure.code) => {
                self.leave_out(&piece.title, &failure);
                // Without its marks it is still the paper; they stand in the list of notes.
                match (failure.code, self.form) {
                    (
                        ErrorCode::ExportProtected | ErrorCode::ExportDamaged,
                        TakeawayForm::Annotated | TakeawayForm::Flattened,
                    ) => {
                        self.file_count = self.file_count.saturating_add(1);
                        self.bytes_of(piece).ok().map(|bytes| (bytes, "pdf"))
                    }
                    _ => None,
                }
            }
            Err(failure) => return Err(failure),
        };
        self.step(piece)?;
        Ok(made)
    }

    /// Remembers what could not be had as wished; the first reason for each.
    pub(super) fn leave_out(&mut self, title: &str, failure: &Failure) {
        if !self.left_out.iter().any(|one| one.title == title) {
            self.left_out.push(TakeawayLeftOut {
                title: title.to_owned(),
                error: self.desk.spoken(failure),
            });
        }
    }

    fn file_of(&mut self, piece: &Piece) -> Result<(Vec<u8>, &'static str), Failure> {
        let marks: Vec<formats::Annotation> = notes_text::in_order(&piece.marks)
            .into_iter()
            .filter(|mark| piece.behind(mark).is_none())
            .map(|mark| annotation(mark, &piece.author))
            .collect();
        let mark_count = u32::try_from(marks.len()).unwrap_or(u32::MAX);
        let made = match self.form {
            TakeawayForm::Original => (self.bytes_of(piece)?, "pdf"),
            TakeawayForm::Annotated => (annotated(&self.bytes_of(piece)?, &marks)?, "pdf"),
            TakeawayForm::Flattened => (self.flattened(piece, marks)?, "pdf"),
            TakeawayForm::Xfdf => (
                formats::xfdf(&file_name(piece), &marks).into_bytes(),
                "xfdf",
            ),
            TakeawayForm::WebAnnotations => (
                formats::web_annotations(&file_name(piece), &piece.title, &marks).into_bytes(),
                "jsonld",
            ),
            // One text holds the notes of all papers.
            TakeawayForm::Markdown => return Err(ErrorCode::BadRequest.into()),
        };
        self.file_count = self.file_count.saturating_add(1);
        if self.form != TakeawayForm::Original {
            self.mark_count = self.mark_count.saturating_add(mark_count);
        }
        Ok(made)
    }

    /// Drawn in, with the words of the notes behind the last page.
    fn flattened(
        &self,
        piece: &Piece,
        marks: Vec<formats::Annotation>,
    ) -> Result<Vec<u8>, Failure> {
        let bytes = self.bytes_of(piece)?;
        let said: Vec<&notes::Mark> = notes_text::in_order(&piece.marks)
            .into_iter()
            .filter(|mark| notes_text::text(mark).is_some())
            .collect();
        let number_of = |one: &formats::Annotation| {
            let place = said.iter().position(|mark| mark.id.0 == one.id.0)?;
            u32::try_from(place + 1).ok()
        };
        let list = || -> Result<Option<Sheet>, ExportError> {
            if said.is_empty() {
                return Ok(None);
            }
            let mut sheet = Sheet::new()?;
            sheet.text(Look::Title, words::my_notes(self.speech));
            sheet.text(Look::Meta, &piece.title);
            sheet.rule();
            for (mark, number) in said.iter().zip(1..) {
                let number = format!("{number}");
                sheet.row(
                    Look::Meta,
                    &number,
                    &notes_text::place_in(piece, mark, self.speech),
                    30.0,
                    None,
                );
                if let Some(quote) = &mark.anchor.quote {
                    sheet.row(Look::Meta, "", &format!("„{}“", quote.exact), 30.0, None);
                }
                sheet.row(
                    Look::Body,
                    "",
                    notes_text::text(mark).unwrap_or_default(),
                    30.0,
                    None,
                );
                sheet.space(8.0);
            }
            Ok(Some(sheet))
        };
        on_its_pages(marks, |marks| {
            formats::flatten(&bytes, marks, &number_of, list()?)
        })
    }

    fn bytes_of(&self, piece: &Piece) -> Result<Vec<u8>, Failure> {
        // Asked anew for each paper: access may end while many are made.
        paper_bytes(
            &self.session.vault,
            piece.council,
            &piece.row,
            self.desk.now_ms(),
        )
    }

    /// One paper is done.
    ///
    /// Errors: `cancelled`; `locked` if the portfolio was closed meanwhile.
    fn step(&mut self, piece: &Piece) -> Result<(), Failure> {
        self.running.check()?;
        let current = self.desk.session()?;
        if !Arc::ptr_eq(&current, self.session) {
            return Err(ErrorCode::Locked.into());
        }
        self.pieces_done = self.pieces_done.saturating_add(1);
        self.desk.emit(DeskEvent::TakeawayProgress {
            files_done: self.pieces_done,
            files_total: self.pieces_total,
            title: piece.title.clone(),
        });
        Ok(())
    }
}

/// A paper itself.
///
/// * `now_ms` – decides whether it may be read.
///
/// Errors: `file_not_here`, `access_ended`, `document_damaged`, `document_too_large`.
pub(crate) fn paper_bytes(
    vault: &Vault,
    council: CouncilId,
    row: &FileRow,
    now_ms: i64,
) -> Result<Vec<u8>, Failure> {
    if !row.present {
        return Err(ErrorCode::FileNotHere.into());
    }
    let store = CouncilStore::open(vault, council, now_ms)?;
    let key = store.file_key(vault, row)?;
    let read = vault
        .blobs(council)
        .open(row.blob_id, &key)
        .map_err(Failure::from)
        .and_then(|mut source| {
            let byte_len = source.byte_len();
            if byte_len > MOST_BYTES {
                return Err(ErrorCode::DocumentTooLarge.into());
            }
            let mut bytes = Vec::with_capacity(usize::try_from(byte_len).unwrap_or_default());
            source
                .read_to_end(&mut bytes)
                .map_err(|error| Failure::caused(ErrorCode::DocumentDamaged, error))?;
            Ok(bytes)
        });
    documents::give_up_damaged(vault, council, row.blob_id, read)
}

/// How many marks a bundle has.
pub(super) fn mark_count(bundle: &Bundle) -> u32 {
    let counts = bundle.sections.iter().map(|section| {
        section.notes.len()
            + section
                .pieces
                .iter()
                .map(|piece| piece.marks.len())
                .sum::<usize>()
    });
    u32::try_from(counts.sum::<usize>()).unwrap_or(u32::MAX)
}

/// What a paper is called where it came from.
fn file_name(piece: &Piece) -> String {
    format!("{}.pdf", export::file_stem(&piece.title))
}

fn annotated(bytes: &[u8], marks: &[formats::Annotation]) -> Result<Vec<u8>, Failure> {
    on_its_pages(marks.to_vec(), |marks| formats::annotate(bytes, marks))
}

/// Runs `make`, and once more if marks stand on pages that this revision does not have any more: then on its last page.
fn on_its_pages(
    mut marks: Vec<formats::Annotation>,
    make: impl Fn(&[formats::Annotation]) -> Result<Vec<u8>, ExportError>,
) -> Result<Vec<u8>, Failure> {
    let made = match make(&marks) {
        Err(ExportError::NoSuchPage { page_count, .. }) if page_count > 0 => {
            for mark in &mut marks {
                mark.page = mark.page.min(page_count - 1);
            }
            make(&marks)
        }
        made => made,
    };
    Ok(made?)
}

/// Whether a failure is of one paper and the others can go on.
fn is_of_one_paper(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::FileNotHere
            | ErrorCode::AccessEnded
            | ErrorCode::DocumentDamaged
            | ErrorCode::DocumentPassword
            | ErrorCode::DocumentTooLarge
            | ErrorCode::ExportProtected
            | ErrorCode::ExportDamaged
    )
}
