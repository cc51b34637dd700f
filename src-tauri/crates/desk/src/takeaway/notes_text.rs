//! Own notes as words: for Markdown, for the list behind a paper whose marks are drawn in, for cover sheets.

use ::export as formats;
use formats::{MarkdownNote, MarkdownSection};
use notes::{MarkKind, Stamp};

use super::bundle::{Bundle, Piece, Section};
use super::words;
use crate::messages::Speech;
use crate::times;

/// "Seite 3 · Markierung".
pub(super) fn place(mark: &notes::Mark, speech: Speech) -> String {
    let kind = match mark.body.kind() {
        MarkKind::Note => words::note(speech),
        MarkKind::Highlight => words::highlight(speech),
        MarkKind::Underline => words::underline(speech),
        MarkKind::StrikeOut => words::strike_out(speech),
        MarkKind::Squiggly => words::squiggly(speech),
        MarkKind::Ink => words::ink(speech),
        MarkKind::Brush => words::brush(speech),
        MarkKind::Rectangle => words::rectangle(speech),
        MarkKind::Ellipse => words::ellipse(speech),
        MarkKind::Line => words::line(speech),
        MarkKind::Arrow => words::arrow(speech),
        MarkKind::TextBox => words::text_box(speech),
        MarkKind::Stamp => match mark.body.stamp() {
            Some(Stamp::Agree) => words::agree(speech),
            Some(Stamp::Reject) => words::reject(speech),
            Some(Stamp::FollowUp) => words::follow_up(speech),
            Some(Stamp::Done) => words::done(speech),
            Some(Stamp::Question) | None => words::question(speech),
        },
    };
    match mark.anchor.page {
        Some(page) => format!("{} {} · {kind}", words::page(speech), u64::from(page) + 1),
        None => kind.to_owned(),
    }
}

/// The same of a mark on a paper: one that stands on an older version says on which.
pub(super) fn place_in(piece: &Piece, mark: &notes::Mark, speech: Speech) -> String {
    let place = place(mark, speech);
    match piece.behind(mark) {
        Some(revision) => format!("{place} · {} {revision}", words::version(speech)),
        None => place,
    }
}

/// The member's words on a mark, if there are any.
pub(super) fn text(mark: &notes::Mark) -> Option<&str> {
    mark.body
        .text()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Everything that can be said in words, as Markdown.
pub(super) fn markdown(bundle: &Bundle, speech: Speech) -> String {
    let mut sections = vec![MarkdownSection {
        level: 1,
        title: bundle.name.clone(),
        lines: bundle
            .lines
            .iter()
            .chain([&bundle.author])
            .cloned()
            .collect(),
        notes: Vec::new(),
    }];
    for section in &bundle.sections {
        let is_silent =
            section.notes.is_empty() && section.pieces.iter().all(|piece| piece.marks.is_empty());
        if is_silent {
            continue;
        }
        sections.push(MarkdownSection {
            level: 2,
            title: title(section),
            lines: Vec::new(),
            notes: markdown_notes(&section.notes, speech, place),
        });
        for piece in section
            .pieces
            .iter()
            .filter(|piece| !piece.marks.is_empty())
        {
            sections.push(MarkdownSection {
                level: 3,
                title: piece.title.clone(),
                lines: Vec::new(),
                notes: markdown_notes(&piece.marks, speech, |mark, speech| {
                    place_in(piece, mark, speech)
                }),
            });
        }
    }
    formats::markdown(&sections)
}

/// "TOP 5 Haushalt".
pub(super) fn title(section: &Section) -> String {
    match &section.number {
        Some(number) => format!("TOP {number} {}", section.title),
        None => section.title.clone(),
    }
}

/// Marks in the order of the pages, each page from top to bottom.
pub(super) fn in_order(marks: &[notes::Mark]) -> Vec<&notes::Mark> {
    let mut marks: Vec<&notes::Mark> = marks.iter().collect();
    marks.sort_by_key(|mark| {
        let top = mark
            .anchor
            .rects
            .iter()
            .map(|rect| rect.top)
            .fold(0.0, f32::max);
        #[expect(clippy::cast_possible_truncation, reason = "`as` keeps to the range")]
        let from_top = (top as i64).saturating_neg();
        (mark.anchor.page, from_top, mark.created_at_ms, mark.id)
    });
    marks
}

fn markdown_notes(
    marks: &[notes::Mark],
    speech: Speech,
    place: impl Fn(&notes::Mark, Speech) -> String,
) -> Vec<MarkdownNote> {
    let notes = in_order(marks).into_iter().map(|mark| MarkdownNote {
        place: format!(
            "{} · {}",
            place(mark, speech),
            times::day_iso(mark.updated_at_ms)
        ),
        quote: mark.anchor.quote.as_ref().map(|quote| quote.exact.clone()),
        text: text(mark).map(str::to_owned),
    });
    notes.collect()
}
