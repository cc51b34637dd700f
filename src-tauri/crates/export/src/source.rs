//! A PDF to which something is added: reading it, its pages and what they inherit. Changes nothing.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, FilterFunc, LoadOptions, Object, ObjectId};

use crate::error::{ExportError, Result};
use crate::geometry::{Point, Rect, Turn, Upright};

/// What one stream may unpack to: bytes. Page images stay packed, so only object streams and tables of contents count.
const MAX_UNPACKED: usize = 128 * 1024 * 1024;
/// Steps up a page tree before it is taken for a circle.
const MAX_DEPTH: usize = 64;

/// From the edges of a page to the sign of a note that has no place, points.
const CORNER: f32 = 20.0;
/// ISO 216, points, for a page that does not say its size.
const A4: Rect = Rect {
    left: 0.0,
    bottom: 0.0,
    right: 595.0,
    top: 842.0,
};

/// A PDF that was read.
pub(crate) struct Source {
    pub(crate) document: Document,
    /// Bytes before the header; all offsets in the file count from there.
    pub(crate) junk_len: usize,
    pages: Vec<ObjectId>,
}

impl Source {
    /// Reads a PDF to which something shall be added.
    ///
    /// Errors: `Protected`, `Unreadable`.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let source = Self::read_only(bytes)?;
        match source.document.was_encrypted() {
            true => Err(ExportError::Protected),
            false => Ok(source),
        }
    }

    /// Reads a PDF to which nothing shall be added; its protection may be one that anybody may read through.
    ///
    /// Errors: `Protected`, `Unreadable`.
    pub(crate) fn read_only(bytes: &[u8]) -> Result<Self> {
        Self::load(bytes, None)
    }

    /// As [`Self::read_only`], without what the annotations of the pages do not need: pictures, page contents, fonts, and
    /// the logical structure, which in a tagged budget is nine tenths of all objects.
    ///
    /// Errors: `Protected`, `Unreadable`.
    pub(crate) fn read_annotations(bytes: &[u8]) -> Result<Self> {
        match Self::load(bytes, Some(of_annotations)) {
            Ok(source) if source.document.xref_recovery.is_none() => Ok(source),
            // A damaged file is put together anew from all that is there.
            _ => Self::read_only(bytes),
        }
    }

    fn load(bytes: &[u8], filter: Option<FilterFunc>) -> Result<Self> {
        let options = LoadOptions {
            max_decompressed_size: Some(MAX_UNPACKED),
            filter,
            ..LoadOptions::default()
        };
        let document =
            Document::load_mem_with_options(bytes, options).map_err(|error| match error {
                lopdf::Error::InvalidPassword
                | lopdf::Error::Decryption(_)
                | lopdf::Error::UnsupportedSecurityHandler(_) => ExportError::Protected,
                error => ExportError::Unreadable(error),
            })?;
        if document.is_encrypted() {
            return Err(ExportError::Protected);
        }
        let pages: Vec<ObjectId> = document.page_iter().collect();
        if pages.is_empty() {
            return Err(ExportError::Unreadable(lopdf::Error::PageNumberNotFound(1)));
        }
        let junk_len = bytes.windows(5).position(|at| at == b"%PDF-").unwrap_or(0);
        Ok(Self {
            document,
            junk_len,
            pages,
        })
    }

    /// Whether something can be added behind it.
    ///
    /// Errors: `NeedsRepair`.
    pub(crate) fn check_appendable(&self) -> Result<()> {
        match self.document.xref_recovery {
            None if self.document.xref_start != 0 => Ok(()),
            _ => Err(ExportError::NeedsRepair),
        }
    }

    /// How many pages there are.
    pub(crate) fn page_count(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    /// All pages in order.
    pub(crate) fn pages(&self) -> &[ObjectId] {
        &self.pages
    }

    /// The object of a page, counted from 0.
    ///
    /// Errors: `NoSuchPage`.
    pub(crate) fn page(&self, page: u32) -> Result<ObjectId> {
        let found = usize::try_from(page).ok().and_then(|at| self.pages.get(at));
        found.copied().ok_or(ExportError::NoSuchPage {
            page,
            page_count: self.page_count(),
        })
    }

    /// The dictionary of a page.
    ///
    /// Errors: `PageDamaged`.
    pub(crate) fn page_dictionary(&self, page: ObjectId) -> Result<&Dictionary> {
        self.document
            .get_dictionary(page)
            .map_err(ExportError::PageDamaged)
    }

    /// A value of a page, or the one that it inherits.
    pub(crate) fn inherited(&self, page: ObjectId, key: &[u8]) -> Option<&Object> {
        inherited(&self.document, page, key)
    }

    /// A point inside the upper left corner of what is shown of a page.
    pub(crate) fn corner(&self, page: ObjectId) -> Point {
        let of = |key: &[u8]| rect(&self.document, self.inherited(page, key)?);
        let shown = of(b"CropBox").or_else(|| of(b"MediaBox")).unwrap_or(A4);
        let upright = Upright::of(&shown, self.turn(page));
        upright.on_page(CORNER, upright.height - CORNER)
    }

    /// How a page is turned for display.
    pub(crate) fn turn(&self, page: ObjectId) -> Turn {
        let degrees = self
            .inherited(page, b"Rotate")
            .and_then(|value| value.as_i64().ok());
        Turn::of_degrees(degrees.unwrap_or_default())
    }
}

/// An object that is kept for reading annotations.
fn of_annotations(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    match object {
        // Objects may lie packed in it; itself it is never packed, and only its name is looked at here.
        Object::Stream(stream) => stream
            .dict
            .has_type(b"ObjStm")
            .then_some((id, Object::Null)),
        Object::Dictionary(dict) if is_structure(dict) => None,
        other => Some((id, other.clone())),
    }
}

/// Whether it is an element of the logical structure, whose type may be left out (ISO 32000-2, table 355).
fn is_structure(dict: &Dictionary) -> bool {
    dict.has_type(b"StructElem")
        || (!dict.has(b"Type") && !dict.has(b"Subtype") && dict.has(b"S") && dict.has(b"P"))
}

/// A value of a page, or the one that it inherits from the page tree, references followed.
pub(crate) fn inherited<'a>(
    document: &'a Document,
    page: ObjectId,
    key: &[u8],
) -> Option<&'a Object> {
    let mut node = document.get_dictionary(page).ok()?;
    let mut seen = BTreeSet::from([page]);
    for _ in 0..MAX_DEPTH {
        if let Ok(value) = node.get_deref(key, document)
            && !value.is_null()
        {
            return Some(value);
        }
        let parent = node.get(b"Parent").and_then(Object::as_reference).ok()?;
        if !seen.insert(parent) {
            return None;
        }
        node = document.get_dictionary(parent).ok()?;
    }
    None
}

/// Four numbers as a rectangle, its edges put in order.
pub(crate) fn rect(document: &Document, value: &Object) -> Option<Rect> {
    let numbers = numbers(document, value)?;
    let [a, b, c, d] = numbers.as_slice() else {
        return None;
    };
    let rect = Rect {
        left: a.min(*c),
        bottom: b.min(*d),
        right: a.max(*c),
        top: b.max(*d),
    };
    rect.edges()
        .iter()
        .all(|edge| edge.is_finite())
        .then_some(rect)
}

/// An array of numbers, references followed.
pub(crate) fn numbers(document: &Document, value: &Object) -> Option<Vec<f32>> {
    let (_, value) = document.dereference(value).ok()?;
    let numbers = value.as_array().ok()?.iter();
    numbers
        .map(|number| document.dereference(number).ok()?.1.as_float().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use lopdf::{Stream, dictionary};

    use super::*;

    // Fifty thousand of them in a tagged budget filled more than a hundred megabytes.
    #[test]
    fn reading_annotations_takes_no_structure_and_no_content() {
        let mut document = Document::with_version("1.7");
        let content = document.add_object(Stream::new(dictionary! {}, b"0 0 9 9 re f".to_vec()));
        let border = document.add_object(dictionary! { "W" => 2, "S" => "S" });
        let note = document.add_object(dictionary! { "Subtype" => "Square", "BS" => border });
        let pages = document.new_object_id();
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content, "Annots" => vec![note.into()],
        });
        let node = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
        document.set_object(pages, node);
        let named = document.add_object(dictionary! { "Type" => "StructElem", "S" => "Document" });
        let unnamed = document.add_object(dictionary! { "S" => "P", "P" => named, "Pg" => page });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();

        let all = Source::read_only(&bytes).unwrap().document;
        let few = Source::read_annotations(&bytes).unwrap().document;
        for id in [content, named, unnamed] {
            assert!(all.has_object(id) && !few.has_object(id), "{id:?}");
        }
        for id in [border, note, pages, page, catalog] {
            assert_eq!(few.get_object(id).unwrap(), all.get_object(id).unwrap());
        }
    }
}
