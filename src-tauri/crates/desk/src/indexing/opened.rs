//! The indexes that searches use, kept open while the vault is: their words lie in memory after the first search.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use search::Index;
use sync_protocol::ids::CouncilId;
use vault::Vault;

use super::texts::IndexName;
use crate::desk::lock;
use crate::error::Failure;

/// Open indexes by council and audience.
#[derive(Default)]
pub(crate) struct Indexes(Mutex<HashMap<(CouncilId, IndexName), Arc<Index>>>);

impl Indexes {
    /// One index; `None` when the key of its audience is gone.
    pub(crate) fn get(
        &self,
        vault: &Vault,
        council: CouncilId,
        name: IndexName,
    ) -> Result<Option<Arc<Index>>, Failure> {
        let mut open = lock(&self.0);
        if let Some(index) = open.get(&(council, name)) {
            return Ok(Some(Arc::clone(index)));
        }
        let index = super::open(vault, council, name)?.map(Arc::new);
        if let Some(index) = &index {
            open.insert((council, name), Arc::clone(index));
        }
        Ok(index)
    }

    /// Closes all: what an ended audience had is not kept in memory.
    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }
}
