//! What goes over HTTP between the devices of a space and the council's server: paths and bodies. All requests are signed by a paired
//! device of the council (SPEC Q); [`Entry`] says which device of the space that is. Where no answer is named, it is empty.
//! Not here: what may be appended or ordered (`relay`).
//! Source: SPEC F29–F32.

use minicbor::{Decode, Encode};

use super::device::FactionKeys;
use super::envelope::SignedEnvelope;
use super::join::{JoinFinish, JoinHello, JoinStart};
use super::link::SignedLink;
use super::roster::Roster;
use super::seed::Epoch;
use super::seed_box::SeedBox;
use super::snapshot::SignedSnapshot;
use crate::cbor::to_cbor;
use crate::ids::{DeviceId, FactionDeviceId, FactionId, Hash, InvitationId};
use crate::sign::{Domain, SignError, Signature};

/// `POST` [`Founding`]: a new space.
pub const PATH_SPACES: &str = "/v1/faction";
/// Longest that the server lets a request for news wait, seconds.
pub const MAX_WAIT_S: u64 = 25;
/// Most envelopes of one answer.
pub const MAX_NEWS_ENVELOPES: usize = 500;
/// Bytes of envelopes after which an answer ends; one always fits.
pub const MAX_NEWS_LEN: usize = 1024 * 1024;
/// How long a server keeps a space that has ended. Source: SPEC F33.
pub const ENDED_KEPT_DAYS: i64 = 90;
/// Longest step of joining, bytes.
pub const MAX_STEP_LEN: usize = 8 * 1024;

/// `GET` the ids of the spaces that hold a device now, as an array; for coming back with a paper key.
pub fn path_spaces_of(device: &FactionDeviceId) -> String {
    format!("{PATH_SPACES}?device={device}")
}

/// `POST` [`Entry`]: this device of the council is that device of the space. The last entry of a device of the council counts.
pub fn path_enter(faction: &FactionId) -> String {
    format!("{PATH_SPACES}/{faction}/enter")
}

/// `POST` [`Append`].
pub fn path_links(faction: &FactionId) -> String {
    format!("{PATH_SPACES}/{faction}/links")
}

/// `POST` the bytes of a [`SignedEnvelope`] → [`Ordered`].
pub fn path_envelopes(faction: &FactionId) -> String {
    format!("{PATH_SPACES}/{faction}/envelopes")
}

/// `GET` [`News`] after what is known; with `wait_s` the answer waits until there is something, at most [`MAX_WAIT_S`].
pub fn path_news(faction: &FactionId, known: Known, wait_s: u64) -> String {
    let Known {
        links,
        epoch,
        envelopes,
    } = known;
    format!(
        "{PATH_SPACES}/{faction}/news?links={links}&epoch={}&envelopes={envelopes}&wait={wait_s}",
        epoch.map_or(0, |epoch| epoch.0)
    )
}

/// `GET` [`PlacedSnapshot`]; `POST` the same.
pub fn path_snapshot(faction: &FactionId) -> String {
    format!("{PATH_SPACES}/{faction}/snapshot")
}

/// `POST` [`OpenInvitation`].
pub fn path_invitations(faction: &FactionId) -> String {
    format!("{PATH_SPACES}/{faction}/invitations")
}

/// `GET` [`JoinBox`]; with `wait_s` the answer waits until there are more or fewer than `seen` steps, or others.
pub fn path_join(invitation: &InvitationId, seen: u32, wait_s: u64) -> String {
    format!("/v1/faction-join/{invitation}?seen={seen}&wait={wait_s}")
}

/// `POST` the CBOR of that step.
pub fn path_join_step(invitation: &InvitationId, step: JoinStep) -> String {
    format!("/v1/faction-join/{invitation}/{}", step.name())
}

/// A step of joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JoinStep {
    /// [`JoinStart`], by the newcomer.
    Start,
    /// [`JoinHello`], by whoever has opened the invitation.
    Hello,
    /// [`JoinFinish`], by the newcomer.
    Finish,
}

impl JoinStep {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Start, Self::Hello, Self::Finish];

    /// Its name in the path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Hello => "hello",
            Self::Finish => "finish",
        }
    }
}

/// All requests of spaces. Whatever is added here needs a handler at the server and a row in its table of who is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactionRoute {
    /// [`Founding`].
    Found,
    /// [`path_spaces_of`].
    SpacesOf,
    /// [`path_enter`].
    Enter,
    /// [`path_links`].
    Append,
    /// [`path_envelopes`].
    Post,
    /// [`path_news`].
    News,
    /// [`path_snapshot`], read.
    ReadSnapshot,
    /// [`path_snapshot`], written.
    WriteSnapshot,
    /// [`path_invitations`].
    Invite,
    /// [`path_join`].
    JoinBox,
    /// [`path_join_step`].
    JoinStep,
}

impl FactionRoute {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Found,
        Self::SpacesOf,
        Self::Enter,
        Self::Append,
        Self::Post,
        Self::News,
        Self::ReadSnapshot,
        Self::WriteSnapshot,
        Self::Invite,
        Self::JoinBox,
        Self::JoinStep,
    ];

    /// Whether it writes: `POST`; else `GET`.
    pub const fn is_post(self) -> bool {
        !matches!(
            self,
            Self::SpacesOf | Self::News | Self::ReadSnapshot | Self::JoinBox
        )
    }

    /// Its path, with names in braces where ids stand.
    pub const fn template(self) -> &'static str {
        match self {
            Self::Found | Self::SpacesOf => PATH_SPACES,
            Self::Enter => "/v1/faction/{space}/enter",
            Self::Append => "/v1/faction/{space}/links",
            Self::Post => "/v1/faction/{space}/envelopes",
            Self::News => "/v1/faction/{space}/news",
            Self::ReadSnapshot | Self::WriteSnapshot => "/v1/faction/{space}/snapshot",
            Self::Invite => "/v1/faction/{space}/invitations",
            Self::JoinBox => "/v1/faction-join/{invitation}",
            Self::JoinStep => "/v1/faction-join/{invitation}/{step}",
        }
    }
}

/// How far a device knows a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// Place of its last link; 0: none.
    pub links: u64,
    /// The newest epoch whose seed it holds.
    pub epoch: Option<Epoch>,
    /// Place of its last envelope in the server's order; 0: none.
    pub envelopes: u64,
}

#[derive(Encode)]
#[cbor(map)]
struct EntryBody {
    #[n(0)]
    faction: FactionId,
    #[n(1)]
    faction_device: FactionDeviceId,
    #[n(2)]
    device: DeviceId,
}

/// Says that a paired device of the council is a device of a space, signed by that device of the space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// The device of the space, or its paper key.
    #[n(0)]
    pub faction_device: FactionDeviceId,
    /// Over `{0: space, 1: device of the space, 2: device of the council}`, domain `ratsmappe/faction/entry/1`.
    #[n(1)]
    pub signature: Signature,
}

impl Entry {
    /// For the paired device `device` of the council.
    ///
    /// Errors: the key is not usable.
    pub fn make(
        keys: &FactionKeys,
        faction: FactionId,
        device: DeviceId,
    ) -> Result<Self, SignError> {
        let body = to_cbor(&EntryBody {
            faction,
            faction_device: keys.device,
            device,
        });
        Ok(Self {
            faction_device: keys.device,
            signature: keys.sign.sign(Domain::FactionEntry, &body)?,
        })
    }

    /// Whether the roster ever held its device, and that one has signed it for `device`. Source: SPEC F29.
    pub fn is_good(&self, roster: &Roster, device: DeviceId) -> bool {
        let Some(held) = roster.device(&self.faction_device) else {
            return false;
        };
        let body = to_cbor(&EntryBody {
            faction: roster.faction(),
            faction_device: self.faction_device,
            device,
        });
        let key = &held.record.claim.sign;
        key.verify(Domain::FactionEntry, &body, &self.signature)
            .is_ok()
    }
}

/// A new space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Founding {
    /// Its genesis.
    #[n(0)]
    pub genesis: SignedLink,
    /// Boxes of the first seed.
    #[n(1)]
    pub boxes: Vec<SeedBox>,
    /// Who the founding device is.
    #[n(2)]
    pub entry: Entry,
}

/// Links to be appended all at once, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Append {
    /// The head that they were made for.
    #[n(0)]
    pub after: Hash,
    /// The links.
    #[n(1)]
    pub links: Vec<SignedLink>,
    /// Boxes of the newest seed.
    #[n(2)]
    pub boxes: Vec<SeedBox>,
}

/// The place that an envelope has been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ordered {
    /// From 1, without gaps.
    #[n(0)]
    pub place: u64,
}

/// What a device does not know yet.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct News {
    /// The next links in their order.
    #[n(0)]
    pub links: Vec<SignedLink>,
    /// Boxes for the asking device of later epochs than it holds.
    #[n(1)]
    pub boxes: Vec<SeedBox>,
    /// The next envelopes in their order.
    #[n(2)]
    pub envelopes: Vec<SignedEnvelope>,
    /// Place of the last envelope of this answer.
    #[n(3)]
    pub upto: u64,
    /// There is more: ask again at once.
    #[n(4)]
    pub has_more: bool,
    /// Place up to which a snapshot covers; 0: there is none.
    #[n(5)]
    pub snapshot_upto: u64,
}

/// A snapshot and the place in the server's order that it covers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PlacedSnapshot {
    /// The place.
    #[n(0)]
    pub upto: u64,
    /// The snapshot.
    #[n(1)]
    pub snapshot: SignedSnapshot,
}

/// Lets the messages of an invitation through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OpenInvitation {
    /// Its id.
    #[n(0)]
    pub invitation: InvitationId,
    /// Until when; ms UTC.
    #[n(1)]
    pub expires_at_ms: i64,
}

/// The messages of an invitation so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct JoinBox {
    /// From the newcomer.
    #[n(0)]
    pub start: Option<JoinStart>,
    /// From the inviter.
    #[n(1)]
    pub hello: Option<JoinHello>,
    /// From the newcomer.
    #[n(2)]
    pub finish: Option<JoinFinish>,
}

impl JoinBox {
    /// How many steps there are.
    pub fn step_count(&self) -> u32 {
        let steps = [
            self.start.is_some(),
            self.hello.is_some(),
            self.finish.is_some(),
        ];
        steps.into_iter().map(u32::from).sum()
    }
}
