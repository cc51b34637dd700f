//! Strokes that were written in one go count as one piece of handwriting: the reader keeps each stroke as a mark of its own,
//! so that each can be taken back, but a list of notes shows words, not strokes.

use std::cmp::Reverse;

use notes::{Mark, MarkBody, MarkId};

/// Longest pause within a piece, ms (20 s): somebody looks up and goes on writing.
const LONGEST_PAUSE_MS: i64 = 20_000;
/// Widest gap within a piece, PDF points (about 2 cm): from word to word, and to the next line.
const WIDEST_GAP_PT: f32 = 56.0;

/// A note of the list with the marks it consists of; the first gives its place and its id.
pub(super) struct Piece {
    pub(super) mark: Mark,
    pub(super) ids: Vec<MarkId>,
    /// Left, bottom, right, top in PDF points.
    bounds: [f32; 4],
    last_written_at_ms: i64,
}

/// All marks, strokes of one go together, changed last first.
pub(super) fn pieces(marks: Vec<Mark>) -> Vec<Piece> {
    let (mut ink, others): (Vec<Mark>, Vec<Mark>) = marks
        .into_iter()
        .partition(|mark| matches!(mark.body, MarkBody::Ink { .. } | MarkBody::Brush { .. }));
    ink.sort_by_cached_key(|mark| (mark.anchor.key(), mark.anchor.page, mark.created_at_ms));
    let mut pieces: Vec<Piece> = Vec::new();
    for mark in ink {
        let piece = Piece::of(mark);
        // Not only the last one: somebody may change the pen for a word and go on with the first.
        let mut of_page = pieces
            .iter_mut()
            .rev()
            .take_while(|other| other.is_on_page_of(&piece));
        match of_page.find(|other| other.goes_on_with(&piece)) {
            Some(other) => other.take(piece),
            None => pieces.push(piece),
        }
    }
    pieces.extend(others.into_iter().map(Piece::of));
    pieces.sort_by_key(|piece| (Reverse(piece.mark.updated_at_ms), piece.mark.id));
    pieces
}

impl Piece {
    /// A mark by itself.
    pub(super) fn of(mark: Mark) -> Self {
        let points = mark.body.strokes();
        let nothing = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        let bounds = points.iter().flatten().fold(nothing, |at, point| {
            let [left, bottom, right, top] = at;
            [
                left.min(point.x),
                bottom.min(point.y),
                right.max(point.x),
                top.max(point.y),
            ]
        });
        Self {
            ids: vec![mark.id],
            bounds,
            last_written_at_ms: mark.created_at_ms,
            mark,
        }
    }

    fn is_on_page_of(&self, other: &Self) -> bool {
        let (here, there) = (&self.mark.anchor, &other.mark.anchor);
        here.target == there.target && here.page == there.page
    }

    /// Whether `next`, on the same page, belongs to this piece.
    fn goes_on_with(&self, next: &Self) -> bool {
        let (here, there) = (&self.mark, &next.mark);
        let pen = |mark: &Mark| {
            let body = &mark.body;
            (body.kind(), body.color(), body.width_pt().map(f32::to_bits))
        };
        let [left, bottom, right, top] = self.bounds;
        let [other_left, other_bottom, other_right, other_top] = next.bounds;
        let across = (other_left - right).max(left - other_right);
        let along = (other_bottom - top).max(bottom - other_top);
        pen(here) == pen(there)
            && there.created_at_ms - self.last_written_at_ms <= LONGEST_PAUSE_MS
            && across <= WIDEST_GAP_PT
            && along <= WIDEST_GAP_PT
    }

    fn take(&mut self, next: Self) {
        if let (
            MarkBody::Ink { strokes, .. } | MarkBody::Brush { strokes, .. },
            MarkBody::Ink {
                strokes: others, ..
            }
            | MarkBody::Brush {
                strokes: others, ..
            },
        ) = (&mut self.mark.body, next.mark.body)
        {
            strokes.extend(others);
        }
        let [left, bottom, right, top] = self.bounds;
        let [other_left, other_bottom, other_right, other_top] = next.bounds;
        self.bounds = [
            left.min(other_left),
            bottom.min(other_bottom),
            right.max(other_right),
            top.max(other_top),
        ];
        self.ids.extend(next.ids);
        self.last_written_at_ms = next.last_written_at_ms;
        self.mark.updated_at_ms = self.mark.updated_at_ms.max(next.mark.updated_at_ms);
    }
}
