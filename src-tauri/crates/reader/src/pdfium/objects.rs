//! The objects that a page is drawn with, also those within forms, and to which stretch of marked content a text belongs.
//! Bounded; judges nothing.

use std::collections::HashMap;
use std::ffi::{c_int, c_ulong, c_void};
use std::ptr::{NonNull, from_mut};

use super::{Bindings, Matrix, Page};
use crate::limits::MAX_OBJECTS;

// Numbers from PDFium's fpdf_edit.h.
const FPDF_PAGEOBJ_TEXT: c_int = 1;
const FPDF_PAGEOBJ_FORM: c_int = 5;
/// Forms within forms. PDFium itself stops parsing at about as many.
const MAX_FORM_DEPTH: u32 = 12;
/// Marks of one object that are looked at.
const MAX_MARKS: c_int = 64;

/// To whom a text belongs, as the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The stretch of content with this number, which the structure tree names.
    Content(i32),
    /// Nothing that belongs to the text: page numbers, running heads.
    Artifact,
    Nobody,
}

/// The owner of every text object of a page, by PDFium's address of it.
pub(crate) struct Owners(HashMap<usize, Owner>);

impl Owners {
    pub(super) fn of(&self, object: *mut c_void) -> Owner {
        let owner = self.0.get(&(object as usize)).copied();
        owner.unwrap_or(Owner::Nobody)
    }
}

impl Page {
    /// To whom each text object of the page belongs.
    ///
    /// Arguments: `go_on` is asked at every object. Result: nothing if it said no.
    pub(crate) fn owners(&self, go_on: &dyn Fn() -> bool) -> Option<Owners> {
        let mut found = HashMap::new();
        let is_through = self.each_object(go_on, &mut |bindings, object| {
            if object.kind == FPDF_PAGEOBJ_TEXT || object.kind == FPDF_PAGEOBJ_FORM {
                // The numbers within a form are the form's own; what counts there is where the form itself stands.
                let of_form = object.form.and_then(|form| found.get(&(form as usize)));
                let owner = match of_form {
                    Some(owner) => *owner,
                    None => owner(bindings, object.handle),
                };
                found.insert(object.handle as usize, owner);
            }
        });
        is_through.then_some(Owners(found))
    }

    /// Calls back for each object of the page and of the forms on it; an object comes after its form.
    pub(super) fn each_object(
        &self,
        go_on: &dyn Fn() -> bool,
        visit: &mut dyn FnMut(Bindings, &Object),
    ) -> bool {
        // SAFETY: the page is open.
        let count = unsafe { self.bindings().FPDFPage_CountObjects(self.raw().cast()) };
        let mut walk = Walk {
            bindings: self.bindings(),
            go_on,
            left: MAX_OBJECTS,
            visit,
        };
        (0..count).all(|index| {
            // SAFETY: the page is open; PDFium checks the index.
            let object = unsafe { self.bindings().FPDFPage_GetObject(self.raw().cast(), index) };
            walk.object(object.cast(), None, Matrix::ONE, 0)
        })
    }
}

/// One object while its page is open.
pub(super) struct Object {
    pub(super) handle: *mut c_void,
    pub(super) kind: c_int,
    /// The form that it is in.
    form: Option<*mut c_void>,
    /// From where it is drawn to points of the page.
    pub(super) to_page: Matrix,
}

impl Object {
    /// Its own matrix.
    pub(super) fn matrix(&self, bindings: Bindings) -> Matrix {
        let mut matrix = Matrix::ONE;
        // SAFETY: the object is of an open page, `matrix` has the layout of `FS_MATRIX`.
        let is_found = unsafe {
            bindings.FPDFPageObj_GetMatrix(self.handle.cast(), from_mut(&mut matrix).cast())
        };
        if is_found == 0 { Matrix::ONE } else { matrix }
    }
}

struct Walk<'a> {
    bindings: Bindings,
    go_on: &'a dyn Fn() -> bool,
    left: usize,
    visit: &'a mut dyn FnMut(Bindings, &Object),
}

impl Walk<'_> {
    /// Result: whether to go on.
    fn object(
        &mut self,
        object: *mut c_void,
        form: Option<*mut c_void>,
        to_page: Matrix,
        depth: u32,
    ) -> bool {
        let Some(handle) = NonNull::new(object) else {
            return true;
        };
        if self.left == 0 {
            // What is beyond the bound is left out, not an error: it is drawn all the same.
            return true;
        }
        self.left -= 1;
        if self.left.is_multiple_of(256) && !(self.go_on)() {
            return false;
        }
        // SAFETY: the object is of an open page.
        let kind = unsafe { self.bindings.FPDFPageObj_GetType(handle.as_ptr().cast()) };
        let seen = Object {
            handle: object,
            kind,
            form,
            to_page,
        };
        (self.visit)(self.bindings, &seen);
        if kind != FPDF_PAGEOBJ_FORM || depth == MAX_FORM_DEPTH {
            return true;
        }
        let inner_to_page = seen.matrix(self.bindings).then(&to_page);
        // SAFETY: as above.
        let count = unsafe { self.bindings.FPDFFormObj_CountObjects(object.cast()) };
        (0..count.max(0)).all(|index| {
            // SAFETY: as above; PDFium checks the index.
            let inner = unsafe {
                self.bindings
                    .FPDFFormObj_GetObject(object.cast(), index as c_ulong)
            };
            self.object(inner.cast(), Some(object), inner_to_page, depth + 1)
        })
    }
}

fn owner(bindings: Bindings, object: *mut c_void) -> Owner {
    // SAFETY: the object is of an open page.
    let content = unsafe { bindings.FPDFPageObj_GetMarkedContentID(object.cast()) };
    if content >= 0 {
        return Owner::Content(content);
    }
    // SAFETY: as above.
    let count = unsafe { bindings.FPDFPageObj_CountMarks(object.cast()) };
    let is_artifact = (0..count.min(MAX_MARKS)).any(|index| mark_name(bindings, object, index));
    match is_artifact {
        true => Owner::Artifact,
        false => Owner::Nobody,
    }
}

/// Whether a mark of an object is named "Artifact".
fn mark_name(bindings: Bindings, object: *mut c_void, index: c_int) -> bool {
    let mut units = [0_u16; 16];
    let mut byte_len: c_ulong = 0;
    // SAFETY: the object is of an open page; PDFium checks the index and answers null for what is not there; the buffer has
    // as many bytes as PDFium is told.
    let is_found = unsafe {
        let mark = bindings.FPDFPageObj_GetMark(object.cast(), index as c_ulong);
        !mark.is_null()
            && bindings.FPDFPageObjMark_GetName(
                mark,
                units.as_mut_ptr().cast(),
                size_of_val(&units) as c_ulong,
                &mut byte_len,
            ) != 0
    };
    let name = units
        .into_iter()
        .map(u16::from_le)
        .take_while(|unit| *unit != 0);
    is_found && name.eq("Artifact".encode_utf16())
}
