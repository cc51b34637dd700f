//! One annotation as the dictionary that every PDF reader knows (ISO 32000-1, 12.5). Not how it looks.

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use crate::annotation::{Annotation, InkPoint, Kind, Markup, Shape};
use crate::color::Rgb;
use crate::drawing::parts;
use crate::geometry::{Point, Rect, Turn, Upright};
use crate::text_string::{date, text};

/// Printed with the page.
const PRINT: i64 = 4;
/// Neither scaled nor turned with the page, as readers treat the signs of notes anyway.
const UPRIGHT: i64 = 8 | 16;

/// What the intent of a broad marker's ink is named, so that it is told from a pen's.
pub(crate) const BRUSH_INTENT: &str = "InkHighlight";

/// The dictionary without its appearance.
///
/// * `rect` – what the appearance covers.
/// * `page` – the page it stands on.
pub(crate) fn dictionary(
    annotation: &Annotation,
    rect: &Rect,
    page: ObjectId,
    turn: Turn,
) -> Dictionary {
    let mut dict = dictionary! {
        "Type" => "Annot",
        "Subtype" => subtype(&annotation.kind),
        "Rect" => reals(rect.edges()),
        "P" => page,
        "F" => PRINT,
        "NM" => text(&annotation.id.name()),
        "T" => text(&annotation.author),
        "CA" => 1,
    };
    // Of words on the page it would be their ground.
    if !matches!(annotation.kind, Kind::TextBox { .. }) {
        dict.set("C", reals(parts(rgb(&annotation.kind))));
    }
    if let Some(at) = date(annotation.modified_ms) {
        dict.set("M", at);
    }
    if let Some(at) = date(annotation.created_ms) {
        dict.set("CreationDate", at);
    }
    if let Some(contents) = contents(annotation) {
        dict.set("Contents", text(&contents));
    }
    match &annotation.kind {
        Kind::Note { .. } => {
            dict.set("Name", "Comment");
            dict.set("F", PRINT | UPRIGHT);
        }
        Kind::Text { lines, .. } => {
            let corners = lines
                .iter()
                .flat_map(|line| Upright::of_line(line, turn).quad());
            dict.set("QuadPoints", points(corners));
        }
        Kind::Ink { strokes, width, .. } => {
            dict.set("InkList", ink_list(strokes));
            dict.set("BS", border(*width));
        }
        Kind::Brush { strokes, width, .. } => {
            dict.set("InkList", ink_list(strokes));
            dict.set("BS", border(*width));
            dict.set("IT", BRUSH_INTENT);
            // For readers that draw it anew without knowing of blending.
            dict.set("CA", 0.5);
        }
        Kind::TextBox { size, color, .. } => {
            let [red, green, blue] = parts(color.pen());
            // The name that editors know; the appearance brings letters of its own.
            let look = format!("/Helv {size} Tf {red:.3} {green:.3} {blue:.3} rg");
            dict.set("DA", Object::string_literal(look));
            dict.set("Q", 0);
            dict.set("BS", border(0.0));
            if turn != Turn::None {
                dict.set("Rotate", turn.degrees());
            }
        }
        Kind::Shape { width, .. } => {
            dict.set("BS", border(*width));
            dict.set("RD", reals([width / 2.0; 4]));
        }
        Kind::Line {
            from,
            to,
            width,
            arrow,
            ..
        } => {
            dict.set("L", points([*from, *to]));
            dict.set("BS", border(*width));
            if *arrow {
                dict.set("LE", vec!["None".into(), "ClosedArrow".into()]);
                dict.set("IC", reals(parts(rgb(&annotation.kind))));
            }
        }
        Kind::Stamp { name, .. } => dict.set("Name", name.as_str()),
    }
    dict
}

/// The words of an annotation: the member's, and what a reader shows instead where there are none.
pub(crate) fn contents(annotation: &Annotation) -> Option<String> {
    match &annotation.kind {
        Kind::TextBox { text, .. } => Some(text.clone()),
        Kind::Stamp { name, .. } => Some(
            annotation
                .contents
                .clone()
                .unwrap_or_else(|| name.label().to_owned()),
        ),
        Kind::Note { .. } => Some(annotation.contents.clone().unwrap_or_default()),
        _ => annotation.contents.clone(),
    }
}

/// What the kind is called in PDF.
pub(crate) fn subtype(kind: &Kind) -> &'static str {
    match kind {
        Kind::Note { .. } => "Text",
        Kind::Text { markup, .. } => match markup {
            Markup::Highlight => "Highlight",
            Markup::Underline => "Underline",
            Markup::StrikeOut => "StrikeOut",
            Markup::Squiggly => "Squiggly",
        },
        Kind::Ink { .. } | Kind::Brush { .. } => "Ink",
        Kind::TextBox { .. } => "FreeText",
        Kind::Shape { shape, .. } => match shape {
            Shape::Rectangle => "Square",
            Shape::Ellipse => "Circle",
        },
        Kind::Line { .. } => "Line",
        Kind::Stamp { .. } => "Stamp",
    }
}

/// The colour that a kind is drawn in.
pub(crate) fn rgb(kind: &Kind) -> Rgb {
    match kind {
        Kind::Note { .. } => crate::color::Color::Yellow.marker(),
        Kind::Text {
            markup: Markup::Highlight,
            color,
            ..
        }
        | Kind::Brush { color, .. } => color.marker(),
        Kind::Text { color, .. }
        | Kind::Ink { color, .. }
        | Kind::TextBox { color, .. }
        | Kind::Shape { color, .. }
        | Kind::Line { color, .. } => color.pen(),
        Kind::Stamp { name, .. } => name.color().pen(),
    }
}

/// Numbers as an array.
pub(crate) fn reals<const N: usize>(numbers: [f32; N]) -> Object {
    Object::Array(numbers.map(real).to_vec())
}

fn points(points: impl IntoIterator<Item = Point>) -> Object {
    let numbers = points
        .into_iter()
        .flat_map(|point| [real(point.x), real(point.y)]);
    Object::Array(numbers.collect())
}

fn ink_list(strokes: &[Vec<InkPoint>]) -> Object {
    let strokes = strokes.iter();
    Object::Array(
        strokes
            .map(|stroke| points(stroke.iter().map(|point| point.at)))
            .collect(),
    )
}

fn border(width: f32) -> Object {
    Object::Dictionary(dictionary! { "W" => real(width), "S" => "S" })
}

/// A number to 1/1000.
fn real(number: f32) -> Object {
    let number = if number.is_finite() { number } else { 0.0 };
    Object::Real((number * 1000.0).round() / 1000.0)
}
