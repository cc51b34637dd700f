//! The speaking sheet of a meeting.

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::export;
use crate::query::{self, Own, SheetWish, find, object_id};
use crate::sheet_pdf::sheet_pdf;
use crate::words;

impl Desk {
    pub(crate) fn speaking_sheet(
        &self,
        request: SpeakingSheetRequest,
    ) -> Result<SpeakingSheet, Failure> {
        let (session, id, now_ms) = (
            self.session()?,
            object_id(&request.meeting_id)?,
            self.now_ms(),
        );
        let councils = session.councils(now_ms)?;
        let (council, held) = find(&councils, |council| council.store.meeting(id))?;
        let items = request.items.map(|items| {
            let ids = items.iter().map(|item| object_id(item));
            ids.collect::<Result<Vec<_>, _>>()
        });
        let items = items.transpose()?;
        let wish = SheetWish {
            with_nonpublic: request.include_nonpublic,
            items: items.as_deref(),
        };
        let own = Own::read(&session.notes, &councils)?;
        let name = council.record.name.as_str();
        query::speaking_sheet(
            (council, name),
            &held,
            (&own, &session.notes),
            &wish,
            now_ms,
        )
    }

    /// The sheet as a PDF in the folder for downloads. The page has asked before.
    ///
    /// Errors: as [`Desk::speaking_sheet`]; those of the disk.
    pub(crate) fn speaking_sheet_save(
        &self,
        request: SpeakingSheetRequest,
    ) -> Result<SheetSaved, Failure> {
        let (sheet, speech) = (self.speaking_sheet(request)?, self.speech());
        let pdf = sheet_pdf(&sheet, speech)
            .map_err(|error| Failure::caused(ErrorCode::Internal, error))?;
        let name = sheet.meeting_name.unwrap_or_default();
        let stem = export::file_stem(&format!("{} {name}", words::sheet(speech)));
        let path = export::write_new_bytes(&self.config.export_dir, &stem, "pdf", &pdf)?;
        Ok(SheetSaved {
            path: path.to_string_lossy().into_owned(),
        })
    }
}
