//! The text of a page with a box for every character. Builds it from what PDFium reports; searches nothing.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::geometry::{PageGeometry, Rect};
use crate::pdfium::Page;

/// One line of text as a range of characters (Unicode scalar values, not bytes, not UTF-16 units).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// First character.
    pub start: usize,
    /// One past the last character; the line break is not part of the line.
    pub end: usize,
    /// The box around the line's characters, in page points.
    pub rect: Rect,
}

/// The text of one page in the order in which the file draws it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// The characters. `\n` ends a line; U+00AD stands for a hyphen that PDFium takes for a word break.
    pub text: String,
    /// One box per character of `text`, in page points; empty boxes for line breaks and the like.
    pub boxes: Vec<Rect>,
    /// The lines; empty ones are left out.
    pub lines: Vec<TextLine>,
    /// How the boxes relate to the displayed page.
    pub geometry: PageGeometry,
}

impl PageText {
    /// The text as it reads aloud: words broken at a line end are joined, other line breaks are spaces.
    ///
    /// Arguments: a range of characters, cut off at the end of the text.
    pub fn running(&self, range: std::ops::Range<usize>) -> String {
        let mut out = String::new();
        let mut chars = self
            .text
            .chars()
            .skip(range.start)
            .take(range.end.saturating_sub(range.start))
            .peekable();
        while let Some(char) = chars.next() {
            match char {
                SOFT_HYPHEN if chars.next_if_eq(&'\n').is_some() => {}
                SOFT_HYPHEN => out.push('-'),
                '\n' => out.push(' '),
                other => out.push(other),
            }
        }
        out
    }
}

const SOFT_HYPHEN: char = '\u{ad}';

/// A character as PDFium reports it.
#[derive(Debug, Clone, Copy)]
struct RawChar {
    /// A Unicode scalar value, or half of a UTF-16 pair on Windows.
    code: u32,
    rect: Option<Rect>,
}

/// Characters from the numbers that PDFium gives.
#[derive(Default)]
pub(crate) struct Decoder {
    high_surrogate: Option<u32>,
}

impl Decoder {
    /// Arguments: a Unicode scalar value, or half of a UTF-16 pair on Windows. Result: nothing for what is no character of
    /// its own.
    pub(crate) fn next(&mut self, code: u32) -> Option<char> {
        let char = match (self.high_surrogate.take(), code) {
            (_, 0xD800..=0xDBFF) => {
                self.high_surrogate = Some(code);
                return None;
            }
            (Some(high), 0xDC00..=0xDFFF) => {
                char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (code - 0xDC00))
            }
            // PDFium's own marks: U+0002 and U+FFFE for a hyphen that breaks a word.
            (_, 0x02 | 0xFFFE) => Some(SOFT_HYPHEN),
            (_, 0x0D) => return None,
            (_, 0) => None,
            (_, code) => char::from_u32(code),
        };
        Some(char.unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

/// Reads the text of a parsed page.
///
/// Arguments: `go_on` is asked every thousand characters. Result: nothing if it said no.
/// Errors: `Damaged`.
pub(crate) fn read_text(
    page: &Page,
    geometry: PageGeometry,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<PageText>> {
    let characters = page.characters()?;
    let mut raw = Vec::new();
    for index in 0..characters.count() {
        if index % 1000 == 0 && !go_on() {
            return Ok(None);
        }
        raw.push(RawChar {
            code: characters.code(index),
            rect: characters.rect(index),
        });
    }
    Ok(Some(assemble(raw.into_iter(), geometry)))
}

/// Characters, boxes and lines from what PDFium reports.
fn assemble(raw: impl Iterator<Item = RawChar>, geometry: PageGeometry) -> PageText {
    let mut text = String::new();
    let mut boxes: Vec<Rect> = Vec::new();
    let mut lines = Vec::new();
    let mut line_start = 0;
    let mut decoder = Decoder::default();
    let mut last_box: Option<Rect> = None;

    for RawChar { code, rect } in raw {
        let Some(char) = decoder.next(code) else {
            continue;
        };

        if char == '\n' {
            end_line(&mut lines, line_start, &boxes);
            line_start = boxes.len() + 1;
        }
        // What PDFium made up (spaces, breaks) has no box: it stands, without width, after its neighbour.
        let placed = rect.unwrap_or_else(|| {
            last_box.map_or_else(Rect::default, |last| Rect {
                left: last.right,
                ..last
            })
        });
        if rect.is_some() {
            last_box = rect;
        }
        text.push(char);
        boxes.push(placed);
    }
    end_line(&mut lines, line_start, &boxes);
    PageText {
        text,
        boxes,
        lines,
        geometry,
    }
}

fn end_line(lines: &mut Vec<TextLine>, start: usize, boxes: &[Rect]) {
    let Some(of_line) = boxes.get(start..).filter(|boxes| !boxes.is_empty()) else {
        return;
    };
    let rect = of_line
        .iter()
        .filter(|rect| !rect.is_empty())
        .copied()
        .reduce(|all, one| all.union(&one))
        .unwrap_or_default();
    lines.push(TextLine {
        start,
        end: boxes.len(),
        rect,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(left: f32, bottom: f32) -> Option<Rect> {
        Rect::ordered(left, bottom, left + 5.0, bottom + 10.0)
    }

    fn page(raw: &[(u32, Option<Rect>)]) -> PageText {
        let geometry = PageGeometry {
            shown: Rect::default(),
            rotation: Default::default(),
        };
        assemble(
            raw.iter().map(|&(code, rect)| RawChar { code, rect }),
            geometry,
        )
    }

    fn letters(word: &str, bottom: f32) -> Vec<(u32, Option<Rect>)> {
        word.chars()
            .enumerate()
            .map(|(i, char)| (char as u32, rect(i as f32 * 5.0, bottom)))
            .collect()
    }

    #[test]
    fn lines_end_at_breaks_and_words_join_over_hyphens() {
        let mut raw = letters("Ver", 100.0);
        raw.extend([(0x02, rect(15.0, 100.0)), (0x0D, None), (0x0A, None)]);
        raw.extend(letters("waltung", 88.0));
        raw.extend([(0x0D, None), (0x0A, None)]);
        raw.extend(letters("Rat", 76.0));
        let text = page(&raw);
        assert_eq!(text.text, "Ver\u{ad}\nwaltung\nRat");
        assert_eq!(text.text.chars().count(), text.boxes.len());
        let lines: Vec<_> = text.lines.iter().map(|l| (l.start, l.end)).collect();
        assert_eq!(lines, [(0, 4), (5, 12), (13, 16)]);
        assert_eq!(
            Some(text.lines[0].rect),
            Rect::ordered(0.0, 100.0, 20.0, 110.0)
        );
        assert_eq!(text.running(0..usize::MAX), "Verwaltung Rat");
        assert_eq!(text.running(1..3), "er");
    }

    #[test]
    fn one_box_per_character_also_for_pairs_and_nonsense() {
        let text = page(&[
            (0xD83D, rect(0.0, 0.0)),
            (0xDE00, rect(0.0, 0.0)),
            (0, rect(5.0, 0.0)),
            (0xDC00, rect(10.0, 0.0)),
            (0x20, None),
            (0x11_FFFF, None),
        ]);
        assert_eq!(text.text, "😀\u{fffd}\u{fffd} \u{fffd}");
        assert_eq!(text.boxes.len(), 5);
        assert_eq!(
            text.boxes[3].left, 15.0,
            "a made-up space stands after its neighbour"
        );
        assert!(text.boxes[3].is_empty());
    }

    #[test]
    fn a_page_without_text_has_no_lines() {
        let text = page(&[]);
        assert!(text.text.is_empty() && text.lines.is_empty());
    }
}
