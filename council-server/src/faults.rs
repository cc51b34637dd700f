//! Faults that stories switch on to see that tablets lose nothing: a cut download, an old head, a damaged file,
//! an answer 500. Only the library can set them; no route and no command does.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sync_protocol::ids::{BlobId, DeviceId};

/// How many earlier heads are remembered for each device.
const REMEMBERED_HEADS: usize = 16;

/// The switches of one server. All are off at first.
#[derive(Debug, Default)]
pub struct FaultSwitch {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    cut_blobs: Option<(u64, usize)>,
    damaged: BTreeMap<BlobId, u64>,
    old_head: bool,
    failures: Option<(String, usize)>,
    heads: BTreeMap<DeviceId, Vec<Vec<u8>>>,
}

impl FaultSwitch {
    /// The next `times` blob answers end after `byte_len` bytes of their body.
    pub fn cut_blobs_after(&self, byte_len: u64, times: usize) {
        self.lock().cut_blobs = Some((byte_len, times));
    }

    /// One byte of a blob is served wrong, at `position` of the ciphertext, until the faults are cleared.
    pub fn damage_blob(&self, blob: BlobId, position: u64) {
        self.lock().damaged.insert(blob, position);
    }

    /// Every device gets the first head that this process gave it, until the faults are cleared.
    pub fn serve_old_head(&self) {
        self.lock().old_head = true;
    }

    /// The next `times` requests whose path begins with `path` are answered with 500.
    pub fn fail(&self, path: &str, times: usize) {
        self.lock().failures = Some((path.to_owned(), times));
    }

    /// Switches all faults off.
    pub fn clear(&self) {
        let mut state = self.lock();
        let heads = std::mem::take(&mut state.heads);
        *state = State {
            heads,
            ..State::default()
        };
    }

    pub(crate) fn take_cut(&self) -> Option<u64> {
        let mut state = self.lock();
        let (byte_len, times) = state.cut_blobs?;
        state.cut_blobs = (times > 1).then_some((byte_len, times - 1));
        (times > 0).then_some(byte_len)
    }

    pub(crate) fn damage_of(&self, blob: &BlobId) -> Option<u64> {
        self.lock().damaged.get(blob).copied()
    }

    pub(crate) fn take_failure(&self, path: &str) -> bool {
        let mut state = self.lock();
        let Some((prefix, times)) = state.failures.clone() else {
            return false;
        };
        if times == 0 || !path.starts_with(&prefix) {
            return false;
        }
        state.failures = (times > 1).then_some((prefix, times - 1));
        true
    }

    /// The head to serve instead of a fresh one.
    pub(crate) fn old_head(&self, device: &DeviceId) -> Option<Vec<u8>> {
        let state = self.lock();
        let first = state
            .heads
            .get(device)
            .and_then(|heads| heads.first().cloned());
        first.filter(|_| state.old_head)
    }

    pub(crate) fn remember_head(&self, device: &DeviceId, head: &[u8]) {
        let mut state = self.lock();
        let heads = state.heads.entry(*device).or_default();
        if heads.len() < REMEMBERED_HEADS {
            heads.push(head.to_vec());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
