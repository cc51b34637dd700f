//! The peer with an index: tantivy over the same pages, with the German stemmer and snippets. It searches pages only, not
//! titles, weighs all it finds and does not group by papers.

use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use tantivy::collector::TopDocs;
use tantivy::query::{
    BooleanQuery, FuzzyTermQuery, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer,
    TextAnalyzer,
};
use tantivy::{Index, IndexReader, IndexWriter, TantivyDocument, Term};

use super::super::figures::ms_since;
use super::ask::Ask;
use super::corpus::{NARROW, Paper};

/// As many as ours answers.
const MOST_HITS: usize = 30;
const WRITER_BYTES: usize = 100_000_000;
/// The longest words that are indexed, as in ours, bytes.
const MOST_WORD_BYTES: usize = 64;
const GERMAN: &str = "german";

pub struct TantivyPeer {
    folder: PathBuf,
    analyzer: TextAnalyzer,
    writer: IndexWriter,
    reader: IndexReader,
    text: Field,
    date: Field,
    organization: Field,
}

impl TantivyPeer {
    pub fn new(folder: PathBuf) -> Result<Self> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(GERMAN)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = schema.add_text_field(
            "text",
            TextOptions::default()
                .set_indexing_options(indexing)
                .set_stored(),
        );
        let date = schema.add_i64_field("date", FAST | INDEXED | STORED);
        let organization = schema.add_u64_field("organization", INDEXED);
        let index = Index::create_in_dir(&folder, schema.build())?;
        let analyzer = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(MOST_WORD_BYTES))
            .filter(LowerCaser)
            .filter(Stemmer::new(Language::German))
            .filter(AsciiFoldingFilter)
            .build();
        index.tokenizers().register(GERMAN, analyzer.clone());
        Ok(Self {
            folder,
            analyzer,
            writer: index.writer(WRITER_BYTES)?,
            reader: index.reader()?,
            text,
            date,
            organization,
        })
    }

    pub fn put(&self, papers: &[Paper]) -> Result<()> {
        for paper in papers {
            for page in &paper.pages {
                let mut document = TantivyDocument::new();
                document.add_text(self.text, page);
                document.add_i64(self.date, paper.date_ms);
                document.add_u64(self.organization, paper.organization as u64);
                self.writer.add_document(document)?;
            }
        }
        Ok(())
    }

    /// Makes everything searchable that was put in. Result: bytes on disk.
    pub fn commit(&mut self) -> Result<u64> {
        self.writer.commit()?;
        self.reader.reload()?;
        byte_len(&self.folder)
    }

    /// Milliseconds for the best pages with their snippets.
    pub fn ask_ms(&mut self, ask: &Ask) -> Result<f64> {
        let start = Instant::now();
        let query = self.query(ask)?;
        let searcher = self.reader.searcher();
        let best = searcher.search(&query, &TopDocs::with_limit(MOST_HITS).order_by_score())?;
        let snippets = SnippetGenerator::create(&searcher, &query, self.text)?;
        let mut marked = 0;
        for (_, address) in best {
            let document: TantivyDocument = searcher.doc(address)?;
            let text = document
                .get_first(self.text)
                .and_then(|value| value.as_str())
                .context("a page without text")?;
            marked += snippets.snippet(text).highlighted().len();
        }
        std::hint::black_box(marked);
        Ok(ms_since(start))
    }

    fn query(&mut self, ask: &Ask) -> Result<Box<dyn Query>> {
        Ok(match ask {
            Ask::Typing(word) => self.beginning(word)?,
            Ask::Word(word) => self.word(word),
            Ask::Two(one, other) => both(vec![self.word(one), self.word(other)]),
            Ask::TwoTyping(one, other) => both(vec![self.word(one), self.beginning(other)?]),
            Ask::Part(letters) => self.pattern(&format!(".*{}.*", self.folded(letters)))?,
            Ask::Phrase(words) => match self.terms(words) {
                terms if terms.len() > 1 => Box::new(PhraseQuery::new(terms)),
                terms => both(terms.into_iter().map(exact).collect()),
            },
            Ask::Slip(word) => {
                let term = self.terms(word).into_iter().next().context("no word")?;
                Box::new(FuzzyTermQuery::new(term, 2, true))
            }
            Ask::Filtered(word) => {
                let organization = NARROW.organization as u64;
                both(vec![
                    self.word(word),
                    exact(Term::from_field_u64(self.organization, organization)),
                    Box::new(RangeQuery::new(
                        Bound::Included(Term::from_field_i64(self.date, NARROW.from_ms)),
                        Bound::Excluded(Term::from_field_i64(self.date, NARROW.before_ms)),
                    )),
                ])
            }
        })
    }

    fn terms(&mut self, text: &str) -> Vec<Term> {
        let mut terms = Vec::new();
        let field = self.text;
        self.analyzer
            .token_stream(text)
            .process(&mut |token| terms.push(Term::from_field_text(field, &token.text)));
        terms
    }

    fn word(&mut self, word: &str) -> Box<dyn Query> {
        both(self.terms(word).into_iter().map(exact).collect())
    }

    fn beginning(&self, word: &str) -> Result<Box<dyn Query>> {
        self.pattern(&format!("{}.*", self.folded(word)))
    }

    fn pattern(&self, pattern: &str) -> Result<Box<dyn Query>> {
        Ok(Box::new(RegexQuery::from_pattern(pattern, self.text)?))
    }

    /// Lower case and without diacritics, not stemmed.
    fn folded(&self, word: &str) -> String {
        let mut folded = String::new();
        let mut plain = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(LowerCaser)
            .filter(AsciiFoldingFilter)
            .build();
        plain
            .token_stream(word)
            .process(&mut |token| folded.push_str(&token.text));
        folded
    }

    /// Removes the index.
    pub fn remove(self) -> Result<()> {
        self.writer.wait_merging_threads()?;
        fs::remove_dir_all(&self.folder)
            .with_context(|| format!("cannot remove {}", self.folder.display()))
    }
}

fn exact(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn both(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::intersection(queries))
}

fn byte_len(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        // A file that was merged away meanwhile counts no more.
        if let Ok(data) = entry?.metadata() {
            sum += data.len();
        }
    }
    Ok(sum)
}
