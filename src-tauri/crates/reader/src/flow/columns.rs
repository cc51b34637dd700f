//! Finds columns of running text, and with them the order in which the parts of a page are read. Pure.

use super::chunks::{Chunk, Row, rows};

/// Narrowest gutter between two columns, as a share of the font size.
const GUTTER: f32 = 1.1;
/// Rows that a column must have on both sides of its gutter.
const MIN_ROWS: usize = 3;
/// Letters in a line of running text, on average; what is shorter is a table.
const PROSE_LETTERS: usize = 16;
/// Share of a column's width that its lines fill, on average.
const PROSE_FILL: f32 = 0.6;
/// Rows beyond which no columns are looked for: the work grows with their square.
const MAX_ROWS: usize = 600;
/// Columns within columns.
const MAX_DEPTH: usize = 6;

/// Where a gutter runs: between `left` and `right`, through the rows from `first` to `last`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Gutter {
    left: f32,
    right: f32,
    first: usize,
    last: usize,
}

/// Cuts a page into parts without columns, in reading order.
pub(super) fn regions(chunks: Vec<Chunk>) -> Vec<Vec<Row>> {
    let mut out = Vec::new();
    cut(rows(chunks), 0, &mut out);
    out
}

fn cut(rows_of: Vec<Row>, depth: usize, out: &mut Vec<Vec<Row>>) {
    if rows_of.is_empty() {
        return;
    }
    let Some(gutter) = (depth < MAX_DEPTH).then(|| widest(&rows_of)).flatten() else {
        out.push(rows_of);
        return;
    };
    let mut parts: [Vec<Chunk>; 4] = Default::default();
    let [above, left, right, below] = &mut parts;
    for (number, row) in rows_of.into_iter().enumerate() {
        for chunk in row.chunks {
            let part = match number {
                _ if number < gutter.first => &mut *above,
                _ if number > gutter.last => &mut *below,
                _ if chunk.area.right <= gutter.left + 0.01 => &mut *left,
                _ => &mut *right,
            };
            part.push(chunk);
        }
    }
    for part in parts {
        cut(rows(part), depth + 1, out);
    }
}

/// The gutter with the most rows on both sides, if what stands there is running text.
fn widest(rows: &[Row]) -> Option<Gutter> {
    if rows.len() > MAX_ROWS {
        return None;
    }
    let mut best: Option<(usize, Gutter)> = None;
    for (number, row) in rows.iter().enumerate() {
        for pair in row.chunks.windows(2) {
            let [a, b] = pair else { continue };
            let needed = GUTTER * a.size.max(b.size);
            let start = Gutter {
                left: a.area.right,
                right: b.area.left,
                first: number,
                last: number,
            };
            let known = best.is_some_and(|(_, found)| {
                (found.first..=found.last).contains(&number)
                    && found.left >= start.left - 0.01
                    && found.right <= start.right + 0.01
            });
            if known || start.right - start.left < needed {
                continue;
            }
            let gutter = trimmed(extended(start, rows, needed), rows);
            let count = sides(rows, gutter).map_or(0, |(left, right)| left.len().min(right.len()));
            if count >= MIN_ROWS
                && best.is_none_or(|(most, _)| count > most)
                && is_prose(rows, gutter)
            {
                best = Some((count, gutter));
            }
        }
    }
    best.map(|(_, gutter)| gutter)
}

/// Lets a gutter grow up and down as long as nothing stands in its way; it may get narrower, but not too narrow.
fn extended(mut gutter: Gutter, rows: &[Row], needed: f32) -> Gutter {
    let narrowed = |gutter: &Gutter, row: &Row| -> Option<(f32, f32)> {
        let (mut left, mut right) = (gutter.left, gutter.right);
        for chunk in &row.chunks {
            let is_left = chunk.area.middle_x() < (gutter.left + gutter.right) / 2.0;
            match is_left {
                true => left = left.max(chunk.area.right),
                false => right = right.min(chunk.area.left),
            }
        }
        (right - left >= needed).then_some((left, right))
    };
    while let Some(row) = rows.get(gutter.last + 1) {
        let Some((left, right)) = narrowed(&gutter, row) else {
            break;
        };
        (gutter.left, gutter.right, gutter.last) = (left, right, gutter.last + 1);
    }
    while let Some((number, row)) = gutter
        .first
        .checked_sub(1)
        .and_then(|number| Some((number, rows.get(number)?)))
    {
        let Some((left, right)) = narrowed(&gutter, row) else {
            break;
        };
        (gutter.left, gutter.right, gutter.first) = (left, right, number);
    }
    gutter
}

/// Takes back rows at both ends beside which nothing stands: a short line above two columns is no part of the first one, unless
/// it follows on closely.
fn trimmed(mut gutter: Gutter, rows: &[Row]) -> Gutter {
    let is_both = |number: usize| {
        rows.get(number).is_some_and(|row| {
            let left = row
                .chunks
                .iter()
                .any(|c| c.area.right <= gutter.left + 0.01);
            let right = row
                .chunks
                .iter()
                .any(|c| c.area.left >= gutter.right - 0.01);
            left && right
        })
    };
    let both: Vec<usize> = (gutter.first..=gutter.last)
        .filter(|n| is_both(*n))
        .collect();
    if let (Some(first), Some(last)) = (both.first(), both.last()) {
        gutter.first = *first;
        // The longer column goes on below the shorter one; another matter begins after a wide space.
        let mut end = *last;
        while let (Some(row), Some(next)) = (rows.get(end), rows.get(end + 1)) {
            let is_close = next.area.top - row.area.bottom < 0.8 * next.size();
            if end + 1 > gutter.last || !is_close {
                break;
            }
            end += 1;
        }
        gutter.last = end;
    }
    gutter
}

type Lines<'a> = Vec<Vec<&'a Chunk>>;

/// What stands at the left and at the right of a gutter, row by row.
fn sides(rows: &[Row], gutter: Gutter) -> Option<(Lines<'_>, Lines<'_>)> {
    let within = rows.get(gutter.first..=gutter.last)?;
    let side = |is_left: bool| -> Lines<'_> {
        within
            .iter()
            .map(|row| {
                let of_side = row.chunks.iter();
                of_side
                    .filter(|chunk| (chunk.area.right <= gutter.left + 0.01) == is_left)
                    .collect::<Vec<_>>()
            })
            .filter(|chunks| !chunks.is_empty())
            .collect()
    };
    Some((side(true), side(false)))
}

fn is_prose(rows: &[Row], gutter: Gutter) -> bool {
    let Some((left, right)) = sides(rows, gutter) else {
        return false;
    };
    [left, right].iter().all(|lines| {
        let letters: usize = lines.iter().flatten().map(|chunk| chunk.glyphs.len()).sum();
        let edges = lines.iter().flatten().map(|chunk| chunk.area);
        let Some(all) = edges.reduce(|all, area| all.union(&area)) else {
            return false;
        };
        let filled: f32 = lines
            .iter()
            .filter_map(|chunks| {
                let areas = chunks.iter().map(|chunk| chunk.area);
                areas.reduce(|all, area| all.union(&area))
            })
            .map(|area| area.width())
            .sum();
        letters >= PROSE_LETTERS * lines.len()
            && filled >= PROSE_FILL * all.width() * lines.len() as f32
    })
}
