//! The handle that callers hold: asks the lanes and waits for the answer. Draws nothing itself.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::document::Nature;
use crate::encode::Encoded;
use crate::engine::{Answer, Opened, Task};
use crate::error::{ReaderError, Result};
use crate::flow::PageFlow;
use crate::geometry::{DocId, PageGeometry, PageSize, Ticket, TileRect};
use crate::guard::{Guard, KnownGuard};
use crate::hidden::AnnotationPlace;
use crate::limits::{JOB_LIMIT, MAX_DOCUMENT_BYTES};
use crate::links::Link;
use crate::outline::Outline;
use crate::paper::Paper;
use crate::queue::{Class, Priority};
use crate::reply::{lock, reply};
use crate::shared::{Job, Reply, Shared, Which};
use crate::source::ReadSeekSend;
use crate::start::start_lanes;
use crate::text::PageText;

/// Where PDFium runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// In helper processes that can reach nothing but what they are given.
    #[cfg(target_os = "linux")]
    Caged {
        /// The helper's program, `ratsmappe-pdf`.
        program: PathBuf,
        /// How many may work at the same time; `None` for the number of cores, at most four.
        helpers: Option<usize>,
    },
    /// In this process: where no other can be started. On Linux for measuring what the cage costs, and for nothing else.
    InProcess,
}

impl Home {
    /// What this platform has: on Linux helpers, as many as it has cores and at most four.
    ///
    /// Arguments: the helper's program; not looked at elsewhere.
    #[cfg_attr(not(target_os = "linux"), allow(unused_variables))]
    pub fn of_platform(program: PathBuf) -> Self {
        #[cfg(target_os = "linux")]
        return Self::Caged {
            program,
            helpers: None,
        };
        #[cfg(not(target_os = "linux"))]
        Self::InProcess
    }
}

/// What a reader needs to know at start.
#[derive(Debug, Clone)]
pub struct ReaderConfig {
    /// Path of the PDFium library file. In this process the first one loaded stays.
    pub library: PathBuf,
    /// Where PDFium runs.
    pub home: Home,
    /// How long a single job may take; [`JOB_LIMIT`] outside tests.
    pub job_limit: Duration,
}

impl ReaderConfig {
    /// With the limit of [`crate::limits`].
    pub fn new(library: PathBuf, home: Home) -> Self {
        Self {
            library,
            home,
            job_limit: JOB_LIMIT,
        }
    }
}

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
    guard: KnownGuard,
    /// For documents and jobs alike.
    next: AtomicU64,
}

impl Reader {
    /// Starts the lanes, and on Linux the first helper, to know that it works.
    ///
    /// Errors: `LibraryMissing`, `HelperMissing`, `CageOpen`, `NoThread`.
    pub fn start(config: ReaderConfig) -> Result<Self> {
        let (shared, guard) = start_lanes(config)?;
        Ok(Self {
            handle: Arc::new(Handle {
                shared,
                guard,
                next: AtomicU64::new(1),
            }),
        })
    }

    /// What stands between a malicious document and the device.
    pub fn guard(&self) -> Guard {
        self.handle.guard.get()
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
        if byte_len > MAX_DOCUMENT_BYTES {
            return Err(ReaderError::TooLarge);
        }
        let id = DocId(self.handle.next.fetch_add(1, Ordering::Relaxed));
        let paper = Arc::new(Paper::new(id, source, byte_len, password));
        match self.ask(Class::Control, paper, Task::Open)? {
            Answer::Opened(_) => Ok(id),
            _ => Err(ReaderError::Distrusted),
        }
    }

    /// Closes a document and lets go of its source before it returns. Closing an unknown one is no error.
    ///
    /// Errors: `Unresponsive` if a lane does not come back from its source; the document goes when it does.
    pub fn close(&self, doc: DocId) -> Result<()> {
        self.close_which(Which::One(doc))
    }

    /// Closes every document and ends every helper, as locking the vault needs.
    ///
    /// Errors: as [`Self::close`].
    pub fn close_all(&self) -> Result<()> {
        self.close_which(Which::All)
    }

    /// The displayed size of every page. Known since opening, so this does not wait for PDFium.
    ///
    /// Errors: `UnknownDocument`.
    pub fn page_sizes(&self, doc: DocId) -> Result<Arc<[PageSize]>> {
        Ok(self.opened(doc)?.sizes)
    }

    /// What the document is beside its pages. Known since opening.
    ///
    /// Errors: `UnknownDocument`.
    pub fn nature(&self, doc: DocId) -> Result<Nature> {
        Ok(self.opened(doc)?.nature)
    }

    /// Rotation and shown part of a page, at once where it has been drawn; otherwise after what is visible.
    ///
    /// Arguments: the page counted from 0.
    /// Errors: `UnknownDocument`, `PageOutOfRange`, `Damaged`, `Unresponsive`, `Stopped`.
    pub fn page_geometry(&self, doc: DocId, page: u32) -> Result<PageGeometry> {
        let known = lock(&self.handle.shared.state).paper(doc)?.geometry(page);
        if let Some(known) = known {
            return Ok(known);
        }
        match self.ask_about(doc, Class::Drawing(Priority::Near), Task::Geometry { page })? {
            Answer::Geometry(found) => {
                lock(&self.handle.shared.state).learn(doc, page, found);
                Ok(found)
            }
            _ => Err(ReaderError::Distrusted),
        }
    }

    /// The text of a page, after what is visible has been drawn.
    ///
    /// Arguments: the page counted from 0. Result: empty for a scanned page.
    /// Errors: as [`Self::page_geometry`].
    pub fn text(&self, doc: DocId, page: u32) -> Result<PageText> {
        match self.ask_about(doc, Class::Drawing(Priority::Near), Task::Text { page })? {
            Answer::Text(found) => Ok(found),
            _ => Err(ReaderError::Distrusted),
        }
    }

    /// The same as [`Self::text`] with the lowest priority, for building an index over many pages.
    pub fn text_later(&self, doc: DocId, page: u32) -> Result<PageText> {
        match self.ask_about(doc, Class::Drawing(Priority::Prefetch), Task::Text { page })? {
            Answer::Text(found) => Ok(found),
            _ => Err(ReaderError::Distrusted),
        }
    }

    /// The words of a page in the order in which they are read, after what is visible has been drawn.
    ///
    /// Arguments: the page counted from 0.
    /// Errors: as [`Self::page_geometry`].
    pub fn flow(&self, doc: DocId, page: u32) -> Result<PageFlow> {
        match self.ask_about(doc, Class::Drawing(Priority::Near), Task::Flow { page })? {
            Answer::Flow(found) => Ok(found),
            _ => Err(ReaderError::Distrusted),
        }
    }

    /// Leaves annotations out of every drawing of a document from now on, and no others: those that the member has as marks
    /// of their own would be seen twice. The file is not changed.
    ///
    /// Errors: `UnknownDocument`.
    pub fn hide(&self, doc: DocId, places: Vec<AnnotationPlace>) -> Result<()> {
        lock(&self.handle.shared.state).paper(doc)?.hide(&places);
        Ok(())
    }

    /// The bookmarks of a document, after what is visible has been drawn.
    ///
    /// Errors: `UnknownDocument`, `Damaged`, `Unresponsive`, `Stopped`.
    pub fn outline(&self, doc: DocId) -> Result<Outline> {
        match self.ask_about(doc, Class::Drawing(Priority::Near), Task::Outline)? {
            Answer::Outline(found) => Ok(found),
            _ => Err(ReaderError::Distrusted),
        }
    }

    /// The links of a page, after what is visible has been drawn.
    ///
    /// Arguments: the page counted from 0.
    /// Errors: as [`Self::page_geometry`].
    pub fn links(&self, doc: DocId, page: u32) -> Result<Vec<Link>> {
        match self.ask_about(doc, Class::Drawing(Priority::Near), Task::Links { page })? {
            Answer::Links(found) => Ok(found),
            _ => Err(ReaderError::Distrusted),
        }
    }

    /// Draws a page or a tile of it as PNG.
    ///
    /// Errors: as [`Self::page_geometry`], and `BadRequest`, `TooLarge`, `Cancelled`.
    pub fn render(&self, request: RenderRequest) -> Result<Encoded> {
        let paper = lock(&self.handle.shared.state).paper(request.doc)?;
        let task = Task::Draw {
            page: request.page,
            scale: request.scale,
            tile: request.tile,
            is_dark: request.is_dark,
        };
        let class = Class::Drawing(request.priority);
        match self.submit(class, paper, task, Some(request.ticket))? {
            Reply::Encoded(encoded) => {
                let (page, geometry) = (request.page, encoded.geometry);
                lock(&self.handle.shared.state).learn(request.doc, page, geometry);
                Ok(encoded)
            }
            Reply::Answer(_) => Err(ReaderError::Distrusted),
        }
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
        state.queue.retain(|job| !job.reply.is_settled());
    }

    fn opened(&self, doc: DocId) -> Result<Opened> {
        let paper = lock(&self.handle.shared.state).paper(doc)?;
        let opened = paper.opened.get().cloned();
        opened.ok_or(ReaderError::UnknownDocument)
    }

    fn ask_about(&self, doc: DocId, class: Class, task: Task) -> Result<Answer> {
        let paper = lock(&self.handle.shared.state).paper(doc)?;
        self.ask(class, paper, task)
    }

    fn ask(&self, class: Class, paper: Arc<Paper>, task: Task) -> Result<Answer> {
        match self.submit(class, paper, task, None)? {
            Reply::Answer(answer) => Ok(answer),
            Reply::Encoded(_) => Err(ReaderError::Distrusted),
        }
    }

    /// Puts a job in line and waits for its answer, but not for ever: a caller goes when its lane, or while it stands in line
    /// every lane, has been at one job for too long. The document at fault is cut off then, so that the job may end.
    fn submit(
        &self,
        class: Class,
        paper: Arc<Paper>,
        task: Task,
        ticket: Option<Ticket>,
    ) -> Result<Reply> {
        let shared = &self.handle.shared;
        let number = self.handle.next.fetch_add(1, Ordering::Relaxed);
        let (replier, waiter) = reply();
        {
            let mut state = lock(&shared.state);
            if state.stopping {
                return Err(ReaderError::Stopped);
            }
            state.cancellable.retain(|(_, open)| !open.is_idle());
            if let Some(ticket) = ticket {
                state.cancellable.push((ticket, replier.canceller()));
            }
            let job = Job {
                number,
                paper,
                task,
                reply: replier,
            };
            state.queue.push(class, job);
        }
        shared.wake.notify_all();
        let patience = shared.patience;
        waiter.wait(patience / 8, |waited| {
            let state = lock(&shared.state);
            if waited < patience || !state.is_hopeless(number, patience) {
                return None;
            }
            state.cut_off_slow(patience);
            Some(ReaderError::Unresponsive)
        })
    }

    fn close_which(&self, which: Which) -> Result<()> {
        let shared = &self.handle.shared;
        let since = Instant::now();
        let mut state = lock(&shared.state);
        let gone = state.leave(which);
        drop(state);
        gone.into_iter().for_each(|leaving| leaving.let_go());
        shared.wake.notify_all();
        state = lock(&shared.state);
        while state.holds(which) && !state.stopping {
            if since.elapsed() >= shared.patience {
                state.cut_off_slow(shared.patience);
                return Err(ReaderError::Unresponsive);
            }
            let waiting = shared.rested.wait_timeout(state, shared.patience / 8);
            state = waiting.unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.stop();
    }
}
