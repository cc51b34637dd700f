//! The council model: OParl's objects with OParl's names, plus what OParl lacks (revisions, late papers, villages).
//! Not here: who may read an object. Payloads ignore unknown keys, so that fields can be added. Source: SPEC M1–M4, OParl 1.1.

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::cbor::{CborError, from_cbor_lenient, to_cbor};
use crate::ids::{BlobId, ObjectId};

mod objects;
pub use objects::{
    AgendaItem, Body, Consultation, File, LegislativeTerm, Meeting, Membership, Organization,
    Paper, Person,
};

/// Why a payload is not an object of the model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A kind that a later version brought; to be skipped calmly.
    #[error("object kind {0} is unknown")]
    UnknownKind(u32),
    /// Not the fields of this kind.
    #[error("the payload is not an object of the announced kind")]
    Malformed(#[from] CborError),
    /// The payload's own id is not the id of its entry.
    #[error("the payload belongs to another object")]
    ForeignObject,
}

macro_rules! council_objects {
    ($($number:literal $kind:ident),* $(,)?) => {
        /// Which kind of object; a number in CBOR. Unknown numbers are kept, so that a chain with new kinds verifies.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectKind {
            $(#[doc = concat!("OParl ", stringify!($kind), ".")] $kind,)*
            /// A kind of a later version.
            Unknown(u32),
        }

        impl ObjectKind {
            /// Every kind that this version knows.
            pub const ALL: &'static [ObjectKind] = &[$(ObjectKind::$kind),*];

            /// The number in CBOR and SQL; it never changes.
            pub const fn number(self) -> u32 {
                match self {
                    $(ObjectKind::$kind => $number,)*
                    ObjectKind::Unknown(number) => number,
                }
            }

            /// The kind of a number.
            pub const fn from_number(number: u32) -> Self {
                match number {
                    $($number => ObjectKind::$kind,)*
                    other => ObjectKind::Unknown(other),
                }
            }

            /// OParl's name, `Unknown` for later kinds.
            pub const fn name(self) -> &'static str {
                match self {
                    $(ObjectKind::$kind => stringify!($kind),)*
                    ObjectKind::Unknown(_) => "Unknown",
                }
            }
        }

        /// One object of any kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum CouncilObject {
            $(#[doc = concat!("OParl ", stringify!($kind), ".")] $kind($kind),)*
        }

        impl CouncilObject {
            /// The object's id.
            pub fn id(&self) -> ObjectId {
                match self { $(CouncilObject::$kind(object) => object.id,)* }
            }

            /// The object's kind.
            pub fn kind(&self) -> ObjectKind {
                match self { $(CouncilObject::$kind(_) => ObjectKind::$kind,)* }
            }

            /// The payload to be sealed: the object's own map, without its kind (that stands in the entry header).
            pub fn to_payload(&self) -> Vec<u8> {
                match self { $(CouncilObject::$kind(object) => to_cbor(object),)* }
            }

            /// Reads an opened payload.
            ///
            /// `kind`, `id`: from the entry header. Errors: unknown kind, malformed, `ForeignObject`. Source: SPEC M1–M3.
            pub fn from_payload(kind: ObjectKind, id: ObjectId, payload: &[u8]) -> Result<Self, ModelError> {
                let object = match kind {
                    $(ObjectKind::$kind => CouncilObject::$kind(from_cbor_lenient(payload)?),)*
                    ObjectKind::Unknown(number) => return Err(ModelError::UnknownKind(number)),
                };
                if object.id() == id { Ok(object) } else { Err(ModelError::ForeignObject) }
            }
        }

        $(
            impl From<$kind> for CouncilObject {
                fn from(object: $kind) -> Self {
                    CouncilObject::$kind(object)
                }
            }
        )*
    };
}

council_objects! {
    1 Body,
    2 Organization,
    3 Person,
    4 Membership,
    5 LegislativeTerm,
    6 Meeting,
    7 AgendaItem,
    8 Paper,
    9 Consultation,
    10 File,
}

impl<C> Encode<C> for ObjectKind {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.u32(self.number())?;
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for ObjectKind {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(ObjectKind::from_number(d.u32()?))
    }
}

impl CouncilObject {
    /// The ciphertext that the object names, if it is a file.
    pub fn blob_id(&self) -> Option<BlobId> {
        match self {
            CouncilObject::File(file) => Some(file.blob_id),
            _ => None,
        }
    }
}
