//! The council server as one value: data folder, keys, clock. What it can do stands in `office`, `pairing`, `feed`,
//! `publish` and `http`; this file only opens it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use sync_protocol::ids::CouncilId;

use crate::audit;
use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::draft::CouncilDraft;
use crate::durable::make_folder;
use crate::error::ServerError;
use crate::faction::{Bells, Rosters};
use crate::faults::FaultSwitch;
use crate::identity;
use crate::intake;
use crate::keys::Keys;
use crate::master_key::MasterKey;
use crate::publish::{Book, ImportOutcome, Publisher};
use crate::store::meta::{self, name};
use crate::store::{Store, StoreError};

/// The database's name in the data folder.
pub(crate) const DATABASE_FILE: &str = "server.db";

/// An open council server. Cheap to clone; all clones are the same server.
#[derive(Clone)]
pub struct Server {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub dir: PathBuf,
    pub council: CouncilId,
    pub store: Store,
    pub blobs: Blobs,
    pub keys: Keys,
    pub clock: Clock,
    pub faults: FaultSwitch,
    pub rosters: Rosters,
    pub bells: Arc<Bells>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({:?})", self.inner.council)
    }
}

impl Server {
    /// Opens the data folder `dir`, or makes a new council in it.
    ///
    /// Errors: `WrongMasterKey`, a database of a later version, disk.
    pub fn open(dir: &Path, master: &MasterKey) -> Result<Self, ServerError> {
        Self::open_with(dir, master, Clock::System)
    }

    /// As [`Self::open`], with a clock of its own; for tests and stories.
    pub fn open_with(dir: &Path, master: &MasterKey, clock: Clock) -> Result<Self, ServerError> {
        make_private_folder(dir)?;
        let keys = Keys::new(master.clone());
        let (path, key) = (dir.join(DATABASE_FILE), master.database_key(DATABASE_FILE));
        let fits = |c: &Connection| identity::prove(c, &keys);
        let store = Store::open_or_encrypt(&path, &key, fits).map_err(|error| match error {
            ServerError::Store(StoreError::WrongKey) => ServerError::WrongMasterKey,
            error => error,
        })?;
        let blobs = Blobs::open(dir.join("blobs"))?;
        let council = store.write(|tx| {
            let council = identity::ensure(tx, &keys, clock.now_at_ms())?;
            audit::take_up(tx, &keys, clock.now_at_ms())?;
            Ok::<_, ServerError>(council)
        })?;
        let inner = Inner {
            dir: dir.to_path_buf(),
            council,
            store,
            blobs,
            keys,
            clock,
            faults: FaultSwitch::default(),
            rosters: Rosters::default(),
            bells: Arc::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The same server over a connection of its own to its tables, so that long work there keeps nobody waiting here.
    pub(crate) fn beside(&self) -> Result<Self, ServerError> {
        let inner = &*self.inner;
        let beside = Inner {
            dir: inner.dir.clone(),
            council: inner.council,
            store: Store::open(
                &inner.dir.join(DATABASE_FILE),
                &inner.keys.master().database_key(DATABASE_FILE),
            )?,
            blobs: inner.blobs.clone(),
            keys: inner.keys.clone(),
            clock: inner.clock.clone(),
            faults: FaultSwitch::default(),
            rosters: Rosters::default(),
            bells: Arc::clone(&inner.bells),
        };
        Ok(Self {
            inner: Arc::new(beside),
        })
    }

    /// The council's id.
    #[must_use]
    pub fn council(&self) -> CouncilId {
        self.inner.council
    }

    /// The switches for faults that stories plant.
    #[must_use]
    pub fn faults(&self) -> &FaultSwitch {
        &self.inner.faults
    }

    /// The address that invitations name: the one the server was last started with.
    pub fn address(&self) -> Result<Option<String>, ServerError> {
        Ok(self.inner.store.read(|c| meta::text(c, name::ADDRESS))?)
    }

    /// Sets the address that invitations name.
    pub fn set_address(&self, address: &str) -> Result<(), ServerError> {
        Ok(self
            .inner
            .store
            .write(|tx| meta::put(tx, name::ADDRESS, address.as_bytes()))?)
    }

    /// Imports an intake folder. INTAKE.md describes it.
    ///
    /// Errors: every problem of the folder with file, line and field; nothing was changed then.
    pub fn import_folder(&self, dir: &Path) -> Result<ImportOutcome, ServerError> {
        let draft = intake::read_folder(dir)?;
        self.publish(&draft)
    }

    /// What a source said about its files' versions when they were last published, by the files' keys; without those
    /// that are not published.
    pub(crate) fn origin_stamps<'k>(
        &self,
        source: &str,
        keys: impl Iterator<Item = &'k String>,
    ) -> Result<HashMap<String, String>, ServerError> {
        let inner = &*self.inner;
        inner
            .store
            .read(|c| Book::origin_stamps(c, &inner.keys, source, keys))
    }

    /// Publishes what an intake wants.
    ///
    /// Errors: storage, keys, disk; nothing was published then.
    pub fn publish(&self, draft: &CouncilDraft) -> Result<ImportOutcome, ServerError> {
        let inner = &*self.inner;
        let publisher = Publisher {
            dir: &inner.dir,
            council: inner.council,
            store: &inner.store,
            blobs: &inner.blobs,
            keys: &inner.keys,
            clock: &inner.clock,
        };
        publisher.publish(draft)
    }
}

/// Creates a folder that only its owner may enter.
pub(crate) fn make_private_folder(dir: &Path) -> Result<(), ServerError> {
    make_folder(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
