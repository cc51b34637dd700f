//! Many short texts in memory, such as what a faction has said: which of them a query answers, without looking into each. The
//! answer is that of [`Query::matches`]. Not the index on the disk (`index`).

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::fold::for_each_token;
use crate::matching::{Grade, grade, is_slip};
use crate::query::{Query, Term};
use crate::stem::stem;

/// Texts under keys.
pub struct Texts<K> {
    /// Each folded word, and the places of the texts that hold it, ascending.
    words: HashMap<String, Vec<u32>>,
    /// The key of the text at each place; `None` for one that was replaced.
    places: Vec<Option<K>>,
    by_key: HashMap<K, u32>,
}

impl<K> std::fmt::Debug for Texts<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({}, hidden)", self.by_key.len())
    }
}

impl<K> Default for Texts<K> {
    fn default() -> Self {
        Self {
            words: HashMap::new(),
            places: Vec::new(),
            by_key: HashMap::new(),
        }
    }
}

impl<K: Copy + Eq + Hash> Texts<K> {
    /// Takes a text in, in place of the one before under this key.
    pub fn put(&mut self, key: K, text: &str) {
        let Ok(place) = u32::try_from(self.places.len()) else {
            return;
        };
        if let Some(before) = self.by_key.insert(key, place)
            && let Some(gone) = self.places.get_mut(before as usize)
        {
            *gone = None;
        }
        self.places.push(Some(key));
        for_each_token(text, |word, _| {
            if let Some(places) = self.words.get_mut(word) {
                if places.last() != Some(&place) {
                    places.push(place);
                }
            } else {
                self.words.insert(word.to_owned(), vec![place]);
            }
        });
    }

    /// Replaced texts take up more than those that are there: it is worth beginning anew.
    pub fn is_worn(&self) -> bool {
        self.places.len() > 2 * self.by_key.len() + 1024
    }

    /// The texts that answer. If the query [has words in a row](Query::has_row), also some that do not: they hold the words apart.
    pub fn answering(&self, query: &Query) -> HashSet<K> {
        let mut answers = vec![!query.is_empty(); self.places.len()];
        for term in &query.required {
            match term {
                Term::Word {
                    spellings,
                    is_prefix,
                } => self.keep(&mut answers, true, |word| {
                    spellings.iter().any(|typed| {
                        grade(typed, *is_prefix, word).is_some() || is_slip(typed, *is_prefix, word)
                    })
                }),
                Term::Phrase { words, is_prefix } => {
                    for typed in words {
                        self.keep(&mut answers, true, |word| {
                            stem(word) == stem(typed) || (*is_prefix && word.starts_with(typed))
                        });
                    }
                }
            }
        }
        for term in &query.excluded {
            if let Term::Word {
                spellings,
                is_prefix,
            } = term
            {
                self.keep(&mut answers, false, |word| {
                    spellings
                        .iter()
                        .any(|typed| grade(typed, *is_prefix, word) == Some(Grade::Same))
                });
            }
        }
        let answering = self.places.iter().zip(answers);
        answering
            .filter_map(|(key, answers)| key.filter(|_| answers))
            .collect()
    }

    /// Lets those stand that hold a word that is meant, or those that hold none.
    fn keep(&self, answers: &mut [bool], is_wanted: bool, is_meant: impl Fn(&str) -> bool) {
        let mut holds = vec![false; answers.len()];
        for (word, places) in &self.words {
            if is_meant(word) {
                for place in places {
                    if let Some(held) = holds.get_mut(*place as usize) {
                        *held = true;
                    }
                }
            }
        }
        for (answer, held) in answers.iter_mut().zip(holds) {
            *answer &= held == is_wanted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Typing;

    const TEXTS: [&str; 9] = [
        "Die Beleuchtung am Radweg fehlt noch.",
        "Radwege und Straßen: Haushaltsplan 2026",
        "Der Schulwegplan der Grundschule",
        "Häuser am Markt, CDU-Fraktion fragt nach",
        "Fraktion der CDU",
        "Haushalt ohne Plan",
        "Beleuchtng mit Schreibfehler",
        "",
        "2026/0184",
    ];

    #[test]
    fn what_answers_is_what_matches() {
        let mut texts = Texts::default();
        texts.put(3usize, "etwas, das ersetzt wird: Radweg");
        for (at, text) in TEXTS.iter().enumerate() {
            texts.put(at, text);
        }
        for typed in [
            "Radweg",
            "radwege",
            "Plan",
            "Haeuser",
            "Beleuchtung",
            "Beleuchtung Radweg",
            "cdu",
            "Radweg -Haushaltsplan",
            "Schul",
            "2026",
            "der",
            "xyz",
            "",
            "Strasse",
            "-Radweg",
            "Haushalt plan",
        ] {
            for typing in [Typing::No, Typing::Yes] {
                let query = Query::parse(typed, typing);
                assert!(!query.has_row(), "{typed}");
                let mut found: Vec<usize> = texts.answering(&query).into_iter().collect();
                found.sort();
                let matching = (0..TEXTS.len()).filter(|at| query.matches(TEXTS[*at]).is_some());
                assert_eq!(found, matching.collect::<Vec<_>>(), "{typed}");
            }
        }
    }

    #[test]
    fn words_in_a_row_are_among_what_answers() {
        let mut texts = Texts::default();
        for (at, text) in TEXTS.iter().enumerate() {
            texts.put(at, text);
        }
        let query = Query::parse("CDU-Fraktion", Typing::No);
        assert!(query.has_row());
        assert_eq!(texts.answering(&query), HashSet::from([3, 4]));
        let alone = (0..TEXTS.len()).filter(|at| query.matches(TEXTS[*at]).is_some());
        assert_eq!(alone.collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn what_is_replaced_often_is_worn() {
        let mut texts = Texts::default();
        for at in 0..3_000 {
            texts.put(1, &format!("Fassung {at}"));
        }
        assert!(texts.is_worn());
        let query = Query::parse("Fassung", Typing::No);
        assert_eq!(texts.answering(&query), HashSet::from([1]));
    }
}
