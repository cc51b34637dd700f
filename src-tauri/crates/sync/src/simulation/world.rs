//! One world: its events, drawn from the seed, one after the other in one thread. What is on its way lies in a pool from which any may
//! be next.

use std::rc::Rc;

use super::judge;
use super::office::{Answer, Ask, CHAINS, Office, object};
use super::seals::Seals;
use super::tablet::{Step, Tablet};
use super::{Fault, TABLETS};
use crate::error::SyncError;
use crate::testing::NOW_MS;
use crate::testing::dice::Dice;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Events of a world before it comes to rest.
const EVENTS: usize = 80;
/// Papers and meetings of a world.
const OBJECTS: usize = 7;

/// What is on its way, either way.
#[derive(Clone)]
struct Letter {
    tablet: usize,
    /// Which request of this tablet it is, or answers.
    request: u64,
    what: What,
}

#[derive(Clone)]
enum What {
    Ask(Ask),
    /// An old answer stands in for it, if the flag is set.
    Answer(Answer, bool),
}

/// What a world amounted to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    runs: u64,
    runs_done: u64,
    refusals: u64,
    crashes: u64,
    restores: u64,
    revocations: u64,
    forgotten: u64,
}

pub(super) struct Outcome {
    pub(super) verdict: Result<(), String>,
    pub(super) trace: u64,
    pub(super) lines: Vec<String>,
    pub(super) tally: Tally,
}

pub(super) struct World {
    dice: Dice,
    pub(super) office: Office,
    pub(super) tablets: Vec<Tablet>,
    letters: Vec<Letter>,
    /// The last request of each tablet; only its answer counts.
    requests: Vec<u64>,
    /// Answers that came before, for whoever puts them in place of new ones.
    past: Vec<Vec<Answer>>,
    /// The highest head each tablet has taken: generation, counter.
    pub(super) marks: Vec<(u32, u64)>,
    pub(super) now_ms: i64,
    /// How far each tablet's clock is off.
    offsets: Vec<i64>,
    seals: Rc<Seals>,
    devices: u8,
    versions: u64,
    trace: u64,
    lines: Option<Vec<String>>,
    tally: Tally,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.runs_done += other.runs_done;
        self.refusals += other.refusals;
        self.crashes += other.crashes;
        self.restores += other.restores;
        self.revocations += other.revocations;
        self.forgotten += other.forgotten;
    }

    /// A world in which nothing happens finds nothing.
    pub(super) fn is_worth_something(&self, seeds: u64) {
        assert!(
            self.runs > 4 * seeds && self.runs_done > 3 * seeds,
            "{self:?}"
        );
        assert!(
            self.crashes > seeds / 2 && self.refusals > seeds / 20,
            "{self:?}"
        );
        assert!(self.restores > seeds / 20, "{self:?}");
        assert!(self.revocations > seeds / 20, "{self:?}");
        assert!(self.forgotten > seeds / 20, "{self:?}");
    }
}

impl World {
    pub(super) fn new(seed: u64, seals: &Rc<Seals>, fault: Fault) -> Self {
        let office = Office::new(TABLETS, seals, fault);
        let devices: Vec<_> = office.kept.devices.iter().map(|device| device.id).collect();
        let tablets = devices.iter().enumerate();
        let tablets = tablets.map(|(number, device)| Tablet::new(number, *device, seals, fault));
        Self {
            dice: Dice::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d)),
            tablets: tablets.collect(),
            office,
            letters: Vec::new(),
            requests: vec![0; TABLETS],
            past: vec![Vec::new(); TABLETS],
            marks: vec![(0, 0); TABLETS],
            now_ms: NOW_MS,
            offsets: vec![0; TABLETS],
            seals: Rc::clone(seals),
            devices: u8::try_from(TABLETS).unwrap(),
            versions: 0,
            trace: seed,
            lines: None,
            tally: Tally::default(),
        }
    }

    /// Keeps its steps in words.
    pub(super) fn tell(&mut self) {
        self.lines = Some(Vec::new());
    }

    fn note(&mut self, what: &str, a: u64, b: u64) {
        for part in [what.len() as u64, u64::from(what.as_bytes()[0]), a, b] {
            self.trace = Dice::new(self.trace ^ part.wrapping_mul(0x9e37_79b9)).throw();
        }
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{what} {a} {b}"));
        }
    }

    pub(super) fn clock(&self, tablet: usize) -> i64 {
        self.now_ms + self.offsets[tablet]
    }

    pub(super) fn play(mut self) -> Outcome {
        let verdict = self.live().and_then(|()| self.come_to_rest());
        for tablet in 0..TABLETS {
            for number in 0..CHAINS {
                let dump = self.tablets[tablet].disk.dump(number);
                let seq = dump.at.map_or(0, |at| at.seq);
                self.note("rest", seq, dump.objects.len() as u64);
            }
        }
        Outcome {
            verdict,
            trace: self.trace,
            lines: self.lines.unwrap_or_default(),
            tally: self.tally,
        }
    }

    fn live(&mut self) -> Result<(), String> {
        for _ in 0..3 {
            self.publish();
        }
        self.office.flush();
        self.office.backup = Some(self.office.kept.clone());
        for _ in 0..EVENTS {
            self.event()?;
        }
        Ok(())
    }

    fn event(&mut self) -> Result<(), String> {
        let tablet = self.dice.below(TABLETS);
        let chain = 1 + self.dice.below(CHAINS - 1);
        let seals = Rc::clone(&self.seals);
        match self.dice.below(100) {
            0..=52 => return self.deliver(),
            53..=63 => return self.begin(tablet),
            64..=65 => self.lose(),
            66..=67 => self.double(),
            68..=71 => self.put_an_old_one_in_place(),
            72 => {
                self.note("gives up", tablet as u64, 0);
                self.tablets[tablet].run = None;
            }
            73 => {
                self.note("crash of tablet", tablet as u64, 0);
                self.tally.crashes += 1;
                self.tablets[tablet].crash();
            }
            74..=76 => {
                let commits = self.dice.below(6);
                self.note("will crash", tablet as u64, commits as u64);
                self.tablets[tablet].commits_left = u32::try_from(commits).ok();
            }
            77 => self.server_crashes(),
            78..=84 => self.publish(),
            85 => self.withdraw(),
            86..=87 => {
                self.note("membership ends", tablet as u64, chain as u64);
                self.office.end(tablet, chain, &seals);
            }
            88..=90 => {
                let reads_back = self.dice.is_even();
                self.note("membership", tablet as u64, chain as u64);
                self.office.grant(tablet, chain, reads_back, &seals);
            }
            91 => {
                self.note("revoked", tablet as u64, 0);
                self.tally.revocations += 1;
                self.office.revoke(tablet, &seals);
            }
            92 => self.pair_anew(tablet),
            93 => {
                self.note("backup", 0, 0);
                self.office.flush();
                self.office.backup = Some(self.office.kept.clone());
            }
            94..=95 => self.restore(),
            96..=97 => {
                let hours = 1 + self.dice.below(24 * 15) as i64;
                self.note("time passes", hours.unsigned_abs(), 0);
                self.now_ms += hours * HOUR_MS;
            }
            _ => {
                let days = self.dice.below(800) as i64 - 400;
                self.note("clock jumps", tablet as u64, days.unsigned_abs());
                let back = self.offsets[tablet] != 0;
                self.offsets[tablet] = if back { 0 } else { days * DAY_MS };
            }
        }
        Ok(())
    }

    fn publish(&mut self) {
        let number = u8::try_from(1 + self.dice.below(OBJECTS)).unwrap();
        let chain = self.dice.below(CHAINS);
        self.versions += 1;
        self.note("published", u64::from(number), chain as u64);
        self.office.publish(chain, &object(number, self.versions));
    }

    fn withdraw(&mut self) {
        let number = u8::try_from(1 + self.dice.below(OBJECTS)).unwrap();
        self.note("withdrawn", u64::from(number), 0);
        self.office.withdraw(&object(number, 0));
    }

    fn server_crashes(&mut self) {
        self.note("crash of server", self.letters.len() as u64, 0);
        self.tally.crashes += 1;
        self.office.crash();
        self.letters.clear();
    }

    fn restore(&mut self) {
        let seals = Rc::clone(&self.seals);
        if self.office.restore(&seals) {
            self.note("restored", u64::from(self.office.kept.generation), 0);
            self.tally.restores += 1;
            self.letters.clear();
            // A backup knows nothing of what came after it.
            for tablet in &mut self.tablets {
                tablet.told.clear();
            }
        }
    }

    fn pair_anew(&mut self, tablet: usize) {
        self.devices += 1;
        self.note("paired anew", tablet as u64, u64::from(self.devices));
        let device = self.office.pair_anew(tablet, self.devices);
        let generation = self.office.kept.generation;
        self.tablets[tablet].pair_anew(device, generation);
        self.marks[tablet] = (0, 0);
        self.past[tablet].clear();
        self.letters.retain(|letter| letter.tablet != tablet);
    }

    fn lose(&mut self) {
        if !self.letters.is_empty() {
            let which = self.dice.below(self.letters.len());
            let letter = self.letters.swap_remove(which);
            self.note("lost", letter.tablet as u64, letter.request);
        }
    }

    fn double(&mut self) {
        if !self.letters.is_empty() {
            let which = self.dice.below(self.letters.len());
            let letter = self.letters[which].clone();
            self.note("doubled", letter.tablet as u64, letter.request);
            self.letters.push(letter);
        }
    }

    /// TLS keeps the network from it; what is signed holds without TLS. Receipts' times are not signed.
    fn put_an_old_one_in_place(&mut self) {
        let is_answer = |letter: &Letter| matches!(&letter.what, What::Answer(answer, _) if !matches!(answer, Answer::Receipts(_)));
        let Some(which) = self.letters.iter().position(is_answer) else {
            return;
        };
        let tablet = self.letters[which].tablet;
        let What::Answer(new, _) = &self.letters[which].what else {
            return;
        };
        let kind = std::mem::discriminant(new);
        let alike = self.past[tablet].iter();
        let alike: Vec<_> = alike
            .filter(|old| std::mem::discriminant(*old) == kind)
            .collect();
        if alike.is_empty() {
            return;
        }
        let old = alike[self.dice.below(alike.len())].clone();
        self.note("an old answer", tablet as u64, self.letters[which].request);
        self.letters[which].what = What::Answer(old, true);
    }

    fn begin(&mut self, tablet: usize) -> Result<(), String> {
        if self.tablets[tablet].run.is_some() {
            return Ok(());
        }
        self.note("begins", tablet as u64, 0);
        self.tally.runs += 1;
        let (now_ms, turns) = (self.clock(tablet), self.office.truth.turns);
        let step = self.tablets[tablet].begin(now_ms, turns);
        self.stepped(tablet, step, (turns, false))
    }

    fn deliver(&mut self) -> Result<(), String> {
        if self.letters.is_empty() {
            return Ok(());
        }
        let which = self.dice.below(self.letters.len());
        let Letter {
            tablet,
            request,
            what,
        } = self.letters.swap_remove(which);
        match what {
            What::Ask(ask) => {
                let seals = Rc::clone(&self.seals);
                let answer = self.office.answer(tablet, &ask, self.now_ms, &seals);
                self.note("asked", tablet as u64, request);
                let what = What::Answer(answer, false);
                self.letters.push(Letter {
                    tablet,
                    request,
                    what,
                });
                Ok(())
            }
            What::Answer(answer, is_old) => self.answered(tablet, request, answer, is_old),
        }
    }

    fn answered(
        &mut self,
        tablet: usize,
        request: u64,
        answer: Answer,
        is_old: bool,
    ) -> Result<(), String> {
        let now_ms = self.clock(tablet);
        let Some(run) = self.tablets[tablet].run.as_mut() else {
            return Ok(());
        };
        if self.requests[tablet] != request {
            return Ok(());
        }
        // The answer is here; a second one would find nobody who waits.
        self.requests[tablet] += 1;
        run.is_disturbed |= is_old;
        let began = (run.turns, run.is_disturbed);
        self.past[tablet].push(answer.clone());
        self.note("answered", tablet as u64, request);
        let step = self.tablets[tablet].take(answer, now_ms);
        self.stepped(tablet, step, began)
    }

    /// * `began` – the turns of the world when the run began, and whether somebody tampered with its answers.
    fn stepped(&mut self, tablet: usize, step: Step, began: (u64, bool)) -> Result<(), String> {
        match step {
            Step::Ask(ask) => {
                self.requests[tablet] += 1;
                self.letters.push(Letter {
                    tablet,
                    request: self.requests[tablet],
                    what: What::Ask(ask),
                });
                return Ok(());
            }
            Step::Done => {
                self.note("done", tablet as u64, 0);
                self.tally.runs_done += 1;
            }
            Step::Crashed => {
                self.note("crash within", tablet as u64, 0);
                self.tally.crashes += 1;
            }
            Step::Failed(error) => {
                self.note(error.code(), tablet as u64, u64::from(began.1));
                self.tally.refusals += 1;
                let is_undisturbed = began == (self.office.truth.turns, false);
                if is_undisturbed && !matches!(error, SyncError::DeviceRevoked) {
                    return Err(format!("an honest server is refused: {}", error.code()));
                }
                if error.code() == "internal" {
                    return Err("an error without a name".to_owned());
                }
            }
        }
        judge::tablet(self, tablet)
    }

    /// The network is good, clocks are right, nothing more happens: every tablet gets what it is entitled to, and nothing else.
    fn come_to_rest(&mut self) -> Result<(), String> {
        self.note("rest begins", 0, 0);
        self.letters.clear();
        self.offsets = vec![0; TABLETS];
        for tablet in 0..TABLETS {
            self.tablets[tablet].crash();
            self.whole_run(tablet)?;
        }
        for tablet in 0..TABLETS {
            judge::at_rest(self, tablet)?;
        }
        // Later than any grace, and before the new leases end.
        self.now_ms += 9 * DAY_MS;
        for tablet in 0..TABLETS {
            self.tally.forgotten +=
                u64::from(!self.tablets[tablet].disk.record.ended_audiences.is_empty());
            self.whole_run(tablet)?;
            judge::forgotten(self, tablet)?;
        }
        Ok(())
    }

    fn whole_run(&mut self, tablet: usize) -> Result<(), String> {
        self.begin(tablet)?;
        for _ in 0..400 {
            if self.tablets[tablet].run.is_none() {
                return Ok(());
            }
            self.deliver()?;
        }
        Err("a synchronisation never ends".to_owned())
    }
}
