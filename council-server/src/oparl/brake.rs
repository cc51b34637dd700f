//! The brake on deletions: a portal that suddenly says that much is deleted is more likely to be broken.

use super::OparlRequest;
use super::report::OparlReport;
use crate::error::ServerError;
use crate::store::mirror::{objects, sources};
use crate::store::{Store, StoreError};

/// So many deletions at once are always carried out: a portal that tidies up a meeting with its agenda.
const ALWAYS_ALLOWED: usize = 20;
/// Beyond that, one object in so many.
const ONE_IN: usize = 20;

/// Whether `going` of `present` objects are too many to be deleted at once.
fn is_mass_deletion(present: usize, going: usize) -> bool {
    going > ALWAYS_ALLOWED && going.saturating_mul(ONE_IN) > present
}

/// Carries out the deletions that are noted, or holds them back and says so.
pub(crate) fn carry_out(
    store: &Store,
    source: i64,
    request: &OparlRequest,
    report: &mut OparlReport,
) -> Result<(), ServerError> {
    let (present, going) = store.read(|c| objects::count(c, source))?;
    if going == 0 {
        return Ok(());
    }
    if is_mass_deletion(present, going) && !request.allow_mass_delete {
        report.deletions_held = going;
        report.problem(
            request.url.clone(),
            format!(
                "{going} von {present} Objekten sollen gelöscht werden; das wird erst mit --allow-mass-delete ausgeführt"
            ),
        );
        return Ok(());
    }
    report.deleted = store.write(|tx| {
        let count = objects::delete_going(tx, source)?;
        sources::count_changes(tx, source, count)?;
        Ok::<_, StoreError>(count)
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brake_takes_hold_of_many_only() {
        assert!(!is_mass_deletion(20, 20), "a few are always allowed");
        assert!(is_mass_deletion(21, 21), "everything at once is not");
        assert!(is_mass_deletion(1000, 51));
        assert!(!is_mass_deletion(1000, 50), "one in twenty");
    }
}
