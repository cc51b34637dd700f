//! PDFium in this very process: what the helper does inside its cage, and what platforms without one do. One thread uses it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::document::OpenDocument;
use crate::engine::{Answer, Engine, Opened, Task};
use crate::error::{ReaderError, Result};
use crate::geometry::DocId;
use crate::limits::MAX_PAGES_KEPT;
use crate::paper::{Paper, PaperBytes};
use crate::pdfium::Bindings;

pub(crate) struct InProcess {
    bindings: Bindings,
    /// Most recently used first; with what was hidden last.
    documents: Vec<(OpenDocument, u64)>,
}

impl InProcess {
    pub(crate) fn new(bindings: Bindings) -> Self {
        Self {
            bindings,
            documents: Vec::new(),
        }
    }

    /// The document, opened unless it is open, out of the list.
    fn take(&mut self, paper: &Arc<Paper>) -> Result<(OpenDocument, u64)> {
        let place = self
            .documents
            .iter()
            .position(|(open, _)| open.id == paper.id);
        if let Some(place) = place {
            return Ok(self.documents.remove(place));
        }
        let bindings = self.bindings;
        shielded(|| {
            let password = paper.password.as_ref().map(|password| password.as_str());
            OpenDocument::open(
                bindings,
                paper.id,
                Box::new(PaperBytes::of(paper)),
                paper.byte_len,
                password,
                paper.cut_off.clone(),
            )
        })
        .map(|document| (document, 0))
    }

    fn drop_surplus_pages(&mut self) {
        let mut surplus = self
            .documents
            .iter()
            .map(|(open, _)| open.pages_kept())
            .sum::<usize>()
            .saturating_sub(MAX_PAGES_KEPT);
        for (open, _) in self.documents.iter_mut().rev() {
            while surplus > 0 && open.pages_kept() > 0 {
                open.drop_oldest_page();
                surplus -= 1;
            }
        }
    }
}

impl Engine for InProcess {
    /// A document over which the binding panicked is closed and, if it is asked for again, opened anew.
    fn perform(
        &mut self,
        paper: &Arc<Paper>,
        task: &Task,
        wanted: &dyn Fn() -> bool,
    ) -> Result<Answer> {
        let (mut open, mut times_hidden) = self.take(paper)?;
        let done = catch_unwind(AssertUnwindSafe(|| {
            let hiding = paper.hiding();
            if hiding.times_said != times_hidden {
                open.hide(&hiding.places);
                times_hidden = hiding.times_said;
            }
            answer(&mut open, task, wanted)
        }));
        match done {
            Ok(result) => {
                self.documents.insert(0, (open, times_hidden));
                self.drop_surplus_pages();
                result
            }
            Err(_panic) => {
                close(open);
                Err(ReaderError::Damaged)
            }
        }
    }

    fn close(&mut self, doc: DocId) {
        if let Some(place) = self.documents.iter().position(|(open, _)| open.id == doc) {
            close(self.documents.remove(place).0);
        }
    }

    fn open(&self) -> Vec<DocId> {
        self.documents.iter().map(|(open, _)| open.id).collect()
    }

    /// PDFium itself stays for the process.
    fn rest(&mut self) {
        for (open, _) in self.documents.drain(..) {
            close(open);
        }
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        self.rest();
    }
}

fn answer(open: &mut OpenDocument, task: &Task, go_on: &dyn Fn() -> bool) -> Result<Answer> {
    Ok(match *task {
        Task::Open => Answer::Opened(Opened {
            sizes: Arc::clone(&open.sizes),
            nature: open.nature,
        }),
        Task::Geometry { page } => Answer::Geometry(open.geometry(page)?),
        Task::Text { page } => Answer::Text(open.text(page, go_on)?),
        Task::Flow { page } => Answer::Flow(open.flow(page, go_on)?),
        Task::Outline => Answer::Outline(open.outline(go_on)?),
        Task::Links { page } => Answer::Links(open.links(page, go_on)?),
        Task::Draw {
            page,
            scale,
            tile,
            is_dark,
        } => Answer::Drawn(open.draw(page, scale, tile, is_dark, go_on)?),
    })
}

fn close(document: OpenDocument) {
    let _ = shielded(move || {
        drop(document);
        Ok(())
    });
}

/// Runs work of the binding; a panic in it is a damaged document.
fn shielded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(ReaderError::Damaged))
}
