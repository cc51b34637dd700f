//! The device head: what the council says, signed, about every chain that one device may read.
//! Not here: fetching and applying. The check against what the device saw before is pure. Source: SPEC H1–H8.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::cbor::{CborError, from_cbor_exact, to_cbor};
use crate::chain::ChainPosition;
use crate::class_key::KeyEpoch;
use crate::ids::{AudienceId, CouncilId, DeviceId, Hash};
use crate::sign::{Domain, Envelope, PublicKey, SignError, SigningKey, signed_bytes};

/// Whom an audience stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum AudienceKind {
    /// Everyone.
    #[n(0)]
    Public,
    /// Members of an organization in one term.
    #[n(1)]
    Organization,
    /// A village's mayor in one term.
    #[n(2)]
    Village,
}

/// One audience that the device may read, and where its chain stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AudienceHead {
    /// The audience.
    #[n(0)]
    pub id: AudienceId,
    /// Whom it stands for.
    #[n(1)]
    pub kind: AudienceKind,
    /// Position of the last entry.
    #[n(2)]
    pub seq: u64,
    /// Hash of the last entry.
    #[n(3)]
    pub hash: Hash,
    /// The newest class key epoch.
    #[n(4)]
    pub key_epoch: KeyEpoch,
    /// End of access, if it is known; ms UTC.
    #[n(5)]
    pub readable_until_ms: Option<i64>,
}

impl AudienceHead {
    /// Position of the chain.
    pub fn position(&self) -> ChainPosition {
        ChainPosition {
            seq: self.seq,
            hash: self.hash,
        }
    }
}

/// The head of one device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceHead {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// The device it is made for.
    #[n(1)]
    pub device: DeviceId,
    /// The server's generation; rises only when it was restored from a backup.
    #[n(2)]
    pub generation: u32,
    /// Rises with every head that differs.
    #[n(3)]
    pub counter: u64,
    /// When it was made; ms UTC.
    #[n(4)]
    pub issued_at_ms: i64,
    /// Until when the lease runs; ms UTC.
    #[n(5)]
    pub expires_at_ms: i64,
    /// Every audience that the device may read, ascending by id. One that is missing: access ended.
    #[n(6)]
    pub audiences: Vec<AudienceHead>,
    /// When the council office confirmed the device; ms UTC. Absent until then.
    #[n(7)]
    pub confirmed_at_ms: Option<i64>,
}

impl DeviceHead {
    /// Signs with the feed key; audiences are put in order.
    pub fn sign(&self, feed_key: &SigningKey) -> Result<SignedHead, SignError> {
        let mut head = self.clone();
        head.audiences.sort_by_key(|audience| audience.id);
        Envelope::seal(feed_key, Domain::Head, to_cbor(&head)).map(SignedHead)
    }

    /// Whether the lease is over at `now_ms`.
    pub fn is_expired(&self, now_ms: i64) -> bool {
        now_ms >= self.expires_at_ms
    }

    /// The audience, if it is listed.
    pub fn audience(&self, id: &AudienceId) -> Option<&AudienceHead> {
        self.audiences.iter().find(|audience| audience.id == *id)
    }

    /// Identity of the content, to tell two heads with one counter apart.
    pub fn content_hash(&self) -> Hash {
        Hash::of(&to_cbor(self))
    }
}

signed_bytes!(
    /// A signed [`DeviceHead`].
    SignedHead
);

impl SignedHead {
    /// Checks signature, form and addressee.
    ///
    /// `feed_key`, `generation`: from the verified root document; `council`, `device`: the own ones.
    /// Errors: signature, form, `ForeignCouncil`, `ForeignDevice`, `GenerationTooLow`, `GenerationUnknown`, `BadTimes`, `AudiencesNotSorted`.
    /// Source: SPEC H1–H3.
    pub fn verify(
        &self,
        feed_key: &PublicKey,
        council: &CouncilId,
        device: &DeviceId,
        generation: u32,
    ) -> Result<DeviceHead, HeadError> {
        let body = Envelope::open(&self.0, feed_key, Domain::Head)?;
        let head: DeviceHead = from_cbor_exact(&body)?;
        if head.council != *council {
            return Err(HeadError::ForeignCouncil);
        }
        if head.device != *device {
            return Err(HeadError::ForeignDevice);
        }
        if head.generation < generation {
            return Err(HeadError::GenerationTooLow);
        }
        if head.generation > generation {
            return Err(HeadError::GenerationUnknown);
        }
        if head.expires_at_ms <= head.issued_at_ms {
            return Err(HeadError::BadTimes);
        }
        if !head.audiences.is_sorted_by(|a, b| a.id < b.id) {
            return Err(HeadError::AudiencesNotSorted);
        }
        Ok(head)
    }
}

/// Why a head is refused. The old state stays byte for byte.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// Not signed by the feed key, or not readable as an envelope.
    #[error("the head is not signed by this council")]
    Sign(#[from] SignError),
    /// Signed, but not this structure.
    #[error("the head is not readable")]
    Form(#[from] CborError),
    /// Made for another council.
    #[error("the head belongs to another council")]
    ForeignCouncil,
    /// Made for another device.
    #[error("the head belongs to another device")]
    ForeignDevice,
    /// Older generation than known.
    #[error("the head is of an older generation")]
    GenerationTooLow,
    /// Newer generation than the root document vouches for: fetch the root document first.
    #[error("the head is of a generation that the root document does not name")]
    GenerationUnknown,
    /// Lower counter than seen before.
    #[error("the head is older than one seen before")]
    CounterTooLow,
    /// The counter of a head seen before, with other content.
    #[error("two different heads have the same counter")]
    CounterReused,
    /// Ends before it begins.
    #[error("the times of the head are impossible")]
    BadTimes,
    /// Audiences not ascending, or one twice.
    #[error("the audiences of the head are not in order")]
    AudiencesNotSorted,
    /// A chain is shorter than seen before.
    #[error("a chain became shorter")]
    SeqTooLow {
        /// The audience.
        audience: AudienceId,
    },
    /// A chain has the same length and another last entry.
    #[error("a chain has another history")]
    Fork {
        /// The audience.
        audience: AudienceId,
    },
    /// A class key epoch is lower than seen before.
    #[error("a class key epoch went back")]
    EpochTooLow {
        /// The audience.
        audience: AudienceId,
    },
}

/// What one device has seen of an audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AudienceMark {
    /// Highest position seen.
    #[n(0)]
    pub position: ChainPosition,
    /// Highest class key epoch seen.
    #[n(1)]
    pub key_epoch: KeyEpoch,
}

/// The highest things a device has seen from its council; kept in the keyring, never in a cache.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HighWater {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// Highest generation.
    #[n(2)]
    pub generation: u32,
    /// Highest counter in this generation.
    #[n(3)]
    pub counter: u64,
    /// Content of the head with that counter; `None` before the first head.
    #[n(4)]
    pub head_hash: Option<Hash>,
    /// Latest signed time; ms UTC.
    #[n(5)]
    pub issued_at_ms: i64,
    /// Every audience ever seen, also those whose access ended.
    #[n(6)]
    pub audiences: BTreeMap<AudienceId, AudienceMark>,
}

impl HighWater {
    /// Nothing seen yet.
    pub fn new(council: CouncilId, device: DeviceId) -> Self {
        Self {
            council,
            device,
            generation: 0,
            counter: 0,
            head_hash: None,
            issued_at_ms: i64::MIN,
            audiences: BTreeMap::new(),
        }
    }

    /// The marks after `head`, which [`check_successor`] accepted. A new generation forgets the old positions. Source: SPEC H6, H7.
    pub fn advanced(&self, head: &DeviceHead) -> Self {
        let mut audiences = if head.generation > self.generation {
            BTreeMap::new()
        } else {
            self.audiences.clone()
        };
        for audience in &head.audiences {
            let mark = AudienceMark {
                position: audience.position(),
                key_epoch: audience.key_epoch,
            };
            audiences.insert(audience.id, mark);
        }
        Self {
            council: self.council,
            device: self.device,
            generation: head.generation,
            counter: head.counter,
            head_hash: Some(head.content_hash()),
            issued_at_ms: self.issued_at_ms.max(head.issued_at_ms),
            audiences,
        }
    }
}

/// Whether a verified head may follow what was seen before. Pure.
///
/// Errors: `ForeignCouncil`, `ForeignDevice`, `GenerationTooLow`, `CounterTooLow`, `CounterReused`, `SeqTooLow`, `Fork`, `EpochTooLow`.
/// Source: SPEC H3–H7.
pub fn check_successor(old: &HighWater, new: &DeviceHead) -> Result<(), HeadError> {
    if new.council != old.council {
        return Err(HeadError::ForeignCouncil);
    }
    if new.device != old.device {
        return Err(HeadError::ForeignDevice);
    }
    if new.generation < old.generation {
        return Err(HeadError::GenerationTooLow);
    }
    if new.generation > old.generation {
        return Ok(());
    }
    if new.counter < old.counter {
        return Err(HeadError::CounterTooLow);
    }
    if new.counter == old.counter && old.head_hash.is_some_and(|hash| hash != new.content_hash()) {
        return Err(HeadError::CounterReused);
    }
    for audience in &new.audiences {
        let Some(mark) = old.audiences.get(&audience.id) else {
            continue;
        };
        let id = audience.id;
        if audience.seq < mark.position.seq {
            return Err(HeadError::SeqTooLow { audience: id });
        }
        if audience.seq == mark.position.seq && audience.hash != mark.position.hash {
            return Err(HeadError::Fork { audience: id });
        }
        if audience.key_epoch < mark.key_epoch {
            return Err(HeadError::EpochTooLow { audience: id });
        }
    }
    Ok(())
}
