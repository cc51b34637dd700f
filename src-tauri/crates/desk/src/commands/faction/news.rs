//! What is new in a space, and the marks that others have shared on a file.

use std::collections::{BTreeSet, HashMap};

use faction::{Anchor, DocumentKind, TextPart};
use sync::store::CouncilStore;
use sync_protocol::ids::{ItemId, UserId};

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::query::faction::{Contents, Look, target_of, text};
use crate::query::object_id;

/// Letters of an entry's beginning.
const BEGINNING: usize = 240;
/// Entries of one answer.
const MOST_ENTRIES: usize = 500;

impl Desk {
    pub(crate) fn faction_news(&self, request: FactionNewsRequest) -> Result<FactionNews, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let space = opened.space();
        self.look(&opened.session, &space, |look| {
            let contents = look.contents()?;
            let mut news = entries(look, &contents)?;
            let tags: BTreeSet<String> = news.iter().flat_map(|one| tags_of(&one.whole)).collect();
            let meetings = meetings(look, &news)?;
            let wished = request.tag.as_ref().map(|tag| tag.to_lowercase());
            news.retain(|one| {
                let entry = &one.entry;
                (!request.new_only || entry.new)
                    && (request.meeting_id.is_none() || entry.meeting_id == request.meeting_id)
                    && request
                        .user_id
                        .as_ref()
                        .is_none_or(|user| entry.author_id == *user)
                    && wished
                        .as_ref()
                        .is_none_or(|tag| tags_of(&one.whole).contains(tag))
            });
            news.sort_by_key(|one| std::cmp::Reverse(one.entry.at_ms));
            news.truncate(MOST_ENTRIES);
            Ok(FactionNews {
                entries: news.into_iter().map(|one| one.entry).collect(),
                people: look.people()?,
                meetings,
                tags: tags.into_iter().collect(),
            })
        })
    }

    pub(crate) fn faction_seen(&self, request: FactionRequest) -> Result<FactionCard, Failure> {
        let opened = self.opened(&request.faction_id)?;
        opened.space().mark_seen()?;
        self.card(&opened.session, &opened.held)
    }

    pub(crate) fn faction_marks(
        &self,
        request: FactionMarksRequest,
    ) -> Result<FactionMarks, Failure> {
        let session = self.session()?;
        let factions = self.factions(&session)?;
        let file = object_id(&request.file_id)?;
        let mut marks = FactionMarks {
            shares: Vec::new(),
            people: Vec::new(),
        };
        for held in factions.all()? {
            let space = crate::desk::lock(&held.space);
            self.look(&session, &space, |look| {
                let contents = look.contents()?;
                let is_here =
                    |copy: &faction::Copy| copy.mark.as_ref().is_some_and(|mark| mark.file == file);
                let before = marks.shares.len();
                for said in contents.shares.iter().filter(|said| is_here(&said.copy)) {
                    marks.shares.extend(look.share(said, &contents.waiting)?);
                }
                if marks.shares.len() > before {
                    marks.people.extend(look.people()?);
                }
                Ok(())
            })?;
        }
        Ok(marks)
    }
}

/// An entry with all of its text.
pub(super) struct Entry {
    pub(super) entry: FactionEntry,
    pub(super) whole: String,
}

/// Everything that was said and can be read, in no order.
pub(super) fn entries(look: &Look<'_>, contents: &Contents) -> Result<Vec<Entry>, Failure> {
    let arrivals = look.space.arrivals()?;
    let own = look.space.user();
    let mut entries = Vec::new();
    let mut make = |kind,
                    item: ItemId,
                    author: UserId,
                    at_ms: i64,
                    whole: String,
                    at: Option<(&Anchor, Option<u32>)>| {
        let arrival = arrivals.get(&item);
        let placed = match at {
            Some((anchor, _)) => look.placed(anchor)?,
            None => None,
        };
        let target = at.and_then(|(anchor, _)| target_of(anchor));
        let file_id = target
            .as_ref()
            .filter(|target| target.kind == TargetKind::File);
        entries.push(Entry {
            entry: FactionEntry {
                kind,
                item_id: item.to_string(),
                // Who was the last to say something about it.
                author_id: arrival.map_or(author, |one| one.author).to_string(),
                at_ms: arrival.map_or(at_ms, |one| one.at_ms.max(at_ms)),
                text: whole.chars().take(BEGINNING).collect(),
                new: arrival.is_some_and(|one| one.is_new),
                mentions_me: false,
                file_id: file_id.map(|target| target.id.clone()),
                target,
                label: placed.as_ref().map(|placed| placed.label.clone()),
                meeting_id: placed
                    .as_ref()
                    .and_then(|placed| placed.meeting)
                    .map(|id| id.to_string()),
                agenda_item_id: placed
                    .and_then(|placed| placed.agenda_item)
                    .map(|id| id.to_string()),
                page: at.and_then(|(_, page)| page),
            },
            whole,
        });
        Ok::<_, Failure>(())
    };
    for said in &contents.shares {
        let copy = &said.copy;
        let quote = copy.mark.as_ref().and_then(|mark| mark.quote.clone());
        let whole = match (copy.text.is_empty(), quote) {
            (true, Some(quote)) => quote,
            _ => copy.text.clone(),
        };
        let page = copy.mark.as_ref().map(|mark| mark.page);
        make(
            FactionEntryKind::Share,
            said.item,
            said.author,
            copy.at_ms,
            whole,
            Some((&copy.anchor, page)),
        )?;
    }
    for (item, author) in &contents.closed {
        make(
            FactionEntryKind::Closed,
            *item,
            *author,
            0,
            String::new(),
            None,
        )?;
    }
    let mut mentioned = BTreeSet::new();
    for outline in &contents.outlines {
        let kind = match outline.kind {
            DocumentKind::Message => FactionEntryKind::Message,
            DocumentKind::Position => FactionEntryKind::Position,
            DocumentKind::Task => FactionEntryKind::Task,
            // Of a later version: kept, and told by the card.
            DocumentKind::Unknown(_) => continue,
        };
        let Some(view) = look.document(outline.item)? else {
            continue;
        };
        let parts = [
            TextPart::Body,
            TextPart::Recommendation,
            TextPart::Arguments,
        ];
        let texts = parts.into_iter().map(|part| text(&view, part));
        let whole: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        if outline.mentions.contains(&own) {
            mentioned.insert(outline.item.to_string());
        }
        let at = outline.anchor.as_ref().map(|anchor| (anchor, None));
        make(
            kind,
            outline.item,
            outline.author,
            outline.at_ms,
            whole.join("\n"),
            at,
        )?;
    }
    for one in &mut entries {
        one.entry.mentions_me = mentioned.contains(&one.entry.item_id);
    }
    Ok(entries)
}

fn meetings(look: &Look<'_>, entries: &[Entry]) -> Result<Vec<FactionMeeting>, Failure> {
    let mut found = HashMap::new();
    let Some(council) = look.council() else {
        return Ok(Vec::new());
    };
    for id in entries
        .iter()
        .filter_map(|one| one.entry.meeting_id.as_ref())
    {
        if found.contains_key(id) {
            continue;
        }
        if let Some(held) = council.store.meeting(object_id(id)?)? {
            let meeting = FactionMeeting {
                id: id.clone(),
                start_at_ms: CouncilStore::meeting_start_ms(&held.object),
                name: held.object.name,
            };
            found.insert(id.clone(), meeting);
        }
    }
    let mut meetings: Vec<FactionMeeting> = found.into_values().collect();
    meetings.sort_by_key(|meeting| std::cmp::Reverse(meeting.start_at_ms));
    Ok(meetings)
}

/// Words with # before them, in small letters, without the sign.
fn tags_of(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !(letter.is_alphanumeric() || "#_-".contains(letter)))
        .filter_map(|word| word.strip_prefix('#'))
        .map(|tag| tag.trim_matches(['#', '-', '_']).to_lowercase())
        .filter(|tag| !tag.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::tags_of;

    #[test]
    fn a_tag_is_a_word_with_its_sign() {
        let tags =
            tags_of("Siehe #Haushalt-2026, auch (#Radweg). Nicht #1# und C#, aber ##Straße!");
        let tags: Vec<String> = tags.into_iter().collect();
        assert_eq!(tags, ["1", "haushalt-2026", "radweg", "straße"]);
    }
}
