//! Publishing: from what an intake wants to entries in the chains of all who may read it.
//! Everything is read and sealed first; then one transaction changes tables and chains together, or nothing.
//!
//! The steps: `book` gives ids and audiences, `reach` says who may read what, `stage` seals files, `people` keeps the
//! tables that rights depend on, `objects` builds what is wanted, `plan` compares with what is published (pure),
//! `apply` appends.

mod apply;
mod book;
mod objects;
mod people;
mod plan;
mod reach;
mod stage;

use std::cell::Cell;
use std::fs::File;
use std::path::Path;

use sync_protocol::ids::CouncilId;

use crate::audit;
use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::draft::CouncilDraft;
use crate::error::ServerError;
use crate::keys::Keys;
use crate::store::{Store, files};
use crate::{entitlement, identity, oparl_out};
pub(crate) use book::Book;
use reach::Reaches;
use stage::Staging;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportOutcome {
    /// Objects that were not there before.
    pub added: usize,
    /// Objects that changed, or whose readers changed.
    pub changed: usize,
    /// Objects that nobody is shown any more.
    pub removed: usize,
    /// Entries appended to all chains together.
    pub entries: usize,
    /// Files that were encrypted anew.
    pub files_sealed: usize,
    /// What could not be taken over, one line each, in German.
    pub problems: Vec<String>,
}

/// What publishing works with.
pub(crate) struct Publisher<'a> {
    pub dir: &'a Path,
    pub council: CouncilId,
    pub store: &'a Store,
    pub blobs: &'a Blobs,
    pub keys: &'a Keys,
    pub clock: &'a Clock,
}

impl Publisher<'_> {
    /// Publishes a draft. Importing the same twice changes nothing.
    ///
    /// Errors: storage, keys, disk; nothing was published then.
    pub(crate) fn publish(&self, draft: &CouncilDraft) -> Result<ImportOutcome, ServerError> {
        let _turn = self.take_turn()?;
        let now_at_ms = self.clock.now_at_ms();
        let today = self.clock.today();

        let (mut book, reaches) = self.store.read(|c| {
            let mut book = Book::open(c, self.keys, draft)?;
            let reaches = Reaches::decide(c, &mut book, draft)?;
            Ok::<_, ServerError>((book, reaches))
        })?;
        let wishes = self
            .store
            .read(|c| reach::file_wishes(c, &mut book, draft, &reaches))?;
        let mut staging = Staging::new(self, today);
        let is_worked = Cell::new(false);
        let staged = staging.stage_all(&wishes).and_then(|()| {
            self.store.write(|tx| {
                people::store(tx, &mut book, draft)?;
                let wanted = objects::wanted(tx, &mut book, draft, &reaches, &staging)?;
                book.store(tx, self.keys, now_at_ms)?;
                entitlement::settle(tx, self.keys, today, now_at_ms)?;
                staging.store(tx, now_at_ms)?;
                let applied = apply::apply(tx, self, draft, &book, &wanted)?;
                identity::sign_root(tx, self.keys, None, now_at_ms)?;
                audit::note(
                    tx,
                    self.keys,
                    now_at_ms,
                    "imported",
                    None,
                    Some(applied.entries),
                )?;
                files::drop_unreferenced(tx)?;
                oparl_out::settle(tx, self.keys, self.council, self.clock.now_at_ms())?;
                is_worked.set(true);
                Ok::<_, ServerError>(applied)
            })
        });
        let applied = match staged {
            Ok(done) => done,
            Err(error) => {
                // A commit that failed on the disk may still be found there by the next start, and then names these files.
                if !is_worked.get() {
                    staging.sweep();
                }
                return Err(error);
            }
        };
        let files_sealed = staging.sealed_count();
        let mut problems = staging.into_problems();
        // It is published: what cannot be deleted is told, and is nobody's to read, for its keys are gone.
        if let Err(error) = self.sweep_blobs() {
            problems.push(format!(
                "Verschlüsselte Dateien, die niemand mehr braucht, konnten nicht gelöscht werden ({error}). Der nächste Import versucht es noch einmal."
            ));
        }
        Ok(ImportOutcome {
            added: applied.added,
            changed: applied.changed,
            removed: applied.removed,
            entries: applied.entries,
            files_sealed,
            problems,
        })
    }

    fn sweep_blobs(&self) -> Result<(), ServerError> {
        let known = self.store.read(files::all_blobs)?;
        Ok(self.blobs.sweep(&known.into_iter().collect())?)
    }

    fn take_turn(&self) -> Result<File, ServerError> {
        importing_turn(self.dir)
    }
}

/// One import at a time, other processes included; also for whoever needs that nothing is imported meanwhile.
pub(crate) fn importing_turn(dir: &Path) -> Result<File, ServerError> {
    let lock = File::create(dir.join("import.lock"))?;
    lock.lock()?;
    Ok(lock)
}
