//! What was deleted on this device because access was over, and whether the member has been told. Deleting itself is `sync`'s.

use std::collections::HashSet;

use sync_protocol::ids::{CouncilId, ObjectId};
use vault::{Deletion, DeletionCause};

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::session::{Council, Session};

/// Under this name the private database keeps what the member was told of: one line each, as [`mark_of`] writes it.
const SEEN: &str = "deletions_seen";

impl Desk {
    pub(crate) fn deletions(&self, _: Empty) -> Result<DeletionsList, Failure> {
        let session = self.session()?;
        let told = session.notes.setting(SEEN)?.unwrap_or_default();
        let told: HashSet<&str> = told.lines().collect();
        let councils = session.councils(self.now_ms())?;
        let mut deletions = Vec::new();
        for record in session.vault.keyring().councils() {
            let open = councils
                .iter()
                .find(|one| one.record.council == record.council);
            for deletion in &record.forgetting.deletions {
                deletions.push(DeletionRow {
                    council_id: record.council.to_string(),
                    council_name: record.name.clone(),
                    organization: name_of(open, deletion.organization)?,
                    at_ms: deletion.at_ms,
                    reason: reason(deletion.cause),
                    unseen: !told.contains(mark_of(record.council, deletion).as_str()),
                });
            }
        }
        deletions.sort_by_key(|row| std::cmp::Reverse(row.at_ms));
        let unseen = deletions.iter().filter(|row| row.unseen).count();
        Ok(DeletionsList {
            unseen: u32::try_from(unseen).unwrap_or(u32::MAX),
            deletions,
        })
    }

    /// The member was told of everything that was deleted until now.
    pub(crate) fn deletions_seen(&self, _: Empty) -> Result<Empty, Failure> {
        let session = self.session()?;
        let marks = marks(&session).join("\n");
        session.notes.setting_set(SEEN, Some(&marks))?;
        Ok(Empty {})
    }
}

/// Of all deletions that are noted.
fn marks(session: &Session) -> Vec<String> {
    let councils = session.vault.keyring().councils();
    let of_one = |record: &vault::CouncilRecord| -> Vec<String> {
        let noted = record.forgetting.deletions.iter();
        noted.map(|one| mark_of(record.council, one)).collect()
    };
    councils.iter().flat_map(of_one).collect()
}

/// What tells a deletion from all others: a time alone does not, for clocks are set back.
fn mark_of(council: CouncilId, deletion: &Deletion) -> String {
    format!("{council} {} {}", deletion.audience, deletion.at_ms)
}

fn name_of(
    council: Option<&Council>,
    organization: Option<ObjectId>,
) -> Result<Option<String>, Failure> {
    let (Some(council), Some(id)) = (council, organization) else {
        return Ok(None);
    };
    let held = council.store.organization(id)?;
    Ok(held.map(|held| held.object.name))
}

fn reason(cause: DeletionCause) -> DeletionReason {
    match cause {
        DeletionCause::Ended => DeletionReason::Ended,
        DeletionCause::Lapsed => DeletionReason::Lapsed,
        DeletionCause::Revoked => DeletionReason::Revoked,
    }
}
