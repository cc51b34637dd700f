//! A member's tablet without its window: a real vault in a temporary folder, real synchronisation, the real store.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sync::store::{CouncilStore, FileRow};
use sync::{CancelFlag, PairRequest, Paired, SyncConfig, SyncEngine, SyncError, SyncOutcome};
use sync_protocol::ids::{CouncilId, DeviceId, ObjectId};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use vault::{KdfCost, Passphrase, Vault};

use crate::town::Town;

pub const PASSPHRASE: &str = "nebel kupfer wiese laterne anker";

/// A paired tablet.
pub struct Tablet {
    pub vault: Arc<Vault>,
    pub council: CouncilId,
    pub paired: Paired,
    config: SyncConfig,
    engine: SyncEngine,
    runtime: Runtime,
    folder: TempDir,
}

/// A new vault in `folder`, cheap to guess and therefore quick to open.
#[must_use]
pub fn make_vault(folder: &Path) -> Vault {
    Vault::create_with(folder, &Passphrase::new(PASSPHRASE), KdfCost::for_tests())
        .unwrap()
        .0
}

/// Pairs a new tablet that is thrown away, and says why it was refused.
///
/// Panics if it is not refused, or keeps something of the council.
#[must_use]
pub fn refused_pairing(town: &Town, address: &str, code: &str) -> &'static str {
    let folder = TempDir::new().unwrap();
    let vault = Arc::new(make_vault(folder.path()));
    let request = PairRequest {
        address: address.to_owned(),
        code: code.to_owned(),
    };
    let refusal = runtime()
        .block_on(sync::pair(&vault, &request, &town.sync_config()))
        .unwrap_err();
    assert!(
        vault.keyring().councils().is_empty(),
        "nothing is kept after a refusal"
    );
    refusal.code()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

impl Tablet {
    /// A tablet that has been paired with a letter; the office has not confirmed it yet.
    #[must_use]
    pub fn paired(town: &Town, person: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let vault = Arc::new(make_vault(folder.path()));
        let (config, runtime) = (town.sync_config(), runtime());
        let request = PairRequest {
            address: town.address(),
            code: town.letter_for(person),
        };
        let paired = runtime
            .block_on(sync::pair(&vault, &request, &config))
            .unwrap();
        let engine = SyncEngine::new(config.clone());
        Self {
            vault,
            council: paired.council,
            paired,
            config,
            engine,
            runtime,
            folder,
        }
    }

    /// A tablet whose four words the office has confirmed, with everything on it.
    #[must_use]
    pub fn synced(town: &Town, person: &str) -> Self {
        let tablet = Self::paired(town, person);
        town.server
            .confirm(&tablet.device(), &tablet.paired.confirm_words)
            .unwrap();
        tablet.sync().unwrap();
        tablet
    }

    /// This device, as the council knows it.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.vault.keyring().council(self.council).unwrap().device
    }

    /// Synchronises once.
    pub fn sync(&self) -> Result<SyncOutcome, SyncError> {
        self.runtime.block_on(
            self.engine
                .run(&self.vault, self.council, |_| {}, CancelFlag::new()),
        )
    }

    /// Synchronises once without trying anything again.
    pub fn sync_impatiently(&self) -> Result<SyncOutcome, SyncError> {
        let mut config = self.config.clone();
        config.backoff.attempts = 1;
        let engine = SyncEngine::new(config);
        self.runtime
            .block_on(engine.run(&self.vault, self.council, |_| {}, CancelFlag::new()))
    }

    /// The council's data as it can be read now.
    #[must_use]
    pub fn store(&self) -> CouncilStore {
        CouncilStore::open(&self.vault, self.council, (self.config.clock)()).unwrap()
    }

    /// Names of all agenda items that this tablet shows.
    #[must_use]
    pub fn items(&self) -> BTreeSet<String> {
        self.store()
            .agenda_items()
            .unwrap()
            .into_iter()
            .map(|held| held.object.name)
            .collect()
    }

    /// The main file of a paper.
    #[must_use]
    pub fn file_of(&self, reference: &str) -> Option<FileRow> {
        let store = self.store();
        let papers = store.papers().unwrap();
        let paper = papers
            .iter()
            .find(|held| held.object.reference.as_deref() == Some(reference))?;
        Some(
            store
                .files_of(paper.object.id)
                .unwrap()
                .into_iter()
                .next()?
                .1,
        )
    }

    /// The plain bytes of a file, read as the reader does.
    pub fn read(&self, file: ObjectId) -> Result<Vec<u8>, &'static str> {
        read_file(&self.vault, &self.store(), file)
    }

    /// Whether the paper's file can be read here and says this.
    #[must_use]
    pub fn reads(&self, reference: &str, words: &str) -> bool {
        let row = self.file_of(reference);
        row.is_some_and(|row| {
            self.read(row.id())
                .is_ok_and(|bytes| holds(&bytes, words.as_bytes()))
        })
    }

    /// Where the encrypted file lies.
    #[must_use]
    pub fn blob_path(&self, row: &FileRow) -> PathBuf {
        let name = row.blob_id.to_string();
        let first: String = name.chars().take(2).collect();
        self.council_folder().join("blobs").join(first).join(name)
    }

    /// The folder of the council on this tablet.
    #[must_use]
    pub fn council_folder(&self) -> PathBuf {
        self.folder()
            .join("councils")
            .join(self.council.to_string())
    }

    /// The tablet's data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Switches the tablet off: the vault is locked, its folder stays.
    #[must_use]
    pub fn locked(self) -> TempDir {
        let Self {
            vault,
            folder,
            runtime,
            ..
        } = self;
        drop(runtime);
        assert_eq!(
            Arc::strong_count(&vault),
            1,
            "nobody else holds the vault open"
        );
        drop(vault);
        folder
    }
}

/// The plain bytes of a file on this device.
///
/// Errors: the stable code of what is in the way.
pub fn read_file(
    vault: &Vault,
    store: &CouncilStore,
    file: ObjectId,
) -> Result<Vec<u8>, &'static str> {
    let row = store
        .file(file)
        .map_err(|error| error.code())?
        .ok_or("not_found")?;
    if !row.present {
        return Err("file_not_here");
    }
    let key = store.file_key(vault, &row).map_err(|error| error.code())?;
    let mut reader = vault
        .blobs(store.council())
        .open(row.blob_id, &key)
        .map_err(|error| error.code())?;
    let mut bytes = Vec::new();
    reader
        .read_to_end(&mut bytes)
        .map_err(|_| "document_damaged")?;
    Ok(bytes)
}

/// How often a safety suite repeats: the environment's number, or `standard`.
#[must_use]
pub fn count_from(variable: &str, standard: usize) -> usize {
    std::env::var(variable).map_or(standard, |count| count.parse().unwrap())
}

/// A small random number that is the same in every run.
pub fn seeded(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

/// Whether `needle` stands in `bytes`.
#[must_use]
pub fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Every file below a folder with its bytes; SQLite's shared-memory index, which changes by being looked at, left out.
#[must_use]
pub fn bytes_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes_below(&path));
        } else if path.extension().is_none_or(|kind| kind != "db-shm") {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}
