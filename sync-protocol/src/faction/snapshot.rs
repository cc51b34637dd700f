//! The snapshot of a space: what its envelopes amount to up to a position of each author, made by one of its devices so that a
//! new one needs seconds. It is its maker's word: whoever takes it trusts that device for what came before. Source: SPEC F25, F26.

use minicbor::{Decode, Encode};

use super::MAX_SNAPSHOT_LEN;
use super::content::{ContentError, Item, check_items};
use super::device::DeviceKind;
use super::envelope::AuthorPosition;
use super::roster::Roster;
use super::seed::{Epoch, EpochSeed, SealError};
use crate::cbor::{CborError, check_version, from_cbor_exact, from_cbor_lenient, to_cbor};
use crate::ids::{FactionDeviceId, FactionId, Hash};
use crate::sign::{Domain, SignError, Signature, SigningKey};

const LABEL: &[u8] = b"ratsmappe/faction/snapshot/1";
const VERSION: u32 = 1;

/// How far an author is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Covered {
    /// The author.
    #[n(0)]
    pub device: FactionDeviceId,
    /// Up to here.
    #[n(1)]
    pub position: AuthorPosition,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct SnapshotHeader {
    #[n(0)]
    faction: FactionId,
    #[n(1)]
    device: FactionDeviceId,
    #[n(2)]
    head: Hash,
    #[n(3)]
    epoch: Epoch,
    #[n(4)]
    covered: Vec<Covered>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct SnapshotBody {
    #[n(0)]
    header: SnapshotHeader,
    #[cbor(n(1), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

/// An item with who said it last, and when.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeptItem {
    /// The item.
    #[n(0)]
    pub item: Item,
    /// The device that said it.
    #[n(1)]
    pub author: FactionDeviceId,
    /// Number of the envelope it was said in.
    #[n(2)]
    pub counter: u64,
    /// When it was written; the author's clock, ms UTC.
    #[n(3)]
    pub at_ms: i64,
}

/// What all envelopes up to the positions amount to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Kept {
    /// Items; an edit may stand for many.
    #[n(0)]
    pub items: Vec<KeptItem>,
}

/// A signed snapshot; the signature covers SHA-256 of the body.
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

/// Why a snapshot is refused, or was not made.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Longer than a snapshot may be.
    #[error("the snapshot is too long")]
    TooLong,
    /// Not this structure, or of a version that this program does not know.
    #[error("the snapshot is not readable")]
    Form(#[from] CborError),
    /// Another space.
    #[error("the snapshot belongs to another space")]
    ForeignFaction,
    /// The roster does not hold its maker, now.
    #[error("the maker of the snapshot does not belong to the roster")]
    NotInRoster,
    /// Not signed by the device that it names.
    #[error("the snapshot is not signed by its maker")]
    Sign(#[from] SignError),
    /// It names a link that is not known here, or one at which its maker was not there.
    #[error("the snapshot names a roster that is not known here")]
    UnknownHead,
    /// Sealed under another epoch than the one that counted then.
    #[error("the snapshot is sealed under an epoch that did not count then")]
    WrongEpoch,
    /// Positions not ascending, of devices that are unknown, or beyond the cut of a removed one.
    #[error("the positions of the snapshot contradict the roster")]
    WrongPositions,
    /// It covers less of an author than is known here, or another history.
    #[error("the snapshot does not reach what is known here")]
    Behind,
    /// It does not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Its items are not readable.
    #[error(transparent)]
    Content(#[from] ContentError),
}

/// Makes a snapshot.
///
/// `covered`: what was followed; it is put in order. Errors: `TooLong`, `NotInRoster`, [`SealError`], [`SignError`]. Source: SPEC F25.
pub fn make_snapshot(
    roster: &Roster,
    seed: &EpochSeed,
    device: FactionDeviceId,
    key: &SigningKey,
    mut covered: Vec<Covered>,
    kept: &Kept,
) -> Result<SignedSnapshot, SnapshotError> {
    let is_there = roster
        .device(&device)
        .is_some_and(|held| held.removal.is_none());
    if !is_there || roster.is_rotation_due() {
        return Err(SnapshotError::NotInRoster);
    }
    if roster.commitment(roster.epoch()) != Some(seed.commitment()) {
        return Err(SnapshotError::WrongEpoch);
    }
    covered.sort_by_key(|one| one.device);
    let header = SnapshotHeader {
        faction: roster.faction(),
        device,
        head: roster.head().hash,
        epoch: roster.epoch(),
        covered,
    };
    let sealed = seed.seal_padded(LABEL, &to_cbor(&header), &to_cbor(kept))?;
    let body = to_cbor(&SnapshotBody { header, sealed });
    if body.len() > MAX_SNAPSHOT_LEN {
        return Err(SnapshotError::TooLong);
    }
    let signature = key.sign(Domain::FactionSnapshot, Hash::of(&body).as_bytes())?;
    Ok(SignedSnapshot {
        version: VERSION,
        body,
        signature,
    })
}

/// A snapshot whose maker and positions hold; its content is still sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSnapshot {
    /// Its maker.
    pub device: FactionDeviceId,
    /// The epoch whose seed opens it.
    pub epoch: Epoch,
    /// How far each author is covered, ascending by device.
    pub covered: Vec<Covered>,
    header: Vec<u8>,
    sealed: Vec<u8>,
}

impl SignedSnapshot {
    /// Bytes for the wire.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_cbor(self)
    }

    /// Reads bytes from the wire; nothing is verified yet.
    ///
    /// Errors: `TooLong`, `Form`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SnapshotError> {
        if bytes.len() > MAX_SNAPSHOT_LEN {
            return Err(SnapshotError::TooLong);
        }
        check_version(bytes, VERSION)?;
        Ok(from_cbor_exact(bytes)?)
    }

    /// Checks maker, signature, roster and positions.
    ///
    /// `seen`: how far an author was followed here. Errors: see [`SnapshotError`]. Source: SPEC F25, F26.
    pub fn verify(
        &self,
        roster: &Roster,
        seen: impl Fn(&FactionDeviceId) -> AuthorPosition,
    ) -> Result<VerifiedSnapshot, SnapshotError> {
        let SnapshotBody { header, sealed } = from_cbor_exact(&self.body)?;
        if header.faction != roster.faction() {
            return Err(SnapshotError::ForeignFaction);
        }
        let maker = roster
            .device(&header.device)
            .filter(|maker| maker.removal.is_none())
            .filter(|maker| maker.record.claim.kind == DeviceKind::Tablet)
            .ok_or(SnapshotError::NotInRoster)?;
        maker.record.claim.sign.verify(
            Domain::FactionSnapshot,
            Hash::of(&self.body).as_bytes(),
            &self.signature,
        )?;
        let then = roster
            .state_at(&header.head)
            .filter(|then| maker.added_at <= then.seq && !then.is_rotation_due)
            .ok_or(SnapshotError::UnknownHead)?;
        if header.epoch != then.epoch {
            return Err(SnapshotError::WrongEpoch);
        }
        check_positions(roster, &header.covered)?;
        for device in roster.devices() {
            let device = device.record.claim.device;
            let known = seen(&device);
            let covered = header.covered.iter().find(|one| one.device == device);
            let covered = covered.map_or(AuthorPosition::START, |one| one.position);
            let is_same = covered.counter == known.counter && covered.hash == known.hash;
            if covered.counter <= known.counter && !is_same {
                return Err(SnapshotError::Behind);
            }
        }
        Ok(VerifiedSnapshot {
            device: header.device,
            epoch: header.epoch,
            covered: header.covered.clone(),
            header: to_cbor(&header),
            sealed,
        })
    }
}

fn check_positions(roster: &Roster, covered: &[Covered]) -> Result<(), SnapshotError> {
    let is_ascending = covered.is_sorted_by(|a, b| a.device < b.device);
    let are_known = covered.iter().all(|one| {
        let position = &one.position;
        let holds = (position.counter == 0) == (position.hash == Hash::ZERO);
        roster.device(&one.device).is_some_and(|device| {
            holds
                && device.removal.is_none_or(|removal| {
                    position.counter < removal.cut.counter
                        || (position.counter == removal.cut.counter
                            && position.hash == removal.cut.hash)
                })
        })
    });
    if is_ascending && are_known {
        Ok(())
    } else {
        Err(SnapshotError::WrongPositions)
    }
}

impl VerifiedSnapshot {
    /// Opens the content.
    ///
    /// `seed`: that of its epoch. Errors: [`SealError`], not readable. Source: SPEC F25.
    pub fn open(&self, seed: &EpochSeed) -> Result<Kept, SnapshotError> {
        kept(&seed.open_padded(LABEL, &self.header, &self.sealed)?)
    }

    /// As [`Self::open`]; the sealed form, which may be tens of megabytes, goes before the items are read.
    ///
    /// Errors: as there.
    pub fn into_kept(self, seed: &EpochSeed) -> Result<Kept, SnapshotError> {
        let Self { header, sealed, .. } = self;
        let plain = seed.open_padded(LABEL, &header, &sealed)?;
        drop(sealed);
        kept(&plain)
    }
}

fn kept(plain: &[u8]) -> Result<Kept, SnapshotError> {
    let kept: Kept = from_cbor_lenient(plain)?;
    check_items(kept.items.iter().map(|one| &one.item))?;
    Ok(kept)
}
