//! How often passphrase and PIN may be tried, together: five times at once, then after longer and longer waits, and after ten tries
//! not at all; and after five wrong PINs no PIN until the passphrase was right. A try is counted durably before it is checked, so
//! that whoever ends the program in between has used it up. Not how a secret is checked (see `slots`).
//!
//! `"RMTRIES1" · SHA-256 of what follows · CBOR {version, used, run, elapsed, wrong PINs} · zeroes up to 512 bytes` in the file
//! `tries`. Without it nothing has been tried. It holds no secret and no key seals it: whoever can write the folder can put an older one
//! back. Therefore the same stands in the key store, where there is one, and what is stricter counts.
//! It stays after the vault was opened, always of one length: where the storage is full it is written in its place, so that a full
//! tablet keeps nobody out.

use crate::atomic;
use crate::key_store::{KeyStore, KeyStoreError};
use crate::stopwatch::Moment;
use minicbor::{Decode, Encode};
use ring::digest::{SHA256, digest};
use std::cmp::Ordering;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
/// After so many wrong PINs the passphrase is asked for.
pub const PIN_TRIES: u8 = 5;
/// What a file that cannot be read counts as: one try is left, after the longest wait.
const USED_IF_DAMAGED: u8 = MOST_TRIES - 1;

/// How things stand with tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TriesLeft {
    /// How many are left; with none only the recovery code opens.
    pub left: u8,
    /// Until the next one, ms; 0: at once.
    pub wait_ms: u64,
    /// How many of them may be PINs; with none the passphrase has to come first.
    pub pin_left: u8,
}

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    Passphrase,
    Pin,
}

/// Why a secret is not checked now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TriesError {
    #[error("the next try has to wait")]
    Waiting { wait_ms: u64 },
    #[error("all tries are used up")]
    UsedUp,
    #[error("after wrong PINs the passphrase has to come first")]
    PinRefused,
    /// Of a PIN alone: a passphrase is counted in the file all the same.
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
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
    /// Those of them that were PINs; none is not written.
    #[n(4)]
    pins: Option<u8>,
}

impl Used {
    pub(crate) fn new(count: u8, now: Moment) -> Self {
        Self {
            version: VERSION,
            count,
            run: now.run,
            elapsed_ms: now.elapsed_ms,
            pins: None,
        }
    }

    /// The same number of tries, with the wait measured from now.
    fn anew(self, now: Moment) -> Self {
        Self {
            pins: self.pins,
            ..Self::new(self.count, now)
        }
    }

    fn begun(self) -> Moment {
        Moment {
            run: self.run,
            elapsed_ms: self.elapsed_ms,
        }
    }

    /// What counts where file and key store say something different: the higher numbers, and the longer wait.
    fn stricter(self, other: Self, now: Moment) -> Self {
        let passed = |used: Self| now.since(used.begun()).unwrap_or(0);
        let later = match self.count.cmp(&other.count) {
            Ordering::Less => other,
            Ordering::Greater => self,
            Ordering::Equal if passed(other) < passed(self) => other,
            Ordering::Equal => self,
        };
        Self {
            pins: self.pins.max(other.pins),
            ..later
        }
    }

    /// What is left now, and whether the wait has to begin anew because nobody knows how long ago the last try was.
    fn left(self, now: Moment) -> (TriesLeft, bool) {
        let before = usize::from(self.count)
            .checked_sub(usize::from(FREE_TRIES))
            .and_then(|place| WAITS_MS.get(place));
        let wait_ms = before.copied().unwrap_or(0);
        let passed = now.since(self.begun());
        let left = TriesLeft {
            left: MOST_TRIES.saturating_sub(self.count),
            wait_ms: wait_ms.saturating_sub(passed.unwrap_or(0)),
            pin_left: PIN_TRIES.saturating_sub(self.pins.unwrap_or(0)),
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

    /// What cannot be read counts as nearly all tries. Another version than this one's: no moment that could be compared.
    fn read(bytes: &[u8], now: Moment) -> Self {
        Self::decode(bytes).unwrap_or(Self {
            version: 0,
            pins: Some(PIN_TRIES),
            ..Self::new(USED_IF_DAMAGED, now)
        })
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

/// The second place of the counter: a name in the key store.
#[derive(Clone)]
pub(crate) struct Mirror {
    pub(crate) store: Arc<dyn KeyStore>,
    pub(crate) name: String,
}

/// The counter of a vault folder.
#[derive(Clone)]
pub(crate) struct Tries {
    path: PathBuf,
    mirror: Option<Mirror>,
}

/// The counter as its two places have it.
struct Standing {
    used: Used,
    /// Both places say so.
    is_same: bool,
    /// Whether the key store answered.
    mirrored: Result<(), KeyStoreError>,
}

impl Tries {
    #[cfg(test)]
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self::new(folder, None)
    }

    pub(crate) fn new(folder: &Path, mirror: Option<Mirror>) -> Self {
        Self {
            path: folder.join(FILE_NAME),
            mirror,
        }
    }

    fn read(&self, now: Moment) -> io::Result<Standing> {
        let file = match std::fs::read(&self.path) {
            Ok(bytes) => Some(Used::read(&bytes, now)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let mirrored = match &self.mirror {
            Some(mirror) => mirror.store.get(&mirror.name),
            None => Err(KeyStoreError::Missing),
        };
        let (mirror, mirrored) = match mirrored {
            Ok(bytes) => (bytes.map(|bytes| Used::read(&bytes, now)), Ok(())),
            Err(error) => (None, Err(error)),
        };
        let used = match (file, mirror) {
            (Some(file), Some(mirror)) => file.stricter(mirror, now),
            (file, mirror) => file.or(mirror).unwrap_or(Used::new(0, now)),
        };
        let is_same = used.version == VERSION
            && file.is_none_or(|file| file == used)
            && (mirrored.is_err() || mirror == Some(used))
            && (file.is_some() || mirror.is_none());
        Ok(Standing {
            used,
            is_same,
            mirrored,
        })
    }

    /// Writes both places. Result: whether the key store took it.
    fn write(&self, used: Used) -> io::Result<Result<(), KeyStoreError>> {
        let bytes = used.encode()?;
        // The one that cannot be put back comes first: a kill in between has used up the try.
        let mirrored = match &self.mirror {
            Some(mirror) => mirror.store.set(&mirror.name, &bytes),
            None => Err(KeyStoreError::Missing),
        };
        match atomic::write_file(&self.path, &bytes) {
            Err(error) if is_full(&error) => write_in_place(&self.path, &bytes).map_err(|_| error),
            other => other,
        }?;
        Ok(mirrored)
    }

    /// How many tries are left, and how long the next one has to wait. Where nobody knows how long it has waited already, as
    /// after a new start of the device, the wait begins anew, and the file says so.
    ///
    /// Errors: the file cannot be read or written.
    pub(crate) fn left(&self, now: Moment) -> io::Result<TriesLeft> {
        Ok(self.look(now)?.0)
    }

    fn look(&self, now: Moment) -> io::Result<(TriesLeft, Standing)> {
        let mut standing = self.read(now)?;
        let (left, is_anew) = standing.used.left(now);
        if is_anew || standing.used.version != VERSION {
            standing.used = standing.used.anew(now);
            standing.is_same = false;
        }
        // A key store that does not take it is as good as one that does not answer: what it had is not less strict.
        if !standing.is_same {
            standing.mirrored = standing.mirrored.and(self.write(standing.used)?);
        }
        Ok((left, standing))
    }

    /// Counts a try, durably, before it is checked. A PIN is counted in the key store, too, or not checked; a passphrase is
    /// checked also where the key store does not answer, or whoever lost it would be kept out.
    ///
    /// Errors: it may not be checked now; nothing was counted then.
    pub(crate) fn count(&self, now: Moment, guess: Guess) -> Result<(), TriesError> {
        let (left, standing) = self.look(now)?;
        if left.left == 0 {
            return Err(TriesError::UsedUp);
        }
        if guess == Guess::Pin {
            standing.mirrored?;
            if left.pin_left == 0 {
                return Err(TriesError::PinRefused);
            }
        }
        if left.wait_ms > 0 {
            return Err(TriesError::Waiting {
                wait_ms: left.wait_ms,
            });
        }
        let used = Used {
            pins: match guess {
                Guess::Passphrase => standing.used.pins,
                Guess::Pin => Some(PIN_TRIES - left.pin_left + 1),
            },
            ..Used::new(MOST_TRIES - left.left + 1, now)
        };
        let mirrored = self.write(used)?;
        match guess {
            Guess::Passphrase => Ok(()),
            Guess::Pin => Ok(mirrored?),
        }
    }

    /// The vault was opened: all tries are there again. A key store that does not answer keeps what it has, until the vault is
    /// opened the next time.
    ///
    /// Errors: the file cannot be read or written.
    pub(crate) fn reset(&self, now: Moment) -> io::Result<()> {
        let standing = self.read(now)?;
        // Of one length from the beginning, so that there is always something to write over.
        if standing.used.count == 0 && standing.is_same && self.path.exists() {
            return Ok(());
        }
        self.write(Used::new(0, now)).map(drop)
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
mod tests;
