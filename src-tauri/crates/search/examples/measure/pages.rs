//! Pages to measure with: invented German-looking ones, or paragraphs of real ones in a new order. Seeded: every run makes
//! the same.

use std::collections::HashMap;
use std::path::Path;

/// Characters of a page, about those of a council paper.
const PAGE_BYTES: usize = 2_400;
const ROOTS: [&str; 60] = [
    "haushalt",
    "satzung",
    "plan",
    "bau",
    "stadt",
    "rat",
    "verkehr",
    "schul",
    "kinder",
    "garten",
    "straße",
    "brücke",
    "wasser",
    "abgabe",
    "gebühr",
    "ordnung",
    "prüfung",
    "amt",
    "bericht",
    "antrag",
    "beschluss",
    "vorlage",
    "sitzung",
    "ausschuss",
    "vergabe",
    "fläche",
    "nutzung",
    "umwelt",
    "klima",
    "schutz",
    "förder",
    "mittel",
    "kosten",
    "betrag",
    "jahr",
    "personal",
    "stelle",
    "gesetz",
    "verfahren",
    "beteiligung",
    "bürger",
    "markt",
    "platz",
    "halle",
    "sport",
    "feuerwehr",
    "wehr",
    "gerät",
    "haus",
    "wohn",
    "gebiet",
    "entwicklung",
    "wirtschaft",
    "betrieb",
    "werk",
    "energie",
    "wärme",
    "netz",
    "anlage",
    "dienst",
];
const SMALL: [&str; 24] = [
    "der", "die", "und", "in", "den", "von", "zu", "das", "mit", "sich", "des", "auf", "für",
    "ist", "im", "dem", "nicht", "ein", "eine", "als", "auch", "werden", "wird", "nach",
];
const ENDINGS: [&str; 6] = ["", "", "en", "es", "s", "e"];

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

    /// The rank of a word by Zipf's law: the first ranks again and again, the last ones hardly ever.
    fn zipf(&mut self, end: usize) -> usize {
        let part = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((end as f64).powf(part) - 1.0) as usize
    }
}

pub struct Pages {
    random: Random,
    /// Pieces of text; pages are put together from them.
    paragraphs: Vec<String>,
    /// Words of 6 letters and more, the most frequent first.
    words: Vec<String>,
}

impl Pages {
    /// 40,000 invented compounds; ranks by Zipf, between small words.
    pub fn invented() -> Self {
        let mut random = Random(42);
        let mut words: Vec<String> = ROOTS.iter().map(|root| (*root).to_owned()).collect();
        while words.len() < 40_000 {
            let parts = 2 + random.below(2);
            let mut word = String::new();
            for _ in 0..parts {
                word.push_str(ROOTS[random.below(ROOTS.len())]);
                if random.below(3) == 0 {
                    word.push('s');
                }
            }
            words.push(word);
        }
        let paragraphs = (0..20_000)
            .map(|_| {
                let mut text = String::new();
                for at in 0..60 {
                    if random.below(2) == 0 {
                        text.push_str(SMALL[random.zipf(SMALL.len())]);
                    } else {
                        text.push_str(&words[random.zipf(words.len())]);
                        text.push_str(ENDINGS[random.below(ENDINGS.len())]);
                    }
                    text.push_str(if at % 12 == 11 { ".\n" } else { " " });
                }
                text
            })
            .collect();
        Self::of(paragraphs)
    }

    /// The paragraphs of all `.txt` files of a folder.
    pub fn from_folder(folder: &str) -> Self {
        let mut paragraphs = Vec::new();
        let mut files: Vec<_> = std::fs::read_dir(Path::new(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
            .collect();
        files.sort();
        for path in files {
            let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
            for page in text.split('\u{c}') {
                paragraphs.extend(
                    page.split("\n\n")
                        .filter(|one| one.len() > 40)
                        .map(str::to_owned),
                );
            }
        }
        Self::of(paragraphs)
    }

    fn of(paragraphs: Vec<String>) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for word in paragraphs
            .iter()
            .flat_map(|text| text.split(|char: char| !char.is_alphabetic()))
            .filter(|word| word.chars().count() >= 6)
        {
            *counts.entry(word).or_default() += 1;
        }
        let mut words: Vec<(usize, &str)> = counts
            .into_iter()
            .map(|(word, count)| (count, word))
            .collect();
        words.sort_unstable_by(|a, b| b.cmp(a));
        let words: Vec<String> = words.into_iter().map(|(_, word)| word.to_owned()).collect();
        println!(
            "source   {} paragraphs, {} long words",
            paragraphs.len(),
            words.len()
        );
        Self {
            random: Random(99),
            words,
            paragraphs,
        }
    }

    pub fn page(&mut self) -> String {
        let mut text = String::with_capacity(PAGE_BYTES + 1_000);
        while text.len() < PAGE_BYTES {
            // Half of a paragraph, so that no page and no line is there twice too often; and now and then a number and a
            // name of its own, as real pages have.
            let paragraph = &self.paragraphs[self.random.below(self.paragraphs.len())];
            let skip = self
                .random
                .below(paragraph.split_whitespace().count() / 2 + 1);
            for word in paragraph.split_whitespace().skip(skip) {
                text.push_str(word);
                text.push(' ');
            }
            let (one, other) = (self.random.below(ROOTS.len()), self.random.below(2_000_000));
            text.push_str(&format!(
                "\n{}/{:05} {}x{:x}\n",
                2014 + other % 12,
                other,
                ROOTS[one],
                other / 9
            ));
        }
        text
    }

    pub fn title(&mut self) -> String {
        let mut title = String::new();
        for _ in 0..5 {
            title.push_str(&self.words[self.random.zipf(self.words.len())]);
            title.push(' ');
        }
        title
    }

    /// Any word of the corpus, each as likely.
    pub fn word(&mut self) -> String {
        let at = self.random.below(self.words.len());
        self.words[at].clone()
    }

    /// One of the 200 most frequent long words.
    pub fn frequent_word(&mut self) -> String {
        let at = self.random.below(200);
        self.words[at].clone()
    }

    /// The first letters of a word, `least` of them or up to five more.
    pub fn beginning(&mut self, least: usize) -> String {
        let len = if least == 1 {
            1
        } else {
            least + self.random.below(6)
        };
        let at = self.random.zipf(self.words.len());
        self.words[at].chars().take(len).collect()
    }

    /// Letters out of the middle of a long word.
    pub fn part(&mut self) -> String {
        loop {
            let word = self.word();
            let len = word.chars().count();
            if len >= 12 {
                return word.chars().skip(len / 2).take(7).collect();
            }
        }
    }

    /// Three neighbours of a paragraph.
    pub fn phrase(&mut self) -> String {
        let paragraph = &self.paragraphs[self.random.below(self.paragraphs.len())];
        let words: Vec<&str> = paragraph.split_whitespace().collect();
        let at = self.random.below(words.len().saturating_sub(3));
        words[at..words.len().min(at + 3)].join(" ")
    }

    /// A long word with two neighbours swapped.
    pub fn slip(&mut self) -> String {
        loop {
            let mut chars: Vec<char> = self.word().chars().collect();
            if chars.len() >= 8 {
                let at = 2 + self.random.below(chars.len() - 4);
                chars.swap(at, at + 1);
                return chars.into_iter().collect();
            }
        }
    }
}
