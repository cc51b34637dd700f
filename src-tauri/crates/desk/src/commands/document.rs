//! Documents: opened, read, closed. Their images come by `page_image`.

use crate::Desk;
use crate::documents;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::page_image::ticket;
use crate::query::{find, object_id, placed_file};

impl Desk {
    pub(crate) fn document_open(
        &self,
        request: DocumentOpenRequest,
    ) -> Result<DocumentOpened, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.file_id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, row) = find(&councils, |council| council.store.file(id))?;
        let reader = self.reader()?;
        let password = session
            .notes
            .password(council.record.council, row.blob_id)?;
        let doc = documents::open(
            &session.vault,
            &reader,
            &council.store,
            &row,
            password.clone(),
        )?;
        let nature = reader.nature(doc)?;
        let pages: Vec<PageSize> = reader
            .page_sizes(doc)?
            .iter()
            .map(|size| PageSize {
                width_pt: size.width_pt,
                height_pt: size.height_pt,
            })
            .collect();
        let placed = placed_file(&council.store, &row, now_ms)?;
        let (notes, whole) = (&session.notes, council.record.council);
        let history = notes.history(notes::TargetKey::file(whole, id))?;
        let place = notes.place(whole, id)?;
        if !request.glance {
            notes.visit_set(whole, id, now_ms)?;
        }
        let page_count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        let last = page_count.saturating_sub(1);
        let doc = session
            .documents
            .insert(&council.store, &row, (doc, password), page_count);
        // A file that cannot be read for this opens all the same: it then draws its own annotations as well.
        let _ = self.document_carried(DocumentCarriedRequest { doc: doc.clone() });
        Ok(DocumentOpened {
            doc,
            council_id: council.record.council.to_string(),
            file_id: request.file_id,
            title: row.file.name.clone(),
            public: row.public,
            revision: row.file.revision,
            pages,
            last_page: place.map_or(0, |place| place.page.min(last)),
            last_offset: place.map_or(0.0, |place| place.offset),
            last_zoom: place.map(|place| place.zoom),
            last_rotation: place.map_or(0, |place| u32::from(place.rotation)),
            last_single: place.is_some_and(|place| place.is_single),
            can_undo: history.can_undo,
            can_redo: history.can_redo,
            meeting_id: placed.meeting.map(|id| id.to_string()),
            agenda_item_id: placed.agenda_item.map(|id| id.to_string()),
            label: placed.label,
            xfa: nature.is_xfa,
            attachment_count: nature.attachment_count,
        })
    }

    pub(crate) fn document_close(&self, request: DocumentCloseRequest) -> Result<Empty, Failure> {
        let session = self.session()?;
        if let Ok(document) = session.documents.get(&request.doc) {
            // Without them marks are found again by their quotations alone; the file closes all the same.
            let _ = self.keep_words_at_closing(&session, &document);
        }
        if let (Some(doc), Some(reader)) = (
            session.documents.remove(&request.doc),
            self.started_reader(),
        ) {
            reader.close(doc)?;
        }
        Ok(Empty {})
    }

    pub(crate) fn page_geometry(
        &self,
        request: PageGeometryRequest,
    ) -> Result<PageGeometry, Failure> {
        let (session, reader) = (self.session()?, self.reader()?);
        let context = (&*session.vault, &reader, self.now_ms());
        let geometry = session.documents.ask(context, &request.doc, |doc| {
            reader.page_geometry(doc, request.page)
        })?;
        Ok(border_geometry(geometry))
    }

    pub(crate) fn page_text(&self, request: PageTextRequest) -> Result<PageText, Failure> {
        let (session, reader) = (self.session()?, self.reader()?);
        let context = (&*session.vault, &reader, self.now_ms());
        let text = session
            .documents
            .ask(context, &request.doc, |doc| reader.text(doc, request.page))?;
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Ok(PageText {
            boxes: text
                .boxes
                .iter()
                .map(|place| [place.left, place.bottom, place.right, place.top])
                .collect(),
            lines: text
                .lines
                .iter()
                .map(|line| TextRange {
                    start: number(line.start),
                    end: number(line.end),
                })
                .collect(),
            geometry: border_geometry(text.geometry),
            chars: text.text,
        })
    }

    pub(crate) fn page_cancel(&self, request: PageCancelRequest) -> Result<Empty, Failure> {
        self.session()?;
        if let Some(reader) = self.started_reader() {
            for number in request.tickets {
                reader.cancel(ticket(&request.doc, number).ok_or(ErrorCode::BadRequest)?);
            }
        }
        Ok(Empty {})
    }

    pub(crate) fn place_set(&self, request: PlaceSetRequest) -> Result<Empty, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.file_id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, row) = find(&councils, |council| council.store.file(id))?;
        let (notes, whole) = (&session.notes, council.record.council);
        let place = notes::Place {
            page: request.page,
            offset: request.offset,
            zoom: request.zoom,
            rotation: u8::try_from(request.rotation).map_err(|_| ErrorCode::BadRequest)?,
            is_single: request.single,
        };
        notes.place_set(whole, id, place, now_ms)?;
        // Where the member stays, a page was on the screen.
        notes.pages_read_add(whole, id, row.blob_id, &[request.page], now_ms)?;
        Ok(Empty {})
    }
}

fn border_geometry(geometry: reader::PageGeometry) -> PageGeometry {
    let shown = geometry.shown;
    PageGeometry {
        shown: [shown.left, shown.bottom, shown.right, shown.top],
        rotation: u32::from(u16::from(geometry.rotation)),
    }
}
