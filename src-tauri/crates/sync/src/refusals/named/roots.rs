//! Lies about the root document: the head is signed by a key that only the offered root document names.

use sync_protocol::root::RootDocument;
use sync_protocol::sign::SigningKey;
use sync_protocol::wire::{PATH_HEAD, PATH_ROOT};

use super::{Attack, Stage};
use crate::testing::dice::Dice;

pub(super) const ATTACKS: &[Attack] = &[
    (
        "a root document of another root key",
        "pin_mismatch",
        other_root,
    ),
    (
        "a root document that names the pinned key",
        "bad_signature",
        forged,
    ),
    ("an older root document", "serial_too_low", older),
    (
        "two root documents with one serial",
        "serial_reused",
        reused,
    ),
    (
        "the root document of another council",
        "foreign_council",
        other_council,
    ),
    (
        "a root document of an older generation",
        "generation_too_low",
        generation_back,
    ),
    (
        "a root document with its signature spoilt",
        "bad_signature",
        bit,
    ),
    ("a head in place of a root document", "malformed", head),
    ("a root document without an end", "malformed", endless),
    (
        "a root document that does not name the key",
        "bad_signature",
        unrelated,
    ),
];

/// A head by a new feed key, and the root document that would explain it. Result: the document, not told yet.
fn with_new_feed(stage: &Stage, dice: &mut Dice) -> RootDocument {
    let feed = SigningKey::make().unwrap();
    let signed = stage.head().sign(&feed).unwrap();
    stage.liar.say(PATH_HEAD, signed.0);
    RootDocument {
        feed_key: feed.public().unwrap(),
        serial: 2 + dice.throw() % 1_000,
        ..stage.tablet.document.clone()
    }
}

fn signed(stage: &Stage, document: &RootDocument) -> Vec<u8> {
    document.sign(&stage.tablet.root).unwrap().0
}

fn say(stage: &Stage, dice: &mut Dice, change: impl FnOnce(&mut RootDocument, &mut Dice)) {
    let mut document = with_new_feed(stage, dice);
    change(&mut document, dice);
    stage.liar.say(PATH_ROOT, signed(stage, &document));
}

fn by_forger(stage: &Stage, dice: &mut Dice) -> (SigningKey, Vec<u8>) {
    let forger = SigningKey::make().unwrap();
    let mut document = with_new_feed(stage, dice);
    document.root_key = forger.public().unwrap();
    let signed = document.sign(&forger).unwrap().0;
    (forger, signed)
}

fn other_root(stage: &Stage, dice: &mut Dice) {
    let (_, signed) = by_forger(stage, dice);
    stage.liar.say(PATH_ROOT, signed);
}

fn forged(stage: &Stage, dice: &mut Dice) {
    let (forger, mut signed) = by_forger(stage, dice);
    let forged = forger.public().unwrap();
    let place = signed
        .windows(32)
        .position(|window| window == forged.as_bytes())
        .unwrap();
    let pinned = stage.tablet.document.root_key;
    signed[place..place + 32].copy_from_slice(pinned.as_bytes());
    stage.liar.say(PATH_ROOT, signed);
}

fn older(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |document, _| document.serial = 0);
}

fn reused(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |document, _| document.serial = 1);
}

fn other_council(stage: &Stage, dice: &mut Dice) {
    let other = sync_protocol::ids::CouncilId::make().unwrap();
    say(stage, dice, |document, _| document.council = other);
}

fn generation_back(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |document, _| document.generation = 0);
}

fn bit(stage: &Stage, dice: &mut Dice) {
    let document = with_new_feed(stage, dice);
    let mut bytes = signed(stage, &document);
    let signature = bytes.len() - 64;
    dice.turn_bit(&mut bytes, signature);
    stage.liar.say(PATH_ROOT, bytes);
}

fn head(stage: &Stage, dice: &mut Dice) {
    with_new_feed(stage, dice);
    let signed = stage.head().sign(&stage.tablet.root).unwrap();
    stage.liar.say(PATH_ROOT, signed.0);
}

fn endless(stage: &Stage, dice: &mut Dice) {
    let document = with_new_feed(stage, dice);
    let mut bytes = signed(stage, &document);
    bytes.resize(64 * 1024 + 1 + dice.below(100_000), 0);
    stage.liar.say(PATH_ROOT, bytes);
}

fn unrelated(stage: &Stage, dice: &mut Dice) {
    let feed_key = stage.tablet.document.feed_key;
    say(stage, dice, |document, _| document.feed_key = feed_key);
}
