//! What has come since the owner has last looked.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::named_params;
use sync_protocol::ids::{FactionDeviceId, ItemId, UserId};

use crate::error::FactionError;
use crate::rows::fixed;
use crate::space::Space;

/// The last that came from others about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Who.
    pub author: UserId,
    /// When, by her clock; ms UTC.
    pub at_ms: i64,
    /// The owner has not looked since.
    pub is_new: bool,
}

impl Space {
    /// The last that came from others than the owner, for each thing they have said something about; read signs do not count.
    ///
    /// Errors: the database.
    pub fn arrivals(&self) -> Result<BTreeMap<ItemId, Arrival>, FactionError> {
        let seen = self.seen()?;
        self.with_things(|held| {
            let arrived = held
                .iter()
                .filter_map(|(item, thing)| Some((*item, thing.arrived?)));
            arrived
                .map(|(item, arrived)| {
                    let arrival = Arrival {
                        author: arrived.author,
                        at_ms: arrived.at_ms,
                        is_new: seen.is_some_and(|seen| arrived.row > seen),
                    };
                    (item, arrival)
                })
                .collect()
        })
    }

    /// The last item that its owner has looked at; `None`: counting has not begun.
    fn seen(&self) -> Result<Option<i64>, FactionError> {
        self.store.read(|connection| {
            let sql = "SELECT seen FROM space WHERE id = :space";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row(named_params! {":space": self.row}, |row| row.get(0))?)
        })
    }

    /// About how many things others have said something that the owner has not looked at; read signs do not count.
    ///
    /// Errors: the database.
    pub fn new_count(&self) -> Result<usize, FactionError> {
        let rows: Vec<(ItemId, FactionDeviceId)> = self.store.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT item, author FROM item NOT INDEXED
                 WHERE id > (SELECT seen FROM space WHERE id = :space) AND space = :space AND kind BETWEEN 1 AND 4",
            )?;
            let rows = statement.query_map(named_params! {":space": self.row}, |row| {
                Ok((
                    ItemId::from_bytes(fixed(row, "item")?),
                    FactionDeviceId::from_bytes(fixed(row, "author")?),
                ))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        let by_others = rows
            .into_iter()
            .filter(|(_, device)| self.owner(device).is_some_and(|author| author != self.user));
        let items: BTreeSet<ItemId> = by_others.map(|(item, _)| item).collect();
        Ok(items.len())
    }

    /// The owner has looked: what is here now is not new any more.
    ///
    /// Errors: the database.
    pub fn mark_seen(&self) -> Result<(), FactionError> {
        self.store.write(|tx| {
            let sql =
                "UPDATE space SET seen = (SELECT coalesce(max(id), 0) FROM item) WHERE id = :space";
            tx.execute(sql, named_params! {":space": self.row})?;
            Ok(())
        })
    }

    /// After the first exchange: what came with it is old. Later it changes nothing.
    ///
    /// Errors: the database.
    pub fn begin_counting_news(&self) -> Result<(), FactionError> {
        let has_begun = self.store.read(|connection| {
            let sql = "SELECT seen IS NOT NULL FROM space WHERE id = :space";
            Ok(
                connection.query_row(sql, named_params! {":space": self.row}, |row| {
                    row.get::<_, bool>(0)
                })?,
            )
        })?;
        if has_begun { Ok(()) } else { self.mark_seen() }
    }
}
