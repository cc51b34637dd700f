//! The newcomer's side: her messages, and then asking until the roster holds her. It goes on after a restart where it was.

use std::sync::Arc;
use std::time::Duration;

use faction::{FactionError, Joining};
use sync::faction::FactionClient;
use sync_protocol::faction::wire::{JoinBox, MAX_WAIT_S};
use sync_protocol::ids::InvitationId;

use super::Factions;
use super::exchange::whole_roster;
use crate::desk::lock;
use crate::error::{ErrorCode, Failure};

/// Between two questions whether the inviter has let her in.
const PAUSE: Duration = Duration::from_secs(2);

impl Factions {
    /// Goes on with joining in the background.
    pub(crate) fn go_on_joining(self: &Arc<Self>, id: InvitationId) {
        lock(&self.refused).remove(&id);
        self.spawn(Arc::clone(self).join(id));
    }

    async fn join(self: Arc<Self>, id: InvitationId) {
        loop {
            match self.try_to_join(id).await {
                Ok(()) => break,
                Err(failure) if is_passing(failure.code) => tokio::time::sleep(PAUSE).await,
                Err(failure) => {
                    lock(&self.refused).insert(id, failure.code);
                    break;
                }
            }
        }
        self.tell(None);
    }

    async fn try_to_join(self: &Arc<Self>, id: InvitationId) -> Result<(), Failure> {
        let Some(joining) = self.joining(id)? else {
            // Given up meanwhile.
            return Ok(());
        };
        let client = self.client(joining.council)?;
        if joining.faction.is_none() {
            self.exchange_messages(&client, &joining).await?;
            self.tell(None);
        } else if let Some(JoinBox {
            hello: Some(hello),
            finish: None,
            ..
        }) = client.join_box(&id, 0, 0).await?
        {
            // The last message may not have arrived.
            let finish = self.store.join_hello(id, &hello)?;
            client.join_finish(&id, &finish).await?;
        }
        loop {
            let Some(faction) = self.joining(id)?.and_then(|joining| joining.faction) else {
                return Ok(());
            };
            let entry = self.store.joining_entry(id, client.device())?;
            match client.enter(&faction, &entry).await {
                Ok(()) => break,
                Err(error) if error.is_no_member() => {
                    if client.join_box(&id, 0, 0).await?.is_none() {
                        return Err(ErrorCode::FactionInvitationOver.into());
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let Some(faction) = self.joining(id)?.and_then(|joining| joining.faction) else {
            return Ok(());
        };
        let roster = whole_roster(&client, faction).await?;
        let space = self.store.join_roster(id, &roster.links)?;
        self.hold(space);
        Ok(())
    }

    async fn exchange_messages(
        &self,
        client: &FactionClient,
        joining: &Joining,
    ) -> Result<(), Failure> {
        client.join_start(&joining.start).await?;
        let over = || Failure::from(ErrorCode::FactionInvitationOver);
        loop {
            let messages = client.join_box(&joining.id, 1, MAX_WAIT_S).await?;
            let messages = messages.ok_or_else(over)?;
            if messages.start.as_ref() != Some(&joining.start) {
                // Somebody else knows the code, too, and was later.
                return Err(ErrorCode::FactionInvitationUsed.into());
            }
            let Some(hello) = messages.hello else {
                continue;
            };
            let finish = self.store.join_hello(joining.id, &hello)?;
            client.join_finish(&joining.id, &finish).await?;
            return Ok(());
        }
    }

    fn joining(&self, id: InvitationId) -> Result<Option<Joining>, FactionError> {
        Ok(self.store.joinings()?.into_iter().find(|one| one.id == id))
    }
}

/// Worth another try without being told.
pub(super) fn is_passing(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Offline | ErrorCode::ServerError | ErrorCode::ClockWrong
    )
}
