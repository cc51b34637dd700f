//! The words of a page in the order in which they are read, as headings, paragraphs, lists and tables: what the reading mode
//! shows. The file's own structure tree says it where there is one (`tagged.rs`), else the places of the letters do
//! (`layout.rs`). All of it but `read.rs` is pure.
//!
//! Every letter of the page's text layer stands in it exactly once: what is no part of the text (page numbers, heads that every
//! page repeats) stands in `running`. Only hyphens at line ends that join a
//! word go, and dots that lead to a page number.

mod chunks;
mod columns;
mod glyph;
mod joined;
mod layout;
mod paragraphs;
mod read;
mod running;
mod tables;
mod tagged;

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;

pub(crate) use read::{Edges, read_edges, read_flow};

use serde::{Deserialize, Serialize};

use crate::geometry::PageGeometry;

/// A page as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct PageFlow {
    /// The text, in reading order.
    pub blocks: Vec<Block>,
    /// What stands at the edge of every page: heads, page numbers.
    pub running: Vec<Block>,
    /// The order is the file's own.
    pub is_tagged: bool,
    /// A page without text on which a picture lies: most often a scan.
    pub is_picture: bool,
    /// How page points and display fit together.
    pub geometry: PageGeometry,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    /// `level` from 1 to 6.
    Heading,
    Paragraph,
    /// Its children are items.
    List,
    /// `label` is its bullet or number; what goes on below the first lines are its children.
    Item,
    /// Its children are rows.
    Table,
    /// Its children are cells.
    Row,
    /// What it says stands in `spans`, or, if it is more than one paragraph, in its children.
    Cell,
    /// A cell that names a column or a row.
    HeadCell,
    /// `alt` says what it shows; `spans` are the words on it.
    Figure,
    Caption,
    /// A footnote.
    Note,
    Quote,
}

/// A part of the text. Fields that its kind does not have are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Of a heading, 1 to 6; of all others 0.
    pub level: u8,
    /// Of an item.
    pub label: String,
    /// Of a figure, from the file.
    pub alt: String,
    /// Its words.
    pub spans: Vec<Span>,
    /// What stands in it, after its words.
    pub children: Vec<Block>,
    /// Columns that a cell covers; at least 1.
    pub columns: u16,
    /// Rows that a cell covers; at least 1.
    pub rows: u16,
    /// Its upper edge, in points below the upper edge of the displayed page.
    pub top_pt: f32,
}

/// Words set alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The words, with single spaces.
    pub text: String,
    /// Set in bold.
    pub is_bold: bool,
    /// Set in italics.
    pub is_italic: bool,
    /// The link that it stands on: its place in the list of the page's links.
    pub link: Option<u32>,
}

impl Block {
    /// An empty block.
    pub(crate) fn of(kind: BlockKind, top_pt: f32) -> Self {
        Self {
            kind,
            level: 0,
            label: String::new(),
            alt: String::new(),
            spans: Vec::new(),
            children: Vec::new(),
            columns: 1,
            rows: 1,
            top_pt,
        }
    }

    /// All words in it, its label first; for tests and searches, not for reading.
    pub fn text(&self) -> String {
        let mut out = self.label.clone();
        for span in &self.spans {
            out.push_str(&span.text);
        }
        for child in &self.children {
            out.push('\n');
            out.push_str(&child.text());
        }
        out
    }

    /// Whether nothing stands in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.label.is_empty()
            && self.alt.is_empty()
            && self.spans.is_empty()
            && self.children.is_empty()
    }
}
