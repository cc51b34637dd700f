//! Papers (Vorlagen) and their way through the organizations.

use sync_protocol::ids::ObjectId;
use sync_protocol::model::{AgendaItem, Consultation, Paper};

use super::{CouncilStore, Held, StoreError};

impl CouncilStore {
    /// One paper.
    pub fn paper(&self, id: ObjectId) -> Result<Option<Held<Paper>>, StoreError> {
        self.object(id)
    }

    /// All papers, in no order.
    pub fn papers(&self) -> Result<Vec<Held<Paper>>, StoreError> {
        self.all_objects()
    }

    /// One consultation.
    pub fn consultation(&self, id: ObjectId) -> Result<Option<Held<Consultation>>, StoreError> {
        self.object(id)
    }

    /// The consultations (Beratungsfolge) of a paper, in no order: their dates are those of their meetings.
    pub fn consultations_of_paper(
        &self,
        paper: ObjectId,
    ) -> Result<Vec<Held<Consultation>>, StoreError> {
        self.objects(
            "paper = :paper",
            &[(":paper", &paper.as_bytes().as_slice())],
        )
    }

    /// The agenda items that name a paper, in no order.
    pub fn agenda_items_of_paper(
        &self,
        paper: ObjectId,
    ) -> Result<Vec<Held<AgendaItem>>, StoreError> {
        self.objects(
            "paper = :paper",
            &[(":paper", &paper.as_bytes().as_slice())],
        )
    }
}
