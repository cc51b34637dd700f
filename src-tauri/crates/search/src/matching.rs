//! Where a query is found in a text that is at hand: a note, a page that is being read, a title. Knows no index.

use crate::distance::{allowed_slips, slips};
use crate::fold::{Token, tokens};
use crate::query::{Query, Term};
use crate::stem::stem;
use std::ops::Range;

/// Fewest letters of a part that is looked for anywhere in a compound; one letter less only at its ends.
const LEAST_INNER_PART: usize = 4;

/// How well a word of a text answers a typed one, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// The same word, in any inflected form.
    Same,
    /// It begins with what was typed so far.
    Beginning,
    /// A compound with the typed word in it.
    Part,
    /// The typed word with few slips.
    Slip,
}

/// Whether words that the typed ones may be a slip of answer too, where a term is not found better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slips {
    /// Words as they were typed, in all their forms, and compounds with them.
    No,
    /// Also what they may be a slip of.
    Too,
}

/// Compares one typed spelling with a folded word of a text, slips aside.
pub(crate) fn grade(typed: &str, is_prefix: bool, word: &str) -> Option<Grade> {
    let typed_stem = stem(typed);
    let word_stem = stem(word);
    if typed_stem == word_stem {
        return Some(Grade::Same);
    }
    if is_prefix && word.starts_with(typed) {
        return Some(Grade::Beginning);
    }
    let is_part = if typed.len() >= LEAST_INNER_PART {
        word.contains(typed)
            || (typed_stem.len() >= LEAST_INNER_PART && word_stem.ends_with(typed_stem))
    } else {
        typed.len() + 1 == LEAST_INNER_PART && (word.starts_with(typed) || word.ends_with(typed))
    };
    is_part.then_some(Grade::Part)
}

/// The same with slips.
pub(crate) fn is_slip(typed: &str, is_prefix: bool, word: &str) -> bool {
    let most = allowed_slips(typed);
    most > 0 && slips(typed, word, most, is_prefix).is_some()
}

impl Query {
    /// Looks into one text, such as a note.
    ///
    /// Result: ranges of characters to mark, ascending and apart; `None` if a required term is missing or an excluded one
    /// is there.
    pub fn matches(&self, text: &str) -> Option<Vec<Range<usize>>> {
        self.answer(text, Slips::Too)
    }

    /// How often one text answers, such as a page of a file: 0 if a required term is missing or an excluded one is there.
    pub fn count(&self, text: &str, slips: Slips) -> usize {
        self.answer(text, slips).map_or(0, |marks| marks.len())
    }

    fn answer(&self, text: &str, slips: Slips) -> Option<Vec<Range<usize>>> {
        let tokens = tokens(text);
        let worst = match slips {
            Slips::No => Grade::Part,
            Slips::Too => Grade::Slip,
        };
        if self.is_empty()
            || self
                .excluded
                .iter()
                .any(|term| !find(term, &tokens, Grade::Same).is_empty())
        {
            return None;
        }
        let mut marks = Vec::new();
        for term in &self.required {
            let found = find(term, &tokens, worst);
            if found.is_empty() {
                return None;
            }
            marks.extend(found);
        }
        Some(chars_of(marks, &tokens))
    }

    /// The words of a page that answer any required term.
    ///
    /// Result: ranges of characters of `text`, ascending and apart, for the reader to mark. A word with a slip counts only
    /// where the term is not found better.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let tokens = tokens(text);
        chars_of(self.mark_tokens(&tokens), &tokens)
    }

    pub(crate) fn mark_tokens(&self, tokens: &[Token]) -> Vec<Range<usize>> {
        self.required
            .iter()
            .flat_map(|term| find(term, tokens, Grade::Slip))
            .collect()
    }
}

/// Ranges of tokens that answer a term, by the grades up to `worst`.
fn find(term: &Term, tokens: &[Token], worst: Grade) -> Vec<Range<usize>> {
    match term {
        Term::Word {
            spellings,
            is_prefix,
        } => {
            let by = |answers: &dyn Fn(&str) -> bool| -> Vec<Range<usize>> {
                (0..)
                    .zip(tokens)
                    .filter(|(_, token)| answers(&token.word))
                    .map(|(at, _)| at..at + 1)
                    .collect()
            };
            let found = by(&|word| {
                spellings
                    .iter()
                    .any(|typed| grade(typed, *is_prefix, word).is_some_and(|grade| grade <= worst))
            });
            if found.is_empty() && worst == Grade::Slip {
                return by(&|word| {
                    spellings
                        .iter()
                        .any(|typed| is_slip(typed, *is_prefix, word))
                });
            }
            found
        }
        Term::Phrase { words, is_prefix } => (0..)
            .zip(tokens.windows(words.len().max(1)))
            .filter(|(_, window)| {
                let last = words.len().saturating_sub(1);
                (0..)
                    .zip(window.iter().zip(words))
                    .all(|(at, (token, typed))| {
                        stem(&token.word) == stem(typed)
                            || (*is_prefix && at == last && token.word.starts_with(typed))
                    })
            })
            .map(|(at, window)| at..at + window.len())
            .collect(),
    }
}

/// Ranges of tokens as ranges of characters, joined where they touch or overlap.
pub(crate) fn chars_of(mut ranges: Vec<Range<usize>>, tokens: &[Token]) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut marks: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        let (Some(first), Some(last)) = (
            tokens.get(range.start),
            tokens.get(range.end.saturating_sub(1)),
        ) else {
            continue;
        };
        match marks.last_mut() {
            Some(before) if first.chars.start <= before.end => {
                before.end = before.end.max(last.chars.end);
            }
            _ => marks.push(first.chars.start..last.chars.end),
        }
    }
    marks
}
