//! One space as this device knows it: its verified roster, seeds and names. What comes in is in `receive`, what goes out in
//! `outbox` and `intent`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, named_params};
use sync_protocol::faction::device::{DeviceKind, FactionKeys, Fingerprint};
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::link::{Role, SignedLink};
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed::{Epoch, EpochSeed, Named, SealedName, open_name};
use sync_protocol::ids::{CouncilId, FactionDeviceId, FactionId, Hash, UserId};
use sync_protocol::key_box::DeviceBoxKey;
use sync_protocol::sign::SigningKey;

use crate::error::FactionError;
use crate::rows::{fixed, number};
use crate::store::FactionStore;
use crate::things::Things;

/// A space. One at a time may be there: two of one space would see neither each other's roster nor what the other has written.
pub struct Space {
    pub(crate) store: Arc<FactionStore>,
    pub(crate) row: i64,
    pub(crate) council: CouncilId,
    pub(crate) user: UserId,
    pub(crate) keys: FactionKeys,
    pub(crate) roster: Roster,
    pub(crate) things: RefCell<Things>,
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Space({:?})", self.roster.faction())
    }
}

/// A person of the space, as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Her name; `None` while the seed that opens it has not come.
    pub name: Option<String>,
    /// Her role.
    pub role: Role,
    /// Whether she is there.
    pub is_present: bool,
    /// Her devices that are there.
    pub devices: Vec<MemberDevice>,
}

/// A device of a person, as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberDevice {
    /// Which.
    pub device: FactionDeviceId,
    /// Its name; `None` while the seed that opens it has not come.
    pub name: Option<String>,
    /// Tablet or paper key.
    pub kind: DeviceKind,
    /// To be compared.
    pub fingerprint: Fingerprint,
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Member({:?})", self.user)
    }
}

impl fmt::Debug for MemberDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemberDevice({:?})", self.device)
    }
}

struct SpaceRow {
    row: i64,
    council: CouncilId,
    user: UserId,
    keys: FactionKeys,
}

impl Space {
    pub(crate) fn load(store: Arc<FactionStore>, faction: FactionId) -> Result<Self, FactionError> {
        let links = store.read(|connection| {
            let found = read_row(connection, faction)?.ok_or(FactionError::NoSuchSpace)?;
            read_links(connection, found.row)
        })?;
        Self::over(store, Roster::verify(&links, Some(&faction))?)
    }

    /// The space of a roster that was verified just now, and stored.
    pub(crate) fn over(store: Arc<FactionStore>, roster: Roster) -> Result<Self, FactionError> {
        let found = store.read(|connection| {
            read_row(connection, roster.faction())?.ok_or(FactionError::NoSuchSpace)
        })?;
        Ok(Self {
            store,
            row: found.row,
            council: found.council,
            user: found.user,
            keys: found.keys,
            roster,
            things: RefCell::default(),
        })
    }

    /// The space.
    pub fn faction(&self) -> FactionId {
        self.roster.faction()
    }

    /// The council whose server carries it.
    pub fn council(&self) -> CouncilId {
        self.council
    }

    /// Who this device's owner is here.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// This device.
    pub fn device(&self) -> FactionDeviceId {
        self.keys.device
    }

    /// The verified roster.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Whether this device was taken out, or its owner.
    pub fn is_removed(&self) -> bool {
        self.roster
            .device(&self.keys.device)
            .is_none_or(|own| own.removal.is_some())
    }

    /// How many tablets that are there have been there for longer than this device: a number that no other one has.
    pub fn tablets_before(&self) -> usize {
        let own = self.roster.device(&self.keys.device);
        let own = own.map(|own| (own.added_at, self.keys.device));
        self.roster
            .present_devices()
            .filter(|one| one.record.claim.kind == DeviceKind::Tablet)
            .filter(|one| Some((one.added_at, one.record.claim.device)) < own)
            .count()
    }

    /// Whether the server has the genesis.
    ///
    /// Errors: the database.
    pub fn is_created(&self) -> Result<bool, FactionError> {
        self.store.read(|connection| {
            let sql = "SELECT is_created FROM space WHERE id = :space";
            Ok(connection.query_row(sql, named_params! {":space": self.row}, |row| row.get(0))?)
        })
    }

    /// The server has taken the genesis.
    ///
    /// Errors: the database.
    pub fn created(&self) -> Result<(), FactionError> {
        self.store.write(|tx| {
            let sql = "UPDATE space SET is_created = 1 WHERE id = :space";
            tx.execute(sql, named_params! {":space": self.row})?;
            Ok(())
        })
    }

    /// Whether the marks that were shared here are laid over pages on this device.
    ///
    /// Errors: the database.
    pub fn is_layer_shown(&self) -> Result<bool, FactionError> {
        self.store.read(|connection| {
            let sql = "SELECT is_layer_shown FROM space WHERE id = :space";
            Ok(connection.query_row(sql, named_params! {":space": self.row}, |row| row.get(0))?)
        })
    }

    /// Lays them over pages from now on, or not.
    ///
    /// Errors: the database.
    pub fn show_layer(&self, is_shown: bool) -> Result<(), FactionError> {
        self.store.write(|tx| {
            let sql = "UPDATE space SET is_layer_shown = :shown WHERE id = :space";
            tx.execute(sql, named_params! {":shown": is_shown, ":space": self.row})?;
            Ok(())
        })
    }

    /// All links, to be shown to a newcomer or a new server.
    ///
    /// Errors: the database.
    pub fn links(&self) -> Result<Vec<SignedLink>, FactionError> {
        self.store
            .read(|connection| read_links(connection, self.row))
    }

    /// Name of the space; `None` while its seed has not come.
    ///
    /// Errors: the database.
    pub fn name(&self) -> Result<Option<String>, FactionError> {
        let seeds = self.seeds()?;
        Ok(opened(
            &seeds,
            Epoch::FIRST,
            Named::Faction,
            self.roster.name(),
        ))
    }

    /// Everybody, present and gone, with devices and names.
    ///
    /// Errors: the database.
    pub fn members(&self) -> Result<Vec<Member>, FactionError> {
        let seeds = self.seeds()?;
        let devices_of = |user: UserId| {
            let own = self
                .roster
                .present_devices()
                .filter(move |d| d.user == user);
            own.map(|device| {
                let claim = &device.record.claim;
                MemberDevice {
                    device: claim.device,
                    name: opened(
                        &seeds,
                        device.name_epoch,
                        Named::Device(claim.device),
                        &device.record.name,
                    ),
                    kind: claim.kind,
                    fingerprint: claim.fingerprint(),
                }
            })
            .collect()
        };
        Ok(self
            .roster
            .users()
            .map(|user| Member {
                user: user.user,
                name: opened(&seeds, user.name_epoch, Named::User(user.user), &user.name),
                role: user.role,
                is_present: user.removed_at.is_none(),
                devices: devices_of(user.user),
            })
            .collect())
    }

    pub(crate) fn seeds(&self) -> Result<BTreeMap<Epoch, EpochSeed>, FactionError> {
        self.store.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT epoch, seed FROM seed WHERE space = :space")?;
            let rows = statement.query_map(named_params! {":space": self.row}, |row| {
                let seed = EpochSeed::from_bytes(fixed(row, "seed")?);
                Ok((Epoch(row.get("epoch")?), seed))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The seed that counts now.
    pub(crate) fn newest_seed(&self) -> Result<EpochSeed, FactionError> {
        self.seeds()?
            .remove(&self.roster.epoch())
            .ok_or(FactionError::SeedMissing)
    }

    /// Whether the seed that counts now is held.
    ///
    /// Errors: the database.
    pub fn holds_newest_seed(&self) -> Result<bool, FactionError> {
        Ok(self.seeds()?.contains_key(&self.roster.epoch()))
    }

    /// Epochs whose seeds are held, ascending.
    ///
    /// Errors: the database.
    pub fn held_epochs(&self) -> Result<Vec<Epoch>, FactionError> {
        Ok(self.seeds()?.into_keys().collect())
    }

    /// How far every device was followed.
    ///
    /// Errors: the database.
    pub fn positions(&self) -> Result<BTreeMap<FactionDeviceId, AuthorPosition>, FactionError> {
        self.store
            .read(|connection| read_positions(connection, self.row))
    }

    /// How far the server's order of envelopes was fetched.
    ///
    /// Errors: the database.
    pub fn fetched(&self) -> Result<u64, FactionError> {
        self.store.read(|connection| {
            let sql = "SELECT fetched FROM space WHERE id = :space";
            let params = named_params! {":space": self.row};
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row(params, |row| number(row, "fetched"))?)
        })
    }
}

fn opened(
    seeds: &BTreeMap<Epoch, EpochSeed>,
    epoch: Epoch,
    named: Named,
    sealed: &SealedName,
) -> Option<String> {
    // A name that does not open is shown as unknown: its giver has sealed rubbish, and nothing else depends on it.
    open_name(seeds.get(&epoch)?, named, sealed).ok()
}

fn read_row(connection: &Connection, faction: FactionId) -> Result<Option<SpaceRow>, FactionError> {
    let sql =
        "SELECT id, council, user, device, sign_key, box_key FROM space WHERE faction = :faction";
    let params = named_params! {":faction": faction.as_bytes()};
    let row = connection.query_row(sql, params, |row| {
        Ok(SpaceRow {
            row: row.get("id")?,
            council: CouncilId::from_bytes(fixed(row, "council")?),
            user: UserId::from_bytes(fixed(row, "user")?),
            keys: FactionKeys {
                device: FactionDeviceId::from_bytes(fixed(row, "device")?),
                sign: SigningKey::from_bytes(fixed(row, "sign_key")?),
                boxes: DeviceBoxKey::from_bytes(fixed(row, "box_key")?),
            },
        })
    });
    Ok(row.optional()?)
}

fn read_links(connection: &Connection, space: i64) -> Result<Vec<SignedLink>, FactionError> {
    let mut statement =
        connection.prepare_cached("SELECT signed FROM link WHERE space = :space ORDER BY seq")?;
    let rows = statement.query_map(named_params! {":space": space}, |row| {
        row.get(0).map(SignedLink)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read_positions(
    connection: &Connection,
    space: i64,
) -> Result<BTreeMap<FactionDeviceId, AuthorPosition>, FactionError> {
    let mut statement = connection.prepare_cached(
        "SELECT device, counter, hash, roster_seq FROM author WHERE space = :space",
    )?;
    let rows = statement.query_map(named_params! {":space": space}, |row| {
        let device = FactionDeviceId::from_bytes(fixed(row, "device")?);
        let position = AuthorPosition {
            counter: number(row, "counter")?,
            hash: Hash::from_bytes(fixed(row, "hash")?),
            roster_seq: number(row, "roster_seq")?,
        };
        Ok((device, position))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
