//! What a faction space shows beside the council's own things: its people, and what is said about an agenda item, a paper, a file.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use faction::{
    Anchor, DocumentKind, DocumentView, FactionError, Outline, Reading, Said, Shown, Space,
    TextPart, ValueField,
};
use sync::store::{CouncilStore, StoreError};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::faction::device::DeviceKind;
use sync_protocol::faction::link::Role;
use sync_protocol::ids::{AudienceId, CouncilId, ItemId, ObjectId, UserId};
use sync_protocol::model::ObjectKind;
use vault::Vault;

use super::Placed;
use super::note_places::Stand;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::session::Council;

/// Colours that people's marks can have.
const COLOURS: usize = 8;

/// Class keys of what may be read now, and no others.
pub(crate) struct OpenKeys<'a> {
    vault: &'a Vault,
    readable: HashSet<(CouncilId, AudienceId)>,
}

impl<'a> OpenKeys<'a> {
    pub(crate) fn new(vault: &'a Vault, councils: &[Council], now_ms: i64) -> Self {
        let mut readable = HashSet::new();
        for council in councils {
            let time_ms = council
                .store
                .stand()
                .map_or(now_ms, |stand| now_ms.max(stand.head_issued_at_ms));
            let rows = council.store.audiences().into_iter();
            let open = rows.filter(|row| row.is_readable_at(time_ms));
            readable.extend(open.map(|row| (council.record.council, row.audience)));
        }
        Self { vault, readable }
    }

    pub(crate) fn key(
        &self,
        council: CouncilId,
        audience: AudienceId,
        epoch: KeyEpoch,
    ) -> Option<ClassKey> {
        let is_readable = self.readable.contains(&(council, audience));
        is_readable.then(|| self.vault.keyring().class_key(council, audience, epoch))?
    }
}

/// A space with the keys of what may be read, for one answer.
pub(crate) struct Look<'a> {
    pub(crate) space: &'a Space,
    pub(crate) keys: &'a OpenKeys<'a>,
    pub(crate) councils: &'a [Council],
    pub(crate) now_ms: i64,
}

/// Everything that can be read of a space, without what was written in documents.
pub(crate) struct Contents {
    pub(crate) shares: Vec<Arc<Said>>,
    pub(crate) outlines: Vec<Arc<Outline>>,
    /// Ids and authors of what is about something that may not be read here.
    pub(crate) closed: Vec<(ItemId, UserId)>,
    pub(crate) waiting: BTreeSet<ItemId>,
}

impl Look<'_> {
    fn class_key(&self) -> impl Fn(CouncilId, AudienceId, KeyEpoch) -> Option<ClassKey> + '_ {
        |council, audience, epoch| self.keys.key(council, audience, epoch)
    }

    pub(crate) fn contents(&self) -> Result<Contents, FactionError> {
        let keys = self.class_key();
        let (mut shares, mut closed) = (Vec::new(), Vec::new());
        for shown in self.space.shares(&keys)? {
            match shown {
                Shown::Open(said) => shares.push(said),
                Shown::Closed(one) => closed.push((one.item, one.author)),
            }
        }
        let (outlines, closed_documents) = self.space.outlines(&keys)?;
        closed.extend(
            closed_documents
                .into_iter()
                .map(|one| (one.item, one.author)),
        );
        Ok(Contents {
            shares,
            outlines,
            closed,
            waiting: self.space.waiting_items()?,
        })
    }

    /// A document; `None` if it cannot be read after all.
    pub(crate) fn document(&self, item: ItemId) -> Result<Option<DocumentView>, FactionError> {
        match self.space.document(item, &self.class_key()) {
            Ok(view) => Ok(Some(view)),
            Err(FactionError::NoSuchItem) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn council(&self) -> Option<&Council> {
        let id = self.space.council();
        self.councils.iter().find(|one| one.record.council == id)
    }

    /// What stands in a document of [`Self::contents`].
    pub(crate) fn reading(&self, outline: &Outline) -> Result<Arc<Reading>, FactionError> {
        self.space.reading(outline, &self.class_key())
    }

    /// Where an anchor stands among the council's things; `None` if it is not on this device.
    pub(crate) fn placed(&self, anchor: &Anchor) -> Result<Option<Placed>, StoreError> {
        let stand = self.stand(anchor)?;
        Ok(stand.and_then(|stand| stand.placed.clone()))
    }

    /// As [`Self::placed`], as it was looked up before; `None` also for what the page does not know.
    pub(crate) fn stand(&self, anchor: &Anchor) -> Result<Option<Arc<Stand>>, StoreError> {
        let council = self
            .councils
            .iter()
            .find(|one| one.record.council == anchor.council);
        let (Some(council), Some(kind)) = (council, target_kind(anchor)) else {
            return Ok(None);
        };
        let key = notes::TargetKey {
            council: anchor.council,
            kind,
            object: anchor.object,
        };
        let mut places = council.facts.note_places(self.now_ms);
        places.stand(&council.store, key, self.now_ms).map(Some)
    }

    /// A meeting of the space's council as it was looked up before; `None` if it is not on this device.
    pub(crate) fn meeting(&self, id: ObjectId) -> Result<Option<FactionMeeting>, StoreError> {
        let Some(council) = self.council() else {
            return Ok(None);
        };
        let mut places = council.facts.note_places(self.now_ms);
        let found = places.meeting(&council.store, id)?;
        Ok(found.meeting.as_ref().map(|meeting| FactionMeeting {
            id: id.to_string(),
            start_at_ms: meeting.start_at_ms,
            name: meeting.name.clone(),
        }))
    }

    pub(crate) fn people(&self) -> Result<Vec<FactionPerson>, FactionError> {
        let own = self.space.user();
        let mut people: Vec<FactionPerson> = self
            .space
            .members()?
            .into_iter()
            .enumerate()
            .map(|(turn, member)| FactionPerson {
                user_id: member.user.to_string(),
                name: member.name,
                role: border_role(member.role),
                own: member.user == own,
                gone: !member.is_present,
                colour: u32::try_from(turn % COLOURS).unwrap_or_default(),
                devices: member
                    .devices
                    .into_iter()
                    .map(|device| FactionDevice {
                        device_id: device.device.to_string(),
                        name: device.name,
                        paper: device.kind == DeviceKind::Paper,
                        own: device.device == self.space.device(),
                        gone: false,
                        fingerprint: device.fingerprint.to_display(),
                    })
                    .collect(),
            })
            .collect();
        people.sort_by_key(|person| {
            (
                person.gone,
                person.name.as_ref().map(|name| name.to_lowercase()),
            )
        });
        Ok(people)
    }

    /// The position on an agenda item as it reads now, also if nobody has begun it.
    pub(crate) fn position(&self, anchor: &Anchor) -> Result<FactionPosition, FactionError> {
        let item = self.space.position_of(anchor);
        let Some(view) = self.document(item)? else {
            return Ok(FactionPosition {
                item_id: None,
                recommendation: String::new(),
                arguments: String::new(),
                status: FactionStatus::Draft,
                speakers: Vec::new(),
                incomplete: false,
            });
        };
        Ok(FactionPosition {
            item_id: Some(item.to_string()),
            recommendation: text(&view, TextPart::Recommendation),
            arguments: text(&view, TextPart::Arguments),
            status: status(&view),
            speakers: view.speakers.iter().map(UserId::to_string).collect(),
            incomplete: view.unmerged > 0,
        })
    }

    pub(crate) fn task(
        &self,
        outline: &Outline,
        waiting: &BTreeSet<ItemId>,
    ) -> Result<Option<FactionTask>, Failure> {
        let Some(view) = self.document(outline.item)? else {
            return Ok(None);
        };
        let value = |field| {
            view.values
                .get(&field)
                .filter(|value| !value.is_empty())
                .cloned()
        };
        let placed = match &outline.anchor {
            Some(anchor) => self.placed(anchor)?,
            None => None,
        };
        Ok(Some(FactionTask {
            item_id: outline.item.to_string(),
            author_id: outline.author.to_string(),
            at_ms: outline.at_ms,
            text: text(&view, TextPart::Body),
            owner_id: value(ValueField::Owner),
            due: value(ValueField::Due),
            status: status(&view),
            target: outline.anchor.as_ref().and_then(target_of),
            label: placed.map(|placed| placed.label),
            unsent: waiting.contains(&outline.item),
        }))
    }

    /// First messages with their answers, oldest first; those of `chosen` alone.
    pub(crate) fn threads(
        &self,
        contents: &Contents,
        chosen: impl Fn(&Outline) -> bool,
    ) -> Result<Vec<FactionMessage>, FactionError> {
        let messages: Vec<&Outline> = contents
            .outlines
            .iter()
            .map(|one| &**one)
            .filter(|one| one.kind == DocumentKind::Message)
            .collect();
        let parents: BTreeMap<ItemId, Option<ItemId>> =
            messages.iter().map(|one| (one.item, one.parent)).collect();
        let mut threads: BTreeMap<ItemId, Vec<&Outline>> = BTreeMap::new();
        let mut firsts = Vec::new();
        for one in messages {
            match first_of(one.item, &parents) {
                first if first == one.item => firsts.push(one),
                first => threads.entry(first).or_default().push(one),
            }
        }
        firsts.retain(|one| chosen(one));
        firsts.sort_by_key(|one| (one.at_ms, one.item));
        let mut shown = Vec::new();
        for first in firsts {
            let mut answers = threads.remove(&first.item).unwrap_or_default();
            answers.sort_by_key(|one| (one.at_ms, one.item));
            let mut said = Vec::new();
            for answer in answers {
                said.extend(self.message(answer, contents, Vec::new())?);
            }
            shown.extend(self.message(first, contents, said)?);
        }
        Ok(shown)
    }

    fn message(
        &self,
        outline: &Outline,
        contents: &Contents,
        answers: Vec<FactionMessage>,
    ) -> Result<Option<FactionMessage>, FactionError> {
        let Some(view) = self.document(outline.item)? else {
            return Ok(None);
        };
        let readers = self.space.readers(outline.item)?;
        Ok(Some(FactionMessage {
            item_id: outline.item.to_string(),
            parent_id: outline.parent.map(|id| id.to_string()),
            author_id: outline.author.to_string(),
            at_ms: outline.at_ms,
            text: text(&view, TextPart::Body),
            mentions: outline.mentions.iter().map(UserId::to_string).collect(),
            unsent: contents.waiting.contains(&outline.item),
            readers: readers.iter().map(UserId::to_string).collect(),
            answers,
        }))
    }

    pub(crate) fn share(
        &self,
        said: &Said,
        waiting: &BTreeSet<ItemId>,
    ) -> Result<Option<FactionShare>, Failure> {
        let Some(target) = target_of(&said.copy.anchor) else {
            return Ok(None);
        };
        let placed = self.placed(&said.copy.anchor)?;
        let mark = match &said.copy.mark {
            Some(mark) => {
                let council = self
                    .councils
                    .iter()
                    .find(|one| one.record.council == said.copy.anchor.council);
                let row = council
                    .map(|council| council.store.file(mark.file))
                    .transpose()?
                    .flatten();
                let is_other = row.is_none_or(|row| row.blob_id != mark.blob);
                Some(super::shared_mark::border(mark, is_other))
            }
            None => None,
        };
        Ok(Some(FactionShare {
            faction_id: self.space.faction().to_string(),
            item_id: said.item.to_string(),
            author_id: said.author.to_string(),
            own: said.author == self.space.user(),
            at_ms: said.copy.at_ms,
            text: said.copy.text.clone(),
            mark,
            target,
            label: placed.map(|placed| placed.label),
            unsent: waiting.contains(&said.item),
        }))
    }
}

/// The first message of the thread that a message belongs to; one whose parent is not here is a first one itself.
fn first_of(item: ItemId, parents: &BTreeMap<ItemId, Option<ItemId>>) -> ItemId {
    let (mut at, mut passed) = (item, BTreeSet::new());
    while let Some(Some(parent)) = parents.get(&at) {
        // Whoever means harm can make messages answer each other.
        if !parents.contains_key(parent) || !passed.insert(at) {
            break;
        }
        at = *parent;
    }
    at
}

pub(crate) fn text(view: &DocumentView, part: TextPart) -> String {
    view.texts.get(&part).cloned().unwrap_or_default()
}

fn status(view: &DocumentView) -> FactionStatus {
    match view.values.get(&ValueField::Status).map(String::as_str) {
        Some("agreed") => FactionStatus::Agreed,
        Some("done") => FactionStatus::Done,
        _ => FactionStatus::Draft,
    }
}

pub(crate) fn status_name(status: FactionStatus) -> &'static str {
    match status {
        FactionStatus::Draft => "draft",
        FactionStatus::Agreed => "agreed",
        FactionStatus::Done => "done",
    }
}

pub(crate) fn border_role(role: Role) -> FactionRole {
    match role {
        Role::Member => FactionRole::Member,
        Role::Staff => FactionRole::Staff,
        Role::Admin => FactionRole::Admin,
    }
}

pub(crate) fn role(role: FactionRole) -> Role {
    match role {
        FactionRole::Member => Role::Member,
        FactionRole::Staff => Role::Staff,
        FactionRole::Admin => Role::Admin,
    }
}

/// The kind of what an anchor names; `None` for one that the page does not know.
fn target_kind(anchor: &Anchor) -> Option<notes::TargetKind> {
    match ObjectKind::from_number(anchor.kind) {
        ObjectKind::Meeting => Some(notes::TargetKind::Meeting),
        ObjectKind::AgendaItem => Some(notes::TargetKind::AgendaItem),
        ObjectKind::Paper => Some(notes::TargetKind::Paper),
        ObjectKind::File => Some(notes::TargetKind::File),
        _ => None,
    }
}

/// An anchor in the words of the border; `None` for a kind that the page does not know.
pub(crate) fn target_of(anchor: &Anchor) -> Option<Target> {
    Some(Target {
        kind: crate::border_marks::target_kind(target_kind(anchor)?),
        id: anchor.object.to_string(),
    })
}

pub(crate) fn kind_number(kind: TargetKind) -> u32 {
    let kind = match kind {
        TargetKind::Meeting => ObjectKind::Meeting,
        TargetKind::AgendaItem => ObjectKind::AgendaItem,
        TargetKind::Paper => ObjectKind::Paper,
        TargetKind::File => ObjectKind::File,
    };
    kind.number()
}

/// The objects whose contributions are shown at a target: itself, and of an agenda item its paper and all files.
///
/// Errors: `not_found`; those of the store.
pub(crate) fn shown_at(
    store: &CouncilStore,
    kind: TargetKind,
    id: ObjectId,
) -> Result<HashSet<ObjectId>, Failure> {
    let mut objects = HashSet::from([id]);
    let add_files = |owner: ObjectId, objects: &mut HashSet<ObjectId>| -> Result<(), StoreError> {
        objects.extend(store.files_of(owner)?.into_iter().map(|(_, row)| row.id()));
        Ok(())
    };
    match kind {
        TargetKind::Meeting | TargetKind::File => {}
        TargetKind::Paper => add_files(id, &mut objects)?,
        TargetKind::AgendaItem => {
            let held = store.agenda_item(id)?.ok_or(ErrorCode::NotFound)?;
            add_files(id, &mut objects)?;
            if let Some(paper) = held.object.paper {
                objects.insert(paper);
                add_files(paper, &mut objects)?;
            }
        }
    }
    Ok(objects)
}
