//! What a paired device gets: head, chain, snapshot, key boxes, the right to a blob, receipts.
//! Every answer is decided for one device at the time of asking. No HTTP here.

use rusqlite::Connection;
use sync_protocol::chain::{ChainPage, MAX_PAGE_ENTRIES};
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::head::{AudienceHead, DeviceHead, SignedHead};
use sync_protocol::ids::{AudienceId, BlobId, DeviceId};
use sync_protocol::key_box::{KeyBox, KeyBoxContext, KeyBoxes, make_key_box};
use sync_protocol::receipt::{ReceiptBatch, ReceiptList, ReceiptRow, ReceiptTimes};
use sync_protocol::root::SignedRoot;
use sync_protocol::snapshot::{SignedSnapshot, Snapshot};
use thiserror::Error;

use crate::audit;
use crate::clock::{DAY_MS, end_of_day_at_ms};
use crate::entitlement::{self, Readable};
use crate::error::ServerError;
use crate::identity;
use crate::keys::secret;
use crate::server::Server;
use crate::store::devices::DeviceRow;
use crate::store::{StoreError, audiences, chain, devices, files, receipts};

/// How long a device may read on without having asked again.
pub const LEASE_MS: i64 = 30 * DAY_MS;

/// Why a device does not get something.
#[derive(Debug, Error)]
pub(crate) enum FeedRefused {
    #[error("the device is unknown")]
    UnknownDevice,
    #[error("the device was revoked")]
    Revoked,
    #[error("the device may not read this any more")]
    NotEntitled,
    /// Also what is there and was never this device's: it must not learn that.
    #[error("there is no such thing")]
    NotFound,
    #[error("the receipt is not valid")]
    BadReceipt,
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<StoreError> for FeedRefused {
    fn from(error: StoreError) -> Self {
        Self::Server(error.into())
    }
}

/// A blob that the device may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GrantedBlob {
    pub id: BlobId,
}

impl Server {
    /// The signed root document.
    pub(crate) fn signed_root(&self) -> Result<SignedRoot, ServerError> {
        Ok(self.inner.store.read(identity::signed_root)?)
    }

    /// A device that was paired; it may be revoked since.
    pub(crate) fn device(&self, id: &DeviceId) -> Result<DeviceRow, FeedRefused> {
        let row = self.inner.store.read(|c| devices::get(c, id))?;
        row.ok_or(FeedRefused::UnknownDevice)
    }

    /// A fresh head; its counter is one more than the last.
    pub(crate) fn head(&self, device: &DeviceId) -> Result<SignedHead, FeedRefused> {
        let inner = &*self.inner;
        if let Some(old) = inner.faults.old_head(device) {
            return Ok(SignedHead(old));
        }
        let now_at_ms = inner.clock.now_at_ms();
        let signed = inner.store.write(|tx| {
            entitlement::settle_if_due(tx, &inner.keys, inner.clock.today(), now_at_ms)?;
            let row = live_device(tx, device)?;
            let counter = row.head_counter.saturating_add(1);
            devices::set_head_counter(tx, device, counter, now_at_ms)?;
            let head = DeviceHead {
                council: inner.council,
                device: *device,
                generation: identity::generation(tx)?,
                counter,
                issued_at_ms: now_at_ms,
                expires_at_ms: now_at_ms + LEASE_MS,
                audiences: entitlement::readable(tx, &row)?
                    .iter()
                    .map(audience_head)
                    .collect(),
                confirmed_at_ms: row.confirmed_at_ms,
            };
            let feed_key = inner.keys.signing_key(tx, secret::FEED)?;
            head.sign(&feed_key)
                .map_err(|e| FeedRefused::Server(e.into()))
        })?;
        inner.faults.remember_head(device, signed.as_bytes());
        Ok(signed)
    }

    /// The entries of a chain after a position.
    pub(crate) fn chain(
        &self,
        device: &DeviceId,
        audience: &AudienceId,
        after: u64,
        limit: usize,
    ) -> Result<ChainPage, FeedRefused> {
        self.inner.store.read(|c| {
            entitled(c, device, audience)?;
            let entries = chain::after(c, audience, after, limit.clamp(1, MAX_PAGE_ENTRIES))?;
            Ok(ChainPage { entries })
        })
    }

    /// What a chain amounts to now, signed.
    pub(crate) fn snapshot(
        &self,
        device: &DeviceId,
        audience: &AudienceId,
    ) -> Result<SignedSnapshot, FeedRefused> {
        let inner = &*self.inner;
        inner.store.read(|c| {
            let readable = entitled(c, device, audience)?;
            let snapshot = Snapshot {
                council: inner.council,
                audience: *audience,
                generation: identity::generation(c)?,
                seq: readable.audience.position.seq,
                hash: readable.audience.position.hash,
                entries: chain::live(c, audience)?,
            };
            let feed_key = inner.keys.signing_key(c, secret::FEED)?;
            snapshot
                .sign(&feed_key)
                .map_err(|e| FeedRefused::Server(e.into()))
        })
    }

    /// The class keys that a device is entitled to, boxed for it. Boxes are made once and kept.
    ///
    /// `of`: one audience only; `after_epoch`: later epochs only.
    pub(crate) fn key_boxes(
        &self,
        device: &DeviceId,
        of: Option<AudienceId>,
        after_epoch: Option<KeyEpoch>,
    ) -> Result<KeyBoxes, FeedRefused> {
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        inner.store.write(|tx| {
            entitlement::settle_if_due(tx, &inner.keys, inner.clock.today(), now_at_ms)?;
            let row = live_device(tx, device)?;
            let mut boxes = Vec::new();
            let mut made_count = 0usize;
            for readable in entitlement::readable(tx, &row)? {
                let audience = readable.audience.id;
                if of.is_some_and(|of| of != audience) {
                    continue;
                }
                let first = after_epoch
                    .map_or(1, |e| e.0.saturating_add(1))
                    .max(readable.from_epoch.0);
                let epochs = audiences::epochs(tx, &audience)?;
                for epoch in epochs.into_iter().filter(|epoch| epoch.0 >= first) {
                    if let Some(known) = devices::key_box(tx, device, &audience, epoch)? {
                        boxes.push(known);
                        continue;
                    }
                    let made = self.make_box(tx, &row, &audience, epoch)?;
                    devices::put_key_box(tx, device, &made)?;
                    made_count += 1;
                    boxes.push(made);
                }
            }
            if made_count > 0 {
                audit::note(
                    tx,
                    &inner.keys,
                    now_at_ms,
                    "keys_boxed",
                    Some(device),
                    Some(made_count),
                )?;
            }
            Ok(KeyBoxes { boxes })
        })
    }

    fn make_box(
        &self,
        c: &Connection,
        device: &DeviceRow,
        audience: &AudienceId,
        epoch: KeyEpoch,
    ) -> Result<KeyBox, ServerError> {
        let key = self.inner.keys.class_key(c, audience, epoch)?;
        let context = KeyBoxContext {
            council: self.inner.council,
            device: device.id,
            audience: *audience,
            epoch,
        };
        Ok(make_key_box(&device.box_key, &context, &key)?)
    }

    /// Whether a device may have a ciphertext: some chain that it reads still holds its key.
    pub(crate) fn grant_blob(
        &self,
        device: &DeviceId,
        blob: &BlobId,
    ) -> Result<GrantedBlob, FeedRefused> {
        self.inner.store.read(|c| {
            let row = live_device(c, device)?;
            let holders = chain::audiences_of_blob(c, blob)?;
            let is_stored = files::blob(c, blob)?.is_some();
            let readable = entitlement::readable(c, &row)?;
            if is_stored && readable.iter().any(|r| holders.contains(&r.audience.id)) {
                return Ok(GrantedBlob { id: *blob });
            }
            for holder in &holders {
                if is_stored && entitlement::had_access(c, &row, holder)? {
                    return Err(FeedRefused::NotEntitled);
                }
            }
            Err(FeedRefused::NotFound)
        })
    }

    /// Stores a device's receipts: all of a batch or none. Result: the server's time for each.
    pub(crate) fn take_receipts(
        &self,
        device: &DeviceId,
        batch: &ReceiptBatch,
    ) -> Result<ReceiptTimes, FeedRefused> {
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        inner.store.write(|tx| {
            let row = live_device(tx, device)?;
            let mut times = Vec::with_capacity(batch.0.len());
            for signed in &batch.0 {
                let receipt = signed
                    .verify(&row.sign_key, &inner.council, device)
                    .map_err(|_| FeedRefused::BadReceipt)?;
                times.push(receipts::put(tx, &receipt, signed, now_at_ms)?);
            }
            Ok(ReceiptTimes(times))
        })
    }

    /// Every receipt of a device: the member sees what is known about her.
    pub(crate) fn receipts_of(&self, device: &DeviceId) -> Result<ReceiptList, FeedRefused> {
        let rows = self.inner.store.read(|c| receipts::of_device(c, device))?;
        let row = |row: receipts::ReceiptRow| ReceiptRow {
            receipt: row.signed,
            server_at_ms: row.server_at_ms,
        };
        Ok(ReceiptList(rows.into_iter().map(row).collect()))
    }
}

/// A device that is paired and not revoked.
pub(crate) fn live_device(c: &Connection, id: &DeviceId) -> Result<DeviceRow, FeedRefused> {
    let row = devices::get(c, id)?.ok_or(FeedRefused::UnknownDevice)?;
    if row.revoked_at_ms.is_some() {
        Err(FeedRefused::Revoked)
    } else {
        Ok(row)
    }
}

fn entitled(
    c: &Connection,
    device: &DeviceId,
    audience: &AudienceId,
) -> Result<Readable, FeedRefused> {
    let row = live_device(c, device)?;
    let found = entitlement::readable(c, &row)?
        .into_iter()
        .find(|r| r.audience.id == *audience);
    match found {
        Some(readable) => Ok(readable),
        None if entitlement::had_access(c, &row, audience)? => Err(FeedRefused::NotEntitled),
        None => Err(FeedRefused::NotFound),
    }
}

fn audience_head(readable: &Readable) -> AudienceHead {
    let audience = &readable.audience;
    AudienceHead {
        id: audience.id,
        kind: audience.is_for.kind(),
        seq: audience.position.seq,
        hash: audience.position.hash,
        key_epoch: audience.key_epoch,
        readable_until_ms: readable.until_date.and_then(end_of_day_at_ms),
    }
}
