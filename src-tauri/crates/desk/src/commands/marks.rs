//! stub
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
impl Desk {
    pub(crate) fn mark_create(&self, _request: MarkCreateRequest) -> Result<Mark, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn mark_update(&self, _request: MarkUpdateRequest) -> Result<Mark, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn mark_delete(&self, _request: MarkDeleteRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn undo(&self, _request: UndoRequest) -> Result<UndoResult, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn redo(&self, _request: UndoRequest) -> Result<UndoResult, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn marks_list(&self, _request: MarksListRequest) -> Result<Vec<Mark>, Failure> { Err(ErrorCode::Locked.into()) }
}
