//! The mailbox of an invitation: start, hello and finish, carried as bytes. Who knows the invitation's secret is checked by the
//! devices, never here. Source: SPEC F32.

use rusqlite::Connection;
use sync_protocol::cbor::{from_cbor_lenient, to_cbor};
use sync_protocol::faction::join::{
    JoinFinish, JoinHello, JoinStart, LETTER_LIFETIME_MS, MAX_TRIES,
};
use sync_protocol::faction::wire::{JoinBox, JoinStep, OpenInvitation};
use sync_protocol::ids::{DeviceId, FactionId, InvitationId};
use sync_protocol::request::CLOCK_WINDOW_MS;

use super::FactionRefused;
use super::bells::Topic;
use crate::error::ServerError;
use crate::feed;
use crate::server::Server;
use crate::store::faction::invitations::{self, InvitationRow};
use crate::store::faction::spaces;

/// Most invitations of a space that are open at one time.
const MAX_OPEN: u64 = 64;

/// A step of joining that was read.
#[derive(Debug)]
pub(crate) enum Step {
    Start(JoinStart),
    Hello(JoinHello),
    Finish(JoinFinish),
}

impl Step {
    /// Reads the body of a step. `None`: it is no such thing.
    pub(crate) fn read(step: JoinStep, body: &[u8]) -> Option<Self> {
        match step {
            JoinStep::Start => from_cbor_lenient(body).ok().map(Self::Start),
            JoinStep::Hello => from_cbor_lenient(body).ok().map(Self::Hello),
            JoinStep::Finish => from_cbor_lenient(body).ok().map(Self::Finish),
        }
    }

    fn step(&self) -> JoinStep {
        match self {
            Self::Start(_) => JoinStep::Start,
            Self::Hello(_) => JoinStep::Hello,
            Self::Finish(_) => JoinStep::Finish,
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Start(start) => to_cbor(start),
            Self::Hello(hello) => to_cbor(hello),
            Self::Finish(finish) => to_cbor(finish),
        }
    }
}

impl Server {
    /// Lets the messages of an invitation through. The same again by the same device changes nothing.
    pub(crate) fn faction_invite(
        &self,
        device: &DeviceId,
        faction: &FactionId,
        open: &OpenInvitation,
    ) -> Result<(), FactionRefused> {
        let now_at_ms = self.inner.clock.now_at_ms();
        let latest = now_at_ms.saturating_add(LETTER_LIFETIME_MS + CLOCK_WINDOW_MS);
        self.inner.store.write(|tx| {
            let at = self.membership(tx, device, faction)?;
            invitations::forget_ended(tx, now_at_ms)?;
            if let Some(known) = invitations::get(tx, &open.invitation)? {
                let is_same = known.opened_by == *device && known.space == at.space.number;
                return is_same.then_some(()).ok_or(FactionRefused::Invitation);
            }
            if open.expires_at_ms <= now_at_ms || open.expires_at_ms > latest {
                return Err(FactionRefused::Invitation);
            }
            if invitations::count(tx, at.space.number)? >= MAX_OPEN {
                return Err(FactionRefused::NoRoom);
            }
            let (id, end) = (&open.invitation, open.expires_at_ms);
            Ok(invitations::insert(tx, id, at.space.number, device, end)?)
        })
    }

    /// Takes a step. The same one again is answered like the first time.
    pub(crate) fn faction_join_step(
        &self,
        device: &DeviceId,
        id: &InvitationId,
        step: &Step,
    ) -> Result<(), FactionRefused> {
        let bytes = step.to_bytes();
        let taken = self.inner.store.write(|tx| {
            let row = self.open_invitation(tx, id)?;
            let is_newcomer = row.newcomer == Some(*device);
            let is_known = row.step(step.step()) == Some(bytes.as_slice());
            match step {
                Step::Start(start) => {
                    if start.invitation != *id {
                        return Err(FactionRefused::Invitation);
                    }
                    if is_newcomer && is_known {
                        return Ok(Taken::Known);
                    }
                    if row.start_count >= MAX_TRIES {
                        invitations::forget(tx, id)?;
                        return Ok(Taken::Forgotten);
                    }
                    invitations::begin(tx, id, device, &bytes)?;
                }
                Step::Hello(_) => {
                    if row.opened_by != *device {
                        return Err(FactionRefused::NoInvitation);
                    }
                    if is_known {
                        return Ok(Taken::Known);
                    }
                    if row.start.is_none() || row.finish.is_some() {
                        return Err(FactionRefused::Conflict);
                    }
                    invitations::set_hello(tx, id, &bytes)?;
                }
                Step::Finish(_) => {
                    if !is_newcomer {
                        return Err(FactionRefused::NoInvitation);
                    }
                    if is_known {
                        return Ok(Taken::Known);
                    }
                    if row.hello.is_none() {
                        return Err(FactionRefused::Conflict);
                    }
                    invitations::set_finish(tx, id, &bytes)?;
                }
            }
            Ok(Taken::New)
        })?;
        if !matches!(taken, Taken::Known) {
            self.inner.bells.ring(Topic::Invitation(*id));
        }
        match taken {
            Taken::Forgotten => Err(FactionRefused::NoInvitation),
            Taken::New | Taken::Known => Ok(()),
        }
    }

    /// The messages so far, for the device that has opened the invitation and the one whose start counts.
    pub(crate) fn faction_join_box(
        &self,
        device: &DeviceId,
        id: &InvitationId,
    ) -> Result<JoinBox, FactionRefused> {
        self.inner.store.read(|c| {
            feed::live_device(c, device)?;
            let row = self.open_invitation(c, id)?;
            if row.opened_by != *device && row.newcomer != Some(*device) {
                return Err(FactionRefused::NoInvitation);
            }
            Ok(JoinBox {
                start: stored(row.start.as_deref())?,
                hello: stored(row.hello.as_deref())?,
                finish: stored(row.finish.as_deref())?,
            })
        })
    }

    /// An invitation that has not ended, of somebody whom the space holds.
    fn open_invitation(
        &self,
        c: &Connection,
        id: &InvitationId,
    ) -> Result<InvitationRow, FactionRefused> {
        let row = invitations::get(c, id)?.ok_or(FactionRefused::NoInvitation)?;
        if row.expires_at_ms <= self.inner.clock.now_at_ms() {
            return Err(FactionRefused::NoInvitation);
        }
        let space = spaces::of_number(c, row.space)?;
        if self.is_member(c, &row.opened_by, &space.id)? {
            Ok(row)
        } else {
            Err(FactionRefused::NoInvitation)
        }
    }
}

/// What became of a step.
enum Taken {
    New,
    Known,
    /// It was one start too many.
    Forgotten,
}

fn stored<T: for<'b> minicbor::Decode<'b, ()>>(
    bytes: Option<&[u8]>,
) -> Result<Option<T>, ServerError> {
    Ok(bytes.map(from_cbor_lenient).transpose()?)
}
