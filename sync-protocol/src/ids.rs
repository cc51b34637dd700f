//! Identifiers: newtypes over bytes, random at the server (unguessable), or SHA-256 of content.
//! They are byte strings in CBOR and lower-case hex in text.

use std::fmt;
use std::str::FromStr;

use crate::cbor::cbor_fixed_bytes;
use crate::primitive::{RandomUnavailable, make_random, sha256};

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Another number of characters or bytes.
    #[error("an id of {expected} bytes was expected")]
    WrongLength {
        /// Expected length in bytes.
        expected: usize,
    },
    /// A character that is no hex digit.
    #[error("an id has only hex digits")]
    NotHex,
}

/// Lower-case hex of `bytes`.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().copied().flat_map(hex_digits).collect()
}

/// The two lower-case digits of a byte.
fn hex_digits(byte: u8) -> [char; 2] {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0');
    [digit(byte >> 4), digit(byte & 15)]
}

/// Writes `bytes` as lower-case hex, in one piece: a list of notes shows ten thousand ids.
///
/// Errors: those of the formatter.
pub fn write_hex<const N: usize>(bytes: &[u8; N], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [[0u8; 2]; N];
    for (pair, byte) in text.iter_mut().zip(bytes) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    f.write_str(std::str::from_utf8(text.as_flattened()).map_err(|_| fmt::Error)?)
}

/// Bytes of a hex text, either case.
///
/// Errors: another length than `2 * N`, or a character that is no hex digit.
pub fn from_hex<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let mut out = [0u8; N];
    if text.len() != 2 * N {
        return Err(IdError::WrongLength { expected: N });
    }
    let mut digits = text.chars().map(|c| c.to_digit(16).ok_or(IdError::NotHex));
    for byte in &mut out {
        let (Some(high), Some(low)) = (digits.next(), digits.next()) else {
            return Err(IdError::NotHex);
        };
        *byte = u8::try_from(high? * 16 + low?).map_err(|_| IdError::NotHex)?;
    }
    Ok(out)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// An id of known bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = IdError;

            fn try_from(bytes: &[u8]) -> Result<Self, IdError> {
                bytes.try_into().map(Self).map_err(|_| IdError::WrongLength { expected: $len })
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(", stringify!($name))?;
                for byte in self.0.iter().take(4) {
                    write!(f, "{byte:02x}")?;
                }
                f.write_str("…)")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                from_hex(text).map(Self)
            }
        }

        cbor_fixed_bytes!($name);
    };
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        id!($(#[$doc])* $name, 16);

        impl $name {
            /// Makes a random, unguessable id.
            ///
            /// Errors: no randomness.
            pub fn make() -> Result<Self, RandomUnavailable> {
                make_random().map(Self)
            }
        }
    };
}

random_id!(
    /// One council: one server process, one root key.
    CouncilId
);
random_id!(
    /// One paired tablet.
    DeviceId
);
random_id!(
    /// One circle of readers with one chain and one class key per epoch.
    AudienceId
);
random_id!(
    /// One object of the council model.
    ObjectId
);
random_id!(
    /// One person in a faction; given by who invites her, and never used again after she has left.
    UserId
);
random_id!(
    /// One device, or one paper key, in a faction; another id than the one it is paired with at the council.
    FactionDeviceId
);
random_id!(
    /// One thing in a faction: a shared note or mark, a thread, a position, a task.
    ItemId
);
id!(
    /// One faction space: the hash of its genesis link, so nobody can show another beginning under the same name.
    FactionId,
    32
);
id!(
    /// One invitation to pair; derived from its code, so it can travel while the code does not.
    InvitationId,
    16
);
id!(
    /// SHA-256 of a ciphertext file.
    BlobId,
    32
);
id!(
    /// SHA-256 of something hashed.
    Hash,
    32
);

impl Hash {
    /// 32 zero bytes: `prev` of the first entry of a chain.
    pub const ZERO: Hash = Hash([0; 32]);

    /// SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha256(&[bytes]))
    }
}

impl BlobId {
    /// SHA-256 of a whole ciphertext in memory.
    pub fn of(ciphertext: &[u8]) -> Self {
        Self(sha256(&[ciphertext]))
    }
}
