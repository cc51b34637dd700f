//! Rules F1 to F5 and F27: identifiers, devices, the form of links, and the limits of a faction space.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::faction::*;
use sync_protocol::cbor::CborError;
use sync_protocol::faction::device::*;
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::link::*;
use sync_protocol::faction::roster::*;
use sync_protocol::faction::*;
use sync_protocol::ids::*;
use sync_protocol::key_box::{DeviceBoxKey, KeyBoxError};
use sync_protocol::sign::*;

const NOTHING: AuthorPosition = AuthorPosition::START;

#[test]
fn rule_f1_a_space_is_named_by_its_genesis() {
    let space = Space::founded();
    let hash = space.links[0].hash().unwrap();
    assert_eq!(space.id().as_bytes(), hash.as_bytes());
    let mut again = Space::of_three();
    again.remove(2, NOTHING);
    again.push(1, again.rotation());
    link_refused!(
        again,
        1,
        again.add_user(2, Role::Member),
        RosterError::WrongUser
    );
    // The same device, and the same key under another device's name, do not come back either.
    let back = |keys: &FactionKeys| {
        let device = record(
            Some(again.id()),
            user(1),
            keys,
            DeviceKind::Tablet,
            &again.seed(),
        );
        Change::AddDevice(Box::new(AddDevice {
            user: user(1),
            device,
        }))
    };
    link_refused!(again, 1, back(&keys(2)), RosterError::WrongDevice);
    let renamed = FactionKeys {
        device: FactionDeviceId::from_bytes([9; 16]),
        ..keys(2)
    };
    link_refused!(again, 1, back(&renamed), RosterError::WrongDevice);
}

#[test]
fn rule_f2_the_fingerprint_covers_both_keys() {
    let claim = keys(1).claim(None, user(1), DeviceKind::Tablet).unwrap();
    let mut hashed = b"ratsmappe/faction/fingerprint/1\0".to_vec();
    hashed.extend(claim.sign.as_bytes());
    hashed.extend(&claim.boxes.0);
    assert_eq!(claim.fingerprint().0, Hash::of(&hashed));
    let shown = claim.fingerprint().to_display();
    assert_eq!(
        shown.replace(' ', ""),
        claim.fingerprint().0.to_string()[..32]
    );
    assert_eq!(shown.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
    let other = FactionKeys {
        boxes: DeviceBoxKey::from_bytes([7; 32]),
        ..keys(1)
    };
    let other = other.claim(None, user(1), DeviceKind::Tablet).unwrap();
    assert_ne!(claim.fingerprint(), other.fingerprint());
}

/// y-coordinates of the points of order 1, 2, 4 and 8, also not reduced, with either sign.
fn weak_signing_keys() -> Vec<[u8; 32]> {
    let listed = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    let keys = listed.map(|hex| from_hex::<32>(hex).unwrap());
    let signed = keys.map(|mut key| {
        key[31] |= 0x80;
        key
    });
    [keys, signed].concat()
}

#[test]
fn rule_f3_weak_malformed_and_foreign_keys_are_refused() {
    let space = Space::founded();
    let good = keys(2)
        .claim(Some(space.id()), user(2), DeviceKind::Tablet)
        .unwrap();
    good.check(Some(space.id()), user(2)).unwrap();
    for key in weak_signing_keys() {
        let claim = DeviceClaim {
            sign: PublicKey(key),
            ..good.clone()
        };
        let verdict = claim.check(Some(space.id()), user(2));
        assert!(
            matches!(verdict, Err(DeviceKeyError::WeakSigningKey)),
            "{key:x?}"
        );
    }
    let weak_halves = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];
    for half in weak_halves {
        let mut claim = good.clone();
        let at = claim.boxes.0.len() - 32;
        claim.boxes.0[at..].copy_from_slice(&from_hex::<32>(half).unwrap());
        let verdict = claim.check(Some(space.id()), user(2));
        assert!(matches!(verdict, Err(DeviceKeyError::WeakBoxKey)), "{half}");
    }
    let mut short = good.clone();
    short.boxes.0.pop();
    let verdict = short.check(Some(space.id()), user(2));
    assert!(matches!(
        verdict,
        Err(DeviceKeyError::BoxKey(KeyBoxError::BadPublicKey))
    ));
    let no_point = DeviceClaim {
        sign: PublicKey([0x02; 32]),
        ..good.clone()
    };
    let swapped = DeviceClaim {
        sign: keys(3).sign.public().unwrap(),
        ..good.clone()
    };
    let other_box = DeviceClaim {
        boxes: keys(3).boxes.public().unwrap(),
        ..good.clone()
    };
    let paper = DeviceClaim {
        kind: DeviceKind::Paper,
        ..good.clone()
    };
    for claim in [no_point, swapped, other_box, paper] {
        let verdict = claim.check(Some(space.id()), user(2));
        assert!(matches!(
            verdict,
            Err(DeviceKeyError::Proof(SignError::BadSignature))
        ));
    }
    assert!(good.check(None, user(2)).is_err(), "for another space");
    assert!(
        good.check(Some(space.id()), user(3)).is_err(),
        "for another person"
    );
    // The roster asks the same questions.
    let mut add = match space.add_user(2, Role::Member) {
        Change::AddUser(add) => *add,
        other => panic!("{other:?}"),
    };
    add.device.claim.sign = PublicKey([0; 32]);
    link_refused!(
        space,
        1,
        Change::AddUser(Box::new(add)),
        RosterError::DeviceKey(DeviceKeyError::WeakSigningKey)
    );
}

#[test]
fn rule_f4_links_are_signed_in_their_domain_and_hashed_with_theirs() {
    let space = Space::of_three();
    let link = &space.links[1];
    let public = keys(1).sign.public().unwrap();
    link.check_signature(&public).unwrap();
    assert!(
        link.check_signature(&keys(2).sign.public().unwrap())
            .is_err()
    );
    // {0: 1, 1: body, 2: signature}: the body stands between a head and a signature of fixed lengths.
    let bytes = link.as_bytes();
    let body = &bytes[7..bytes.len() - 67];
    let mut hashed = b"ratsmappe/faction/link-hash/1\0".to_vec();
    hashed.extend(body);
    assert_eq!(link.hash().unwrap(), Hash::of(&hashed));
    let place = link.place().unwrap();
    assert_eq!((place.seq, place.prev), (2, space.links[0].hash().unwrap()));
    assert_eq!(
        (place.faction, place.author),
        (Some(space.id()), keys(1).device)
    );
    let mut newer = bytes.to_vec();
    newer[2] = 2;
    assert!(matches!(
        SignedLink(newer).read(),
        Err(LinkError::Form(CborError::UnknownVersion(2)))
    ));
}

/// A link of any kind number, signed as it should be.
fn link_of_kind(space: &Space, kind: u8) -> SignedLink {
    // `Dissolve` ends in `05: kind, 06: 41 a0`; only that byte is another one, and the signature is made again.
    let link = space.signed(1, Change::Dissolve);
    let bytes = link.as_bytes();
    assert_eq!(bytes[..5], [0xa3, 0x00, 0x01, 0x01, 0x58]);
    let mut body = bytes[6..bytes.len() - 67].to_vec();
    let at = body.len() - 4;
    assert_eq!(body[at - 1..], [5, 9, 6, 0x41, 0xa0]);
    body[at] = kind;
    let signature = keys(1).sign.sign(Domain::FactionLink, &body).unwrap();
    let mut envelope = bytes[..6].to_vec();
    envelope.extend(&body);
    envelope.extend([0x02, 0x58, 0x40]);
    envelope.extend(signature.0);
    SignedLink(envelope)
}

#[test]
fn rule_f5_kinds_are_read_exactly_and_a_later_one_is_named() {
    let space = Space::of_three();
    for link in &space.links {
        let read = link.read().unwrap();
        assert_eq!(
            read.sign(&keys(1).sign).unwrap(),
            *link,
            "written as it was read"
        );
    }
    let later = link_of_kind(&space, 10);
    assert!(matches!(later.read(), Err(LinkError::UnknownKind(10))));
    assert_eq!(
        later.place().unwrap().seq,
        4,
        "its place can be read all the same"
    );
    let refusal = space.refusal(&later);
    assert!(matches!(
        refusal,
        Some(RosterError::Link(LinkError::UnknownKind(10)))
    ));
    // Known kinds with the details of another one.
    for kind in 2..9 {
        assert!(matches!(
            link_of_kind(&space, kind).read(),
            Err(LinkError::Form(_))
        ));
    }
}

#[test]
fn rule_f27_limits_are_kept() {
    let space = Space::founded();
    let mut long = genesis();
    long.name.0 = vec![0; MAX_LINK_LEN];
    let long = genesis_link(Change::Genesis(Box::new(long)));
    assert!(matches!(long.sign(&keys(1).sign), Err(LinkError::TooLong)));
    let bytes = SignedLink(vec![0xa3; MAX_LINK_LEN + 1]);
    assert!(matches!(bytes.read(), Err(LinkError::TooLong)));
    let envelope = envelope::SignedEnvelope(vec![0xa3; MAX_ENVELOPE_LEN + 1]);
    assert!(matches!(
        envelope.header(),
        Err(envelope::EnvelopeError::TooLong)
    ));
    let made = |len: usize| {
        let keys = keys(1);
        let content = vec![0; len];
        envelope::make_envelope(
            &space.roster,
            &seed(1),
            keys.device,
            &keys.sign,
            &NOTHING,
            &content,
        )
    };
    let longest = made(MAX_CONTENT_LEN).unwrap().0;
    assert!(
        longest.as_bytes().len() <= MAX_ENVELOPE_LEN,
        "what may be said may be sent"
    );
    assert!(matches!(
        made(MAX_CONTENT_LEN + 1),
        Err(envelope::MakeEnvelopeError::TooLong)
    ));
    let snapshot = vec![0; MAX_SNAPSHOT_LEN + 1];
    assert!(matches!(
        snapshot::SignedSnapshot::from_bytes(&snapshot),
        Err(snapshot::SnapshotError::TooLong)
    ));
    // A full space; keys are derived from numbers, so this takes its moment.
    let mut full = space;
    let many = |n: usize| FactionKeys {
        device: FactionDeviceId::from_bytes(std::array::from_fn(|at| n as u8 ^ at as u8)),
        sign: SigningKey::from_bytes(std::array::from_fn(|at| n as u8 ^ at as u8)),
        boxes: keys(1).boxes,
    };
    for n in 0..MAX_USERS {
        let user = UserId::from_bytes([n as u8 ^ 0xff; 16]);
        let device = record(
            Some(full.id()),
            user,
            &many(n),
            DeviceKind::Tablet,
            &seed(1),
        );
        let add = AddUser {
            user,
            role: Role::Member,
            name: genesis().user_name,
            device,
        };
        let link = full.signed(1, Change::AddUser(Box::new(add)));
        let verdict = full.refusal(&link);
        if n + 1 < MAX_USERS {
            assert!(verdict.is_none(), "{n}: {verdict:?}");
            full.roster.append(&link).unwrap();
        } else {
            assert!(matches!(verdict, Some(RosterError::Full)), "{verdict:?}");
        }
    }
}
