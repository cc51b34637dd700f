//! Random histories of somebody who guesses at a passphrase, kills the program and starts the device anew: no history gives
//! a try more than the rule allows. `RATSMAPPE_GUESSES` says how many histories; 200 without it.

use crate::stopwatch::Moment;
use crate::tries::{Guess, MOST_TRIES, Tries};
use crate::{Door, KdfCost, Passphrase, RecoveryCode, UnlockError};
use std::path::Path;

mod with_key_store;

const HISTORIES: u64 = 200;
const EVENTS: usize = 50;
/// The rule once more, in words of its own: after so many tries, so many seconds.
const RULE_S: [u64; 10] = [0, 0, 0, 0, 0, 30, 60, 300, 900, 3600];

/// SplitMix64: the same seed gives the same history.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// The world outside: how late it really is, and what the stopwatch of the device says.
struct World {
    true_ms: u64,
    run: u8,
    run_began_ms: u64,
}

impl World {
    fn moment(&self) -> Moment {
        Moment {
            run: [self.run; 16],
            elapsed_ms: self.true_ms - self.run_began_ms,
        }
    }
}

/// Tries that were used up, and when by the true time.
#[derive(Default)]
struct Spent {
    count: usize,
    last_ms: u64,
}

impl Spent {
    /// Says why another try now is one too many.
    fn spend(&mut self, true_ms: u64) {
        assert!(
            self.count < RULE_S.len(),
            "a try after the last one was allowed"
        );
        let waited_ms = true_ms - self.last_ms;
        assert!(
            self.count == 0 || waited_ms >= RULE_S[self.count] * 1000,
            "try {} came after {waited_ms} ms",
            self.count + 1
        );
        self.count += 1;
        self.last_ms = true_ms;
    }
}

fn history(seed: u64, folder: &Path, right: &Passphrase, code: &RecoveryCode) -> usize {
    let door = Door::new(folder, None);
    let mut dice = Dice(seed);
    let mut world = World {
        true_ms: 1_000_000,
        run: 0,
        run_began_ms: 0,
    };
    let mut spent = Spent::default();
    let wrong = Passphrase::new("amsel drossel fink und star");
    for _ in 0..EVENTS {
        match dice.roll(8) {
            0..=2 => match door.unlock(&wrong, world.moment()) {
                Err(UnlockError::WrongSecret) => spent.spend(world.true_ms),
                Err(UnlockError::Waiting { .. } | UnlockError::OnlyRecovery) => {}
                other => panic!("seed {seed}: {other:?}"),
            },
            // Killed after counting: this one would have been the right one, and is used up all the same.
            3 => {
                if Tries::in_folder(folder)
                    .count(world.moment(), Guess::Passphrase)
                    .is_ok()
                {
                    spent.spend(world.true_ms);
                }
            }
            // Killed while counting: what lies beside the file does not count for anything.
            4 => std::fs::write(folder.join("tries.new"), b"RMTRIES1 torn").unwrap(),
            5 => world.true_ms += dice.roll(90_000),
            6 => world.true_ms += dice.roll(4_000_000),
            // The device starts anew; now and then its stopwatch only goes back.
            _ => {
                let began_ms = world.true_ms - dice.roll(2_000);
                if dice.roll(3) > 0 {
                    world.run = world.run.wrapping_add(1);
                    world.run_began_ms = began_ms;
                } else {
                    world.run_began_ms = began_ms.max(world.run_began_ms);
                }
            }
        }
    }
    let tries = spent.count;
    // Whoever waits long enough in one run may try again, if any try is left: the rule locks nobody out for longer.
    door.tries_left(world.moment()).unwrap();
    world.true_ms += 3_600_000;
    let opened = door.unlock(right, world.moment());
    if tries < usize::from(MOST_TRIES) {
        drop(opened.unwrap());
    } else {
        assert!(matches!(opened, Err(UnlockError::OnlyRecovery)));
        drop(door.unlock_with_recovery(code, world.moment()).unwrap());
    }
    let left = door.tries_left(world.moment()).unwrap();
    assert_eq!((left.left, left.wait_ms), (MOST_TRIES, 0));
    tries
}

fn histories() -> u64 {
    std::env::var("RATSMAPPE_GUESSES").map_or(HISTORIES, |count| {
        count.parse().expect("RATSMAPPE_GUESSES is a number")
    })
}

// Shows: O.Auth_7, MASVS-AUTH-2
#[test]
fn safety_no_history_gives_a_try_more_than_the_rule() {
    let histories = histories();
    let folder = tempfile::tempdir().unwrap();
    let right = Passphrase::new("apfel birne kirsche traube melone");
    let (vault, code) = Door::new(folder.path(), None)
        .create_with(&right, KdfCost::for_tests())
        .unwrap();
    vault.lock();
    let (mut tries, mut used_up) = (0, 0);
    for seed in 0..histories {
        let spent = history(seed, folder.path(), &right, &code);
        tries += spent;
        used_up += usize::from(spent == usize::from(MOST_TRIES));
    }
    println!("{histories} histories, {tries} tries, none too many; {used_up} used all of them");
    assert!(used_up > 0, "the histories reach the end of the rule");
    assert!(tries > usize::from(crate::tries::FREE_TRIES) * 100);
    let counts = evidence::Counts {
        tried: tries as u64,
        refused: tries as u64,
        lost: 0,
    };
    evidence::record("guessing", counts).unwrap();
}

/// The looker itself: it must find a try that comes too early.
#[test]
#[should_panic(expected = "came after 29999 ms")]
fn a_try_that_comes_too_early_is_found() {
    let mut spent = Spent::default();
    for _ in 0..5 {
        spent.spend(0);
    }
    spent.spend(29_999);
}
