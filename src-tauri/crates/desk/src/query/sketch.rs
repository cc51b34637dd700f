//! Handwriting and forms made small for a list: fewer points, from their own upper left corner.

use notes::{InkPoint, MarkBody, Shape, Stroke};

use crate::dto::InkSketch;

/// Points of a sketch, about: enough for a line of handwriting 15 rem wide.
const MOST_POINTS: usize = 200;

/// Corners that an ellipse is drawn with.
const ELLIPSE_STEPS: u8 = 32;
/// Length of an arrow's head, widths of its line, but never longer than the half of the arrow.
const HEAD_WIDTHS: f32 = 5.0;

/// A sketch of what was drawn; `None` for what is no drawing.
pub(super) fn sketch_of(body: &MarkBody) -> Option<InkSketch> {
    match body {
        MarkBody::Shape {
            shape,
            width_pt,
            ends,
            ..
        } => sketch(&outline(*shape, *ends, *width_pt), *width_pt),
        _ => sketch(body.strokes(), body.width_pt()?),
    }
}

/// A form as strokes of a pen.
fn outline(shape: Shape, [from, to]: [InkPoint; 2], width_pt: f32) -> Vec<Stroke> {
    let at = |x, y| InkPoint {
        x,
        y,
        pressure: 0.5,
    };
    match shape {
        Shape::Rectangle => {
            let corners = [from, at(to.x, from.y), to, at(from.x, to.y), from];
            vec![corners.to_vec()]
        }
        Shape::Ellipse => {
            let (x, y) = (from.x.midpoint(to.x), from.y.midpoint(to.y));
            let (across, up) = ((to.x - from.x) / 2.0, (to.y - from.y) / 2.0);
            let turns = (0..=ELLIPSE_STEPS).map(|step| {
                let angle = std::f32::consts::TAU * f32::from(step) / f32::from(ELLIPSE_STEPS);
                at(x + across * angle.cos(), y + up * angle.sin())
            });
            vec![turns.collect()]
        }
        Shape::Line => vec![vec![from, to]],
        Shape::Arrow => {
            let (along, up) = (to.x - from.x, to.y - from.y);
            let length = along.hypot(up);
            if length == 0.0 {
                return vec![vec![from, to]];
            }
            let head = (width_pt * HEAD_WIDTHS).min(length / 2.0) / length;
            // Back from the point, and half as far to either side.
            let barb = |side: f32| {
                at(
                    to.x - head * (along - side * up),
                    to.y - head * (up + side * along),
                )
            };
            vec![vec![from, to], vec![barb(0.5), to, barb(-0.5)]]
        }
    }
}

/// A sketch of strokes; `None` where there is nothing to see.
///
/// * `width_pt` – of the pen, PDF points.
fn sketch(strokes: &[Stroke], width_pt: f32) -> Option<InkSketch> {
    let points = || strokes.iter().flatten();
    let first = points().next()?;
    let (left, top, right, bottom) =
        points().fold((first.x, first.y, first.x, first.y), |edges, at| {
            let (left, top, right, bottom) = edges;
            (
                left.min(at.x),
                top.max(at.y),
                right.max(at.x),
                bottom.min(at.y),
            )
        });
    let step = points().count().div_ceil(MOST_POINTS).max(1);
    let place = |at: &InkPoint| [tenths(at.x - left), tenths(top - at.y)];
    let thin = |stroke: &Stroke| {
        let last = stroke.len().saturating_sub(1);
        stroke
            .iter()
            .enumerate()
            // The end of a stroke is where it meets the next letter.
            .filter(|(at, _)| at % step == 0 || *at == last)
            .map(|(_, at)| place(at))
            .collect()
    };
    Some(InkSketch {
        size: [tenths(right - left), tenths(top - bottom)],
        width_pt,
        strokes: strokes
            .iter()
            .filter(|stroke| !stroke.is_empty())
            .map(thin)
            .collect(),
    })
}

/// Tenths of a point: finer than the eye tells apart.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` keeps to the range"
)]
fn tenths(points: f32) -> u32 {
    (points * 10.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: f32, y: f32) -> InkPoint {
        InkPoint {
            x,
            y,
            pressure: 0.5,
        }
    }

    #[test]
    fn a_sketch_starts_at_its_own_upper_left_and_counts_downwards() {
        let strokes = vec![vec![point(100.0, 700.0), point(140.0, 680.04)]];
        let sketch = sketch(&strokes, 1.5).unwrap();
        assert_eq!(sketch.size, [400, 200]);
        assert_eq!(sketch.strokes, [[[0, 0], [400, 200]]]);
    }

    #[test]
    fn long_writing_loses_points_but_no_end() {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let stroke: Stroke = (0..5000).map(|at| point(at as f32, 0.0)).collect();
        let sketch = sketch(&[stroke, vec![point(9.0, 9.0)]], 1.0).unwrap();
        let points = sketch.strokes.first().unwrap();
        assert!(points.len() <= MOST_POINTS + 1, "{}", points.len());
        assert_eq!(points.last(), Some(&[49_990, 90]));
        assert_eq!(sketch.strokes.len(), 2, "a dot stays a dot");
    }

    #[test]
    fn a_form_is_drawn_between_its_two_points() {
        let form = |shape| {
            let ends = [point(100.0, 700.0), point(140.0, 680.0)];
            let lines = outline(shape, ends, 2.0);
            sketch(&lines, 2.0).unwrap()
        };
        for shape in [Shape::Rectangle, Shape::Ellipse, Shape::Line] {
            assert_eq!(form(shape).size, [400, 200], "{shape:?}");
        }
        assert_eq!(form(Shape::Line).strokes, [[[0, 0], [400, 200]]]);
        let arrow = form(Shape::Arrow);
        assert_eq!(arrow.strokes.len(), 2, "a shaft and a head");
        assert_eq!(
            arrow.strokes.get(1).and_then(|head| head.get(1)),
            Some(&[400, 200]),
            "its head is at the second point"
        );
        let nowhere = [point(5.0, 5.0), point(5.0, 5.0)];
        assert_eq!(
            sketch(&outline(Shape::Arrow, nowhere, 2.0), 2.0)
                .unwrap()
                .size,
            [0, 0]
        );
    }

    #[test]
    fn nothing_written_is_nothing_shown() {
        assert!(sketch(&[vec![]], 1.0).is_none());
    }
}
