//! A public file's plain bytes, opened chunk by chunk from the ciphertext that the tablets get, with the key that stands
//! in the public chain. Nothing of it is written to disk, and never is more than one chunk in memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use sync_protocol::class_key::{FileKeyContext, WrappedFileKey, unwrap_file_key};
use sync_protocol::encrypted_file::{CHUNK_LEN, FileError, HEADER_LEN, Opener, open_header};
use sync_protocol::ids::{BlobId, ObjectId};

use super::shown::{SealedFile, public_audience};
use crate::blobs::BlobError;
use crate::error::ServerError;
use crate::server::Server;

/// An open public file.
#[derive(Debug)]
pub(crate) struct PublicFile {
    pub blob: BlobId,
    pub name: String,
    pub mime_type: String,
    file: File,
    opener: Opener,
}

impl PublicFile {
    /// Opens a file. Its last chunk is opened at once, so that a cut or changed file shows before anything is sent.
    ///
    /// Result: `None` where its ciphertext has just been deleted.
    /// Errors: the key does not open, the ciphertext is damaged, storage.
    pub(crate) fn open(
        server: &Server,
        object: ObjectId,
        sealed: &SealedFile,
        described: &sync_protocol::model::File,
    ) -> Result<Option<Self>, ServerError> {
        let inner = &*server.inner;
        let class_key = inner.store.read(|c| {
            let audience = public_audience(c)?;
            inner.keys.class_key(c, &audience.id, sealed.key_epoch)
        })?;
        let context = FileKeyContext {
            council: inner.council,
            object,
            revision: sealed.revision,
            blob_id: sealed.blob,
        };
        let wrapped = WrappedFileKey(sealed.wrapped_key.clone());
        let key = unwrap_file_key(&class_key, &context, &wrapped)?;
        let mut file = match File::open(inner.blobs.path(&sealed.blob)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut header = [0u8; HEADER_LEN];
        file.read_exact(&mut header)?;
        let opener = open_header(&header, &key).map_err(damaged)?;
        let mut opened = Self {
            blob: sealed.blob,
            name: described.file_name.clone(),
            mime_type: described.mime_type.clone(),
            file,
            opener,
        };
        opened.chunk(opened.opener.last_chunk())?;
        Ok(Some(opened))
    }

    /// Length of the plaintext in bytes.
    pub(crate) fn byte_len(&self) -> u64 {
        self.opener.plain_len()
    }

    /// The plain bytes from `at` to the end of their chunk, at most up to `end`; both in bytes, `at < end`.
    ///
    /// Errors: a damaged chunk, disk.
    pub(crate) fn read_piece(&mut self, at: u64, end: u64) -> Result<Vec<u8>, ServerError> {
        let number = at / CHUNK_LEN as u64;
        let start = number * CHUNK_LEN as u64;
        let mut plain = self.chunk(number)?;
        let place = |byte: u64| usize::try_from(byte - start).unwrap_or(usize::MAX);
        plain.truncate(place(end));
        plain.drain(..place(at).min(plain.len()));
        Ok(plain)
    }

    fn chunk(&mut self, number: u64) -> Result<Vec<u8>, ServerError> {
        let range = self.opener.chunk_range(number);
        let mut buffer = Vec::with_capacity(CHUNK_LEN + HEADER_LEN);
        self.file.seek(SeekFrom::Start(range.start))?;
        let sealed_len = range.end.saturating_sub(range.start);
        (&mut self.file).take(sealed_len).read_to_end(&mut buffer)?;
        self.opener
            .open_chunk(number, &mut buffer)
            .map_err(damaged)?;
        Ok(buffer)
    }
}

fn damaged(error: FileError) -> ServerError {
    ServerError::Blob(BlobError::Seal(error))
}
