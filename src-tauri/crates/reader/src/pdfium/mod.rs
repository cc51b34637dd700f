//! PDFium's C functions behind safe types: documents, pages, drawing, characters, targets. Decides nothing.
//!
//! The only folder of the crate with `unsafe`. pdfium-render's safe types cannot be used, because they start
//! PDFium's form environment with every document, and that hangs for ever on a small file whose form
//! fields name each other twice (`shared-unnamed-field.pdf` of qpdf's tests, 2.5 KB: 2³² visits). Their
//! pages may also outlive their document, which PDFium answers with a crash. And they cannot stop a drawing
//! that has begun. Here the form environment starts with the first page that shows a form field (PDFium
//! draws fields, and with them visible signatures, by no other way), a page keeps its document alive, and
//! drawing asks now and then whether to go on.
//!
//! The bindings of pdfium-render are used all the same: they load the library on every platform. Their
//! types have no public names, hence the casts.
#![allow(
    unsafe_code,
    reason = "the C interface of PDFium; the safe one of pdfium-render hangs, see above"
)]

mod characters;
mod document;
mod letters;
mod objects;
mod page;
mod pictures;
mod structure;
mod targets;

use std::ffi::c_int;

use pdfium_render::prelude::PdfiumLibraryBindings;

pub(crate) use document::Document;
pub(crate) use letters::Styles;
pub(crate) use objects::Owner;
pub(crate) use page::Page;
pub(crate) use structure::{Element, Kid};
pub(crate) use targets::{Bookmark, RawTarget};

use crate::geometry::Rect;

/// PDFium's functions. Each call takes pdfium-render's global lock.
pub(crate) type Bindings = &'static dyn PdfiumLibraryBindings;

/// `FS_RECTF`.
#[repr(C)]
#[derive(Default)]
struct RectF {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl RectF {
    /// The rectangle, if PDFium found one and it covers an area.
    fn ordered(&self, found: c_int) -> Option<Rect> {
        if found == 0 {
            return None;
        }
        Rect::ordered(self.left, self.bottom, self.right, self.top).filter(|rect| !rect.is_empty())
    }
}

/// `FS_MATRIX`: x' = a·x + c·y + e, y' = b·x + d·y + f.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq)]
struct Matrix([f32; 6]);

impl Matrix {
    const ONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// This one first, then the other.
    fn then(&self, other: &Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [g, h, i, j, ..] = other.0;
        let (x, y) = other.apply(e, f);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            x,
            y,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    #[test]
    fn matrices_apply_one_after_the_other() {
        let turn = Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]);
        let move_on = Matrix([2.0, 0.0, 0.0, 3.0, 10.0, 20.0]);
        let (x, y) = turn.apply(1.0, 2.0);
        assert_eq!(turn.then(&move_on).apply(1.0, 2.0), move_on.apply(x, y));
        assert_eq!(Matrix::ONE.then(&turn), turn);
    }
}
