//! Strokes of a pen as lines that grow with pressure, as they look on the tablet.

use crate::annotation::InkPoint;
use crate::drawing::Drawing;
use crate::geometry::{Point, Rect};

/// How much broader than its nominal width a line is at even pressure, and how much of it pressure makes: what the tablet draws.
pub(crate) const SPREAD: f32 = 1.6;
/// Steps of pressure that make a difference to the eye.
const STEPS: f32 = 16.0;

/// The width of a line at a pressure.
fn width_at(width: f32, pressure: f32) -> f32 {
    let pressure = if pressure.is_finite() {
        pressure.clamp(0.0, 1.0)
    } else {
        0.5
    };
    width * SPREAD * (0.5 + pressure)
}

/// The widest that strokes of a nominal width become.
pub(crate) fn widest(width: f32) -> f32 {
    width_at(width, 1.0)
}

/// What strokes cover, without the width of their lines.
pub(crate) fn around(strokes: &[Vec<InkPoint>]) -> Option<Rect> {
    Rect::around(strokes.iter().flatten().map(|point| point.at))
}

/// Draws strokes whose lines grow with pressure. Colour and round ends are set already.
pub(crate) fn draw(drawing: &mut Drawing, strokes: &[Vec<InkPoint>], width: f32) {
    for stroke in strokes {
        let mut run: Vec<Point> = Vec::new();
        let mut step = None;
        for (index, point) in stroke.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| stroke.get(index));
            let mean = before.map_or(point.pressure, |before| {
                (before.pressure + point.pressure) / 2.0
            });
            let here = (mean * STEPS).round();
            if index > 1 && step != Some(here) {
                draw_run(drawing, &run, width, step);
                run = before.map(|before| before.at).into_iter().collect();
            }
            step = Some(here);
            run.push(point.at);
        }
        draw_run(drawing, &run, width, step);
    }
}

fn draw_run(drawing: &mut Drawing, run: &[Point], width: f32, step: Option<f32>) {
    if let (Some(step), false) = (step, run.is_empty()) {
        drawing.line_width(width_at(width, step / STEPS));
        drawing.path(run.iter().copied());
        drawing.op(&[], "S");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(pressures: &[f32]) -> String {
        let stroke = pressures
            .iter()
            .zip(0_u8..)
            .map(|(pressure, x)| InkPoint {
                at: Point {
                    x: f32::from(x),
                    y: 0.0,
                },
                pressure: *pressure,
            })
            .collect();
        let mut drawing = Drawing::default();
        draw(&mut drawing, &[stroke], 1.0);
        String::from_utf8(drawing.into_bytes()).unwrap()
    }

    #[test]
    fn even_pressure_is_one_line() {
        assert_eq!(drawn(&[0.5, 0.5, 0.5]), "1.6 w\n0 0 m\n1 0 l\n2 0 l\nS\n");
    }

    #[test]
    fn growing_pressure_is_joined_without_a_gap() {
        let drawn = drawn(&[0.0, 0.0, 1.0]);
        assert_eq!(drawn, "0.8 w\n0 0 m\n1 0 l\nS\n1.6 w\n1 0 m\n2 0 l\nS\n");
    }

    #[test]
    fn a_tap_is_a_dot() {
        assert!(drawn(&[0.5]).contains("0 0 m\n0.01 0 l\nS"));
    }
}
