//! One index file: opened, written, asked about its documents. Which file it is belongs to `vault`; searching to `find`.

use crate::batch::Batch;
use crate::catalog::Catalog;
use crate::document::{Id, State};
use crate::error::SearchError;
use crate::schema;
use crate::vocabulary::Vocabulary;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, named_params};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Pages of the file that one step of [`Index::tidy`] writes, about 4 MB.
const TIDY_PAGES: i64 = 1_000;

/// An open index. Can be shared between threads. While one writes the others wait: index in the background over a
/// connection, and an `Index`, of its own.
pub struct Index {
    inner: Mutex<Inner>,
}

pub(crate) struct Inner {
    pub(crate) connection: Connection,
    pub(crate) catalog: Catalog,
    pub(crate) vocabulary: Vocabulary,
    /// SQLite's count of other connections' changes when `catalog` was read; `None` after an own change.
    seen_version: Option<i64>,
    /// How often words and documents were read into memory: what was found by another reading may be elsewhere now.
    pub(crate) reading: u64,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Index(hidden)")
    }
}

/// How much lies in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Documents of any state.
    pub documents: u64,
    /// Pages with text.
    pub pages: u64,
    /// Documents that are scans.
    pub scans: u64,
    /// Documents that could not be read.
    pub failed: u64,
}

impl Index {
    /// Takes a connection to an index file and brings it to the newest schema. An index made by other rules of folding is
    /// emptied.
    ///
    /// Errors: `TooNew` if a newer app has written it.
    pub fn open(mut connection: Connection) -> Result<Self, SearchError> {
        schema::prepare(&mut connection)?;
        Ok(Self {
            inner: Mutex::new(Inner {
                connection,
                catalog: Catalog::default(),
                vocabulary: Vocabulary::default(),
                seen_version: None,
                reading: 0,
            }),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere rolls its transaction back; the connection stays usable.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads with words and documents in memory up to date.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Inner) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let mut inner = self.lock();
        inner.refresh()?;
        read(&inner)
    }

    /// Reads words and documents into memory, so that the first search need not.
    ///
    /// Errors: the database fails.
    pub fn warm(&self) -> Result<(), SearchError> {
        self.read(|_| Ok(()))
    }

    /// Puts in and takes out, all or nothing, durable when this returns. A batch of a few hundred pages is a good size.
    ///
    /// Errors: what `change` gives, or the database's; the index is then as it was.
    pub fn write<T>(
        &self,
        change: impl FnOnce(&mut Batch<'_>) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let mut inner = self.lock();
        inner.seen_version = None;
        let transaction = inner
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut batch = Batch::new(&transaction);
        let answer = change(&mut batch)?;
        batch.finish()?;
        let has_removed = batch.has_removed;
        drop(batch);
        transaction.commit()?;
        if has_removed {
            // What was removed still stands in the log; with readers at work the next checkpoint clears it.
            inner
                .connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(answer)
    }

    /// Whether this document is in the index with this stamp, and how.
    ///
    /// Errors: the database fails.
    pub fn is_current(&self, owner: Id, stamp: &[u8]) -> Result<Option<State>, SearchError> {
        let state: Option<u8> = self
            .lock()
            .connection
            .prepare_cached("SELECT state FROM owners WHERE owner = :owner AND stamp = :stamp")?
            .query_row(
                named_params! { ":owner": owner.0, ":stamp": stamp },
                |row| row.get(0),
            )
            .optional()?;
        state
            .map(|state| State::from_number(state).ok_or(SearchError::BadRow))
            .transpose()
    }

    /// How a document is in the index, with its stamp; `None` if it is not.
    ///
    /// Errors: the database fails.
    pub fn held(&self, owner: Id) -> Result<Option<(State, Vec<u8>)>, SearchError> {
        let held: Option<(u8, Vec<u8>)> = self
            .lock()
            .connection
            .prepare_cached("SELECT state, stamp FROM owners WHERE owner = :owner")?
            .query_row(named_params! { ":owner": owner.0 }, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        held.map(|(state, stamp)| {
            let state = State::from_number(state).ok_or(SearchError::BadRow)?;
            Ok((state, stamp))
        })
        .transpose()
    }

    /// All documents with their stamps: what the caller no longer has should be removed.
    ///
    /// Errors: the database fails.
    pub fn stamps(&self) -> Result<Vec<(Id, Vec<u8>)>, SearchError> {
        let inner = self.lock();
        let mut statement = inner
            .connection
            .prepare_cached("SELECT owner, stamp FROM owners ORDER BY owner")?;
        let rows = statement.query_map([], |row| Ok((Id(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Documents whose pages cannot be searched, and why.
    ///
    /// Errors: the database fails.
    pub fn unsearchable(&self) -> Result<Vec<(Id, State)>, SearchError> {
        self.read(|inner| {
            Ok(inner
                .catalog
                .iter()
                .filter(|owner| owner.state != State::Indexed)
                .map(|owner| (owner.id, owner.state))
                .collect())
        })
    }

    /// How much lies in the index.
    ///
    /// Errors: the database fails.
    pub fn progress(&self) -> Result<Progress, SearchError> {
        self.read(|inner| {
            let mut progress = Progress::default();
            for owner in inner.catalog.iter() {
                progress.documents += 1;
                match owner.state {
                    State::Indexed => progress.pages += owner.page_count.unsigned_abs(),
                    State::Scan => progress.scans += 1,
                    State::Failed => progress.failed += 1,
                }
            }
            Ok(progress)
        })
    }

    /// One step of putting the pieces of the index together: searching is quicker afterwards. To be called when nothing else
    /// is to be done, until it says `false`.
    ///
    /// Result: whether there is more to do.
    /// Errors: the database fails.
    pub fn tidy(&self) -> Result<bool, SearchError> {
        let inner = self.lock();
        let before = inner.connection.total_changes();
        for table in ["heads_index", "pages_index"] {
            inner
                .connection
                .prepare_cached(&format!(
                    "INSERT INTO {table} ({table}, rank) VALUES ('merge', :pages)"
                ))?
                .execute(named_params! { ":pages": TIDY_PAGES })?;
        }
        // Source: sqlite.org/fts5.html, "The 'merge' Command": below two changes nothing was merged, for each table.
        Ok(inner.connection.total_changes() - before >= 4)
    }
}

impl Inner {
    fn refresh(&mut self) -> Result<(), SearchError> {
        let version: i64 = self
            .connection
            .query_row("PRAGMA data_version", [], |row| row.get(0))?;
        if self.seen_version != Some(version) {
            self.catalog = Catalog::load(&self.connection)?;
            self.vocabulary.refresh(&self.connection)?;
            self.seen_version = Some(version);
            self.reading += 1;
        }
        Ok(())
    }
}
