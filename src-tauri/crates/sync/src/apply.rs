//! Storing a verified run: new keys, then each database in one transaction, then the head in the keyring.
//!
//! In this order a crash at any point leaves a state from which the next run goes on: keys without a use, databases
//! ahead of the keyring's head, but never a head whose entries are missing.

use rusqlite::Connection;
use sync_protocol::chain::{Entry, EntryHeader, VerifiedEntry, entry_hash};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::head::{AudienceKind, DeviceHead, SignedHead};
use sync_protocol::ids::{AudienceId, CouncilId};
use sync_protocol::root::{RootDocument, SignedRoot};
use vault::{CouncilRecord, EndedAudience, Vault};

use crate::error::SyncError;
use crate::plan::SyncPlan;
use crate::plan::changes::{Change, ChangeError, plan_changes};
use crate::pull::{NewKeys, Pulled};
use crate::store::{self, sealed, write};

/// A head that was verified and checked against everything seen before, with the root document that vouches for it.
#[derive(Clone)]
pub(crate) struct Accepted {
    pub(crate) signed_root: SignedRoot,
    pub(crate) root: RootDocument,
    pub(crate) signed_head: SignedHead,
    pub(crate) head: DeviceHead,
}

/// Stores a verified run.
///
/// * `planned` – what `pulled` was fetched for.
/// * `now_ms` – this device's clock.
///
/// An entry that was kept sealed and does not open though its key is here stays as it was: it shows nothing false, and the
/// rest, above all what has ended, does not wait for it.
pub(crate) fn store_run(
    vault: &Vault,
    pulled: &Pulled,
    accepted: &Accepted,
    planned: &SyncPlan,
    now_ms: i64,
) -> Result<Stored, SyncError> {
    let council = accepted.head.council;
    if !pulled.keys.is_empty() {
        let keys: Vec<(AudienceId, KeyEpoch, ClassKey)> = pulled
            .keys
            .iter()
            .map(|((audience, epoch), key)| (*audience, *epoch, key.clone()))
            .collect();
        vault.keyring().put_class_keys(council, &keys)?;
    }
    let mut stored = Stored::default();
    for chain in &pulled.chains {
        let mut conn = match chain.is_public {
            true => store::open_public(vault, council)?,
            false => store::open_closed(vault, council, chain.audience)?,
        };
        let run = write::Run {
            audience: chain.audience,
            changes: &chain.changes,
            to: chain.to,
            replaces_all: chain.replaces_all,
        };
        write::apply(&mut conn, &run, now_ms)?;
        stored.changed += chain.changes.len() as u64;
    }
    for listed in &accepted.head.audiences {
        let has_new_key = |keys: &NewKeys| keys.keys().any(|(audience, _)| *audience == listed.id);
        if planned.unseal.contains(&listed.id) || has_new_key(&pulled.keys) {
            stored.add(unseal(vault, council, (listed.id, listed.kind), now_ms)?);
        }
    }
    accept(vault, accepted, &planned.ended, now_ms)?;
    Ok(stored)
}

/// What became of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// How many objects came or went.
    pub(crate) changed: u64,
    /// Why an entry stays sealed whose key is here; the first of them.
    pub(crate) fault: Option<ChangeError>,
}

impl Stored {
    fn add(&mut self, more: Self) {
        self.changed += more.changed;
        self.fault = self.fault.or(more.fault);
    }
}

/// Opens entries that were kept sealed and whose key has come.
fn unseal(
    vault: &Vault,
    council: CouncilId,
    (audience, kind): (AudienceId, AudienceKind),
    now_ms: i64,
) -> Result<Stored, SyncError> {
    let mut conn = match kind {
        AudienceKind::Public => store::open_public(vault, council)?,
        AudienceKind::Organization | AudienceKind::Village => {
            store::open_closed(vault, council, audience)?
        }
    };
    let key = |epoch| vault.keyring().class_key(council, audience, epoch);
    unseal_kept(&mut conn, council, key, now_ms)
}

/// The same in one database, with the keys that are here.
pub(crate) fn unseal_kept(
    conn: &mut Connection,
    council: CouncilId,
    key: impl Fn(KeyEpoch) -> Option<ClassKey>,
    now_ms: i64,
) -> Result<Stored, SyncError> {
    let kept = sealed::all(conn)?.into_iter().filter_map(|kept| {
        let header = EntryHeader::from_bytes(&kept.header).ok()?;
        let hash = entry_hash(&kept.header);
        let entry = Entry {
            header_bytes: kept.header,
            sealed_payload: Some(kept.sealed_payload),
            wrapped_file_key: kept.wrapped_file_key,
        };
        Some(VerifiedEntry {
            header,
            hash,
            entry,
        })
    });
    let (mut opened, mut fault) = (Vec::new(), None);
    for entry in kept {
        match plan_changes(council, vec![entry], &key) {
            Ok(changes) => opened.extend(
                changes
                    .into_iter()
                    .filter(|change| matches!(change, Change::Put(_))),
            ),
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    if !opened.is_empty() {
        write::apply_unsealed(conn, &opened, now_ms)?;
    }
    Ok(Stored {
        changed: opened.len() as u64,
        fault,
    })
}

/// Makes a head the newest accepted one, in one write of the keyring.
pub(crate) fn accept(
    vault: &Vault,
    accepted: &Accepted,
    ended: &[AudienceId],
    now_ms: i64,
) -> Result<(), SyncError> {
    vault
        .keyring()
        .update_council(accepted.head.council, |record| {
            note_accepted(record, accepted, ended, now_ms);
        })?;
    Ok(())
}

/// The record of a council after a head was accepted.
pub(crate) fn note_accepted(
    record: &mut CouncilRecord,
    accepted: &Accepted,
    ended: &[AudienceId],
    now_ms: i64,
) {
    let head = &accepted.head;
    record.head_high_water = record.head_high_water.advanced(head);
    record.signed_head = Some(accepted.signed_head.clone());
    record.signed_root = accepted.signed_root.clone();
    record.name.clone_from(&accepted.root.name);
    record.last_sync_at_ms = Some(now_ms);
    record.revoked = false;
    // What is signed counts from here on, also if this device's clock was ahead.
    record.forgetting.seen_at_ms = None;
    record.forgetting.claimed_at_ms = None;
    record
        .ended_audiences
        .retain(|one| head.audience(&one.audience).is_none());
    for audience in ended {
        if record
            .ended_audiences
            .iter()
            .all(|one| one.audience != *audience)
        {
            record.ended_audiences.push(EndedAudience {
                audience: *audience,
                // Signed: a clock that is wrong at this moment must neither shorten nor lengthen the grace.
                ended_at_ms: head.issued_at_ms,
            });
        }
    }
    if head.confirmed_at_ms.is_some() {
        record.confirmed = true;
        record.confirm_words.clear();
    }
}
