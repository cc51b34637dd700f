//! The walk through an OParl server: system, body, its lists, then what is named and not known yet. What it finds goes
//! to the mirror; it maps nothing.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::address::{absolute, authority, path_of};
use super::client::{Answer, Link, parse};
use super::mirror::{Fetched, Mirror};
use super::read::{is_a, reference, text, values};
use super::report::OparlReport;
use super::shape::Kind;
use super::split::{Found, Named, Piece, split};
use super::{OparlError, OparlRequest};
use crate::error::ServerError;
use crate::store::Store;
use crate::store::mirror::objects::{self, Origin, State};
use crate::store::mirror::{Validators, sources};

/// Objects fetched at the same time.
const SIDE_BY_SIDE: usize = 4;
/// How many objects are fetched before they are stored.
const BATCH: u32 = 100;
/// All lists are read without a filter this often: not every portal dates every change. Milliseconds.
const FULL_WALK_EVERY_MS: i64 = 7 * crate::clock::DAY_MS;
/// The lists of a body. Source: OParl 1.0 and 1.1, Body.
const LISTS: [(&str, Kind, &str); 9] = [
    ("legislativeTerm", Kind::LegislativeTerm, "Wahlperioden"),
    ("legislativeTermList", Kind::LegislativeTerm, "Wahlperioden"),
    ("organization", Kind::Organization, "Gremien"),
    ("person", Kind::Person, "Personen"),
    ("membership", Kind::Membership, "Mitgliedschaften"),
    ("meeting", Kind::Meeting, "Sitzungen"),
    ("agendaItem", Kind::AgendaItem, "Tagesordnungspunkte"),
    ("paper", Kind::Paper, "Vorlagen"),
    ("consultation", Kind::Consultation, "Beratungen"),
];

/// A body, and the address under which it was found.
pub(crate) struct FoundBody {
    pub value: Value,
    pub url: String,
}

/// What the walk works with.
pub(crate) struct Walk<'a> {
    pub link: &'a Link,
    pub mirror: Mirror<'a>,
    pub report: &'a mut OparlReport,
    pub progress: &'a dyn Fn(&str),
    /// Lists are read without a filter.
    pub is_full: bool,
}

/// The body that the request means.
pub(crate) async fn find_body(
    link: &Link,
    request: &OparlRequest,
) -> Result<FoundBody, OparlError> {
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

impl Walk<'_> {
    /// Reads everything that may be new. What cannot be had is a problem, not an end.
    pub(crate) async fn run(&mut self, body: &FoundBody) -> Result<(), ServerError> {
        let (store, source, now_at_ms) =
            (self.mirror.store, self.mirror.source, self.mirror.now_at_ms);
        store.write(|tx| objects::set_all_due(tx, source, self.is_full))?;
        self.keep_one(body.value.clone(), Kind::Body, &body.url, Origin::List)?;
        let mut is_whole = true;
        for (field, kind, title) in LISTS {
            is_whole &= self
                .lists(&body.value, field, kind, title, &body.url)
                .await?;
        }
        if values(&body.value, "meeting").is_empty() {
            is_whole &= self.meetings_of_organizations().await?;
        }
        self.references().await?;
        if is_whole && self.is_full {
            store.write(|tx| sources::set_full_walk(tx, source, now_at_ms))?;
        }
        Ok(())
    }

    /// A field of the body: the address of a list, or objects given in place. Result: whether all of it was read.
    async fn lists(
        &mut self,
        owner: &Value,
        field: &str,
        kind: Kind,
        title: &str,
        base: &str,
    ) -> Result<bool, ServerError> {
        let mut is_whole = true;
        let is_array = owner.get(field).is_some_and(Value::is_array);
        for value in values(owner, field) {
            match value {
                Value::String(address) if is_array => {
                    let url = absolute(address, base);
                    let named = self.named(&url, kind);
                    self.mirror.keep(Vec::new(), &[named], |_| Ok(()))?;
                }
                Value::String(address) => {
                    is_whole &= self.list(&absolute(address, base), kind, title).await?;
                }
                value => self.keep_one(value.clone(), kind, base, Origin::List)?,
            }
        }
        Ok(is_whole)
    }

    /// Some portals list meetings nowhere but in their organizations.
    async fn meetings_of_organizations(&mut self) -> Result<bool, ServerError> {
        let mut organizations = Vec::new();
        self.mirror.store.read(|c| {
            objects::each_present(c, self.mirror.source, Kind::Organization.number(), |row| {
                let json = row.json.unwrap_or_default();
                if let Ok(value) = serde_json::from_slice::<Value>(&json) {
                    organizations.push((value, row.url));
                }
                Ok::<_, ServerError>(())
            })
        })?;
        let mut is_whole = true;
        for (organization, url) in organizations {
            is_whole &= self
                .lists(&organization, "meeting", Kind::Meeting, "Sitzungen", &url)
                .await?;
        }
        Ok(is_whole)
    }

    pub(super) fn named(&self, url: &str, kind: Kind) -> Named {
        Named {
            path: path_of(url, &self.mirror.home),
            url: url.to_owned(),
            kind,
            is_owned: false,
        }
    }

    /// Takes an object apart; one that cannot be taken is a problem.
    pub(super) fn taken(
        &mut self,
        value: Value,
        kind: Kind,
        base: &str,
        origin: Origin,
        validators: Validators,
    ) -> Option<Fetched> {
        let home = self.mirror.home.clone();
        match split(value, kind, Found { base, home: &home }) {
            Ok(pieces) => Some(Fetched {
                pieces,
                origin,
                validators,
            }),
            Err(refused) => {
                self.report.problem(refused.place, refused.reason);
                None
            }
        }
    }

    fn keep_one(
        &mut self,
        value: Value,
        kind: Kind,
        base: &str,
        origin: Origin,
    ) -> Result<(), ServerError> {
        let fetched = self.taken(value, kind, base, origin, Validators::default());
        Ok(self
            .mirror
            .keep(fetched.into_iter().collect(), &[], |_| Ok(()))?)
    }

    /// Fetches what is named and not known, and what may have changed at its own address, until nothing is due.
    async fn references(&mut self) -> Result<(), ServerError> {
        let (store, source) = (self.mirror.store, self.mirror.source);
        let mut asked = BTreeSet::new();
        loop {
            let mut due = store.read(|c| objects::due(c, source, BATCH))?;
            if due.is_empty() {
                return Ok(());
            }
            // Objects that name each other and change with every answer would be asked for without end.
            let again: Vec<_> = due
                .extract_if(.., |row| !asked.insert(row.path.clone()))
                .collect();
            store.write(|tx| {
                again
                    .iter()
                    .try_for_each(|row| objects::clear_due(tx, source, &row.path))
            })?;
            let link = self.link;
            let jobs = due.into_iter().map(|row| async move {
                let answer = link.json(&row.url, &row.validators).await;
                (row, answer)
            });
            let answers: Vec<_> = stream::iter(jobs)
                .buffer_unordered(SIDE_BY_SIDE)
                .collect()
                .await;
            let mut fetched = Vec::new();
            let mut tried: Vec<(String, Option<String>)> = Vec::new();
            for (row, answer) in answers {
                let problem = match answer {
                    Ok(Answer::Unchanged) => None,
                    Ok(Answer::New(value, validators)) => {
                        self.answered(&row, value, validators, &mut fetched)?
                    }
                    Err(failure) if failure.status == Some(410) && row.state == State::Present => {
                        store.write(|tx| {
                            objects::set_going(tx, source, &row.path, objects::Going::Said)
                        })?;
                        None
                    }
                    Err(failure) => Some(failure.reason),
                };
                tried.push((row.path, problem));
            }
            // Before the objects are kept: keeping one may make another due.
            store.write(|tx| {
                let note = |(path, problem): &(String, Option<String>)| {
                    objects::set_tried(tx, source, path, problem.as_deref())
                };
                tried.iter().try_for_each(note)
            })?;
            self.mirror.keep(fetched, &[], |_| Ok(()))?;
            (self.progress)(&format!("Einzelne Objekte: {}", asked.len()));
        }
    }

    /// What an address answered. Result: why it cannot be used.
    fn answered(
        &mut self,
        row: &objects::ObjectRow,
        value: Value,
        validators: Validators,
        fetched: &mut Vec<Fetched>,
    ) -> Result<Option<String>, ServerError> {
        let kind = Kind::of_number(row.kind).unwrap_or(Kind::Location);
        let home = self.mirror.home.clone();
        let found = Found {
            base: &row.url,
            home: &home,
        };
        let mut pieces = match split(value, kind, found) {
            Ok(pieces) => pieces,
            Err(refused) => return Ok(Some(refused.reason.to_owned())),
        };
        match pieces.first_mut() {
            Some(piece) if piece.path == row.path => self.add_way_back(row, kind, piece)?,
            _ => {
                return Ok(Some(
                    "unter dieser Adresse steht ein anderes Objekt".to_owned(),
                ));
            }
        }
        fetched.push(Fetched {
            pieces,
            origin: Origin::OwnAddress,
            validators,
        });
        Ok(None)
    }

    /// Some vendors leave out the way back also where an object is not embedded: then who named it is known.
    fn add_way_back(
        &self,
        row: &objects::ObjectRow,
        kind: Kind,
        piece: &mut Piece,
    ) -> Result<(), ServerError> {
        let Some(parent) = &row.parent else {
            return Ok(());
        };
        let source = self.mirror.source;
        let Some(parent) = self
            .mirror
            .store
            .read(|c| objects::get(c, source, parent))?
        else {
            return Ok(());
        };
        let places = Kind::of_number(parent.kind).map_or(&[][..], Kind::places);
        let back = places.iter().find(|p| p.kind == kind).and_then(|p| p.back);
        if let Some(back) = back
            && values(&piece.value, back).is_empty()
            && let Some(fields) = piece.value.as_object_mut()
        {
            fields.insert(back.to_owned(), Value::String(parent.url));
        }
        Ok(())
    }
}
