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
    /// Numbers of the words by their first byte: slips are looked for among a tenth of them.
    by_letter: HashMap<u8, Vec<u32>>,
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
            self.text.push_str(MARK);
            if let Some(letter) = word.bytes().next() {
                let at = u32::try_from(self.entries.len()).map_err(|_| SearchError::BadRow)?;
                self.by_letter.entry(letter).or_default().push(at);
            }
            self.entries.push(Entry {
                start: u32::try_from(self.text.len()).map_err(|_| SearchError::BadRow)?,
                heads: row.get(2)?,
                pages: row.get(3)?,
            });
            self.text.push_str(word);
        }
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
        ranked.sort_unstable();
        let mut stems: Vec<String> = Vec::new();
        let mut sum = 0;
        for (_, rarity, at) in ranked {
            if stems.len() >= budget.stems || sum >= budget.texts {
                break;
            }
            let stem = stem(self.word(at).unwrap_or_default());
            if !stems.iter().any(|known| known == stem) {
                stems.push(stem.to_owned());
                sum += u64::MAX - rarity;
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
            1 | 2 if is_prefix => format!("{MARK}{typed}"),
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
        starts
            .into_iter()
            .flatten()
            .flat_map(|letter| self.by_letter.get(&letter).into_iter().flatten())
            .filter_map(|at| {
                let at = *at as usize;
                let word = self.word(at)?;
                let is_long_enough = word.len() + most >= typed.len();
                let is_short_enough = is_prefix || word.len() <= typed.len() + most;
                (is_long_enough && is_short_enough)
                    .then(|| slips(typed, word, most, is_prefix))
                    .flatten()
                    .map(|slips| (slips, at))
            })
            .collect()
    }
}
