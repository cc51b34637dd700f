//! What a tablet has read, to be asked in tests.

use std::collections::BTreeMap;

use sync_protocol::ids::{AudienceId, ObjectId};
use sync_protocol::model::{CouncilObject, File};

/// Everything a tablet has read.
#[derive(Debug, Default)]
pub struct Library {
    pub objects: BTreeMap<ObjectId, CouncilObject>,
    /// Each object's audiences.
    pub seen_in: BTreeMap<ObjectId, Vec<AudienceId>>,
    pub files: BTreeMap<ObjectId, Vec<u8>>,
}

impl Library {
    /// Titles of all objects, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.objects.values().filter_map(name_of).collect();
        names.sort();
        names
    }

    pub fn file(&self, name: &str) -> &File {
        let found = self.objects.values().find_map(|object| match object {
            CouncilObject::File(file) if file.name == name => Some(file),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("no file {name:?} among {:?}", self.names()))
    }

    pub fn has(&self, name: &str) -> bool {
        self.names().iter().any(|n| n == name)
    }
}

fn name_of(object: &CouncilObject) -> Option<String> {
    match object {
        CouncilObject::Body(o) => Some(o.name.clone()),
        CouncilObject::Organization(o) => Some(o.name.clone()),
        CouncilObject::Person(o) => Some(o.name.clone()),
        CouncilObject::LegislativeTerm(o) => Some(o.name.clone()),
        CouncilObject::Meeting(o) => Some(o.name.clone()),
        CouncilObject::AgendaItem(o) => Some(o.name.clone()),
        CouncilObject::Paper(o) => Some(o.name.clone()),
        CouncilObject::File(o) => Some(o.name.clone()),
        CouncilObject::Membership(_) | CouncilObject::Consultation(_) => None,
    }
}
