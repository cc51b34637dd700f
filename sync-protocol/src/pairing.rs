//! Pairing: tablet and server prove to each other that they know one invitation code, bound to all keys exchanged.
//! The code itself never travels. Not here: counting tries, expiry, TLS. Source: SPEC P1–P6.
//!
//! The four words guard against a stolen letter: only the office's confirmation opens what is nonpublic. They are derived slowly,
//! so that someone with the letter *and* the network cannot search for keys with equal words while both sides wait.

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::cbor::{cbor_fixed_bytes, to_cbor};
pub use crate::code::CodeError;
use crate::code::code_type;
use crate::ids::{DeviceId, InvitationId};
use crate::key_box::DeviceBoxPublic;
use crate::primitive::{RandomUnavailable, bytes_equal, derive, mac, make_random, sha256, stretch};
use crate::root::{RootDocument, RootError, SignedRoot};
use crate::sign::PublicKey;
use crate::words::WORDS;

/// Wrong tries after which the server forgets an invitation.
pub const MAX_TRIES: u32 = 10;
/// How long an invitation lasts, in ms (14 days).
pub const INVITATION_LIFETIME_MS: i64 = 14 * 24 * 60 * 60 * 1000;

const TRANSCRIPT_DOMAIN: &[u8] = b"ratsmappe/pair/transcript/1\0";
const INVITATION_ID_LABEL: &[u8] = b"ratsmappe/pair/invitation-id/1";
const SERVER_MAC_LABEL: &[u8] = b"ratsmappe/pair/server-mac/1";
const CLIENT_MAC_LABEL: &[u8] = b"ratsmappe/pair/client-mac/1";
const WORDS_LABEL: &[u8] = b"ratsmappe/pair/words/1";

code_type!(
    /// The invitation code: 24 characters of 120 bits and 2 check characters, shown as `XXXXX-XXXX-XXXX-XXXX-XXXX-XXXXX`.
    InvitationCode,
    15,
    [5, 4, 4, 4, 4, 5]
);

impl InvitationCode {
    /// The id that travels instead of the code.
    pub fn invitation_id(&self) -> InvitationId {
        InvitationId::from_bytes(*derive::<16>(&[], self.expose(), &[INVITATION_ID_LABEL]))
    }

    fn key(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        derive::<32>(&[], self.expose(), &[label])
    }
}

/// Random bytes that one side adds to the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairNonce([u8; 32]);

impl PairNonce {
    /// Makes a random nonce.
    ///
    /// Errors: no randomness.
    pub fn make() -> Result<Self, RandomUnavailable> {
        make_random().map(Self)
    }

    /// A nonce of known bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// A proof that the sender knows the code; compared in constant time.
#[derive(Clone, Copy)]
pub struct PairMac([u8; 32]);

impl PairMac {
    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for PairMac {
    fn eq(&self, other: &Self) -> bool {
        bytes_equal(&self.0, &other.0)
    }
}

impl Eq for PairMac {}

impl std::fmt::Debug for PairMac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PairMac(…)")
    }
}

cbor_fixed_bytes!(PairNonce);
cbor_fixed_bytes!(PairMac);

/// Tablet → server, `POST /v1/pair/start`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PairStart {
    /// Which invitation.
    #[n(0)]
    pub invitation: InvitationId,
    /// The tablet's key for signatures.
    #[n(1)]
    pub device_sign: PublicKey,
    /// The tablet's key for boxes.
    #[n(2)]
    pub device_box: DeviceBoxPublic,
    /// The tablet's nonce.
    #[n(3)]
    pub nonce: PairNonce,
}

/// Server → tablet, answer to [`PairStart`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PairHello {
    /// The root document that the tablet will pin.
    #[n(0)]
    pub signed_root: SignedRoot,
    /// The server's nonce.
    #[n(1)]
    pub nonce: PairNonce,
    /// The id that the server gave the tablet.
    #[n(2)]
    pub device: DeviceId,
    /// The server's proof.
    #[n(3)]
    pub mac: PairMac,
}

/// Tablet → server, `POST /v1/pair/finish`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PairFinish {
    /// The tablet.
    #[n(0)]
    pub device: DeviceId,
    /// The tablet's proof.
    #[n(1)]
    pub mac: PairMac,
}

/// Server → tablet, answer to [`PairFinish`]: paired.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PairDone {
    /// The tablet.
    #[n(0)]
    pub device: DeviceId,
    /// Whom the invitation was made for.
    #[n(1)]
    pub person_name: String,
    /// The council's name.
    #[n(2)]
    pub council_name: String,
}

impl std::fmt::Debug for PairDone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PairDone({:?})", self.device)
    }
}

/// Why pairing fails.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// The other side does not know the code, or something was changed on the way.
    #[error("the other side does not know the invitation code")]
    WrongMac,
    /// The finish message names another device.
    #[error("the message belongs to another device")]
    ForeignDevice,
    /// The root document is not valid.
    #[error("the root document is not valid")]
    Root(#[from] RootError),
}

#[derive(Encode)]
#[cbor(map)]
struct TranscriptBody<'a> {
    #[n(0)]
    start: &'a PairStart,
    #[n(1)]
    signed_root: &'a SignedRoot,
    #[n(2)]
    nonce: PairNonce,
    #[n(3)]
    device: DeviceId,
}

/// Everything that both sides have seen of one pairing, hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transcript([u8; 32]);

impl Transcript {
    /// The transcript of a start message and the server's answer to it.
    pub fn new(
        start: &PairStart,
        signed_root: &SignedRoot,
        nonce: PairNonce,
        device: DeviceId,
    ) -> Self {
        let body = to_cbor(&TranscriptBody {
            start,
            signed_root,
            nonce,
            device,
        });
        Self(sha256(&[TRANSCRIPT_DOMAIN, &body]))
    }

    /// The hash; the server keeps it between start and finish.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A transcript kept before.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The server's proof.
    pub fn server_mac(&self, code: &InvitationCode) -> PairMac {
        PairMac(mac(&code.key(SERVER_MAC_LABEL), &[&self.0]))
    }

    /// The tablet's proof.
    pub fn client_mac(&self, code: &InvitationCode) -> PairMac {
        PairMac(mac(&code.key(CLIENT_MAC_LABEL), &[&self.0]))
    }

    /// The four words that tablet and office compare. Takes about 50 ms on purpose. Source: SPEC P6.
    pub fn confirm_words(&self, code: &InvitationCode) -> [&'static str; 4] {
        let numbers = stretch::<4>(&self.0, code.key(WORDS_LABEL).as_slice());
        numbers.map(|number| WORDS.get(usize::from(number)).copied().unwrap_or_default())
    }
}

/// Server: answers a start message.
pub fn make_hello(
    code: &InvitationCode,
    start: &PairStart,
    signed_root: SignedRoot,
    nonce: PairNonce,
    device: DeviceId,
) -> (PairHello, Transcript) {
    let transcript = Transcript::new(start, &signed_root, nonce, device);
    let mac = transcript.server_mac(code);
    (
        PairHello {
            signed_root,
            nonce,
            device,
            mac,
        },
        transcript,
    )
}

/// Tablet: checks the answer; the root document may be pinned only if this succeeds.
///
/// Errors: `WrongMac`, `Root`. Source: SPEC P4.
pub fn check_hello(
    code: &InvitationCode,
    start: &PairStart,
    hello: &PairHello,
) -> Result<(Transcript, RootDocument), PairError> {
    let transcript = Transcript::new(start, &hello.signed_root, hello.nonce, hello.device);
    if transcript.server_mac(code) != hello.mac {
        return Err(PairError::WrongMac);
    }
    Ok((transcript, hello.signed_root.verify(None)?))
}

/// Tablet: the finish message.
pub fn make_finish(code: &InvitationCode, transcript: &Transcript, device: DeviceId) -> PairFinish {
    PairFinish {
        device,
        mac: transcript.client_mac(code),
    }
}

/// Server: checks the finish message; only then is the device paired and the code used up.
///
/// Errors: `ForeignDevice`, `WrongMac`. Source: SPEC P5.
pub fn check_finish(
    code: &InvitationCode,
    transcript: &Transcript,
    device: DeviceId,
    finish: &PairFinish,
) -> Result<(), PairError> {
    if finish.device != device {
        return Err(PairError::ForeignDevice);
    }
    if transcript.client_mac(code) != finish.mac {
        return Err(PairError::WrongMac);
    }
    Ok(())
}
