//! The papers that are searched: pages by files, with dates, organizations and titles, in batches for everybody who indexes
//! them.

use search::{Content, Document, Fields, Filter, Id, Kind};

use super::pages::{Pages, Random};

pub const DAY_MS: i64 = 86_400_000;
/// The present of the measurement, ms UTC.
pub const NOW_MS: i64 = 1_700_000_000_000;
const PAGES_PER_FILE: usize = 12;
const FILES_PER_BATCH: usize = 25;
const ORGANIZATIONS: usize = 12;
const DAYS: usize = 3_650;

/// A paper with one file.
pub struct Paper {
    pub number: usize,
    pub title: String,
    pub pages: Vec<String>,
    pub date_ms: i64,
    pub organization: usize,
}

/// Ten years of papers, put in as they come: their dates are in no order.
pub struct Corpus {
    pub pages: Pages,
    random: Random,
    pub page_count: usize,
    pub byte_len: usize,
}

impl Corpus {
    pub fn new(pages: Pages) -> Self {
        Self {
            pages,
            random: Random(7),
            page_count: 0,
            byte_len: 0,
        }
    }

    /// The next papers, until there are `page_count` pages in all; empty when there are.
    pub fn batch(&mut self, page_count: usize) -> Vec<Paper> {
        let mut batch = Vec::new();
        while batch.len() < FILES_PER_BATCH && self.page_count < page_count {
            let count = PAGES_PER_FILE.min(page_count - self.page_count);
            let days = self.random.below(DAYS) as i64;
            let paper = Paper {
                number: self.page_count / PAGES_PER_FILE,
                title: self.pages.title(),
                pages: (0..count).map(|_| self.pages.page()).collect(),
                date_ms: NOW_MS + (30 - days) * DAY_MS,
                organization: self.random.below(ORGANIZATIONS),
            };
            self.page_count += count;
            self.byte_len += paper.pages.iter().map(String::len).sum::<usize>();
            batch.push(paper);
        }
        batch
    }
}

impl Paper {
    /// The paper and its file, as they are put into the index.
    pub fn documents(&self) -> [Document; 2] {
        let document = |offset, kind, content| Document {
            owner: id(offset + self.number),
            kind,
            stamp: vec![1],
            title: self.title.clone(),
            content,
            fields: Fields {
                organizations: vec![id(1_000_000 + self.organization)],
                meeting: Some(id(2_000_000 + self.number / 10)),
                paper: Some(id(10_000_000 + self.number)),
                date_ms: Some(self.date_ms),
            },
        };
        [
            document(0, Kind::File, Content::Pages(self.pages.clone())),
            document(10_000_000, Kind::Paper, Content::Body(String::new())),
        ]
    }
}

/// One organization and one year of the ten.
pub struct Narrow {
    pub organization: usize,
    pub from_ms: i64,
    pub before_ms: i64,
}

pub const NARROW: Narrow = Narrow {
    organization: 3,
    from_ms: NOW_MS - 700 * DAY_MS,
    before_ms: NOW_MS - 335 * DAY_MS,
};

impl Narrow {
    pub fn filter(&self) -> Filter {
        Filter {
            from_ms: Some(self.from_ms),
            before_ms: Some(self.before_ms),
            organizations: vec![id(1_000_000 + self.organization)],
            ..Filter::default()
        }
    }

    pub fn lets_through(&self, paper: &Paper) -> bool {
        paper.organization == self.organization
            && (self.from_ms..self.before_ms).contains(&paper.date_ms)
    }
}

fn id(number: usize) -> Id {
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().zip((number as u64).to_le_bytes()) {
        *place = byte;
    }
    Id(bytes)
}
