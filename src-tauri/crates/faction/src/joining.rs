//! The newcomer's side: what was scanned or typed, the messages, and the first look at the roster.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, named_params};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::MAX_NAME_LEN;
use sync_protocol::faction::device::{DeviceKind, DeviceRecord, FactionKeys};
use sync_protocol::faction::join::{
    JoinError, JoinFinish, JoinHello, JoinKey, JoinNames, JoinOffer, JoinStart, LetterCode,
    check_hello, check_roster, make_finish, make_hello, make_start,
};
use sync_protocol::faction::link::{AddDevice, Change, Link, SignedLink};
use sync_protocol::faction::paper::PaperKey;
use sync_protocol::faction::qr::QrInvitation;
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed::{Named, seal_name};
use sync_protocol::faction::seed_box::{SeedBox, make_seed_box, open_seed_box};
use sync_protocol::faction::wire::Entry;
use sync_protocol::ids::{CouncilId, DeviceId, FactionDeviceId, FactionId, InvitationId, UserId};
use sync_protocol::key_box::DeviceBoxKey;
use sync_protocol::sign::SigningKey;

use crate::error::FactionError;
use crate::rows::{fixed, stored};
use crate::space::Space;
use crate::store::{FactionStore, insert_link, insert_seed, insert_space};

/// A newcomer's beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The invitation; messages go under it.
    pub id: InvitationId,
    /// What the inviter is sent first.
    pub start: JoinStart,
}

struct JoiningRow {
    council: CouncilId,
    key: JoinKey,
    qr: Option<String>,
    keys: FactionKeys,
    names: Vec<u8>,
    start: Vec<u8>,
    offer: Option<Vec<u8>>,
    finish: Option<Vec<u8>>,
}

/// A space that this device is about to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// The invitation.
    pub id: InvitationId,
    /// The council whose server carries the messages.
    pub council: CouncilId,
    /// What the inviter is sent first.
    pub start: JoinStart,
    /// The space, as soon as the inviter has answered.
    pub faction: Option<FactionId>,
    /// By letter, as soon as the inviter has answered: the six words to be compared with her. Takes about 50 ms to make.
    pub words: Option<[&'static str; 6]>,
}

impl FactionStore {
    /// Begins to join by what was scanned.
    ///
    /// Errors: `Qr`, `InvitationExpired`, no randomness, the database.
    pub fn join_by_qr(
        &self,
        council: CouncilId,
        text: &str,
        names: &JoinNames,
        now_at_ms: i64,
    ) -> Result<Join, FactionError> {
        let invitation = QrInvitation::parse(text)?;
        if now_at_ms >= invitation.expires_at_ms {
            return Err(FactionError::InvitationExpired);
        }
        self.join(council, &invitation.join_key(), Some(text), names)
    }

    /// Begins to join by the code of a letter.
    ///
    /// Errors: no randomness, the database.
    pub fn join_by_letter(
        &self,
        council: CouncilId,
        code: &LetterCode,
        names: &JoinNames,
    ) -> Result<Join, FactionError> {
        self.join(council, &JoinKey::of_letter(code), None, names)
    }

    fn join(
        &self,
        council: CouncilId,
        key: &JoinKey,
        qr: Option<&str>,
        names: &JoinNames,
    ) -> Result<Join, FactionError> {
        if names.user.len() > MAX_NAME_LEN || names.device.len() > MAX_NAME_LEN {
            return Err(JoinError::BadNames.into());
        }
        let keys = FactionKeys::make()?;
        let start = make_start(key, &keys)?;
        let id = key.invitation_id();
        self.write(|tx| {
            tx.execute(
                "INSERT OR REPLACE INTO joining (id, council, join_key, qr, device, sign_key, box_key, names, start)
                 VALUES (:id, :council, :join_key, :qr, :device, :sign_key, :box_key, :names, :start)",
                named_params! {
                    ":id": id.as_bytes(), ":council": council.as_bytes(), ":join_key": key.expose(), ":qr": qr,
                    ":device": keys.device.as_bytes(), ":sign_key": keys.sign.expose(),
                    ":box_key": keys.boxes.expose(), ":names": to_cbor(names), ":start": to_cbor(&start),
                },
            )?;
            Ok(())
        })?;
        Ok(Join { id, start })
    }

    /// The inviter has answered. Result: what she is sent then; the same bytes whenever this is asked again.
    ///
    /// Errors: `InvitationUnknown`, `Join`, `OutOfTurn` if she has answered otherwise before, the database.
    pub fn join_hello(
        &self,
        id: InvitationId,
        hello: &JoinHello,
    ) -> Result<JoinFinish, FactionError> {
        let row = self.joining(id)?;
        if let (Some(offer), Some(finish)) = (&row.offer, &row.finish) {
            let is_same = stored::<JoinOffer>(offer)? == hello.offer;
            return if is_same {
                stored(finish)
            } else {
                Err(FactionError::OutOfTurn)
            };
        }
        let start: JoinStart = stored(&row.start)?;
        let names: JoinNames = stored(&row.names)?;
        let qr = row.qr.as_deref().map(QrInvitation::parse).transpose()?;
        let transcript = check_hello(&row.key, qr.as_ref(), &start, hello)?;
        let finish = make_finish(&row.key, &transcript, &hello.offer, &row.keys, &names)?;
        self.write(|tx| {
            tx.execute(
                "UPDATE joining SET offer = :offer, finish = :finish WHERE id = :id",
                named_params! {":offer": to_cbor(&hello.offer), ":finish": to_cbor(&finish), ":id": id.as_bytes()},
            )?;
            Ok(())
        })?;
        Ok(finish)
    }

    /// The spaces that this device is about to join, as it began to.
    ///
    /// Errors: the database.
    pub fn joinings(&self) -> Result<Vec<Joining>, FactionError> {
        let ids: Vec<InvitationId> = self.read(|connection| {
            let mut statement = connection.prepare("SELECT id FROM joining ORDER BY rowid")?;
            let rows =
                statement.query_map([], |row| Ok(InvitationId::from_bytes(fixed(row, "id")?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        ids.into_iter().map(|id| self.joining_of(id)).collect()
    }

    fn joining_of(&self, id: InvitationId) -> Result<Joining, FactionError> {
        let row = self.joining(id)?;
        let offer: Option<JoinOffer> = row.offer.as_deref().map(stored).transpose()?;
        let start: JoinStart = stored(&row.start)?;
        let words = offer.filter(|_| row.qr.is_none()).map(|offer| {
            let (_, transcript) = make_hello(&row.key, &start, offer);
            transcript.confirm_words(&row.key)
        });
        Ok(Joining {
            id,
            council: row.council,
            start,
            faction: offer.map(|offer| offer.faction),
            words,
        })
    }

    /// Says to the server that its device `device` is the one that joins. `OutOfTurn` before the inviter has answered.
    ///
    /// Errors: `InvitationUnknown`, `OutOfTurn`, the database.
    pub fn joining_entry(&self, id: InvitationId, device: DeviceId) -> Result<Entry, FactionError> {
        let row = self.joining(id)?;
        let offer: JoinOffer = stored(row.offer.as_deref().ok_or(FactionError::OutOfTurn)?)?;
        Ok(Entry::make(&row.keys, offer.faction, device)?)
    }

    /// Gives up joining.
    ///
    /// Errors: the database.
    pub fn forget_joining(&self, id: InvitationId) -> Result<(), FactionError> {
        self.write(|tx| {
            let sql = "DELETE FROM joining WHERE id = :id";
            tx.execute(sql, named_params! {":id": id.as_bytes()})?;
            Ok(())
        })
    }

    /// The roster has come: if it is the one that was promised and holds this device, the space is here.
    ///
    /// Errors: `InvitationUnknown`, `OutOfTurn`, `Roster`, `Join`, the database.
    pub fn join_roster(
        self: &Arc<Self>,
        id: InvitationId,
        links: &[SignedLink],
    ) -> Result<Space, FactionError> {
        let row = self.joining(id)?;
        let offer: JoinOffer = stored(row.offer.as_deref().ok_or(FactionError::OutOfTurn)?)?;
        let roster = Roster::verify(links, Some(&offer.faction))?;
        check_roster(&roster, &offer, &row.keys)?;
        self.write(|tx| {
            insert_roster(tx, &roster, links, row.council, offer.user, &row.keys)?;
            let sql = "DELETE FROM joining WHERE id = :id";
            tx.execute(sql, named_params! {":id": id.as_bytes()})?;
            Ok(())
        })?;
        Space::over(Arc::clone(self), roster)
    }

    fn joining(&self, id: InvitationId) -> Result<JoiningRow, FactionError> {
        self.read(|connection| {
            let sql = "SELECT * FROM joining WHERE id = :id";
            let row = connection.query_row(sql, named_params! {":id": id.as_bytes()}, |row| {
                Ok(JoiningRow {
                    council: CouncilId::from_bytes(fixed(row, "council")?),
                    key: JoinKey::from_bytes(fixed(row, "join_key")?),
                    qr: row.get("qr")?,
                    keys: FactionKeys {
                        device: FactionDeviceId::from_bytes(fixed(row, "device")?),
                        sign: SigningKey::from_bytes(fixed(row, "sign_key")?),
                        boxes: DeviceBoxKey::from_bytes(fixed(row, "box_key")?),
                    },
                    names: row.get("names")?,
                    start: row.get("start")?,
                    offer: row.get("offer")?,
                    finish: row.get("finish")?,
                })
            });
            row.optional()?.ok_or(FactionError::InvitationUnknown)
        })
    }

    /// Says to the server that its device `device` holds this paper key.
    ///
    /// Errors: the key is not usable.
    pub fn paper_entry(
        paper: &PaperKey,
        faction: FactionId,
        device: DeviceId,
    ) -> Result<Entry, FactionError> {
        Ok(Entry::make(&paper.derive_keys(), faction, device)?)
    }

    /// Comes back with a paper key: makes keys for this device, and the link and box by which the paper key lets it in. The space
    /// is here when the server has appended the link and `links` with it are given to [`Self::recovered`].
    ///
    /// Errors: `Roster`, `SeedBox`, `Removed` if the roster does not hold the paper key, no randomness.
    pub fn recover(
        &self,
        paper: &PaperKey,
        faction: FactionId,
        links: &[SignedLink],
        boxes: &[SeedBox],
        device_name: &str,
        at_ms: i64,
    ) -> Result<Recovery, FactionError> {
        let of_paper = paper.derive_keys();
        let mut roster = Roster::verify(links, Some(&faction))?;
        let held = roster
            .device(&of_paper.device)
            .filter(|held| held.removal.is_none());
        let user = held.ok_or(FactionError::Removed)?.user;
        let newest = roster.epoch();
        let seed_box = boxes
            .iter()
            .find(|one| one.device == of_paper.device && one.epoch == newest)
            .ok_or(FactionError::SeedMissing)?;
        let seed = open_seed_box(&roster, &of_paper.boxes, of_paper.device, seed_box)?;
        let keys = FactionKeys::make()?;
        let device = DeviceRecord {
            claim: keys.claim(Some(faction), user, DeviceKind::Tablet)?,
            name: seal_name(&seed, Named::Device(keys.device), device_name)?,
        };
        let link = Link {
            faction: Some(faction),
            seq: roster.head().seq.saturating_add(1),
            prev: roster.head().hash,
            author: of_paper.device,
            at_ms,
            change: Change::AddDevice(Box::new(AddDevice { user, device })),
        };
        let link = link.sign(&of_paper.sign)?;
        roster.append(&link)?;
        let seed_box = make_seed_box(&roster, &seed, keys.device)?;
        Ok(Recovery {
            user,
            keys,
            link,
            seed_box,
        })
    }

    /// The server has appended the link of a [`Recovery`]: the space is here.
    ///
    /// Errors: `Roster`, `SeedBox`, the database.
    pub fn recovered(
        self: &Arc<Self>,
        council: CouncilId,
        recovery: &Recovery,
        links: &[SignedLink],
    ) -> Result<Space, FactionError> {
        let roster = Roster::verify(links, None)?;
        let keys = &recovery.keys;
        let seed = open_seed_box(&roster, &keys.boxes, keys.device, &recovery.seed_box)?;
        self.write(|tx| {
            let space = insert_roster(tx, &roster, links, council, recovery.user, keys)?;
            insert_seed(tx, space, recovery.seed_box.epoch, &seed)
        })?;
        let mut space = Space::over(Arc::clone(self), roster)?;
        space.take_boxes(&[])?;
        Ok(space)
    }
}

/// A device that a paper key lets in.
#[derive(Debug)]
pub struct Recovery {
    /// Whose.
    pub user: UserId,
    keys: FactionKeys,
    /// For the server.
    pub link: SignedLink,
    /// For the server, with the link.
    pub seed_box: SeedBox,
}

fn insert_roster(
    tx: &Transaction<'_>,
    roster: &Roster,
    links: &[SignedLink],
    council: CouncilId,
    user: UserId,
    keys: &FactionKeys,
) -> Result<i64, FactionError> {
    let space = insert_space(tx, roster, council, user, keys, true)?;
    for (seq, link) in (1..).zip(links) {
        insert_link(tx, space, seq, link)?;
    }
    Ok(space)
}
