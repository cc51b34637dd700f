//! Undo and redo: one line of steps per target, kept across restarts.
//! Not the changes themselves (see `marks`).

use crate::anchor::TargetKey;
use crate::error::NotesError;
use crate::mark::MarkId;
use crate::store::NoteStore;
use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

/// Steps kept per target.
const MOST_STEPS: i64 = 500;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A mark was made.
    Create,
    /// A mark was changed.
    Update,
    /// A mark was deleted.
    Delete,
    /// A deleted mark was brought back.
    Restore,
}

impl Action {
    /// The name in the database and towards the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Create, Self::Update, Self::Delete, Self::Restore]
            .into_iter()
            .find(|action| action.as_str() == name)
    }
}

/// A step that was taken back or done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// What the step had done.
    pub action: Action,
    /// To which mark.
    pub mark: MarkId,
}

/// What can be taken back and done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryState {
    /// Whether there is a step to take back.
    pub can_undo: bool,
    /// Whether there is a step to do again.
    pub can_redo: bool,
}

/// A step to be noted.
#[derive(Clone, Copy)]
pub(crate) struct NewStep {
    pub(crate) key: TargetKey,
    pub(crate) mark_id: MarkId,
    pub(crate) action: Action,
    pub(crate) before: Option<i64>,
    pub(crate) after: Option<i64>,
    /// Whether it becomes part of the step before, if that is an open one of the same mark.
    pub(crate) goes_on: bool,
}

struct Step {
    step: i64,
    mark_id: MarkId,
    action: Action,
    before: Option<i64>,
    after: Option<i64>,
    is_open: bool,
}

impl NoteStore {
    /// Takes back the last step of a target.
    ///
    /// Result: what it was; `None` if there is none.
    pub fn undo(&self, key: TargetKey, now_ms: i64) -> Result<Option<Done>, NotesError> {
        self.write(|transaction| {
            let Some(step) = last_step(transaction, key, false)? else {
                return Ok(None);
            };
            set_current(transaction, step.mark_id, step.before, now_ms)?;
            mark_step(transaction, step.step, true)?;
            Ok(Some(Done {
                action: step.action,
                mark: step.mark_id,
            }))
        })
    }

    /// Does again what was taken back last.
    ///
    /// Result: what it was; `None` if there is nothing, or something new has been done since.
    pub fn redo(&self, key: TargetKey, now_ms: i64) -> Result<Option<Done>, NotesError> {
        self.write(|transaction| {
            let Some(step) = last_step(transaction, key, true)? else {
                return Ok(None);
            };
            set_current(transaction, step.mark_id, step.after, now_ms)?;
            mark_step(transaction, step.step, false)?;
            Ok(Some(Done {
                action: step.action,
                mark: step.mark_id,
            }))
        })
    }

    /// What can be taken back and done again at a target.
    pub fn history(&self, key: TargetKey) -> Result<HistoryState, NotesError> {
        self.read(|connection| {
            Ok(HistoryState {
                can_undo: last_step(connection, key, false)?.is_some(),
                can_redo: last_step(connection, key, true)?.is_some(),
            })
        })
    }
}

/// Notes a step. What had been taken back cannot be done again any more.
pub(crate) fn note_step(transaction: &Transaction<'_>, new: NewStep) -> Result<(), NotesError> {
    forget_undone(transaction, new.key)?;
    let last = last_step(transaction, new.key, false)?;
    if let (true, Some(last)) = (new.goes_on, last)
        && last.mark_id == new.mark_id
        && last.is_open
    {
        transaction
            .prepare_cached("UPDATE steps SET after = :after WHERE step = :step")?
            .execute(named_params! { ":after": new.after, ":step": last.step })?;
    } else {
        transaction
            .prepare_cached(
                "INSERT INTO steps (council, target_kind, target_object, mark_id, action, before, after, open)
                 VALUES (:council, :kind, :object, :mark_id, :action, :before, :after, :open)",
            )?
            .execute(named_params! {
                ":council": new.key.council.as_bytes(),
                ":kind": new.key.kind.as_str(),
                ":object": new.key.object.as_bytes(),
                ":mark_id": new.mark_id.0,
                ":action": new.action.as_str(),
                ":before": new.before,
                ":after": new.after,
                ":open": matches!(new.action, Action::Create | Action::Update) && new.goes_on,
            })?;
        forget_oldest(transaction, new.key)?;
    }
    forget_versions(transaction, new.mark_id)
}

/// The last step that counts, or the one to be done again next.
fn last_step(
    connection: &Connection,
    key: TargetKey,
    undone: bool,
) -> Result<Option<Step>, NotesError> {
    let order = if undone { "ASC" } else { "DESC" };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT step, mark_id, action, before, after, open FROM steps
         WHERE council = :council AND target_object = :object AND target_kind = :kind AND undone = :undone
         ORDER BY step {order} LIMIT 1"
    ))?;
    let mut rows = statement.query(named_params! {
        ":council": key.council.as_bytes(),
        ":object": key.object.as_bytes(),
        ":kind": key.kind.as_str(),
        ":undone": undone,
    })?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Step {
        step: row.get("step")?,
        mark_id: MarkId(row.get("mark_id")?),
        action: Action::from_name(&row.get::<_, String>("action")?).ok_or(NotesError::BadRow)?,
        before: row.get("before")?,
        after: row.get("after")?,
        is_open: row.get("open")?,
    }))
}

/// Lets a version count, or deletes the mark.
pub(crate) fn set_current(
    transaction: &Transaction<'_>,
    mark_id: MarkId,
    version: Option<i64>,
    now_ms: i64,
) -> Result<(), NotesError> {
    transaction
        .prepare_cached(
            "UPDATE marks SET
                 version = coalesce(:version, version),
                 deleted_at_ms = iif(:version IS NULL, :now_ms, NULL),
                 updated_at_ms = :now_ms
             WHERE mark_id = :mark_id",
        )?
        .execute(named_params! { ":version": version, ":now_ms": now_ms, ":mark_id": mark_id.0 })?;
    Ok(())
}

/// A step that was undone or redone is closed: nothing goes on with it.
fn mark_step(transaction: &Transaction<'_>, step: i64, undone: bool) -> Result<(), NotesError> {
    transaction
        .prepare_cached("UPDATE steps SET undone = :undone, open = 0 WHERE step = :step")?
        .execute(named_params! { ":undone": undone, ":step": step })?;
    Ok(())
}

fn forget_undone(transaction: &Transaction<'_>, key: TargetKey) -> Result<(), NotesError> {
    forget_steps(transaction, key, "undone = 1", 0)
}

fn forget_oldest(transaction: &Transaction<'_>, key: TargetKey) -> Result<(), NotesError> {
    let oldest_kept: Option<i64> = transaction
        .prepare_cached(
            "SELECT step FROM steps WHERE council = :council AND target_object = :object AND target_kind = :kind
             ORDER BY step DESC LIMIT 1 OFFSET :kept",
        )?
        .query_row(
            named_params! {
                ":council": key.council.as_bytes(),
                ":object": key.object.as_bytes(),
                ":kind": key.kind.as_str(),
                ":kept": MOST_STEPS - 1,
            },
            |row| row.get(0),
        )
        .optional()?;
    match oldest_kept {
        Some(step) => forget_steps(transaction, key, "step < :limit", step),
        None => Ok(()),
    }
}

fn forget_steps(
    transaction: &Transaction<'_>,
    key: TargetKey,
    which: &str,
    limit: i64,
) -> Result<(), NotesError> {
    let mut statement = transaction.prepare_cached(&format!(
        "DELETE FROM steps WHERE council = :council AND target_object = :object AND target_kind = :kind
         AND {which} AND :limit IS NOT NULL RETURNING mark_id"
    ))?;
    let mut rows = statement.query(named_params! {
        ":council": key.council.as_bytes(),
        ":object": key.object.as_bytes(),
        ":kind": key.kind.as_str(),
        ":limit": limit,
    })?;
    let mut touched = Vec::new();
    while let Some(row) = rows.next()? {
        touched.push(MarkId(row.get(0)?));
    }
    touched.sort();
    touched.dedup();
    touched
        .into_iter()
        .try_for_each(|mark_id| forget_versions(transaction, mark_id))
}

/// Deletes versions of a mark that nothing can bring back any more.
fn forget_versions(transaction: &Transaction<'_>, mark_id: MarkId) -> Result<(), NotesError> {
    transaction
        .prepare_cached(
            "DELETE FROM versions WHERE mark_id = :mark_id
             AND version NOT IN (SELECT version FROM marks WHERE mark_id = :mark_id)
             AND version NOT IN (SELECT before FROM steps WHERE mark_id = :mark_id AND before IS NOT NULL)
             AND version NOT IN (SELECT after FROM steps WHERE mark_id = :mark_id AND after IS NOT NULL)",
        )?
        .execute(named_params! { ":mark_id": mark_id.0 })?;
    Ok(())
}
