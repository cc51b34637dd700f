//! stub
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
impl Desk {
    pub(crate) fn app_status(&self, _request: Empty) -> Result<AppStatus, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn settings_get(&self, _request: Empty) -> Result<Settings, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn settings_set(&self, _request: Settings) -> Result<Settings, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn storage_overview(&self, _request: Empty) -> Result<StorageOverview, Failure> { Err(ErrorCode::Locked.into()) }
}
