//! One answer for one caller who waits for it. The first answer counts: work, cancellation and the
//! time limit race, and the losers are ignored.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::error::{ReaderError, Result};

/// Locks, also after a panic elsewhere: the values behind the crate's locks are whole at every moment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct Slot<T> {
    settled: AtomicBool,
    answer: Mutex<Option<Result<T>>>,
    ready: Condvar,
}

impl<T> Slot<T> {
    fn settle(&self, answer: Result<T>) {
        let mut held = lock(&self.answer);
        if !self.settled.swap(true, Ordering::AcqRel) {
            *held = Some(answer);
            self.ready.notify_all();
        }
    }
}

/// The worker's end. Dropped without an answer, it answers `Stopped`.
#[derive(Debug)]
pub(crate) struct Replier<T>(Arc<Slot<T>>);

/// The caller's end.
#[derive(Debug)]
pub(crate) struct Waiter<T>(Arc<Slot<T>>);

/// A way to cancel while the answer is still open.
#[derive(Debug)]
pub(crate) struct Canceller<T>(Weak<Slot<T>>);

/// A fresh pair.
pub(crate) fn reply<T>() -> (Replier<T>, Waiter<T>) {
    let slot = Arc::new(Slot {
        settled: AtomicBool::new(false),
        answer: Mutex::new(None),
        ready: Condvar::new(),
    });
    (Replier(Arc::clone(&slot)), Waiter(slot))
}

impl<T> Replier<T> {
    pub(crate) fn answer(self, answer: Result<T>) {
        self.0.settle(answer);
    }

    /// Whether nobody waits for this any more.
    pub(crate) fn is_settled(&self) -> bool {
        self.0.settled.load(Ordering::Acquire)
    }

    pub(crate) fn canceller(&self) -> Canceller<T> {
        Canceller(Arc::downgrade(&self.0))
    }
}

impl<T> Drop for Replier<T> {
    fn drop(&mut self) {
        self.0.settle(Err(ReaderError::Stopped));
    }
}

impl<T> Canceller<T> {
    pub(crate) fn cancel(&self) {
        if let Some(slot) = self.0.upgrade() {
            slot.settle(Err(ReaderError::Cancelled));
        }
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.0
            .upgrade()
            .is_none_or(|slot| slot.settled.load(Ordering::Acquire))
    }
}

impl<T> Waiter<T> {
    /// Blocks until there is an answer.
    ///
    /// Arguments: every `look_every` the waiter calls `give_up` with the time waited so far; an error from
    /// there becomes the answer.
    pub(crate) fn wait(
        self,
        look_every: Duration,
        give_up: impl Fn(Duration) -> Option<ReaderError>,
    ) -> Result<T> {
        let since = Instant::now();
        let mut held = lock(&self.0.answer);
        loop {
            if let Some(answer) = held.take() {
                return answer;
            }
            held = self
                .0
                .ready
                .wait_timeout(held, look_every)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            if held.is_none() {
                // Asked without the lock: `give_up` takes another one.
                drop(held);
                if let Some(error) = give_up(since.elapsed()) {
                    self.0.settle(Err(error));
                }
                held = lock(&self.0.answer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(1);

    #[test]
    fn the_first_answer_counts() {
        let (replier, waiter) = reply();
        replier.canceller().cancel();
        assert!(replier.is_settled(), "the worker can see that nobody waits");
        replier.answer(Ok(1));
        let answer = waiter.wait(SOON, |_| None);
        assert_eq!(answer.unwrap_err().code(), "cancelled");
    }

    #[test]
    fn a_lost_worker_is_an_answer() {
        let (replier, waiter) = reply::<u8>();
        drop(replier);
        assert_eq!(
            waiter.wait(SOON, |_| None).unwrap_err().code(),
            "reader_stopped"
        );
    }

    #[test]
    fn a_waiter_may_give_up() {
        let (_replier, waiter) = reply::<u8>();
        let answer = waiter.wait(SOON, |_| Some(ReaderError::Unresponsive));
        assert_eq!(answer.unwrap_err().code(), "document_too_slow");
    }
}
