//! What has come since the owner has last looked.

use std::collections::BTreeMap;

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
        let rows: Vec<(ItemId, FactionDeviceId, i64, bool)> = self.store.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT item, author, at_ms, id > coalesce((SELECT seen FROM space WHERE id = :space), id) AS is_new
                 FROM item WHERE space = :space AND kind BETWEEN 1 AND 4 ORDER BY id",
            )?;
            let rows = statement.query_map(named_params! {":space": self.row}, |row| {
                Ok((
                    ItemId::from_bytes(fixed(row, "item")?),
                    FactionDeviceId::from_bytes(fixed(row, "author")?),
                    row.get("at_ms")?,
                    row.get("is_new")?,
                ))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        let mut arrivals = BTreeMap::new();
        for (item, device, at_ms, is_new) in rows {
            let author = self.roster.device(&device).map(|held| held.user);
            if let Some(author) = author.filter(|author| *author != self.user) {
                arrivals.insert(
                    item,
                    Arrival {
                        author,
                        at_ms,
                        is_new,
                    },
                );
            }
        }
        Ok(arrivals)
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
