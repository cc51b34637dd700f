//! stub
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
impl Desk {
    pub(crate) fn today(&self, _request: Empty) -> Result<Today, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn meetings_list(&self, _request: Empty) -> Result<MeetingsList, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn meeting_open(&self, _request: MeetingOpenRequest) -> Result<MeetingDetail, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn agenda_item_open(&self, _request: AgendaItemOpenRequest) -> Result<AgendaItemDetail, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn tally_set(&self, _request: TallySetRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
}
