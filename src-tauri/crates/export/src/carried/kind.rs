//! One annotation dictionary as a kind of our own, with its place, width and letters.

use lopdf::{Dictionary, Document, Object};

use super::color::{marker, pen, rgb};
use super::words;
use crate::annotation::{InkPoint, Kind, Markup, Shape, StampName};
use crate::dictionary::BRUSH_INTENT;
use crate::geometry::{Point, Rect};
use crate::source::{numbers, rect};

/// Points of one stroke that are taken.
const MOST_POINTS: usize = 100_000;
/// Width of a line that says nothing of it (ISO 32000-1, 12.5.4).
const WIDTH: f32 = 1.0;
/// From this width on a pale stroke is a marker's: points.
const BROAD: f32 = 5.0;
/// Height of letters that say nothing of it: points.
const LETTERS: f32 = 12.0;

/// What an annotation is; `None` where it has no like here, or says nothing.
pub(super) fn kind(document: &Document, subtype: &[u8], dict: &Dictionary) -> Option<Kind> {
    let place = rect(document, dict.get(b"Rect").ok()?)?;
    let color = dict
        .get(b"C")
        .ok()
        .and_then(|value| rgb(&numbers(document, value)?));
    let markup = |markup| {
        let lines = lines(document, dict, place);
        let color = match markup {
            Markup::Highlight => marker(color),
            _ => pen(color),
        };
        Some(Kind::Text {
            markup,
            lines,
            color,
        })
    };
    let shape = |shape| {
        let inset = dict
            .get(b"RD")
            .ok()
            .and_then(|value| numbers(document, value));
        let rect = match inset.as_deref() {
            Some([left, bottom, right, top]) => Rect {
                left: place.left + left,
                bottom: place.bottom + bottom,
                right: place.right - right,
                top: place.top - top,
            },
            _ => place,
        };
        let is_sound = rect.left < rect.right && rect.bottom < rect.top;
        Some(Kind::Shape {
            shape,
            rect: if is_sound { rect } else { place },
            width: width(document, dict),
            color: pen(color),
        })
    };
    let strokes = |strokes: Vec<Vec<Point>>| {
        let strokes: Vec<Vec<InkPoint>> = strokes
            .into_iter()
            .filter(|stroke| !stroke.is_empty())
            .map(|stroke| {
                stroke
                    .into_iter()
                    .map(|at| InkPoint { at, pressure: 0.5 })
                    .collect()
            })
            .collect();
        (!strokes.is_empty()).then_some(strokes)
    };
    match subtype {
        b"Text" | b"Caret" => {
            // Without words it is a sign that says nothing.
            words(document, dict, b"Contents")?;
            Some(Kind::Note { at: middle(&place) })
        }
        b"Highlight" => markup(Markup::Highlight),
        b"Underline" => markup(Markup::Underline),
        b"StrikeOut" => markup(Markup::StrikeOut),
        b"Squiggly" => markup(Markup::Squiggly),
        b"Square" => shape(Shape::Rectangle),
        b"Circle" => shape(Shape::Ellipse),
        b"Ink" => {
            let list = dict.get_deref(b"InkList", document).ok()?.as_array().ok()?;
            let list = list
                .iter()
                .filter_map(|stroke| points(&numbers(document, stroke)?));
            let (strokes, width) = (strokes(list.collect())?, width(document, dict));
            Some(match is_brush(document, dict, width) {
                true => Kind::Brush {
                    strokes,
                    width,
                    color: marker(color),
                },
                false => Kind::Ink {
                    strokes,
                    width: width / crate::ink::SPREAD,
                    color: pen(color),
                },
            })
        }
        b"PolyLine" | b"Polygon" => {
            let mut path = points(&numbers(document, dict.get(b"Vertices").ok()?)?)?;
            if subtype == b"Polygon" {
                path.extend(path.first().copied());
            }
            Some(Kind::Ink {
                strokes: strokes(vec![path])?,
                width: width(document, dict) / crate::ink::SPREAD,
                color: pen(color),
            })
        }
        b"Line" => {
            let ends = points(&numbers(document, dict.get(b"L").ok()?)?)?;
            let [first, second] = ends.as_slice() else {
                return None;
            };
            let heads = dict.get_deref(b"LE", document).and_then(Object::as_array);
            let is_head = |at: usize| {
                let head = heads
                    .as_ref()
                    .ok()
                    .and_then(|heads| heads.get(at)?.as_name().ok());
                head.is_some_and(|head| head.ends_with(b"Arrow"))
            };
            // Ours has its head at the end.
            let is_turned = is_head(0) && !is_head(1);
            let (from, to) = if is_turned {
                (*second, *first)
            } else {
                (*first, *second)
            };
            Some(Kind::Line {
                from,
                to,
                width: width(document, dict),
                color: pen(color),
                arrow: is_head(0) || is_head(1),
            })
        }
        b"FreeText" => {
            let look = words(document, dict, b"DA").unwrap_or_default();
            let (size, color) = letters(&look);
            Some(Kind::TextBox {
                rect: place,
                size,
                color: pen(color),
                text: words(document, dict, b"Contents")?,
            })
        }
        b"Stamp" => {
            let name = dict
                .get_deref(b"Name", document)
                .and_then(Object::as_name)
                .ok()?;
            let name = StampName::from_name(std::str::from_utf8(name).ok()?)?;
            Some(Kind::Stamp { rect: place, name })
        }
        _ => None,
    }
}

/// Whether ink is a broad marker's.
fn is_brush(document: &Document, dict: &Dictionary, width: f32) -> bool {
    let named = |key: &[u8], name: &str| {
        let value = dict.get_deref(key, document).and_then(Object::as_name);
        value.is_ok_and(|value| value == name.as_bytes())
    };
    let opacity = dict.get_deref(b"CA", document).and_then(Object::as_float);
    named(b"IT", BRUSH_INTENT)
        || named(b"BM", "Multiply")
        || width >= BROAD && opacity.is_ok_and(|opacity| opacity < 0.8)
}

/// Quadrilaterals as the lines they stand around; the whole place where there are none.
fn lines(document: &Document, dict: &Dictionary, place: Rect) -> Vec<Rect> {
    let quads = dict
        .get(b"QuadPoints")
        .ok()
        .and_then(|value| numbers(document, value));
    let quads = quads.unwrap_or_default();
    let lines: Vec<Rect> = quads
        .chunks_exact(8)
        .filter_map(|quad| Rect::around(points(quad)?))
        .collect();
    if lines.is_empty() { vec![place] } else { lines }
}

/// Pairs of numbers; `None` if one is no finite number.
fn points(numbers: &[f32]) -> Option<Vec<Point>> {
    let pairs = numbers.chunks_exact(2).take(MOST_POINTS);
    pairs
        .map(|pair| match pair {
            [x, y] if x.is_finite() && y.is_finite() => Some(Point { x: *x, y: *y }),
            _ => None,
        })
        .collect()
}

fn middle(rect: &Rect) -> Point {
    Point {
        x: (rect.left + rect.right) / 2.0,
        y: (rect.bottom + rect.top) / 2.0,
    }
}

fn width(document: &Document, dict: &Dictionary) -> f32 {
    let style = dict.get_deref(b"BS", document).and_then(Object::as_dict);
    let of_style = style
        .and_then(|style| style.get_deref(b"W", document))
        .and_then(Object::as_float);
    let of_border = || {
        let border = numbers(document, dict.get(b"Border").ok()?)?;
        border.get(2).copied()
    };
    let width = of_style.ok().or_else(of_border).unwrap_or(WIDTH);
    if width.is_finite() {
        width.clamp(0.25, 72.0)
    } else {
        WIDTH
    }
}

/// Size and colour of letters as a default appearance names them.
fn letters(look: &str) -> (f32, Option<[f32; 3]>) {
    let words: Vec<&str> = look.split_whitespace().collect();
    let before = |operator: &str, count: usize| -> Option<Vec<f32>> {
        let at = words.iter().rposition(|word| *word == operator)?;
        let numbers = words.get(at.checked_sub(count)?..at)?;
        numbers.iter().map(|number| number.parse().ok()).collect()
    };
    let size = before("Tf", 1).and_then(|size| size.first().copied());
    let size = size
        .filter(|size| size.is_finite() && *size > 0.0)
        .unwrap_or(LETTERS);
    let color = [("rg", 3), ("g", 1), ("k", 4)]
        .into_iter()
        .find_map(|(operator, count)| rgb(&before(operator, count)?));
    (size.clamp(4.0, 144.0), color)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_of_letters_are_understood() {
        assert_eq!(
            letters("/Helv 11 Tf 1 0 0 rg"),
            (11.0, Some([1.0, 0.0, 0.0]))
        );
        assert_eq!(letters("0 g /F1 0 Tf"), (12.0, Some([0.0; 3])));
        assert_eq!(letters("0 0 0 1 k"), (12.0, Some([0.0; 3])));
        assert_eq!(letters(""), (12.0, None));
    }
}
