//! What else PDFium knows of a character: its size, its font, its turn, to whom it belongs.

use std::ffi::{c_int, c_void};
use std::ptr::{from_mut, null_mut};

use super::Matrix;
use super::characters::Characters;
use super::objects::{Owner, Owners};

/// Weight from which on a font is bold (CSS, OpenType).
const BOLD: c_int = 600;
/// Flags of a font descriptor (ISO 32000-1, table 123).
const FLAG_ITALIC: c_int = 1 << 6;
const FLAG_FORCE_BOLD: c_int = 1 << 18;

/// How a stretch of characters is set: the same for all of one text object.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    /// Height of the font in points, as drawn; 0 if unknown.
    pub(crate) size_pt: f32,
    pub(crate) is_bold: bool,
    pub(crate) is_italic: bool,
    /// Direction of the line on the unrotated page, in degrees counterclockwise, from 0 to 359.
    pub(crate) angle: u16,
    pub(crate) owner: Owner,
}

/// Reads styles, and remembers that of the text object read last.
pub(crate) struct Styles<'a> {
    characters: &'a Characters<'a>,
    owners: Option<&'a Owners>,
    last: Option<(*mut c_void, Style)>,
}

impl<'a> Styles<'a> {
    /// Arguments: who owns which text; `None` for a page without structure.
    pub(crate) fn of(characters: &'a Characters<'a>, owners: Option<&'a Owners>) -> Self {
        Self {
            characters,
            owners,
            last: None,
        }
    }

    /// The style of a character; `None` for what PDFium made up.
    pub(crate) fn get(&mut self, index: c_int) -> Option<Style> {
        let (bindings, raw) = (self.characters.bindings(), self.characters.raw());
        // SAFETY: the characters are open; PDFium checks the index.
        let object: *mut c_void =
            unsafe { bindings.FPDFText_GetTextObject(raw.cast(), index) }.cast();
        if object.is_null() {
            return None;
        }
        if let Some((last, style)) = self.last
            && last == object
        {
            return Some(style);
        }
        let mut matrix = Matrix::ONE;
        let mut flags: c_int = 0;
        let mut name = [0_u8; 128];
        // SAFETY: as above; the pointers are to live variables, `matrix` has the layout of `FS_MATRIX`, the buffer has as
        // many bytes as PDFium is told or is null.
        let (size, weight, byte_len) = unsafe {
            let size = bindings.FPDFText_GetFontSize(raw.cast(), index) as f32;
            let weight = bindings.FPDFText_GetFontWeight(raw.cast(), index);
            bindings.FPDFText_GetMatrix(raw.cast(), index, from_mut(&mut matrix).cast());
            let wanted =
                bindings.FPDFText_GetFontInfo(raw.cast(), index, null_mut(), 0, &mut flags);
            let fits = usize::try_from(wanted).is_ok_and(|wanted| wanted <= name.len());
            let byte_len = match fits {
                true => bindings.FPDFText_GetFontInfo(
                    raw.cast(),
                    index,
                    name.as_mut_ptr().cast(),
                    wanted,
                    &mut flags,
                ),
                false => 0,
            };
            (size, weight, byte_len)
        };
        let name: String = name
            .iter()
            .take(usize::try_from(byte_len).unwrap_or(0))
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
        let [a, b, c, d, ..] = matrix.0;
        let size_pt = size * (c * c + d * d).sqrt();
        let angle = b.atan2(a).to_degrees().round();
        let is = |word: &str| name.contains(word);
        let style = Style {
            size_pt: if size_pt.is_finite() {
                size_pt.abs()
            } else {
                0.0
            },
            is_bold: weight >= BOLD
                || flags & FLAG_FORCE_BOLD != 0
                || is("bold")
                || is("black")
                || is("heavy"),
            is_italic: flags & FLAG_ITALIC != 0 || is("italic") || is("oblique"),
            angle: if angle.is_finite() {
                (angle as i32).rem_euclid(360) as u16
            } else {
                0
            },
            owner: self
                .owners
                .map_or(Owner::Nobody, |owners| owners.of(object)),
        };
        self.last = Some((object, style));
        Some(style)
    }
}
