//! Small PDFs: upright and turned, cropped, with units of their own, with inherited attributes, with annotations.

use lopdf::{Dictionary, Document, Object, Stream, dictionary};

/// A page of 400 × 500 units with words on it, and what is different about it.
#[derive(Clone, Default)]
pub struct Shape {
    pub name: &'static str,
    pub rotate: i64,
    /// Lower left corner of the media box.
    pub origin: (f32, f32),
    /// How much the crop box is smaller on each side.
    pub crop: f32,
    pub user_unit: Option<f32>,
    /// Attributes stand two levels up in the tree.
    pub inherited: bool,
    pub annots: Annots,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub enum Annots {
    #[default]
    None,
    /// An array in the page.
    Direct,
    /// An array of its own.
    Indirect,
    /// One array for both pages.
    Shared,
}

pub const WIDTH: f32 = 400.0;
pub const HEIGHT: f32 = 500.0;

impl Shape {
    /// What is shown: left, bottom, right, top.
    pub fn shown(&self) -> [f32; 4] {
        let (left, bottom) = self.origin;
        [
            left + self.crop,
            bottom + self.crop,
            left + WIDTH - self.crop,
            bottom + HEIGHT - self.crop,
        ]
    }

    pub fn all() -> Vec<Self> {
        let plain = Self {
            name: "plain",
            ..Self::default()
        };
        vec![
            plain.clone(),
            Self {
                name: "quarter",
                rotate: 90,
                ..plain.clone()
            },
            Self {
                name: "half",
                rotate: 180,
                inherited: true,
                ..plain.clone()
            },
            Self {
                name: "three quarters",
                rotate: -90,
                ..plain.clone()
            },
            Self {
                name: "origin elsewhere",
                origin: (-30.0, 100.0),
                ..plain.clone()
            },
            Self {
                name: "cropped",
                crop: 20.0,
                origin: (15.0, 25.0),
                ..plain.clone()
            },
            Self {
                name: "cropped and turned",
                crop: 20.0,
                rotate: 90,
                inherited: true,
                ..plain.clone()
            },
            Self {
                name: "user unit",
                user_unit: Some(2.0),
                ..plain.clone()
            },
            Self {
                name: "annots direct",
                annots: Annots::Direct,
                ..plain.clone()
            },
            Self {
                name: "annots indirect",
                annots: Annots::Indirect,
                ..plain.clone()
            },
            Self {
                name: "annots shared",
                annots: Annots::Shared,
                ..plain
            },
        ]
    }

    /// A PDF of two such pages, with a table of contents as of PDF 1.4.
    pub fn pdf(&self) -> Vec<u8> {
        let mut document = Document::with_version("1.7");
        let root = document.new_object_id();
        let inner = document.new_object_id();
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        });
        let [left, bottom, right, top] = self.shown();
        let mut attributes = dictionary! {
            "MediaBox" => vec![self.origin.0.into(), self.origin.1.into(), (self.origin.0 + WIDTH).into(), (self.origin.1 + HEIGHT).into()],
            "Rotate" => self.rotate,
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        };
        if self.crop > 0.0 {
            attributes.set(
                "CropBox",
                vec![left.into(), bottom.into(), right.into(), top.into()],
            );
        }
        let shared = document.add_object(Object::Array(Vec::new()));
        let mut kids = Vec::new();
        for number in 1..=2 {
            let words = format!(
                "q BT /F1 14 Tf {} {} Td (Seite {number}: Haushalt der Stadt) Tj ET",
                self.origin.0 + 60.0,
                self.origin.1 + 305.0
            );
            // Ends with an open q, as many real pages do.
            let contents = document.add_object(Stream::new(Dictionary::new(), words.into_bytes()));
            let mut page =
                dictionary! { "Type" => "Page", "Parent" => inner, "Contents" => contents };
            if !self.inherited {
                page.extend(&attributes);
            }
            if let Some(unit) = self.user_unit {
                page.set("UserUnit", unit);
            }
            let link = dictionary! {
                "Type" => "Annot", "Subtype" => "Link", "Border" => vec![0.into(), 0.into(), 0.into()],
                "Rect" => vec![10.into(), 10.into(), 30.into(), 30.into()],
                "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal("https://example.org/") },
            };
            match self.annots {
                Annots::None => {}
                Annots::Direct => page.set("Annots", vec![Object::Dictionary(link)]),
                Annots::Indirect => {
                    let array = document.add_object(vec![Object::Dictionary(link)]);
                    page.set("Annots", array);
                }
                Annots::Shared => {
                    document.set_object(shared, vec![Object::Dictionary(link)]);
                    page.set("Annots", shared);
                }
            }
            kids.push(Object::Reference(document.add_object(page)));
        }
        document.set_object(
            inner,
            dictionary! { "Type" => "Pages", "Parent" => root, "Kids" => kids, "Count" => 2 },
        );
        let mut tree = dictionary! { "Type" => "Pages", "Kids" => vec![Object::Reference(inner)], "Count" => 2 };
        if self.inherited {
            tree.extend(&attributes);
        }
        document.set_object(root, tree);
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
        document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }
}
