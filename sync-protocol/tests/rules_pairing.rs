//! Rules K (key box), P (pairing), D (recovery code).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use std::collections::BTreeSet;

use common::*;
use sync_protocol::cbor::to_cbor;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::*;
use sync_protocol::key_box::*;
use sync_protocol::pairing::*;
use sync_protocol::recovery::RecoveryCode;
use sync_protocol::root::SignedRoot;

fn box_context() -> KeyBoxContext {
    KeyBoxContext {
        council: COUNCIL,
        device: DEVICE,
        audience: AUDIENCE,
        epoch: EPOCH,
    }
}

fn key_box() -> KeyBox {
    make_key_box(&box_key().public().unwrap(), &box_context(), &class_key()).unwrap()
}

#[test]
fn rule_k1_a_box_has_its_layout_and_opens() {
    let made = key_box();
    assert_eq!((made.bytes.len(), made.bytes[0]), (1169, 1));
    assert_eq!(
        open_key_box(&box_key(), &COUNCIL, &DEVICE, &made).unwrap(),
        class_key()
    );
    assert_ne!(
        made.bytes[1..33],
        key_box().bytes[1..33],
        "every box is fresh"
    );
    assert_ne!(
        made.bytes[1089..1121],
        key_box().bytes[1089..1121],
        "in its X25519 half too"
    );
}

#[test]
fn rule_k2_a_box_opens_only_in_its_place() {
    let made = key_box();
    let other_audience = KeyBox {
        audience: OTHER_AUDIENCE,
        ..made.clone()
    };
    let other_epoch = KeyBox {
        epoch: KeyEpoch(4),
        ..made.clone()
    };
    let cases = [
        (CouncilId::from_bytes([0; 16]), DEVICE, made.clone()),
        (COUNCIL, DeviceId::from_bytes([0; 16]), made),
        (COUNCIL, DEVICE, other_audience),
        (COUNCIL, DEVICE, other_epoch),
    ];
    for (council, device, key_box) in cases {
        assert_eq!(
            open_key_box(&box_key(), &council, &device, &key_box),
            Err(KeyBoxError::DoesNotOpen)
        );
    }
}

#[test]
fn rule_k3_a_box_opens_with_its_own_private_key_only() {
    let other = DeviceBoxKey::make().unwrap();
    assert_eq!(
        open_key_box(&other, &COUNCIL, &DEVICE, &key_box()),
        Err(KeyBoxError::DoesNotOpen)
    );
}

#[test]
fn rule_k4_unusable_keys_and_boxes_are_refused_by_name() {
    let good = box_key().public().unwrap();
    assert_eq!(good.0.len(), 1216);
    assert!(good.check().is_ok());
    let short = DeviceBoxPublic(good.0[..1215].to_vec());
    // 0xfff is no coefficient below the ML-KEM modulus 3329.
    let invalid = DeviceBoxPublic(vec![0xff; 1216]);
    for public in [short, invalid] {
        assert_eq!(public.check(), Err(KeyBoxError::BadPublicKey));
        assert_eq!(
            make_key_box(&public, &box_context(), &class_key()),
            Err(KeyBoxError::BadPublicKey)
        );
    }
    let open = |bytes: Vec<u8>| {
        open_key_box(
            &box_key(),
            &COUNCIL,
            &DEVICE,
            &KeyBox { bytes, ..key_box() },
        )
    };
    let mut suite = key_box().bytes;
    suite[0] = 2;
    assert_eq!(open(suite), Err(KeyBoxError::UnknownSuite(2)));
    assert_eq!(
        open(key_box().bytes[..1168].to_vec()),
        Err(KeyBoxError::WrongLength)
    );
    assert_eq!(open(vec![]), Err(KeyBoxError::WrongLength));
}

fn alphabet() -> impl Iterator<Item = char> {
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars()
}

/// Every code with one other character, and every code with two characters swapped.
fn mistypings(text: &str) -> Vec<String> {
    let good: Vec<char> = text.chars().collect();
    let mut wrong = Vec::new();
    for place in 0..good.len() {
        for other in alphabet().filter(|other| *other != good[place]) {
            let mut changed = good.clone();
            changed[place] = other;
            wrong.push(changed.iter().collect());
        }
        for later in place + 1..good.len() {
            let mut swapped = good.clone();
            swapped.swap(place, later);
            if swapped != good {
                wrong.push(swapped.iter().collect());
            }
        }
    }
    wrong
}

#[test]
fn rule_p1_codes_are_read_kindly_and_every_slip_shows() {
    for seed in 0..20u8 {
        let bytes: [u8; 15] = std::array::from_fn(|i| {
            seed.wrapping_mul(37)
                .wrapping_add((i as u8).wrapping_mul(101))
        });
        let text = InvitationCode::from_bytes(bytes).to_text();
        assert_eq!(text.len(), 26);
        assert_eq!(InvitationCode::parse(&text).unwrap().expose(), &bytes);
        for wrong in mistypings(&text) {
            assert_eq!(
                InvitationCode::parse(&wrong).unwrap_err(),
                CodeError::WrongCheck,
                "{wrong} for {}",
                *text
            );
        }
    }
    let code = InvitationCode::from_bytes([0; 15]);
    let shown = code.to_display();
    assert_eq!(*shown, "00000-0000-0000-0000-0000-00001");
    for typed in [
        "ooooo oooo oooo oooo oooo ooool",
        "  OOOOO–0000—0000\n0000.0000_0000I ",
    ] {
        assert_eq!(
            InvitationCode::parse(typed).unwrap().expose(),
            &[0; 15],
            "{typed}"
        );
    }
    let errors = [
        (
            "00000-0000",
            CodeError::TooShort {
                expected: 26,
                found: 9,
            },
        ),
        (
            "",
            CodeError::TooShort {
                expected: 26,
                found: 0,
            },
        ),
        (
            "00000-0000-0000-0000-0000-000010",
            CodeError::TooLong { expected: 26 },
        ),
        (
            "00U00-0000-0000-0000-0000-00001",
            CodeError::BadCharacter { position: 3 },
        ),
        (
            "00000-0000-0000-0000-0000-0000ß",
            CodeError::BadCharacter { position: 26 },
        ),
        ("00000-0000-0000-0000-0000-00002", CodeError::WrongCheck),
    ];
    for (typed, error) in errors {
        assert_eq!(InvitationCode::parse(typed).unwrap_err(), error);
    }
}

#[test]
fn rule_p2_the_code_is_in_no_message() {
    let id = code().invitation_id();
    assert_eq!(id, code().invitation_id());
    assert_ne!(id, InvitationCode::from_bytes([0; 15]).invitation_id());
    let (hello, transcript) = pair_hello();
    let sent = [
        to_cbor(&pair_start()),
        to_cbor(&hello),
        to_cbor(&make_finish(&code(), &transcript, DEVICE)),
    ];
    let text = code().to_text();
    for message in &sent {
        for secret in [code().expose().as_slice(), text.as_bytes()] {
            assert!(!message.windows(secret.len()).any(|window| window == secret));
        }
    }
    assert!(
        sent[0].windows(16).any(|window| window == id.as_bytes()),
        "the search finds what is there"
    );
}

#[test]
fn rule_p3_every_field_changes_the_transcript() {
    let (hello, good) = pair_hello();
    let of = |start: &PairStart, hello: &PairHello| {
        Transcript::new(start, &hello.signed_root, hello.nonce, hello.device)
    };
    assert_eq!(of(&pair_start(), &hello), good);
    let nonce = PairNonce::from_bytes([0; 32]);
    let starts = [
        PairStart {
            invitation: InvitationId::from_bytes([0; 16]),
            ..pair_start()
        },
        PairStart {
            device_sign: feed_key().public().unwrap(),
            ..pair_start()
        },
        PairStart {
            device_box: DeviceBoxKey::from_bytes([0; 32]).public().unwrap(),
            ..pair_start()
        },
        PairStart {
            nonce,
            ..pair_start()
        },
    ];
    let hellos = [
        PairHello {
            signed_root: SignedRoot(vec![]),
            ..hello.clone()
        },
        PairHello {
            nonce,
            ..hello.clone()
        },
        PairHello {
            device: DeviceId::from_bytes([0; 16]),
            ..hello.clone()
        },
    ];
    let mut seen = BTreeSet::from([*good.as_bytes()]);
    for start in &starts {
        assert!(seen.insert(*of(start, &hello).as_bytes()));
    }
    for other in &hellos {
        assert!(seen.insert(*of(&pair_start(), other).as_bytes()));
    }
}

#[test]
fn rule_p4_the_tablet_believes_only_who_knows_the_code() {
    let (hello, transcript) = pair_hello();
    let (seen, document) = check_hello(&code(), &pair_start(), &hello).unwrap();
    assert_eq!((seen, document), (transcript, root()));

    let other_code = InvitationCode::from_bytes([0; 15]);
    assert!(matches!(
        check_hello(&other_code, &pair_start(), &hello),
        Err(PairError::WrongMac)
    ));

    // Someone in between who puts his own root document in does not know the code.
    let mut own = root();
    own.root_key = device_key().public().unwrap();
    let own = own.sign(&device_key()).unwrap();
    let swapped = PairHello {
        signed_root: own,
        ..hello.clone()
    };
    assert!(matches!(
        check_hello(&code(), &pair_start(), &swapped),
        Err(PairError::WrongMac)
    ));

    // The code alone does not make an invalid root document good.
    let (hello, _) = make_hello(
        &code(),
        &pair_start(),
        SignedRoot(vec![1]),
        hello.nonce,
        DEVICE,
    );
    assert!(matches!(
        check_hello(&code(), &pair_start(), &hello),
        Err(PairError::Root(_))
    ));
}

#[test]
fn rule_p5_the_server_pairs_only_who_knows_the_code() {
    let (hello, transcript) = pair_hello();
    let finish = make_finish(&code(), &transcript, DEVICE);
    assert!(check_finish(&code(), &transcript, DEVICE, &finish).is_ok());
    let kept = Transcript::from_bytes(*transcript.as_bytes());
    assert!(check_finish(&code(), &kept, DEVICE, &finish).is_ok());
    let other = DeviceId::from_bytes([0; 16]);
    assert!(matches!(
        check_finish(&code(), &transcript, other, &finish),
        Err(PairError::ForeignDevice)
    ));
    let reflected = PairFinish {
        device: DEVICE,
        mac: hello.mac,
    };
    assert!(matches!(
        check_finish(&code(), &transcript, DEVICE, &reflected),
        Err(PairError::WrongMac)
    ));
    let guessed = make_finish(&InvitationCode::from_bytes([0; 15]), &transcript, DEVICE);
    assert!(matches!(
        check_finish(&code(), &transcript, DEVICE, &guessed),
        Err(PairError::WrongMac)
    ));
}

#[test]
fn rule_p6_the_words_are_equal_on_both_sides_and_differ_elsewhere() {
    let (hello, transcript) = pair_hello();
    let (seen, _) = check_hello(&code(), &pair_start(), &hello).unwrap();
    let words = seen.confirm_words(&code());
    assert_eq!(words, transcript.confirm_words(&code()));
    assert_ne!(
        words,
        transcript.confirm_words(&InvitationCode::from_bytes([0; 15]))
    );
    let start = PairStart {
        nonce: PairNonce::from_bytes([0; 32]),
        ..pair_start()
    };
    let other = Transcript::new(&start, &hello.signed_root, hello.nonce, DEVICE);
    assert_ne!(words, other.confirm_words(&code()));

    let source = include_str!("../src/words.rs");
    let list: Vec<&str> = source.split('"').skip(1).step_by(2).collect();
    assert_eq!(list.len(), 256);
    let distinct: BTreeSet<String> = list.iter().map(|word| word.to_lowercase()).collect();
    assert_eq!(distinct.len(), 256, "no word twice");
    assert!(
        list.iter()
            .all(|word| word.len() >= 3 && word.chars().all(|c| c.is_ascii_alphabetic()))
    );
    assert!(words.iter().all(|word| list.contains(word)));
}

#[test]
fn rule_d1_the_recovery_code_shows_every_slip() {
    let bytes: [u8; 20] = std::array::from_fn(|i| (i as u8).wrapping_mul(29) ^ 0x5c);
    let code = RecoveryCode::from_bytes(bytes);
    let text = code.to_text();
    assert_eq!(text.len(), 34);
    assert_eq!(
        code.to_display()
            .split('-')
            .map(str::len)
            .collect::<Vec<_>>(),
        [5, 5, 5, 5, 5, 5, 4]
    );
    assert_eq!(
        RecoveryCode::parse(&code.to_display().to_lowercase())
            .unwrap()
            .expose(),
        &bytes
    );
    for wrong in mistypings(&text) {
        assert_eq!(
            RecoveryCode::parse(&wrong).unwrap_err(),
            CodeError::WrongCheck,
            "{wrong}"
        );
    }
    let made = RecoveryCode::make().unwrap();
    assert_ne!(made.expose(), RecoveryCode::make().unwrap().expose());
}

#[test]
fn rule_d2_the_slot_key_depends_on_code_and_salt() {
    let code = RecoveryCode::from_bytes([1; 20]);
    let key = code.derive_slot_key(&[0; 16]);
    assert_eq!(key, code.derive_slot_key(&[0; 16]));
    assert_ne!(key, code.derive_slot_key(&[1; 16]));
    assert_ne!(
        key,
        RecoveryCode::from_bytes([2; 20]).derive_slot_key(&[0; 16])
    );
}
