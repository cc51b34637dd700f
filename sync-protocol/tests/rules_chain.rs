//! Rules C (chain) and S (snapshot).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use sync_protocol::chain::*;
use sync_protocol::ids::*;
use sync_protocol::model::ObjectKind;
use sync_protocol::sign::PublicKey;
use sync_protocol::snapshot::*;

fn page(entries: Vec<Entry>) -> Result<(Vec<VerifiedEntry>, ChainPosition), ChainError> {
    verify_page(AUDIENCE, &ChainPosition::START, entries)
}

/// Changes a header and writes it back, without mending anything that depends on it.
fn with_header(entry: &Entry, change: impl FnOnce(&mut EntryHeader)) -> Entry {
    let mut header = EntryHeader::from_bytes(&entry.header_bytes).unwrap();
    change(&mut header);
    Entry {
        header_bytes: header.to_bytes(),
        ..entry.clone()
    }
}

#[test]
fn rule_c1_positions_start_at_one_and_link_back() {
    let (entries, positions) = chain();
    let headers: Vec<_> = entries
        .iter()
        .map(|e| EntryHeader::from_bytes(&e.header_bytes).unwrap())
        .collect();
    assert_eq!(headers.iter().map(|h| h.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(headers[0].prev, Hash::from_bytes([0; 32]));
    assert_eq!(headers[1].prev, positions[0].hash);
    assert_eq!(headers[2].prev, positions[1].hash);
    let end = ChainPosition {
        seq: u64::MAX,
        hash: Hash::ZERO,
    };
    let beyond = make_entry(AUDIENCE, &end, tombstone(ObjectKind::Paper, FILE));
    assert!(matches!(beyond, Err(ChainError::SeqExhausted)));
}

#[test]
fn rule_c2_the_hash_covers_domain_and_header() {
    let (entries, positions) = chain();
    let mut hashed = b"ratsmappe/entry/1\0".to_vec();
    hashed.extend(&entries[1].header_bytes);
    assert_eq!(positions[1].hash, Hash::of(&hashed));
    assert_eq!(entry_hash(&entries[1].header_bytes), Hash::of(&hashed));
    let lone_blob = with_header(&entries[0], |h| h.blob_id = Some(BlobId::of(b"")));
    assert!(matches!(
        page(vec![lone_blob]),
        Err(ChainError::Contradiction { seq: 1 })
    ));
}

#[test]
fn rule_c3_an_entry_of_another_audience_is_refused() {
    let (entries, _) = chain();
    let verdict = verify_page(OTHER_AUDIENCE, &ChainPosition::START, entries);
    assert!(matches!(
        verdict,
        Err(ChainError::ForeignAudience { seq: 1 })
    ));
}

#[test]
fn rule_c4_gaps_repeats_and_reordering_are_refused() {
    let (entries, positions) = chain();
    let pick = |places: &[usize]| {
        places
            .iter()
            .map(|p| entries[*p].clone())
            .collect::<Vec<_>>()
    };
    for places in [&[0, 2][..], &[0, 0], &[1], &[0, 2, 1]] {
        assert!(
            matches!(page(pick(places)), Err(ChainError::Gap { .. })),
            "{places:?}"
        );
    }
    assert!(verify_page(AUDIENCE, &positions[0], pick(&[1, 2])).is_ok());
}

#[test]
fn rule_c5_content_is_the_one_of_the_header() {
    let (entries, _) = chain();
    let mut other_payload = entries.clone();
    other_payload[0].sealed_payload = Some(vec![1]);
    let mut other_key = entries.clone();
    other_key[1].wrapped_file_key = Some(vec![1]);
    let mut key_without_file = entries.clone();
    key_without_file[0].wrapped_file_key = Some(vec![]);
    let mut filled_tombstone = entries.clone();
    filled_tombstone[2].sealed_payload = Some(vec![]);
    for (name, run) in [
        ("payload", other_payload),
        ("wrapped key", other_key),
        ("key without a file", key_without_file),
        ("tombstone with content", filled_tombstone),
    ] {
        assert!(
            matches!(page(run), Err(ChainError::PayloadMismatch { .. })),
            "{name}"
        );
    }
    let mut empty = draft(&meeting_object().into(), 1);
    empty.sealed_payload = None;
    let made = make_entry(AUDIENCE, &ChainPosition::START, empty);
    assert!(matches!(made, Err(ChainError::PayloadMismatch { seq: 1 })));
    let mut full = tombstone(ObjectKind::Paper, FILE);
    full.sealed_payload = Some(vec![1]);
    assert!(make_entry(AUDIENCE, &ChainPosition::START, full).is_err());
}

#[test]
fn rule_c6_a_broken_link_is_refused() {
    let (mut entries, positions) = chain();
    entries[1] = with_header(&entries[1], |h| h.prev = Hash::ZERO);
    assert!(matches!(
        page(entries.clone()),
        Err(ChainError::BrokenLink { seq: 2 })
    ));
    let (good, _) = chain();
    let elsewhere = ChainPosition {
        seq: positions[0].seq,
        hash: Hash::of(b"elsewhere"),
    };
    let verdict = verify_page(AUDIENCE, &elsewhere, good[1..].to_vec());
    assert!(matches!(verdict, Err(ChainError::BrokenLink { seq: 2 })));
}

#[test]
fn rule_c7_erased_content_verifies_and_is_reported() {
    let (mut entries, positions) = chain();
    entries[1].sealed_payload = None;
    entries[1].wrapped_file_key = None;
    let bytes = ChainPage { entries }.to_bytes();
    let page = ChainPage::from_bytes(&bytes).unwrap();
    let run = verify_run(AUDIENCE, &ChainPosition::START, page.entries, &positions[2]).unwrap();
    let erased: Vec<_> = run.iter().map(VerifiedEntry::is_erased).collect();
    assert_eq!(
        erased,
        [false, true, false],
        "a tombstone never held anything"
    );

    // A payload moved to a key that nobody reads would look erased if pages were read leniently.
    let (entries, _) = chain();
    let mut bytes = ChainPage {
        entries: vec![entries[0].clone()],
    }
    .to_bytes();
    let place = 5 + entries[0].header_bytes.len() + 2;
    let found = bytes
        .iter()
        .skip(place)
        .position(|byte| *byte == 1)
        .unwrap()
        + place;
    bytes[found] = 9;
    assert!(ChainPage::from_bytes(&bytes).is_err());
}

#[test]
fn rule_c8_a_run_ends_at_the_head() {
    let (entries, positions) = chain();
    let start = ChainPosition::START;
    let run =
        |entries: &[Entry], to: &ChainPosition| verify_run(AUDIENCE, &start, entries.to_vec(), to);
    assert_eq!(run(&entries, &positions[2]).unwrap().len(), 3);
    assert!(matches!(
        run(&entries[..2], &positions[2]),
        Err(ChainError::Incomplete)
    ));
    assert!(matches!(
        run(&entries, &positions[1]),
        Err(ChainError::BeyondHead)
    ));
    let fork = ChainPosition {
        seq: 3,
        hash: Hash::of(b"fork"),
    };
    assert!(matches!(run(&entries, &fork), Err(ChainError::Fork)));
    assert!(run(&[], &start).unwrap().is_empty());
}

fn feed() -> PublicKey {
    feed_key().public().unwrap()
}

fn snapshot() -> Snapshot {
    let (entries, positions) = chain();
    Snapshot {
        council: COUNCIL,
        audience: AUDIENCE,
        generation: 1,
        seq: 3,
        hash: positions[2].hash,
        entries: vec![entries[1].clone()],
    }
}

fn check(snapshot: Snapshot) -> Result<VerifiedSnapshot, SnapshotError> {
    let bytes = snapshot.sign(&feed_key()).unwrap().to_bytes();
    SignedSnapshot::from_bytes(&bytes)
        .unwrap()
        .verify(&feed(), &COUNCIL, &AUDIENCE, 1)
}

#[test]
fn rule_s1_the_feed_key_signs_the_digest() {
    assert_eq!(check(snapshot()).unwrap().entries.len(), 1);
    let forged = snapshot().sign(&device_key()).unwrap();
    assert!(matches!(
        forged.verify(&feed(), &COUNCIL, &AUDIENCE, 1),
        Err(SnapshotError::Sign(_))
    ));
    let mut bytes = snapshot().sign(&feed_key()).unwrap().to_bytes();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let changed = SignedSnapshot::from_bytes(&bytes).unwrap();
    assert!(matches!(
        changed.verify(&feed(), &COUNCIL, &AUDIENCE, 1),
        Err(SnapshotError::Sign(_))
    ));
}

#[test]
fn rule_s2_a_foreign_snapshot_is_refused() {
    let signed = snapshot().sign(&feed_key()).unwrap();
    let other_council = CouncilId::from_bytes([0; 16]);
    for (council, audience, generation) in [
        (other_council, AUDIENCE, 1),
        (COUNCIL, OTHER_AUDIENCE, 1),
        (COUNCIL, AUDIENCE, 2),
    ] {
        let verdict = signed.verify(&feed(), &council, &audience, generation);
        assert!(matches!(verdict, Err(SnapshotError::Foreign)));
    }
}

#[test]
fn rule_s3_entries_are_live_ascending_and_single() {
    let (entries, positions) = chain();
    let with = |entries: Vec<Entry>, seq: u64| Snapshot {
        seq,
        entries,
        ..snapshot()
    };
    let contradictions = [
        (
            "descending",
            with(vec![entries[1].clone(), entries[0].clone()], 3),
        ),
        (
            "twice",
            with(vec![entries[1].clone(), entries[1].clone()], 3),
        ),
        ("tombstone", with(vec![entries[2].clone()], 3)),
        ("after the position", with(vec![entries[1].clone()], 1)),
        (
            "another hash at the position",
            with(vec![entries[1].clone()], 2),
        ),
    ];
    for (name, snapshot) in contradictions {
        assert!(
            matches!(check(snapshot), Err(SnapshotError::Contradiction)),
            "{name}"
        );
    }
    let at_position = Snapshot {
        hash: positions[1].hash,
        ..with(vec![entries[1].clone()], 2)
    };
    assert!(check(at_position).is_ok());
    let mut damaged = entries[1].clone();
    damaged.sealed_payload = Some(vec![]);
    assert!(matches!(
        check(with(vec![damaged], 3)),
        Err(SnapshotError::Entry(_))
    ));

    let repeated = draft(&meeting_object().into(), 2);
    let (later, _) = make_entry(AUDIENCE, &positions[1], repeated).unwrap();
    let object_twice = with(vec![entries[0].clone(), later], 9);
    assert!(matches!(
        check(object_twice),
        Err(SnapshotError::Contradiction)
    ));
}

#[test]
fn rule_s4_the_chain_goes_on_from_the_snapshot() {
    let (_, positions) = chain();
    let verified = check(snapshot()).unwrap();
    assert_eq!(verified.position, positions[2]);
    let (next, end) = make_entry(
        AUDIENCE,
        &verified.position,
        draft(&meeting_object().into(), 2),
    )
    .unwrap();
    assert_eq!(
        verify_run(AUDIENCE, &verified.position, vec![next], &end)
            .unwrap()
            .len(),
        1
    );
}
