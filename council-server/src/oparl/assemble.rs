//! From what is kept to the draft that `publish` takes. No network: it can be done again at any time.
//! `map` maps single objects; this file finds what belongs together, `attached` the files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use rusqlite::Connection;
use serde_json::Value;

use super::attached::Claims;
use super::map::{self, Object};
use super::place::Coordinates;
use super::read::{flag, text};
use super::remote::RemoteFile;
use super::report::{PlaceTally, Problem};
use super::rules::Rules;
use super::shape::Kind;
use crate::draft::{CouncilDraft, FileDraft, ItemDraft};
use crate::error::ServerError;
use crate::store::mirror::objects::{self, ObjectRow, State};
use crate::store::mirror::sources::SourceRow;

/// What is to be published of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Meetings from this day on, and no papers but theirs.
    pub from: Option<NaiveDate>,
    /// Meetings until this day, inclusive.
    pub to: Option<NaiveDate>,
    /// The operator says that the source holds nothing nonpublic.
    pub is_public_only: bool,
}

impl Scope {
    fn holds(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    fn is_period(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }
}

/// A draft, its files' addresses, and what could not be mapped.
#[derive(Debug, Default)]
pub(crate) struct Assembled {
    pub draft: CouncilDraft,
    pub files: BTreeMap<String, RemoteFile>,
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
    pub places: PlaceTally,
}

/// Maps everything that is kept of a source.
pub(crate) fn assemble(
    c: &Connection,
    source: &SourceRow,
    scope: Scope,
) -> Result<Assembled, ServerError> {
    let mut work = Assembly {
        c,
        source,
        scope,
        done: Assembled::default(),
        originators: HashMap::new(),
        stations: HashMap::new(),
        claims: Claims::default(),
        naming: HashMap::new(),
        rules: Rules::default(),
    };
    work.done.draft.source.clone_from(&source.name);
    work.body()?;
    work.places()?;
    work.people()?;
    work.consultations()?;
    work.claims = work.claims()?;
    work.meetings()?;
    work.papers()?;
    work.finish()
}

/// How the agenda items of all meetings name a paper.
#[derive(Clone, Copy, Debug, Default)]
struct Naming {
    is_in_scope: bool,
    /// Over all meetings, also those outside the scope.
    any_nonpublic: bool,
}

/// What a consultation says about its agenda item.
#[derive(Clone, Debug)]
struct Station {
    paper: Option<String>,
    role: Option<String>,
}

pub(super) struct Assembly<'a> {
    pub(super) c: &'a Connection,
    pub(super) source: &'a SourceRow,
    pub(super) scope: Scope,
    pub(super) done: Assembled,
    /// Names of organizations and persons.
    originators: HashMap<String, String>,
    /// By the path of the item.
    stations: HashMap<String, Station>,
    pub(super) claims: Claims,
    naming: HashMap<String, Naming>,
    pub(super) rules: Rules,
}

impl Assembly<'_> {
    pub(super) fn object(row: ObjectRow) -> Option<(Object, String)> {
        let value = serde_json::from_slice(row.json.as_deref()?).ok()?;
        let object = Object {
            path: row.path,
            value,
            modified: row.modified,
        };
        Some((object, row.url))
    }

    /// A present object of any kind.
    fn get(&self, path: &str) -> Result<Option<(Object, String)>, ServerError> {
        let row = objects::get(self.c, self.source.id, path)?;
        Ok(row
            .filter(|row| row.state == State::Present)
            .and_then(Self::object))
    }

    /// Hands each present object of a kind to `act`, one at a time.
    pub(super) fn each(
        &mut self,
        kind: Kind,
        mut act: impl FnMut(&mut Self, Object) -> Result<Result<(), &'static str>, ServerError>,
    ) -> Result<(), ServerError> {
        let (c, source) = (self.c, self.source.id);
        objects::each_present(c, source, kind.number(), |row| {
            let Some((object, url)) = Self::object(row) else {
                return Ok(());
            };
            if let Err(reason) = act(self, object)? {
                self.problem(url, reason);
            }
            Ok(())
        })
    }

    pub(super) fn problem(&mut self, address: String, reason: &str) {
        self.done.problems.push(Problem {
            address,
            reason: reason.to_owned(),
        });
    }

    pub(super) fn home(&self) -> &str {
        &self.source.home
    }

    fn body(&mut self) -> Result<(), ServerError> {
        let body = self.get(&self.source.body_path)?;
        self.done.draft.body = body.and_then(|(body, _)| map::body(&body.value));
        Ok(())
    }

    /// Judges the coordinates; nothing else is done with them.
    fn places(&mut self) -> Result<(), ServerError> {
        let body = self.get(&self.source.body_path)?;
        let location = match &body {
            Some((body, _)) => self.location(body)?,
            None => None,
        };
        let home = location.and_then(|place| Coordinates::of(&place).point());
        self.each(Kind::Location, |work, object| {
            work.rules
                .place(Coordinates::of(&object.value), home, &object.path);
            Ok(Ok(()))
        })
    }

    fn location(&self, object: &Object) -> Result<Option<Value>, ServerError> {
        let Some(path) = object.one_named("location", self.home()) else {
            return Ok(None);
        };
        Ok(self.get(&path)?.map(|(location, _)| location.value))
    }

    fn people(&mut self) -> Result<(), ServerError> {
        self.each(Kind::LegislativeTerm, |work, object| {
            work.done.draft.terms.push(map::term(&object));
            Ok(Ok(()))
        })?;
        self.each(Kind::Organization, |work, object| {
            let location = work.location(&object)?;
            Ok(
                map::organization(&object, location.as_ref()).map(|organization| {
                    let names = &mut work.originators;
                    names.insert(organization.key.clone(), organization.name.clone());
                    work.done.draft.organizations.push(organization);
                }),
            )
        })?;
        self.each(Kind::Person, |work, object| {
            Ok(map::person(&object).map(|person| {
                work.originators
                    .insert(person.key.clone(), person.name.clone());
                work.done.draft.persons.push(person);
            }))
        })?;
        self.each(Kind::Membership, |work, object| {
            let membership = map::membership(&object, work.home());
            Ok(membership.map(|membership| work.done.draft.memberships.push(membership)))
        })
    }

    /// Which paper and role an agenda item has where only the consultation says so.
    fn consultations(&mut self) -> Result<(), ServerError> {
        self.each(Kind::Consultation, |work, object| {
            if let Some(item) = object.one_named("agendaItem", work.home()) {
                let station = Station {
                    paper: object.one_named("paper", work.home()),
                    role: text(&object.value, "role"),
                };
                let known = work.stations.get(&item);
                if station.paper.is_some() || known.is_none() {
                    work.stations.insert(item, station);
                }
            }
            Ok(Ok(()))
        })
    }

    fn meetings(&mut self) -> Result<(), ServerError> {
        self.each(Kind::Meeting, |work, object| {
            let location = work.location(&object)?;
            let mut meeting = match map::meeting(&object, location.as_ref(), work.home()) {
                Ok(meeting) => meeting,
                Err(reason) => return Ok(Err(reason)),
            };
            let day = meeting
                .start
                .as_deref()
                .and_then(|start| start.get(..10)?.parse().ok());
            let is_in_scope = day.is_some_and(|day| work.scope.holds(day));
            work.rules.ends_before_start += usize::from(map::ends_before_start(&object.value));
            meeting.items = work.items(&object, is_in_scope)?;
            if is_in_scope {
                work.meeting_files(&object, &mut meeting)?;
                work.done.draft.meetings.push(meeting);
            }
            Ok(Ok(()))
        })
    }

    fn items(
        &mut self,
        meeting: &Object,
        is_in_scope: bool,
    ) -> Result<Vec<ItemDraft>, ServerError> {
        let mut found = Vec::new();
        let mut paths = meeting.named("agendaItem", self.home());
        paths.extend(self.claims.items_of(&meeting.path));
        for path in paths {
            found.extend(self.get(&path)?.map(|(item, _)| item));
        }
        let mut items = Vec::with_capacity(found.len());
        for (order, object) in map::in_order(found).into_iter().enumerate() {
            let mut item = map::item(&object, order, self.scope.is_public_only);
            self.rules.items_without_public += usize::from(flag(&object.value, "public").is_none());
            if let Some(path) = object.one_named("consultation", self.home())
                && let Some((consultation, _)) = self.get(&path)?
            {
                item.role = text(&consultation.value, "role");
                item.paper = consultation.one_named("paper", self.home());
            }
            if let Some(station) = self.stations.get(&item.key) {
                item.paper = item.paper.or_else(|| station.paper.clone());
                item.role = item.role.or_else(|| station.role.clone());
            }
            let paper = match &item.paper {
                Some(path) => self.get(path)?.map(|(paper, _)| paper),
                None => None,
            };
            item.paper = paper.as_ref().map(|paper| paper.path.clone());
            if let Some(paper) = &paper {
                let naming = self.naming.entry(paper.path.clone()).or_default();
                naming.is_in_scope |= is_in_scope;
                naming.any_nonpublic |= !item.public;
                item.villages = self.villages(paper)?;
            }
            if is_in_scope {
                for field in ["resolutionFile", "auxiliaryFile"] {
                    let files = self.files(&object, field)?;
                    item.files.extend(files);
                }
                let claiming = self.claimed_files(&object)?;
                item.files.extend(claiming);
            }
            items.push(item);
        }
        Ok(items)
    }

    fn villages(&self, paper: &Object) -> Result<Vec<String>, ServerError> {
        let mut villages = BTreeSet::new();
        for path in paper.named("location", self.home()) {
            let location = self.get(&path)?;
            villages
                .extend(location.and_then(|(location, _)| text(&location.value, "subLocality")));
        }
        Ok(villages.into_iter().collect())
    }

    fn papers(&mut self) -> Result<(), ServerError> {
        self.each(Kind::Paper, |work, object| {
            let naming = work.naming.get(&object.path).copied();
            if work.scope.is_period() && !naming.is_some_and(|naming| naming.is_in_scope) {
                return Ok(Ok(()));
            }
            let originator = work.originator(&object);
            let villages = work.villages(&object)?;
            let mut paper = match map::paper(&object, originator, villages) {
                Ok(paper) => paper,
                Err(reason) => return Ok(Err(reason)),
            };
            // As public as the agenda items that name it; what none names is not.
            let is_named_public = naming.is_some_and(|naming| !naming.any_nonpublic);
            let is_public = work.scope.is_public_only || is_named_public;
            paper.public = flag(&object.value, "public").or(Some(is_public));
            paper.main = work.files(&object, "mainFile")?.into_iter().next();
            paper.attachments = work.files(&object, "auxiliaryFile")?;
            paper.attachments.extend(work.claimed_files(&object)?);
            if paper.main.is_none() && !paper.attachments.is_empty() {
                let is_pdf = |f: &FileDraft| f.mime_type.as_deref() == Some("application/pdf");
                let first = paper.attachments.iter().position(is_pdf).unwrap_or(0);
                paper.main = Some(paper.attachments.remove(first));
                work.rules.papers_without_main += 1;
            }
            work.done.draft.papers.push(paper);
            Ok(Ok(()))
        })
    }

    fn originator(&self, paper: &Object) -> Option<String> {
        let fields = [
            "originatorOrganization",
            "originatorPerson",
            "underDirectionOf",
        ];
        fields.iter().find_map(|field| {
            let named = paper.named(field, self.home());
            let names: Vec<&str> = named
                .iter()
                .filter_map(|path| self.originators.get(path).map(String::as_str))
                .collect();
            Some(names.join(", ")).filter(|names| !names.is_empty())
        })
    }

    fn finish(mut self) -> Result<Assembled, ServerError> {
        let draft = &mut self.done.draft;
        let mut wanted: BTreeSet<&str> = self.done.files.keys().map(String::as_str).collect();
        wanted.extend(draft.papers.iter().map(|paper| paper.key.as_str()));
        let deleted = objects::deleted(self.c, self.source.id)?;
        let gone = deleted
            .into_iter()
            .filter(|path| !wanted.contains(path.as_str()));
        let gone: Vec<String> = gone.collect();
        draft.deleted = gone;
        self.done.notes = self.rules.notes(self.scope.is_public_only);
        self.done.places = self.rules.places;
        Ok(self.done)
    }
}
