//! Taking papers, marks and notes along: what would leave, and writing it.

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::session::Session;
use crate::takeaway::{Bundle, Making, Section, bundle};

impl Desk {
    /// What could be taken along, nonpublic papers too: the page asks about those.
    pub(crate) fn takeaway_preview(
        &self,
        request: TakeawayPreviewRequest,
    ) -> Result<TakeawayPreview, Failure> {
        let bundle = self.bundle(request.scope, request.id.as_deref())?;
        Ok(TakeawayPreview {
            folder: self.config.export_dir.to_string_lossy().into_owned(),
            sections: bundle.sections.iter().map(border_section).collect(),
            author: bundle.author,
            name: bundle.name,
        })
    }

    /// Writes it. Events tell how it goes on.
    ///
    /// Errors: `nothing_to_take`, `takeaway_running`, `cancelled`; those of the disk; of a single paper what keeps it from leaving.
    pub(crate) fn takeaway_save(&self, request: TakeawayRequest) -> Result<TakeawaySaved, Failure> {
        let session = self.session()?;
        let mut bundle = self.bundle(request.scope, request.id.as_deref())?;
        self.transfer_marks(&session, &mut bundle)?;
        bundle.keep(request.nonpublic, request.files.as_deref());
        let has_notes = bundle
            .sections
            .iter()
            .any(|section| !section.notes.is_empty());
        let is_all = request.scope == TakeawayScope::All;
        if bundle.piece_count() == 0 && !has_notes && !is_all {
            return Err(ErrorCode::NothingToTake.into());
        }
        let running = session.takeaway.begin()?;
        Making::new(self, &session, running, request.form, &bundle).save(
            &bundle,
            &self.config.export_dir,
            (request.bound, is_all),
        )
    }

    /// Marks of older versions go into those that are here, where that was not tried before.
    fn transfer_marks(&self, session: &Session, bundle: &mut Bundle) -> Result<(), Failure> {
        let councils = session.councils(self.now_ms())?;
        for piece in bundle
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.pieces)
        {
            let has_behind = piece.marks.iter().any(|mark| piece.behind(mark).is_some());
            let council = councils
                .iter()
                .find(|one| one.record.council == piece.council);
            let (true, Some(council)) = (has_behind, council) else {
                continue;
            };
            // A paper that cannot be read says why when it is made; its marks stay where they are.
            if self.transfer(session, (council, &piece.row), false).is_ok() {
                let id = piece.row.id();
                piece.marks = session.notes.list_for_file(piece.council, id)?;
            }
        }
        Ok(())
    }

    /// Stops at the next paper; what was written of an unfinished folder goes.
    pub(crate) fn takeaway_cancel(&self, _: Empty) -> Result<Empty, Failure> {
        self.session()?.takeaway.cancel();
        Ok(Empty {})
    }

    fn bundle(&self, scope: TakeawayScope, id: Option<&str>) -> Result<Bundle, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        bundle(
            &councils,
            &session.notes,
            (scope, id),
            (self.speech(), now_ms),
        )
    }
}

fn border_section(section: &Section) -> TakeawaySection {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    TakeawaySection {
        title: match &section.number {
            Some(number) => format!("TOP {number} {}", section.title),
            None => section.title.clone(),
        },
        public: section.public,
        note_count: count(section.notes.len()),
        files: section
            .pieces
            .iter()
            .map(|piece| TakeawayFile {
                id: piece.row.id().to_string(),
                title: piece.title.clone(),
                public: piece.row.public && section.public,
                present: piece.row.present,
                page_count: piece.row.page_count,
                byte_len: piece.row.byte_len,
                mark_count: count(piece.marks.len()),
            })
            .collect(),
    }
}
