//! XFDF (ISO 19444-1): annotations without their paper, for programs that put them into a copy of it.

use std::fmt::Write;

use chrono::DateTime;

use super::escape::xml;
use crate::annotation::{Annotation, InkPoint, Kind};
use crate::dictionary::{contents, rgb, subtype};
use crate::drawing::parts;
use crate::geometry::{Point, Rect, Turn, Upright};
use crate::ink;

/// Annotations as XFDF.
///
/// * `paper` – what the file they belong to is called.
pub fn xfdf(paper: &str, annotations: &[Annotation]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xfdf xmlns=\"http://ns.adobe.com/xfdf/\" xml:space=\"preserve\">\n",
    );
    // Writing to a string cannot fail; so below.
    let _ = writeln!(out, "<f href=\"{}\"/>\n<annots>", xml(paper));
    for annotation in annotations {
        element(&mut out, annotation);
    }
    out.push_str("</annots>\n</xfdf>\n");
    out
}

fn element(out: &mut String, annotation: &Annotation) {
    let kind = &annotation.kind;
    let Some(rect) = rect(kind) else {
        return;
    };
    let name = subtype(kind).to_lowercase();
    let mut attributes = vec![
        ("page", annotation.page.to_string()),
        ("rect", numbers(rect.edges())),
        ("name", annotation.id.name()),
        ("title", annotation.author.clone()),
        ("flags", "print".to_owned()),
    ];
    attributes.extend(date(annotation.created_ms).map(|at| ("creationdate", at)));
    attributes.extend(date(annotation.modified_ms).map(|at| ("date", at)));
    if !matches!(kind, Kind::TextBox { .. }) {
        let [red, green, blue] = rgb(kind);
        attributes.push(("color", format!("#{red:02X}{green:02X}{blue:02X}")));
    }
    let mut inner = String::new();
    match kind {
        Kind::Note { .. } => attributes.push(("icon", "Comment".to_owned())),
        Kind::Text { lines, .. } => {
            let corners = lines
                .iter()
                .flat_map(|line| Upright::of_line(line, Turn::None).quad())
                .flat_map(|point| [point.x, point.y]);
            attributes.push(("coords", corners.map(number).collect::<Vec<_>>().join(",")));
        }
        Kind::Ink { strokes, width, .. } => {
            attributes.push(("width", number(*width)));
            inner = ink_list(strokes);
        }
        Kind::Brush { strokes, width, .. } => {
            attributes.push(("width", number(*width)));
            attributes.push(("opacity", "0.5".to_owned()));
            attributes.push(("intent", crate::dictionary::BRUSH_INTENT.to_owned()));
            inner = ink_list(strokes);
        }
        Kind::TextBox { size, color, .. } => {
            let [red, green, blue] = parts(color.pen()).map(number);
            inner = format!(
                "<defaultappearance>/Helv {} Tf {red} {green} {blue} rg</defaultappearance>",
                number(*size)
            );
        }
        Kind::Shape { width, .. } => {
            attributes.push(("width", number(*width)));
            attributes.push(("fringe", numbers([width / 2.0; 4])));
        }
        Kind::Line {
            from,
            to,
            width,
            arrow,
            ..
        } => {
            let end = |point: &Point| format!("{},{}", number(point.x), number(point.y));
            attributes.push(("start", end(from)));
            attributes.push(("end", end(to)));
            attributes.push(("width", number(*width)));
            if *arrow {
                attributes.push(("head", "None".to_owned()));
                attributes.push(("tail", "ClosedArrow".to_owned()));
            }
        }
        Kind::Stamp { name, .. } => attributes.push(("icon", name.as_str().to_owned())),
    }
    let _ = write!(out, "<{name}");
    for (key, value) in attributes {
        let _ = write!(out, " {key}=\"{}\"", xml(&value));
    }
    let _ = write!(out, ">{inner}");
    if let Some(contents) = contents(annotation) {
        let _ = write!(out, "<contents>{}</contents>", xml(&contents));
    }
    let _ = writeln!(out, "</{name}>");
}

/// What it covers; `None` for strokes without points.
fn rect(kind: &Kind) -> Option<Rect> {
    match kind {
        Kind::Note { at } => Rect::around([*at]).map(|rect| rect.grown(9.0)),
        Kind::Text { lines, .. } => Rect::around_all(lines),
        Kind::Ink { strokes, width, .. } | Kind::Brush { strokes, width, .. } => {
            ink::around(strokes).map(|rect| rect.grown(*width))
        }
        Kind::TextBox { rect, .. } | Kind::Stamp { rect, .. } => Some(*rect),
        Kind::Shape { rect, width, .. } => Some(rect.grown(width / 2.0)),
        Kind::Line {
            from, to, width, ..
        } => Rect::around([*from, *to]).map(|rect| rect.grown(width * 3.0 + 2.0)),
    }
}

fn ink_list(strokes: &[Vec<InkPoint>]) -> String {
    let gestures = strokes
        .iter()
        .filter(|stroke| !stroke.is_empty())
        .map(|stroke| {
            let points = stroke
                .iter()
                .map(|point| format!("{},{}", number(point.at.x), number(point.at.y)));
            format!(
                "<gesture>{}</gesture>",
                points.collect::<Vec<_>>().join(";")
            )
        });
    format!("<inklist>{}</inklist>", gestures.collect::<String>())
}

fn date(at_ms: i64) -> Option<String> {
    let at = DateTime::from_timestamp_millis(at_ms)?;
    Some(at.format("D:%Y%m%d%H%M%SZ").to_string())
}

fn numbers(numbers: [f32; 4]) -> String {
    numbers.map(number).join(",")
}

/// To 1/1000.
fn number(number: f32) -> String {
    let number = if number.is_finite() { number } else { 0.0 };
    ((f64::from(number) * 1000.0).round() / 1000.0).to_string()
}
