//! The member's own notes, highlights and ink. They stay when the council's data goes.

use notes::{Anchor, Deed, Done, MarkChange, MarkId, NoteStore, TargetKey};
use sync_protocol::ids::ObjectId;
use sync_protocol::model::AgendaItem;

use crate::Desk;
use crate::border_marks::{
    border_mark, find_target, notes_draft, rects, stamp, strokes, target_kind,
};
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::query::{find, notes_overview, object_id, placed_target};
use crate::session::{Council, Session};
use crate::transfer::version_of;
use crate::words;

impl Desk {
    pub(crate) fn mark_create(&self, request: MarkCreateRequest) -> Result<Mark, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let draft = drafted(&session, &councils, request.mark)?;
        let mark = session.notes.mark_create(&draft, now_ms)?;
        self.kept_and_shown(&session, &councils, mark)
    }

    pub(crate) fn mark_update(&self, request: MarkUpdateRequest) -> Result<Mark, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (id, change) = changed(&session.notes, &councils, request)?;
        let mark = session.notes.mark_update(id, &change, now_ms)?;
        self.kept_and_shown(&session, &councils, mark)
    }

    pub(crate) fn marks_change(&self, request: MarksChangeRequest) -> Result<Vec<Mark>, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let deed = |deed| -> Result<Deed, Failure> {
            Ok(match deed {
                MarkDeed::Create { mark } => Deed::Create(drafted(&session, &councils, mark)?),
                MarkDeed::Update { change } => {
                    let (id, change) = changed(&session.notes, &councils, change)?;
                    Deed::Update(id, change)
                }
                MarkDeed::Delete { id } => Deed::Delete(mark_id(&id)?),
                MarkDeed::Restore { id } => Deed::Restore(mark_id(&id)?),
            })
        };
        let deeds: Vec<Deed> = request
            .deeds
            .into_iter()
            .map(deed)
            .collect::<Result<_, _>>()?;
        let marks = session.notes.change(&deeds, now_ms)?;
        let marks = marks.into_iter();
        marks
            .map(|mark| self.kept_and_shown(&session, &councils, mark))
            .collect()
    }

    pub(crate) fn marks_page(&self, request: MarksPageRequest) -> Result<Vec<Mark>, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.file_id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, row) = find(&councils, |council| council.store.file(id))?;
        let placed = placed_target(&council.store, TargetKind::File, row.id(), now_ms)?;
        let (blob_id, _) = session.documents.shown(council, &row);
        let version = (council.record.council, id, blob_id);
        let marks = session.notes.list_for_pages(version, &request.pages)?;
        Ok(marks
            .into_iter()
            .map(|mark| border_mark(mark, placed.as_ref()))
            .collect())
    }

    pub(crate) fn marks_count(&self, request: MarksCountRequest) -> Result<MarksCount, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.file_id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, row) = find(&councils, |council| council.store.file(id))?;
        let (blob_id, _) = session.documents.shown(council, &row);
        let version = (council.record.council, id, blob_id);
        let counts = session.notes.counts_by_page(version)?;
        Ok(MarksCount {
            total: counts.iter().map(|(_, count)| count).sum(),
            pages: counts
                .into_iter()
                .filter_map(|(page, count)| page.map(|page| PageMarksCount { page, count }))
                .collect(),
        })
    }

    pub(crate) fn file_notes(&self, request: FileNotesRequest) -> Result<NotesOverview, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.file_id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, row) = find(&councils, |council| council.store.file(id))?;
        let marks = session
            .notes
            .list_for_file(council.record.council, row.id())?;
        notes_overview(&councils, marks, now_ms)
    }

    pub(crate) fn mark_delete(&self, request: MarkDeleteRequest) -> Result<Empty, Failure> {
        self.session()?
            .notes
            .mark_delete(mark_id(&request.id)?, self.now_ms())?;
        Ok(Empty {})
    }

    pub(crate) fn undo(&self, request: UndoRequest) -> Result<UndoResult, Failure> {
        self.step(request, NoteStore::undo, words::undone)
    }

    pub(crate) fn redo(&self, request: UndoRequest) -> Result<UndoResult, Failure> {
        self.step(request, NoteStore::redo, words::redone)
    }

    fn step(
        &self,
        request: UndoRequest,
        step: impl Fn(&NoteStore, TargetKey, i64) -> Result<Option<Done>, notes::NotesError>,
        say: impl Fn(Done, crate::Speech) -> String,
    ) -> Result<UndoResult, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.file_id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, _) = find(&councils, |council| council.store.file(id))?;
        let key = TargetKey::file(council.record.council, id);
        let notes = &session.notes;
        let done = step(notes, key, now_ms)?;
        let state = notes.history(key)?;
        Ok(UndoResult {
            can_undo: state.can_undo,
            can_redo: state.can_redo,
            pages: done
                .iter()
                .flat_map(|done| done.pages.iter().copied())
                .collect(),
            done: done.map(|done| say(done, self.speech())),
        })
    }

    pub(crate) fn marks_list(&self, request: MarksListRequest) -> Result<Vec<Mark>, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let marks = match &request.scope {
            MarkScope::All => session.notes.list_all()?,
            MarkScope::File { id } => listed(&session, &councils, &[object_id(id)?])?,
            MarkScope::Meeting { id } => {
                let id = object_id(id)?;
                let (council, _) = find(&councils, |council| council.store.meeting(id))?;
                listed(&session, &councils, &objects_of_meeting(council, id)?)?
            }
            MarkScope::AgendaItem { id } => {
                let id = object_id(id)?;
                let (council, held) = find(&councils, |council| council.store.agenda_item(id))?;
                listed(
                    &session,
                    &councils,
                    &objects_of_item(council, &held.object)?,
                )?
            }
        };
        marks
            .into_iter()
            .map(|mark| self.shown(&councils, mark))
            .collect()
    }

    /// A mark that was made or laid somewhere just now.
    fn kept_and_shown(
        &self,
        session: &Session,
        councils: &[Council],
        mark: notes::Mark,
    ) -> Result<Mark, Failure> {
        // The mark itself is stored: without the words of its page it is found again by its quotation alone.
        let _ = self.keep_words(session, std::slice::from_ref(&mark));
        self.shown(councils, mark)
    }

    /// A mark of a council with the place it belongs to.
    pub(super) fn shown_in(&self, council: &Council, mark: notes::Mark) -> Result<Mark, Failure> {
        let target = &mark.anchor.target;
        let kind = target_kind(target.kind());
        let placed = placed_target(&council.store, kind, target.object(), self.now_ms())?;
        Ok(border_mark(mark, placed.as_ref()))
    }

    /// A mark with the place it belongs to.
    fn shown(&self, councils: &[Council], mark: notes::Mark) -> Result<Mark, Failure> {
        let council = councils
            .iter()
            .find(|council| council.record.council == mark.anchor.council);
        match council {
            Some(council) => self.shown_in(council, mark),
            None => Ok(border_mark(mark, None)),
        }
    }

    /// The marks of a paper and its files.
    pub(crate) fn marks_of_paper(
        &self,
        council: &Council,
        paper: ObjectId,
        notes: &NoteStore,
        now_ms: i64,
    ) -> Result<Vec<Mark>, Failure> {
        let files = council.store.files_of(paper)?.into_iter();
        let objects: Vec<ObjectId> = std::iter::once(paper)
            .chain(files.map(|(_, row)| row.id()))
            .collect();
        marks_of(council, &objects, notes, now_ms)
    }
}

/// A draft of the page with the council its target is in. On a file it stands on the version that is on the screen.
fn drafted(
    session: &Session,
    councils: &[Council],
    mark: MarkDraft,
) -> Result<notes::MarkDraft, Failure> {
    for council in councils {
        if let Some(found) = find_target(&council.store, &mark.target)? {
            let mut draft = notes_draft(mark, found)?;
            if let notes::Target::File {
                file,
                blob_id,
                revision,
            } = &mut draft.anchor.target
                && let Some(row) = council.store.file(*file)?
            {
                (*blob_id, *revision) = session.documents.shown(council, &row);
            }
            return Ok(draft);
        }
    }
    Err(ErrorCode::NotFound.into())
}

/// A change of the page as `notes` takes it.
fn changed(
    notes: &NoteStore,
    councils: &[Council],
    request: MarkUpdateRequest,
) -> Result<(MarkId, MarkChange), Failure> {
    let id = mark_id(&request.id)?;
    let color = match request.color.as_deref() {
        Some(name) => Some(notes::Color::from_name(name).ok_or(ErrorCode::BadRequest)?),
        None => None,
    };
    let mut anchor = match (&request.rects, &request.onto) {
        (None, None) => None,
        _ => Some(notes.mark(id)?.anchor),
    };
    if let (Some(anchor), Some(moved)) = (&mut anchor, &request.rects) {
        anchor.rects = rects(moved);
    }
    if let (Some(anchor), Some(place)) = (&mut anchor, request.onto) {
        lay_onto(anchor, councils, place)?;
    }
    let change = MarkChange {
        text: request.text,
        color,
        width_pt: request.width_pt,
        strokes: request.strokes.as_deref().map(strokes),
        stamp: request.stamp.map(stamp),
        anchor,
        goes_on: request.goes_on.unwrap_or(false),
    };
    Ok((id, change))
}

/// Lets an anchor stand on a page of the version of its file that is here.
fn lay_onto(anchor: &mut Anchor, councils: &[Council], place: MarkPlace) -> Result<(), Failure> {
    let notes::Target::File { file, .. } = anchor.target else {
        return Err(ErrorCode::BadRequest.into());
    };
    let (council, row) = find(councils, |council| council.store.file(file))?;
    let version = version_of(council, &row);
    anchor.target = notes::Target::File {
        file,
        blob_id: version.blob_id,
        revision: version.revision,
    };
    anchor.sealed_class = version.sealed_class;
    anchor.page = Some(place.page);
    if let Some(Quote {
        exact,
        prefix,
        suffix,
    }) = place.quote
    {
        anchor.quote = Some(notes::Quote {
            exact,
            prefix,
            suffix,
        });
    }
    Ok(())
}

/// The marks of some objects of one council, with the places they belong to.
fn marks_of(
    council: &Council,
    objects: &[ObjectId],
    notes: &NoteStore,
    now_ms: i64,
) -> Result<Vec<Mark>, Failure> {
    let mut found = Vec::new();
    for mark in notes.list_for_meeting(council.record.council, objects)? {
        let target = &mark.anchor.target;
        let placed = placed_target(
            &council.store,
            target_kind(target.kind()),
            target.object(),
            now_ms,
        )?;
        found.push(border_mark(mark, placed.as_ref()));
    }
    Ok(found)
}

/// The marks of some objects, in whichever council they are.
fn listed(
    session: &Session,
    councils: &[Council],
    objects: &[ObjectId],
) -> Result<Vec<notes::Mark>, Failure> {
    let mut marks = Vec::new();
    for council in councils {
        marks.extend(
            session
                .notes
                .list_for_meeting(council.record.council, objects)?,
        );
    }
    Ok(marks)
}

/// An agenda item, its paper, and the files of both.
fn objects_of_item(council: &Council, item: &AgendaItem) -> Result<Vec<ObjectId>, Failure> {
    let mut objects = vec![item.id];
    objects.extend(item.paper);
    for owner in objects.clone() {
        objects.extend(
            council
                .store
                .files_of(owner)?
                .into_iter()
                .map(|(_, row)| row.id()),
        );
    }
    Ok(objects)
}

/// A meeting, its own files, and everything of its agenda.
fn objects_of_meeting(council: &Council, meeting: ObjectId) -> Result<Vec<ObjectId>, Failure> {
    let mut objects = vec![meeting];
    objects.extend(
        council
            .store
            .files_of(meeting)?
            .into_iter()
            .map(|(_, row)| row.id()),
    );
    for held in council.store.agenda(meeting)? {
        objects.extend(objects_of_item(council, &held.object)?);
    }
    Ok(objects)
}

pub(super) fn mark_id(hex: &str) -> Result<MarkId, Failure> {
    hex.parse().map_err(|_| ErrorCode::NotFound.into())
}
