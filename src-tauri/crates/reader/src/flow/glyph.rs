//! One printed letter, and the arithmetic of where letters stand to each other. Pure; lengths in points of the displayed page,
//! y downward.

use crate::pdfium::Owner;

/// A place on the displayed page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

impl Area {
    pub(crate) fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(crate) fn height(&self) -> f32 {
        self.bottom - self.top
    }

    pub(crate) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(crate) fn middle(&self) -> f32 {
        (self.top + self.bottom) / 2.0
    }

    pub(crate) fn middle_x(&self) -> f32 {
        (self.left + self.right) / 2.0
    }
}

/// What stands before a letter, as PDFium sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    Nothing,
    Space,
    Line,
}

/// One letter of the page's text layer; spaces and line ends are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) char: char,
    pub(crate) area: Area,
    /// Height of the font.
    pub(crate) size: f32,
    pub(crate) is_bold: bool,
    pub(crate) is_italic: bool,
    /// Its line runs from left to right on the displayed page.
    pub(crate) is_level: bool,
    pub(crate) owner: Owner,
    pub(crate) gap: Gap,
    /// Its place among the glyphs of the page.
    pub(crate) order: usize,
    pub(crate) link: Option<u32>,
}

impl Glyph {
    /// Whether it begins another line than the one before it in the text.
    pub(crate) fn is_on_new_line_after(&self, before: &Self) -> bool {
        let height = self.area.height().min(before.area.height()).max(1.0);
        let is_apart = (self.area.middle() - before.area.middle()).abs() > 0.5 * height;
        // An exponent stands higher, but close by and to the right.
        let is_next_to = self.order == before.order + 1
            && self.gap == Gap::Nothing
            && self.area.left >= before.area.left
            && self.area.top < before.area.bottom
            && self.area.bottom > before.area.top;
        is_apart && !is_next_to
    }

    /// The way from the end of the one before to this one.
    pub(crate) fn distance_after(&self, before: &Self) -> f32 {
        self.area.left - before.area.right
    }

    /// The larger of both font sizes, never nothing.
    pub(crate) fn size_with(&self, before: &Self) -> f32 {
        self.size.max(before.size).max(1.0)
    }
}

/// Dots in a row from which on they only lead the eye to a number.
const LEADER: usize = 5;

/// The glyphs without the dots that lead from a heading to the number of its page: read aloud they are noise.
pub(crate) fn without_leaders(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let is_dot = |glyph: &Glyph| matches!(glyph.char, '.' | '…');
    let mut out: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for run in glyphs.chunk_by(|a, b| is_dot(a) == is_dot(b)) {
        let dots = run.iter().filter(|glyph| is_dot(glyph)).count();
        if dots < LEADER {
            out.extend(run);
        }
    }
    out
}
