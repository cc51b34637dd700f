//! A vault in a folder of its own, indexes in it, documents with a few words.
#![allow(dead_code, clippy::unwrap_used, reason = "tests")]

use search::{
    Content, Document, Fields, Filter, Hits, Id, Index, Kind, Limits, Query, Request, Typing,
    search,
};
use std::sync::Arc;
use tempfile::TempDir;
use vault::{CouncilId, KdfCost, Passphrase, Vault};

pub const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
pub const NOW_MS: i64 = 1_700_000_000_000;
pub const DAY_MS: i64 = 86_400_000;

pub struct Tablet {
    pub vault: Arc<Vault>,
    // Dropped last: the vault holds a lock in it.
    pub folder: TempDir,
}

pub fn tablet() -> Tablet {
    let folder = tempfile::tempdir().unwrap();
    let words = Passphrase::new("apfel birne kirsche pflaume quitte");
    let (vault, _) = Vault::create_with(folder.path(), &words, KdfCost::for_tests()).unwrap();
    Tablet {
        vault: Arc::new(vault),
        folder,
    }
}

impl Tablet {
    pub fn index(&self) -> Index {
        Index::open(self.vault.open_search_db(COUNCIL).unwrap()).unwrap()
    }
}

pub fn id(number: u8) -> Id {
    Id([number; 16])
}

pub fn file(number: u8, pages: &[&str]) -> Document {
    Document {
        owner: id(number),
        kind: Kind::File,
        stamp: vec![1],
        title: String::new(),
        content: Content::Pages(pages.iter().map(|page| (*page).to_owned()).collect()),
        fields: Fields::default(),
    }
}

pub fn head(number: u8, kind: Kind, title: &str) -> Document {
    Document {
        owner: id(number),
        kind,
        stamp: vec![1],
        title: title.to_owned(),
        content: Content::Body(String::new()),
        fields: Fields::default(),
    }
}

pub fn put(index: &Index, documents: &[Document]) {
    index
        .write(|batch| documents.iter().try_for_each(|one| batch.put(one)))
        .unwrap();
}

pub fn found(indexes: &[&Index], typed: &str) -> Hits {
    filtered(indexes, typed, &Filter::default())
}

pub fn filtered(indexes: &[&Index], typed: &str, filter: &Filter) -> Hits {
    search(
        indexes,
        &Request {
            query: &Query::parse(typed, Typing::Yes),
            filter,
            limits: Limits::default(),
            now_ms: NOW_MS,
        },
    )
    .unwrap()
}

/// First bytes of the owners found, the best first.
pub fn owners(hits: &Hits) -> Vec<u8> {
    hits.hits.iter().map(|hit| hit.owner.0[0]).collect()
}
