//! One council as the keyring knows it: pins, newest accepted head, and which audiences may be read.
//!
//! Nothing here asks the network; a head in the keyring was accepted by a run.

use sync_protocol::head::{AudienceHead, AudienceKind, DeviceHead};
use sync_protocol::ids::{AudienceId, CouncilId};
use sync_protocol::root::RootDocument;
use vault::{CouncilRecord, Vault};

/// How long the class keys of an ended audience are kept, ms (7 days): an error of the office can be undone without
/// fetching everything again, and what is locked cannot be read meanwhile.
pub const GRACE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// One audience as this device knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudienceRow {
    pub audience: AudienceId,
    /// `None` once access has ended: the head lists it no longer.
    pub kind: Option<AudienceKind>,
    /// Until when it may be read without asking again: the end of access or of the head's lease, whichever comes
    /// first; server's clock. `None`: no end, as for what is public.
    pub readable_until_ms: Option<i64>,
    /// When access ended; its keys are deleted 7 days later.
    pub locked_at_ms: Option<i64>,
}

impl AudienceRow {
    /// Whether it is the public audience.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.kind == Some(AudienceKind::Public)
    }

    /// Whether its objects may be shown at `time_ms` (the later of device clock and last signed time).
    #[must_use]
    pub fn is_readable_at(&self, time_ms: i64) -> bool {
        self.locked_at_ms.is_none() && self.readable_until_ms.is_none_or(|until| time_ms <= until)
    }

    /// Whether its keys and content are to be deleted at `time_ms`.
    #[must_use]
    pub fn is_due_at(&self, time_ms: i64) -> bool {
        let end = match (self.locked_at_ms, self.readable_until_ms) {
            (Some(locked), Some(until)) => Some(locked.min(until)),
            (locked, until) => locked.or(until),
        };
        !self.is_public() && end.is_some_and(|end| time_ms >= end.saturating_add(GRACE_MS))
    }
}

/// When the device last heard from the council.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// This device's clock when it last accepted a head.
    pub synced_at_ms: i64,
    /// The server's clock in that head.
    pub head_issued_at_ms: i64,
    /// Until when that head's lease runs. What is public is read on after it; what is nonpublic is locked then.
    pub head_expires_at_ms: i64,
}

/// Why the keyring does not describe the council.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CouncilError {
    /// This device is not paired with the council.
    #[error("this device is not paired with this council")]
    NotPaired,
    /// The root document or head in the keyring does not verify.
    #[error("the keyring holds an unreadable record of this council")]
    BadRecord,
}

/// What is public can be read for ever; the rest until its access or the lease of the head ends.
fn readable_until_ms(head: &DeviceHead, listed: &AudienceHead) -> Option<i64> {
    match listed.kind {
        AudienceKind::Public => None,
        AudienceKind::Organization | AudienceKind::Village => Some(
            listed
                .readable_until_ms
                .map_or(head.expires_at_ms, |until| until.min(head.expires_at_ms)),
        ),
    }
}

/// One council as the keyring knows it.
#[derive(Clone)]
pub(crate) struct KnownCouncil {
    pub(crate) record: CouncilRecord,
    pub(crate) root: RootDocument,
    /// The newest accepted head; `None` before the first run.
    pub(crate) head: Option<DeviceHead>,
}

impl KnownCouncil {
    pub(crate) fn load(vault: &Vault, council: CouncilId) -> Result<Self, CouncilError> {
        let record = vault
            .keyring()
            .council(council)
            .ok_or(CouncilError::NotPaired)?;
        Self::of(record)
    }

    /// What a record of the keyring says, verified again.
    pub(crate) fn of(record: CouncilRecord) -> Result<Self, CouncilError> {
        let council = record.council;
        let root = record
            .signed_root
            .verify(Some(&record.root_key))
            .map_err(|_| CouncilError::BadRecord)?;
        let head = match &record.signed_head {
            Some(signed) => Some(
                signed
                    .verify(&root.feed_key, &council, &record.device, root.generation)
                    .map_err(|_| CouncilError::BadRecord)?,
            ),
            None => None,
        };
        Ok(Self { record, root, head })
    }

    /// Every audience that is granted, or has ended and is not yet forgotten.
    pub(crate) fn audiences(&self) -> Vec<AudienceRow> {
        let listed = self.head.iter().flat_map(|head| {
            head.audiences.iter().map(|listed| AudienceRow {
                audience: listed.id,
                kind: Some(listed.kind),
                readable_until_ms: readable_until_ms(head, listed),
                locked_at_ms: None,
            })
        });
        let ended = self.record.ended_audiences.iter().map(|ended| AudienceRow {
            audience: ended.audience,
            kind: None,
            readable_until_ms: None,
            locked_at_ms: Some(ended.ended_at_ms),
        });
        listed.chain(ended).collect()
    }

    /// The public audience; `None` before the first run.
    pub(crate) fn public_audience(&self) -> Option<AudienceId> {
        self.audiences()
            .into_iter()
            .find(AudienceRow::is_public)
            .map(|row| row.audience)
    }

    /// The latest of this device's clock, the last signed time and what the clock has shown since (`time`): setting it back opens
    /// nothing.
    pub(crate) fn trusted_time_ms(&self, now_ms: i64) -> i64 {
        let seen = self.record.forgetting.seen_at_ms.unwrap_or(now_ms);
        now_ms
            .max(self.record.head_high_water.issued_at_ms)
            .max(seen)
    }

    pub(crate) fn stand(&self) -> Option<Stand> {
        let head = self.head.as_ref()?;
        Some(Stand {
            synced_at_ms: self.record.last_sync_at_ms.unwrap_or(head.issued_at_ms),
            head_issued_at_ms: head.issued_at_ms,
            head_expires_at_ms: head.expires_at_ms,
        })
    }
}
