//! What a faction says about something: positions, messages and their answers, tasks, what was read.

use faction::{Anchor, DocumentKind, Edit, Outline, Readers, Space, TextPart, ValueField};
use sync_protocol::ids::UserId;

use super::members::user_id;
use super::{Opened, anchor_of, item_id};
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::query::faction::{Contents, Look, kind_number, shown_at, status_name, target_of};
use crate::query::object_id;

/// What is about nothing of a council is for everybody in the space.
type About = (Option<Anchor>, Readers);

impl Desk {
    pub(crate) fn faction_about(
        &self,
        request: FactionAboutRequest,
    ) -> Result<FactionAbout, Failure> {
        let session = self.session()?;
        let factions = self.factions(&session)?;
        let mut spaces = Vec::new();
        for held in factions.all()? {
            let is_asked = request.faction_id.as_ref();
            if is_asked.is_some_and(|asked| *asked != held.faction.to_string()) {
                continue;
            }
            let space = crate::desk::lock(&held.space);
            let card = self.card_of(&session, &held, &space)?;
            let topic = self.look(&session, &space, |look| match &request.target {
                Some(target) => at_target(look, card, target),
                None => general(look, card).map(Some),
            })?;
            spaces.extend(topic);
        }
        Ok(FactionAbout { spaces })
    }

    pub(crate) fn faction_position(
        &self,
        request: FactionPositionRequest,
    ) -> Result<FactionWritten, Failure> {
        let mut edits = Vec::new();
        let text = |part, text: Option<String>, before: Option<String>| {
            text.map(|text| match before {
                Some(before) => Edit::Since(part, before, text),
                None => Edit::Text(part, text),
            })
        };
        edits.extend(text(
            TextPart::Recommendation,
            request.recommendation,
            request.recommendation_before,
        ));
        edits.extend(text(
            TextPart::Arguments,
            request.arguments,
            request.arguments_before,
        ));
        edits.extend(
            request
                .status
                .map(|status| Edit::Value(ValueField::Status, status_name(status).to_owned())),
        );
        if let Some(speaker) = request.speaker {
            edits.push(Edit::Speaker(user_id(&speaker.user_id)?, speaker.speaks));
        }
        let opened = self.opened(&request.faction_id)?;
        let now_ms = self.now_ms();
        let item = self.writing(
            &opened,
            Some(&request.target),
            |space, (anchor, readers), keys| {
                let anchor = anchor.ok_or(ErrorCode::BadRequest)?;
                Ok(space.edit_position(anchor, &edits, &readers, keys, now_ms)?)
            },
        )?;
        Ok(opened.written(item))
    }

    pub(crate) fn faction_message(
        &self,
        request: FactionMessageRequest,
    ) -> Result<FactionWritten, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let parent = request.parent_id.as_deref().map(item_id).transpose()?;
        let mentions: Vec<UserId> = request
            .mentions
            .iter()
            .map(|id| user_id(id))
            .collect::<Result<_, _>>()?;
        let now_ms = self.now_ms();
        // An answer is about what its thread is about, whoever can read that.
        let of_thread = parent
            .map(|parent| self.target_of_item(&opened, parent))
            .transpose()?;
        let target = of_thread.flatten().or(request.target);
        let item = self.writing(&opened, target.as_ref(), |space, (anchor, readers), _| {
            Ok(space.begin_message(anchor, parent, &mentions, &request.text, &readers, now_ms)?)
        })?;
        Ok(opened.written(item))
    }

    pub(crate) fn faction_message_edit(
        &self,
        request: FactionMessageEditRequest,
    ) -> Result<FactionWritten, Failure> {
        let edits = [Edit::Text(TextPart::Body, request.text)];
        self.edit(&request.faction_id, &request.item_id, &edits)
    }

    pub(crate) fn faction_read(
        &self,
        request: FactionReadRequest,
    ) -> Result<FactionWritten, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let item = item_id(&request.item_id)?;
        opened
            .space()
            .show_read(item, request.shown, self.now_ms())?;
        Ok(opened.written(item))
    }

    pub(crate) fn faction_task(
        &self,
        request: FactionTaskRequest,
    ) -> Result<FactionWritten, Failure> {
        let mut edits = Vec::new();
        edits.extend(request.text.map(|text| Edit::Text(TextPart::Body, text)));
        let mut set = |field, value: Option<String>| {
            edits.extend(value.map(|value| Edit::Value(field, value)));
        };
        if let Some(owner) = request
            .owner_id
            .as_deref()
            .filter(|owner| !owner.is_empty())
        {
            user_id(owner)?;
        }
        set(ValueField::Owner, request.owner_id);
        set(ValueField::Due, request.due);
        set(
            ValueField::Status,
            request.status.map(|status| status_name(status).to_owned()),
        );
        if let Some(item) = &request.item_id {
            return self.edit(&request.faction_id, item, &edits);
        }
        let opened = self.opened(&request.faction_id)?;
        let now_ms = self.now_ms();
        let item = self.writing(
            &opened,
            request.target.as_ref(),
            |space, (anchor, readers), _| Ok(space.begin_task(anchor, &edits, &readers, now_ms)?),
        )?;
        Ok(opened.written(item))
    }

    pub(crate) fn faction_tasks(&self, request: FactionRequest) -> Result<FactionTasks, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let space = opened.space();
        self.look(&opened.session, &space, |look| {
            let contents = look.contents()?;
            let mut tasks = tasks(look, &contents, |_| true)?;
            let key = |task: &FactionTask| {
                let is_done = task.status == FactionStatus::Done;
                (is_done, task.due.is_none(), task.due.clone(), task.at_ms)
            };
            tasks.sort_by_key(key);
            Ok(FactionTasks {
                tasks,
                people: look.people()?,
            })
        })
    }

    fn edit(
        &self,
        faction_id: &str,
        item: &str,
        edits: &[Edit],
    ) -> Result<FactionWritten, Failure> {
        let opened = self.opened(faction_id)?;
        let item = item_id(item)?;
        let target = self.target_of_item(&opened, item)?;
        let now_ms = self.now_ms();
        self.writing(&opened, target.as_ref(), |space, (_, readers), keys| {
            Ok(space.edit(item, edits, &readers, keys, now_ms)?)
        })?;
        Ok(opened.written(item))
    }

    /// What a document is about; `None` if about nothing of a council.
    fn target_of_item(
        &self,
        opened: &Opened,
        item: sync_protocol::ids::ItemId,
    ) -> Result<Option<Target>, Failure> {
        let space = opened.space();
        self.look(&opened.session, &space, |look| {
            let view = look.document(item)?.ok_or(ErrorCode::NotFound)?;
            Ok(view.anchor.as_ref().and_then(target_of))
        })
    }

    /// Writes into a space about a target, for whoever may read that.
    fn writing<T>(
        &self,
        opened: &Opened,
        target: Option<&Target>,
        write: impl FnOnce(&mut Space, About, &faction::ClassKeys<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let now_ms = self.now_ms();
        let councils = opened.session.councils(now_ms)?;
        let about = match target {
            Some(target) => {
                let (anchor, readers) = anchor_of(&opened.session, &councils, target)?;
                (Some(anchor), readers)
            }
            None => (None, Readers::Everybody),
        };
        let keys = crate::query::faction::OpenKeys::new(&opened.session.vault, &councils, now_ms);
        let class_keys = |council, audience, epoch| keys.key(council, audience, epoch);
        write(&mut opened.space(), about, &class_keys)
    }
}

/// What is about one thing of the council; `None` if it is not of this space's council.
fn at_target(
    look: &Look<'_>,
    card: FactionCard,
    target: &Target,
) -> Result<Option<FactionTopic>, Failure> {
    let (id, kind) = (object_id(&target.id)?, target.kind);
    let Some(council) = look.council() else {
        return Ok(None);
    };
    let is_here = match kind {
        TargetKind::Meeting => council.store.meeting(id)?.is_some(),
        TargetKind::AgendaItem => council.store.agenda_item(id)?.is_some(),
        TargetKind::Paper => council.store.paper(id)?.is_some(),
        TargetKind::File => council.store.file(id)?.is_some(),
    };
    if !is_here {
        return Ok(None);
    }
    let objects = shown_at(&council.store, kind, id)?;
    let contents = look.contents()?;
    let is_about_it = |outline: &Outline| {
        let anchor = outline.anchor.as_ref();
        anchor.is_some_and(|anchor| objects.contains(&anchor.object))
    };
    let anchor = Anchor {
        council: council.record.council,
        kind: kind_number(kind),
        object: id,
    };
    let position = (kind == TargetKind::AgendaItem)
        .then(|| look.position(&anchor))
        .transpose()?;
    let mut shares = Vec::new();
    for said in &contents.shares {
        if objects.contains(&said.copy.anchor.object) {
            shares.extend(look.share(said, &contents.waiting)?);
        }
    }
    shares.sort_by_key(|share| share.at_ms);
    Ok(Some(FactionTopic {
        card,
        people: look.people()?,
        position,
        threads: look.threads(&contents, is_about_it)?,
        shares,
        tasks: tasks(look, &contents, is_about_it)?,
    }))
}

/// What is about nothing of the council: talk and tasks of the space itself.
fn general(look: &Look<'_>, card: FactionCard) -> Result<FactionTopic, Failure> {
    let contents = look.contents()?;
    let is_general = |outline: &Outline| outline.anchor.is_none();
    Ok(FactionTopic {
        card,
        people: look.people()?,
        position: None,
        threads: look.threads(&contents, is_general)?,
        shares: Vec::new(),
        tasks: tasks(look, &contents, is_general)?,
    })
}

/// Tasks of `chosen`, the oldest first.
pub(super) fn tasks(
    look: &Look<'_>,
    contents: &Contents,
    chosen: impl Fn(&Outline) -> bool,
) -> Result<Vec<FactionTask>, Failure> {
    let mut tasks = Vec::new();
    for outline in &contents.outlines {
        if outline.kind == DocumentKind::Task && chosen(outline) {
            tasks.extend(look.task(outline, &contents.waiting)?);
        }
    }
    tasks.sort_by_key(|task| task.at_ms);
    Ok(tasks)
}
