//! The inner seal: what is shared about something nonpublic is sealed under the class key of that paper first.
//! Whoever may not read the paper carries bytes; when the class key is forgotten, so is the share. Source: SPEC F19.

use minicbor::{Decode, Encode};

use crate::cbor::to_cbor;
use crate::class_key::{ClassKey, ClassKeyError, KeyEpoch, open_local, seal_local};
use crate::ids::{AudienceId, CouncilId, FactionId, ItemId};

/// Purpose under the class key (rule A4).
const PURPOSE: &str = "faction/share";

/// Sealed bytes with the class key they need.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Inner {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// Whose class key.
    #[n(1)]
    pub audience: AudienceId,
    /// Its epoch.
    #[n(2)]
    pub epoch: KeyEpoch,
    /// Sealed by A4.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inner({:?}, {:?})", self.audience, self.epoch)
    }
}

/// What the inner seal binds beside the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InnerPlace {
    /// The space.
    #[n(0)]
    pub faction: FactionId,
    /// The item.
    #[n(1)]
    pub item: ItemId,
    /// Its kind.
    #[n(2)]
    pub kind: u32,
}

#[derive(Encode)]
#[cbor(map)]
struct InnerContext {
    #[n(0)]
    place: InnerPlace,
    #[n(1)]
    council: CouncilId,
    #[n(2)]
    audience: AudienceId,
    #[n(3)]
    epoch: KeyEpoch,
}

/// Seals `plain` under the class key of the paper it is about.
///
/// Errors: no randomness, too long.
pub fn seal_inner(
    key: &ClassKey,
    place: InnerPlace,
    council: CouncilId,
    audience: AudienceId,
    epoch: KeyEpoch,
    plain: &[u8],
) -> Result<Inner, ClassKeyError> {
    let context = InnerContext {
        place,
        council,
        audience,
        epoch,
    };
    Ok(Inner {
        council,
        audience,
        epoch,
        sealed: seal_local(key, PURPOSE, &to_cbor(&context), plain)?,
    })
}

/// Opens what [`seal_inner`] sealed in the same place.
///
/// Errors: too short, unknown version, `DoesNotOpen`.
pub fn open_inner(
    key: &ClassKey,
    place: InnerPlace,
    inner: &Inner,
) -> Result<Vec<u8>, ClassKeyError> {
    let context = InnerContext {
        place,
        council: inner.council,
        audience: inner.audience,
        epoch: inner.epoch,
    };
    open_local(key, PURPOSE, &to_cbor(&context), &inner.sealed)
}
