//! What a mark is: note, highlight or ink, with its anchor. Not how it is stored.

use crate::anchor::Anchor;
use crate::ink::Stroke;
use std::fmt;
use std::str::FromStr;

/// The id of a mark: 16 random bytes, hex as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkId(pub [u8; 16]);

impl fmt::Display for MarkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
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
        let id: vault::ObjectId = text.parse().map_err(|_| NotAMarkId)?;
        Ok(Self(*id.as_bytes()))
    }
}

/// A colour of a highlighter or pen, by the names the page uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Color {
    /// Highlighter only.
    Yellow,
    /// Highlighter and pen.
    Green,
    /// Highlighter and pen.
    Blue,
    /// Highlighter only.
    Pink,
    /// Pen only.
    Red,
    /// Pen only: pencil.
    Graphite,
}

impl Color {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yellow => "gelb",
            Self::Green => "gruen",
            Self::Blue => "blau",
            Self::Pink => "rosa",
            Self::Red => "rot",
            Self::Graphite => "blei",
        }
    }

    /// The reverse of [`Color::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Yellow,
            Self::Green,
            Self::Blue,
            Self::Pink,
            Self::Red,
            Self::Graphite,
        ]
        .into_iter()
        .find(|color| color.as_str() == name)
    }

    /// Whether a mark of this kind may have it.
    pub fn is_for(self, kind: MarkKind) -> bool {
        match kind {
            MarkKind::Note => false,
            MarkKind::Highlight => {
                matches!(self, Self::Yellow | Self::Green | Self::Blue | Self::Pink)
            }
            MarkKind::Ink => matches!(self, Self::Blue | Self::Red | Self::Green | Self::Graphite),
        }
    }
}

/// The kind of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// Words.
    Note,
    /// Marked text.
    Highlight,
    /// Strokes of a pen.
    Ink,
}

impl MarkKind {
    /// The name in the database and towards the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Highlight => "highlight",
            Self::Ink => "ink",
        }
    }

    /// The reverse of [`MarkKind::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Note, Self::Highlight, Self::Ink]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// What a mark consists of.
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
    /// Strokes of a pen.
    Ink {
        /// Of the pen.
        color: Color,
        /// Width of the line, points.
        width_pt: f32,
        /// In PDF points of the unrotated page; kept to 1/100 point.
        strokes: Vec<Stroke>,
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
            Self::Ink { .. } => MarkKind::Ink,
        }
    }

    /// The member's words, if there are any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Note { text } => Some(text),
            Self::Highlight { text, .. } => text.as_deref(),
            Self::Ink { .. } => None,
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
}

/// A mark to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkDraft {
    /// Where it belongs.
    pub anchor: Anchor,
    /// What it consists of.
    pub body: MarkBody,
}

/// A change of a mark; `None` leaves a part as it is.
#[derive(Clone, Default, PartialEq)]
pub struct MarkChange {
    /// New words, for notes and highlights.
    pub text: Option<String>,
    /// New colour, for highlights and ink.
    pub color: Option<Color>,
    /// New width of the line in points, for ink.
    pub width_pt: Option<f32>,
    /// All strokes anew, for ink.
    pub strokes: Option<Vec<Stroke>>,
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
