//! The schema of an index in its numbered steps, and the version of what is written into it.

use crate::error::SearchError;
use rusqlite::{Connection, TransactionBehavior};
use vault::Migration;

/// All steps, oldest first.
const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        sql: include_str!("schema/v1.sql"),
    },
    Migration {
        number: 2,
        sql: include_str!("schema/v2.sql"),
    },
];

/// Raised whenever folding, stemming or the rows of the words change: an index of another version is begun anew.
const FOLD_VERSION: i64 = 2;

/// Memory for decrypted pages of the file, KiB. Measured: see the ADR on search.
const CACHE_KIB: i64 = 32_768;

/// Brings an index to the newest schema; empties it if its words were made by other rules.
pub(crate) fn prepare(connection: &mut Connection) -> Result<(), SearchError> {
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    vault::migrate(connection, MIGRATIONS)?;
    if fold_version(connection)? == FOLD_VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if fold_version(&transaction)? != FOLD_VERSION {
        transaction.execute_batch(
            "DELETE FROM owners; DELETE FROM pages; DELETE FROM words;
             INSERT INTO heads_index (heads_index) VALUES ('delete-all');
             INSERT INTO pages_index (pages_index) VALUES ('delete-all');",
        )?;
        transaction.execute(
            "UPDATE state SET fold_version = :version, words_dropped = words_dropped + 1",
            rusqlite::named_params! { ":version": FOLD_VERSION },
        )?;
    }
    transaction.commit()?;
    Ok(())
}

fn fold_version(connection: &Connection) -> Result<i64, SearchError> {
    Ok(connection.query_row("SELECT fold_version FROM state", [], |row| row.get(0))?)
}
