//! What belongs to a wish: sections with their papers and notes, in the order of the agenda. Reads stores and notes, opens no paper.

use std::collections::{BTreeMap, HashSet};

use notes::NoteStore;
use sync::store::{CouncilStore, FileRow, Held};
use sync_protocol::ids::{CouncilId, ObjectId};
use sync_protocol::model::{AgendaItem, Meeting};

use super::words;
use crate::border_marks::target_kind;
use crate::dto::TakeawayScope;
use crate::error::{ErrorCode, Failure};
use crate::messages::Speech;
use crate::query::{Placed, find, object_id, placed_file, placed_target};
use crate::session::Council;
use crate::times;

/// A paper with what the member put on it.
pub(crate) struct Piece {
    pub(crate) council: CouncilId,
    /// Whom the device belongs to in that council.
    pub(crate) author: String,
    pub(crate) row: FileRow,
    pub(crate) title: String,
    pub(crate) marks: Vec<notes::Mark>,
}

impl Piece {
    /// Of a mark on a page of an older version: which one. It is said where it stood, and drawn nowhere.
    pub(crate) fn behind(&self, mark: &notes::Mark) -> Option<u32> {
        match &mark.anchor.target {
            notes::Target::File {
                blob_id, revision, ..
            } if mark.anchor.page.is_some() && *blob_id != self.row.blob_id => Some(*revision),
            _ => None,
        }
    }
}

/// An agenda item, or what else belongs together.
pub(crate) struct Section {
    /// "5.1", if it is an agenda item.
    pub(crate) number: Option<String>,
    pub(crate) title: String,
    pub(crate) public: bool,
    pub(crate) pieces: Vec<Piece>,
    /// Notes that stand on no paper.
    pub(crate) notes: Vec<notes::Mark>,
    /// The folder of its papers, where there are folders.
    pub(crate) folder: Option<String>,
}

/// Everything that could be taken along.
pub(crate) struct Bundle {
    pub(crate) name: String,
    /// Said below the name: time and place.
    pub(crate) lines: Vec<String>,
    pub(crate) author: String,
    pub(crate) sections: Vec<Section>,
}

impl Bundle {
    /// Leaves out what may not leave or is not wished.
    ///
    /// * `nonpublic` – whether nonpublic papers, titles and notes stay in.
    /// * `files` – ids of those that stay in; `None`: all.
    pub(crate) fn keep(&mut self, nonpublic: bool, files: Option<&[String]>) {
        let files: Option<HashSet<&str>> =
            files.map(|ids| ids.iter().map(String::as_str).collect());
        self.sections.retain(|section| nonpublic || section.public);
        for section in &mut self.sections {
            section.pieces.retain(|piece| {
                let is_chosen = files
                    .as_ref()
                    .is_none_or(|files| files.contains(piece.row.id().to_string().as_str()));
                is_chosen && (nonpublic || piece.row.public)
            });
            let may_leave = |mark: &notes::Mark| nonpublic || mark.anchor.sealed_class.is_none();
            section.notes.retain(may_leave);
            for piece in &mut section.pieces {
                piece.marks.retain(may_leave);
            }
        }
    }

    /// How many papers there are.
    pub(crate) fn piece_count(&self) -> usize {
        self.sections
            .iter()
            .map(|section| section.pieces.len())
            .sum()
    }
}

/// Reads what belongs to a wish.
///
/// Errors: `not_found`, `bad_request` for a wish without its id; those of the stores.
pub(crate) fn bundle(
    councils: &[Council],
    notes: &NoteStore,
    (scope, id): (TakeawayScope, Option<&str>),
    (speech, now_ms): (Speech, i64),
) -> Result<Bundle, Failure> {
    let read = Read {
        notes,
        speech,
        now_ms,
    };
    let id = || object_id(id.ok_or(ErrorCode::BadRequest)?);
    match scope {
        TakeawayScope::File => {
            let id = id()?;
            let (council, row) = find(councils, |council| council.store.file(id))?;
            read.file(council, row)
        }
        TakeawayScope::AgendaItem => {
            let id = id()?;
            let (council, held) = find(councils, |council| council.store.agenda_item(id))?;
            read.item(council, &held)
        }
        TakeawayScope::Meeting => {
            let id = id()?;
            let (council, held) = find(councils, |council| council.store.meeting(id))?;
            read.meeting(council, &held)
        }
        TakeawayScope::All => read.all(councils),
    }
}

struct Read<'r> {
    notes: &'r NoteStore,
    speech: Speech,
    now_ms: i64,
}

impl Read<'_> {
    fn piece(&self, council: &Council, row: FileRow) -> Result<Piece, Failure> {
        let id = council.record.council;
        Ok(Piece {
            council: id,
            author: council.record.person_name.clone(),
            title: row.file.name.clone(),
            marks: self.notes.list_for_file(id, row.id())?,
            row,
        })
    }

    fn file(&self, council: &Council, row: FileRow) -> Result<Bundle, Failure> {
        let placed = placed_file(&council.store, &row, self.now_ms)?;
        let piece = self.piece(council, row)?;
        // The place on the agenda says more than the file's own name, which is often "Vorlage".
        let is_named = placed.label.contains(&piece.title);
        let name = match is_named {
            true => placed.label,
            false => format!("{} · {}", placed.label, piece.title),
        };
        Ok(Bundle {
            name: name.clone(),
            lines: Vec::new(),
            author: piece.author.clone(),
            sections: vec![Section {
                number: None,
                title: name,
                public: piece.row.public,
                pieces: vec![piece],
                notes: Vec::new(),
                folder: None,
            }],
        })
    }

    fn item(&self, council: &Council, held: &Held<AgendaItem>) -> Result<Bundle, Failure> {
        let section = self.item_section(council, held, &mut HashSet::new())?;
        let meeting = council.store.meeting(held.object.meeting)?;
        Ok(Bundle {
            name: match &section.number {
                Some(number) => format!("TOP {number} {}", section.title),
                None => section.title.clone(),
            },
            lines: meeting
                .iter()
                .map(|held| held.object.name.clone())
                .chain(meeting.iter().filter_map(when))
                .collect(),
            author: council.record.person_name.clone(),
            sections: vec![section],
        })
    }

    fn item_section(
        &self,
        council: &Council,
        held: &Held<AgendaItem>,
        seen: &mut HashSet<ObjectId>,
    ) -> Result<Section, Failure> {
        let (store, item) = (&council.store, &held.object);
        let mut rows = Vec::new();
        for owner in item.paper.into_iter().chain([item.id]) {
            rows.extend(store.files_of(owner)?.into_iter().map(|(_, row)| row));
        }
        let mut pieces = Vec::new();
        for row in rows {
            if seen.insert(row.id()) {
                pieces.push(self.piece(council, row)?);
            }
        }
        let objects: Vec<ObjectId> = item.paper.into_iter().chain([item.id]).collect();
        let number = item
            .number
            .as_deref()
            .map(str::trim)
            .filter(|number| !number.is_empty());
        Ok(Section {
            number: number.map(str::to_owned),
            title: item.name.clone(),
            public: held.public && item.public,
            pieces,
            notes: self
                .notes
                .list_for_meeting(council.record.council, &objects)?,
            folder: None,
        })
    }

    fn meeting(&self, council: &Council, held: &Held<Meeting>) -> Result<Bundle, Failure> {
        let (store, meeting) = (&council.store, &held.object);
        let mut seen = HashSet::new();
        let mut first = Section {
            number: None,
            title: words::meeting_itself(self.speech).to_owned(),
            public: held.public,
            pieces: Vec::new(),
            notes: self
                .notes
                .list_for_meeting(council.record.council, &[meeting.id])?,
            folder: None,
        };
        for (_, row) in store.files_of(meeting.id)? {
            if seen.insert(row.id()) {
                first.pieces.push(self.piece(council, row)?);
            }
        }
        let mut sections = Vec::new();
        if !first.pieces.is_empty() || !first.notes.is_empty() {
            sections.push(first);
        }
        for item in store.agenda(meeting.id)? {
            sections.push(self.item_section(council, &item, &mut seen)?);
        }
        let place = [meeting.room.clone(), meeting.location.clone()];
        let place: Vec<String> = place.into_iter().flatten().collect();
        let lines = when(held)
            .into_iter()
            .chain((!place.is_empty()).then(|| place.join(", ")));
        Ok(Bundle {
            name: dated(held),
            lines: lines.collect(),
            author: council.record.person_name.clone(),
            sections,
        })
    }

    /// All own notes, by meeting, latest first; what belongs to no meeting any more comes last.
    fn all(&self, councils: &[Council]) -> Result<Bundle, Failure> {
        let mut groups: BTreeMap<(std::cmp::Reverse<i64>, String), Section> = BTreeMap::new();
        let marks = self.notes.list_all()?;
        let mut placed_already = HashSet::new();
        for council in councils {
            let own: Vec<&notes::Mark> = marks
                .iter()
                .filter(|mark| mark.anchor.council == council.record.council)
                .collect();
            let mut by_target: BTreeMap<notes::TargetKey, Vec<&notes::Mark>> = BTreeMap::new();
            for mark in own {
                by_target.entry(mark.anchor.key()).or_default().push(mark);
            }
            for (key, marks) in by_target {
                let placed = placed_target(
                    &council.store,
                    target_kind(key.kind),
                    key.object,
                    self.now_ms,
                )?;
                let Some(placed) = placed else {
                    continue;
                };
                let public = placed.public;
                let section = groups
                    .entry(self.group(council, &placed, public)?)
                    .or_insert_with_key(|(_, title)| Section {
                        number: None,
                        title: title.clone(),
                        public,
                        pieces: Vec::new(),
                        notes: Vec::new(),
                        folder: Some(title.clone()),
                    });
                placed_already.extend(marks.iter().map(|mark| mark.id));
                let row = match key.kind {
                    notes::TargetKind::File => council.store.file(key.object)?,
                    _ => None,
                };
                match row {
                    Some(row) => {
                        let mut piece = self.piece(council, row)?;
                        if !placed.label.contains(&piece.title) {
                            piece.title = format!("{} · {}", placed.label, piece.title);
                        } else {
                            piece.title = placed.label;
                        }
                        section.pieces.push(piece);
                    }
                    None => section.notes.extend(marks.into_iter().cloned()),
                }
            }
        }
        let mut sections: Vec<Section> = groups.into_values().collect();
        // What they stand on is not here any more, so nobody can tell whether it was public: they count as nonpublic.
        let gone: Vec<notes::Mark> = marks
            .into_iter()
            .filter(|mark| !placed_already.contains(&mark.id))
            .collect();
        if !gone.is_empty() {
            sections.push(Section {
                number: None,
                title: words::gone(self.speech).to_owned(),
                public: false,
                pieces: Vec::new(),
                notes: gone,
                folder: None,
            });
        }
        let author = councils
            .first()
            .map(|council| council.record.person_name.clone());
        Ok(Bundle {
            name: format!("Ratsmappe {}", times::day_iso(self.now_ms)),
            lines: vec![words::all(self.speech).to_owned()],
            author: author.unwrap_or_default(),
            sections,
        })
    }

    /// The section of something: its meeting, public and nonpublic apart.
    fn group(
        &self,
        council: &Council,
        placed: &Placed,
        public: bool,
    ) -> Result<(std::cmp::Reverse<i64>, String), Failure> {
        let held = match placed.meeting {
            Some(id) => council.store.meeting(id)?,
            None => None,
        };
        let start = held
            .as_ref()
            .and_then(|held| CouncilStore::meeting_start_ms(&held.object));
        let name = held
            .as_ref()
            .map_or_else(|| words::no_meeting(self.speech).to_owned(), dated);
        let title = match public {
            true => name,
            false => format!("{name} ({})", words::nonpublic(self.speech)),
        };
        Ok((std::cmp::Reverse(start.unwrap_or(i64::MIN)), title))
    }
}

/// "2026-11-17 Sitzung des Stadtrates".
fn dated(held: &Held<Meeting>) -> String {
    match CouncilStore::meeting_start_ms(&held.object) {
        Some(start_ms) => format!("{} {}", times::day_iso(start_ms), held.object.name),
        None => held.object.name.clone(),
    }
}

/// Day and hour as the council wrote them.
fn when(held: &Held<Meeting>) -> Option<String> {
    let start_ms = CouncilStore::meeting_start_ms(&held.object)?;
    Some(times::day_and_hour(start_ms))
}
