//! A query as an expression of FTS5 over stems, in three widths. Words hold letters and digits only, so nothing of it can be
//! taken for syntax.

use crate::query::{Query, Term};
use crate::stem::stem;
use crate::vocabulary::{Budget, Place, Question, Vocabulary};

/// How widely a typed word is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Width {
    /// The word in its inflected forms.
    Exact,
    /// Also words that begin with it or hold it.
    Wide,
    /// Also words that it may be a slip of.
    Slips,
}

/// More alternatives cost more than they find.
const MOST_STEMS_OF_HEADS: usize = 64;
/// The same for pages.
const MOST_STEMS_OF_PAGES: usize = 40;
/// A single word needs no more: what is beyond would never be seen.
const ENOUGH_TEXTS_ALONE: u64 = 6_000;
/// Beside other words only few of them remain.
const ENOUGH_TEXTS_BESIDE: u64 = 20_000;
const MOST_SLIPS: Budget = Budget {
    stems: 8,
    texts: 6_000,
};

/// The expression, or `None` if nothing is looked for.
pub(crate) fn expression(
    query: &Query,
    width: Width,
    vocabulary: &Vocabulary,
    place: Place,
) -> Option<String> {
    if query.is_empty() {
        return None;
    }
    let (stems, texts) = match (place, query.required.len()) {
        (Place::Heads, _) => (MOST_STEMS_OF_HEADS, u64::MAX),
        (Place::Pages, 1) => (MOST_STEMS_OF_PAGES, ENOUGH_TEXTS_ALONE),
        (Place::Pages, _) => (MOST_STEMS_OF_PAGES, ENOUGH_TEXTS_BESIDE),
    };
    let budget = Budget { stems, texts };
    let required: Vec<String> = query
        .required
        .iter()
        .map(|term| alternatives(term, width, vocabulary, place, budget))
        .collect();
    let mut text = required.join(" AND ");
    if !query.excluded.is_empty() {
        let excluded: Vec<String> = query
            .excluded
            .iter()
            .map(|term| alternatives(term, Width::Exact, vocabulary, place, budget))
            .collect();
        text = format!("({text}) NOT ({})", excluded.join(" OR "));
    }
    Some(text)
}

fn alternatives(
    term: &Term,
    width: Width,
    vocabulary: &Vocabulary,
    place: Place,
    budget: Budget,
) -> String {
    match term {
        Term::Phrase { words, is_prefix } => {
            let stems: Vec<&str> = words.iter().map(|word| stem(word)).collect();
            let star = if *is_prefix { " *" } else { "" };
            format!("\"{}\"{star}", stems.join(" "))
        }
        Term::Word {
            spellings,
            is_prefix,
        } => {
            let mut stems: Vec<String> = Vec::new();
            let mut add = |more: Vec<String>| {
                for stem in more {
                    if !stems.contains(&stem) {
                        stems.push(stem);
                    }
                }
            };
            for typed in spellings {
                add(vec![stem(typed).to_owned()]);
                if width >= Width::Wide {
                    add(vocabulary.stems(
                        typed,
                        Question::Wider {
                            is_prefix: *is_prefix,
                        },
                        place,
                        budget,
                    ));
                }
                if width >= Width::Slips {
                    add(vocabulary.stems(
                        typed,
                        Question::Slips {
                            is_prefix: *is_prefix,
                        },
                        place,
                        MOST_SLIPS,
                    ));
                }
            }
            format!("(\"{}\")", stems.join("\" OR \""))
        }
    }
}
