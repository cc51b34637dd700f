//! The attacks: their names, what the refusal is called, what is sent.

use sync_protocol::faction::device::FactionKeys;
use sync_protocol::faction::envelope::*;
use sync_protocol::faction::link::*;
use sync_protocol::faction::seed::{Epoch, EpochSeed, seal_previous};
use sync_protocol::faction::seed_box::{SeedBox, make_seed_box};
use sync_protocol::faction::snapshot::Covered;
use sync_protocol::ids::*;
use sync_protocol::sign::PublicKey;

use crate::common::*;
use crate::world::{Hit, World, says, seed_before};

pub type Attack = (&'static str, &'static str, fn(&World) -> Hit);

/// Name, what the refusal is called, what is sent.
pub const ATTACKS: &[Attack] = &[
    ("a ghost rotates", "UnknownSigner", |w| {
        w.signed(&w.ghost, w.rotation(4))
    }),
    ("a ghost lets itself in", "UnknownSigner", |w| {
        let add = w.add_device(&w.ghost, w.member_user());
        w.signed(&w.ghost, Change::AddDevice(Box::new(add)))
    }),
    ("a ghost signs in a member's name", "BadSignature", |w| {
        let link = w.link(&w.member, Change::Dissolve);
        Hit::Links(vec![link.sign(&w.ghost.sign).unwrap()])
    }),
    ("an outcast rotates", "RemovedSigner", |w| {
        w.signed(&w.outcast, w.rotation(4))
    }),
    ("a link is held back", "Gap", |w| {
        let seq = w.relay.roster.head().seq + 2 + w.number as u64;
        let link = Link {
            seq,
            ..w.link(&w.member, Change::Dissolve)
        };
        Hit::Links(vec![link.sign(&w.member.sign).unwrap()])
    }),
    ("a fork at the end", "Fork", |w| {
        let prev = w.relay.links[w.number % w.relay.links.len() / 2]
            .hash()
            .unwrap();
        let link = Link {
            prev,
            ..w.link(&w.member, Change::Dissolve)
        };
        Hit::Links(vec![link.sign(&w.member.sign).unwrap()])
    }),
    ("a fork in the past", "Fork", |w| {
        let seq = 2 + w.number as u64 % (w.relay.roster.head().seq - 2);
        let link = Link {
            seq,
            ..w.link(&w.member, Change::Dissolve)
        };
        Hit::Links(vec![link.sign(&w.member.sign).unwrap()])
    }),
    ("a link of another space", "ForeignFaction", |w| {
        let faction = Some(w.elsewhere.faction());
        let link = Link {
            faction,
            ..w.link(&w.member, Change::Dissolve)
        };
        Hit::Links(vec![link.sign(&w.member.sign).unwrap()])
    }),
    ("a second genesis", "NoGenesis", |w| {
        let Change::Genesis(genesis) = w.relay.links[0].read().unwrap().change else {
            panic!("no genesis")
        };
        w.signed(&w.member, Change::Genesis(genesis))
    }),
    ("a link without end", "TooLong", |w| {
        Hit::Links(vec![SignedLink(vec![0xa3; 49 * 1024 + w.number])])
    }),
    ("a link that is none", "Form", |w| {
        Hit::Links(vec![SignedLink(vec![0xa3, w.number as u8])])
    }),
    ("a member ends the space", "InsufficientRole", |w| {
        w.signed(&w.member, Change::Dissolve)
    }),
    ("a member makes herself admin", "InsufficientRole", |w| {
        let set = SetRole {
            user: w.member_user(),
            role: Role::Admin,
        };
        w.signed(&w.member, Change::SetRole(set))
    }),
    ("a member takes the victim out", "InsufficientRole", |w| {
        let cut = AuthorPosition::START.cut(w.victim.device());
        w.signed(&w.member, Change::RemoveDevice(cut))
    }),
    (
        "a member lets a device speak in the victim's name",
        "InsufficientRole",
        |w| {
            let add = w.add_device(&w.ghost, w.victim.space.user());
            w.signed(&w.member, Change::AddDevice(Box::new(add)))
        },
    ),
    ("a member rotates for nothing", "InsufficientRole", |w| {
        w.signed(&w.member, w.rotation(4))
    }),
    ("a device with a weak signing key", "WeakSigningKey", |w| {
        let mut add = w.add_device(&w.ghost, w.member_user());
        let weak = [
            [0; 32],
            {
                let mut one = [0; 32];
                one[0] = 1;
                one
            },
            [0xff; 32].map(|_| 0),
        ];
        add.device.claim.sign = PublicKey(weak[w.number % 3]);
        w.signed(&w.member, Change::AddDevice(Box::new(add)))
    }),
    ("a device with a weak box key", "WeakBoxKey", |w| {
        let mut add = w.add_device(&w.ghost, w.member_user());
        let at = add.device.claim.boxes.0.len() - 32;
        add.device.claim.boxes.0[at..].fill(0);
        w.signed(&w.member, Change::AddDevice(Box::new(add)))
    }),
    ("keys swapped under a proof", "BadSignature", |w| {
        let mut add = w.add_device(&w.ghost, w.member_user());
        add.device.claim.boxes = FactionKeys::make().unwrap().boxes.public().unwrap();
        w.signed(&w.member, Change::AddDevice(Box::new(add)))
    }),
    ("a device with the victim's key", "WrongDevice", |w| {
        let mut add = w.add_device(&w.ghost, w.member_user());
        let victim = w.relay.roster.device(&w.victim.device()).unwrap();
        add.device.claim.sign = victim.record.claim.sign;
        w.signed(&w.member, Change::AddDevice(Box::new(add)))
    }),
    ("boxes swapped", "DoesNotOpen", |w| {
        let device = w.victim.device();
        let other = make_seed_box(&w.relay.roster, &w.seed, w.member.device).unwrap();
        Hit::Boxes(vec![SeedBox { device, ..other }])
    }),
    ("a box of an unknown suite", "UnknownSuite", |w| {
        w.changed_box(|b| b.bytes[0] = 2 + w.number as u8)
    }),
    ("a box that is cut", "WrongLength", |w| {
        w.changed_box(|b| b.bytes.truncate(1168 - w.number))
    }),
    ("a box that is changed", "DoesNotOpen", |w| {
        w.changed_box(|b| b.bytes[1 + 100 * w.number] ^= 1)
    }),
    ("a box of an epoch to come", "UnknownEpoch", |w| {
        w.changed_box(|b| b.epoch = Epoch(4 + w.number as u32))
    }),
    ("a box of a head that is none", "UnknownEpoch", |w| {
        w.changed_box(|b| b.head = Hash::of(&[w.number as u8]))
    }),
    ("a box moved to another head", "DoesNotOpen", |w| {
        let head = w.relay.links[w.number % (w.relay.links.len() - 1)]
            .hash()
            .unwrap();
        w.changed_box(|b| b.head = head)
    }),
    ("a box with the server's own seed", "UnknownEpoch", |w| {
        let mut liar = w.before.clone();
        let seed = EpochSeed::make().unwrap();
        let rotate = Rotate {
            epoch: liar.epoch().next().unwrap(),
            commitment: seed.commitment(),
            previous: seal_previous(&seed, &liar.faction(), liar.epoch(), &w.seed).unwrap(),
        };
        // The server holds no key of the roster: it signs as nobody, and only its own copy believes it.
        let link = Link {
            seq: liar.head().seq + 1,
            prev: liar.head().hash,
            ..w.link(&w.ghost, Change::Rotate(rotate))
        };
        let signed = link.sign(&w.ghost.sign).unwrap();
        assert!(liar.append(&signed).is_err());
        w.changed_box(|b| b.head = signed.hash().unwrap())
    }),
    ("a middle envelope is dropped", "Gap", |w| {
        let (_, at) = says(&w.relay.roster, &w.seed, &w.member, &w.at_member);
        Hit::Envelopes(vec![says(&w.relay.roster, &w.seed, &w.member, &at).0])
    }),
    ("an author with two histories", "Equivocation", |w| {
        let other = says(
            &w.before,
            &seed_before(w),
            &w.member,
            &AuthorPosition::START,
        )
        .0;
        Hit::Envelopes(vec![other])
    }),
    ("an author who follows another past", "Equivocation", |w| {
        let last = AuthorPosition {
            hash: Hash::of(&[w.number as u8]),
            ..w.at_member
        };
        Hit::Envelopes(vec![says(&w.relay.roster, &w.seed, &w.member, &last).0])
    }),
    ("a back-dated envelope of an outcast", "AfterCut", |w| {
        let head = w.relay.links[4].hash().unwrap();
        w.forged(&w.outcast, head, Epoch(1), &w.at_outcast)
    }),
    ("an outcast who names the newest roster", "AfterCut", |w| {
        w.forged(&w.outcast, w.head(), Epoch(3), &w.at_outcast)
    }),
    ("an envelope of a ghost", "UnknownAuthor", |w| {
        w.forged(&w.ghost, w.head(), Epoch(3), &AuthorPosition::START)
    }),
    ("an envelope in a member's name", "BadSignature", |w| {
        let keys = FactionKeys {
            device: w.member.device,
            ..w.ghost.clone()
        };
        w.forged(&keys, w.head(), Epoch(3), &w.at_member)
    }),
    ("an envelope of another space", "ForeignFaction", |_| {
        let (mut other, mut relay) = Tablet::found();
        other.writes("anderswo");
        other.sync(&mut relay);
        Hit::Envelopes(relay.envelopes)
    }),
    ("an old seed under the newest roster", "WrongEpoch", |w| {
        w.forged(
            &w.member,
            w.head(),
            Epoch(1 + w.number as u32 % 2),
            &w.at_member,
        )
    }),
    ("an unknown roster", "UnknownHead", |w| {
        w.forged(
            &w.member,
            Hash::of(&[w.number as u8]),
            Epoch(3),
            &w.at_member,
        )
    }),
    ("a roster while a rotation was due", "RotationDue", |w| {
        let due = w.relay.links.iter().map(|link| link.hash().unwrap());
        let due = due
            .into_iter()
            .find(|head| w.relay.roster.state_at(head).unwrap().is_rotation_due);
        w.forged(&w.member, due.unwrap(), Epoch(1), &w.at_member)
    }),
    (
        "a roster before the member was there",
        "NotMemberThen",
        |w| {
            w.forged(
                &w.member,
                w.relay.links[w.number % 2].hash().unwrap(),
                Epoch(1),
                &w.at_member,
            )
        },
    ),
    ("a roster older than before", "HeadWentBack", |w| {
        w.forged(
            &w.member,
            w.relay.links[3].hash().unwrap(),
            Epoch(1),
            &w.at_member,
        )
    }),
    ("an envelope that was changed", "BadSignature", |w| {
        let mut bytes = w.next().0;
        let at = bytes.len() - 70 - w.number;
        bytes[at] ^= 1;
        Hit::Envelopes(vec![SignedEnvelope(bytes)])
    }),
    ("an envelope that was cut", "Form", |w| {
        let mut bytes = w.next().0;
        bytes.truncate(bytes.len() - 1 - w.number);
        Hit::Envelopes(vec![SignedEnvelope(bytes)])
    }),
    ("an envelope without end", "TooLong", |w| {
        Hit::Envelopes(vec![SignedEnvelope(vec![0xa3; 193 * 1024 + w.number])])
    }),
    ("a snapshot that was cut", "Form", |w| {
        let mut bytes = w
            .snapshot(&w.relay.roster, &w.member, &w.seed, vec![])
            .to_bytes();
        bytes.truncate(bytes.len() - 1 - w.number);
        Hit::Snapshot(bytes)
    }),
    ("a snapshot that was changed", "BadSignature", |w| {
        let mut bytes = w
            .snapshot(&w.before, &w.member, &seed_before(w), vec![])
            .to_bytes();
        let at = bytes.len() - 70 - w.number;
        bytes[at] ^= 1;
        Hit::Snapshot(bytes)
    }),
    ("a snapshot of another space", "ForeignFaction", |_| {
        let (other, _) = Tablet::found();
        Hit::Snapshot(other.space.snapshot().unwrap().to_bytes())
    }),
    ("a snapshot of a roster to come", "UnknownHead", |w| {
        Hit::Snapshot(
            w.snapshot(&w.relay.roster, &w.member, &w.seed, vec![])
                .to_bytes(),
        )
    }),
    (
        "a snapshot beyond an outcast's cut",
        "WrongPositions",
        |w| {
            let counter = w.at_outcast.counter + 1 + w.number as u64;
            let position = AuthorPosition {
                counter,
                ..w.at_outcast
            };
            let covered = vec![Covered {
                device: w.outcast.device,
                position,
            }];
            Hit::Snapshot(
                w.snapshot(&w.before, &w.member, &seed_before(w), covered)
                    .to_bytes(),
            )
        },
    ),
];
