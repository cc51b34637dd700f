//! What has to be appended so that the chains amount to what is wanted: a pure comparison.
//! It knows no keys and no tables.

use std::collections::{BTreeMap, BTreeSet};

use sync_protocol::ids::{AudienceId, BlobId, ObjectId};
use sync_protocol::model::ObjectKind;

/// A place: an object in an audience's chain.
pub(crate) type Place = (AudienceId, ObjectId);

/// What a chain says about an object now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub kind: ObjectKind,
    pub payload: Vec<u8>,
    pub revision: u32,
    pub blob_id: Option<BlobId>,
    /// Whether this publishing may remove it.
    pub is_removable: bool,
}

/// What an audience's chain shall say about an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub kind: ObjectKind,
    pub payload: Vec<u8>,
    /// `None`: the plan counts; a file counts its own.
    pub revision: Option<u32>,
    pub blob_id: Option<BlobId>,
}

/// One entry to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Upsert {
        place: Place,
        kind: ObjectKind,
        payload: Vec<u8>,
        revision: Revision,
        blob_id: Option<BlobId>,
        /// A ciphertext of the same revision that must not be readable any more.
        erased_blob: Option<BlobId>,
    },
    Tombstone {
        place: Place,
        kind: ObjectKind,
        revision: u32,
    },
}

/// Which revision an upsert gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revision {
    Is(u32),
    /// One more than any that the object ever had.
    Next,
}

/// Compares. Result: upserts by kind, so that what is pointed at comes before what points; then tombstones.
pub(crate) fn plan(
    listed: &BTreeMap<Place, Listed>,
    wanted: &BTreeMap<Place, Wanted>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut by_object: BTreeMap<&ObjectId, Vec<&Listed>> = BTreeMap::new();
    for ((_, object), there) in listed {
        by_object.entry(object).or_default().push(there);
    }
    for (place, want) in wanted {
        let here = listed.get(place);
        if here.is_some_and(|here| here.payload == want.payload) {
            continue;
        }
        let everywhere = by_object.get(&place.1).into_iter().flatten();
        let same_elsewhere = everywhere
            .into_iter()
            .find(|there| there.payload == want.payload);
        let revision = match (want.revision, same_elsewhere) {
            (Some(own), _) => Revision::Is(own),
            (None, Some(there)) => Revision::Is(there.revision),
            (None, None) => Revision::Next,
        };
        let replaced = here
            .filter(|here| Some(here.revision) == want.revision && here.blob_id != want.blob_id);
        changes.push(Change::Upsert {
            place: *place,
            kind: want.kind,
            payload: want.payload.clone(),
            revision,
            blob_id: want.blob_id,
            erased_blob: replaced.and_then(|here| here.blob_id),
        });
    }
    changes.sort_by_key(|change| match change {
        Change::Upsert { kind, .. } | Change::Tombstone { kind, .. } => order_of(*kind),
    });
    let objects: BTreeSet<&ObjectId> = wanted.keys().map(|(_, object)| object).collect();
    for (place, here) in listed {
        let moved_away = objects.contains(&place.1);
        if !wanted.contains_key(place) && (here.is_removable || moved_away) {
            changes.push(Change::Tombstone {
                place: *place,
                kind: here.kind,
                revision: here.revision,
            });
        }
    }
    changes
}

fn order_of(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::Body | ObjectKind::LegislativeTerm => 0,
        ObjectKind::Organization | ObjectKind::Person => 1,
        ObjectKind::Membership => 2,
        ObjectKind::File => 3,
        ObjectKind::Paper => 4,
        ObjectKind::Meeting => 5,
        ObjectKind::AgendaItem => 6,
        ObjectKind::Consultation | ObjectKind::Unknown(_) => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(audience: u8, object: u8) -> Place {
        (
            AudienceId::from_bytes([audience; 16]),
            ObjectId::from_bytes([object; 16]),
        )
    }

    fn listed(payload: &[u8], revision: u32, is_removable: bool) -> Listed {
        Listed {
            kind: ObjectKind::Paper,
            payload: payload.to_vec(),
            revision,
            blob_id: None,
            is_removable,
        }
    }

    fn want(payload: &[u8]) -> Wanted {
        Wanted {
            kind: ObjectKind::Paper,
            payload: payload.to_vec(),
            revision: None,
            blob_id: None,
        }
    }

    #[test]
    fn the_same_again_changes_nothing() {
        let now = BTreeMap::from([(place(1, 7), listed(b"a", 1, true))]);
        assert_eq!(
            plan(&now, &BTreeMap::from([(place(1, 7), want(b"a"))])),
            vec![]
        );
    }

    #[test]
    fn what_moves_to_another_audience_is_listed_there_and_removed_here() {
        let now = BTreeMap::from([(place(1, 7), listed(b"a", 3, false))]);
        let changes = plan(&now, &BTreeMap::from([(place(2, 7), want(b"a"))]));
        assert!(
            matches!(changes.as_slice(), [
                Change::Upsert { place: there, revision: Revision::Is(3), .. },
                Change::Tombstone { place: here, .. },
            ] if *there == place(2, 7) && *here == place(1, 7)),
            "unchanged content keeps its revision: {changes:?}"
        );
    }

    #[test]
    fn what_another_source_brought_stays() {
        let now = BTreeMap::from([
            (place(1, 7), listed(b"a", 1, false)),
            (place(1, 8), listed(b"b", 1, true)),
        ]);
        let changes = plan(&now, &BTreeMap::new());
        assert_eq!(
            changes,
            vec![Change::Tombstone {
                place: place(1, 8),
                kind: ObjectKind::Paper,
                revision: 1
            }],
            "only what may be removed is removed"
        );
    }

    #[test]
    fn a_new_ciphertext_of_the_same_revision_erases_the_old_one() {
        let old = BlobId::from_bytes([1; 32]);
        let new = BlobId::from_bytes([2; 32]);
        let now = BTreeMap::from([(
            place(1, 7),
            Listed {
                kind: ObjectKind::File,
                blob_id: Some(old),
                ..listed(b"a", 2, true)
            },
        )]);
        let file = |revision| Wanted {
            kind: ObjectKind::File,
            revision: Some(revision),
            blob_id: Some(new),
            ..want(b"b")
        };
        let erased = |wanted| match plan(&now, &BTreeMap::from([(place(1, 7), wanted)])).as_slice()
        {
            [Change::Upsert { erased_blob, .. }] => *erased_blob,
            _ => None,
        };
        assert_eq!(erased(file(2)), Some(old));
        assert_eq!(
            erased(file(3)),
            None,
            "an earlier revision stays readable for comparison"
        );
    }
}
