//! The thread that owns PDFium: takes jobs from the queue, keeps documents and pages within bounds.
//! What callers see stands in `reader.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use zeroize::Zeroizing;

use crate::document::OpenDocument;
use crate::encode::{Encoded, Encoding};
use crate::error::{ReaderError, Result};
use crate::flow::PageFlow;
use crate::geometry::{DocId, PageGeometry};
use crate::hidden::AnnotationPlace;
use crate::limits::{MAX_DOCUMENTS, MAX_PAGES_KEPT};
use crate::links::Link;
use crate::outline::Outline;
use crate::pdfium::Bindings;
use crate::reader::{Known, RenderRequest, Running, Shared};
use crate::reply::{Replier, lock};
use crate::source::{CutOff, ReadSeekSend};
use crate::text::PageText;

/// What PDFium is asked to do.
pub(crate) enum Job {
    Open {
        id: DocId,
        source: Box<dyn ReadSeekSend>,
        byte_len: u64,
        password: Option<Zeroizing<String>>,
        reply: Replier<()>,
    },
    Close {
        which: Which,
        reply: Replier<()>,
    },
    Geometry {
        doc: DocId,
        page: u32,
        reply: Replier<PageGeometry>,
    },
    Text {
        doc: DocId,
        page: u32,
        reply: Replier<PageText>,
    },
    Flow {
        doc: DocId,
        page: u32,
        reply: Replier<PageFlow>,
    },
    Hide {
        doc: DocId,
        places: Vec<AnnotationPlace>,
        reply: Replier<()>,
    },
    Outline {
        doc: DocId,
        reply: Replier<Outline>,
    },
    Links {
        doc: DocId,
        page: u32,
        reply: Replier<Vec<Link>>,
    },
    Render {
        request: RenderRequest,
        reply: Replier<Encoded>,
    },
}

/// Which documents to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    One(DocId),
    All,
}

impl Job {
    /// Whether the caller is gone.
    pub(crate) fn is_settled(&self) -> bool {
        match self {
            Self::Open { reply, .. } => reply.is_settled(),
            // Closing and hiding are done for their own sake.
            Self::Close { .. } | Self::Hide { .. } => false,
            Self::Geometry { reply, .. } => reply.is_settled(),
            Self::Text { reply, .. } => reply.is_settled(),
            Self::Flow { reply, .. } => reply.is_settled(),
            Self::Outline { reply, .. } => reply.is_settled(),
            Self::Links { reply, .. } => reply.is_settled(),
            Self::Render { reply, .. } => reply.is_settled(),
        }
    }

    fn doc(&self) -> Option<DocId> {
        match self {
            Self::Open { .. } | Self::Close { .. } => None,
            Self::Geometry { doc, .. }
            | Self::Text { doc, .. }
            | Self::Flow { doc, .. }
            | Self::Hide { doc, .. }
            | Self::Outline { doc, .. }
            | Self::Links { doc, .. } => Some(*doc),
            Self::Render { request, .. } => Some(request.doc),
        }
    }
}

/// Works until the last [`crate::Reader`] is gone.
pub(crate) fn run(bindings: Bindings, shared: &Shared, encoder: SyncSender<Encoding>) {
    let mut worker = Worker {
        bindings,
        shared,
        encoder,
        documents: Vec::new(),
    };
    while let Some((job, cut_off)) = worker.next_job() {
        worker.perform(job, &cut_off);
        lock(&shared.state).running = None;
        if cut_off.is_cut() {
            worker.close_cut_off();
        }
    }
    worker.close(Which::All);
}

struct Worker<'a> {
    bindings: Bindings,
    shared: &'a Shared,
    encoder: SyncSender<Encoding>,
    /// Most recently used first.
    documents: Vec<OpenDocument>,
}

impl Worker<'_> {
    /// Waits for a job that somebody still wants, and marks it as running.
    fn next_job(&self) -> Option<(Job, CutOff)> {
        let mut state = lock(&self.shared.state);
        loop {
            if state.stopping {
                return None;
            }
            match state.queue.pop() {
                Some(job) if job.is_settled() => {}
                Some(job) => {
                    let cut_off = job
                        .doc()
                        .and_then(|doc| self.documents.iter().find(|open| open.id == doc))
                        .map(|open| open.cut_off.clone())
                        .unwrap_or_default();
                    state.running = Some(Running {
                        since: Instant::now(),
                        cut_off: cut_off.clone(),
                    });
                    return Some((job, cut_off));
                }
                None => {
                    state = self
                        .shared
                        .wake
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    fn perform(&mut self, job: Job, cut_off: &CutOff) {
        match job {
            Job::Open {
                id,
                source,
                byte_len,
                password,
                reply,
            } => {
                let bindings = self.bindings;
                let cut_off = cut_off.clone();
                let opened = shielded(move || {
                    let password = password.as_ref().map(|password| password.as_str());
                    OpenDocument::open(bindings, id, source, byte_len, password, cut_off)
                });
                reply.answer(opened.map(|document| self.keep(document)));
            }
            Job::Close { which, reply } => {
                self.close(which);
                reply.answer(Ok(()));
            }
            Job::Geometry { doc, page, reply } => {
                reply.answer(self.with(doc, |open| open.geometry(page)));
            }
            Job::Text { doc, page, reply } => {
                let go_on = || !reply.is_settled() && !cut_off.is_cut();
                let text = self.with(doc, |open| open.text(page, &go_on));
                reply.answer(text);
            }
            Job::Flow { doc, page, reply } => {
                let go_on = || !reply.is_settled() && !cut_off.is_cut();
                let flow = self.with(doc, |open| open.flow(page, &go_on));
                reply.answer(flow);
            }
            Job::Hide { doc, places, reply } => {
                reply.answer(self.with(doc, |open| {
                    open.hide(&places);
                    Ok(())
                }));
            }
            Job::Outline { doc, reply } => {
                let go_on = || !reply.is_settled() && !cut_off.is_cut();
                let outline = self.with(doc, |open| open.outline(&go_on));
                reply.answer(outline);
            }
            Job::Links { doc, page, reply } => {
                let go_on = || !reply.is_settled() && !cut_off.is_cut();
                let links = self.with(doc, |open| open.links(page, &go_on));
                reply.answer(links);
            }
            Job::Render { request, reply } => {
                let RenderRequest {
                    doc,
                    page,
                    scale,
                    tile,
                    is_dark,
                    ..
                } = request;
                let go_on = || !reply.is_settled() && !cut_off.is_cut();
                let drawn = self.with(doc, |open| open.draw(page, scale, tile, is_dark, &go_on));
                match drawn {
                    // Nobody waits any more: spare the encoder.
                    _ if reply.is_settled() => {}
                    Ok(drawn) => {
                        // The send fails only if every encoder thread is gone; the reply then says `Stopped`.
                        let _ = self.encoder.send((drawn, reply));
                    }
                    Err(error) => reply.answer(Err(error)),
                }
            }
        }
    }

    /// Works on an open document, moves it to the front, keeps the number of parsed pages in bounds.
    /// A document over which the binding panicked is closed.
    fn with<T>(
        &mut self,
        doc: DocId,
        work: impl FnOnce(&mut OpenDocument) -> Result<T>,
    ) -> Result<T> {
        let place = self
            .documents
            .iter()
            .position(|open| open.id == doc)
            .ok_or(ReaderError::UnknownDocument)?;
        let mut open = self.documents.remove(place);
        let done = catch_unwind(AssertUnwindSafe(|| work(&mut open)));
        self.documents.insert(0, open);
        match done {
            Ok(result) => {
                self.drop_surplus_pages();
                result
            }
            Err(_panic) => {
                self.close(Which::One(doc));
                Err(ReaderError::Damaged)
            }
        }
    }

    /// Keeps a new document; the least recently used one gives way.
    fn keep(&mut self, document: OpenDocument) {
        lock(&self.shared.state).known.insert(
            document.id,
            Known {
                sizes: Arc::clone(&document.sizes),
                nature: document.nature,
            },
        );
        self.documents.insert(0, document);
        while self.documents.len() > MAX_DOCUMENTS {
            let oldest = self.documents.last().map(|open| open.id);
            self.close(oldest.map_or(Which::All, Which::One));
        }
    }

    fn drop_surplus_pages(&mut self) {
        let mut surplus = self
            .documents
            .iter()
            .map(OpenDocument::pages_kept)
            .sum::<usize>()
            .saturating_sub(MAX_PAGES_KEPT);
        for open in self.documents.iter_mut().rev() {
            while surplus > 0 && open.pages_kept() > 0 {
                open.drop_oldest_page();
                surplus -= 1;
            }
        }
    }

    /// Closes documents whose reads fail since a caller gave up on them.
    fn close_cut_off(&mut self) {
        let doomed: Vec<DocId> = self
            .documents
            .iter()
            .filter(|open| open.cut_off.is_cut())
            .map(|open| open.id)
            .collect();
        for id in doomed {
            self.close(Which::One(id));
        }
    }

    fn close(&mut self, which: Which) {
        let mut state = lock(&self.shared.state);
        let mut closing = Vec::new();
        let mut place = 0;
        while let Some(open) = self.documents.get(place) {
            if which == Which::All || which == Which::One(open.id) {
                state.known.remove(&open.id);
                closing.push(self.documents.remove(place));
            } else {
                place += 1;
            }
        }
        // PDFium may take its time over closing; callers need the state meanwhile.
        drop(state);
        for document in closing {
            let _ = shielded(move || {
                drop(document);
                Ok(())
            });
        }
    }
}

/// Runs work of the binding; a panic in it is a damaged document.
fn shielded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(ReaderError::Damaged))
}
