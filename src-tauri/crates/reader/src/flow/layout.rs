//! The order of a page that says nothing of it: columns, tables, paragraphs, by where the letters stand. Pure.

use super::chunks::{Row, chunks};
use super::columns::regions;
use super::glyph::{Gap, Glyph};
use super::joined::spans;
use super::paragraphs::{Group, GroupKind, Usual, groups};
use super::tables;
use super::{Block, BlockKind};

/// What stands in one part of the page, in order.
enum Part {
    Group(Group),
    Table(Block),
}

/// Puts letters in order.
///
/// Arguments: all glyphs of the page; which of them; what is usual on the page.
pub(super) fn blocks(glyphs: &[Glyph], wanted: &[usize], usual: Usual) -> Vec<Block> {
    let is_level = |at: &usize| glyphs.get(*at).is_some_and(|glyph| glyph.is_level);
    let (level, turned): (Vec<usize>, Vec<usize>) = wanted.iter().partition(|at| is_level(at));
    let mut parts: Vec<Part> = Vec::new();
    for region in regions(chunks(glyphs, &level)) {
        let mut of_region = ordered(glyphs, &region, usual);
        if let (Some(Part::Group(last)), Some(Part::Group(first))) =
            (parts.last_mut(), of_region.first())
            && goes_on(glyphs, last, first)
        {
            last.glyphs.extend(&first.glyphs);
            of_region.remove(0);
        }
        parts.extend(of_region);
    }
    let mut out = Vec::new();
    for part in parts {
        match part {
            Part::Table(table) => out.push(table),
            Part::Group(group) => put(glyphs, group, &mut out),
        }
    }
    out.extend(lines_as_they_come(glyphs, &turned));
    out
}

fn ordered(glyphs: &[Glyph], rows: &[Row], usual: Usual) -> Vec<Part> {
    let mut out = Vec::new();
    let text = |from: usize, to: usize, out: &mut Vec<Part>| {
        let rows = rows.get(from..to).unwrap_or(&[]);
        out.extend(groups(glyphs, rows, usual).into_iter().map(Part::Group));
    };
    let mut done = 0;
    for (range, columns) in tables::find(glyphs, rows) {
        text(done, range.start, &mut out);
        done = range.end;
        let of_table = rows.get(range).unwrap_or(&[]);
        out.push(Part::Table(tables::block(glyphs, of_table, &columns)));
    }
    text(done, rows.len(), &mut out);
    out
}

/// Whether a paragraph goes on in the next column.
fn goes_on(glyphs: &[Glyph], last: &Group, first: &Group) -> bool {
    let end = last.glyphs.last().and_then(|at| glyphs.get(*at));
    let start = first.glyphs.first().and_then(|at| glyphs.get(*at));
    first.kind == GroupKind::Paragraph
        && !matches!(last.kind, GroupKind::Heading(_))
        && end.is_some_and(|glyph| !matches!(glyph.char, '.' | ':' | '!' | '?'))
        && start.is_some_and(|glyph| glyph.char.is_lowercase())
        && end
            .zip(start)
            .is_some_and(|(a, b)| (a.size - b.size).abs() < 0.1 * a.size_with(b))
}

fn put(glyphs: &[Glyph], group: Group, out: &mut Vec<Block>) {
    let spans_of = spans(glyphs, &group.glyphs);
    match group.kind {
        GroupKind::Heading(level) => {
            let mut heading = Block::of(BlockKind::Heading, group.top);
            heading.level = level;
            heading.spans = spans_of;
            out.push(heading);
        }
        GroupKind::Paragraph => {
            let mut paragraph = Block::of(BlockKind::Paragraph, group.top);
            paragraph.spans = spans_of;
            out.push(paragraph);
        }
        GroupKind::Item(label) => {
            let mut item = Block::of(BlockKind::Item, group.top);
            item.label = spans(glyphs, &label)
                .into_iter()
                .map(|span| span.text)
                .collect();
            item.spans = spans_of;
            match out.last_mut() {
                Some(list) if list.kind == BlockKind::List => list.children.push(item),
                _ => {
                    let mut list = Block::of(BlockKind::List, group.top);
                    list.children.push(item);
                    out.push(list);
                }
            }
        }
    }
}

/// Letters that stand across or upright, line by line as the file has them: on plans there is no better order.
fn lines_as_they_come(glyphs: &[Glyph], turned: &[usize]) -> Vec<Block> {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut last = None;
    for at in turned {
        let Some(glyph) = glyphs.get(*at) else {
            continue;
        };
        let goes_on = last == at.checked_sub(1) && glyph.gap != Gap::Line;
        match lines.last_mut().filter(|_| goes_on) {
            Some(line) => line.push(*at),
            None => lines.push(vec![*at]),
        }
        last = Some(*at);
    }
    lines
        .into_iter()
        .map(|line| {
            let top = line.first().and_then(|at| glyphs.get(*at));
            let mut paragraph = Block::of(BlockKind::Paragraph, top.map_or(0.0, |g| g.area.top));
            // Across the page, what PDFium says of spaces is better than what the places say.
            let mut text = String::new();
            for at in &line {
                let Some(glyph) = glyphs.get(*at) else {
                    continue;
                };
                if !text.is_empty() && glyph.gap != Gap::Nothing {
                    text.push(' ');
                }
                text.push(if glyph.char == '\u{ad}' {
                    '-'
                } else {
                    glyph.char
                });
            }
            paragraph.spans.push(super::Span {
                text,
                is_bold: false,
                is_italic: false,
                link: None,
            });
            paragraph
        })
        .collect()
}
