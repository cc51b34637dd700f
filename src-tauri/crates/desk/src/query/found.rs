//! Hits as the page shows them: what the index found, with the place where it belongs, and one's own notes that answer.

use std::ops::Range;

use search::{Hit, Kind, Nearness, Query, Snippet, State};
use sync::store::StoreError;
use sync_protocol::ids::ObjectId;

use super::cards::{Placed, placed_file, placed_target};
use crate::border_marks::target_kind;
use crate::dto::{HitKind, SearchHit, Target, TargetKind, TextPiece};
use crate::error::Failure;
use crate::session::Council;
use sync::store::CouncilStore;

/// Characters of a note shown before its first hit.
const LEAD_CHARS: usize = 60;
/// Characters of a note shown at most.
const MOST_CHARS: usize = 200;

/// A hit of the index; `None` for what has gone from the device since it was indexed.
pub(crate) fn council_hit(
    council: &Council,
    hit: &Hit,
    now_ms: i64,
) -> Result<Option<SearchHit>, StoreError> {
    let (store, id) = (&council.store, ObjectId::from_bytes(hit.owner.0));
    let mut is_away = false;
    let (kind, placed) = match hit.kind {
        Kind::Meeting => (
            HitKind::Meeting,
            placed_target(store, TargetKind::Meeting, id, now_ms)?,
        ),
        Kind::AgendaItem => (
            HitKind::AgendaItem,
            placed_target(store, TargetKind::AgendaItem, id, now_ms)?,
        ),
        Kind::Paper => (
            HitKind::Paper,
            placed_target(store, TargetKind::Paper, id, now_ms)?,
        ),
        Kind::Person => (
            HitKind::Person,
            store.person(id)?.map(|held| unplaced(held.public)),
        ),
        Kind::Organization => (
            HitKind::Organization,
            store.organization(id)?.map(|held| unplaced(held.public)),
        ),
        Kind::File => (
            HitKind::File,
            match store.file(id)? {
                Some(row) => {
                    is_away = !row.present;
                    Some(placed_file(store, &row, now_ms)?)
                }
                None => None,
            },
        ),
    };
    let Some(placed) = placed else {
        return Ok(None);
    };
    let best = hit.pages.first().and_then(|page| page.snippet.as_ref());
    let snippet = best.or(hit.body.as_ref());
    let mut found = SearchHit {
        kind,
        id: id.to_string(),
        title: pieces(&hit.title),
        snippet: snippet.map(pieces).unwrap_or_default(),
        is_scan: hit.state == State::Scan,
        is_guess: hit.nearness == Nearness::Slip,
        is_away,
        file_id: (kind == HitKind::File).then(|| id.to_string()),
        pages: hit.pages.iter().map(|page| page.page).collect(),
        page_count: u32::try_from(hit.page_count).unwrap_or(u32::MAX),
        ..empty(council, kind)
    };
    place(&mut found, store, placed)?;
    Ok(Some(found))
}

/// A note, mark or quotation of one's own that answers; `None` if it does not, or stands on what is no longer here.
pub(crate) fn own_hit(
    council: &Council,
    mark: &notes::Mark,
    query: &Query,
    now_ms: i64,
) -> Result<Option<SearchHit>, Failure> {
    let quote = mark.anchor.quote.as_ref().map(|quote| quote.exact.as_str());
    let texts = [mark.body.text(), quote];
    let Some((text, marks)) = texts
        .into_iter()
        .flatten()
        .find_map(|text| Some((text, query.matches(text)?)))
    else {
        return Ok(None);
    };
    let target = &mark.anchor.target;
    let Some(placed) = placed_target(
        &council.store,
        target_kind(target.kind()),
        target.object(),
        now_ms,
    )?
    else {
        return Ok(None);
    };
    let is_on_file = matches!(target.kind(), notes::TargetKind::File);
    let mut found = SearchHit {
        id: mark.id.to_string(),
        snippet: around(text, &marks),
        file_id: is_on_file.then(|| target.object().to_string()),
        mark_id: Some(mark.id.to_string()),
        pages: mark.anchor.page.into_iter().collect(),
        page_count: 1,
        ..empty(council, HitKind::Note)
    };
    place(&mut found, &council.store, placed)?;
    found.public &= mark.anchor.sealed_class.is_none();
    Ok(Some(found))
}

/// Something said in a faction's space that answers.
///
/// * `marks` – ranges of characters of the text that answer.
/// * `target` – what it is about; `None`: nothing of the council.
pub(crate) fn faction_hit(
    council: &Council,
    (faction, item): (String, String),
    (text, marks): (&str, &[Range<usize>]),
    target: Option<Target>,
    placed: Option<Placed>,
) -> Result<SearchHit, StoreError> {
    let file = target.filter(|target| target.kind == TargetKind::File);
    let mut found = SearchHit {
        id: item,
        snippet: around(text, marks),
        file_id: file.map(|target| target.id),
        faction_id: Some(faction),
        ..empty(council, HitKind::Faction)
    };
    if let Some(placed) = placed {
        place(&mut found, &council.store, placed)?;
    }
    Ok(found)
}

fn empty(council: &Council, kind: HitKind) -> SearchHit {
    SearchHit {
        council_id: council.record.council.to_string(),
        kind,
        id: String::new(),
        title: Vec::new(),
        label: String::new(),
        snippet: Vec::new(),
        public: false,
        is_scan: false,
        is_guess: false,
        is_away: false,
        meeting_id: None,
        meeting_name: None,
        meeting_start_at_ms: None,
        agenda_item_id: None,
        file_id: None,
        mark_id: None,
        faction_id: None,
        pages: Vec::new(),
        page_count: 0,
    }
}

fn unplaced(public: bool) -> Placed {
    Placed {
        public,
        ..Placed::default()
    }
}

fn place(found: &mut SearchHit, store: &CouncilStore, placed: Placed) -> Result<(), StoreError> {
    if let Some(meeting) = placed
        .meeting
        .map(|id| store.meeting(id))
        .transpose()?
        .flatten()
    {
        found.meeting_start_at_ms = CouncilStore::meeting_start_ms(&meeting.object);
        found.meeting_id = Some(meeting.object.id.to_string());
        found.meeting_name = Some(meeting.object.name);
    }
    found.agenda_item_id = placed.agenda_item.map(|id| id.to_string());
    found.label = placed.label;
    found.public = placed.public;
    Ok(())
}

fn pieces(snippet: &Snippet) -> Vec<TextPiece> {
    let chars: Vec<char> = snippet.text.chars().collect();
    cut(&chars, &snippet.marks)
}

/// The part of a text around its first mark.
fn around(text: &str, marks: &[Range<usize>]) -> Vec<TextPiece> {
    let chars: Vec<char> = text
        .chars()
        .map(|char| if char.is_whitespace() { ' ' } else { char })
        .collect();
    let first = marks.first().map_or(0, |mark| mark.start);
    let start = first.saturating_sub(LEAD_CHARS);
    let end = (start + MOST_CHARS).min(chars.len());
    let within: Vec<Range<usize>> = marks
        .iter()
        .filter(|mark| mark.start < end)
        .map(|mark| mark.start - start..mark.end.min(end) - start)
        .collect();
    let mut pieces = cut(chars.get(start..end).unwrap_or_default(), &within);
    if start > 0 {
        pieces.insert(0, piece("… ".to_owned(), false));
    }
    if end < chars.len() {
        pieces.push(piece(" …".to_owned(), false));
    }
    pieces
}

fn cut(chars: &[char], marks: &[Range<usize>]) -> Vec<TextPiece> {
    let text = |range: Range<usize>| {
        chars
            .get(range)
            .unwrap_or_default()
            .iter()
            .collect::<String>()
    };
    let mut pieces = Vec::new();
    let mut at = 0;
    for mark in marks {
        if at < mark.start {
            pieces.push(piece(text(at..mark.start), false));
        }
        pieces.push(piece(text(mark.clone()), true));
        at = mark.end;
    }
    if at < chars.len() {
        pieces.push(piece(text(at..chars.len()), false));
    }
    pieces
}

fn piece(text: String, marked: bool) -> TextPiece {
    TextPiece { text, marked }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[TextPiece]) -> String {
        pieces
            .iter()
            .map(|piece| {
                if piece.marked {
                    format!("[{}]", piece.text)
                } else {
                    piece.text.clone()
                }
            })
            .collect()
    }

    #[test]
    fn a_note_is_shown_around_its_first_hit() {
        let long = format!("{} Schlüssel {}", "a".repeat(200), "b".repeat(300));
        let pieces = around(&long, std::slice::from_ref(&(201..210)));
        let text = shown(&pieces);
        assert!(
            text.starts_with("… aaa") && text.contains(" [Schlüssel] bbb") && text.ends_with(" …"),
            "{text}"
        );
        assert_eq!(
            shown(&around("Wer\nfragt?", std::slice::from_ref(&(4..9)))),
            "Wer [fragt]?"
        );
        assert_eq!(shown(&around("nichts", &[])), "nichts");
    }
}
