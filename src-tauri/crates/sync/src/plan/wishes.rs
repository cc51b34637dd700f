//! Which files are wanted on this device, and which blobs nobody wants any more. Pure: a wish is a plain value here,
//! whoever made it.

use std::collections::{HashMap, HashSet};

use sync_protocol::ids::{BlobId, ObjectId};

use super::blobs::{BlobNeeds, STILL_NEXT_MS};
use crate::store::FileRole;

/// What is wished of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileWish {
    /// Stays here; the rule does not apply to it.
    Keep,
    /// Not wanted here: this version, and later ones too once all of its meetings are over.
    Free { blob_id: BlobId },
    /// Wanted again; for the rule it is as old as this, ms UTC.
    Load { at_ms: i64 },
}

/// What is wished of a council's files. The default wants everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    pub files: HashMap<ObjectId, FileWish>,
    /// The rule: files are not wanted whose meetings have all begun before this, ms UTC. `None`: no rule.
    pub free_before_ms: Option<i64>,
    /// Files that the rule leaves alone.
    pub spared: HashSet<ObjectId>,
}

impl Wishes {
    /// Whether everything is wanted.
    #[must_use]
    pub fn want_all(&self) -> bool {
        self.free_before_ms.is_none()
            && !self
                .files
                .values()
                .any(|wish| matches!(wish, FileWish::Free { .. }))
    }
}

/// A file as one database lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListedFile {
    pub(crate) file: ObjectId,
    pub(crate) blob_id: BlobId,
    /// Of the entry; where databases list different ones, the highest counts.
    pub(crate) revision: u32,
    /// The row says that the blob is here.
    pub(crate) present: bool,
}

/// The files that are not wanted.
///
/// * `places` – who carries which file, and when meetings begin; what is missing in it does not matter here.
/// * `now_ms` – decides which meetings are over, ms UTC.
pub(crate) fn unwanted(
    listed: &[ListedFile],
    places: &BlobNeeds,
    wishes: &Wishes,
    now_ms: i64,
) -> HashSet<ObjectId> {
    if wishes.want_all() {
        return HashSet::new();
    }
    let starts = last_starts(places);
    let mut newest: HashMap<ObjectId, &ListedFile> = HashMap::new();
    for row in listed {
        let known = newest.entry(row.file).or_insert(row);
        if row.revision > known.revision {
            *known = row;
        }
    }
    let is_unwanted = |row: &&ListedFile| {
        let last = starts.get(&row.file).copied();
        let wish = wishes.files.get(&row.file);
        let since_ms = match wish {
            Some(FileWish::Keep) => return false,
            Some(FileWish::Free { blob_id }) => {
                let is_over = last.is_some_and(|last| last.saturating_add(STILL_NEXT_MS) < now_ms);
                return *blob_id == row.blob_id || is_over;
            }
            Some(FileWish::Load { at_ms }) => last.map(|last| last.max(*at_ms)),
            None => last,
        };
        let (Some(since_ms), Some(before_ms)) = (since_ms, wishes.free_before_ms) else {
            return false;
        };
        // A rule that reached into the future would free what is still to come.
        let is_over = since_ms.saturating_add(STILL_NEXT_MS) < now_ms;
        since_ms < before_ms && is_over && !wishes.spared.contains(&row.file)
    };
    newest
        .into_values()
        .filter(is_unwanted)
        .map(|row| row.file)
        .collect()
}

/// When the last meeting that deals with a file begins; none for a file of no meeting. A meeting whose time is not known
/// counts as still to come.
fn last_starts(places: &BlobNeeds) -> HashMap<ObjectId, i64> {
    let mut meetings: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
    for item in &places.items {
        for owner in std::iter::once(item.item).chain(item.paper) {
            meetings.entry(owner).or_default().push(item.meeting);
        }
    }
    let mut starts: HashMap<ObjectId, i64> = HashMap::new();
    for used in &places.uses {
        let of_meeting = matches!(used.role, FileRole::Invitation | FileRole::Minutes);
        let own = of_meeting.then_some(&used.owner);
        let named = meetings.get(&used.owner).into_iter().flatten();
        for meeting in named.chain(own) {
            let start = places.starts.get(meeting).copied().unwrap_or(i64::MAX);
            let last = starts.entry(used.file).or_insert(start);
            *last = (*last).max(start);
        }
    }
    starts
}

/// The blobs that no wanted file needs: every row that names one is of an unwanted file.
pub(crate) fn needless(listed: &[ListedFile], unwanted: &HashSet<ObjectId>) -> HashSet<BlobId> {
    let needed: HashSet<BlobId> = listed
        .iter()
        .filter(|row| !unwanted.contains(&row.file))
        .map(|row| row.blob_id)
        .collect();
    listed
        .iter()
        .map(|row| row.blob_id)
        .filter(|blob| !needed.contains(blob))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::blobs::ItemPlace;
    use crate::store::FileUse;

    const DAY_MS: i64 = 86_400_000;
    const NOW_MS: i64 = 1_000 * DAY_MS;

    fn id(n: u8) -> ObjectId {
        ObjectId::from_bytes([n; 16])
    }

    fn blob(n: u8) -> BlobId {
        BlobId::from_bytes([n; 32])
    }

    fn listed(file: u8, blob_of: u8) -> ListedFile {
        ListedFile {
            file: id(file),
            blob_id: blob(blob_of),
            revision: u32::from(blob_of),
            present: true,
        }
    }

    fn used(owner: u8, role: FileRole, file: u8) -> FileUse {
        FileUse {
            owner: id(owner),
            role,
            position: 0,
            file: id(file),
        }
    }

    /// File 1 of an old meeting, 2 of an old and a coming one (by its paper), 3 of a coming one, 4 of none.
    fn places() -> BlobNeeds {
        let item = |item: u8, meeting: u8| ItemPlace {
            item: id(item),
            meeting: id(meeting),
            paper: Some(id(30)),
            order: 1,
        };
        BlobNeeds {
            missing: vec![],
            uses: vec![
                used(20, FileRole::Invitation, 1),
                used(30, FileRole::Main, 2),
                used(21, FileRole::Minutes, 3),
                used(31, FileRole::Main, 4),
            ],
            items: vec![item(40, 20), item(41, 21)],
            starts: HashMap::from([(id(20), NOW_MS - 400 * DAY_MS), (id(21), NOW_MS + DAY_MS)]),
        }
    }

    fn all() -> Vec<ListedFile> {
        (1..=4).map(|n| listed(n, n)).collect()
    }

    fn not_wanted(wishes: &Wishes) -> Vec<ObjectId> {
        let mut found: Vec<ObjectId> = unwanted(&all(), &places(), wishes, NOW_MS)
            .into_iter()
            .collect();
        found.sort();
        found
    }

    fn ruled(files: &[(u8, FileWish)]) -> Wishes {
        Wishes {
            files: files.iter().map(|(n, wish)| (id(*n), *wish)).collect(),
            free_before_ms: Some(NOW_MS - 180 * DAY_MS),
            spared: HashSet::new(),
        }
    }

    #[test]
    fn without_wishes_everything_is_wanted() {
        assert!(not_wanted(&Wishes::default()).is_empty());
    }

    #[test]
    fn the_rule_frees_what_only_old_meetings_deal_with() {
        assert_eq!(
            not_wanted(&ruled(&[])),
            [id(1)],
            "not what a coming meeting needs too, and not what stands on no agenda"
        );
    }

    #[test]
    fn the_rule_leaves_alone_what_is_kept_marked_or_was_asked_for_lately() {
        assert!(not_wanted(&ruled(&[(1, FileWish::Keep)])).is_empty());
        let mut marked = ruled(&[]);
        marked.spared.insert(id(1));
        assert!(not_wanted(&marked).is_empty());
        let load = |at_ms| not_wanted(&ruled(&[(1, FileWish::Load { at_ms })]));
        assert!(load(NOW_MS - DAY_MS).is_empty());
        assert_eq!(load(NOW_MS - 300 * DAY_MS), [id(1)], "long ago");
    }

    #[test]
    fn no_rule_reaches_a_coming_meeting() {
        let far = Wishes {
            free_before_ms: Some(i64::MAX),
            ..Wishes::default()
        };
        assert_eq!(not_wanted(&far), [id(1)]);
        let mut timeless = places();
        timeless.starts.clear();
        assert!(
            unwanted(&all(), &timeless, &far, NOW_MS).is_empty(),
            "a meeting whose time is not known may be a coming one"
        );
    }

    #[test]
    fn a_freed_version_stays_away_and_a_new_one_comes_for_a_coming_meeting() {
        let freed = |file: u8, was: u8| Wishes {
            files: HashMap::from([(id(file), FileWish::Free { blob_id: blob(was) })]),
            ..Wishes::default()
        };
        assert_eq!(not_wanted(&freed(3, 3)), [id(3)], "as the member said");
        assert!(not_wanted(&freed(3, 9)).is_empty(), "a new version");
        assert!(not_wanted(&freed(4, 9)).is_empty(), "of no meeting");
        assert_eq!(
            not_wanted(&freed(1, 9)),
            [id(1)],
            "a correction of what is over does not come back unasked"
        );
    }

    #[test]
    fn the_newest_version_that_any_audience_lists_decides() {
        let rows = [listed(3, 4), listed(3, 5)];
        let freed = |was: u8| Wishes {
            files: HashMap::from([(id(3), FileWish::Free { blob_id: blob(was) })]),
            ..Wishes::default()
        };
        let decided = |was| unwanted(&rows, &places(), &freed(was), NOW_MS).len();
        assert_eq!((decided(4), decided(5)), (0, 1));
    }

    #[test]
    fn a_blob_goes_only_when_no_wanted_file_needs_it() {
        let rows = [listed(1, 8), listed(2, 8), listed(3, 9), listed(3, 7)];
        let blobs = |files: &[u8]| {
            let mut found: Vec<BlobId> = needless(&rows, &files.iter().map(|n| id(*n)).collect())
                .into_iter()
                .collect();
            found.sort();
            found
        };
        assert!(blobs(&[1]).is_empty(), "its twin needs it");
        assert_eq!(blobs(&[1, 2]), [blob(8)]);
        assert_eq!(
            blobs(&[3]),
            [blob(7), blob(9)],
            "two audiences list two versions of one file"
        );
    }
}
