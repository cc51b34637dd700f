//! Documents: opening, page sizes, the form environment.

use std::cell::OnceCell;
use std::ffi::{c_int, c_uchar, c_ulong, c_void};
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{NonNull, from_mut, null_mut};
use std::rc::Rc;
use std::sync::Mutex;

use super::{Bindings, Page};
use crate::error::{ReaderError, Result};
use crate::reply::lock;
use crate::source::GuardedSource;

// Numbers from PDFium's fpdfview.h and fpdf_formfill.h.
const FORMTYPE_XFA_FULL: c_int = 2;
const FPDF_ERR_PASSWORD: u64 = 4;
const FPDF_ERR_SECURITY: u64 = 5;

static OPENING: Mutex<()> = Mutex::new(());

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

/// `FPDF_FORMFILLINFO`, version 2: the number, then callbacks, all absent, with room to spare.
#[repr(C)]
struct FormFillInfo {
    version: c_int,
    no_callbacks: [*mut c_void; 63],
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
    /// Arguments: its length in bytes; its password, if it has one.
    /// Errors: `PasswordProtected`, `Damaged`, `TooLarge` where C's `unsigned long` is too short.
    pub(crate) fn open(
        bindings: Bindings,
        source: GuardedSource,
        byte_len: u64,
        password: Option<&str>,
    ) -> Result<Self> {
        let file_len = c_ulong::try_from(byte_len).map_err(|_| ReaderError::TooLarge)?;
        // C knows no string with a zero in it: the binding would panic.
        if password.is_some_and(|password| password.contains('\0')) {
            return Err(ReaderError::PasswordProtected);
        }
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
            bindings.FPDF_LoadCustomDocument(from_mut::<FileAccess>(&mut access).cast(), password)
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

    /// Whether it is a form of Adobe's own kind, whose pages are made by a program that is not here.
    pub(crate) fn is_xfa(&self) -> bool {
        // SAFETY: the handle is open.
        unsafe { self.0.bindings.FPDF_GetFormType(self.raw().cast()) == FORMTYPE_XFA_FULL }
    }

    /// How many files are embedded in it.
    pub(crate) fn attachment_count(&self) -> u32 {
        // SAFETY: the handle is open.
        let count = unsafe {
            self.0
                .bindings
                .FPDFDoc_GetAttachmentCount(self.raw().cast())
        };
        u32::try_from(count).unwrap_or(0)
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
        let handle = NonNull::new(handle.cast()).ok_or(ReaderError::Damaged)?;
        Ok(Page::of(handle, self.clone()))
    }

    /// The form environment, started when first asked for.
    pub(super) fn form(&self) -> Option<*mut c_void> {
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

    pub(super) fn bindings(&self) -> Bindings {
        self.0.bindings
    }

    pub(super) fn raw(&self) -> *mut c_void {
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
