//! How annotations look: complete appearance streams, so that every reader shows them alike and none has to make one up.
//! What stands upright for the reader (words, signs, lines under text) follows the turn of the page.

mod signs;

use lopdf::{Dictionary, Document, Stream, dictionary};

use crate::annotation::{InkPoint, Kind, Markup, Shape};
use crate::dictionary::{reals, rgb};
use crate::drawing::Drawing;
use crate::error::{ExportError, Result};
use crate::font::Fonts;
use crate::geometry::{Point, Rect, Turn, Upright};
use crate::ink;
use signs::{note, set_state, stamp, text_box};

/// An appearance and what it covers.
pub(crate) struct Appearance {
    pub(crate) rect: Rect,
    pub(crate) stream: Stream,
}

/// What the drawing of one appearance needs from around it.
pub(crate) struct Ground<'a> {
    pub(crate) fonts: &'a mut Fonts,
    pub(crate) document: &'a mut Document,
    pub(crate) turn: Turn,
    pub(crate) form: Form,
}

/// What becomes of an appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// It belongs to an annotation: readers turn the signs of notes by themselves.
    OfAnnotation,
    /// It is drawn into the page, the sign of a note with this number, if its words stand elsewhere.
    Drawn(Option<u32>),
}

/// Draws an annotation. `None` for one without a place, as strokes without points are.
///
/// Errors: `Write`.
pub(crate) fn appearance(kind: &Kind, ground: &mut Ground) -> Result<Option<Appearance>> {
    let mut drawing = Drawing::default();
    let mut resources = Dictionary::new();
    let rect = match kind {
        Kind::Note { at } => Some(note(&mut drawing, &mut resources, *at, ground)),
        Kind::Text { markup, lines, .. } => {
            marked_text(&mut drawing, kind, *markup, lines, ground.turn)
        }
        Kind::Ink { strokes, width, .. } => {
            drawing.round();
            drawing.line_color(rgb(kind));
            ink::draw(&mut drawing, strokes, *width);
            ink::around(strokes).map(|rect| rect.grown(ink::widest(*width) / 2.0 + 0.5))
        }
        Kind::Brush { strokes, width, .. } => brush(&mut drawing, kind, strokes, *width),
        Kind::TextBox {
            rect, size, text, ..
        } => {
            text_box(
                &mut drawing,
                &mut resources,
                kind,
                (rect, *size, text),
                ground,
            );
            Some(*rect)
        }
        Kind::Shape {
            shape, rect, width, ..
        } => {
            drawing.line_color(rgb(kind));
            drawing.line_width(*width);
            match shape {
                Shape::Rectangle => drawing.rect(rect),
                Shape::Ellipse => drawing.ellipse(rect),
            }
            drawing.op(&[], "S");
            Some(rect.grown(width / 2.0))
        }
        Kind::Line {
            from,
            to,
            width,
            arrow,
            ..
        } => line(&mut drawing, kind, (*from, *to), *width, *arrow),
        Kind::Stamp { rect, name } => {
            stamp(&mut drawing, &mut resources, rect, *name, ground);
            Some(*rect)
        }
    };
    let Some(rect) = rect else {
        return Ok(None);
    };
    if is_through(kind) {
        set_state(
            &mut resources,
            "RmThrough",
            dictionary! { "BM" => "Multiply" },
        );
    }
    let mut stream = Stream::new(
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => reals(rect.edges()),
            "Matrix" => reals([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            "Resources" => resources,
        },
        drawing.into_bytes(),
    );
    stream
        .compress()
        .map_err(|error| ExportError::Write(std::io::Error::other(error)))?;
    Ok(Some(Appearance { rect, stream }))
}

/// Whether what lies below shows through.
fn is_through(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Brush { .. }
            | Kind::Text {
                markup: Markup::Highlight,
                ..
            }
    )
}

fn marked_text(
    drawing: &mut Drawing,
    kind: &Kind,
    markup: Markup,
    lines: &[Rect],
    turn: Turn,
) -> Option<Rect> {
    let around = Rect::around_all(lines)?;
    if markup == Markup::Highlight {
        drawing.named("RmThrough", &[], "gs");
        drawing.fill_color(rgb(kind));
        // All at once: where two lines overlap, nothing grows darker.
        lines.iter().for_each(|line| drawing.rect(line));
        drawing.op(&[], "f");
        return Some(around);
    }
    drawing.line_color(rgb(kind));
    for line in lines {
        let upright = Upright::of_line(line, turn);
        let width = (upright.height / 14.0).clamp(0.6, 2.0);
        drawing.apart(|drawing| {
            drawing.matrix(&upright.matrix);
            drawing.line_width(width);
            let (across, y) = match markup {
                Markup::StrikeOut => (upright.width, upright.height * 0.45),
                _ => (upright.width, upright.height * 0.06),
            };
            match markup {
                Markup::Squiggly => drawing.path(wave(across, y, width)),
                _ => drawing.path([Point { x: 0.0, y }, Point { x: across, y }]),
            }
            drawing.op(&[], "S");
        });
    }
    Some(around.grown(1.5))
}

/// A zigzag from left to right.
fn wave(across: f32, y: f32, width: f32) -> Vec<Point> {
    let step = (width * 2.0).max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` keeps to the range, and a page has few steps"
    )]
    let steps = (across / step).ceil().clamp(1.0, 20_000.0) as u16;
    (0..=steps)
        .map(|at| Point {
            x: (f32::from(at) * step).min(across),
            y: if at % 2 == 0 { y } else { y + width * 1.5 },
        })
        .collect()
}

fn brush(
    drawing: &mut Drawing,
    kind: &Kind,
    strokes: &[Vec<InkPoint>],
    width: f32,
) -> Option<Rect> {
    let around = ink::around(strokes)?;
    drawing.named("RmThrough", &[], "gs");
    drawing.round();
    drawing.line_color(rgb(kind));
    drawing.line_width(width);
    // All at once: where strokes cross, nothing grows darker.
    for stroke in strokes {
        drawing.path(stroke.iter().map(|point| point.at));
    }
    drawing.op(&[], "S");
    Some(around.grown(width / 2.0 + 0.5))
}

fn line(
    drawing: &mut Drawing,
    kind: &Kind,
    (from, to): (Point, Point),
    width: f32,
    arrow: bool,
) -> Option<Rect> {
    let around = Rect::around([from, to])?;
    drawing.round();
    drawing.line_color(rgb(kind));
    drawing.fill_color(rgb(kind));
    drawing.line_width(width);
    let length = (to.x - from.x).hypot(to.y - from.y);
    if !arrow || length <= f32::EPSILON {
        drawing.path([from, to]);
        drawing.op(&[], "S");
        return Some(around.grown(width));
    }
    let head = (width * 4.0 + 4.0).min(length);
    let along = Point {
        x: (to.x - from.x) / length,
        y: (to.y - from.y) / length,
    };
    let neck = Point {
        x: to.x - along.x * head,
        y: to.y - along.y * head,
    };
    let half = head * 0.4;
    drawing.path([from, neck]);
    drawing.op(&[], "S");
    drawing.path([
        to,
        Point {
            x: neck.x - along.y * half,
            y: neck.y + along.x * half,
        },
        Point {
            x: neck.x + along.y * half,
            y: neck.y - along.x * half,
        },
    ]);
    drawing.op(&[], "b");
    Some(around.grown(half + width))
}
