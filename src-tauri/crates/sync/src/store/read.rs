//! Reading objects: one statement run over every open database, the answers merged.
//!
//! No query of a particular kind of object stands here.

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use rusqlite::{Connection, Row, ToSql};
use sync_protocol::ids::{AudienceId, ObjectId};

use super::decode::FromObject;
use super::{CouncilStore, Held, StoreError};

/// A 16-byte id column.
pub(crate) fn id16(row: &Row<'_>, column: &'static str) -> Result<[u8; 16], StoreError> {
    bytes(row, column)
}

/// A 32-byte hash column.
pub(crate) fn id32(row: &Row<'_>, column: &'static str) -> Result<[u8; 32], StoreError> {
    bytes(row, column)
}

fn bytes<const N: usize>(row: &Row<'_>, column: &'static str) -> Result<[u8; N], StoreError> {
    let blob = row
        .get_ref(column)?
        .as_blob()
        .map_err(|_| StoreError::BadRow { what: column })?;
    blob.try_into()
        .map_err(|_| StoreError::BadRow { what: column })
}

/// A count or length that the schema keeps from being negative.
pub(crate) fn unsigned(row: &Row<'_>, column: &'static str) -> Result<u64, StoreError> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| StoreError::BadRow { what: column })
}

/// A 32-bit number stored as an SQLite integer.
pub(crate) fn number32(row: &Row<'_>, column: &'static str) -> Result<u32, StoreError> {
    u32::try_from(row.get::<_, i64>(column)?).map_err(|_| StoreError::BadRow { what: column })
}

const COLUMNS: &str =
    "SELECT object_id, revision, payload, first_received_at_ms, changed_at_ms FROM objects WHERE ";

fn rows_of<T: FromObject>(
    conn: &Connection,
    (audience, public): (AudienceId, bool),
    condition: &str,
    params: &[(&str, &dyn ToSql)],
    mut take: impl FnMut(ObjectId, Held<T>),
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(&format!("{COLUMNS}{condition}"))?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        let payload = row
            .get_ref("payload")?
            .as_blob()
            .map_err(|_| StoreError::BadRow { what: "payload" })?;
        let held = Held {
            object: T::from_payload(payload)?,
            audience,
            public,
            revision: number32(row, "revision")?,
            first_received_at_ms: row.get("first_received_at_ms")?,
            changed_at_ms: row.get("changed_at_ms")?,
        };
        take(ObjectId::from_bytes(id16(row, "object_id")?), held);
    }
    Ok(())
}

/// Puts a second sighting of an object to the first: newest revision wins, the public audience on a tie;
/// public in any audience is public, and the earliest sighting counts as the first.
fn merge<T>(known: &mut Held<T>, other: Held<T>) {
    let first = known.first_received_at_ms.min(other.first_received_at_ms);
    let public = known.public || other.public;
    if (other.revision, other.public) > (known.revision, known.public) {
        *known = other;
    }
    known.first_received_at_ms = first;
    known.public = public;
}

impl CouncilStore {
    /// Objects of one kind that meet a condition on the columns of `objects`, each once, in no order.
    pub(super) fn objects<T: FromObject>(
        &self,
        condition: &str,
        params: &[(&str, &dyn ToSql)],
    ) -> Result<Vec<Held<T>>, StoreError> {
        let mut found: HashMap<ObjectId, Held<T>> = HashMap::new();
        let condition = format!("kind = {} AND {condition}", T::KIND.number());
        for (audience, public, conn) in self.databases() {
            rows_of(
                conn,
                (audience, public),
                &condition,
                params,
                |id, held| match found.entry(id) {
                    MapEntry::Vacant(place) => {
                        place.insert(held);
                    }
                    MapEntry::Occupied(mut place) => merge(place.get_mut(), held),
                },
            )?;
        }
        Ok(found.into_values().collect())
    }

    /// All objects of one kind, each once, in no order.
    pub(super) fn all_objects<T: FromObject>(&self) -> Result<Vec<Held<T>>, StoreError> {
        self.objects("TRUE", &[])
    }

    /// One object of a kind, if it is on this device.
    pub(super) fn object<T: FromObject>(
        &self,
        id: ObjectId,
    ) -> Result<Option<Held<T>>, StoreError> {
        let found = self.objects("object_id = :id", &[(":id", &id.as_bytes().as_slice())])?;
        Ok(found.into_iter().next())
    }
}
