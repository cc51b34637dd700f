//! Who of the council the member is, and where that person sits.

use std::collections::HashSet;

use sync::store::StoreError;
use sync_protocol::ids::ObjectId;

use crate::session::Council;

/// Where the member sits, by the name that the council gave at pairing.
pub(super) fn own_organizations(council: &Council) -> Result<HashSet<ObjectId>, StoreError> {
    let mut found = HashSet::new();
    for person in council.store.persons()? {
        let person = person.object;
        if names_person(
            &council.record.person_name,
            &person.name,
            person.title.as_deref(),
        ) {
            found.extend(
                council
                    .store
                    .memberships_of(person.id)?
                    .into_iter()
                    .map(|held| held.object.organization),
            );
        }
    }
    Ok(found)
}

/// Whether the name at pairing is this person's, with or without form of address and title.
fn names_person(paired: &str, name: &str, title: Option<&str>) -> bool {
    let titled = title.map(|title| format!("{title} {name}"));
    paired == name
        || titled
            .as_deref()
            .is_some_and(|titled| paired == titled || paired.ends_with(&format!(" {titled}")))
        || paired.ends_with(&format!(" {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_member_is_found_by_the_name_of_the_pairing() {
        assert!(names_person("Anna Adler", "Anna Adler", None));
        assert!(names_person(
            "Frau Dr. Anna Adler",
            "Anna Adler",
            Some("Dr.")
        ));
        assert!(
            !names_person("Hanna Adler", "Anna Adler", None),
            "only whole words count"
        );
    }
}
