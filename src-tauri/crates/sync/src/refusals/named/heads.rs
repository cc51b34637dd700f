//! Lies about the head: old ones, others', forged and unreadable ones.

use sync_protocol::class_key::KeyEpoch;
use sync_protocol::head::DeviceHead;
use sync_protocol::ids::{CouncilId, DeviceId, Hash};
use sync_protocol::sign::SigningKey;
use sync_protocol::wire::PATH_HEAD;

use super::{Attack, Stage};
use crate::testing::NOW_MS;
use crate::testing::dice::Dice;

pub(super) const ATTACKS: &[Attack] = &[
    ("an older head again", "counter_too_low", older),
    ("two heads with one counter", "counter_reused", reused),
    ("an older generation", "generation_too_low", generation_back),
    (
        "a generation that nobody signed",
        "generation_unknown",
        generation_ahead,
    ),
    ("a head that ends before it begins", "bad_times", bad_times),
    ("a chain that became shorter", "seq_too_low", shorter),
    ("a chain with another history", "fork", fork),
    (
        "a class key epoch that went back",
        "epoch_too_low",
        epoch_back,
    ),
    ("the head of another device", "foreign_device", other_device),
    (
        "the head of another council",
        "foreign_council",
        other_council,
    ),
    ("a head that a stranger signed", "bad_signature", stranger),
    ("a head that the root key signed", "bad_signature", root_key),
    (
        "a root document in place of a head",
        "bad_signature",
        root_document,
    ),
    ("a head with one bit turned", "bad_signature", bit),
    ("a head cut short", "bad_signature", cut),
    ("a head with something behind it", "bad_signature", longer),
    ("a head without an end", "malformed", endless),
    ("an audience listed twice", "malformed", twice),
    ("a head that wants to be unpacked", "bad_signature", packed),
    ("positions of two chains exchanged", "fork", exchanged),
];

fn say(stage: &Stage, change: impl FnOnce(&mut DeviceHead)) {
    let mut head = stage.head();
    change(&mut head);
    stage.say_head(&head);
}

fn say_bytes(stage: &Stage, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = stage.head().sign(&stage.tablet.feed).unwrap().0;
    change(&mut bytes);
    stage.liar.say(PATH_HEAD, bytes);
}

/// A head as it may have been before, of the same chains or of shorter ones.
fn older(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        head.counter = dice.throw() % 1_000;
        head.issued_at_ms = NOW_MS - i64::from(dice.throw() as u32);
        if dice.is_even() {
            head.audiences.truncate(1);
        }
    });
}

fn reused(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        head.counter = 1_000;
        head.expires_at_ms += 1 + i64::from(dice.throw() as u32);
    });
}

fn generation_back(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        head.generation = 0;
        head.counter = dice.throw();
    });
}

fn generation_ahead(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        head.generation = 2 + (dice.throw() as u32 >> 1);
        head.counter = dice.throw();
    });
}

fn bad_times(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        head.expires_at_ms = head.issued_at_ms - i64::from(dice.throw() as u32 >> 1);
    });
}

fn shorter(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        let audience = dice.below(2);
        head.audiences[audience].seq = dice.throw() % 2;
    });
}

fn fork(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        let audience = &mut head.audiences[dice.below(2)];
        (audience.seq, audience.hash) = (2, Hash::of(&dice.throw().to_be_bytes()));
    });
}

fn epoch_back(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        head.audiences[dice.below(2)].key_epoch = KeyEpoch(0);
        head.counter += dice.throw() % 1_000;
    });
}

fn other_device(stage: &Stage, _: &mut Dice) {
    say(stage, |head| head.device = DeviceId::make().unwrap());
}

fn other_council(stage: &Stage, _: &mut Dice) {
    say(stage, |head| head.council = CouncilId::make().unwrap());
}

fn stranger(stage: &Stage, _: &mut Dice) {
    let stranger = SigningKey::make().unwrap();
    let signed = stage.head().sign(&stranger).unwrap();
    stage.liar.say(PATH_HEAD, signed.0);
}

/// One key, one purpose: not even the council's root key signs heads.
fn root_key(stage: &Stage, dice: &mut Dice) {
    let mut head = stage.head();
    head.counter += dice.throw() % 1_000;
    let signed = head.sign(&stage.tablet.root).unwrap();
    stage.liar.say(PATH_HEAD, signed.0);
}

fn root_document(stage: &Stage, dice: &mut Dice) {
    let mut document = stage.tablet.document.clone();
    document.serial += dice.throw() % 1_000;
    let signed = document.sign(&stage.tablet.root).unwrap();
    stage.liar.say(PATH_HEAD, signed.0);
}

fn bit(stage: &Stage, dice: &mut Dice) {
    say_bytes(stage, |bytes| dice.turn_bit(bytes, 0));
}

fn cut(stage: &Stage, dice: &mut Dice) {
    say_bytes(stage, |bytes| bytes.truncate(dice.below(bytes.len())));
}

fn longer(stage: &Stage, dice: &mut Dice) {
    say_bytes(stage, |bytes| bytes.push(dice.throw() as u8));
}

fn endless(stage: &Stage, dice: &mut Dice) {
    say_bytes(stage, |bytes| {
        bytes.resize((1 << 20) + 1 + dice.below(100_000), 0)
    });
}

fn twice(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        let mut again = head.audiences[dice.below(2)].clone();
        again.seq += dice.throw() % 3;
        head.audiences.push(again);
    });
}

/// The honest head in a gzip that any browser would unpack: taking it would mean that a small answer can become a large one.
fn packed(stage: &Stage, dice: &mut Dice) {
    let mut head = stage.head();
    head.counter += dice.throw() % 1_000;
    let plain = head.sign(&stage.tablet.feed).unwrap().0;
    stage
        .liar
        .say_packed(PATH_HEAD, "gzip", gzip_stored(&plain));
}

/// RFC 1952 around one stored block of RFC 1951.
fn gzip_stored(plain: &[u8]) -> Vec<u8> {
    let byte_len = u16::try_from(plain.len()).unwrap();
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    packed.extend(byte_len.to_le_bytes());
    packed.extend((!byte_len).to_le_bytes());
    packed.extend(plain);
    let crc = plain.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    });
    packed.extend((!crc).to_le_bytes());
    packed.extend(u32::from(byte_len).to_le_bytes());
    packed
}

/// Signed by the council: each chain is to end where the other one does.
fn exchanged(stage: &Stage, dice: &mut Dice) {
    say(stage, |head| {
        let (first, second) = (head.audiences[0].hash, head.audiences[1].hash);
        (head.audiences[0].hash, head.audiences[1].hash) = (second, first);
        head.counter += dice.throw() % 1_000;
    });
}
