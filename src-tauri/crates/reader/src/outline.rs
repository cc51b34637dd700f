//! The outline of a document: its bookmarks as a flat list with levels. Bounded in count, depth and length; a bookmark
//! that is met a second time ends its branch, so a chain that bites its tail ends.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::limits::{MAX_OUTLINE_DEPTH, MAX_OUTLINE_ENTRIES, MAX_TITLE_CHARS};
use crate::pdfium::{Bookmark, Document};
use crate::target::{Target, judge};

/// One bookmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlineEntry {
    /// Its words on one line; empty if it has none.
    pub title: String,
    /// How deep it stands, from 0. It is never more than one deeper than the entry before.
    pub level: u32,
    /// Whether the file wants what is below it shown.
    pub is_open: bool,
    /// Where it leads.
    pub target: Target,
}

/// The bookmarks of a document in reading order, a parent before its children.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Outline {
    /// The bookmarks; empty if the document has none.
    pub entries: Vec<OutlineEntry>,
    /// Whether some were left out: too many, too deep, or going round in a circle.
    pub is_cut: bool,
}

/// Reads the outline.
///
/// Arguments: the number of pages; `go_on` is asked at every bookmark. Result: nothing if it said no.
pub(crate) fn read_outline(
    document: &Document,
    page_count: usize,
    go_on: &dyn Fn() -> bool,
) -> Option<Outline> {
    let mut outline = Outline::default();
    let mut met = HashSet::new();
    // The bookmark to take next on each level that is open; the deepest stands last.
    let mut ways: Vec<Option<Bookmark<'_>>> = vec![document.first_bookmark(None)];
    while let Some(way) = ways.last_mut() {
        let Some(bookmark) = way.take() else {
            ways.pop();
            continue;
        };
        if !go_on() {
            return None;
        }
        if outline.entries.len() >= MAX_OUTLINE_ENTRIES || !met.insert(bookmark.identity()) {
            outline.is_cut = true;
            continue;
        }
        *way = document.next_bookmark(&bookmark);
        let level = u32::try_from(ways.len() - 1).unwrap_or(u32::MAX);
        outline.entries.push(OutlineEntry {
            title: one_line(&document.bookmark_title(&bookmark), MAX_TITLE_CHARS),
            level,
            is_open: document.is_open(&bookmark),
            target: judge(document.bookmark_target(&bookmark), page_count),
        });
        if let Some(child) = document.first_bookmark(Some(&bookmark)) {
            if level + 1 < MAX_OUTLINE_DEPTH {
                ways.push(Some(child));
            } else {
                outline.is_cut = true;
            }
        }
    }
    Some(outline)
}

/// Text of a file on one line: spaces for whatever breaks or controls, none at the ends, cut at `max_chars`.
pub(crate) fn one_line(utf16: &[u16], max_chars: usize) -> String {
    let text = String::from_utf16_lossy(utf16);
    let mut out = String::new();
    let mut count = 0;
    for char in text.chars() {
        // Marks that turn the direction of what follows would make an entry read as another one.
        let is_turning = matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
        // PDFium's marks for a word that goes on in the next line.
        let is_hyphen = matches!(char, '\u{2}' | '\u{AD}' | '\u{FFFE}');
        if is_turning || is_hyphen {
            continue;
        }
        let is_gap = char.is_whitespace() || char.is_control();
        if is_gap && (out.is_empty() || out.ends_with(' ')) {
            continue;
        }
        if count == max_chars {
            out.truncate(out.trim_end().len());
            out.push('…');
            return out;
        }
        out.push(if is_gap { ' ' } else { char });
        count += 1;
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_on_one_line_and_end() {
        let line = |text: &str, max| one_line(&text.encode_utf16().collect::<Vec<_>>(), max);
        assert_eq!(
            line("  1\tAllgemeines\r\n zur   Lage ", 99),
            "1 Allgemeines zur Lage"
        );
        assert_eq!(line("Ver\u{2}waltung", 99), "Verwaltung");
        assert_eq!(line("a\u{202e}b", 99), "ab");
        assert_eq!(line("Straßenbau", 6), "Straße…");
        assert_eq!(line("eins zwei", 5), "eins…");
        assert_eq!(line("", 5), "");
        assert_eq!(one_line(&[0xD800, 0x41], 9), "\u{fffd}A");
    }
}
