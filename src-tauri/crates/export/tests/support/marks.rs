//! One annotation of every kind.

use export::{
    Annotation, AnnotationId, Color, InkPoint, Kind, Markup, Point, Quote, Rect, Shape, StampName,
};

pub const AUTHOR: &str = "Dr. Änne Müller-Größ";
pub const AT_MS: i64 = 1_763_800_000_000;

/// A rectangle that lies on the page wherever its origin is.
pub fn rect(origin: (f32, f32), left: f32, bottom: f32, right: f32, top: f32) -> Rect {
    Rect {
        left: origin.0 + left,
        bottom: origin.1 + bottom,
        right: origin.0 + right,
        top: origin.1 + top,
    }
}

pub fn annotation(number: u8, page: u32, kind: Kind) -> Annotation {
    Annotation {
        id: AnnotationId([number; 16]),
        page,
        author: AUTHOR.to_owned(),
        created_ms: AT_MS,
        modified_ms: AT_MS + 60_000,
        contents: Some(format!(
            "Wörter zu {number}: „Ja“ (nicht nein) \\ Zeile\nzwei – 5 €"
        )),
        quote: Some(Quote {
            exact: "Haushalt".to_owned(),
            prefix: "Seite 1: ".to_owned(),
            suffix: String::new(),
        }),
        kind,
    }
}

/// One of each kind, none lying over another, all on the first page.
pub fn every_kind(origin: (f32, f32)) -> Vec<Annotation> {
    let point = |x: f32, y: f32| Point {
        x: origin.0 + x,
        y: origin.1 + y,
    };
    let ink = |x: f32, y: f32, pressure: f32| InkPoint {
        at: point(x, y),
        pressure,
    };
    let rect = |left, bottom, right, top| rect(origin, left, bottom, right, top);
    let text = |markup, bottom: f32, color| Kind::Text {
        markup,
        lines: vec![
            rect(60.0, bottom, 250.0, bottom + 12.0),
            rect(60.0, bottom - 14.0, 180.0, bottom - 2.0),
        ],
        color,
    };
    let strokes = |y: f32| {
        vec![
            vec![
                ink(60.0, y, 0.2),
                ink(90.0, y + 10.0, 0.5),
                ink(130.5, y - 2.25, 0.9),
            ],
            vec![ink(150.0, y, 0.5)],
        ]
    };
    let kinds = vec![
        Kind::Note {
            at: point(320.0, 440.0),
        },
        text(Markup::Highlight, 302.0, Color::Yellow),
        text(Markup::Underline, 260.0, Color::Blue),
        text(Markup::StrikeOut, 220.0, Color::Red),
        text(Markup::Squiggly, 180.0, Color::Green),
        Kind::Ink {
            strokes: strokes(140.0),
            width: 1.5,
            color: Color::Blue,
        },
        Kind::Brush {
            strokes: strokes(110.0),
            width: 8.0,
            color: Color::Pink,
        },
        Kind::TextBox {
            rect: rect(200.0, 60.0, 340.0, 150.0),
            size: 11.0,
            color: Color::Red,
            text: "Größe prüfen: Straßenausbaubeitragssatzung\nzweite Zeile".to_owned(),
        },
        Kind::Shape {
            shape: Shape::Rectangle,
            rect: rect(60.0, 400.0, 120.0, 440.0),
            width: 2.0,
            color: Color::Green,
        },
        Kind::Shape {
            shape: Shape::Ellipse,
            rect: rect(140.0, 400.0, 200.0, 440.0),
            width: 1.0,
            color: Color::Graphite,
        },
        Kind::Line {
            from: point(60.0, 360.0),
            to: point(140.0, 380.0),
            width: 1.5,
            color: Color::Blue,
            arrow: false,
        },
        Kind::Line {
            from: point(160.0, 380.0),
            to: point(240.0, 355.0),
            width: 2.0,
            color: Color::Red,
            arrow: true,
        },
        Kind::Stamp {
            rect: rect(260.0, 350.0, 340.0, 375.0),
            name: StampName::FollowUp,
        },
    ];
    kinds
        .into_iter()
        .zip(1..)
        .map(|(kind, number)| annotation(number, 0, kind))
        .collect()
}
