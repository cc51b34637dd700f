//! The same where there is a key store: PINs are guessed, too, and older files are put back. Whoever can do that to the data folder, but
//! not to the key store, gets no try.

use super::{Dice, EVENTS, Spent, World, histories};
use crate::tries::{Guess, MOST_TRIES, Mirror, PIN_TRIES, Tries};
use crate::{
    Door, KdfCost, KeyStore, KeyStoreInMemory, Passphrase, Pin, RecoveryCode, UnlockError,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A vault with a PIN, and everything that somebody kept of its folder.
struct Safe {
    folder: tempfile::TempDir,
    door: Door,
    right: Passphrase,
    pin: Pin,
    code: RecoveryCode,
    /// The counter as a killed program would have written it.
    counter: Tries,
    older_tries: Vec<Vec<u8>>,
    older_slots: Vec<Vec<u8>>,
    slots: Vec<u8>,
}

/// PINs that were right once.
const OLD_PINS: [&str; 2] = ["194702", "806135"];

impl Safe {
    fn new(store: Arc<KeyStoreInMemory>, is_asked: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn KeyStore> = store;
        let with_store = Door::new(folder.path(), Some(Arc::clone(&store)));
        let right = Passphrase::new("apfel birne kirsche traube melone");
        let (vault, code) = with_store
            .create_with(&right, KdfCost::for_tests())
            .unwrap();
        let file = folder.path().join("slots");
        let mut older_slots = Vec::new();
        for old in OLD_PINS {
            vault.set_pin(&Pin::new(old)).unwrap();
            older_slots.push(fs::read(&file).unwrap());
        }
        vault.remove_pin().unwrap();
        older_slots.push(fs::read(&file).unwrap());
        let pin = Pin::new("731904");
        vault.set_pin(&pin).unwrap();
        vault.lock();
        let id = crate::slots::Slots::decode(&fs::read(&file).unwrap()).unwrap();
        let mirror = Mirror {
            store: Arc::clone(&store),
            name: super::super::door::name_in_store(&id.id().unwrap(), "tries"),
        };
        Self {
            door: Door::new(folder.path(), is_asked.then_some(store)),
            counter: Tries::new(folder.path(), is_asked.then_some(mirror)),
            slots: fs::read(&file).unwrap(),
            older_tries: vec![fs::read(folder.path().join("tries")).unwrap()],
            folder,
            right,
            pin,
            code,
            older_slots,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn history(seed: u64, safe: &mut Safe) -> (usize, u8) {
    let mut dice = Dice(seed);
    let mut world = World {
        true_ms: 1_000_000,
        run: 0,
        run_began_ms: 0,
    };
    let mut spent = Spent::default();
    let mut pins = 0;
    let wrong = Passphrase::new("amsel drossel fink und star");
    for _ in 0..2 * EVENTS {
        match dice.roll(14) {
            0..=1 => match safe.door.unlock(&wrong, world.moment()) {
                Err(UnlockError::WrongSecret) => spent.spend(world.true_ms),
                Err(UnlockError::Waiting { .. } | UnlockError::OnlyRecovery) => {}
                other => panic!("seed {seed}: {other:?}"),
            },
            2..=3 => {
                let guess = Pin::new(format!("{:06}", dice.roll(700_000)));
                match safe.door.unlock_with_pin(&guess, world.moment()) {
                    Err(UnlockError::WrongSecret) => {
                        spent.spend(world.true_ms);
                        pins += 1;
                    }
                    Err(
                        UnlockError::Waiting { .. }
                        | UnlockError::OnlyRecovery
                        | UnlockError::PinRefused
                        | UnlockError::PinLost
                        | UnlockError::PinUnset
                        | UnlockError::KeyStore(_),
                    ) => {}
                    other => panic!("seed {seed}: {other:?}"),
                }
            }
            // Killed after counting.
            4 => {
                let guess = [Guess::Passphrase, Guess::Pin][usize::from(dice.roll(2) == 1)];
                if safe.counter.count(world.moment(), guess).is_ok() {
                    spent.spend(world.true_ms);
                    pins += u8::from(guess == Guess::Pin);
                }
            }
            5..=6 => world.true_ms += dice.roll(4_000_000),
            7 => {
                world.run = world.run.wrapping_add(1);
                world.run_began_ms = world.true_ms - dice.roll(2_000);
            }
            8 => safe.older_tries.extend(fs::read(safe.file("tries"))),
            9 => {
                let from = dice.roll(safe.older_tries.len() as u64) as usize;
                fs::write(safe.file("tries"), &safe.older_tries[from]).unwrap();
            }
            10 => fs::remove_file(safe.file("tries")).unwrap_or_default(),
            // Slots from before, with a PIN that was right then, or with none.
            11 => {
                let from = dice.roll(safe.older_slots.len() as u64) as usize;
                fs::write(safe.file("slots"), &safe.older_slots[from]).unwrap();
                for old in OLD_PINS {
                    let opened = safe.door.unlock_with_pin(&Pin::new(old), world.moment());
                    assert!(
                        matches!(
                            opened,
                            Err(UnlockError::PinLost
                                | UnlockError::PinUnset
                                | UnlockError::KeyStore(_))
                        ),
                        "seed {seed}: {opened:?}"
                    );
                }
            }
            _ => fs::write(safe.file("slots"), &safe.slots).unwrap(),
        }
        assert!(pins <= PIN_TRIES, "seed {seed}: a sixth PIN was looked at");
    }
    let tries = spent.count;
    fs::write(safe.file("slots"), &safe.slots).unwrap();
    // A file with more tries than there were takes some away, which is nobody's gain.
    let left = safe.door.tries_left(world.moment()).unwrap();
    assert!(
        usize::from(left.left) + tries <= usize::from(MOST_TRIES),
        "seed {seed}"
    );
    assert!(left.pin_left + pins <= PIN_TRIES, "seed {seed}");
    world.true_ms += 3_600_000;
    let by_pin = safe.door.unlock_with_pin(&safe.pin, world.moment());
    if left.left == 0 {
        assert!(matches!(by_pin, Err(UnlockError::OnlyRecovery)));
        let opened = safe.door.unlock(&safe.right, world.moment());
        assert!(matches!(opened, Err(UnlockError::OnlyRecovery)));
        let opened = safe.door.unlock_with_recovery(&safe.code, world.moment());
        drop(opened.unwrap());
    } else if left.pin_left == 0 {
        assert!(
            matches!(by_pin, Err(UnlockError::PinRefused)),
            "not even the right one"
        );
        drop(safe.door.unlock(&safe.right, world.moment()).unwrap());
    } else {
        drop(by_pin.unwrap());
    }
    let left = safe.door.tries_left(world.moment()).unwrap();
    assert_eq!(
        (left.left, left.wait_ms, left.pin_left),
        (MOST_TRIES, 0, PIN_TRIES)
    );
    drop(
        safe.door
            .unlock_with_pin(&safe.pin, world.moment())
            .unwrap(),
    );
    (tries, pins)
}

#[test]
fn safety_with_a_key_store_no_file_that_was_put_back_gives_a_try() {
    let mut safe = Safe::new(Arc::default(), true);
    let (mut tries, mut pins, mut used_up, mut refused) = (0, 0, 0, 0);
    let histories = histories();
    for seed in 0..histories {
        let (spent, of_pins) = history(seed, &mut safe);
        tries += spent;
        pins += u64::from(of_pins);
        used_up += usize::from(spent == usize::from(MOST_TRIES));
        refused += usize::from(of_pins == PIN_TRIES);
    }
    println!(
        "{histories} histories, {tries} tries, {pins} of them PINs, none too many; {used_up} used all, {refused} all PINs"
    );
    assert!(
        used_up > 0 && refused > 0,
        "the histories reach both ends of the rule"
    );
    let counts = evidence::Counts {
        tried: tries as u64,
        refused: tries as u64,
        lost: 0,
    };
    evidence::record("guessing.key-store", counts).unwrap();
}

/// The looker itself: without a key store a file that is put back gives tries back, and that has to be found.
#[test]
#[should_panic(expected = "came after")]
fn without_a_key_store_the_histories_find_what_an_older_file_gives() {
    let mut safe = Safe::new(Arc::default(), false);
    for seed in 0..super::HISTORIES {
        history(seed, &mut safe);
    }
}
