//! A lane: the thread that takes jobs from the queue and gives them to its engine. Lanes share one queue; a later one works only
//! while all before it do, so that little work needs little memory. What callers see stands in `reader.rs`.

use std::sync::mpsc::SyncSender;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::encode::Encoding;
use crate::engine::{Answer, Engine};
use crate::error::ReaderError;
use crate::geometry::DocId;
use crate::reply::lock;
use crate::shared::{Job, Reply, Running, Shared, State, Which};

/// After such a time without work a lane lets go of what it can have again: the first one if no document is open, others always.
const PAUSE: Duration = Duration::from_secs(30);

enum Step {
    Job(Job),
    Close(Vec<DocId>),
    Rest,
}

pub(crate) struct Lane<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) number: usize,
    pub(crate) engine: Box<dyn Engine>,
    pub(crate) encoder: SyncSender<Encoding>,
    /// Nothing has been done since the engine rested last.
    pub(crate) is_rested: bool,
}

impl Lane<'_> {
    /// Works until the last [`crate::Reader`] is gone.
    pub(crate) fn run(mut self) {
        while let Some(step) = self.next() {
            let mut cut_off = None;
            self.is_rested = matches!(step, Step::Rest);
            match step {
                Step::Job(job) => cut_off = self.perform(job),
                Step::Close(docs) => docs.into_iter().for_each(|doc| self.engine.close(doc)),
                Step::Rest => self.engine.rest(),
            }
            self.settle(cut_off);
        }
    }

    /// Waits for something to do, and marks it as running.
    fn next(&self) -> Option<Step> {
        let mut state = lock(&self.shared.state);
        let idle_since = Instant::now();
        loop {
            if state.stopping {
                return None;
            }
            let may_rest = !self.is_rested && (self.number > 0 || state.papers.is_empty());
            let lane = state.lanes.get_mut(self.number)?;
            if !lane.closing.is_empty() {
                // Named by `open` until it is done, so whoever closes waits for it.
                let closing = std::mem::take(&mut lane.closing);
                lane.open.extend(&closing);
                return Some(Step::Close(closing));
            }
            if lane.must_rest || (may_rest && idle_since.elapsed() >= PAUSE) {
                return Some(Step::Rest);
            }
            if let Some(job) = self.take_job(&mut state) {
                return Some(Step::Job(job));
            }
            state = match may_rest {
                true => {
                    let waiting = self.shared.wake.wait_timeout(state, PAUSE);
                    waiting.unwrap_or_else(PoisonError::into_inner).0
                }
                false => {
                    let waiting = self.shared.wake.wait(state);
                    waiting.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// A job that somebody still wants, if it is this lane's turn.
    fn take_job(&self, state: &mut State) -> Option<Job> {
        let mut before = state.lanes.iter().take(self.number);
        if before.any(|lane| lane.running.is_none()) {
            return None;
        }
        loop {
            let job = state.queue.pop()?;
            if job.reply.is_settled() {
                continue;
            }
            let lane = state.lanes.get_mut(self.number)?;
            lane.running = Some(Running {
                number: job.number,
                doc: job.paper.id,
                since: Instant::now(),
                cut_off: job.paper.cut_off.clone(),
            });
            // What else waits is for the lanes behind, whose turn it is now.
            self.shared.wake.notify_all();
            return Some(job);
        }
    }

    /// Result: the document, if it was cut off meanwhile.
    fn perform(&mut self, job: Job) -> Option<DocId> {
        let Job {
            paper, task, reply, ..
        } = job;
        let doc = paper.id;
        let wanted = || !reply.is_settled() && !paper.cut_off.is_leaving();
        let answer = match paper.cut_off.is_leaving() {
            true => Err(ReaderError::UnknownDocument),
            false => self.engine.perform(&paper, &task, &wanted),
        };
        let is_cut = paper.cut_off.is_cut();
        let is_closed = paper.cut_off.is_leaving() && !is_cut;
        match answer {
            Ok(Answer::Opened(opened)) => {
                // Said once: whoever asks finds it as long as the document is open.
                let opened = paper.opened.get_or_init(|| opened).clone();
                let (is_kept, gone) = lock(&self.shared.state).keep(&paper);
                gone.into_iter().for_each(|leaving| leaving.let_go());
                drop(paper);
                reply.answer(match is_kept {
                    true => Ok(Reply::Answer(Answer::Opened(opened))),
                    false if is_cut => Err(ReaderError::Unresponsive),
                    false => Err(ReaderError::UnknownDocument),
                });
            }
            // Nobody waits any more: spare the encoder.
            Ok(Answer::Drawn(_)) if reply.is_settled() => {}
            Ok(Answer::Drawn(drawn)) => {
                drop(paper);
                // The send fails only if every encoder thread is gone; the reply then says `Stopped`.
                let _ = self.encoder.send((drawn, reply));
            }
            Ok(answer) => {
                drop(paper);
                reply.answer(Ok(Reply::Answer(answer)));
            }
            Err(error) => {
                drop(paper);
                reply.answer(Err(match is_closed {
                    true => ReaderError::UnknownDocument,
                    false => error,
                }));
            }
        }
        is_cut.then_some(doc)
    }

    /// Says what the engine holds now. A document whose reads fail since a caller gave up on it is closed.
    fn settle(&mut self, cut_off: Option<DocId>) {
        if let Some(doc) = cut_off {
            self.engine.close(doc);
        }
        let mut state = lock(&self.shared.state);
        let gone = cut_off.map(|doc| state.leave(Which::One(doc)));
        let open = self.engine.open();
        if let Some(lane) = state.lanes.get_mut(self.number) {
            lane.running = None;
            lane.open = open;
            lane.must_rest &= !self.is_rested;
        }
        drop(state);
        for leaving in gone.into_iter().flatten() {
            leaving.let_go();
        }
        self.shared.wake.notify_all();
        self.shared.rested.notify_all();
    }
}

/// Whatever ends a lane's thread, nobody waits for it afterwards.
pub(crate) struct StopOnExit(pub(crate) Arc<Shared>);

impl Drop for StopOnExit {
    fn drop(&mut self) {
        self.0.stop();
    }
}
