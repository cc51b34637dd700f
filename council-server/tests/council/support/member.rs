//! A member of a faction space, made of nothing but the protocol: it signs, seals, and verifies whatever it is given.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::content::{Content, Item, kind};
use sync_protocol::faction::device::{DeviceKind, DeviceRecord, FactionKeys};
use sync_protocol::faction::envelope::{
    AuthorPosition, SignedEnvelope, make_envelope, verify_envelope,
};
use sync_protocol::faction::link::{
    AddUser, Change, Genesis, Link, RemoveUser, Role, Rotate, SUITE, SignedLink,
};
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed::{
    Epoch, EpochSeed, Named, open_previous, seal_name, seal_previous,
};
use sync_protocol::faction::seed_box::{make_seed_box, make_seed_boxes, open_seed_box};
use sync_protocol::faction::snapshot::{Covered, Kept, KeptItem, SignedSnapshot, make_snapshot};
use sync_protocol::faction::wire::{
    self, Append, Entry, Founding, Known, News, Ordered, PlacedSnapshot,
};
use sync_protocol::ids::{FactionDeviceId, FactionId, Hash, ItemId, UserId};

use super::START_AT_MS;
use super::tablet::{Answer, Tablet};

/// What is shared where the words do not matter.
const SPACE_NAME: &str = "Fraktion Mitte";
const DEVICE_NAME: &str = "Tablet";

/// One device in a space, with what it has taken.
pub struct Member {
    pub tablet: Tablet,
    pub keys: FactionKeys,
    pub user: UserId,
    pub roster: Roster,
    pub seeds: BTreeMap<Epoch, EpochSeed>,
    /// Its own last envelope that was ordered.
    pub last: AuthorPosition,
    /// How far every author was followed.
    pub seen: BTreeMap<FactionDeviceId, AuthorPosition>,
    pub place: u64,
    /// Texts in the server's order.
    pub heard: Vec<String>,
}

impl Member {
    /// A space that the server does not know yet.
    pub fn founding(tablet: Tablet) -> (Self, Founding) {
        Self::founding_named(tablet, SPACE_NAME)
    }

    pub fn founding_named(tablet: Tablet, space: &str) -> (Self, Founding) {
        let keys = FactionKeys::make().unwrap();
        let user = UserId::make().unwrap();
        let seed = EpochSeed::make().unwrap();
        let genesis = Genesis {
            suite: SUITE,
            name: seal_name(&seed, Named::Faction, space).unwrap(),
            user,
            user_name: seal_name(&seed, Named::User(user), &tablet.done.person_name).unwrap(),
            device: record(&keys, None, user, &seed),
            commitment: seed.commitment(),
        };
        let link = Link {
            faction: None,
            seq: 1,
            prev: Hash::ZERO,
            author: keys.device,
            at_ms: START_AT_MS,
            change: Change::Genesis(Box::new(genesis)),
        };
        let genesis = link.sign(&keys.sign).unwrap();
        let roster = Roster::begin(&genesis, None).unwrap();
        let founding = Founding {
            genesis,
            boxes: vec![make_seed_box(&roster, &seed, keys.device).unwrap()],
            entry: Entry::make(&keys, roster.faction(), tablet.device).unwrap(),
        };
        let seeds = BTreeMap::from([(Epoch::FIRST, seed)]);
        (Self::new(tablet, keys, user, roster, seeds), founding)
    }

    /// A space that the server has.
    pub fn founds(tablet: Tablet) -> Self {
        let (member, founding) = Self::founding(tablet);
        let answer = member.tells(wire::PATH_SPACES, to_cbor(&founding));
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.error_code());
        member
    }

    fn new(
        tablet: Tablet,
        keys: FactionKeys,
        user: UserId,
        roster: Roster,
        seeds: BTreeMap<Epoch, EpochSeed>,
    ) -> Self {
        Self {
            tablet,
            keys,
            user,
            roster,
            seeds,
            last: AuthorPosition::START,
            seen: BTreeMap::new(),
            place: 0,
            heard: Vec::new(),
        }
    }

    pub fn space(&self) -> FactionId {
        self.roster.faction()
    }

    pub fn seed(&self) -> &EpochSeed {
        &self.seeds[&self.roster.epoch()]
    }

    pub fn tells(&self, path: &str, body: Vec<u8>) -> Answer {
        self.tablet.request(Method::POST, path, body, None)
    }

    /// Links of this device for these changes, and the roster after them.
    pub fn links(&self, changes: Vec<Change>) -> (Vec<SignedLink>, Roster) {
        let mut next = self.roster.clone();
        let links = changes.into_iter().map(|change| {
            let link = Link {
                faction: Some(next.faction()),
                seq: next.head().seq + 1,
                prev: next.head().hash,
                author: self.keys.device,
                at_ms: START_AT_MS,
                change,
            };
            let signed = link.sign(&self.keys.sign).unwrap();
            next.append(&signed).unwrap();
            signed
        });
        (links.collect(), next)
    }

    /// What brings somebody with these keys in.
    pub fn admission(&self, keys: &FactionKeys, user: UserId, name: &str) -> Append {
        let seed = self.seed();
        let add = AddUser {
            user,
            role: Role::Member,
            name: seal_name(seed, Named::User(user), name).unwrap(),
            device: record(keys, Some(self.space()), user, seed),
        };
        let (links, next) = self.links(vec![Change::AddUser(Box::new(add))]);
        Append {
            after: self.roster.head().hash,
            links,
            boxes: vec![make_seed_box(&next, seed, keys.device).unwrap()],
        }
    }

    /// What takes somebody with one device out, and the new seed.
    pub fn removal(&self, user: UserId, device: AuthorPositionOf) -> (Append, EpochSeed) {
        let remove = Change::RemoveUser(RemoveUser {
            user,
            cuts: vec![device.1.cut(device.0)],
        });
        let (rotate, seed) = self.rotation();
        let (links, next) = self.links(vec![remove, rotate]);
        let append = Append {
            after: self.roster.head().hash,
            links,
            boxes: make_seed_boxes(&next, &seed, None).unwrap(),
        };
        (append, seed)
    }

    pub fn rotation(&self) -> (Change, EpochSeed) {
        let epoch = self.roster.epoch();
        let next = EpochSeed::make().unwrap();
        let rotate = Rotate {
            epoch: epoch.next().unwrap(),
            commitment: next.commitment(),
            previous: seal_previous(&next, &self.space(), epoch, self.seed()).unwrap(),
        };
        (Change::Rotate(rotate), next)
    }

    pub fn appends(&self, append: &Append) -> Answer {
        self.tells(&wire::path_links(&self.space()), to_cbor(append))
    }

    /// Appends, and takes what was appended.
    pub fn carries_out(&mut self, append: &Append) {
        let answer = self.appends(append);
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.error_code());
        self.fetch();
    }

    /// Somebody comes in with her tablet, and has everything.
    pub fn lets_in(&mut self, tablet: Tablet) -> Member {
        let (keys, user) = (FactionKeys::make().unwrap(), UserId::make().unwrap());
        let append = self.admission(&keys, user, &tablet.done.person_name);
        self.carries_out(&append);
        Member::enters(tablet, keys, user, self.space())
    }

    /// A device that was brought in begins.
    pub fn enters(tablet: Tablet, keys: FactionKeys, user: UserId, space: FactionId) -> Self {
        let entry = Entry::make(&keys, space, tablet.device).unwrap();
        let path = wire::path_enter(&space);
        let answer = tablet.request(Method::POST, &path, to_cbor(&entry), None);
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.error_code());
        let first: News = tablet
            .get(&wire::path_news(&space, Known::default(), 0))
            .decode();
        let roster = Roster::begin(&first.links[0], Some(&space)).unwrap();
        let mut member = Self::new(tablet, keys, user, roster, BTreeMap::new());
        member.fetch();
        member
    }

    /// Takes somebody else out, whom it has followed, and changes the seed.
    pub fn takes_out(&mut self, other: &Member) {
        self.fetch();
        let device = other.keys.device;
        let (append, _) = self.removal(other.user, (device, self.seen_of(device)));
        self.carries_out(&append);
    }

    pub fn seen_of(&self, device: FactionDeviceId) -> AuthorPosition {
        let seen = self.seen.get(&device).copied();
        seen.unwrap_or(AuthorPosition::START)
    }

    /// What it would say next.
    pub fn envelope(&self, text: &str) -> (SignedEnvelope, AuthorPosition) {
        let content = Content {
            at_ms: START_AT_MS,
            items: vec![item(text)],
        };
        let keys = &self.keys;
        make_envelope(
            &self.roster,
            self.seed(),
            keys.device,
            &keys.sign,
            &self.last,
            &content.to_bytes(),
        )
        .unwrap()
    }

    pub fn posts(&self, envelope: &SignedEnvelope) -> Answer {
        let path = wire::path_envelopes(&self.space());
        self.tells(&path, envelope.as_bytes().to_vec())
    }

    /// Says something. Result: its place.
    pub fn says(&mut self, text: &str) -> u64 {
        let (envelope, position) = self.envelope(text);
        let ordered: Ordered = self.posts(&envelope).decode();
        self.last = position;
        ordered.place
    }

    pub fn known(&self) -> Known {
        Known {
            links: self.roster.head().seq,
            epoch: self.seeds.keys().last().copied(),
            envelopes: self.place,
        }
    }

    pub fn news(&self, wait_s: u64) -> Answer {
        self.tablet
            .get(&wire::path_news(&self.space(), self.known(), wait_s))
    }

    /// Takes everything there is.
    pub fn fetch(&mut self) {
        while {
            let news: News = self.news(0).decode();
            self.take(&news)
        } {}
    }

    /// Verifies and opens. Result: whether there is more.
    pub fn take(&mut self, news: &News) -> bool {
        for link in &news.links {
            self.roster.append(link).unwrap();
        }
        for one in &news.boxes {
            let keys = &self.keys;
            let seed = open_seed_box(&self.roster, &keys.boxes, keys.device, one).unwrap();
            self.seeds.insert(one.epoch, seed);
        }
        for number in (2..=self.roster.epoch().0).rev() {
            let before = Epoch(number - 1);
            if let (Some(seed), false) = (
                self.seeds.get(&Epoch(number)),
                self.seeds.contains_key(&before),
            ) {
                let sealed = self.roster.previous(Epoch(number)).unwrap();
                let opened = open_previous(seed, &self.space(), before, sealed).unwrap();
                self.seeds.insert(before, opened);
            }
        }
        for envelope in &news.envelopes {
            let device = envelope.header().unwrap().device;
            let seen = self.seen_of(device);
            let verified = verify_envelope(&self.roster, &seen, envelope).unwrap();
            let plain = verified.open(&self.seeds[&verified.header.epoch]).unwrap();
            for item in Content::from_bytes(&plain).unwrap().items {
                self.heard
                    .push(String::from_utf8(item.body.unwrap()).unwrap());
            }
            self.seen.insert(device, verified.position);
        }
        self.place = news.upto;
        news.has_more
    }

    /// What it has followed, as a snapshot.
    pub fn snapshot(&self) -> PlacedSnapshot {
        let covered = self.seen.iter().map(|(device, position)| Covered {
            device: *device,
            position: *position,
        });
        PlacedSnapshot {
            upto: self.place,
            snapshot: self.snapshot_of(covered.collect()),
        }
    }

    pub fn snapshot_of(&self, covered: Vec<Covered>) -> SignedSnapshot {
        let items = self.heard.iter().map(|text| KeptItem {
            item: item(text),
            author: self.keys.device,
            counter: 1,
            at_ms: START_AT_MS,
        });
        let kept = Kept {
            items: items.collect(),
        };
        let keys = &self.keys;
        make_snapshot(
            &self.roster,
            self.seed(),
            keys.device,
            &keys.sign,
            covered,
            &kept,
        )
        .unwrap()
    }

    pub fn keeps(&self, placed: &PlacedSnapshot) -> Answer {
        self.tells(&wire::path_snapshot(&self.space()), to_cbor(placed))
    }
}

/// A device and how far it has said something.
pub type AuthorPositionOf = (FactionDeviceId, AuthorPosition);

fn item(text: &str) -> Item {
    Item {
        item: ItemId::make().unwrap(),
        kind: kind::SHARE,
        body: Some(text.as_bytes().to_vec()),
        inner: None,
    }
}

fn record(
    keys: &FactionKeys,
    space: Option<FactionId>,
    user: UserId,
    seed: &EpochSeed,
) -> DeviceRecord {
    DeviceRecord {
        claim: keys.claim(space, user, DeviceKind::Tablet).unwrap(),
        name: seal_name(seed, Named::Device(keys.device), DEVICE_NAME).unwrap(),
    }
}
