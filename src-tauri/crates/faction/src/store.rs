//! The open `faction.db`: which spaces this device knows, founding one, one change at a time.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior, named_params};
use sync_protocol::faction::device::{DeviceKind, DeviceRecord, FactionKeys};
use sync_protocol::faction::link::{Change, Genesis, Link, SUITE, SignedLink};
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed::{Epoch, EpochSeed, Named, seal_name};
use sync_protocol::faction::seed_box::{SeedBox, make_seed_box};
use sync_protocol::ids::{CouncilId, FactionId, Hash, UserId};
use vault::{DbError, Vault};

use crate::error::FactionError;
use crate::rows::fixed;
use crate::schema::MIGRATIONS;
use crate::space::Space;

/// The spaces of this device. Can be shared between threads; drop it before the vault is locked.
pub struct FactionStore {
    connection: Mutex<Connection>,
    /// Opens the file anew; none over a connection that has no file.
    vault: Option<Arc<Vault>>,
}

impl fmt::Debug for FactionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactionStore(hidden)")
    }
}

/// A space that this device knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpaceRecord {
    /// The space.
    pub faction: FactionId,
    /// The council whose server carries it.
    pub council: CouncilId,
}

/// A space that has just been founded, and what the server must be given.
#[derive(Debug)]
pub struct Founded {
    /// The space, usable at once.
    pub space: Space,
    /// Its genesis.
    pub genesis: SignedLink,
    /// The founder's own seed box.
    pub boxes: Vec<SeedBox>,
}

impl FactionStore {
    /// Opens `faction.db` and brings it to the newest schema.
    ///
    /// Errors: [`DbError::DamagedMovedAside`] once, if it was damaged: opening again begins a new one;
    /// [`DbError::TooNew`] if a newer app has written it.
    pub fn open(vault: &Arc<Vault>) -> Result<Arc<Self>, DbError> {
        Self::made(vault.open_faction_db()?, Some(Arc::clone(vault)))
            .map_err(|error| error.looked_at(|| vault.reopen_faction_db()).0)
    }

    /// The store over a connection that is open already, for tests that need no file.
    ///
    /// Errors: [`DbError`].
    pub fn over(connection: Connection) -> Result<Arc<Self>, DbError> {
        Self::made(connection, None)
    }

    fn made(mut connection: Connection, vault: Option<Arc<Vault>>) -> Result<Arc<Self>, DbError> {
        vault::migrate(&mut connection, MIGRATIONS)?;
        Ok(Arc::new(Self {
            connection: Mutex::new(connection),
            vault,
        }))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolls its transaction back; the connection stays usable.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, FactionError>,
    ) -> Result<T, FactionError> {
        let mut connection = self.connection();
        let answer = query(&connection);
        self.look_again(&mut connection, answer)
    }

    /// Changes something in one transaction, durable when this returns.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, FactionError>,
    ) -> Result<T, FactionError> {
        let mut connection = self.connection();
        let answer = change_in(&mut connection, change);
        self.look_again(&mut connection, answer)
    }

    /// A connection that says that the file is damaged may have met a disk that failed once: then another one goes on in its
    /// place, and the error is that of the disk.
    fn look_again<T>(
        &self,
        connection: &mut Connection,
        answer: Result<T, FactionError>,
    ) -> Result<T, FactionError> {
        answer.map_err(|error| match (error, &self.vault) {
            (FactionError::Db(error), Some(vault)) => {
                let (error, other) = error.looked_at(|| vault.reopen_faction_db());
                if let Some(other) = other {
                    *connection = other;
                }
                error.into()
            }
            (error, _) => error,
        })
    }

    /// All spaces that this device knows, in the order in which it came to them.
    ///
    /// Errors: the database.
    pub fn spaces(&self) -> Result<Vec<SpaceRecord>, FactionError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare("SELECT faction, council FROM space ORDER BY id")?;
            let rows = statement.query_map([], |row| {
                Ok(SpaceRecord {
                    faction: FactionId::from_bytes(fixed(row, "faction")?),
                    council: CouncilId::from_bytes(fixed(row, "council")?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Opens a space; its roster is verified again from the genesis.
    ///
    /// Errors: `NoSuchSpace`, the database, [`RosterError`](sync_protocol::faction::roster::RosterError).
    pub fn space(self: &Arc<Self>, faction: FactionId) -> Result<Space, FactionError> {
        Space::load(Arc::clone(self), faction)
    }

    /// Founds a space. It lies on this device when this returns; the server is given `genesis` and `boxes`.
    ///
    /// Errors: names too long, no randomness, the database.
    pub fn found(
        self: &Arc<Self>,
        council: CouncilId,
        name: &str,
        user_name: &str,
        device_name: &str,
        at_ms: i64,
    ) -> Result<Founded, FactionError> {
        let keys = FactionKeys::make()?;
        let user = UserId::make()?;
        let seed = EpochSeed::make()?;
        let genesis = Genesis {
            suite: SUITE,
            name: seal_name(&seed, Named::Faction, name)?,
            user,
            user_name: seal_name(&seed, Named::User(user), user_name)?,
            device: DeviceRecord {
                claim: keys.claim(None, user, DeviceKind::Tablet)?,
                name: seal_name(&seed, Named::Device(keys.device), device_name)?,
            },
            commitment: seed.commitment(),
        };
        let link = Link {
            faction: None,
            seq: 1,
            prev: Hash::ZERO,
            author: keys.device,
            at_ms,
            change: Change::Genesis(Box::new(genesis)),
        };
        let genesis = link.sign(&keys.sign)?;
        let roster = Roster::begin(&genesis, None)?;
        let boxes = vec![make_seed_box(&roster, &seed, keys.device)?];
        self.write(|tx| {
            let space = insert_space(tx, &roster, council, user, &keys, false)?;
            insert_link(tx, space, 1, &genesis)?;
            insert_seed(tx, space, Epoch::FIRST, &seed)
        })?;
        Ok(Founded {
            space: Space::over(Arc::clone(self), roster)?,
            genesis,
            boxes,
        })
    }
}

fn change_in<T>(
    connection: &mut Connection,
    change: impl FnOnce(&Transaction<'_>) -> Result<T, FactionError>,
) -> Result<T, FactionError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = change(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}

pub(crate) fn insert_space(
    tx: &Transaction<'_>,
    roster: &Roster,
    council: CouncilId,
    user: UserId,
    keys: &FactionKeys,
    is_created: bool,
) -> Result<i64, FactionError> {
    tx.execute(
        "INSERT INTO space (faction, council, user, device, sign_key, box_key, is_created)
         VALUES (:faction, :council, :user, :device, :sign_key, :box_key, :is_created)",
        named_params! {
            ":faction": roster.faction().as_bytes(), ":council": council.as_bytes(), ":user": user.as_bytes(),
            ":device": keys.device.as_bytes(), ":sign_key": keys.sign.expose(), ":box_key": keys.boxes.expose(),
            ":is_created": is_created,
        },
    )?;
    Ok(tx.last_insert_rowid())
}

pub(crate) fn insert_link(
    tx: &Transaction<'_>,
    space: i64,
    seq: u64,
    link: &SignedLink,
) -> Result<(), FactionError> {
    tx.execute(
        "INSERT INTO link (space, seq, signed) VALUES (:space, :seq, :signed)",
        named_params! {":space": space, ":seq": crate::rows::signed(seq), ":signed": link.as_bytes()},
    )?;
    Ok(())
}

/// Keeps a seed; one that is held stays as it is.
pub(crate) fn insert_seed(
    tx: &Transaction<'_>,
    space: i64,
    epoch: Epoch,
    seed: &EpochSeed,
) -> Result<(), FactionError> {
    tx.execute(
        "INSERT OR IGNORE INTO seed (space, epoch, seed) VALUES (:space, :epoch, :seed)",
        named_params! {":space": space, ":epoch": epoch.0, ":seed": seed.expose()},
    )?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use vault::{KdfCost, Passphrase};

    /// A store whose present connection carries a mark that no other one has.
    fn marked(folder: &std::path::Path) -> (Arc<Vault>, Arc<FactionStore>) {
        let passphrase = Passphrase::new("apfel birne kirsche traube melone");
        let (vault, _) = Vault::create_with(folder, &passphrase, KdfCost::for_tests()).unwrap();
        let vault = Arc::new(vault);
        let store = FactionStore::open(&vault).unwrap();
        store
            .connection()
            .execute_batch("CREATE TEMP TABLE this_one (x)")
            .unwrap();
        (vault, store)
    }

    fn is_the_same(store: &FactionStore) -> bool {
        store.connection().prepare("SELECT x FROM this_one").is_ok()
    }

    #[test]
    fn a_connection_that_met_a_disk_which_failed_once_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (_vault, store) = marked(folder.path());
        let failed = |answer: Result<(), FactionError>| match answer {
            Err(FactionError::Db(error)) => error.code(),
            other => panic!("{other:?}"),
        };
        let full = store.read(|_| Err(DbError::Full.into()));
        assert_eq!(failed(full), "disk_full");
        assert!(is_the_same(&store), "any other error leaves it alone");
        let read = store.read(|_| Err(DbError::Damaged.into()));
        assert_eq!(failed(read), "io", "the file opens: it is the disk");
        assert!(!is_the_same(&store), "another one goes on");
        assert!(store.spaces().unwrap().is_empty(), "and works");

        let folder = tempfile::tempdir().unwrap();
        let (_vault, store) = marked(folder.path());
        let write = store.write(|_| Err(DbError::Damaged.into()));
        assert_eq!(failed(write), "io");
        assert!(!is_the_same(&store));
    }

    #[test]
    fn a_file_that_is_damaged_stays_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let (_vault, store) = marked(folder.path());
        store
            .connection()
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .unwrap();
        let path = folder.path().join("faction.db");
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 1;
        }
        std::fs::write(&path, bytes).unwrap();
        let answer: Result<(), _> = store.read(|_| Err(DbError::Damaged.into()));
        assert!(
            matches!(answer, Err(FactionError::Db(DbError::Damaged))),
            "{answer:?}"
        );
        assert!(is_the_same(&store), "nothing takes its place");
    }
}
