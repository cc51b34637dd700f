//! Tables `audience`, `class_key`, `reader`: the circles of readers, their chains' positions and keys.
//! Who belongs to them is decided in `rights` and settled in `entitlement`.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sync_protocol::chain::ChainPosition;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::head::AudienceKind;
use sync_protocol::ids::{AudienceId, ObjectId};

use super::people::day;
use super::{StoreError, id_of, id_or_none, signed, unsigned};

/// For whom an audience is, by ids.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum AudienceFor {
    Public,
    Organization {
        organization: ObjectId,
        term: Option<ObjectId>,
    },
    Village {
        name: String,
        term: Option<ObjectId>,
    },
}

impl AudienceFor {
    pub(crate) fn kind(&self) -> AudienceKind {
        match self {
            Self::Public => AudienceKind::Public,
            Self::Organization { .. } => AudienceKind::Organization,
            Self::Village { .. } => AudienceKind::Village,
        }
    }

    fn number(&self) -> i64 {
        match self {
            Self::Public => 0,
            Self::Organization { .. } => 1,
            Self::Village { .. } => 2,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AudienceRow {
    pub id: AudienceId,
    pub is_for: AudienceFor,
    pub position: ChainPosition,
    pub key_epoch: KeyEpoch,
}

/// A person who may read an audience, as settled last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReaderRow {
    pub person: ObjectId,
    pub from_epoch: KeyEpoch,
    pub until_date: Option<NaiveDate>,
}

pub(crate) fn all(c: &Connection) -> Result<Vec<AudienceRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM audience ORDER BY id")?;
    let rows = statement.query_map([], audience_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn get(c: &Connection, id: &AudienceId) -> Result<Option<AudienceRow>, StoreError> {
    let sql = "SELECT * FROM audience WHERE id = :id";
    Ok(
        c.query_row(sql, named_params! {":id": id.as_bytes()}, audience_row)
            .optional()?,
    )
}

fn audience_row(row: &Row<'_>) -> rusqlite::Result<AudienceRow> {
    let term = id_or_none(row, "term")?;
    let is_for = match (
        id_or_none(row, "organization")?,
        row.get::<_, Option<String>>("village")?,
    ) {
        (Some(organization), _) => AudienceFor::Organization { organization, term },
        (None, Some(name)) => AudienceFor::Village { name, term },
        (None, None) => AudienceFor::Public,
    };
    Ok(AudienceRow {
        id: id_of(row, "id")?,
        is_for,
        position: ChainPosition {
            seq: unsigned(row, "seq")?,
            hash: id_of(row, "hash")?,
        },
        key_epoch: KeyEpoch(row.get("key_epoch")?),
    })
}

pub(crate) fn insert(tx: &Transaction<'_>, row: &AudienceRow) -> Result<(), StoreError> {
    let (organization, village, term) = match &row.is_for {
        AudienceFor::Public => (None, None, None),
        AudienceFor::Organization { organization, term } => (Some(*organization), None, *term),
        AudienceFor::Village { name, term } => (None, Some(name.clone()), *term),
    };
    tx.execute(
        "INSERT INTO audience (id, kind, organization, village, term, seq, hash, key_epoch)
         VALUES (:id, :kind, :organization, :village, :term, :seq, :hash, :key_epoch)",
        named_params! {
            ":id": row.id.as_bytes(), ":kind": row.is_for.number(),
            ":organization": organization.as_ref().map(|id| id.as_bytes().as_slice()),
            ":village": village, ":term": term.as_ref().map(|id| id.as_bytes().as_slice()),
            ":seq": signed(row.position.seq), ":hash": row.position.hash.as_bytes(), ":key_epoch": row.key_epoch.0,
        },
    )?;
    Ok(())
}

pub(crate) fn set_position(
    tx: &Transaction<'_>,
    id: &AudienceId,
    position: &ChainPosition,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE audience SET seq = :seq, hash = :hash WHERE id = :id",
        named_params! {":id": id.as_bytes(), ":seq": signed(position.seq), ":hash": position.hash.as_bytes()},
    )?;
    Ok(())
}

/// Stores a sealed class key; it becomes the one that new entries are sealed under.
pub(crate) fn put_class_key(
    tx: &Transaction<'_>,
    id: &AudienceId,
    epoch: KeyEpoch,
    sealed: &[u8],
    at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO class_key (audience, epoch, sealed, started_at_ms) VALUES (:id, :epoch, :sealed, :at_ms)",
        named_params! {":id": id.as_bytes(), ":epoch": epoch.0, ":sealed": sealed, ":at_ms": at_ms},
    )?;
    tx.execute(
        "UPDATE audience SET key_epoch = :epoch WHERE id = :id",
        named_params! {":id": id.as_bytes(), ":epoch": epoch.0},
    )?;
    Ok(())
}

pub(crate) fn class_key(
    c: &Connection,
    id: &AudienceId,
    epoch: KeyEpoch,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT sealed FROM class_key WHERE audience = :id AND epoch = :epoch";
    let found = c.query_row(
        sql,
        named_params! {":id": id.as_bytes(), ":epoch": epoch.0},
        |row| row.get(0),
    );
    Ok(found.optional()?)
}

/// The epochs of an audience that have a class key, ascending. Their numbers may leave gaps.
pub(crate) fn epochs(c: &Connection, id: &AudienceId) -> Result<Vec<KeyEpoch>, StoreError> {
    let sql = "SELECT epoch FROM class_key WHERE audience = :id ORDER BY epoch";
    let mut statement = c.prepare_cached(sql)?;
    let rows = statement.query_map(named_params! {":id": id.as_bytes()}, |row| {
        row.get(0).map(KeyEpoch)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn readers(c: &Connection, id: &AudienceId) -> Result<Vec<ReaderRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM reader WHERE audience = :id ORDER BY person")?;
    let rows = statement.query_map(named_params! {":id": id.as_bytes()}, reader_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What one person may read: audience and the reader's row.
pub(crate) fn readable_by(
    c: &Connection,
    person: &ObjectId,
) -> Result<Vec<(AudienceId, ReaderRow)>, StoreError> {
    let mut statement =
        c.prepare("SELECT * FROM reader WHERE person = :person ORDER BY audience")?;
    let rows = statement.query_map(named_params! {":person": person.as_bytes()}, |row| {
        Ok((id_of(row, "audience")?, reader_row(row)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn reader_row(row: &Row<'_>) -> rusqlite::Result<ReaderRow> {
    Ok(ReaderRow {
        person: id_of(row, "person")?,
        from_epoch: KeyEpoch(row.get("from_epoch")?),
        until_date: day(row, "until_date")?,
    })
}

pub(crate) fn put_reader(
    tx: &Transaction<'_>,
    id: &AudienceId,
    reader: &ReaderRow,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO reader (audience, person, from_epoch, until_date)
         VALUES (:id, :person, :from_epoch, :until_date)
         ON CONFLICT (audience, person) DO UPDATE SET until_date = excluded.until_date",
        named_params! {
            ":id": id.as_bytes(), ":person": reader.person.as_bytes(), ":from_epoch": reader.from_epoch.0,
            ":until_date": reader.until_date.map(|d| d.to_string()),
        },
    )?;
    Ok(())
}

pub(crate) fn delete_reader(
    tx: &Transaction<'_>,
    id: &AudienceId,
    person: &ObjectId,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM reader WHERE audience = :id AND person = :person",
        named_params! {":id": id.as_bytes(), ":person": person.as_bytes()},
    )?;
    Ok(())
}
