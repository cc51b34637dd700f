//! The mailbox of an invitation: who may put what into it, who reads it, and when it ends.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::FactionKeys;
use sync_protocol::faction::join::{
    JoinHello, JoinKey, JoinNames, JoinOffer, JoinStart, LetterCode, MAX_TRIES, QR_LIFETIME_MS,
    check_finish, check_hello, make_finish, make_hello, make_start,
};
use sync_protocol::faction::link::Role;
use sync_protocol::faction::wire::{self, JoinBox, JoinStep, OpenInvitation};
use sync_protocol::ids::{InvitationId, UserId};
use sync_protocol::pairing::PairNonce;

use super::{assert_ok, assert_refused, tablet};
use crate::support::member::Member;
use crate::support::tablet::{Answer, Tablet};
use crate::support::{START_AT_MS, TestCouncil};

/// An invitation that Ada has opened.
struct Opened {
    key: JoinKey,
    id: InvitationId,
}

fn open(chair: &Member) -> Opened {
    let opened = make();
    assert_ok(&opens(chair, opened.id, START_AT_MS + QR_LIFETIME_MS));
    opened
}

fn make() -> Opened {
    let key = JoinKey::of_letter(&LetterCode::make().unwrap());
    let id = key.invitation_id();
    Opened { key, id }
}

fn opens(chair: &Member, invitation: InvitationId, expires_at_ms: i64) -> Answer {
    let open = OpenInvitation {
        invitation,
        expires_at_ms,
    };
    chair.tells(&wire::path_invitations(&chair.space()), to_cbor(&open))
}

fn puts<T: minicbor::Encode<()>>(
    tablet: &Tablet,
    id: &InvitationId,
    step: JoinStep,
    body: &T,
) -> Answer {
    let path = wire::path_join_step(id, step);
    tablet.request(Method::POST, &path, to_cbor(body), None)
}

fn reads(tablet: &Tablet, id: &InvitationId) -> Answer {
    tablet.get(&wire::path_join(id, 0, 0))
}

fn offer(chair: &Member) -> JoinOffer {
    let own = chair.roster.device(&chair.keys.device).unwrap();
    JoinOffer {
        faction: chair.space(),
        inviter: chair.keys.device,
        fingerprint: own.record.claim.fingerprint(),
        user: UserId::make().unwrap(),
        role: Some(Role::Member),
        nonce: PairNonce::make().unwrap(),
    }
}

fn names() -> JoinNames {
    JoinNames {
        user: "Bruno Kahl".to_owned(),
        device: "Tablet".to_owned(),
    }
}

#[test]
fn the_whole_way_in_over_the_mailbox() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let newcomer = tablet(&council, &handle, "bruno");
    let Opened { key, id } = open(&chair);
    assert_ok(&opens(&chair, id, START_AT_MS + QR_LIFETIME_MS));
    assert_eq!(
        reads(&chair.tablet, &id).decode::<JoinBox>(),
        JoinBox::default()
    );

    let keys = FactionKeys::make().unwrap();
    let start = make_start(&key, &keys).unwrap();
    assert_ok(&puts(&newcomer, &id, JoinStep::Start, &start));
    let seen: JoinBox = reads(&chair.tablet, &id).decode();
    let (hello, transcript) = make_hello(&key, seen.start.as_ref().unwrap(), offer(&chair));
    assert_ok(&puts(&chair.tablet, &id, JoinStep::Hello, &hello));
    let seen: JoinBox = reads(&newcomer, &id).decode();
    let answer = seen.hello.unwrap();
    assert_eq!(
        check_hello(&key, None, &start, &answer).unwrap(),
        transcript
    );
    let finish = make_finish(&key, &transcript, &answer.offer, &keys, &names()).unwrap();
    assert_ok(&puts(&newcomer, &id, JoinStep::Finish, &finish));
    // Every step again, as if its answer had got lost.
    assert_ok(&puts(&newcomer, &id, JoinStep::Start, &start));
    assert_ok(&puts(&chair.tablet, &id, JoinStep::Hello, &hello));
    assert_ok(&puts(&newcomer, &id, JoinStep::Finish, &finish));
    let seen: JoinBox = reads(&chair.tablet, &id).decode();
    assert_eq!(seen.step_count(), 3);
    let (start, finish) = (seen.start.unwrap(), seen.finish.unwrap());
    let checked = check_finish(&key, &transcript, &start, &hello.offer, &finish).unwrap();
    assert_eq!(checked.user, "Bruno Kahl");

    let append = chair.admission(&keys, hello.offer.user, &checked.user);
    chair.carries_out(&append);
    let mut member = Member::enters(newcomer, keys, hello.offer.user, chair.space());
    assert_eq!(member.says("Da bin ich"), 1);
}

#[test]
fn only_the_two_devices_read_and_write_it() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let fellow = chair.lets_in(tablet(&council, &handle, "mara"));
    let newcomer = tablet(&council, &handle, "bruno");
    let stranger = tablet(&council, &handle, "staff");
    let Opened { key, id } = open(&chair);
    let keys = FactionKeys::make().unwrap();
    let start = make_start(&key, &keys).unwrap();
    let hello = |start: &JoinStart| make_hello(&key, start, offer(&chair)).0;
    let finish_of = |hello: &JoinHello| {
        let transcript = check_hello(&key, None, &start, hello).unwrap();
        make_finish(&key, &transcript, &hello.offer, &keys, &names()).unwrap()
    };
    let conflict = (StatusCode::CONFLICT, "faction_conflict");
    let early = puts(&chair.tablet, &id, JoinStep::Hello, &hello(&start));
    assert_refused(&early, conflict.0, conflict.1);
    assert_ok(&puts(&newcomer, &id, JoinStep::Start, &start));
    let early = puts(&newcomer, &id, JoinStep::Finish, &finish_of(&hello(&start)));
    assert_refused(&early, conflict.0, conflict.1);
    let answer = hello(&start);
    assert_ok(&puts(&chair.tablet, &id, JoinStep::Hello, &answer));
    let finish = finish_of(&answer);
    for other in [&fellow.tablet, &stranger] {
        let denied = [
            reads(other, &id),
            puts(other, &id, JoinStep::Hello, &answer),
            puts(other, &id, JoinStep::Finish, &finish),
        ];
        for answer in &denied {
            assert_refused(answer, StatusCode::NOT_FOUND, "not_found");
        }
    }
    let swapped = puts(&newcomer, &id, JoinStep::Hello, &answer);
    assert_refused(&swapped, StatusCode::NOT_FOUND, "not_found");
    let other = make().id;
    let foreign = puts(&newcomer, &other, JoinStep::Start, &start);
    assert_refused(&foreign, StatusCode::NOT_FOUND, "not_found");
    let taken = opens(&fellow, id, START_AT_MS + QR_LIFETIME_MS);
    assert_refused(&taken, StatusCode::UNPROCESSABLE_ENTITY, "faction_refused");
    let second = open(&chair).id;
    let foreign = puts(&newcomer, &second, JoinStep::Start, &start);
    assert_refused(
        &foreign,
        StatusCode::UNPROCESSABLE_ENTITY,
        "faction_refused",
    );
    let rubbish = newcomer.request(
        Method::POST,
        &wire::path_join_step(&id, JoinStep::Start),
        b"no cbor".to_vec(),
        None,
    );
    assert_refused(&rubbish, StatusCode::BAD_REQUEST, "bad_request");
    assert_ok(&puts(&newcomer, &id, JoinStep::Finish, &finish));
    let late = puts(&chair.tablet, &id, JoinStep::Hello, &hello(&start));
    assert_refused(&late, conflict.0, conflict.1);
}

#[test]
fn a_later_start_empties_what_was_answered_and_ten_are_enough() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let chair = Member::founds(tablet(&council, &handle, "ada"));
    let (first, second) = (
        tablet(&council, &handle, "bruno"),
        tablet(&council, &handle, "mara"),
    );
    let Opened { key, id } = open(&chair);
    let start = || make_start(&key, &FactionKeys::make().unwrap()).unwrap();
    let begun = start();
    assert_ok(&puts(&first, &id, JoinStep::Start, &begun));
    let hello = make_hello(&key, &begun, offer(&chair)).0;
    assert_ok(&puts(&chair.tablet, &id, JoinStep::Hello, &hello));
    let later = start();
    assert_ok(&puts(&second, &id, JoinStep::Start, &later));
    let seen: JoinBox = reads(&chair.tablet, &id).decode();
    assert_eq!(
        (seen.start, seen.hello, seen.finish),
        (Some(later.clone()), None, None)
    );
    assert_refused(&reads(&first, &id), StatusCode::NOT_FOUND, "not_found");
    for _ in 2..MAX_TRIES {
        assert_ok(&puts(&first, &id, JoinStep::Start, &start()));
    }
    let last = puts(&second, &id, JoinStep::Start, &start());
    assert_refused(&last, StatusCode::NOT_FOUND, "not_found");
    assert_refused(
        &reads(&chair.tablet, &id),
        StatusCode::NOT_FOUND,
        "not_found",
    );
}

#[test]
fn an_invitation_ends_with_its_time_and_with_whoever_has_opened_it() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let fellow = chair.lets_in(tablet(&council, &handle, "mara"));
    let mut newcomer = tablet(&council, &handle, "bruno");
    let start = |opened: &Opened| make_start(&opened.key, &FactionKeys::make().unwrap()).unwrap();
    let by_fellow = open(&fellow);
    assert_ok(&puts(
        &newcomer,
        &by_fellow.id,
        JoinStep::Start,
        &start(&by_fellow),
    ));
    chair.takes_out(&fellow);
    let late = puts(
        &newcomer,
        &by_fellow.id,
        JoinStep::Start,
        &start(&by_fellow),
    );
    assert_refused(&late, StatusCode::NOT_FOUND, "not_found");

    let opened = open(&chair);
    council.clock.set(START_AT_MS + QR_LIFETIME_MS);
    for tablet in [&mut chair.tablet, &mut newcomer] {
        tablet.now_at_ms = council.clock.now_at_ms();
    }
    let late = puts(&newcomer, &opened.id, JoinStep::Start, &start(&opened));
    assert_refused(&late, StatusCode::NOT_FOUND, "not_found");
    let refused = (StatusCode::UNPROCESSABLE_ENTITY, "faction_refused");
    let now = council.clock.now_at_ms();
    for end in [now, now - 1, now + 15 * 24 * 60 * 60 * 1000, i64::MAX] {
        assert_refused(&opens(&chair, make().id, end), refused.0, refused.1);
    }
}

#[test]
fn whoever_waits_for_a_step_is_woken_by_it() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let chair = Member::founds(tablet(&council, &handle, "ada"));
    let newcomer = tablet(&council, &handle, "bruno");
    let Opened { key, id } = open(&chair);
    let starts: Vec<JoinStart> = (0..2)
        .map(|_| make_start(&key, &FactionKeys::make().unwrap()).unwrap())
        .collect();
    // The second start makes no more steps, but another one.
    for (seen, start) in [(0, &starts[0]), (1, &starts[1])] {
        let begun = Instant::now();
        let answer = std::thread::scope(|scope| {
            let path = wire::path_join(&id, seen, wire::MAX_WAIT_S);
            let chair = &chair;
            let answer = scope.spawn(move || chair.tablet.get(&path));
            while council.server.waiting_count() == 0 {
                assert!(begun.elapsed() < Duration::from_secs(20), "nobody waits");
                std::thread::yield_now();
            }
            assert_ok(&puts(&newcomer, &id, JoinStep::Start, start));
            answer.join().unwrap()
        });
        assert!(begun.elapsed() < Duration::from_secs(wire::MAX_WAIT_S - 5));
        assert_eq!(answer.decode::<JoinBox>().start.as_ref(), Some(start));
    }
}
