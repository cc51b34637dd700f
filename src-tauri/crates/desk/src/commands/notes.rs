//! All own notes at once, and bringing one back that was deleted there.

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::query;

use super::marks::mark_id;

impl Desk {
    pub(crate) fn notes_overview(&self, _: Empty) -> Result<NotesOverview, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        query::notes_overview(&councils, session.notes.list_all()?, now_ms)
    }

    /// Works for marks on anything, also where it is no longer on this device.
    pub(crate) fn mark_restore(&self, request: MarkRestoreRequest) -> Result<Empty, Failure> {
        self.session()?
            .notes
            .mark_restore(mark_id(&request.id)?, self.now_ms())?;
        Ok(Empty {})
    }
}
