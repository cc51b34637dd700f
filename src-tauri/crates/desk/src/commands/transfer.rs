//! Marks of older versions in the version that is here: looking for them, taking that back, having seen it.

use notes::How;
use sync::store::FileRow;

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::query::{find, object_id};
use crate::session::{Council, Session};
use crate::times;
use crate::transfer::version_of;

impl Desk {
    /// What became of them; the first time they are looked for.
    ///
    /// Errors: `not_found`; those of opening the file, if there is something to look for.
    pub(crate) fn marks_transfer(
        &self,
        request: MarksTransferRequest,
    ) -> Result<MarksTransferred, Failure> {
        let session = self.session()?;
        self.in_file(&session, &request.file_id, |council, row| {
            let is_new = self.transfer(&session, (council, row), request.again)?;
            let transferred = self.transferred(&session, (council, row))?;
            Ok(MarksTransferred {
                is_new,
                ..transferred
            })
        })
    }

    /// Takes all back that came into the version that is here.
    ///
    /// Errors: `not_found`.
    pub(crate) fn marks_transfer_back(
        &self,
        request: MarksTransferFileRequest,
    ) -> Result<MarksTransferred, Failure> {
        let session = self.session()?;
        self.in_file(&session, &request.file_id, |council, row| {
            session
                .notes
                .transfer_take_back(&version_of(council, row))?;
            self.transferred(&session, (council, row))
        })
    }

    /// The member has seen what became of them.
    ///
    /// Errors: `not_found`.
    pub(crate) fn marks_transfer_close(
        &self,
        request: MarksTransferFileRequest,
    ) -> Result<Empty, Failure> {
        let session = self.session()?;
        self.in_file(&session, &request.file_id, |council, row| {
            session.notes.transfer_close(&version_of(council, row))?;
            Ok(Empty {})
        })
    }

    fn in_file<T>(
        &self,
        session: &Session,
        file: &str,
        work: impl FnOnce(&Council, &FileRow) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let id = object_id(file)?;
        let councils = session.councils(self.now_ms())?;
        let (council, row) = find(&councils, |council| council.store.file(id))?;
        work(council, &row)
    }

    fn transferred(
        &self,
        session: &Session,
        (council, row): (&Council, &FileRow),
    ) -> Result<MarksTransferred, Failure> {
        let (notes, version) = (&session.notes, version_of(council, row));
        let shown = |mark| self.shown_in(council, mark);
        let is_here = session.documents.shown(council, row).0 == row.blob_id;
        let mut behind = Vec::new();
        // While an older version is still open, nothing is said of the newer one.
        if is_here {
            for mark in notes.list_behind((version.council, version.file, version.blob_id))? {
                let revision = match &mark.anchor.target {
                    notes::Target::File { revision, .. } => *revision,
                    _ => continue,
                };
                behind.push(MarkBehind {
                    mark: shown(mark)?,
                    revision,
                });
            }
        }
        let transfer = notes.transfer(&version)?;
        let is_closed = transfer.as_ref().is_none_or(|transfer| transfer.is_closed);
        let came = transfer.map(|transfer| transfer.marks).unwrap_or_default();
        let mut changed = Vec::new();
        for (id, _) in came.iter().filter(|(_, how)| *how == How::Changed) {
            changed.push(shown(notes.mark(*id)?)?);
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let dated_at_ms = row
            .file
            .revision_of_date
            .as_deref()
            .and_then(times::date_ms);
        Ok(MarksTransferred {
            revision: row.file.revision,
            dated_at_ms: dated_at_ms.unwrap_or(row.changed_at_ms),
            total: count(came.len() + behind.len()),
            placed: count(came.len()),
            can_take_back: came.iter().any(|(_, how)| *how != How::Hand),
            is_new: false,
            is_news: is_here && !is_closed && came.len() + behind.len() > 0,
            changed,
            behind,
        })
    }
}
