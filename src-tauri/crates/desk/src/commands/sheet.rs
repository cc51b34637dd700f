//! The speaking sheet of a meeting.

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::query::{self, Own, SheetWish, find, object_id};

impl Desk {
    pub(crate) fn speaking_sheet(
        &self,
        request: SpeakingSheetRequest,
    ) -> Result<SpeakingSheet, Failure> {
        let (session, id, now_ms) = (
            self.session()?,
            object_id(&request.meeting_id)?,
            self.now_ms(),
        );
        let councils = session.councils(now_ms)?;
        let (council, held) = find(&councils, |council| council.store.meeting(id))?;
        let items = request.items.map(|items| {
            let ids = items.iter().map(|item| object_id(item));
            ids.collect::<Result<Vec<_>, _>>()
        });
        let items = items.transpose()?;
        let wish = SheetWish {
            with_nonpublic: request.include_nonpublic,
            items: items.as_deref(),
        };
        let own = Own::read(&session.notes, &councils)?;
        let name = council.record.name.as_str();
        query::speaking_sheet(
            (council, name),
            &held,
            (&own, &session.notes),
            &wish,
            now_ms,
        )
    }
}
