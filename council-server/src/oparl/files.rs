//! Which files have to be fetched, in which order, and fetching them side by side. It publishes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use futures_util::{StreamExt, stream};

use super::client::{Answer, Link};
use super::remote::RemoteFile;
use crate::draft::{CouncilDraft, FileDraft};
use crate::store::mirror::Validators;
use crate::store::mirror::files::FetchedRow;

/// Files fetched at the same time.
const SIDE_BY_SIDE: usize = 4;

/// A file to be fetched, and with what it can be asked for conditionally.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub file: RemoteFile,
    pub known: Validators,
}

/// What came of the files of a batch.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// By the file's key.
    pub paths: BTreeMap<String, PathBuf>,
    /// What is to be noted of each file that was asked for.
    pub rows: Vec<FetchedRow>,
}

/// Whether a file has to be fetched. `published`: the stamp of what is published; `fetched`: of what was fetched last.
pub(crate) fn wanted(
    file: &RemoteFile,
    published: Option<&String>,
    fetched: Option<&FetchedRow>,
) -> Option<Wanted> {
    let had = fetched.filter(|row| row.problem.is_none());
    let is_had = published == Some(&file.stamp)
        || (published.is_some() && had.is_some_and(|row| row.stamp == file.stamp));
    if is_had {
        return None;
    }
    // Only what is published can be kept on the portal's word that it did not change.
    let known = had
        .filter(|row| published.is_some() && row.url == file.url)
        .map(|row| row.validators.clone());
    Some(Wanted {
        file: file.clone(),
        known: known.unwrap_or_default(),
    })
}

/// Files in the order in which they are needed: those of the newest meetings and their papers first.
pub(crate) fn by_need(draft: &CouncilDraft, mut files: HashMap<String, Wanted>) -> Vec<Wanted> {
    let mut meetings: Vec<_> = draft.meetings.iter().collect();
    meetings.sort_by(|a, b| b.start.cmp(&a.start));
    let papers: HashMap<&str, _> = draft.papers.iter().map(|p| (p.key.as_str(), p)).collect();
    let mut keys: Vec<&str> = Vec::new();
    for meeting in meetings {
        let own = meeting.files();
        keys.extend(own.map(|file| file.key.as_str()));
        for item in &meeting.items {
            let paper = item.paper.as_deref().and_then(|key| papers.get(key));
            let of_paper = paper
                .into_iter()
                .flat_map(|p| p.main.iter().chain(&p.attachments));
            keys.extend(
                item.files
                    .iter()
                    .chain(of_paper)
                    .map(|file| file.key.as_str()),
            );
        }
    }
    let mut ordered: Vec<Wanted> = keys
        .into_iter()
        .filter_map(|key| files.remove(key))
        .collect();
    let rest: BTreeMap<String, Wanted> = files.into_iter().collect();
    ordered.extend(rest.into_values());
    ordered
}

/// Fetches files into the folder `incoming`.
pub(crate) async fn fetch(link: &Link, files: &[Wanted], incoming: &Path) -> Batch {
    let jobs = files.iter().enumerate().map(|(number, wanted)| {
        let path = incoming.join(format!("{number}.part"));
        async move {
            let file = &wanted.file;
            let answer = link
                .download(&file.url, &path, file.is_pdf, &wanted.known)
                .await;
            (wanted, answer, path)
        }
    });
    let mut running = stream::iter(jobs).buffer_unordered(SIDE_BY_SIDE);
    let mut batch = Batch::default();
    while let Some((wanted, answer, path)) = running.next().await {
        let file = &wanted.file;
        let (validators, problem) = match answer {
            Ok(Answer::Unchanged) => (wanted.known.clone(), None),
            Ok(Answer::New((), validators)) => {
                batch.paths.insert(file.key.clone(), path);
                (validators, None)
            }
            Err(failure) => (Validators::default(), Some(failure.reason)),
        };
        batch.rows.push(FetchedRow {
            path: file.key.clone(),
            stamp: file.stamp.clone(),
            url: file.url.clone(),
            is_pdf: file.is_pdf,
            validators,
            problem,
        });
    }
    batch
}

/// Hands every file of a draft to `act`.
pub(crate) fn for_each(draft: &mut CouncilDraft, mut act: impl FnMut(&mut FileDraft)) {
    for meeting in &mut draft.meetings {
        meeting.invitation.iter_mut().for_each(&mut act);
        meeting.minutes.iter_mut().for_each(&mut act);
        meeting.other_files.iter_mut().for_each(&mut act);
        let items = meeting.items.iter_mut();
        items.flat_map(|item| &mut item.files).for_each(&mut act);
    }
    for paper in &mut draft.papers {
        paper.main.iter_mut().for_each(&mut act);
        paper.attachments.iter_mut().for_each(&mut act);
    }
}

/// The keys of the files that a draft holds.
pub(crate) fn keys(draft: &mut CouncilDraft) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for_each(draft, |file| {
        keys.insert(file.key.clone());
    });
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_fetched_when_its_stamp_says_so() {
        let file = RemoteFile {
            key: "/f".to_owned(),
            url: "http://r/f".to_owned(),
            is_pdf: true,
            stamp: "new".to_owned(),
        };
        let row = |stamp: &str, problem: Option<&str>| FetchedRow {
            path: "/f".to_owned(),
            stamp: stamp.to_owned(),
            url: "http://r/f".to_owned(),
            is_pdf: true,
            validators: Validators {
                etag: Some("e".to_owned()),
                last_modified: None,
            },
            problem: problem.map(str::to_owned),
        };
        let (new, old) = ("new".to_owned(), "old".to_owned());
        assert!(wanted(&file, None, None).is_some());
        assert!(wanted(&file, Some(&new), None).is_none());
        let changed = wanted(&file, Some(&old), Some(&row("old", None))).unwrap();
        assert!(changed.known.etag.is_some(), "asked for conditionally");
        assert!(
            wanted(&file, Some(&old), Some(&row("new", None))).is_none(),
            "the portal said that the bytes are the same"
        );
        let lost = wanted(&file, None, Some(&row("new", None))).unwrap();
        assert!(
            lost.known.is_empty(),
            "what is not published must come anew"
        );
        assert!(wanted(&file, None, Some(&row("new", Some("Antwort 500")))).is_some());
    }
}
