//! Rules F20 to F24: how somebody comes into a faction space.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::NOW_MS;
use common::faction::*;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::*;
use sync_protocol::faction::join::*;
use sync_protocol::faction::link::*;
use sync_protocol::faction::paper::PaperKey;
use sync_protocol::faction::qr::{QrError, QrInvitation};
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed_box::*;
use sync_protocol::ids::*;
use sync_protocol::pairing::PairNonce;

fn letter() -> LetterCode {
    LetterCode::from_bytes(*b"fifteen letters")
}

fn qr(space: &Space) -> QrInvitation {
    let inviter = space.roster.device(&keys(1).device).unwrap();
    let fingerprint = inviter.record.claim.fingerprint();
    QrInvitation::from_parts(space.id(), fingerprint, NOW_MS, *b"twenty secret bytes!")
}

fn offer(space: &Space) -> JoinOffer {
    JoinOffer {
        faction: space.id(),
        inviter: keys(1).device,
        fingerprint: qr(space).inviter,
        user: user(4),
        role: Some(Role::Member),
        nonce: PairNonce::from_bytes([2; 32]),
    }
}

fn names() -> JoinNames {
    JoinNames {
        user: "Jens Muster".into(),
        device: "Tablet".into(),
    }
}

#[test]
fn rule_f20_a_qr_code_is_read_whole_or_refused() {
    let space = Space::founded();
    let invitation = qr(&space);
    let text = invitation.to_text();
    assert_eq!(QrInvitation::parse(&text).unwrap(), invitation);
    assert_eq!(
        QrInvitation::parse(&format!(" {}\n", text.as_str())).unwrap(),
        invitation
    );
    assert!(
        text.chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ':')
    );
    assert_eq!(
        QrInvitation::parse("https://example.org"),
        Err(QrError::NotAnInvitation)
    );
    let code = text.strip_prefix("RATSMAPPE1:").unwrap();
    for at in 0..code.len() {
        let mut wrong = code.to_owned();
        let other = if &code[at..=at] == "7" { "8" } else { "7" };
        wrong.replace_range(at..=at, other);
        assert!(
            matches!(
                QrInvitation::parse(&format!("RATSMAPPE1:{wrong}")),
                Err(QrError::Code(_))
            ),
            "character {at}"
        );
    }
    assert!(matches!(
        QrInvitation::parse(&text[..text.len() - 1]),
        Err(QrError::Code(_))
    ));
    let key = invitation.join_key();
    assert_eq!(key.invitation_id(), qr(&space).join_key().invitation_id());
    assert_ne!(
        key.invitation_id(),
        JoinKey::of_letter(&letter()).invitation_id()
    );
    assert_eq!(
        LetterCode::parse(&letter().to_display()).unwrap().expose(),
        letter().expose()
    );
    assert!(!text.contains(&key.invitation_id().to_string().to_uppercase()));
}

#[test]
fn rule_f21_the_inviter_proves_that_it_knows_the_invitation() {
    let space = Space::founded();
    let invitation = qr(&space);
    let key = invitation.join_key();
    let start = make_start(&key, &keys(4)).unwrap();
    let (hello, transcript) = make_hello(&key, &start, offer(&space));
    let checked = check_hello(&key, Some(&invitation), &start, &hello).unwrap();
    assert_eq!(checked, transcript);
    // Whoever does not know the secret cannot answer, nor change a field of the answer or the question.
    let guess = make_hello(&JoinKey::of_letter(&letter()), &start, offer(&space)).0;
    assert!(matches!(
        check_hello(&key, None, &start, &guess),
        Err(JoinError::WrongMac)
    ));
    let edits: [fn(&mut JoinOffer); 6] = [
        |o| o.faction = FactionId::from_bytes([1; 32]),
        |o| o.inviter = keys(2).device,
        |o| o.fingerprint = Fingerprint(Hash::ZERO),
        |o| o.user = user(5),
        |o| o.role = Some(Role::Admin),
        |o| o.nonce = PairNonce::from_bytes([3; 32]),
    ];
    for edit in edits {
        let mut changed = hello.clone();
        edit(&mut changed.offer);
        assert!(matches!(
            check_hello(&key, None, &start, &changed),
            Err(JoinError::WrongMac)
        ));
    }
    let other = JoinStart {
        sign: keys(5).sign.public().unwrap(),
        ..start.clone()
    };
    assert!(matches!(
        check_hello(&key, None, &other, &hello),
        Err(JoinError::WrongMac)
    ));
    // Somebody who has photographed the code offers another space, or her own device.
    for edit in [edits[0], edits[2]] {
        let mut another = offer(&space);
        edit(&mut another);
        let hello = make_hello(&key, &start, another).0;
        let verdict = check_hello(&key, Some(&invitation), &start, &hello);
        assert!(matches!(verdict, Err(JoinError::ForeignInviter)));
    }
}

#[test]
fn rule_f22_the_newcomer_proves_the_same_and_signs_her_keys() {
    let mut space = Space::founded();
    let key = JoinKey::of_letter(&letter());
    let start = make_start(&key, &keys(4)).unwrap();
    let offer = offer(&space);
    let (_, transcript) = make_hello(&key, &start, offer);
    let finish = make_finish(&key, &transcript, &offer, &keys(4), &names()).unwrap();
    let check = |finish: &JoinFinish| check_finish(&key, &transcript, &start, &offer, finish);
    assert_eq!(check(&finish).unwrap(), names());
    let sent = to_cbor(&finish);
    assert!(
        !sent.windows(6).any(|bytes| bytes == b"Muster"),
        "names are sealed"
    );

    let guess = JoinKey::of_letter(&LetterCode::from_bytes([0; 15]));
    let guessed = make_finish(&guess, &transcript, &offer, &keys(4), &names()).unwrap();
    assert!(matches!(check(&guessed), Err(JoinError::WrongMac)));
    let mut renamed = finish.clone();
    renamed.names.0[30] ^= 1;
    assert!(matches!(check(&renamed), Err(JoinError::WrongMac)));
    let swapped = make_finish(&key, &transcript, &offer, &keys(5), &names()).unwrap();
    assert!(matches!(check(&swapped), Err(JoinError::OtherDevice)));
    let elsewhere = JoinOffer {
        faction: FactionId::from_bytes([1; 32]),
        ..offer
    };
    let elsewhere = make_finish(&key, &transcript, &elsewhere, &keys(4), &names()).unwrap();
    assert!(matches!(check(&elsewhere), Err(JoinError::DeviceKey(_))));
    let long = JoinNames {
        user: "x".repeat(201),
        ..names()
    };
    let long = make_finish(&key, &transcript, &offer, &keys(4), &long);
    assert!(matches!(long, Err(JoinError::BadNames)));

    assert!(matches!(
        check_roster(&space.roster, &offer, &keys(4)),
        Err(JoinError::OtherDevice)
    ));
    space.add(4, Role::Member);
    check_roster(&space.roster, &offer, &keys(4)).unwrap();
    let ghost = JoinOffer {
        inviter: keys(9).device,
        ..offer
    };
    assert!(matches!(
        check_roster(&space.roster, &ghost, &keys(4)),
        Err(JoinError::ForeignInviter)
    ));
    let other_keys = JoinOffer {
        fingerprint: Fingerprint(Hash::ZERO),
        ..offer
    };
    assert!(matches!(
        check_roster(&space.roster, &other_keys, &keys(4)),
        Err(JoinError::ForeignInviter)
    ));
    let other_space = Space::founded();
    assert!(matches!(
        check_roster(&other_space.roster, &offer, &keys(4)),
        Err(JoinError::ForeignInviter)
    ));
}

#[test]
fn rule_f23_six_words_tell_two_transcripts_apart() {
    let space = Space::founded();
    let key = JoinKey::of_letter(&letter());
    let start = JoinStart {
        nonce: PairNonce::from_bytes([1; 32]),
        ..make_start(&key, &keys(4)).unwrap()
    };
    let words = |start: &JoinStart, key: &JoinKey| {
        make_hello(key, start, offer(&space)).1.confirm_words(key)
    };
    let shown = words(&start, &key);
    assert!(shown.iter().all(|word| !word.is_empty()));
    assert_eq!(shown, words(&start, &key));
    let other = JoinStart {
        sign: keys(5).sign.public().unwrap(),
        ..start.clone()
    };
    assert_ne!(shown, words(&other, &key));
    let other_key = JoinKey::of_letter(&LetterCode::from_bytes([1; 15]));
    assert_ne!(shown, words(&start, &other_key));
}

#[test]
fn rule_f24_a_paper_key_brings_a_new_device_in() {
    let paper = PaperKey::from_bytes(*b"twenty bytes of code");
    assert_eq!(
        PaperKey::parse(&paper.to_display()).unwrap().expose(),
        paper.expose()
    );
    let of_paper = paper.derive_keys();
    let again = PaperKey::parse(&paper.to_text()).unwrap().derive_keys();
    assert_eq!(
        (of_paper.device, &of_paper.sign),
        (again.device, &again.sign)
    );
    assert_ne!(of_paper.sign.expose(), of_paper.boxes.expose());

    let mut space = Space::of_three();
    let add = |owner: UserId, keys: &FactionKeys, kind, space: &Space| {
        Change::AddDevice(Box::new(AddDevice {
            user: owner,
            device: record(Some(space.id()), owner, keys, kind, &space.seed()),
        }))
    };
    space.push(2, add(user(2), &of_paper, DeviceKind::Paper, &space));
    let boxed = make_seed_box(&space.roster, &seed(1), of_paper.device).unwrap();
    // Years later, on another tablet, with nothing but the code and what the server keeps.
    let roster = Roster::verify(&space.links, Some(&space.id())).unwrap();
    let opened = open_seed_box(&roster, &again.boxes, again.device, &boxed).unwrap();
    assert_eq!(opened, seed(1));
    let link = Link {
        author: again.device,
        ..space.next(2, add(user(2), &keys(12), DeviceKind::Tablet, &space))
    };
    space
        .roster
        .append(&link.sign(&again.sign).unwrap())
        .unwrap();
    assert_eq!(space.roster.device(&keys(12).device).unwrap().user, user(2));
}
