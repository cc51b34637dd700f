//! Faction spaces: the server orders and carries what the devices of a space say to each other, and can read none of it.
//!
//! ```text
//! spaces     a space is founded, a device of the council enters as a device of it, links are appended
//! posts      envelopes are ordered, and what a device does not know yet is given
//! snapshots  the one that reaches furthest is kept
//! joining    the mailbox of an invitation
//! rosters    verified rosters, kept in memory
//! bells      whoever waits hears that something has come
//! ```
//! Which link or envelope may follow is decided in `sync_protocol::faction::relay`; SQL stands in `store::faction`. No HTTP here.
//! Source: SPEC F28–F32.

pub(crate) mod bells;
mod ended;
mod joining;
mod posts;
mod rosters;
mod snapshots;
mod spaces;

use std::sync::Arc;

use rusqlite::Connection;
use sync_protocol::faction::envelope::EnvelopeError;
use sync_protocol::faction::relay::{AppendRefused, PostRefused};
use sync_protocol::faction::roster::{Roster, RosterError};
use sync_protocol::faction::snapshot::SnapshotError;
use sync_protocol::ids::{DeviceId, FactionDeviceId, FactionId};
use thiserror::Error;

pub(crate) use bells::Bells;
pub(crate) use joining::Step;
pub(crate) use posts::is_news;
pub(crate) use rosters::Rosters;

use crate::error::ServerError;
use crate::feed::{self, FeedRefused};
use crate::server::Server;
use crate::store::StoreError;
use crate::store::faction::spaces::{self as rows, SpaceRow};

/// What a space may take up if the operator says nothing else, bytes (1 GiB).
pub(crate) const STANDARD_ROOM: u64 = 1024 * 1024 * 1024;
/// What links and boxes may take up beyond that, bytes: somebody must be able to leave a space that is full.
const ROOM_FOR_LINKS: u64 = 64 * 1024 * 1024;

/// Why a device does not get something of a space, or may not put something into it.
#[derive(Debug, Error)]
pub(crate) enum FactionRefused {
    /// Also: there is no such space.
    #[error("the device does not belong to the space")]
    NotMember,
    #[error("the roster or what was said has gone on")]
    Conflict,
    #[error("the links may not follow")]
    Links(#[source] AppendRefused),
    #[error("the boxes are not of the newest seed, or not for devices of the roster")]
    Boxes,
    #[error("the founding device has not said whose device it is")]
    Entry,
    #[error("the envelope may not be ordered")]
    Envelope(#[source] EnvelopeError),
    #[error("the envelope is of another device than the one that asks")]
    ForeignEnvelope,
    #[error("the snapshot may not be taken")]
    Snapshot(#[source] SnapshotError),
    #[error("the snapshot covers what was never ordered")]
    SnapshotBeyond,
    #[error("the invitation may not be opened, or its messages are of another one")]
    Invitation,
    #[error("there is no such invitation for this device")]
    NoInvitation,
    #[error("there is no room left")]
    NoRoom,
    /// The device as a device of the council.
    #[error(transparent)]
    Device(#[from] FeedRefused),
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<StoreError> for FactionRefused {
    fn from(error: StoreError) -> Self {
        Self::Server(error.into())
    }
}

impl From<AppendRefused> for FactionRefused {
    fn from(refused: AppendRefused) -> Self {
        match refused {
            AppendRefused::Conflict => Self::Conflict,
            other => Self::Links(other),
        }
    }
}

impl From<RosterError> for FactionRefused {
    fn from(error: RosterError) -> Self {
        Self::Links(error.into())
    }
}

impl From<PostRefused> for FactionRefused {
    fn from(refused: PostRefused) -> Self {
        match refused {
            PostRefused::Conflict => Self::Conflict,
            PostRefused::Envelope(error) => Self::Envelope(error),
        }
    }
}

/// A space as one device sees it that has entered, now.
#[derive(Debug)]
struct Standing {
    space: SpaceRow,
    roster: Arc<Roster>,
    /// The device of the space that asks.
    own: FactionDeviceId,
}

impl Standing {
    /// Whether the roster holds it still.
    fn is_held(&self) -> bool {
        self.roster
            .device(&self.own)
            .is_some_and(|device| device.removal.is_none())
    }

    /// Checks that so many bytes more find room.
    fn check_room(&self, byte_len: u64, room: u64) -> Result<(), FactionRefused> {
        if self.space.byte_len.saturating_add(byte_len) > room {
            return Err(FactionRefused::NoRoom);
        }
        Ok(())
    }
}

impl Server {
    /// Who waits for news of spaces.
    pub(crate) fn bells(&self) -> &Arc<Bells> {
        &self.inner.bells
    }

    /// How many requests wait for news of a faction space right now.
    #[must_use]
    pub fn waiting_count(&self) -> usize {
        self.inner.bells.waiting_count()
    }

    /// The space as an unrevoked device sees it that has entered; it may be removed since.
    fn standing(
        &self,
        c: &Connection,
        device: &DeviceId,
        faction: &FactionId,
    ) -> Result<Standing, FactionRefused> {
        feed::live_device(c, device)?;
        let space = rows::get(c, faction)?.ok_or(FactionRefused::NotMember)?;
        let own = rows::access(c, space.number, device)?.ok_or(FactionRefused::NotMember)?;
        let roster = self.inner.rosters.of(c, &space)?;
        Ok(Standing { space, roster, own })
    }

    /// As [`Self::standing`], for a device that the roster holds now.
    fn membership(
        &self,
        c: &Connection,
        device: &DeviceId,
        faction: &FactionId,
    ) -> Result<Standing, FactionRefused> {
        let standing = self.standing(c, device, faction)?;
        if standing.is_held() {
            Ok(standing)
        } else {
            Err(FactionRefused::NotMember)
        }
    }

    /// Whether the roster of a space holds an unrevoked device now that has entered.
    fn is_member(
        &self,
        c: &Connection,
        device: &DeviceId,
        faction: &FactionId,
    ) -> Result<bool, FactionRefused> {
        match self.standing(c, device, faction) {
            Ok(standing) => Ok(standing.is_held()),
            Err(
                FactionRefused::NotMember
                | FactionRefused::Device(FeedRefused::UnknownDevice | FeedRefused::Revoked),
            ) => Ok(false),
            Err(other) => Err(other),
        }
    }
}
