//! Meetings as events of a calendar. Only what is public goes in: the file lies unencrypted wherever it is taken.

use sync::store::{CouncilStore, Held, StoreError};
use sync_protocol::model::Meeting;

use super::cards::file_label;
use crate::calendar::Event;
use crate::messages::Speech;
use crate::session::Council;
use crate::{times, words};

/// A meeting as an event; `None` if the council's date cannot be read.
pub(crate) fn event(
    council: &Council,
    held: &Held<Meeting>,
    speech: Speech,
) -> Result<Option<Event>, StoreError> {
    let meeting = &held.object;
    let Some(start_at_ms) = CouncilStore::meeting_start_ms(meeting) else {
        return Ok(None);
    };
    // Both must say so: the item itself, and the audience that lists it.
    let mut public = council.store.agenda(meeting.id)?;
    public.retain(|item| item.public && item.object.public);
    let agenda: Vec<String> = public
        .iter()
        .map(|item| file_label(item.object.number.as_deref(), None, &item.object.name))
        .collect();
    let changes = public.iter().map(|item| item.changed_at_ms);
    let place: Vec<&str> = [&meeting.room, &meeting.location]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Ok(Some(Event {
        uid: format!("{}.{}@ratsmappe", meeting.id, council.record.council),
        sequence: held.revision.saturating_sub(1),
        changed_at_ms: changes.fold(held.changed_at_ms, i64::max),
        start_at_ms,
        end_at_ms: meeting.end.as_deref().and_then(times::moment_ms),
        summary: summary(council, held, speech)?,
        location: (!place.is_empty()).then(|| place.join(", ")),
        description: (!agenda.is_empty()).then(|| agenda.join("\n")),
        is_cancelled: meeting.cancelled,
    }))
}

/// The meeting's name; of one that is not public, only who meets.
fn summary(council: &Council, held: &Held<Meeting>, speech: Speech) -> Result<String, StoreError> {
    if held.public {
        return Ok(held.object.name.clone());
    }
    let mut names = Vec::new();
    for id in &held.object.organizations {
        let organization = council.store.organization(*id)?;
        names.extend(
            organization
                .filter(|organization| organization.public)
                .map(|organization| organization.object.name),
        );
    }
    Ok(if names.is_empty() {
        words::meeting(speech).to_owned()
    } else {
        names.join(", ")
    })
}
