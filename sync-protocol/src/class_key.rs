//! Class keys: one per audience and epoch. They seal entry payloads, wrap file keys and, on the tablet, seal what must be
//! forgotten together with them. Every purpose has its own key by HKDF; the class key itself encrypts nothing. Source: SPEC A1–A7.

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::cbor::to_cbor;
use crate::encrypted_file::FileKey;
use crate::ids::{AudienceId, BlobId, CouncilId, ObjectId};
use crate::model::ObjectKind;
use crate::primitive::derive;
use crate::salted;
pub use crate::salted::SealError as ClassKeyError;
use crate::secret::secret_key;

secret_key!(
    /// The key of one audience in one epoch.
    ClassKey
);

/// Counts the class keys of an audience; every removal of a reader starts a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct KeyEpoch(#[n(0)] pub u32);

/// Where an entry's payload belongs; bound into the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EntryContext {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// The audience whose class key is used.
    #[n(1)]
    pub audience: AudienceId,
    /// Kind of the object.
    #[n(2)]
    pub object_kind: ObjectKind,
    /// The object.
    #[n(3)]
    pub object: ObjectId,
    /// Revision of the object.
    #[n(4)]
    pub revision: u32,
    /// Epoch of the class key.
    #[n(5)]
    pub key_epoch: KeyEpoch,
}

/// Which file revision a wrapped key belongs to; bound into the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FileKeyContext {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// The file object.
    #[n(1)]
    pub object: ObjectId,
    /// Revision of the file object.
    #[n(2)]
    pub revision: u32,
    /// The ciphertext.
    #[n(3)]
    pub blob_id: BlobId,
}

/// A file key sealed under a class key.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedFileKey(pub Vec<u8>);

impl std::fmt::Debug for WrappedFileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WrappedFileKey(…)")
    }
}

const PAYLOAD_LABEL: &[u8] = b"ratsmappe/class/payload/1";
const FILE_KEY_LABEL: &[u8] = b"ratsmappe/class/file-key/1";
const LOCAL_LABEL: &[u8] = b"ratsmappe/class/local/1/";
const DATABASE_LABEL: &[u8] = b"ratsmappe/class/database/1";
const SEARCH_LABEL: &[u8] = b"ratsmappe/class/search/1";
const SERVER_DATABASE_LABEL: &[u8] = b"ratsmappe/server/database/1/";

fn seal(
    key: &ClassKey,
    label: &[&[u8]],
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, ClassKeyError> {
    salted::seal(key.expose(), label, aad, plain)
}

fn open(
    key: &ClassKey,
    label: &[&[u8]],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, ClassKeyError> {
    salted::open(key.expose(), label, aad, sealed)
}

/// Seals the payload of a chain entry.
///
/// Errors: no randomness, too long. Source: SPEC A1, A2.
pub fn seal_payload(
    key: &ClassKey,
    context: &EntryContext,
    plain: &[u8],
) -> Result<Vec<u8>, ClassKeyError> {
    seal(key, &[PAYLOAD_LABEL], &to_cbor(context), plain)
}

/// Opens the payload of a chain entry.
///
/// Errors: too short, unknown version, `DoesNotOpen`. Source: SPEC A1, A2.
pub fn open_payload(
    key: &ClassKey,
    context: &EntryContext,
    sealed: &[u8],
) -> Result<Vec<u8>, ClassKeyError> {
    open(key, &[PAYLOAD_LABEL], &to_cbor(context), sealed)
}

/// Wraps the key of one file revision.
///
/// Errors: no randomness. Source: SPEC A3.
pub fn wrap_file_key(
    key: &ClassKey,
    context: &FileKeyContext,
    file_key: &FileKey,
) -> Result<WrappedFileKey, ClassKeyError> {
    seal(key, &[FILE_KEY_LABEL], &to_cbor(context), file_key.expose()).map(WrappedFileKey)
}

/// Unwraps the key of one file revision.
///
/// Errors: too short, unknown version, `DoesNotOpen`. Source: SPEC A3.
pub fn unwrap_file_key(
    key: &ClassKey,
    context: &FileKeyContext,
    wrapped: &WrappedFileKey,
) -> Result<FileKey, ClassKeyError> {
    let plain = Zeroizing::new(open(key, &[FILE_KEY_LABEL], &to_cbor(context), &wrapped.0)?);
    let bytes = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| ClassKeyError::DoesNotOpen)?;
    Ok(FileKey::from_bytes(bytes))
}

/// Seals something of the tablet that must be forgotten together with the class key, such as a quotation.
///
/// `label`: the purpose, so that one purpose never opens as another; `aad`: where it belongs.
/// Errors: no randomness, too long. Source: SPEC A4.
pub fn seal_local(
    key: &ClassKey,
    label: &str,
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, ClassKeyError> {
    seal(key, &[LOCAL_LABEL, label.as_bytes()], aad, plain)
}

/// Opens what [`seal_local`] sealed with the same label and associated data.
///
/// Errors: too short, unknown version, `DoesNotOpen`. Source: SPEC A4.
pub fn open_local(
    key: &ClassKey,
    label: &str,
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, ClassKeyError> {
    open(key, &[LOCAL_LABEL, label.as_bytes()], aad, sealed)
}

/// Derives the raw key of the tablet's database of one audience: gone with the class key.
///
/// Source: SPEC A5.
pub fn derive_database_key(
    key: &ClassKey,
    council: &CouncilId,
    audience: &AudienceId,
) -> Zeroizing<[u8; 32]> {
    derive::<32>(
        council.as_bytes(),
        key.expose(),
        &[DATABASE_LABEL, audience.as_bytes()],
    )
}

/// Derives the raw key of the tablet's search index of one audience: gone with the class key.
///
/// Source: SPEC A6.
pub fn derive_search_key(
    key: &ClassKey,
    council: &CouncilId,
    audience: &AudienceId,
) -> Zeroizing<[u8; 32]> {
    derive::<32>(
        council.as_bytes(),
        key.expose(),
        &[SEARCH_LABEL, audience.as_bytes()],
    )
}

/// Derives the raw key of a database file of the council server from its master key.
///
/// `file`: the file's name in the data folder.
/// Source: SPEC A7.
pub fn derive_server_database_key(master: &ClassKey, file: &str) -> Zeroizing<[u8; 32]> {
    derive::<32>(
        &[],
        master.expose(),
        &[SERVER_DATABASE_LABEL, file.as_bytes()],
    )
}
