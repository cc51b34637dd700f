//! Lines put together to paragraphs, headings and items of lists: by the space between them, the size of the letters, bullets
//! and numbers. Pure.

use super::chunks::{Row, median};
use super::glyph::{Area, Gap, Glyph};

/// What is usual on the page; headings stand out from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Usual {
    /// The font size of most letters.
    pub(super) size: f32,
    /// Most letters are bold.
    pub(super) is_bold: bool,
}

impl Usual {
    pub(super) fn of(glyphs: &[Glyph]) -> Self {
        let mut by_size: std::collections::BTreeMap<u32, usize> = Default::default();
        for glyph in glyphs {
            *by_size
                .entry((glyph.size * 2.0).round() as u32)
                .or_default() += 1;
        }
        let most = by_size.iter().max_by_key(|(_, count)| **count);
        let bold = glyphs.iter().filter(|glyph| glyph.is_bold).count();
        Self {
            size: most.map_or(10.0, |(size, _)| *size as f32 / 2.0).max(1.0),
            is_bold: 2 * bold > glyphs.len(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum GroupKind {
    Heading(u8),
    Paragraph,
    /// The letters of its bullet or number.
    Item(Vec<usize>),
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) kind: GroupKind,
    pub(super) glyphs: Vec<usize>,
    pub(super) top: f32,
}

/// How much larger a heading is than the text at least.
const HEADING: f32 = 1.15;
/// Letters that a heading has at most.
const HEADING_LETTERS: usize = 160;
const HEADING_ROWS: usize = 3;

/// Puts rows of one part of a page together.
pub(super) fn groups(glyphs: &[Glyph], rows: &[Row], usual: Usual) -> Vec<Group> {
    let gaps = rows.windows(2).filter_map(|pair| match pair {
        [a, b] => Some(b.area.top - a.area.bottom),
        _ => None,
    });
    let usual_gap = median(gaps.collect()).clamp(-0.5 * usual.size, 0.6 * usual.size);
    let edges = rows.iter().map(|row| row.area);
    let Some(edges) = edges.reduce(|all, area| all.union(&area)) else {
        return Vec::new();
    };
    let mut found: Vec<Open> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let before = number.checked_sub(1).and_then(|before| rows.get(before));
        let next = rows.get(number + 1);
        let is_break = before.is_none_or(|before| {
            let item = found.last().and_then(|open| open.label.as_ref());
            let gap = row.area.top - before.area.bottom;
            // The lines of an item begin below its words, not below its bullet.
            if item.is_some_and(|label| (row.area.left - label.text_left).abs() < 0.4 * row.size())
                && gap < 0.9 * row.size()
            {
                return row.is_bold() != before.is_bold() && gap > usual_gap;
            }
            let hangs = item.is_some_and(|label| row.area.left > label.left + 0.4 * usual.size);
            is_apart(before, row, usual_gap)
                || (ends_short(glyphs, before, edges) && !hangs)
                || (is_cut_off(glyphs, before, row, edges) && row.size() < HEADING * usual.size)
                || (is_indented(before, row, next) && !hangs)
        });
        let label = label(glyphs, row).filter(|label| {
            let goes_on = found
                .last()
                .and_then(|open| open.label.as_ref())
                .is_some_and(|last| {
                    (last.left - label.left).abs() < 3.0
                        && label.number.is_some()
                        && label.number == last.number.map(|number| number + 1)
                });
            let hangs = next.is_some_and(|next| (next.area.left - label.text_left).abs() < 3.0);
            is_break || goes_on || label.number.is_none() || hangs
        });
        if is_break || label.is_some() {
            found.push(Open {
                rows: Vec::new(),
                label,
            });
        }
        if let Some(open) = found.last_mut() {
            open.rows.push(row);
        }
    }
    found
        .into_iter()
        .map(|open| open.close(glyphs, usual))
        .collect()
}

/// A group that lines are still added to.
struct Open<'a> {
    rows: Vec<&'a Row>,
    label: Option<Label>,
}

/// The bullet or number at the beginning of a line.
#[derive(Debug, Clone, PartialEq)]
struct Label {
    glyphs: Vec<usize>,
    left: f32,
    /// Where the words after it begin.
    text_left: f32,
    /// `None` for a bullet.
    number: Option<u32>,
}

impl Open<'_> {
    fn close(self, glyphs: &[Glyph], usual: Usual) -> Group {
        let all: Vec<usize> = self.rows.iter().flat_map(|row| row.glyphs()).collect();
        let top = self.rows.first().map_or(0.0, |row| row.area.top);
        let size = self.rows.iter().map(|row| row.size()).fold(0.0, f32::max);
        let is_bold = !usual.is_bold && self.rows.iter().all(|row| row.is_bold());
        let is_short = self.rows.len() <= HEADING_ROWS && all.len() <= HEADING_LETTERS;
        let has_words = all
            .iter()
            .filter_map(|at| glyphs.get(*at))
            .any(|glyph| glyph.char.is_alphabetic());
        let end = all.last().and_then(|at| glyphs.get(*at));
        let is_sentence = end.is_some_and(|glyph| matches!(glyph.char, '.' | ',' | ';'));
        let ratio = size / usual.size;
        let kind = if is_short && has_words && (ratio >= HEADING || (is_bold && !is_sentence)) {
            GroupKind::Heading(match ratio {
                ratio if ratio >= 1.8 => 1,
                ratio if ratio >= 1.4 => 2,
                ratio if ratio >= HEADING => 3,
                _ => 4,
            })
        } else {
            match self.label {
                Some(label) => GroupKind::Item(label.glyphs),
                None => GroupKind::Paragraph,
            }
        };
        let glyphs = match &kind {
            GroupKind::Item(label) => all.into_iter().filter(|at| !label.contains(at)).collect(),
            _ => all,
        };
        Group { kind, glyphs, top }
    }
}

/// Whether a row is set off from the one before it, by space or by the look of its letters.
fn is_apart(before: &Row, row: &Row, usual_gap: f32) -> bool {
    let size = row.size().max(before.size());
    let gap = row.area.top - before.area.bottom;
    let is_other_size = (row.size() - before.size()).abs() > 0.1 * size;
    gap > usual_gap + 0.35 * size || is_other_size || row.is_bold() != before.is_bold()
}

/// Whether a line ends a sentence well before the edge of its part of the page.
fn ends_short(glyphs: &[Glyph], row: &Row, edges: Area) -> bool {
    let last = row.glyphs().last().and_then(|at| glyphs.get(*at)).copied();
    let ends = last.is_some_and(|glyph| matches!(glyph.char, '.' | ':' | '!' | '?'));
    ends && row.area.right < edges.right - 0.25 * edges.width()
}

/// Whether a line ends though the first word of the next one would have found room: so it was meant to end, as in addresses and
/// lists of names.
fn is_cut_off(glyphs: &[Glyph], row: &Row, next: &Row, edges: Area) -> bool {
    let letters = next.glyphs();
    let mut word = letters.iter().filter_map(|at| glyphs.get(*at));
    let Some(first) = word.next() else {
        return false;
    };
    let end = word
        .take_while(|glyph| glyph.gap == Gap::Nothing)
        .last()
        .unwrap_or(first);
    let last = row.glyphs().last().and_then(|at| glyphs.get(*at)).copied();
    let is_hyphen = last.is_some_and(|glyph| matches!(glyph.char, '-' | '\u{ad}'));
    let needed = end.area.right - first.area.left + row.size();
    !is_hyphen && edges.right - row.area.right > needed + 0.12 * edges.width()
}

/// Whether a line begins further in, as the first one of a paragraph does.
fn is_indented(before: &Row, row: &Row, next: Option<&Row>) -> bool {
    row.area.left > before.area.left + 0.9 * row.size()
        && next.is_none_or(|next| (next.area.left - before.area.left).abs() < 2.0)
        && row.chunks.len() == 1
}

/// Whether a row begins with a bullet or a number.
pub(super) fn is_labelled(glyphs: &[Glyph], row: &Row) -> bool {
    label(glyphs, row).is_some()
}

fn label(glyphs: &[Glyph], row: &Row) -> Option<Label> {
    let all: Vec<(usize, &Glyph)> = row
        .glyphs()
        .into_iter()
        .filter_map(|at| Some((at, glyphs.get(at)?)))
        .collect();
    let ends = |place: usize| {
        all.get(place).is_some_and(|(_, glyph)| {
            let before = place.checked_sub(1).and_then(|before| all.get(before));
            glyph.gap != Gap::Nothing
                || before.is_some_and(|(_, before)| {
                    before.order + 1 != glyph.order
                        || glyph.distance_after(before) > 0.3 * glyph.size_with(before)
                })
        })
    };
    let len = (1..=5).find(|len| ends(*len))?;
    let word: String = all.iter().take(len).map(|(_, glyph)| glyph.char).collect();
    let (_, first) = all.first()?;
    let (_, text) = all.get(len)?;
    let number = numbered(&word);
    (number.is_some() || is_bullet(&word)).then(|| Label {
        glyphs: all.iter().take(len).map(|(at, _)| *at).collect(),
        left: first.area.left,
        text_left: text.area.left,
        number,
    })
}

fn is_bullet(word: &str) -> bool {
    let mut chars = word.chars();
    let (Some(only), None) = (chars.next(), chars.next()) else {
        return false;
    };
    // The last ones are bullets of symbol fonts, in the private area of Unicode.
    matches!(
        only,
        '•' | '·'
            | '▪'
            | '■'
            | '□'
            | '●'
            | '○'
            | '◦'
            | '‣'
            | '-'
            | '–'
            | '—'
            | '*'
            | '➢'
            | '→'
            | '✓'
            | '❑'
            | '\u{f0a7}'
            | '\u{f0b7}'
            | '\u{f0d8}'
            | '\u{f02d}'
            | '\u{f0fc}'
    )
}

/// The place in its order that a label as "3.", "b)" or "(12)" stands for.
fn numbered(word: &str) -> Option<u32> {
    let core = match word.strip_prefix('(') {
        Some(rest) => rest.strip_suffix(')')?,
        None => word
            .strip_suffix('.')
            .filter(|core| core.chars().all(|c| c.is_ascii_digit()))
            .or_else(|| word.strip_suffix(')'))?,
    };
    let mut chars = core.chars();
    match (chars.next(), chars.next()) {
        (Some(letter), None) if letter.is_ascii_lowercase() => Some(letter as u32 - 'a' as u32 + 1),
        _ => core.parse().ok().filter(|number| *number < 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_bullets_are_told_from_words() {
        for (word, number) in [
            ("3.", Some(3)),
            ("b)", Some(2)),
            ("(12)", Some(12)),
            ("(a)", Some(1)),
            ("a.", None),
            ("z. B.", None),
            ("2026", None),
            ("IV.", None),
            ("", None),
        ] {
            assert_eq!(numbered(word), number, "{word}");
        }
        assert!(is_bullet("–") && is_bullet("•") && !is_bullet("o") && !is_bullet("--"));
    }
}
