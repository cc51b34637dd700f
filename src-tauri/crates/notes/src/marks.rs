//! Making, changing, deleting and bringing back marks: each one transaction and one step of the history.

use crate::error::NotesError;
use crate::history::{Action, NewStep, note_step, set_current};
use crate::mark::{Mark, MarkBody, MarkChange, MarkDraft, MarkId};
use crate::store::NoteStore;
use crate::versions;
use rusqlite::{Transaction, named_params};
use vault::{ObjectId, QuoteError};

impl NoteStore {
    /// Makes a mark.
    ///
    /// Errors: the draft is not possible, or the database failed; then nothing is stored.
    pub fn mark_create(&self, draft: &MarkDraft, now_ms: i64) -> Result<Mark, NotesError> {
        let key = draft.anchor.key();
        // Any random 16 bytes do; the protocol's ids come from the system's random source.
        let random = ObjectId::make().map_err(|_| NotesError::Quote(QuoteError::NotSealed))?;
        let mark_id = MarkId(*random.as_bytes());
        self.write(|transaction| {
            let version = versions::insert(transaction, &self.vault, mark_id, &draft.anchor, &draft.body, None)?;
            transaction
                .prepare_cached(
                    "INSERT INTO marks (mark_id, council, target_kind, target_object, version, created_at_ms, updated_at_ms)
                     VALUES (:mark_id, :council, :kind, :object, :version, :now_ms, :now_ms)",
                )?
                .execute(named_params! {
                    ":mark_id": mark_id.0,
                    ":council": key.council.as_bytes(),
                    ":kind": key.kind.as_str(),
                    ":object": key.object.as_bytes(),
                    ":version": version,
                    ":now_ms": now_ms,
                })?;
            let step =
                NewStep { key, mark_id, action: Action::Create, before: None, after: Some(version), goes_on: false };
            note_step(transaction, step)?;
            Ok(versions::current(transaction, &self.vault, mark_id)?.0)
        })
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
        self.write(|transaction| {
            let (old, before) = versions::current(transaction, &self.vault, mark_id)?;
            let anchor = match &change.anchor {
                Some(anchor) if anchor.key() != old.anchor.key() => {
                    return Err(NotesError::AnchorElsewhere);
                }
                Some(anchor) => anchor,
                None => &old.anchor,
            };
            let kept_quote = (old.is_quote_locked && anchor.quote.is_none()).then_some(before);
            let body = changed_body(old.body, change)?;
            let after =
                versions::insert(transaction, &self.vault, mark_id, anchor, &body, kept_quote)?;
            set_current(transaction, mark_id, Some(after), now_ms)?;
            let step = NewStep {
                key: anchor.key(),
                mark_id,
                action: Action::Update,
                before: Some(before),
                after: Some(after),
                goes_on: change.goes_on,
            };
            note_step(transaction, step)?;
            Ok(versions::current(transaction, &self.vault, mark_id)?.0)
        })
    }

    /// Deletes a mark. It can be brought back until [`NoteStore::purge_deleted`].
    ///
    /// Errors: [`NotesError::NoSuchMark`].
    pub fn mark_delete(&self, mark_id: MarkId, now_ms: i64) -> Result<(), NotesError> {
        self.write(|transaction| {
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
            };
            note_step(transaction, step)
        })
    }

    /// Brings a deleted mark back as it was. A mark that is not deleted stays as it is.
    ///
    /// Errors: [`NotesError::NoSuchMark`] if it was never there or is purged.
    pub fn mark_restore(&self, mark_id: MarkId, now_ms: i64) -> Result<Mark, NotesError> {
        self.write(|transaction| {
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
                };
                note_step(transaction, step)?;
            }
            Ok(versions::current(transaction, &self.vault, mark_id)?.0)
        })
    }

    /// Removes marks for good that were deleted before a time, with all their versions and steps.
    ///
    /// Result: how many.
    pub fn purge_deleted(&self, before_ms: i64) -> Result<usize, NotesError> {
        self.write(|transaction| purge(transaction, before_ms))
    }
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
        ..
    } = change;
    let is_possible = match &body {
        MarkBody::Note { .. } => {
            new_color.is_none() && new_width.is_none() && new_strokes.is_none()
        }
        MarkBody::Highlight { .. } => new_width.is_none() && new_strokes.is_none(),
        MarkBody::Ink { .. } => new_text.is_none(),
    };
    if !is_possible {
        return Err(NotesError::NotForThisKind);
    }
    Ok(match body {
        MarkBody::Note { text } => MarkBody::Note {
            text: new_text.clone().unwrap_or(text),
        },
        MarkBody::Highlight { color, text } => MarkBody::Highlight {
            color: new_color.unwrap_or(color),
            text: new_text.clone().or(text),
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
    })
}
