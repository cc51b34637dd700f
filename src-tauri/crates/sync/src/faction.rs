//! The questions that a device of a faction space asks the council's server. Bytes go by: what they hold is sealed, and what may be
//! believed is decided by whoever asks. This crate knows neither spaces nor their keys.

use sync_protocol::cbor::{from_cbor_lenient, to_cbor};
use sync_protocol::faction::envelope::SignedEnvelope;
use sync_protocol::faction::join::{JoinFinish, JoinHello, JoinStart};
use sync_protocol::faction::wire::{
    self, Append, Entry, Founding, JoinBox, JoinStep, Known, News, OpenInvitation, Ordered,
    PlacedSnapshot,
};
use sync_protocol::faction::{MAX_LINK_LEN, MAX_SNAPSHOT_LEN};
use sync_protocol::ids::{CouncilId, DeviceId, FactionDeviceId, FactionId, InvitationId};
use sync_protocol::wire::error_code;
use vault::Vault;

use crate::cancel::CancelFlag;
use crate::config::SyncConfig;
use crate::contact::pinned_client;
use crate::council::KnownCouncil;
use crate::error::SyncError;
use crate::transport::{Client, TransportError};

const KIB: u64 = 1024;
/// An answer that says nothing but yes.
const SHORT_LIMIT: u64 = 4 * KIB;
/// 64 links, boxes of every epoch for one device, and one page of envelopes.
const NEWS_LIMIT: u64 = 64 * (MAX_LINK_LEN as u64) + 4 * 1024 * KIB;

/// A pinned and signed connection to the server of a council, for its spaces.
#[derive(Debug)]
pub struct FactionClient {
    client: Client,
    device: DeviceId,
}

/// What became of something that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The server has it.
    Taken,
    /// The roster or what was said has gone on: fetch, and make it anew.
    Conflict,
}

impl FactionClient {
    /// Sets up the connection; asks nothing yet.
    ///
    /// Errors: `Council` if this device is not paired with it, `Transport`.
    pub fn new(
        config: &SyncConfig,
        vault: &Vault,
        council: CouncilId,
        cancel: &CancelFlag,
    ) -> Result<Self, SyncError> {
        let known = KnownCouncil::load(vault, council)?;
        let device = known.record.device;
        let client = pinned_client(config, vault, &known, &known.root, cancel)?;
        Ok(Self { client, device })
    }

    /// The paired device that the requests are of.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Gives the server a new space.
    pub async fn found(&self, founding: &Founding) -> Result<(), SyncError> {
        self.say(wire::PATH_SPACES, &to_cbor(founding)).await
    }

    /// Says which device of the space this one is.
    pub async fn enter(&self, faction: &FactionId, entry: &Entry) -> Result<(), SyncError> {
        self.say(&wire::path_enter(faction), &to_cbor(entry)).await
    }

    /// The spaces that hold a device, for coming back with a paper key.
    pub async fn spaces_of(&self, device: &FactionDeviceId) -> Result<Vec<FactionId>, SyncError> {
        let body = self
            .client
            .get(&wire::path_spaces_of(device), SHORT_LIMIT)
            .await?;
        read(&body)
    }

    /// Appends links.
    pub async fn append(&self, faction: &FactionId, append: &Append) -> Result<Sent, SyncError> {
        let said = self.say(&wire::path_links(faction), &to_cbor(append)).await;
        sent(said)
    }

    /// Gives the server an envelope.
    pub async fn post(
        &self,
        faction: &FactionId,
        envelope: &SignedEnvelope,
    ) -> Result<Sent, SyncError> {
        let path = wire::path_envelopes(faction);
        let answer = self
            .client
            .post(&path, envelope.as_bytes(), SHORT_LIMIT)
            .await;
        sent(match answer {
            Ok(body) => read::<Ordered>(&body).map(drop),
            Err(error) => Err(error.into()),
        })
    }

    /// What is not known here; with `wait_s` the answer waits until there is something.
    pub async fn news(
        &self,
        faction: &FactionId,
        known: Known,
        wait_s: u64,
    ) -> Result<News, SyncError> {
        let path = wire::path_news(faction, known, wait_s);
        let answer = if wait_s == 0 {
            self.client.get_quickly(&path, NEWS_LIMIT).await
        } else {
            self.client.get(&path, NEWS_LIMIT).await
        };
        read(&answer?)
    }

    /// The newest snapshot, if there is one.
    pub async fn snapshot(&self, faction: &FactionId) -> Result<Option<PlacedSnapshot>, SyncError> {
        let limit = MAX_SNAPSHOT_LEN as u64 + 64 * KIB;
        match self.client.get(&wire::path_snapshot(faction), limit).await {
            Ok(body) => read(&body).map(Some),
            Err(error) if is(&error, error_code::NOT_FOUND) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets the server keep a snapshot; `Conflict` if it has one that reaches as far.
    pub async fn keep_snapshot(
        &self,
        faction: &FactionId,
        snapshot: &PlacedSnapshot,
    ) -> Result<Sent, SyncError> {
        let path = wire::path_snapshot(faction);
        sent(self.say(&path, &to_cbor(snapshot)).await)
    }

    /// Lets the messages of an invitation through.
    pub async fn open_invitation(
        &self,
        faction: &FactionId,
        open: &OpenInvitation,
    ) -> Result<(), SyncError> {
        let path = wire::path_invitations(faction);
        self.say(&path, &to_cbor(open)).await
    }

    /// The messages of an invitation; `None` if the server does not know it, or not any more.
    pub async fn join_box(
        &self,
        invitation: &InvitationId,
        seen: u32,
        wait_s: u64,
    ) -> Result<Option<JoinBox>, SyncError> {
        let path = wire::path_join(invitation, seen, wait_s);
        match self.client.get(&path, 8 * wire::MAX_STEP_LEN as u64).await {
            Ok(body) => read(&body).map(Some),
            Err(error) if is(&error, error_code::NOT_FOUND) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The newcomer begins.
    pub async fn join_start(&self, start: &JoinStart) -> Result<(), SyncError> {
        let path = wire::path_join_step(&start.invitation, JoinStep::Start);
        self.say(&path, &to_cbor(start)).await
    }

    /// The inviter answers.
    pub async fn join_hello(
        &self,
        invitation: &InvitationId,
        hello: &JoinHello,
    ) -> Result<(), SyncError> {
        let path = wire::path_join_step(invitation, JoinStep::Hello);
        self.say(&path, &to_cbor(hello)).await
    }

    /// The newcomer proves herself.
    pub async fn join_finish(
        &self,
        invitation: &InvitationId,
        finish: &JoinFinish,
    ) -> Result<(), SyncError> {
        let path = wire::path_join_step(invitation, JoinStep::Finish);
        self.say(&path, &to_cbor(finish)).await
    }

    async fn say(&self, path: &str, body: &[u8]) -> Result<(), SyncError> {
        self.client.post(path, body, SHORT_LIMIT).await?;
        Ok(())
    }
}

impl SyncError {
    /// Whether the server does not know this device in the space, or not any more.
    #[must_use]
    pub fn is_no_member(&self) -> bool {
        matches!(self, Self::Transport(error) if is(error, error_code::FACTION_NOT_MEMBER))
    }
}

fn is(error: &TransportError, code: &str) -> bool {
    matches!(error, TransportError::Refused(refusal) if refusal.code == code)
}

fn sent(answer: Result<(), SyncError>) -> Result<Sent, SyncError> {
    match answer {
        Ok(()) => Ok(Sent::Taken),
        Err(SyncError::Transport(error)) if is(&error, error_code::FACTION_CONFLICT) => {
            Ok(Sent::Conflict)
        }
        Err(error) => Err(error),
    }
}

fn read<T: for<'b> minicbor::Decode<'b, ()>>(body: &[u8]) -> Result<T, SyncError> {
    from_cbor_lenient(body).map_err(|_| SyncError::Malformed)
}
