//! The backup of one's own notes: made into the folder for downloads, reminded of, brought back. It never leaves by itself.

use std::fs::{self, File};
use std::io;
use std::time::UNIX_EPOCH;

use notes::{NoteStore, NotesCount};
use sync_protocol::recovery::RecoveryCode;
use vault::{BackupFacts, ReadBackup, Vault};

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::session::Session;
use crate::{export, times};

/// A backup older than this is out of date, and "later" means so long; ms.
const DUE_MS: i64 = 30 * 24 * 3_600_000;
const ENDING: &str = "age";

/// Under these names the private database keeps what is known of its backups; so a tablet that took one over goes on with its code.
const CODE: &str = "backup_code";
const MADE_AT: &str = "backup_at_ms";
const LATER_AT: &str = "backup_later_at_ms";

impl Desk {
    pub(crate) fn backup_state(&self, _: Empty) -> Result<BackupState, Failure> {
        let session = self.session()?;
        let last_at_ms = time(&session, MADE_AT)?;
        let count = session.notes.count_newer(last_at_ms.unwrap_or(i64::MIN))?;
        Ok(BackupState {
            last_at_ms,
            newer: u32::try_from(count.newer).unwrap_or(u32::MAX),
            due: is_due(self.now_ms(), last_at_ms, time(&session, LATER_AT)?, &count),
            folder: self.config.export_dir.to_string_lossy().into_owned(),
            untouched: count.is_untouched,
        })
    }

    /// Not now: the next reminder comes in thirty days.
    pub(crate) fn backup_later(&self, _: Empty) -> Result<Empty, Failure> {
        let session = self.session()?;
        session
            .notes
            .setting_set(LATER_AT, Some(&self.now_ms().to_string()))?;
        Ok(Empty {})
    }

    // Meets: MASVS-PRIVACY-4
    /// Makes one, in the folder for downloads.
    ///
    /// Errors: those of the disk.
    pub(crate) fn backup_make(&self, _: Empty) -> Result<BackupMade, Failure> {
        let session = self.session()?;
        let code = code_of(&session)?;
        let now_ms = self.now_ms();
        let facts = BackupFacts {
            made_at_ms: now_ms,
            notes: session.notes.count_newer(now_ms)?.all,
        };
        let mut bytes = Vec::new();
        session.vault.write_backup(&mut bytes, &code, facts)?;
        let stem = format!("Ratsmappe-Sicherung {}", times::day_iso(now_ms));
        let path = export::write_new_bytes(&self.config.export_dir, &stem, ENDING, &bytes)?;
        session
            .notes
            .setting_set(MADE_AT, Some(&now_ms.to_string()))?;
        Ok(BackupMade {
            path: path.to_string_lossy().into_owned(),
            code: Secret::new(code.to_display().as_str()),
        })
    }

    pub(crate) fn backup_list(&self, _: Empty) -> Result<BackupList, Failure> {
        self.session()?;
        Ok(BackupList {
            files: self.backup_files()?,
            folder: self.config.export_dir.to_string_lossy().into_owned(),
        })
    }

    /// Brings notes back. All of the backup is checked before anything changes; the session begins anew with it.
    ///
    /// Errors: `backup_not_empty` where there are notes already; `backup_wrong_code`, `backup_foreign`, `backup_damaged`,
    /// `newer_data`; those of the disk.
    pub(crate) fn backup_restore(
        &self,
        request: BackupRestoreRequest,
    ) -> Result<BackupRestored, Failure> {
        let session = self.session()?;
        if !request.replace && !session.notes.count_newer(0)?.is_untouched {
            return Err(ErrorCode::BackupNotEmpty.into());
        }
        let wrong = |error| Failure::caused(ErrorCode::BackupWrongCode, error);
        let code = RecoveryCode::parse(request.code.expose()).map_err(wrong)?;
        // A name of the list and no path.
        let files = self.backup_files()?;
        let file = files.iter().find(|file| file.name == request.name);
        let name = &file.ok_or(ErrorCode::NotFound)?.name;
        let source = File::open(self.config.export_dir.join(name))?;
        let read = session
            .vault
            .read_backup(source, &code, NoteStore::known_schema())?;
        let facts = read.facts();
        drop(session);
        self.put_in_place(&read)?;
        Ok(BackupRestored {
            notes: u32::try_from(facts.notes).unwrap_or(u32::MAX),
            made_at_ms: facts.made_at_ms,
        })
    }

    /// Ends the session, puts the database in place, begins a new session.
    fn put_in_place(&self, read: &ReadBackup) -> Result<(), Failure> {
        let session = self.close()?.ok_or(ErrorCode::Locked)?;
        let Some(vault) = Session::take_vault(session) else {
            // Something still works with the notes: nothing was changed, and the portfolio is locked.
            self.tell_locked();
            return Err(ErrorCode::Cancelled.into());
        };
        let put = vault.put_backup(read);
        let begun = self.begin_anew(vault);
        put?;
        begun
    }

    fn begin_anew(&self, vault: Vault) -> Result<(), Failure> {
        let begun = Session::start(vault, self.now_ms()).and_then(|session| self.enter(session));
        if begun.is_err() {
            self.tell_locked();
        }
        begun
    }

    fn backup_files(&self) -> Result<Vec<BackupFile>, Failure> {
        let entries = match fs::read_dir(&self.config.export_dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry?;
            let (Ok(name), Ok(meta)) = (entry.file_name().into_string(), entry.metadata()) else {
                continue;
            };
            let is_backup = name.ends_with(".age") && !name.starts_with('.') && meta.is_file();
            if is_backup {
                let since = meta
                    .modified()
                    .ok()
                    .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
                files.push(BackupFile {
                    name,
                    bytes: meta.len(),
                    at_ms: since.and_then(|since| i64::try_from(since.as_millis()).ok()),
                });
            }
        }
        files.sort_by(|a, b| (b.at_ms, &b.name).cmp(&(a.at_ms, &a.name)));
        Ok(files)
    }
}

/// Whether it is time for a backup. Where there was none, the time begins with the first note.
fn is_due(
    now_ms: i64,
    last_at_ms: Option<i64>,
    later_at_ms: Option<i64>,
    count: &NotesCount,
) -> bool {
    let is_over = |since: Option<i64>| since.is_none_or(|since| now_ms - since > DUE_MS);
    let since = last_at_ms.or(count.first_newer_at_ms);
    count.newer > 0 && is_over(since) && is_over(later_at_ms)
}

/// The code of the backups: made once, so that a member has one to keep and not one for each file.
fn code_of(session: &Session) -> Result<RecoveryCode, Failure> {
    if let Some(kept) = session.notes.setting(CODE)?
        && let Ok(code) = RecoveryCode::parse(&kept)
    {
        return Ok(code);
    }
    let code = RecoveryCode::make().map_err(|error| Failure::caused(ErrorCode::Internal, error))?;
    session
        .notes
        .setting_set(CODE, Some(code.to_display().as_str()))?;
    Ok(code)
}

fn time(session: &Session, name: &str) -> Result<Option<i64>, Failure> {
    let kept = session.notes.setting(name)?;
    Ok(kept.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 3_600_000;

    fn due(days: i64, last: Option<i64>, later: Option<i64>, newer: u64) -> bool {
        let count = NotesCount {
            all: 5,
            newer,
            first_newer_at_ms: (newer > 0).then_some(0),
            is_untouched: false,
        };
        is_due(
            days * DAY_MS,
            last.map(|day| day * DAY_MS),
            later.map(|day| day * DAY_MS),
            &count,
        )
    }

    #[test]
    fn it_is_due_after_thirty_days_with_something_new_and_not_while_later() {
        assert!(due(31, Some(0), None, 1));
        assert!(!due(30, Some(0), None, 1));
        assert!(!due(400, Some(0), None, 0), "nothing new");
        assert!(due(31, None, None, 1), "none yet: from the first note on");
        assert!(!due(29, None, None, 1));
        assert!(!due(61, Some(0), Some(31), 1));
        assert!(due(62, Some(0), Some(31), 1));
    }
}
