//! The databases and files of an open vault: which key opens which of them, and how they are forgotten.
//! Not how a database is opened (see `database`) and not what stands in it.

use crate::blobs::Blobs;
use crate::database::{self, Check, DbError};
use crate::keyring::KeyringError;
use crate::moved_aside::MovedAside;
use crate::put_in_place;
use crate::secret::{Purpose, SecretError, SecretKey};
use crate::vault::{FACTION_DB, PRIVATE_DB, Vault};
use rusqlite::Connection;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use sync_protocol::class_key::{ClassKey, derive_database_key, derive_search_key};
use sync_protocol::ids::{AudienceId, CouncilId};

const COUNCILS: &str = "councils";
const SEARCH_DB: &str = "search.db";

/// A cache that was damaged and begun anew; the next synchronisation fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuiltCache {
    /// Whose cache.
    pub council: CouncilId,
    /// The audience of a closed database; `None` for `council.db`.
    pub audience: Option<AudienceId>,
}

impl Vault {
    fn council_folder(&self, council: CouncilId) -> PathBuf {
        self.folder.join(COUNCILS).join(council.to_string())
    }

    fn closed_path(&self, council: CouncilId, audience: AudienceId) -> PathBuf {
        self.council_folder(council)
            .join("closed")
            .join(format!("{audience}.db"))
    }

    fn closed_search_path(&self, council: CouncilId, audience: AudienceId) -> PathBuf {
        self.council_folder(council)
            .join("closed")
            .join(format!("{audience}.search.db"))
    }

    fn storage_key(&self, council: CouncilId, audience: AudienceId) -> Result<ClassKey, DbError> {
        self.keyring
            .storage_epoch(council, audience)
            .and_then(|epoch| self.keyring.class_key(council, audience, epoch))
            .ok_or(DbError::NoKey)
    }

    /// A connection to the private database. The first one after unlocking checks every page.
    ///
    /// Errors: [`DbError::DamagedMovedAside`] once, if it was damaged; the next call begins a new one.
    pub fn open_private_db(&self) -> Result<Connection, DbError> {
        if !self.is_private_db_checked.load(Ordering::Acquire) {
            put_in_place::finish(&self.folder.join(PRIVATE_DB))?;
        }
        self.open_precious(PRIVATE_DB, Purpose::PrivateDb, &self.is_private_db_checked)
    }

    /// A connection to the private database in place of one that says it is damaged. SQLCipher gives a connection up after a page
    /// that the disk did not give once: all pages are checked, and nothing is moved.
    ///
    /// Errors: [`DbError::Damaged`] if it is damaged indeed; [`DbError::Io`] if the disk still fails.
    pub fn reopen_private_db(&self) -> Result<Connection, DbError> {
        self.reopen_precious(PRIVATE_DB, Purpose::PrivateDb)
    }

    /// The same for the database of faction spaces.
    ///
    /// Errors: as for [`Vault::reopen_private_db`].
    pub fn reopen_faction_db(&self) -> Result<Connection, DbError> {
        self.reopen_precious(FACTION_DB, Purpose::FactionDb)
    }

    fn reopen_precious(&self, name: &str, purpose: Purpose) -> Result<Connection, DbError> {
        let key = self.root.derive(purpose, b"").map_err(no_crypto)?;
        database::open_surely(&self.folder.join(name), &key, Check::AllPages)
    }

    /// Whether there is a database of faction spaces on this device.
    pub fn has_faction_db(&self) -> bool {
        self.folder.join(FACTION_DB).exists()
    }

    /// A connection to the database of faction spaces: unsent edits and seeds exist nowhere else. The first one after unlocking
    /// checks every page.
    ///
    /// Errors: [`DbError::DamagedMovedAside`] once, if it was damaged; the next call begins a new one.
    pub fn open_faction_db(&self) -> Result<Connection, DbError> {
        self.open_precious(FACTION_DB, Purpose::FactionDb, &self.is_faction_db_checked)
    }

    fn open_precious(
        &self,
        name: &str,
        purpose: Purpose,
        is_checked: &AtomicBool,
    ) -> Result<Connection, DbError> {
        let key = self.root.derive(purpose, b"").map_err(no_crypto)?;
        let check = if is_checked.load(Ordering::Acquire) {
            Check::Key
        } else {
            Check::AllPages
        };
        let connection = database::open_precious(&self.folder.join(name), &key, check)?;
        is_checked.store(true, Ordering::Release);
        Ok(connection)
    }

    /// Private databases that were damaged and moved aside, the oldest first.
    ///
    /// Errors: the folder cannot be read.
    pub fn moved_aside(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let stamp = path
                .file_name()
                .and_then(|name| name.to_str()?.strip_prefix("private.db.damaged-"));
            // Its companions and the copy it is read through end in letters.
            if stamp.is_some_and(|stamp| {
                stamp
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'-')
            }) {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }

    /// For reading what can still be read of a database that was moved aside. The file itself stays byte for byte.
    ///
    /// Errors: [`DbError::Io`].
    pub fn read_moved_aside(&self, path: &Path) -> Result<MovedAside, DbError> {
        MovedAside::copy(
            path,
            self.root
                .derive(Purpose::PrivateDb, b"")
                .map_err(no_crypto)?,
        )
    }

    /// A connection to a council's public cache. The first one after unlocking checks every page; a damaged cache is
    /// begun anew, see [`Vault::take_rebuilt`].
    ///
    /// Errors: [`DbError`].
    pub fn open_council_db(&self, council: CouncilId) -> Result<Connection, DbError> {
        let key = self
            .root
            .derive(Purpose::CouncilDb, council.as_bytes())
            .map_err(no_crypto)?;
        let path = self.council_folder(council).join("council.db");
        let (connection, is_rebuilt) = self.open_cache(&path, &key)?;
        if is_rebuilt {
            self.report_rebuilt(council, None);
        }
        Ok(connection)
    }

    /// A connection to the cache of one nonpublic audience; its key comes from the class key of the storage epoch.
    ///
    /// Errors: [`DbError::NoKey`] if no class key is held.
    pub fn open_closed_db(
        &self,
        council: CouncilId,
        audience: AudienceId,
    ) -> Result<Connection, DbError> {
        let class_key = self.storage_key(council, audience)?;
        let key = SecretKey::from_bytes(&derive_database_key(&class_key, &council, &audience));
        let path = self.closed_path(council, audience);
        let (connection, is_rebuilt) = self.open_cache(&path, &key)?;
        if is_rebuilt {
            self.report_rebuilt(council, Some(audience));
        }
        Ok(connection)
    }

    /// A connection to the index over a council's public texts. A damaged one is begun anew, silently: it is empty then, and
    /// whoever indexes fills it from what lies on the device.
    ///
    /// Errors: [`DbError`].
    pub fn open_search_db(&self, council: CouncilId) -> Result<Connection, DbError> {
        let key = self
            .root
            .derive(Purpose::SearchDb, council.as_bytes())
            .map_err(no_crypto)?;
        let path = self.council_folder(council).join(SEARCH_DB);
        Ok(self.open_cache(&path, &key)?.0)
    }

    /// A connection to the index over the texts of one nonpublic audience; its key comes from the class key of the storage
    /// epoch, so both are forgotten together. A damaged one is begun anew like the public one.
    ///
    /// Errors: [`DbError::NoKey`] if no class key is held.
    pub fn open_closed_search_db(
        &self,
        council: CouncilId,
        audience: AudienceId,
    ) -> Result<Connection, DbError> {
        let class_key = self.storage_key(council, audience)?;
        let key = SecretKey::from_bytes(&derive_search_key(&class_key, &council, &audience));
        let path = self.closed_search_path(council, audience);
        Ok(self.open_cache(&path, &key)?.0)
    }

    /// Result: the connection, and whether the cache was begun anew.
    fn open_cache(&self, path: &Path, key: &SecretKey) -> Result<(Connection, bool), DbError> {
        // Held while the file is opened: a damaged one may be deleted only while nobody else has it open.
        let mut checked = self
            .checked_caches
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let check = if checked.contains(path) {
            Check::Key
        } else {
            Check::AllPages
        };
        let opened = database::open_cache(path, key, check)?;
        checked.insert(path.to_owned());
        Ok(opened)
    }

    fn report_rebuilt(&self, council: CouncilId, audience: Option<AudienceId>) {
        self.rebuilt
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(RebuiltCache { council, audience });
    }

    /// Caches that were begun anew since the last call.
    pub fn take_rebuilt(&self) -> Vec<RebuiltCache> {
        std::mem::take(&mut *self.rebuilt.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Deletes a council's public cache and the index over it. No connection to them may be open.
    ///
    /// Errors: [`DbError::Io`].
    pub fn delete_council_db(&self, council: CouncilId) -> Result<(), DbError> {
        database::delete(&self.council_folder(council).join(SEARCH_DB))?;
        Ok(database::delete(
            &self.council_folder(council).join("council.db"),
        )?)
    }

    /// Forgets a nonpublic audience: first its class keys, with which everything sealed under them is gone, then its
    /// index and its database file. No connection to them may be open. Blobs are deleted by who knows which ones they are.
    ///
    /// Errors: [`KeyringError`]; after an error of the file system the keys are gone and the call can be repeated.
    pub fn forget_audience(
        &self,
        council: CouncilId,
        audience: AudienceId,
    ) -> Result<(), KeyringError> {
        self.keyring.delete_audience_keys(council, audience)?;
        // The database last: as long as it is there the audience is listed, and a call that failed is made again.
        database::delete(&self.closed_search_path(council, audience))?;
        Ok(database::delete(&self.closed_path(council, audience))?)
    }

    /// Forgets a council: its record, device keys and class keys, then all its caches. No connection to them may be open.
    /// Notes stay; their quotations from nonpublic files are gone with the keys.
    ///
    /// Errors: [`KeyringError`]; after an error of the file system the keys are gone and the call can be repeated.
    pub fn forget_council(&self, council: CouncilId) -> Result<(), KeyringError> {
        self.keyring.remove_council(council)?;
        match std::fs::remove_dir_all(self.council_folder(council)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Audiences of a council that have a closed database on this device, with or without a key.
    ///
    /// Errors: the folder cannot be read.
    pub fn closed_audiences(&self, council: CouncilId) -> io::Result<Vec<AudienceId>> {
        let entries = match std::fs::read_dir(self.council_folder(council).join("closed")) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut audiences = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            audiences.extend(
                name.to_str()
                    .and_then(|name| name.strip_suffix(".db")?.parse::<AudienceId>().ok()),
            );
        }
        audiences.sort();
        Ok(audiences)
    }

    /// The file store of a council.
    pub fn blobs(&self, council: CouncilId) -> Blobs {
        Blobs::in_folder(self.council_folder(council).join("blobs"))
    }
}

fn no_crypto(_: SecretError) -> DbError {
    DbError::Io(io::Error::other(SecretError::Unavailable))
}
