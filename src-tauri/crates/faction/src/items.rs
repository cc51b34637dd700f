//! The bodies of items: what they are about and who may read them, and their rows. The envelope around them is the protocol's.

use minicbor::{Decode, Encode};
use rusqlite::{Connection, Row, Transaction, named_params};
use sync_protocol::cbor::to_cbor;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::faction::content::Item;
use sync_protocol::faction::inner::{InnerPlace, seal_inner};
use sync_protocol::ids::{
    AudienceId, CouncilId, FactionDeviceId, FactionId, Hash, ItemId, ObjectId, UserId,
};

use crate::error::FactionError;
use crate::rows::{fixed, number, signed, stored};

/// What of the council something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Anchor {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// Kind of the object, by the model's numbers.
    #[n(1)]
    pub kind: u32,
    /// The object: a meeting, an agenda item, a paper, a file.
    #[n(2)]
    pub object: ObjectId,
}

/// Who may read something beside belonging to the space.
#[derive(Debug, Clone)]
pub enum Readers {
    /// It is about something public.
    Everybody,
    /// It is about something nonpublic: whoever holds this class key.
    ClassKey {
        /// The audience of the paper.
        audience: AudienceId,
        /// Epoch of the key.
        epoch: KeyEpoch,
        /// The key.
        key: ClassKey,
    },
}

/// An item for the readers; `anchor` says whose class key it is.
pub(crate) fn make_item(
    faction: FactionId,
    council: CouncilId,
    item: ItemId,
    kind: u32,
    body: Vec<u8>,
    readers: &Readers,
) -> Result<Item, FactionError> {
    let (body, inner) = match readers {
        Readers::Everybody => (Some(body), None),
        Readers::ClassKey {
            audience,
            epoch,
            key,
        } => {
            let place = InnerPlace {
                faction,
                item,
                kind,
            };
            let inner = seal_inner(key, place, council, *audience, *epoch, &body)?;
            (None, Some(inner))
        }
    };
    Ok(Item {
        item,
        kind,
        body,
        inner,
    })
}

/// Body of a document's beginning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Begin {
    #[n(0)]
    pub(crate) kind: u32,
    #[n(1)]
    pub(crate) anchor: Option<Anchor>,
    #[n(2)]
    pub(crate) parent: Option<ItemId>,
    #[n(3)]
    pub(crate) at_ms: i64,
    #[n(4)]
    pub(crate) mentions: Vec<UserId>,
    /// Of a message: its id is made of the author's device and this, so that nobody begins it again in another's place.
    #[n(5)]
    pub(crate) salt: Option<ItemId>,
}

/// The id of a message that `device` begins.
pub(crate) fn message_id(device: FactionDeviceId, salt: ItemId) -> ItemId {
    let of = [
        b"ratsmappe/faction/message/1\0".as_slice(),
        device.as_bytes(),
        salt.as_bytes(),
    ]
    .concat();
    let digest = Hash::of(&of);
    ItemId::from_bytes(digest.as_bytes().first_chunk().copied().unwrap_or_default())
}

/// An item with who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemRow {
    pub(crate) author: FactionDeviceId,
    pub(crate) counter: u64,
    pub(crate) at_ms: i64,
    pub(crate) item: Item,
}

pub(crate) fn insert_item(
    tx: &Transaction<'_>,
    space: i64,
    row: &ItemRow,
) -> Result<(), FactionError> {
    tx.prepare_cached(
        "INSERT INTO item (space, author, counter, at_ms, item, kind, bytes)
         VALUES (:space, :author, :counter, :at_ms, :item, :kind, :bytes)",
    )?
    .execute(named_params! {
        ":space": space, ":author": row.author.as_bytes(), ":counter": signed(row.counter),
        ":at_ms": row.at_ms, ":item": row.item.item.as_bytes(), ":kind": row.item.kind,
        ":bytes": to_cbor(&row.item),
    })?;
    Ok(())
}

fn read_item(row: &Row<'_>) -> rusqlite::Result<(ItemRow, Vec<u8>)> {
    let bytes: Vec<u8> = row.get("bytes")?;
    let empty = Item {
        item: ItemId::from_bytes(fixed(row, "item")?),
        kind: row.get("kind")?,
        body: None,
        inner: None,
    };
    let read = ItemRow {
        author: FactionDeviceId::from_bytes(fixed(row, "author")?),
        counter: number(row, "counter")?,
        at_ms: row.get("at_ms")?,
        item: empty,
    };
    Ok((read, bytes))
}

fn finish(rows: Vec<(ItemRow, Vec<u8>)>) -> Result<Vec<ItemRow>, FactionError> {
    rows.into_iter()
        .map(|(row, bytes)| {
            let item = stored(&bytes)?;
            Ok(ItemRow { item, ..row })
        })
        .collect()
}

// Each names its index: left to itself, SQLite walks through all items in the order that is asked for rather than sort a few.
const OF_KIND: &str =
    "SELECT * FROM item INDEXED BY item_by_kind WHERE space = :space AND kind = :kind";
const ABOUT: &str = "SELECT * FROM item INDEXED BY item_by_id
     WHERE space = :space AND item = :item AND kind = :kind AND id > :after";

/// All items of a kind, in an order that is the same on every device.
pub(crate) fn of_kind(
    connection: &Connection,
    space: i64,
    kind: u32,
) -> Result<Vec<ItemRow>, FactionError> {
    let mut statement = connection.prepare_cached(OF_KIND)?;
    let rows = statement.query_map(named_params! {":space": space, ":kind": kind}, read_item)?;
    Ok(in_order(finish(rows.collect::<Result<_, _>>()?)?))
}

/// All items of a kind about one thing, in an order that is the same on every device.
pub(crate) fn about(
    connection: &Connection,
    space: i64,
    item: ItemId,
    kind: u32,
) -> Result<Vec<ItemRow>, FactionError> {
    Ok(about_since(connection, space, (item, kind), 0)?.0)
}

/// As [`about`], of what came after the item `after` alone, and the id of the last of it; `after` if there is none.
pub(crate) fn about_since(
    connection: &Connection,
    space: i64,
    (item, kind): (ItemId, u32),
    after: i64,
) -> Result<(Vec<ItemRow>, i64), FactionError> {
    let mut statement = connection.prepare_cached(ABOUT)?;
    let params = named_params! {
        ":space": space, ":item": item.as_bytes(), ":kind": kind, ":after": after,
    };
    let mut last = after;
    let rows = statement.query_map(params, |row| {
        last = last.max(row.get("id")?);
        read_item(row)
    })?;
    let rows = rows.collect::<Result<_, _>>()?;
    Ok((in_order(finish(rows)?), last))
}

/// What has the same author and counter stays as it came, which is as its author said it.
pub(crate) fn in_order(mut rows: Vec<ItemRow>) -> Vec<ItemRow> {
    rows.sort_by_key(|row| (row.author, row.counter));
    rows
}

/// The items of a space by their ids, from `after` (not itself) to `upto`, at most so many; and the id of the last of them.
pub(crate) fn slice(
    connection: &Connection,
    space: i64,
    (after, upto): (i64, i64),
    most: usize,
) -> Result<Option<(Vec<ItemRow>, i64)>, FactionError> {
    let mut statement = connection.prepare_cached(
        "SELECT * FROM item NOT INDEXED WHERE id > :after AND id <= :upto AND space = :space
         ORDER BY id LIMIT :most",
    )?;
    let params = named_params! {
        ":space": space, ":after": after, ":upto": upto, ":most": i64::try_from(most).unwrap_or(i64::MAX),
    };
    let mut last = None;
    let rows = statement.query_map(params, |row| {
        last = Some(row.get("id")?);
        read_item(row)
    })?;
    let rows = rows.collect::<Result<_, _>>()?;
    let rows = finish(rows)?;
    Ok(last.map(|last| (rows, last)))
}

/// What waits to be sent, as if it had been said already: counter `u64::MAX` stands after everything.
pub(crate) fn waiting(
    connection: &Connection,
    space: i64,
    own: FactionDeviceId,
) -> Result<Vec<ItemRow>, FactionError> {
    let mut statement = connection
        .prepare_cached("SELECT at_ms, bytes FROM outbox WHERE space = :space ORDER BY id")?;
    let rows = statement.query_map(named_params! {":space": space}, |row| {
        Ok((row.get::<_, i64>("at_ms")?, row.get::<_, Vec<u8>>("bytes")?))
    })?;
    let rows: Vec<(i64, Vec<u8>)> = rows.collect::<Result<_, _>>()?;
    rows.into_iter()
        .map(|(at_ms, bytes)| {
            Ok(ItemRow {
                author: own,
                counter: u64::MAX,
                at_ms,
                item: stored(&bytes)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, StatementStatus};
    use sync_protocol::faction::content::{Item, kind};
    use sync_protocol::ids::{FactionDeviceId, ItemId};

    use super::{ABOUT, ItemRow, OF_KIND, about, insert_item, of_kind};
    use crate::schema::MIGRATIONS;

    const ONE: ItemId = ItemId::from_bytes([1; 16]);

    fn said(number: u64, item: ItemId, kind: u32) -> ItemRow {
        let item = Item {
            item,
            kind,
            body: Some(vec![7; 40]),
            inner: None,
        };
        ItemRow {
            author: FactionDeviceId::from_bytes([(number % 5) as u8; 16]),
            counter: number + 1,
            at_ms: 0,
            item,
        }
    }

    /// Three edits of one document and two read signs among `others` further edits.
    fn among(others: u64) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        vault::migrate(&mut connection, MIGRATIONS).unwrap();
        connection
            .execute_batch("PRAGMA foreign_keys = OFF;")
            .unwrap();
        let tx = connection.transaction().unwrap();
        for number in 0..others {
            let mut id = [2; 16];
            id[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
            let row = said(number, ItemId::from_bytes(id), kind::EDIT);
            insert_item(&tx, 1, &row).unwrap();
        }
        for number in 0..5 {
            let kind = if number < 3 { kind::EDIT } else { kind::READ };
            insert_item(&tx, 1, &said(number, ONE, kind)).unwrap();
        }
        tx.commit().unwrap();
        connection
    }

    /// Steps of SQLite's machine for a statement that has run once.
    fn steps(connection: &Connection, sql: &str) -> i32 {
        let statement = connection.prepare_cached(sql).unwrap();
        statement.get_status(StatementStatus::VmStep)
    }

    #[test]
    fn asking_about_one_thing_costs_the_same_in_a_large_space() {
        let costs = [10, 5_000].map(|others| {
            let connection = among(others);
            assert_eq!(about(&connection, 1, ONE, kind::EDIT).unwrap().len(), 3);
            let about = steps(&connection, ABOUT);
            assert_eq!(of_kind(&connection, 1, kind::READ).unwrap().len(), 2);
            (about, steps(&connection, OF_KIND))
        });
        assert!(costs[0].0 > 0, "the counter counts");
        assert_eq!(costs[0], costs[1]);
        let connection = among(5_000);
        of_kind(&connection, 1, kind::EDIT).unwrap();
        assert!(
            steps(&connection, OF_KIND) > 5_000,
            "whoever walks through all of them is seen"
        );
    }
}
