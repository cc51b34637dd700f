//! Ed25519 signatures with a domain string each, and the signed envelope that root, head, snapshot and receipt share.
//! Not here: what the signed bodies mean. Source: SPEC N4, N5; RFC 8032.

use minicbor::{Decode, Encode};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::cbor::{CborError, cbor_fixed_bytes, check_version, from_cbor_exact, to_cbor};
use crate::ids::to_hex;
use crate::secret::secret_key;

/// What a signature is for. A signature made for one domain is worthless in every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    /// Root document, by the root key.
    Root,
    /// Device head, by the feed key.
    Head,
    /// Snapshot, by the feed key.
    Snapshot,
    /// Request, by the device key.
    Request,
    /// Receipt, by the device key.
    Receipt,
    /// Link of a faction's roster, by a faction device.
    FactionLink,
    /// Keys of a faction device, by that device.
    FactionDevice,
    /// Envelope of a faction, by a faction device.
    FactionEnvelope,
    /// Snapshot of a faction, by a faction device.
    FactionSnapshot,
    /// A council's device that is a faction device, by the latter.
    FactionEntry,
}

impl Domain {
    /// The text that the signed message starts with, without its closing zero byte.
    pub const fn text(self) -> &'static str {
        match self {
            Domain::Root => "ratsmappe/root/1",
            Domain::Head => "ratsmappe/head/1",
            Domain::Snapshot => "ratsmappe/snapshot/1",
            Domain::Request => "ratsmappe/request/1",
            Domain::Receipt => "ratsmappe/receipt/1",
            Domain::FactionLink => "ratsmappe/faction/link/1",
            Domain::FactionDevice => "ratsmappe/faction/device/1",
            Domain::FactionEnvelope => "ratsmappe/faction/envelope/1",
            Domain::FactionSnapshot => "ratsmappe/faction/snapshot/1",
            Domain::FactionEntry => "ratsmappe/faction/entry/1",
        }
    }

    fn message(self, body: &[u8]) -> Vec<u8> {
        let mut message = Vec::with_capacity(self.text().len() + 1 + body.len());
        message.extend_from_slice(self.text().as_bytes());
        message.push(0);
        message.extend_from_slice(body);
        message
    }
}

/// Why something is not validly signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The signature does not fit key, domain and bytes.
    #[error("the signature does not fit")]
    BadSignature,
    /// The envelope is not what it should be.
    #[error("the signed envelope is not readable")]
    Envelope(#[from] CborError),
    /// ring refused the seed; does not happen with 32 bytes.
    #[error("the signing key is not usable")]
    KeyUnusable,
}

secret_key!(
    /// The seed of an Ed25519 key pair. Kept as seed and wiped; ring's key pair exists only during a signature.
    SigningKey
);

impl SigningKey {
    fn pair(&self) -> Result<Ed25519KeyPair, SignError> {
        Ed25519KeyPair::from_seed_unchecked(self.expose()).map_err(|_| SignError::KeyUnusable)
    }

    /// The public half.
    ///
    /// Errors: `KeyUnusable` if ring refuses the seed.
    pub fn public(&self) -> Result<PublicKey, SignError> {
        let bytes = self.pair()?.public_key().as_ref().try_into();
        bytes.map(PublicKey).map_err(|_| SignError::KeyUnusable)
    }

    // Meets: O.Cryp_2, O.Cryp_3, MASVS-CRYPTO-1
    /// Signs `domain ‖ 0 ‖ body`.
    pub fn sign(&self, domain: Domain, body: &[u8]) -> Result<Signature, SignError> {
        let signature = self.pair()?.sign(&domain.message(body));
        signature
            .as_ref()
            .try_into()
            .map(Signature)
            .map_err(|_| SignError::KeyUnusable)
    }
}

/// An Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Checks a signature over `domain ‖ 0 ‖ body`.
    ///
    /// Errors: `BadSignature`.
    pub fn verify(
        &self,
        domain: Domain,
        body: &[u8],
        signature: &Signature,
    ) -> Result<(), SignError> {
        self.verify_message(&domain.message(body), &signature.0)
    }

    fn verify_message(&self, message: &[u8], signature: &[u8]) -> Result<(), SignError> {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, signature)
            .map_err(|_| SignError::BadSignature)
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", to_hex(&self.0))
    }
}

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signature(…)")
    }
}

cbor_fixed_bytes!(PublicKey);
cbor_fixed_bytes!(Signature);

const ENVELOPE_VERSION: u32 = 1;

/// `{0: version, 1: body bytes, 2: signature}`; the signature covers `domain ‖ 0 ‖ body bytes`.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Envelope {
    #[n(0)]
    version: u32,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) body: Vec<u8>,
    #[n(2)]
    signature: Signature,
}

impl Envelope {
    /// Signs `body` and gives the envelope's bytes.
    pub(crate) fn seal(
        key: &SigningKey,
        domain: Domain,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, SignError> {
        let signature = key.sign(domain, &body)?;
        Ok(to_cbor(&Envelope {
            version: ENVELOPE_VERSION,
            body,
            signature,
        }))
    }

    /// Reads an envelope; nothing is verified yet.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, CborError> {
        check_version(bytes, ENVELOPE_VERSION)?;
        from_cbor_exact(bytes)
    }

    /// Checks the signature and gives the body.
    pub(crate) fn verify(self, key: &PublicKey, domain: Domain) -> Result<Vec<u8>, SignError> {
        key.verify(domain, &self.body, &self.signature)?;
        Ok(self.body)
    }

    /// [`Self::parse`] and [`Self::verify`].
    pub(crate) fn open(
        bytes: &[u8],
        key: &PublicKey,
        domain: Domain,
    ) -> Result<Vec<u8>, SignError> {
        Self::parse(bytes)?.verify(key, domain)
    }
}

/// A newtype over the bytes of a signed envelope, a byte string in CBOR.
macro_rules! signed_bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] pub Vec<u8>);

        impl $name {
            /// The envelope's bytes, to be stored or sent.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({} bytes)", stringify!($name), self.0.len())
            }
        }
    };
}
pub(crate) use signed_bytes;

#[cfg(test)]
mod known_answers;
