//! What the member did, as the queries need it: counts of notes, places, tallies, and what has been looked at.
//!
//! Read once per command from `notes`; no text of a note is in it.

use std::collections::HashMap;

use notes::{NoteStore, ReadingPlace};
use sync::store::FileRow;
use sync_protocol::ids::{BlobId, CouncilId, ObjectId};

use super::facts::FileFact;
use crate::border_marks::{stamp_name, vote};
use crate::dto::{StampName, Vote};
use crate::error::Failure;
use crate::news;
use crate::session::Council;

/// Files whose place is kept in mind; more than anybody has under way.
const MOST_PLACES: u32 = 1000;

/// The member's side of every card.
#[derive(Default)]
pub(crate) struct Own {
    counts: HashMap<ObjectId, u32>,
    /// Latest first.
    places: Vec<ReadingPlace>,
    pages_read: HashMap<(ObjectId, BlobId), u32>,
    tallies: HashMap<ObjectId, Vote>,
    stamps: HashMap<ObjectId, Vec<StampName>>,
    looked_at: HashMap<ObjectId, i64>,
    /// From when on something counts as news; a council that was never synchronised has none.
    news_from_ms: HashMap<CouncilId, i64>,
}

impl Own {
    pub(crate) fn read(notes: &NoteStore, councils: &[Council]) -> Result<Self, Failure> {
        let mut own = Self {
            places: notes.latest_places(MOST_PLACES)?,
            ..Self::default()
        };
        for council in councils {
            let id = council.record.council;
            for (key, count) in notes.counts_by_target(id)? {
                *own.counts.entry(key.object).or_default() += count;
            }
            own.pages_read.extend(notes.pages_read_counts(id)?);
            own.tallies.extend(
                notes
                    .tallies(id)?
                    .into_iter()
                    .map(|(item, tally)| (item, vote(tally))),
            );
            let stamps = notes.stamps_by_object(id)?.into_iter();
            own.stamps
                .extend(stamps.map(|(object, stamps)| {
                    (object, stamps.into_iter().map(stamp_name).collect())
                }));
            own.looked_at.extend(notes.visits(id)?);
            own.news_from_ms
                .extend(news::from_ms(notes, id)?.map(|from_ms| (id, from_ms)));
        }
        Ok(own)
    }

    /// Notes, highlights and ink on exactly this object.
    pub(crate) fn note_count(&self, object: ObjectId) -> u32 {
        self.counts.get(&object).copied().unwrap_or(0)
    }

    /// Whether there are notes, highlights or ink on exactly this object.
    pub(crate) fn has_notes(&self, object: ObjectId) -> bool {
        self.counts.contains_key(&object)
    }

    /// Pages of these bytes of a file that have been on the screen; never more than it has.
    pub(crate) fn pages_read(&self, file: &FileFact) -> u32 {
        let read = self
            .pages_read
            .get(&(file.id, file.blob_id))
            .copied()
            .unwrap_or(0);
        read.min(file.page_count.unwrap_or(read))
    }

    /// The page seen last, 0-based.
    pub(crate) fn last_page(&self, row: &FileRow) -> Option<u32> {
        let last = row
            .page_count
            .map_or(u32::MAX, |count| count.saturating_sub(1));
        self.places
            .iter()
            .find(|place| place.file == row.id())
            .map(|place| place.place.page.min(last))
    }

    /// The files read, latest first.
    pub(crate) fn latest_places(&self) -> &[ReadingPlace] {
        &self.places
    }

    pub(crate) fn tally(&self, item: ObjectId) -> Option<Vote> {
        self.tallies.get(&item).copied()
    }

    /// Stamps on the whole of exactly this object, oldest first.
    pub(crate) fn stamps(&self, object: ObjectId) -> &[StampName] {
        self.stamps.get(&object).map_or(&[], Vec::as_slice)
    }

    /// Whether something that came at `at_ms` has not been looked at since.
    ///
    /// * `looks` – the objects whose opening counts as looking at it.
    pub(crate) fn is_news(&self, council: CouncilId, at_ms: i64, looks: &[ObjectId]) -> bool {
        let from_ms = self.news_from_ms.get(&council);
        let looked_at_ms = looks
            .iter()
            .filter_map(|object| self.looked_at.get(object))
            .max();
        from_ms.is_some_and(|from_ms| at_ms > *from_ms)
            && looked_at_ms.is_none_or(|looked| *looked < at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> ObjectId {
        ObjectId::from_bytes([byte; 16])
    }

    #[test]
    fn news_is_what_came_after_the_first_synchronisation_and_was_not_looked_at_since() {
        let council = CouncilId::from_bytes([9; 16]);
        let own = Own {
            looked_at: HashMap::from([(id(1), 200)]),
            news_from_ms: HashMap::from([(council, 100)]),
            ..Own::default()
        };
        assert!(
            !own.is_news(council, 100, &[id(2)]),
            "the first synchronisation brings no news"
        );
        assert!(own.is_news(council, 150, &[id(2)]));
        assert!(!own.is_news(council, 150, &[id(1)]), "looked at later");
        assert!(
            own.is_news(council, 250, &[id(1)]),
            "changed after the look"
        );
        assert!(
            !own.is_news(council, 150, &[id(2), id(1)]),
            "a look at the item is a look at its file"
        );
        assert!(
            !own.is_news(CouncilId::from_bytes([8; 16]), 150, &[]),
            "never synchronised"
        );
    }
}
