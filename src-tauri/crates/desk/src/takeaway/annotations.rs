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
        MarkBody::Ink {
            color,
            width_pt,
            strokes,
        } => Kind::Ink {
            strokes: strokes.iter().map(stroke).collect(),
            width: *width_pt,
            color: color_of(*color),
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
