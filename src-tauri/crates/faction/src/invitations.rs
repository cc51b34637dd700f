//! The invitations that this device has given out, as they stand.

use rusqlite::named_params;
use sync_protocol::faction::join::{JoinFinish, JoinOffer, JoinStart, check_finish, make_hello};
use sync_protocol::faction::link::Role;
use sync_protocol::ids::InvitationId;

use crate::error::FactionError;
use crate::invite::{Newcomer, read_invitation};
use crate::rows::{fixed, stored};
use crate::space::Space;

/// How an invitation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationState {
    /// Nobody has proved that she knows it.
    Open,
    /// Somebody has; the words are to be compared.
    Compare(Newcomer),
    /// She comes in, or has come in.
    Used,
    /// It has run out.
    Expired,
}

/// An invitation that this device has given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvitation {
    /// Its id.
    pub id: InvitationId,
    /// By letter, not by QR code.
    pub is_letter: bool,
    /// As what; `None`: a further device of the owner.
    pub role: Option<Role>,
    /// Until when; ms UTC.
    pub expires_at_ms: i64,
    /// How it stands.
    pub state: InvitationState,
}

impl Space {
    /// All of them, in the order in which they were given out. Words take about 50 ms each.
    ///
    /// Errors: the database.
    pub fn invitations(&self, now_at_ms: i64) -> Result<Vec<OpenInvitation>, FactionError> {
        let ids: Vec<InvitationId> = self.store.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id FROM invitation WHERE space = :space ORDER BY rowid")?;
            let rows = statement.query_map(named_params! {":space": self.row}, |row| {
                Ok(InvitationId::from_bytes(fixed(row, "id")?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        let mut invitations = Vec::new();
        for id in ids {
            invitations.extend(self.invitation(id, now_at_ms)?);
        }
        Ok(invitations)
    }

    fn invitation(
        &self,
        id: InvitationId,
        now_at_ms: i64,
    ) -> Result<Option<OpenInvitation>, FactionError> {
        let row = self
            .store
            .read(|connection| Ok(read_invitation(connection, self.row, id)?))?;
        let Some(row) = row else {
            return Ok(None);
        };
        let state = if row.is_used {
            InvitationState::Used
        } else if now_at_ms >= row.expires_at_ms {
            InvitationState::Expired
        } else if let (Some(start), Some(offer), Some(finish)) =
            (&row.start, &row.offer, &row.finish)
        {
            let (start, offer): (JoinStart, JoinOffer) = (stored(start)?, stored(offer)?);
            let finish: JoinFinish = stored(finish)?;
            let (_, transcript) = make_hello(&row.key, &start, offer);
            let names = check_finish(&row.key, &transcript, &start, &offer, &finish)?;
            InvitationState::Compare(Newcomer {
                user_name: names.user,
                device_name: names.device,
                words: Some(transcript.confirm_words(&row.key)),
            })
        } else {
            InvitationState::Open
        };
        Ok(Some(OpenInvitation {
            id,
            is_letter: row.is_letter,
            role: row.role,
            expires_at_ms: row.expires_at_ms,
            state,
        }))
    }
}
