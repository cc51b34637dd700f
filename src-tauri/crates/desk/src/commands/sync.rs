//! stub
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
impl Desk {
    pub(crate) fn council_pair(&self, _request: CouncilPairRequest) -> Result<CouncilPaired, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn sync_start(&self, _request: SyncStartRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn sync_cancel(&self, _request: Empty) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn sync_status(&self, _request: SyncStatusRequest) -> Result<SyncStatus, Failure> { Err(ErrorCode::Locked.into()) }
}
