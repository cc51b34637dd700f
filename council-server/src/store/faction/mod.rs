//! Tables of the faction spaces. Nothing is decided here; `crate::faction` does.

pub(crate) mod envelopes;
pub(crate) mod invitations;
pub(crate) mod rosters;
pub(crate) mod snapshots;
pub(crate) mod spaces;
