//! Making, changing, deleting and bringing back marks: each one transaction and one step of the history.

use crate::anchor::{Anchor, Target};
use crate::body_columns::ends_of;
use crate::error::NotesError;
use crate::history::{self, Action, NewStep, note_step, set_current};
use crate::kept_words::FileVersion;
use crate::mark::{Mark, MarkBody, MarkChange, MarkDraft, MarkId};
use crate::store::NoteStore;
use crate::transfer::How;
use crate::transfers::note_transferred;
use crate::versions;
use rusqlite::{Transaction, named_params};
use vault::{ObjectId, QuoteError, Vault};

/// One of the changes that are made together.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Makes a mark.
    Create(MarkDraft),
    /// Changes one.
    Update(MarkId, MarkChange),
    /// Deletes one.
    Delete(MarkId),
    /// Brings a deleted one back.
    Restore(MarkId),
}

impl NoteStore {
    /// Makes a mark.
    ///
    /// Errors: the draft is not possible, or the database failed; then nothing is stored.
    pub fn mark_create(&self, draft: &MarkDraft, now_ms: i64) -> Result<Mark, NotesError> {
        self.write(|transaction| create(transaction, &self.vault, draft, now_ms, None))
    }

    /// Changes a mark. A quotation that cannot be opened now stays with it.
    ///
    /// Errors: [`NotesError::NoSuchMark`], [`NotesError::NotForThisKind`], [`NotesError::AnchorElsewhere`].
    pub fn mark_update(
        &self,
        mark_id: MarkId,
        change: &MarkChange,
        now_ms: i64,
    ) -> Result<Mark, NotesError> {
        self.write(|transaction| update(transaction, &self.vault, mark_id, change, now_ms, None))
    }

    /// Deletes a mark. It can be brought back until [`NoteStore::purge_deleted`].
    ///
    /// Errors: [`NotesError::NoSuchMark`].
    pub fn mark_delete(&self, mark_id: MarkId, now_ms: i64) -> Result<(), NotesError> {
        self.write(|transaction| delete(transaction, mark_id, now_ms, None))
    }

    /// Brings a deleted mark back as it was. A mark that is not deleted stays as it is.
    ///
    /// Errors: [`NotesError::NoSuchMark`] if it was never there or is purged.
    pub fn mark_restore(&self, mark_id: MarkId, now_ms: i64) -> Result<Mark, NotesError> {
        self.write(|transaction| restore(transaction, &self.vault, mark_id, now_ms, None))
    }

    /// Makes several changes, all of them or none. One undo takes all back that belong to one target.
    ///
    /// Result: the marks that were made, changed or brought back, in the order of the deeds.
    /// Errors: those of the first deed that is not possible; then nothing has changed.
    pub fn change(&self, deeds: &[Deed], now_ms: i64) -> Result<Vec<Mark>, NotesError> {
        self.write(|transaction| {
            let together = Some(history::next_deed(transaction)?);
            let vault = &self.vault;
            let mut marks = Vec::new();
            for deed in deeds {
                match deed {
                    Deed::Create(draft) => {
                        marks.push(create(transaction, vault, draft, now_ms, together)?);
                    }
                    Deed::Update(id, change) => {
                        marks.push(update(transaction, vault, *id, change, now_ms, together)?);
                    }
                    Deed::Delete(id) => delete(transaction, *id, now_ms, together)?,
                    Deed::Restore(id) => {
                        marks.push(restore(transaction, vault, *id, now_ms, together)?);
                    }
                }
            }
            Ok(marks)
        })
    }

    /// Removes marks for good that were deleted before a time, with all their versions and steps.
    ///
    /// Result: how many.
    pub fn purge_deleted(&self, before_ms: i64) -> Result<usize, NotesError> {
        self.write(|transaction| purge(transaction, before_ms))
    }
}

/// * `deed` – what is undone together with it, as in all of these.
fn create(
    transaction: &Transaction<'_>,
    vault: &Vault,
    draft: &MarkDraft,
    now_ms: i64,
    deed: Option<i64>,
) -> Result<Mark, NotesError> {
    let key = draft.anchor.key();
    // Any random 16 bytes do; the protocol's ids come from the system's random source.
    let random = ObjectId::make().map_err(|_| NotesError::Quote(QuoteError::NotSealed))?;
    let mark_id = MarkId(*random.as_bytes());
    let version = versions::insert(
        transaction,
        vault,
        mark_id,
        &draft.anchor,
        &draft.body,
        None,
    )?;
    transaction
        .prepare_cached(
            "INSERT INTO marks (mark_id, council, target_kind, target_object, version, page, blob_id, made_at_item,
                 imported_from, created_at_ms, updated_at_ms)
             VALUES (:mark_id, :council, :kind, :object, :version, :page, :blob_id, :made_at_item, :imported_from,
                 :now_ms, :now_ms)",
        )?
        .execute(named_params! {
            ":mark_id": mark_id.0,
            ":council": key.council.as_bytes(),
            ":kind": key.kind.as_str(),
            ":object": key.object.as_bytes(),
            ":version": version,
            ":page": draft.anchor.page,
            ":blob_id": blob_of(&draft.anchor),
            ":made_at_item": draft.made_at_item.map(|item| *item.as_bytes()),
            ":imported_from": draft.imported_from,
            ":now_ms": now_ms,
        })?;
    let step = NewStep {
        key,
        mark_id,
        action: Action::Create,
        before: None,
        after: Some(version),
        goes_on: false,
        deed,
    };
    note_step(transaction, step)?;
    Ok(versions::current(transaction, vault, mark_id)?.0)
}

fn update(
    transaction: &Transaction<'_>,
    vault: &Vault,
    mark_id: MarkId,
    change: &MarkChange,
    now_ms: i64,
    deed: Option<i64>,
) -> Result<Mark, NotesError> {
    let (old, before) = versions::current(transaction, vault, mark_id)?;
    let anchor = match &change.anchor {
        Some(anchor) if anchor.key() != old.anchor.key() => {
            return Err(NotesError::AnchorElsewhere);
        }
        Some(anchor) => anchor,
        None => &old.anchor,
    };
    let kept_quote = (old.is_quote_locked && anchor.quote.is_none()).then_some(before);
    let body = changed_body(old.body, change)?;
    let after = versions::insert(transaction, vault, mark_id, anchor, &body, kept_quote)?;
    if let Some(version) = laid_into(&old.anchor, anchor) {
        note_transferred(transaction, mark_id, &version, (before, after), How::Hand)?;
    }
    set_current(transaction, mark_id, Some(after), now_ms)?;
    let step = NewStep {
        key: anchor.key(),
        mark_id,
        action: Action::Update,
        before: Some(before),
        after: Some(after),
        goes_on: change.goes_on,
        deed,
    };
    note_step(transaction, step)?;
    Ok(versions::current(transaction, vault, mark_id)?.0)
}

fn blob_of(anchor: &Anchor) -> Option<[u8; 32]> {
    match &anchor.target {
        Target::File { blob_id, .. } => Some(*blob_id.as_bytes()),
        _ => None,
    }
}

/// The version of its file that a mark comes into by this change, if it stood in another one.
fn laid_into(old: &Anchor, new: &Anchor) -> Option<FileVersion> {
    match (&old.target, &new.target) {
        (
            Target::File { blob_id: was, .. },
            Target::File {
                file,
                blob_id,
                revision,
            },
        ) if was != blob_id => Some(FileVersion {
            council: new.council,
            file: *file,
            blob_id: *blob_id,
            revision: *revision,
            sealed_class: new.sealed_class,
        }),
        _ => None,
    }
}

fn delete(
    transaction: &Transaction<'_>,
    mark_id: MarkId,
    now_ms: i64,
    deed: Option<i64>,
) -> Result<(), NotesError> {
    let (key, version, is_deleted) = versions::position(transaction, mark_id)?;
    if is_deleted {
        return Err(NotesError::NoSuchMark);
    }
    set_current(transaction, mark_id, None, now_ms)?;
    let step = NewStep {
        key,
        mark_id,
        action: Action::Delete,
        before: Some(version),
        after: None,
        goes_on: false,
        deed,
    };
    note_step(transaction, step)
}

fn restore(
    transaction: &Transaction<'_>,
    vault: &Vault,
    mark_id: MarkId,
    now_ms: i64,
    deed: Option<i64>,
) -> Result<Mark, NotesError> {
    let (key, version, is_deleted) = versions::position(transaction, mark_id)?;
    if is_deleted {
        set_current(transaction, mark_id, Some(version), now_ms)?;
        let step = NewStep {
            key,
            mark_id,
            action: Action::Restore,
            before: None,
            after: Some(version),
            goes_on: false,
            deed,
        };
        note_step(transaction, step)?;
    }
    Ok(versions::current(transaction, vault, mark_id)?.0)
}

fn purge(transaction: &Transaction<'_>, before_ms: i64) -> Result<usize, NotesError> {
    Ok(transaction
        .prepare_cached("DELETE FROM marks WHERE deleted_at_ms < :before_ms")?
        .execute(named_params! { ":before_ms": before_ms })?)
}

/// `body` with what the change says. A part that the kind does not have is refused, not dropped.
fn changed_body(body: MarkBody, change: &MarkChange) -> Result<MarkBody, NotesError> {
    let MarkChange {
        text: new_text,
        color: new_color,
        width_pt: new_width,
        strokes: new_strokes,
        stamp: new_stamp,
        ..
    } = change;
    let has_text = !matches!(
        body,
        MarkBody::Ink { .. } | MarkBody::Brush { .. } | MarkBody::Shape { .. }
    );
    let is_possible = (new_text.is_none() || has_text)
        && (new_color.is_none() || body.color().is_some())
        && (new_width.is_none() || body.width_pt().is_some())
        && (new_strokes.is_none() || !has_text)
        && (new_stamp.is_none() || body.stamp().is_some());
    if !is_possible {
        return Err(NotesError::NotForThisKind);
    }
    let text_of = |text: Option<String>| new_text.clone().or(text);
    Ok(match body {
        MarkBody::Note { text } => MarkBody::Note {
            text: new_text.clone().unwrap_or(text),
        },
        MarkBody::Highlight { color, text } => MarkBody::Highlight {
            color: new_color.unwrap_or(color),
            text: text_of(text),
        },
        MarkBody::Markup { style, color, text } => MarkBody::Markup {
            style,
            color: new_color.unwrap_or(color),
            text: text_of(text),
        },
        MarkBody::Ink {
            color,
            width_pt,
            strokes,
        } => MarkBody::Ink {
            color: new_color.unwrap_or(color),
            width_pt: new_width.unwrap_or(width_pt),
            strokes: new_strokes.clone().unwrap_or(strokes),
        },
        MarkBody::Brush {
            color,
            width_pt,
            strokes,
        } => MarkBody::Brush {
            color: new_color.unwrap_or(color),
            width_pt: new_width.unwrap_or(width_pt),
            strokes: new_strokes.clone().unwrap_or(strokes),
        },
        MarkBody::Shape {
            shape,
            color,
            width_pt,
            ends,
        } => MarkBody::Shape {
            shape,
            color: new_color.unwrap_or(color),
            width_pt: new_width.unwrap_or(width_pt),
            ends: match new_strokes {
                Some(strokes) => ends_of(strokes).map_err(|_| NotesError::NotForThisKind)?,
                None => ends,
            },
        },
        MarkBody::TextBox {
            color,
            size_pt,
            text,
        } => MarkBody::TextBox {
            color: new_color.unwrap_or(color),
            size_pt: new_width.unwrap_or(size_pt),
            text: new_text.clone().unwrap_or(text),
        },
        MarkBody::Stamp { stamp, text } => MarkBody::Stamp {
            stamp: new_stamp.unwrap_or(stamp),
            text: text_of(text),
        },
    })
}
