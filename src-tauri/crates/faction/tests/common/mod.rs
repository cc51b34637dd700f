//! A server in memory and tablets that talk to it: as honest as the real one, or as a test wants it.
// Each test binary uses its own part of this.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use faction::*;
use rusqlite::Connection;
use sync_protocol::cbor::to_cbor;
use sync_protocol::class_key::ClassKey;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::faction::envelope::{AuthorPosition, SignedEnvelope};
use sync_protocol::faction::join::JoinNames;
use sync_protocol::faction::link::{Role, SignedLink};
use sync_protocol::faction::relay::{PostVerdict, check_append, check_post};
use sync_protocol::faction::roster::{Roster, RosterError, RosterHead};
use sync_protocol::faction::seed_box::SeedBox;
use sync_protocol::ids::*;

pub const COUNCIL: CouncilId = CouncilId::from_bytes([0xc0; 16]);
pub const AUDIENCE: AudienceId = AudienceId::from_bytes([0xa0; 16]);
pub const NOW_MS: i64 = 1_788_256_800_000;
/// A meeting's item 5.
pub const ITEM_5: Anchor = Anchor {
    council: COUNCIL,
    kind: 7,
    object: ObjectId::from_bytes([5; 16]),
};

pub fn no_keys(_: CouncilId, _: AudienceId, _: KeyEpoch) -> Option<ClassKey> {
    None
}

pub fn class_key() -> ClassKey {
    ClassKey::from_bytes([0x5c; 32])
}

pub fn committee_keys(_: CouncilId, audience: AudienceId, epoch: KeyEpoch) -> Option<ClassKey> {
    (audience == AUDIENCE && epoch == KeyEpoch(3)).then(class_key)
}

pub fn committee() -> Readers {
    Readers::ClassKey {
        audience: AUDIENCE,
        epoch: KeyEpoch(3),
        key: class_key(),
    }
}

/// What the real server does, without its disk and its network.
#[derive(Debug, Clone)]
pub struct Relay {
    pub links: Vec<SignedLink>,
    pub boxes: Vec<SeedBox>,
    pub envelopes: Vec<SignedEnvelope>,
    pub last: BTreeMap<FactionDeviceId, AuthorPosition>,
    pub roster: Roster,
    /// The next answers to an upload that get lost on the way back.
    pub lost_answers: usize,
}

/// The server's answer to an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Taken,
    Conflict,
    /// Taken or not: nobody knows.
    Lost,
}

impl Relay {
    pub fn new(founded: &Founded) -> Self {
        Self {
            roster: Roster::begin(&founded.genesis, None).unwrap(),
            links: vec![founded.genesis.clone()],
            boxes: founded.boxes.clone(),
            envelopes: Vec::new(),
            last: BTreeMap::new(),
            lost_answers: 0,
        }
    }

    fn answer(&mut self, answer: Answer) -> Answer {
        if self.lost_answers > 0 {
            self.lost_answers -= 1;
            return Answer::Lost;
        }
        answer
    }

    pub fn last_of(&self, device: &FactionDeviceId) -> AuthorPosition {
        self.last
            .get(device)
            .copied()
            .unwrap_or(AuthorPosition::START)
    }

    pub fn append(&mut self, after: RosterHead, links: &[SignedLink], boxes: &[SeedBox]) -> Answer {
        match check_append(
            &self.roster,
            |device| self.last_of(device),
            &after.hash,
            links,
        ) {
            Ok(next) => {
                self.roster = next;
                self.links.extend_from_slice(links);
                self.boxes.extend_from_slice(boxes);
                self.answer(Answer::Taken)
            }
            Err(_) => self.answer(Answer::Conflict),
        }
    }

    pub fn post(&mut self, envelope: &SignedEnvelope) -> Answer {
        let device = envelope.header().unwrap().device;
        match check_post(&self.roster, &self.last_of(&device), envelope) {
            Ok(PostVerdict::New(position)) => {
                self.last.insert(device, position);
                self.envelopes.push(envelope.clone());
                self.answer(Answer::Taken)
            }
            Ok(PostVerdict::Known) => self.answer(Answer::Taken),
            Err(_) => self.answer(Answer::Conflict),
        }
    }

    pub fn envelopes_after(&self, place: u64) -> (&[SignedEnvelope], u64) {
        let place = usize::try_from(place).unwrap();
        let after = self.envelopes.get(place..).unwrap_or_default();
        (after, self.envelopes.len() as u64)
    }
}

pub fn store_in_memory() -> Arc<FactionStore> {
    FactionStore::over(Connection::open_in_memory().unwrap()).unwrap()
}

#[derive(Debug)]
pub struct Tablet {
    pub store: Arc<FactionStore>,
    pub space: Space,
    pub lost: Vec<(Intent, RosterError)>,
}

impl Tablet {
    pub fn found() -> (Self, Relay) {
        let store = store_in_memory();
        let founded = store
            .found(
                COUNCIL,
                "Fraktion Linde",
                "Erika Beispiel",
                "Tablet",
                NOW_MS,
            )
            .unwrap();
        let relay = Relay::new(&founded);
        founded.space.created().unwrap();
        let space = founded.space;
        (Self::over(store, space), relay)
    }

    pub fn over(store: Arc<FactionStore>, space: Space) -> Self {
        Self {
            store,
            space,
            lost: Vec::new(),
        }
    }

    pub fn device(&self) -> FactionDeviceId {
        self.space.device()
    }

    /// Fetches everything there is, in the order that the devices use.
    pub fn fetch(&mut self, relay: &Relay) -> TakenEnvelopes {
        let known = usize::try_from(self.space.roster().head().seq).unwrap();
        let new = relay.links.get(known..).unwrap_or_default();
        self.space.take_links(new).unwrap();
        if !self.space.holds_newest_seed().unwrap() {
            let own = relay.boxes.iter().filter(|one| one.device == self.device());
            let own: Vec<SeedBox> = own.cloned().collect();
            self.space.take_boxes(&own).unwrap();
        }
        let (new, upto) = relay.envelopes_after(self.space.fetched().unwrap());
        let mut taken = self.space.take_envelopes(new, upto).unwrap();
        if taken.has_gap {
            // The server's order is another one than before.
            taken = self.space.take_envelopes(&relay.envelopes, upto).unwrap();
        }
        assert!(taken.refused.is_empty(), "{:?}", taken.refused);
        taken
    }

    /// A whole synchronisation.
    pub fn sync(&mut self, relay: &mut Relay) {
        for _ in 0..200 {
            self.fetch(relay);
            if self.space.is_removed() || self.space.roster().is_dissolved() {
                return;
            }
            let (upload, lost) = self.space.next_roster_upload(NOW_MS).unwrap();
            self.lost.extend(lost);
            if let Some(upload) = upload {
                if relay.append(upload.after, &upload.links, &upload.boxes) == Answer::Taken {
                    self.space.roster_uploaded(&upload).unwrap();
                }
                continue;
            }
            let Some(upload) = self.space.next_upload().unwrap() else {
                return;
            };
            match relay.post(&upload.envelope) {
                Answer::Taken => self.space.uploaded().unwrap(),
                Answer::Conflict => self.space.was_refused().unwrap(),
                Answer::Lost => {}
            }
        }
        panic!("the tablet never came to rest");
    }

    /// The whole way of a QR code, and the newcomer's first synchronisation. `None`: a further device of the owner.
    pub fn brings_in(&mut self, role: Option<Role>, relay: &mut Relay) -> Tablet {
        let mut newcomer = self.lets_in(role, relay);
        newcomer.sync(relay);
        newcomer
    }

    /// As [`Self::brings_in`], without that.
    pub fn lets_in(&mut self, role: Option<Role>, relay: &mut Relay) -> Tablet {
        let invited = self.space.invite_by_qr(role, NOW_MS).unwrap();
        let store = store_in_memory();
        let text = invited.secret.to_text();
        let join = store.join_by_qr(COUNCIL, &text, &names(), NOW_MS).unwrap();
        let start = to_cbor(&join.start);
        let hello = self
            .space
            .invitation_start(join.id, &start, NOW_MS)
            .unwrap();
        let finish = store.join_hello(join.id, &hello).unwrap();
        let words = store.joinings().unwrap()[0].words;
        assert!(words.is_none(), "a QR code needs no words");
        self.space
            .invitation_finish(join.id, &to_cbor(&finish), NOW_MS)
            .unwrap();
        self.sync(relay);
        let space = store.join_roster(join.id, &relay.links).unwrap();
        Tablet::over(store, space)
    }

    pub fn writes(&mut self, text: &str) -> ItemId {
        self.space
            .begin_message(Some(ITEM_5), None, &[], text, &Readers::Everybody, NOW_MS)
            .unwrap()
    }

    pub fn shares(&mut self, text: &str, readers: Readers) -> ItemId {
        let copy = Copy {
            anchor: ITEM_5,
            text: text.to_owned(),
            mark: None,
            at_ms: NOW_MS,
        };
        let shareable = Shareable::copy(copy, readers).unwrap();
        self.space.share(&shareable, NOW_MS).unwrap()
    }

    pub fn recommends(&mut self, edits: &[Edit]) -> ItemId {
        self.space
            .edit_position(ITEM_5, edits, &Readers::Everybody, &no_keys, NOW_MS)
            .unwrap()
    }

    pub fn body_of(&self, item: ItemId) -> Option<String> {
        let document = self.space.document(item, &no_keys).ok()?;
        document.texts.get(&TextPart::Body).cloned()
    }

    pub fn position(&self) -> DocumentView {
        let item = self.space.position_of(&ITEM_5);
        self.space.document(item, &no_keys).unwrap()
    }

    pub fn digest(&self) -> Hash {
        self.space.digest(&no_keys).unwrap()
    }
}

pub fn names() -> JoinNames {
    JoinNames {
        user: "Jens Muster".into(),
        device: "Tablet".into(),
    }
}

/// Rows of a table of a database that lies in plain sight.
pub fn count(path: &Path, table: &str) -> i64 {
    let connection = Connection::open(path).unwrap();
    let sql = format!("SELECT count(*) FROM {table}");
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// A tablet whose database lies in plain sight.
pub fn founded_at(path: &Path) -> (Tablet, Relay) {
    let store = FactionStore::over(Connection::open(path).unwrap()).unwrap();
    let founded = store
        .found(COUNCIL, "Fraktion", "Erika", "Tablet", NOW_MS)
        .unwrap();
    let relay = Relay::new(&founded);
    founded.space.created().unwrap();
    (Tablet::over(Arc::clone(&store), founded.space), relay)
}
