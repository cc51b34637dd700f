//! Marks between the border and `notes`: the page's words on one side, anchors and bodies on the other. Stores nothing.

use notes::{Anchor, Color, InkPoint, MarkBody, Rect};
use sync::store::CouncilStore;
use sync_protocol::ids::ObjectId;

use crate::dto::{Mark, MarkDraft, MarkKind, Quote, StampName, Target, TargetKind, Vote};
use crate::error::{ErrorCode, Failure};
use crate::query::{Placed, object_id};

/// A stored mark as the page shows it.
///
/// * `placed` – where its target belongs; `None` when the target is not on this device.
pub(crate) fn border_mark(mark: notes::Mark, placed: Option<&Placed>) -> Mark {
    let anchor = mark.anchor;
    let object = anchor.target.object().to_string();
    let kind = target_kind(anchor.target.kind());
    let text = mark.body.text().map(str::to_owned);
    let strokes = match &mark.body {
        MarkBody::Ink { strokes, .. } | MarkBody::Brush { strokes, .. } => {
            Some(strokes.iter().map(|stroke| points(stroke)).collect())
        }
        MarkBody::Shape { ends, .. } => Some(vec![points(ends)]),
        _ => None,
    };
    Mark {
        id: mark.id.to_string(),
        kind: mark_kind(mark.body.kind()),
        file_id: (kind == TargetKind::File).then(|| object.clone()),
        target: Target { kind, id: object },
        page: anchor.page,
        rects: anchor
            .rects
            .iter()
            .map(|rect| [rect.left, rect.bottom, rect.right, rect.top])
            .collect(),
        color: mark.body.color().map(|color| color.as_str().to_owned()),
        width_pt: mark.body.width_pt(),
        stamp: mark.body.stamp().map(stamp_name),
        strokes,
        text,
        quote: anchor.quote.map(|quote| Quote {
            exact: quote.exact,
            prefix: quote.prefix,
            suffix: quote.suffix,
        }),
        quote_locked: mark.is_quote_locked,
        created_at_ms: mark.created_at_ms,
        updated_at_ms: mark.updated_at_ms,
        // What is not here any more may have been nonpublic: it stays marked as such.
        public: anchor.sealed_class.is_none() && placed.is_some_and(|placed| placed.public),
        label: placed.map(|placed| placed.label.clone()),
        meeting_id: placed
            .and_then(|placed| placed.meeting)
            .map(|id| id.to_string()),
        agenda_item_id: placed
            .and_then(|placed| placed.agenda_item)
            .map(|id| id.to_string()),
        made_at_item: mark.made_at_item.map(|id| id.to_string()),
        imported: mark.imported_from.is_some(),
    }
}

fn points(stroke: &[InkPoint]) -> Vec<[f32; 3]> {
    stroke.iter().map(|at| [at.x, at.y, at.pressure]).collect()
}

/// The kind of a mark in the words of the border.
pub(crate) fn mark_kind(kind: notes::MarkKind) -> MarkKind {
    match kind {
        notes::MarkKind::Note => MarkKind::Note,
        notes::MarkKind::Highlight => MarkKind::Highlight,
        notes::MarkKind::Underline => MarkKind::Underline,
        notes::MarkKind::StrikeOut => MarkKind::StrikeOut,
        notes::MarkKind::Squiggly => MarkKind::Squiggly,
        notes::MarkKind::Ink => MarkKind::Ink,
        notes::MarkKind::Brush => MarkKind::Brush,
        notes::MarkKind::Rectangle => MarkKind::Rectangle,
        notes::MarkKind::Ellipse => MarkKind::Ellipse,
        notes::MarkKind::Line => MarkKind::Line,
        notes::MarkKind::Arrow => MarkKind::Arrow,
        notes::MarkKind::TextBox => MarkKind::TextBox,
        notes::MarkKind::Stamp => MarkKind::Stamp,
    }
}

/// A stamp in the words of the border.
pub(crate) fn stamp_name(stamp: notes::Stamp) -> StampName {
    match stamp {
        notes::Stamp::Question => StampName::Question,
        notes::Stamp::Agree => StampName::Agree,
        notes::Stamp::Reject => StampName::Reject,
        notes::Stamp::FollowUp => StampName::FollowUp,
        notes::Stamp::Done => StampName::Done,
    }
}

/// A stamp in the words of `notes`.
pub(crate) fn stamp(name: StampName) -> notes::Stamp {
    match name {
        StampName::Question => notes::Stamp::Question,
        StampName::Agree => notes::Stamp::Agree,
        StampName::Reject => notes::Stamp::Reject,
        StampName::FollowUp => notes::Stamp::FollowUp,
        StampName::Done => notes::Stamp::Done,
    }
}

/// The kind of a target in the words of the border.
pub(crate) fn target_kind(kind: notes::TargetKind) -> TargetKind {
    match kind {
        notes::TargetKind::Meeting => TargetKind::Meeting,
        notes::TargetKind::AgendaItem => TargetKind::AgendaItem,
        notes::TargetKind::Paper => TargetKind::Paper,
        notes::TargetKind::File => TargetKind::File,
    }
}

/// The target of a draft with the council's store it was found in, and the audience to seal a quotation for.
pub(crate) struct FoundTarget {
    target: notes::Target,
    council: notes::CouncilId,
    pub(crate) sealed_class: Option<notes::AudienceId>,
}

/// Looks for a draft's target in one store.
///
/// Errors: `not_found` for a text that is no id; those of the store. `None` if this store does not have it.
pub(crate) fn find_target(
    store: &CouncilStore,
    target: &Target,
) -> Result<Option<FoundTarget>, Failure> {
    let id: ObjectId = object_id(&target.id)?;
    let found = |target, sealed_class| FoundTarget {
        target,
        council: store.council(),
        sealed_class,
    };
    Ok(match target.kind {
        TargetKind::Meeting => store
            .meeting(id)?
            .map(|_| found(notes::Target::Meeting(id), None)),
        TargetKind::AgendaItem => store.agenda_item(id)?.map(|held| {
            let sealed = (!held.public).then_some(held.audience);
            found(notes::Target::AgendaItem(id), sealed)
        }),
        TargetKind::Paper => store.paper(id)?.map(|held| {
            let sealed = (!held.public).then_some(held.audience);
            found(notes::Target::Paper(id), sealed)
        }),
        TargetKind::File => store.file(id)?.map(|row| {
            let sealed = (!row.public).then_some(row.audience);
            let target = notes::Target::File {
                file: id,
                blob_id: row.blob_id,
                revision: row.file.revision,
            };
            found(target, sealed)
        }),
    })
}

/// A draft of the page as `notes` takes it.
///
/// Errors: `bad_request` where kind, colour and parts do not fit together.
pub(crate) fn notes_draft(
    draft: MarkDraft,
    found: FoundTarget,
) -> Result<notes::MarkDraft, Failure> {
    let color = match draft.color.as_deref() {
        Some(name) => Some(Color::from_name(name).ok_or(ErrorCode::BadRequest)?),
        None => None,
    };
    let made_at_item = draft.made_at_item.as_deref().map(object_id).transpose()?;
    let body = body(
        draft.kind,
        Parts {
            color,
            width_pt: draft.width_pt,
            stamp: draft.stamp.map(stamp),
            strokes: draft.strokes.as_deref().map(strokes),
            text: draft.text,
        },
    )
    .ok_or(ErrorCode::BadRequest)?;
    let quote = draft.quote.map(|quote| notes::Quote {
        exact: quote.exact,
        prefix: quote.prefix,
        suffix: quote.suffix,
    });
    Ok(notes::MarkDraft {
        anchor: Anchor {
            council: found.council,
            target: found.target,
            page: draft.page,
            rects: rects(&draft.rects),
            quote,
            sealed_class: found.sealed_class,
        },
        body,
        made_at_item,
        imported_from: None,
    })
}

/// What a new mark may consist of.
struct Parts {
    color: Option<Color>,
    width_pt: Option<f32>,
    stamp: Option<notes::Stamp>,
    strokes: Option<Vec<notes::Stroke>>,
    text: Option<String>,
}

/// A body of a kind; `None` where a part that it needs is missing.
fn body(kind: MarkKind, parts: Parts) -> Option<MarkBody> {
    let Parts {
        color,
        width_pt,
        stamp,
        strokes,
        text,
    } = parts;
    let markup = |style| {
        Some(MarkBody::Markup {
            style,
            color: color?,
            text: text.clone(),
        })
    };
    let shape = |shape| {
        let [from, to] = strokes.as_deref()?.first()?.as_slice() else {
            return None;
        };
        Some(MarkBody::Shape {
            shape,
            color: color?,
            width_pt: width_pt?,
            ends: [*from, *to],
        })
    };
    match kind {
        MarkKind::Note => Some(MarkBody::Note {
            text: text.unwrap_or_default(),
        }),
        MarkKind::Highlight => Some(MarkBody::Highlight {
            color: color?,
            text,
        }),
        MarkKind::Underline => markup(notes::Markup::Underline),
        MarkKind::StrikeOut => markup(notes::Markup::StrikeOut),
        MarkKind::Squiggly => markup(notes::Markup::Squiggly),
        MarkKind::Ink => Some(MarkBody::Ink {
            color: color?,
            width_pt: width_pt?,
            strokes: strokes.unwrap_or_default(),
        }),
        MarkKind::Brush => Some(MarkBody::Brush {
            color: color?,
            width_pt: width_pt?,
            strokes: strokes.unwrap_or_default(),
        }),
        MarkKind::Rectangle => shape(notes::Shape::Rectangle),
        MarkKind::Ellipse => shape(notes::Shape::Ellipse),
        MarkKind::Line => shape(notes::Shape::Line),
        MarkKind::Arrow => shape(notes::Shape::Arrow),
        MarkKind::TextBox => Some(MarkBody::TextBox {
            color: color?,
            size_pt: width_pt?,
            text: text.unwrap_or_default(),
        }),
        MarkKind::Stamp => Some(MarkBody::Stamp {
            stamp: stamp?,
            text,
        }),
    }
}

/// Rectangles in the words of `notes`.
pub(crate) fn rects(rects: &[[f32; 4]]) -> Vec<Rect> {
    rects
        .iter()
        .map(|[left, bottom, right, top]| Rect {
            left: *left,
            bottom: *bottom,
            right: *right,
            top: *top,
        })
        .collect()
}

/// Strokes in the words of `notes`.
pub(crate) fn strokes(strokes: &[Vec<[f32; 3]>]) -> Vec<notes::Stroke> {
    strokes.iter().map(|points| stroke(points)).collect()
}

fn stroke(points: &[[f32; 3]]) -> notes::Stroke {
    points
        .iter()
        .map(|[x, y, pressure]| InkPoint {
            x: *x,
            y: *y,
            pressure: *pressure,
        })
        .collect()
}

/// A tally in the words of the border.
pub(crate) fn vote(tally: notes::Tally) -> Vote {
    match tally {
        notes::Tally::Yes => Vote::Yes,
        notes::Tally::No => Vote::No,
        notes::Tally::Abstain => Vote::Abstain,
    }
}

/// A tally in the words of `notes`.
pub(crate) fn tally(vote: Vote) -> notes::Tally {
    match vote {
        Vote::Yes => notes::Tally::Yes,
        Vote::No => notes::Tally::No,
        Vote::Abstain => notes::Tally::Abstain,
    }
}
