//! Gives a parser what a fuzzer would begin with, in every test run: good input, and the same input damaged in ways that
//! are the same each time. Longer searches start from the same seeds (`tests/fuzz`).

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crate::{Counts, record};

/// Names the folder that the seeds are written to, one folder for each parser below it.
pub const SEEDS: &str = "RATSMAPPE_WRITE_SEEDS";

/// Damaged copies of each seed.
const DAMAGED: u64 = 400;

/// Gives `read` each seed, each of its beginnings (64 of them at most), and damaged copies.
///
/// * `name` – of the parser, lower case with hyphens; kept as `parsers.NAME` among the evidence.
///
/// Result: what `read` could not stand, as hexadecimal; it should be empty. Errors: evidence or seeds cannot be written.
pub fn damage(name: &str, seeds: &[Vec<u8>], read: fn(&[u8])) -> io::Result<Vec<String>> {
    write_seeds(name, seeds)?;
    let mut tried = 0;
    let mut fallen = Vec::new();
    let mut give = |bytes: &[u8]| {
        tried += 1;
        if catch_unwind(AssertUnwindSafe(|| read(bytes))).is_err() {
            fallen.push(hexadecimal(bytes));
        }
    };
    give(&[]);
    for seed in seeds {
        give(seed);
        let step = (seed.len() / 64).max(1);
        (0..seed.len())
            .step_by(step)
            .filter_map(|length| seed.get(..length))
            .for_each(&mut give);
        let mut random = Random(seed.len() as u64);
        for _ in 0..DAMAGED {
            give(&random.damaged(seed, seeds));
        }
    }
    let lost = fallen.len() as u64;
    let counts = Counts {
        tried,
        refused: tried - lost,
        lost,
    };
    record(&format!("parsers.{name}"), counts)?;
    Ok(fallen)
}

fn write_seeds(name: &str, seeds: &[Vec<u8>]) -> io::Result<()> {
    let Some(folder) = std::env::var_os(SEEDS).map(PathBuf::from) else {
        return Ok(());
    };
    let folder = folder.join(name.replace('-', "_"));
    fs::create_dir_all(&folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed)?;
    }
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }

    /// One to four changes: a bit, a byte, bytes taken out, bytes of another seed put in, a number made large.
    fn damaged(&mut self, seed: &[u8], seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 => self.change(&mut bytes, at, |byte, random| byte ^ (1 << random.below(8))),
                1 => self.change(&mut bytes, at, |_, random| (random.next() & 0xff) as u8),
                2 => self.change(&mut bytes, at, |_, _| 0xff),
                3 => {
                    let end = (at + 1 + self.below(16)).min(bytes.len());
                    bytes.drain(at.min(end)..end);
                }
                _ => {
                    let other = seeds
                        .get(self.below(seeds.len()))
                        .map_or(seed, Vec::as_slice);
                    let from = self.below(other.len());
                    let part = other.iter().skip(from).take(1 + self.below(32)).copied();
                    let part: Vec<u8> = part.collect();
                    bytes.splice(at..at, part);
                }
            }
        }
        bytes
    }

    fn change(&mut self, bytes: &mut [u8], at: usize, new: impl Fn(u8, &mut Self) -> u8) {
        if let Some(byte) = bytes.get_mut(at) {
            *byte = new(*byte, self);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test fails by panicking"
    )]

    use super::*;

    /// Stands everything but a word in which only the last letter is another one.
    fn planted(bytes: &[u8]) {
        assert!(!bytes.starts_with(b"wor") || bytes.get(3) == Some(&b'd') || bytes.len() != 4);
    }

    #[test]
    fn a_planted_fault_behind_one_changed_byte_is_found_and_named() {
        let fallen = damage("planted-fault", &[b"word".to_vec()], planted).unwrap();
        assert!(!fallen.is_empty() && fallen.iter().all(|found| found.starts_with("776f72")));
        fs::remove_file(crate::folder().join("parsers.planted-fault.json")).unwrap();
    }

    #[test]
    fn what_is_given_is_the_same_each_time() {
        let made = || {
            let mut random = Random(7);
            let seeds = [b"a seed".to_vec(), b"another one".to_vec()];
            (0..50)
                .map(|_| random.damaged(&seeds[0], &seeds))
                .collect::<Vec<_>>()
        };
        assert_eq!(made(), made());
    }
}
