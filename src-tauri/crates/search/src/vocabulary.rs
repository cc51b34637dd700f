//! All words of an index in memory, so that a typed word finds the compounds that hold it, the words that begin with it and
//! the words that it may be a slip of: one pass over a few megabytes, instead of a trigram table on disk.

use crate::distance::{allowed_slips, slips};
use crate::error::SearchError;
use crate::matching::{Grade, grade};
use crate::stem::stem;
use memchr::memmem;
use rusqlite::{Connection, named_params};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Stands before every word.
const MARK: &str = "\n";

/// Which texts are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Titles, and what stands beside them.
    Heads,
    /// Pages.
    Pages,
}

/// How many words a typed one may be replaced by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    /// Different stems.
    pub(crate) stems: usize,
    /// Texts in which they stand, roughly; one stem is taken in any case.
    pub(crate) texts: u64,
}

/// The words of one index.
#[derive(Default)]
pub(crate) struct Vocabulary {
    /// `MARK` and a word, again and again.
    text: String,
    entries: Vec<Entry>,
    /// By first byte and length (of long words [`LONG`]): slips are looked for among a few of them.
    by_shape: HashMap<(u8, usize), Vec<Shaped>>,
    last_no: i64,
    dropped: Option<i64>,
    /// Answers of the last searches: titles and pages, and all widths, ask for the same.
    known: RefCell<Known>,
}

/// What is asked about a typed word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    /// Words that begin with the typed one or hold it.
    Wider { is_prefix: bool },
    /// Words that the typed one may be a slip of.
    Slips { is_prefix: bool },
}

/// Nearness (the lower the nearer) and number of a word.
type Answer = (usize, usize);

/// Answers by typed word and question.
type Known = HashMap<(String, Question), Arc<[Answer]>>;

/// Answers that are kept: typing one query asks a dozen questions.
const MOST_KNOWN: usize = 64;

/// From this many bytes on words count as equally long.
const LONG: usize = 40;
/// Words that are put in order at once, while the nearest are taken.
const SORTED_AT_ONCE: usize = 512;

/// A word by its number, with the letters in it.
#[derive(Clone, Copy)]
struct Shaped {
    at: u32,
    letters: u32,
    second: Option<u8>,
}

/// Which letters a word has, one bit for each byte modulo 32: a slip takes away one at most, and adds one at most.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |set, byte| set | 1 << (byte % 32))
}

#[derive(Clone, Copy)]
struct Entry {
    /// Where the word begins in `text`, after its mark.
    start: u32,
    heads: u32,
    pages: u32,
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vocabulary({} words, hidden)", self.entries.len())
    }
}

impl Vocabulary {
    /// Brings it up to date. New words are added; how often the known ones stand is only read again when words have gone.
    pub(crate) fn refresh(&mut self, connection: &Connection) -> Result<(), SearchError> {
        let dropped =
            connection.query_row("SELECT words_dropped FROM state", [], |row| row.get(0))?;
        if self.dropped != Some(dropped) {
            *self = Self {
                dropped: Some(dropped),
                ..Self::default()
            };
        }
        let mut statement = connection.prepare_cached(
            "SELECT word_no, word, heads, pages FROM words WHERE word_no > :last ORDER BY word_no",
        )?;
        let mut rows = statement.query(named_params! { ":last": self.last_no })?;
        self.known.get_mut().clear();
        while let Some(row) = rows.next()? {
            self.last_no = row.get(0)?;
            let word = row.get_ref(1)?.as_str().map_err(|_| SearchError::BadRow)?;
            self.add(word, row.get(2)?, row.get(3)?)?;
        }
        Ok(())
    }

    /// * `heads`, `pages` – in how many it stands.
    fn add(&mut self, word: &str, heads: u32, pages: u32) -> Result<(), SearchError> {
        self.text.push_str(MARK);
        let mut bytes = word.bytes();
        if let Some(letter) = bytes.next() {
            let at = u32::try_from(self.entries.len()).map_err(|_| SearchError::BadRow)?;
            let shape = (letter, word.len().min(LONG));
            let letters = letters(word);
            let alike = self.by_shape.entry(shape).or_default();
            let second = bytes.next();
            alike.push(Shaped {
                at,
                letters,
                second,
            });
        }
        self.entries.push(Entry {
            start: u32::try_from(self.text.len()).map_err(|_| SearchError::BadRow)?,
            heads,
            pages,
        });
        self.text.push_str(word);
        Ok(())
    }

    fn word(&self, at: usize) -> Option<&str> {
        let start = self.entries.get(at)?.start as usize;
        let end = self
            .entries
            .get(at + 1)
            .map_or(self.text.len(), |next| next.start as usize - MARK.len());
        self.text.get(start..end)
    }

    fn texts(&self, at: usize, place: Place) -> u64 {
        self.entries.get(at).map_or(0, |entry| match place {
            Place::Heads => entry.heads.into(),
            Place::Pages => entry.pages.into(),
        })
    }

    /// Stems of the words that answer, the nearest and most frequent first.
    pub(crate) fn stems(
        &self,
        typed: &str,
        question: Question,
        place: Place,
        budget: Budget,
    ) -> Vec<String> {
        let mut ranked: Vec<(usize, u64, usize)> = self
            .answers(typed, question)
            .iter()
            .map(|(nearness, at)| (*nearness, u64::MAX - self.texts(*at, place), *at))
            .filter(|(_, rarity, _)| *rarity < u64::MAX)
            .collect();
        let mut stems: Vec<String> = Vec::new();
        let mut sum = 0;
        let mut sorted = 0;
        while stems.len() < budget.stems && sum < budget.texts {
            // A letter or two begin tens of thousands of words, of which a few dozen are taken.
            let Some(rest) = ranked.get_mut(sorted..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            let next = sort_first(rest, SORTED_AT_ONCE);
            sorted += next.len();
            for (_, rarity, at) in next {
                if stems.len() >= budget.stems || sum >= budget.texts {
                    break;
                }
                let stem = stem(self.word(*at).unwrap_or_default());
                if !stems.iter().any(|known| known == stem) {
                    stems.push(stem.to_owned());
                    sum += u64::MAX - *rarity;
                }
            }
        }
        stems
    }

    fn answers(&self, typed: &str, question: Question) -> Arc<[Answer]> {
        let key = (typed.to_owned(), question);
        if let Some(known) = self.known.borrow().get(&key) {
            return Arc::clone(known);
        }
        let answers: Arc<[Answer]> = match question {
            Question::Wider { is_prefix } => self.wider(typed, is_prefix),
            Question::Slips { is_prefix } => self.slips(typed, is_prefix),
        }
        .into();
        let mut known = self.known.borrow_mut();
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(key, Arc::clone(&answers));
        answers
    }

    fn wider(&self, typed: &str, is_prefix: bool) -> Vec<Answer> {
        let typed_stem = stem(typed);
        let needle = match typed.len() {
            0 => return Vec::new(),
            1 | 2 if is_prefix => return self.beginning(typed),
            1 | 2 => return Vec::new(),
            _ if typed_stem.len() >= 4 => typed_stem.to_owned(),
            _ => typed.to_owned(),
        };
        let mut found = Vec::new();
        let finder = memmem::Finder::new(&needle);
        let mut from = 0;
        while let Some(hit) = self
            .text
            .as_bytes()
            .get(from..)
            .and_then(|rest| finder.find(rest))
        {
            // The word that holds the hit; with its mark, where the needle begins with one.
            let place_of_hit = from + hit + needle.len() - 1;
            let next = self
                .entries
                .partition_point(|entry| entry.start as usize <= place_of_hit);
            from = self
                .entries
                .get(next)
                .map_or(self.text.len(), |entry| entry.start as usize - MARK.len());
            let at = next.saturating_sub(1);
            if let Some(grade) = self.word(at).and_then(|word| grade(typed, is_prefix, word))
                && grade != Grade::Same
            {
                found.push((grade as usize, at));
            }
        }
        found
    }

    /// Words that begin with `typed`, one or two bytes, and go on. None of them is an inflected form of it: stems are longer.
    fn beginning(&self, typed: &str) -> Vec<Answer> {
        let mut bytes = typed.bytes();
        let (Some(letter), second) = (bytes.next(), bytes.next()) else {
            return Vec::new();
        };
        (typed.len() + 1..=LONG)
            .filter_map(|len| self.by_shape.get(&(letter, len)))
            .flatten()
            .filter(|shaped| second.is_none() || shaped.second == second)
            .map(|shaped| (Grade::Beginning as usize, shaped.at as usize))
            .collect()
    }

    fn slips(&self, typed: &str, is_prefix: bool) -> Vec<Answer> {
        let most = allowed_slips(typed);
        let &[first, second, ..] = typed.as_bytes() else {
            return Vec::new();
        };
        if most == 0 {
            return Vec::new();
        }
        // A slip leaves the first letter, or swaps it with the second.
        let starts = [Some(first), (second != first).then_some(second)];
        let longest = match typed.len() + most {
            _ if is_prefix => LONG,
            longest => longest.min(LONG),
        };
        let shortest = (typed.len() - most).min(longest);
        let typed_letters = letters(typed);
        let may_be = |shaped: &&Shaped| {
            let missing = (typed_letters & !shaped.letters).count_ones() as usize;
            let added = (shaped.letters & !typed_letters).count_ones() as usize;
            missing <= most && (is_prefix || added <= most)
        };
        starts
            .into_iter()
            .flatten()
            .flat_map(|letter| (shortest..=longest).map(move |len| (letter, len)))
            .filter_map(|shape| self.by_shape.get(&shape))
            .flatten()
            .filter(may_be)
            .filter_map(|shaped| {
                let at = shaped.at as usize;
                slips(typed, self.word(at)?, most, is_prefix).map(|slips| (slips, at))
            })
            .collect()
    }
}

/// Brings the least `most` of `rest` to its beginning, in order.
///
/// Result: those.
fn sort_first<T: Ord>(rest: &mut [T], most: usize) -> &[T] {
    let len = rest.len().min(most);
    if len < rest.len() {
        rest.select_nth_unstable(len);
    }
    let (first, _) = rest.split_at_mut(len);
    first.sort_unstable();
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A vocabulary of these words, each in one text.
    fn vocabulary(words: &[String]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for word in words {
            vocabulary.add(word, 1, 1).unwrap();
        }
        vocabulary
    }

    proptest! {
        /// What sorts words out before they are compared sorts out none that is meant.
        #[test]
        fn no_slip_is_overlooked(
            words in prop::collection::vec("[a-d0-1]{1,9}", 0..60),
            typed in "[a-d]{1,9}",
            is_prefix: bool,
        ) {
            let vocabulary = vocabulary(&words);
            let most = allowed_slips(&typed);
            let mut all: Vec<Answer> = words
                .iter()
                .enumerate()
                .filter(|_| most > 0)
                .filter_map(|(at, word)| Some((slips(&typed, word, most, is_prefix)?, at)))
                .collect();
            let mut found = vocabulary.slips(&typed, is_prefix);
            all.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, all);
        }

        #[test]
        fn a_beginning_finds_what_goes_on_with_it(
            words in prop::collection::vec("[abe-]{1,5}(er|en|n)?", 0..60),
            typed in "[abe]{1,2}",
        ) {
            let vocabulary = vocabulary(&words);
            let all: Vec<usize> = words
                .iter()
                .enumerate()
                .filter(|(_, word)| grade(&typed, true, word) == Some(Grade::Beginning))
                .map(|(at, _)| at)
                .collect();
            let mut found: Vec<usize> = vocabulary.wider(&typed, true).iter().map(|(_, at)| *at).collect();
            found.sort_unstable();
            prop_assert_eq!(found, all);
        }

        #[test]
        fn the_first_of_many_are_the_least(mut many in prop::collection::vec(0u8..50, 0..40), most in 0usize..50) {
            let mut sorted = many.clone();
            sorted.sort_unstable();
            sorted.truncate(most);
            prop_assert_eq!(sort_first(&mut many, most), sorted);
        }
    }
}
