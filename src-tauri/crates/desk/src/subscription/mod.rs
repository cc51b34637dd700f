//! The calendar file that other programs follow: one file outside the vault, kept up to date while the vault is open,
//! for a member who wished it. What stands in it is what the calendar export shows, no more.
//!
//! The wish and the ledger lie in `private.db`. Nothing here can make a synchronisation fail: a failure is kept and shown
//! in the settings until the file could be written again.

mod file;
mod ledger;

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use notes::{NoteStore, NotesError};
use serde::{Deserialize, Serialize};
use sync::store::{Absence, StoreError};
use sync_protocol::ids::CouncilId;

use crate::calendar::feed_text;
use crate::desk::{Clock, lock};
use crate::error::{ErrorCode, Failure};
use crate::messages::Speech;
use crate::query::event;
use crate::session::{Council, Session};
use crate::words;
use ledger::{Found, Ledger};

/// Name of the setting.
const SETTING: &str = "calendar_subscription";

/// What is kept of it in `private.db`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Stored {
    is_on: bool,
    only_mine: bool,
    file_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written_at_ms: Option<i64>,
    ledger: Ledger,
}

impl Default for Stored {
    fn default() -> Self {
        Self {
            is_on: false,
            only_mine: true,
            file_name: file::NAME.to_owned(),
            written_at_ms: None,
            ledger: Ledger::new(),
        }
    }
}

/// How the subscription stands.
pub(crate) struct Standing {
    pub(crate) is_on: bool,
    pub(crate) only_mine: bool,
    /// Where the file lies, or would lie.
    pub(crate) path: PathBuf,
    pub(crate) event_count: usize,
    /// When the file was last changed, ms UTC.
    pub(crate) written_at_ms: Option<i64>,
    /// Why it is not up to date.
    pub(crate) failure: Option<ErrorCode>,
}

/// What bringing the file up to date needs to know beside the session.
#[derive(Clone)]
pub(crate) struct Surroundings {
    /// The member's folder for downloads.
    pub(crate) dir: PathBuf,
    pub(crate) speech: Speech,
    pub(crate) clock: Clock,
}

#[derive(Default)]
struct State {
    /// The session ends: nothing is written any more.
    is_closed: bool,
    failure: Option<ErrorCode>,
}

/// The subscription of a session; held while something is done to the file, so that two do not meet.
#[derive(Default)]
pub(crate) struct Subscription(Mutex<State>);

impl Subscription {
    /// Waits for a writing under way; from then on nothing is written.
    pub(crate) fn close(&self) {
        lock(&self.0).is_closed = true;
    }

    /// Brings the file up to date if it is wished for. A failure is also kept for [`Self::standing`].
    pub(crate) fn refresh(&self, session: &Session, around: &Surroundings) -> Result<(), Failure> {
        let mut state = lock(&self.0);
        if state.is_closed {
            return Ok(());
        }
        let result = load(&session.notes).and_then(|stored| match stored.is_on {
            true => write(session, stored, around),
            false => Ok(()),
        });
        state.failure = result.as_ref().err().map(|failure| failure.code);
        result
    }

    // Meets: O.Purp_4, O.Data_1
    /// Begins it, or changes the choice.
    ///
    /// Errors: those of the folder; what could not begin has not begun.
    pub(crate) fn begin(
        &self,
        session: &Session,
        only_mine: bool,
        around: &Surroundings,
    ) -> Result<(), Failure> {
        let mut state = lock(&self.0);
        if state.is_closed {
            return Err(ErrorCode::Locked.into());
        }
        let before = load(&session.notes)?;
        let wished = Stored {
            is_on: true,
            only_mine,
            ..before.clone()
        };
        store(&session.notes, &wished)?;
        let result = write(session, wished, around);
        if result.is_err() && !before.is_on {
            store(&session.notes, &before)?;
            return result;
        }
        state.failure = result.as_ref().err().map(|failure| failure.code);
        result
    }

    // Meets: O.Purp_5
    /// Ends it and removes the file.
    ///
    /// Errors: the file cannot be removed; then it goes on, so that the member can try again.
    pub(crate) fn end(&self, session: &Session, dir: &Path) -> Result<(), Failure> {
        let mut state = lock(&self.0);
        if state.is_closed {
            return Err(ErrorCode::Locked.into());
        }
        let mut stored = load(&session.notes)?;
        file::remove(dir, &stored.file_name).map_err(disk_failure)?;
        stored.is_on = false;
        stored.written_at_ms = None;
        stored.ledger.values_mut().for_each(ledger::Entry::hide);
        store(&session.notes, &stored)?;
        state.failure = None;
        Ok(())
    }

    /// How it stands.
    pub(crate) fn standing(&self, session: &Session, dir: &Path) -> Result<Standing, Failure> {
        let state = lock(&self.0);
        let stored = load(&session.notes)?;
        Ok(Standing {
            is_on: stored.is_on,
            only_mine: stored.only_mine,
            path: dir.join(&stored.file_name),
            event_count: ledger::shown(&stored.ledger).len(),
            written_at_ms: stored.written_at_ms,
            failure: state.failure,
        })
    }
}

/// Brings the file up to date on a thread that may wait. How it went is kept in the session's state.
pub(crate) async fn refresh_apart(session: &Arc<Session>, around: Surroundings) {
    let session = Arc::clone(session);
    let refresh = move || session.subscription.refresh(&session, &around);
    // Neither is lost: a failure is kept by `refresh`, and a panic is reported by its own thread.
    let _ = tokio::task::spawn_blocking(refresh).await;
}

fn load(notes: &NoteStore) -> Result<Stored, Failure> {
    match notes.setting(SETTING)? {
        None => Ok(Stored::default()),
        Some(text) => {
            serde_json::from_str(&text).map_err(|error| Failure::caused(ErrorCode::Internal, error))
        }
    }
}

fn store(notes: &NoteStore, stored: &Stored) -> Result<(), Failure> {
    let text = serde_json::to_string(stored)
        .map_err(|error| Failure::caused(ErrorCode::Internal, error))?;
    notes
        .setting_set(SETTING, Some(&text))
        .map_err(NotesError::into)
}

/// The ledger first: should writing the file fail, it is behind, and the next time it is found to say something else.
fn write(session: &Session, mut stored: Stored, around: &Surroundings) -> Result<(), Failure> {
    let (before, now_ms) = (stored.clone(), (around.clock)());
    let councils = session.councils(now_ms)?;
    let found = found(&councils, stored.only_mine, around.speech)?;
    let by_id: HashMap<CouncilId, &Council> = councils
        .iter()
        .map(|council| (council.record.council, council))
        .collect();
    let absence = |entry: &ledger::Entry| match entry.place() {
        Some((council, audience, object)) => match by_id.get(&council) {
            Some(council) => council.store.absence(audience, object),
            // A store that cannot be opened now says nothing about its meetings.
            None if session.problem(council).is_some() => Ok(Absence::Awaited),
            None => Ok(Absence::Ended),
        },
        None => Ok(Absence::Ended),
    };
    ledger::bring_up_to_date(&mut stored.ledger, found, absence, now_ms).map_err(Failure::from)?;
    stored.file_name = file::usable_name(&around.dir, &stored.file_name).map_err(disk_failure)?;
    if stored != before {
        store(&session.notes, &stored)?;
    }
    let text = feed_text(
        words::feed(around.speech),
        ledger::shown(&stored.ledger).into_iter(),
    );
    if file::write_if_other(&around.dir, &stored.file_name, &text).map_err(disk_failure)? {
        stored.written_at_ms = Some(now_ms);
        store(&session.notes, &stored)?;
    }
    Ok(())
}

/// All meetings that lie here, whether wanted or not.
fn found(councils: &[Council], only_mine: bool, speech: Speech) -> Result<Vec<Found>, StoreError> {
    let mut all = Vec::new();
    for council in councils {
        for held in council.store.meetings()? {
            if let Some(event) = event(council, &held, speech)? {
                all.push(Found {
                    council: council.record.council,
                    audience: held.audience,
                    object: held.object.id,
                    is_wanted: !only_mine || council.facts.is_my_meeting(&held.object),
                    event,
                });
            }
        }
    }
    Ok(all)
}

fn disk_failure(error: io::Error) -> Failure {
    let code = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ErrorCode::DiskFull,
        _ => ErrorCode::CalendarFolder,
    };
    Failure::caused(code, error)
}
