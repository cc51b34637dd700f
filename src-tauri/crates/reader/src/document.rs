//! One open document: its sizes, its loaded pages, drawing, text, reading order, outline and links. Lives on the PDFium thread only.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::dark::is_paper;
use crate::encode::{Drawn, Timing};
use crate::error::{ReaderError, Result};
use crate::flow::{Edges, PageFlow, read_edges, read_flow};
use crate::geometry::{DocId, PageGeometry, PageSize, Rect, TilePlan, TileRect, plan_tile};
use crate::hidden::{AnnotationPlace, Hidden};
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_PAGE_COUNT};
use crate::links::{Link, read_links};
use crate::outline::{Outline, read_outline};
use crate::pdfium::{Bindings, Document, Page};
use crate::source::{CutOff, GuardedSource, ReadSeekSend};
use crate::text::{PageText, read_text};

/// Pages of which the lines at the edges are kept: some kilobytes each.
const MAX_EDGES_KEPT: usize = 64;

/// A page that PDFium has parsed.
struct LoadedPage {
    number: u32,
    page: Page,
    geometry: PageGeometry,
    /// Pictures that keep their colours in the dark, in page points; known once they were asked for.
    colourful: OnceCell<Vec<Rect>>,
}

/// Longer side in pixels of the small image that tells pictures of paper from others.
const LOOK_PX: f32 = 256.0;

impl LoadedPage {
    /// The pictures that dark reading leaves as they are, in pixels of a tile: those that show no paper. All tiles of a page
    /// agree on them.
    fn kept_in(
        &self,
        size: PageSize,
        plan: &TilePlan,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Vec<TileRect>> {
        let colourful = match self.colourful.get() {
            Some(known) => known,
            None => {
                let found = self.look_for_colours(size, go_on)?;
                self.colourful.get_or_init(|| found)
            }
        };
        let in_tile = colourful.iter().filter_map(|place| {
            self.geometry
                .pixels_of(*place, size, plan)
                .filter(|rect| rect.w > 0 && rect.h > 0)
        });
        Ok(in_tile.collect())
    }

    fn look_for_colours(&self, size: PageSize, go_on: &dyn Fn() -> bool) -> Result<Vec<Rect>> {
        let pictures = self.page.pictures(go_on).ok_or(ReaderError::Unresponsive)?;
        if pictures.is_empty() {
            return Ok(pictures);
        }
        let scale = LOOK_PX / size.width_pt.max(size.height_pt);
        let plan = plan_tile(size, scale, None)?;
        let byte_len = plan.tile.w as usize * plan.tile.h as usize * 4;
        let mut rgbx = vec![u8::MAX; byte_len];
        if !self.page.draw(&plan, &mut rgbx, go_on)? {
            return Err(ReaderError::Unresponsive);
        }
        let is_colourful = |place: &Rect| {
            let pixels = self.geometry.pixels_of(*place, size, &plan);
            pixels.is_some_and(|rect| !is_paper(&rgbx, plan.tile.w, rect))
        };
        Ok(pictures.into_iter().filter(is_colourful).collect())
    }
}

/// What a document is beside its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nature {
    /// A form of Adobe's own kind (XFA): its pages only say that another program is needed.
    pub is_xfa: bool,
    /// Files embedded in it; a portfolio is made of them.
    pub attachment_count: u32,
}

/// A document that PDFium has open.
pub(crate) struct OpenDocument {
    /// Most recently used first.
    pages: Vec<LoadedPage>,
    document: Document,
    /// What stands at the edges of pages that were neighbours of one that was read.
    edges: HashMap<u32, Edges>,
    hidden: Hidden,
    pub(crate) id: DocId,
    pub(crate) sizes: Arc<[PageSize]>,
    pub(crate) nature: Nature,
}

impl OpenDocument {
    /// Opens a document and learns the size of every page without parsing one.
    ///
    /// Errors: `Damaged`, also for a file without pages; `PasswordProtected`; `TooLarge`.
    pub(crate) fn open(
        bindings: Bindings,
        id: DocId,
        source: Box<dyn ReadSeekSend>,
        byte_len: u64,
        password: Option<&str>,
        cut_off: CutOff,
    ) -> Result<Self> {
        if byte_len > MAX_DOCUMENT_BYTES {
            return Err(ReaderError::TooLarge);
        }
        let source = GuardedSource::new(source, byte_len, cut_off.clone());
        let document = Document::open(bindings, source, byte_len, password)?;
        let page_count = document.page_count();
        if page_count == 0 {
            return Err(ReaderError::Damaged);
        }
        if page_count > MAX_PAGE_COUNT {
            return Err(ReaderError::TooLarge);
        }
        let mut sizes = Vec::with_capacity(page_count);
        for number in 0..page_count {
            if cut_off.is_cut() {
                return Err(ReaderError::Unresponsive);
            }
            sizes.push(
                document
                    .page_size(number)
                    .map_or(PageSize::A4, |(width_pt, height_pt)| {
                        PageSize::believable(width_pt, height_pt)
                    }),
            );
        }
        let nature = Nature {
            is_xfa: document.is_xfa(),
            attachment_count: document.attachment_count(),
        };
        Ok(Self {
            nature,
            pages: Vec::new(),
            document,
            edges: HashMap::new(),
            hidden: Hidden::default(),
            id,
            sizes: sizes.into(),
        })
    }

    /// How many parsed pages it holds.
    pub(crate) fn pages_kept(&self) -> usize {
        self.pages.len()
    }

    /// Closes the page that was used least recently.
    pub(crate) fn drop_oldest_page(&mut self) {
        self.pages.pop();
    }

    /// Rotation and shown part of a page.
    pub(crate) fn geometry(&mut self, number: u32) -> Result<PageGeometry> {
        self.page(number).map(|loaded| loaded.geometry)
    }

    /// The text of a page.
    ///
    /// Arguments: `go_on` says whether the work is still worth it.
    pub(crate) fn text(&mut self, number: u32, go_on: &dyn Fn() -> bool) -> Result<PageText> {
        let loaded = self.page(number)?;
        read_text(&loaded.page, loaded.geometry, go_on)?.ok_or(ReaderError::Unresponsive)
    }

    /// The page as it is read.
    ///
    /// Arguments: `go_on` says whether the work is still worth it.
    pub(crate) fn flow(&mut self, number: u32, go_on: &dyn Fn() -> bool) -> Result<PageFlow> {
        let links = self.links(number, go_on)?;
        let mut neighbours = Vec::new();
        for other in neighbours_of(number, self.sizes.len()) {
            neighbours.extend(self.edges(other, go_on)?);
        }
        let loaded = self.page(number)?;
        read_flow(&loaded.page, loaded.geometry, &links, &neighbours, go_on)?
            .ok_or(ReaderError::Unresponsive)
    }

    /// What stands at the edges of a page. A page that cannot be read has nothing there.
    fn edges(&mut self, number: u32, go_on: &dyn Fn() -> bool) -> Result<Edges> {
        if let Some(known) = self.edges.get(&number) {
            return Ok(known.clone());
        }
        let edges = match self.page(number) {
            Ok(loaded) => read_edges(&loaded.page, loaded.geometry, go_on)?
                .ok_or(ReaderError::Unresponsive)?,
            Err(_) => Edges::new(),
        };
        if self.edges.len() >= MAX_EDGES_KEPT {
            self.edges.clear();
        }
        self.edges.insert(number, edges.clone());
        Ok(edges)
    }

    /// The bookmarks.
    ///
    /// Arguments: `go_on` says whether the work is still worth it.
    pub(crate) fn outline(&self, go_on: &dyn Fn() -> bool) -> Result<Outline> {
        read_outline(&self.document, self.sizes.len(), go_on).ok_or(ReaderError::Unresponsive)
    }

    /// The links of a page.
    ///
    /// Arguments: `go_on` says whether the work is still worth it.
    pub(crate) fn links(&mut self, number: u32, go_on: &dyn Fn() -> bool) -> Result<Vec<Link>> {
        let page_count = self.sizes.len();
        let loaded = self.page(number)?;
        read_links(&loaded.page, loaded.geometry, page_count, go_on)?
            .ok_or(ReaderError::Unresponsive)
    }

    /// Leaves annotations out of what is drawn from now on; those left out before and not named are drawn again.
    pub(crate) fn hide(&mut self, places: &[AnnotationPlace]) {
        self.hidden.want(places);
    }

    /// Draws a page or a part of it. Only the tile's pixels are ever in memory.
    ///
    /// Arguments: `is_dark` asks for the pictures that dark reading leaves as they are; `go_on` says whether the work is still
    /// worth it.
    pub(crate) fn draw(
        &mut self,
        number: u32,
        scale: f32,
        tile: Option<TileRect>,
        is_dark: bool,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Drawn> {
        let size = self.size(number)?;
        let plan = plan_tile(size, scale, tile)?;
        let since = Instant::now();
        self.page(number)?;
        if let Some(loaded) = self.pages.first() {
            self.hidden.settle(number, &loaded.page);
        }
        let loaded = self.page(number)?;
        let load = since.elapsed();

        let since = Instant::now();
        let TileRect { w, h, .. } = plan.tile;
        let byte_len =
            usize::try_from(u64::from(w) * u64::from(h) * 4).map_err(|_| ReaderError::TooLarge)?;
        let mut rgbx = vec![u8::MAX; byte_len];
        if !loaded.page.draw(&plan, &mut rgbx, go_on)? {
            return Err(ReaderError::Unresponsive);
        }
        let dark = match is_dark {
            true => Some(loaded.kept_in(size, &plan, go_on)?),
            false => None,
        };
        Ok(Drawn {
            dark,
            width: w,
            height: h,
            rgbx,
            geometry: loaded.geometry,
            timing: Timing {
                load,
                draw: since.elapsed(),
                ..Timing::default()
            },
        })
    }

    fn size(&self, number: u32) -> Result<PageSize> {
        usize::try_from(number)
            .ok()
            .and_then(|number| self.sizes.get(number))
            .copied()
            .ok_or(ReaderError::PageOutOfRange)
    }

    /// The parsed page, most recently used first.
    fn page(&mut self, number: u32) -> Result<&LoadedPage> {
        self.size(number)?;
        let loaded = match self.pages.iter().position(|page| page.number == number) {
            Some(place) => self.pages.remove(place),
            None => {
                let page = self.document.page(number)?;
                let geometry = PageGeometry {
                    shown: page.shown().ok_or(ReaderError::Damaged)?,
                    rotation: page.rotation(),
                };
                LoadedPage {
                    number,
                    page,
                    geometry,
                    colourful: OnceCell::new(),
                }
            }
        };
        self.pages.insert(0, loaded);
        self.pages.first().ok_or(ReaderError::Damaged)
    }
}

/// The pages that a page is compared with: the next ones on both sides, and those after, as left and right pages have different
/// heads.
fn neighbours_of(number: u32, page_count: usize) -> impl Iterator<Item = u32> {
    [-2_i64, -1, 1, 2]
        .into_iter()
        .filter_map(move |step| u32::try_from(i64::from(number) + step).ok())
        .filter(move |other| usize::try_from(*other).is_ok_and(|other| other < page_count))
}
