//! A small faction space with fixed keys: founded by person 1, whoever else is wanted comes in by her hand.

use sync_protocol::faction::content::{Content, Item, kind};
use sync_protocol::faction::device::*;
use sync_protocol::faction::envelope::*;
use sync_protocol::faction::link::*;
use sync_protocol::faction::roster::*;
use sync_protocol::faction::seed::*;
use sync_protocol::faction::snapshot::*;
use sync_protocol::ids::*;
use sync_protocol::key_box::DeviceBoxKey;
use sync_protocol::sign::SigningKey;

use super::NOW_MS;

pub const ITEM: ItemId = ItemId::from_bytes([0x17; 16]);

pub fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

/// Keys of device `n`; those of a person's first device have her number.
pub fn keys(n: u8) -> FactionKeys {
    FactionKeys {
        device: FactionDeviceId::from_bytes([0x80 | n; 16]),
        sign: SigningKey::from_bytes([0x40 | n; 32]),
        boxes: DeviceBoxKey::from_bytes([0x20 | n; 32]),
    }
}

pub fn seed(epoch: u32) -> EpochSeed {
    EpochSeed::from_bytes([0xe0 + epoch as u8; 32])
}

pub fn name(seed: &EpochSeed, named: Named, text: &str) -> SealedName {
    seal_name(seed, named, text).unwrap()
}

pub fn record(
    faction: Option<FactionId>,
    owner: UserId,
    keys: &FactionKeys,
    kind: DeviceKind,
    seed: &EpochSeed,
) -> DeviceRecord {
    DeviceRecord {
        claim: keys.claim(faction, owner, kind).unwrap(),
        name: name(seed, Named::Device(keys.device), "Tablet"),
    }
}

pub fn genesis() -> Genesis {
    Genesis {
        suite: SUITE,
        name: name(&seed(1), Named::Faction, "Fraktion Linde"),
        user: user(1),
        user_name: name(&seed(1), Named::User(user(1)), "Erika Beispiel"),
        device: record(None, user(1), &keys(1), DeviceKind::Tablet, &seed(1)),
        commitment: seed(1).commitment(),
    }
}

pub fn genesis_link(change: Change) -> Link {
    Link {
        faction: None,
        seq: 1,
        prev: Hash::ZERO,
        author: keys(1).device,
        at_ms: NOW_MS,
        change,
    }
}

#[derive(Clone)]
pub struct Space {
    pub links: Vec<SignedLink>,
    pub roster: Roster,
}

impl Space {
    pub fn founded() -> Self {
        let link = genesis_link(Change::Genesis(Box::new(genesis())));
        let link = link.sign(&keys(1).sign).unwrap();
        Self {
            roster: Roster::begin(&link, None).unwrap(),
            links: vec![link],
        }
    }

    /// Person 1 with 2 (member) and 3 (staff).
    pub fn of_three() -> Self {
        let mut space = Self::founded();
        space.add(2, Role::Member);
        space.add(3, Role::Staff);
        space
    }

    pub fn id(&self) -> FactionId {
        self.roster.faction()
    }

    pub fn next(&self, author: u8, change: Change) -> Link {
        Link {
            faction: Some(self.id()),
            seq: self.roster.head().seq + 1,
            prev: self.roster.head().hash,
            author: keys(author).device,
            at_ms: NOW_MS,
            change,
        }
    }

    pub fn signed(&self, author: u8, change: Change) -> SignedLink {
        self.next(author, change).sign(&keys(author).sign).unwrap()
    }

    /// What the roster says to a link, without keeping it.
    pub fn refusal(&self, link: &SignedLink) -> Option<RosterError> {
        let mut roster = self.roster.clone();
        let verdict = roster.append(link).err();
        if verdict.is_some() {
            assert_eq!(roster, self.roster, "a refused link changes nothing (F7)");
        }
        verdict
    }

    pub fn push(&mut self, author: u8, change: Change) {
        let link = self.signed(author, change);
        self.roster.append(&link).unwrap();
        self.links.push(link);
    }

    pub fn seed(&self) -> EpochSeed {
        seed(self.roster.epoch().0)
    }

    pub fn add_user(&self, n: u8, role: Role) -> Change {
        Change::AddUser(Box::new(AddUser {
            user: user(n),
            role,
            name: name(&self.seed(), Named::User(user(n)), "Person"),
            device: self.record_of(n, user(n), DeviceKind::Tablet),
        }))
    }

    pub fn record_of(&self, n: u8, owner: UserId, kind: DeviceKind) -> DeviceRecord {
        record(Some(self.id()), owner, &keys(n), kind, &self.seed())
    }

    pub fn add_device(&self, owner: u8, n: u8, kind: DeviceKind) -> Change {
        Change::AddDevice(Box::new(AddDevice {
            user: user(owner),
            device: self.record_of(n, user(owner), kind),
        }))
    }

    pub fn add(&mut self, n: u8, role: Role) {
        self.push(1, self.add_user(n, role));
    }

    pub fn rotation(&self) -> Change {
        let epoch = self.roster.epoch();
        let next = seed(epoch.0 + 1);
        Change::Rotate(Rotate {
            epoch: Epoch(epoch.0 + 1),
            commitment: next.commitment(),
            previous: seal_previous(&next, &self.id(), epoch, &seed(epoch.0)).unwrap(),
        })
    }

    pub fn remove(&mut self, n: u8, at: AuthorPosition) {
        self.push(1, removal(n, at));
    }

    pub fn says(
        &self,
        n: u8,
        last: &AuthorPosition,
        text: &str,
    ) -> (SignedEnvelope, AuthorPosition) {
        let keys = keys(n);
        make_envelope(
            &self.roster,
            &self.seed(),
            keys.device,
            &keys.sign,
            last,
            &content(text).to_bytes(),
        )
        .unwrap()
    }

    pub fn snapshot(&self, n: u8, covered: Vec<Covered>) -> Result<SignedSnapshot, SnapshotError> {
        let keys = keys(n);
        let kept = kept("alles");
        make_snapshot(
            &self.roster,
            &self.seed(),
            keys.device,
            &keys.sign,
            covered,
            &kept,
        )
    }
}

pub fn removal(n: u8, at: AuthorPosition) -> Change {
    Change::RemoveUser(RemoveUser {
        user: user(n),
        cuts: vec![at.cut(keys(n).device)],
    })
}

pub fn content(text: &str) -> Content {
    Content {
        at_ms: NOW_MS,
        items: vec![Item {
            item: ITEM,
            kind: kind::SHARE,
            body: Some(text.as_bytes().to_vec()),
            inner: None,
        }],
    }
}

pub fn kept(text: &str) -> Kept {
    Kept {
        items: content(text)
            .items
            .into_iter()
            .map(|item| KeptItem {
                item,
                author: keys(1).device,
                counter: 1,
                at_ms: NOW_MS,
            })
            .collect(),
    }
}

/// A link that `$author` signs is refused by this name.
macro_rules! link_refused {
    ($space:expr, $author:expr, $change:expr, $error:pat) => {{
        let link = $space.signed($author, $change);
        let refusal = $space.refusal(&link);
        assert!(matches!(refusal, Some($error)), "{refusal:?}");
    }};
}
pub(crate) use link_refused;
