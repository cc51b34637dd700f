//! A space with a victim, a member, an outcast and a ghost, and what may be done to the victim.

use faction::*;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::content::{Content, Item};
use sync_protocol::faction::device::{DeviceKind, DeviceRecord, FactionKeys};
use sync_protocol::faction::envelope::*;
use sync_protocol::faction::link::*;
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed::{Epoch, EpochSeed, SealedName, SealedSeed};
use sync_protocol::faction::seed_box::{SeedBox, open_seed_box};
use sync_protocol::faction::snapshot::{Covered, Kept, SignedSnapshot, make_snapshot};
use sync_protocol::ids::*;
use sync_protocol::sign::Domain;

use crate::common::*;

/// What a victim is given.
pub enum Hit {
    Links(Vec<SignedLink>),
    Boxes(Vec<SeedBox>),
    Envelopes(Vec<SignedEnvelope>),
    Snapshot(Vec<u8>),
}

pub struct World {
    /// Knows all links, one of the member's three envelopes, and not the newest seed.
    pub victim: Tablet,
    /// Knows all links and seeds, and no envelope.
    pub fresh: Tablet,
    pub relay: Relay,
    /// Links as they were before the last rotation.
    pub before: Roster,
    pub member: FactionKeys,
    /// Taken out after her first envelope.
    pub outcast: FactionKeys,
    pub ghost: FactionKeys,
    pub seed: EpochSeed,
    pub at_member: AuthorPosition,
    pub at_outcast: AuthorPosition,
    pub elsewhere: Roster,
    pub number: usize,
}

fn joins(chair: &mut Tablet, relay: &mut Relay, keys: &FactionKeys) {
    let user = UserId::make().unwrap();
    let claim = keys
        .claim(Some(chair.space.faction()), user, DeviceKind::Tablet)
        .unwrap();
    let intent = Intent::AddUser {
        user,
        role: Role::Member,
        claim,
        user_name: "Jens Muster".into(),
        device_name: "Tablet".into(),
    };
    chair.space.intend(&intent).unwrap();
    chair.sync(relay);
}

fn seed_of(relay: &Relay, keys: &FactionKeys) -> EpochSeed {
    let newest = relay.roster.epoch();
    let own = relay
        .boxes
        .iter()
        .rev()
        .find(|one| one.device == keys.device && one.epoch == newest);
    open_seed_box(&relay.roster, &keys.boxes, keys.device, own.unwrap()).unwrap()
}

pub fn says(
    roster: &Roster,
    seed: &EpochSeed,
    keys: &FactionKeys,
    last: &AuthorPosition,
) -> (SignedEnvelope, AuthorPosition) {
    let content = Content {
        at_ms: NOW_MS,
        items: Vec::new(),
    };
    make_envelope(
        roster,
        seed,
        keys.device,
        &keys.sign,
        last,
        &content.to_bytes(),
    )
    .unwrap()
}

impl World {
    pub fn new(number: usize) -> Self {
        let (mut chair, mut relay) = Tablet::found();
        let mut victim = chair.brings_in(Some(Role::Staff), &mut relay);
        let [member, outcast, ghost] = std::array::from_fn(|_| FactionKeys::make().unwrap());
        joins(&mut chair, &mut relay, &member);
        joins(&mut chair, &mut relay, &outcast);
        for n in 0..number {
            victim.writes(&format!("Nachricht {n}"));
        }
        victim.sync(&mut relay);
        let seed = seed_of(&relay, &outcast);
        let (first, at_outcast) = says(&relay.roster, &seed, &outcast, &AuthorPosition::START);
        assert_eq!(relay.post(&first), Answer::Taken);
        chair.sync(&mut relay);
        let user = relay.roster.device(&outcast.device).unwrap().user;
        chair.space.intend(&Intent::RemoveUser(user)).unwrap();
        chair.sync(&mut relay);
        let seed = seed_of(&relay, &member);
        let (first, at_member) = says(&relay.roster, &seed, &member, &AuthorPosition::START);
        assert_eq!(relay.post(&first), Answer::Taken);
        victim.sync(&mut relay);
        let mut fresh = chair.lets_in(Some(Role::Member), &mut relay);
        fresh.space.take_boxes(&relay.boxes).unwrap();
        let before = relay.roster.clone();
        chair.space.intend(&Intent::Rotate).unwrap();
        chair.sync(&mut relay);
        victim.space.take_links(&relay.links).unwrap();
        let seed = seed_of(&relay, &member);
        let elsewhere = Tablet::found().1.roster;
        Self {
            victim,
            fresh,
            before,
            member,
            outcast,
            ghost,
            seed,
            at_member,
            at_outcast,
            elsewhere,
            number,
            relay,
        }
    }

    pub fn link(&self, keys: &FactionKeys, change: Change) -> Link {
        Link {
            faction: Some(self.relay.roster.faction()),
            seq: self.relay.roster.head().seq + 1,
            prev: self.relay.roster.head().hash,
            author: keys.device,
            at_ms: NOW_MS,
            change,
        }
    }

    pub fn signed(&self, keys: &FactionKeys, change: Change) -> Hit {
        Hit::Links(vec![self.link(keys, change).sign(&keys.sign).unwrap()])
    }

    pub fn member_user(&self) -> UserId {
        self.relay.roster.device(&self.member.device).unwrap().user
    }

    pub fn add_device(&self, claim_of: &FactionKeys, user: UserId) -> AddDevice {
        let faction = Some(self.relay.roster.faction());
        AddDevice {
            user,
            device: DeviceRecord {
                claim: claim_of.claim(faction, user, DeviceKind::Tablet).unwrap(),
                name: SealedName(vec![1; 32]),
            },
        }
    }

    pub fn rotation(&self, epoch: u32) -> Change {
        Change::Rotate(Rotate {
            epoch: Epoch(epoch),
            commitment: self.seed.commitment(),
            previous: SealedSeed(vec![1; 65]),
        })
    }

    /// The victim's own box, which she has not got yet.
    pub fn own_box(&self) -> SeedBox {
        let newest = self.relay.roster.epoch();
        let device = self.victim.device();
        let own = self
            .relay
            .boxes
            .iter()
            .rev()
            .find(|one| one.device == device && one.epoch == newest);
        own.unwrap().clone()
    }

    pub fn changed_box(&self, change: impl FnOnce(&mut SeedBox)) -> Hit {
        let mut changed = self.own_box();
        change(&mut changed);
        Hit::Boxes(vec![changed])
    }

    /// Signed by the author, whatever the header says.
    pub fn forged(
        &self,
        keys: &FactionKeys,
        head: Hash,
        epoch: Epoch,
        last: &AuthorPosition,
    ) -> Hit {
        let header = EnvelopeHeader {
            faction: self.relay.roster.faction(),
            device: keys.device,
            counter: last.counter + 1,
            prev: last.hash,
            head,
            epoch,
        };
        let mut body = vec![0xa2, 0x00];
        body.extend(to_cbor(&header));
        body.extend([0x01, 0x41, 0x00]);
        let signature = keys.sign.sign(Domain::FactionEnvelope, &body).unwrap();
        let mut envelope = vec![0xa3, 0x00, 0x01, 0x01, 0x58, body.len() as u8];
        envelope.extend(&body);
        envelope.extend([0x02, 0x58, 0x40]);
        envelope.extend(signature.0);
        Hit::Envelopes(vec![SignedEnvelope(envelope)])
    }

    pub fn next(&self) -> SignedEnvelope {
        says(
            &self.relay.roster,
            &self.seed,
            &self.member,
            &self.at_member,
        )
        .0
    }

    /// What the member says next.
    pub fn member_says(&self, items: Vec<Item>) -> SignedEnvelope {
        let content = Content {
            at_ms: NOW_MS,
            items,
        }
        .to_bytes();
        let (roster, keys) = (&self.relay.roster, &self.member);
        make_envelope(
            roster,
            &self.seed,
            keys.device,
            &keys.sign,
            &self.at_member,
            &content,
        )
        .unwrap()
        .0
    }

    pub fn snapshot(
        &self,
        roster: &Roster,
        keys: &FactionKeys,
        seed: &EpochSeed,
        covered: Vec<Covered>,
    ) -> SignedSnapshot {
        let kept = Kept { items: Vec::new() };
        make_snapshot(roster, seed, keys.device, &keys.sign, covered, &kept).unwrap()
    }

    pub fn head(&self) -> Hash {
        self.relay.roster.head().hash
    }

    /// What may not change.
    pub fn state(&self) -> String {
        let of = |tablet: &Tablet| {
            let links = tablet.space.links().unwrap().len();
            let fetched = tablet.space.fetched().unwrap();
            let epochs = tablet.space.held_epochs().unwrap();
            format!(
                "{} {links} {fetched} {epochs:?} {}",
                tablet.digest(),
                tablet.space.newer_count().unwrap()
            )
        };
        of(&self.victim) + &of(&self.fresh)
    }

    /// The name of the refusal.
    pub fn strike(&mut self, hit: Hit) -> String {
        let space = &mut self.victim.space;
        match hit {
            Hit::Links(links) => format!("{:?}", space.take_links(&links).unwrap_err()),
            Hit::Boxes(boxes) => format!("{:?}", space.take_boxes(&boxes).unwrap_err()),
            Hit::Envelopes(envelopes) => {
                let taken = space.take_envelopes(&envelopes, 0).unwrap();
                assert_eq!((taken.taken, taken.refused.len()), (0, envelopes.len()));
                format!("{:?}", taken.refused[0].error)
            }
            Hit::Snapshot(bytes) => match SignedSnapshot::from_bytes(&bytes) {
                Ok(read) => format!("{:?}", self.fresh.space.begin_from(read, 0).unwrap_err()),
                Err(error) => format!("{error:?}"),
            },
        }
    }
}

/// The member's seed of the epoch before the last rotation.
pub fn seed_before(world: &World) -> EpochSeed {
    let sealed = world
        .relay
        .roster
        .previous(world.relay.roster.epoch())
        .unwrap();
    let faction = world.relay.roster.faction();
    sync_protocol::faction::seed::open_previous(&world.seed, &faction, world.before.epoch(), sealed)
        .unwrap()
}
