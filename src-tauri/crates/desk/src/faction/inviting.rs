//! Whoever has given out an invitation answers the newcomer: her first message is answered at once, her proof is checked at once.
//! By QR code she then comes in with the next exchange, by letter only after the words were compared.

use std::sync::Arc;
use std::time::Duration;

use faction::{FactionError, InvitationState};
use sync::faction::FactionClient;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::wire::{MAX_WAIT_S, OpenInvitation};
use sync_protocol::ids::InvitationId;

use super::{Factions, HeldSpace};
use crate::desk::lock;
use crate::error::{ErrorCode, Failure};

const PAUSE: Duration = Duration::from_secs(5);

/// What became of waiting for a newcomer.
enum Tended {
    /// Nothing more is expected.
    Done,
    /// The messages go on.
    GoesOn,
}

impl Factions {
    /// Waits for the newcomers of all open invitations of a space.
    pub(crate) fn tend_all(self: &Arc<Self>, held: &Arc<HeldSpace>) {
        let open = lock(&held.space).invitations(self.now_ms());
        // A failure here is the database's, and is told by whatever looks at the space next.
        for one in open.unwrap_or_default() {
            if one.state == InvitationState::Open && lock(&self.tended).insert(one.id) {
                let tending = Arc::clone(self).tend(Arc::clone(held), one.id, one.expires_at_ms);
                self.spawn(tending);
            }
        }
    }

    async fn tend(self: Arc<Self>, held: Arc<HeldSpace>, id: InvitationId, expires_at_ms: i64) {
        while self.now_ms() < expires_at_ms {
            match self.await_newcomer(&held, id, expires_at_ms).await {
                Ok(()) => break,
                Err(failure) if failure.code == ErrorCode::Cancelled => break,
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        lock(&self.tended).remove(&id);
        self.tell(Some(held.faction));
    }

    async fn await_newcomer(
        &self,
        held: &Arc<HeldSpace>,
        id: InvitationId,
        expires_at_ms: i64,
    ) -> Result<(), Failure> {
        let client = self.client(held.council)?;
        let open = OpenInvitation {
            invitation: id,
            expires_at_ms,
        };
        client.open_invitation(&held.faction, &open).await?;
        let mut seen = 0;
        loop {
            let Some(messages) = client.join_box(&id, seen, MAX_WAIT_S).await? else {
                return Ok(());
            };
            seen = [
                messages.start.is_some(),
                messages.hello.is_some(),
                messages.finish.is_some(),
            ]
            .into_iter()
            .map(u32::from)
            .sum();
            let step = match (messages.start, messages.hello, messages.finish) {
                (Some(start), None, _) => self.answer(held, &client, id, to_cbor(&start)).await?,
                (_, Some(_), Some(finish)) => self.prove(held, id, to_cbor(&finish)).await?,
                _ => Tended::GoesOn,
            };
            if matches!(step, Tended::Done) {
                return Ok(());
            }
        }
    }

    async fn answer(
        &self,
        held: &Arc<HeldSpace>,
        client: &FactionClient,
        id: InvitationId,
        start: Vec<u8>,
    ) -> Result<Tended, Failure> {
        let now_ms = self.now_ms();
        let hello = self.on(held, move |space| {
            match space.invitation_start(id, &start, now_ms) {
                Ok(hello) => Ok(Some(hello)),
                Err(error) if is_over(&error) => Ok(None),
                Err(error) => Err(error),
            }
        });
        match hello.await? {
            Some(hello) => {
                client.join_hello(&id, &hello).await?;
                Ok(Tended::GoesOn)
            }
            None => Ok(Tended::Done),
        }
    }

    async fn prove(
        &self,
        held: &Arc<HeldSpace>,
        id: InvitationId,
        finish: Vec<u8>,
    ) -> Result<Tended, Failure> {
        let now_ms = self.now_ms();
        let proved = self.on(held, move |space| {
            match space.invitation_finish(id, &finish, now_ms) {
                Ok(_) => Ok(Tended::Done),
                // A wrong proof was counted; the right one may still come.
                Err(FactionError::Join(_) | FactionError::Message(_)) => Ok(Tended::GoesOn),
                Err(error) if is_over(&error) => Ok(Tended::Done),
                Err(error) => Err(error),
            }
        });
        let proved = proved.await?;
        held.written.notify_one();
        self.tell(Some(held.faction));
        Ok(proved)
    }
}

/// The invitation is used, has run out, or was taken back: nobody is waited for any more.
fn is_over(error: &FactionError) -> bool {
    matches!(
        error,
        FactionError::InvitationUnknown
            | FactionError::InvitationUsed
            | FactionError::InvitationExpired
            | FactionError::OutOfTurn
            | FactionError::Removed
    )
}
