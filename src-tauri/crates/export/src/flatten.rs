//! A PDF with the marks drawn into its pages: no program can take them off, and none needs to know of annotations.
//! The pages' own contents stay as they are; what is drawn comes behind them.

use lopdf::content::Content;
use lopdf::{Dictionary, Object, ObjectId, Stream};

use crate::annotate::{Added, by_page};
use crate::annotation::Annotation;
use crate::appearance::{Form, Ground, appearance};
use crate::drawing::Drawing;
use crate::error::{ExportError, Result};
use crate::source::Source;

/// Draws annotations into the pages of a PDF.
///
/// * `original` – the whole file.
/// * `number_of` – the number to show in the sign of a note, where the caller lists its words elsewhere.
///
/// Result: as of [`crate::annotate`], but no page carries an annotation more than before.
///
/// Errors: as [`crate::annotate`].
pub fn flatten(
    original: &[u8],
    annotations: &[Annotation],
    number_of: &dyn Fn(&Annotation) -> Option<u32>,
) -> Result<Vec<u8>> {
    let source = Source::read(original)?;
    source.check_appendable()?;
    let mut added = Added::behind(&source)?;
    for (page, of_page) in by_page(&source, annotations)? {
        let turn = source.turn(page);
        let mut forms = Vec::new();
        for annotation in of_page {
            let mut ground = Ground {
                fonts: &mut added.fonts,
                document: &mut added.document,
                turn,
                form: Form::Drawn(number_of(annotation)),
            };
            if let Some(look) = appearance(&annotation.kind, &mut ground)? {
                forms.push(added.document.add_object(look.stream));
            }
        }
        draw_over(&mut added, &source, page, &forms)?;
    }
    added.write(original, source)
}

/// What one page's contents may unpack to: bytes.
const MAX_CONTENTS: usize = 64 * 1024 * 1024;

/// How many states the contents of a page save and never restore.
///
/// Errors: `PageDamaged` for contents that cannot be read, or restore what they never saved: what stands around them would change
/// how they look.
fn left_open(source: &Source, page: ObjectId) -> Result<u32> {
    let content = source
        .document
        .get_page_content_with_limit(page, MAX_CONTENTS)
        .and_then(|content| Content::decode(&content))
        .map_err(ExportError::PageDamaged)?;
    let mut open = 0_u32;
    for operation in content.operations {
        match operation.operator.as_str() {
            "q" => open += 1,
            "Q" => {
                open = open
                    .checked_sub(1)
                    .ok_or(ExportError::PageDamaged(lopdf::Error::Parse(
                        lopdf::ParseError::InvalidContentStream,
                    )))?;
            }
            _ => {}
        }
    }
    Ok(open)
}

/// Draws forms over a page, in their order.
fn draw_over(added: &mut Added, source: &Source, page: ObjectId, forms: &[ObjectId]) -> Result<()> {
    let mut dict = source.page_dictionary(page)?.clone();
    let mut resources = match source.inherited(page, b"Resources") {
        Some(own) => own.as_dict().map_err(ExportError::PageDamaged)?.clone(),
        None => Dictionary::new(),
    };
    let objects = resources.get_deref(b"XObject", &source.document);
    let mut objects = objects
        .and_then(Object::as_dict)
        .cloned()
        .unwrap_or_default();
    let mut before = Drawing::default();
    before.op(&[], "q");
    let mut over = Drawing::default();
    for _ in 0..=left_open(source, page)? {
        over.op(&[], "Q");
    }
    let mut number = 0_u32;
    for form in forms {
        // A page that was drawn into before has such names already.
        let name = loop {
            let name = format!("RmMark{number}");
            number += 1;
            if !objects.has(name.as_bytes()) {
                break name;
            }
        };
        objects.set(name.as_str(), *form);
        over.apart(|over| over.named(&name, &[], "Do"));
    }
    resources.set("XObject", objects);
    dict.set("Resources", resources);
    let mut stream = |drawing: Drawing| -> Object {
        let stream = Stream::new(Dictionary::new(), drawing.into_bytes());
        Object::Reference(added.document.add_object(stream))
    };
    let mut contents = vec![stream(before)];
    match dict.get(b"Contents") {
        Ok(Object::Array(own)) => contents.extend(own.iter().cloned()),
        Ok(Object::Reference(own)) => match source.document.get_object(*own) {
            Ok(Object::Array(own)) => contents.extend(own.iter().cloned()),
            _ => contents.push(Object::Reference(*own)),
        },
        _ => {}
    }
    contents.push(stream(over));
    dict.set("Contents", contents);
    added.document.set_object(page, dict);
    Ok(())
}
