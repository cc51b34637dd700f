//! Handwriting made small for a list: fewer points, from its own upper left corner.

use notes::{InkPoint, Stroke};

use crate::dto::InkSketch;

/// Points of a sketch, about: enough for a line of handwriting 15 rem wide.
const MOST_POINTS: usize = 200;

/// A sketch of strokes; `None` where there is nothing to see.
///
/// * `width_pt` – of the pen, PDF points.
pub(super) fn sketch(strokes: &[Stroke], width_pt: f32) -> Option<InkSketch> {
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
    fn nothing_written_is_nothing_shown() {
        assert!(sketch(&[vec![]], 1.0).is_none());
    }
}
