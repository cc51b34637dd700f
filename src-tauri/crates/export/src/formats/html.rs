//! A page of links to what was taken along: opens by a double tap anywhere, needs no network and runs no script.

use std::fmt::Write;

use super::escape::{href, xml};

/// A heading and the files below it.
pub struct HtmlSection {
    /// The heading.
    pub title: String,
    /// In their order.
    pub entries: Vec<HtmlEntry>,
}

/// One line: a file, or only words.
pub struct HtmlEntry {
    /// What it is called.
    pub title: String,
    /// Said besides.
    pub meta: Option<String>,
    /// Where it lies, seen from the page; parts are separated by slashes.
    pub path: Option<String>,
}

const STYLE: &str = "body{font:1.1rem/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#17222a;background:#fcfcfa}\
h1{font-size:1.8rem}h2{font-size:1.25rem;margin-top:2rem;border-top:2px solid #17222a;padding-top:.6rem}\
li{margin:.3rem 0}a{color:#1c4c86}small{color:#43525a}\
@media(prefers-color-scheme:dark){body{color:#e9eeeb;background:#1e2629}a{color:#a3c8f4}small{color:#b9c5c5}h2{border-color:#e9eeeb}}";

/// The page.
///
/// * `language` – as in "de".
/// * `lines` – said at the beginning.
pub fn html_index(
    title: &str,
    language: &str,
    lines: &[String],
    sections: &[HtmlSection],
) -> String {
    let (title, language) = (xml(title), xml(language));
    // Writing to a string cannot fail.
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    for line in lines {
        let _ = writeln!(out, "<p>{}</p>", xml(line));
    }
    for section in sections {
        let _ = write!(out, "<h2>{}</h2>\n<ul>\n", xml(&section.title));
        for entry in &section.entries {
            let words = xml(&entry.title);
            let _ = match &entry.path {
                Some(path) => write!(out, "<li><a href=\"{}\">{words}</a>", href(path)),
                None => write!(out, "<li>{words}"),
            };
            if let Some(meta) = &entry.meta {
                let _ = write!(out, " <small>{}</small>", xml(meta));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}
