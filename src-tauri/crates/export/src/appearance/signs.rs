//! What has words on it: text boxes, the signs of notes, stamps. It stands upright for the reader however the page is turned.

use lopdf::{Dictionary, Object, dictionary};

use super::{Form, Ground};
use crate::annotation::{Kind, StampName};
use crate::color::Color;
use crate::dictionary::rgb;
use crate::drawing::Drawing;
use crate::font::Weight;
use crate::geometry::{Point, Rect, Turn, Upright};

/// Side of the sign of a note, points.
const NOTE_SIDE: f32 = 18.0;
/// Space between a text box's edge and its letters, points.
const BOX_PADDING: f32 = 2.0;
/// From one line of a text box to the next, in heights of its letters.
const LINE_HEIGHT: f32 = 1.25;
/// From the top of a line to what its letters stand on, in heights of its letters.
const BASELINE: f32 = 0.95;

/// Adds a graphics state to the resources of an appearance.
pub(super) fn set_state(resources: &mut Dictionary, name: &str, mut state: Dictionary) {
    state.set("Type", "ExtGState");
    resources.set("ExtGState", dictionary! { name => state });
}

fn set_font(resources: &mut Dictionary, weight: Weight, ground: &mut Ground) -> &'static str {
    let (name, id) = ground.fonts.resource(weight, ground.document);
    resources.set("Font", dictionary! { name => Object::Reference(id) });
    name
}

pub(super) fn text_box(
    drawing: &mut Drawing,
    resources: &mut Dictionary,
    kind: &Kind,
    (rect, size, text): (&Rect, f32, &str),
    ground: &mut Ground,
) {
    let upright = Upright::of(rect, ground.turn);
    let font = set_font(resources, Weight::Regular, ground);
    let size = if size.is_finite() {
        size.clamp(1.0, 500.0)
    } else {
        12.0
    };
    let width = (upright.width - 2.0 * BOX_PADDING).max(size);
    let lines = ground.fonts.wrap(Weight::Regular, text, size, width);
    drawing.apart(|drawing| {
        drawing.matrix(&upright.matrix);
        drawing.fill_color(rgb(kind));
        let mut y = upright.height - BOX_PADDING - size * BASELINE;
        for line in &lines {
            let glyphs = ground.fonts.glyphs(Weight::Regular, line);
            drawing.words(font, size, Point { x: BOX_PADDING, y }, &glyphs);
            y -= size * LINE_HEIGHT;
        }
    });
}

pub(super) fn note(
    drawing: &mut Drawing,
    resources: &mut Dictionary,
    at: Point,
    ground: &mut Ground,
) -> Rect {
    let half = NOTE_SIDE / 2.0;
    let square = |at: Point| Rect {
        left: at.x - half,
        bottom: at.y - half,
        right: at.x + half,
        top: at.y + half,
    };
    let (rect, turn, number) = match ground.form {
        Form::Drawn(number) => (square(at), ground.turn, number),
        // ISO 32000-1, 12.5.3: the sign hangs from the corner of its rectangle that is the upper left one without the page's
        // turn, and stays upright.
        Form::OfAnnotation => {
            let [corner, ..] = Upright::of(&square(at), ground.turn).quad();
            let middle = Point {
                x: corner.x + half,
                y: corner.y - half,
            };
            (square(middle), Turn::None, None)
        }
    };
    let upright = Upright::of(&rect, turn);
    let number = number.map(|number| number.to_string());
    let font = number
        .is_some()
        .then(|| set_font(resources, Weight::Bold, ground));
    drawing.apart(|drawing| {
        drawing.matrix(&upright.matrix);
        drawing.fill_color(Color::Yellow.marker());
        drawing.line_color(Color::Yellow.pen());
        drawing.line_width(1.0);
        let slip = Rect {
            left: 1.0,
            bottom: 1.0,
            right: NOTE_SIDE - 1.0,
            top: NOTE_SIDE - 1.0,
        };
        drawing.rounded(&slip, 2.0);
        drawing.op(&[], "B");
        let (Some(number), Some(font)) = (&number, font) else {
            for y in [5.5, 9.0, 12.5] {
                drawing.path([
                    Point { x: 4.5, y },
                    Point {
                        x: NOTE_SIDE - 4.5,
                        y,
                    },
                ]);
                drawing.op(&[], "S");
            }
            return;
        };
        drawing.fill_color(Color::Yellow.pen());
        let room = NOTE_SIDE - 4.0;
        let wide = ground.fonts.width(Weight::Bold, number, 1.0).max(0.1);
        let size = (room / wide).min(11.0);
        let place = Point {
            x: (NOTE_SIDE - wide * size) / 2.0,
            y: NOTE_SIDE / 2.0 - size * 0.34,
        };
        let glyphs = ground.fonts.glyphs(Weight::Bold, number);
        drawing.words(font, size, place, &glyphs);
    });
    rect
}

pub(super) fn stamp(
    drawing: &mut Drawing,
    resources: &mut Dictionary,
    rect: &Rect,
    name: StampName,
    ground: &mut Ground,
) {
    let upright = Upright::of(rect, ground.turn);
    let font = set_font(resources, Weight::Bold, ground);
    set_state(resources, "RmGlass", dictionary! { "ca" => 0.85 });
    let border = (upright.height / 14.0).clamp(0.8, 2.5);
    let frame = Rect {
        left: border,
        bottom: border,
        right: upright.width - border,
        top: upright.height - border,
    };
    drawing.apart(|drawing| {
        drawing.matrix(&upright.matrix);
        drawing.apart(|drawing| {
            drawing.named("RmGlass", &[], "gs");
            drawing.fill_color([0xff; 3]);
            drawing.rounded(&frame, 4.0);
            drawing.op(&[], "f");
        });
        drawing.line_color(name.color().pen());
        drawing.fill_color(name.color().pen());
        drawing.line_width(border);
        drawing.rounded(&frame, 4.0);
        drawing.op(&[], "S");
        let wide = ground.fonts.width(Weight::Bold, name.label(), 1.0).max(0.1);
        let size = ((upright.width - 6.0 * border) / wide)
            .min(upright.height * 0.6)
            .max(1.0);
        let place = Point {
            x: (upright.width - wide * size) / 2.0,
            y: upright.height / 2.0 - size * 0.34,
        };
        let glyphs = ground.fonts.glyphs(Weight::Bold, name.label());
        drawing.words(font, size, place, &glyphs);
    });
}
