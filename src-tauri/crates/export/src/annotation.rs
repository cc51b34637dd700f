//! What a member put on a page, in words of its own: neither the store's nor PDF's.

use crate::color::Color;
use crate::geometry::{Point, Rect};

/// The id of a mark: 16 bytes; in files `ratsmappe-<hex>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnnotationId(pub [u8; 16]);

impl AnnotationId {
    /// What ids of this program begin with in files.
    pub const PREFIX: &'static str = "ratsmappe-";

    /// Its name in files.
    pub fn name(&self) -> String {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}{hex}", Self::PREFIX)
    }
}

/// One annotation of one page.
#[derive(Clone, PartialEq)]
pub struct Annotation {
    /// Unique in a file.
    pub id: AnnotationId,
    /// Counted from 0.
    pub page: u32,
    /// Who made it.
    pub author: String,
    /// When it was made, ms UTC.
    pub created_ms: i64,
    /// When it was last changed, ms UTC.
    pub modified_ms: i64,
    /// The member's words to it.
    pub contents: Option<String>,
    /// The words of the paper it stands at.
    pub quote: Option<Quote>,
    /// What it is and where.
    pub kind: Kind,
}

impl std::fmt::Debug for Annotation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Annotation({:?}, page {})", self.id, self.page)
    }
}

/// Words of a paper, with what stands around them.
#[derive(Clone, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub exact: String,
    /// Before them.
    pub prefix: String,
    /// After them.
    pub suffix: String,
}

impl std::fmt::Debug for Quote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quote(hidden)")
    }
}

/// A point of a stroke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InkPoint {
    /// Where.
    pub at: Point,
    /// 0 to 1; 0.5 is even.
    pub pressure: f32,
}

/// How text is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// With a ground of colour.
    Highlight,
    /// With a line below.
    Underline,
    /// With a line through it.
    StrikeOut,
    /// With a wave below.
    Squiggly,
}

/// A closed shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// With corners.
    Rectangle,
    /// Without.
    Ellipse,
}

/// What a stamp says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampName {
    /// "Frage"
    Question,
    /// "Zustimmen"
    Agree,
    /// "Ablehnen"
    Reject,
    /// "Nachhaken"
    FollowUp,
    /// "Erledigt"
    Done,
}

impl StampName {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Question,
        Self::Agree,
        Self::Reject,
        Self::FollowUp,
        Self::Done,
    ];

    /// Its name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "Question",
            Self::Agree => "Agree",
            Self::Reject => "Reject",
            Self::FollowUp => "FollowUp",
            Self::Done => "Done",
        }
    }

    /// What stands on it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Question => "Frage",
            Self::Agree => "Zustimmen",
            Self::Reject => "Ablehnen",
            Self::FollowUp => "Nachhaken",
            Self::Done => "Erledigt",
        }
    }

    /// The reverse of [`StampName::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stamp| stamp.as_str() == name)
    }

    /// The colour of its ink.
    pub(crate) fn color(self) -> Color {
        match self {
            Self::Question | Self::FollowUp => Color::Blue,
            Self::Agree => Color::Green,
            Self::Reject => Color::Red,
            Self::Done => Color::Graphite,
        }
    }
}

/// What an annotation is. Places in points of the unrotated page, widths and sizes in points.
#[derive(Clone, PartialEq)]
pub enum Kind {
    /// A slip with the contents on it.
    Note {
        /// The middle of its sign.
        at: Point,
    },
    /// Marked text.
    Text {
        /// How.
        markup: Markup,
        /// The lines.
        lines: Vec<Rect>,
        /// Of the marker or line.
        color: Color,
    },
    /// Strokes of a pen.
    Ink {
        /// Each with at least one point.
        strokes: Vec<Vec<InkPoint>>,
        /// At even pressure, before the pen's own spread.
        width: f32,
        /// Of the ink.
        color: Color,
    },
    /// Strokes of a broad marker that lets the page show through.
    Brush {
        /// Each with at least one point.
        strokes: Vec<Vec<InkPoint>>,
        /// Whatever the pressure.
        width: f32,
        /// Of the marker.
        color: Color,
    },
    /// Words on the page.
    TextBox {
        /// What they are wrapped in.
        rect: Rect,
        /// Of the letters.
        size: f32,
        /// Of the letters.
        color: Color,
        /// The words.
        text: String,
    },
    /// A closed shape.
    Shape {
        /// Which.
        shape: Shape,
        /// The middle of its line.
        rect: Rect,
        /// Of the line.
        width: f32,
        /// Of the line.
        color: Color,
    },
    /// A straight line.
    Line {
        /// Its beginning.
        from: Point,
        /// Its end; where the arrow is.
        to: Point,
        /// Of the line.
        width: f32,
        /// Of the line.
        color: Color,
        /// Whether its end is an arrow.
        arrow: bool,
    },
    /// A word in a frame.
    Stamp {
        /// Its frame.
        rect: Rect,
        /// Which.
        name: StampName,
    },
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Note { .. } => "Note",
            Self::Text { .. } => "Text",
            Self::Ink { .. } => "Ink",
            Self::Brush { .. } => "Brush",
            Self::TextBox { .. } => "TextBox",
            Self::Shape { .. } => "Shape",
            Self::Line { .. } => "Line",
            Self::Stamp { .. } => "Stamp",
        })
    }
}
