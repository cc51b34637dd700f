//! The questions a synchronisation asks the council server, each answered in the protocol's own types.
//!
//! Answers are decoded here and verified where they are used.

use sync_protocol::cbor::{from_cbor_lenient, to_cbor};
use sync_protocol::chain::{ChainPage, ChainPosition, Entry, MAX_PAGE_ENTRIES};
use sync_protocol::head::SignedHead;
use sync_protocol::ids::AudienceId;
use sync_protocol::key_box::KeyBoxes;
use sync_protocol::receipt::{ReceiptBatch, ReceiptTimes};
use sync_protocol::root::SignedRoot;
use sync_protocol::snapshot::SignedSnapshot;
use sync_protocol::wire::{
    PATH_HEAD, PATH_KEYS, PATH_RECEIPTS, PATH_ROOT, path_chain, path_snapshot,
};

use crate::error::SyncError;
use crate::transport::Client;

const MIB: u64 = 1024 * 1024;
/// A head is about 70 bytes for each audience.
const HEAD_LIMIT: u64 = MIB;
const ROOT_LIMIT: u64 = 64 * 1024;
/// A page is at most 1,000 entries; a payload is some kilobytes.
const PAGE_LIMIT: u64 = 64 * MIB;
/// A snapshot of a large city's term: 20,000 entries and more.
const SNAPSHOT_LIMIT: u64 = 512 * MIB;
/// A box is 1.2 KB for each audience and epoch.
const KEYS_LIMIT: u64 = 16 * MIB;
const RECEIPTS_LIMIT: u64 = MIB;

pub(crate) async fn head(client: &Client) -> Result<SignedHead, SyncError> {
    Ok(SignedHead(client.get_quickly(PATH_HEAD, HEAD_LIMIT).await?))
}

pub(crate) async fn root(client: &Client) -> Result<SignedRoot, SyncError> {
    Ok(SignedRoot(client.get(PATH_ROOT, ROOT_LIMIT).await?))
}

pub(crate) async fn keys(client: &Client) -> Result<KeyBoxes, SyncError> {
    let body = client.get(PATH_KEYS, KEYS_LIMIT).await?;
    from_cbor_lenient(&body).map_err(|_| SyncError::Malformed)
}

pub(crate) async fn snapshot(
    client: &Client,
    audience: &AudienceId,
) -> Result<SignedSnapshot, SyncError> {
    let body = client.get(&path_snapshot(audience), SNAPSHOT_LIMIT).await?;
    SignedSnapshot::from_bytes(&body).map_err(|_| SyncError::Malformed)
}

/// The entries after a position; what lies beyond `to` is left out, for the server may have moved on meanwhile.
pub(crate) async fn page(
    client: &Client,
    audience: &AudienceId,
    (at, to): (&ChainPosition, &ChainPosition),
) -> Result<Vec<Entry>, SyncError> {
    let wanted = usize::try_from(to.seq.saturating_sub(at.seq))
        .unwrap_or(usize::MAX)
        .min(MAX_PAGE_ENTRIES);
    let body = client
        .get(&path_chain(audience, at.seq, wanted), PAGE_LIMIT)
        .await?;
    let mut page: ChainPage = from_cbor_lenient(&body).map_err(|_| SyncError::Malformed)?;
    page.entries.truncate(wanted);
    Ok(page.entries)
}

pub(crate) async fn send_receipts(
    client: &Client,
    batch: &ReceiptBatch,
) -> Result<ReceiptTimes, SyncError> {
    let body = client
        .post(PATH_RECEIPTS, &to_cbor(batch), RECEIPTS_LIMIT)
        .await?;
    from_cbor_lenient(&body).map_err(|_| SyncError::Malformed)
}
