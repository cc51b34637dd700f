//! What the member wishes of the council's files, out of `private.db`, as the value that `sync` goes by.

use std::collections::HashSet;

use notes::{NoteStore, NotesError, TargetKind};
use sync::{Freed, Wishes};
use sync_protocol::ids::{CouncilId, ObjectId};

use crate::dto::StorageRule;
use crate::error::Failure;
use crate::session::Session;
use crate::times;

const MONTHS: &str = "storage_rule_months";
const WITH_MARKED: &str = "storage_rule_with_marked";
/// What the rule may say, months.
pub(crate) const MONTHS_OFFERED: [u32; 3] = [6, 12, 24];

/// The rule; none at first.
pub(crate) fn rule(notes: &NoteStore) -> Result<StorageRule, NotesError> {
    let months = notes.setting(MONTHS)?.and_then(|value| value.parse().ok());
    Ok(StorageRule {
        months: months.filter(|months| MONTHS_OFFERED.contains(months)),
        with_marked: notes.setting(WITH_MARKED)?.is_some(),
    })
}

pub(crate) fn set_rule(notes: &NoteStore, rule: &StorageRule) -> Result<(), NotesError> {
    let months = rule.months.map(|months| months.to_string());
    // The narrower one first: a crash in between frees nothing that was not meant.
    notes.setting_set(MONTHS, None)?;
    notes.setting_set(WITH_MARKED, rule.with_marked.then_some("1"))?;
    notes.setting_set(MONTHS, months.as_deref())
}

/// Everything wished of a council's files.
pub(crate) fn of_council(
    notes: &NoteStore,
    council: CouncilId,
    now_ms: i64,
) -> Result<Wishes, Failure> {
    with_rule(notes, council, &rule(notes)?, now_ms)
}

/// The same, if the rule were another.
pub(crate) fn with_rule(
    notes: &NoteStore,
    council: CouncilId,
    rule: &StorageRule,
    now_ms: i64,
) -> Result<Wishes, Failure> {
    let files = notes.wishes(council)?;
    let mut wishes = Wishes {
        files: files
            .into_iter()
            .map(|(file, wish)| (file, for_sync(wish)))
            .collect(),
        free_before_ms: rule
            .months
            .and_then(|months| times::months_before(now_ms, months)),
        spared: HashSet::new(),
    };
    if wishes.free_before_ms.is_some() && !rule.with_marked {
        wishes.spared = marked_files(notes, council)?;
    }
    Ok(wishes)
}

fn for_sync(wish: notes::FileWish) -> sync::FileWish {
    match wish {
        notes::FileWish::Keep => sync::FileWish::Keep,
        notes::FileWish::Free { blob_id } => sync::FileWish::Free { blob_id },
        notes::FileWish::Load { at_ms } => sync::FileWish::Load { at_ms },
    }
}

/// Files with notes, highlights or ink on them.
fn marked_files(notes: &NoteStore, council: CouncilId) -> Result<HashSet<ObjectId>, NotesError> {
    let counts = notes.counts_by_target(council)?;
    let files = counts
        .into_keys()
        .filter(|key| key.kind == TargetKind::File);
    Ok(files.map(|key| key.object).collect())
}

/// Lets files go that are not wished here any more. May be called while a synchronisation runs.
pub(crate) fn apply(session: &Session, council: CouncilId, now_ms: i64) -> Result<Freed, Failure> {
    let wishes = of_council(&session.notes, council, now_ms)?;
    let freed = sync::free_unwanted(&session.vault, council, &wishes, now_ms)?;
    if freed != Freed::default() {
        session.forget_facts();
    }
    Ok(freed)
}
