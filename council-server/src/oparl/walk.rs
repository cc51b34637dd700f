//! The walk through an OParl server: body, people, the period's meetings, their papers, then the files.
//! It fills a draft and a list of problems; mapping is `map`'s, fetching `client`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::client::{Fetch, parse};
use super::map::{self, RemoteFile};
use super::papers::PaperFinder;
use super::read::{is_a, is_deleted, reference, text, values};
use super::{OparlError, OparlRequest, content_of};
use crate::draft::{CouncilDraft, FileDraft, MeetingDraft};

/// Files fetched at the same time.
const SIDE_BY_SIDE: usize = 4;

/// What came of a walk.
pub(crate) struct Walked {
    pub draft: CouncilDraft,
    pub problems: Vec<String>,
}

/// Walks. `known`: what the source said about a file's version when it was last imported.
pub(crate) async fn walk(
    request: &OparlRequest,
    incoming: &Path,
    known: &dyn Fn(&str, &str) -> Option<String>,
    progress: &dyn Fn(&str),
) -> Result<Walked, OparlError> {
    if parse(&request.url).is_none() {
        return Err(OparlError::BadAddress(request.url.clone()));
    }
    let mut walk = Walk {
        fetch: Fetch::new(request.retry_pause_ms)?,
        draft: CouncilDraft::default(),
        problems: Vec::new(),
        papers: PaperFinder::default(),
        originators: BTreeMap::new(),
        progress,
    };
    let body = walk.body(request).await?;
    walk.draft.source = format!(
        "oparl:{}",
        text(&body, "id").unwrap_or_else(|| request.url.clone())
    );
    walk.draft.body = map::body(&body);
    walk.people(&body).await;
    walk.meetings(&body, request).await;
    let draft_source = walk.draft.source.clone();
    walk.files(incoming, &|key| known(&draft_source, key)).await;
    Ok(Walked {
        draft: walk.draft,
        problems: walk.problems,
    })
}

pub(super) struct Walk<'a> {
    pub(super) fetch: Fetch,
    pub(super) draft: CouncilDraft,
    problems: Vec<String>,
    pub(super) papers: PaperFinder,
    /// Names of organizations and persons, for originators.
    pub(super) originators: BTreeMap<String, String>,
    progress: &'a dyn Fn(&str),
}

impl Walk<'_> {
    fn say(&self, line: &str) {
        (self.progress)(line);
    }

    async fn body(&mut self, request: &OparlRequest) -> Result<Value, OparlError> {
        let unreachable = |error| OparlError::Unreachable(request.url.clone(), error);
        let start = self.fetch.object(&request.url).await.map_err(unreachable)?;
        if is_a(&start, "Body") {
            return Ok(start);
        }
        let list = if is_a(&start, "System") {
            text(&start, "body").ok_or_else(|| OparlError::NotOparl(request.url.clone()))?
        } else if start.get("data").is_some() {
            request.url.clone()
        } else {
            return Err(OparlError::NotOparl(request.url.clone()));
        };
        let (mut bodies, problem) = self.fetch.list(&list, |_, _| {}).await;
        self.problems.extend(problem);
        if let Some(wanted) = &request.body {
            let wanted = wanted.to_lowercase();
            bodies.retain(|b| {
                text(b, "name").is_some_and(|name| name.to_lowercase().contains(&wanted))
            });
        }
        let names: Vec<String> = bodies.iter().filter_map(|b| text(b, "name")).collect();
        let mut bodies = bodies.into_iter();
        match (bodies.next(), bodies.next()) {
            (Some(body), None) => Ok(body),
            (Some(_), Some(_)) => Err(OparlError::SeveralBodies(names.join(" · "))),
            (None, _) => Err(OparlError::NotOparl(request.url.clone())),
        }
    }

    /// An external list, or objects given in place. Deleted ones are noted, references followed.
    pub(super) async fn objects(&mut self, owner: &Value, name: &str, title: &str) -> Vec<Value> {
        let found = match owner.get(name) {
            Some(Value::String(url)) => {
                let progress = self.progress;
                let (found, problem) = self
                    .fetch
                    .list(url, |page, count| {
                        progress(&format!("{title}: Seite {page}, {count} Einträge"))
                    })
                    .await;
                self.problems.extend(problem);
                found
            }
            Some(Value::Array(found)) => found.clone(),
            _ => Vec::new(),
        };
        let mut objects = Vec::with_capacity(found.len());
        for value in found {
            match self.fetch.resolve(&value).await {
                Ok(object) if is_deleted(&object) => self.draft.deleted.extend(text(&object, "id")),
                Ok(object) => {
                    self.fetch.remember(&object);
                    objects.push(object);
                }
                Err(error) => self.problem(&value, &error),
            }
        }
        objects
    }

    async fn people(&mut self, body: &Value) {
        let mut terms = self.objects(body, "legislativeTerm", "Wahlperioden").await;
        if terms.is_empty() {
            terms = self
                .objects(body, "legislativeTermList", "Wahlperioden")
                .await;
        }
        self.draft.terms = terms.iter().filter_map(map::term).collect();
        for object in self.objects(body, "organization", "Gremien").await {
            match map::organization(&object) {
                Some(organization) => {
                    self.originators
                        .insert(organization.key.clone(), organization.name.clone());
                    self.draft.organizations.push(organization);
                }
                None => self.problem(&object, "Gremium ohne Namen"),
            }
        }
        let mut seen = BTreeSet::new();
        for object in self.objects(body, "person", "Personen").await {
            let Some(person) = map::person(&object) else {
                self.problem(&object, "Person ohne Namen");
                continue;
            };
            for value in values(&object, "membership") {
                match self.fetch.resolve(value).await {
                    Ok(found) if is_deleted(&found) => {
                        self.draft.deleted.extend(text(&found, "id"))
                    }
                    Ok(found) => match map::membership(&found, Some(&person.key)) {
                        Some(membership) if seen.insert(membership.key.clone()) => {
                            self.draft.memberships.push(membership);
                        }
                        Some(_) => {}
                        None => self.problem(&found, "Mitgliedschaft ohne Gremium"),
                    },
                    Err(error) => self.problem(value, &error),
                }
            }
            self.originators
                .insert(person.key.clone(), person.name.clone());
            self.draft.persons.push(person);
        }
    }

    async fn meetings(&mut self, body: &Value, request: &OparlRequest) {
        let mut found = self.objects(body, "meeting", "Sitzungen").await;
        let period = request.from..=request.to;
        found.retain(|m| super::read::date(m, "start").is_some_and(|day| period.contains(&day)));
        let total = found.len();
        for (index, object) in found.into_iter().enumerate() {
            self.say(&format!("Sitzung {} von {total}", index + 1));
            let Some(mut meeting) = map::meeting(&object) else {
                self.problem(&object, "Sitzung ohne Kennung");
                continue;
            };
            meeting.invitation = self.one_file(object.get("invitation")).await;
            meeting.minutes = self.one_file(object.get("resultsProtocol")).await;
            if meeting.minutes.is_none() {
                meeting.minutes = self.one_file(object.get("verbatimProtocol")).await;
            }
            self.items(&object, &mut meeting, body).await;
            self.draft.meetings.push(meeting);
        }
    }

    async fn items(&mut self, object: &Value, meeting: &mut MeetingDraft, body: &Value) {
        let mut found = self.objects(object, "agendaItem", "Tagesordnung").await;
        // Where vendors number the items they do not always send them in that order.
        found.sort_by_key(|item| item.get("order").and_then(Value::as_i64).unwrap_or(0));
        for (order, item) in found.into_iter().enumerate() {
            let Some(mapped) = map::item(&item, order) else {
                self.problem(&item, "Tagesordnungspunkt ohne Kennung");
                continue;
            };
            let mut draft = mapped.draft;
            for file in &mapped.files {
                draft.files.extend(self.one_file(Some(file)).await);
            }
            if let Some(consultation) = &mapped.consultation {
                self.consultation(consultation, &mut draft, body).await;
            }
            meeting.items.push(draft);
        }
    }

    /// A file to be fetched later; its address is kept in the draft until then.
    pub(super) async fn one_file(&mut self, value: Option<&Value>) -> Option<FileDraft> {
        let value = value.filter(|v| !v.is_null())?;
        let object = match self.fetch.resolve(value).await {
            Ok(object) => object,
            Err(error) => {
                self.problem(value, &error);
                return None;
            }
        };
        if is_deleted(&object) {
            self.draft.deleted.extend(text(&object, "id"));
            return None;
        }
        let Some(RemoteFile { mut draft, url }) = map::file(&object) else {
            self.problem(&object, "Datei ohne Adresse");
            return None;
        };
        draft.content = crate::draft::FileContent::Path(url.into());
        Some(draft)
    }

    /// Fetches all files that are new or may have changed, a few side by side.
    async fn files(&mut self, incoming: &Path, known: &dyn Fn(&str) -> Option<String>) {
        let mut wanted: BTreeMap<String, (String, bool)> = BTreeMap::new();
        for_each_file(&mut self.draft, |file| {
            if let crate::draft::FileContent::Path(url) = &file.content {
                let is_pdf = file.mime_type.as_deref() == Some("application/pdf");
                let is_known = file.origin_stamp.is_some() && known(&file.key) == file.origin_stamp;
                if !is_known {
                    wanted.insert(file.key.clone(), (url.display().to_string(), is_pdf));
                }
            }
        });
        let total = wanted.len();
        let link = self.fetch.link();
        let jobs = wanted
            .into_iter()
            .enumerate()
            .map(|(number, (key, (url, is_pdf)))| {
                let (link, path) = (link.clone(), incoming.join(format!("{number}.part")));
                async move {
                    (
                        key,
                        link.download(&url, &path, is_pdf).await.map(|()| path),
                        url,
                    )
                }
            });
        let mut running = stream::iter(jobs).buffer_unordered(SIDE_BY_SIDE);
        let mut fetched = BTreeMap::new();
        let mut done = 0usize;
        while let Some((key, result, url)) = running.next().await {
            done += 1;
            if done.is_multiple_of(10) || done == total {
                (self.progress)(&format!("Dateien: {done} von {total}"));
            }
            match result {
                Ok(path) => {
                    fetched.insert(key, path);
                }
                Err(error) => self.problems.push(format!("{url}: {error}")),
            }
        }
        drop(running);
        for_each_file(&mut self.draft, |file| {
            file.content = content_of(fetched.get(&file.key).cloned())
        });
    }

    pub(super) fn problem(&mut self, about: &Value, error: &str) {
        let place = reference(about).unwrap_or_else(|| "(ohne Kennung)".to_owned());
        self.problems.push(format!("{place}: {error}"));
    }
}

fn for_each_file(draft: &mut CouncilDraft, mut act: impl FnMut(&mut FileDraft)) {
    for meeting in &mut draft.meetings {
        meeting.invitation.iter_mut().for_each(&mut act);
        meeting.minutes.iter_mut().for_each(&mut act);
        meeting
            .items
            .iter_mut()
            .flat_map(|item| &mut item.files)
            .for_each(&mut act);
    }
    for paper in &mut draft.papers {
        paper.main.iter_mut().for_each(&mut act);
        paper.attachments.iter_mut().for_each(&mut act);
    }
}
