//! Why an object that was here is not here any more. Only the signed head can say that something is really gone.

use std::collections::BTreeMap;

use rusqlite::named_params;
use sync_protocol::ids::{AudienceId, ObjectId};

use super::state::collect_positions;
use super::{CouncilStore, StoreError};

/// What the absence of an object means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The council has taken it back: everything up to the accepted head is here, and it is not among it.
    Gone,
    /// What its audience holds is not, or not wholly, on this device: it may come (again).
    Awaited,
    /// Its audience may not be read now, so nothing may be said of it.
    Ended,
}

impl CouncilStore {
    /// Why the store has no object `object` of the audience that listed it last.
    ///
    /// To be asked only for an object that a query has just not found.
    pub fn absence(&self, audience: AudienceId, object: ObjectId) -> Result<Absence, StoreError> {
        let Some((_, _, conn)) = self.databases().find(|(id, ..)| *id == audience) else {
            return Ok(Absence::Ended);
        };
        let mut positions = BTreeMap::new();
        collect_positions(conn, &mut positions)?;
        let here = positions.get(&audience).map_or(0, |position| position.seq);
        let listed = self.known.head.iter().flat_map(|head| &head.audiences);
        let is_whole = listed
            .filter(|listed| listed.id == audience)
            .all(|listed| listed.seq <= here);
        let is_sealed: bool = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM sealed_entries WHERE object_id = :id)")?
            .query_row(named_params! { ":id": object.as_bytes() }, |row| row.get(0))?;
        Ok(if is_whole && !is_sealed {
            Absence::Gone
        } else {
            Absence::Awaited
        })
    }
}
