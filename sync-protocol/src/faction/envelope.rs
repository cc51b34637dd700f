//! Envelopes: what a device says in a space, signed, numbered and chained per device, sealed under the seed of an epoch.
//! Whether one is accepted is a pure decision over the roster and what was seen of its author. Source: SPEC F14–F17.

use minicbor::{Decode, Encode};

use super::link::Cut;
use super::roster::Roster;
use super::seed::{Epoch, EpochSeed, SealError};
use super::{MAX_CONTENT_LEN, MAX_ENVELOPE_LEN};
use crate::cbor::{CborError, from_cbor_exact, to_cbor};
use crate::ids::{FactionDeviceId, FactionId, Hash};
use crate::primitive::sha256;
use crate::sign::{Domain, Envelope, SignError, SigningKey, signed_bytes};

const CONTENT_LABEL: &[u8] = b"ratsmappe/faction/content/1";
const HASH_DOMAIN: &[u8] = b"ratsmappe/faction/envelope-hash/1\0";

/// How far one author has been followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AuthorPosition {
    /// Number of the last envelope; 0: none.
    #[n(0)]
    pub counter: u64,
    /// Its hash; zeros if none.
    #[n(1)]
    pub hash: Hash,
    /// Place of the roster head that it named; 0: none.
    #[n(2)]
    pub roster_seq: u64,
}

impl AuthorPosition {
    /// Nothing seen yet.
    pub const START: AuthorPosition = AuthorPosition {
        counter: 0,
        hash: Hash::ZERO,
        roster_seq: 0,
    };

    /// The cut that lets everything up to here count.
    pub fn cut(&self, device: FactionDeviceId) -> Cut {
        Cut {
            device,
            counter: self.counter,
            hash: self.hash,
        }
    }
}

/// Where an envelope stands; bound into the seal and signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnvelopeHeader {
    /// The space.
    #[n(0)]
    pub faction: FactionId,
    /// The device that says it.
    #[n(1)]
    pub device: FactionDeviceId,
    /// Its number among those of the device, from 1.
    #[n(2)]
    pub counter: u64,
    /// Hash of the device's envelope before; zeros in the first.
    #[n(3)]
    pub prev: Hash,
    /// The last link of the roster that the author knew.
    #[n(4)]
    pub head: Hash,
    /// The epoch whose seed seals it.
    #[n(5)]
    pub epoch: Epoch,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct EnvelopeBody {
    #[n(0)]
    header: EnvelopeHeader,
    #[cbor(n(1), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

signed_bytes!(
    /// A signed and sealed envelope.
    SignedEnvelope
);

/// Why an envelope is refused. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Longer than an envelope may be.
    #[error("the envelope is too long")]
    TooLong,
    /// Not this structure, or of a version that this program does not know.
    #[error("the envelope is not readable")]
    Form(#[from] CborError),
    /// Another space.
    #[error("the envelope belongs to another space")]
    ForeignFaction,
    /// The roster has never held the author.
    #[error("the author was never in the roster")]
    UnknownAuthor,
    /// Not signed by the device that it names.
    #[error("the envelope is not signed by its author")]
    Sign(#[from] SignError),
    /// A printed key says nothing.
    #[error("a paper key sends no envelopes")]
    PaperKey,
    /// A link that is not known here: fetch the roster first.
    #[error("the envelope names a roster that is not known here")]
    UnknownHead,
    /// The author did not belong to the space then.
    #[error("the author was not in the roster that the envelope names")]
    NotMemberThen,
    /// Sealed under another epoch than the one that counted then.
    #[error("the envelope is sealed under an epoch that did not count then")]
    WrongEpoch,
    /// Sealed while a new seed was due.
    #[error("the envelope was sealed while a new seed was due")]
    RotationDue,
    /// Said after the end of the space.
    #[error("the envelope was sealed after the space was dissolved")]
    Dissolved,
    /// It was here before.
    #[error("the envelope came before")]
    Replayed,
    /// Another envelope with this number, or another one before it, was here: the author has two histories.
    #[error("two different envelopes of one author have the same number")]
    Equivocation,
    /// Envelopes between are missing.
    #[error("envelope {expected} of this author was expected and {found} came")]
    Gap {
        /// Number that was expected.
        expected: u64,
        /// Number that the envelope has.
        found: u64,
    },
    /// It names an older roster than the author named before.
    #[error("the author names an older roster than before")]
    HeadWentBack,
    /// The device was taken out, and this is after what still counts.
    #[error("the envelope comes after the cut of a removed device")]
    AfterCut,
}

impl SignedEnvelope {
    fn body(&self) -> Result<EnvelopeBody, EnvelopeError> {
        if self.0.len() > MAX_ENVELOPE_LEN {
            return Err(EnvelopeError::TooLong);
        }
        Ok(from_cbor_exact(&Envelope::parse(&self.0)?.body)?)
    }

    /// Where it says that it stands; nothing is verified. What a server orders by.
    ///
    /// Errors: `TooLong`, `Form`.
    pub fn header(&self) -> Result<EnvelopeHeader, EnvelopeError> {
        Ok(self.body()?.header)
    }

    /// SHA-256 over domain and signed bytes.
    ///
    /// Errors: `Form`.
    pub fn hash(&self) -> Result<Hash, EnvelopeError> {
        let body = Envelope::parse(&self.0)?.body;
        Ok(Hash::from_bytes(sha256(&[HASH_DOMAIN, &body])))
    }
}

/// An envelope that may be taken; its content is still sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEnvelope {
    /// Where it stands.
    pub header: EnvelopeHeader,
    /// How far its author is followed with it.
    pub position: AuthorPosition,
    sealed: Vec<u8>,
}

/// Decides whether an envelope is the next one of its author. Pure.
///
/// `seen`: how far the author it names was followed. Errors: see [`EnvelopeError`]. Source: SPEC F14, F17.
pub fn verify_envelope(
    roster: &Roster,
    seen: &AuthorPosition,
    envelope: &SignedEnvelope,
) -> Result<VerifiedEnvelope, EnvelopeError> {
    let EnvelopeBody { header, sealed } = envelope.body()?;
    if header.faction != roster.faction() {
        return Err(EnvelopeError::ForeignFaction);
    }
    let author = roster
        .device(&header.device)
        .ok_or(EnvelopeError::UnknownAuthor)?;
    Envelope::parse(envelope.as_bytes())?
        .verify(&author.record.claim.sign, Domain::FactionEnvelope)?;
    if author.record.claim.kind == super::device::DeviceKind::Paper {
        return Err(EnvelopeError::PaperKey);
    }
    let hash = envelope.hash()?;
    check_order(&header, seen, &hash)?;
    if let Some(removal) = &author.removal {
        if header.counter > removal.cut.counter {
            return Err(EnvelopeError::AfterCut);
        }
        if header.counter == removal.cut.counter && hash != removal.cut.hash {
            return Err(EnvelopeError::Equivocation);
        }
    }
    let then = roster
        .state_at(&header.head)
        .ok_or(EnvelopeError::UnknownHead)?;
    let was_there =
        author.added_at <= then.seq && author.removal.is_none_or(|removal| then.seq < removal.seq);
    if !was_there {
        return Err(EnvelopeError::NotMemberThen);
    }
    if then.is_dissolved {
        return Err(EnvelopeError::Dissolved);
    }
    if then.is_rotation_due {
        return Err(EnvelopeError::RotationDue);
    }
    if header.epoch != then.epoch {
        return Err(EnvelopeError::WrongEpoch);
    }
    if then.seq < seen.roster_seq {
        return Err(EnvelopeError::HeadWentBack);
    }
    let position = AuthorPosition {
        counter: header.counter,
        hash,
        roster_seq: then.seq,
    };
    Ok(VerifiedEnvelope {
        header,
        position,
        sealed,
    })
}

fn check_order(
    header: &EnvelopeHeader,
    seen: &AuthorPosition,
    hash: &Hash,
) -> Result<(), EnvelopeError> {
    let expected = seen.counter.saturating_add(1);
    let found = header.counter;
    if found == seen.counter && *hash != seen.hash {
        return Err(EnvelopeError::Equivocation);
    }
    if found <= seen.counter {
        return Err(EnvelopeError::Replayed);
    }
    if found != expected {
        return Err(EnvelopeError::Gap { expected, found });
    }
    if header.prev != seen.hash {
        return Err(EnvelopeError::Equivocation);
    }
    Ok(())
}

impl VerifiedEnvelope {
    /// Opens the content.
    ///
    /// `seed`: that of the header's epoch. Errors: too short, unknown version, `DoesNotOpen`. Source: SPEC F15.
    pub fn open(&self, seed: &EpochSeed) -> Result<Vec<u8>, SealError> {
        seed.open_padded(CONTENT_LABEL, &to_cbor(&self.header), &self.sealed)
    }
}

/// Why an envelope was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeEnvelopeError {
    /// Longer than content may be.
    #[error("the content is too long for one envelope")]
    TooLong,
    /// Somebody has gone: a new seed must come first.
    #[error("a new seed must come first")]
    RotationDue,
    /// The space has ended.
    #[error("the space was dissolved")]
    Dissolved,
    /// This device does not belong to the space any more.
    #[error("this device does not belong to the roster")]
    NotInRoster,
    /// Not the newest seed.
    #[error("the seed is not the newest one")]
    WrongSeed,
    /// This device has sent all the numbers there are.
    #[error("there are no more numbers")]
    CounterExhausted,
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Signing failed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Seals and signs what a device says next, with the newest seed of the roster.
///
/// `last`: the author's own last position. Result: the envelope and the position after it.
/// Errors: see [`MakeEnvelopeError`]. Source: SPEC F14–F17.
pub fn make_envelope(
    roster: &Roster,
    seed: &EpochSeed,
    device: FactionDeviceId,
    key: &SigningKey,
    last: &AuthorPosition,
    content: &[u8],
) -> Result<(SignedEnvelope, AuthorPosition), MakeEnvelopeError> {
    if content.len() > MAX_CONTENT_LEN {
        return Err(MakeEnvelopeError::TooLong);
    }
    if roster.is_dissolved() {
        return Err(MakeEnvelopeError::Dissolved);
    }
    if roster
        .device(&device)
        .is_none_or(|device| device.removal.is_some())
    {
        return Err(MakeEnvelopeError::NotInRoster);
    }
    if roster.is_rotation_due() {
        return Err(MakeEnvelopeError::RotationDue);
    }
    let epoch = roster.epoch();
    if roster.commitment(epoch) != Some(seed.commitment()) {
        return Err(MakeEnvelopeError::WrongSeed);
    }
    let header = EnvelopeHeader {
        faction: roster.faction(),
        device,
        counter: last
            .counter
            .checked_add(1)
            .ok_or(MakeEnvelopeError::CounterExhausted)?,
        prev: last.hash,
        head: roster.head().hash,
        epoch,
    };
    let sealed = seed.seal_padded(CONTENT_LABEL, &to_cbor(&header), content)?;
    let body = to_cbor(&EnvelopeBody { header, sealed });
    let position = AuthorPosition {
        counter: header.counter,
        hash: Hash::from_bytes(sha256(&[HASH_DOMAIN, &body])),
        roster_seq: roster.head().seq,
    };
    let signed = Envelope::seal(key, Domain::FactionEnvelope, body)?;
    Ok((SignedEnvelope(signed), position))
}
