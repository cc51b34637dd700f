//! From when on something counts as news: the end of a council's first synchronisation. What came with it is simply
//! the stock, and a start page full of news would say nothing.

use notes::{NoteStore, NotesError};
use sync_protocol::ids::CouncilId;

fn setting(council: CouncilId) -> String {
    format!("news_from_ms/{council}")
}

/// The moment, ms UTC; `None` before the first synchronisation has ended.
pub(crate) fn from_ms(notes: &NoteStore, council: CouncilId) -> Result<Option<i64>, NotesError> {
    Ok(notes
        .setting(&setting(council))?
        .and_then(|value| value.parse().ok()))
}

/// Notes the end of a synchronisation; only the first one counts.
pub(crate) fn synchronised(
    notes: &NoteStore,
    council: CouncilId,
    at_ms: i64,
) -> Result<(), NotesError> {
    match from_ms(notes, council)? {
        Some(_) => Ok(()),
        None => notes.setting_set(&setting(council), Some(&at_ms.to_string())),
    }
}
