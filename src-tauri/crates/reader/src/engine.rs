//! What is asked of PDFium and what it answers, wherever it runs: in this process (`in_process.rs`) or, on Linux, in a helper
//! (`caged`). Plain values and one trait.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::Nature;
use crate::encode::Drawn;
use crate::error::Result;
use crate::flow::PageFlow;
use crate::geometry::{DocId, PageGeometry, PageSize, TileRect};
use crate::links::Link;
use crate::outline::Outline;
use crate::paper::Paper;
use crate::text::PageText;

/// What PDFium is asked to do with a document. Pages are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) enum Task {
    Open,
    Geometry {
        page: u32,
    },
    Text {
        page: u32,
    },
    Flow {
        page: u32,
    },
    Outline,
    Links {
        page: u32,
    },
    Draw {
        page: u32,
        scale: f32,
        tile: Option<TileRect>,
        is_dark: bool,
    },
}

/// What is known of a document since it was opened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Opened {
    pub(crate) sizes: Arc<[PageSize]>,
    pub(crate) nature: Nature,
}

/// The answer to a [`Task`], one kind for each.
pub(crate) enum Answer {
    Opened(Opened),
    Geometry(PageGeometry),
    Text(PageText),
    Flow(PageFlow),
    Outline(Outline),
    Links(Vec<Link>),
    Drawn(Drawn),
}

/// Works for one lane.
pub(crate) trait Engine {
    /// Does one task; opens the document first where it is not open here.
    ///
    /// Arguments: `wanted` says whether somebody still waits for the answer.
    /// Errors: what the document is at fault for; `Unresponsive` also for work that was given up because nobody wanted it.
    fn perform(
        &mut self,
        paper: &Arc<Paper>,
        task: &Task,
        wanted: &dyn Fn() -> bool,
    ) -> Result<Answer>;

    /// Lets go of a document; an unknown one is no error.
    fn close(&mut self, doc: DocId);

    /// The documents that may be open here.
    fn open(&self) -> Vec<DocId>;

    /// Lets go of everything that can be had again.
    fn rest(&mut self);
}
