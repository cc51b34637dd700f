//! Lies about snapshots, told to a tablet that has nothing to compare them with but the head.

use sync_protocol::ids::{AudienceId, CouncilId, Hash};
use sync_protocol::sign::SigningKey;
use sync_protocol::snapshot::Snapshot;
use sync_protocol::wire::path_snapshot;

use super::{Attack, Stage};
use crate::refusals::snapshots::{long_stage, snapshot_of};
use crate::testing::dice::Dice;

pub(super) const ATTACKS: &[Attack] = &[
    (
        "a snapshot that a stranger signed",
        "bad_signature",
        stranger,
    ),
    (
        "a snapshot that the root key signed",
        "bad_signature",
        root_key,
    ),
    (
        "the snapshot of another audience",
        "snapshot_mismatch",
        other_audience,
    ),
    (
        "the snapshot of another council",
        "snapshot_mismatch",
        other_council,
    ),
    (
        "a snapshot of another generation",
        "snapshot_mismatch",
        other_generation,
    ),
    (
        "a snapshot of another history",
        "snapshot_mismatch",
        other_history,
    ),
    (
        "an older snapshot of another history",
        "snapshot_mismatch",
        older,
    ),
    ("a snapshot cut short", "malformed", cut),
    (
        "a snapshot with a payload exchanged",
        "payload_mismatch",
        payload,
    ),
];

pub(super) fn stage() -> Stage {
    let (stage, _) = long_stage();
    say_truth(&stage);
    stage
}

pub(super) fn say_truth(stage: &Stage) {
    stage.say_everything();
    stage.say_snapshot(snapshot_of(stage), &stage.tablet.feed);
}

pub(super) fn say_lie(stage: &Stage) {
    stranger(stage, &mut Dice::new(0));
}

fn say(stage: &Stage, change: impl FnOnce(&mut Snapshot)) {
    let mut snapshot = snapshot_of(stage);
    change(&mut snapshot);
    stage.say_snapshot(snapshot, &stage.tablet.feed);
}

fn stranger(stage: &Stage, _: &mut Dice) {
    stage.say_snapshot(snapshot_of(stage), &SigningKey::make().unwrap());
}

fn root_key(stage: &Stage, _: &mut Dice) {
    stage.say_snapshot(snapshot_of(stage), &stage.tablet.root);
}

fn other_audience(stage: &Stage, dice: &mut Dice) {
    let closed = stage.closed.audience;
    let other = if dice.is_even() {
        closed
    } else {
        AudienceId::make().unwrap()
    };
    say(stage, |snapshot| snapshot.audience = other);
}

fn other_council(stage: &Stage, _: &mut Dice) {
    say(stage, |snapshot| {
        snapshot.council = CouncilId::make().unwrap();
    });
}

fn other_generation(stage: &Stage, dice: &mut Dice) {
    say(stage, |snapshot| {
        snapshot.generation = 2 + (dice.throw() as u32 >> 1);
    });
}

fn other_history(stage: &Stage, dice: &mut Dice) {
    say(stage, |snapshot| {
        snapshot.entries.pop();
        snapshot.hash = Hash::of(&dice.throw().to_be_bytes());
    });
}

fn older(stage: &Stage, dice: &mut Dice) {
    say(stage, |snapshot| {
        snapshot.entries.pop();
        snapshot.seq = 302;
        snapshot.hash = Hash::of(&dice.throw().to_be_bytes());
    });
}

fn cut(stage: &Stage, dice: &mut Dice) {
    let snapshot = snapshot_of(stage).sign(&stage.tablet.feed).unwrap();
    let mut bytes = snapshot.to_bytes();
    bytes.truncate(dice.below(bytes.len()));
    stage
        .liar
        .say(&path_snapshot(&stage.public.audience), bytes);
}

fn payload(stage: &Stage, dice: &mut Dice) {
    say(stage, |snapshot| {
        let place = dice.below(snapshot.entries.len());
        let payload = snapshot.entries[place].sealed_payload.as_mut().unwrap();
        dice.turn_bit(payload, 0);
    });
}
