//! stub
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
impl Desk {
    pub(crate) fn document_open(&self, _request: DocumentOpenRequest) -> Result<DocumentOpened, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn document_close(&self, _request: DocumentCloseRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn page_text(&self, _request: PageTextRequest) -> Result<PageText, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn page_cancel(&self, _request: PageCancelRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn place_set(&self, _request: PlaceSetRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
}
