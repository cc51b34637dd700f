//! In which order missing files are fetched: those of the next meeting first, then by date. Pure.

use std::collections::HashMap;

use sync_protocol::ids::{BlobId, ObjectId};

use crate::store::{FileRole, FileUse};

/// How long after its start a meeting still counts as the next one, ms: people arrive late and want the papers then.
pub(crate) const STILL_NEXT_MS: i64 = 12 * 60 * 60 * 1000;

/// A file that is not whole on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingFile {
    pub file: ObjectId,
    pub blob_id: BlobId,
    /// Plain length.
    pub byte_len: u64,
}

/// An agenda item as far as the order needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemPlace {
    pub item: ObjectId,
    pub meeting: ObjectId,
    pub paper: Option<ObjectId>,
    /// Place on the agenda.
    pub order: i64,
}

/// What lies here and decides the order.
#[derive(Clone, Debug, Default)]
pub struct BlobNeeds {
    pub missing: Vec<MissingFile>,
    pub uses: Vec<FileUse>,
    pub items: Vec<ItemPlace>,
    /// Start of each meeting, ms UTC.
    pub starts: HashMap<ObjectId, i64>,
}

/// One blob to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobFetch {
    pub blob_id: BlobId,
    /// Plain length.
    pub byte_len: u64,
    /// The meeting it is fetched for.
    pub meeting: Option<ObjectId>,
}

/// Where a use stands in the order; smaller comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Urgency {
    /// 0 upcoming, 1 past, 2 of no meeting.
    class: u8,
    /// Distance from now, ms.
    distance_ms: i64,
    meeting: Option<ObjectId>,
    /// 0 the invitation, 1 the rest.
    rest: u8,
    item_order: i64,
    role: FileRole,
    position: u32,
}

impl Urgency {
    fn of(
        used: &FileUse,
        place: Option<(ObjectId, i64)>,
        starts: &HashMap<ObjectId, i64>,
        now_ms: i64,
    ) -> Self {
        let start = place.and_then(|(meeting, _)| starts.get(&meeting).copied());
        let (class, distance_ms) = match start {
            Some(start) if start.saturating_add(STILL_NEXT_MS) >= now_ms => (0, start),
            Some(start) => (1, now_ms.saturating_sub(start)),
            None => (2, 0),
        };
        Self {
            class,
            distance_ms,
            meeting: place.map(|(meeting, _)| meeting),
            rest: u8::from(used.role != FileRole::Invitation),
            item_order: place.map_or(i64::MAX, |(_, order)| order),
            role: used.role,
            position: used.position,
        }
    }
}

/// Plans the order of fetching; each blob comes once, at its most urgent place.
#[must_use]
pub fn plan_blobs(needs: &BlobNeeds, now_ms: i64) -> Vec<BlobFetch> {
    let mut places: HashMap<ObjectId, Vec<(ObjectId, i64)>> = HashMap::new();
    for item in &needs.items {
        for owner in std::iter::once(item.item).chain(item.paper) {
            places
                .entry(owner)
                .or_default()
                .push((item.meeting, item.order));
        }
    }
    let mut urgency: HashMap<ObjectId, Urgency> = HashMap::new();
    let mut note = |file: ObjectId, candidate: Urgency| {
        urgency
            .entry(file)
            .and_modify(|known| *known = (*known).min(candidate))
            .or_insert(candidate);
    };
    for used in &needs.uses {
        let is_of_meeting = matches!(used.role, FileRole::Invitation | FileRole::Minutes)
            || needs.starts.contains_key(&used.owner);
        if is_of_meeting {
            note(
                used.file,
                Urgency::of(used, Some((used.owner, -1)), &needs.starts, now_ms),
            );
            continue;
        }
        match places.get(&used.owner) {
            Some(known) => {
                known.iter().for_each(|place| {
                    note(
                        used.file,
                        Urgency::of(used, Some(*place), &needs.starts, now_ms),
                    )
                });
            }
            None => note(used.file, Urgency::of(used, None, &needs.starts, now_ms)),
        }
    }
    let mut ordered: Vec<(Option<Urgency>, &MissingFile)> = needs
        .missing
        .iter()
        .map(|missing| (urgency.get(&missing.file).copied(), missing))
        .collect();
    // Files that nothing uses come last.
    ordered.sort_by_key(|(urgency, missing)| (urgency.is_none(), *urgency, missing.file));
    let mut seen = std::collections::HashSet::new();
    ordered
        .into_iter()
        .filter(|(_, missing)| seen.insert(missing.blob_id))
        .map(|(urgency, missing)| BlobFetch {
            blob_id: missing.blob_id,
            byte_len: missing.byte_len,
            meeting: urgency.and_then(|urgency| urgency.meeting),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> ObjectId {
        ObjectId::from_bytes([n; 16])
    }

    fn missing(n: u8) -> MissingFile {
        MissingFile {
            file: id(n),
            blob_id: BlobId::from_bytes([n; 32]),
            byte_len: 1,
        }
    }

    fn used(owner: u8, role: FileRole, position: u32, file: u8) -> FileUse {
        FileUse {
            owner: id(owner),
            role,
            position,
            file: id(file),
        }
    }

    const DAY_MS: i64 = 86_400_000;

    #[test]
    fn the_next_meeting_comes_first_then_the_later_then_the_past() {
        let now = 100 * DAY_MS;
        let needs = BlobNeeds {
            missing: (1..=7).map(missing).collect(),
            uses: vec![
                used(30, FileRole::Main, 0, 1),      // paper of the past meeting
                used(31, FileRole::Main, 0, 2),      // second item of the next meeting
                used(32, FileRole::Auxiliary, 0, 3), // first item of the next meeting
                used(32, FileRole::Main, 0, 4),
                used(20, FileRole::Invitation, 0, 5), // invitation of the next meeting
                used(21, FileRole::Invitation, 0, 6), // invitation of the meeting after it
            ],
            items: vec![
                ItemPlace {
                    item: id(40),
                    meeting: id(22),
                    paper: Some(id(30)),
                    order: 1,
                },
                ItemPlace {
                    item: id(41),
                    meeting: id(20),
                    paper: Some(id(31)),
                    order: 2,
                },
                ItemPlace {
                    item: id(42),
                    meeting: id(20),
                    paper: Some(id(32)),
                    order: 1,
                },
                ItemPlace {
                    item: id(43),
                    meeting: id(22),
                    paper: Some(id(32)),
                    order: 1,
                },
            ],
            starts: HashMap::from([
                (id(20), now + DAY_MS),
                (id(21), now + 9 * DAY_MS),
                (id(22), now - DAY_MS),
            ]),
        };
        let order: Vec<u8> = plan_blobs(&needs, now)
            .iter()
            .map(|fetch| fetch.blob_id.as_bytes()[0])
            .collect();
        assert_eq!(
            order,
            [5, 4, 3, 2, 6, 1, 7],
            "invitation, agenda in order, next but one, past, of no meeting"
        );
    }

    #[test]
    fn a_further_file_of_a_meeting_is_as_urgent_as_the_meeting() {
        let needs = BlobNeeds {
            missing: vec![missing(1), missing(2), missing(3)],
            uses: vec![
                used(22, FileRole::Invitation, 0, 1),
                used(20, FileRole::Auxiliary, 0, 2),
                used(20, FileRole::Invitation, 0, 3),
            ],
            items: vec![],
            starts: HashMap::from([(id(20), 9 * DAY_MS), (id(22), DAY_MS)]),
        };
        let order: Vec<u8> = plan_blobs(&needs, 5 * DAY_MS)
            .iter()
            .map(|fetch| fetch.blob_id.as_bytes()[0])
            .collect();
        assert_eq!(order, [3, 2, 1], "before those of a past one");
    }

    #[test]
    fn a_blob_of_two_files_is_fetched_once() {
        let twin = MissingFile {
            file: id(2),
            ..missing(1)
        };
        let needs = BlobNeeds {
            missing: vec![missing(1), twin],
            ..BlobNeeds::default()
        };
        assert_eq!(plan_blobs(&needs, 0).len(), 1);
    }

    #[test]
    fn a_meeting_that_has_just_begun_is_still_the_next() {
        let needs = BlobNeeds {
            missing: vec![missing(1), missing(2)],
            uses: vec![
                used(21, FileRole::Invitation, 0, 1),
                used(20, FileRole::Invitation, 0, 2),
            ],
            items: vec![],
            starts: HashMap::from([(id(20), DAY_MS - 3_600_000), (id(21), 2 * DAY_MS)]),
        };
        let order: Vec<u8> = plan_blobs(&needs, DAY_MS)
            .iter()
            .map(|fetch| fetch.blob_id.as_bytes()[0])
            .collect();
        assert_eq!(order, [2, 1]);
    }
}
