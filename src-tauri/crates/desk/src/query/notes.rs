//! All own notes with where they stand. Each object of the council is looked up once, however many notes stand on it.

use std::collections::HashMap;

use notes::{MarkBody, TargetKey};
use sync::store::{CouncilStore, FileRole, StoreError};
use sync_protocol::ids::{CouncilId, ObjectId};

use super::cards::{Placed, placed_file, placed_target};
use super::handwriting::{Piece, pieces};
use super::sketch::sketch;
use crate::border_marks::target_kind;
use crate::dto::{NoteCommittee, NoteMeeting, NoteRow, NotesOverview, Presence, Quote, Target};
use crate::error::Failure;
use crate::session::Council;

/// Where a note stands, as far as it is still known here.
#[derive(Default)]
struct Stand {
    placed: Option<Placed>,
    /// Its file is known but has not arrived.
    is_awaited: bool,
    annex: Option<String>,
    /// Place of the agenda item in its agenda.
    order: Option<u32>,
}

/// All own notes.
///
/// * `marks` – of all councils, in any order.
pub(crate) fn notes_overview(
    councils: &[Council],
    marks: Vec<notes::Mark>,
    now_ms: i64,
) -> Result<NotesOverview, Failure> {
    let pieces = pieces(marks);
    let mut stands: HashMap<TargetKey, Stand> = HashMap::new();
    let mut meetings: HashMap<(CouncilId, ObjectId), Option<NoteMeeting>> = HashMap::new();
    let mut committees: HashMap<String, NoteCommittee> = HashMap::new();
    for piece in &pieces {
        let key = piece.mark.anchor.key();
        let council = councils
            .iter()
            .find(|council| council.record.council == key.council);
        let (Some(council), false) = (council, stands.contains_key(&key)) else {
            continue;
        };
        let stand = stand(&council.store, key, now_ms)?;
        let meeting = stand.placed.as_ref().and_then(|placed| placed.meeting);
        if let Some(id) = meeting
            && !meetings.contains_key(&(key.council, id))
        {
            let found = note_meeting(&council.store, id, &mut committees)?;
            meetings.insert((key.council, id), found);
        }
        stands.insert(key, stand);
    }
    let ranks = place_ranks(&pieces, &stands);
    let gone = Stand::default();
    let notes = pieces
        .into_iter()
        .zip(ranks)
        .map(|(piece, rank)| {
            let stand = stands.get(&piece.mark.anchor.key()).unwrap_or(&gone);
            note_row(piece, stand, rank)
        })
        .collect();
    let mut meetings: Vec<NoteMeeting> = meetings.into_values().flatten().collect();
    meetings.sort_by(|a, b| (b.start_at_ms, &a.id).cmp(&(a.start_at_ms, &b.id)));
    let mut committees: Vec<NoteCommittee> = committees.into_values().collect();
    committees.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(NotesOverview {
        notes,
        meetings,
        committees,
    })
}

fn stand(store: &CouncilStore, key: TargetKey, now_ms: i64) -> Result<Stand, StoreError> {
    let mut stand = Stand::default();
    if key.kind == notes::TargetKind::File {
        let Some(row) = store.file(key.object)? else {
            return Ok(stand);
        };
        let placed = placed_file(store, &row, now_ms)?;
        let is_main = |role| matches!(role, FileRole::Main);
        let uses = store.uses_of_file(key.object)?;
        let is_named = placed.label.ends_with(&row.file.name);
        stand.annex = (!is_named && !uses.iter().any(|used| is_main(used.role)))
            .then(|| row.file.name.clone());
        stand.is_awaited = !row.present;
        stand.placed = Some(placed);
    } else {
        stand.placed = placed_target(store, target_kind(key.kind), key.object, now_ms)?;
    }
    let item = stand.placed.as_ref().and_then(|placed| placed.agenda_item);
    if let Some(id) = item {
        stand.order = store.agenda_item(id)?.map(|held| held.object.order);
    }
    Ok(stand)
}

fn note_meeting(
    store: &CouncilStore,
    id: ObjectId,
    committees: &mut HashMap<String, NoteCommittee>,
) -> Result<Option<NoteMeeting>, StoreError> {
    let Some(held) = store.meeting(id)? else {
        return Ok(None);
    };
    let mut committee_ids = Vec::new();
    for organization in &held.object.organizations {
        let id = organization.to_string();
        if !committees.contains_key(&id) {
            let Some(held) = store.organization(*organization)? else {
                continue;
            };
            let name = held.object.short_name.unwrap_or(held.object.name);
            committees.insert(
                id.clone(),
                NoteCommittee {
                    council_id: store.council().to_string(),
                    id: id.clone(),
                    name,
                },
            );
        }
        committee_ids.push(id);
    }
    Ok(Some(NoteMeeting {
        council_id: store.council().to_string(),
        id: id.to_string(),
        start_at_ms: CouncilStore::meeting_start_ms(&held.object),
        name: held.object.name,
        committee_ids,
    }))
}

/// The turn of each note: what stands on the meeting itself first, then the agenda, of each its own notes before those
/// on the pages of its files, each page from top to bottom.
fn place_ranks(pieces: &[Piece], stands: &HashMap<TargetKey, Stand>) -> Vec<u32> {
    let place = |mark: &notes::Mark| {
        let stand = stands.get(&mark.anchor.key());
        let is_gone = stand.is_none_or(|stand| stand.placed.is_none());
        // Whole points are near enough; the sign turns "from the bottom" into "from the top".
        #[expect(clippy::cast_possible_truncation, reason = "`as` keeps to the range")]
        let from_top = -(top_pt(mark) as i64);
        let key = mark.anchor.key();
        (
            (is_gone, stand.and_then(|stand| stand.order)),
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

/// The upper edge of a mark, points from the lower edge of the page; 0 where it stands on no place.
fn top_pt(mark: &notes::Mark) -> f32 {
    let rects = mark.anchor.rects.iter().map(|rect| rect.top);
    let strokes = match &mark.body {
        MarkBody::Ink { strokes, .. } => strokes.as_slice(),
        _ => &[],
    };
    let points = strokes.iter().flatten().map(|point| point.y);
    rects.chain(points).fold(0.0, f32::max)
}

fn note_row(piece: Piece, stand: &Stand, place_rank: u32) -> NoteRow {
    let Piece { mark, ids, .. } = piece;
    let anchor = mark.anchor;
    let placed = stand.placed.as_ref();
    let text = mark.body.text().map(str::to_owned);
    let (kind, color, ink) = match &mark.body {
        MarkBody::Note { .. } => (crate::dto::MarkKind::Note, None, None),
        MarkBody::Highlight { color, .. } => (crate::dto::MarkKind::Highlight, Some(*color), None),
        MarkBody::Ink {
            color,
            width_pt,
            strokes,
        } => (
            crate::dto::MarkKind::Ink,
            Some(*color),
            sketch(strokes, *width_pt),
        ),
    };
    NoteRow {
        council_id: anchor.council.to_string(),
        id: mark.id.to_string(),
        mark_ids: ids.iter().map(ToString::to_string).collect(),
        kind,
        target: Target {
            kind: target_kind(anchor.target.kind()),
            id: anchor.target.object().to_string(),
        },
        color: color.map(|color| color.as_str().to_owned()),
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
    }
}
