//! Who may do what in the roster: one pure decision over roles. The forms of links and the state they lead to stand elsewhere.
//! Source: SPEC F9.

use super::device::DeviceKind;
use super::link::{Change, Role};
use crate::ids::UserId;

/// Who signs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signer {
    pub(super) user: UserId,
    pub(super) role: Role,
    pub(super) kind: DeviceKind,
}

/// Whom a change concerns beside the signer, as far as it decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Situation {
    /// Owner of the device that goes.
    pub(super) owner_of_removed: Option<UserId>,
    /// Somebody has gone since the last rotation.
    pub(super) is_rotation_due: bool,
}

/// Why the signer may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// It takes another role.
    Role,
    /// A printed key may only bring its owner's devices in and out, and rotate.
    Paper,
}

pub(super) fn permit(signer: &Signer, change: &Change, at: &Situation) -> Result<(), Denied> {
    let is_admin = signer.role == Role::Admin;
    if signer.kind == DeviceKind::Paper {
        let is_own = match change {
            Change::AddDevice(add) => add.user == signer.user,
            Change::RemoveDevice(_) => at.owner_of_removed == Some(signer.user),
            Change::Rotate(_) => true,
            _ => false,
        };
        if !is_own {
            return Err(Denied::Paper);
        }
    }
    let is_allowed = match change {
        Change::Genesis(_) => false,
        Change::AddUser(_) | Change::RemoveUser(_) | Change::SetRole(_) | Change::Dissolve => {
            is_admin
        }
        // Nobody brings in a device for somebody else: it would speak in her name.
        Change::AddDevice(add) => add.user == signer.user,
        Change::RemoveDevice(_) => is_admin || at.owner_of_removed == Some(signer.user),
        Change::Rotate(_) => is_admin || at.is_rotation_due,
        Change::Leave(leave) => leave.user == signer.user,
    };
    if is_allowed {
        Ok(())
    } else {
        Err(Denied::Role)
    }
}
