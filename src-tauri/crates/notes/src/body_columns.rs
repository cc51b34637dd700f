//! What a mark consists of as columns of a version, both ways.

use crate::error::NotesError;
use crate::ink::{InkPoint, Stroke, decode_ink, encode_ink};
use crate::kind::{Color, MarkKind, Stamp};
use crate::mark::{MarkBody, Markup, Shape};
use rusqlite::Row;

/// The columns of a body, besides its words.
pub(crate) struct BodyColumns {
    pub(crate) kind: &'static str,
    pub(crate) form: Option<&'static str>,
    pub(crate) color: Option<&'static str>,
    pub(crate) width_pt: Option<f64>,
    pub(crate) strokes: Option<Vec<u8>>,
    pub(crate) stamp: Option<&'static str>,
}

impl BodyColumns {
    /// Errors: strokes that cannot be stored.
    pub(crate) fn of(body: &MarkBody) -> Result<Self, NotesError> {
        let (kind, form) = body.kind().columns();
        let strokes = match body {
            MarkBody::Ink { strokes, .. } | MarkBody::Brush { strokes, .. } => {
                Some(encode_ink(strokes)?)
            }
            MarkBody::Shape { ends, .. } => Some(encode_ink(&[ends.to_vec()])?),
            _ => None,
        };
        Ok(Self {
            kind,
            form,
            color: body.color().map(Color::as_str),
            width_pt: body.width_pt().map(f64::from),
            strokes,
            stamp: body.stamp().map(Stamp::as_str),
        })
    }
}

/// The body in a row of the columns of a version.
///
/// Errors: [`NotesError::BadRow`] if they do not fit together.
pub(crate) fn body_of(row: &Row<'_>) -> Result<MarkBody, NotesError> {
    let kind: String = row.get("kind")?;
    let form: Option<String> = row.get("form")?;
    let color = || -> Result<Color, NotesError> {
        Color::from_name(&row.get::<_, String>("color")?).ok_or(NotesError::BadRow)
    };
    let strokes = || -> Result<Vec<Stroke>, NotesError> {
        Ok(decode_ink(&row.get::<_, Vec<u8>>("strokes")?)?)
    };
    let markup = |style| -> Result<MarkBody, NotesError> {
        Ok(MarkBody::Markup {
            style,
            color: color()?,
            text: row.get("text")?,
        })
    };
    let shape = |shape| -> Result<MarkBody, NotesError> {
        Ok(MarkBody::Shape {
            shape,
            color: color()?,
            width_pt: row.get("width_pt")?,
            ends: ends_of(&strokes()?)?,
        })
    };
    match MarkKind::from_columns(&kind, form.as_deref()).ok_or(NotesError::BadRow)? {
        MarkKind::Note => Ok(MarkBody::Note {
            text: row.get("text")?,
        }),
        MarkKind::Highlight => Ok(MarkBody::Highlight {
            color: color()?,
            text: row.get("text")?,
        }),
        MarkKind::Underline => markup(Markup::Underline),
        MarkKind::StrikeOut => markup(Markup::StrikeOut),
        MarkKind::Squiggly => markup(Markup::Squiggly),
        MarkKind::Ink => Ok(MarkBody::Ink {
            color: color()?,
            width_pt: row.get("width_pt")?,
            strokes: strokes()?,
        }),
        MarkKind::Brush => Ok(MarkBody::Brush {
            color: color()?,
            width_pt: row.get("width_pt")?,
            strokes: strokes()?,
        }),
        MarkKind::Rectangle => shape(Shape::Rectangle),
        MarkKind::Ellipse => shape(Shape::Ellipse),
        MarkKind::Line => shape(Shape::Line),
        MarkKind::Arrow => shape(Shape::Arrow),
        MarkKind::TextBox => Ok(MarkBody::TextBox {
            color: color()?,
            size_pt: row.get("width_pt")?,
            text: row.get("text")?,
        }),
        MarkKind::Stamp => Ok(MarkBody::Stamp {
            stamp: Stamp::from_name(&row.get::<_, String>("stamp")?).ok_or(NotesError::BadRow)?,
            text: row.get("text")?,
        }),
    }
}

/// The two ends of a form from its one stroke.
///
/// Errors: [`NotesError::BadRow`] if there are not exactly two points.
pub(crate) fn ends_of(strokes: &[Stroke]) -> Result<[InkPoint; 2], NotesError> {
    match strokes {
        [stroke] => match stroke.as_slice() {
            [from, to] => Ok([*from, *to]),
            _ => Err(NotesError::BadRow),
        },
        _ => Err(NotesError::BadRow),
    }
}
