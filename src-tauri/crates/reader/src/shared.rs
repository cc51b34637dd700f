//! What callers and lanes both touch: the queue, the open documents, what each lane is at. Data and decisions; the threads stand
//! in `lane.rs` and `reader.rs`.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::encode::Encoded;
use crate::engine::{Answer, Task};
use crate::error::{ReaderError, Result};
use crate::geometry::{DocId, PageGeometry, Ticket};
use crate::limits::MAX_DOCUMENTS;
use crate::paper::Paper;
use crate::queue::JobQueue;
use crate::reply::{Canceller, Replier, lock};
use crate::source::CutOff;

/// What a caller gets.
pub(crate) enum Reply {
    Answer(Answer),
    Encoded(Encoded),
}

/// A task of one caller.
pub(crate) struct Job {
    /// Never given twice.
    pub(crate) number: u64,
    pub(crate) paper: Arc<Paper>,
    pub(crate) task: Task,
    pub(crate) reply: Replier<Reply>,
}

/// Which documents to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    One(DocId),
    All,
}

impl Which {
    fn names(self, doc: DocId) -> bool {
        self == Self::All || self == Self::One(doc)
    }
}

pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    /// For lanes: there is something to do.
    pub(crate) wake: Condvar,
    /// For those who close documents: a lane has done something.
    pub(crate) rested: Condvar,
    /// How long a caller waits for a lane that is at one job.
    pub(crate) patience: Duration,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) queue: JobQueue<Job>,
    pub(crate) lanes: Vec<LaneState>,
    /// Open documents, most recently used first.
    pub(crate) papers: Vec<Arc<Paper>>,
    pub(crate) stopping: bool,
    /// Requests that may still be cancelled, in the queue or past it.
    pub(crate) cancellable: Vec<(Ticket, Canceller<Reply>)>,
}

/// What one lane is at, and what it shall do before its next job.
#[derive(Default)]
pub(crate) struct LaneState {
    pub(crate) running: Option<Running>,
    /// Documents that may be open at its engine.
    pub(crate) open: Vec<DocId>,
    pub(crate) closing: Vec<DocId>,
    pub(crate) must_rest: bool,
}

/// The job that a lane works on. Keeps no document open.
pub(crate) struct Running {
    pub(crate) number: u64,
    pub(crate) doc: DocId,
    pub(crate) since: Instant,
    pub(crate) cut_off: CutOff,
}

impl State {
    pub(crate) fn with_lanes(count: usize) -> Self {
        Self {
            lanes: (0..count).map(|_| LaneState::default()).collect(),
            ..Self::default()
        }
    }

    /// An open document, moved to the front.
    ///
    /// Errors: `UnknownDocument`.
    pub(crate) fn paper(&mut self, doc: DocId) -> Result<Arc<Paper>> {
        let place = self
            .papers
            .iter()
            .position(|paper| paper.id == doc)
            .ok_or(ReaderError::UnknownDocument)?;
        let paper = self.papers.remove(place);
        self.papers.insert(0, Arc::clone(&paper));
        Ok(paper)
    }

    /// Keeps how a page is shown as long as its document is open. Nobody holds the document for that.
    pub(crate) fn learn(&self, doc: DocId, page: u32, geometry: PageGeometry) {
        if let Some(paper) = self.papers.iter().find(|paper| paper.id == doc) {
            paper.learn(page, geometry);
        }
    }

    /// Keeps a document that has just been opened; the least recently used one gives way.
    ///
    /// Result: whether it is kept: not if it was closed meanwhile. What gave way, to be dropped without the lock.
    pub(crate) fn keep(&mut self, paper: &Arc<Paper>) -> (bool, Vec<Leaving>) {
        if paper.cut_off.is_leaving() {
            return (false, Vec::new());
        }
        self.papers.insert(0, Arc::clone(paper));
        let mut gone = Vec::new();
        while let Some(oldest) = self.papers.get(MAX_DOCUMENTS).map(|paper| paper.id) {
            gone.extend(self.leave(Which::One(oldest)));
        }
        (true, gone)
    }

    /// Takes documents out: lanes are told, what waits for them is taken out of the queue.
    ///
    /// Result: what held them, to be dropped without the lock, for a source may take its time.
    pub(crate) fn leave(&mut self, which: Which) -> Vec<Leaving> {
        let mut gone: Vec<Leaving> = self
            .papers
            .extract_if(.., |paper| which.names(paper.id))
            .map(Leaving::Paper)
            .collect();
        let jobs = self.queue.take_where(|job| which.names(job.paper.id));
        gone.extend(jobs.into_iter().map(Leaving::Job));
        for leaving in &gone {
            let paper = match leaving {
                Leaving::Paper(paper) => paper,
                Leaving::Job(job) => &job.paper,
            };
            paper.cut_off.leave();
            for lane in &mut self.lanes {
                lane.closing.push(paper.id);
            }
        }
        for lane in &mut self.lanes {
            if let Some(running) = lane.running.as_ref().filter(|job| which.names(job.doc)) {
                running.cut_off.leave();
                lane.closing.push(running.doc);
            }
            lane.must_rest |= which == Which::All;
        }
        gone
    }

    /// Whether a lane still holds any of these documents.
    pub(crate) fn holds(&self, which: Which) -> bool {
        self.lanes.iter().any(|lane| {
            let running = lane.running.as_ref().map(|running| running.doc);
            let mut held = lane.open.iter().chain(&running).chain(&lane.closing);
            held.any(|doc| which.names(*doc)) || (lane.must_rest && which == Which::All)
        })
    }

    /// Whether the caller of a job is to go: its lane has been at it for too long, or every lane has been at something.
    pub(crate) fn is_hopeless(&self, number: u64, patience: Duration) -> bool {
        let too_long = |running: &Running| running.since.elapsed() >= patience;
        let mut running = self.lanes.iter().filter_map(|lane| lane.running.as_ref());
        if let Some(own) = running.find(|running| running.number == number) {
            return too_long(own);
        }
        self.lanes
            .iter()
            .all(|lane| lane.running.as_ref().is_some_and(too_long))
    }

    /// Cuts off every document over which a lane has been for too long.
    pub(crate) fn cut_off_slow(&self, patience: Duration) {
        for running in self.lanes.iter().filter_map(|lane| lane.running.as_ref()) {
            if running.since.elapsed() >= patience {
                running.cut_off.cut();
            }
        }
    }
}

/// What held a document that is closed now.
pub(crate) enum Leaving {
    Paper(#[allow(dead_code, reason = "held to be dropped")] Arc<Paper>),
    Job(Job),
}

impl Leaving {
    /// Lets go of it; whoever waits for it learns that it is closed.
    pub(crate) fn let_go(self) {
        if let Self::Job(job) = self {
            job.reply.answer(Err(ReaderError::UnknownDocument));
        }
    }
}

impl Shared {
    pub(crate) fn stop(&self) {
        let abandoned = {
            let mut state = lock(&self.state);
            state.stopping = true;
            std::mem::take(&mut state.queue)
        };
        drop(abandoned);
        self.wake.notify_all();
        self.rested.notify_all();
    }
}
