//! The faction's sheet of a meeting, and everything of a space in open formats.

use faction::{Anchor, Outline};
use sync::store::{CouncilStore, Held};
use sync_protocol::ids::ObjectId;
use sync_protocol::model::{AgendaItem, Meeting};

use super::talk::tasks;
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::export;
use crate::faction_pdf::faction_sheet_pdf;
use crate::faction_text;
use crate::query::faction::{Contents, Look, kind_number, shown_at};
use crate::query::object_id;
use crate::session::Council;
use crate::words;

impl Desk {
    pub(crate) fn faction_sheet(
        &self,
        request: FactionSheetRequest,
    ) -> Result<FactionSheet, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let id = object_id(&request.meeting_id)?;
        let space = opened.space();
        self.look(&opened.session, &space, |look| {
            let council = look.council().ok_or(ErrorCode::NotFound)?;
            let held = council.store.meeting(id)?.ok_or(ErrorCode::NotFound)?;
            sheet(look, council, &held, request.include_nonpublic)
        })
    }

    /// The sheet as a PDF in the folder for downloads. The page has asked before.
    ///
    /// Errors: as [`Desk::faction_sheet`]; those of the disk.
    pub(crate) fn faction_sheet_save(
        &self,
        request: FactionSheetRequest,
    ) -> Result<FactionSaved, Failure> {
        let (sheet, speech) = (self.faction_sheet(request)?, self.speech());
        let pdf = faction_sheet_pdf(&sheet, speech)
            .map_err(|error| Failure::caused(ErrorCode::Internal, error))?;
        let name = sheet.meeting_name.unwrap_or_default();
        let stem = export::file_stem(&format!("{} {name}", words::faction_sheet(speech)));
        let path = export::write_new_bytes(&self.config.export_dir, &stem, "pdf", &pdf)?;
        Ok(FactionSaved {
            path: path.to_string_lossy().into_owned(),
        })
    }

    /// All that can be read of a space, as Markdown and as JSON, in a folder of its own.
    ///
    /// Errors: those of the database and the disk; nothing half-done is left.
    pub(crate) fn faction_export(&self, request: FactionRequest) -> Result<FactionSaved, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let speech = self.speech();
        let space = opened.space();
        let card = self.card_of(&opened.session, &opened.held, &space)?;
        let whole = self.look(&opened.session, &space, |look| {
            let contents = look.contents()?;
            let mut shares = Vec::new();
            for said in &contents.shares {
                shares.extend(look.share(said, &contents.waiting)?);
            }
            let mut positions = Vec::new();
            for outline in &contents.outlines {
                if let (faction::DocumentKind::Position, Some(anchor)) =
                    (outline.kind, &outline.anchor)
                {
                    let label = look.placed(anchor)?.map(|placed| placed.label);
                    positions.push((label, look.position(anchor)?));
                }
            }
            Ok(faction_text::Whole {
                people: look.people()?,
                threads: look.threads(&contents, |_| true)?,
                tasks: tasks(look, &contents, |_| true)?,
                shares,
                positions,
                closed_count: contents.closed.len(),
            })
        })?;
        let name = card.name.clone().unwrap_or_default();
        let stem = export::file_stem(&format!("{} {name}", words::faction_space(speech)));
        let folder = export::NewFolder::begin(&self.config.export_dir, &stem)?;
        let markdown = faction_text::markdown(&name, &whole, speech);
        export::write_new(folder.path(), &stem, "md", &markdown)?;
        let json = faction_text::json(&card, &whole)
            .map_err(|error| Failure::caused(ErrorCode::Internal, error))?;
        export::write_new(folder.path(), &stem, "json", &json)?;
        let path = folder.finish()?;
        Ok(FactionSaved {
            path: path.to_string_lossy().into_owned(),
        })
    }
}

fn sheet(
    look: &Look<'_>,
    council: &Council,
    held: &Held<Meeting>,
    with_nonpublic: bool,
) -> Result<FactionSheet, Failure> {
    let meeting = &held.object;
    let may_show = |is_public: bool| is_public || with_nonpublic;
    let contents = look.contents()?;
    let (mut items, mut left_out, mut is_public) = (Vec::new(), 0, held.public);
    for item in council.store.agenda(meeting.id)? {
        let is_open = item.public && item.object.public;
        if !may_show(is_open) {
            left_out += 1;
            continue;
        }
        is_public &= is_open;
        items.push(sheet_item(look, council, &item, &contents)?);
    }
    let of_meeting = |outline: &Outline| is_about(outline, meeting.id);
    let mut open_tasks = tasks(look, &contents, of_meeting)?;
    open_tasks.retain(|task| task.status != FactionStatus::Done);
    Ok(FactionSheet {
        faction_name: look.space.name()?.unwrap_or_default(),
        meeting_name: may_show(held.public).then(|| meeting.name.clone()),
        start_at_ms: CouncilStore::meeting_start_ms(meeting),
        public: is_public,
        items,
        tasks: open_tasks,
        people: look.people()?,
        left_out,
    })
}

fn sheet_item(
    look: &Look<'_>,
    council: &Council,
    held: &Held<AgendaItem>,
    contents: &Contents,
) -> Result<FactionSheetItem, Failure> {
    let item = &held.object;
    let objects = shown_at(&council.store, TargetKind::AgendaItem, item.id)?;
    let is_here = |outline: &Outline| {
        let anchor = outline.anchor.as_ref();
        anchor.is_some_and(|anchor| objects.contains(&anchor.object))
    };
    let anchor = Anchor {
        council: council.record.council,
        kind: kind_number(TargetKind::AgendaItem),
        object: item.id,
    };
    let position = look.position(&anchor)?;
    let mut open_tasks = tasks(look, contents, is_here)?;
    open_tasks.retain(|task| task.status != FactionStatus::Done);
    let messages = contents
        .outlines
        .iter()
        .filter(|one| one.kind == faction::DocumentKind::Message && is_here(one));
    Ok(FactionSheetItem {
        id: item.id.to_string(),
        number: item.number.clone().unwrap_or_default(),
        name: item.name.clone(),
        public: held.public && item.public,
        position: position.item_id.is_some().then_some(position),
        tasks: open_tasks,
        message_count: u32::try_from(messages.count()).unwrap_or(u32::MAX),
    })
}

fn is_about(outline: &Outline, object: ObjectId) -> bool {
    outline
        .anchor
        .as_ref()
        .is_some_and(|anchor| anchor.object == object)
}
