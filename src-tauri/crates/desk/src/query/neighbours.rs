//! What is read before and after a file: the meeting's own files, then the files of its agenda in the order that the agenda shows.

use sync::store::{CouncilStore, FileRole, FileRow, StoreError};
use sync_protocol::ids::ObjectId;
use sync_protocol::model::AgendaItem;

use super::agenda::files_of_item;
use super::cards::{file_kind, placed_file};
use crate::dto::{DocumentNeighbours, FileKind, Neighbour, NeighbourItem};
use crate::session::Council;

/// Files that stand together: those of an agenda item, or the meeting's own.
struct Group {
    item: Option<AgendaItem>,
    files: Vec<(FileRole, FileRow)>,
}

/// The files before and after one.
///
/// * `read_under` – the agenda item that it is read under, if the file stands there; else the one that it belongs to.
pub(crate) fn document_neighbours(
    council: &Council,
    row: &FileRow,
    read_under: Option<ObjectId>,
    now_ms: i64,
) -> Result<DocumentNeighbours, StoreError> {
    let store = &council.store;
    let placed = placed_file(store, row, now_ms)?;
    let mut item = placed.agenda_item;
    let mut meeting = placed.meeting;
    if let Some(held) = read_under.map_or(Ok(None), |id| store.agenda_item(id))?
        && (files_of_item(council, &held.object)?.iter()).any(|(_, other)| other.id() == row.id())
    {
        item = Some(held.object.id);
        meeting = Some(held.object.meeting);
    }
    let Some(meeting) = meeting else {
        return Ok(DocumentNeighbours {
            previous: None,
            next: None,
        });
    };
    let groups = groups(council, store, meeting)?;
    let sequence: Vec<(usize, usize)> = groups
        .iter()
        .enumerate()
        .flat_map(|(group, Group { files, .. })| (0..files.len()).map(move |file| (group, file)))
        .collect();
    let here = sequence.iter().position(|&(group, file)| {
        groups.get(group).is_some_and(|group| {
            group.item.as_ref().map(|item| item.id) == item
                && (group.files.get(file)).is_some_and(|(_, other)| other.id() == row.id())
        })
    });
    let at = |place: Option<usize>| {
        let (group, file) = *sequence.get(place?)?;
        neighbour(groups.get(group)?, file, item)
    };
    Ok(DocumentNeighbours {
        previous: at(here.and_then(|here| here.checked_sub(1))),
        next: at(here.map(|here| here + 1)),
    })
}

/// All files of a meeting in the order in which its view shows them: public items before nonpublic ones.
fn groups(
    council: &Council,
    store: &CouncilStore,
    meeting: ObjectId,
) -> Result<Vec<Group>, StoreError> {
    let mut own = store.files_of(meeting)?;
    own.sort_by_key(|(role, _)| *role == FileRole::Auxiliary);
    let mut groups = vec![Group {
        item: None,
        files: own,
    }];
    let mut agenda = store.agenda(meeting)?;
    agenda.sort_by_key(|held| !held.object.public);
    for held in agenda {
        let mut files = files_of_item(council, &held.object)?;
        files.sort_by_key(|(role, _)| *role != FileRole::Main);
        groups.push(Group {
            item: Some(held.object),
            files,
        });
    }
    Ok(groups)
}

fn neighbour(group: &Group, place: usize, here: Option<ObjectId>) -> Option<Neighbour> {
    let (role, row) = group.files.get(place)?;
    let kind = file_kind(*role);
    // Counted as the agenda item counts them: all that is no main file.
    let main = (group.files.iter())
        .filter(|(role, _)| *role == FileRole::Main)
        .count();
    let attachment = (kind == FileKind::Auxiliary && group.item.is_some())
        .then(|| u32::try_from(place + 1 - main.min(place)).ok())
        .flatten();
    Some(Neighbour {
        file_id: row.id().to_string(),
        name: row.file.name.clone(),
        kind,
        attachment,
        public: row.public,
        present: row.present,
        agenda_item_id: group.item.as_ref().map(|item| item.id.to_string()),
        item: (group.item.as_ref())
            .filter(|item| Some(item.id) != here)
            .map(|item| NeighbourItem {
                number: item.number.clone().unwrap_or_default(),
                name: item.name.clone(),
            }),
    })
}
