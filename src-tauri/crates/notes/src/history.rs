//! Undo and redo: one line of steps per target, kept across restarts.
//! Not the changes themselves (see `marks`).

use crate::anchor::TargetKey;
use crate::error::NotesError;
use crate::mark::MarkId;
use crate::store::NoteStore;
use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use std::collections::BTreeSet;

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

/// What was taken back or done again: one step, or several of one deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What the step had done; of several, what the last one had done.
    pub action: Action,
    /// To which marks.
    pub marks: Vec<MarkId>,
    /// The pages that look different now, counted from 0.
    pub pages: BTreeSet<u32>,
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
    /// What is undone together with it.
    pub(crate) deed: Option<i64>,
}

struct Step {
    step: i64,
    mark_id: MarkId,
    action: Action,
    before: Option<i64>,
    after: Option<i64>,
    is_open: bool,
    deed: Option<i64>,
}

impl NoteStore {
    /// Takes back the last step of a target, with all of the same deed.
    ///
    /// Result: what it was; `None` if there is none.
    pub fn undo(&self, key: TargetKey, now_ms: i64) -> Result<Option<Done>, NotesError> {
        self.write(|transaction| turn(transaction, key, now_ms, Turn::Back))
    }

    /// Does again what was taken back last.
    ///
    /// Result: what it was; `None` if there is nothing, or something new has been done since.
    pub fn redo(&self, key: TargetKey, now_ms: i64) -> Result<Option<Done>, NotesError> {
        self.write(|transaction| turn(transaction, key, now_ms, Turn::Ahead))
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

/// Which way the history is walked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Back,
    Ahead,
}

fn turn(
    transaction: &Transaction<'_>,
    key: TargetKey,
    now_ms: i64,
    way: Turn,
) -> Result<Option<Done>, NotesError> {
    let mut done: Option<Done> = None;
    let mut deed = None;
    while let Some(step) = last_step(transaction, key, way == Turn::Ahead)? {
        if done.is_some() && (deed.is_none() || step.deed != deed) {
            break;
        }
        deed = step.deed;
        let version = match way {
            Turn::Back => step.before,
            Turn::Ahead => step.after,
        };
        set_current(transaction, step.mark_id, version, now_ms)?;
        mark_step(transaction, step.step, way == Turn::Back)?;
        let done = done.get_or_insert_with(|| Done {
            action: step.action,
            marks: Vec::new(),
            pages: BTreeSet::new(),
        });
        done.marks.push(step.mark_id);
        for version in [step.before, step.after].into_iter().flatten() {
            done.pages.extend(page_of(transaction, version)?);
        }
    }
    Ok(done)
}

fn page_of(transaction: &Transaction<'_>, version: i64) -> Result<Option<u32>, NotesError> {
    Ok(transaction
        .prepare_cached("SELECT page FROM versions WHERE version = :version")?
        .query_row(named_params! { ":version": version }, |row| row.get(0))
        .optional()?
        .flatten())
}

/// A number for steps that belong together: higher than all there are.
pub(crate) fn next_deed(transaction: &Transaction<'_>) -> Result<i64, NotesError> {
    Ok(transaction
        .prepare_cached("SELECT coalesce(max(step), 0) + 1 FROM steps")?
        .query_row([], |row| row.get(0))?)
}

/// Notes a step. What had been taken back cannot be done again any more.
pub(crate) fn note_step(transaction: &Transaction<'_>, new: NewStep) -> Result<(), NotesError> {
    forget_undone(transaction, new.key)?;
    let last = last_step(transaction, new.key, false)?;
    if let (true, Some(last)) = (new.goes_on, last)
        && last.mark_id == new.mark_id
        && last.is_open
        && new.deed.is_none()
    {
        transaction
            .prepare_cached("UPDATE steps SET after = :after WHERE step = :step")?
            .execute(named_params! { ":after": new.after, ":step": last.step })?;
    } else {
        transaction
            .prepare_cached(
                "INSERT INTO steps (council, target_kind, target_object, mark_id, action, before, after, open, deed)
                 VALUES (:council, :kind, :object, :mark_id, :action, :before, :after, :open, :deed)",
            )?
            .execute(named_params! {
                ":council": new.key.council.as_bytes(),
                ":kind": new.key.kind.as_str(),
                ":object": new.key.object.as_bytes(),
                ":mark_id": new.mark_id.0,
                ":action": new.action.as_str(),
                ":before": new.before,
                ":after": new.after,
                ":open": matches!(new.action, Action::Create | Action::Update) && new.goes_on && new.deed.is_none(),
                ":deed": new.deed,
            })?;
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
        "SELECT step, mark_id, action, before, after, open, deed FROM steps
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
        deed: row.get("deed")?,
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
                 (page, blob_id) = (SELECT v.page, v.blob_id FROM versions v
                     WHERE v.version = coalesce(:version, marks.version)),
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
    let mut statement = transaction.prepare_cached(
        "DELETE FROM steps WHERE council = :council AND target_object = :object AND target_kind = :kind
         AND undone = 1 RETURNING mark_id",
    )?;
    let mut rows = statement.query(named_params! {
        ":council": key.council.as_bytes(),
        ":object": key.object.as_bytes(),
        ":kind": key.kind.as_str(),
    })?;
    let mut touched = BTreeSet::new();
    while let Some(row) = rows.next()? {
        touched.insert(MarkId(row.get(0)?));
    }
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
             AND version NOT IN (SELECT after FROM steps WHERE mark_id = :mark_id AND after IS NOT NULL)
             AND version NOT IN (SELECT before FROM transferred WHERE mark_id = :mark_id)",
        )?
        .execute(named_params! { ":mark_id": mark_id.0 })?;
    Ok(())
}
