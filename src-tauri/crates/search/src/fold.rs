//! Text as it is searched: words in lower case without diacritics, each with its place in the original text.
//! Not stems (see `stem`), not queries.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer runs of letters are cut: they are tables or scanning noise, not words.
const MOST_WORD_BYTES: usize = 64;

/// Words that show that the hyphen before the line end belongs to the word: "Haupt-\nund Finanzausschuss".
const AFTER_SUSPENDED_HYPHEN: [&str; 7] = ["und", "oder", "bzw", "sowie", "bis", "als", "noch"];

/// One word of a text.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// The folded word: letters and digits only, never empty.
    pub(crate) word: String,
    /// Characters (not bytes) of the original text, with a hyphenation in between.
    pub(crate) chars: Range<usize>,
}

/// Cuts a text into folded words: lower case, ß as ss, umlauts and other diacritics as base letters, ligatures apart,
/// soft hyphens out, words broken at a line end joined.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len() / 7);
    for_each_token(text, |word, chars| {
        found.push(Token {
            word: word.to_owned(),
            chars,
        });
    });
    found
}

/// The folded words of a short text, such as what was typed.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for_each_token(text, |word, _| found.push(word.to_owned()));
    found
}

/// Calls `each` with every folded word and its range of characters in the original text.
pub(crate) fn for_each_token(text: &str, mut each: impl FnMut(&str, Range<usize>)) {
    let mut word = String::with_capacity(MOST_WORD_BYTES);
    let mut start = 0;
    let mut end = 0;
    let mut rest = text.chars();
    let mut at = 0;
    while let Some(char) = rest.next() {
        let place = at;
        at += 1;
        if fold_char(char, &mut word) {
            if end == 0 {
                start = place;
            }
            end = at;
            continue;
        }
        if end == 0 {
            continue;
        }
        if is_invisible(char) && !starts_line(rest.clone()) {
            continue;
        }
        if (is_hyphen(char) || is_invisible(char))
            && let Some(skipped) = joined_line_end(rest.clone())
        {
            for _ in 0..skipped {
                rest.next();
            }
            at += skipped;
            continue;
        }
        if !word.is_empty() {
            each(&word, start..end);
        }
        word.clear();
        end = 0;
    }
    if end != 0 && !word.is_empty() {
        each(&word, start..end);
    }
}

/// Appends what `char` becomes. `false`: it is no part of a word.
fn fold_char(char: char, word: &mut String) -> bool {
    let is_full = word.len() >= MOST_WORD_BYTES;
    let mut push = |folded: char| {
        if !is_full {
            word.push(folded);
        }
    };
    match char {
        'a'..='z' | '0'..='9' => push(char),
        'A'..='Z' => push(char.to_ascii_lowercase()),
        'ä' | 'Ä' => push('a'),
        'ö' | 'Ö' => push('o'),
        'ü' | 'Ü' => push('u'),
        'ß' | 'ẞ' => {
            push('s');
            push('s');
        }
        _ if char.is_ascii() => return false,
        'æ' | 'Æ' => {
            push('a');
            push('e');
        }
        'œ' | 'Œ' => {
            push('o');
            push('e');
        }
        'ø' | 'Ø' => push('o'),
        'ł' | 'Ł' => push('l'),
        'đ' | 'Đ' => push('d'),
        'ı' => push('i'),
        _ if is_combining_mark(char) => return !word.is_empty(),
        _ => {
            let mut is_word = false;
            for part in std::iter::once(char).nfkd().filter(|c| c.is_alphanumeric()) {
                is_word = true;
                part.to_lowercase()
                    .filter(|lower| !is_combining_mark(*lower))
                    .for_each(&mut push);
            }
            return is_word;
        }
    }
    true
}

fn is_hyphen(char: char) -> bool {
    matches!(char, '-' | '\u{2010}' | '\u{2011}')
}

/// Characters that stand inside a word and are not seen: soft hyphen, zero-width spaces and joiners.
fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
    )
}

fn starts_line(mut rest: std::str::Chars<'_>) -> bool {
    matches!(
        rest.find(|char| !matches!(char, ' ' | '\t')),
        Some('\n' | '\r')
    )
}

/// How many characters stand between the two halves of a word, if one goes on after the line end. A capital letter after
/// it means a compound with its own hyphen ("CDU-\nFraktion"), a conjunction a suspended one.
fn joined_line_end(rest: std::str::Chars<'_>) -> Option<usize> {
    let mut skipped = 0;
    let mut breaks = 0;
    let mut rest = rest.peekable();
    while let Some(char) = rest.next_if(|c| matches!(c, ' ' | '\t' | '\r' | '\n')) {
        skipped += 1;
        breaks += usize::from(char == '\n');
    }
    if breaks != 1 || !rest.peek().is_some_and(|char| char.is_lowercase()) {
        return None;
    }
    let next: String = rest.take_while(|c| c.is_alphabetic()).take(9).collect();
    (!AFTER_SUSPENDED_HYPHEN.contains(&next.as_str())).then_some(skipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        words(text).join(" ")
    }

    #[test]
    fn letters_are_folded() {
        for (text, expected) in [
            ("Straße STRASSE ẞ", "strasse strasse ss"),
            ("Änderung Ä\u{308}rger a\u{308}", "anderung arger a"),
            ("Café Łódź Ørsted Œuvre", "cafe lodz orsted oeuvre"),
            ("ﬁnanziell oﬀen Eﬃzienz", "finanziell offen effizienz"),
            ("§ 35 ThürKO, 2024/0123", "35 thurko 2024 0123"),
            ("m² №5 Ⅳ", "m2 no5 iv"),
            ("E-Mail Kita's", "e mail kita s"),
            ("", ""),
            ("… – ! \u{308}", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn words_broken_at_a_line_end_are_joined() {
        for (text, expected) in [
            ("Haus-\nhalt", "haushalt"),
            ("Haus- \r\n  halt", "haushalt"),
            ("Haus\u{ad}\nhalt", "haushalt"),
            ("Haus\u{ad}halt Haus\u{200b}halt", "haushalt haushalt"),
            ("CDU-\nFraktion", "cdu fraktion"),
            ("Haupt-\nund Finanz", "haupt und finanz"),
            ("Haupt-\nundine", "hauptundine"),
            ("Haus-\n\nhalt", "haus halt"),
            ("Haus - halt", "haus halt"),
            ("Haus\u{ad}\nHalt", "haus halt"),
            ("Haus-", "haus"),
            ("2024-\n2025", "2024 2025"),
        ] {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }

    #[test]
    fn places_are_characters_of_the_original() {
        let text = "Die Maß\u{ad}nahme: Haus-\nhalt 2025!";
        let chars: Vec<char> = text.chars().collect();
        let shown: Vec<String> = tokens(text)
            .into_iter()
            .map(|token| chars[token.chars].iter().collect())
            .collect();
        assert_eq!(shown, ["Die", "Maß\u{ad}nahme", "Haus-\nhalt", "2025"]);
    }

    #[test]
    fn endless_words_are_cut() {
        let long = "ä".repeat(5_000);
        let found = tokens(&long);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].word.len(), MOST_WORD_BYTES);
        assert_eq!(found[0].chars, 0..5_000);
    }
}
