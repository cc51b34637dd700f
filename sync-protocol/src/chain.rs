//! The hash chain of an audience: entries of upserts and tombstones without gaps, and their verification.
//! An entry hashes its header; the header holds the hashes of the sealed payload and wrapped key, so both can be erased
//! while the chain stays verifiable. Not here: storage, keys, applying. Source: SPEC C1–C8.

use minicbor::{Decode, Encode};

use crate::cbor::{CborError, from_versioned, to_versioned};
use crate::class_key::{EntryContext, KeyEpoch};
use crate::ids::{AudienceId, BlobId, CouncilId, Hash, ObjectId};
use crate::model::ObjectKind;
use crate::primitive::sha256;

/// Most entries of one page.
pub const MAX_PAGE_ENTRIES: usize = 1000;

const HEADER_VERSION: u32 = 1;
const ENTRY_DOMAIN: &[u8] = b"ratsmappe/entry/1\0";

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Op {
    /// The object is there, with this payload.
    #[n(0)]
    Upsert,
    /// The object is gone from this audience.
    #[n(1)]
    Tombstone,
}

/// The hashed part of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EntryHeader {
    /// The audience whose chain this is.
    #[n(0)]
    pub audience: AudienceId,
    /// Position, from 1 without gaps.
    #[n(1)]
    pub seq: u64,
    /// Hash of the entry before; [`Hash::ZERO`] at position 1.
    #[n(2)]
    pub prev: Hash,
    /// Upsert or tombstone.
    #[n(3)]
    pub op: Op,
    /// Kind of the object.
    #[n(4)]
    pub object_kind: ObjectKind,
    /// The object.
    #[n(5)]
    pub object: ObjectId,
    /// Revision of the object.
    #[n(6)]
    pub revision: u32,
    /// Epoch of the class key that sealed payload and file key.
    #[n(7)]
    pub key_epoch: KeyEpoch,
    /// SHA-256 of the sealed payload; of the empty string for a tombstone.
    #[n(8)]
    pub payload_hash: Hash,
    /// SHA-256 of the wrapped file key, if the entry has one.
    #[n(9)]
    pub wrapped_key_hash: Option<Hash>,
    /// Ciphertext of the file, if the object is one.
    #[n(10)]
    pub blob_id: Option<BlobId>,
}

impl EntryHeader {
    /// The deterministic bytes that are hashed and sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_versioned(HEADER_VERSION, self)
    }

    /// Reads header bytes.
    ///
    /// Errors: malformed, not deterministic, unknown version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CborError> {
        from_versioned(HEADER_VERSION, bytes)
    }

    /// The context that the payload is sealed in.
    pub fn context(&self, council: CouncilId) -> EntryContext {
        EntryContext {
            council,
            audience: self.audience,
            object_kind: self.object_kind,
            object: self.object,
            revision: self.revision,
            key_epoch: self.key_epoch,
        }
    }
}

/// Hash of an entry: SHA-256 over a domain string and the header bytes.
pub fn entry_hash(header_bytes: &[u8]) -> Hash {
    Hash::from_bytes(sha256(&[ENTRY_DOMAIN, header_bytes]))
}

/// An entry as it is stored and sent.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// Bytes of the [`EntryHeader`].
    #[cbor(n(0), with = "minicbor::bytes")]
    pub header_bytes: Vec<u8>,
    /// The sealed payload; `None` when erased, and for a tombstone.
    #[cbor(n(1), with = "crate::cbor::optional_bytes", has_nil)]
    pub sealed_payload: Option<Vec<u8>>,
    /// The wrapped file key; `None` when erased, and where the object is no file.
    #[cbor(n(2), with = "crate::cbor::optional_bytes", has_nil)]
    pub wrapped_file_key: Option<Vec<u8>>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({:?})", entry_hash(&self.header_bytes))
    }
}

/// A place in a chain: how many entries, and the hash of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChainPosition {
    /// Position of the last entry; 0 = none.
    #[n(0)]
    pub seq: u64,
    /// Hash of the last entry; [`Hash::ZERO`] = none.
    #[n(1)]
    pub hash: Hash,
}

impl ChainPosition {
    /// The empty chain.
    pub const START: ChainPosition = ChainPosition {
        seq: 0,
        hash: Hash::ZERO,
    };
}

/// What the server wants to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDraft {
    /// Upsert or tombstone.
    pub op: Op,
    /// Kind of the object.
    pub object_kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// Revision of the object.
    pub revision: u32,
    /// Epoch of the class key used.
    pub key_epoch: KeyEpoch,
    /// Ciphertext of the file, if the object is one.
    pub blob_id: Option<BlobId>,
    /// The sealed payload; `None` for a tombstone.
    pub sealed_payload: Option<Vec<u8>>,
    /// The wrapped file key, if the object is a file.
    pub wrapped_file_key: Option<Vec<u8>>,
}

/// Makes the entry that follows `at`, and the position after it.
///
/// Errors: `PayloadMismatch` when an upsert has no payload or a tombstone has one; `SeqExhausted`. Source: SPEC C1, C2, C5.
pub fn make_entry(
    audience: AudienceId,
    at: &ChainPosition,
    draft: EntryDraft,
) -> Result<(Entry, ChainPosition), ChainError> {
    let seq = at.seq.checked_add(1).ok_or(ChainError::SeqExhausted)?;
    let header = EntryHeader {
        audience,
        seq,
        prev: at.hash,
        op: draft.op,
        object_kind: draft.object_kind,
        object: draft.object,
        revision: draft.revision,
        key_epoch: draft.key_epoch,
        payload_hash: Hash::of(draft.sealed_payload.as_deref().unwrap_or_default()),
        wrapped_key_hash: draft.wrapped_file_key.as_deref().map(Hash::of),
        blob_id: draft.blob_id,
    };
    check_shape(&header)?;
    if draft.sealed_payload.is_some() != (draft.op == Op::Upsert) {
        return Err(ChainError::PayloadMismatch { seq });
    }
    let header_bytes = header.to_bytes();
    let position = ChainPosition {
        seq,
        hash: entry_hash(&header_bytes),
    };
    let entry = Entry {
        header_bytes,
        sealed_payload: draft.sealed_payload,
        wrapped_file_key: draft.wrapped_file_key,
    };
    Ok((entry, position))
}

/// Why a run of entries is refused. Nothing of it may be applied.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// A header is not readable.
    #[error("the header of an entry is not readable")]
    Header(#[from] CborError),
    /// An entry of another audience.
    #[error("entry {seq} belongs to another audience")]
    ForeignAudience {
        /// Position.
        seq: u64,
    },
    /// A position is missing or comes twice.
    #[error("entry {expected} was expected, {found} came")]
    Gap {
        /// Expected position.
        expected: u64,
        /// Found position.
        found: u64,
    },
    /// An entry does not follow the one before.
    #[error("entry {seq} does not follow the one before")]
    BrokenLink {
        /// Position.
        seq: u64,
    },
    /// Payload or wrapped key are not the ones of the header.
    #[error("the content of entry {seq} is not the one of its header")]
    PayloadMismatch {
        /// Position.
        seq: u64,
    },
    /// Header fields that cannot be together.
    #[error("entry {seq} contradicts itself")]
    Contradiction {
        /// Position.
        seq: u64,
    },
    /// More entries than the head lists.
    #[error("entries come after the position of the head")]
    BeyondHead,
    /// Fewer entries than the head lists.
    #[error("entries are missing up to the position of the head")]
    Incomplete,
    /// Same length, another history.
    #[error("the chain is another one than the head lists")]
    Fork,
    /// No position is left.
    #[error("the chain has no further position")]
    SeqExhausted,
}

/// An entry that was verified against its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEntry {
    /// The decoded header.
    pub header: EntryHeader,
    /// The entry's hash.
    pub hash: Hash,
    /// The entry as it came.
    pub entry: Entry,
}

impl VerifiedEntry {
    /// Whether the server has erased what the entry once held (depublication).
    pub fn is_erased(&self) -> bool {
        self.header.op == Op::Upsert && self.entry.sealed_payload.is_none()
    }
}

/// Verifies a page of entries that follow `from`; the page may end before the head's position.
///
/// Result: the entries and the position after them. Errors: see [`ChainError`]. Source: SPEC C3–C7.
pub fn verify_page(
    audience: AudienceId,
    from: &ChainPosition,
    entries: Vec<Entry>,
) -> Result<(Vec<VerifiedEntry>, ChainPosition), ChainError> {
    let mut at = *from;
    let mut verified = Vec::with_capacity(entries.len());
    for entry in entries {
        let one = verify_entry(audience, entry)?;
        let expected = at.seq.checked_add(1).ok_or(ChainError::SeqExhausted)?;
        if one.header.seq != expected {
            return Err(ChainError::Gap {
                expected,
                found: one.header.seq,
            });
        }
        if one.header.prev != at.hash {
            return Err(ChainError::BrokenLink { seq: expected });
        }
        at = ChainPosition {
            seq: expected,
            hash: one.hash,
        };
        verified.push(one);
    }
    Ok((verified, at))
}

/// Verifies the entries from one position exactly to another.
///
/// Errors: as [`verify_page`], and `Incomplete`, `BeyondHead`, `Fork`. Source: SPEC C3–C8.
pub fn verify_run(
    audience: AudienceId,
    from: &ChainPosition,
    entries: Vec<Entry>,
    to: &ChainPosition,
) -> Result<Vec<VerifiedEntry>, ChainError> {
    let (verified, at) = verify_page(audience, from, entries)?;
    check_arrived(&at, to)?;
    Ok(verified)
}

/// Whether the position reached is the one that the head lists; for runs verified page by page.
///
/// Errors: `Incomplete`, `BeyondHead`, `Fork`. Source: SPEC C8.
pub fn check_arrived(at: &ChainPosition, to: &ChainPosition) -> Result<(), ChainError> {
    match at.seq.cmp(&to.seq) {
        std::cmp::Ordering::Less => Err(ChainError::Incomplete),
        std::cmp::Ordering::Greater => Err(ChainError::BeyondHead),
        std::cmp::Ordering::Equal if at.hash != to.hash => Err(ChainError::Fork),
        std::cmp::Ordering::Equal => Ok(()),
    }
}

/// Verifies one entry by itself: header, audience, content hashes. Links are the caller's.
pub(crate) fn verify_entry(
    audience: AudienceId,
    entry: Entry,
) -> Result<VerifiedEntry, ChainError> {
    let header = EntryHeader::from_bytes(&entry.header_bytes)?;
    let seq = header.seq;
    if header.audience != audience {
        return Err(ChainError::ForeignAudience { seq });
    }
    check_shape(&header)?;
    let payload_fits = match (&entry.sealed_payload, header.op) {
        (Some(payload), Op::Upsert) => Hash::of(payload) == header.payload_hash,
        (Some(_), Op::Tombstone) => false,
        (None, _) => true,
    };
    let key_fits = match (&entry.wrapped_file_key, header.wrapped_key_hash) {
        (Some(key), Some(hash)) => Hash::of(key) == hash,
        (Some(_), None) => false,
        (None, _) => true,
    };
    if !payload_fits || !key_fits {
        return Err(ChainError::PayloadMismatch { seq });
    }
    let hash = entry_hash(&entry.header_bytes);
    Ok(VerifiedEntry {
        header,
        hash,
        entry,
    })
}

fn check_shape(header: &EntryHeader) -> Result<(), ChainError> {
    let is_contradictory = header.seq == 0
        || (header.op == Op::Tombstone
            && (header.payload_hash != Hash::of(&[])
                || header.wrapped_key_hash.is_some()
                || header.blob_id.is_some()))
        || header.wrapped_key_hash.is_some() != header.blob_id.is_some();
    if is_contradictory {
        Err(ChainError::Contradiction { seq: header.seq })
    } else {
        Ok(())
    }
}

/// The answer of `GET /v1/chain/{audience}`. Read exactly, as an absent payload means that it was erased (SPEC C7).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChainPage {
    /// Entries in order, at most [`MAX_PAGE_ENTRIES`].
    #[n(0)]
    pub entries: Vec<Entry>,
}

impl ChainPage {
    /// Bytes for the wire.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::cbor::to_cbor(self)
    }

    /// Reads bytes from the wire; nothing is verified yet.
    ///
    /// Errors: malformed, not deterministic.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CborError> {
        crate::cbor::from_cbor_exact(bytes)
    }
}
