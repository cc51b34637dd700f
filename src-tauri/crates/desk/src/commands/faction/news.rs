//! What is new in a space, and the marks that others have shared on a file.

use std::collections::BTreeSet;
use std::sync::Arc;

use sync_protocol::ids::ObjectId;

use super::entries::{Entry, entries};
use crate::Desk;
use crate::desk::lock;
use crate::dto::*;
use crate::error::Failure;
use crate::faction::HeldSpace;
use crate::query::faction::Look;
use crate::query::object_id;

/// Entries of one answer.
const MOST_ENTRIES: usize = 500;

impl Desk {
    pub(crate) fn faction_news(&self, request: FactionNewsRequest) -> Result<FactionNews, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let space = opened.space();
        self.look(&opened.session, &space, |look| {
            let said = entries(look, look.contents()?)?;
            let mut news = with_tags(&opened.held, said);
            let tags: BTreeSet<&String> = news.iter().flat_map(|(_, tags)| tags.iter()).collect();
            let tags = tags.into_iter().cloned().collect();
            let meetings = meetings(look, &news)?;
            let wished = request.tag.as_ref().map(|tag| tag.to_lowercase());
            let meeting_id = request.meeting_id.as_ref();
            let user_id = request.user_id.as_ref();
            news.retain(|(one, tags)| {
                let is_at = |id: &String| one.meeting().is_some_and(|held| held.to_string() == *id);
                (!request.new_only || one.is_new)
                    && meeting_id.is_none_or(is_at)
                    && user_id.is_none_or(|user| one.author.to_string() == *user)
                    && wished.as_ref().is_none_or(|tag| tags.contains(tag))
            });
            news.sort_by_key(|(one, _)| std::cmp::Reverse(one.at_ms));
            news.truncate(MOST_ENTRIES);
            Ok(FactionNews {
                entries: news.iter().map(|(one, _)| one.border()).collect(),
                people: look.people()?,
                meetings,
                tags,
            })
        })
    }

    pub(crate) fn faction_seen(&self, request: FactionRequest) -> Result<FactionCard, Failure> {
        let opened = self.opened(&request.faction_id)?;
        opened.space().mark_seen()?;
        self.card(&opened.session, &opened.held)
    }

    pub(crate) fn faction_layer(
        &self,
        request: FactionLayerRequest,
    ) -> Result<FactionCard, Failure> {
        let opened = self.opened(&request.faction_id)?;
        opened.space().show_layer(request.shown)?;
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
            let space = lock(&held.space);
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

/// An entry with the tags in its text.
type Tagged = (Entry, Arc<[String]>);

fn with_tags(held: &HeldSpace, said: Vec<Entry>) -> Vec<Tagged> {
    let mut kept = lock(&held.tags);
    kept.begin(said.len());
    let read = |one: &Entry| tags_of(&one.text()).into_iter().collect::<Arc<[String]>>();
    said.into_iter()
        .map(|one| {
            let tags = match (one.key(), &one.source) {
                (Some(key), Some(source)) => kept.of(key, source, || read(&one)),
                _ => read(&one),
            };
            (one, tags)
        })
        .collect()
}

/// The meetings that something was said about, the latest first.
fn meetings(look: &Look<'_>, news: &[Tagged]) -> Result<Vec<FactionMeeting>, Failure> {
    let named: BTreeSet<ObjectId> = news.iter().filter_map(|(one, _)| one.meeting()).collect();
    let mut meetings = Vec::new();
    for id in named {
        meetings.extend(look.meeting(id)?);
    }
    meetings.sort_by_key(|meeting| std::cmp::Reverse(meeting.start_at_ms));
    Ok(meetings)
}

/// Words with # before them, in small letters, without the sign.
fn tags_of(text: &str) -> BTreeSet<String> {
    if !text.contains('#') {
        return BTreeSet::new();
    }
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
