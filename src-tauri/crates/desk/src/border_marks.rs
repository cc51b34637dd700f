//! Marks between the border and `notes`: the page's words on one side, anchors and bodies on the other. Stores nothing.

use notes::{Anchor, Color, InkPoint, MarkBody, Rect};
use sync::store::CouncilStore;
use sync_protocol::ids::ObjectId;

use crate::dto::{Mark, MarkDraft, MarkKind, Quote, Target, TargetKind, Vote};
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
    let (kind_of_mark, color, width_pt, strokes) = match mark.body {
        MarkBody::Note { .. } => (MarkKind::Note, None, None, None),
        MarkBody::Highlight { color, .. } => (MarkKind::Highlight, Some(color), None, None),
        MarkBody::Ink {
            color,
            width_pt,
            strokes,
        } => (MarkKind::Ink, Some(color), Some(width_pt), Some(strokes)),
    };
    Mark {
        id: mark.id.to_string(),
        kind: kind_of_mark,
        file_id: (kind == TargetKind::File).then(|| object.clone()),
        target: Target { kind, id: object },
        page: anchor.page,
        rects: anchor
            .rects
            .iter()
            .map(|rect| [rect.left, rect.bottom, rect.right, rect.top])
            .collect(),
        color: color.map(|color| color.as_str().to_owned()),
        width_pt,
        strokes: strokes.map(|strokes| {
            let points = |stroke: &notes::Stroke| {
                stroke.iter().map(|at| [at.x, at.y, at.pressure]).collect()
            };
            strokes.iter().map(points).collect()
        }),
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
    sealed_class: Option<notes::AudienceId>,
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
    let color = |text: Option<String>| -> Result<Color, Failure> {
        text.as_deref()
            .and_then(Color::from_name)
            .ok_or_else(|| ErrorCode::BadRequest.into())
    };
    let body = match draft.kind {
        MarkKind::Note => MarkBody::Note {
            text: draft.text.unwrap_or_default(),
        },
        MarkKind::Highlight => MarkBody::Highlight {
            color: color(draft.color)?,
            text: draft.text,
        },
        MarkKind::Ink => MarkBody::Ink {
            color: color(draft.color)?,
            width_pt: draft.width_pt.ok_or(ErrorCode::BadRequest)?,
            strokes: draft
                .strokes
                .unwrap_or_default()
                .iter()
                .map(|points| stroke(points))
                .collect(),
        },
    };
    let rect = |[left, bottom, right, top]: [f32; 4]| Rect {
        left,
        bottom,
        right,
        top,
    };
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
            rects: draft.rects.into_iter().map(rect).collect(),
            quote,
            sealed_class: found.sealed_class,
        },
        body,
    })
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
