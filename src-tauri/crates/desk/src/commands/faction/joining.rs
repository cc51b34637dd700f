//! Founding a space, coming into one by an invitation, coming back with a paper key.

use std::sync::Arc;

use sync_protocol::faction::MAX_NAME_LEN;
use sync_protocol::faction::join::{JoinNames, LetterCode};
use sync_protocol::faction::paper::PaperKey;
use sync_protocol::ids::{CouncilId, InvitationId};

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::faction::{Factions, recover};
use crate::session::Session;

/// What every QR text begins with.
const QR_START: &str = "RATSMAPPE";

impl Desk {
    pub(crate) fn faction_found(
        &self,
        request: FactionFoundRequest,
    ) -> Result<FactionCard, Failure> {
        let session = self.session()?;
        let factions = self.factions(&session)?;
        let council = paired(&session, &request.council_id)?;
        let founded = factions.store.found(
            council,
            named(&request.name)?,
            named(&request.own_name)?,
            named(&request.device_name)?,
            self.now_ms(),
        )?;
        founded.space.begin_counting_news()?;
        let held = factions.hold(founded.space);
        self.card(&session, &held)
    }

    pub(crate) fn faction_join(&self, request: FactionJoinRequest) -> Result<FactionJoin, Failure> {
        let session = self.session()?;
        let factions = self.factions(&session)?;
        let council = paired(&session, &request.council_id)?;
        let names = JoinNames {
            user: named(&request.own_name)?.to_owned(),
            device: named(&request.device_name)?.to_owned(),
        };
        let code = request.code.trim();
        let join = if code.to_uppercase().starts_with(QR_START) {
            factions
                .store
                .join_by_qr(council, code, &names, self.now_ms())?
        } else {
            let code = LetterCode::parse(code)
                .map_err(|error| Failure::caused(ErrorCode::FactionNoInvitation, error))?;
            factions.store.join_by_letter(council, &code, &names)?
        };
        factions.go_on_joining(join.id);
        let joining = self.joinings(&factions)?;
        let id = join.id.to_string();
        let found = joining.into_iter().find(|one| one.invitation_id == id);
        found.ok_or_else(|| ErrorCode::NotFound.into())
    }

    pub(crate) fn faction_join_cancel(
        &self,
        request: FactionJoinCancelRequest,
    ) -> Result<Empty, Failure> {
        let session = self.session()?;
        let factions = self.factions(&session)?;
        let id: InvitationId = request
            .invitation_id
            .parse()
            .map_err(|_| ErrorCode::NotFound)?;
        factions.store.forget_joining(id)?;
        Ok(Empty {})
    }

    pub(crate) fn faction_recover(
        &self,
        request: FactionRecoverRequest,
    ) -> Result<FactionCard, Failure> {
        let session = self.session()?;
        let factions = self.factions(&session)?;
        let council = paired(&session, &request.council_id)?;
        let paper = PaperKey::parse(&request.code)
            .map_err(|error| Failure::caused(ErrorCode::FactionPaperKeyUnknown, error))?;
        let device_name = named(&request.device_name)?.to_owned();
        let back = recover(&factions, council, paper, device_name);
        let faction = self.runtime()?.block_on(back)?;
        let held = factions.held(&faction.to_string())?;
        self.card(&session, &held)
    }

    pub(super) fn joinings(&self, factions: &Arc<Factions>) -> Result<Vec<FactionJoin>, Failure> {
        let mut shown = Vec::new();
        for one in factions.store.joinings()? {
            let refused = factions.refused(one.id);
            let state = match (&one.faction, &one.words) {
                _ if refused.is_some() => FactionJoinState::Refused,
                (None, _) => FactionJoinState::Waiting,
                (Some(_), Some(_)) => FactionJoinState::Compare,
                (Some(_), None) => FactionJoinState::Admission,
            };
            shown.push(FactionJoin {
                invitation_id: one.id.to_string(),
                council_id: one.council.to_string(),
                state,
                words: one.words.map(|words| words.map(str::to_owned).to_vec()),
                trouble: refused.map(|code| self.spoken(&code.into()).message),
            });
        }
        Ok(shown)
    }
}

fn paired(session: &Session, council: &str) -> Result<CouncilId, Failure> {
    let id: CouncilId = council.parse().map_err(|_| ErrorCode::NotFound)?;
    let known = session.vault.keyring().council(id);
    known.map(|_| id).ok_or_else(|| ErrorCode::NotFound.into())
}

/// A name that somebody gave: not empty, and no longer than the format takes.
pub(super) fn named(name: &str) -> Result<&str, Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(ErrorCode::BadRequest.into());
    }
    if name.len() > MAX_NAME_LEN {
        return Err(ErrorCode::FactionTooLong.into());
    }
    Ok(name)
}
