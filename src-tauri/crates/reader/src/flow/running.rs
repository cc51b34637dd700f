//! Which lines at the edges of a page are no part of its text: heads and feet that neighbouring pages repeat, page numbers.
//! Pure.

use super::chunks::{Row, chunks, rows};
use super::glyph::{Area, Glyph};

/// Share of the page's height, above and below, in which such lines are looked for.
const EDGE: f32 = 0.14;
/// Rows at one edge that can be such lines.
const MAX_ROWS: usize = 4;
/// How far the same line may stand from where it stands on another page, in points.
const SAME_PLACE_PT: f32 = 8.0;

/// A line at the edge of a page, as it is compared with those of other pages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EdgeLine {
    /// Its letters without digits, which count pages; cut at a length that tells lines apart.
    words: String,
    top: f32,
}

/// The lines at the edges of a page.
pub(crate) fn edge_lines(glyphs: &[Glyph], height: f32) -> Vec<EdgeLine> {
    let rows = page_rows(glyphs);
    rows.iter()
        .filter(|row| is_at_edge(row.area, height))
        .map(|row| edge_line(glyphs, row))
        .collect()
}

/// The glyphs of the page that belong to such lines, by their places.
///
/// Arguments: the height of the page; the lines at the edges of neighbouring pages.
pub(super) fn running(glyphs: &[Glyph], height: f32, neighbours: &[EdgeLine]) -> Vec<usize> {
    let rows = page_rows(glyphs);
    let is_running = |row: &&Row| {
        let line = edge_line(glyphs, row);
        is_page_number(glyphs, row)
            || neighbours.iter().any(|other| {
                other.words == line.words
                    && !line.words.is_empty()
                    && (other.top - line.top).abs() < SAME_PLACE_PT
            })
    };
    // From the edge inwards, and no further than the first line that is none.
    let above = rows
        .iter()
        .take(MAX_ROWS)
        .take_while(|row| row.area.middle() < EDGE * height)
        .take_while(is_running);
    let below = rows
        .iter()
        .rev()
        .take(MAX_ROWS)
        .take_while(|row| row.area.middle() > (1.0 - EDGE) * height)
        .take_while(is_running);
    let mut found: Vec<usize> = above.chain(below).flat_map(Row::glyphs).collect();
    found.sort_unstable();
    found.dedup();
    // A page of nothing else has no text but this.
    if found.len() == glyphs.len() {
        found.clear();
    }
    found
}

fn page_rows(glyphs: &[Glyph]) -> Vec<Row> {
    let level: Vec<usize> = (0..glyphs.len())
        .filter(|at| glyphs.get(*at).is_some_and(|glyph| glyph.is_level))
        .collect();
    rows(chunks(glyphs, &level))
}

/// Whether a place lies where heads and feet do.
pub(super) fn is_at_edge(area: Area, height: f32) -> bool {
    area.middle() < EDGE * height || area.middle() > (1.0 - EDGE) * height
}

fn edge_line(glyphs: &[Glyph], row: &Row) -> EdgeLine {
    let letters = row.glyphs().into_iter().filter_map(|at| glyphs.get(at));
    EdgeLine {
        words: letters
            .map(|glyph| glyph.char)
            .filter(|char| !char.is_numeric())
            .take(80)
            .collect(),
        top: row.area.top,
    }
}

/// Whether a line says nothing but the number of the page: "3", "– 3 –", "Seite 3 von 12", "3/12".
fn is_page_number(glyphs: &[Glyph], row: &Row) -> bool {
    let all: Vec<char> = row
        .glyphs()
        .into_iter()
        .filter_map(|at| glyphs.get(at))
        .map(|glyph| glyph.char)
        .collect();
    let words: String = all.iter().filter(|char| char.is_alphabetic()).collect();
    all.len() <= 20
        && all.iter().any(|char| char.is_ascii_digit())
        && all.iter().filter(|char| char.is_ascii_digit()).count() <= 8
        && matches!(
            words.to_lowercase().as_str(),
            "" | "seite" | "seitevon" | "page" | "pageof" | "von" | "s" | "blatt"
        )
        && !all.iter().any(|char| matches!(char, '€' | '%' | ',' | '§'))
}
