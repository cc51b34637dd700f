//! The pages of a person, an organization and a paper.

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::query::{Own, find, object_id, organization_detail, paper_detail, person_detail};

impl Desk {
    pub(crate) fn person_open(&self, request: PersonOpenRequest) -> Result<PersonDetail, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, held) = find(&councils, |council| council.store.person(id))?;
        Ok(person_detail(council, &held, now_ms)?)
    }

    pub(crate) fn organization_open(
        &self,
        request: OrganizationOpenRequest,
    ) -> Result<OrganizationDetail, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, held) = find(&councils, |council| council.store.organization(id))?;
        let own = Own::read(&session.notes, &councils)?;
        organization_detail(council, &held, &own, now_ms)
    }

    pub(crate) fn paper_open(&self, request: PaperOpenRequest) -> Result<PaperDetail, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, held) = find(&councils, |council| council.store.paper(id))?;
        let marks = self.marks_of_paper(council, id, &session.notes, now_ms)?;
        let own = Own::read(&session.notes, &councils)?;
        let detail = paper_detail(council, &held, &own, marks, now_ms)?;
        session
            .notes
            .visit_set(council.record.council, id, now_ms)?;
        Ok(detail)
    }
}
