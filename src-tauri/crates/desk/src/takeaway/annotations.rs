//! Marks as annotations, and annotations of other programs as marks. Plain values on both sides.

use ::export as formats;
use formats::{Annotation, AnnotationId, Kind, Markup, Point};
use notes::MarkBody;

/// A mark as an annotation of a PDF.
///
/// * `author` – whom it names.
pub(crate) fn annotation(mark: &notes::Mark, author: &str) -> Annotation {
    let rects: Vec<formats::Rect> = mark.anchor.rects.iter().map(rect).collect();
    let text = mark
        .body
        .text()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let kind = match &mark.body {
        MarkBody::Note { .. } => Kind::Note {
            at: formats::Rect::around_all(&rects).map(|rect| middle(&rect)),
        },
        MarkBody::Highlight { color, .. } => Kind::Text {
            markup: Markup::Highlight,
            lines: rects,
            color: color_of(*color),
        },
        MarkBody::Markup { style, color, .. } => Kind::Text {
            markup: match style {
                notes::Markup::Underline => Markup::Underline,
                notes::Markup::StrikeOut => Markup::StrikeOut,
                notes::Markup::Squiggly => Markup::Squiggly,
            },
            lines: rects,
            color: color_of(*color),
        },
        MarkBody::Ink {
            color,
            width_pt,
            strokes,
        } => Kind::Ink {
            strokes: strokes.iter().map(stroke).collect(),
            width: *width_pt,
            color: color_of(*color),
        },
        MarkBody::Brush {
            color,
            width_pt,
            strokes,
        } => Kind::Brush {
            strokes: strokes.iter().map(stroke).collect(),
            width: *width_pt,
            color: color_of(*color),
        },
        MarkBody::Shape {
            shape,
            color,
            width_pt,
            ends,
        } => form(*shape, ends, *width_pt, color_of(*color)),
        MarkBody::TextBox {
            color,
            size_pt,
            text,
        } => Kind::TextBox {
            rect: around(&rects),
            size: *size_pt,
            color: color_of(*color),
            text: text.clone(),
        },
        MarkBody::Stamp { stamp, .. } => Kind::Stamp {
            rect: around(&rects),
            name: stamp_of(*stamp),
        },
    };
    Annotation {
        id: AnnotationId(mark.id.0),
        page: mark.anchor.page.unwrap_or_default(),
        author: author.to_owned(),
        created_ms: mark.created_at_ms,
        modified_ms: mark.updated_at_ms,
        contents: text.map(str::to_owned),
        quote: mark.anchor.quote.as_ref().map(|quote| formats::Quote {
            exact: quote.exact.clone(),
            prefix: quote.prefix.clone(),
            suffix: quote.suffix.clone(),
        }),
        kind,
    }
}

fn form(
    shape: notes::Shape,
    [from, to]: &[notes::InkPoint; 2],
    width: f32,
    color: formats::Color,
) -> Kind {
    let point = |at: &notes::InkPoint| Point { x: at.x, y: at.y };
    let rect = formats::Rect {
        left: from.x.min(to.x),
        bottom: from.y.min(to.y),
        right: from.x.max(to.x),
        top: from.y.max(to.y),
    };
    let boxed = |shape| Kind::Shape {
        shape,
        rect,
        width,
        color,
    };
    let line = |arrow| Kind::Line {
        from: point(from),
        to: point(to),
        width,
        color,
        arrow,
    };
    match shape {
        notes::Shape::Rectangle => boxed(formats::Shape::Rectangle),
        notes::Shape::Ellipse => boxed(formats::Shape::Ellipse),
        notes::Shape::Line => line(false),
        notes::Shape::Arrow => line(true),
    }
}

/// The box of a mark that has one; what stands on no page has none and is left to the words.
fn around(rects: &[formats::Rect]) -> formats::Rect {
    formats::Rect::around_all(rects).unwrap_or_default()
}

fn stamp_of(stamp: notes::Stamp) -> formats::StampName {
    match stamp {
        notes::Stamp::Question => formats::StampName::Question,
        notes::Stamp::Agree => formats::StampName::Agree,
        notes::Stamp::Reject => formats::StampName::Reject,
        notes::Stamp::FollowUp => formats::StampName::FollowUp,
        notes::Stamp::Done => formats::StampName::Done,
    }
}

fn rect(rect: &notes::Rect) -> formats::Rect {
    formats::Rect {
        left: rect.left,
        bottom: rect.bottom,
        right: rect.right,
        top: rect.top,
    }
}

fn middle(rect: &formats::Rect) -> Point {
    Point {
        x: (rect.left + rect.right) / 2.0,
        y: (rect.bottom + rect.top) / 2.0,
    }
}

fn stroke(stroke: &notes::Stroke) -> Vec<formats::InkPoint> {
    let points = stroke.iter().map(|point| formats::InkPoint {
        at: Point {
            x: point.x,
            y: point.y,
        },
        pressure: point.pressure,
    });
    points.collect()
}

fn color_of(color: notes::Color) -> formats::Color {
    match color {
        notes::Color::Yellow => formats::Color::Yellow,
        notes::Color::Green => formats::Color::Green,
        notes::Color::Blue => formats::Color::Blue,
        notes::Color::Pink => formats::Color::Pink,
        notes::Color::Red => formats::Color::Red,
        notes::Color::Graphite => formats::Color::Graphite,
    }
}

/// An annotation of another program as the body of a mark, and the rectangles of its anchor.
pub(crate) fn body_of(carried: &formats::Carried) -> (MarkBody, Vec<notes::Rect>) {
    let text = carried.contents.clone();
    let all = |rects: &[formats::Rect]| rects.iter().map(own_rect).collect::<Vec<_>>();
    match &carried.kind {
        Kind::Note { at } => {
            let at = at.map(|at| formats::Rect {
                left: at.x - 5.0,
                bottom: at.y - 5.0,
                right: at.x + 5.0,
                top: at.y + 5.0,
            });
            let text = text.unwrap_or_default();
            (MarkBody::Note { text }, all(at.as_slice()))
        }
        Kind::Text {
            markup,
            lines,
            color,
        } => {
            let color = own_color(*color);
            let body = match markup {
                Markup::Highlight => MarkBody::Highlight { color, text },
                Markup::Underline => markup_of(notes::Markup::Underline, color, text),
                Markup::StrikeOut => markup_of(notes::Markup::StrikeOut, color, text),
                Markup::Squiggly => markup_of(notes::Markup::Squiggly, color, text),
            };
            (body, all(lines))
        }
        Kind::Ink {
            strokes,
            width,
            color,
        } => (
            MarkBody::Ink {
                color: own_color(*color),
                width_pt: *width,
                strokes: strokes.iter().map(|stroke| own_stroke(stroke)).collect(),
            },
            Vec::new(),
        ),
        Kind::Brush {
            strokes,
            width,
            color,
        } => (
            MarkBody::Brush {
                color: own_color(*color),
                width_pt: *width,
                strokes: strokes.iter().map(|stroke| own_stroke(stroke)).collect(),
            },
            Vec::new(),
        ),
        Kind::TextBox {
            rect,
            size,
            color,
            text,
        } => (
            MarkBody::TextBox {
                color: own_color(*color),
                size_pt: *size,
                text: text.clone(),
            },
            all(&[*rect]),
        ),
        Kind::Shape {
            shape,
            rect,
            width,
            color,
        } => {
            let shape = match shape {
                formats::Shape::Rectangle => notes::Shape::Rectangle,
                formats::Shape::Ellipse => notes::Shape::Ellipse,
            };
            let low = Point {
                x: rect.left,
                y: rect.bottom,
            };
            let high = Point {
                x: rect.right,
                y: rect.top,
            };
            (form_of(shape, (low, high), *width, *color), Vec::new())
        }
        Kind::Line {
            from,
            to,
            width,
            color,
            arrow,
        } => {
            let shape = match arrow {
                true => notes::Shape::Arrow,
                false => notes::Shape::Line,
            };
            (form_of(shape, (*from, *to), *width, *color), Vec::new())
        }
        Kind::Stamp { rect, name } => (
            MarkBody::Stamp {
                stamp: own_stamp(*name),
                text: text.filter(|text| text != name.label()),
            },
            all(&[*rect]),
        ),
    }
}

fn markup_of(style: notes::Markup, color: notes::Color, text: Option<String>) -> MarkBody {
    MarkBody::Markup { style, color, text }
}

fn form_of(
    shape: notes::Shape,
    (from, to): (Point, Point),
    width_pt: f32,
    color: formats::Color,
) -> MarkBody {
    let end = |point: Point| notes::InkPoint {
        x: point.x,
        y: point.y,
        pressure: 0.5,
    };
    MarkBody::Shape {
        shape,
        color: own_color(color),
        width_pt,
        ends: [end(from), end(to)],
    }
}

fn own_stroke(stroke: &[formats::InkPoint]) -> notes::Stroke {
    let points = stroke.iter().map(|point| notes::InkPoint {
        x: point.at.x,
        y: point.at.y,
        pressure: point.pressure,
    });
    points.collect()
}

fn own_rect(rect: &formats::Rect) -> notes::Rect {
    notes::Rect {
        left: rect.left,
        bottom: rect.bottom,
        right: rect.right,
        top: rect.top,
    }
}

fn own_stamp(name: formats::StampName) -> notes::Stamp {
    match name {
        formats::StampName::Question => notes::Stamp::Question,
        formats::StampName::Agree => notes::Stamp::Agree,
        formats::StampName::Reject => notes::Stamp::Reject,
        formats::StampName::FollowUp => notes::Stamp::FollowUp,
        formats::StampName::Done => notes::Stamp::Done,
    }
}

fn own_color(color: formats::Color) -> notes::Color {
    match color {
        formats::Color::Yellow => notes::Color::Yellow,
        formats::Color::Green => notes::Color::Green,
        formats::Color::Blue => notes::Color::Blue,
        formats::Color::Pink => notes::Color::Pink,
        formats::Color::Red => notes::Color::Red,
        formats::Color::Graphite => notes::Color::Graphite,
    }
}
