//! Bookmarks, links, and where both lead. Walks nothing by itself: what bounds a walk stands in `outline.rs` and
//! `links.rs`.

use std::ffi::{c_float, c_int, c_ulong, c_void};
use std::marker::PhantomData;
use std::ptr::{NonNull, from_mut, null_mut};

use super::{Bindings, Document, Page, RectF};
use crate::geometry::Rect;
use crate::limits::MAX_URI_BYTES;

// Numbers from PDFium's fpdf_doc.h and fpdf_annot.h.
const PDFACTION_GOTO: c_ulong = 1;
const PDFACTION_REMOTEGOTO: c_ulong = 2;
const PDFACTION_URI: c_ulong = 3;
const PDFACTION_LAUNCH: c_ulong = 4;
const PDFACTION_EMBEDDEDGOTO: c_ulong = 5;
const PDFDEST_VIEW_XYZ: c_ulong = 1;
const PDFDEST_VIEW_FITH: c_ulong = 3;
const PDFDEST_VIEW_FITR: c_ulong = 5;
const PDFDEST_VIEW_FITBH: c_ulong = 7;
const FPDF_ANNOT_FLAG_HIDDEN: c_int = 1 << 1;
const FPDF_ANNOT_FLAG_NOVIEW: c_int = 1 << 5;
/// Bytes of a bookmark's title that are fetched at all; beyond, it has none.
const MAX_TITLE_BYTES: c_ulong = 64 * 1024;
/// Quadrilaterals of one link; a link of more lines is taken as its rectangle.
const MAX_QUADS: c_int = 64;

/// `FS_QUADPOINTSF`.
#[repr(C)]
#[derive(Default)]
struct QuadF([f32; 8]);

/// What a bookmark or a link says about where it leads, not yet judged.
#[derive(Debug, PartialEq)]
pub(crate) enum RawTarget {
    /// A place in this document: the page counted from 0, as the file claims it, and x, y in page points.
    Place {
        page: i64,
        left: Option<f32>,
        top: Option<f32>,
    },
    /// An address, as it stands in the file.
    Uri(Vec<u8>),
    /// An address longer than [`MAX_URI_BYTES`].
    LongUri,
    /// Another file or a program.
    Elsewhere,
    /// Anything else: JavaScript, forms, films, nothing.
    Unknown,
}

/// One bookmark. Lives as long as its document is open.
#[derive(Clone, Copy)]
pub(crate) struct Bookmark<'a> {
    handle: NonNull<c_void>,
    document: PhantomData<&'a Document>,
}

impl Bookmark<'_> {
    /// The same for the same bookmark, however it was reached.
    pub(crate) fn identity(&self) -> usize {
        self.handle.as_ptr() as usize
    }

    fn raw(&self) -> *mut c_void {
        self.handle.as_ptr()
    }
}

impl Document {
    /// The first bookmark below another, or of the document.
    pub(crate) fn first_bookmark(&self, parent: Option<&Bookmark<'_>>) -> Option<Bookmark<'_>> {
        let parent = parent.map_or(null_mut(), Bookmark::raw);
        // SAFETY: document and bookmark are open; PDFium takes null for the top.
        let handle = unsafe {
            self.bindings()
                .FPDFBookmark_GetFirstChild(self.raw().cast(), parent.cast())
        };
        self.bookmark(handle.cast())
    }

    /// The bookmark after another.
    pub(crate) fn next_bookmark(&self, bookmark: &Bookmark<'_>) -> Option<Bookmark<'_>> {
        // SAFETY: document and bookmark are open.
        let handle = unsafe {
            self.bindings()
                .FPDFBookmark_GetNextSibling(self.raw().cast(), bookmark.raw().cast())
        };
        self.bookmark(handle.cast())
    }

    fn bookmark(&self, handle: *mut c_void) -> Option<Bookmark<'_>> {
        NonNull::new(handle).map(|handle| Bookmark {
            handle,
            document: PhantomData,
        })
    }

    /// The title in UTF-16, without its end; empty if it is beyond all reason.
    pub(crate) fn bookmark_title(&self, bookmark: &Bookmark<'_>) -> Vec<u16> {
        let get = |buffer: *mut c_void, byte_len: c_ulong| {
            // SAFETY: the bookmark is open, the buffer has as many bytes or is null.
            unsafe {
                self.bindings()
                    .FPDFBookmark_GetTitle(bookmark.raw().cast(), buffer, byte_len)
            }
        };
        let byte_len = get(null_mut(), 0);
        let Some(mut title) = usize::try_from(byte_len)
            .ok()
            .filter(|_| byte_len <= MAX_TITLE_BYTES)
            .map(|byte_len| vec![0_u16; byte_len.div_ceil(2)])
        else {
            return Vec::new();
        };
        get(title.as_mut_ptr().cast(), byte_len);
        if title.last() == Some(&0) {
            title.pop();
        }
        // The bytes are little-endian on every platform.
        title.into_iter().map(u16::from_le).collect()
    }

    /// Whether the file wants the bookmark's children shown.
    pub(crate) fn is_open(&self, bookmark: &Bookmark<'_>) -> bool {
        // SAFETY: the bookmark is open.
        unsafe { self.bindings().FPDFBookmark_GetCount(bookmark.raw().cast()) > 0 }
    }

    /// Where a bookmark leads.
    pub(crate) fn bookmark_target(&self, bookmark: &Bookmark<'_>) -> RawTarget {
        // SAFETY: document and bookmark are open.
        let (dest, action) = unsafe {
            let dest = self
                .bindings()
                .FPDFBookmark_GetDest(self.raw().cast(), bookmark.raw().cast());
            let action = self
                .bindings()
                .FPDFBookmark_GetAction(bookmark.raw().cast());
            (dest, action)
        };
        self.target(dest.cast(), action.cast())
    }

    /// Arguments: a destination and an action of this document, either of them null.
    fn target(&self, dest: *mut c_void, action: *mut c_void) -> RawTarget {
        // The action first: asked for a destination, PDFium also names that of an action into another file.
        if action.is_null() {
            return match dest.is_null() {
                true => RawTarget::Unknown,
                false => self.place(dest),
            };
        }
        // SAFETY: the action is of this open document.
        match unsafe { self.bindings().FPDFAction_GetType(action.cast()) } {
            PDFACTION_GOTO => {
                // SAFETY: as above.
                let dest = unsafe {
                    self.bindings()
                        .FPDFAction_GetDest(self.raw().cast(), action.cast())
                };
                match dest.is_null() {
                    true => RawTarget::Unknown,
                    false => self.place(dest.cast()),
                }
            }
            PDFACTION_URI => self.uri(action),
            PDFACTION_REMOTEGOTO | PDFACTION_LAUNCH | PDFACTION_EMBEDDEDGOTO => {
                RawTarget::Elsewhere
            }
            _ => RawTarget::Unknown,
        }
    }

    fn place(&self, dest: *mut c_void) -> RawTarget {
        let mut count: c_ulong = 0;
        let mut values: [c_float; 4] = [0.0; 4];
        let (mut has_x, mut has_y, mut has_zoom) = (0, 0, 0);
        let (mut x, mut y, mut zoom) = (0.0, 0.0, 0.0);
        // SAFETY: the destination is of this open document, the pointers are to live variables; PDFium writes at
        // most four values.
        let (page, view) = unsafe {
            let page = self
                .bindings()
                .FPDFDest_GetDestPageIndex(self.raw().cast(), dest.cast());
            let view = self.bindings().FPDFDest_GetView(
                dest.cast(),
                &mut count,
                values.as_mut_ptr().cast(),
            );
            self.bindings().FPDFDest_GetLocationInPage(
                dest.cast(),
                &mut has_x,
                &mut has_y,
                &mut has_zoom,
                &mut x,
                &mut y,
                &mut zoom,
            );
            (page, view)
        };
        let given = |is_given: bool, value: f32| (is_given && value.is_finite()).then_some(value);
        let (left, top) = match view {
            PDFDEST_VIEW_XYZ => (given(has_x != 0, x), given(has_y != 0, y)),
            PDFDEST_VIEW_FITH | PDFDEST_VIEW_FITBH => (None, given(count >= 1, values[0])),
            PDFDEST_VIEW_FITR => (given(count == 4, values[0]), given(count == 4, values[3])),
            _ => (None, None),
        };
        RawTarget::Place {
            page: i64::from(page),
            left,
            top,
        }
    }

    fn uri(&self, action: *mut c_void) -> RawTarget {
        let get = |buffer: *mut c_void, byte_len: c_ulong| {
            // SAFETY: the action is of this open document, the buffer has as many bytes or is null.
            unsafe {
                self.bindings().FPDFAction_GetURIPath(
                    self.raw().cast(),
                    action.cast(),
                    buffer,
                    byte_len,
                )
            }
        };
        let byte_len = get(null_mut(), 0);
        let Some(mut uri) = usize::try_from(byte_len)
            .ok()
            .filter(|byte_len| *byte_len <= MAX_URI_BYTES)
            .map(|byte_len| vec![0_u8; byte_len])
        else {
            return RawTarget::LongUri;
        };
        get(uri.as_mut_ptr().cast(), byte_len);
        if uri.last() == Some(&0) {
            uri.pop();
        }
        RawTarget::Uri(uri)
    }
}

/// One link of a page. Lives as long as its page is open.
pub(crate) struct RawLink<'a> {
    handle: NonNull<c_void>,
    page: &'a Page,
}

impl Page {
    /// The links of the page in the file's order, hidden ones left out.
    pub(crate) fn links(&self) -> impl Iterator<Item = RawLink<'_>> {
        let mut position: c_int = 0;
        std::iter::from_fn(move || {
            let mut handle = null_mut();
            // SAFETY: the page is open, the pointers are to live variables; PDFium moves the position on.
            let found = unsafe {
                self.bindings()
                    .FPDFLink_Enumerate(self.raw().cast(), &mut position, &mut handle)
            };
            NonNull::new(handle.cast())
                .filter(|_| found != 0)
                .map(|handle| RawLink { handle, page: self })
        })
        .filter(|link| !link.is_hidden())
    }
}

impl RawLink<'_> {
    fn is_hidden(&self) -> bool {
        // SAFETY: page and link are open; the annotation is closed once.
        let flags = unsafe {
            let annotation = self
                .bindings()
                .FPDFLink_GetAnnot(self.page.raw().cast(), self.raw().cast());
            if annotation.is_null() {
                return true;
            }
            let flags = self.bindings().FPDFAnnot_GetFlags(annotation);
            self.bindings().FPDFPage_CloseAnnot(annotation);
            flags
        };
        flags & (FPDF_ANNOT_FLAG_HIDDEN | FPDF_ANNOT_FLAG_NOVIEW) != 0
    }

    /// The box of the link, in page points.
    pub(crate) fn rect(&self) -> Option<Rect> {
        let mut rect = RectF::default();
        // SAFETY: the link is open, `rect` has the layout of `FS_RECTF`.
        let found = unsafe {
            self.bindings()
                .FPDFLink_GetAnnotRect(self.raw().cast(), from_mut(&mut rect).cast())
        };
        rect.ordered(found)
    }

    /// The boxes around the lines of the link, in page points; none if the file names none.
    pub(crate) fn line_rects(&self) -> Vec<Rect> {
        // SAFETY: the link is open.
        let count = unsafe { self.bindings().FPDFLink_CountQuadPoints(self.raw().cast()) };
        if count > MAX_QUADS {
            return Vec::new();
        }
        (0..count)
            .filter_map(|index| {
                let mut quad = QuadF::default();
                // SAFETY: the link is open, `quad` has the layout of `FS_QUADPOINTSF`; PDFium checks the index.
                let found = unsafe {
                    self.bindings().FPDFLink_GetQuadPoints(
                        self.raw().cast(),
                        index,
                        from_mut(&mut quad).cast(),
                    )
                };
                let [x1, y1, x2, y2, x3, y3, x4, y4] = quad.0;
                let least = |a: f32, b, c, d| a.min(b).min(c).min(d);
                let most = |a: f32, b, c, d| a.max(b).max(c).max(d);
                RectF {
                    left: least(x1, x2, x3, x4),
                    top: most(y1, y2, y3, y4),
                    right: most(x1, x2, x3, x4),
                    bottom: least(y1, y2, y3, y4),
                }
                .ordered(found)
            })
            .collect()
    }

    /// Where the link leads.
    pub(crate) fn target(&self) -> RawTarget {
        let document = self.page.document();
        // SAFETY: document and link are open.
        let (dest, action) = unsafe {
            let dest = self
                .bindings()
                .FPDFLink_GetDest(document.raw().cast(), self.raw().cast());
            let action = self.bindings().FPDFLink_GetAction(self.raw().cast());
            (dest, action)
        };
        document.target(dest.cast(), action.cast())
    }

    fn raw(&self) -> *mut c_void {
        self.handle.as_ptr()
    }

    fn bindings(&self) -> Bindings {
        self.page.bindings()
    }
}
