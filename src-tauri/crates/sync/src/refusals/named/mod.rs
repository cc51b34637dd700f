//! Every lie by its name, told again and again in seeded variants to one and the same tablet: each is refused by the name
//! that belongs to it, and not one byte of the data folder changes. At the end the truth is taken as if nothing had been.
//!
//! `RATSMAPPE_ATTACK_VARIANTS` sets how often each is told, 10 without it.

mod chains;
mod files;
mod heads;
mod keys;
mod roots;
mod snapshots;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Stage, bytes_of};
use crate::testing::dice::Dice;
use crate::testing::paper;

/// Tells a lie: sets answers of the server.
type Lie = fn(&Stage, &mut Dice);

/// A lie, the code that it must be refused by, and how it is told.
type Attack = (&'static str, &'static str, Lie);

/// Papers that wait in each chain of [`long_settled`] behind the two that are held.
const WAITING: u8 = 6;

/// What became of a lie.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Refused,
    /// Refused, but by this name.
    OtherName(&'static str),
    Taken,
    /// Refused, but something changed on the device.
    Changed(Vec<PathBuf>),
}

impl Stage {
    pub(super) fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut bytes = BTreeMap::new();
        bytes_of(self.tablet.folder.path(), &mut bytes);
        bytes
    }

    async fn judge(&self, expected: &str) -> Verdict {
        let before = self.bytes();
        let result = self.run().await;
        let after = self.bytes();
        let paths = before.keys().chain(after.keys());
        let changed: Vec<PathBuf> = paths
            .filter(|path| before.get(*path) != after.get(*path))
            .cloned()
            .collect();
        match result {
            Ok(_) => Verdict::Taken,
            Err(error) if error.code() != expected => Verdict::OtherName(error.code()),
            Err(_) if !changed.is_empty() => Verdict::Changed(changed),
            Err(_) => Verdict::Refused,
        }
    }
}

/// A tablet with two papers of each chain and a head of counter 1,000; six more wait in each chain.
async fn long_settled() -> Stage {
    let mut stage = Stage::new();
    stage.counter = 1_000;
    stage.say_everything();
    stage.run().await.unwrap();
    stage.public.take_new();
    stage.closed.take_new();
    stage.counter += 1;
    for n in 0..WAITING {
        stage.public.put(paper(3 + n, None, &[]));
        stage.closed.put(paper(23 + n, None, &[]));
    }
    stage.say_everything();
    stage
}

fn variants() -> u64 {
    std::env::var("RATSMAPPE_ATTACK_VARIANTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(10)
}

fn record(part: &str, tried: u64) {
    let counts = evidence::Counts {
        tried,
        refused: tried,
        lost: 0,
    };
    evidence::record(&format!("hostile-server.{part}"), counts).unwrap();
}

/// Tells every lie in every variant; the honest answers in between come from `restore`.
async fn tell_all(stage: &Stage, attacks: &[Attack], restore: fn(&Stage)) -> u64 {
    let mut refused = 0;
    for (number, (name, code, lie)) in attacks.iter().enumerate() {
        for variant in 0..variants() {
            let mut dice = Dice::new(number as u64 * 1_000_003 + variant);
            lie(stage, &mut dice);
            assert_eq!(
                stage.judge(code).await,
                Verdict::Refused,
                "{name}, variant {variant}, expected {code}"
            );
            refused += 1;
            restore(stage);
        }
    }
    refused
}

#[tokio::test]
async fn every_attack_is_refused_on_a_tablet_that_holds_something() {
    let attacks = [
        heads::ATTACKS,
        chains::ATTACKS,
        keys::ATTACKS,
        roots::ATTACKS,
    ]
    .concat();
    assert!(attacks.len() >= 40, "{}", attacks.len());
    let stage = long_settled().await;
    let refused = tell_all(&stage, &attacks, Stage::say_everything).await;
    stage
        .run()
        .await
        .expect("the truth is taken after all the lies");
    assert_eq!(stage.paper_count(), 4 + 2 * usize::from(WAITING));
    record("council", refused);
}

#[tokio::test]
async fn every_attack_is_refused_on_a_tablet_that_is_new() {
    let stage = snapshots::stage();
    // The first attempt of all lays an empty database down.
    snapshots::say_lie(&stage);
    assert_eq!(stage.run().await.unwrap_err().code(), "bad_signature");
    assert_eq!(stage.paper_count(), 0);
    let refused = tell_all(&stage, snapshots::ATTACKS, snapshots::say_truth).await;
    assert_eq!(stage.paper_count(), 0);
    stage
        .run()
        .await
        .expect("the truth is taken after all the lies");
    assert_eq!(stage.paper_count(), 6);
    record("snapshots", refused);
}

/// The judge finds what the suite must find: a lie that is none, a name that is another, a check that is switched off.
#[tokio::test]
async fn every_attack_is_refused_or_else_the_judge_says_so() {
    let stage = long_settled().await;
    let mut older = stage.head();
    older.counter = 999;
    stage.say_head(&older);
    assert_eq!(
        stage.judge("fork").await,
        Verdict::OtherName("counter_too_low")
    );
    assert_eq!(stage.judge("counter_too_low").await, Verdict::Refused);

    // A tablet that has forgotten its high-water mark is one whose check against going back is switched off.
    let council = stage.tablet.council;
    let keyring = stage.tablet.vault.keyring();
    keyring
        .update_council(council, |record| {
            record.head_high_water =
                sync_protocol::head::HighWater::new(council, stage.tablet.device);
        })
        .unwrap();
    assert_eq!(stage.judge("counter_too_low").await, Verdict::Taken);

    let stage = long_settled().await;
    let spoiler = stage.tablet.folder.path().join("spoilt");
    let mut stranger = stage.head();
    stranger.counter = 999;
    stage.say_head(&stranger);
    let before = stage.bytes();
    std::fs::write(&spoiler, b"x").unwrap();
    assert_ne!(stage.bytes(), before, "a byte more in the folder is seen");
    std::fs::remove_file(spoiler).unwrap();
    stage.say_everything();
    assert_eq!(stage.judge("").await, Verdict::Taken, "the truth is no lie");
}
