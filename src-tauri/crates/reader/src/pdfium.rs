//! PDFium's C functions behind safe types: documents, pages, drawing, characters. Decides nothing.
//!
//! The only file of the crate with `unsafe`. pdfium-render's safe types cannot be used, because they start
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

use std::cell::OnceCell;
use std::ffi::{c_int, c_uchar, c_ulong, c_void};
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{NonNull, from_mut, null_mut};
use std::rc::Rc;
use std::sync::Mutex;

use pdfium_render::prelude::PdfiumLibraryBindings;

use crate::error::{ReaderError, Result};
use crate::geometry::{Rect, Rotation, TilePlan};
use crate::reply::lock;
use crate::source::GuardedSource;

static OPENING: Mutex<()> = Mutex::new(());

/// PDFium's functions. Each call takes pdfium-render's global lock.
pub(crate) type Bindings = &'static dyn PdfiumLibraryBindings;

// Numbers from PDFium's fpdfview.h and fpdf_progressive.h.
const FPDF_ERR_PASSWORD: u64 = 4;
const FPDF_ERR_SECURITY: u64 = 5;
const FPDF_BITMAP_BGRX: c_int = 3;
const FPDF_ANNOT: c_int = 0x01;
const FPDF_REVERSE_BYTE_ORDER: c_int = 0x10;
const FPDF_RENDER_LIMITEDIMAGECACHE: c_int = 0x200;
const FPDF_RENDER_DONE: c_int = 2;
const FPDF_RENDER_TOBECONTINUED: c_int = 1;
const FPDF_ANNOT_WIDGET: c_int = 20;
/// Annotations looked at to learn whether a page shows form fields. More are no form but an accident.
const MAX_ANNOTATIONS_SEEN: c_int = 5_000;

/// `FPDF_FILEACCESS`.
#[repr(C)]
struct FileAccess {
    file_len: c_ulong,
    get_block: unsafe extern "C" fn(*mut c_void, c_ulong, *mut c_uchar, c_ulong) -> c_int,
    param: *mut c_void,
}

/// `FS_SIZEF`.
#[repr(C)]
#[derive(Default)]
struct SizeF {
    width: f32,
    height: f32,
}

/// `FS_RECTF`.
#[repr(C)]
#[derive(Default)]
struct RectF {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

/// `FPDF_FORMFILLINFO`, version 2: the number, then callbacks, all absent, with room to spare.
#[repr(C)]
struct FormFillInfo {
    version: c_int,
    no_callbacks: [*mut c_void; 63],
}

/// `IFSDK_PAUSE`.
#[repr(C)]
struct Pause {
    version: c_int,
    need_to_pause_now: unsafe extern "C" fn(*mut Pause) -> c_int,
    user: *mut c_void,
}

/// An open document. Clones are the same document; it closes with the last clone and page.
#[derive(Clone)]
pub(crate) struct Document(Rc<DocumentHandle>);

struct DocumentHandle {
    bindings: Bindings,
    handle: NonNull<c_void>,
    /// Started by the first page that needs it; `None` inside if PDFium gives none.
    form: OnceCell<Option<Form>>,
    _source: OwnedSource,
    /// PDFium is given a pointer to it.
    _access: Box<FileAccess>,
}

/// The form environment of a document.
struct Form {
    handle: NonNull<c_void>,
    /// PDFium is given a pointer to it.
    _info: Box<FormFillInfo>,
}

/// A source at an address that stays; PDFium's callback reads through the pointer.
struct OwnedSource(*mut GuardedSource);

impl Drop for OwnedSource {
    fn drop(&mut self) {
        // SAFETY: from `Box::into_raw` in `Document::open`, freed only here; PDFium, which held the pointer
        // too, has closed the document by then (`DocumentHandle::drop` runs before its fields are dropped) or
        // never opened it.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

impl Drop for DocumentHandle {
    fn drop(&mut self) {
        // SAFETY: a handle from `FPDF_LoadCustomDocument`, closed once; pages hold the `Rc`, so none is open.
        unsafe {
            self.bindings
                .FPDF_CloseDocument(self.handle.as_ptr().cast())
        };
    }
}

impl Document {
    /// Opens the document behind `source`.
    ///
    /// Arguments: its length in bytes.
    /// Errors: `PasswordProtected`, `Damaged`, `TooLarge` where C's `unsigned long` is too short.
    pub(crate) fn open(bindings: Bindings, source: GuardedSource, byte_len: u64) -> Result<Self> {
        let file_len = c_ulong::try_from(byte_len).map_err(|_| ReaderError::TooLarge)?;
        let source = OwnedSource(Box::into_raw(Box::new(source)));
        let mut access = Box::new(FileAccess {
            file_len,
            get_block: read_block,
            param: source.0.cast(),
        });
        // The error code is PDFium's one global: no other open may come between.
        let _one_at_a_time = lock(&OPENING);
        // SAFETY: `access` has the layout of `FPDF_FILEACCESS`; it and `source` live as long as the document.
        let handle = unsafe {
            bindings.FPDF_LoadCustomDocument(from_mut::<FileAccess>(&mut access).cast(), None)
        };
        match NonNull::new(handle.cast()) {
            Some(handle) => Ok(Self(Rc::new(DocumentHandle {
                bindings,
                handle,
                form: OnceCell::new(),
                _source: source,
                _access: access,
            }))),
            None => {
                // SAFETY: no arguments.
                #[allow(clippy::useless_conversion, reason = "C's long has 32 bits on Windows")]
                let error = u64::from(unsafe { bindings.FPDF_GetLastError() });
                Err(match error {
                    FPDF_ERR_PASSWORD | FPDF_ERR_SECURITY => ReaderError::PasswordProtected,
                    _ => ReaderError::Damaged,
                })
            }
        }
    }

    /// The number of pages, as the file claims it.
    pub(crate) fn page_count(&self) -> usize {
        // SAFETY: the handle is open.
        let count = unsafe { self.0.bindings.FPDF_GetPageCount(self.raw().cast()) };
        usize::try_from(count).unwrap_or(0)
    }

    /// Width and height of a page as displayed, in points, without parsing the page.
    pub(crate) fn page_size(&self, number: usize) -> Option<(f32, f32)> {
        let mut size = SizeF::default();
        let number = c_int::try_from(number).ok()?;
        // SAFETY: the handle is open, `size` has the layout of `FS_SIZEF`; PDFium checks the number.
        let found = unsafe {
            self.0.bindings.FPDF_GetPageSizeByIndexF(
                self.raw().cast(),
                number,
                from_mut(&mut size).cast(),
            )
        };
        (found != 0).then_some((size.width, size.height))
    }

    /// Parses a page.
    ///
    /// Errors: `Damaged`.
    pub(crate) fn page(&self, number: u32) -> Result<Page> {
        let number = c_int::try_from(number).map_err(|_| ReaderError::PageOutOfRange)?;
        // SAFETY: the handle is open; PDFium checks the number.
        let handle = unsafe { self.0.bindings.FPDF_LoadPage(self.raw().cast(), number) };
        Ok(Page {
            handle: NonNull::new(handle.cast()).ok_or(ReaderError::Damaged)?,
            document: self.clone(),
            shows_fields: OnceCell::new(),
        })
    }

    /// The form environment, started when first asked for.
    fn form(&self) -> Option<*mut c_void> {
        let start = || {
            let mut info = Box::new(FormFillInfo {
                version: 2,
                no_callbacks: [null_mut(); 63],
            });
            // SAFETY: the handle is open; `info` begins with the layout of `FPDF_FORMFILLINFO`, every callback in it
            // is optional without XFA and JavaScript, and it lives as long as the document.
            let handle = unsafe {
                self.0.bindings.FPDFDOC_InitFormFillEnvironment(
                    self.raw().cast(),
                    from_mut::<FormFillInfo>(&mut info).cast(),
                )
            };
            NonNull::new(handle.cast()).map(|handle| Form {
                handle,
                _info: info,
            })
        };
        let form = self.0.form.get_or_init(start).as_ref();
        form.map(|form| form.handle.as_ptr())
    }

    fn raw(&self) -> *mut c_void {
        self.0.handle.as_ptr()
    }
}

/// What PDFium calls to read. Result: 1, or 0 for an error.
///
/// # Safety
/// `param` is the source given to `FPDF_LoadCustomDocument`, `out` has room for `byte_len` bytes. PDFium calls from
/// within its own functions, so one call at a time.
unsafe extern "C" fn read_block(
    param: *mut c_void,
    position: c_ulong,
    out: *mut c_uchar,
    byte_len: c_ulong,
) -> c_int {
    let read = || -> Option<()> {
        // SAFETY: see above.
        let source = unsafe { param.cast::<GuardedSource>().as_mut() }?;
        // SAFETY: see above; PDFium passes no null here, by its documentation.
        let out = unsafe { std::slice::from_raw_parts_mut(out, usize::try_from(byte_len).ok()?) };
        #[allow(clippy::useless_conversion, reason = "C's long has 32 bits on Windows")]
        source.seek(SeekFrom::Start(u64::from(position))).ok()?;
        // PDFium takes any answer but 0 for a full block.
        source.read_exact(out).ok()
    };
    // A panic must not unwind into C++.
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Some(())) => 1,
        Ok(None) | Err(_) => 0,
    }
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

    /// Finds the characters of the page.
    ///
    /// Errors: `Damaged`.
    pub(crate) fn characters(&self) -> Result<Characters<'_>> {
        // SAFETY: the handle is open.
        let handle = unsafe { self.bindings().FPDFText_LoadPage(self.raw().cast()) };
        Ok(Characters {
            handle: NonNull::new(handle.cast()).ok_or(ReaderError::Damaged)?,
            page: self,
        })
    }

    fn raw(&self) -> *mut c_void {
        self.handle.as_ptr()
    }

    fn bindings(&self) -> Bindings {
        self.document.0.bindings
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

impl Characters<'_> {
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

    fn raw(&self) -> *mut c_void {
        self.handle.as_ptr()
    }
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
