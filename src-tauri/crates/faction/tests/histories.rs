//! Random histories: people come and go, rotate, write without network, lose devices, act at once. Afterwards everybody who is there
//! reads everything old, whoever is gone nothing new, and all devices show the same.
//! `RATSMAPPE_FACTION_HISTORIES` sets their number; each is made again from the number that a failure names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod common;

use std::collections::BTreeMap;

use common::*;
use faction::*;
use sync_protocol::faction::envelope::SignedEnvelope;
use sync_protocol::faction::link::Role;
use sync_protocol::ids::*;

const HISTORIES: u64 = 2_000;
const STEPS: u64 = 9;

/// SplitMix64: small, seeded, the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

/// A device of whoever went, with what she could still read.
struct Gone {
    tablet: Tablet,
    /// Link that took her out.
    removed_at: u64,
}

struct History {
    dice: Dice,
    relay: Relay,
    tablets: Vec<Tablet>,
    gone: Vec<Gone>,
    /// Messages that were written, with their words.
    written: BTreeMap<ItemId, String>,
    seed: u64,
}

/// What a history amounted to.
#[derive(Debug, Default)]
struct Tally {
    removals: usize,
    newcomers: usize,
    conflicts: usize,
    envelopes: usize,
    /// Old messages that somebody who is there cannot read.
    unread_old: usize,
    /// New messages that somebody who is gone can read.
    read_new: usize,
    /// Devices that show something else than the first.
    diverged: usize,
}

impl History {
    fn new(seed: u64) -> Self {
        let (chair, relay) = Tablet::found();
        Self {
            dice: Dice(seed),
            relay,
            tablets: vec![chair],
            gone: Vec::new(),
            written: BTreeMap::new(),
            seed,
        }
    }

    fn pick(&mut self) -> usize {
        self.dice.below(self.tablets.len() as u64) as usize
    }

    fn admin(&mut self) -> Option<usize> {
        let roster = &self.relay.roster;
        let admins: Vec<usize> = (0..self.tablets.len())
            .filter(|at| {
                let user = roster.user(&self.tablets[*at].space.user());
                user.is_some_and(|user| user.role == Role::Admin)
            })
            .collect();
        if admins.is_empty() {
            return None;
        }
        let which = self.dice.below(admins.len() as u64) as usize;
        Some(admins[which])
    }

    fn sync(&mut self, at: usize) {
        self.tablets[at].sync(&mut self.relay);
        self.part();
    }

    /// Sorts out whoever is not in the roster any more.
    fn part(&mut self) {
        let roster = &self.relay.roster;
        let is_there = |tablet: &Tablet| {
            roster
                .device(&tablet.device())
                .is_some_and(|device| device.removal.is_none())
        };
        let (stay, go): (Vec<_>, Vec<_>) = self.tablets.drain(..).partition(is_there);
        self.tablets = stay;
        let went = go.into_iter().map(|tablet| {
            let device = roster.device(&tablet.device()).unwrap();
            let removed_at = device.removal.unwrap().seq;
            Gone { tablet, removed_at }
        });
        self.gone.extend(went);
    }

    fn step(&mut self, tally: &mut Tally) {
        let at = self.pick();
        match self.dice.below(20) {
            0..=4 => {
                let text = format!("Nachricht {} von {}", self.written.len(), self.seed);
                let item = if self.dice.below(4) == 0 {
                    self.tablets[at].writes(&text)
                } else {
                    self.tablets[at].shares(&text, Readers::Everybody)
                };
                self.written.insert(item, text);
            }
            5..=6 => {
                let text = format!("Fassung {}", self.dice.below(1000));
                let part = if self.dice.below(2) == 0 {
                    TextPart::Recommendation
                } else {
                    TextPart::Arguments
                };
                self.tablets[at].recommends(&[Edit::Text(part, text)]);
            }
            7 => {
                let share = self.tablets[at].shares("Vermerk", Readers::Everybody);
                if self.dice.below(2) == 0 {
                    self.tablets[at].space.withdraw(share, NOW_MS).unwrap();
                }
            }
            8..=11 => self.sync(at),
            12..=13 if self.tablets.len() < 4 => {
                if let Some(admin) = self.admin() {
                    let role =
                        [Role::Member, Role::Staff, Role::Admin][self.dice.below(3) as usize];
                    self.bring_in(admin, Some(role), tally);
                }
            }
            14 if self.tablets.len() < 4 => self.bring_in(at, None, tally),
            15..=16 => self.remove(tally),
            17 => {
                if let Some(admin) = self.admin() {
                    self.tablets[admin].space.intend(&Intent::Rotate).unwrap();
                }
            }
            18 => {
                tally.removals += 1;
                self.tablets[at].space.intend(&Intent::Leave).unwrap();
                self.sync(at);
            }
            // The device is lost, with everything that waited on it; somebody takes it out one day, or nobody does.
            19 if self.tablets.len() > 1 => {
                let lost = self.tablets.remove(at);
                if let Some(admin) = self.admin() {
                    let out = Intent::RemoveDevice(lost.device());
                    self.tablets[admin].space.intend(&out).unwrap();
                } else {
                    self.tablets.push(lost);
                }
            }
            _ => self.sync(at),
        }
    }

    fn bring_in(&mut self, by: usize, role: Option<Role>, tally: &mut Tally) {
        // Her own wishes may end her own membership while she invites.
        self.tablets[by].sync(&mut self.relay);
        self.part();
        let Some(tablet) = self.tablets.get_mut(by) else {
            return;
        };
        let user = self.relay.roster.user(&tablet.space.user()).unwrap();
        if role.is_some() && user.role != Role::Admin {
            return;
        }
        let newcomer = tablet.brings_in(role, &mut self.relay);
        tally.newcomers += 1;
        self.tablets.push(newcomer);
    }

    /// Sometimes without network: then the links are made later, on top of whatever has happened.
    fn remove(&mut self, tally: &mut Tally) {
        let Some(admin) = self.admin() else { return };
        let whom = self.pick();
        let tablet = &self.tablets[whom];
        let intent = if self.dice.below(2) == 0 {
            Intent::RemoveUser(tablet.space.user())
        } else {
            Intent::RemoveDevice(tablet.device())
        };
        tally.removals += 1;
        self.tablets[admin].space.intend(&intent).unwrap();
        let another = self.admin();
        if let Some(another) = another.filter(|another| *another != admin) {
            // Two admins at once: the other one's links were made for the head before.
            self.tablets[another].fetch(&self.relay);
            self.tablets[another].space.intend(&Intent::Rotate).unwrap();
            let upload = self.tablets[another].space.next_roster_upload(NOW_MS);
            self.sync(admin);
            if let Ok((Some(upload), _)) = upload {
                let answer = self
                    .relay
                    .append(upload.after, &upload.links, &upload.boxes);
                tally.conflicts += usize::from(answer == Answer::Conflict);
            }
        } else if self.dice.below(2) == 0 {
            self.sync(admin);
        }
    }

    fn finish(mut self, tally: &mut Tally, fault: Fault) {
        // Whatever still waits is sent; three rounds, because a removal may be among it.
        for _ in 0..3 {
            for at in (0..self.tablets.len()).rev() {
                if at < self.tablets.len() {
                    self.sync(at);
                }
            }
        }
        for tablet in &mut self.tablets {
            tablet.sync(&mut self.relay);
            assert_eq!(
                tablet.space.waiting_count().unwrap(),
                0,
                "history {}",
                self.seed
            );
            assert!(
                tablet.space.intents().unwrap().is_empty(),
                "history {}",
                self.seed
            );
        }
        tally.envelopes += self.relay.envelopes.len();
        fault.plant(&mut self.tablets, &mut self.gone);
        self.count(tally);
    }

    fn count(mut self, tally: &mut Tally) {
        let digests: Vec<Hash> = self.tablets.iter().map(Tablet::digest).collect();
        tally.diverged += digests.iter().filter(|one| **one != digests[0]).count();
        // What any device that is there reads has reached the server: all of them read it.
        let read: Vec<BTreeMap<ItemId, String>> = self.tablets.iter().map(texts).collect();
        let arrived = |item: &&ItemId| read.iter().any(|one| one.contains_key(*item));
        for (item, text) in self.written.iter().filter(|(item, _)| arrived(item)) {
            tally.unread_old += read
                .iter()
                .filter(|one| one.get(item) != Some(text))
                .count();
        }
        let relay = &self.relay;
        for gone in &mut self.gone {
            let space = &mut gone.tablet.space;
            // She is given everything by a server that helps her; a box that is not hers is refused or left alone.
            space.take_links(&relay.links).unwrap();
            for one in &relay.boxes {
                let _ = space.take_boxes(std::slice::from_ref(one));
            }
            space.take_envelopes(&relay.envelopes, 0).unwrap();
            let held = space.held_epochs().unwrap();
            let readable = |envelope: &&SignedEnvelope| {
                let header = envelope.header().unwrap();
                let is_new = relay.roster.seq_of(&header.head).unwrap() > gone.removed_at;
                is_new && held.contains(&header.epoch)
            };
            tally.read_new += relay.envelopes.iter().filter(readable).count();
        }
    }
}

/// Everything that a device shows, by id.
fn texts(tablet: &Tablet) -> BTreeMap<ItemId, String> {
    let shares = tablet.space.shares(&no_keys).unwrap();
    let mut texts: BTreeMap<ItemId, String> = shares
        .into_iter()
        .filter_map(|shown| match shown {
            Shown::Open(said) => Some((said.item, said.copy.text.clone())),
            Shown::Closed(_) => None,
        })
        .collect();
    for item in tablet.space.documents().unwrap() {
        texts.extend(tablet.body_of(item).map(|body| (item, body)));
    }
    texts
}

/// What the looker must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// Whoever is gone is said to have gone at the very beginning: what she read in between must show.
    ReadAfterRemoval,
    /// A device shows something that no other has.
    OneMore,
}

impl Fault {
    fn plant(self, tablets: &mut [Tablet], gone: &mut [Gone]) {
        match self {
            Fault::None => {}
            Fault::ReadAfterRemoval => gone.iter_mut().for_each(|gone| gone.removed_at = 1),
            Fault::OneMore => {
                if let Some(last) = tablets.last_mut() {
                    last.writes("nur hier");
                }
            }
        }
    }
}

fn run(seeds: std::ops::Range<u64>, fault: Fault) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let mut history = History::new(seed);
        history.bring_in(0, Some(Role::Member), &mut tally);
        for _ in 0..STEPS {
            if history.tablets.is_empty() {
                break;
            }
            history.step(&mut tally);
        }
        history.finish(&mut tally, fault);
    }
    tally
}

fn count() -> u64 {
    let set = std::env::var("RATSMAPPE_FACTION_HISTORIES").ok();
    set.and_then(|count| count.parse().ok())
        .unwrap_or(HISTORIES)
}

fn holds(name: &str, seeds: std::ops::Range<u64>) {
    let many = usize::try_from(seeds.end - seeds.start).unwrap();
    let tally = run(seeds, Fault::None);
    println!("{many} histories: {tally:?}");
    assert_eq!(
        tally.unread_old, 0,
        "old messages unreadable by new members"
    );
    assert_eq!(tally.read_new, 0, "new messages readable by those who went");
    assert_eq!(tally.diverged, 0, "devices that differ");
    assert!(
        tally.removals > many / 2 && tally.newcomers > many,
        "{tally:?}"
    );
    assert!(
        tally.conflicts > many / 100 && tally.envelopes > many,
        "{tally:?}"
    );
    evidence::record(
        name,
        evidence::Counts {
            tried: many as u64,
            refused: many as u64,
            lost: 0,
        },
    )
    .unwrap();
}

// Two halves, so that two cores share them.
#[test]
fn safety_whoever_is_there_reads_everything_and_whoever_is_gone_nothing_new() {
    holds("histories.first", 0..count() / 2);
}

#[test]
fn safety_whoever_is_there_reads_everything_second_half() {
    holds("histories.second", count() / 2..count());
}

#[test]
fn the_looker_finds_what_is_planted() {
    assert!(run(0..40, Fault::ReadAfterRemoval).read_new > 0);
    assert!(run(0..10, Fault::OneMore).diverged > 0);
}
