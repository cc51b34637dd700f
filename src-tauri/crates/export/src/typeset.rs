//! A few pages of plain words as a PDF: headings, paragraphs, rows with a number before them, links, page breaks, a line at the
//! foot. For cover sheets, agendas, lists of notes and sheets to speak from; no general typesetting.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use crate::color::Rgb;
use crate::dictionary::reals;
use crate::drawing::Drawing;
use crate::error::{ExportError, Result};
use crate::font::{Fonts, Weight};
use crate::geometry::{Point, Rect};
use crate::outline::{Bookmark, close};

/// A4 (ISO 216), points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
/// Free space at the edges, points.
const MARGIN: f32 = 62.0;
/// Where the line at the foot stands, points from the lower edge.
const FOOT: f32 = 36.0;
/// From one line to the next, in heights of the letters.
const LEADING: f32 = 1.4;
/// Size of the line at the foot, points.
const FOOT_SIZE: f32 = 9.0;

const INK: Rgb = [0x17, 0x22, 0x2a];
const FAINT: Rgb = [0x43, 0x52, 0x5a];
const LINK: Rgb = [0x1c, 0x4c, 0x86];

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// The title of the whole.
    Title,
    /// A heading within it.
    Heading,
    /// To be read.
    Body,
    /// To be read aloud from a lectern.
    Large,
    /// Said besides.
    Meta,
}

impl Look {
    /// Points.
    fn size(self) -> f32 {
        match self {
            Self::Title => 22.0,
            Self::Heading => 14.0,
            Self::Body => 11.0,
            Self::Large => 15.0,
            Self::Meta => 9.5,
        }
    }

    fn weight(self) -> Weight {
        match self {
            Self::Title | Self::Heading => Weight::Bold,
            Self::Body | Self::Large | Self::Meta => Weight::Regular,
        }
    }

    /// Points above it, unless it begins a page.
    fn above(self) -> f32 {
        match self {
            Self::Title => 10.0,
            Self::Heading => 16.0,
            Self::Body | Self::Large | Self::Meta => 3.0,
        }
    }

    fn color(self) -> Rgb {
        match self {
            Self::Meta => FAINT,
            _ => INK,
        }
    }
}

/// Where a link leads: a part of the pack that the sheet is bound into, counted from 0.
pub type LinkTo = usize;

#[derive(Default)]
struct SheetPage {
    drawing: Drawing,
    weights: BTreeMap<&'static str, Weight>,
    links: Vec<(Rect, LinkTo)>,
}

/// Pages that are being written.
pub struct Sheet {
    fonts: Fonts,
    pages: Vec<SheetPage>,
    /// Lower edge of what stands on the last page.
    y: f32,
    /// Headings with their page.
    headings: Vec<(String, usize)>,
}

impl Sheet {
    /// One empty page of A4.
    ///
    /// Errors: `Font`.
    pub fn new() -> Result<Self> {
        Ok(Self {
            fonts: Fonts::new()?,
            pages: vec![SheetPage::default()],
            y: HEIGHT - MARGIN,
            headings: Vec::new(),
        })
    }

    /// Words over the whole width; line ends in the text stay line ends. A title or heading becomes a bookmark and never stands
    /// alone at the foot of a page.
    pub fn text(&mut self, look: Look, words: &str) {
        if matches!(look, Look::Title | Look::Heading) {
            self.room_for(look.size() * LEADING * 3.0 + look.above());
            let page = self.pages.len().saturating_sub(1);
            self.headings.push((words.to_owned(), page));
        }
        self.lines(look, words, MARGIN, None);
    }

    /// Words beside a short label, as an agenda item stands beside its number.
    ///
    /// * `indent` – how far the words stand from the label's beginning, points.
    /// * `link` – where tapping the words leads.
    pub fn row(&mut self, look: Look, label: &str, words: &str, indent: f32, link: Option<LinkTo>) {
        self.room_for(look.size() * LEADING + look.above());
        // There is room for the first line here, so label and words begin beside each other.
        let (page, y) = (self.pages.len().saturating_sub(1), self.y);
        self.lines(look, words, MARGIN + indent, link);
        let above = if y < HEIGHT - MARGIN {
            look.above()
        } else {
            0.0
        };
        let at = Point {
            x: MARGIN,
            y: y - above - look.size(),
        };
        self.words(page, look.weight(), look.size(), look.color(), at, label);
    }

    /// A line over the whole width.
    pub fn rule(&mut self) {
        self.room_for(12.0);
        self.y -= 8.0;
        let y = self.y;
        if let Some(page) = self.pages.last_mut() {
            page.drawing.line_color(INK);
            page.drawing.line_width(1.0);
            page.drawing.path([
                Point { x: MARGIN, y },
                Point {
                    x: WIDTH - MARGIN,
                    y,
                },
            ]);
            page.drawing.op(&[], "S");
        }
        self.y -= 4.0;
    }

    /// Free space, points; none at the top of a page.
    pub fn space(&mut self, height: f32) {
        if self.y < HEIGHT - MARGIN {
            self.y -= height;
        }
    }

    /// Goes on with a new page, unless this one is empty.
    pub fn page_break(&mut self) {
        if self.y < HEIGHT - MARGIN {
            self.next_page();
        }
    }

    /// How many pages there are so far.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// The pages as a PDF of their own; links into a pack are left out.
    ///
    /// * `title`, `language` – as the PDF says of itself; the language as in "de".
    /// * `foot` – the line at the foot, for a page and the number of pages, both from 1.
    ///
    /// Errors: `Font`, `Write`.
    pub fn finish(
        self,
        title: &str,
        language: &str,
        foot: impl Fn(usize, usize) -> String,
    ) -> Result<Vec<u8>> {
        let mut document = Document::with_version("1.7");
        let pages_id = document.new_object_id();
        let placed = self.place(&mut document, pages_id, foot)?;
        let kids: Vec<Object> = placed
            .pages
            .iter()
            .map(|page| Object::Reference(*page))
            .collect();
        let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
        document.set_object(
            pages_id,
            dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count },
        );
        let outline: Vec<Bookmark> = placed
            .headings
            .iter()
            .filter_map(|(words, page)| {
                Some(Bookmark {
                    title: words.clone(),
                    level: 0,
                    page: *placed.pages.get(*page)?,
                })
            })
            .collect();
        close(&mut document, pages_id, &outline, (title, language), None)
    }

    /// Puts the pages into a document.
    pub(crate) fn place(
        mut self,
        document: &mut Document,
        parent: ObjectId,
        foot: impl Fn(usize, usize) -> String,
    ) -> Result<Placed> {
        let count = self.pages.len();
        for index in 0..count {
            let words = foot(index + 1, count);
            let at = Point { x: MARGIN, y: FOOT };
            self.words(index, Weight::Regular, FOOT_SIZE, FAINT, at, &words);
        }
        let mut placed = Placed {
            pages: Vec::new(),
            links: Vec::new(),
            headings: self.headings,
        };
        for page in self.pages {
            let mut fonts = Dictionary::new();
            for weight in page.weights.into_values() {
                let (name, id) = self.fonts.resource(weight, document);
                fonts.set(name, id);
            }
            let mut contents = Stream::new(Dictionary::new(), page.drawing.into_bytes());
            contents
                .compress()
                .map_err(|error| ExportError::Write(std::io::Error::other(error)))?;
            let contents = document.add_object(contents);
            let id = document.add_object(dictionary! {
                "Type" => "Page",
                "Parent" => parent,
                "MediaBox" => reals([0.0, 0.0, WIDTH, HEIGHT]),
                "Resources" => dictionary! { "Font" => fonts },
                "Contents" => contents,
            });
            placed
                .links
                .extend(page.links.into_iter().map(|(rect, to)| (id, rect, to)));
            placed.pages.push(id);
        }
        self.fonts.embed(document)?;
        Ok(placed)
    }

    fn lines(&mut self, look: Look, words: &str, left: f32, link: Option<LinkTo>) {
        let width = (WIDTH - MARGIN - left).max(40.0);
        self.space(look.above());
        let lines = self.fonts.wrap(look.weight(), words, look.size(), width);
        let color = if link.is_some() { LINK } else { look.color() };
        let height = look.size() * LEADING;
        for line in &lines {
            self.room_for(height);
            let index = self.pages.len().saturating_sub(1);
            let at = Point {
                x: left,
                y: self.y - look.size(),
            };
            self.words(index, look.weight(), look.size(), color, at, line);
            if let (Some(to), Some(page)) = (link, self.pages.last_mut()) {
                let rect = Rect {
                    left,
                    bottom: self.y - height,
                    right: WIDTH - MARGIN,
                    top: self.y,
                };
                page.links.push((rect, to));
            }
            self.y -= height;
        }
    }

    fn words(
        &mut self,
        page: usize,
        weight: Weight,
        size: f32,
        color: Rgb,
        at: Point,
        words: &str,
    ) {
        let glyphs = self.fonts.glyphs(weight, words);
        if let (Some(page), false) = (self.pages.get_mut(page), glyphs.is_empty()) {
            page.weights.insert(weight.resource(), weight);
            page.drawing.fill_color(color);
            page.drawing.words(weight.resource(), size, at, &glyphs);
        }
    }

    fn room_for(&mut self, height: f32) {
        if self.y - height < MARGIN && self.y < HEIGHT - MARGIN {
            self.next_page();
        }
    }

    fn next_page(&mut self) {
        self.pages.push(SheetPage::default());
        self.y = HEIGHT - MARGIN;
    }
}

/// Pages in a document.
pub(crate) struct Placed {
    pub(crate) pages: Vec<ObjectId>,
    /// Page, place on it, where it leads.
    pub(crate) links: Vec<(ObjectId, Rect, LinkTo)>,
    /// Words, and the page in `pages`.
    pub(crate) headings: Vec<(String, usize)>,
}
