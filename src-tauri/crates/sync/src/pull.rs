//! Everything a run fetches before it stores anything: key boxes, chains and snapshots, verified and opened.
//!
//! Nothing here writes. A refusal leaves the device as it was.

use std::collections::BTreeMap;

use sync_protocol::chain::{ChainPosition, VerifiedEntry, check_arrived, verify_page};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::head::DeviceHead;
use sync_protocol::ids::{AudienceId, CouncilId};
use sync_protocol::key_box::{KeyBox, KeyBoxError, KeyBoxes, open_key_box};
use sync_protocol::root::RootDocument;
use vault::Vault;

use crate::council::CouncilError;
use crate::error::SyncError;
use crate::plan::changes::{Change, plan_changes};
use crate::plan::{ChainFetch, Route, SyncPlan};
use crate::remote;
use crate::transport::Client;

/// Class keys that came with this run and are not in the keyring yet.
pub(crate) type NewKeys = BTreeMap<(AudienceId, KeyEpoch), ClassKey>;

/// What becomes of one database.
pub(crate) struct PulledChain {
    pub(crate) audience: AudienceId,
    pub(crate) is_public: bool,
    pub(crate) changes: Vec<Change>,
    pub(crate) to: ChainPosition,
    pub(crate) replaces_all: bool,
}

/// Everything verified, nothing stored.
pub(crate) struct Pulled {
    pub(crate) keys: NewKeys,
    pub(crate) chains: Vec<PulledChain>,
}

// Meets: O.Ntwk_6
/// Fetches and verifies what the plan asks for.
///
/// Errors: any named refusal; then nothing of the run may be stored.
pub(crate) async fn pull(
    client: &Client,
    vault: &Vault,
    (root, head): (&RootDocument, &DeviceHead),
    plan: &SyncPlan,
) -> Result<Pulled, SyncError> {
    let council = head.council;
    let keys = if plan.keys.is_empty() {
        NewKeys::new()
    } else {
        pull_keys(client, vault, head, &plan.keys).await?
    };
    let mut chains = Vec::with_capacity(plan.chains.len());
    for fetch in &plan.chains {
        let (entries, replaces_all) = match fetch.route {
            Route::Pages => (pull_pages(client, fetch, fetch.from).await?, false),
            Route::Snapshot => (pull_snapshot(client, root, fetch).await?, true),
        };
        let audience = fetch.audience;
        let key = |epoch: KeyEpoch| {
            keys.get(&(audience, epoch))
                .cloned()
                .or_else(|| vault.keyring().class_key(council, audience, epoch))
        };
        let changes = open_changes(council, entries, key).await?;
        let is_public = fetch.kind == sync_protocol::head::AudienceKind::Public;
        chains.push(PulledChain {
            audience,
            is_public,
            changes,
            to: fetch.to,
            replaces_all,
        });
    }
    Ok(Pulled { keys, chains })
}

/// Opens payloads, which is the work of milliseconds for a page and of a second for a whole term.
async fn open_changes(
    council: CouncilId,
    entries: Vec<VerifiedEntry>,
    key: impl Fn(KeyEpoch) -> Option<ClassKey>,
) -> Result<Vec<Change>, SyncError> {
    let epochs: std::collections::BTreeSet<KeyEpoch> =
        entries.iter().map(|entry| entry.header.key_epoch).collect();
    let held: BTreeMap<KeyEpoch, ClassKey> = epochs
        .into_iter()
        .filter_map(|epoch| Some((epoch, key(epoch)?)))
        .collect();
    let opened = tokio::task::spawn_blocking(move || {
        plan_changes(council, entries, |epoch| held.get(&epoch).cloned())
    });
    Ok(opened.await.map_err(|_| SyncError::Worker)??)
}

async fn pull_keys(
    client: &Client,
    vault: &Vault,
    head: &DeviceHead,
    wanted: &[AudienceId],
) -> Result<NewKeys, SyncError> {
    let council = head.council;
    let box_key = vault
        .keyring()
        .device_box_key(council)
        .ok_or(CouncilError::NotPaired)?;
    let boxes = remote::keys(client).await?;
    let is_held = |audience, epoch| keyring_has(vault, council, audience, epoch);
    let open = |key_box: &KeyBox| open_key_box(&box_key, &council, &head.device, key_box);
    open_boxes((head, wanted), &boxes, open, is_held)
}

fn keyring_has(vault: &Vault, council: CouncilId, audience: AudienceId, epoch: KeyEpoch) -> bool {
    vault
        .keyring()
        .class_key(council, audience, epoch)
        .is_some()
}

/// The class keys of a head's audiences that are not held yet. Pure.
///
/// * `wanted` – audiences whose newest key is not here.
/// * `open` – opens a box with this device's key.
///
/// Errors: a box that does not open; `KeyMissing` if a wanted one is not among them.
pub(crate) fn open_boxes(
    (head, wanted): (&DeviceHead, &[AudienceId]),
    boxes: &KeyBoxes,
    open: impl Fn(&KeyBox) -> Result<ClassKey, KeyBoxError>,
    is_held: impl Fn(AudienceId, KeyEpoch) -> bool,
) -> Result<NewKeys, SyncError> {
    let mut keys = NewKeys::new();
    for key_box in &boxes.boxes {
        let is_listed = head.audience(&key_box.audience).is_some();
        if is_listed && !is_held(key_box.audience, key_box.epoch) {
            keys.insert((key_box.audience, key_box.epoch), open(key_box)?);
        }
    }
    let is_complete = wanted
        .iter()
        .filter_map(|audience| head.audience(audience))
        .all(|listed| {
            keys.contains_key(&(listed.id, listed.key_epoch))
                || is_held(listed.id, listed.key_epoch)
        });
    if is_complete {
        Ok(keys)
    } else {
        Err(SyncError::KeyMissing)
    }
}

/// The entries from a position exactly to the head's, verified page by page.
async fn pull_pages(
    client: &Client,
    fetch: &ChainFetch,
    from: ChainPosition,
) -> Result<Vec<VerifiedEntry>, SyncError> {
    let mut at = from;
    let mut all = Vec::new();
    while at.seq < fetch.to.seq {
        let entries = remote::page(client, &fetch.audience, (&at, &fetch.to)).await?;
        if entries.is_empty() {
            break;
        }
        let (verified, next) = verify_page(fetch.audience, &at, entries)?;
        all.extend(verified);
        at = next;
    }
    check_arrived(&at, &fetch.to)?;
    Ok(all)
}

/// A snapshot and the entries between it and the head.
async fn pull_snapshot(
    client: &Client,
    root: &RootDocument,
    fetch: &ChainFetch,
) -> Result<Vec<VerifiedEntry>, SyncError> {
    let signed = remote::snapshot(client, &fetch.audience).await?;
    let snapshot = signed.verify(
        &root.feed_key,
        &root.council,
        &fetch.audience,
        root.generation,
    )?;
    if snapshot.position.seq > fetch.to.seq {
        // The server moved on between head and snapshot; the chain itself leads to exactly the listed position.
        return pull_pages(client, fetch, ChainPosition::START).await;
    }
    let mut entries = snapshot.entries;
    if snapshot.position.seq == fetch.to.seq {
        if snapshot.position != fetch.to {
            return Err(SyncError::SnapshotMismatch);
        }
    } else {
        let rest =
            pull_pages(client, fetch, snapshot.position)
                .await
                .map_err(|error| match error {
                    SyncError::Chain(_) => SyncError::SnapshotMismatch,
                    other => other,
                })?;
        entries.extend(rest);
    }
    Ok(entries)
}
