//! Files and what they hang on: those that a meeting, item or paper names, and those that nothing names but that say
//! themselves where they belong. Some vendors offer such objects in their lists only.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::assemble::Assembly;
use super::map::Object;
use super::remote;
use super::shape::Kind;
use crate::draft::{FileDraft, MeetingDraft};
use crate::error::ServerError;
use crate::store::mirror::objects;

/// Objects that say where they belong and that nothing there names.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Agenda items by the path of their meeting.
    items: HashMap<String, Vec<String>>,
    /// Files by the path of what they hang on.
    files: HashMap<String, Vec<String>>,
}

impl Claims {
    /// The items that say they belong to a meeting.
    pub(super) fn items_of(&self, meeting: &str) -> Vec<String> {
        self.items.get(meeting).cloned().unwrap_or_default()
    }
}

impl Assembly<'_> {
    /// Finds what nothing names.
    pub(super) fn claims(&mut self) -> Result<Claims, ServerError> {
        let mut claims = Claims::default();
        self.each(Kind::AgendaItem, |work, item| {
            let meetings = item.named("meeting", work.home());
            claim(&mut claims.items, meetings, item.path);
            Ok(Ok(()))
        })?;
        self.each(Kind::File, |work, file| {
            for field in ["paper", "meeting", "agendaItem"] {
                let owners = file.named(field, work.home());
                claim(&mut claims.files, owners, file.path.clone());
            }
            Ok(Ok(()))
        })?;
        let mut named = HashSet::new();
        for kind in [Kind::Meeting, Kind::AgendaItem, Kind::Paper] {
            let places = || kind.places().iter().filter(|place| place.owns);
            self.each(kind, |work, object| {
                for place in places() {
                    named.extend(object.named(place.field, work.home()));
                }
                Ok(Ok(()))
            })?;
        }
        for claimed in claims.items.values_mut().chain(claims.files.values_mut()) {
            claimed.retain(|path| !named.contains(path));
        }
        let left: BTreeSet<&String> = claims
            .items
            .values()
            .chain(claims.files.values())
            .flatten()
            .collect();
        self.rules.claims = left.len();
        Ok(claims)
    }

    /// The files that say they belong to an object.
    pub(super) fn claimed_files(&mut self, object: &Object) -> Result<Vec<FileDraft>, ServerError> {
        let paths = self.claims.files.get(&object.path).cloned();
        self.files_at(paths.unwrap_or_default())
    }

    /// Invitation, minutes and all other files. Some vendors have the first two among the others, known by their names
    /// only.
    pub(super) fn meeting_files(
        &mut self,
        object: &Object,
        meeting: &mut MeetingDraft,
    ) -> Result<(), ServerError> {
        let mut invitation = self.files(object, "invitation")?;
        let mut minutes = self.files(object, "resultsProtocol")?;
        minutes.extend(self.files(object, "verbatimProtocol")?);
        let mut others = Vec::new();
        let mut auxiliary = self.files(object, "auxiliaryFile")?;
        auxiliary.extend(self.claimed_files(object)?);
        for file in auxiliary {
            let name = file.name.to_lowercase();
            let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
            let kind = if begins(&INVITATIONS) {
                &mut invitation
            } else if begins(&MINUTES) {
                &mut minutes
            } else {
                others.push(file);
                continue;
            };
            self.rules.files_by_name += usize::from(kind.is_empty());
            kind.push(file);
        }
        let (mut invitation, mut minutes) = (invitation.into_iter(), minutes.into_iter());
        meeting.invitation = invitation.next();
        meeting.minutes = minutes.next();
        let mut seen: BTreeSet<String> = meeting.files().map(|file| file.key.clone()).collect();
        // One may stand in several places.
        let rest = invitation.chain(minutes).chain(others);
        meeting.other_files = rest.filter(|file| seen.insert(file.key.clone())).collect();
        // They describe all items: nonpublic as soon as one of these is, or nothing is known of them.
        let is_public = self.scope.is_public_only
            || (!meeting.items.is_empty() && meeting.items.iter().all(|item| item.public));
        let formal = meeting.invitation.iter_mut().chain(&mut meeting.minutes);
        for file in formal.chain(&mut meeting.other_files) {
            file.public &= is_public;
        }
        Ok(())
    }

    /// The files that a field names. What it names and is not kept is listed as a problem elsewhere.
    pub(super) fn files(
        &mut self,
        object: &Object,
        field: &str,
    ) -> Result<Vec<FileDraft>, ServerError> {
        self.files_at(object.named(field, self.home()))
    }

    fn files_at(&mut self, paths: Vec<String>) -> Result<Vec<FileDraft>, ServerError> {
        let mut drafts = Vec::new();
        for path in paths {
            // Whatever its state: a file that one object dropped may hang on another, and has its JSON then.
            let row = objects::get(self.c, self.source.id, &path)?;
            let Some((file, url)) = row.and_then(Self::object) else {
                continue;
            };
            match remote::file(&file) {
                Ok((draft, remote)) => {
                    self.done.files.insert(remote.key.clone(), remote);
                    drafts.push(draft);
                }
                Err(reason) => self.problem(url, reason),
            }
        }
        Ok(drafts)
    }
}

/// How the names of invitations begin.
const INVITATIONS: [&str; 3] = ["einladung", "bekanntmachung", "tagesordnung"];
/// How the names of minutes begin.
const MINUTES: [&str; 4] = [
    "niederschrift",
    "protokoll",
    "ergebnisprotokoll",
    "beschlussprotokoll",
];

fn claim(claims: &mut HashMap<String, Vec<String>>, owners: Vec<String>, path: String) {
    for owner in owners {
        claims.entry(owner).or_default().push(path.clone());
    }
}
