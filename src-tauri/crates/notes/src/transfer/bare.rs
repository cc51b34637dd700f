//! Text without spaces and hyphens: where lines break differently, it stays the same.

use std::ops::Range;

/// Letters without spaces and hyphens, and where each stood.
pub(super) struct Bare {
    pub(super) text: String,
    /// The letters of `text`.
    pub(super) chars: Vec<char>,
    /// For each letter of `text`, its place among all letters.
    at: Vec<usize>,
    /// For each letter of `text`, where it begins, bytes.
    begins: Vec<usize>,
}

/// Hyphens, those that break words among them: the text layer says U+00AD.
fn is_left_out(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '-' | '\u{ad}' | '\u{2010}' | '\u{2011}')
}

impl Bare {
    pub(super) fn of(letters: &[char]) -> Self {
        let (mut text, mut chars) = (String::new(), Vec::new());
        let (mut at, mut begins) = (Vec::new(), Vec::new());
        for (place, letter) in letters.iter().enumerate() {
            if !is_left_out(*letter) {
                begins.push(text.len());
                text.push(*letter);
                chars.push(*letter);
                at.push(place);
            }
        }
        Self {
            text,
            chars,
            at,
            begins,
        }
    }

    pub(super) fn of_text(text: &str) -> Self {
        Self::of(&text.chars().collect::<Vec<_>>())
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// Places where other letters stand, one after the other.
    pub(super) fn find<'b>(&'b self, sought: &'b Self) -> impl Iterator<Item = Range<usize>> + 'b {
        let found = (!sought.text.is_empty()).then(|| self.text.match_indices(&sought.text));
        found.into_iter().flatten().filter_map(|(byte, _)| {
            let start = self.begins.binary_search(&byte).ok()?;
            Some(start..start + sought.len())
        })
    }

    /// The place among all letters of a range of these; `None` for an empty one.
    pub(super) fn letters(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let last = range
            .end
            .checked_sub(1)
            .filter(|last| *last >= range.start)?;
        Some(*self.at.get(range.start)?..self.at.get(last)? + 1)
    }

    /// How many letters before and after a place are those of a quotation.
    pub(super) fn agreeing(&self, place: &Range<usize>, prefix: &Self, suffix: &Self) -> usize {
        let before = self.chars.get(..place.start).unwrap_or_default();
        let after = self.chars.get(place.end..).unwrap_or_default();
        let same = |(a, b): &(&char, &char)| a == b;
        let before = before.iter().rev().zip(prefix.chars.iter().rev());
        let after = after.iter().zip(&suffix.chars);
        before.take_while(same).count() + after.take_while(same).count()
    }
}
