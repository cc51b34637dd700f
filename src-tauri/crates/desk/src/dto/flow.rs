//! Border types of the reading mode: a page as running text, and how the member likes it set.

use super::{border_choice, border_type};

border_choice! {
    /// What a page has to read.
    pub enum FlowContent {
        Text,
        /// Only a picture, most often a scan: nothing to read aloud.
        Picture,
        /// Neither text nor a picture of the size of a page.
        Empty,
    }

    /// What a block is.
    pub enum FlowKind {
        /// With `level`, 1 to 6.
        Heading,
        Paragraph,
        /// Its children are items.
        List,
        Item,
        /// Its children are rows, and theirs are cells.
        Table,
        Row,
        Cell,
        HeadCell,
        Figure,
        Caption,
        Note,
        Quote,
    }

    /// Font of the reading mode.
    #[derive(Default)]
    pub enum FlowFont {
        Serif,
        /// The device's own.
        Sans,
        /// Atkinson Hyperlegible: letters that are told apart easily.
        #[default]
        Hyperlegible,
    }

    /// Colours of the reading mode.
    #[derive(Default)]
    pub enum FlowColours {
        /// As the app: light or dark.
        #[default]
        App,
        Paper,
        Sepia,
        Dark,
        BlackOnWhite,
        WhiteOnBlack,
    }
}

border_type! {
    pub struct PageFlowRequest {
        pub doc: String,
        /// 0-based.
        pub page: u32,
    }

    pub struct PageFlow {
        pub content: FlowContent,
        /// In reading order.
        pub blocks: Vec<FlowBlock>,
        /// Heads and page numbers at the edges of the page: no part of the text.
        pub running: Vec<FlowBlock>,
        /// The order is the file's own.
        pub is_tagged: bool,
    }

    pub struct FlowBlock {
        pub kind: FlowKind,
        /// Of a heading, 1 to 6.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub level: Option<u8>,
        /// Bullet or number of an item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        /// What a figure shows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub alt: Option<String>,
        pub spans: Vec<FlowSpan>,
        /// After its words.
        pub children: Vec<FlowBlock>,
        /// Columns that a cell covers, if more than one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub columns: Option<u16>,
        /// Rows that a cell covers, if more than one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub rows: Option<u16>,
        /// Where it begins on the page as shown: share of the height, 0 to 1.
        pub top: f32,
    }

    pub struct FlowSpan {
        pub text: String,
        pub bold: bool,
        pub italic: bool,
        /// Place in `page_links` of the link that it stands on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub link: Option<u32>,
    }

    /// How the reading mode is set. Part of the settings.
    pub struct FlowSettings {
        /// Documents open in the reading mode.
        pub is_on: bool,
        pub font: FlowFont,
        pub colours: FlowColours,
        /// Factor on the text size of the app, 0.8 to 4.
        pub scale: f64,
        /// Line height as a multiple of the text size, 1.2 to 2.6.
        pub line_height: f64,
    }
}

impl Default for FlowSettings {
    fn default() -> Self {
        Self {
            is_on: false,
            font: FlowFont::default(),
            colours: FlowColours::default(),
            scale: 1.2,
            line_height: 1.6,
        }
    }
}
