//! Meetings for the calendar of the device: what the file would say, and writing it.

use crate::Desk;
use crate::calendar::{Event, calendar_text};
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::export;
use crate::query::{event, find, object_id};
use crate::session::Council;
use crate::{times, words};

const ENDING: &str = "ics";

/// A calendar file before it is written.
struct Draft {
    /// Its name without the ending.
    stem: String,
    text: String,
    event_count: u32,
}

impl Desk {
    pub(crate) fn calendar_export(
        &self,
        request: CalendarExportRequest,
    ) -> Result<CalendarFile, Failure> {
        let draft = self.calendar_draft(&request)?;
        Ok(CalendarFile {
            file_name: format!("{}.{ENDING}", draft.stem),
            text: draft.text,
            event_count: draft.event_count,
        })
    }

    /// Errors: `bad_request` if no meeting would be in it; those of the disk.
    pub(crate) fn calendar_save(
        &self,
        request: CalendarExportRequest,
    ) -> Result<CalendarSaved, Failure> {
        let draft = self.calendar_draft(&request)?;
        if draft.event_count == 0 {
            return Err(ErrorCode::BadRequest.into());
        }
        let path = export::write_new(&self.config.export_dir, &draft.stem, ENDING, &draft.text)?;
        Ok(CalendarSaved {
            path: path.to_string_lossy().into_owned(),
            event_count: draft.event_count,
        })
    }

    fn calendar_draft(&self, request: &CalendarExportRequest) -> Result<Draft, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let mut events: Vec<Event> = Vec::new();
        let mut take = |council: &Council, held| -> Result<(), Failure> {
            let held: sync::store::Held<_> = held;
            if !request.only_mine || council.facts.is_my_meeting(&held.object) {
                events.extend(event(council, &held, self.speech())?);
            }
            Ok(())
        };
        match request.meeting_ids.as_deref() {
            None | Some([]) => {
                for council in councils.iter() {
                    for held in council.store.meetings()? {
                        take(council, held)?;
                    }
                }
            }
            Some(ids) => {
                for id in ids {
                    let id = object_id(id)?;
                    let (council, held) = find(&councils, |council| council.store.meeting(id))?;
                    take(council, held)?;
                }
            }
        }
        events.sort_by(|a, b| (a.start_at_ms, &a.uid).cmp(&(b.start_at_ms, &b.uid)));
        events.dedup_by(|a, b| a.uid == b.uid);
        let stem = match events.as_slice() {
            [only] => format!("{} {}", times::day_iso(only.start_at_ms), only.summary),
            _ => words::meetings(self.speech()).to_owned(),
        };
        Ok(Draft {
            stem: export::file_stem(&stem),
            text: calendar_text(&events),
            event_count: u32::try_from(events.len()).unwrap_or(u32::MAX),
        })
    }
}
