//! Meetings and their agendas.

use sync_protocol::ids::ObjectId;
use sync_protocol::model::{AgendaItem, Meeting};

use super::decode::start_ms;
use super::{CouncilStore, Held, StoreError};

impl CouncilStore {
    /// All meetings, earliest first.
    pub fn meetings(&self) -> Result<Vec<Held<Meeting>>, StoreError> {
        let mut found: Vec<Held<Meeting>> = self.all_objects()?;
        found.sort_by_key(|held| (start_ms(&held.object), held.object.id));
        Ok(found)
    }

    /// One meeting.
    pub fn meeting(&self, id: ObjectId) -> Result<Option<Held<Meeting>>, StoreError> {
        self.object(id)
    }

    /// The agenda of a meeting in its order, public and nonpublic items together as far as this device may see them.
    pub fn agenda(&self, meeting: ObjectId) -> Result<Vec<Held<AgendaItem>>, StoreError> {
        let mut found: Vec<Held<AgendaItem>> = self.objects(
            "meeting = :meeting",
            &[(":meeting", &meeting.as_bytes().as_slice())],
        )?;
        found.sort_by_key(|held| (held.object.order, held.object.id));
        Ok(found)
    }

    /// One agenda item.
    pub fn agenda_item(&self, id: ObjectId) -> Result<Option<Held<AgendaItem>>, StoreError> {
        self.object(id)
    }

    /// All agenda items, in no order.
    pub fn agenda_items(&self) -> Result<Vec<Held<AgendaItem>>, StoreError> {
        self.all_objects()
    }

    /// When a meeting starts, ms UTC; `None` if the council's date does not parse.
    #[must_use]
    pub fn meeting_start_ms(meeting: &Meeting) -> Option<i64> {
        start_ms(meeting)
    }
}
