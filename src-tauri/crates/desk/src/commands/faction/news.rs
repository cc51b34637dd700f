//! What is new in a space, and the marks that others have shared on a file.

use std::collections::{BTreeMap, BTreeSet};

use sync::store::CouncilStore;
use sync_protocol::ids::ObjectId;

use super::entries::{Entry, entries};
use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::query::faction::Look;
use crate::query::object_id;

/// Entries of one answer.
const MOST_ENTRIES: usize = 500;

impl Desk {
    pub(crate) fn faction_news(&self, request: FactionNewsRequest) -> Result<FactionNews, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let space = opened.space();
        self.look(&opened.session, &space, |look| {
            let mut news = entries(look, look.contents()?)?;
            let tags: BTreeSet<String> = news.iter().flat_map(|one| tags_of(&one.text())).collect();
            let meetings = meetings(look, &news)?;
            let wished = request.tag.as_ref().map(|tag| tag.to_lowercase());
            let meeting_id = request.meeting_id.as_ref();
            let user_id = request.user_id.as_ref();
            news.retain(|one| {
                let is_at = |id: &String| one.meeting().is_some_and(|held| held.to_string() == *id);
                (!request.new_only || one.is_new)
                    && meeting_id.is_none_or(is_at)
                    && user_id.is_none_or(|user| one.author.to_string() == *user)
                    && wished
                        .as_ref()
                        .is_none_or(|tag| tags_of(&one.text()).contains(tag))
            });
            news.sort_by_key(|one| std::cmp::Reverse(one.at_ms));
            news.truncate(MOST_ENTRIES);
            Ok(FactionNews {
                entries: news.iter().map(Entry::border).collect(),
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

fn meetings(look: &Look<'_>, entries: &[Entry]) -> Result<Vec<FactionMeeting>, Failure> {
    let Some(council) = look.council() else {
        return Ok(Vec::new());
    };
    let named: BTreeSet<ObjectId> = entries.iter().filter_map(Entry::meeting).collect();
    let mut found = BTreeMap::new();
    for id in named {
        if let Some(held) = council.store.meeting(id)? {
            let meeting = FactionMeeting {
                id: id.to_string(),
                start_at_ms: CouncilStore::meeting_start_ms(&held.object),
                name: held.object.name,
            };
            found.insert(id, meeting);
        }
    }
    let mut meetings: Vec<FactionMeeting> = found.into_values().collect();
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
