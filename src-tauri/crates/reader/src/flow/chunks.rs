//! Letters that stand next to each other on one line, and rows of them. Pure.

use super::glyph::{Area, Gap, Glyph};

/// Way between two letters from which on they may belong to different columns or cells, as a share of the font size. Words of
/// justified text can stand as far apart; they come together again in their row.
const APART: f32 = 0.9;

/// Neighbouring letters of one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chunk {
    /// Places of the glyphs, in reading order.
    pub(super) glyphs: Vec<usize>,
    pub(super) area: Area,
    /// The font size of most of it.
    pub(super) size: f32,
    /// All of its letters are bold.
    pub(super) is_bold: bool,
}

/// What stands side by side, from left to right.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) chunks: Vec<Chunk>,
    pub(super) area: Area,
}

impl Row {
    pub(super) fn glyphs(&self) -> Vec<usize> {
        let all = self.chunks.iter().flat_map(|chunk| &chunk.glyphs);
        all.copied().collect()
    }

    /// The font size of its longest chunk.
    pub(super) fn size(&self) -> f32 {
        let longest = self.chunks.iter().max_by_key(|chunk| chunk.glyphs.len());
        longest.map_or(1.0, |chunk| chunk.size)
    }

    pub(super) fn is_bold(&self) -> bool {
        self.chunks.iter().all(|chunk| chunk.is_bold)
    }
}

/// Cuts letters into chunks, in the order they are given.
pub(super) fn chunks(glyphs: &[Glyph], wanted: &[usize]) -> Vec<Chunk> {
    let mut found: Vec<Chunk> = Vec::new();
    let mut last: Option<&Glyph> = None;
    for at in wanted {
        let Some(glyph) = glyphs.get(*at) else {
            continue;
        };
        let goes_on = last.is_some_and(|last| {
            let way = glyph.distance_after(last) / glyph.size_with(last);
            glyph.order == last.order + 1
                && glyph.gap != Gap::Line
                && !glyph.is_on_new_line_after(last)
                && (-0.5..=APART).contains(&way)
        });
        match found.last_mut().filter(|_| goes_on) {
            Some(chunk) => {
                chunk.glyphs.push(*at);
                chunk.area = chunk.area.union(&glyph.area);
                chunk.is_bold &= glyph.is_bold;
            }
            None => found.push(Chunk {
                glyphs: vec![*at],
                area: glyph.area,
                size: 0.0,
                is_bold: glyph.is_bold,
            }),
        }
        last = Some(glyph);
    }
    for chunk in &mut found {
        let sizes = chunk.glyphs.iter().filter_map(|at| glyphs.get(*at));
        chunk.size = median(sizes.map(|glyph| glyph.size).collect()).max(1.0);
    }
    found
}

/// Puts chunks into rows from top to bottom.
pub(super) fn rows(mut chunks: Vec<Chunk>) -> Vec<Row> {
    chunks.sort_by(|a, b| a.area.middle().total_cmp(&b.area.middle()));
    let mut rows: Vec<Row> = Vec::new();
    for chunk in chunks {
        let fits = rows.last().is_some_and(|row| {
            let height = row.area.height().min(chunk.area.height()).max(1.0);
            (chunk.area.middle() - row.area.middle()).abs() < 0.5 * height
                && row.chunks.iter().all(|other| {
                    let overlap = other.area.right.min(chunk.area.right)
                        - other.area.left.max(chunk.area.left);
                    overlap < 0.5 * chunk.area.width().min(other.area.width()).max(1.0)
                })
        });
        match rows.last_mut().filter(|_| fits) {
            Some(row) => {
                row.area = row.area.union(&chunk.area);
                row.chunks.push(chunk);
            }
            None => rows.push(Row {
                area: chunk.area,
                chunks: vec![chunk],
            }),
        }
    }
    for row in &mut rows {
        row.chunks
            .sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
    }
    rows
}

/// The middle one of some numbers; 0 if there are none.
pub(super) fn median(mut numbers: Vec<f32>) -> f32 {
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}
