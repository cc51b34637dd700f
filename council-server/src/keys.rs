//! The server's keys: made, sealed under the master key, opened when needed. Nothing stays in memory longer than its use.
//! Which key is for what: root signs root documents, feed signs heads and snapshots, class keys seal entries,
//! file keys seal files, the digest key hides intake keys and content digests.

use rusqlite::{Connection, Transaction};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::encrypted_file::FileKey;
use sync_protocol::ids::{AudienceId, BlobId, Hash, InvitationId};
use sync_protocol::pairing::InvitationCode;
use sync_protocol::sign::SigningKey;
use zeroize::Zeroizing;

use crate::error::ServerError;
use crate::master_key::MasterKey;
use crate::store::{audiences, meta};

const SECRET: &str = "ratsmappe/server/secret";
const CLASS_KEY: &str = "ratsmappe/server/class-key";
const FILE_KEY: &str = "ratsmappe/server/file-key";
const CODE: &str = "ratsmappe/server/invitation-code";
const WORDS: &str = "ratsmappe/server/confirm-words";

/// The names of the sealed secrets.
pub(crate) mod secret {
    pub(crate) const ROOT: &str = "root_key";
    pub(crate) const FEED: &str = "feed_key";
    pub(crate) const DIGEST: &str = "digest_key";
    pub(crate) const TLS: &str = "tls_key";
    /// No key: where the audit begins and ends.
    pub(crate) const AUDIT_HEAD: &str = "audit_head";
}

/// Opens and seals what is stored; holds the master key only.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    master: MasterKey,
}

impl Keys {
    pub(crate) fn new(master: MasterKey) -> Self {
        Self { master }
    }

    pub(crate) fn master(&self) -> &MasterKey {
        &self.master
    }

    pub(crate) fn put_secret(
        &self,
        tx: &Transaction<'_>,
        name: &str,
        value: &[u8],
    ) -> Result<(), ServerError> {
        let sealed = self.master.seal(SECRET, name.as_bytes(), value)?;
        Ok(meta::put_secret(tx, name, &sealed)?)
    }

    /// A secret; `None` where none was stored. `WrongMasterKey` where it does not open.
    pub(crate) fn secret(
        &self,
        c: &Connection,
        name: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, ServerError> {
        let Some(sealed) = meta::secret(c, name)? else {
            return Ok(None);
        };
        let opened = self.master.open(SECRET, name.as_bytes(), &sealed);
        opened.map(Some).map_err(|_| ServerError::WrongMasterKey)
    }

    /// One of the two signing keys.
    pub(crate) fn signing_key(
        &self,
        c: &Connection,
        name: &str,
    ) -> Result<SigningKey, ServerError> {
        let seed = self.secret(c, name)?.ok_or(ServerError::WrongMasterKey)?;
        Ok(SigningKey::from_bytes(bytes_32(&seed)?))
    }

    /// The keyed digest of something that must not be guessed from the database alone.
    pub(crate) fn digest(&self, c: &Connection) -> Result<Digester, ServerError> {
        let key = self
            .secret(c, secret::DIGEST)?
            .ok_or(ServerError::WrongMasterKey)?;
        Ok(Digester { key })
    }

    /// Makes the class key of an audience's next epoch, which becomes the one for new entries.
    pub(crate) fn make_class_key(
        &self,
        tx: &Transaction<'_>,
        audience: &AudienceId,
        epoch: KeyEpoch,
        now_at_ms: i64,
    ) -> Result<(), ServerError> {
        let key = ClassKey::make()?;
        let sealed = self
            .master
            .seal(CLASS_KEY, &class_place(audience, epoch), key.expose())?;
        Ok(audiences::put_class_key(
            tx, audience, epoch, &sealed, now_at_ms,
        )?)
    }

    pub(crate) fn class_key(
        &self,
        c: &Connection,
        audience: &AudienceId,
        epoch: KeyEpoch,
    ) -> Result<ClassKey, ServerError> {
        let sealed =
            audiences::class_key(c, audience, epoch)?.ok_or(ServerError::WrongMasterKey)?;
        let opened = self
            .master
            .open(CLASS_KEY, &class_place(audience, epoch), &sealed)?;
        Ok(ClassKey::from_bytes(bytes_32(&opened)?))
    }

    pub(crate) fn seal_file_key(
        &self,
        blob: &BlobId,
        key: &FileKey,
    ) -> Result<Vec<u8>, ServerError> {
        Ok(self.master.seal(FILE_KEY, blob.as_bytes(), key.expose())?)
    }

    pub(crate) fn open_file_key(
        &self,
        blob: &BlobId,
        sealed: &[u8],
    ) -> Result<FileKey, ServerError> {
        let opened = self.master.open(FILE_KEY, blob.as_bytes(), sealed)?;
        Ok(FileKey::from_bytes(bytes_32(&opened)?))
    }

    pub(crate) fn seal_code(&self, code: &InvitationCode) -> Result<Vec<u8>, ServerError> {
        let id = code.invitation_id();
        Ok(self.master.seal(CODE, id.as_bytes(), code.expose())?)
    }

    pub(crate) fn open_code(
        &self,
        id: &InvitationId,
        sealed: &[u8],
    ) -> Result<InvitationCode, ServerError> {
        let opened = self.master.open(CODE, id.as_bytes(), sealed)?;
        let bytes = opened
            .as_slice()
            .try_into()
            .map_err(|_| ServerError::WrongMasterKey)?;
        Ok(InvitationCode::from_bytes(bytes))
    }

    pub(crate) fn seal_words(&self, device: &[u8], words: &str) -> Result<Vec<u8>, ServerError> {
        Ok(self.master.seal(WORDS, device, words.as_bytes())?)
    }

    pub(crate) fn open_words(
        &self,
        device: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, ServerError> {
        let opened = self.master.open(WORDS, device, sealed)?;
        Ok(Zeroizing::new(
            String::from_utf8_lossy(&opened).into_owned(),
        ))
    }
}

/// Makes keyed digests.
pub(crate) struct Digester {
    key: Zeroizing<Vec<u8>>,
}

impl Digester {
    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        Self {
            key: Zeroizing::new(vec![7; 32]),
        }
    }

    /// The digest of `content` for one purpose. Key and inner digest have fixed lengths, so nothing can be appended.
    pub(crate) fn of(&self, purpose: &str, content: &[u8]) -> Hash {
        let mut text = Zeroizing::new(Vec::with_capacity(96));
        text.extend_from_slice(&self.key);
        text.extend_from_slice(Hash::of(purpose.as_bytes()).as_bytes());
        text.extend_from_slice(Hash::of(content).as_bytes());
        Hash::of(&text)
    }
}

fn class_place(audience: &AudienceId, epoch: KeyEpoch) -> Vec<u8> {
    let mut place = audience.as_bytes().to_vec();
    place.extend_from_slice(&epoch.0.to_be_bytes());
    place
}

fn bytes_32(bytes: &[u8]) -> Result<[u8; 32], ServerError> {
    bytes.try_into().map_err(|_| ServerError::WrongMasterKey)
}
