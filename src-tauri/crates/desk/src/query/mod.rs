//! Queries over all stores: what the council sent, joined with what the member did. They read and never write.

mod agenda;
mod calendar;
mod cards;
mod clash;
pub(crate) mod faction;
mod facts;
mod found;
mod handwriting;
mod item_notes;
mod meetings;
mod member;
mod neighbours;
mod note_places;
mod notes;
mod own;
mod pages;
pub(crate) mod shared_mark;
mod sheet;
mod shelf;
mod sketch;
mod storage;
mod sync_details;
mod today;

pub(crate) use agenda::{agenda_item_detail, meeting_detail};
pub(crate) use calendar::event;
pub(crate) use cards::{Placed, placed_file, placed_target};
pub(crate) use clash::mark_clashes;
pub(crate) use facts::CouncilFacts;
pub(crate) use found::{council_hit, faction_hit, own_hit};
pub(crate) use meetings::meetings_list;
pub(crate) use neighbours::document_neighbours;
pub(crate) use note_places::Stand;
pub(crate) use notes::notes_overview;
pub(crate) use own::Own;
pub(crate) use pages::{organization_detail, paper_detail, person_detail};
pub(crate) use sheet::{SheetWish, speaking_sheet};
pub(crate) use shelf::Shelf;
pub(crate) use storage::{Choice, Chosen, chosen, storage_council, storage_files};
pub(crate) use sync_details::{receipts, sync_council};
pub(crate) use today::today;

use sync_protocol::ids::ObjectId;

use crate::error::{ErrorCode, Failure};
use crate::session::Council;

/// An id as the page sends it.
///
/// Errors: `not_found`: what is no id names nothing.
pub(crate) fn object_id(hex: &str) -> Result<ObjectId, Failure> {
    hex.parse().map_err(|_| ErrorCode::NotFound.into())
}

/// The first council whose store has the object.
///
/// Errors: `not_found`; those of the store.
pub(crate) fn find<'a, T>(
    councils: &'a [Council],
    look: impl Fn(&'a Council) -> Result<Option<T>, sync::store::StoreError>,
) -> Result<(&'a Council, T), Failure> {
    for council in councils {
        if let Some(found) = look(council)? {
            return Ok((council, found));
        }
    }
    Err(ErrorCode::NotFound.into())
}
