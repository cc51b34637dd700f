//! Lists: filters and pages. Pure; it knows ids and times, not what the objects say.
//! A page is found again by the object before it, not by a number: what is withdrawn or added while somebody reads
//! moves no other object over a page's edge.

use chrono::{DateTime, SecondsFormat, Utc};
use sync_protocol::ids::ObjectId;

use super::render::Stamp;

/// Objects of a page where the client does not say how many.
pub(crate) const STANDARD_LIMIT: usize = 100;
/// Most objects of a page; a client that asks for more gets this many.
pub(crate) const MAX_LIMIT: usize = 500;

/// A parameter whose value cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadParameter(pub &'static str);

/// What a client wants of a list. Times in ms UTC, both ends included. Source: OParl 1.1, chapter 2.5.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub created_since: Option<i64>,
    pub created_until: Option<i64>,
    pub modified_since: Option<i64>,
    pub modified_until: Option<i64>,
    pub limit: Option<usize>,
    pub omit_internal: bool,
    /// The last object of the page before.
    pub after: Option<ObjectId>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub ids: Vec<ObjectId>,
    pub total: usize,
    pub limit: usize,
    /// From 1.
    pub number: usize,
    pub pages: usize,
    /// The cursors of the neighbouring pages; outside `None`: no such page; inside `None`: the first one.
    pub prev: Option<Option<ObjectId>>,
    pub next: Option<ObjectId>,
    pub last: Option<ObjectId>,
}

impl Wish {
    /// Reads the parameters of a list; unknown ones are ignored.
    ///
    /// Errors: the first parameter that is twice there or has no readable value.
    pub(crate) fn read(parameters: &[(String, String)]) -> Result<Self, BadParameter> {
        let one = |name: &'static str| {
            let mut values = parameters.iter().filter(|(n, _)| n == name);
            match (values.next(), values.next()) {
                (value, None) => Ok(value.map(|(_, v)| v.as_str())),
                _ => Err(BadParameter(name)),
            }
        };
        let moment = |name| {
            one(name)?
                .map(|text| at_ms(text).ok_or(BadParameter(name)))
                .transpose()
        };
        let limit = match one("limit")?.map(str::parse::<usize>) {
            None => None,
            Some(Ok(limit)) if limit > 0 => Some(limit.min(MAX_LIMIT)),
            Some(_) => return Err(BadParameter("limit")),
        };
        let omit_internal = match one("omit_internal")? {
            Some("true") => true,
            None | Some("false") => false,
            Some(_) => return Err(BadParameter("omit_internal")),
        };
        let after = match one("after")?.map(str::parse::<ObjectId>) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return Err(BadParameter("after")),
        };
        Ok(Self {
            created_since: moment("created_since")?,
            created_until: moment("created_until")?,
            modified_since: moment("modified_since")?,
            modified_until: moment("modified_until")?,
            limit,
            omit_internal,
            after,
        })
    }

    /// The query of a page of the same list, in one fixed order; empty where nothing is asked.
    pub(crate) fn query(&self, after: Option<&ObjectId>) -> String {
        let moment = |at_ms: i64| {
            let at = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
            let text = at.to_rfc3339_opts(SecondsFormat::AutoSi, false);
            text.replace(':', "%3A").replace('+', "%2B")
        };
        let parts = [
            self.created_since
                .map(|at| format!("created_since={}", moment(at))),
            self.created_until
                .map(|at| format!("created_until={}", moment(at))),
            self.modified_since
                .map(|at| format!("modified_since={}", moment(at))),
            self.modified_until
                .map(|at| format!("modified_until={}", moment(at))),
            self.limit.map(|limit| format!("limit={limit}")),
            self.omit_internal.then(|| "omit_internal=true".to_owned()),
            after.map(|id| format!("after={id}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!("?{}", parts.join("&"))
        }
    }

    /// Whether an object belongs into the list. Times are shown in whole seconds, so the end of a span includes the
    /// second that it names; what is withdrawn belongs only to those who ask what has changed.
    pub(crate) fn takes(&self, stamp: &Stamp) -> bool {
        let within = |at: i64, since: Option<i64>, until: Option<i64>| {
            since.is_none_or(|since| at >= since)
                && until.is_none_or(|until| at.div_euclid(1000) * 1000 <= until)
        };
        within(stamp.created_at_ms, self.created_since, self.created_until)
            && within(
                stamp.modified_at_ms,
                self.modified_since,
                self.modified_until,
            )
            && (!stamp.is_withdrawn || self.modified_since.is_some())
    }
}

/// A full date and time. A plus sign that nobody encoded arrives as a space.
fn at_ms(text: &str) -> Option<i64> {
    let at = DateTime::parse_from_rfc3339(&text.replace(' ', "+")).ok()?;
    Some(at.timestamp_millis())
}

/// The page of `wish` in a list. `order`: all objects of the kind, withdrawn ones included, in their fixed order.
///
/// Errors: `after` names no object of this list.
pub(crate) fn page<'a>(
    wish: &Wish,
    order: impl IntoIterator<Item = (&'a ObjectId, &'a Stamp)>,
) -> Result<Page, BadParameter> {
    let limit = wish.limit.unwrap_or(STANDARD_LIMIT);
    let mut ids = Vec::new();
    let mut start = wish.after.is_none().then_some(0);
    for (id, stamp) in order {
        if wish.takes(stamp) {
            ids.push(*id);
        }
        if wish.after == Some(*id) {
            start = Some(ids.len());
        }
    }
    let start = start.ok_or(BadParameter("after"))?;
    let before = |index: usize| index.checked_sub(1).and_then(|i| ids.get(i)).copied();
    let end = start.saturating_add(limit).min(ids.len());
    let pages = ids.len().div_ceil(limit).max(1);
    Ok(Page {
        ids: ids.get(start..end).unwrap_or_default().to_vec(),
        total: ids.len(),
        limit,
        number: start.div_ceil(limit) + 1,
        pages,
        prev: (start > 0).then(|| before(start.saturating_sub(limit))),
        next: if end < ids.len() { before(end) } else { None },
        last: before((pages - 1) * limit),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::oparl_out::kind::Kind;

    fn id(number: u8) -> ObjectId {
        ObjectId::from_bytes([number; 16])
    }

    fn list(numbers: std::ops::Range<u8>) -> BTreeMap<ObjectId, Stamp> {
        let stamp = |at_ms| Stamp {
            kind: Kind::Paper,
            created_at_ms: at_ms,
            modified_at_ms: at_ms,
            is_withdrawn: false,
        };
        numbers
            .map(|n| (id(n), stamp(i64::from(n) * 1000)))
            .collect()
    }

    fn read(text: &str) -> Result<Wish, BadParameter> {
        let pairs: Vec<(String, String)> = text
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Wish::read(&pairs)
    }

    #[test]
    fn pages_hold_everything_once_even_while_the_list_changes() {
        let mut all = list(0..10);
        let mut wish = read("limit=3").unwrap();
        let first = page(&wish, &all).unwrap();
        assert_eq!(
            (first.total, first.pages, first.number, first.prev),
            (10, 4, 1, None)
        );
        all.get_mut(&id(1)).unwrap().is_withdrawn = true;
        all.get_mut(&id(2)).unwrap().is_withdrawn = true;
        all.extend(list(10..12));
        let mut seen = first.ids.clone();
        wish.after = first.next;
        while wish.after.is_some() {
            let next = page(&wish, &all).unwrap();
            seen.extend(&next.ids);
            wish.after = next.next;
        }
        let expected: Vec<ObjectId> = (0..12).map(id).collect();
        assert_eq!(seen, expected, "nothing twice, nothing lost");
    }

    #[test]
    fn neighbours_and_the_last_page_are_named() {
        let all = list(0..7);
        let mut wish = read("limit=3").unwrap();
        let first = page(&wish, &all).unwrap();
        assert_eq!((first.next, first.last), (Some(id(2)), Some(id(5))));
        wish.after = first.next;
        let second = page(&wish, &all).unwrap();
        assert_eq!((second.prev, second.number), (Some(None), 2));
        wish.after = second.next;
        let third = page(&wish, &all).unwrap();
        assert_eq!((third.prev, third.next), (Some(Some(id(2))), None));
        assert_eq!(third.ids, [id(6)]);
        let empty = page(&Wish::default(), &BTreeMap::new()).unwrap();
        assert_eq!((empty.total, empty.pages, empty.last), (0, 1, None));
    }

    #[test]
    fn spans_include_both_ends_in_whole_seconds() {
        let mut stamp = *list(5..6).values().next().unwrap();
        stamp.modified_at_ms = 5_400;
        for (query, expected) in [
            ("modified_since=1970-01-01T00:00:05+00:00", true),
            ("modified_since=1970-01-01T00:00:06+00:00", false),
            ("modified_until=1970-01-01T00:00:05+00:00", true),
            ("modified_until=1970-01-01T00:00:04+00:00", false),
            ("created_since=1970-01-01T01:00:05 01:00", true),
            ("created_until=1970-01-01T00:00:04Z", false),
        ] {
            assert_eq!(read(query).unwrap().takes(&stamp), expected, "{query}");
        }
        stamp.is_withdrawn = true;
        assert!(
            !Wish::default().takes(&stamp),
            "what is withdrawn is not listed"
        );
        assert!(
            read("modified_since=1970-01-01T00:00:00Z")
                .unwrap()
                .takes(&stamp)
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (query, name) in [
            ("modified_since=2026-01-01", "modified_since"),
            ("created_until=gestern", "created_until"),
            ("limit=0", "limit"),
            ("limit=-1", "limit"),
            ("limit=3&limit=4", "limit"),
            ("omit_internal=ja", "omit_internal"),
            ("after=12", "after"),
        ] {
            assert_eq!(read(query), Err(BadParameter(name)), "{query}");
        }
        let wish = read("limit=9999&omit_internal=true&modified_since=2026-01-01T00:00:00+01:00");
        let wish = wish.unwrap();
        assert_eq!(wish.limit, Some(MAX_LIMIT));
        assert_eq!(
            wish.query(None),
            "?modified_since=2025-12-31T23%3A00%3A00%2B00%3A00&limit=500&omit_internal=true"
        );
        assert_eq!(
            page(
                &Wish {
                    after: Some(id(9)),
                    ..wish
                },
                &list(0..3)
            ),
            Err(BadParameter("after"))
        );
    }
}
