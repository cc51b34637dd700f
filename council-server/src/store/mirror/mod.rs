//! The database of what was fetched over OParl: raw objects, lists, files, runs. Each table has a file of its own.
//! It decides nothing; `oparl` does.

pub(crate) mod files;
pub(crate) mod objects;
pub(crate) mod pages;
pub(crate) mod runs;
pub(crate) mod sources;

use std::path::Path;

use super::{Store, StoreError};

/// The database's name in the data folder.
const DATABASE_FILE: &str = "oparl.db";

const MIGRATIONS: &[&str] = &[include_str!("schema_1.sql")];

/// Opens or creates the database in the data folder `dir`.
pub(crate) fn open(dir: &Path) -> Result<Store, StoreError> {
    Store::open_schema(&dir.join(DATABASE_FILE), MIGRATIONS)
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
