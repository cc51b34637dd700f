//! The database of what was fetched over OParl: raw objects, lists, files, runs. Each table has a file of its own.
//! It decides nothing; `oparl` does.

pub(crate) mod files;
pub(crate) mod objects;
pub(crate) mod pages;
pub(crate) mod runs;
pub(crate) mod sources;

use std::path::Path;

use super::encryption::encrypt_plain;
use super::{Store, StoreError};
use crate::master_key::MasterKey;

/// The database's name in the data folder.
pub(crate) const DATABASE_FILE: &str = "oparl.db";

const MIGRATIONS: &[&str] = &[include_str!("schema_1.sql")];

/// Opens or creates the database in the data folder `dir`. A portal may show the server what is nonpublic: it is encrypted as the
/// server's own tables are.
pub(crate) fn open(dir: &Path, master: &MasterKey) -> Result<Store, StoreError> {
    let (path, key) = (dir.join(DATABASE_FILE), master.database_key(DATABASE_FILE));
    encrypt_plain::<StoreError>(&path, &key, super::count(MIGRATIONS), |_| Ok(()))?;
    Store::open_schema(&path, &key, MIGRATIONS)
}

/// What a portal said about a version, to be asked with the next time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

impl Validators {
    pub(crate) fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}
