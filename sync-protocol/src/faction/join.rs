//! Coming in: by a QR code that somebody shows in the room, or by a letter with a code and six words that are compared.
//! Neither secret travels; both sides prove it over everything that was exchanged. The server carries the messages as bytes.
//! Not here: the QR code's text (`qr`), single use, tries and the clock (crate `faction`), and the link that brings the newcomer in. Source: SPEC F20–F23.

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::device::{DeviceClaim, DeviceKeyError, FactionKeys, Fingerprint};
use super::link::Role;
use super::qr::QrInvitation;
use super::roster::Roster;
use super::seed::sealed_bytes;
use super::{MAX_NAME_LEN, pad};
use crate::cbor::to_cbor;
use crate::code::code_type;
use crate::ids::{FactionDeviceId, FactionId, Hash, InvitationId, UserId};
use crate::key_box::DeviceBoxPublic;
use crate::pairing::{PairMac, PairNonce};
use crate::primitive::{RandomUnavailable, derive, mac, sha256, stretch};
use crate::salted::{self, SealError};
use crate::secret::secret_key;
use crate::sign::PublicKey;
use crate::words::WORDS;

/// How long a QR code may be used, ms (15 minutes): it is shown to somebody who stands there.
pub const QR_LIFETIME_MS: i64 = 15 * 60 * 1000;
/// How long a letter may be used, ms (14 days).
pub const LETTER_LIFETIME_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// Wrong proofs after which an invitation is forgotten.
pub const MAX_TRIES: u32 = 10;

const TRANSCRIPT_DOMAIN: &[u8] = b"ratsmappe/faction/join/transcript/1\0";
const ID_LABEL: &[u8] = b"ratsmappe/faction/join/id/1";
const INVITER_LABEL: &[u8] = b"ratsmappe/faction/join/inviter-mac/1";
const JOINER_LABEL: &[u8] = b"ratsmappe/faction/join/joiner-mac/1";
const WORDS_LABEL: &[u8] = b"ratsmappe/faction/join/words/1";
const NAMES_LABEL: &[u8] = b"ratsmappe/faction/join/names/1";

code_type!(
    /// The code of a letter: 24 characters of 120 bits and 2 check characters, shown as `XXXXX-XXXX-XXXX-XXXX-XXXX-XXXXX`.
    LetterCode,
    15,
    [5, 4, 4, 4, 4, 5]
);

secret_key!(
    /// What both sides of one invitation know, from the QR code or the letter.
    JoinKey
);

impl JoinKey {
    /// Of a letter's code.
    pub fn of_letter(code: &LetterCode) -> Self {
        let key = derive::<32>(&[], code.expose(), &[b"ratsmappe/faction/join/letter/1"]);
        Self::from_bytes(*key)
    }

    /// The id that travels instead of the secret.
    pub fn invitation_id(&self) -> InvitationId {
        InvitationId::from_bytes(*derive::<16>(&[], self.expose(), &[ID_LABEL]))
    }

    fn key(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        derive::<32>(&[], self.expose(), &[label])
    }
}

/// Newcomer → inviter.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JoinStart {
    /// Which invitation.
    #[n(0)]
    pub invitation: InvitationId,
    /// The newcomer's device.
    #[n(1)]
    pub device: FactionDeviceId,
    /// Its signing key.
    #[n(2)]
    pub sign: PublicKey,
    /// Its box key.
    #[n(3)]
    pub boxes: DeviceBoxPublic,
    /// Her part of the randomness.
    #[n(4)]
    pub nonce: PairNonce,
}

/// What the inviter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JoinOffer {
    /// The space.
    #[n(0)]
    pub faction: FactionId,
    /// The inviting device.
    #[n(1)]
    pub inviter: FactionDeviceId,
    /// Its keys.
    #[n(2)]
    pub fingerprint: Fingerprint,
    /// Who the newcomer will be.
    #[n(3)]
    pub user: UserId,
    /// As what; absent if it is a further device of somebody who is there.
    #[n(4)]
    pub role: Option<Role>,
    /// The inviter's part of the randomness.
    #[n(5)]
    pub nonce: PairNonce,
}

/// Inviter → newcomer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JoinHello {
    /// What is offered.
    #[n(0)]
    pub offer: JoinOffer,
    /// The inviter's proof.
    #[n(1)]
    pub mac: PairMac,
}

sealed_bytes!(
    /// The names that the newcomer gives herself and her device, sealed for the inviter.
    SealedNames
);

/// Newcomer → inviter.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JoinFinish {
    /// Keys of the newcomer's device, signed by itself for this space and person.
    #[n(0)]
    pub claim: DeviceClaim,
    /// Her names.
    #[n(1)]
    pub names: SealedNames,
    /// Her proof, over all of it.
    #[n(2)]
    pub mac: PairMac,
}

/// Names that the newcomer gives.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JoinNames {
    /// Her own.
    #[n(0)]
    pub user: String,
    /// Her device's.
    #[n(1)]
    pub device: String,
}

impl std::fmt::Debug for JoinNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JoinNames(…)")
    }
}

/// Why somebody does not come in.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The other side does not know the secret, or something was changed on the way.
    #[error("the other side does not know the invitation")]
    WrongMac,
    /// The offer is not of the space or the device that the QR code showed.
    #[error("the offer is not from whom the code showed")]
    ForeignInviter,
    /// The keys at the end are not those of the beginning, or the device has not signed them.
    #[error("the newcomer's keys are refused")]
    DeviceKey(#[from] DeviceKeyError),
    /// Other keys, or another device, than at the beginning.
    #[error("the newcomer's device changed on the way")]
    OtherDevice,
    /// A name is too long, or the names are not readable.
    #[error("the names are not readable or too long")]
    BadNames,
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomUnavailable),
}

/// Everything that both sides have seen until the offer, hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinTranscript([u8; 32]);

#[derive(Encode)]
#[cbor(map)]
struct TranscriptBody<'a> {
    #[n(0)]
    start: &'a JoinStart,
    #[n(1)]
    offer: &'a JoinOffer,
}

impl JoinTranscript {
    fn of(start: &JoinStart, offer: &JoinOffer) -> Self {
        let body = to_cbor(&TranscriptBody { start, offer });
        Self(sha256(&[TRANSCRIPT_DOMAIN, &body]))
    }

    /// The hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn joiner_mac(&self, key: &JoinKey, claim: &DeviceClaim, names: &SealedNames) -> PairMac {
        let claim = Hash::of(&to_cbor(claim));
        let names = Hash::of(&names.0);
        let key = key.key(JOINER_LABEL);
        PairMac::from_bytes(mac(&key, &[&self.0, claim.as_bytes(), names.as_bytes()]))
    }

    /// The six words that both compare before somebody comes in by letter. Takes about 50 ms on purpose. Source: SPEC F23.
    pub fn confirm_words(&self, key: &JoinKey) -> [&'static str; 6] {
        let numbers = stretch::<6>(&self.0, key.key(WORDS_LABEL).as_slice());
        numbers.map(|number| WORDS.get(usize::from(number)).copied().unwrap_or_default())
    }
}

/// Newcomer: begins.
///
/// Errors: the keys are not usable, no randomness.
pub fn make_start(key: &JoinKey, keys: &FactionKeys) -> Result<JoinStart, JoinError> {
    Ok(JoinStart {
        invitation: key.invitation_id(),
        device: keys.device,
        sign: keys.sign.public().map_err(DeviceKeyError::from)?,
        boxes: keys.boxes.public().map_err(DeviceKeyError::from)?,
        nonce: PairNonce::make()?,
    })
}

/// Inviter: answers. Whoever sent the start has not proved anything yet.
pub fn make_hello(
    key: &JoinKey,
    start: &JoinStart,
    offer: JoinOffer,
) -> (JoinHello, JoinTranscript) {
    let transcript = JoinTranscript::of(start, &offer);
    let mac = PairMac::from_bytes(mac(&key.key(INVITER_LABEL), &[&transcript.0]));
    (JoinHello { offer, mac }, transcript)
}

/// Newcomer: checks the answer.
///
/// `qr`: what was scanned; `None` for a letter. Errors: `WrongMac`, `ForeignInviter`. Source: SPEC F21, F22.
pub fn check_hello(
    key: &JoinKey,
    qr: Option<&QrInvitation>,
    start: &JoinStart,
    hello: &JoinHello,
) -> Result<JoinTranscript, JoinError> {
    let (expected, transcript) = make_hello(key, start, hello.offer);
    if expected.mac != hello.mac {
        return Err(JoinError::WrongMac);
    }
    let offer = &hello.offer;
    if qr.is_some_and(|qr| qr.faction != offer.faction || qr.inviter != offer.fingerprint) {
        return Err(JoinError::ForeignInviter);
    }
    Ok(transcript)
}

/// Newcomer: her keys, her names, her proof.
///
/// Errors: `BadNames`, [`SealError`], the keys are not usable.
pub fn make_finish(
    key: &JoinKey,
    transcript: &JoinTranscript,
    offer: &JoinOffer,
    keys: &FactionKeys,
    names: &JoinNames,
) -> Result<JoinFinish, JoinError> {
    if names.user.len() > MAX_NAME_LEN || names.device.len() > MAX_NAME_LEN {
        return Err(JoinError::BadNames);
    }
    let claim = keys.claim(
        Some(offer.faction),
        offer.user,
        super::device::DeviceKind::Tablet,
    )?;
    let padded = pad::pad(&to_cbor(names)).ok_or(JoinError::BadNames)?;
    let sealed = salted::seal(key.expose(), &[NAMES_LABEL], transcript.as_bytes(), &padded)?;
    let names = SealedNames(sealed);
    let mac = transcript.joiner_mac(key, &claim, &names);
    Ok(JoinFinish { claim, names, mac })
}

/// Inviter: checks the end; only then is a link made. By letter, the six words are compared first.
///
/// Errors: `WrongMac`, `OtherDevice`, `DeviceKey`, `BadNames`. Source: SPEC F22.
pub fn check_finish(
    key: &JoinKey,
    transcript: &JoinTranscript,
    start: &JoinStart,
    offer: &JoinOffer,
    finish: &JoinFinish,
) -> Result<JoinNames, JoinError> {
    let claim = &finish.claim;
    if transcript.joiner_mac(key, claim, &finish.names) != finish.mac {
        return Err(JoinError::WrongMac);
    }
    if claim.device != start.device || claim.sign != start.sign || claim.boxes != start.boxes {
        return Err(JoinError::OtherDevice);
    }
    claim.check(Some(offer.faction), offer.user)?;
    let padded = salted::open(
        key.expose(),
        &[NAMES_LABEL],
        transcript.as_bytes(),
        &finish.names.0,
    )?;
    let plain = pad::unpad(padded).ok_or(JoinError::BadNames)?;
    let names: JoinNames =
        crate::cbor::from_cbor_lenient(&plain).map_err(|_| JoinError::BadNames)?;
    if names.user.len() > MAX_NAME_LEN || names.device.len() > MAX_NAME_LEN {
        return Err(JoinError::BadNames);
    }
    Ok(names)
}

/// Newcomer: whether the roster that came is the one that was promised: its genesis, the inviter with her keys, oneself.
///
/// Errors: `ForeignInviter`, `OtherDevice`. Source: SPEC F22.
pub fn check_roster(
    roster: &Roster,
    offer: &JoinOffer,
    keys: &FactionKeys,
) -> Result<(), JoinError> {
    let inviter = roster.device(&offer.inviter);
    let is_promised = roster.faction() == offer.faction
        && inviter.is_some_and(|inviter| inviter.record.claim.fingerprint() == offer.fingerprint);
    if !is_promised {
        return Err(JoinError::ForeignInviter);
    }
    let sign = keys.sign.public().map_err(DeviceKeyError::from)?;
    let boxes = keys.boxes.public().map_err(DeviceKeyError::from)?;
    let is_in = roster.device(&keys.device).is_some_and(|own| {
        own.user == offer.user && own.record.claim.sign == sign && own.record.claim.boxes == boxes
    });
    if is_in {
        Ok(())
    } else {
        Err(JoinError::OtherDevice)
    }
}
