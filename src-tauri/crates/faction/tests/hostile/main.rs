//! A lying server, a ghost, a member who wants too much, one who was taken out: each attack is refused by its name, and the victim
//! stays as it was. Ten worlds, each with other keys and another past.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod attacks;
#[path = "../common/mod.rs"]
mod common;
mod world;

use attacks::ATTACKS;
use common::*;
use faction::*;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::content::{Item, kind};
use sync_protocol::faction::envelope::SignedEnvelope;
use sync_protocol::faction::link::SignedLink;
use world::World;

const WORLDS: usize = 10;

#[test]
fn every_attack_is_refused_by_its_name_and_changes_nothing() {
    assert!(ATTACKS.len() >= 25);
    let mut refused = 0;
    for number in 0..WORLDS {
        let mut world = World::new(number);
        let before = world.state();
        for (name, expected, attack) in ATTACKS {
            let hit = attack(&world);
            let refusal = world.strike(hit);
            assert!(
                refusal.contains(expected),
                "{name}, world {number}: {refusal}"
            );
            assert_eq!(world.state(), before, "{name}, world {number}");
            refused += 1;
        }
        // After all of it the truth is still taken.
        let next = world.next();
        assert_eq!(world.relay.post(&next), Answer::Taken);
        world.victim.sync(&mut world.relay);
        world.fresh.sync(&mut world.relay);
        assert_eq!(world.victim.digest(), world.fresh.digest());
    }
    assert_eq!(refused, ATTACKS.len() * WORLDS);
    evidence::record(
        "hostile-server.faction",
        evidence::Counts {
            tried: refused as u64,
            refused: refused as u64,
            lost: 0,
        },
    )
    .unwrap();
}

#[test]
fn what_a_newer_version_says_is_kept_unopened_and_told() {
    let mut world = World::new(1);
    let mut newer = world.next().0;
    newer[2] = 2;
    let taken = world
        .victim
        .space
        .take_envelopes(&[SignedEnvelope(newer)], 0)
        .unwrap();
    assert_eq!((taken.newer, taken.refused.len()), (1, 0));
    assert_eq!(world.victim.space.newer_count().unwrap(), 1);
    let mut link = world.relay.links[1].as_bytes().to_vec();
    link[2] = 2;
    let taken = world.victim.space.take_links(&[SignedLink(link)]).unwrap();
    assert!(taken.is_newer && taken.taken == 0);
    // The rest goes on.
    let next = world.next();
    assert_eq!(world.relay.post(&next), Answer::Taken);
    world.victim.sync(&mut world.relay);
    assert_eq!(
        world.victim.space.positions().unwrap()[&world.member.device].counter,
        2
    );
}

/// Items under ids that are taken: whatever the member's device is called, the victim's own stay hers.
#[test]
fn nobody_takes_the_place_of_another_message_or_share() {
    for number in 0..WORLDS {
        let mut world = World::new(number);
        let message = world.victim.writes("meine Worte");
        let share = world.victim.shares("mein Vermerk", Readers::Everybody);
        world.victim.sync(&mut world.relay);
        // {0: message, 3: time, 4: nobody, 5: salt}
        let mut begin = vec![0xa4, 0x00, 0x01, 0x03, 0x00, 0x04, 0x80, 0x05, 0x50];
        begin.extend([number as u8; 16]);
        let copy = Copy {
            anchor: ITEM_5,
            text: "fremd".into(),
            mark: None,
            at_ms: NOW_MS,
        };
        let item = |item, kind, body| Item {
            item,
            kind,
            body: Some(body),
            inner: None,
        };
        let items = vec![
            item(message, kind::DOCUMENT, begin),
            item(share, kind::SHARE, to_cbor(&copy)),
            item(share, kind::WITHDRAW, Vec::new()),
        ];
        let envelope = world.member_says(items);
        assert_eq!(world.relay.post(&envelope), Answer::Taken);
        world.victim.sync(&mut world.relay);
        let taken = world.victim.space.positions().unwrap()[&world.member.device];
        assert_eq!(taken.counter, 2, "it was taken, and changes nothing");
        let document = world.victim.space.document(message, &no_keys).unwrap();
        assert_eq!(document.author, world.victim.space.user());
        assert_eq!(
            world.victim.body_of(message).as_deref(),
            Some("meine Worte")
        );
        let shares = world.victim.space.shares(&no_keys).unwrap();
        let is_there = shares
            .iter()
            .any(|shown| matches!(shown, Shown::Open(said) if said.copy.text == "mein Vermerk"));
        assert!(is_there, "{shares:?}");
        world.victim.space.withdraw(share, NOW_MS).unwrap();
    }
}
