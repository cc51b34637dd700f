//! Letters put together to running words: spaces where there is room, broken words joined. Pure.

use super::Span;
use super::glyph::{Gap, Glyph};

/// Space between two words, as a share of the font size. Letters of one word stand closer even where they are spaced out.
const WORD_SPACE: f32 = 0.2;
/// Words before which a hyphen at a line end stays, with a space: "Bau- und Umweltausschuss".
const SHARING: [&str; 8] = ["und", "oder", "bzw", "sowie", "bis", "u", "noch", "als"];

const SOFT_HYPHEN: char = '\u{ad}';

/// The words of some letters.
///
/// Arguments: all glyphs of the page; which of them, in reading order. Result: no span is empty; single spaces between words.
pub(super) fn spans(glyphs: &[Glyph], wanted: &[usize]) -> Vec<Span> {
    let chosen: Vec<&Glyph> = wanted.iter().filter_map(|at| glyphs.get(*at)).collect();
    let mut out = Spans::default();
    for (place, glyph) in chosen.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| chosen.get(before));
        match before.map_or(Join::Word, |before| join(before, glyph, &chosen, place)) {
            Join::Word => {}
            Join::Space => out.push(' ', glyph),
            Join::Broken => out.drop_hyphen(),
        }
        let char = match glyph.char {
            SOFT_HYPHEN => '-',
            char => char,
        };
        out.push(char, glyph);
    }
    out.0
}

enum Join {
    /// The same word.
    Word,
    /// Another word.
    Space,
    /// The same word, broken at the end of a line: its hyphen goes.
    Broken,
}

fn join(before: &Glyph, glyph: &Glyph, chosen: &[&Glyph], place: usize) -> Join {
    let is_next = glyph.order == before.order + 1;
    let is_new_line = glyph.is_on_new_line_after(before) || (is_next && glyph.gap == Gap::Line);
    if !is_new_line {
        let is_apart = match is_next {
            true => glyph.gap != Gap::Nothing,
            false => {
                let way = glyph.distance_after(before) / glyph.size_with(before);
                !(-1.0..=WORD_SPACE).contains(&way)
            }
        };
        return if is_apart { Join::Space } else { Join::Word };
    }
    let is_hyphen = matches!(before.char, '-' | SOFT_HYPHEN | '\u{2010}');
    let broken = place
        .checked_sub(2)
        .and_then(|at| chosen.get(at))
        .filter(|last| {
            // A dash that stands by itself breaks no word.
            last.char.is_alphanumeric()
                && !(before.order == last.order + 1 && before.gap != Gap::Nothing)
        });
    match (is_hyphen, broken) {
        (true, Some(last)) if glyph.char.is_lowercase() && last.char.is_alphabetic() => {
            match SHARING.contains(&word_at(chosen, place).as_str()) {
                true => Join::Space,
                false => Join::Broken,
            }
        }
        (true, Some(_)) if glyph.char.is_alphanumeric() => Join::Word,
        _ => Join::Space,
    }
}

/// The word that begins at a place.
fn word_at(chosen: &[&Glyph], place: usize) -> String {
    let mut word = String::new();
    for (index, glyph) in chosen.iter().enumerate().skip(place).take(8) {
        if !glyph.char.is_alphabetic() || (index > place && glyph.gap != Gap::Nothing) {
            break;
        }
        word.push(glyph.char);
    }
    word
}

#[derive(Default)]
struct Spans(Vec<Span>);

impl Spans {
    fn push(&mut self, char: char, like: &Glyph) {
        // A space belongs to the words before it, so that neither link nor emphasis begins with one.
        if let Some(last) = self.0.last_mut()
            && (char == ' '
                || (last.is_bold == like.is_bold
                    && last.is_italic == like.is_italic
                    && last.link == like.link))
        {
            last.text.push(char);
            return;
        }
        self.0.push(Span {
            text: char.into(),
            is_bold: like.is_bold,
            is_italic: like.is_italic,
            link: like.link,
        });
    }

    fn drop_hyphen(&mut self) {
        if let Some(last) = self.0.last_mut() {
            last.text.pop();
            if last.text.is_empty() {
                self.0.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made::Sheet;
    use super::*;

    fn read(lines: &[&str]) -> String {
        let mut sheet = Sheet::default();
        for (number, line) in lines.iter().enumerate() {
            sheet.line(line, 50.0, 100.0 + 14.0 * number as f32, 10.0);
        }
        let all: Vec<usize> = (0..sheet.glyphs.len()).collect();
        spans(&sheet.glyphs, &all)
            .into_iter()
            .map(|span| span.text)
            .collect()
    }

    #[test]
    fn broken_words_are_joined_and_other_hyphens_stay() {
        assert_eq!(read(&["Die Ver-", "waltung tagt"]), "Die Verwaltung tagt");
        assert_eq!(read(&["Die Ver\u{ad}", "waltung"]), "Die Verwaltung");
        assert_eq!(
            read(&["Carsharing-", "Stellplatz"]),
            "Carsharing-Stellplatz"
        );
        assert_eq!(
            read(&["Bau-", "und Umweltausschuss"]),
            "Bau- und Umweltausschuss"
        );
        assert_eq!(read(&["2025-", "2026"]), "2025-2026");
        assert_eq!(read(&["er kam –", "und ging"]), "er kam – und ging");
        assert_eq!(read(&["ja -", "nein"]), "ja - nein");
        assert_eq!(
            read(&["Haushalts\u{ad}plan"]),
            "Haushalts-plan",
            "a visible hyphen within a line"
        );
    }

    #[test]
    fn emphasis_and_links_begin_with_a_letter() {
        let mut sheet = Sheet::default();
        sheet.line("nur hier", 50.0, 100.0, 10.0);
        for glyph in sheet.glyphs.iter_mut().skip(3) {
            glyph.is_bold = true;
            glyph.link = Some(4);
        }
        let all: Vec<usize> = (0..sheet.glyphs.len()).collect();
        let found = spans(&sheet.glyphs, &all);
        let texts: Vec<_> = found
            .iter()
            .map(|span| (span.text.as_str(), span.link))
            .collect();
        assert_eq!(texts, [("nur ", None), ("hier", Some(4))]);
    }
}
