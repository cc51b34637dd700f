//! Receipts: the device signs that an invitation lies on it, readable. They prove availability, never reading.
//! Source: SPEC V1.

use minicbor::{Decode, Encode};

use crate::cbor::{CborError, from_cbor_exact, to_cbor};
use crate::ids::{BlobId, CouncilId, DeviceId, ObjectId};
use crate::sign::{Domain, Envelope, PublicKey, SignError, SigningKey, signed_bytes};

/// What a device confirms.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Receipt {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The meeting.
    #[n(2)]
    pub meeting: ObjectId,
    /// Which invitation of the meeting.
    #[n(3)]
    pub invitation_revision: u32,
    /// Ciphertext of the invitation, stored and verified.
    #[n(4)]
    pub blob_id: BlobId,
    /// When it was readable on the device; ms UTC, the device's clock.
    #[n(5)]
    pub at_ms: i64,
}

impl Receipt {
    /// Signs with the device key.
    pub fn sign(&self, device_key: &SigningKey) -> Result<SignedReceipt, SignError> {
        Envelope::seal(device_key, Domain::Receipt, to_cbor(self)).map(SignedReceipt)
    }
}

signed_bytes!(
    /// A signed [`Receipt`].
    SignedReceipt
);

/// Why a receipt is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// Not signed by this device.
    #[error("the receipt is not signed by this device")]
    Sign(#[from] SignError),
    /// Not this structure.
    #[error("the receipt is not readable")]
    Form(#[from] CborError),
    /// Another council or device.
    #[error("the receipt belongs to another council or device")]
    Foreign,
}

impl SignedReceipt {
    /// Checks signature, form, council and device.
    ///
    /// Errors: see [`ReceiptError`]. Source: SPEC V1.
    pub fn verify(
        &self,
        device_key: &PublicKey,
        council: &CouncilId,
        device: &DeviceId,
    ) -> Result<Receipt, ReceiptError> {
        let body = Envelope::open(&self.0, device_key, Domain::Receipt)?;
        let receipt: Receipt = from_cbor_exact(&body)?;
        if receipt.council == *council && receipt.device == *device {
            Ok(receipt)
        } else {
            Err(ReceiptError::Foreign)
        }
    }
}

/// Most receipts of one request.
pub const MAX_BATCH: usize = 200;

/// The body of `POST /v1/receipts`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ReceiptBatch(#[n(0)] pub Vec<SignedReceipt>);

/// Its answer: the server's time for each receipt, ms UTC, in the order sent.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ReceiptTimes(#[n(0)] pub Vec<i64>);

/// A receipt with the server's time.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReceiptRow {
    /// The receipt as the device signed it.
    #[n(0)]
    pub receipt: SignedReceipt,
    /// When the server took it; ms UTC.
    #[n(1)]
    pub server_at_ms: i64,
}

/// The answer of `GET /v1/receipts`: every receipt of the asking device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ReceiptList(#[n(0)] pub Vec<ReceiptRow>);
