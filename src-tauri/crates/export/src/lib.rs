//! Papers with the member's annotations in open formats: PDF with standard annotations, PDF with the marks drawn in,
//! one PDF of a whole meeting, XFDF, Web Annotations, Markdown; and the annotations that a PDF already carries.
//! Bytes and plain values go in, bytes come out. Not here: databases, network, vault, file names, what may leave the app.

mod annotate;
mod annotation;
mod appearance;
mod carried;
mod color;
mod dictionary;
mod drawing;
mod error;
mod flatten;
mod font;
mod formats;
mod geometry;
mod ink;
mod outline;
mod pack;
mod source;
mod text_string;
mod typeset;

pub use annotate::annotate;
pub use annotation::{Annotation, AnnotationId, InkPoint, Kind, Markup, Quote, Shape, StampName};
pub use carried::{Carried, CarriedAll, carried};
pub use color::Color;
pub use error::ExportError;
pub use flatten::flatten;
pub use formats::{
    HtmlEntry, HtmlSection, MarkdownNote, MarkdownSection, html_index, markdown, web_annotations,
    xfdf,
};
pub use geometry::{Point, Rect};
pub use pack::{PackError, Part, bind};
pub use typeset::{LinkTo, Look, Sheet};
