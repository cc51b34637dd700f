//! What a meeting and its agenda items are here, and what follows from them: intake entries, consultations.
//! The meetings themselves stand in `agenda_past` and `agenda_coming`.

use chrono::{Duration, NaiveDate, NaiveTime};
use serde_json::{Value, json};

use crate::calendar::{Calendar, german_long, german_rfc3339, german_short, german_weekday};
use crate::intake::{AttachmentFile, InvitationFile, ItemEntry, MeetingFile, MinutesFile};
use crate::{State, agenda_coming, agenda_past, town};

pub(crate) const INVITATION: &str = "Einladung.pdf";
pub(crate) const MINUTES: &str = "Niederschrift.pdf";
/// The minutes of an earlier meeting, put before this one to be approved.
pub(crate) const EARLIER_MINUTES: &str = "Niederschrift-der-letzten-Sitzung.pdf";

#[derive(Debug)]
pub(crate) struct Meeting {
    /// Name of its date in the calendar; also the end of its key.
    pub(crate) event: &'static str,
    pub(crate) organization: &'static str,
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    pub(crate) start_hour: u32,
    pub(crate) hours: u32,
    pub(crate) room: &'static str,
    pub(crate) location: &'static str,
    pub(crate) cancelled: bool,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) minutes: Option<Minutes>,
    pub(crate) items: Vec<Item>,
}

#[derive(Debug)]
pub(crate) struct Invitation {
    /// Name of its date in the calendar.
    pub(crate) event: &'static str,
    pub(crate) revision: u32,
}

#[derive(Debug)]
pub(crate) struct Minutes {
    pub(crate) keeper: &'static str,
    pub(crate) ended: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    /// What the public invitation says of a nonpublic item.
    pub(crate) announced: &'static str,
    pub(crate) public: bool,
    pub(crate) role: Option<&'static str>,
    pub(crate) late: bool,
    pub(crate) villages: &'static [&'static str],
    pub(crate) paper: Option<&'static str>,
    pub(crate) result: Option<&'static str>,
    /// `yes / no / abstentions`
    pub(crate) votes: &'static str,
    pub(crate) resolution: Option<&'static str>,
    /// What the minutes tell of the debate.
    pub(crate) debate: &'static str,
    /// The event of the earlier meeting whose minutes are to be approved.
    pub(crate) minutes_of: Option<&'static str>,
}

impl Item {
    pub(crate) const fn public(number: &'static str, name: &'static str) -> Self {
        Self {
            number,
            name,
            announced: name,
            public: true,
            role: None,
            late: false,
            villages: &[],
            paper: None,
            result: None,
            votes: "",
            resolution: None,
            debate: "",
            minutes_of: None,
        }
    }

    pub(crate) const fn nonpublic(
        number: &'static str,
        name: &'static str,
        announced: &'static str,
    ) -> Self {
        Self {
            announced,
            public: false,
            ..Self::public(number, name)
        }
    }

    pub(crate) const fn role(self, role: &'static str) -> Self {
        Self {
            role: Some(role),
            ..self
        }
    }

    pub(crate) const fn paper(self, reference: &'static str) -> Self {
        Self {
            paper: Some(reference),
            ..self
        }
    }

    pub(crate) const fn villages(self, villages: &'static [&'static str]) -> Self {
        Self { villages, ..self }
    }

    pub(crate) const fn minutes_of(self, event: &'static str) -> Self {
        Self {
            minutes_of: Some(event),
            ..self
        }
    }

    pub(crate) const fn late(self) -> Self {
        Self { late: true, ..self }
    }

    pub(crate) const fn result(self, result: &'static str, votes: &'static str) -> Self {
        Self {
            result: Some(result),
            votes,
            ..self
        }
    }

    pub(crate) const fn resolution(self, text: &'static str) -> Self {
        Self {
            resolution: Some(text),
            ..self
        }
    }

    pub(crate) const fn debate(self, text: &'static str) -> Self {
        Self {
            debate: text,
            ..self
        }
    }
}

/// All meetings of the demonstration, oldest first.
pub(crate) fn meetings(state: State) -> Vec<Meeting> {
    agenda_past::meetings()
        .into_iter()
        .chain(agenda_coming::meetings(state))
        .collect()
}

impl Meeting {
    pub(crate) fn day(&self, calendar: &Calendar) -> NaiveDate {
        calendar.day(self.event)
    }

    /// Folder name and key: the day and what meets, e.g. `2026-11-17-sbu`.
    pub(crate) fn key(&self, calendar: &Calendar) -> String {
        format!("{}-{}", self.day(calendar), self.organization)
    }

    fn start_time(&self) -> NaiveTime {
        NaiveTime::from_hms_opt(self.start_hour, 0, 0).unwrap_or(NaiveTime::MIN)
    }

    pub(crate) fn file(&self, calendar: &Calendar) -> MeetingFile {
        let day = self.day(calendar);
        let start = self.start_time();
        let end = start + Duration::hours(i64::from(self.hours));
        MeetingFile {
            key: self.key(calendar),
            name: self.name,
            number: self.number.to_string(),
            start: german_rfc3339(day, start),
            end: german_rfc3339(day, end),
            room: self.room,
            location: self.location,
            organizations: vec![self.organization],
            cancelled: self.cancelled,
            invitation: self.invitation.as_ref().map(|invitation| InvitationFile {
                file: INVITATION,
                revision: invitation.revision,
            }),
            minutes: self.minutes.as_ref().map(|_| MinutesFile { file: MINUTES }),
            item: self.items.iter().map(ItemEntry::from).collect(),
        }
    }

    /// What the templates of invitation and minutes need of the meeting.
    pub(crate) fn template_data(&self, calendar: &Calendar) -> Value {
        let day = self.day(calendar);
        let members: Vec<Value> = town::members(self.organization)
            .into_iter()
            .map(|(name, role)| json!([name, role]))
            .collect();
        json!({
            "name": self.name,
            "organization": town::organization_name(self.organization),
            "number": self.number,
            "weekday": german_weekday(day),
            "day": german_long(day),
            "time": self.start_time().format("%H:%M").to_string(),
            "room": self.room,
            "location": self.location,
            "members": members,
            "village_council": self.organization.starts_with("otr"),
            "items": self.items.iter().map(Item::template_data).collect::<Vec<_>>(),
        })
    }
}

impl Item {
    fn template_data(&self) -> Value {
        json!({
            "number": self.number,
            "name": if self.public { self.name } else { self.announced },
            "public": self.public,
            "role": self.role,
            "late": self.late,
            "paper": self.paper,
            "result": self.result,
            "votes": self.votes,
            "resolution": self.resolution,
            "debate": self.debate,
        })
    }
}

impl From<&Item> for ItemEntry {
    fn from(item: &Item) -> Self {
        Self {
            number: item.number.to_owned(),
            name: item.name,
            public: item.public,
            role: item.role,
            late: item.late,
            villages: item.villages,
            paper: item.paper,
            result: item.result,
            resolution_text: item.resolution,
            file: item
                .minutes_of
                .iter()
                .map(|_| AttachmentFile {
                    name: "Niederschrift",
                    file: EARLIER_MINUTES,
                })
                .collect(),
        }
    }
}

/// The order of consultation of a paper, read off the agendas that name it.
pub(crate) fn consultations(reference: &str, meetings: &[Meeting], calendar: &Calendar) -> Value {
    let found: Vec<Value> = meetings
        .iter()
        .flat_map(|meeting| meeting.items.iter().map(move |item| (meeting, item)))
        .filter(|(_, item)| item.paper == Some(reference))
        .map(|(meeting, item)| {
            json!({
                "organization": town::organization_name(meeting.organization),
                "date": german_short(meeting.day(calendar)),
                "role": item.role.unwrap_or_default(),
                "votes": item.votes,
            })
        })
        .collect();
    json!(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_papers_never_name_a_nonpublic_item() {
        let calendar = Calendar::new("2026-11-12".parse().unwrap());
        for state in [State::Base, State::Later] {
            let meetings = meetings(state);
            let secret = meetings
                .iter()
                .flat_map(|meeting| &meeting.items)
                .filter(|item| !item.public);
            let secret: Vec<&str> = secret.map(|item| item.name).collect();
            assert!(!secret.is_empty());
            for meeting in &meetings {
                let shown = meeting.template_data(&calendar).to_string();
                for name in &secret {
                    assert!(
                        !shown.contains(name),
                        "{name} stands in a public file of {}",
                        meeting.event
                    );
                }
            }
        }
    }

    #[test]
    fn every_agenda_is_numbered_through_and_names_known_papers() {
        for state in [State::Base, State::Later] {
            let references: Vec<&str> = crate::papers::papers(state)
                .iter()
                .map(|paper| paper.reference)
                .collect();
            for meeting in meetings(state) {
                for (index, item) in meeting.items.iter().enumerate() {
                    assert_eq!(item.number, (index + 1).to_string(), "{}", meeting.event);
                    assert!(
                        item.paper.is_none_or(|paper| references.contains(&paper)),
                        "{:?}",
                        item.paper
                    );
                }
            }
        }
    }
}
