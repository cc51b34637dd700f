//! Everything that was said in a space and can be read, each thing once: what news and searching choose from. What the page is given
//! of it is made for those alone that were chosen.

use std::borrow::Cow;
use std::sync::Arc;

use faction::{Anchor, DocumentKind};
use sync_protocol::ids::{ItemId, ObjectId, UserId};

use crate::dto::*;
use crate::error::Failure;
use crate::faction::{TextKey, TextSource};
use crate::query::Stand;
use crate::query::faction::{Contents, Look, target_of};

/// Letters of an entry's beginning.
const BEGINNING: usize = 240;

/// Something that was said.
pub(super) struct Entry {
    pub(super) kind: FactionEntryKind,
    pub(super) item: ItemId,
    /// Who was the last to say something about it.
    pub(super) author: UserId,
    pub(super) at_ms: i64,
    pub(super) is_new: bool,
    is_mentioning: bool,
    pub(super) anchor: Option<Anchor>,
    pub(super) stand: Option<Arc<Stand>>,
    /// `None`: about something that may not be read here.
    pub(super) source: Option<TextSource>,
}

impl Entry {
    /// All of its text.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match &self.source {
            Some(TextSource::Share(said)) => {
                let quote = said.copy.mark.as_ref().and_then(|mark| mark.quote.as_ref());
                Cow::Borrowed(match (said.copy.text.is_empty(), quote) {
                    (true, Some(quote)) => quote,
                    _ => &said.copy.text,
                })
            }
            Some(TextSource::Document(reading)) => {
                let mut texts = reading.texts.values();
                match (texts.next(), texts.next()) {
                    (None, _) => Cow::Borrowed(""),
                    (Some(one), None) => Cow::Borrowed(one),
                    (Some(one), Some(other)) => {
                        let mut whole = format!("{one}\n{other}");
                        texts.for_each(|text| {
                            whole.push('\n');
                            whole.push_str(text);
                        });
                        Cow::Owned(whole)
                    }
                }
            }
            None => Cow::Borrowed(""),
        }
    }

    /// Under which it is searched; `None` for what was opened with a class key, and for what is closed.
    pub(super) fn key(&self) -> Option<TextKey> {
        match self.source.as_ref()? {
            TextSource::Share(said) => (!said.is_sealed).then_some((self.item, Some(said.author))),
            TextSource::Document(reading) => (!reading.is_sealed).then_some((self.item, None)),
        }
    }

    /// The page that it stands on, from 0.
    pub(super) fn page(&self) -> Option<u32> {
        match &self.source {
            Some(TextSource::Share(said)) => said.copy.mark.as_ref().map(|mark| mark.page),
            Some(TextSource::Document(_)) | None => None,
        }
    }

    /// The meeting that it belongs to.
    pub(super) fn meeting(&self) -> Option<ObjectId> {
        self.stand.as_ref()?.placed.as_ref()?.meeting
    }

    /// As the page is given it.
    pub(super) fn border(&self) -> FactionEntry {
        let target = self.anchor.as_ref().and_then(target_of);
        let placed = self.stand.as_ref().and_then(|stand| stand.placed.as_ref());
        let file = target
            .as_ref()
            .filter(|target| target.kind == TargetKind::File);
        FactionEntry {
            kind: self.kind,
            item_id: self.item.to_string(),
            author_id: self.author.to_string(),
            at_ms: self.at_ms,
            text: self.text().chars().take(BEGINNING).collect(),
            new: self.is_new,
            mentions_me: self.is_mentioning,
            file_id: file.map(|target| target.id.clone()),
            label: placed.map(|placed| placed.label.clone()),
            meeting_id: self.meeting().map(|id| id.to_string()),
            agenda_item_id: placed
                .and_then(|placed| placed.agenda_item)
                .map(|id| id.to_string()),
            page: self.page(),
            target,
        }
    }
}

/// Everything that was said and can be read, in no order.
pub(super) fn entries(look: &Look<'_>, contents: Contents) -> Result<Vec<Entry>, Failure> {
    look.space.read_if_much()?;
    let arrivals = look.space.arrivals()?;
    let own = look.space.user();
    let mut entries = Vec::new();
    let make = |kind, item: ItemId, author, at_ms: i64, anchor: Option<Anchor>, source| {
        let arrival = arrivals.get(&item);
        let stand = match &anchor {
            Some(anchor) => look.stand(anchor)?,
            None => None,
        };
        Ok::<_, Failure>(Entry {
            kind,
            item,
            author: arrival.map_or(author, |one| one.author),
            at_ms: arrival.map_or(at_ms, |one| one.at_ms.max(at_ms)),
            is_new: arrival.is_some_and(|one| one.is_new),
            is_mentioning: false,
            anchor,
            stand,
            source,
        })
    };
    for said in contents.shares {
        entries.push(make(
            FactionEntryKind::Share,
            said.item,
            said.author,
            said.copy.at_ms,
            Some(said.copy.anchor),
            Some(TextSource::Share(said)),
        )?);
    }
    for (item, author) in contents.closed {
        let kind = FactionEntryKind::Closed;
        entries.push(make(kind, item, author, 0, None, None)?);
    }
    for outline in contents.outlines {
        let kind = match outline.kind {
            DocumentKind::Message => FactionEntryKind::Message,
            DocumentKind::Position => FactionEntryKind::Position,
            DocumentKind::Task => FactionEntryKind::Task,
            // Of a later version: kept, and told by the card.
            DocumentKind::Unknown(_) => continue,
        };
        let mut entry = make(
            kind,
            outline.item,
            outline.author,
            outline.at_ms,
            outline.anchor,
            Some(TextSource::Document(look.reading(&outline)?)),
        )?;
        entry.is_mentioning = outline.mentions.contains(&own);
        entries.push(entry);
    }
    Ok(entries)
}
