//! What is removed is gone, what is damaged begins anew, what is interrupted goes on.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{COUNCIL, file, found, head, id, owners, put, tablet};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use search::{Index, Kind, SearchError, State};

/// Every value of every table of the decrypted index, the tables behind FTS5 included.
fn all_bytes(connection: &Connection) -> Vec<u8> {
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut bytes = Vec::new();
    for table in tables {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                if let ValueRef::Text(value) | ValueRef::Blob(value) = row.get_ref(column).unwrap()
                {
                    bytes.extend_from_slice(value);
                    bytes.push(0);
                }
            }
        }
    }
    bytes
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

/// Words that FTS5 stores without sharing their beginnings with a neighbour.
const SECRET: &str = "xylophon qzwkj";

#[test]
fn a_removed_document_leaves_no_word_behind() {
    let tablet = tablet();
    let index = tablet.index();
    let filler: Vec<String> = (0..300)
        .map(|page| {
            (0..60)
                .map(|word| format!("wort{} ", (page * 37 + word * 11) % 4_000))
                .collect()
        })
        .collect();
    let filler: Vec<&str> = filler.iter().map(String::as_str).collect();
    put(
        &index,
        &[
            file(1, &filler),
            file(2, &["öffentlich", &format!("{SECRET} {SECRET}")]),
            head(3, Kind::Paper, SECRET),
        ],
    );
    while index.tidy().unwrap() {}
    let connection = tablet.vault.open_search_db(COUNCIL).unwrap();
    assert!(
        holds(&all_bytes(&connection), "xylopho"),
        "the check must be able to see it"
    );
    assert_eq!(owners(&found(&[&index], "Xylophon")).len(), 2);
    assert!(index.write(|batch| batch.remove(id(2))).unwrap());
    assert!(index.write(|batch| batch.remove(id(3))).unwrap());
    assert!(!index.write(|batch| batch.remove(id(3))).unwrap());
    for word in ["xyl", "qzw"] {
        assert!(
            !holds(&all_bytes(&connection), word),
            "{word} is still there"
        );
        assert!(found(&[&index], word).hits.is_empty());
    }
    let log = tablet
        .folder
        .path()
        .join(format!("councils/{COUNCIL}/search.db-wal"));
    assert_eq!(
        std::fs::metadata(log).unwrap().len(),
        0,
        "older pages are not kept in the log"
    );
    assert_eq!(owners(&found(&[&index], "wort11 ")), [1]);
}

#[test]
fn a_document_put_in_again_takes_the_place_of_the_old_one() {
    let tablet = tablet();
    let index = tablet.index();
    put(&index, &[file(1, &["alt", "Radweg"]), file(2, &["Radweg"])]);
    put(&index, &[file(1, &["Gehweg"])]);
    put(&index, &[file(1, &["Gehweg"]), file(1, &["Gehweg neu"])]);
    assert_eq!(owners(&found(&[&index], "Radweg")), [2]);
    let hits = found(&[&index], "Gehweg");
    assert_eq!((hits.document_count, hits.hits[0].page_count), (1, 1));
    assert_eq!(index.progress().unwrap().pages, 2);
    assert!(found(&[&index], "alt ").hits.is_empty());
}

#[test]
fn indexing_goes_on_where_it_was_interrupted() {
    let tablet = tablet();
    let documents: Vec<_> = (1..=20u8)
        .map(|number| file(number, &["Radweg", "Seite"]))
        .collect();
    let index = tablet.index();
    put(&index, &documents[..10]);
    let interrupted = index.write(|batch| {
        for document in &documents[10..15] {
            batch.put(document)?;
        }
        Err::<(), _>(SearchError::BadRow)
    });
    assert!(interrupted.is_err());
    drop(index);

    let index = tablet.index();
    let missing: Vec<_> = documents
        .iter()
        .filter(|document| {
            index
                .is_current(document.owner, &document.stamp)
                .unwrap()
                .is_none()
        })
        .cloned()
        .collect();
    assert_eq!(missing.len(), 10, "of the interrupted batch nothing stayed");
    put(&index, &missing);
    assert_eq!(index.progress().unwrap().pages, 40);
    assert_eq!(index.stamps().unwrap().len(), 20);
    let hits = found(&[&index], "Radweg");
    assert_eq!(hits.document_count, 20);
    assert!(
        hits.hits.iter().all(|hit| hit.page_count == 1),
        "nothing twice"
    );
    assert_eq!(index.is_current(id(1), &[1]).unwrap(), Some(State::Indexed));
    assert_eq!(
        index.is_current(id(1), &[2]).unwrap(),
        None,
        "changed since"
    );
}

#[test]
fn what_another_connection_indexes_is_found_at_once() {
    let tablet = tablet();
    let (reading, writing) = (tablet.index(), tablet.index());
    assert!(found(&[&reading], "Radweg").hits.is_empty());
    put(&writing, &[file(1, &["Radwegeplan"])]);
    assert_eq!(owners(&found(&[&reading], "wege")), [1]);
    put(&writing, &[head(2, Kind::Paper, "Radwegeplan")]);
    assert_eq!(owners(&found(&[&reading], "wege")), [2, 1]);
    writing.write(|batch| batch.remove(id(1))).unwrap();
    assert_eq!(owners(&found(&[&reading], "wege")), [2]);
}

#[test]
fn a_damaged_index_begins_anew() {
    let tablet = tablet();
    put(&tablet.index(), &[file(1, &["Radweg"])]);
    let path = tablet
        .folder
        .path()
        .join(format!("councils/{COUNCIL}/search.db"));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let index = tablet.index();
    assert_eq!(index.is_current(id(1), &[1]).unwrap(), None);
    put(&index, &[file(1, &["Radweg"])]);
    assert_eq!(owners(&found(&[&index], "Radweg")), [1]);
}

#[test]
fn an_index_of_other_folding_rules_is_emptied() {
    let tablet = tablet();
    put(&tablet.index(), &[file(1, &["Radweg"])]);
    tablet
        .vault
        .open_search_db(COUNCIL)
        .unwrap()
        .execute("UPDATE state SET fold_version = 0", [])
        .unwrap();
    let index = Index::open(tablet.vault.open_search_db(COUNCIL).unwrap()).unwrap();
    assert!(index.stamps().unwrap().is_empty());
    assert!(found(&[&index], "Radweg").hits.is_empty());
    put(&index, &[file(1, &["Gehweg"])]);
    assert_eq!(owners(&found(&[&index], "Gehweg")), [1]);
}

#[test]
fn an_index_of_the_first_schema_is_brought_up_and_emptied() {
    let tablet = tablet();
    let connection = tablet.vault.open_search_db(COUNCIL).unwrap();
    connection
        .execute_batch(include_str!("../src/schema/v1.sql"))
        .unwrap();
    connection
        .execute_batch(
            "UPDATE state SET fold_version = 1;
             INSERT INTO owners (owner, kind, stamp, state, title, body, organizations, first_row, page_count)
             VALUES (zeroblob(16), 3, x'01', 0, 'Radweg', '', x'', 0, 0);
             INSERT INTO words (word, heads, pages) VALUES ('radweg', 1, 0);
             INSERT INTO heads_index (rowid, title, body) VALUES (1, 'radweg', '');
             PRAGMA user_version = 1;",
        )
        .unwrap();
    let index = Index::open(connection).unwrap();
    assert!(index.stamps().unwrap().is_empty());
    put(&index, &[head(1, Kind::Paper, "Radweg")]);
    assert_eq!(owners(&found(&[&index], "Radweg")), [1]);
}
