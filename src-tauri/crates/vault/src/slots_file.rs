//! The slots file on disk and its replacement, after which an old passphrase must not live on.
//! Not what stands in it (see `slots`).
//!
//! ```text
//! slots      the slots
//! slots.old  the generation before, only while a replacement is under way
//! ```

use crate::atomic;
use crate::slots::{Slots, SlotsError};
use std::io;
use std::path::{Path, PathBuf};

const FILE_NAME: &str = "slots";

/// The slots file of a vault folder.
#[derive(Debug, Clone)]
pub(crate) struct SlotsFile {
    path: PathBuf,
}

impl SlotsFile {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            path: folder.join(FILE_NAME),
        }
    }

    /// Whether a slots file stands there, even a damaged one or one whose replacement was cut off.
    pub(crate) fn exists(&self) -> bool {
        self.path.exists() || self.old_path().exists()
    }

    fn old_path(&self) -> PathBuf {
        atomic::with_suffix(&self.path, ".old")
    }

    /// Reads the slots and finishes a replacement that a crash cut off: a good new file ends the old one, and a bad
    /// new one gives way to it.
    pub(crate) fn read(&self) -> Result<Slots, SlotsError> {
        let old_path = self.old_path();
        match self.read_current() {
            Ok(slots) => {
                self.delete_old()?;
                self.delete_unfinished()?;
                Ok(slots)
            }
            Err(error @ (SlotsError::Damaged | SlotsError::Missing)) => {
                let Ok(old) = std::fs::read(&old_path) else {
                    return Err(error);
                };
                let Ok(slots) = Slots::decode(&old) else {
                    return Err(SlotsError::Damaged);
                };
                std::fs::rename(&old_path, &self.path)?;
                atomic::sync_parent(&self.path)?;
                Ok(slots)
            }
            Err(error) => Err(error),
        }
    }

    /// The slots as they stand there, with nothing finished: for whoever does not hold the vault's lock.
    pub(crate) fn peek(&self) -> Result<Slots, SlotsError> {
        match self.read_current() {
            Err(SlotsError::Damaged | SlotsError::Missing) => {
                match std::fs::read(self.old_path()) {
                    Ok(bytes) => Slots::decode(&bytes),
                    Err(_) => self.read_current(),
                }
            }
            other => other,
        }
    }

    fn read_current(&self) -> Result<Slots, SlotsError> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Slots::decode(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(SlotsError::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts `slots` in place of what stands there: keep the old generation, write, fsync, rename, fsync folder, read
    /// back, then delete the old generation, so that an old passphrase does not live on.
    ///
    /// Errors: after any of them the old slots are still, or again, the current ones.
    pub(crate) fn replace(&self, slots: &Slots) -> Result<(), SlotsError> {
        let bytes = slots.encode()?;
        let old_path = self.old_path();
        let is_first = !self.path.exists();
        if !is_first {
            atomic::write_file(&old_path, &std::fs::read(&self.path)?)?;
        }
        let kept = atomic::write_file(&self.path, &bytes)
            .map_err(SlotsError::from)
            .and_then(|()| match self.read_current() {
                Ok(current) if current == *slots => Ok(()),
                Err(SlotsError::Io(error)) => Err(error.into()),
                _ => Err(SlotsError::NotKept),
            });
        if let Err(error) = kept {
            // The new ones may stand there and be whole: whoever is told of an error goes on with the old secret.
            if !is_first {
                std::fs::rename(&old_path, &self.path)?;
                atomic::sync_parent(&self.path)?;
            }
            return Err(error);
        }
        // From here on the new secret counts. What cannot be deleted now the next reading deletes.
        let _ = self.delete_old();
        Ok(())
    }

    /// Of a replacement that was cut off before it counted: its passphrase is none, and the copy of the old one is not needed.
    fn delete_unfinished(&self) -> Result<(), SlotsError> {
        for path in [&self.path, &self.old_path()] {
            overwrite_and_remove(&atomic::with_suffix(path, ".new"))?;
        }
        Ok(())
    }

    fn delete_old(&self) -> Result<(), SlotsError> {
        overwrite_and_remove(&self.old_path())
    }
}

/// Overwriting before removing is not proof against flash storage (SECURITY.md), but it costs nothing.
fn overwrite_and_remove(path: &Path) -> Result<(), SlotsError> {
    match std::fs::metadata(path) {
        Ok(meta) => {
            let zeroes = vec![0; usize::try_from(meta.len()).unwrap_or(0)];
            atomic::write_and_sync(path, &zeroes)?;
            Ok(atomic::remove_file(path)?)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdf::KdfCost;
    use crate::passphrase::Passphrase;
    use crate::secret::SecretKey;
    use crate::slots::SlotSecret;
    use std::fs;

    fn slots_for(passphrase: &str, root: &SecretKey) -> Slots {
        Slots::new([9; 16])
            .with_passphrase(&Passphrase::new(passphrase), KdfCost::for_tests(), root)
            .unwrap()
    }

    fn open(slots: &Slots, passphrase: &str) -> Result<SecretKey, SlotsError> {
        slots.open(SlotSecret::Passphrase(&Passphrase::new(passphrase)))
    }

    fn changed(slots: &Slots, passphrase: &str, root: &SecretKey) -> Slots {
        slots
            .with_passphrase(&Passphrase::new(passphrase), KdfCost::for_tests(), root)
            .unwrap()
    }

    fn folder_with(slots: &Slots) -> (tempfile::TempDir, SlotsFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = SlotsFile::in_folder(folder.path());
        file.replace(slots).unwrap();
        (folder, file)
    }

    #[test]
    fn a_replaced_secret_is_gone_from_the_folder() {
        let root = SecretKey::make().unwrap();
        let first = slots_for("old", &root);
        let (folder, file) = folder_with(&first);
        let second = changed(&first, "new", &root);
        file.replace(&second).unwrap();
        let read = file.read().unwrap();
        assert!(matches!(open(&read, "old"), Err(SlotsError::WrongSecret)));
        assert!(open(&read, "new").is_ok());
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no other generation may remain"
        );
    }

    #[test]
    fn a_crash_after_keeping_the_old_generation_loses_nothing() {
        let root = SecretKey::make().unwrap();
        let first = slots_for("old", &root);
        let (folder, file) = folder_with(&first);
        let old = folder.path().join("slots.old");
        // Crash after the copy, before the new file.
        fs::copy(folder.path().join("slots"), &old).unwrap();
        assert_eq!(file.read().unwrap(), first);
        assert!(!old.exists());
        // Crash that left a torn new file.
        fs::copy(folder.path().join("slots"), &old).unwrap();
        fs::write(folder.path().join("slots"), b"RMSLOTS1 torn").unwrap();
        assert_eq!(file.read().unwrap(), first);
        // Crash after the new file: the new one counts and the old one goes.
        let second = changed(&first, "new", &root);
        fs::copy(folder.path().join("slots"), &old).unwrap();
        fs::write(folder.path().join("slots"), second.encode().unwrap()).unwrap();
        assert_eq!(file.read().unwrap(), second);
        assert!(!old.exists(), "the old passphrase must not live on");
    }

    /// Every content of the folder that a kill during a change of passphrase can leave, in the order of the steps: `slots`,
    /// `slots.new`, `slots.old`, `slots.old.new`.
    fn states(first: &[u8], second: &[u8]) -> Vec<[Option<Vec<u8>>; 4]> {
        let all = |bytes: &[u8]| Some(bytes.to_vec());
        let half = |bytes: &[u8]| Some(bytes[..bytes.len() / 2].to_vec());
        let zeroes = Some(vec![0; first.len()]);
        vec![
            [all(first), None, None, Some(Vec::new())],
            [all(first), None, None, half(first)],
            [all(first), None, None, all(first)],
            [all(first), None, all(first), None],
            [all(first), Some(Vec::new()), all(first), None],
            [all(first), half(second), all(first), None],
            [all(first), all(second), all(first), None],
            [all(second), None, all(first), None],
            [all(second), None, Some(Vec::new()), None],
            [all(second), None, zeroes, None],
            [all(second), None, None, None],
        ]
    }

    #[test]
    fn a_kill_at_any_step_leaves_exactly_one_passphrase_and_no_copy_of_another() {
        const NAMES: [&str; 4] = ["slots", "slots.new", "slots.old", "slots.old.new"];
        let root = SecretKey::make().unwrap();
        let first = slots_for("old", &root);
        let second = changed(&first, "new", &root);
        let third = changed(&second, "third", &root);
        let (first, second) = (first.encode().unwrap(), second.encode().unwrap());
        let counted = states(&first, &second).into_iter().enumerate();
        for (step, state) in counted {
            let folder = tempfile::tempdir().unwrap();
            for (name, bytes) in NAMES.iter().zip(&state) {
                if let Some(bytes) = bytes {
                    fs::write(folder.path().join(name), bytes).unwrap();
                }
            }
            let file = SlotsFile::in_folder(folder.path());
            let read = file.read().unwrap();
            let (with_old, with_new) = (open(&read, "old").is_ok(), open(&read, "new").is_ok());
            assert!(with_old != with_new, "step {step}: exactly one opens");
            let holds = |name: &str, part: &[u8]| {
                fs::read(folder.path().join(name))
                    .is_ok_and(|bytes| bytes.windows(part.len()).any(|found| found == part))
            };
            // The wrapped key stands at the end of the only slot.
            let dead = if with_old { &second } else { &first };
            let dead = &dead[dead.len() - 48..];
            assert!(
                NAMES.iter().all(|name| !holds(name, dead)),
                "step {step}: the other one lives on"
            );
            file.replace(&third).unwrap();
            for gone in [&first, &second].map(|bytes| &bytes[bytes.len() - 48..]) {
                assert!(NAMES.iter().all(|name| !holds(name, gone)), "step {step}");
            }
        }
    }

    #[test]
    fn a_missing_file_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let file = SlotsFile::in_folder(folder.path());
        assert!(!file.exists());
        assert!(matches!(file.read(), Err(SlotsError::Missing)));
    }
}
