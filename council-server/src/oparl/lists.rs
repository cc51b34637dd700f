//! Reading an external list page by page over `links.next`, with the filter that increments need and without trusting
//! that it is honoured.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use sync_protocol::ids::Hash;

use super::address::{absolute, has_parameter, with_parameter, without_parameter};
use super::client::Answer;
use super::patience::Failure;
use super::read::{reference, text};
use super::report::ListReport;
use super::shape::Kind;
use super::walk::Walk;
use crate::clock::DAY_MS;
use crate::error::ServerError;
use crate::store::mirror::Validators;
use crate::store::mirror::objects::Origin;
use crate::store::mirror::pages::{self, PageRow};

/// Most pages of one list; more than that is a server that leads in circles.
const MAX_PAGES: usize = 20_000;
/// How far the filter reaches back before the last walk: clocks differ, and so do ideas of time zones. Milliseconds.
const OVERLAP_MS: i64 = DAY_MS;
const FILTER: &str = "modified_since";

/// The elements of a page; `None` where it is no list.
pub(crate) fn elements_of(page: Value) -> Option<Vec<Value>> {
    match page {
        Value::Array(elements) => Some(elements),
        Value::Object(mut fields) => match fields.remove("data") {
            Some(Value::Array(elements)) => Some(elements),
            Some(Value::Object(element)) if !element.is_empty() => {
                Some(vec![Value::Object(element)])
            }
            Some(Value::Null | Value::Object(_)) => Some(Vec::new()),
            Some(Value::String(text)) if text.trim().is_empty() => Some(Vec::new()),
            // One object in place of a list of one.
            None if fields.contains_key("id") => Some(vec![Value::Object(fields)]),
            _ => None,
        },
        _ => None,
    }
}

/// The address of the next page.
pub(crate) fn next_of(page: &Value, url: &str) -> Option<String> {
    let next = page.get("links").and_then(|links| text(links, "next"))?;
    Some(absolute(&next, url))
}

/// How the reading of a list ended.
enum End {
    Reached,
    Stopped(String),
    /// The portal refuses the filter.
    FilterRefused,
}

impl Walk<'_> {
    /// Reads a list. What was read before a page failed is kept. Result: whether the end was reached.
    pub(super) async fn list(
        &mut self,
        url: &str,
        kind: Kind,
        title: &str,
    ) -> Result<bool, ServerError> {
        let (store, source) = (self.mirror.store, self.mirror.source);
        let walked_at_ms = store.read(|c| pages::walked_at_ms(c, source, url))?;
        let since = walked_at_ms
            .filter(|_| !self.is_full && !has_parameter(url, FILTER))
            .and_then(|at_ms| DateTime::<Utc>::from_timestamp_millis(at_ms - OVERLAP_MS))
            .map(|since| {
                since
                    .to_rfc3339_opts(SecondsFormat::Secs, false)
                    .replace('+', "%2B")
            });
        let mut list = ListReport {
            address: url.to_owned(),
            is_filtered: since.is_some(),
            ..ListReport::default()
        };
        let mut end = self
            .pages(url, since.as_deref(), kind, title, &mut list)
            .await?;
        if matches!(end, End::FilterRefused) {
            list.is_filtered = false;
            end = self.pages(url, None, kind, title, &mut list).await?;
        }
        list.is_complete = matches!(end, End::Reached);
        if let End::Stopped(reason) = end {
            self.report.problem(url, reason);
        }
        if list.is_complete {
            let now_at_ms = self.mirror.now_at_ms;
            store.write(|tx| pages::set_walked(tx, source, url, now_at_ms))?;
        }
        let is_complete = list.is_complete;
        self.report.lists.push(list);
        Ok(is_complete)
    }

    async fn pages(
        &mut self,
        url: &str,
        since: Option<&str>,
        kind: Kind,
        title: &str,
        list: &mut ListReport,
    ) -> Result<End, ServerError> {
        // Some portals lose the filter on the way to the next page.
        let filtered =
            |url: &str| since.map_or_else(|| url.to_owned(), |s| with_parameter(url, FILTER, s));
        let (mut addresses, mut contents) = (BTreeSet::new(), BTreeSet::new());
        let mut next = Some(filtered(url));
        while let Some(url) = next {
            if addresses.len() >= MAX_PAGES || !addresses.insert(url.clone()) {
                return Ok(End::Stopped("die Liste führt im Kreis".to_owned()));
            }
            let (answer, known) = self.page(&url, since.is_none()).await?;
            let (page, validators) = match answer {
                Ok(Answer::New(page, validators)) => (page, validators),
                Ok(Answer::Unchanged) => {
                    list.pages += 1;
                    next = known.next;
                    continue;
                }
                Err(failure) if since.is_some() && failure.is_answer() => {
                    return Ok(End::FilterRefused);
                }
                Err(failure) => return Ok(End::Stopped(format!("{url}: {}", failure.reason))),
            };
            let after = next_of(&page, &url).map(|after| filtered(&after));
            let Some(elements) = elements_of(page) else {
                if since.is_some() {
                    return Ok(End::FilterRefused);
                }
                return Ok(End::Stopped(format!("{url}: keine Liste")));
            };
            let content = Hash::of(Value::Array(elements.clone()).to_string().as_bytes());
            if !elements.is_empty() && !contents.insert(*content.as_bytes()) {
                return Ok(End::Stopped("die Liste wiederholt sich".to_owned()));
            }
            list.pages += 1;
            list.objects += elements.len();
            self.keep_page(
                elements,
                kind,
                &url,
                validators,
                after.clone(),
                since.is_none(),
            )?;
            (self.progress)(&format!(
                "{title}: Seite {}, {} Einträge",
                list.pages, list.objects
            ));
            next = after;
        }
        Ok(End::Reached)
    }

    /// Asks for a page; conditionally, where it is not filtered and was read before.
    async fn page(
        &self,
        url: &str,
        is_conditional: bool,
    ) -> Result<(Result<Answer<Value>, Failure>, PageRow), ServerError> {
        let known = if is_conditional {
            let source = self.mirror.source;
            self.mirror.store.read(|c| pages::page(c, source, url))?
        } else {
            None
        };
        let known = known.unwrap_or_default();
        let answer = self.link.json(url, &known.validators).await;
        // Some vendors answer 400 to a limit of their own.
        let is_refused = matches!(&answer, Err(failure) if failure.status == Some(400));
        if is_refused && has_parameter(url, "limit") {
            let plain = without_parameter(url, "limit");
            return Ok((self.link.json(&plain, &Validators::default()).await, known));
        }
        Ok((answer, known))
    }

    fn keep_page(
        &mut self,
        elements: Vec<Value>,
        kind: Kind,
        url: &str,
        validators: Validators,
        next: Option<String>,
        is_kept: bool,
    ) -> Result<(), ServerError> {
        let mut fetched = Vec::with_capacity(elements.len());
        let mut named = Vec::new();
        for element in elements {
            match element {
                Value::String(_) => {
                    if let Some(address) = reference(&element) {
                        named.push(self.named(&absolute(&address, url), kind));
                    }
                }
                element => {
                    fetched.extend(self.taken(
                        element,
                        kind,
                        url,
                        Origin::List,
                        Validators::default(),
                    ));
                }
            }
        }
        let source = self.mirror.source;
        // A page of mere addresses says nothing about the objects: it has to be read again.
        let is_kept = is_kept && !validators.is_empty() && named.is_empty();
        self.mirror.keep(fetched, &named, |tx| {
            if is_kept {
                pages::put_page(tx, source, url, &PageRow { validators, next })?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_is_found_in_whatever_it_is_wrapped() {
        let count = |page: Value| elements_of(page).map(|elements| elements.len());
        assert_eq!(count(json!({"data": [1, 2]})), Some(2));
        assert_eq!(count(json!([1])), Some(1));
        assert_eq!(count(json!({"data": {"id": "x"}})), Some(1));
        assert_eq!(count(json!({"id": "x"})), Some(1));
        assert_eq!(count(json!({"data": ""})), Some(0));
        assert_eq!(count(json!({"data": null})), Some(0));
        assert_eq!(count(json!({"message": "x"})), None);
    }
}
