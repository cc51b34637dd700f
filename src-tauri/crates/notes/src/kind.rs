//! The names a mark can have: kinds, colours, stamps. Each has one name towards the page and in the database.

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
            MarkKind::Note | MarkKind::Stamp => false,
            MarkKind::Highlight | MarkKind::Brush => {
                matches!(self, Self::Yellow | Self::Green | Self::Blue | Self::Pink)
            }
            MarkKind::Underline
            | MarkKind::StrikeOut
            | MarkKind::Squiggly
            | MarkKind::Ink
            | MarkKind::Rectangle
            | MarkKind::Ellipse
            | MarkKind::Line
            | MarkKind::Arrow
            | MarkKind::TextBox => {
                matches!(self, Self::Blue | Self::Red | Self::Green | Self::Graphite)
            }
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
    /// Text with a line below.
    Underline,
    /// Text with a line through.
    StrikeOut,
    /// Text with a wave below.
    Squiggly,
    /// Strokes of a pen.
    Ink,
    /// Strokes of a highlighter led by hand.
    Brush,
    /// A rectangle.
    Rectangle,
    /// An ellipse.
    Ellipse,
    /// A straight line.
    Line,
    /// A straight line with a head.
    Arrow,
    /// Words that stand on the page.
    TextBox,
    /// A stamp.
    Stamp,
}

impl MarkKind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Note,
        Self::Highlight,
        Self::Underline,
        Self::StrikeOut,
        Self::Squiggly,
        Self::Ink,
        Self::Brush,
        Self::Rectangle,
        Self::Ellipse,
        Self::Line,
        Self::Arrow,
        Self::TextBox,
        Self::Stamp,
    ];

    /// Its name, as in the columns of the database: the form where it has one.
    pub fn as_str(self) -> &'static str {
        let (kind, form) = self.columns();
        form.unwrap_or(kind)
    }

    /// The names in the columns `kind` and `form`; see schema/v3.sql.
    pub(crate) fn columns(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Note => ("note", None),
            Self::TextBox => ("note", Some("text_box")),
            Self::Stamp => ("note", Some("stamp")),
            Self::Highlight => ("highlight", None),
            Self::Underline => ("highlight", Some("underline")),
            Self::StrikeOut => ("highlight", Some("strike_out")),
            Self::Squiggly => ("highlight", Some("squiggly")),
            Self::Ink => ("ink", None),
            Self::Brush => ("ink", Some("brush")),
            Self::Rectangle => ("ink", Some("rectangle")),
            Self::Ellipse => ("ink", Some("ellipse")),
            Self::Line => ("ink", Some("line")),
            Self::Arrow => ("ink", Some("arrow")),
        }
    }

    /// The reverse of [`MarkKind::columns`].
    pub(crate) fn from_columns(kind: &str, form: Option<&str>) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|one| one.columns() == (kind, form))
    }
}

/// What a stamp says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stamp {
    /// Something to be asked.
    Question,
    /// To be agreed to.
    Agree,
    /// To be rejected.
    Reject,
    /// To be asked about again later.
    FollowUp,
    /// Done.
    Done,
}

impl Stamp {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Agree => "agree",
            Self::Reject => "reject",
            Self::FollowUp => "follow_up",
            Self::Done => "done",
        }
    }

    /// The reverse of [`Stamp::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Question,
            Self::Agree,
            Self::Reject,
            Self::FollowUp,
            Self::Done,
        ]
        .into_iter()
        .find(|stamp| stamp.as_str() == name)
    }
}
