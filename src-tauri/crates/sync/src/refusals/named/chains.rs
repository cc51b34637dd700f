//! Lies about chains: gaps, forks, exchanged and spoilt entries, and entries that are not what they say.

use sync_protocol::cbor::to_cbor;
use sync_protocol::chain::{ChainPage, Entry, EntryDraft, EntryHeader, Op};
use sync_protocol::class_key::{ClassKey, EntryContext, seal_payload};
use sync_protocol::head::AudienceKind;
use sync_protocol::model::{CouncilObject, ObjectKind};

use super::{Attack, Stage};
use crate::testing::dice::Dice;
use crate::testing::{Chain, id, item, paper};

pub(super) const ATTACKS: &[Attack] = &[
    ("an entry left out", "gap", left_out),
    ("two entries the other way round", "gap", other_way_round),
    ("an entry twice", "gap", twice),
    ("a chain that ends too early", "gap", too_early),
    ("no entry at all", "gap", empty),
    ("entries of another history", "fork", other_history),
    ("another last entry", "fork", other_last),
    (
        "an entry about another object",
        "fork",
        other_object_in_header,
    ),
    ("the other chain", "bad_chain", other_chain),
    (
        "a payload with one bit turned",
        "payload_mismatch",
        payload_bit,
    ),
    (
        "two payloads exchanged",
        "payload_mismatch",
        payloads_exchanged,
    ),
    ("a file key put on", "payload_mismatch", key_put_on),
    ("a page cut short", "malformed", page_cut),
    (
        "a page that announces more than there is",
        "malformed",
        page_of_many,
    ),
    ("a page nested without an end", "malformed", page_nested),
    ("a payload under another key", "bad_entry", other_key),
    ("a payload about another object", "bad_entry", other_object),
    ("a payload of another kind", "bad_entry", other_kind),
];

/// One of the two chains.
fn one<'a>(stage: &'a Stage, dice: &mut Dice) -> &'a Chain {
    if dice.is_even() {
        &stage.public
    } else {
        &stage.closed
    }
}

fn say(stage: &Stage, dice: &mut Dice, change: impl FnOnce(&mut Vec<Entry>, &mut Dice)) {
    let chain = one(stage, dice);
    let mut entries = chain.fresh.clone();
    change(&mut entries, dice);
    stage.say_chain(chain, entries);
}

fn say_page(stage: &Stage, dice: &mut Dice, page: impl FnOnce(Vec<u8>, &mut Dice) -> Vec<u8>) {
    let chain = one(stage, dice);
    let entries = chain.fresh.clone();
    let bytes = page(to_cbor(&ChainPage { entries }), dice);
    let path = format!("/v1/chain/{}", chain.audience);
    stage.liar.say(&path, bytes);
}

fn left_out(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, dice| {
        entries.remove(dice.below(entries.len()));
    });
}

fn other_way_round(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, dice| {
        let first = dice.below(entries.len() - 1);
        entries.swap(first, first + 1);
    });
}

fn twice(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, dice| {
        let place = dice.below(entries.len() - 1);
        entries.insert(place, entries[place].clone());
    });
}

fn too_early(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, dice| {
        entries.truncate(1 + dice.below(entries.len() - 1));
    });
}

fn empty(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, _| entries.clear());
}

/// Entries of the right numbers, of a chain that has gone another way since its first entry.
fn other_history(stage: &Stage, dice: &mut Dice) {
    let chain = one(stage, dice);
    let mut other = Chain::new(chain.council, AudienceKind::Organization);
    (other.audience, other.key) = (chain.audience, chain.key.clone());
    for n in 0..chain.at.seq {
        other.put(paper(100 + u8::try_from(n).unwrap(), None, &[]));
    }
    let honest = dice.below(chain.fresh.len());
    let mut entries = chain.fresh[..honest].to_vec();
    entries.extend_from_slice(&other.fresh[2 + honest..]);
    stage.say_chain(chain, entries);
}

fn other_last(stage: &Stage, dice: &mut Dice) {
    let chain = one(stage, dice);
    let mut other = chain.clone();
    let last = chain.fresh.last().unwrap();
    let header = EntryHeader::from_bytes(&last.header_bytes).unwrap();
    other.fresh.clear();
    (other.at.seq, other.at.hash) = (header.seq - 1, header.prev);
    other.put(paper(
        100 + u8::try_from(dice.below(100)).unwrap(),
        None,
        &[],
    ));
    let mut entries = chain.fresh.clone();
    *entries.last_mut().unwrap() = other.fresh[0].clone();
    stage.say_chain(chain, entries);
}

fn other_object_in_header(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, dice| {
        let entry = &mut entries[dice.below(6)];
        let mut header = EntryHeader::from_bytes(&entry.header_bytes).unwrap();
        header.object = id(200);
        entry.header_bytes = header.to_bytes();
    });
}

fn other_chain(stage: &Stage, dice: &mut Dice) {
    let (asked, told) = if dice.is_even() {
        (&stage.public, &stage.closed)
    } else {
        (&stage.closed, &stage.public)
    };
    let place = dice.below(asked.fresh.len());
    let mut entries = asked.fresh.clone();
    entries[place] = told.fresh[place].clone();
    stage.say_chain(asked, entries);
}

fn payload_bit(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, dice| {
        let entry = &mut entries[dice.below(6)];
        dice.turn_bit(entry.sealed_payload.as_mut().unwrap(), 0);
    });
}

fn payloads_exchanged(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, dice| {
        let first = dice.below(entries.len() - 1);
        let payload = entries[first].sealed_payload.take();
        entries[first].sealed_payload = entries[first + 1].sealed_payload.take();
        entries[first + 1].sealed_payload = payload;
    });
}

fn key_put_on(stage: &Stage, dice: &mut Dice) {
    say(stage, dice, |entries, dice| {
        entries[dice.below(6)].wrapped_file_key = Some(dice.throw().to_be_bytes().to_vec());
    });
}

fn page_cut(stage: &Stage, dice: &mut Dice) {
    say_page(stage, dice, |mut bytes, dice| {
        bytes.truncate(dice.below(bytes.len()));
        bytes
    });
}

/// A map whose list claims up to 2^63 entries: nothing may be reserved for them.
fn page_of_many(stage: &Stage, dice: &mut Dice) {
    say_page(stage, dice, |_, dice| {
        let mut bytes = vec![0xa1, 0x00, 0x9b];
        bytes.extend((dice.throw() >> 1 | 1 << 40).to_be_bytes());
        bytes
    });
}

fn page_nested(stage: &Stage, dice: &mut Dice) {
    say_page(stage, dice, |_, dice| {
        let depth = 100_000 + dice.below(100_000);
        let mut bytes = vec![0xa1, if dice.is_even() { 0x00 } else { 0x17 }];
        bytes.resize(depth, 0x81);
        bytes
    });
}

/// An entry that the council signs for by its head, but whose payload does not fit.
fn append(
    stage: &Stage,
    dice: &mut Dice,
    payload: impl FnOnce(&Chain) -> (ClassKey, CouncilObject),
) {
    let chain = one(stage, dice);
    let mut longer = chain.clone();
    let (key, object) = payload(chain);
    let revision = 100 + dice.throw() as u32 % 100;
    let context = EntryContext {
        council: chain.council,
        audience: chain.audience,
        object_kind: ObjectKind::Paper,
        object: id(90),
        revision,
        key_epoch: chain.epoch,
    };
    longer.append(EntryDraft {
        op: Op::Upsert,
        object_kind: ObjectKind::Paper,
        object: id(90),
        revision,
        key_epoch: chain.epoch,
        blob_id: None,
        sealed_payload: Some(seal_payload(&key, &context, &object.to_payload()).unwrap()),
        wrapped_file_key: None,
    });
    stage.say_longer(&longer);
}

impl Stage {
    /// A head and a page that agree on a chain of which one is known here already.
    pub(super) fn say_longer(&self, longer: &Chain) {
        let mut head = self.head();
        for listed in &mut head.audiences {
            if listed.id == longer.audience {
                *listed = longer.listed();
            }
        }
        self.say_head(&head);
        self.say_chain(longer, longer.fresh.clone());
    }
}

fn other_key(stage: &Stage, dice: &mut Dice) {
    append(stage, dice, |_| {
        (ClassKey::make().unwrap(), paper(90, None, &[]).into())
    });
}

fn other_object(stage: &Stage, dice: &mut Dice) {
    let other = 91 + u8::try_from(dice.below(100)).unwrap();
    append(stage, dice, |chain| {
        (chain.key.clone(), paper(other, None, &[]).into())
    });
}

fn other_kind(stage: &Stage, dice: &mut Dice) {
    append(stage, dice, |chain| {
        (chain.key.clone(), item(90, 1, 1, true).into())
    });
}
