//! The snapshot: what a chain amounts to at one position, for devices that start anew. Signed by the feed key.
//! Its entries are the live ones only, so they have gaps; the chain goes on from its position. Source: SPEC S1–S4.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use crate::cbor::{CborError, from_cbor_exact, to_cbor};
use crate::chain::{ChainError, ChainPosition, Entry, Op, VerifiedEntry, verify_entry};
use crate::ids::{AudienceId, CouncilId, Hash};
use crate::sign::{Domain, PublicKey, SignError, Signature, SigningKey};

/// The live entries of one chain at one position.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Snapshot {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// The audience.
    #[n(1)]
    pub audience: AudienceId,
    /// The server's generation.
    #[n(2)]
    pub generation: u32,
    /// Position of the chain.
    #[n(3)]
    pub seq: u64,
    /// Hash of the entry at that position.
    #[n(4)]
    pub hash: Hash,
    /// The newest upsert of each object that is there, ascending by position.
    #[n(5)]
    pub entries: Vec<Entry>,
}

impl Snapshot {
    /// Position from which the chain goes on.
    pub fn position(&self) -> ChainPosition {
        ChainPosition {
            seq: self.seq,
            hash: self.hash,
        }
    }

    /// Signs the digest with the feed key.
    pub fn sign(self, feed_key: &SigningKey) -> Result<SignedSnapshot, SignError> {
        let body = to_cbor(&self);
        let signature = feed_key.sign(Domain::Snapshot, Hash::of(&body).as_bytes())?;
        Ok(SignedSnapshot {
            version: SNAPSHOT_VERSION,
            body,
            signature,
        })
    }
}

const SNAPSHOT_VERSION: u32 = 1;

/// A signed [`Snapshot`], the answer of `GET /v1/snapshot/{audience}`; the signature covers the SHA-256 of the body.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedSnapshot {
    #[n(0)]
    version: u32,
    #[cbor(n(1), with = "minicbor::bytes")]
    body: Vec<u8>,
    #[n(2)]
    signature: Signature,
}

impl std::fmt::Debug for SignedSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedSnapshot({} bytes)", self.body.len())
    }
}

/// Why a snapshot is refused.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Not signed by the feed key.
    #[error("the snapshot is not signed by this council")]
    Sign(#[from] SignError),
    /// Not this structure.
    #[error("the snapshot is not readable")]
    Form(#[from] CborError),
    /// Another council, audience or generation than asked for.
    #[error("the snapshot is not the one that was asked for")]
    Foreign,
    /// An entry is not valid.
    #[error("an entry of the snapshot is not valid")]
    Entry(#[from] ChainError),
    /// Entries not ascending, after the position, tombstones, or an object twice.
    #[error("the entries of the snapshot contradict each other")]
    Contradiction,
}

/// A verified snapshot, ready to be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSnapshot {
    /// Where the chain goes on.
    pub position: ChainPosition,
    /// The live entries.
    pub entries: Vec<VerifiedEntry>,
}

impl SignedSnapshot {
    /// Bytes for the wire.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_cbor(self)
    }

    /// Reads bytes from the wire; nothing is verified yet.
    ///
    /// Errors: malformed, not deterministic, unknown version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CborError> {
        crate::cbor::check_version(bytes, SNAPSHOT_VERSION)?;
        from_cbor_exact(bytes)
    }

    /// Checks signature, addressee and every entry.
    ///
    /// The caller then verifies the chain from the snapshot's position up to the head.
    /// Errors: see [`SnapshotError`]. Source: SPEC S1–S4.
    pub fn verify(
        &self,
        feed_key: &PublicKey,
        council: &CouncilId,
        audience: &AudienceId,
        generation: u32,
    ) -> Result<VerifiedSnapshot, SnapshotError> {
        feed_key.verify(
            Domain::Snapshot,
            Hash::of(&self.body).as_bytes(),
            &self.signature,
        )?;
        let snapshot: Snapshot = from_cbor_exact(&self.body)?;
        if snapshot.council != *council
            || snapshot.audience != *audience
            || snapshot.generation != generation
        {
            return Err(SnapshotError::Foreign);
        }
        let position = snapshot.position();
        let mut last_seq = 0;
        let mut seen = BTreeSet::new();
        let mut entries = Vec::with_capacity(snapshot.entries.len());
        for entry in snapshot.entries {
            let one = verify_entry(*audience, entry)?;
            let header = &one.header;
            let is_in_order = header.seq > last_seq && header.seq <= position.seq;
            let is_at_end = header.seq == position.seq;
            if !is_in_order
                || header.op == Op::Tombstone
                || (is_at_end && one.hash != position.hash)
                || !seen.insert((header.object_kind, header.object))
            {
                return Err(SnapshotError::Contradiction);
            }
            last_seq = header.seq;
            entries.push(one);
        }
        Ok(VerifiedSnapshot { position, entries })
    }
}
