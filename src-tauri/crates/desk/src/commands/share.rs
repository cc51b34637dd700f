//! The one door through which something of the member's own leaves into a faction's space: a copy of a note or a mark, by her deliberate
//! act, after she has seen what it is and who will read it. The private original stays as it is. Nothing else reads private notes to make
//! something that is shared; a test looks for it.

use faction::{Copy, Readers, Shareable};
use notes::{Mark, MarkId, SharedCopy, Target as NotesTarget};
use sync_protocol::ids::ItemId;

use crate::Desk;
use crate::border_marks::{mark_kind, target_kind};
use crate::commands::faction::{Opened, anchor_of, item_id};
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::query::{object_id, placed_target, shared_mark};
use crate::session::Council;

/// Most marks of one share: the layer of a file that somebody has worked through.
const MOST_MARKS: usize = 5_000;

/// A mark that can be shared.
struct Part {
    mark: Mark,
    target: Target,
}

/// What a choice comes to.
struct Chosen {
    parts: Vec<Part>,
    shared_before: usize,
    left_out: usize,
}

impl Desk {
    /// Exactly what would leave the device. Changes nothing.
    pub(crate) fn faction_preview(
        &self,
        request: FactionShareRequest,
    ) -> Result<FactionPreview, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let now_ms = self.now_ms();
        let councils = opened.session.councils(now_ms)?;
        let chosen = choose(&opened, &councils, &request.source)?;
        let mut parts = Vec::new();
        let mut nonpublic = false;
        for part in &chosen.parts {
            let (anchor, readers) = anchor_of(&opened.session, &councils, &part.target)?;
            let is_closed = matches!(readers, Readers::ClassKey { .. });
            nonpublic |= is_closed;
            let council = councils
                .iter()
                .find(|one| one.record.council == anchor.council);
            let placed = match council {
                Some(council) => {
                    placed_target(&council.store, part.target.kind, anchor.object, now_ms)?
                }
                None => None,
            };
            let quote = part.mark.anchor.quote.as_ref();
            parts.push(FactionPreviewPart {
                kind: mark_kind(part.mark.body.kind()),
                label: placed.map(|placed| placed.label),
                page: part.mark.anchor.page,
                text: part.mark.body.text().unwrap_or_default().to_owned(),
                quote: quote.map(|quote| quote.exact.clone()),
                nonpublic: is_closed,
            });
        }
        let space = opened.space();
        let own = space.user();
        let mut readers: Vec<String> = space
            .members()?
            .into_iter()
            .filter(|member| member.is_present && member.user != own)
            .filter_map(|member| member.name)
            .collect();
        readers.sort_by_key(|name| name.to_lowercase());
        Ok(FactionPreview {
            parts,
            readers,
            nonpublic,
            shared_before: count(chosen.shared_before),
            left_out: count(chosen.left_out),
        })
    }

    // Meets: O.Purp_2, O.Purp_8
    /// Shares copies of what was chosen.
    pub(crate) fn faction_share(
        &self,
        request: FactionShareRequest,
    ) -> Result<FactionShared, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let now_ms = self.now_ms();
        let councils = opened.session.councils(now_ms)?;
        let chosen = choose(&opened, &councils, &request.source)?;
        let mut copies = Vec::new();
        for part in &chosen.parts {
            copies.push((part.mark.id, shareable(&opened, &councils, part, now_ms)?));
        }
        let mut item_ids = Vec::new();
        for (mark, shareable) in copies {
            let item = opened.space().share(&shareable, now_ms)?;
            // First there, then the way to it here: a copy that is not known here can at worst be shared twice.
            let copy = shared_copy(&opened, item);
            opened.session.notes.shared_put(&[(mark, copy)], now_ms)?;
            item_ids.push(item.to_string());
        }
        opened.factions.was_written(&opened.held);
        Ok(FactionShared {
            count: count(item_ids.len()),
            item_ids,
        })
    }

    /// Withdraws a share of one's own.
    pub(crate) fn faction_withdraw(
        &self,
        request: FactionItemRequest,
    ) -> Result<FactionWritten, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let item = item_id(&request.item_id)?;
        opened.space().withdraw(item, self.now_ms())?;
        opened
            .session
            .notes
            .shared_forget(shared_copy(&opened, item))?;
        Ok(opened.written(item))
    }
}

fn shareable(
    opened: &Opened,
    councils: &[Council],
    part: &Part,
    now_ms: i64,
) -> Result<Shareable, Failure> {
    let (anchor, readers) = anchor_of(&opened.session, councils, &part.target)?;
    let mark = match part.mark.anchor.target {
        NotesTarget::File { file, blob_id, .. } => shared_mark::copy(&part.mark, file, blob_id)?,
        _ => None,
    };
    let copy = Copy {
        anchor,
        text: part.mark.body.text().unwrap_or_default().to_owned(),
        mark,
        at_ms: now_ms,
    };
    Shareable::copy(copy, readers).map_err(|error| Failure::caused(ErrorCode::Internal, error))
}

fn choose(
    opened: &Opened,
    councils: &[Council],
    source: &FactionSource,
) -> Result<Chosen, Failure> {
    let notes = &opened.session.notes;
    let mut marks = Vec::new();
    match source.kind {
        FactionSourceKind::Marks => {
            for id in &source.ids {
                let id: MarkId = id.parse().map_err(|_| ErrorCode::NotFound)?;
                marks.push(notes.mark(id)?);
            }
        }
        FactionSourceKind::File => {
            let id = source.ids.first().ok_or(ErrorCode::BadRequest)?;
            marks = notes.list_for_file(opened.held.council, object_id(id)?)?;
        }
    }
    if marks.len() > MOST_MARKS {
        return Err(ErrorCode::FactionTooLong.into());
    }
    let before = notes.shared_marks(*opened.held.faction.as_bytes())?;
    let mut chosen = Chosen {
        parts: Vec::new(),
        shared_before: 0,
        left_out: 0,
    };
    for mark in marks {
        if before.contains(&mark.id) {
            chosen.shared_before += 1;
            continue;
        }
        let target = Target {
            kind: target_kind(mark.anchor.target.kind()),
            id: mark.anchor.target.object().to_string(),
        };
        // Only what is open here, and of the council whose space it is.
        let is_open = mark.anchor.council == opened.held.council
            && !mark.is_quote_locked
            && anchor_of(&opened.session, councils, &target).is_ok();
        if is_open {
            chosen.parts.push(Part { mark, target });
        } else {
            chosen.left_out += 1;
        }
    }
    Ok(chosen)
}

fn shared_copy(opened: &Opened, item: ItemId) -> SharedCopy {
    SharedCopy {
        faction: *opened.held.faction.as_bytes(),
        item: *item.as_bytes(),
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
