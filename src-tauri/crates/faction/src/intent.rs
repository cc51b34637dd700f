//! What shall change in the roster: kept as a wish, made into links when they are sent. If somebody else was first, the wish is
//! made into links again on top of hers; one that has lost its meaning is given back with the reason.

use minicbor::{Decode, Encode};
use rusqlite::named_params;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::{DeviceClaim, DeviceRecord};
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::link::{
    AddDevice, AddUser, Change, Link, RemoveUser, Role, Rotate, SetRole, SignedLink,
};
use sync_protocol::faction::roster::{Roster, RosterError, RosterHead};
use sync_protocol::faction::seed::{Epoch, EpochSeed, Named, seal_name, seal_previous};
use sync_protocol::faction::seed_box::{SeedBox, make_seed_box, make_seed_boxes};
use sync_protocol::ids::{FactionDeviceId, UserId};

use crate::error::FactionError;
use crate::rows::stored;
use crate::space::Space;
use crate::store::insert_seed;

/// A wish.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Intent {
    /// Somebody comes in.
    #[n(0)]
    AddUser {
        /// Who she will be.
        #[n(0)]
        user: UserId,
        /// As what.
        #[n(1)]
        role: Role,
        /// Her device.
        #[n(2)]
        claim: DeviceClaim,
        /// Her name.
        #[n(3)]
        user_name: String,
        /// Her device's name.
        #[n(4)]
        device_name: String,
    },
    /// A further device or a paper key of the owner.
    #[n(1)]
    AddDevice {
        /// The device.
        #[n(0)]
        claim: DeviceClaim,
        /// Its name.
        #[n(1)]
        device_name: String,
    },
    /// Somebody is taken out.
    #[n(2)]
    RemoveUser(#[n(0)] UserId),
    /// A device is taken out.
    #[n(3)]
    RemoveDevice(#[n(0)] FactionDeviceId),
    /// Another role.
    #[n(4)]
    SetRole {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// Which.
        #[n(1)]
        role: Role,
    },
    /// The owner goes.
    #[n(5)]
    Leave,
    /// The space ends.
    #[n(6)]
    Dissolve,
    /// A new epoch, asked for by an admin; one that is due needs no wish.
    #[n(7)]
    Rotate,
}

/// Links for the server, to be appended all at once to the head they were made for, with boxes for the newest seed.
#[derive(Debug)]
pub struct RosterUpload {
    /// The head that the server must have.
    pub after: RosterHead,
    /// The links.
    pub links: Vec<SignedLink>,
    /// Boxes of the newest seed for those who need one.
    pub boxes: Vec<SeedBox>,
    done: Vec<i64>,
    seeds: Vec<(Epoch, EpochSeed)>,
}

impl Space {
    /// Keeps a wish until it is done or has lost its meaning.
    ///
    /// Errors: `Removed`, the database.
    pub fn intend(&mut self, intent: &Intent) -> Result<(), FactionError> {
        if self.is_removed() {
            return Err(FactionError::Removed);
        }
        self.store.write(|tx| {
            tx.execute(
                "INSERT INTO intent (space, bytes) VALUES (:space, :bytes)",
                named_params! {":space": self.row, ":bytes": to_cbor(intent)},
            )?;
            Ok(())
        })
    }

    /// Wishes that are not done yet.
    ///
    /// Errors: the database.
    pub fn intents(&self) -> Result<Vec<Intent>, FactionError> {
        let rows = self.intent_rows()?;
        Ok(rows.into_iter().map(|(_, intent)| intent).collect())
    }

    fn intent_rows(&self) -> Result<Vec<(i64, Intent)>, FactionError> {
        let rows: Vec<(i64, Vec<u8>)> = self.store.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id, bytes FROM intent WHERE space = :space ORDER BY id")?;
            let rows = statement.query_map(named_params! {":space": self.row}, |row| {
                Ok((row.get("id")?, row.get("bytes")?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        rows.into_iter()
            .map(|(id, bytes)| Ok((id, stored(&bytes)?)))
            .collect()
    }

    /// Links for all wishes and for a rotation that is due; `None` if there is nothing to do. Make it after everything was
    /// fetched: cuts let count what was seen here.
    ///
    /// Result: the links, and wishes that have lost their meaning; those are forgotten with this call.
    /// Errors: `SeedMissing`, sealing, the database.
    #[allow(clippy::type_complexity)]
    pub fn next_roster_upload(
        &mut self,
        at_ms: i64,
    ) -> Result<(Option<RosterUpload>, Vec<(Intent, RosterError)>), FactionError> {
        let intents = self.intent_rows()?;
        let is_idle = intents.is_empty() && !self.roster.is_rotation_due();
        if is_idle || self.is_removed() || self.roster.is_dissolved() {
            return Ok((None, Vec::new()));
        }
        let mut draft = Draft::new(self, at_ms)?;
        let mut lost = Vec::new();
        let mut done = Vec::new();
        for (id, intent) in intents {
            match draft.add(&intent)? {
                Ok(()) => done.push(id),
                Err(error) => {
                    self.forget_intents(&[id])?;
                    lost.push((intent, error));
                }
            }
        }
        if draft.roster.is_rotation_due() && draft.can_sign() {
            draft.rotate()?;
        }
        let upload = draft.finish(done)?;
        Ok((upload, lost))
    }

    /// The server has appended the links.
    ///
    /// Errors: [`RosterError`], the database.
    pub fn roster_uploaded(&mut self, upload: &RosterUpload) -> Result<(), FactionError> {
        self.take_links(&upload.links)?;
        self.store.write(|tx| {
            for (epoch, seed) in &upload.seeds {
                insert_seed(tx, self.row, *epoch, seed)?;
            }
            Ok(())
        })?;
        self.forget_intents(&upload.done)
    }

    fn forget_intents(&self, ids: &[i64]) -> Result<(), FactionError> {
        self.store.write(|tx| {
            for id in ids {
                let sql = "DELETE FROM intent WHERE id = :id";
                tx.execute(sql, named_params! {":id": id})?;
            }
            Ok(())
        })
    }
}

/// Links on top of a roster that the server has not seen yet.
struct Draft<'a> {
    space: &'a Space,
    roster: Roster,
    seed: EpochSeed,
    links: Vec<SignedLink>,
    seeds: Vec<(Epoch, EpochSeed)>,
    added: Vec<FactionDeviceId>,
    at_ms: i64,
}

impl<'a> Draft<'a> {
    fn new(space: &'a Space, at_ms: i64) -> Result<Self, FactionError> {
        Ok(Self {
            space,
            roster: space.roster.clone(),
            seed: space.newest_seed()?,
            links: Vec::new(),
            seeds: Vec::new(),
            added: Vec::new(),
            at_ms,
        })
    }

    fn can_sign(&self) -> bool {
        let own = self.roster.device(&self.space.keys.device);
        !self.roster.is_dissolved() && own.is_some_and(|own| own.removal.is_none())
    }

    /// The outer error: nothing can be made now. The inner one: this wish has lost its meaning.
    fn add(&mut self, intent: &Intent) -> Result<Result<(), RosterError>, FactionError> {
        let lets_in = matches!(intent, Intent::AddUser { .. } | Intent::AddDevice { .. });
        if lets_in && self.roster.is_rotation_due() && self.can_sign() {
            self.rotate()?;
        }
        let Some(change) = self.change(intent)? else {
            return match self.rotate() {
                Err(FactionError::Roster(error)) => Ok(Err(error)),
                rotated => rotated.map(Ok),
            };
        };
        self.push(change)
    }

    fn push(&mut self, change: Change) -> Result<Result<(), RosterError>, FactionError> {
        let link = Link {
            faction: Some(self.roster.faction()),
            seq: self.roster.head().seq.saturating_add(1),
            prev: self.roster.head().hash,
            author: self.space.keys.device,
            at_ms: self.at_ms,
            change,
        };
        let signed = link.sign(&self.space.keys.sign)?;
        Ok(self
            .roster
            .append(&signed)
            .map(|()| self.links.push(signed)))
    }

    /// `None`: a rotation, which needs a seed of its own.
    fn change(&mut self, intent: &Intent) -> Result<Option<Change>, FactionError> {
        Ok(Some(match intent {
            Intent::AddUser {
                user,
                role,
                claim,
                user_name,
                device_name,
            } => Change::AddUser(Box::new(AddUser {
                user: *user,
                role: *role,
                name: seal_name(&self.seed, Named::User(*user), user_name)?,
                device: self.record(claim, device_name)?,
            })),
            Intent::AddDevice { claim, device_name } => Change::AddDevice(Box::new(AddDevice {
                user: self.space.user,
                device: self.record(claim, device_name)?,
            })),
            Intent::RemoveUser(user) => Change::RemoveUser(self.removal(*user)?),
            Intent::Leave => Change::Leave(self.removal(self.space.user)?),
            Intent::RemoveDevice(device) => {
                let positions = self.space.positions()?;
                let position = positions.get(device).unwrap_or(&AuthorPosition::START);
                Change::RemoveDevice(position.cut(*device))
            }
            Intent::SetRole { user, role } => Change::SetRole(SetRole {
                user: *user,
                role: *role,
            }),
            Intent::Dissolve => Change::Dissolve,
            Intent::Rotate => return Ok(None),
        }))
    }

    fn record(&mut self, claim: &DeviceClaim, name: &str) -> Result<DeviceRecord, FactionError> {
        self.added.push(claim.device);
        Ok(DeviceRecord {
            claim: claim.clone(),
            name: seal_name(&self.seed, Named::Device(claim.device), name)?,
        })
    }

    fn removal(&self, user: UserId) -> Result<RemoveUser, FactionError> {
        let positions = self.space.positions()?;
        let own = self.roster.present_devices().filter(|d| d.user == user);
        let cuts = own
            .map(|device| {
                let device = device.record.claim.device;
                let position = positions.get(&device).unwrap_or(&AuthorPosition::START);
                position.cut(device)
            })
            .collect();
        Ok(RemoveUser { user, cuts })
    }

    fn rotate(&mut self) -> Result<(), FactionError> {
        let before = self.roster.epoch();
        let epoch = before.next().ok_or(RosterError::WrongEpoch)?;
        let next = EpochSeed::make()?;
        let rotate = Rotate {
            epoch,
            commitment: next.commitment(),
            previous: seal_previous(&next, &self.roster.faction(), before, &self.seed)?,
        };
        self.push(Change::Rotate(rotate))??;
        self.seeds.push((epoch, next.clone()));
        self.seed = next;
        Ok(())
    }

    fn finish(self, done: Vec<i64>) -> Result<Option<RosterUpload>, FactionError> {
        if self.links.is_empty() {
            return Ok(None);
        }
        let boxes = if !self.seeds.is_empty() {
            make_seed_boxes(&self.roster, &self.seed, None)?
        } else {
            let present = |device: &&FactionDeviceId| {
                let held = self.roster.device(device);
                held.is_some_and(|held| held.removal.is_none())
            };
            let added = self.added.iter().filter(present);
            added
                .map(|device| make_seed_box(&self.roster, &self.seed, *device))
                .collect::<Result<_, _>>()?
        };
        Ok(Some(RosterUpload {
            after: self.space.roster.head(),
            links: self.links,
            boxes,
            done,
            seeds: self.seeds,
        }))
    }
}
