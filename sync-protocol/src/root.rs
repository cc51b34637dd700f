//! The root document: the council's root key vouches for feed key, TLS keys and generation. The tablet pins the root key.
//! Source: SPEC R1–R4.

use minicbor::{Decode, Encode};

use crate::cbor::{CborError, from_cbor_exact, to_cbor};
use crate::ids::CouncilId;
use crate::sign::{Domain, Envelope, PublicKey, SignError, SigningKey, signed_bytes};

/// What the root key vouches for.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RootDocument {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// The council's name, to be shown.
    #[n(1)]
    pub name: String,
    /// The root key that signs this document.
    #[n(2)]
    pub root_key: PublicKey,
    /// Rises when the server was restored from a backup.
    #[n(3)]
    pub generation: u32,
    /// The key that signs heads and snapshots.
    #[n(4)]
    pub feed_key: PublicKey,
    /// SHA-256 of each allowed TLS SubjectPublicKeyInfo (DER); empty: WebPKI decides.
    #[cbor(n(5), with = "crate::cbor::spki_list")]
    pub tls_spki: Vec<[u8; 32]>,
    /// When it was signed; ms UTC.
    #[n(6)]
    pub issued_at_ms: i64,
    /// Rises with every root document.
    #[n(7)]
    pub serial: u64,
}

impl std::fmt::Debug for RootDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "RootDocument({:?}, generation {}, serial {})",
            self.council, self.generation, self.serial
        )
    }
}

impl RootDocument {
    /// Signs with the root key, whose public half must stand in the document.
    ///
    /// Errors: `KeyUnusable` when the key is another one.
    pub fn sign(&self, root_key: &SigningKey) -> Result<SignedRoot, SignError> {
        if root_key.public()? != self.root_key {
            return Err(SignError::KeyUnusable);
        }
        Envelope::seal(root_key, Domain::Root, to_cbor(self)).map(SignedRoot)
    }
}

signed_bytes!(
    /// A signed [`RootDocument`].
    SignedRoot
);

/// Why a root document is refused.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// Not signed by the root key that it names, or not readable as an envelope.
    #[error("the root document is not validly signed")]
    Sign(#[from] SignError),
    /// Signed, but not this structure.
    #[error("the root document is not readable")]
    Form(#[from] CborError),
    /// Another root key than the pinned one.
    #[error("the root document has another root key than the pinned one")]
    PinMismatch,
    /// Another council.
    #[error("the root document belongs to another council")]
    ForeignCouncil,
    /// Older than the one known.
    #[error("the root document is older than the known one")]
    SerialTooLow,
    /// The known serial with other content.
    #[error("two different root documents have the same serial")]
    SerialReused,
    /// Older generation than known.
    #[error("the root document is of an older generation")]
    GenerationTooLow,
}

impl SignedRoot {
    /// Checks the pin, the form and the signature.
    ///
    /// `pinned`: the root key pinned at pairing; `None` only during pairing, where the code's MAC vouches for it.
    /// Errors: `PinMismatch`, signature, form. Source: SPEC R1, R2.
    pub fn verify(&self, pinned: Option<&PublicKey>) -> Result<RootDocument, RootError> {
        let envelope = Envelope::parse(&self.0)?;
        let document: RootDocument = from_cbor_exact(&envelope.body)?;
        if pinned.is_some_and(|pin| *pin != document.root_key) {
            return Err(RootError::PinMismatch);
        }
        envelope.verify(&document.root_key, Domain::Root)?;
        Ok(document)
    }
}

/// Whether a verified root document may follow the known one. Pure.
///
/// Errors: `PinMismatch`, `ForeignCouncil`, `SerialTooLow`, `SerialReused`, `GenerationTooLow`. Source: SPEC R3, R4.
pub fn check_root_successor(old: &RootDocument, new: &RootDocument) -> Result<(), RootError> {
    if new.root_key != old.root_key {
        return Err(RootError::PinMismatch);
    }
    if new.council != old.council {
        return Err(RootError::ForeignCouncil);
    }
    if new.serial < old.serial {
        return Err(RootError::SerialTooLow);
    }
    if new.serial == old.serial && new != old {
        return Err(RootError::SerialReused);
    }
    if new.generation < old.generation {
        return Err(RootError::GenerationTooLow);
    }
    Ok(())
}
