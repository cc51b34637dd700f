//! A PDF with standard annotations: the original, byte for byte, and behind it what was added.

use std::collections::BTreeMap;

use lopdf::{Document, IncrementalDocument, Object, ObjectId, dictionary};

use crate::annotation::Annotation;
use crate::appearance::{Form, Ground, appearance};
use crate::dictionary::dictionary;
use crate::error::{ExportError, Result};
use crate::font::Fonts;
use crate::source::Source;

/// Keys of a trailer that belong to one section of the table of contents and to no later one.
const OF_ONE_SECTION: [&[u8]; 9] = [
    b"XRefStm",
    b"Type",
    b"W",
    b"Index",
    b"Filter",
    b"DecodeParms",
    b"Length",
    b"Encrypt",
    b"DL",
];

/// Adds annotations to a PDF.
///
/// * `original` – the whole file.
/// * `annotations` – in the order they shall lie above each other; one that has no place, as strokes without points, is left out.
///
/// Result: `original` and behind it an incremental update (ISO 32000-1, 7.5.6). What the pages carried before stays.
///
/// Errors: `Protected`, `Unreadable`, `NeedsRepair`, `NoSuchPage`, `PageDamaged`; `Font` and `Write` by a mistake here.
pub fn annotate(original: &[u8], annotations: &[Annotation]) -> Result<Vec<u8>> {
    let source = Source::read(original)?;
    source.check_appendable()?;
    let mut added = Added::behind(&source)?;
    for (page, of_page) in by_page(&source, annotations)? {
        let turn = source.turn(page);
        let mut entries = annots(&source, page)?;
        for annotation in of_page {
            let mut ground = Ground {
                fonts: &mut added.fonts,
                document: &mut added.document,
                turn,
                form: Form::OfAnnotation,
            };
            let Some(look) = appearance(&annotation.kind, &mut ground)? else {
                continue;
            };
            let mut dict = dictionary(annotation, &look.rect, page, turn);
            let normal = added.document.add_object(look.stream);
            dict.set("AP", dictionary! { "N" => normal });
            entries.push(Object::Reference(added.document.add_object(dict)));
        }
        let mut dict = source.page_dictionary(page)?.clone();
        // An array of the page's own, even where it shared one with others.
        dict.set("Annots", entries);
        added.document.set_object(page, dict);
    }
    added.write(original, source)
}

/// Annotations by the object of their page, both in order.
pub(crate) fn by_page<'a>(
    source: &Source,
    annotations: &'a [Annotation],
) -> Result<BTreeMap<ObjectId, Vec<&'a Annotation>>> {
    let mut pages: BTreeMap<ObjectId, Vec<&Annotation>> = BTreeMap::new();
    for annotation in annotations {
        pages
            .entry(source.page(annotation.page)?)
            .or_default()
            .push(annotation);
    }
    Ok(pages)
}

/// What a page carries already.
fn annots(source: &Source, page: ObjectId) -> Result<Vec<Object>> {
    let dict = source.page_dictionary(page)?;
    let entries = dict.get_deref(b"Annots", &source.document);
    Ok(entries
        .and_then(Object::as_array)
        .cloned()
        .unwrap_or_default())
}

/// Objects that come behind an original.
pub(crate) struct Added {
    pub(crate) document: Document,
    pub(crate) fonts: Fonts,
}

impl Added {
    /// Begins with nothing; numbers of objects go on where the original's end.
    ///
    /// Errors: `Font`.
    pub(crate) fn behind(source: &Source) -> Result<Self> {
        let mut document = Document::new_from_prev(&source.document);
        for key in OF_ONE_SECTION {
            document.trailer.remove(key);
        }
        let size = source
            .document
            .trailer
            .get(b"Size")
            .and_then(Object::as_i64);
        let size = size.ok().and_then(|size| u32::try_from(size).ok());
        document.max_id = document.max_id.max(size.unwrap_or_default());
        Ok(Self {
            document,
            fonts: Fonts::new()?,
        })
    }

    /// The whole file.
    ///
    /// Errors: `Font`, `Write`.
    pub(crate) fn write(mut self, original: &[u8], source: Source) -> Result<Vec<u8>> {
        self.fonts.embed(&mut self.document)?;
        if self.document.objects.is_empty() {
            return Ok(original.to_vec());
        }
        let (junk, pdf) = original
            .split_at_checked(source.junk_len)
            .unwrap_or((&[], original));
        let mut file = IncrementalDocument::create_from(pdf.to_vec(), source.document);
        file.new_document = self.document;
        let mut bytes = Vec::with_capacity(original.len() + 64 * 1024);
        bytes.extend_from_slice(junk);
        file.save_to(&mut bytes).map_err(ExportError::Write)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
