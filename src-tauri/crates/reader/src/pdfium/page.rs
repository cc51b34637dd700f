//! Parsed pages: geometry and drawing.

use std::cell::OnceCell;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{NonNull, from_mut};

use super::characters::Characters;
use super::{Bindings, Document, RectF};
use crate::error::{ReaderError, Result};
use crate::geometry::{Rect, Rotation, TilePlan};

// Numbers from PDFium's fpdfview.h, fpdf_progressive.h and fpdf_annot.h.
const FPDF_BITMAP_BGRX: c_int = 3;
const FPDF_ANNOT: c_int = 0x01;
const FPDF_REVERSE_BYTE_ORDER: c_int = 0x10;
const FPDF_RENDER_LIMITEDIMAGECACHE: c_int = 0x200;
const FPDF_RENDER_DONE: c_int = 2;
const FPDF_RENDER_TOBECONTINUED: c_int = 1;
const FPDF_ANNOT_WIDGET: c_int = 20;
const FPDF_ANNOT_FLAG_HIDDEN: c_int = 1 << 1;
/// Annotations looked at to learn whether a page shows form fields. More are no form but an accident.
const MAX_ANNOTATIONS_SEEN: c_int = 5_000;

/// `IFSDK_PAUSE`.
#[repr(C)]
struct Pause {
    version: c_int,
    need_to_pause_now: unsafe extern "C" fn(*mut Pause) -> c_int,
    user: *mut c_void,
}

/// A parsed page. Keeps its document open.
pub(crate) struct Page {
    handle: NonNull<c_void>,
    document: Document,
    shows_fields: OnceCell<bool>,
}

impl Drop for Page {
    fn drop(&mut self) {
        // SAFETY: a handle from `FPDF_LoadPage`, closed once, its document still open.
        unsafe { self.bindings().FPDF_ClosePage(self.raw().cast()) };
    }
}

impl Page {
    /// Arguments: a handle from `FPDF_LoadPage`, used nowhere else; the document it is from.
    pub(super) fn of(handle: NonNull<c_void>, document: Document) -> Self {
        Self {
            handle,
            document,
            shows_fields: OnceCell::new(),
        }
    }

    /// The turn before display.
    pub(crate) fn rotation(&self) -> Rotation {
        // SAFETY: the handle is open.
        match unsafe { self.bindings().FPDFPage_GetRotation(self.raw().cast()) } {
            1 => Rotation::Quarter,
            2 => Rotation::Half,
            3 => Rotation::ThreeQuarter,
            _ => Rotation::None,
        }
    }

    /// The part that is shown, in page points.
    pub(crate) fn shown(&self) -> Option<Rect> {
        let mut rect = RectF::default();
        // SAFETY: the handle is open, `rect` has the layout of `FS_RECTF`.
        let found = unsafe {
            self.bindings()
                .FPDF_GetPageBoundingBox(self.raw().cast(), from_mut(&mut rect).cast())
        };
        rect.ordered(found)
    }

    /// Draws a part of the page over `rgbx`: red, green, blue, unused.
    ///
    /// Arguments: the plan; exactly 4 bytes for each pixel of its tile; `go_on`, asked between the page's
    /// objects. Result: whether it was drawn to the end.
    /// Errors: `Damaged`; `TooLarge`.
    pub(crate) fn draw(
        &self,
        plan: &TilePlan,
        rgbx: &mut [u8],
        go_on: &dyn Fn() -> bool,
    ) -> Result<bool> {
        const FLAGS: c_int = FPDF_ANNOT | FPDF_REVERSE_BYTE_ORDER | FPDF_RENDER_LIMITEDIMAGECACHE;
        let px = |value: u32| c_int::try_from(value).map_err(|_| ReaderError::TooLarge);
        let (width, height) = (px(plan.tile.w)?, px(plan.tile.h)?);
        let (left, top) = (px(plan.tile.x)?, px(plan.tile.y)?);
        let (page_width, page_height) = (px(plan.page_width_px)?, px(plan.page_height_px)?);
        let stride = width.checked_mul(4).ok_or(ReaderError::TooLarge)?;
        if rgbx.len() as u64 != u64::from(plan.tile.w) * u64::from(plan.tile.h) * 4 {
            return Err(ReaderError::TooLarge);
        }
        let form = match self.shows_fields() {
            true => self.document.form(),
            false => None,
        };
        let mut go_on = go_on;
        let mut pause = Pause {
            version: 1,
            need_to_pause_now,
            user: from_mut(&mut go_on).cast(),
        };
        // SAFETY: the buffer has `stride * height` bytes and outlives the bitmap, which is destroyed below; the
        // page is open; `pause` has the layout of `IFSDK_PAUSE` and outlives the drawing, which is closed below.
        let status = unsafe {
            let bitmap = self.bindings().FPDFBitmap_CreateEx(
                width,
                height,
                FPDF_BITMAP_BGRX,
                rgbx.as_mut_ptr().cast(),
                stride,
            );
            if bitmap.is_null() {
                return Err(ReaderError::Damaged);
            }
            // The raster of the whole page, shifted so that the tile's corner is the bitmap's; PDFium clips at
            // the bitmap. A matrix would do the same but cuts the page's size to whole points.
            let status = self.bindings().FPDF_RenderPageBitmap_Start(
                bitmap,
                self.raw().cast(),
                -left,
                -top,
                page_width,
                page_height,
                0,
                FLAGS,
                from_mut(&mut pause).cast(),
            );
            self.bindings().FPDF_RenderPage_Close(self.raw().cast());
            if let Some(form) = form {
                self.bindings().FPDF_FFLDraw(
                    form.cast(),
                    bitmap,
                    self.raw().cast(),
                    -left,
                    -top,
                    page_width,
                    page_height,
                    0,
                    FLAGS,
                );
            }
            self.bindings().FPDFBitmap_Destroy(bitmap);
            status
        };
        match status {
            FPDF_RENDER_DONE => Ok(true),
            FPDF_RENDER_TOBECONTINUED => Ok(false),
            _ => Err(ReaderError::Damaged),
        }
    }

    /// Whether a form field or a visible signature stands on the page.
    fn shows_fields(&self) -> bool {
        // SAFETY: the page is open; PDFium checks the index; each annotation is closed.
        let is_field = |index| unsafe {
            let annotation = self.bindings().FPDFPage_GetAnnot(self.raw().cast(), index);
            if annotation.is_null() {
                return false;
            }
            let subtype = self.bindings().FPDFAnnot_GetSubtype(annotation);
            self.bindings().FPDFPage_CloseAnnot(annotation);
            subtype == FPDF_ANNOT_WIDGET
        };
        *self.shows_fields.get_or_init(|| {
            // SAFETY: the page is open.
            let count = unsafe { self.bindings().FPDFPage_GetAnnotCount(self.raw().cast()) };
            (0..count.min(MAX_ANNOTATIONS_SEEN)).any(is_field)
        })
    }

    /// Leaves an annotation out of every drawing from now on.
    ///
    /// Arguments: its number in the page's list, from 0. Result: the flags it had; `None` if there is no such one.
    pub(crate) fn hide_annotation(&self, number: u32) -> Option<c_int> {
        self.change_flags(number, |before| before | FPDF_ANNOT_FLAG_HIDDEN)
    }

    /// Gives an annotation the flags it had. One that is not there is left alone.
    pub(crate) fn set_annotation_flags(&self, number: u32, flags: c_int) {
        self.change_flags(number, |_| flags);
    }

    /// Result: the flags before.
    fn change_flags(&self, number: u32, change: impl FnOnce(c_int) -> c_int) -> Option<c_int> {
        let number = c_int::try_from(number).ok()?;
        // SAFETY: the page is open; PDFium checks the number; the annotation is closed once. Setting flags changes its
        // dictionary in memory and nothing of its appearance.
        unsafe {
            let annotation = self.bindings().FPDFPage_GetAnnot(self.raw().cast(), number);
            if annotation.is_null() {
                return None;
            }
            let before = self.bindings().FPDFAnnot_GetFlags(annotation);
            self.bindings()
                .FPDFAnnot_SetFlags(annotation, change(before));
            self.bindings().FPDFPage_CloseAnnot(annotation);
            Some(before)
        }
    }

    /// Finds the characters of the page.
    ///
    /// Errors: `Damaged`.
    pub(crate) fn characters(&self) -> Result<Characters<'_>> {
        Characters::of(self)
    }

    pub(super) fn raw(&self) -> *mut c_void {
        self.handle.as_ptr()
    }

    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    pub(super) fn bindings(&self) -> Bindings {
        self.document.bindings()
    }
}

/// What PDFium asks between objects while it draws: non-zero stops it.
///
/// # Safety
/// `pause` is the one given to `FPDF_RenderPageBitmap_Start`, its `user` a `&dyn Fn() -> bool`.
unsafe extern "C" fn need_to_pause_now(pause: *mut Pause) -> c_int {
    // SAFETY: see above.
    let go_on = unsafe {
        pause
            .as_ref()
            .and_then(|pause| pause.user.cast::<&dyn Fn() -> bool>().as_ref())
    };
    // A panic must not unwind into C++; it ends the drawing.
    let go_on = catch_unwind(AssertUnwindSafe(|| go_on.is_none_or(|go_on| go_on())));
    c_int::from(!go_on.unwrap_or(false))
}
