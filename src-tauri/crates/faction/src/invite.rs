//! Invitations that this device has given out: single use, an end, few tries. The newcomer's messages come through the server as
//! bytes. Not here: the cryptography of joining, which is the protocol's, and the newcomer's side (`joining`).

use rusqlite::{Connection, OptionalExtension, named_params};
use sync_protocol::cbor::{from_cbor_exact, to_cbor};
use sync_protocol::faction::device::{DeviceKind, FactionKeys};
use sync_protocol::faction::join::{
    JoinError, JoinFinish, JoinHello, JoinKey, JoinOffer, JoinStart, LETTER_LIFETIME_MS,
    LetterCode, MAX_TRIES, QR_LIFETIME_MS, check_finish, make_hello,
};
use sync_protocol::faction::link::Role;
use sync_protocol::faction::paper::PaperKey;
use sync_protocol::faction::qr::QrInvitation;
use sync_protocol::ids::{InvitationId, UserId};
use sync_protocol::pairing::PairNonce;

use crate::error::FactionError;
use crate::intent::Intent;
use crate::rows::{fixed, stored};
use crate::space::Space;

/// An invitation that was given out.
#[derive(Debug)]
pub struct Invited<T> {
    /// Its id; messages come under it.
    pub id: InvitationId,
    /// What is shown or printed.
    pub secret: T,
    /// Until when; ms UTC.
    pub expires_at_ms: i64,
}

/// Somebody who has proved that she knows the invitation.
#[derive(Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// How she calls herself.
    pub user_name: String,
    /// How she calls her device.
    pub device_name: String,
    /// By letter: the six words to be compared before [`Space::admit`]. By QR: none, she comes in with the next upload.
    pub words: Option<[&'static str; 6]>,
}

impl std::fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Newcomer(…)")
    }
}

pub(crate) struct InvitationRow {
    pub(crate) key: JoinKey,
    pub(crate) is_letter: bool,
    pub(crate) role: Option<Role>,
    pub(crate) expires_at_ms: i64,
    pub(crate) tries_left: u32,
    pub(crate) start: Option<Vec<u8>>,
    pub(crate) offer: Option<Vec<u8>>,
    pub(crate) finish: Option<Vec<u8>>,
    pub(crate) is_used: bool,
}

impl Space {
    /// Invites somebody who stands here. `role`: `None` for a further device of the owner.
    ///
    /// Errors: `Removed`, no randomness, the database.
    pub fn invite_by_qr(
        &mut self,
        role: Option<Role>,
        now_at_ms: i64,
    ) -> Result<Invited<QrInvitation>, FactionError> {
        let own = self.roster.device(&self.keys.device);
        let fingerprint = own.ok_or(FactionError::Removed)?.record.claim.fingerprint();
        let expires_at_ms = now_at_ms.saturating_add(QR_LIFETIME_MS);
        let secret = QrInvitation::make(self.faction(), fingerprint, expires_at_ms)?;
        let id = self.keep_invitation(&secret.join_key(), false, role, expires_at_ms)?;
        Ok(Invited {
            id,
            secret,
            expires_at_ms,
        })
    }

    /// Invites somebody by letter. `role`: `None` for a further device of the owner.
    ///
    /// Errors: `Removed`, no randomness, the database.
    pub fn invite_by_letter(
        &mut self,
        role: Option<Role>,
        now_at_ms: i64,
    ) -> Result<Invited<LetterCode>, FactionError> {
        let secret = LetterCode::make()?;
        let expires_at_ms = now_at_ms.saturating_add(LETTER_LIFETIME_MS);
        let id = self.keep_invitation(&JoinKey::of_letter(&secret), true, role, expires_at_ms)?;
        Ok(Invited {
            id,
            secret,
            expires_at_ms,
        })
    }

    fn keep_invitation(
        &self,
        key: &JoinKey,
        is_letter: bool,
        role: Option<Role>,
        expires_at_ms: i64,
    ) -> Result<InvitationId, FactionError> {
        if self.is_removed() {
            return Err(FactionError::Removed);
        }
        let id = key.invitation_id();
        self.store.write(|tx| {
            tx.execute(
                "INSERT INTO invitation (id, space, join_key, is_letter, role, expires_at_ms, tries_left, is_used)
                 VALUES (:id, :space, :join_key, :is_letter, :role, :expires_at_ms, :tries_left, 0)",
                named_params! {
                    ":id": id.as_bytes(), ":space": self.row, ":join_key": key.expose(), ":is_letter": is_letter,
                    ":role": role.map(role_number), ":expires_at_ms": expires_at_ms, ":tries_left": MAX_TRIES,
                },
            )?;
            Ok(())
        })?;
        Ok(id)
    }

    /// A newcomer begins. Whoever it is has proved nothing yet; until somebody has, the last one counts.
    ///
    /// Errors: `InvitationUnknown`, `InvitationUsed`, `InvitationExpired`, `Message`, the database.
    pub fn invitation_start(
        &mut self,
        id: InvitationId,
        start: &[u8],
        now_at_ms: i64,
    ) -> Result<JoinHello, FactionError> {
        let row = self.usable(id, now_at_ms)?;
        if row.finish.is_some() {
            return Err(FactionError::OutOfTurn);
        }
        let read: JoinStart = from_cbor_exact(start).map_err(FactionError::Message)?;
        if read.invitation != id {
            return Err(FactionError::OutOfTurn);
        }
        let own = self.roster.device(&self.keys.device);
        let user = match row.role {
            Some(_) => UserId::make()?,
            None => self.user,
        };
        let offer = JoinOffer {
            faction: self.faction(),
            inviter: self.keys.device,
            fingerprint: own.ok_or(FactionError::Removed)?.record.claim.fingerprint(),
            user,
            role: row.role,
            nonce: PairNonce::make()?,
        };
        self.store.write(|tx| {
            tx.execute(
                "UPDATE invitation SET start = :start, offer = :offer WHERE id = :id",
                named_params! {":start": start, ":offer": to_cbor(&offer), ":id": id.as_bytes()},
            )?;
            Ok(())
        })?;
        Ok(make_hello(&row.key, &read, offer).0)
    }

    /// A newcomer proves that she knows the invitation. By QR she comes in with the next upload of the roster; by letter the words
    /// are compared first.
    ///
    /// Errors: as [`Self::invitation_start`], and `Join`; after ten wrong proofs the invitation is forgotten.
    pub fn invitation_finish(
        &mut self,
        id: InvitationId,
        finish: &[u8],
        now_at_ms: i64,
    ) -> Result<Newcomer, FactionError> {
        let row = self.usable(id, now_at_ms)?;
        let (Some(start), Some(offer), None) = (&row.start, &row.offer, &row.finish) else {
            return Err(FactionError::OutOfTurn);
        };
        let (start, offer): (JoinStart, JoinOffer) = (stored(start)?, stored(offer)?);
        let read: JoinFinish = from_cbor_exact(finish).map_err(FactionError::Message)?;
        let (_, transcript) = make_hello(&row.key, &start, offer);
        let names = match check_finish(&row.key, &transcript, &start, &offer, &read) {
            Ok(names) => names,
            Err(error @ JoinError::WrongMac) => {
                self.count_wrong(id, row.tries_left)?;
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        };
        self.store.write(|tx| {
            tx.execute(
                "UPDATE invitation SET finish = :finish WHERE id = :id",
                named_params! {":finish": finish, ":id": id.as_bytes()},
            )?;
            Ok(())
        })?;
        let words = row.is_letter.then(|| transcript.confirm_words(&row.key));
        if !row.is_letter {
            self.admit(id, now_at_ms)?;
        }
        Ok(Newcomer {
            user_name: names.user,
            device_name: names.device,
            words,
        })
    }

    /// Lets a newcomer in whose words were compared; the invitation is used up.
    ///
    /// Errors: `InvitationUnknown`, `InvitationUsed`, `InvitationExpired`, `OutOfTurn`, the database.
    pub fn admit(&mut self, id: InvitationId, now_at_ms: i64) -> Result<(), FactionError> {
        let row = self.usable(id, now_at_ms)?;
        let (Some(start), Some(offer), Some(finish)) = (&row.start, &row.offer, &row.finish) else {
            return Err(FactionError::OutOfTurn);
        };
        let (start, offer): (JoinStart, JoinOffer) = (stored(start)?, stored(offer)?);
        let finish: JoinFinish = stored(finish)?;
        let (_, transcript) = make_hello(&row.key, &start, offer);
        let names = check_finish(&row.key, &transcript, &start, &offer, &finish)?;
        let intent = match row.role {
            Some(role) => Intent::AddUser {
                user: offer.user,
                role,
                claim: finish.claim,
                user_name: names.user,
                device_name: names.device,
            },
            None => Intent::AddDevice {
                claim: finish.claim,
                device_name: names.device,
            },
        };
        self.store.write(|tx| {
            let sql = "UPDATE invitation SET is_used = 1 WHERE id = :id";
            tx.execute(sql, named_params! {":id": id.as_bytes()})?;
            tx.execute(
                "INSERT INTO intent (space, bytes) VALUES (:space, :bytes)",
                named_params! {":space": self.row, ":bytes": to_cbor(&intent)},
            )?;
            Ok(())
        })
    }

    /// Takes an invitation back, also after words that differed.
    ///
    /// Errors: the database.
    pub fn forget_invitation(&mut self, id: InvitationId) -> Result<(), FactionError> {
        self.store.write(|tx| {
            let sql = "DELETE FROM invitation WHERE id = :id AND space = :space";
            tx.execute(
                sql,
                named_params! {":id": id.as_bytes(), ":space": self.row},
            )?;
            Ok(())
        })
    }

    /// Makes a paper key of the owner; it is shown once, and opens everything as soon as the roster was uploaded.
    ///
    /// Errors: `Removed`, no randomness, the database.
    pub fn make_paper_key(&mut self, name: &str) -> Result<PaperKey, FactionError> {
        let paper = PaperKey::make()?;
        let keys: FactionKeys = paper.derive_keys();
        let claim = keys.claim(Some(self.faction()), self.user, DeviceKind::Paper)?;
        self.intend(&Intent::AddDevice {
            claim,
            device_name: name.to_owned(),
        })?;
        Ok(paper)
    }

    fn usable(&self, id: InvitationId, now_at_ms: i64) -> Result<InvitationRow, FactionError> {
        let row = self
            .store
            .read(|connection| Ok(read_invitation(connection, self.row, id)?))?;
        let row = row.ok_or(FactionError::InvitationUnknown)?;
        if row.is_used {
            return Err(FactionError::InvitationUsed);
        }
        if now_at_ms >= row.expires_at_ms {
            return Err(FactionError::InvitationExpired);
        }
        Ok(row)
    }

    fn count_wrong(&mut self, id: InvitationId, tries_left: u32) -> Result<(), FactionError> {
        let left = tries_left.saturating_sub(1);
        if left == 0 {
            return self.forget_invitation(id);
        }
        self.store.write(|tx| {
            let sql = "UPDATE invitation SET tries_left = :left WHERE id = :id";
            tx.execute(sql, named_params! {":left": left, ":id": id.as_bytes()})?;
            Ok(())
        })
    }
}

fn role_number(role: Role) -> u8 {
    match role {
        Role::Member => 0,
        Role::Staff => 1,
        Role::Admin => 2,
    }
}

/// The least role for a number that no version has written.
fn role_of(number: u8) -> Role {
    match number {
        2 => Role::Admin,
        1 => Role::Staff,
        _ => Role::Member,
    }
}

pub(crate) fn read_invitation(
    connection: &Connection,
    space: i64,
    id: InvitationId,
) -> rusqlite::Result<Option<InvitationRow>> {
    let sql = "SELECT * FROM invitation WHERE id = :id AND space = :space";
    let params = named_params! {":id": id.as_bytes(), ":space": space};
    let row = connection.query_row(sql, params, |row| {
        Ok(InvitationRow {
            key: JoinKey::from_bytes(fixed(row, "join_key")?),
            is_letter: row.get("is_letter")?,
            role: row.get::<_, Option<u8>>("role")?.map(role_of),
            expires_at_ms: row.get("expires_at_ms")?,
            tries_left: row.get("tries_left")?,
            start: row.get("start")?,
            offer: row.get("offer")?,
            finish: row.get("finish")?,
            is_used: row.get("is_used")?,
        })
    });
    row.optional()
}
