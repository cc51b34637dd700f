//! What the exchange with the server starts from: how far this device knows the space, who it says it is, the genesis of a space that
//! the server does not have yet.

use std::collections::BTreeSet;

use rusqlite::named_params;
use sync_protocol::faction::seed::Epoch;
use sync_protocol::faction::seed_box::make_seed_box;
use sync_protocol::faction::wire::{Entry, Founding, Known};
use sync_protocol::ids::{DeviceId, ItemId};

use crate::error::FactionError;
use crate::items::waiting;
use crate::space::Space;

impl Space {
    /// How far this device knows the space.
    ///
    /// Errors: the database.
    pub fn known(&self) -> Result<Known, FactionError> {
        Ok(Known {
            links: self.roster.head().seq,
            epoch: self.held_epochs()?.last().copied(),
            envelopes: self.fetched()?,
        })
    }

    /// Says to the server that its device `device` is this one.
    ///
    /// Errors: the key is not usable.
    pub fn entry(&self, device: DeviceId) -> Result<Entry, FactionError> {
        Ok(Entry::make(&self.keys, self.faction(), device)?)
    }

    /// What the server is given first. `None`: it has that already.
    ///
    /// Errors: `SeedMissing`, the database.
    pub fn founding(&self, device: DeviceId) -> Result<Option<Founding>, FactionError> {
        if self.is_created()? {
            return Ok(None);
        }
        let genesis = self.links()?.into_iter().next();
        let seed = self.seeds()?.remove(&Epoch::FIRST);
        let (Some(genesis), Some(seed)) = (genesis, seed) else {
            return Err(FactionError::SeedMissing);
        };
        Ok(Some(Founding {
            genesis,
            boxes: vec![make_seed_box(&self.roster, &seed, self.keys.device)?],
            entry: self.entry(device)?,
        }))
    }

    /// Ids of what waits to be sent.
    ///
    /// Errors: the database.
    pub fn waiting_items(&self) -> Result<BTreeSet<ItemId>, FactionError> {
        let rows = self
            .store
            .read(|connection| waiting(connection, self.row, self.keys.device))?;
        Ok(rows.into_iter().map(|row| row.item.item).collect())
    }

    /// Forgets the space with everything in it; what was shared stays with the others.
    ///
    /// Errors: the database; nothing is forgotten then.
    pub fn forget(&self) -> Result<(), FactionError> {
        self.all_have_changed();
        self.store.write(|tx| {
            for table in [
                "link",
                "seed",
                "author",
                "item",
                "outbox",
                "sending",
                "intent",
                "document",
                "reading",
                "invitation",
                "newer",
            ] {
                let sql = format!("DELETE FROM {table} WHERE space = :space");
                tx.execute(&sql, named_params! {":space": self.row})?;
            }
            tx.execute(
                "DELETE FROM space WHERE id = :space",
                named_params! {":space": self.row},
            )?;
            Ok(())
        })
    }
}
