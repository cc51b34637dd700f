//! Finds tables among the rows of a part of a page: rows whose cells stand below each other. Pure, and careful: what is no
//! table for certain stays text, which is read in the same order.

use std::ops::Range;

use super::chunks::{Chunk, Row};
use super::glyph::{Area, Glyph};
use super::joined::spans;
use super::paragraphs::is_labelled;
use super::{Block, BlockKind};

/// Rows with several cells that a table of two columns must have; one of more columns needs one less.
const MIN_ROWS: usize = 3;
/// A line that stands this close below a row goes on with its cells; share of the font size.
const CLOSE: f32 = 0.55;

/// The tables among the rows, from top to bottom.
pub(super) fn find(glyphs: &[Glyph], rows: &[Row]) -> Vec<(Range<usize>, Vec<Area>)> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        match longest(glyphs, rows, start) {
            Some((end, columns)) => {
                found.push((start..end, columns));
                start = end;
            }
            None => start += 1,
        }
    }
    found
}

/// The longest table that begins with a row.
fn longest(glyphs: &[Glyph], rows: &[Row], start: usize) -> Option<(usize, Vec<Area>)> {
    let first = rows.get(start)?;
    if first.chunks.len() < 2 {
        return None;
    }
    let mut columns = merged(Vec::new(), &first.chunks);
    let mut full = 1;
    let mut end = start + 1;
    while let (Some(before), Some(row)) = (rows.get(end - 1), rows.get(end)) {
        let next = merged(columns.clone(), &row.chunks);
        let one_each = row
            .chunks
            .iter()
            .map(|chunk| column_of(&next, chunk))
            .collect::<Option<Vec<_>>>()
            .is_some_and(|at| at.windows(2).all(|pair| pair.first() < pair.get(1)));
        let is_full = row.chunks.len() > 1;
        let gap = row.area.top - before.area.bottom;
        let goes_on = is_full || gap < CLOSE * row.size();
        if next.len() < 2 || next.len() < columns.len() || !one_each || !goes_on {
            break;
        }
        full += usize::from(is_full);
        columns = next;
        end += 1;
    }
    // A single line at the end may be the text that follows.
    while end > start
        && rows.get(end - 1).is_some_and(|row| {
            row.chunks.len() == 1
                && row
                    .chunks
                    .first()
                    .is_some_and(|chunk| column_of(&columns, chunk) == Some(0))
        })
    {
        end -= 1;
    }
    let needed = if columns.len() > 2 {
        MIN_ROWS - 1
    } else {
        MIN_ROWS
    };
    // Bullets with text beside them are a list.
    let labels = rows
        .iter()
        .take(end)
        .skip(start)
        .filter(|row| is_labelled(glyphs, row));
    let is_list = columns.len() == 2 && 2 * labels.count() > full;
    (full >= needed && !is_list).then_some((end, columns))
}

/// Columns as the widths that stand above each other; cells of a row that touch two of them make one of these.
fn merged(mut columns: Vec<Area>, chunks: &[Chunk]) -> Vec<Area> {
    for chunk in chunks {
        let mut area = chunk.area;
        columns.retain(|column| {
            let touches = column.left < area.right && area.left < column.right;
            if touches {
                area = area.union(column);
            }
            !touches
        });
        columns.push(area);
    }
    columns.sort_by(|a, b| a.left.total_cmp(&b.left));
    columns
}

fn column_of(columns: &[Area], chunk: &Chunk) -> Option<usize> {
    columns
        .iter()
        .position(|column| column.left <= chunk.area.left && chunk.area.right <= column.right)
}

/// The rows of a table as a block. A line without a first cell that follows closely goes on with the cells above.
pub(super) fn block(glyphs: &[Glyph], rows: &[Row], columns: &[Area]) -> Block {
    let mut lines: Vec<(f32, Vec<Vec<usize>>, bool)> = Vec::new();
    let mut bottom = f32::MIN;
    for row in rows {
        let mut cells = vec![Vec::new(); columns.len()];
        for chunk in &row.chunks {
            let at = column_of(columns, chunk).unwrap_or(0);
            if let Some(cell) = cells.get_mut(at) {
                cell.extend(&chunk.glyphs);
            }
        }
        let goes_on =
            cells.first().is_some_and(Vec::is_empty) && row.area.top - bottom < CLOSE * row.size();
        bottom = row.area.bottom;
        match lines.last_mut().filter(|_| goes_on) {
            Some((_, above, is_bold)) => {
                for (cell, more) in above.iter_mut().zip(cells) {
                    cell.extend(more);
                }
                *is_bold &= row.is_bold();
            }
            None => lines.push((row.area.top, cells, row.is_bold())),
        }
    }
    let has_plain = lines.iter().any(|(_, _, is_bold)| !is_bold);
    let top = lines.first().map_or(0.0, |(top, ..)| *top);
    let mut table = Block::of(BlockKind::Table, top);
    for (number, (top, cells, is_bold)) in lines.into_iter().enumerate() {
        let kind = match number == 0 && is_bold && has_plain {
            true => BlockKind::HeadCell,
            false => BlockKind::Cell,
        };
        let mut row = Block::of(BlockKind::Row, top);
        row.children = cells
            .into_iter()
            .map(|cell| {
                let mut block = Block::of(kind, top);
                block.spans = spans(glyphs, &cell);
                block
            })
            .collect();
        table.children.push(row);
    }
    table
}
