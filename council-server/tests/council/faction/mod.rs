//! Faction spaces over the wire: what members do in a day, what gets lost on the way, and whom the server gives nothing.

pub(crate) mod canaries;
mod day;
pub(crate) mod denied;
mod ended;
mod hostile;
mod joining;
mod limits;
mod repeats;
mod snapshots;

use council_server::ServerHandle;
use reqwest::StatusCode;

use crate::support::TestCouncil;
use crate::support::tablet::{Answer, Tablet};

/// A paired tablet of somebody of the council.
fn tablet(council: &TestCouncil, handle: &ServerHandle, person: &str) -> Tablet {
    let invitation = council.server.invite(person, true).unwrap();
    Tablet::pair(handle, &invitation, council.clock.now_at_ms())
}

/// Asserts status and code of a refusal.
#[track_caller]
fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(
        (answer.status, answer.error_code().as_deref()),
        (status, Some(code))
    );
}

#[track_caller]
fn assert_ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.error_code());
}
