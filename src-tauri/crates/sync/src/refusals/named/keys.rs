//! Lies about class keys: a new epoch is listed, and the boxes that come are not the ones that belong to it.

use sync_protocol::cbor::{from_cbor_lenient, to_cbor};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::ids::DeviceId;
use sync_protocol::key_box::{KeyBox, KeyBoxContext, KeyBoxes, make_key_box};
use sync_protocol::wire::PATH_KEYS;

use super::{Attack, Stage};
use crate::testing::dice::Dice;
use crate::testing::{Chain, paper};

pub(super) const ATTACKS: &[Attack] = &[
    ("a key that does not come", "bad_key_box", missing),
    ("the boxes of another device", "bad_key_box", other_device),
    ("boxes of two audiences exchanged", "bad_key_box", exchanged),
    ("a box with one bit turned", "bad_key_box", bit),
    ("a box cut short", "bad_key_box", cut),
    ("a box of another epoch", "bad_key_box", other_epoch),
    ("a box of another council", "bad_key_box", other_council),
    ("a list of boxes cut short", "malformed", list_cut),
    (
        "another key than the one that seals",
        "bad_entry",
        other_key,
    ),
];

/// Both chains in a new epoch, each with one more entry that is sealed with the new key.
fn renewed(stage: &Stage, dice: &mut Dice) -> [Chain; 2] {
    let mut chains = [stage.public.clone(), stage.closed.clone()];
    for chain in &mut chains {
        chain.epoch = KeyEpoch(2 + dice.throw() as u32 % 100);
        chain.key = ClassKey::make().unwrap();
        chain.put(paper(60, None, &[]));
    }
    let mut head = stage.head();
    head.audiences = chains.iter().map(Chain::listed).collect();
    stage.say_head(&head);
    for chain in &chains {
        stage.say_chain(chain, chain.fresh.clone());
    }
    chains
}

fn boxes(stage: &Stage, chains: &[Chain], change: impl Fn(&mut KeyBoxContext)) -> Vec<KeyBox> {
    let keyring = stage.tablet.vault.keyring();
    let key = keyring.device_box_key(stage.tablet.council).unwrap();
    let public = key.public().unwrap();
    let make = |chain: &Chain| {
        let mut context = KeyBoxContext {
            council: chain.council,
            device: stage.tablet.device,
            audience: chain.audience,
            epoch: chain.epoch,
        };
        change(&mut context);
        let mut made = make_key_box(&public, &context, &chain.key).unwrap();
        (made.audience, made.epoch) = (chain.audience, chain.epoch);
        made
    };
    chains.iter().map(make).collect()
}

fn say(stage: &Stage, boxes: Vec<KeyBox>) {
    stage.liar.say(PATH_KEYS, to_cbor(&KeyBoxes { boxes }));
}

fn missing(stage: &Stage, dice: &mut Dice) {
    let mut honest = boxes(stage, &renewed(stage, dice), |_| {});
    honest.remove(dice.below(2));
    say(stage, honest);
}

fn other_device(stage: &Stage, dice: &mut Dice) {
    let other = DeviceId::make().unwrap();
    let chains = renewed(stage, dice);
    say(
        stage,
        boxes(stage, &chains, |context| context.device = other),
    );
}

fn exchanged(stage: &Stage, dice: &mut Dice) {
    let mut honest = boxes(stage, &renewed(stage, dice), |_| {});
    let first = honest[0].bytes.clone();
    honest[0].bytes = std::mem::replace(&mut honest[1].bytes, first);
    say(stage, honest);
}

fn bit(stage: &Stage, dice: &mut Dice) {
    let mut honest = boxes(stage, &renewed(stage, dice), |_| {});
    let place = dice.below(2);
    dice.turn_bit(&mut honest[place].bytes, 0);
    say(stage, honest);
}

fn cut(stage: &Stage, dice: &mut Dice) {
    let mut honest = boxes(stage, &renewed(stage, dice), |_| {});
    let place = dice.below(2);
    let bytes = &mut honest[place].bytes;
    bytes.truncate(dice.below(bytes.len()));
    say(stage, honest);
}

fn other_epoch(stage: &Stage, dice: &mut Dice) {
    let chains = renewed(stage, dice);
    let lie = boxes(stage, &chains, |context| context.epoch = KeyEpoch(1));
    say(stage, lie);
}

fn other_council(stage: &Stage, dice: &mut Dice) {
    let other = sync_protocol::ids::CouncilId::make().unwrap();
    let chains = renewed(stage, dice);
    say(
        stage,
        boxes(stage, &chains, |context| context.council = other),
    );
}

fn list_cut(stage: &Stage, dice: &mut Dice) {
    let boxes = boxes(stage, &renewed(stage, dice), |_| {});
    let mut bytes = to_cbor(&KeyBoxes { boxes });
    bytes.truncate(dice.below(bytes.len()));
    assert!(from_cbor_lenient::<KeyBoxes>(&bytes).is_err());
    stage.liar.say(PATH_KEYS, bytes);
}

fn other_key(stage: &Stage, dice: &mut Dice) {
    let mut chains = renewed(stage, dice);
    chains[dice.below(2)].key = ClassKey::make().unwrap();
    say(stage, boxes(stage, &chains, |_| {}));
}
