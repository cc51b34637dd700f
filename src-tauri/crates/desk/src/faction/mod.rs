//! The faction spaces of an open session: one handle for each, what their exchange with the server last said, and the tasks that
//! keep it going. Not here: the formats and the merging (crate `faction`), the requests (crate `sync`), what the window shows (`query`).

mod exchange;
mod inviting;
mod joining;
mod keeping;
mod snapshots;
mod texts;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use faction::{FactionError, FactionStore, Space};
use sync::faction::FactionClient;
use sync::{CancelFlag, SyncConfig};
use sync_protocol::ids::{CouncilId, FactionId, InvitationId};
use tokio::runtime::Handle;
use tokio::sync::{Notify, broadcast, watch};
use vault::{DbError, Vault};

use crate::desk::lock;
use crate::error::{ErrorCode, Failure};
use crate::event::DeskEvent;

pub(crate) use exchange::recover;
pub(crate) use texts::{SpaceTags, SpaceTexts, TextKey, TextSource};

/// How long closing waits for the exchange to let go; it notices at its next step.
const END_PATIENCE: Duration = Duration::from_secs(10);

/// How the exchange of a space stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contact {
    /// Being exchanged, or not begun yet.
    Busy,
    /// Nothing is left to be said by either side.
    Current,
    /// The newest seed has not come yet.
    Awaiting,
    /// It did not work, for this reason.
    Failed(ErrorCode),
}

/// One space. Who holds its lock writes alone.
pub(crate) struct HeldSpace {
    pub(crate) faction: FactionId,
    pub(crate) council: CouncilId,
    pub(crate) space: Mutex<Space>,
    contact: Mutex<Contact>,
    pub(crate) texts: Mutex<SpaceTexts>,
    pub(crate) tags: Mutex<SpaceTags>,
    /// A snapshot is being made and sent.
    is_snapshot_made: AtomicBool,
    /// How far the space had come when no snapshot could be made or kept: none is tried again for as much.
    snapshot_tried: AtomicU64,
    /// Something was written here that the server does not have.
    written: Notify,
}

impl HeldSpace {
    fn new(space: Space) -> Self {
        Self {
            faction: space.faction(),
            council: space.council(),
            space: Mutex::new(space),
            contact: Mutex::new(Contact::Busy),
            texts: Mutex::default(),
            tags: Mutex::default(),
            is_snapshot_made: AtomicBool::new(false),
            snapshot_tried: AtomicU64::new(0),
            written: Notify::new(),
        }
    }

    pub(crate) fn contact(&self) -> Contact {
        *lock(&self.contact)
    }
}

/// What the tasks need of the app.
pub(crate) struct Around {
    pub(crate) config: SyncConfig,
    pub(crate) events: broadcast::Sender<DeskEvent>,
    pub(crate) runtime: Handle,
}

/// All spaces of a session.
pub(crate) struct Factions {
    pub(crate) store: Arc<FactionStore>,
    vault: Arc<Vault>,
    around: Around,
    spaces: Mutex<HashMap<FactionId, Arc<HeldSpace>>>,
    /// Invitations whose newcomers are waited for.
    tended: Mutex<HashSet<InvitationId>>,
    /// Why joining goes no further; absent while it goes on.
    refused: Mutex<HashMap<InvitationId, ErrorCode>>,
    cancel: CancelFlag,
    /// Each task holds a copy; gone when the session ends.
    alive: Mutex<Option<watch::Sender<()>>>,
    ended: watch::Receiver<()>,
}

impl Factions {
    /// Opens `faction.db` and takes up the exchange of every space in it.
    ///
    /// Errors: those of the database; a space whose roster does not verify.
    pub(crate) fn open(vault: &Arc<Vault>, around: Around) -> Result<Arc<Self>, Failure> {
        let store = FactionStore::open(vault).map_err(|error| match error {
            DbError::DamagedMovedAside { .. } => Failure::caused(ErrorCode::FactionDamaged, error),
            other => other.into(),
        })?;
        let (alive, ended) = watch::channel(());
        let factions = Arc::new(Self {
            store,
            vault: Arc::clone(vault),
            around,
            spaces: Mutex::default(),
            tended: Mutex::default(),
            refused: Mutex::default(),
            cancel: CancelFlag::new(),
            alive: Mutex::new(Some(alive)),
            ended,
        });
        for record in factions.store.spaces()? {
            let space = factions.store.space(record.faction)?;
            factions.hold(space);
        }
        for joining in factions.store.joinings()? {
            factions.go_on_joining(joining.id);
        }
        Ok(factions)
    }

    /// Takes a space in and begins its exchange.
    pub(crate) fn hold(self: &Arc<Self>, space: Space) -> Arc<HeldSpace> {
        let held = Arc::new(HeldSpace::new(space));
        lock(&self.spaces).insert(held.faction, Arc::clone(&held));
        self.spawn(Arc::clone(self).keep(Arc::clone(&held)));
        self.tend_all(&held);
        held
    }

    /// All spaces, in the order in which they came.
    pub(crate) fn all(&self) -> Result<Vec<Arc<HeldSpace>>, Failure> {
        let spaces = lock(&self.spaces);
        let records = self.store.spaces()?;
        let known = records.iter().filter_map(|one| spaces.get(&one.faction));
        Ok(known.cloned().collect())
    }

    /// One space by its id as the page has it.
    ///
    /// Errors: `not_found`.
    pub(crate) fn held(&self, id: &str) -> Result<Arc<HeldSpace>, Failure> {
        let id: FactionId = id.parse().map_err(|_| ErrorCode::NotFound)?;
        let found = lock(&self.spaces).get(&id).cloned();
        found.ok_or_else(|| ErrorCode::NotFound.into())
    }

    /// Forgets a space with everything in it.
    pub(crate) fn forget(&self, held: &HeldSpace) -> Result<(), Failure> {
        lock(&held.space).forget()?;
        // Of a space that is not here nothing can be older: a key store that does not answer now keeps a number that says nothing.
        let _ = self.vault.forget_roster(held.faction);
        lock(&self.spaces).remove(&held.faction);
        held.written.notify_one();
        self.tell(None);
        Ok(())
    }

    /// Something was written here: it is sent as soon as that is possible.
    pub(crate) fn was_written(&self, held: &HeldSpace) {
        held.written.notify_one();
        self.tell(Some(held.faction));
    }

    /// Asks all servers now.
    pub(crate) fn exchange_now(&self) {
        for held in lock(&self.spaces).values() {
            held.written.notify_one();
        }
    }

    pub(crate) fn refused(&self, joining: InvitationId) -> Option<ErrorCode> {
        lock(&self.refused).get(&joining).copied()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.around.config.clock)()
    }

    /// Ends the exchange at its next step.
    pub(crate) fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Ends the exchange and waits until it has let go of the database, but not for ever.
    pub(crate) fn close(&self) {
        self.cancel();
        lock(&self.alive).take();
        let mut ended = self.ended.clone();
        let wait = async move {
            // An error means that the last holder is gone, which is what is waited for.
            let _ = tokio::time::timeout(END_PATIENCE, ended.changed()).await;
        };
        self.around.runtime.block_on(wait);
        lock(&self.spaces).clear();
    }

    fn client(&self, council: CouncilId) -> Result<FactionClient, Failure> {
        let client = FactionClient::new(&self.around.config, &self.vault, council, &self.cancel);
        Ok(client?)
    }

    /// Says that something of a space, or of all of them, is different from before.
    fn tell(&self, faction: Option<FactionId>) {
        // Nobody listening is no failure.
        let _ = self.around.events.send(DeskEvent::FactionChanged {
            faction: faction.map(|id| id.to_string()),
        });
    }

    fn set_contact(&self, held: &HeldSpace, contact: Contact) {
        let before = std::mem::replace(&mut *lock(&held.contact), contact);
        if before != contact && contact != Contact::Busy {
            self.tell(Some(held.faction));
        }
    }

    /// Runs a task until it ends or the session does.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let Some(alive) = lock(&self.alive).clone() else {
            return;
        };
        let cancel = self.cancel.clone();
        self.around.runtime.spawn(async move {
            tokio::select! {
                () = task => {}
                () = cancel.cancelled() => {}
            }
            drop(alive);
        });
    }

    /// Works on a space away from the network's threads.
    async fn on<T: Send + 'static>(
        &self,
        held: &Arc<HeldSpace>,
        work: impl FnOnce(&mut Space) -> Result<T, FactionError> + Send + 'static,
    ) -> Result<T, Failure> {
        let held = Arc::clone(held);
        self.away(move || work(&mut lock(&held.space))).await
    }

    /// Works away from the network's threads.
    async fn away<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, FactionError> + Send + 'static,
    ) -> Result<T, Failure> {
        let alive = lock(&self.alive).clone();
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(alive);
            done
        });
        match done.await {
            Ok(done) => Ok(done?),
            Err(_) => Err(ErrorCode::Internal.into()),
        }
    }
}
