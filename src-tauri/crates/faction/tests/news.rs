//! What is new since the owner has last looked, and forgetting a space.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::*;
use faction::*;
use sync_protocol::faction::link::Role;
use sync_protocol::ids::DeviceId;

fn new_ones(tablet: &Tablet) -> usize {
    let arrivals = tablet.space.arrivals().unwrap();
    arrivals.values().filter(|one| one.is_new).count()
}

#[test]
fn what_others_say_is_new_until_it_was_looked_at() {
    let (mut chair, mut relay) = Tablet::found();
    chair.writes("vor ihr");
    chair.sync(&mut relay);
    let mut staff = chair.brings_in(Some(Role::Staff), &mut relay);
    staff.space.begin_counting_news().unwrap();
    assert_eq!(
        new_ones(&staff),
        0,
        "what was there before she came is not news"
    );
    let item = chair.writes("neu");
    staff.writes("Eigenes ist nie neu");
    chair.sync(&mut relay);
    staff.sync(&mut relay);
    staff.space.begin_counting_news().unwrap();
    let arrival = staff.space.arrivals().unwrap()[&item];
    assert!(arrival.is_new && arrival.author == chair.space.user());
    assert_eq!(new_ones(&staff), 1);
    staff.space.mark_seen().unwrap();
    assert_eq!(new_ones(&staff), 0);
    // Whoever goes on with it makes it new again.
    let fix = [Edit::Text(TextPart::Body, "neu gefasst".into())];
    chair
        .space
        .edit(item, &fix, &Readers::Everybody, &no_keys, NOW_MS)
        .unwrap();
    chair.sync(&mut relay);
    staff.sync(&mut relay);
    assert_eq!(new_ones(&staff), 1);
}

#[test]
fn what_waits_is_known_and_the_server_is_told_where_one_stands() {
    let (mut chair, mut relay) = Tablet::found();
    assert!(
        chair
            .space
            .founding(DeviceId::from_bytes([1; 16]))
            .unwrap()
            .is_none()
    );
    let item = chair.writes("wartet");
    assert!(chair.space.waiting_items().unwrap().contains(&item));
    chair.sync(&mut relay);
    assert!(chair.space.waiting_items().unwrap().is_empty());
    let known = chair.space.known().unwrap();
    assert_eq!((known.links, known.envelopes), (1, 1));
    assert_eq!(known.epoch, Some(chair.space.roster().epoch()));
    let device = DeviceId::from_bytes([7; 16]);
    let entry = chair.space.entry(device).unwrap();
    assert!(entry.is_good(&relay.roster, device));
    assert!(
        !entry.is_good(&relay.roster, DeviceId::from_bytes([8; 16])),
        "of another device"
    );
}

#[test]
fn a_forgotten_space_leaves_nothing_and_the_others_keep_theirs() {
    let (mut chair, mut relay) = Tablet::found();
    let mut staff = chair.brings_in(Some(Role::Staff), &mut relay);
    let item = staff.writes("bleibt bei den anderen");
    staff.sync(&mut relay);
    chair.sync(&mut relay);
    let (faction, store) = (staff.space.faction(), staff.store.clone());
    staff.space.forget().unwrap();
    assert!(store.spaces().unwrap().is_empty());
    assert!(matches!(
        store.space(faction),
        Err(FactionError::NoSuchSpace)
    ));
    assert_eq!(
        chair.body_of(item).as_deref(),
        Some("bleibt bei den anderen")
    );
}
