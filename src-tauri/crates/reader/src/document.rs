//! One open document: its sizes, its loaded pages, drawing and text. Lives on the PDFium thread only.

use std::sync::Arc;
use std::time::Instant;

use pdfium_render::prelude::{
    PdfBitmap, PdfBitmapFormat, PdfDocument, PdfPage, PdfPageRenderRotation, PdfRenderConfig,
    Pdfium, PdfiumError, PdfiumInternalError,
};

use crate::encode::{Drawn, Timing};
use crate::error::{ReaderError, Result};
use crate::geometry::{DocId, PageGeometry, PageSize, Rect, Rotation, TileRect, plan_tile};
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_PAGE_COUNT};
use crate::source::{CutOff, GuardedSource, ReadSeekSend};
use crate::text::{PageText, read_text};

/// A page that PDFium has parsed.
struct LoadedPage {
    number: u32,
    page: PdfPage<'static>,
    geometry: PageGeometry,
}

/// A document that PDFium has open.
///
/// The fields are dropped in this order, and it matters: PDFium requires every page to be closed before
/// its document, and pdfium-render's lifetimes do not see to it.
pub(crate) struct OpenDocument {
    pages: Vec<LoadedPage>,
    document: PdfDocument<'static>,
    pub(crate) id: DocId,
    pub(crate) sizes: Arc<[PageSize]>,
    pub(crate) cut_off: CutOff,
}

impl OpenDocument {
    /// Opens a document and learns the size of every page without parsing one.
    ///
    /// Errors: `Damaged`, also for a file without pages; `PasswordProtected`; `TooLarge`.
    pub(crate) fn open(
        pdfium: &'static Pdfium,
        id: DocId,
        source: Box<dyn ReadSeekSend>,
        byte_len: u64,
        cut_off: CutOff,
    ) -> Result<Self> {
        if byte_len > MAX_DOCUMENT_BYTES {
            return Err(ReaderError::TooLarge);
        }
        let source = GuardedSource::new(source, byte_len, cut_off.clone());
        let document = pdfium
            .load_pdf_from_reader(source, None)
            .map_err(open_error)?;
        let page_count = usize::try_from(document.pages().len()).unwrap_or(0);
        if page_count == 0 {
            return Err(ReaderError::Damaged);
        }
        if page_count > MAX_PAGE_COUNT {
            return Err(ReaderError::TooLarge);
        }
        let sizes = document
            .pages()
            .as_range()
            .map(|number| match document.pages().page_size(number) {
                Ok(size) => PageSize::believable(size.width().value, size.height().value),
                Err(_) => PageSize::A4,
            })
            .collect();
        Ok(Self {
            pages: Vec::new(),
            document,
            id,
            sizes,
            cut_off,
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
    pub(crate) fn text(&mut self, number: u32) -> Result<PageText> {
        let loaded = self.page(number)?;
        read_text(&loaded.page, loaded.geometry).map_err(|_| ReaderError::Damaged)
    }

    /// Draws a page or a part of it. Only the tile's pixels are ever in memory.
    pub(crate) fn draw(
        &mut self,
        number: u32,
        scale: f32,
        tile: Option<TileRect>,
    ) -> Result<Drawn> {
        let size = self.size(number)?;
        let plan = plan_tile(size, scale, tile)?;
        let since = Instant::now();
        let loaded = self.page(number)?;
        let load = since.elapsed();

        let TileRect { x, y, w, h } = plan.tile;
        let px = |value: u32| i32::try_from(value).map_err(|_| ReaderError::TooLarge);
        let config = PdfRenderConfig::new()
            // The raster of the whole page, shifted so that the tile's corner is the bitmap's; PDFium
            // clips at the bitmap. A matrix would do the same, but PDFium then leaves out form fields
            // and cuts the page's size to whole points.
            .set_target_width(px(plan.page_width_px)?)
            .set_target_height(px(plan.page_height_px)?)
            .set_origin(-px(x)?, -px(y)?)
            .clear_before_rendering(false)
            // Red first, as WebP wants it.
            .set_reverse_byte_order(true)
            .limit_render_image_cache_size(true);

        let since = Instant::now();
        let byte_len =
            usize::try_from(u64::from(w) * u64::from(h) * 4).map_err(|_| ReaderError::TooLarge)?;
        let mut rgbx = vec![u8::MAX; byte_len];
        PdfBitmap::from_bytes(px(w)?, px(h)?, PdfBitmapFormat::BGRx, &mut rgbx)
            .and_then(|mut bitmap| {
                loaded
                    .page
                    .render_into_bitmap_with_config(&mut bitmap, &config)
            })
            .map_err(|_| ReaderError::Damaged)?;
        Ok(Drawn {
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
                let index = i32::try_from(number).map_err(|_| ReaderError::PageOutOfRange)?;
                let page = self
                    .document
                    .pages()
                    .get(index)
                    .map_err(|_| ReaderError::Damaged)?;
                LoadedPage {
                    number,
                    geometry: geometry_of(&page)?,
                    page,
                }
            }
        };
        self.pages.insert(0, loaded);
        self.pages.first().ok_or(ReaderError::Damaged)
    }
}

fn geometry_of(page: &PdfPage<'_>) -> Result<PageGeometry> {
    let rotation = match page.rotation() {
        Ok(PdfPageRenderRotation::Degrees90) => Rotation::Quarter,
        Ok(PdfPageRenderRotation::Degrees180) => Rotation::Half,
        Ok(PdfPageRenderRotation::Degrees270) => Rotation::ThreeQuarter,
        Ok(PdfPageRenderRotation::None) | Err(_) => Rotation::None,
    };
    let shown = page
        .boundaries()
        .bounding()
        .map_err(|_| ReaderError::Damaged)?
        .bounds;
    let shown = Rect::ordered(
        shown.left().value,
        shown.bottom().value,
        shown.right().value,
        shown.top().value,
    )
    .filter(|shown| !shown.is_empty())
    .ok_or(ReaderError::Damaged)?;
    Ok(PageGeometry { shown, rotation })
}

fn open_error(error: PdfiumError) -> ReaderError {
    match error {
        PdfiumError::PdfiumLibraryInternalError(
            PdfiumInternalError::PasswordError | PdfiumInternalError::SecurityError,
        ) => ReaderError::PasswordProtected,
        _ => ReaderError::Damaged,
    }
}
