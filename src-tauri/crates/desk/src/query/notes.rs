//! All own notes with where they stand.

use std::collections::hash_map::Entry as MapEntry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use notes::{MarkBody, TargetKey};
use sync_protocol::ids::{CouncilId, ObjectId};

use super::handwriting::{Piece, pieces};
use super::note_places::{Stand, StandMeeting};
use super::sketch::sketch_of;
use crate::border_marks::{mark_kind, stamp_name, target_kind};
use crate::dto::{
    NoteCommittee, NoteMeeting, NoteOrigin, NoteRow, NotesOverview, Presence, Quote, Target,
};
use crate::error::Failure;
use crate::session::Council;

/// All own notes.
///
/// * `marks` – of all councils, in any order.
pub(crate) fn notes_overview(
    councils: &[Council],
    marks: Vec<notes::Mark>,
    now_ms: i64,
) -> Result<NotesOverview, Failure> {
    let pieces = pieces(marks);
    let mut stands: HashMap<TargetKey, Arc<Stand>> = HashMap::new();
    let mut meetings: HashMap<(CouncilId, ObjectId), Arc<StandMeeting>> = HashMap::new();
    let mut origins: HashMap<ObjectId, Option<Arc<NoteOrigin>>> = HashMap::new();
    for council in councils {
        let mut known = council.facts.note_places(now_ms);
        let marks = pieces.iter().map(|piece| &piece.mark);
        for mark in marks.filter(|mark| mark.anchor.council == council.record.council) {
            if let Some(item) = mark.made_at_item
                && let MapEntry::Vacant(place) = origins.entry(item)
            {
                place.insert(known.origin(&council.store, item)?);
            }
            let key = mark.anchor.key();
            if stands.contains_key(&key) {
                continue;
            }
            let stand = known.stand(&council.store, key, now_ms)?;
            if let Some(id) = stand.placed.as_ref().and_then(|placed| placed.meeting)
                && let MapEntry::Vacant(place) = meetings.entry((key.council, id))
            {
                place.insert(known.meeting(&council.store, id)?);
            }
            stands.insert(key, stand);
        }
    }
    let ranks = place_ranks(&pieces, &stands);
    let gone = Stand::default();
    let notes = pieces
        .into_iter()
        .zip(ranks)
        .map(|(piece, rank)| {
            let stand = stands.get(&piece.mark.anchor.key());
            let stand = stand.map_or(&gone, |stand| stand);
            let here = stand.placed.as_ref().and_then(|placed| placed.agenda_item);
            let origin = made_elsewhere(&piece.mark, here)
                .and_then(|item| origins.get(&item).cloned().flatten());
            note_row(piece, stand, rank, origin.as_deref())
        })
        .collect();
    let mut committees: BTreeMap<(&str, &str), &NoteCommittee> = BTreeMap::new();
    for committee in meetings.values().flat_map(|meeting| &meeting.committees) {
        committees.insert((&committee.name, &committee.id), committee);
    }
    let mut listed: Vec<NoteMeeting> = meetings
        .values()
        .filter_map(|meeting| meeting.meeting.clone())
        .collect();
    listed.sort_by(|a, b| (b.start_at_ms, &a.id).cmp(&(a.start_at_ms, &b.id)));
    Ok(NotesOverview {
        notes,
        meetings: listed,
        committees: committees.into_values().cloned().collect(),
    })
}

/// The turn of each note: what stands on the meeting itself first, then the agenda, of each its own notes before those
/// on the pages of its files, each page from top to bottom.
fn place_ranks(pieces: &[Piece], stands: &HashMap<TargetKey, Arc<Stand>>) -> Vec<u32> {
    let place = |mark: &notes::Mark| {
        let stand = stands.get(&mark.anchor.key());
        let placed = stand.and_then(|stand| stand.placed.as_ref());
        let is_gone = placed.is_none();
        // Whole points are near enough; the sign turns "from the bottom" into "from the top".
        #[expect(clippy::cast_possible_truncation, reason = "`as` keeps to the range")]
        let from_top = -(top_pt(mark) as i64);
        let key = mark.anchor.key();
        (
            (is_gone, placed.and_then(|placed| placed.order)),
            (stand.and_then(|stand| stand.annex.as_deref()), key),
            (mark.anchor.page, from_top),
            (mark.created_at_ms, mark.id),
        )
    };
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_cached_key(|at| pieces.get(*at).map(|piece| place(&piece.mark)));
    let mut ranks = vec![0; pieces.len()];
    for (rank, at) in order.into_iter().enumerate() {
        if let Some(place) = ranks.get_mut(at) {
            *place = u32::try_from(rank).unwrap_or(u32::MAX);
        }
    }
    ranks
}

/// The agenda item a mark was made at, unless that is where it is shown.
pub(super) fn made_elsewhere(mark: &notes::Mark, here: Option<ObjectId>) -> Option<ObjectId> {
    let made_at = match mark.anchor.target {
        notes::Target::AgendaItem(item) => Some(item),
        _ => mark.made_at_item,
    };
    made_at.filter(|item| Some(*item) != here)
}

/// The upper edge of a mark, points from the lower edge of the page; 0 where it stands on no place.
pub(super) fn top_pt(mark: &notes::Mark) -> f32 {
    let rects = mark.anchor.rects.iter().map(|rect| rect.top);
    let ends = match &mark.body {
        MarkBody::Shape { ends, .. } => ends.as_slice(),
        _ => &[],
    };
    let points = mark.body.strokes().iter().flatten().chain(ends);
    rects.chain(points.map(|point| point.y)).fold(0.0, f32::max)
}

/// A note as lists show it.
///
/// * `origin` – where it was made, if not where it is shown.
pub(super) fn note_row(
    piece: Piece,
    stand: &Stand,
    place_rank: u32,
    origin: Option<&NoteOrigin>,
) -> NoteRow {
    let Piece { mark, ids, .. } = piece;
    let anchor = mark.anchor;
    let placed = stand.placed.as_ref();
    let text = mark.body.text().map(str::to_owned);
    let ink = sketch_of(&mark.body);
    let made_on = match anchor.target {
        notes::Target::File { revision, .. } => Some(revision),
        _ => None,
    };
    NoteRow {
        council_id: anchor.council.to_string(),
        id: mark.id.to_string(),
        mark_ids: ids.iter().map(ToString::to_string).collect(),
        kind: mark_kind(mark.body.kind()),
        target: Target {
            kind: target_kind(anchor.target.kind()),
            id: anchor.target.object().to_string(),
        },
        color: mark.body.color().map(|color| color.as_str().to_owned()),
        stamp: mark.body.stamp().map(stamp_name),
        text: text.filter(|text| !text.is_empty()),
        quote: anchor.quote.map(|quote| Quote {
            exact: quote.exact,
            prefix: quote.prefix,
            suffix: quote.suffix,
        }),
        quote_locked: mark.is_quote_locked,
        ink,
        created_at_ms: mark.created_at_ms,
        updated_at_ms: mark.updated_at_ms,
        public: anchor.sealed_class.is_none() && placed.is_some_and(|placed| placed.public),
        presence: match placed {
            None => Presence::Gone,
            Some(_) if stand.is_awaited => Presence::Awaited,
            Some(_) => Presence::Here,
        },
        meeting_id: placed
            .and_then(|placed| placed.meeting)
            .map(|id| id.to_string()),
        agenda_item_id: placed
            .and_then(|placed| placed.agenda_item)
            .map(|id| id.to_string()),
        label: placed.map(|placed| placed.label.clone()),
        annex: stand.annex.clone(),
        page: anchor.page,
        place_rank,
        made_at_item: mark.made_at_item.map(|id| id.to_string()),
        origin: origin.cloned(),
        old_revision: made_on.filter(|made_on| stand.revision.is_some_and(|now| *made_on < now)),
        imported: mark.imported_from.is_some(),
    }
}
