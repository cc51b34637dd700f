//! Searching what was said in faction spaces. It is held in memory, word by word, since it was first searched.

use search::Query;

use super::entries::{Entry, entries};
use crate::Desk;
use crate::desk::lock;
use crate::dto::*;
use crate::error::Failure;
use crate::faction::HeldSpace;
use crate::query::faction::{Look, OpenKeys, target_of};
use crate::query::faction_hit;
use crate::session::{Council, Session};

/// What was found in spaces.
#[derive(Default)]
pub(crate) struct FactionHits<'a> {
    /// The latest first.
    pub(crate) hits: Vec<(&'a Council, SearchHit)>,
    /// How many there are beside these.
    pub(crate) more: u32,
}

impl Desk {
    /// Hits in all spaces of these councils. No space is opened for it.
    ///
    /// * `most` – so many are told with their words and their place; the others are counted.
    pub(crate) fn faction_hits<'a>(
        &self,
        session: &Session,
        councils: &'a [Council],
        query: &Query,
        most: usize,
        now_ms: i64,
    ) -> Result<FactionHits<'a>, Failure> {
        let mut found = FactionHits::default();
        let Some(factions) = lock(&session.factions).clone() else {
            return Ok(found);
        };
        let keys = OpenKeys::new(&session.vault, councils, now_ms);
        for held in factions.all()? {
            let Some(council) = councils
                .iter()
                .find(|one| one.record.council == held.council)
            else {
                continue;
            };
            let space = lock(&held.space);
            let look = Look {
                space: &space,
                keys: &keys,
                councils,
                now_ms,
            };
            let said = entries(&look, look.contents()?)?;
            drop(space);
            for one in answering(&held, said, query) {
                if found.hits.len() < most {
                    let hit = hit(&held, council, &one, query)?;
                    found.hits.extend(hit.map(|hit| (council, hit)));
                } else if !query.has_row() || query.matches(&one.text()).is_some() {
                    found.more = found.more.saturating_add(1);
                }
            }
        }
        Ok(found)
    }
}

/// What answers, the latest first; with words in a row also some that do not.
fn answering(held: &HeldSpace, mut said: Vec<Entry>, query: &Query) -> Vec<Entry> {
    let mut texts = lock(&held.texts);
    texts.begin(said.len());
    for one in &said {
        if let (Some(key), Some(source)) = (one.key(), &one.source) {
            texts.take(key, source, &one.text());
        }
    }
    let answering = texts.answering(query);
    said.retain(|one| match one.key() {
        Some(key) => answering.contains(&key),
        None => query.matches(&one.text()).is_some(),
    });
    said.sort_by_key(|one| std::cmp::Reverse(one.at_ms));
    said
}

fn hit(
    held: &HeldSpace,
    council: &Council,
    one: &Entry,
    query: &Query,
) -> Result<Option<SearchHit>, Failure> {
    let text = one.text();
    let Some(marks) = query.matches(&text) else {
        return Ok(None);
    };
    let target = one.anchor.as_ref().and_then(target_of);
    let placed = one.stand.as_ref().and_then(|stand| stand.placed.clone());
    let ids = (held.faction.to_string(), one.item.to_string());
    let mut hit = faction_hit(council, ids, (&text, &marks), target, placed)?;
    hit.pages = one.page().into_iter().collect();
    Ok(Some(hit))
}
