//! A mark as it is shared, between `notes` and the page: hundredths of a point instead of points, names instead of kinds.

use faction::MarkCopy;
use notes::{BlobId, InkPoint, Mark, MarkBody, MarkKind, ObjectId, Stamp, decode_ink, encode_ink};

use crate::border_marks::{mark_kind, stamp_name};
use crate::dto::{FactionMark, MarkKind as BorderKind};
use crate::error::{ErrorCode, Failure};

/// The copy of a mark on a page; `None` for one that stands on no page.
///
/// Errors: `internal` if its strokes cannot be written, which those that were stored can.
pub(crate) fn copy(mark: &Mark, file: ObjectId, blob: BlobId) -> Result<Option<MarkCopy>, Failure> {
    let Some(page) = mark.anchor.page else {
        return Ok(None);
    };
    let strokes: Vec<Vec<InkPoint>> = match &mark.body {
        MarkBody::Ink { strokes, .. } | MarkBody::Brush { strokes, .. } => strokes.clone(),
        MarkBody::Shape { ends, .. } => vec![ends.to_vec()],
        _ => Vec::new(),
    };
    let written = (!strokes.is_empty())
        .then(|| encode_ink(&strokes))
        .transpose();
    let rects = mark.anchor.rects.iter();
    Ok(Some(MarkCopy {
        file,
        blob,
        page,
        kind: mark.body.kind().as_str().to_owned(),
        rects: rects
            .map(|rect| [rect.left, rect.bottom, rect.right, rect.top].map(hundredths))
            .collect(),
        width: mark
            .body
            .width_pt()
            .map(|width| u32::try_from(hundredths(width)).unwrap_or_default()),
        stamp: mark.body.stamp().map(|stamp| stamp.as_str().to_owned()),
        strokes: written.map_err(|error| Failure::caused(ErrorCode::Internal, error))?,
        quote: mark.anchor.quote.as_ref().map(|quote| quote.exact.clone()),
    }))
}

/// A shared mark as the reader draws it. What somebody else's newer app has written is shown as far as it is understood.
///
/// * `other_version` – the file is here in another version, or not at all.
pub(crate) fn border(copy: &MarkCopy, other_version: bool) -> FactionMark {
    let known = MarkKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == copy.kind);
    let strokes = copy
        .strokes
        .as_deref()
        .and_then(|bytes| decode_ink(bytes).ok());
    FactionMark {
        kind: known.map_or(BorderKind::Note, mark_kind),
        file_id: copy.file.to_string(),
        page: copy.page,
        rects: copy.rects.iter().map(|rect| rect.map(points)).collect(),
        width_pt: copy.width.map(|width| width as f32 / 100.0),
        stamp: copy
            .stamp
            .as_deref()
            .and_then(Stamp::from_name)
            .map(stamp_name),
        strokes: strokes.map(|strokes| {
            let strokes = strokes.iter();
            strokes
                .map(|stroke| stroke.iter().map(|at| [at.x, at.y, at.pressure]).collect())
                .collect()
        }),
        quote: copy.quote.clone(),
        other_version,
    }
}
fn hundredths(points: f32) -> i32 {
    (points * 100.0).round() as i32
}
fn points(hundredths: i32) -> f32 {
    hundredths as f32 / 100.0
}
