//! Pages made up for the tests of this module: letters of equal width, line by line.

use super::glyph::{Area, Gap, Glyph};
use crate::pdfium::Owner;

/// Width of a letter as a share of the font size.
const WIDTH: f32 = 0.5;

#[derive(Default)]
pub(super) struct Sheet {
    pub(super) glyphs: Vec<Glyph>,
}

impl Sheet {
    /// Writes a line with its upper left corner at x, y; every line is a new one to PDFium.
    pub(super) fn line(&mut self, text: &str, x: f32, y: f32, size: f32) {
        self.styled(text, x, y, size, false);
    }

    pub(super) fn bold(&mut self, text: &str, x: f32, y: f32, size: f32) {
        self.styled(text, x, y, size, true);
    }

    /// Several lines below each other.
    pub(super) fn lines(&mut self, texts: &[&str], x: f32, y: f32, size: f32) -> f32 {
        let pitch = size * 1.3;
        for (number, text) in texts.iter().enumerate() {
            self.line(text, x, y + pitch * number as f32, size);
        }
        y + pitch * texts.len() as f32
    }

    fn styled(&mut self, text: &str, x: f32, y: f32, size: f32, is_bold: bool) {
        let mut gap = Gap::Line;
        for (place, char) in text.chars().enumerate() {
            if char == ' ' {
                gap = gap.max(Gap::Space);
                continue;
            }
            let left = x + place as f32 * size * WIDTH;
            self.glyphs.push(Glyph {
                char,
                area: Area {
                    left,
                    top: y,
                    right: left + size * WIDTH,
                    bottom: y + size,
                },
                size,
                is_bold,
                is_italic: false,
                is_level: true,
                owner: Owner::Nobody,
                gap,
                order: self.glyphs.len(),
                link: None,
            });
            gap = Gap::Nothing;
        }
    }

    /// Gives the letters written since `from` an owner.
    pub(super) fn own(&mut self, from: usize, owner: Owner) {
        for glyph in self.glyphs.iter_mut().skip(from) {
            glyph.owner = owner;
        }
    }
}
