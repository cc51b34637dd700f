//! The log of synchronisations that the member may look at: written at the end of each run.

use notes::{FailureReason, FileFailure, NoteStore, NotesError, SyncRun};
use sync::SyncOutcome;
use sync_protocol::ids::CouncilId;

use crate::error::{ErrorCode, Failure};

// Meets: O.Ntwk_8, O.Plat_14
/// Notes how a run ended.
///
/// * `times_ms` – when it began and when it ended, ms UTC.
pub(crate) fn note(
    notes: &NoteStore,
    council: CouncilId,
    (began_at_ms, ended_at_ms): (i64, i64),
    result: Result<&SyncOutcome, ErrorCode>,
) -> Result<(), NotesError> {
    let run = SyncRun {
        began_at_ms,
        ended_at_ms,
        ..SyncRun::default()
    };
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(code) => {
            let run = SyncRun {
                error: Some(name(code)),
                ..run
            };
            return notes.sync_run_add(council, &run, None);
        }
    };
    let run = SyncRun {
        objects_changed: outcome.objects_changed,
        files_fetched: outcome.files_fetched,
        files_failed: outcome.files_failed,
        ..run
    };
    let failures: Vec<FileFailure> = outcome
        .failures
        .iter()
        .map(|failed| FileFailure {
            blob_id: failed.blob_id,
            reason: match failed.failure {
                sync::FileFailure::Gone => FailureReason::Gone,
                sync::FileFailure::Damaged => FailureReason::Damaged,
            },
        })
        .collect();
    notes.sync_run_add(council, &run, Some(&failures))
}

/// The code of a failure as it is stored.
fn name(code: ErrorCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        // A code without fields is written as its name.
        _ => String::new(),
    }
}

/// The failure that a stored code names; one of a later version is told as something unknown.
pub(crate) fn failure(name: &str) -> Failure {
    let value = serde_json::Value::String(name.to_owned());
    serde_json::from_value::<ErrorCode>(value)
        .unwrap_or(ErrorCode::Internal)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_as_itself() {
        for code in ErrorCode::ALL {
            assert_eq!(failure(&name(*code)).code, *code);
        }
        assert_eq!(failure("of_a_later_version").code, ErrorCode::Internal);
    }
}
