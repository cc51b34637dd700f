//! Pages to search: paragraphs of real council papers in a new order, or of invented words. Seeded: every run makes the same.
//!
//! There are few real pages, so that their words would be all the words there are, however many pages are made of them. Real
//! text goes on bringing new ones (Heaps' law). How fast is measured on the real text itself; the words that are rare in it
//! give way to new compounds of their halves, or to one that was made before, so that the vocabulary grows as measured.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::super::shared;
use super::invented;

/// Characters of a page, about those of a council paper.
const PAGE_BYTES: usize = 2_400;
/// Shorter paragraphs are headings, page numbers, cells of tables.
const LEAST_PARAGRAPH: usize = 40;
/// A word that stands in the real text so often at most gives way to others.
const RARE: u32 = 2;
/// Pages that queries are drawn from.
const SAMPLES: usize = 2_000;
/// One page in so many is kept as a sample.
const SAMPLE_EVERY: usize = 10;

/// xorshift64*: good enough for shuffling, the same everywhere.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From 0 to `end`, `end` left out.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }

    /// A rank by Zipf's law: the first again and again, the last hardly ever.
    pub fn zipf(&mut self, end: usize) -> usize {
        let part = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((end as f64).powf(part) - 1.0) as usize
    }

    pub fn one<'a>(&mut self, of: &'a [String]) -> &'a str {
        let at = self.below(of.len());
        of.get(at).map_or("", String::as_str)
    }
}

/// Makes pages and titles.
pub struct Pages {
    random: Random,
    paragraphs: Vec<String>,
    titles: Vec<String>,
    growth: Growth,
    made: usize,
    samples: Vec<String>,
    /// What the pages are made of, for the report.
    pub origin: String,
}

impl Pages {
    /// Of real text where it lies beside the checkout, else of invented words.
    pub fn new() -> Result<Self> {
        let Some(shared) = shared::folder() else {
            eprintln!("no real data beside the checkout: the pages are made of invented words");
            let mut random = Random(42);
            let paragraphs = invented::paragraphs(&mut random);
            let titles = paragraphs.iter().map(|one| beginning(one, 6)).collect();
            return Ok(Self::of(paragraphs, titles, "invented words".to_owned()));
        };
        let (mut paragraphs, mut pages) = (Vec::new(), 0);
        for paper in shared::papers(&shared)? {
            let text = shared::text_of(&paper)?;
            for page in text.split('\u{c}').filter(|page| !page.trim().is_empty()) {
                pages += 1;
                let long = |one: &&str| one.len() > LEAST_PARAGRAPH;
                paragraphs.extend(page.split("\n\n").filter(long).map(str::to_owned));
            }
        }
        let titles = shared::names(&shared)?;
        let origin = format!(
            "{} paragraphs of {pages} real pages and {} real titles, recombined",
            paragraphs.len(),
            titles.len()
        );
        Ok(Self::of(paragraphs, titles, origin))
    }

    fn of(paragraphs: Vec<String>, titles: Vec<String>, origin: String) -> Self {
        let growth = Growth::measured(&paragraphs);
        let origin = format!(
            "{origin}; the vocabulary grows with the {:.2}th power of the words",
            growth.exponent
        );
        eprintln!("pages: {origin}");
        Self {
            random: Random(99),
            paragraphs,
            titles,
            growth,
            made: 0,
            samples: Vec::new(),
            origin,
        }
    }

    /// The next page.
    pub fn page(&mut self) -> String {
        let mut text = String::with_capacity(PAGE_BYTES + 1_000);
        text.push_str(self.random.one(&self.titles));
        text.push_str("\n\n");
        while text.len() < PAGE_BYTES {
            // A paragraph from anywhere in its first half on, so that no line is there twice too often.
            let paragraph = self.random.one(&self.paragraphs);
            let words: Vec<&str> = paragraph.split_whitespace().collect();
            let skip = self.random.below(words.len() / 2 + 1);
            for word in words.into_iter().skip(skip) {
                self.growth.push(word, &mut self.random, &mut text);
                text.push(' ');
            }
            text.push('\n');
        }
        if self.made.is_multiple_of(SAMPLE_EVERY) {
            if self.samples.len() < SAMPLES {
                self.samples.push(text.clone());
            } else {
                let at = self.random.below(SAMPLES);
                if let Some(old) = self.samples.get_mut(at) {
                    old.clone_from(&text);
                }
            }
        }
        self.made += 1;
        text
    }

    pub fn title(&mut self) -> String {
        self.random.one(&self.titles).to_owned()
    }

    /// Different words of letters that were put into pages so far.
    pub fn word_count(&self) -> usize {
        self.growth.seen.len()
    }

    pub fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// Words of a page that was made: any of them, the frequent ones more often.
    fn sample(&mut self) -> Vec<String> {
        let page = self.random.one(&self.samples);
        page.split_whitespace().map(str::to_owned).collect()
    }

    /// A word of at least so many letters, as often as it stands in the pages.
    pub fn word(&mut self, least: usize) -> String {
        loop {
            let words = self.sample();
            let word = letters(self.random.one(&words)).to_owned();
            if word.chars().count() >= least {
                return word;
            }
        }
    }

    /// One of the 200 most frequent long words.
    pub fn frequent_word(&mut self) -> String {
        let at = self.random.below(self.growth.frequent.len().clamp(1, 200));
        self.growth.frequent.get(at).cloned().unwrap_or_default()
    }

    /// Three neighbours of a page.
    pub fn phrase(&mut self) -> String {
        let words = self.sample();
        let at = self.random.below(words.len().saturating_sub(3));
        let some: Vec<&str> = words
            .iter()
            .skip(at)
            .take(3)
            .map(|word| word.trim_matches('"'))
            .collect();
        some.join(" ")
    }
}

fn beginning(text: &str, words: usize) -> String {
    let some: Vec<&str> = text.split_whitespace().take(words).collect();
    some.join(" ")
}

/// The letters in the middle of what stands between two spaces; empty where it is no word.
fn letters(word: &str) -> &str {
    let inner = word.trim_matches(|char: char| !char.is_alphanumeric());
    if inner.chars().all(char::is_alphabetic) {
        inner
    } else {
        ""
    }
}

/// Keeps the number of different words to Heaps' law, V = factor · n^exponent.
struct Growth {
    factor: f64,
    exponent: f64,
    counts: HashMap<String, u32>,
    rare: Vec<String>,
    /// Words of six letters and more, the most frequent first.
    frequent: Vec<String>,
    seen: HashSet<String>,
    emitted: f64,
    /// Rare words that were put into pages.
    made: Vec<String>,
    /// Which of them, each as often as it was.
    uses: Vec<u32>,
}

impl Growth {
    fn measured(paragraphs: &[String]) -> Self {
        let mut counts: HashMap<String, u32> = HashMap::new();
        let words: Vec<&str> = paragraphs
            .iter()
            .flat_map(|text| text.split_whitespace())
            .map(letters)
            .filter(|word| !word.is_empty())
            .collect();
        let mut half = 0;
        for (at, word) in words.iter().enumerate() {
            *counts.entry((*word).to_owned()).or_default() += 1;
            if at == words.len() / 2 {
                half = counts.len();
            }
        }
        let exponent = (counts.len() as f64 / half.max(1) as f64).log2().max(0.1);
        let mut frequent: Vec<(u32, &String)> = counts
            .iter()
            .filter(|(word, _)| word.chars().count() >= 6)
            .map(|(word, count)| (*count, word))
            .collect();
        frequent.sort_unstable_by(|a, b| b.cmp(a));
        let mut rare: Vec<String> = counts
            .iter()
            .filter(|(word, count)| **count <= RARE && word.chars().count() >= 6)
            .map(|(word, _)| word.clone())
            .collect();
        rare.sort_unstable();
        Self {
            factor: counts.len() as f64 / (words.len() as f64).powf(exponent),
            exponent,
            frequent: frequent.into_iter().map(|(_, word)| word.clone()).collect(),
            rare,
            counts,
            seen: HashSet::new(),
            emitted: 0.0,
            made: Vec::new(),
            uses: Vec::new(),
        }
    }

    /// Appends a word, or what takes its place.
    fn push(&mut self, word: &str, random: &mut Random, text: &mut String) {
        let inner = letters(word);
        if inner.is_empty() {
            push_number(word, random, text);
            return;
        }
        self.emitted += 1.0;
        let is_rare = self.counts.get(inner).is_none_or(|count| *count <= RARE);
        let place = if is_rare && inner.chars().count() >= 6 {
            self.rare_word(inner, random)
        } else {
            inner.to_owned()
        };
        // What stood around the letters stays: commas, brackets, quotation marks.
        let (before, after) = word.split_once(inner).unwrap_or_default();
        text.extend([before, place.as_str(), after]);
        if !self.seen.contains(&place) {
            self.seen.insert(place);
        }
    }

    /// A new word where one is due, else one that was made before: the more often, the likelier (Simon's process).
    fn rare_word(&mut self, typed: &str, random: &mut Random) -> String {
        let due = self.factor * self.emitted.powf(self.exponent);
        let at = if (self.seen.len() as f64) < due || self.uses.is_empty() {
            self.made.push(if self.seen.contains(typed) {
                compound(random.one(&self.rare), random.one(&self.rare))
            } else {
                typed.to_owned()
            });
            u32::try_from(self.made.len() - 1).unwrap_or_default()
        } else {
            let at = random.below(self.uses.len());
            self.uses.get(at).copied().unwrap_or_default()
        };
        self.uses.push(at);
        self.made.get(at as usize).cloned().unwrap_or_default()
    }
}

/// The first half of one word and the second of another.
fn compound(one: &str, other: &str) -> String {
    let half = |word: &str| word.chars().count().div_ceil(2);
    one.chars()
        .take(half(one))
        .chain(other.chars().skip(half(other)).flat_map(char::to_lowercase))
        .collect()
}

/// Long numbers (amounts, files, telephones) are others on each page; short ones (years, paragraphs) are the same.
fn push_number(word: &str, random: &mut Random, text: &mut String) {
    let is_long = word.chars().filter(char::is_ascii_digit).count() > 4;
    text.extend(word.chars().map(|char| {
        if is_long && char.is_ascii_digit() {
            char::from(b'0' + u8::try_from(random.below(10)).unwrap_or_default())
        } else {
            char
        }
    }));
}
