//! What a mark is: its kind, its parts, its anchor. Not how it is stored.

use crate::anchor::Anchor;
use crate::ink::{InkPoint, Stroke};
use std::fmt;
use std::str::FromStr;
use vault::ObjectId;

use crate::kind::{Color, MarkKind, Stamp};

/// The id of a mark: 16 random bytes, hex as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkId(pub [u8; 16]);

impl fmt::Display for MarkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As any 16-byte id of the protocol is written.
        ObjectId::from_bytes(self.0).fmt(f)
    }
}

impl fmt::Debug for MarkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MarkId({self})")
    }
}

/// The text is no id of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the id of a mark")]
pub struct NotAMarkId;

impl FromStr for MarkId {
    type Err = NotAMarkId;

    fn from_str(text: &str) -> Result<Self, NotAMarkId> {
        // Any 16-byte id of the protocol reads the same text.
        let id: ObjectId = text.parse().map_err(|_| NotAMarkId)?;
        Ok(Self(*id.as_bytes()))
    }
}

/// How marked words are marked, besides the highlighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Markup {
    /// A line below.
    Underline,
    /// A line through.
    StrikeOut,
    /// A wave below.
    Squiggly,
}

/// A form drawn between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The points are opposite corners.
    Rectangle,
    /// The points are opposite corners of the rectangle around it.
    Ellipse,
    /// From the first to the second point.
    Line,
    /// From the first to its head at the second point.
    Arrow,
}

/// What a mark consists of. Lengths and places are in PDF points of the unrotated page.
#[derive(Clone, PartialEq)]
pub enum MarkBody {
    /// Words of the member.
    Note {
        /// At most 100,000 characters.
        text: String,
    },
    /// Marked text; the anchor's rectangles are its lines.
    Highlight {
        /// Of the highlighter.
        color: Color,
        /// Words of the member to it.
        text: Option<String>,
    },
    /// Underlined, struck out or waved text; the anchor's rectangles are its lines.
    Markup {
        /// Which of them.
        style: Markup,
        /// Of the pen.
        color: Color,
        /// Words of the member to it.
        text: Option<String>,
    },
    /// Strokes of a pen.
    Ink {
        /// Of the pen.
        color: Color,
        /// Width of the line, points.
        width_pt: f32,
        /// Kept to 1/100 point.
        strokes: Vec<Stroke>,
    },
    /// Strokes of a highlighter led by hand.
    Brush {
        /// Of the highlighter.
        color: Color,
        /// Width of the line, points.
        width_pt: f32,
        /// Kept to 1/100 point.
        strokes: Vec<Stroke>,
    },
    /// A form between two points.
    Shape {
        /// Which form.
        shape: Shape,
        /// Of the pen.
        color: Color,
        /// Width of the line, points.
        width_pt: f32,
        /// First and second point; the pressure means nothing.
        ends: [InkPoint; 2],
    },
    /// Words that stand on the page themselves; the anchor's first rectangle is their box.
    TextBox {
        /// Of the pen.
        color: Color,
        /// Size of the letters, points.
        size_pt: f32,
        /// At most 100,000 characters.
        text: String,
    },
    /// A stamp; the anchor's first rectangle is its box. On something without pages it has none.
    Stamp {
        /// Which one.
        stamp: Stamp,
        /// Words of the member to it.
        text: Option<String>,
    },
}

impl fmt::Debug for MarkBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}(hidden)", self.kind())
    }
}

impl MarkBody {
    /// The kind.
    pub fn kind(&self) -> MarkKind {
        match self {
            Self::Note { .. } => MarkKind::Note,
            Self::Highlight { .. } => MarkKind::Highlight,
            Self::Markup { style, .. } => match style {
                Markup::Underline => MarkKind::Underline,
                Markup::StrikeOut => MarkKind::StrikeOut,
                Markup::Squiggly => MarkKind::Squiggly,
            },
            Self::Ink { .. } => MarkKind::Ink,
            Self::Brush { .. } => MarkKind::Brush,
            Self::Shape { shape, .. } => match shape {
                Shape::Rectangle => MarkKind::Rectangle,
                Shape::Ellipse => MarkKind::Ellipse,
                Shape::Line => MarkKind::Line,
                Shape::Arrow => MarkKind::Arrow,
            },
            Self::TextBox { .. } => MarkKind::TextBox,
            Self::Stamp { .. } => MarkKind::Stamp,
        }
    }

    /// The member's words, if there are any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Note { text } | Self::TextBox { text, .. } => Some(text),
            Self::Highlight { text, .. } | Self::Markup { text, .. } | Self::Stamp { text, .. } => {
                text.as_deref()
            }
            Self::Ink { .. } | Self::Brush { .. } | Self::Shape { .. } => None,
        }
    }

    /// Its colour, if it has one.
    pub fn color(&self) -> Option<Color> {
        match self {
            Self::Note { .. } | Self::Stamp { .. } => None,
            Self::Highlight { color, .. }
            | Self::Markup { color, .. }
            | Self::Ink { color, .. }
            | Self::Brush { color, .. }
            | Self::Shape { color, .. }
            | Self::TextBox { color, .. } => Some(*color),
        }
    }

    /// Width of its line, or size of its letters, points.
    pub fn width_pt(&self) -> Option<f32> {
        match self {
            Self::Ink { width_pt, .. }
            | Self::Brush { width_pt, .. }
            | Self::Shape { width_pt, .. } => Some(*width_pt),
            Self::TextBox { size_pt, .. } => Some(*size_pt),
            Self::Note { .. }
            | Self::Highlight { .. }
            | Self::Markup { .. }
            | Self::Stamp { .. } => None,
        }
    }

    /// Strokes led by hand; none of what is no handwriting.
    pub fn strokes(&self) -> &[Stroke] {
        match self {
            Self::Ink { strokes, .. } | Self::Brush { strokes, .. } => strokes,
            _ => &[],
        }
    }

    /// Which stamp, if it is one.
    pub fn stamp(&self) -> Option<Stamp> {
        match self {
            Self::Stamp { stamp, .. } => Some(*stamp),
            _ => None,
        }
    }
}

/// A stored mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its id.
    pub id: MarkId,
    /// Where it belongs.
    pub anchor: Anchor,
    /// What it consists of.
    pub body: MarkBody,
    /// Whether it has a quotation that cannot be opened now; `anchor.quote` is then `None`.
    pub is_quote_locked: bool,
    /// When it was made, ms UTC.
    pub created_at_ms: i64,
    /// When it was last changed, ms UTC.
    pub updated_at_ms: i64,
    /// The agenda item that the member came from when it was made.
    pub made_at_item: Option<ObjectId>,
    /// Of a mark that came with a file: its name there.
    pub imported_from: Option<String>,
}

/// A mark to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkDraft {
    /// Where it belongs.
    pub anchor: Anchor,
    /// What it consists of.
    pub body: MarkBody,
    /// The agenda item that the member comes from.
    pub made_at_item: Option<ObjectId>,
    /// Of a mark that came with a file: its name there.
    pub imported_from: Option<String>,
}

impl MarkDraft {
    /// A mark that is made here and now, not from an agenda item.
    pub fn new(anchor: Anchor, body: MarkBody) -> Self {
        Self {
            anchor,
            body,
            made_at_item: None,
            imported_from: None,
        }
    }
}

/// A change of a mark; `None` leaves a part as it is.
#[derive(Clone, Default, PartialEq)]
pub struct MarkChange {
    /// New words, for all that can have words.
    pub text: Option<String>,
    /// New colour, for all that have one.
    pub color: Option<Color>,
    /// New width of the line in points, for ink and forms; size of the letters of a text box.
    pub width_pt: Option<f32>,
    /// All strokes anew, for ink; one stroke of the two ends for a form.
    pub strokes: Option<Vec<Stroke>>,
    /// Another stamp.
    pub stamp: Option<Stamp>,
    /// New place of the same object, for example in a new revision of its file.
    pub anchor: Option<Anchor>,
    /// Whether it goes on with the change before, as saving does while someone types: one undo takes back both.
    pub goes_on: bool,
}

impl fmt::Debug for MarkChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MarkChange(hidden)")
    }
}
