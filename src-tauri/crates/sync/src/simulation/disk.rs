//! What lies on a simulated tablet's disk: record, class keys, and tables of the real schema in plain SQLite in memory. Each change is
//! whole and durable at once; what half a write leaves behind is for `power-loss` and `kills` to show.

use std::cell::RefCell;
use std::collections::BTreeMap;

use rusqlite::Connection;
use sync_protocol::chain::ChainPosition;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::ids::{AudienceId, ObjectId};
use sync_protocol::model::{CouncilObject, ObjectKind};
use vault::{CouncilRecord, DbError};

use super::office::CHAINS;
use super::seals::Seals;
use crate::store::{StoreError, schema, state};

thread_local! {
    /// Empty tables to begin with: making them costs more than a whole synchronisation.
    static EMPTY: RefCell<Vec<Connection>> = const { RefCell::new(Vec::new()) };
}

fn empty_tables() -> Connection {
    let kept = EMPTY.with_borrow_mut(Vec::pop);
    kept.unwrap_or_else(|| {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;")
            .unwrap();
        vault::migrate(&mut conn, schema::MIGRATIONS).unwrap();
        conn
    })
}

struct Stored {
    /// `None` only while it is dropped.
    conn: Option<Connection>,
    /// The class key that the file's own key comes from.
    under: Option<[u8; 32]>,
}

impl Drop for Stored {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        let emptied = conn.execute_batch(
            "DELETE FROM objects; DELETE FROM sealed_entries; DELETE FROM chain_state; DELETE FROM receipts;",
        );
        if emptied.is_ok() {
            EMPTY.with_borrow_mut(|empty| empty.push(conn));
        }
    }
}

/// One audience's tables, as whoever opens them finds them.
pub(super) enum Tables<'a> {
    None,
    Open(&'a mut Connection),
}

pub(super) struct Disk {
    pub(super) record: CouncilRecord,
    /// In the order in which they came, as in the keyring.
    pub(super) keys: Vec<(usize, KeyEpoch, ClassKey)>,
    tables: BTreeMap<usize, Stored>,
}

/// A row of `objects`: revision, epoch, payload.
pub(super) type Row = (u32, u32, Vec<u8>);

/// Everything that one audience's tables hold.
#[derive(Default)]
pub(super) struct Dump {
    pub(super) at: Option<ChainPosition>,
    pub(super) objects: BTreeMap<ObjectId, Row>,
    pub(super) sealed: BTreeMap<ObjectId, u32>,
}

impl Disk {
    pub(super) fn new(record: CouncilRecord) -> Self {
        Self {
            record,
            keys: Vec::new(),
            tables: BTreeMap::new(),
        }
    }

    pub(super) fn key(&self, audience: AudienceId, epoch: KeyEpoch) -> Option<ClassKey> {
        let number = Seals::number(&audience);
        self.held(number)
            .find_map(|(of, key)| (of == epoch).then_some(key))
    }

    pub(super) fn held(&self, number: usize) -> impl Iterator<Item = (KeyEpoch, ClassKey)> {
        let own = self.keys.iter().filter(move |(of, _, _)| *of == number);
        own.map(|(_, epoch, key)| (*epoch, key.clone()))
    }

    /// One that is held already stays as it is.
    pub(super) fn put_key(&mut self, audience: AudienceId, epoch: KeyEpoch, key: &ClassKey) {
        if self.key(audience, epoch).is_none() {
            self.keys
                .push((Seals::number(&audience), epoch, key.clone()));
        }
    }

    /// The key of an audience's file: the first class key that came. `Err`: there is none.
    fn storage(&self, number: usize) -> Result<Option<[u8; 32]>, StoreError> {
        if number == 0 {
            return Ok(None);
        }
        let first = self.held(number).next().ok_or(DbError::NoKey)?;
        Ok(Some(*first.1.expose()))
    }

    /// Opens an audience's tables and makes them where there are none. Those under another key are begun anew.
    pub(super) fn open(&mut self, number: usize) -> Result<&mut Connection, StoreError> {
        let under = self.storage(number)?;
        let stored = self.tables.get(&number);
        if stored.is_none_or(|stored| stored.under != under) {
            let conn = Some(empty_tables());
            self.tables.insert(number, Stored { conn, under });
        }
        let stored = self.tables.get_mut(&number);
        let conn = stored.and_then(|stored| stored.conn.as_mut());
        conn.ok_or(StoreError::NotFound)
    }

    /// The same, where there are some.
    pub(super) fn existing(&mut self, number: usize) -> Tables<'_> {
        if number > 0 && !self.tables.contains_key(&number) {
            return Tables::None;
        }
        self.open(number).map_or(Tables::None, Tables::Open)
    }

    pub(super) fn has_file(&self, number: usize) -> bool {
        self.tables.contains_key(&number)
    }

    pub(super) fn delete(&mut self, number: usize) {
        self.tables.remove(&number);
    }

    /// Everything that can be opened of an audience.
    pub(super) fn dump(&mut self, number: usize) -> Dump {
        debug_assert!(number < CHAINS);
        let Tables::Open(conn) = self.existing(number) else {
            return Dump::default();
        };
        let mut positions = BTreeMap::new();
        state::collect_positions(conn, &mut positions).unwrap();
        let mut dump = Dump {
            at: positions.remove(&Seals::audience(number)),
            ..Dump::default()
        };
        let mut read = conn
            .prepare_cached("SELECT object_id, revision, key_epoch, payload FROM objects")
            .unwrap();
        let mut rows = read.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let id = ObjectId::from_bytes(row.get(0).unwrap());
            let content = (
                row.get(1).unwrap(),
                row.get(2).unwrap(),
                row.get(3).unwrap(),
            );
            dump.objects.insert(id, content);
        }
        let mut read = conn
            .prepare_cached("SELECT object_id, key_epoch FROM sealed_entries")
            .unwrap();
        let mut rows = read.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let id = ObjectId::from_bytes(row.get(0).unwrap());
            dump.sealed.insert(id, row.get(1).unwrap());
        }
        dump
    }
}

/// Meetings of the public tables that carry an invitation.
pub(super) fn meetings(conn: &Connection) -> Vec<(ObjectId, u32)> {
    let mut rows = conn
        .prepare_cached("SELECT object_id, payload FROM objects WHERE kind = ?1 ORDER BY object_id")
        .unwrap();
    let rows = rows.query_map([ObjectKind::Meeting.number()], |row| {
        Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Vec<u8>>(1)?))
    });
    let meeting = |(id, payload): ([u8; 16], Vec<u8>)| {
        let id = ObjectId::from_bytes(id);
        match CouncilObject::from_payload(ObjectKind::Meeting, id, &payload).unwrap() {
            CouncilObject::Meeting(meeting) => Some((id, meeting.invitation_revision)),
            _ => None,
        }
    };
    rows.unwrap()
        .filter_map(|row| meeting(row.unwrap()))
        .collect()
}

/// Whether a receipt for a revision of an invitation was made.
pub(super) fn has_receipt(conn: &Connection, (meeting, revision): (ObjectId, u32)) -> bool {
    let mut made = conn
        .prepare_cached("SELECT 1 FROM receipts WHERE meeting = ?1 AND invitation_revision = ?2")
        .unwrap();
    made.exists((meeting.as_bytes(), revision)).unwrap()
}
