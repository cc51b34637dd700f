//! Reading on: the file before and after, the files with a tab, hits counted over a document.

use std::time::{Duration, Instant};

use search::{Query, Slips, Typing};

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::query::{self, find, object_id};

/// Name of the setting in the vault that keeps which files have a tab: their ids, apart by spaces.
const TABS: &str = "reader.tabs";
/// Name of the setting in the vault that keeps what stands side by side, as JSON.
const SPLIT: &str = "reader.split";
/// Tabs kept. The page shows fewer.
const MOST_TABS: usize = 32;
/// Pages of one request for hits.
const MOST_PAGES: usize = 64;
/// An answer about hits waits for no further page from then on: first hits are to show within 50 ms.
const ANSWER_WITHIN: Duration = Duration::from_millis(20);

impl Desk {
    pub(crate) fn document_neighbours(
        &self,
        request: DocumentNeighboursRequest,
    ) -> Result<DocumentNeighbours, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.file_id)?, self.now_ms());
        let read_under = (request.agenda_item_id.as_deref())
            .map(object_id)
            .transpose()?;
        let councils = session.councils(now_ms)?;
        let (council, row) = find(&councils, |council| council.store.file(id))?;
        Ok(query::document_neighbours(
            council, &row, read_under, now_ms,
        )?)
    }

    pub(crate) fn document_hits(
        &self,
        request: DocumentHitsRequest,
    ) -> Result<DocumentHits, Failure> {
        if request.pages.len() > MOST_PAGES {
            return Err(ErrorCode::BadRequest.into());
        }
        let (session, reader) = (self.session()?, self.reader()?);
        let query = Query::parse(&request.text, Typing::Yes);
        let context = (&*session.vault, &reader, self.now_ms());
        let slips = match request.slips {
            true => Slips::Too,
            false => Slips::No,
        };
        let begun = Instant::now();
        let mut counts = Vec::with_capacity(request.pages.len());
        for page in request.pages {
            let text = session.documents.text(context, &request.doc, page)?;
            counts.push(u32::try_from(query.count(&text, slips)).unwrap_or(u32::MAX));
            if begun.elapsed() >= ANSWER_WITHIN {
                break;
            }
        }
        Ok(DocumentHits { counts })
    }

    /// The files with a tab that may still be read, with the names that they have now.
    pub(crate) fn tabs_list(&self, _: Empty) -> Result<Vec<Tab>, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let kept = session.notes.setting(TABS)?.unwrap_or_default();
        let mut tabs = Vec::new();
        for id in kept.split_whitespace().take(MOST_TABS) {
            // Access has ended, or the council is gone: so is the tab.
            let Ok((council, row)) =
                object_id(id).and_then(|id| find(&councils, |council| council.store.file(id)))
            else {
                continue;
            };
            tabs.push(Tab {
                file_id: row.id().to_string(),
                council_id: council.record.council.to_string(),
                title: row.file.name,
                public: row.public,
            });
        }
        Ok(tabs)
    }

    pub(crate) fn tabs_set(&self, request: TabsSetRequest) -> Result<Empty, Failure> {
        let session = self.session()?;
        if request.file_ids.len() > MOST_TABS {
            return Err(ErrorCode::BadRequest.into());
        }
        let mut ids = Vec::with_capacity(request.file_ids.len());
        for id in &request.file_ids {
            ids.push(object_id(id)?.to_string());
        }
        let kept = (!ids.is_empty()).then(|| ids.join(" "));
        session.notes.setting_set(TABS, kept.as_deref())?;
        Ok(Empty {})
    }

    /// What stood side by side, if both may still be read.
    pub(crate) fn split_get(&self, _: Empty) -> Result<SplitKept, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let kept = session.notes.setting(SPLIT)?;
        // What a newer app has written is as good as nothing.
        let split: Option<ReaderSplit> = kept.and_then(|kept| serde_json::from_str(&kept).ok());
        let councils = session.councils(now_ms)?;
        let may_read = |look: &SplitLook| {
            let id = object_id(&look.file_id);
            id.and_then(|id| find(&councils, |council| council.store.file(id)))
                .is_ok()
        };
        Ok(SplitKept {
            split: split.filter(|split| may_read(&split.first) && may_read(&split.second)),
        })
    }

    pub(crate) fn split_set(&self, request: SplitKept) -> Result<Empty, Failure> {
        let session = self.session()?;
        let kept = match &request.split {
            Some(split) => {
                for look in [&split.first, &split.second] {
                    object_id(&look.file_id)?;
                }
                let text = serde_json::to_string(split);
                Some(text.map_err(|error| Failure::caused(ErrorCode::Internal, error))?)
            }
            None => None,
        };
        session.notes.setting_set(SPLIT, kept.as_deref())?;
        Ok(Empty {})
    }
}
