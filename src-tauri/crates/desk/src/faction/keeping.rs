//! Keeping a space current: an exchange at the beginning, after everything that is written here, and whenever the server says that
//! something is there. Without a network it is tried again, ever more seldom.

use std::sync::Arc;
use std::time::Duration;

use sync_protocol::faction::wire::MAX_WAIT_S;

use super::{Contact, Factions, HeldSpace};
use crate::error::{ErrorCode, Failure};

const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Documents merged at a time; a hundred take some 10 ms.
const READ_AHEAD: usize = 100;

impl Factions {
    pub(super) async fn keep(self: Arc<Self>, held: Arc<HeldSpace>) {
        let mut pause = FIRST_PAUSE;
        if let Err(failure) = self.read_ahead(&held).await {
            self.set_contact(&held, Contact::Failed(failure.code));
        }
        loop {
            match self.one_round(&held).await {
                Ok(true) => pause = FIRST_PAUSE,
                // It has ended here, or nothing will change by asking again.
                Ok(false) => return,
                Err(failure) => {
                    self.set_contact(&held, Contact::Failed(failure.code));
                    if matches!(
                        failure.code,
                        ErrorCode::Cancelled | ErrorCode::DeviceRevoked
                    ) {
                        return;
                    }
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = held.written.notified() => {}
                    }
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// An exchange, and then waiting until there is something to exchange again.
    ///
    /// Result: whether the space goes on.
    async fn one_round(self: &Arc<Self>, held: &Arc<HeldSpace>) -> Result<bool, Failure> {
        let client = self.client(held.council)?;
        loop {
            if !self.exchange(held, &client).await? || !self.holds(held) {
                return Ok(false);
            }
            self.read_ahead(held).await?;
            let known = self.on(held, |space| space.known()).await?;
            loop {
                let asked = client.news(&held.faction, known, MAX_WAIT_S);
                tokio::select! {
                    news = asked => {
                        let news = news?;
                        if news.upto > known.envelopes || !news.links.is_empty() || !news.boxes.is_empty() {
                            break;
                        }
                    }
                    () = held.written.notified() => break,
                }
            }
        }
    }

    /// Merges what was edited before somebody wants to see it, a little at a time: whoever looks meanwhile waits for that alone.
    async fn read_ahead(&self, held: &Arc<HeldSpace>) -> Result<(), Failure> {
        while self.on(held, |space| space.read_ahead(READ_AHEAD)).await? {}
        Ok(())
    }

    fn holds(&self, held: &HeldSpace) -> bool {
        crate::desk::lock(&self.spaces).contains_key(&held.faction)
    }
}
