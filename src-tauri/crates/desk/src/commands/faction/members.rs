//! Who belongs to a space: inviting, letting in, giving roles, taking out, leaving, ending.

use faction::{Intent, InvitationState, OpenInvitation};
use qrcode::{Color, EcLevel, QrCode};
use sync_protocol::ids::{FactionDeviceId, InvitationId, UserId};

use super::Opened;
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::query::faction::{border_role, role};
use crate::words;

impl Desk {
    pub(crate) fn faction_members(
        &self,
        request: FactionRequest,
    ) -> Result<FactionMembers, Failure> {
        let opened = self.opened(&request.faction_id)?;
        self.members(&opened)
    }

    fn members(&self, opened: &Opened) -> Result<FactionMembers, Failure> {
        let space = opened.space();
        let people = self.look(&opened.session, &space, |look| Ok(look.people()?))?;
        let invitations = space.invitations(self.now_ms())?;
        let named = |user: &UserId| {
            let id = user.to_string();
            let person = people.iter().find(|person| person.user_id == id);
            person.and_then(|person| person.name.clone())
        };
        let speech = self.speech();
        let pending = space.intents()?;
        let pending = pending
            .iter()
            .map(|intent| words::pending(intent, named, speech));
        Ok(FactionMembers {
            card: self.card_of(&opened.session, &opened.held, &space)?,
            pending: pending.collect(),
            invitations: invitations.into_iter().map(border_invitation).collect(),
            people,
        })
    }

    pub(crate) fn faction_invite(
        &self,
        request: FactionInviteRequest,
    ) -> Result<FactionInvited, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let wished = request.role.map(role);
        let now_ms = self.now_ms();
        let invited = {
            let mut space = opened.space();
            let own = space.roster().user(&space.user());
            let is_admin = own.is_some_and(|own| border_role(own.role) == FactionRole::Admin);
            if wished.is_some() && !is_admin {
                return Err(ErrorCode::FactionNotAllowed.into());
            }
            match request.way {
                FactionInviteWay::Qr => {
                    let invited = space.invite_by_qr(wished, now_ms)?;
                    let text = invited.secret.to_text();
                    FactionInvited {
                        invitation_id: invited.id.to_string(),
                        qr: Some(modules(&text)?),
                        secret: text.to_string(),
                        expires_at_ms: invited.expires_at_ms,
                    }
                }
                FactionInviteWay::Letter => {
                    let invited = space.invite_by_letter(wished, now_ms)?;
                    FactionInvited {
                        invitation_id: invited.id.to_string(),
                        secret: invited.secret.to_display().to_string(),
                        qr: None,
                        expires_at_ms: invited.expires_at_ms,
                    }
                }
            }
        };
        opened.factions.tend_all(&opened.held);
        Ok(invited)
    }

    pub(crate) fn faction_admit(
        &self,
        request: FactionAdmitRequest,
    ) -> Result<FactionMembers, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let id = invitation_id(&request.invitation_id)?;
        if request.words_match {
            opened.space().admit(id, self.now_ms())?;
        } else {
            opened.space().forget_invitation(id)?;
        }
        self.changed(&opened)
    }

    pub(crate) fn faction_invitation_forget(
        &self,
        request: FactionInvitationRequest,
    ) -> Result<FactionMembers, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let id = invitation_id(&request.invitation_id)?;
        opened.space().forget_invitation(id)?;
        self.changed(&opened)
    }

    pub(crate) fn faction_set_role(
        &self,
        request: FactionRoleRequest,
    ) -> Result<FactionMembers, Failure> {
        let user = user_id(&request.user_id)?;
        let intent = Intent::SetRole {
            user,
            role: role(request.role),
        };
        self.intend(&request.faction_id, &intent, Needs::Admin)
    }

    pub(crate) fn faction_remove_user(
        &self,
        request: FactionUserRequest,
    ) -> Result<FactionMembers, Failure> {
        let intent = Intent::RemoveUser(user_id(&request.user_id)?);
        self.intend(&request.faction_id, &intent, Needs::Admin)
    }

    pub(crate) fn faction_remove_device(
        &self,
        request: FactionDeviceRequest,
    ) -> Result<FactionMembers, Failure> {
        let device: FactionDeviceId = request.device_id.parse().map_err(|_| ErrorCode::NotFound)?;
        self.intend(
            &request.faction_id,
            &Intent::RemoveDevice(device),
            Needs::OwnerOf(device),
        )
    }

    pub(crate) fn faction_leave(&self, request: FactionRequest) -> Result<FactionCard, Failure> {
        Ok(self
            .intend(&request.faction_id, &Intent::Leave, Needs::Another)?
            .card)
    }

    pub(crate) fn faction_dissolve(&self, request: FactionRequest) -> Result<FactionCard, Failure> {
        Ok(self
            .intend(&request.faction_id, &Intent::Dissolve, Needs::Admin)?
            .card)
    }

    pub(crate) fn faction_forget(
        &self,
        request: FactionRequest,
    ) -> Result<FactionOverview, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let is_over = {
            let space = opened.space();
            space.is_removed() || space.roster().is_dissolved()
        };
        if !is_over {
            // Whoever still belongs to it leaves it first, so that the others know.
            return Err(ErrorCode::BadRequest.into());
        }
        opened.factions.forget(&opened.held)?;
        opened
            .session
            .notes
            .shared_forget_all(*opened.held.faction.as_bytes())?;
        self.faction_overview(Empty {})
    }

    pub(crate) fn faction_paper_key(
        &self,
        request: FactionRequest,
    ) -> Result<FactionPaperKey, Failure> {
        let opened = self.opened(&request.faction_id)?;
        let key = opened
            .space()
            .make_paper_key(words::paper_key(self.speech()))?;
        opened.factions.was_written(&opened.held);
        Ok(FactionPaperKey {
            code: key.to_display().to_string(),
        })
    }

    /// Keeps a wish for the next exchange, if it can be fulfilled as the roster is known here.
    fn intend(
        &self,
        faction_id: &str,
        intent: &Intent,
        needs: Needs,
    ) -> Result<FactionMembers, Failure> {
        let opened = self.opened(faction_id)?;
        {
            let mut space = opened.space();
            let own = space.user();
            let roster = space.roster();
            let is_admin = |user: &UserId| {
                roster
                    .user(user)
                    .is_some_and(|user| border_role(user.role) == FactionRole::Admin)
            };
            let has_other_admin = |leaving: UserId| {
                roster
                    .present_users()
                    .any(|user| user.user != leaving && is_admin(&user.user))
            };
            match needs {
                Needs::Admin if !is_admin(&own) => return Err(ErrorCode::FactionNotAllowed.into()),
                Needs::OwnerOf(device) => {
                    let owner = roster.device(&device).ok_or(ErrorCode::NotFound)?.user;
                    if owner != own && !is_admin(&own) {
                        return Err(ErrorCode::FactionNotAllowed.into());
                    }
                }
                Needs::Another if is_admin(&own) && !has_other_admin(own) => {
                    return Err(ErrorCode::FactionLastAdmin.into());
                }
                Needs::Admin | Needs::Another => {}
            }
            let loses_admin = match intent {
                Intent::SetRole { user, role } => {
                    (border_role(*role) != FactionRole::Admin && is_admin(user)).then_some(*user)
                }
                Intent::RemoveUser(user) => is_admin(user).then_some(*user),
                _ => None,
            };
            if loses_admin.is_some_and(|user| !has_other_admin(user)) {
                return Err(ErrorCode::FactionLastAdmin.into());
            }
            space.intend(intent)?;
        }
        self.changed(&opened)
    }

    fn changed(&self, opened: &Opened) -> Result<FactionMembers, Failure> {
        opened.factions.was_written(&opened.held);
        self.members(opened)
    }
}

/// Who may wish it.
enum Needs {
    Admin,
    /// The owner of this device, or an admin.
    OwnerOf(FactionDeviceId),
    /// An admin may only go if there is another.
    Another,
}

fn border_invitation(one: OpenInvitation) -> FactionInvitation {
    let (state, newcomer) = match one.state {
        InvitationState::Open => (FactionInviteState::Open, None),
        InvitationState::Compare(newcomer) => (FactionInviteState::Compare, Some(newcomer)),
        InvitationState::Used => (FactionInviteState::Admitted, None),
        InvitationState::Expired => (FactionInviteState::Over, None),
    };
    let words = newcomer.as_ref().and_then(|newcomer| newcomer.words);
    FactionInvitation {
        invitation_id: one.id.to_string(),
        way: match one.is_letter {
            true => FactionInviteWay::Letter,
            false => FactionInviteWay::Qr,
        },
        role: one.role.map(border_role),
        expires_at_ms: one.expires_at_ms,
        state,
        words: words.map(|words| words.map(str::to_owned).to_vec()),
        newcomer: newcomer.map(|newcomer| newcomer.user_name),
    }
}

/// The dark modules of a QR code, row by row.
fn modules(text: &str) -> Result<Vec<Vec<bool>>, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| Failure::caused(ErrorCode::Internal, error))?;
    let colors = code.to_colors();
    let rows = colors.chunks(code.width());
    Ok(rows
        .map(|row| row.iter().map(|color| *color == Color::Dark).collect())
        .collect())
}

fn invitation_id(hex: &str) -> Result<InvitationId, Failure> {
    hex.parse().map_err(|_| ErrorCode::NotFound.into())
}

pub(super) fn user_id(hex: &str) -> Result<UserId, Failure> {
    hex.parse().map_err(|_| ErrorCode::NotFound.into())
}
