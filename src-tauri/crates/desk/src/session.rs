//! What is there while the vault is open: keys, own notes, open documents, a running synchronisation. All of it goes
//! when the session goes.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use notes::NoteStore;
use sync::store::CouncilStore;
use sync_protocol::ids::{AudienceId, CouncilId};
use vault::{CouncilRecord, DbError, Vault};

use crate::desk::lock;
use crate::documents::Documents;
use crate::error::{ErrorCode, Failure};
use crate::faction::Factions;
use crate::indexing::{Indexes, Indexing};
use crate::query::CouncilFacts;
use crate::subscription::Subscription;
use crate::sync_run::SyncRun;
use crate::takeaway::TakeawayRun;

/// How long locking waits for commands under way; each of them is short.
const ALONE_PATIENCE: Duration = Duration::from_secs(10);

/// An open vault and what was opened through it.
pub(crate) struct Session {
    pub(crate) vault: Arc<Vault>,
    pub(crate) notes: NoteStore,
    facts: Mutex<KeptFacts>,
    /// Why the store of a council could not be opened, when it was tried last.
    unopened: Mutex<HashMap<CouncilId, ErrorCode>>,
    stores: Mutex<KeptStores>,
    pub(crate) documents: Documents,
    /// Opened with the recovery code: a new passphrase may be chosen once without the old one.
    pub(crate) is_by_recovery: AtomicBool,
    pub(crate) sync: Arc<SyncRun>,
    /// The calendar file that other programs follow.
    pub(crate) subscription: Subscription,
    pub(crate) takeaway: TakeawayRun,
    pub(crate) indexing: Indexing,
    /// The indexes that searches use.
    pub(crate) indexes: Indexes,
    /// Opened when it is first needed, or at once where there is one.
    pub(crate) factions: Mutex<Option<Arc<Factions>>>,
    /// Why they could not be opened with the vault; told once, by the view of them.
    pub(crate) factions_failed: Mutex<Option<ErrorCode>>,
}

/// One paired council with its store, for one command.
pub(crate) struct Council {
    pub(crate) record: CouncilRecord,
    pub(crate) store: CouncilStore,
    pub(crate) facts: Arc<CouncilFacts>,
}

/// Facts of a council with the audiences that could be read when they were read.
type KeptFacts = HashMap<CouncilId, (Vec<AudienceId>, Arc<CouncilFacts>)>;

/// Stores between two commands: what was read of them stays decrypted in memory.
#[derive(Default)]
struct KeptStores {
    by_council: HashMap<CouncilId, CouncilStore>,
    /// Counts the times that all were closed: what was taken before is not put back.
    closed_count: u64,
}

/// The councils of one command. Dropping them keeps their stores for the next.
pub(crate) struct Councils<'s> {
    session: &'s Session,
    councils: Vec<Council>,
    closed_count: u64,
}

impl Deref for Councils<'_> {
    type Target = [Council];

    fn deref(&self) -> &[Council] {
        &self.councils
    }
}

impl Councils<'_> {
    /// Leaves out all others.
    pub(crate) fn keep_only(&mut self, council: &str) {
        self.councils
            .retain(|one| one.record.council.to_string() == council);
    }
}

impl Drop for Councils<'_> {
    fn drop(&mut self) {
        let mut kept = lock(&self.session.stores);
        if kept.closed_count == self.closed_count && !self.session.sync.is_running() {
            let stores = self.councils.drain(..).map(|council| council.store);
            kept.by_council
                .extend(stores.map(|store| (store.council(), store)));
        }
    }
}

impl Session {
    /// Opens the member's own database beside the vault.
    ///
    /// Errors: `notes_damaged` once, when it was moved aside; the next try opens a new one with what was saved.
    pub(crate) fn start(vault: Vault, now_ms: i64) -> Result<Self, Failure> {
        let vault = Arc::new(vault);
        for record in vault.keyring().councils() {
            // What access has ended for goes without a network. A failure must not keep the member out of the vault;
            // the store shows none of it anyway, and the next synchronisation tries again.
            let _ = sync::forget_due(&vault, record.council, now_ms);
        }
        Ok(Self {
            notes: open_notes(&vault)?,
            vault,
            facts: Mutex::default(),
            unopened: Mutex::default(),
            stores: Mutex::default(),
            documents: Documents::default(),
            is_by_recovery: AtomicBool::new(false),
            sync: Arc::default(),
            subscription: Subscription::default(),
            takeaway: TakeawayRun::default(),
            indexing: Indexing::default(),
            indexes: Indexes::default(),
            factions: Mutex::default(),
            factions_failed: Mutex::default(),
        })
    }

    /// Waits until no command works with this session any more, lets go of it, and waits until nobody else holds its vault; but
    /// not for ever. A database that is still open while the process ends crashes in SQLCipher, which takes its memory away at exit.
    pub(crate) fn let_go(session: Arc<Self>) {
        drop(Self::take_vault(session));
    }

    /// The same, and the vault, if nothing else holds it any more: all that was opened through it is closed then.
    pub(crate) fn take_vault(session: Arc<Self>) -> Option<Vault> {
        let begun = Instant::now();
        let wait_until = |is_so: &dyn Fn() -> bool| {
            while !is_so() && begun.elapsed() < ALONE_PATIENCE {
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        wait_until(&|| Arc::strong_count(&session) == 1);
        let vault = Arc::clone(&session.vault);
        drop(session);
        wait_until(&|| Arc::strong_count(&vault) == 1);
        Arc::into_inner(vault)
    }

    /// All councils in the order of pairing, with what may be read now. While a synchronisation runs, stores are opened anew: it
    /// may end an audience at any moment, or begin a database again. A council that cannot be opened does not hide the others;
    /// [`Session::problem`] tells it.
    ///
    /// Errors: none of them can be opened.
    pub(crate) fn councils(&self, now_ms: i64) -> Result<Councils<'_>, Failure> {
        let mut found = Councils {
            session: self,
            councils: Vec::new(),
            closed_count: lock(&self.stores).closed_count,
        };
        let mut unopened = HashMap::new();
        let mut first = None;
        for record in self.vault.keyring().councils() {
            let id = record.council;
            // So that setting the clock back later opens nothing. That this cannot be written is no reason to show nothing.
            let _ = sync::note_time(&self.vault, id, now_ms);
            let council = self
                .store(id, now_ms)
                .and_then(|store| self.council(record, store, now_ms));
            match council {
                Ok(council) => found.councils.push(council),
                Err(failure) => {
                    unopened.insert(id, failure.code);
                    first.get_or_insert(failure);
                }
            }
        }
        *lock(&self.unopened) = unopened;
        match first {
            Some(failure) if found.is_empty() => Err(failure),
            _ => Ok(found),
        }
    }

    /// Why a council's store could not be opened the last time; `None` if it could.
    pub(crate) fn problem(&self, council: CouncilId) -> Option<ErrorCode> {
        lock(&self.unopened).get(&council).copied()
    }

    fn store(&self, council: CouncilId, now_ms: i64) -> Result<CouncilStore, Failure> {
        let kept = lock(&self.stores).by_council.remove(&council);
        if let Some(kept) = kept.filter(|_| !self.sync.is_running())
            && let Some(store) = kept.at(&self.vault, now_ms)?
        {
            return Ok(store);
        }
        Ok(CouncilStore::open(&self.vault, council, now_ms)?)
    }

    /// Lets go of all databases of the councils; for the beginning of a synchronisation.
    pub(crate) fn close_stores(&self) {
        let mut kept = lock(&self.stores);
        kept.by_council.clear();
        kept.closed_count += 1;
    }

    fn council(
        &self,
        record: CouncilRecord,
        store: CouncilStore,
        now_ms: i64,
    ) -> Result<Council, Failure> {
        let id = record.council;
        let time_ms = store
            .stand()
            .map_or(now_ms, |stand| now_ms.max(stand.head_issued_at_ms));
        let readable = store
            .audiences()
            .into_iter()
            .filter(|row| row.is_readable_at(time_ms));
        let readable: Vec<AudienceId> = readable.map(|row| row.audience).collect();
        let kept = lock(&self.facts)
            .get(&id)
            .filter(|(audiences, _)| *audiences == readable)
            .cloned();
        let (is_kept, facts) = match kept {
            Some((_, facts)) => (true, facts),
            None => (false, Arc::default()),
        };
        let mut council = Council {
            record,
            store,
            facts,
        };
        if !is_kept {
            // A run that is under way may change the store at any moment; its end forgets what was kept before it.
            let is_steady = !self.sync.is_running();
            council.facts = Arc::new(CouncilFacts::read(&council)?);
            if is_steady {
                lock(&self.facts).insert(id, (readable, Arc::clone(&council.facts)));
            }
        }
        Ok(council)
    }

    /// Forgets what was kept of the stores, the stores themselves and the indexes over them; for the end of a synchronisation.
    pub(crate) fn forget_facts(&self) {
        self.close_stores();
        lock(&self.facts).clear();
        self.indexes.clear();
    }
}

/// The member's own database. A damaged one was moved aside: what of it still opens is taken into a new one at once, and
/// then the damage is told, so that the next opening finds the notes.
fn open_notes(vault: &Arc<Vault>) -> Result<NoteStore, Failure> {
    NoteStore::open(Arc::clone(vault)).map_err(|error| {
        if let DbError::DamagedMovedAside { path } = &error
            && let Ok(fresh) = NoteStore::open(Arc::clone(vault))
        {
            // Where nothing of it opens, nothing can be taken over; the file stays for whoever can do more.
            let _ = fresh.salvage(path);
        }
        error.into()
    })
}
