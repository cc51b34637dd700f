//! A document as long as it is open: where its bytes come from, its password, what of it is not drawn. Knows no PDFium; every lane
//! that works on the document opens it for itself from here.

use std::collections::HashMap;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock};

use zeroize::Zeroizing;

use crate::engine::Opened;
use crate::geometry::{DocId, PageGeometry};
use crate::hidden::AnnotationPlace;
use crate::reply::lock;
use crate::source::{CutOff, ReadSeekSend};

/// An open document.
pub(crate) struct Paper {
    pub(crate) id: DocId,
    pub(crate) byte_len: u64,
    pub(crate) password: Option<Zeroizing<String>>,
    pub(crate) cut_off: CutOff,
    /// Known from the first opening on.
    pub(crate) opened: OnceLock<Opened>,
    hidden: Mutex<Hiding>,
    /// What drawings have told of their pages.
    geometries: Mutex<HashMap<u32, PageGeometry>>,
    bytes: Mutex<Box<dyn ReadSeekSend>>,
}

/// What is left out of drawings, and how often that was said: a lane compares the number with what it was told last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hiding {
    pub(crate) times_said: u64,
    pub(crate) places: Arc<[AnnotationPlace]>,
}

impl Paper {
    pub(crate) fn new(
        id: DocId,
        bytes: Box<dyn ReadSeekSend>,
        byte_len: u64,
        password: Option<Zeroizing<String>>,
    ) -> Self {
        Self {
            id,
            byte_len,
            password,
            cut_off: CutOff::default(),
            opened: OnceLock::new(),
            hidden: Mutex::default(),
            geometries: Mutex::default(),
            bytes: Mutex::new(bytes),
        }
    }

    /// Fills `out` from a position on.
    ///
    /// Errors: those of the source; `TimedOut` once the document is cut off; a panic of the source is an error, too.
    pub(crate) fn read_at(&self, position: u64, out: &mut [u8]) -> Result<()> {
        if self.cut_off.is_cut() {
            return Err(Error::from(ErrorKind::TimedOut));
        }
        let mut bytes = lock(&self.bytes);
        catch_unwind(AssertUnwindSafe(|| {
            bytes.seek(SeekFrom::Start(position))?;
            bytes.read_exact(out)
        }))
        .unwrap_or_else(|_| Err(Error::other("the document source panicked")))
    }

    /// Keeps how a page is shown; a file does not change while it is open.
    pub(crate) fn learn(&self, page: u32, geometry: PageGeometry) {
        lock(&self.geometries).insert(page, geometry);
    }

    /// How a page is shown, if it has been drawn or asked for already.
    pub(crate) fn geometry(&self, page: u32) -> Option<PageGeometry> {
        lock(&self.geometries).get(&page).copied()
    }

    /// Says what is not drawn from now on.
    pub(crate) fn hide(&self, places: &[AnnotationPlace]) {
        let mut hidden = lock(&self.hidden);
        hidden.times_said += 1;
        hidden.places = places.into();
    }

    /// What is not drawn.
    pub(crate) fn hiding(&self) -> Hiding {
        lock(&self.hidden).clone()
    }
}

/// The bytes of a paper as PDFium's guard wants them.
pub(crate) struct PaperBytes {
    paper: Arc<Paper>,
    position: u64,
}

impl PaperBytes {
    pub(crate) fn of(paper: &Arc<Paper>) -> Self {
        Self {
            paper: Arc::clone(paper),
            position: 0,
        }
    }
}

impl Read for PaperBytes {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let rest = self.paper.byte_len.saturating_sub(self.position);
        let count = usize::try_from(rest).unwrap_or(usize::MAX).min(out.len());
        let Some(out) = out.get_mut(..count) else {
            return Ok(0);
        };
        self.paper.read_at(self.position, out)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for PaperBytes {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.paper.byte_len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}
