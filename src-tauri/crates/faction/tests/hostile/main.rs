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
