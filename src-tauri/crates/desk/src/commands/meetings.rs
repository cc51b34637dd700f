//! Meetings, agenda items, the start page, and the private tally.

use crate::Desk;
use crate::border_marks::tally;
use crate::dto::*;
use crate::error::Failure;
use crate::query::{self, Own, agenda_item_detail, find, mark_clashes, meeting_detail, object_id};

impl Desk {
    pub(crate) fn today(&self, _: Empty) -> Result<Today, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let own = Own::read(&session.notes, &councils)?;
        query::today(&councils, &own, &session.notes, now_ms)
    }

    pub(crate) fn meetings_list(&self, _: Empty) -> Result<MeetingsList, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let own = Own::read(&session.notes, &councils)?;
        query::meetings_list(&councils, &own, now_ms)
    }

    pub(crate) fn meeting_open(
        &self,
        request: MeetingOpenRequest,
    ) -> Result<MeetingDetail, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, held) = find(&councils, |council| council.store.meeting(id))?;
        let mut detail = meeting_detail(council, &held, &Own::read(&session.notes, &councils)?)?;
        mark_clashes(&councils, std::slice::from_mut(&mut detail.card), now_ms)?;
        session
            .notes
            .visit_set(council.record.council, id, now_ms)?;
        Ok(detail)
    }

    pub(crate) fn agenda_item_open(
        &self,
        request: AgendaItemOpenRequest,
    ) -> Result<AgendaItemDetail, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, held) = find(&councils, |council| council.store.agenda_item(id))?;
        let own = Own::read(&session.notes, &councils)?;
        let detail = agenda_item_detail(council, &held, (&own, &session.notes), now_ms)?;
        session
            .notes
            .visit_set(council.record.council, id, now_ms)?;
        Ok(detail)
    }

    pub(crate) fn tally_set(&self, request: TallySetRequest) -> Result<Empty, Failure> {
        let (session, id, now_ms) = (
            self.session()?,
            object_id(&request.agenda_item_id)?,
            self.now_ms(),
        );
        let councils = session.councils(now_ms)?;
        let (council, _) = find(&councils, |council| council.store.agenda_item(id))?;
        session
            .notes
            .tally_set(council.record.council, id, request.value.map(tally), now_ms)?;
        Ok(Empty {})
    }
}
