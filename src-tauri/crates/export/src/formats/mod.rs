//! Marks and notes as text that other programs read: XFDF, Web Annotations, Markdown, a page of links.

mod escape;
mod html;
mod markdown;
mod web_annotation;
mod xfdf;

pub use html::{HtmlEntry, HtmlSection, html_index};
pub use markdown::{MarkdownNote, MarkdownSection, markdown};
pub use web_annotation::web_annotations;
pub use xfdf::xfdf;
