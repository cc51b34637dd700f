//! Content streams: the few operators that marks and typeset pages need, written as text.

use std::fmt::Write;

use crate::color::Rgb;
use crate::geometry::{Point, Rect};

/// How far the handles of a curve stand off to make a quarter of a circle.
const CIRCLE: f32 = 0.552_284_8;

/// A content stream that is being written.
#[derive(Default)]
pub(crate) struct Drawing(String);

impl Drawing {
    /// The bytes of the stream.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// Numbers and then an operator.
    pub(crate) fn op(&mut self, numbers: &[f32], operator: &str) {
        for number in numbers {
            self.number(*number);
        }
        self.0.push_str(operator);
        self.0.push('\n');
    }

    /// Three decimals are finer than any device; no exponents, which PDF does not know.
    fn number(&mut self, number: f32) {
        let number = if number.is_finite() { number } else { 0.0 };
        let rounded = (f64::from(number) * 1000.0).round() / 1000.0;
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{} ", if rounded == 0.0 { 0.0 } else { rounded });
    }

    /// Sets a resource: a graphics state or a font.
    pub(crate) fn named(&mut self, name: &str, numbers: &[f32], operator: &str) {
        self.0.push('/');
        self.0.push_str(name);
        self.0.push(' ');
        self.op(numbers, operator);
    }

    /// What `draw` does, without leaving a trace in what follows.
    pub(crate) fn apart(&mut self, draw: impl FnOnce(&mut Self)) {
        self.op(&[], "q");
        draw(self);
        self.op(&[], "Q");
    }

    pub(crate) fn fill_color(&mut self, rgb: Rgb) {
        self.op(&parts(rgb), "rg");
    }

    pub(crate) fn line_color(&mut self, rgb: Rgb) {
        self.op(&parts(rgb), "RG");
    }

    pub(crate) fn line_width(&mut self, width: f32) {
        self.op(&[width], "w");
    }

    /// Ends and joints of lines are round.
    pub(crate) fn round(&mut self) {
        self.op(&[], "1 J 1 j");
    }

    pub(crate) fn matrix(&mut self, matrix: &[f32; 6]) {
        self.op(matrix, "cm");
    }

    pub(crate) fn rect(&mut self, rect: &Rect) {
        self.op(&[rect.left, rect.bottom, rect.width(), rect.height()], "re");
    }

    /// Points joined by lines; one alone becomes a dot if lines end round.
    pub(crate) fn path(&mut self, points: impl IntoIterator<Item = Point>) {
        let mut last = None;
        let mut count = 0_u32;
        for point in points {
            self.op(&[point.x, point.y], if count == 0 { "m" } else { "l" });
            last = Some(point);
            count += 1;
        }
        if let (1, Some(point)) = (count, last) {
            // Some programs draw nothing where a line has no length at all.
            self.op(&[point.x + 0.01, point.y], "l");
        }
    }

    pub(crate) fn ellipse(&mut self, rect: &Rect) {
        let (x, y) = (
            (rect.left + rect.right) / 2.0,
            (rect.bottom + rect.top) / 2.0,
        );
        let (across, along) = (rect.width() / 2.0 * CIRCLE, rect.height() / 2.0 * CIRCLE);
        let Rect {
            left,
            bottom,
            right,
            top,
        } = *rect;
        self.op(&[right, y], "m");
        self.op(&[right, y + along, x + across, top, x, top], "c");
        self.op(&[x - across, top, left, y + along, left, y], "c");
        self.op(&[left, y - along, x - across, bottom, x, bottom], "c");
        self.op(&[x + across, bottom, right, y - along, right, y], "c");
        self.op(&[], "h");
    }

    pub(crate) fn rounded(&mut self, rect: &Rect, radius: f32) {
        let r = radius.min(rect.width() / 2.0).min(rect.height() / 2.0);
        let k = r * (1.0 - CIRCLE);
        let Rect {
            left: l,
            bottom: b,
            right: e,
            top: t,
        } = *rect;
        self.op(&[l + r, b], "m");
        self.op(&[e - r, b], "l");
        self.op(&[e - k, b, e, b + k, e, b + r], "c");
        self.op(&[e, t - r], "l");
        self.op(&[e, t - k, e - k, t, e - r, t], "c");
        self.op(&[l + r, t], "l");
        self.op(&[l + k, t, l, t - k, l, t - r], "c");
        self.op(&[l, b + r], "l");
        self.op(&[l, b + k, l + k, b, l + r, b], "c");
        self.op(&[], "h");
    }

    /// Words at a place: `glyphs` as a font of this crate writes them.
    pub(crate) fn words(&mut self, font: &str, size: f32, at: Point, glyphs: &str) {
        self.op(&[], "BT");
        self.named(font, &[size], "Tf");
        self.op(&[at.x, at.y], "Td");
        self.0.push('<');
        self.0.push_str(glyphs);
        self.0.push_str("> Tj\n");
        self.op(&[], "ET");
    }
}

/// The parts of a colour from 0 to 1.
pub(crate) fn parts(rgb: Rgb) -> [f32; 3] {
    rgb.map(|part| f32::from(part) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_exponents() {
        let mut drawing = Drawing::default();
        drawing.op(&[1e-9, -0.0, 1_234_567.9, 0.123_456, f32::NAN], "x");
        assert_eq!(
            String::from_utf8(drawing.into_bytes()).unwrap(),
            "0 0 1234567.875 0.123 0 x\n"
        );
    }
}
