//! The two bundled faces, and putting what is used of them into a PDF, so that every reader shows the same letters.

use std::collections::BTreeMap;
use std::fmt::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use subsetter::GlyphRemapper;
use unicode_normalization::UnicodeNormalization;

use crate::error::{ExportError, Result};

// Atkinson Hyperlegible Next, SIL Open Font License 1.1: `fonts/OFL.txt`.
const REGULAR: &[u8] = include_bytes!("../fonts/AtkinsonHyperlegibleNext_400Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/AtkinsonHyperlegibleNext_700Bold.ttf");

/// What stands for a letter that the face does not have.
const STAND_IN: char = '?';

/// Units of a font's widths in PDF for one em.
const EM: f32 = 1000.0;

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// For reading.
    #[default]
    Regular,
    /// For headings.
    Bold,
}

impl Weight {
    /// Its name among the resources of a page.
    pub(crate) fn resource(self) -> &'static str {
        match self {
            Self::Regular => "RmRegular",
            Self::Bold => "RmBold",
        }
    }
}

/// One face and what of it was used.
struct Face {
    data: &'static [u8],
    font: FontRef<'static>,
    used: GlyphRemapper,
    /// New glyph to letter, for copying text out of the PDF.
    letters: BTreeMap<u16, char>,
    /// New glyph to width, thousandths of an em.
    widths: BTreeMap<u16, f32>,
}

impl Face {
    fn new(data: &'static [u8]) -> Result<Self> {
        Ok(Self {
            data,
            font: FontRef::new(data).map_err(|_| ExportError::Font)?,
            used: GlyphRemapper::new(),
            letters: BTreeMap::new(),
            widths: BTreeMap::new(),
        })
    }

    fn glyph(&self, letter: char) -> (GlyphId, char) {
        let map = self.font.charmap();
        match map.map(letter) {
            Some(glyph) => (glyph, letter),
            None => (map.map(STAND_IN).unwrap_or_default(), STAND_IN),
        }
    }

    fn advance(&self, glyph: GlyphId) -> f32 {
        let metrics = self
            .font
            .glyph_metrics(Size::new(EM), LocationRef::default());
        metrics.advance_width(glyph).unwrap_or(EM / 2.0)
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let letters = text.nfc().filter(|letter| !letter.is_control());
        letters
            .map(|letter| self.advance(self.glyph(letter).0))
            .sum::<f32>()
            * size
            / EM
    }

    fn glyphs(&mut self, text: &str) -> String {
        let mut hex = String::new();
        for letter in text.nfc().filter(|letter| !letter.is_control()) {
            let (glyph, letter) = self.glyph(letter);
            // The bundled faces have fewer glyphs than 16 bits have room for.
            let new = self
                .used
                .remap(u16::try_from(glyph.to_u32()).unwrap_or_default());
            self.letters.entry(new).or_insert(letter);
            let advance = self.advance(glyph);
            self.widths.insert(new, advance);
            let _ = write!(hex, "{new:04X}");
        }
        hex
    }

    fn embed(&self, document: &mut Document, id: ObjectId) -> Result<()> {
        let metrics = self.font.metrics(Size::new(EM), LocationRef::default());
        let subset = subsetter::subset(self.data, 0, &self.used).map_err(|_| ExportError::Font)?;
        // Subsets are told apart by six letters; which ones does not matter.
        let name = match self.data.len() == BOLD.len() {
            true => "RMBOLD+AtkinsonHyperlegibleNext-Bold",
            false => "RMREGU+AtkinsonHyperlegibleNext-Regular",
        };
        let mut file = Stream::new(dictionary! { "Length1" => len(subset.len()) }, subset);
        file.compress().map_err(|_| ExportError::Font)?;
        let file = document.add_object(file);
        let bounds = metrics.bounds.unwrap_or_default();
        let descriptor = document.add_object(dictionary! {
            "Type" => "FontDescriptor",
            "FontName" => name,
            // Nonsymbolic.
            "Flags" => 32,
            "FontBBox" => vec![bounds.x_min.into(), bounds.y_min.into(), bounds.x_max.into(), bounds.y_max.into()],
            "ItalicAngle" => 0,
            "Ascent" => metrics.ascent,
            "Descent" => metrics.descent,
            "CapHeight" => metrics.cap_height.unwrap_or(metrics.ascent),
            "StemV" => 90,
            "FontFile2" => file,
        });
        let widths: Vec<Object> = self
            .widths
            .iter()
            .flat_map(|(glyph, width)| {
                [
                    i64::from(*glyph).into(),
                    Object::Array(vec![(*width).into()]),
                ]
            })
            .collect();
        let descendant = document.add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "CIDFontType2",
            "BaseFont" => name,
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"),
                "Ordering" => Object::string_literal("Identity"),
                "Supplement" => 0,
            },
            "FontDescriptor" => descriptor,
            "W" => widths,
            "CIDToGIDMap" => "Identity",
        });
        let mut to_unicode = Stream::new(Dictionary::new(), self.to_unicode().into_bytes());
        to_unicode.compress().map_err(|_| ExportError::Font)?;
        let to_unicode = document.add_object(to_unicode);
        document.set_object(
            id,
            dictionary! {
                "Type" => "Font",
                "Subtype" => "Type0",
                "BaseFont" => name,
                "Encoding" => "Identity-H",
                "DescendantFonts" => vec![Object::Reference(descendant)],
                "ToUnicode" => to_unicode,
            },
        );
        Ok(())
    }

    fn to_unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) \
             /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\n\
             endcodespacerange\n",
        );
        let letters: Vec<(u16, char)> = self
            .letters
            .iter()
            .map(|(glyph, letter)| (*glyph, *letter))
            .collect();
        // A map may have at most 100 entries in one piece.
        for piece in letters.chunks(100) {
            let _ = writeln!(map, "{} beginbfchar", piece.len());
            for (glyph, letter) in piece {
                let mut units = [0; 2];
                let utf16: String = letter
                    .encode_utf16(&mut units)
                    .iter()
                    .map(|unit| format!("{unit:04X}"))
                    .collect();
                let _ = writeln!(map, "<{glyph:04X}> <{utf16}>");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map
    }
}

/// The faces of one PDF that is being written. What they are named by is fixed at once, what they hold is added at the end.
pub(crate) struct Fonts {
    regular: Face,
    bold: Face,
    ids: BTreeMap<&'static str, ObjectId>,
}

impl Fonts {
    /// Errors: `Font`.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            regular: Face::new(REGULAR)?,
            bold: Face::new(BOLD)?,
            ids: BTreeMap::new(),
        })
    }

    fn face(&mut self, weight: Weight) -> &mut Face {
        match weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
        }
    }

    /// How wide a text is at a size; in its unit.
    pub(crate) fn width(&self, weight: Weight, text: &str, size: f32) -> f32 {
        match weight {
            Weight::Regular => self.regular.width(text, size),
            Weight::Bold => self.bold.width(text, size),
        }
    }

    /// A text as it is drawn, hexadecimal.
    pub(crate) fn glyphs(&mut self, weight: Weight, text: &str) -> String {
        self.face(weight).glyphs(text)
    }

    /// The entry of a face for the fonts of a resource dictionary.
    pub(crate) fn resource(
        &mut self,
        weight: Weight,
        document: &mut Document,
    ) -> (&'static str, ObjectId) {
        let name = weight.resource();
        let id = *self
            .ids
            .entry(name)
            .or_insert_with(|| document.new_object_id());
        (name, id)
    }

    /// Writes the faces that were asked for.
    ///
    /// Errors: `Font`.
    pub(crate) fn embed(mut self, document: &mut Document) -> Result<()> {
        let ids = std::mem::take(&mut self.ids);
        for weight in [Weight::Regular, Weight::Bold] {
            if let Some(id) = ids.get(weight.resource()) {
                self.face(weight).embed(document, *id)?;
            }
        }
        Ok(())
    }

    /// Breaks a text into lines that fit.
    ///
    /// Result: at least one line for each line of the text. A word that is wider than a line is broken where it must be.
    pub(crate) fn wrap(&self, weight: Weight, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
                let longer = match line.is_empty() {
                    true => word.to_owned(),
                    false => format!("{line} {word}"),
                };
                if self.width(weight, &longer, size) <= width {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                let mut pieces = self.broken(weight, word, size, width);
                line = pieces.pop().unwrap_or_default();
                lines.append(&mut pieces);
            }
            lines.push(line);
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    fn broken(&self, weight: Weight, word: &str, size: f32, width: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut used = 0.0;
        for letter in word.nfc() {
            let own = self.width(weight, letter.encode_utf8(&mut [0; 4]), size);
            if used + own > width && used > 0.0 {
                pieces.push(String::new());
                used = 0.0;
            }
            used += own;
            if let Some(piece) = pieces.last_mut() {
                piece.push(letter);
            }
        }
        pieces
    }
}

/// A length as PDF writes it.
fn len(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_lose_no_word() {
        let fonts = Fonts::new().unwrap();
        let text = "Die Straßenausbaubeitragssatzung der Stadt\n\nLindenau an der Saale";
        let lines = fonts.wrap(Weight::Regular, text, 10.0, 90.0);
        assert!(
            lines
                .iter()
                .all(|line| fonts.width(Weight::Regular, line, 10.0) <= 90.0)
        );
        let without_space = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(without_space(&lines.concat()), without_space(text));
        assert!(lines.contains(&String::new()), "an empty line stays one");
    }

    #[test]
    fn letters_that_no_face_has_become_question_marks() {
        let mut fonts = Fonts::new().unwrap();
        assert_eq!(
            fonts.glyphs(Weight::Regular, "\u{4e2d}"),
            fonts.glyphs(Weight::Regular, "?")
        );
        assert_ne!(
            fonts.glyphs(Weight::Regular, "ä"),
            fonts.glyphs(Weight::Regular, "?")
        );
        assert_eq!(
            fonts.glyphs(Weight::Regular, "a\u{308}"),
            fonts.glyphs(Weight::Regular, "ä"),
            "letters in two pieces are put together"
        );
    }
}
