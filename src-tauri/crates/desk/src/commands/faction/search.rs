//! Searching what was said in faction spaces: they are small, so their texts are looked through as they are.

use search::Query;

use super::news::entries;
use crate::Desk;
use crate::desk::lock;
use crate::dto::*;
use crate::error::Failure;
use crate::query::faction::{Look, OpenKeys};
use crate::query::{faction_hit, object_id};
use crate::session::{Council, Session};

impl Desk {
    /// Hits in all spaces of these councils, latest first. No space is opened for it.
    pub(crate) fn faction_hits<'a>(
        &self,
        session: &Session,
        councils: &'a [Council],
        query: &Query,
        now_ms: i64,
    ) -> Result<Vec<(&'a Council, SearchHit)>, Failure> {
        let Some(factions) = lock(&session.factions).clone() else {
            return Ok(Vec::new());
        };
        let keys = OpenKeys::new(&session.vault, councils, now_ms);
        let mut found = Vec::new();
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
            let mut said = entries(&look, &look.contents()?)?;
            said.sort_by_key(|one| std::cmp::Reverse(one.entry.at_ms));
            for one in said {
                let target = one.entry.target.as_ref();
                let anchor =
                    target.map(|target| Ok::<_, Failure>((target.kind, object_id(&target.id)?)));
                let ids = (held.faction.to_string(), one.entry.item_id.clone());
                let hit =
                    faction_hit(council, ids, &one.whole, anchor.transpose()?, query, now_ms)?;
                found.extend(hit.map(|mut hit| {
                    hit.pages = one.entry.page.into_iter().collect();
                    (council, hit)
                }));
            }
        }
        Ok(found)
    }
}
