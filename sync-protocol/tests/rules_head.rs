//! Rules H (device head) and R (root document).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::head::*;
use sync_protocol::ids::*;
use sync_protocol::root::*;
use sync_protocol::sign::{PublicKey, SignError};

fn feed() -> PublicKey {
    feed_key().public().unwrap()
}

fn verify(head: &DeviceHead) -> Result<DeviceHead, HeadError> {
    head.sign(&feed_key())
        .unwrap()
        .verify(&feed(), &COUNCIL, &DEVICE, 1)
}

#[test]
fn rule_h1_the_feed_key_signs() {
    assert_eq!(verify(&head(1)).unwrap(), head(1));
    let forged = head(1).sign(&device_key()).unwrap();
    let verdict = forged.verify(&feed(), &COUNCIL, &DEVICE, 1);
    assert!(matches!(
        verdict,
        Err(HeadError::Sign(SignError::BadSignature))
    ));
}

#[test]
fn rule_h2_audiences_ascend_and_time_runs_forward() {
    let mut unsorted = head(1);
    unsorted.audiences.reverse();
    assert_eq!(
        verify(&unsorted).unwrap(),
        head(1),
        "signing puts them in order"
    );
    let mut twice = head(1);
    twice.audiences.push(audience_head(AUDIENCE, 5, 5));
    assert!(matches!(verify(&twice), Err(HeadError::AudiencesNotSorted)));
    let mut backwards = head(1);
    backwards.expires_at_ms = backwards.issued_at_ms;
    assert!(matches!(verify(&backwards), Err(HeadError::BadTimes)));
    assert!(!head(1).is_expired(NOW_MS));
    assert!(head(1).is_expired(head(1).expires_at_ms));
}

#[test]
fn rule_h3_a_foreign_head_is_refused_by_name() {
    let signed = head(1).sign(&feed_key()).unwrap();
    let council = CouncilId::from_bytes([0; 16]);
    let device = DeviceId::from_bytes([0; 16]);
    assert!(matches!(
        signed.verify(&feed(), &council, &DEVICE, 1),
        Err(HeadError::ForeignCouncil)
    ));
    assert!(matches!(
        signed.verify(&feed(), &COUNCIL, &device, 1),
        Err(HeadError::ForeignDevice)
    ));
    assert!(matches!(
        signed.verify(&feed(), &COUNCIL, &DEVICE, 2),
        Err(HeadError::GenerationTooLow)
    ));
    assert!(matches!(
        signed.verify(&feed(), &COUNCIL, &DEVICE, 0),
        Err(HeadError::GenerationUnknown)
    ));

    let marks = HighWater::new(council, DEVICE);
    assert!(matches!(
        check_successor(&marks, &head(1)),
        Err(HeadError::ForeignCouncil)
    ));
    let marks = HighWater::new(COUNCIL, device);
    assert!(matches!(
        check_successor(&marks, &head(1)),
        Err(HeadError::ForeignDevice)
    ));
}

fn marks(head: &DeviceHead) -> HighWater {
    let empty = HighWater::new(COUNCIL, DEVICE);
    check_successor(&empty, head).unwrap();
    empty.advanced(head)
}

#[test]
fn rule_h4_the_counter_does_not_go_back() {
    let seen = marks(&head(5));
    assert!(matches!(
        check_successor(&seen, &head(4)),
        Err(HeadError::CounterTooLow)
    ));
    assert!(
        check_successor(&seen, &head(5)).is_ok(),
        "the same head again"
    );
    let mut other = head(5);
    other.expires_at_ms += 1;
    assert!(matches!(
        check_successor(&seen, &other),
        Err(HeadError::CounterReused)
    ));
    assert!(check_successor(&seen, &head(6)).is_ok());
}

#[test]
fn rule_h5_chains_and_epochs_do_not_go_back() {
    let seen = marks(&head(5));
    let next = |change: fn(&mut AudienceHead)| {
        let mut next = head(6);
        change(&mut next.audiences[0]);
        check_successor(&seen, &next)
    };
    assert!(matches!(
        next(|a| a.seq -= 1),
        Err(HeadError::SeqTooLow { audience: AUDIENCE })
    ));
    assert!(matches!(
        next(|a| a.hash = Hash::ZERO),
        Err(HeadError::Fork { audience: AUDIENCE })
    ));
    assert!(matches!(
        next(|a| a.key_epoch = KeyEpoch(2)),
        Err(HeadError::EpochTooLow { audience: AUDIENCE })
    ));
    let longer = next(|a| {
        a.seq += 1;
        a.hash = Hash::of(b"longer");
        a.key_epoch = KeyEpoch(4);
    });
    assert!(longer.is_ok());
}

#[test]
fn rule_h6_a_higher_generation_starts_anew() {
    let seen = marks(&head(5));
    let mut restored = head(1);
    restored.generation = 2;
    restored.audiences.truncate(1);
    restored.audiences[0].seq = 1;
    assert!(check_successor(&seen, &restored).is_ok());
    let after = seen.advanced(&restored);
    assert_eq!(
        (after.generation, after.counter, after.audiences.len()),
        (2, 1, 1)
    );
    assert!(matches!(
        check_successor(&after, &head(9)),
        Err(HeadError::GenerationTooLow)
    ));
}

#[test]
fn rule_h7_marks_of_an_ended_audience_stay() {
    let mut without = head(6);
    without.audiences.remove(0);
    let seen = marks(&head(5)).advanced(&without);
    let mut back = head(7);
    back.audiences[0].seq = 2;
    assert!(matches!(
        check_successor(&seen, &back),
        Err(HeadError::SeqTooLow { audience: AUDIENCE })
    ));
    let stored = sync_protocol::cbor::to_cbor(&seen);
    assert_eq!(
        sync_protocol::cbor::from_cbor_exact::<HighWater>(&stored).unwrap(),
        seen
    );
}

#[test]
fn rule_h8_a_head_with_ten_audiences_is_small() {
    let mut large = head(u64::from(u32::MAX));
    large.audiences = (0..10)
        .map(|n| AudienceHead {
            readable_until_ms: (n < 2).then_some(NOW_MS),
            ..audience_head(AudienceId::from_bytes([n; 16]), 70_000, n)
        })
        .collect();
    let len = large.sign(&feed_key()).unwrap().0.len();
    assert!(len <= 1024, "{len} bytes");
}

#[test]
fn rule_h9_the_head_says_when_the_office_confirmed_the_device() {
    let before = head(5);
    let after = DeviceHead {
        confirmed_at_ms: Some(NOW_MS),
        ..before.clone()
    };
    assert_eq!(verify(&before).unwrap().confirmed_at_ms, None);
    assert_eq!(verify(&after).unwrap().confirmed_at_ms, Some(NOW_MS));
    let verdict = check_successor(&marks(&before), &after);
    assert!(
        matches!(verdict, Err(HeadError::CounterReused)),
        "it belongs to what one counter stands for"
    );
}

#[test]
fn rule_r1_the_root_key_signs() {
    let signed = root().sign(&root_key()).unwrap();
    assert_eq!(signed.verify(None).unwrap(), root());
    assert!(
        root().sign(&feed_key()).is_err(),
        "another key than the document names"
    );
    let mut changed = signed.0;
    let last = changed.len() - 70;
    changed[last] ^= 1;
    assert!(SignedRoot(changed).verify(None).is_err());
}

#[test]
fn rule_r2_another_root_key_is_a_pin_mismatch() {
    let signed = root().sign(&root_key()).unwrap();
    assert!(signed.verify(Some(&root_key().public().unwrap())).is_ok());
    assert!(matches!(
        signed.verify(Some(&feed())),
        Err(RootError::PinMismatch)
    ));
}

#[test]
fn rule_r3_a_successor_has_a_higher_serial() {
    let next = |change: fn(&mut RootDocument)| {
        let mut next = root();
        change(&mut next);
        check_root_successor(&root(), &next)
    };
    assert!(next(|_| ()).is_ok(), "the same document again");
    assert!(next(|r| r.serial += 1).is_ok());
    assert!(matches!(
        next(|r| r.serial -= 1),
        Err(RootError::SerialTooLow)
    ));
    assert!(matches!(
        next(|r| r.tls_spki.clear()),
        Err(RootError::SerialReused)
    ));
    assert!(matches!(
        next(|r| r.council = CouncilId::from_bytes([0; 16])),
        Err(RootError::ForeignCouncil)
    ));
    assert!(matches!(
        next(|r| r.root_key = r.feed_key),
        Err(RootError::PinMismatch)
    ));
}

#[test]
fn rule_r4_the_generation_does_not_go_back() {
    let mut next = root();
    next.serial += 1;
    next.generation = 0;
    assert!(matches!(
        check_root_successor(&root(), &next),
        Err(RootError::GenerationTooLow)
    ));
    next.generation = 2;
    assert!(check_root_successor(&root(), &next).is_ok());
}
