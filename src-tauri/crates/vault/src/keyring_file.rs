//! What the keyring file holds, and its sealed form. Not how it is changed (see `keyring`).

use crate::secret::{SecretError, SecretKey};
use minicbor::{Decode, Encode};
use std::fmt;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::head::{HighWater, SignedHead};
use sync_protocol::ids::{AudienceId, CouncilId, DeviceId, ObjectId};
use sync_protocol::root::SignedRoot;
use sync_protocol::sign::PublicKey;
use zeroize::Zeroizing;

const MAGIC: &[u8; 8] = b"RMKEYR\0\x01";
/// Rises with every new field: an older app that does not know a field would drop it when it writes.
const VERSION: u32 = 1;

/// A council that this device is paired with, and all that must not be lost with its cache.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CouncilRecord {
    /// Its id.
    #[n(0)]
    pub council: CouncilId,
    /// Its name, for the member.
    #[n(1)]
    pub name: String,
    /// Whom the device belongs to.
    #[n(2)]
    pub person_name: String,
    /// Where its server is: an https address.
    #[n(3)]
    pub address: String,
    /// The pinned root key.
    #[n(4)]
    pub root_key: PublicKey,
    /// This device, as the council knows it.
    #[n(5)]
    pub device: DeviceId,
    /// The newest root document that was accepted.
    #[n(6)]
    pub signed_root: SignedRoot,
    /// The highest things seen: nothing below is accepted any more.
    #[n(7)]
    pub head_high_water: HighWater,
    /// The newest head that was accepted.
    #[n(8)]
    pub signed_head: Option<SignedHead>,
    /// Whether the council office has confirmed the four words.
    #[n(9)]
    pub confirmed: bool,
    /// The four words of the pairing; empty once they are confirmed.
    #[n(10)]
    pub confirm_words: Vec<String>,
    /// Whether the council has revoked this device.
    #[n(11)]
    pub revoked: bool,
    /// When the device was paired, ms UTC.
    #[n(12)]
    pub paired_at_ms: i64,
    /// When the last synchronisation ended well, ms UTC.
    #[n(13)]
    pub last_sync_at_ms: Option<i64>,
    /// Audiences whose access has ended and whose keys await deletion.
    #[n(14)]
    pub ended_audiences: Vec<EndedAudience>,
    /// What forgetting needs to know, and what it did.
    #[cbor(n(15), default)]
    pub forgetting: Forgetting,
}

/// What forgetting needs to know of the time, and what it did; no content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Forgetting {
    /// The latest time of this device's clock that was believed since the last signed head, ms UTC.
    #[n(0)]
    pub seen_at_ms: Option<i64>,
    /// A time of this device's clock far beyond it, not believed yet, ms UTC.
    #[n(1)]
    pub claimed_at_ms: Option<i64>,
    /// What was deleted, oldest first.
    #[cbor(n(2), default)]
    pub deletions: Vec<Deletion>,
}

/// An audience whose keys and content were deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Deletion {
    /// The audience.
    #[n(0)]
    pub audience: AudienceId,
    /// When, ms UTC.
    #[n(1)]
    pub at_ms: i64,
    /// Why.
    #[n(2)]
    pub cause: DeletionCause,
    /// The organization whose it was, if all its meetings were of one. Its name stands in the public chain.
    #[n(3)]
    pub organization: Option<ObjectId>,
}

/// Why an audience was deleted. The numbers stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum DeletionCause {
    /// The office ended access.
    #[n(0)]
    Ended,
    /// Nothing was heard from the council for longer than its lease.
    #[n(1)]
    Lapsed,
    /// The office revoked the device.
    #[n(2)]
    Revoked,
}

/// An audience that is locked and will be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EndedAudience {
    /// The audience.
    #[n(0)]
    pub audience: AudienceId,
    /// When its access ended, ms UTC.
    #[n(1)]
    pub ended_at_ms: i64,
}

impl fmt::Debug for CouncilRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CouncilRecord")
            .field("council", &self.council)
            .finish_non_exhaustive()
    }
}

/// A council with the private halves of this device's keys for it.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct CouncilEntry {
    #[n(0)]
    pub(crate) record: CouncilRecord,
    #[cbor(n(1), with = "key_bytes")]
    pub(crate) signing_key: SecretKey,
    #[cbor(n(2), with = "key_bytes")]
    pub(crate) box_key: SecretKey,
}

/// A class key with its place. The entries of an audience stand in the order in which they were received.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct ClassKeyEntry {
    #[n(0)]
    pub(crate) council: CouncilId,
    #[n(1)]
    pub(crate) audience: AudienceId,
    #[n(2)]
    pub(crate) epoch: KeyEpoch,
    #[cbor(n(3), with = "key_bytes")]
    pub(crate) key: SecretKey,
}

/// Everything in the keyring.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct KeyringContent {
    #[n(0)]
    version: u32,
    #[n(1)]
    pub(crate) councils: Vec<CouncilEntry>,
    #[n(2)]
    pub(crate) class_keys: Vec<ClassKeyEntry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyringFileError {
    #[error("the keyring file is damaged")]
    Damaged,
    #[error("the keyring file is of a newer version")]
    TooNew,
    #[error(transparent)]
    Secret(SecretError),
}

impl KeyringContent {
    pub(crate) fn new() -> Self {
        Self {
            version: VERSION,
            councils: Vec::new(),
            class_keys: Vec::new(),
        }
    }

    // Meets: O.Auth_13
    /// `magic and version · AES-256-GCM(CBOR)`.
    pub(crate) fn seal(&self, key: &SecretKey) -> Result<Vec<u8>, KeyringFileError> {
        // Room for all of it: a growing buffer would leave unwiped copies of the keys behind.
        let mut count = ByteCount(0);
        minicbor::encode(self, &mut count).map_err(|_| KeyringFileError::Damaged)?;
        let mut plain = Zeroizing::new(Vec::with_capacity(count.0));
        minicbor::encode(self, &mut *plain).map_err(|_| KeyringFileError::Damaged)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&key.seal(MAGIC, &plain).map_err(KeyringFileError::Secret)?);
        Ok(bytes)
    }

    pub(crate) fn open(key: &SecretKey, bytes: &[u8]) -> Result<Self, KeyringFileError> {
        let sealed = bytes.strip_prefix(MAGIC).ok_or(KeyringFileError::Damaged)?;
        let plain = key.open(MAGIC, sealed).map_err(|error| match error {
            SecretError::DoesNotOpen => KeyringFileError::Damaged,
            SecretError::Unavailable => KeyringFileError::Secret(error),
        })?;
        #[derive(Decode)]
        #[cbor(map)]
        struct Versioned {
            #[n(0)]
            version: u32,
        }
        let Versioned { version } =
            minicbor::decode(&plain).map_err(|_| KeyringFileError::Damaged)?;
        if version > VERSION {
            return Err(KeyringFileError::TooNew);
        }
        minicbor::decode(&plain).map_err(|_| KeyringFileError::Damaged)
    }
}

/// Counts the bytes of an encoding and keeps none.
struct ByteCount(usize);

impl minicbor::encode::Write for ByteCount {
    type Error = std::convert::Infallible;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.0 += bytes.len();
        Ok(())
    }
}

/// `#[cbor(with = "key_bytes")]`: 32 secret bytes as a byte string.
mod key_bytes {
    use crate::secret::SecretKey;
    use minicbor::decode::{Decoder, Error as DecodeError};
    use minicbor::encode::{Encoder, Error as EncodeError, Write};

    pub(super) fn encode<C, W: Write>(
        key: &SecretKey,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        e.bytes(key.bytes())?;
        Ok(())
    }

    pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<SecretKey, DecodeError> {
        let position = d.position();
        let bytes: &[u8; 32] = d
            .bytes()?
            .try_into()
            .map_err(|_| DecodeError::message("a key of another length").at(position))?;
        Ok(SecretKey::from_bytes(bytes))
    }
}
