//! Locations: OParl makes an object of what the model keeps as text of a meeting or paper. Equal places are one.

use sync_protocol::ids::ObjectId;
use sync_protocol::model::Meeting;

use crate::keys::Digester;

/// What a place is called.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Location {
    pub description: Option<String>,
    pub room: Option<String>,
    pub sub_locality: Option<String>,
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Location(…)")
    }
}

impl Location {
    /// Where a meeting takes place, if that is known.
    pub(crate) fn of_meeting(meeting: &Meeting) -> Option<Self> {
        let place = Self {
            description: said(meeting.location.as_deref()),
            room: said(meeting.room.as_deref()),
            sub_locality: None,
        };
        (place.description.is_some() || place.room.is_some()).then_some(place)
    }

    /// A village.
    pub(crate) fn of_village(name: &str) -> Option<Self> {
        said(Some(name)).map(|name| Self {
            description: None,
            room: None,
            sub_locality: Some(name),
        })
    }
}

fn said(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Gives locations their ids: a keyed digest, so that nobody can test from outside which places there once were.
pub(crate) struct LocationIds {
    digester: Digester,
}

impl LocationIds {
    pub(crate) fn new(digester: Digester) -> Self {
        Self { digester }
    }

    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        Self::new(Digester::for_tests())
    }

    pub(crate) fn id_of(&self, location: &Location) -> ObjectId {
        let mut text = Vec::new();
        for part in [
            &location.description,
            &location.room,
            &location.sub_locality,
        ] {
            let part = part.as_deref().unwrap_or_default().as_bytes();
            text.extend_from_slice(&(part.len() as u64).to_be_bytes());
            text.extend_from_slice(part);
        }
        let digest = self.digester.of("oparl-out/location", &text);
        let mut id = [0u8; 16];
        for (to, from) in id.iter_mut().zip(digest.as_bytes()) {
            *to = *from;
        }
        ObjectId::from_bytes(id)
    }
}
