//! The encrypted file: 80-byte header, then 64-KiB chunks under AES-256-GCM. The server writes it, the tablet stores the same bytes.
//! Not here: seeking and files on disk (crate `vault`). Source: SPEC E1–E8.

use std::io::{Read, Write};
use std::ops::Range;

use zeroize::Zeroizing;

use crate::ids::BlobId;
use crate::primitive::{
    RandomUnavailable, Sha256, TAG_LEN, bytes_equal, derive, make_random, open_in_place,
    seal_in_place, sha256,
};
use crate::secret::secret_key;

/// Header length in bytes.
pub const HEADER_LEN: usize = 80;
/// Plain bytes in every chunk but the last.
pub const CHUNK_LEN: usize = 1 << CHUNK_LOG2;
/// Longest plain file in bytes (1 TiB); a header that claims more is damaged.
pub const MAX_PLAIN_LEN: u64 = 1 << 40;

const CHUNK_LOG2: u8 = 16;
const MAGIC: [u8; 8] = *b"RATSFILE";
const SUITE: u8 = 1;
const CONTENT_LABEL: &[u8] = b"ratsmappe/file/content/1";
const COMMITMENT_LABEL: &[u8] = b"ratsmappe/file/commitment/1";

secret_key!(
    /// The random key of one file revision.
    FileKey
);

/// Why a file cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Does not start with the magic bytes.
    #[error("this is not an encrypted file")]
    NotEncryptedFile,
    /// A suite that this program does not know.
    #[error("encryption suite {0} is unknown")]
    UnknownSuite(u8),
    /// Chunk size, reserved bytes or length are not possible.
    #[error("the header is damaged")]
    DamagedHeader,
    /// The key is not the one the header commits to, or the header was changed.
    #[error("the key does not belong to this file, or its header was changed")]
    WrongKey,
    /// The file has no such chunk.
    #[error("chunk {0} does not exist")]
    NoSuchChunk(u64),
    /// A chunk was changed, cut, or stands in another place.
    #[error("chunk {0} is damaged")]
    DamagedChunk(u64),
    /// The plaintext had another length than announced.
    #[error("the plaintext has another length than announced")]
    LengthMismatch,
    /// Longer than [`MAX_PLAIN_LEN`].
    #[error("the file is too long")]
    TooLong,
    /// Reading the plaintext or writing the ciphertext failed.
    #[error("reading or writing failed")]
    Io(#[from] std::io::Error),
}

/// Makes the random salt of one file. A file key and salt are used for one plaintext only.
///
/// Errors: no randomness.
pub fn make_salt() -> Result<[u8; 16], RandomUnavailable> {
    make_random()
}

fn make_header(key: &FileKey, salt: &[u8; 16], plain_len: u64) -> [u8; HEADER_LEN] {
    let commitment = derive::<32>(salt, key.expose(), &[COMMITMENT_LABEL]);
    let fields = MAGIC
        .into_iter()
        .chain([SUITE, CHUNK_LOG2])
        .chain([0; 6])
        .chain(*salt)
        .chain(*commitment)
        .chain(plain_len.to_be_bytes())
        .chain([0; 8]);
    let mut header = [0u8; HEADER_LEN];
    for (to, from) in header.iter_mut().zip(fields) {
        *to = from;
    }
    header
}

fn nonce(chunk: u64, is_last: bool) -> [u8; 12] {
    let [a, b, c, d, e, f, g, h] = chunk.to_be_bytes();
    [0, 0, 0, a, b, c, d, e, f, g, h, u8::from(is_last)]
}

fn chunk_count(plain_len: u64) -> u64 {
    plain_len.div_ceil(CHUNK_LEN as u64).max(1)
}

/// Encrypts a stream.
///
/// `salt`: from [`make_salt`]; `plain_len`: length of `plain` in bytes. Memory: one chunk.
/// Result: SHA-256 of all bytes written.
/// Errors: reading or writing; `LengthMismatch` when `plain` is shorter or longer; `TooLong`. After an error `out` is worthless.
/// Source: SPEC E1–E5.
pub fn seal(
    key: &FileKey,
    salt: [u8; 16],
    mut plain: impl Read,
    plain_len: u64,
    mut out: impl Write,
) -> Result<BlobId, FileError> {
    if plain_len > MAX_PLAIN_LEN {
        return Err(FileError::TooLong);
    }
    let header = make_header(key, &salt, plain_len);
    let header_hash = sha256(&[&header]);
    let content_key = derive::<32>(&salt, key.expose(), &[CONTENT_LABEL]);
    let mut hasher = Sha256::new();
    hasher.update(&header);
    out.write_all(&header)?;

    let count = chunk_count(plain_len);
    let mut remaining = plain_len;
    let mut buffer = Zeroizing::new(Vec::with_capacity(CHUNK_LEN + TAG_LEN));
    for chunk in 0..count {
        let take = remaining.min(CHUNK_LEN as u64);
        buffer.clear();
        if (&mut plain).take(take).read_to_end(&mut buffer)? as u64 != take {
            return Err(FileError::LengthMismatch);
        }
        remaining -= take;
        seal_in_place(
            &content_key,
            nonce(chunk, chunk + 1 == count),
            &header_hash,
            &mut buffer,
        )
        .map_err(|_| FileError::TooLong)?;
        hasher.update(&buffer);
        out.write_all(&buffer)?;
    }
    if plain.take(1).read_to_end(&mut Vec::new())? != 0 {
        return Err(FileError::LengthMismatch);
    }
    out.flush()?;
    Ok(BlobId::from_bytes(hasher.finish()))
}

/// Checks a header against the key it commits to.
///
/// Errors: not such a file, unknown suite, damaged header, `WrongKey`. Source: SPEC E1, E2, E6.
pub fn open_header(header: &[u8; HEADER_LEN], key: &FileKey) -> Result<Opener, FileError> {
    let (magic, rest) = header
        .split_first_chunk::<8>()
        .ok_or(FileError::DamagedHeader)?;
    let (kind, rest) = rest
        .split_first_chunk::<8>()
        .ok_or(FileError::DamagedHeader)?;
    let (salt, rest) = rest
        .split_first_chunk::<16>()
        .ok_or(FileError::DamagedHeader)?;
    let (commitment, rest) = rest
        .split_first_chunk::<32>()
        .ok_or(FileError::DamagedHeader)?;
    let (length, reserved) = rest
        .split_first_chunk::<8>()
        .ok_or(FileError::DamagedHeader)?;
    if *magic != MAGIC {
        return Err(FileError::NotEncryptedFile);
    }
    let [suite, chunk_log2, zeros @ ..] = kind;
    if *suite != SUITE {
        return Err(FileError::UnknownSuite(*suite));
    }
    let plain_len = u64::from_be_bytes(*length);
    if *chunk_log2 != CHUNK_LOG2
        || zeros.iter().chain(reserved).any(|byte| *byte != 0)
        || plain_len > MAX_PLAIN_LEN
    {
        return Err(FileError::DamagedHeader);
    }
    let expected = derive::<32>(salt, key.expose(), &[COMMITMENT_LABEL]);
    if !bytes_equal(&expected, commitment) {
        return Err(FileError::WrongKey);
    }
    Ok(Opener {
        content_key: derive::<32>(salt, key.expose(), &[CONTENT_LABEL]),
        header_hash: sha256(&[header]),
        plain_len,
    })
}

/// Opens the chunks of one file, in any order. Pure: the caller reads the bytes.
///
/// The plain length is authenticated by every chunk; a caller opens the last chunk before it serves any range,
/// so that a truncated file shows at once (SPEC E7).
#[derive(Clone)]
pub struct Opener {
    content_key: Zeroizing<[u8; 32]>,
    header_hash: [u8; 32],
    plain_len: u64,
}

impl Opener {
    /// Length of the plaintext in bytes.
    pub fn plain_len(&self) -> u64 {
        self.plain_len
    }

    /// Number of chunks, at least one.
    pub fn chunk_count(&self) -> u64 {
        chunk_count(self.plain_len)
    }

    /// Number of the last chunk, the one to open first.
    pub fn last_chunk(&self) -> u64 {
        self.chunk_count() - 1
    }

    /// Length of the whole ciphertext in bytes, header and tags included.
    pub fn ciphertext_len(&self) -> u64 {
        HEADER_LEN as u64 + self.plain_len + self.chunk_count() * TAG_LEN as u64
    }

    /// Where chunk `n` lies in the ciphertext, in bytes; empty if there is no such chunk.
    pub fn chunk_range(&self, n: u64) -> Range<u64> {
        if n >= self.chunk_count() {
            return 0..0;
        }
        let start = HEADER_LEN as u64 + n * (CHUNK_LEN + TAG_LEN) as u64;
        start..start + self.chunk_plain_len(n) + TAG_LEN as u64
    }

    /// Plain bytes in chunk `n < chunk_count`.
    fn chunk_plain_len(&self, n: u64) -> u64 {
        self.plain_len
            .saturating_sub(n * CHUNK_LEN as u64)
            .min(CHUNK_LEN as u64)
    }

    /// Opens chunk `n` in place: `buffer` holds the ciphertext of [`Self::chunk_range`], then the plaintext.
    ///
    /// Errors: `NoSuchChunk`, `DamagedChunk`; the buffer is emptied then. Source: SPEC E4, E8.
    pub fn open_chunk(&self, n: u64, buffer: &mut Vec<u8>) -> Result<(), FileError> {
        if n >= self.chunk_count() {
            buffer.clear();
            return Err(FileError::NoSuchChunk(n));
        }
        if buffer.len() as u64 != self.chunk_plain_len(n) + TAG_LEN as u64 {
            buffer.clear();
            return Err(FileError::DamagedChunk(n));
        }
        let is_last = n + 1 == self.chunk_count();
        open_in_place(
            &self.content_key,
            nonce(n, is_last),
            &self.header_hash,
            buffer,
        )
        .map_err(|_| FileError::DamagedChunk(n))
    }
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opener({} chunks)", self.chunk_count())
    }
}
