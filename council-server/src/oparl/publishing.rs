//! The second stage: from what is kept to what is published, with the files in batches, so that neither disk nor
//! memory has to hold all of them at once. What nothing changed in is not published again.

use std::collections::{BTreeSet, HashMap};

use super::assemble::{Assembled, assemble};
use super::client::Link;
use super::files::{self, Batch, Wanted};
use super::remote::RemoteFile;
use super::report::{OparlReport, Problem};
use super::{INCOMING, OparlError, OparlRequest};
use crate::draft::FileContent;
use crate::error::ServerError;
use crate::server::Server;
use crate::store::mirror::files::FetchedRow;
use crate::store::mirror::sources::{self, SourceRow};
use crate::store::mirror::{Validators, files as fetched};
use crate::store::{Store, StoreError};

/// Files that are fetched before they are published together.
const BATCH: usize = 500;
/// Grows when the mapping changes: then everything is mapped again.
const MAPPING: u32 = 2;

/// What publishing works with.
pub(crate) struct Publishing<'a> {
    pub server: &'a Server,
    pub store: &'a Store,
    pub request: &'a OparlRequest,
    pub link: &'a Link,
    pub progress: &'a dyn Fn(&str),
}

impl Publishing<'_> {
    pub(crate) async fn publish(
        &self,
        source: i64,
        report: &mut OparlReport,
    ) -> Result<(), ServerError> {
        let Some(source) = self.store.read(|c| sources::by_id(c, source))? else {
            return Ok(());
        };
        let incoming = tempfile::Builder::new()
            .prefix(INCOMING)
            .tempdir_in(&self.server.inner.dir)
            .map_err(OparlError::from)?;
        let made_from = self.made_from(&source);
        let mut first = Batch::default();
        if source.published == made_from && !self.request.from_kept {
            first = self.failed_again(&source, incoming.path()).await?;
            report.files.failed += first.rows.len() - first.paths.len();
            if first.paths.is_empty() {
                self.note(&source, &first.rows)?;
                report.is_unchanged = true;
                let problems: Vec<Problem> =
                    serde_json::from_str(&source.mapping_problems).unwrap_or_default();
                report.problems.extend(problems);
                return self.list_failed_files(&source, report);
            }
        }
        (self.progress)("Die Unterlagen werden zusammengestellt …");
        let mut assembled = self
            .store
            .read(|c| assemble(c, &source, self.request.scope()))?;
        let tried: BTreeSet<String> = first.rows.iter().map(|row| row.path.clone()).collect();
        let wanted = self.wanted_files(&source, &mut assembled, &tried)?;
        self.forget_unnamed(&source, &assembled)?;
        report.files.unchanged = assembled
            .files
            .len()
            .saturating_sub(wanted.len() + tried.len());
        let total = wanted.len();
        let mut is_published = !first.paths.is_empty();
        if is_published {
            self.publish_batch(&source, &mut assembled, first, report)?;
        }
        for (number, chunk) in wanted.chunks(BATCH).enumerate() {
            let batch = files::fetch(self.link, chunk, incoming.path()).await;
            (self.progress)(&format!(
                "Dateien: {} von {total}",
                number * BATCH + chunk.len()
            ));
            self.publish_batch(&source, &mut assembled, batch, report)?;
            is_published = true;
        }
        if !is_published {
            self.publish_batch(&source, &mut assembled, Batch::default(), report)?;
        }
        let problems = serde_json::to_string(&assembled.problems).unwrap_or_default();
        self.store
            .write(|tx| sources::set_published(tx, source.id, &made_from, &problems))?;
        report.problems.extend(assembled.problems);
        report.notes.extend(assembled.notes);
        report.places = assembled.places;
        self.list_failed_files(&source, report)
    }

    /// What a publishing is made from: as long as it is the same, so is what comes of it.
    fn made_from(&self, source: &SourceRow) -> String {
        let request = self.request;
        let day =
            |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        format!(
            "{MAPPING} {} {}/{} {} {}",
            source.change_count,
            day(request.from),
            day(request.to),
            request.public_only,
            request.no_files
        )
    }

    /// Tries again to fetch what could not be had.
    async fn failed_again(
        &self,
        source: &SourceRow,
        incoming: &std::path::Path,
    ) -> Result<Batch, ServerError> {
        if self.request.no_files {
            return Ok(Batch::default());
        }
        let failed = self.store.read(|c| fetched::failed(c, source.id))?;
        let again: Vec<Wanted> = failed
            .into_iter()
            .map(|row| Wanted {
                file: RemoteFile {
                    key: row.path,
                    url: row.url,
                    is_pdf: row.is_pdf,
                    stamp: row.stamp,
                },
                known: Validators::default(),
            })
            .collect();
        let folder = incoming.join("again");
        std::fs::create_dir_all(&folder)?;
        Ok(files::fetch(self.link, &again, &folder).await)
    }

    fn wanted_files(
        &self,
        source: &SourceRow,
        assembled: &mut Assembled,
        tried: &BTreeSet<String>,
    ) -> Result<Vec<Wanted>, ServerError> {
        if self.request.no_files {
            return Ok(Vec::new());
        }
        let keys = files::keys(&mut assembled.draft);
        assembled.files.retain(|key, _| keys.contains(key));
        let published = self.server.origin_stamps(&source.name, keys.iter())?;
        let mut wanted = HashMap::new();
        self.store.read(|c| {
            for (key, file) in assembled
                .files
                .iter()
                .filter(|(key, _)| !tried.contains(*key))
            {
                let row = fetched::get(c, source.id, key)?;
                if let Some(found) = files::wanted(file, published.get(key), row.as_ref()) {
                    wanted.insert(key.clone(), found);
                }
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(files::by_need(&assembled.draft, wanted))
    }

    /// Publishes everything, with the bytes of the files in `batch`.
    fn publish_batch(
        &self,
        source: &SourceRow,
        assembled: &mut Assembled,
        batch: Batch,
        report: &mut OparlReport,
    ) -> Result<(), ServerError> {
        (self.progress)("Veröffentlichen …");
        files::for_each(&mut assembled.draft, |file| {
            file.content = batch
                .paths
                .get(&file.key)
                .map_or(FileContent::AsPublished, |path| {
                    FileContent::Path(path.clone())
                });
        });
        report.add(self.server.publish(&assembled.draft)?);
        self.note(source, &batch.rows)?;
        report.files.fetched += batch.paths.len();
        for path in batch.paths.values() {
            std::fs::remove_file(path)?;
        }
        Ok(())
    }

    /// Notes which files were fetched, after they were published.
    fn note(&self, source: &SourceRow, rows: &[FetchedRow]) -> Result<(), ServerError> {
        self.store.write(|tx| {
            rows.iter()
                .try_for_each(|row| fetched::put(tx, source.id, row))?;
            Ok::<_, StoreError>(())
        })?;
        Ok(())
    }

    /// A file that could not be had and that nothing names any more is not asked for again.
    fn forget_unnamed(&self, source: &SourceRow, assembled: &Assembled) -> Result<(), ServerError> {
        Ok(self.store.write(|tx| {
            for row in fetched::failed(tx, source.id)? {
                if !assembled.files.contains_key(&row.path) {
                    fetched::forget(tx, source.id, &row.path)?;
                }
            }
            Ok::<_, StoreError>(())
        })?)
    }

    fn list_failed_files(
        &self,
        source: &SourceRow,
        report: &mut OparlReport,
    ) -> Result<(), ServerError> {
        if self.request.no_files {
            return Ok(());
        }
        let failed = self.store.read(|c| fetched::failed(c, source.id))?;
        report.files.failed = failed.len();
        for row in failed {
            report.problem(row.url, row.problem.unwrap_or_default());
        }
        Ok(())
    }
}
