//! The app as a whole: what the first screen needs, the settings, the storage.

use std::fs;
use std::path::Path;

use reader::Guard;
use vault::CouncilRecord;

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::session::Session;
use crate::{settings, times};

impl Desk {
    pub(crate) fn app_status(&self, _: Empty) -> Result<AppStatus, Failure> {
        let mut councils = Vec::new();
        let mut older = None;
        if let Ok(session) = self.session() {
            // Whatever keeps a store closed is told with its council, and must not keep the page from coming up.
            let _ = session.councils(self.now_ms());
            let records = session.vault.keyring().councils().into_iter();
            councils = records
                .map(|record| self.council_info(&session, record))
                .collect();
            let is_set_back = !session.vault.set_back().is_empty();
            older = is_set_back.then(|| self.spoken(&ErrorCode::OlderKeys.into()));
        }
        Ok(AppStatus {
            older,
            vault: self.vault_state(),
            councils,
            settings: self.settings().clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pdf_guard: self.pdf_guard().map(|guard| match guard {
                Guard::Full => PdfGuard::Full,
                Guard::WithoutFileRules => PdfGuard::WithoutFileRules,
                Guard::InProcess => PdfGuard::InProcess,
            }),
        })
    }

    fn council_info(&self, session: &Session, record: CouncilRecord) -> CouncilInfo {
        let confirm_words =
            (!record.confirmed && !record.confirm_words.is_empty()).then_some(record.confirm_words);
        let last_error = session.sync.last_error(record.council);
        let problem = session.problem(record.council).or(last_error);
        CouncilInfo {
            id: record.council.to_string(),
            name: record.name,
            person_name: record.person_name,
            confirmed: record.confirmed,
            revoked: record.revoked,
            confirm_words,
            stand_text: times::stand_text(record.last_sync_at_ms, self.now_ms(), self.speech()),
            last_sync_at_ms: record.last_sync_at_ms,
            offline: last_error == Some(ErrorCode::Offline),
            problem: problem.map(|code| self.spoken(&code.into())),
        }
    }

    pub(crate) fn settings_get(&self, _: Empty) -> Result<Settings, Failure> {
        Ok(self.settings().clone())
    }

    pub(crate) fn settings_set(&self, request: Settings) -> Result<Settings, Failure> {
        let mut settings = self.settings();
        *settings = settings::store(self.data_dir(), request)?;
        Ok(settings.clone())
    }

    pub(crate) fn storage_overview(&self, _: Empty) -> Result<StorageOverview, Failure> {
        let session = self.session()?;
        let private_bytes = database_bytes(&self.data_dir().join("private.db"));
        let mut councils = Vec::new();
        for council in session.councils(self.now_ms())?.iter() {
            let usage = council.store.storage_usage()?;
            councils.push(CouncilStorage {
                id: council.record.council.to_string(),
                name: council.record.name.clone(),
                file_count: count(usage.files_present),
                bytes: usage.bytes_present,
                private_bytes,
                objects: count(usage.objects),
            });
        }
        Ok(StorageOverview { councils })
    }
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Bytes of a database and its write-ahead log; 0 for what is not there.
fn database_bytes(path: &Path) -> u64 {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    [path.to_owned(), log.into()]
        .iter()
        .filter_map(|file| fs::metadata(file).ok())
        .map(|found| found.len())
        .sum()
}
