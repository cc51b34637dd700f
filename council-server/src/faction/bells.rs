//! Bells: a request that waits for news hears here that something has come, and asks again. A bell says nothing but that; it holds no
//! thread and no lock while somebody waits.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sync_protocol::ids::{FactionId, InvitationId};
use tokio::sync::watch;

/// What somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    Space(FactionId),
    Invitation(InvitationId),
}

/// One bell for each topic that somebody listens to.
#[derive(Debug, Default)]
pub(crate) struct Bells {
    rung: Mutex<HashMap<Topic, watch::Sender<()>>>,
    waiting: AtomicUsize,
}

impl Bells {
    /// Listens from now on.
    pub(crate) fn listen(self: &Arc<Self>, topic: Topic) -> Listening {
        let mut rung = self.lock();
        let sender = rung.entry(topic).or_insert_with(|| watch::Sender::new(()));
        Listening {
            receiver: Some(sender.subscribe()),
            bells: Arc::clone(self),
            topic,
        }
    }

    /// Something has come, and stands in the tables.
    pub(super) fn ring(&self, topic: Topic) {
        if let Some(sender) = self.lock().get(&topic) {
            sender.send_replace(());
        }
    }

    pub(super) fn waiting_count(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Topic, watch::Sender<()>>> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody listens; the last one who stops takes the bell away.
#[derive(Debug)]
pub(crate) struct Listening {
    receiver: Option<watch::Receiver<()>>,
    bells: Arc<Bells>,
    topic: Topic,
}

impl Listening {
    /// Waits until it rings, or has rung since the last time.
    pub(crate) async fn rung(&mut self) {
        let _counted = Waiting::count(&self.bells);
        let has_rung = match &mut self.receiver {
            Some(receiver) => receiver.changed().await.is_ok(),
            None => false,
        };
        if !has_rung {
            // Without a bell there is nothing to hear; whoever waits has a limit of time.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut rung = self.bells.lock();
        self.receiver = None;
        if rung
            .get(&self.topic)
            .is_some_and(|sender| sender.receiver_count() == 0)
        {
            rung.remove(&self.topic);
        }
    }
}

struct Waiting<'a>(&'a Bells);

impl<'a> Waiting<'a> {
    fn count(bells: &'a Bells) -> Self {
        bells.waiting.fetch_add(1, Ordering::SeqCst);
        Self(bells)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn is_rung(listening: &mut Listening) -> bool {
        let rung = pin!(listening.rung());
        rung.poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
    }

    #[test]
    fn whoever_listens_hears_her_own_bell_and_the_last_one_takes_it_away() {
        let bells = Arc::new(Bells::default());
        let (here, there) = (
            Topic::Space(FactionId::from_bytes([1; 32])),
            Topic::Space(FactionId::from_bytes([2; 32])),
        );
        bells.ring(here);
        let (mut first, mut second) = (bells.listen(here), bells.listen(here));
        let mut other = bells.listen(there);
        assert!(!is_rung(&mut first), "what rang before counts for nobody");
        bells.ring(here);
        assert!(is_rung(&mut first) && is_rung(&mut second));
        assert!(!is_rung(&mut first), "once is once");
        assert!(!is_rung(&mut other), "another space is quiet");
        drop((first, other));
        assert_eq!(bells.lock().len(), 1);
        drop(second);
        assert!(bells.lock().is_empty(), "nothing is left of who waited");
        assert_eq!(bells.waiting_count(), 0);
    }
}
