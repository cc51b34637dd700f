//! What is said here: kept in the outbox at once, sealed with the newest seed when it is sent, gone from the outbox when the server
//! has it. Once sealed the same bytes are sent until there is a clear answer: one number is never used for two envelopes.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::MAX_CONTENT_LEN;
use sync_protocol::faction::content::{Content, Item, kind};
use sync_protocol::faction::envelope::{
    AuthorPosition, EnvelopeError, MakeEnvelopeError, SignedEnvelope, make_envelope,
};
use sync_protocol::ids::{Hash, ItemId, UserId};

use crate::document::{DocumentKind, Edit};
use crate::error::FactionError;
use crate::items::{Anchor, Begin, ItemRow, Readers, insert_item, make_item, message_id};
use crate::positions::{forget_made, store_position};
use crate::rows::stored;
use crate::shareable::Shareable;
use crate::space::Space;
use crate::view::ClassKeys;

/// Room that content needs beside its items, bytes.
const CONTENT_OVERHEAD: usize = 32;

/// What the server shall be given next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The sealed envelope.
    pub envelope: SignedEnvelope,
}

impl Space {
    /// Shares a copy.
    ///
    /// Errors: `Removed`, `TooLong`, the database.
    pub fn share(&mut self, shareable: &Shareable, at_ms: i64) -> Result<ItemId, FactionError> {
        let body = to_cbor(&shareable.copy);
        let council = shareable.copy.anchor.council;
        let item = make_item(
            self.faction(),
            council,
            shareable.item,
            kind::SHARE,
            body,
            &shareable.readers,
        )?;
        self.say(&[item], at_ms)?;
        Ok(shareable.item)
    }

    /// Withdraws a share of one's own, from whichever of one's devices it came.
    ///
    /// Errors: `NoSuchItem`, `NotYours`, `Removed`, the database.
    pub fn withdraw(&mut self, item: ItemId, at_ms: i64) -> Result<(), FactionError> {
        let authors = self.authors_of_share(item)?;
        if authors.is_empty() {
            return Err(FactionError::NoSuchItem);
        }
        if !authors.contains(&self.user) {
            return Err(FactionError::NotYours);
        }
        self.say(&[plain(item, kind::WITHDRAW)], at_ms)
    }

    /// Lets the others know, or not any more, that the owner has read something.
    ///
    /// Errors: `Removed`, the database.
    pub fn show_read(
        &mut self,
        item: ItemId,
        is_shown: bool,
        at_ms: i64,
    ) -> Result<(), FactionError> {
        let kind = if is_shown { kind::READ } else { kind::UNREAD };
        self.say(&[plain(item, kind)], at_ms)
    }

    /// Begins a message: a thread's first one, or an answer to `parent`.
    ///
    /// Errors: `TooLong`, `Removed`, the database.
    pub fn begin_message(
        &mut self,
        anchor: Option<Anchor>,
        parent: Option<ItemId>,
        mentions: &[UserId],
        text: &str,
        readers: &Readers,
        at_ms: i64,
    ) -> Result<ItemId, FactionError> {
        let salt = ItemId::make()?;
        let begin = Begin {
            kind: DocumentKind::Message.number(),
            anchor,
            parent,
            at_ms,
            mentions: mentions.to_vec(),
            salt: Some(salt),
        };
        let edit = Edit::Text(crate::document::TextPart::Body, text.to_owned());
        let item = message_id(self.keys.device, salt);
        self.begin(item, &begin, &[edit], readers)
    }

    /// Begins a task.
    ///
    /// Errors: `TooLong`, `Removed`, the database.
    pub fn begin_task(
        &mut self,
        anchor: Option<Anchor>,
        edits: &[Edit],
        readers: &Readers,
        at_ms: i64,
    ) -> Result<ItemId, FactionError> {
        let begin = Begin {
            kind: DocumentKind::Task.number(),
            anchor,
            parent: None,
            at_ms,
            mentions: Vec::new(),
            salt: None,
        };
        self.begin(ItemId::make()?, &begin, edits, readers)
    }

    /// Edits the position on an agenda item; there is one for each, whoever begins it.
    ///
    /// Errors: `TooLong`, `ClassLocked`, `Removed`, the database.
    pub fn edit_position(
        &mut self,
        anchor: Anchor,
        edits: &[Edit],
        readers: &Readers,
        class_keys: &ClassKeys<'_>,
        at_ms: i64,
    ) -> Result<ItemId, FactionError> {
        let item = self.position_of(&anchor);
        if self.outline(item, class_keys)?.is_some() {
            self.edit(item, edits, readers, class_keys, at_ms)?;
            return Ok(item);
        }
        let begin = Begin {
            kind: DocumentKind::Position.number(),
            anchor: Some(anchor),
            parent: None,
            at_ms,
            mentions: Vec::new(),
            salt: None,
        };
        self.begin(item, &begin, edits, readers)
    }

    /// The id of the position on an agenda item: the same on every device.
    pub fn position_of(&self, anchor: &Anchor) -> ItemId {
        let of = [
            b"ratsmappe/faction/position/1\0".as_slice(),
            self.faction().as_bytes(),
            &to_cbor(anchor),
        ]
        .concat();
        let digest = Hash::of(&of);
        ItemId::from_bytes(digest.as_bytes().first_chunk().copied().unwrap_or_default())
    }

    fn begin(
        &mut self,
        item: ItemId,
        begin: &Begin,
        edits: &[Edit],
        readers: &Readers,
    ) -> Result<ItemId, FactionError> {
        let council = begin.anchor.map_or(self.council, |anchor| anchor.council);
        let mut merged = crate::document::Merged::empty();
        let update = merged.edit(self.keys.device, item, edits)?;
        let of = |kind, body| make_item(self.faction(), council, item, kind, body, readers);
        let items = [of(kind::DOCUMENT, to_cbor(begin))?, of(kind::EDIT, update)?];
        self.say(&items, begin.at_ms)?;
        Ok(item)
    }

    /// Edits a document.
    ///
    /// Errors: `NoSuchItem`, `NotYours` for another's message, `ClassLocked`, `TooLong`, `Removed`, the database.
    pub fn edit(
        &mut self,
        item: ItemId,
        edits: &[Edit],
        readers: &Readers,
        class_keys: &ClassKeys<'_>,
        at_ms: i64,
    ) -> Result<(), FactionError> {
        let begin = self
            .outline(item, class_keys)?
            .ok_or(FactionError::NoSuchItem)?;
        if begin.kind == DocumentKind::Message && begin.author != self.user {
            return Err(FactionError::NotYours);
        }
        let mut merged = self.merged(&begin, class_keys)?;
        let update = merged.edit(self.keys.device, item, edits)?;
        let council = begin.anchor.map_or(self.council, |anchor| anchor.council);
        let item = make_item(self.faction(), council, item, kind::EDIT, update, readers)?;
        self.say(&[item], at_ms)
    }

    /// Keeps items until the server has them.
    fn say(&mut self, items: &[Item], at_ms: i64) -> Result<(), FactionError> {
        if self.is_removed() {
            return Err(FactionError::Removed);
        }
        if self.roster.is_dissolved() {
            return Err(MakeEnvelopeError::Dissolved.into());
        }
        let rows: Vec<Vec<u8>> = items.iter().map(to_cbor).collect();
        if rows
            .iter()
            .any(|row| row.len() + CONTENT_OVERHEAD > MAX_CONTENT_LEN)
        {
            return Err(FactionError::TooLong);
        }
        self.have_changed(items.iter().map(|item| item.item));
        self.store.write(|tx| {
            for (item, bytes) in items.iter().zip(&rows) {
                tx.execute(
                    "INSERT INTO outbox (space, at_ms, bytes) VALUES (:space, :at_ms, :bytes)",
                    named_params! {":space": self.row, ":at_ms": at_ms, ":bytes": bytes},
                )?;
                forget_made(tx, self.row, (item.item, item.kind))?;
            }
            Ok(())
        })
    }

    /// How many items wait to be sent.
    ///
    /// Errors: the database.
    pub fn waiting_count(&self) -> Result<u64, FactionError> {
        self.store.read(|connection| {
            let sql = "SELECT count(*) AS n FROM outbox WHERE space = :space";
            let params = named_params! {":space": self.row};
            Ok(connection.query_row(sql, params, |row| crate::rows::number(row, "n"))?)
        })
    }

    /// The next envelope for the server; `None` if nothing waits. The same one until [`Self::uploaded`] or [`Self::was_refused`].
    ///
    /// Errors: `SeedMissing`, [`MakeEnvelopeError`](sync_protocol::faction::envelope::MakeEnvelopeError), the database.
    pub fn next_upload(&mut self) -> Result<Option<Upload>, FactionError> {
        let (sending, outbox) = self.store.read(|connection| {
            Ok((
                read_sending(connection, self.row)?,
                read_outbox(connection, self.row)?,
            ))
        })?;
        if let Some((envelope, _)) = sending {
            return Ok(Some(Upload { envelope }));
        }
        let mut items = Vec::new();
        let mut taken = None;
        let mut len = CONTENT_OVERHEAD;
        for row in outbox {
            len += row.bytes.len();
            if len > MAX_CONTENT_LEN {
                break;
            }
            items.push(stored::<Item>(&row.bytes)?);
            taken = Some((row.id, row.at_ms));
        }
        let Some((last_outbox, at_ms)) = taken else {
            return Ok(None);
        };
        let content = Content { at_ms, items };
        let positions = self.positions()?;
        let last = positions.get(&self.keys.device);
        let last = last.copied().unwrap_or(AuthorPosition::START);
        let (envelope, _) = make_envelope(
            &self.roster,
            &self.newest_seed()?,
            self.keys.device,
            &self.keys.sign,
            &last,
            &content.to_bytes(),
        )?;
        self.store.write(|tx| {
            tx.execute(
                "INSERT INTO sending (space, envelope, last_outbox) VALUES (:space, :envelope, :last)",
                named_params! {":space": self.row, ":envelope": envelope.as_bytes(), ":last": last_outbox},
            )?;
            Ok(())
        })?;
        Ok(Some(Upload { envelope }))
    }

    /// The server has the envelope of [`Self::next_upload`].
    ///
    /// Errors: the database.
    pub fn uploaded(&mut self) -> Result<(), FactionError> {
        self.have_changed(self.waiting_items()?);
        self.store.write(|tx| self.confirm_sending(tx))
    }

    /// The server has clearly refused it, because the roster has gone on: it is sealed anew.
    ///
    /// Errors: the database.
    pub fn was_refused(&mut self) -> Result<(), FactionError> {
        self.store.write(|tx| {
            let sql = "DELETE FROM sending WHERE space = :space";
            tx.execute(sql, named_params! {":space": self.row})?;
            Ok(())
        })
    }

    /// Hash of the envelope that is being sent.
    pub(crate) fn sending_hash(&self) -> Result<Option<Hash>, FactionError> {
        let sending = self
            .store
            .read(|connection| read_sending(connection, self.row))?;
        sending
            .map(|(envelope, _)| envelope.hash().map_err(not_ours))
            .transpose()
    }

    /// What was being sent has arrived: it moves from the outbox to what was said.
    pub(crate) fn confirm_sending(&self, tx: &Transaction<'_>) -> Result<(), FactionError> {
        let Some((envelope, last_outbox)) = read_sending(tx, self.row)? else {
            return Ok(());
        };
        let header = envelope.header().map_err(not_ours)?;
        let rows = read_outbox(tx, self.row)?.into_iter();
        for row in rows.filter(|row| row.id <= last_outbox) {
            let said = ItemRow {
                author: self.keys.device,
                counter: header.counter,
                at_ms: row.at_ms,
                item: stored(&row.bytes)?,
            };
            insert_item(tx, self.row, &said)?;
        }
        let position = AuthorPosition {
            counter: header.counter,
            hash: envelope.hash().map_err(not_ours)?,
            roster_seq: self.roster.seq_of(&header.head).unwrap_or_default(),
        };
        store_position(tx, self.row, self.keys.device, &position)?;
        let done = named_params! {":space": self.row, ":last": last_outbox};
        tx.execute(
            "DELETE FROM outbox WHERE space = :space AND id <= :last",
            done,
        )?;
        let sql = "DELETE FROM sending WHERE space = :space";
        tx.execute(sql, named_params! {":space": self.row})?;
        Ok(())
    }
}

/// An item without a body of its own.
fn plain(item: ItemId, kind: u32) -> Item {
    Item {
        item,
        kind,
        body: Some(Vec::new()),
        inner: None,
    }
}

fn not_ours(error: EnvelopeError) -> FactionError {
    match error {
        EnvelopeError::Form(error) => FactionError::Stored(error),
        _ => FactionError::TooLong,
    }
}

struct OutboxRow {
    id: i64,
    at_ms: i64,
    bytes: Vec<u8>,
}

fn read_outbox(connection: &Connection, space: i64) -> Result<Vec<OutboxRow>, FactionError> {
    let mut statement = connection
        .prepare_cached("SELECT id, at_ms, bytes FROM outbox WHERE space = :space ORDER BY id")?;
    let rows = statement.query_map(named_params! {":space": space}, |row| {
        Ok(OutboxRow {
            id: row.get("id")?,
            at_ms: row.get("at_ms")?,
            bytes: row.get("bytes")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read_sending(
    connection: &Connection,
    space: i64,
) -> Result<Option<(SignedEnvelope, i64)>, FactionError> {
    let sql = "SELECT envelope, last_outbox FROM sending WHERE space = :space";
    let mut statement = connection.prepare_cached(sql)?;
    let row = statement.query_row(named_params! {":space": space}, |row| {
        Ok((SignedEnvelope(row.get(0)?), row.get(1)?))
    });
    Ok(row.optional()?)
}
