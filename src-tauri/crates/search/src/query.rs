//! What was typed into the search field, taken apart. Knows no index.

use crate::fold;
use std::fmt;

/// Characters of the field that are read; the rest is ignored.
const MOST_CHARS: usize = 400;
/// Words, phrases and exclusions that are read; the rest is ignored.
const MOST_TERMS: usize = 12;

/// Words that stand on nearly every page: outside quotation marks they are left out beside other words.
const STOP_WORDS: [&str; 48] = [
    "aber", "als", "am", "an", "auch", "auf", "aus", "bei", "bis", "das", "dass", "dem", "den",
    "der", "des", "die", "durch", "ein", "eine", "einem", "einen", "einer", "eines", "er", "es",
    "fur", "gegen", "im", "in", "ist", "mit", "nach", "nicht", "oder", "sich", "sie", "sind", "so",
    "uber", "um", "und", "unter", "vom", "von", "vor", "wird", "zu", "zur",
];

/// Whether the member is still typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// The last word may be the beginning of a word, unless a space follows it.
    Yes,
    /// All words are whole.
    No,
}

/// One thing that is looked for: a word in its spellings, or several words in a row.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Term {
    /// Spellings of one folded word, the typed one first.
    Word {
        spellings: Vec<String>,
        is_prefix: bool,
    },
    /// Folded words that follow each other.
    Phrase { words: Vec<String>, is_prefix: bool },
}

/// A search as it was meant: every required term must be found, no excluded one.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Query {
    pub(crate) required: Vec<Term>,
    pub(crate) excluded: Vec<Term>,
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({} terms, hidden)", self.required.len())
    }
}

impl Query {
    /// Takes apart what was typed. Nothing that can be typed is an error.
    ///
    /// `"…"` and `„…“` hold words in a row, `-word` excludes, everything else is words that must all be found. A word with
    /// a joint ("CDU-Fraktion", "2024/0123") is its parts in a row. Words such as "der" count only inside quotation marks
    /// or alone.
    pub fn parse(typed: &str, typing: Typing) -> Self {
        let typed: String = typed.chars().take(MOST_CHARS).collect();
        let is_open = typing == Typing::Yes && !typed.ends_with(char::is_whitespace);
        let mut pieces = pieces(&typed);
        pieces.truncate(MOST_TERMS);
        let last = pieces.len().saturating_sub(1);
        let mut query = Self::default();
        let mut stop_words = Vec::new();
        for (at, piece) in pieces.into_iter().enumerate() {
            let is_prefix = is_open && at == last && !piece.is_closed && !piece.is_excluded;
            let is_stop_word = !piece.is_quoted
                && !is_prefix
                && matches!(fold::words(&piece.text).as_slice(), [word] if STOP_WORDS.contains(&word.as_str()));
            let Some(term) = term(&piece.text, is_prefix) else {
                continue;
            };
            if piece.is_excluded {
                query.excluded.push(term);
            } else if is_stop_word {
                stop_words.push(term);
            } else {
                query.required.push(term);
            }
        }
        if query.required.is_empty() {
            query.required = stop_words;
        }
        query
    }

    /// It holds words that must follow each other.
    pub fn has_row(&self) -> bool {
        let mut terms = self.required.iter().chain(&self.excluded);
        terms.any(|term| matches!(term, Term::Phrase { .. }))
    }

    /// Nothing is looked for: no hit can be expected.
    pub fn is_empty(&self) -> bool {
        self.required.is_empty()
    }
}

struct Piece {
    text: String,
    is_quoted: bool,
    is_closed: bool,
    is_excluded: bool,
}

/// Cuts at white space and quotation marks.
fn pieces(typed: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = typed.chars().peekable();
    loop {
        while rest.next_if(|char| char.is_whitespace()).is_some() {}
        let is_excluded = rest.next_if(|char| matches!(char, '-' | '−')).is_some();
        let Some(first) = rest.next() else {
            return found;
        };
        let mut text = String::new();
        let is_quoted = opens_quotation(first);
        let mut is_closed = false;
        if is_quoted {
            for char in rest.by_ref() {
                if closes_quotation(char) {
                    is_closed = true;
                    break;
                }
                text.push(char);
            }
        } else {
            text.push(first);
            while let Some(char) = rest.next_if(|c| !c.is_whitespace() && !opens_quotation(*c)) {
                text.push(char);
            }
        }
        found.push(Piece {
            text,
            is_quoted,
            is_closed,
            is_excluded,
        });
    }
}

fn opens_quotation(char: char) -> bool {
    matches!(char, '"' | '„' | '“' | '»' | '«')
}

fn closes_quotation(char: char) -> bool {
    matches!(char, '"' | '“' | '”' | '»' | '«')
}

fn term(text: &str, is_prefix: bool) -> Option<Term> {
    let words = fold::words(text);
    match words.as_slice() {
        [] => None,
        [word] => Some(Term::Word {
            spellings: spellings(text, word),
            is_prefix,
        }),
        _ => Some(Term::Phrase { words, is_prefix }),
    }
}

/// "Haeuser" may stand for "Häuser" and the other way round; folding makes "hauser" of the second.
fn spellings(text: &str, folded: &str) -> Vec<String> {
    let mut spellings = vec![folded.to_owned()];
    let narrow = folded
        .replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u");
    let mut wide = String::new();
    for char in text.chars() {
        match char {
            'ä' | 'Ä' => wide.push_str("ae"),
            'ö' | 'Ö' => wide.push_str("oe"),
            'ü' | 'Ü' => wide.push_str("ue"),
            other => wide.push(other),
        }
    }
    for other in [narrow].into_iter().chain(fold::words(&wide)) {
        if !spellings.contains(&other) {
            spellings.push(other);
        }
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &str, typing: Typing) -> String {
        let query = Query::parse(typed, typing);
        let term = |term: &Term| match term {
            Term::Word {
                spellings,
                is_prefix,
            } => format!("{}{}", spellings.join("|"), star(*is_prefix)),
            Term::Phrase { words, is_prefix } => {
                format!("[{}{}]", words.join(" "), star(*is_prefix))
            }
        };
        let mut all: Vec<String> = query.required.iter().map(term).collect();
        all.extend(query.excluded.iter().map(|t| format!("-{}", term(t))));
        all.join(" ")
    }

    fn star(is_prefix: bool) -> &'static str {
        if is_prefix { "*" } else { "" }
    }

    #[test]
    fn what_was_typed_is_understood() {
        for (typed, typing, expected) in [
            ("Haushalt", Typing::No, "haushalt"),
            ("Haushalt", Typing::Yes, "haushalt*"),
            ("Haushalt ", Typing::Yes, "haushalt"),
            ("Kita Neub", Typing::Yes, "kita neub*"),
            ("\"Rat der Stadt\"", Typing::Yes, "[rat der stadt]"),
            ("„Rat der Stadt“ Kita", Typing::No, "[rat der stadt] kita"),
            ("\"Rat der St", Typing::Yes, "[rat der st*]"),
            ("Haushalt -Satzung", Typing::Yes, "haushalt -satzung"),
            (
                "Haushalt -\"alter Plan\"",
                Typing::No,
                "haushalt -[alter plan]",
            ),
            ("CDU-Fraktion", Typing::No, "[cdu fraktion]"),
            ("2024/0123", Typing::No, "[2024 0123]"),
            ("der Haushalt für die Schule", Typing::No, "haushalt schule"),
            ("der", Typing::No, "der"),
            ("Haeuser", Typing::No, "haeuser|hauser"),
            ("Häuser", Typing::No, "hauser|haeuser"),
            ("Straße", Typing::No, "strasse"),
            ("Neue", Typing::No, "neue|neu"),
            ("- \" „ -", Typing::Yes, ""),
            ("a\"b", Typing::Yes, "a b*"),
            ("   ", Typing::Yes, ""),
        ] {
            assert_eq!(shown(typed, typing), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_long_query_is_cut() {
        let query = Query::parse(&"wort ".repeat(500), Typing::No);
        assert_eq!(query.required.len(), MOST_TERMS);
    }

    #[test]
    fn debug_shows_no_word() {
        let shown = format!("{:?}", Query::parse("Geheimnis", Typing::No));
        assert!(!shown.to_lowercase().contains("geheim"), "{shown}");
    }
}
