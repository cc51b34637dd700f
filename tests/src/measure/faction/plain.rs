//! The peer of the answers: the same texts in a plain SQLite file, one SELECT for each answer, as JSON. It decrypts nothing, asks
//! nobody who may see what, and looks nothing up in the council.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use faction::{Anchor, FactionStore, Shown};
use rusqlite::{Connection, params};

use super::super::figures::{Series, ms_since};
use super::super::supply::Tablet;
use super::history::no_keys;
use super::words::Dice;

const ROUNDS: usize = 100;

pub struct Plain {
    connection: Connection,
    about: Vec<Vec<u8>>,
}

impl Plain {
    /// Copies what can be read of the tablet's space.
    pub fn copy(path: &Path, tablet: &Path) -> Result<Self> {
        let tablet = Tablet::open(tablet)?;
        let store = FactionStore::open(&tablet.vault)?;
        let record = store.spaces()?.into_iter().next().context("no space")?;
        let space = store.space(record.faction)?;
        let mut connection = Connection::open(path)?;
        connection.execute_batch(
            "CREATE TABLE said (item BLOB PRIMARY KEY, author BLOB, at_ms INTEGER, object BLOB, text TEXT) WITHOUT ROWID;
             CREATE INDEX by_time ON said (at_ms); CREATE INDEX by_object ON said (object, at_ms);",
        )?;
        let mut about = Vec::new();
        let tx = connection.transaction()?;
        let mut insert = |item: &[u8], author: &[u8], at_ms: i64, anchor: Option<Anchor>, text| {
            let object = anchor.map(|anchor| anchor.object.as_bytes().to_vec());
            about.extend(object.clone());
            tx.execute(
                "INSERT INTO said VALUES (?1, ?2, ?3, ?4, ?5)",
                params![item, author, at_ms, object, text],
            )
        };
        for shown in space.shares(&no_keys)? {
            if let Shown::Open(said) = shown {
                let (copy, author) = (&said.copy, said.author.as_bytes());
                let anchor = Some(copy.anchor);
                insert(
                    said.item.as_bytes(),
                    author,
                    copy.at_ms,
                    anchor,
                    copy.text.clone(),
                )?;
            }
        }
        for outline in space.outlines(&no_keys)?.0 {
            let reading = space.reading(&outline, &no_keys)?;
            let texts: Vec<&str> = reading.texts.values().map(String::as_str).collect();
            let (item, author) = (outline.item.as_bytes(), outline.author.as_bytes());
            insert(
                item,
                author,
                outline.at_ms,
                outline.anchor,
                texts.join("\n"),
            )?;
        }
        tx.commit()?;
        ensure!(!about.is_empty(), "nothing was said");
        Ok(Self { connection, about })
    }

    fn times(&self, sql: &str, mut parameter: impl FnMut(usize) -> Vec<u8>) -> Result<Series> {
        let mut series = Series::default();
        for round in 0..ROUNDS {
            let value = parameter(round);
            let start = Instant::now();
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![value], |row| row.get::<_, String>(0))?;
            let rows: Vec<String> = rows.collect::<Result<_, _>>()?;
            let json = format!("[{}]", rows.join(","));
            series.push(ms_since(start));
            ensure!(json.len() >= 2, "no answer");
        }
        Ok(series)
    }

    pub fn news(&self) -> Result<Series> {
        let sql = "SELECT json_object('item', hex(item), 'author', hex(author), 'at', at_ms, 'text', substr(text, 1, 240))
                   FROM said WHERE ?1 = ?1 ORDER BY at_ms DESC LIMIT 500";
        self.times(sql, |_| Vec::new())
    }

    pub fn search(&self) -> Result<Series> {
        let mut dice = Dice(7);
        let sql = "SELECT json_object('item', hex(item), 'at', at_ms, 'text', substr(text, 1, 240))
                   FROM said WHERE text LIKE '%' || CAST(?1 AS TEXT) || '%' ORDER BY at_ms DESC";
        self.times(sql, |_| dice.noun().into_bytes())
    }

    pub fn about(&self) -> Result<Series> {
        let sql = "SELECT json_object('item', hex(item), 'author', hex(author), 'at', at_ms, 'text', text)
                   FROM said WHERE object = ?1 ORDER BY at_ms";
        self.times(sql, |round| {
            let at = round * 7 % self.about.len();
            self.about.get(at).cloned().unwrap_or_default()
        })
    }
}
