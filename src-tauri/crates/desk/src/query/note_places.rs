//! Where own notes, and what a faction says, stand in a council: looked up once for each object, and kept with the facts of the council until they are
//! forgotten. What a note says is not in here.

use std::collections::HashMap;
use std::sync::Arc;

use notes::TargetKey;
use sync::store::{CouncilStore, StoreError};
use sync_protocol::ids::ObjectId;

use super::cards::{Placed, placed_file, placed_target};
use crate::border_marks::target_kind;
use crate::dto::{NoteCommittee, NoteMeeting, NoteOrigin};
use crate::times;

/// Where a note stands, as far as it is still known here.
#[derive(Default)]
pub(crate) struct Stand {
    pub(crate) placed: Option<Placed>,
    /// Its file is known but has not arrived.
    pub(super) is_awaited: bool,
    pub(super) annex: Option<String>,
    /// Of a file: the revision that is here now.
    pub(super) revision: Option<u32>,
}

/// A meeting that notes stand in, and who meets.
pub(super) struct StandMeeting {
    /// `None`: it is not on this device.
    pub(super) meeting: Option<NoteMeeting>,
    pub(super) committees: Vec<NoteCommittee>,
}

/// What was looked up so far.
#[derive(Default)]
pub(crate) struct NotePlaces {
    /// A file of several meetings belongs to the next of them, which is another one the day after. Ms UTC.
    day_ms: i64,
    stands: HashMap<TargetKey, Arc<Stand>>,
    meetings: HashMap<ObjectId, Arc<StandMeeting>>,
    origins: HashMap<ObjectId, Option<Arc<NoteOrigin>>>,
}

impl NotePlaces {
    /// Forgets what another day has looked up.
    pub(super) fn on_day_of(&mut self, now_ms: i64) {
        let day_ms = times::day_start_ms(now_ms);
        if self.day_ms != day_ms {
            *self = Self {
                day_ms,
                ..Self::default()
            };
        }
    }

    pub(super) fn stand(
        &mut self,
        store: &CouncilStore,
        key: TargetKey,
        now_ms: i64,
    ) -> Result<Arc<Stand>, StoreError> {
        if let Some(known) = self.stands.get(&key) {
            return Ok(Arc::clone(known));
        }
        let stand = Arc::new(stand(store, key, now_ms)?);
        self.stands.insert(key, Arc::clone(&stand));
        Ok(stand)
    }

    pub(super) fn meeting(
        &mut self,
        store: &CouncilStore,
        id: ObjectId,
    ) -> Result<Arc<StandMeeting>, StoreError> {
        if let Some(known) = self.meetings.get(&id) {
            return Ok(Arc::clone(known));
        }
        let meeting = Arc::new(meeting(store, id)?);
        self.meetings.insert(id, Arc::clone(&meeting));
        Ok(meeting)
    }

    /// An agenda item as the place where notes were made; `None` when it is not on this device.
    pub(super) fn origin(
        &mut self,
        store: &CouncilStore,
        item: ObjectId,
    ) -> Result<Option<Arc<NoteOrigin>>, StoreError> {
        if let Some(known) = self.origins.get(&item) {
            return Ok(known.clone());
        }
        let origin = match store.agenda_item(item)? {
            Some(held) => {
                let met = self.meeting(store, held.object.meeting)?;
                let names: Vec<&str> = met.committees.iter().map(|one| one.name.as_str()).collect();
                Some(Arc::new(NoteOrigin {
                    meeting_id: held.object.meeting.to_string(),
                    agenda_item_id: item.to_string(),
                    committee: match (&met.meeting, names.as_slice()) {
                        (Some(meeting), []) => meeting.name.clone(),
                        _ => names.join(", "),
                    },
                    start_at_ms: met.meeting.as_ref().and_then(|met| met.start_at_ms),
                    number: held.object.number,
                    public: held.public && held.object.public,
                }))
            }
            None => None,
        };
        self.origins.insert(item, origin.clone());
        Ok(origin)
    }
}

fn stand(store: &CouncilStore, key: TargetKey, now_ms: i64) -> Result<Stand, StoreError> {
    if key.kind != notes::TargetKind::File {
        return Ok(Stand {
            placed: placed_target(store, target_kind(key.kind), key.object, now_ms)?,
            ..Stand::default()
        });
    }
    let Some(row) = store.file(key.object)? else {
        return Ok(Stand::default());
    };
    let placed = placed_file(store, &row, now_ms)?;
    let is_named = placed.is_main_file || placed.label.ends_with(&row.file.name);
    Ok(Stand {
        annex: (!is_named).then(|| row.file.name.clone()),
        revision: Some(row.file.revision),
        is_awaited: !row.present,
        placed: Some(placed),
    })
}

fn meeting(store: &CouncilStore, id: ObjectId) -> Result<StandMeeting, StoreError> {
    let Some(held) = store.meeting(id)? else {
        return Ok(StandMeeting {
            meeting: None,
            committees: Vec::new(),
        });
    };
    let mut committees = Vec::new();
    for organization in &held.object.organizations {
        if let Some(held) = store.organization(*organization)? {
            committees.push(NoteCommittee {
                council_id: store.council().to_string(),
                id: organization.to_string(),
                name: held.object.short_name.unwrap_or(held.object.name),
            });
        }
    }
    Ok(StandMeeting {
        meeting: Some(NoteMeeting {
            council_id: store.council().to_string(),
            id: id.to_string(),
            start_at_ms: CouncilStore::meeting_start_ms(&held.object),
            name: held.object.name,
            committee_ids: committees.iter().map(|one| one.id.clone()).collect(),
        }),
        committees,
    })
}
