//! How often a passphrase may be tried: five times at once, then after longer and longer waits, and after ten tries not at
//! all. A try is counted on the disk before it is checked, so that whoever ends the program in between has used it up.
//! Not how a secret is checked (see `slots`).
//!
//! `"RMTRIES1" · SHA-256 of what follows · CBOR {version, used, run, elapsed} · zeroes up to 512 bytes` in the file `tries`. Without
//! it nothing has been tried. It holds no secret and no key seals it: whoever can write the folder can put an older one back.
//! It stays after the vault was opened, always of one length: where the storage is full it is written in its place, so that a full
//! tablet keeps nobody out.

use crate::atomic;
use crate::stopwatch::Moment;
use minicbor::{Decode, Encode};
use ring::digest::{SHA256, digest};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const FILE_NAME: &str = "tries";
const MAGIC: &[u8; 8] = b"RMTRIES1";
const VERSION: u8 = 1;
const CHECKSUM_LEN: usize = 32;
/// One sector: written in its place it is there as a whole or not at all, bytes.
const FILE_LEN: usize = 512;

/// Tries without a wait.
pub const FREE_TRIES: u8 = 5;
// Meets: O.Auth_7, MASVS-AUTH-2
/// Waits before the tries that follow, ms.
const WAITS_MS: [u64; 5] = [30_000, 60_000, 300_000, 900_000, 3_600_000];
/// After so many only the recovery code opens.
pub const MOST_TRIES: u8 = FREE_TRIES + WAITS_MS.len() as u8;
/// What a file that cannot be read counts as: one try is left, after the longest wait.
const USED_IF_DAMAGED: u8 = MOST_TRIES - 1;

/// How things stand with tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TriesLeft {
    /// How many are left; with none only the recovery code opens.
    pub left: u8,
    /// Until the next one, ms; 0: at once.
    pub wait_ms: u64,
}

/// Why a passphrase is not checked now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TriesError {
    #[error("the next try has to wait")]
    Waiting { wait_ms: u64 },
    #[error("all tries are used up")]
    UsedUp,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Tries since the vault was opened last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Used {
    #[n(0)]
    version: u8,
    #[n(1)]
    count: u8,
    /// The moment from which the wait is measured.
    #[cbor(n(2), with = "minicbor::bytes")]
    run: [u8; 16],
    #[n(3)]
    elapsed_ms: u64,
}

impl Used {
    pub(crate) fn new(count: u8, now: Moment) -> Self {
        Self {
            version: VERSION,
            count,
            run: now.run,
            elapsed_ms: now.elapsed_ms,
        }
    }

    /// What is left now, and whether the wait has to begin anew because nobody knows how long ago the last try was.
    fn left(self, now: Moment) -> (TriesLeft, bool) {
        let before = usize::from(self.count)
            .checked_sub(usize::from(FREE_TRIES))
            .and_then(|place| WAITS_MS.get(place));
        let wait_ms = before.copied().unwrap_or(0);
        let begun = Moment {
            run: self.run,
            elapsed_ms: self.elapsed_ms,
        };
        let passed = now.since(begun);
        let left = TriesLeft {
            left: MOST_TRIES.saturating_sub(self.count),
            wait_ms: wait_ms.saturating_sub(passed.unwrap_or(0)),
        };
        (left, passed.is_none() && left.wait_ms > 0)
    }

    pub(crate) fn encode(&self) -> io::Result<Vec<u8>> {
        let body = minicbor::to_vec(self).map_err(io::Error::other)?;
        let mut bytes = MAGIC.to_vec();
        let mut padded = body;
        padded.resize(FILE_LEN - MAGIC.len() - CHECKSUM_LEN, 0);
        bytes.extend_from_slice(digest(&SHA256, &padded).as_ref());
        bytes.extend_from_slice(&padded);
        Ok(bytes)
    }

    /// `None` for what is damaged or was written by a newer version.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (checksum, body) = rest.split_first_chunk::<CHECKSUM_LEN>()?;
        if digest(&SHA256, body).as_ref() != checksum {
            return None;
        }
        let used: Self = minicbor::decode(body).ok()?;
        (used.version == VERSION).then_some(used)
    }
}

/// The counter of a vault folder.
#[derive(Debug, Clone)]
pub(crate) struct Tries {
    path: PathBuf,
}

impl Tries {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            path: folder.join(FILE_NAME),
        }
    }

    fn read(&self, now: Moment) -> io::Result<Used> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(Used::decode(&bytes).unwrap_or(Used {
                // Another version than this one's: no moment that could be compared.
                version: 0,
                ..Used::new(USED_IF_DAMAGED, now)
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Used::new(0, now)),
            Err(error) => Err(error),
        }
    }

    fn write(&self, used: Used) -> io::Result<()> {
        let bytes = used.encode()?;
        match atomic::write_file(&self.path, &bytes) {
            Err(error) if is_full(&error) => write_in_place(&self.path, &bytes).map_err(|_| error),
            other => other,
        }
    }

    /// How many tries are left, and how long the next one has to wait. Where nobody knows how long it has waited already, as
    /// after a new start of the device, the wait begins anew, and the file says so.
    ///
    /// Errors: the file cannot be read or written.
    pub(crate) fn left(&self, now: Moment) -> io::Result<TriesLeft> {
        let used = self.read(now)?;
        let (left, is_anew) = used.left(now);
        if is_anew || used.version != VERSION {
            self.write(Used::new(used.count, now))?;
        }
        Ok(left)
    }

    /// Counts a try, on the disk, before it is checked.
    ///
    /// Errors: it may not be checked now; nothing was counted then.
    pub(crate) fn count(&self, now: Moment) -> Result<(), TriesError> {
        let left = self.left(now)?;
        if left.left == 0 {
            return Err(TriesError::UsedUp);
        }
        if left.wait_ms > 0 {
            return Err(TriesError::Waiting {
                wait_ms: left.wait_ms,
            });
        }
        let used = MOST_TRIES - left.left;
        Ok(self.write(Used::new(used + 1, now))?)
    }

    /// The vault was opened: all tries are there again.
    pub(crate) fn reset(&self, now: Moment) -> io::Result<()> {
        match self.read(now)? {
            // Of one length from the beginning, so that there is always something to write over.
            used if used.count == 0 && self.path.exists() => Ok(()),
            _ => self.write(Used::new(0, now)),
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// Writes over a file of the same length, which needs no room.
fn write_in_place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
    if file.metadata()?.len() != bytes.len() as u64 {
        return Err(io::ErrorKind::StorageFull.into());
    }
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(run: u8, elapsed_ms: u64) -> Moment {
        Moment {
            run: [run; 16],
            elapsed_ms,
        }
    }

    fn wait(result: Result<(), TriesError>) -> Option<u64> {
        match result {
            Ok(()) => None,
            Err(TriesError::Waiting { wait_ms }) => Some(wait_ms),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn five_are_free_then_the_waits_grow_and_after_ten_nothing_more_is_tried() {
        let folder = tempfile::tempdir().unwrap();
        let tries = Tries::in_folder(folder.path());
        let mut now = 1_000;
        for _ in 0..FREE_TRIES {
            assert_eq!(wait(tries.count(at(1, now))), None);
        }
        for (n, ms) in WAITS_MS.into_iter().enumerate() {
            assert_eq!(wait(tries.count(at(1, now))), Some(ms));
            assert_eq!(wait(tries.count(at(1, now + ms - 1))), Some(1));
            now += ms;
            assert_eq!(
                tries.left(at(1, now)).unwrap(),
                TriesLeft {
                    left: 5 - n as u8,
                    wait_ms: 0
                }
            );
            assert_eq!(wait(tries.count(at(1, now))), None);
        }
        assert!(matches!(
            tries.count(at(1, u64::MAX)),
            Err(TriesError::UsedUp)
        ));
        tries.reset(at(1, 0)).unwrap();
        assert_eq!(tries.left(at(1, 0)).unwrap().left, MOST_TRIES);
    }

    #[test]
    fn after_a_new_start_or_a_watch_that_went_back_the_wait_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let tries = Tries::in_folder(folder.path());
        for _ in 0..FREE_TRIES {
            tries.count(at(1, 50_000)).unwrap();
        }
        assert_eq!(tries.left(at(1, 70_000)).unwrap().wait_ms, 10_000);
        assert_eq!(tries.left(at(2, 70_000)).unwrap().wait_ms, 30_000);
        assert_eq!(
            tries.left(at(2, 75_000)).unwrap().wait_ms,
            25_000,
            "it goes on from there, and not from the beginning with every look"
        );
        assert_eq!(tries.left(at(2, 0)).unwrap().wait_ms, 30_000);
        assert_eq!(wait(tries.count(at(2, 30_000))), None);
    }

    #[test]
    fn a_damaged_file_leaves_one_try_after_the_longest_wait() {
        let folder = tempfile::tempdir().unwrap();
        let tries = Tries::in_folder(folder.path());
        tries.count(at(1, 0)).unwrap();
        let good = std::fs::read(folder.path().join(FILE_NAME)).unwrap();
        for place in 0..good.len() {
            let mut bad = good.clone();
            bad[place] ^= 1;
            std::fs::write(folder.path().join(FILE_NAME), &bad).unwrap();
            let left = tries.left(at(1, 0)).unwrap();
            assert_eq!((left.left, left.wait_ms), (1, 3_600_000), "byte {place}");
        }
        assert_eq!(
            tries.left(at(1, 3_600_000)).unwrap().wait_ms,
            0,
            "the wait ends once"
        );
    }

    /// What a full storage lets through: the file that is there is written over, and one that is not there cannot be made.
    #[test]
    fn on_a_full_storage_it_is_written_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let tries = Tries::in_folder(folder.path());
        let path = folder.path().join(FILE_NAME);
        let used = Used::new(4, at(1, 9)).encode().unwrap();
        assert!(
            write_in_place(&path, &used).is_err(),
            "nothing to write over"
        );
        tries.reset(at(1, 0)).unwrap();
        write_in_place(&path, &used).unwrap();
        assert_eq!(tries.left(at(1, 9)).unwrap().left, MOST_TRIES - 4);
        std::fs::write(&path, b"short").unwrap();
        assert!(write_in_place(&path, &used).is_err(), "it would need room");
        assert_eq!(std::fs::read(&path).unwrap(), b"short");
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            assert!(is_full(&kind.into()));
        }
        assert!(!is_full(&io::ErrorKind::PermissionDenied.into()));
    }

    /// The vector stays for ever: another form would give tries back.
    #[test]
    fn the_form_is_frozen() {
        let bytes = Used::new(3, at(7, 9)).encode().unwrap();
        assert_eq!(bytes.len(), FILE_LEN);
        assert_eq!(
            &bytes[40..65],
            [&[0xa4, 0, 1, 1, 3, 2, 0x50][..], &[7; 16], &[3, 9]].concat()
        );
        assert!(bytes[65..].iter().all(|byte| *byte == 0));
        assert_eq!(Used::decode(&bytes), Some(Used::new(3, at(7, 9))));
    }
}
