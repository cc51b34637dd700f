//! An encrypted file as `Read + Seek`: chunks are opened as they are asked for, a few stay open. No plaintext reaches a disk.
//! Not the format (see `sync_protocol::encrypted_file`) and not where files lie (see `blobs`).

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use sync_protocol::encrypted_file::{
    CHUNK_LEN, FileError, FileKey, HEADER_LEN, Opener, open_header,
};
use zeroize::Zeroizing;

/// Open chunks kept: 2 MiB, enough for PDFium to go to and fro between its table of objects and a page.
const CACHED_CHUNKS: usize = 32;

/// Why an encrypted file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The header, the length or a chunk is wrong: changed or cut.
    #[error("the encrypted file is damaged")]
    Damaged(#[source] FileError),
    /// The file is longer or shorter than its header says.
    #[error("the encrypted file has a wrong length")]
    WrongLength,
    /// The key belongs to another file.
    #[error("the key does not open this file")]
    WrongKey,
    /// The file system failed.
    #[error("the encrypted file cannot be read")]
    Io(#[from] io::Error),
}

impl ReadError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) | Self::WrongLength => "document_damaged",
            Self::WrongKey => "document_wrong_key",
            Self::Io(_) => "io",
        }
    }
}

impl From<FileError> for ReadError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::WrongKey => Self::WrongKey,
            FileError::Io(error) => Self::Io(error),
            other => Self::Damaged(other),
        }
    }
}

struct CachedChunk {
    number: u64,
    last_used: u64,
    plain: Zeroizing<Vec<u8>>,
}

/// The plaintext of one encrypted file, which lies on the disk or wherever else `F` reads it.
pub struct EncryptedReader<F = File> {
    file: F,
    opener: Opener,
    position: u64,
    chunks: Vec<CachedChunk>,
    uses: u64,
}

impl<F> fmt::Debug for EncryptedReader<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedReader")
            .field("byte_len", &self.byte_len())
            .finish_non_exhaustive()
    }
}

impl<F> EncryptedReader<F> {
    /// Length of the plaintext, bytes.
    pub fn byte_len(&self) -> u64 {
        self.opener.plain_len()
    }
}

impl<F: Read + Seek> EncryptedReader<F> {
    /// Checks header, length and last chunk: a file that was cut or lengthened shows here, before any range is served.
    ///
    /// Errors: [`ReadError`].
    pub fn open(mut file: F, key: &FileKey) -> Result<Self, ReadError> {
        let byte_len = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        if byte_len < HEADER_LEN as u64 {
            return Err(ReadError::WrongLength);
        }
        let mut header = [0; HEADER_LEN];
        file.read_exact(&mut header)?;
        let opener = open_header(&header, key)?;
        if opener.ciphertext_len() != byte_len {
            return Err(ReadError::WrongLength);
        }
        let mut reader = Self {
            file,
            opener,
            position: 0,
            chunks: Vec::new(),
            uses: 0,
        };
        reader.chunk(reader.opener.last_chunk())?;
        Ok(reader)
    }

    /// The plaintext of chunk `number`, from the cache or opened now.
    fn chunk(&mut self, number: u64) -> Result<&[u8], ReadError> {
        self.uses += 1;
        let at = match self.chunks.iter().position(|chunk| chunk.number == number) {
            Some(at) => at,
            None => self.load(number)?,
        };
        let chunk = self
            .chunks
            .get_mut(at)
            .ok_or(FileError::NoSuchChunk(number))?;
        chunk.last_used = self.uses;
        Ok(&chunk.plain)
    }

    /// Opens a chunk into the cache, in place of the one not used for longest, and says where it stands there.
    fn load(&mut self, number: u64) -> Result<usize, ReadError> {
        let range = self.opener.chunk_range(number);
        let sealed_len = usize::try_from(range.end - range.start).unwrap_or(0);
        // The old chunk leaves the cache first: a chunk that fails to open must not stand there under any number.
        let mut plain = if self.chunks.len() < CACHED_CHUNKS {
            Zeroizing::new(Vec::with_capacity(sealed_len.max(CHUNK_LEN)))
        } else {
            let oldest = self
                .chunks
                .iter()
                .enumerate()
                .min_by_key(|(_, chunk)| chunk.last_used)
                .map_or(0, |(at, _)| at);
            self.chunks.swap_remove(oldest).plain
        };
        plain.clear();
        plain.resize(sealed_len, 0);
        self.file.seek(SeekFrom::Start(range.start))?;
        self.file.read_exact(&mut plain)?;
        self.opener.open_chunk(number, &mut plain)?;
        self.chunks.push(CachedChunk {
            number,
            last_used: self.uses,
            plain,
        });
        Ok(self.chunks.len() - 1)
    }
}

impl<F: Read + Seek> Read for EncryptedReader<F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || self.position >= self.byte_len() {
            return Ok(0);
        }
        let number = self.position / CHUNK_LEN as u64;
        let within = usize::try_from(self.position % CHUNK_LEN as u64).unwrap_or(0);
        let chunk = self.chunk(number).map_err(into_io)?;
        let rest = chunk.get(within..).unwrap_or_default();
        let count = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl<F: Read + Seek> Seek for EncryptedReader<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.byte_len().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

fn into_io(error: ReadError) -> io::Error {
    match error {
        ReadError::Io(error) => error,
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    }
}
