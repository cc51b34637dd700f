//! The handle that callers hold: asks the PDFium thread and waits for the answer. Draws nothing itself.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::document::Nature;
use crate::encode::{Encoded, start_pool};
use crate::error::{ReaderError, Result};
use crate::flow::PageFlow;
use crate::geometry::{DocId, PageGeometry, PageSize, Ticket, TileRect};
use crate::hidden::AnnotationPlace;
use crate::library;
use crate::limits::JOB_LIMIT;
use crate::links::Link;
use crate::outline::Outline;
use crate::queue::{Class, JobQueue, Priority};
use crate::reply::{Canceller, Replier, Waiter, lock, reply};
use crate::source::{CutOff, ReadSeekSend};
use crate::text::PageText;
use crate::worker::{Job, Which, run};

/// Stack of the PDFium thread in bytes. PDFium's own depth limits suppose the 8 MiB of a main thread.
const STACK_BYTES: usize = 16 << 20;

/// What to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RenderRequest {
    /// The document.
    pub doc: DocId,
    /// The page, counted from 0.
    pub page: u32,
    /// Pixels per point of the displayed page; 2 is 144 dpi.
    pub scale: f32,
    /// The part wanted, in pixels of the page at that scale ([`PageSize::pixels`]); `None` is all of it.
    pub tile: Option<TileRect>,
    /// For dark reading: paper dark, ink light, pictures as they are.
    pub is_dark: bool,
    /// How soon it will be looked at.
    pub priority: Priority,
    /// The name to cancel it by.
    pub ticket: Ticket,
}

/// PDFs: pages, text, outline, links. Cheap to clone; every call blocks until its answer is there, from any thread.
#[derive(Clone)]
pub struct Reader {
    handle: Arc<Handle>,
}

/// Ends the threads when the last [`Reader`] goes.
struct Handle {
    shared: Arc<Shared>,
    next_doc: AtomicU64,
}

/// What callers and the PDFium thread both touch.
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    pub(crate) wake: Condvar,
    job_limit: Duration,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) queue: JobQueue<Job>,
    pub(crate) running: Option<Running>,
    pub(crate) known: HashMap<DocId, Known>,
    pub(crate) stopping: bool,
    /// Requests that may still be cancelled, in the queue or past it.
    cancellable: Vec<(Ticket, Canceller<Encoded>)>,
}

/// What is known of a document since it was opened.
pub(crate) struct Known {
    pub(crate) sizes: Arc<[PageSize]>,
    pub(crate) nature: Nature,
}

/// The job that PDFium works on.
pub(crate) struct Running {
    pub(crate) since: Instant,
    pub(crate) cut_off: CutOff,
}

impl Reader {
    /// Loads PDFium and starts the thread that owns it.
    ///
    /// Arguments: the path of the PDFium library file. The first one loaded stays for the process.
    /// Errors: `LibraryMissing`, `NoThread`.
    pub fn start(library: &Path) -> Result<Self> {
        Self::start_with_job_limit(library, JOB_LIMIT)
    }

    /// As [`Self::start`], with another limit for a single job.
    pub fn start_with_job_limit(library: &Path, job_limit: Duration) -> Result<Self> {
        let bindings = library::load(library)?;
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            wake: Condvar::new(),
            job_limit,
        });
        let no_thread = |error| ReaderError::NoThread(Arc::new(error));
        let encoder = start_pool().map_err(no_thread)?;
        let of_thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("reader-pdfium".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || {
                let _stopped = StopOnExit(&of_thread);
                run(bindings, &of_thread, encoder);
            })
            .map_err(no_thread)?;
        Ok(Self {
            handle: Arc::new(Handle {
                shared,
                next_doc: AtomicU64::new(1),
            }),
        })
    }

    /// Opens a document. Its pages are not parsed yet, their sizes are known.
    ///
    /// Arguments: the bytes, which stay with the reader until the document is closed; their number.
    /// Result: a handle. It ends with [`Self::close`], or when eight newer documents have been used since;
    /// calls with it then answer `UnknownDocument`, and the document is opened again.
    /// Errors: `Damaged`, `PasswordProtected`, `TooLarge`, `Unresponsive`, `Stopped`.
    pub fn open(&self, source: Box<dyn ReadSeekSend>, byte_len: u64) -> Result<DocId> {
        self.open_protected(source, byte_len, None)
    }

    /// As [`Self::open`], with the password of a protected document; one that needs none opens with any.
    ///
    /// Errors: as [`Self::open`]; `PasswordProtected` also for a wrong password.
    pub fn open_protected(
        &self,
        source: Box<dyn ReadSeekSend>,
        byte_len: u64,
        password: Option<Zeroizing<String>>,
    ) -> Result<DocId> {
        let id = DocId(self.handle.next_doc.fetch_add(1, Ordering::Relaxed));
        self.ask(Class::Control, |reply| Job::Open {
            id,
            source,
            byte_len,
            password,
            reply,
        })?;
        Ok(id)
    }

    /// Closes a document and lets go of its source before it returns. Closing an unknown one is no error.
    pub fn close(&self, doc: DocId) -> Result<()> {
        let which = Which::One(doc);
        self.ask(Class::Control, |reply| Job::Close { which, reply })
    }

    /// Closes every document, as locking the vault needs.
    pub fn close_all(&self) -> Result<()> {
        let which = Which::All;
        self.ask(Class::Control, |reply| Job::Close { which, reply })
    }

    /// The displayed size of every page. Known since opening, so this does not wait for PDFium.
    ///
    /// Errors: `UnknownDocument`.
    pub fn page_sizes(&self, doc: DocId) -> Result<Arc<[PageSize]>> {
        let state = lock(&self.handle.shared.state);
        let known = state.known.get(&doc).ok_or(ReaderError::UnknownDocument)?;
        Ok(Arc::clone(&known.sizes))
    }

    /// What the document is beside its pages. Known since opening.
    ///
    /// Errors: `UnknownDocument`.
    pub fn nature(&self, doc: DocId) -> Result<Nature> {
        let state = lock(&self.handle.shared.state);
        let known = state.known.get(&doc).ok_or(ReaderError::UnknownDocument)?;
        Ok(known.nature)
    }

    /// Rotation and shown part of a page. Parses the page, which drawing it needs anyway.
    ///
    /// Arguments: the page counted from 0.
    /// Errors: `UnknownDocument`, `PageOutOfRange`, `Damaged`, `Unresponsive`, `Stopped`.
    pub fn page_geometry(&self, doc: DocId, page: u32) -> Result<PageGeometry> {
        self.ask(Class::Drawing(Priority::Visible), |reply| Job::Geometry {
            doc,
            page,
            reply,
        })
    }

    /// The text of a page, after what is visible has been drawn.
    ///
    /// Arguments: the page counted from 0. Result: empty for a scanned page.
    /// Errors: as [`Self::page_geometry`].
    pub fn text(&self, doc: DocId, page: u32) -> Result<PageText> {
        self.ask(Class::Drawing(Priority::Near), |reply| Job::Text {
            doc,
            page,
            reply,
        })
    }

    /// The same as [`Self::text`] with the lowest priority, for building an index over many pages.
    pub fn text_later(&self, doc: DocId, page: u32) -> Result<PageText> {
        self.ask(Class::Drawing(Priority::Prefetch), |reply| Job::Text {
            doc,
            page,
            reply,
        })
    }

    /// The words of a page in the order in which they are read, after what is visible has been drawn.
    ///
    /// Arguments: the page counted from 0.
    /// Errors: as [`Self::page_geometry`].
    pub fn flow(&self, doc: DocId, page: u32) -> Result<PageFlow> {
        self.ask(Class::Drawing(Priority::Near), |reply| Job::Flow {
            doc,
            page,
            reply,
        })
    }

    /// Leaves annotations out of every drawing of a document from now on, and no others: those that the member has as marks
    /// of their own would be seen twice. The file is not changed.
    ///
    /// Errors: `UnknownDocument`, `Unresponsive`, `Stopped`.
    pub fn hide(&self, doc: DocId, places: Vec<AnnotationPlace>) -> Result<()> {
        self.ask(Class::Control, |reply| Job::Hide { doc, places, reply })
    }

    /// The bookmarks of a document, after what is visible has been drawn.
    ///
    /// Errors: `UnknownDocument`, `Damaged`, `Unresponsive`, `Stopped`.
    pub fn outline(&self, doc: DocId) -> Result<Outline> {
        self.ask(Class::Drawing(Priority::Near), |reply| Job::Outline {
            doc,
            reply,
        })
    }

    /// The links of a page, after what is visible has been drawn.
    ///
    /// Arguments: the page counted from 0.
    /// Errors: as [`Self::page_geometry`].
    pub fn links(&self, doc: DocId, page: u32) -> Result<Vec<Link>> {
        self.ask(Class::Drawing(Priority::Near), |reply| Job::Links {
            doc,
            page,
            reply,
        })
    }

    /// Draws a page or a tile of it as WebP.
    ///
    /// Errors: as [`Self::page_geometry`], and `BadRequest`, `TooLarge`, `Cancelled`.
    pub fn render(&self, request: RenderRequest) -> Result<Encoded> {
        let (replier, waiter) = reply();
        {
            let mut state = lock(&self.handle.shared.state);
            state.cancellable.retain(|(_, open)| !open.is_idle());
            state
                .cancellable
                .push((request.ticket, replier.canceller()));
        }
        let job = Job::Render {
            request,
            reply: replier,
        };
        self.submit(Class::Drawing(request.priority), job);
        self.wait(waiter)
    }

    /// Withdraws every request with this ticket: its callers get `Cancelled` at once, and what waits is
    /// never drawn. A ticket may be used again afterwards.
    pub fn cancel(&self, ticket: Ticket) {
        let mut state = lock(&self.handle.shared.state);
        state.cancellable.retain(|(of, open)| {
            if *of == ticket {
                open.cancel();
            }
            *of != ticket
        });
        state.queue.retain(|job| !job.is_settled());
    }

    fn ask<T>(&self, class: Class, job: impl FnOnce(Replier<T>) -> Job) -> Result<T> {
        let (replier, waiter) = reply();
        self.submit(class, job(replier));
        self.wait(waiter)
    }

    fn submit(&self, class: Class, job: Job) {
        let shared = &self.handle.shared;
        let mut state = lock(&shared.state);
        if state.stopping {
            // The job is dropped, and with it its replier, which says `Stopped`.
            return;
        }
        state.queue.push(class, job);
        drop(state);
        shared.wake.notify_one();
    }

    /// Waits, but not for ever: a caller goes when it has waited for the limit and PDFium has been at the
    /// same job for as long. The job's source is cut off then, so that the job may end.
    fn wait<T>(&self, waiter: Waiter<T>) -> Result<T> {
        let shared = &self.handle.shared;
        let limit = shared.job_limit;
        waiter.wait(limit / 8, |waited| {
            let state = lock(&shared.state);
            let running = state.running.as_ref()?;
            if waited < limit || running.since.elapsed() < limit {
                return None;
            }
            running.cut_off.cut();
            Some(ReaderError::Unresponsive)
        })
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Shared {
    fn stop(&self) {
        let abandoned = {
            let mut state = lock(&self.state);
            state.stopping = true;
            std::mem::take(&mut state.queue)
        };
        drop(abandoned);
        self.wake.notify_all();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

/// Whatever ends the PDFium thread, nobody waits for it afterwards.
struct StopOnExit<'a>(&'a Shared);

impl Drop for StopOnExit<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}
