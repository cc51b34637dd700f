//! The structure tree of a page, as a tagged file gives it. Copied out whole, within bounds; judges nothing.

use std::ffi::{c_int, c_ulong, c_void};
use std::ptr::{NonNull, null_mut};

use super::{Bindings, Page};
use crate::limits::{MAX_ELEMENT_DEPTH, MAX_ELEMENTS};

/// Bytes of an element's type or alternative text that are fetched at all.
const MAX_TEXT_BYTES: c_ulong = 16 * 1024;
/// Attribute objects of one element that are looked into.
const MAX_ATTRIBUTES: c_int = 16;

/// What stands below an element, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kid {
    /// The number of a stretch of the page's content.
    Content(i32),
    Element(Element),
}

/// One element of the structure tree with what of it stands on the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Element {
    /// The type in the words of the format, as "P" or "H1": the file's own names are translated.
    pub(crate) kind: String,
    /// What a picture shows, in UTF-16.
    pub(crate) alt: Vec<u16>,
    /// Columns and rows that a cell of a table covers; 1 where nothing is said.
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    pub(crate) kids: Vec<Kid>,
}

/// The tree of a page while PDFium holds it.
struct Tree<'a> {
    handle: NonNull<c_void>,
    bindings: Bindings,
    go_on: &'a dyn Fn() -> bool,
    left: usize,
    is_stopped: bool,
}

impl Drop for Tree<'_> {
    fn drop(&mut self) {
        // SAFETY: a handle from `FPDF_StructTree_GetForPage`, closed once, its page still open.
        unsafe {
            self.bindings
                .FPDF_StructTree_Close(self.handle.as_ptr().cast())
        };
    }
}

impl Page {
    /// The elements at the top of the page's structure tree; none for a file without tags.
    ///
    /// Arguments: `go_on` is asked at every element. Result: nothing if it said no. At most [`MAX_ELEMENTS`].
    pub(crate) fn structure(&self, go_on: &dyn Fn() -> bool) -> Option<Vec<Element>> {
        // SAFETY: the page is open.
        let handle = unsafe {
            self.bindings()
                .FPDF_StructTree_GetForPage(self.raw().cast())
        };
        let Some(handle) = NonNull::new(handle.cast()) else {
            return Some(Vec::new());
        };
        let mut tree = Tree {
            handle,
            bindings: self.bindings(),
            go_on,
            left: MAX_ELEMENTS,
            is_stopped: false,
        };
        // SAFETY: the tree is open.
        let count = unsafe {
            tree.bindings
                .FPDF_StructTree_CountChildren(tree.handle.as_ptr().cast())
        };
        let mut elements = Vec::new();
        for index in 0..count {
            // SAFETY: the tree is open; PDFium checks the index.
            let child = unsafe {
                tree.bindings
                    .FPDF_StructTree_GetChildAtIndex(tree.handle.as_ptr().cast(), index)
            };
            if let Some(child) = NonNull::new(child.cast()) {
                elements.extend(tree.element(child, 0));
            }
        }
        (!tree.is_stopped).then_some(elements)
    }
}

impl Tree<'_> {
    fn element(&mut self, handle: NonNull<c_void>, depth: usize) -> Option<Element> {
        if depth > MAX_ELEMENT_DEPTH || self.left == 0 || self.is_stopped {
            return None;
        }
        self.left -= 1;
        if !(self.go_on)() {
            self.is_stopped = true;
            return None;
        }
        let raw = handle.as_ptr();
        let bindings = self.bindings;
        // SAFETY (both): the element is of an open tree, the buffer has as many bytes or is null.
        let kind = utf16(|buffer, byte_len| unsafe {
            bindings.FPDF_StructElement_GetType(raw.cast(), buffer, byte_len)
        });
        let alt = utf16(|buffer, byte_len| unsafe {
            bindings.FPDF_StructElement_GetAltText(raw.cast(), buffer, byte_len)
        });
        let kind = String::from_utf16_lossy(&kind);
        let is_cell = matches!(kind.as_str(), "TD" | "TH");
        let spans = |name| match is_cell {
            true => self.span(raw, name),
            false => 1,
        };
        let (columns, rows) = (spans("ColSpan"), spans("RowSpan"));
        // SAFETY: the element is of an open tree.
        let count = unsafe { bindings.FPDF_StructElement_CountChildren(raw.cast()) };
        let mut kids = Vec::new();
        for index in 0..count {
            // SAFETY (both): the element is of an open tree; PDFium checks the index.
            let content =
                unsafe { bindings.FPDF_StructElement_GetChildMarkedContentID(raw.cast(), index) };
            if content >= 0 {
                kids.push(Kid::Content(content));
                continue;
            }
            let child = unsafe { bindings.FPDF_StructElement_GetChildAtIndex(raw.cast(), index) };
            if let Some(child) = NonNull::new(child.cast()) {
                kids.extend(self.element(child, depth + 1).map(Kid::Element));
            }
        }
        Some(Element {
            kind,
            alt,
            columns,
            rows,
            kids,
        })
    }

    /// An attribute that counts columns or rows.
    fn span(&self, element: *mut c_void, name: &str) -> u16 {
        // SAFETY: the element is of an open tree; PDFium checks the index, and answers null for what is not there; the
        // value is of the attribute, the pointer is to a live variable.
        let found = unsafe {
            let count = self
                .bindings
                .FPDF_StructElement_GetAttributeCount(element.cast());
            (0..count.min(MAX_ATTRIBUTES)).find_map(|index| {
                let attribute = self
                    .bindings
                    .FPDF_StructElement_GetAttributeAtIndex(element.cast(), index);
                if attribute.is_null() {
                    return None;
                }
                let value = self
                    .bindings
                    .FPDF_StructElement_Attr_GetValue(attribute, name);
                let mut number = 0.0;
                let is_number = !value.is_null()
                    && self
                        .bindings
                        .FPDF_StructElement_Attr_GetNumberValue(value, &mut number)
                        != 0;
                is_number.then_some(number)
            })
        };
        // A cast of a number that is none gives 0.
        found.map_or(1, |number| (number as u16).clamp(1, 200))
    }
}

/// A text that PDFium writes in UTF-16, without its end; empty if it is beyond all reason.
pub(super) fn utf16(get: impl Fn(*mut c_void, c_ulong) -> c_ulong) -> Vec<u16> {
    let byte_len = get(null_mut(), 0);
    let Some(mut text) = usize::try_from(byte_len)
        .ok()
        .filter(|_| byte_len <= MAX_TEXT_BYTES)
        .map(|byte_len| vec![0_u16; byte_len.div_ceil(2)])
    else {
        return Vec::new();
    };
    get(text.as_mut_ptr().cast(), byte_len);
    if text.last() == Some(&0) {
        text.pop();
    }
    // The bytes are little-endian on every platform.
    text.into_iter().map(u16::from_le).collect()
}
