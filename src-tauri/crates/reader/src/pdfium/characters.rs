//! The characters of a page and their boxes.

use std::ffi::{c_int, c_void};
use std::ptr::{NonNull, from_mut};

use super::{Bindings, Page, RectF};
use crate::error::{ReaderError, Result};
use crate::geometry::Rect;

/// The characters of a page, in PDFium's order.
pub(crate) struct Characters<'a> {
    handle: NonNull<c_void>,
    page: &'a Page,
}

impl Drop for Characters<'_> {
    fn drop(&mut self) {
        // SAFETY: a handle from `FPDFText_LoadPage`, closed once, its page still open.
        unsafe { self.page.bindings().FPDFText_ClosePage(self.raw().cast()) };
    }
}

impl<'a> Characters<'a> {
    /// Finds the characters. Errors: `Damaged`.
    pub(super) fn of(page: &'a Page) -> Result<Self> {
        // SAFETY: the page is open.
        let handle = unsafe { page.bindings().FPDFText_LoadPage(page.raw().cast()) };
        let handle = NonNull::new(handle.cast()).ok_or(ReaderError::Damaged)?;
        Ok(Self { handle, page })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> c_int {
        // SAFETY: the handle is open.
        unsafe { self.page.bindings().FPDFText_CountChars(self.raw().cast()) }
    }

    /// A Unicode scalar value, or half of a UTF-16 pair on Windows; 0 if unknown.
    pub(crate) fn code(&self, index: c_int) -> u32 {
        // SAFETY: the handle is open; PDFium checks the index.
        unsafe {
            self.page
                .bindings()
                .FPDFText_GetUnicode(self.raw().cast(), index)
        }
    }

    /// The box as high as the font, so that neighbours line up, as a selection should; else the glyph's own.
    pub(crate) fn rect(&self, index: c_int) -> Option<Rect> {
        self.loose_rect(index).or_else(|| self.tight_rect(index))
    }

    /// The letters within a rectangle in UTF-16; what is beyond the first 256 units is left out.
    pub(crate) fn within(&self, rect: &Rect) -> Vec<u16> {
        let mut units = [0_u16; 256];
        // SAFETY: the handle is open, the buffer has as many units as PDFium is told.
        let count = unsafe {
            self.page.bindings().FPDFText_GetBoundedText(
                self.raw().cast(),
                f64::from(rect.left),
                f64::from(rect.top),
                f64::from(rect.right),
                f64::from(rect.bottom),
                units.as_mut_ptr().cast(),
                units.len() as c_int,
            )
        };
        let count = usize::try_from(count).unwrap_or(0);
        units
            .into_iter()
            .take(count)
            .take_while(|unit| *unit != 0)
            .collect()
    }

    fn loose_rect(&self, index: c_int) -> Option<Rect> {
        let mut rect = RectF::default();
        // SAFETY: the handle is open, `rect` has the layout of `FS_RECTF`; PDFium checks the index.
        let found = unsafe {
            self.page.bindings().FPDFText_GetLooseCharBox(
                self.raw().cast(),
                index,
                from_mut(&mut rect).cast(),
            )
        };
        rect.ordered(found)
    }

    fn tight_rect(&self, index: c_int) -> Option<Rect> {
        let [mut left, mut right, mut bottom, mut top] = [0_f64; 4];
        // SAFETY: the handle is open, the pointers are to live variables; PDFium checks the index.
        let found = unsafe {
            self.page.bindings().FPDFText_GetCharBox(
                self.raw().cast(),
                index,
                &mut left,
                &mut right,
                &mut bottom,
                &mut top,
            )
        };
        RectF {
            left: left as f32,
            top: top as f32,
            right: right as f32,
            bottom: bottom as f32,
        }
        .ordered(found)
    }

    pub(super) fn raw(&self) -> *mut c_void {
        self.handle.as_ptr()
    }

    pub(super) fn bindings(&self) -> Bindings {
        self.page.bindings()
    }
}
