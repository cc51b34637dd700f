//! Finding the body that is meant: from the address of a system, a list of bodies or a body.

use std::collections::BTreeSet;

use serde_json::Value;

use super::address::{absolute, authority, path_of};
use super::client::{Answer, Link, parse};
use super::read::{is_a, reference, text, values};
use super::{OparlError, OparlRequest};
use crate::error::ServerError;
use crate::store::Store;
use crate::store::mirror::{Validators, sources};

/// All lists are read without a filter this often: not every portal dates every change. Milliseconds.
const FULL_WALK_EVERY_MS: i64 = 7 * crate::clock::DAY_MS;

/// A body, and the address under which it was found.
pub(crate) struct FoundBody {
    pub value: Value,
    pub url: String,
}

/// The body that the request means.
pub(crate) async fn find(link: &Link, request: &OparlRequest) -> Result<FoundBody, OparlError> {
    if parse(&request.url).is_none() {
        return Err(OparlError::BadAddress(request.url.clone()));
    }
    let unreachable = |url: &str, reason: String| OparlError::Unreachable(url.to_owned(), reason);
    let first = link.json(&request.url, &Validators::default()).await;
    let Answer::New(first, _) = first.map_err(|f| unreachable(&request.url, f.reason))? else {
        return Err(unreachable(&request.url, "Antwort 304".to_owned()));
    };
    if is_a(&first, "Body") {
        let own = text(&first, "id").unwrap_or_else(|| request.url.clone());
        let url = absolute(&own, &request.url);
        return Ok(FoundBody { value: first, url });
    }
    let bodies = bodies(link, request, &first).await?;
    let wanted = request.body.as_ref().map(|name| name.to_lowercase());
    let fits = |body: &&FoundBody| {
        let name = text(&body.value, "name").unwrap_or_default().to_lowercase();
        wanted.as_ref().is_none_or(|wanted| name.contains(wanted))
    };
    let mut fitting: Vec<&FoundBody> = bodies.iter().filter(fits).collect();
    match (fitting.pop(), fitting.is_empty()) {
        (Some(body), true) => Ok(FoundBody {
            value: body.value.clone(),
            url: body.url.clone(),
        }),
        (Some(_), false) => {
            let names: Vec<String> = bodies
                .iter()
                .filter_map(|b| text(&b.value, "name"))
                .collect();
            Err(OparlError::SeveralBodies(names.join(" · ")))
        }
        (None, _) => Err(OparlError::NotOparl(request.url.clone())),
    }
}

/// The bodies of a system, or of a list of bodies.
async fn bodies(
    link: &Link,
    request: &OparlRequest,
    first: &Value,
) -> Result<Vec<FoundBody>, OparlError> {
    let mut bodies = Vec::new();
    let mut elements: Vec<(Value, String)> = Vec::new();
    let mut next = if is_a(first, "System") || first.get("body").is_some() {
        for value in values(first, "body").into_iter().filter(|v| v.is_object()) {
            elements.push((value.clone(), request.url.clone()));
        }
        text(first, "body").map(|list| absolute(&list, &request.url))
    } else if first.get("data").is_some() || first.is_array() {
        Some(request.url.clone())
    } else {
        None
    };
    let mut seen = BTreeSet::new();
    while let Some(url) = next.take().filter(|url| seen.insert(url.clone())) {
        let page = match link.json(&url, &Validators::default()).await {
            Ok(Answer::New(page, _)) => page,
            Ok(Answer::Unchanged) => break,
            Err(failure) => return Err(OparlError::Unreachable(url, failure.reason)),
        };
        next = super::lists::next_of(&page, &url);
        elements.extend(
            super::lists::elements_of(page)
                .unwrap_or_default()
                .into_iter()
                .map(|element| (element, url.clone())),
        );
    }
    for (element, base) in elements {
        let Some(id) = reference(&element) else {
            continue;
        };
        let url = absolute(&id, &base);
        let value = match element {
            Value::Object(_) => element,
            _ => match link.json(&url, &Validators::default()).await {
                Ok(Answer::New(body, _)) => body,
                Ok(Answer::Unchanged) => continue,
                Err(failure) => return Err(OparlError::Unreachable(url, failure.reason)),
            },
        };
        bodies.push(FoundBody { value, url });
    }
    Ok(bodies)
}

/// The source of a body: made if it is new.
pub(crate) fn source_of(
    store: &Store,
    body: &FoundBody,
    request: &OparlRequest,
) -> Result<sources::SourceRow, ServerError> {
    let home = authority(&body.url);
    let path = path_of(&body.url, &home);
    let name = format!("oparl:{home}{path}");
    Ok(store.write(|tx| sources::ensure(tx, &name, &request.url, &path, &home))?)
}

/// Whether the time has come to read all lists without a filter.
pub(crate) fn wants_full_walk(source: &sources::SourceRow, now_at_ms: i64) -> bool {
    now_at_ms - source.full_walk_at_ms >= FULL_WALK_EVERY_MS
}
