//! Rules F11 to F13, F18, F19, F25 and F26: seeds, boxes, content, inner seals and snapshots of a faction space.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::faction::*;
use common::{AUDIENCE, COUNCIL, EPOCH, NOW_MS, class_key};
use sync_protocol::cbor::CborError;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::faction::content::*;
use sync_protocol::faction::envelope::*;
use sync_protocol::faction::inner::*;
use sync_protocol::faction::link::*;
use sync_protocol::faction::seed::*;
use sync_protocol::faction::seed_box::*;
use sync_protocol::faction::snapshot::*;
use sync_protocol::ids::*;
use sync_protocol::key_box::KeyBoxError;

const NOTHING: AuthorPosition = AuthorPosition::START;

#[test]
fn rule_f11_a_seed_counts_only_if_it_fits_the_commitment() {
    let space = Space::founded();
    assert_eq!(
        space.roster.commitment(Epoch(1)),
        Some(seed(1).commitment())
    );
    assert_ne!(seed(1).commitment(), seed(2).commitment());
    assert_eq!(space.roster.commitment(Epoch(0)), None);
    assert_eq!(space.roster.commitment(Epoch(2)), None);
    let keys = keys(1);
    let made = make_envelope(
        &space.roster,
        &seed(2),
        keys.device,
        &keys.sign,
        &NOTHING,
        b"",
    );
    assert!(matches!(made, Err(MakeEnvelopeError::WrongSeed)));
}

#[test]
fn rule_f12_each_seed_opens_the_one_before_and_the_names_of_its_time() {
    let mut space = Space::of_three();
    space.push(1, space.rotation());
    space.push(1, space.rotation());
    let mut held = seed(3);
    for epoch in [Epoch(2), Epoch(1)] {
        let sealed = space.roster.previous(epoch.next().unwrap()).unwrap();
        held = open_previous(&held, &space.id(), epoch, sealed).unwrap();
        assert_eq!(space.roster.commitment(epoch), Some(held.commitment()));
    }
    assert!(
        space.roster.previous(Epoch(1)).is_none(),
        "nothing came before"
    );
    let sealed = space.roster.previous(Epoch(3)).unwrap();
    let open =
        |key: u32, space: &FactionId, epoch| open_previous(&seed(key), space, Epoch(epoch), sealed);
    assert!(open(3, &space.id(), 2).is_ok());
    assert!(
        open(2, &space.id(), 2).is_err(),
        "an older seed does not open forwards"
    );
    assert!(open(3, &space.id(), 1).is_err(), "another epoch");
    assert!(
        open(3, &FactionId::from_bytes([1; 32]), 2).is_err(),
        "another space"
    );

    let erika = space.roster.user(&user(1)).unwrap();
    let read = |named, seed: &EpochSeed| open_name(seed, named, &erika.name);
    assert_eq!(erika.name_epoch, Epoch(1));
    assert_eq!(
        read(Named::User(user(1)), &seed(1)).unwrap(),
        "Erika Beispiel"
    );
    for named in [
        Named::Faction,
        Named::User(user(2)),
        Named::Device(keys(1).device),
    ] {
        assert!(read(named, &seed(1)).is_err(), "{named:?}");
    }
    assert!(read(Named::User(user(1)), &seed(2)).is_err());
    let long = "x".repeat(201);
    assert_eq!(
        seal_name(&seed(1), Named::Faction, &long),
        Err(SealError::TooLong)
    );
}

#[test]
fn rule_f13_boxes_are_for_devices_of_the_roster_alone() {
    let mut space = Space::of_three();
    let boxes = make_seed_boxes(&space.roster, &seed(1), Some(keys(1).device)).unwrap();
    assert_eq!(
        boxes.iter().map(|b| b.device).collect::<Vec<_>>(),
        [keys(2).device, keys(3).device]
    );
    let open = |space: &Space, n: u8, seed_box: &SeedBox| {
        open_seed_box(&space.roster, &keys(n).boxes, keys(n).device, seed_box)
    };
    assert_eq!(open(&space, 2, &boxes[0]).unwrap(), seed(1));
    let ghost = make_seed_box(&space.roster, &seed(1), keys(9).device);
    assert_eq!(ghost, Err(SeedBoxError::NotInRoster));
    assert_eq!(
        make_seed_box(&space.roster, &seed(2), keys(2).device),
        Err(SeedBoxError::WrongSeed)
    );

    let swapped = SeedBox {
        device: keys(2).device,
        ..boxes[1].clone()
    };
    let does_not_open = SeedBoxError::Box(KeyBoxError::DoesNotOpen);
    assert_eq!(open(&space, 2, &boxes[1]), Err(SeedBoxError::ForeignDevice));
    assert_eq!(open(&space, 2, &swapped), Err(does_not_open));
    assert_eq!(
        open(
            &space,
            3,
            &SeedBox {
                device: keys(3).device,
                ..boxes[0].clone()
            }
        ),
        Err(does_not_open)
    );
    let with = |edit: fn(&mut SeedBox)| {
        let mut changed = boxes[0].clone();
        edit(&mut changed);
        changed
    };
    let refused = |edit: fn(&mut SeedBox)| open(&space, 2, &with(edit)).unwrap_err();
    assert_eq!(refused(|b| b.epoch = Epoch(2)), SeedBoxError::UnknownEpoch);
    assert_eq!(refused(|b| b.head = Hash::ZERO), SeedBoxError::UnknownEpoch);
    assert_eq!(
        refused(|b| b.bytes[0] = 2),
        SeedBoxError::Box(KeyBoxError::UnknownSuite(2))
    );
    assert_eq!(
        refused(|b| {
            b.bytes.pop();
        }),
        SeedBoxError::Box(KeyBoxError::WrongLength)
    );
    assert_eq!(refused(|b| b.bytes[500] ^= 1), does_not_open);
    // Another head that the roster knows does not fit the seal either.
    let other_head = SeedBox {
        head: space.links[0].hash().unwrap(),
        ..boxes[0].clone()
    };
    assert_eq!(open(&space, 2, &other_head), Err(does_not_open));

    // Anybody can make a box: one whose seed the roster has not committed to is worthless.
    let mut liar = space.clone();
    let false_seed = EpochSeed::from_bytes([9; 32]);
    liar.push(
        1,
        Change::Rotate(Rotate {
            epoch: Epoch(2),
            commitment: false_seed.commitment(),
            previous: seal_previous(&false_seed, &space.id(), Epoch(1), &seed(1)).unwrap(),
        }),
    );
    let false_box = make_seed_box(&liar.roster, &false_seed, keys(2).device).unwrap();
    space.push(1, space.rotation());
    let false_box = SeedBox {
        head: liar.roster.head().hash,
        ..false_box
    };
    assert_eq!(open(&space, 2, &false_box), Err(SeedBoxError::UnknownEpoch));
    space.remove(3, NOTHING);
    assert_eq!(
        make_seed_box(&space.roster, &seed(2), keys(3).device),
        Err(SeedBoxError::NotInRoster)
    );
}

#[test]
fn rule_f18_later_kinds_are_kept_and_contradictions_refused() {
    let mut later = content("x");
    later.items[0].kind = 99;
    assert_eq!(Content::from_bytes(&later.to_bytes()).unwrap(), later);
    // {0: time, 1: [], 9: 1}: a key of a later version.
    let unknown_key = [0xa3, 0x00, 0x01, 0x01, 0x80, 0x09, 0x01];
    assert!(Content::from_bytes(&unknown_key).unwrap().items.is_empty());
    let mut neither = content("x");
    neither.items[0].body = None;
    let mut both = content("x");
    both.items[0].inner = Some(inner_of(b"y"));
    for contradiction in [neither, both] {
        let verdict = Content::from_bytes(&contradiction.to_bytes());
        assert!(matches!(verdict, Err(ContentError::Contradiction)));
    }
    assert!(matches!(
        Content::from_bytes(b"\xff"),
        Err(ContentError::Form(_))
    ));
}

fn place() -> InnerPlace {
    InnerPlace {
        faction: FactionId::from_bytes([1; 32]),
        item: ITEM,
        kind: kind::SHARE,
    }
}

fn inner_of(plain: &[u8]) -> Inner {
    seal_inner(&class_key(), place(), COUNCIL, AUDIENCE, EPOCH, plain).unwrap()
}

#[test]
fn rule_f19_nonpublic_items_need_the_class_key_of_their_paper() {
    let inner = inner_of(b"geheim");
    assert_eq!(
        open_inner(&class_key(), place(), &inner).unwrap(),
        b"geheim"
    );
    assert!(open_inner(&ClassKey::from_bytes([6; 32]), place(), &inner).is_err());
    let elsewhere = [
        InnerPlace {
            faction: FactionId::from_bytes([2; 32]),
            ..place()
        },
        InnerPlace {
            item: ItemId::from_bytes([2; 16]),
            ..place()
        },
        InnerPlace {
            kind: kind::EDIT,
            ..place()
        },
    ];
    for place in elsewhere {
        assert!(
            open_inner(&class_key(), place, &inner).is_err(),
            "{place:?}"
        );
    }
    let moved = [
        Inner {
            audience: common::OTHER_AUDIENCE,
            ..inner.clone()
        },
        Inner {
            epoch: KeyEpoch(4),
            ..inner.clone()
        },
        Inner {
            council: CouncilId::from_bytes([1; 16]),
            ..inner.clone()
        },
    ];
    for inner in moved {
        assert!(
            open_inner(&class_key(), place(), &inner).is_err(),
            "{inner:?}"
        );
    }
    // Whoever holds the seed alone opens the envelope and carries bytes.
    let space = Space::of_three();
    let said = Content {
        at_ms: NOW_MS,
        items: vec![Item {
            item: ITEM,
            kind: kind::SHARE,
            body: None,
            inner: Some(inner),
        }],
    };
    let keys = keys(2);
    let (envelope, _) = make_envelope(
        &space.roster,
        &seed(1),
        keys.device,
        &keys.sign,
        &NOTHING,
        &said.to_bytes(),
    )
    .unwrap();
    let opened = verify_envelope(&space.roster, &NOTHING, &envelope)
        .unwrap()
        .open(&seed(1))
        .unwrap();
    assert!(!opened.windows(6).any(|bytes| bytes == b"geheim"));
    assert_eq!(Content::from_bytes(&opened).unwrap(), said);
}

fn covered(n: u8, position: AuthorPosition) -> Covered {
    Covered {
        device: keys(n).device,
        position,
    }
}

#[test]
fn rule_f25_a_snapshot_opens_with_the_seed_and_is_signed_by_its_maker() {
    let space = Space::of_three();
    let (_, at_1) = space.says(2, &NOTHING, "eins");
    let snapshot = space.snapshot(1, vec![covered(2, at_1)]).unwrap();
    let bytes = snapshot.to_bytes();
    let read = SignedSnapshot::from_bytes(&bytes).unwrap();
    let verified = read.verify(&space.roster, |_| NOTHING).unwrap();
    assert_eq!(
        (verified.device, verified.epoch),
        (keys(1).device, Epoch(1))
    );
    assert_eq!(verified.covered, [covered(2, at_1)]);
    assert_eq!(verified.open(&seed(1)).unwrap(), kept("alles"));
    assert!(matches!(
        verified.open(&seed(2)),
        Err(SnapshotError::Seal(SealError::DoesNotOpen))
    ));
    assert!(
        SignedSnapshot::from_bytes(&bytes[..bytes.len() - 1]).is_err(),
        "cut"
    );
    let mut newer = bytes.clone();
    newer[2] = 2;
    assert!(matches!(
        SignedSnapshot::from_bytes(&newer),
        Err(SnapshotError::Form(CborError::UnknownVersion(2)))
    ));
    let mut changed = bytes;
    changed[200] ^= 1;
    let verdict = SignedSnapshot::from_bytes(&changed)
        .unwrap()
        .verify(&space.roster, |_| NOTHING);
    assert!(verdict.is_err());
}

#[test]
fn rule_f26_a_snapshot_fits_the_roster_and_what_was_seen() {
    let mut space = Space::of_three();
    let (_, at_1) = space.says(2, &NOTHING, "eins");
    let (_, at_2) = space.says(2, &at_1, "zwei");
    let (_, other_1) = space.says(2, &NOTHING, "anders");
    let made = space.snapshot(3, vec![covered(2, at_1)]).unwrap();
    let seen = |n: u8, at: AuthorPosition| {
        move |device: &FactionDeviceId| {
            if *device == keys(n).device {
                at
            } else {
                NOTHING
            }
        }
    };
    macro_rules! refused {
        ($snapshot:expr, $seen:expr, $error:pat) => {{
            let verdict = $snapshot.verify(&space.roster, $seen);
            assert!(matches!(verdict, Err($error)), "{verdict:?}");
        }};
    }
    assert!(made.verify(&space.roster, seen(2, at_1)).is_ok());
    refused!(made, seen(2, at_2), SnapshotError::Behind);
    refused!(made, seen(2, other_1), SnapshotError::Behind);
    refused!(made, seen(1, at_1), SnapshotError::Behind);
    let foreign = Space::founded().snapshot(1, vec![]).unwrap();
    refused!(foreign, |_| NOTHING, SnapshotError::ForeignFaction);
    let wrong = [
        vec![covered(9, at_1)],
        vec![covered(2, at_1), covered(2, at_1)],
        vec![covered(2, AuthorPosition { counter: 0, ..at_1 })],
    ];
    for positions in wrong {
        let snapshot = space.snapshot(1, positions).unwrap();
        refused!(snapshot, |_| NOTHING, SnapshotError::WrongPositions);
    }
    let beyond = space.snapshot(1, vec![covered(2, at_2)]).unwrap();
    let unknown_head = {
        let mut ahead = space.clone();
        ahead.push(1, ahead.rotation());
        ahead.snapshot(1, vec![]).unwrap()
    };
    refused!(unknown_head, |_| NOTHING, SnapshotError::UnknownHead);
    space.remove(2, at_1);
    refused!(beyond, |_| NOTHING, SnapshotError::WrongPositions);
    assert!(
        made.verify(&space.roster, |_| NOTHING).is_ok(),
        "it ends at the cut"
    );
    assert!(
        matches!(space.snapshot(1, vec![]), Err(SnapshotError::NotInRoster)),
        "a new epoch is due"
    );
    space.push(1, space.rotation());
    space.push(1, Change::RemoveDevice(NOTHING.cut(keys(3).device)));
    refused!(made, |_| NOTHING, SnapshotError::NotInRoster);
}
