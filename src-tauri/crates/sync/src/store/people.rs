//! Who is who: the body, its organizations, persons, memberships and terms.

use sync_protocol::ids::ObjectId;
use sync_protocol::model::{Body, LegislativeTerm, Membership, Organization, Person};

use super::{CouncilStore, Held, StoreError};

impl CouncilStore {
    /// The body (Körperschaft) itself.
    pub fn body(&self) -> Result<Option<Held<Body>>, StoreError> {
        Ok(self.all_objects()?.into_iter().next())
    }

    /// All organizations, by name.
    pub fn organizations(&self) -> Result<Vec<Held<Organization>>, StoreError> {
        let mut found: Vec<Held<Organization>> = self.all_objects()?;
        found.sort_by(|a, b| {
            a.object
                .name
                .cmp(&b.object.name)
                .then(a.object.id.cmp(&b.object.id))
        });
        Ok(found)
    }

    /// One organization.
    pub fn organization(&self, id: ObjectId) -> Result<Option<Held<Organization>>, StoreError> {
        self.object(id)
    }

    /// All persons, by name.
    pub fn persons(&self) -> Result<Vec<Held<Person>>, StoreError> {
        let mut found: Vec<Held<Person>> = self.all_objects()?;
        found.sort_by(|a, b| {
            a.object
                .name
                .cmp(&b.object.name)
                .then(a.object.id.cmp(&b.object.id))
        });
        Ok(found)
    }

    /// One person.
    pub fn person(&self, id: ObjectId) -> Result<Option<Held<Person>>, StoreError> {
        self.object(id)
    }

    /// All memberships, in no order.
    pub fn memberships(&self) -> Result<Vec<Held<Membership>>, StoreError> {
        self.all_objects()
    }

    /// The memberships of one person.
    pub fn memberships_of(&self, person: ObjectId) -> Result<Vec<Held<Membership>>, StoreError> {
        self.objects(
            "person = :person",
            &[(":person", &person.as_bytes().as_slice())],
        )
    }

    /// All legislative terms, by start.
    pub fn terms(&self) -> Result<Vec<Held<LegislativeTerm>>, StoreError> {
        let mut found: Vec<Held<LegislativeTerm>> = self.all_objects()?;
        found.sort_by(|a, b| {
            a.object
                .start_date
                .cmp(&b.object.start_date)
                .then(a.object.id.cmp(&b.object.id))
        });
        Ok(found)
    }
}
