//! Coming into a space: by letter, from a snapshot, with a paper key; and invitations that end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::*;
use faction::*;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::link::Role;

#[test]
fn by_letter_the_words_are_compared_first() {
    let (mut chair, mut relay) = Tablet::found();
    let invited = chair
        .space
        .invite_by_letter(Some(Role::Member), NOW_MS)
        .unwrap();
    let store = store_in_memory();
    let code =
        sync_protocol::faction::join::LetterCode::parse(&invited.secret.to_display()).unwrap();
    let join = store.join_by_letter(COUNCIL, &code, &names()).unwrap();
    let hello = chair
        .space
        .invitation_start(join.id, &to_cbor(&join.start), NOW_MS)
        .unwrap();
    assert_eq!(
        store.joinings().unwrap()[0].words,
        None,
        "not before an answer"
    );
    let finish = store.join_hello(join.id, &hello).unwrap();
    let again = store.join_hello(join.id, &hello).unwrap();
    assert_eq!(
        again, finish,
        "an answer that got lost is given again as it was"
    );
    let words = store.joinings().unwrap()[0].words;
    let newcomer = chair
        .space
        .invitation_finish(join.id, &to_cbor(&finish), NOW_MS)
        .unwrap();
    assert_eq!(newcomer.words, words);
    assert!(words.is_some());
    let state = |space: &Space| space.invitations(NOW_MS).unwrap()[0].state.clone();
    assert_eq!(state(&chair.space), InvitationState::Compare(newcomer));
    chair.sync(&mut relay);
    assert_eq!(
        relay.roster.present_users().count(),
        1,
        "not before the words"
    );
    chair.space.admit(join.id, NOW_MS).unwrap();
    assert_eq!(state(&chair.space), InvitationState::Used);
    chair.sync(&mut relay);
    let joined = store.join_roster(join.id, &relay.links).unwrap();
    let mut joined = Tablet::over(store, joined);
    joined.sync(&mut relay);
    let members = joined.space.members().unwrap();
    let mut names: Vec<_> = members.iter().filter_map(|m| m.name.clone()).collect();
    names.sort();
    assert_eq!(names, ["Erika Beispiel", "Jens Muster"]);
    assert_eq!(
        joined.space.name().unwrap().as_deref(),
        Some("Fraktion Linde")
    );
    let again = chair
        .space
        .invitation_start(join.id, &to_cbor(&join.start), NOW_MS);
    assert!(matches!(again, Err(FactionError::InvitationUsed)));
}

#[test]
fn invitations_end_and_forget() {
    let (mut chair, _) = Tablet::found();
    let invited = chair
        .space
        .invite_by_qr(Some(Role::Member), NOW_MS)
        .unwrap();
    let store = store_in_memory();
    let text = invited.secret.to_text();
    let late = store.join_by_qr(COUNCIL, &text, &names(), invited.expires_at_ms);
    assert!(matches!(late, Err(FactionError::InvitationExpired)));
    let join = store.join_by_qr(COUNCIL, &text, &names(), NOW_MS).unwrap();
    let start = to_cbor(&join.start);
    let late = chair
        .space
        .invitation_start(join.id, &start, invited.expires_at_ms);
    assert!(matches!(late, Err(FactionError::InvitationExpired)));
    let early = chair.space.invitation_finish(join.id, &[], NOW_MS);
    assert!(matches!(early, Err(FactionError::OutOfTurn)));
    let hello = chair
        .space
        .invitation_start(join.id, &start, NOW_MS)
        .unwrap();
    let mut finish = store.join_hello(join.id, &hello).unwrap();
    finish.names.0[20] ^= 1;
    for _ in 0..10 {
        let wrong = chair
            .space
            .invitation_finish(join.id, &to_cbor(&finish), NOW_MS);
        assert!(matches!(wrong, Err(FactionError::Join(_))), "{wrong:?}");
    }
    let gone = chair.space.invitation_start(join.id, &start, NOW_MS);
    assert!(matches!(gone, Err(FactionError::InvitationUnknown)));
}

#[test]
fn a_snapshot_begins_a_new_device() {
    let (mut chair, mut relay) = Tablet::found();
    let mut staff = chair.brings_in(Some(Role::Staff), &mut relay);
    for n in 0..5 {
        chair.writes(&format!("Nachricht {n}"));
        chair.recommends(&[Edit::Text(TextPart::Arguments, format!("Stand {n}"))]);
        chair.sync(&mut relay);
        staff.recommends(&[Edit::Text(TextPart::Recommendation, format!("Fassung {n}"))]);
        staff.sync(&mut relay);
    }
    chair.shares("vertraulich", committee());
    chair.sync(&mut relay);
    chair.sync(&mut relay);
    let snapshot = chair.space.snapshot().unwrap();
    let upto = relay.envelopes.len() as u64;
    let invited = chair
        .space
        .invite_by_qr(Some(Role::Member), NOW_MS)
        .unwrap();
    let store = store_in_memory();
    let join = store
        .join_by_qr(COUNCIL, &invited.secret.to_text(), &names(), NOW_MS)
        .unwrap();
    let hello = chair
        .space
        .invitation_start(join.id, &to_cbor(&join.start), NOW_MS)
        .unwrap();
    let finish = store.join_hello(join.id, &hello).unwrap();
    chair
        .space
        .invitation_finish(join.id, &to_cbor(&finish), NOW_MS)
        .unwrap();
    chair.sync(&mut relay);
    let mut joined = Tablet::over(
        store.clone(),
        store.join_roster(join.id, &relay.links).unwrap(),
    );
    joined.space.take_boxes(&relay.boxes).unwrap();
    let kept = joined.space.begin_from(snapshot.clone(), upto).unwrap();
    assert!(kept < 20, "edits were merged: {kept} items");
    assert!(matches!(
        joined.space.begin_from(snapshot, upto),
        Err(FactionError::NotFresh)
    ));
    assert_eq!(joined.digest(), chair.digest());
    joined.writes("Guten Tag");
    joined.sync(&mut relay);
    chair.sync(&mut relay);
    assert_eq!(joined.digest(), chair.digest());
}

#[test]
fn a_paper_key_brings_a_lost_tablet_back() {
    let (mut chair, mut relay) = Tablet::found();
    let old = chair.writes("aus dem letzten Jahr");
    let paper = chair.space.make_paper_key("Papierschlüssel").unwrap();
    chair.sync(&mut relay);
    chair.space.intend(&Intent::Rotate).unwrap();
    chair.sync(&mut relay);
    drop(chair);
    let store = store_in_memory();
    let faction = relay.roster.faction();
    let recovery = store
        .recover(
            &paper,
            faction,
            &relay.links,
            &relay.boxes,
            "Neues Tablet",
            NOW_MS,
        )
        .unwrap();
    let head = relay.roster.head();
    let boxes = [recovery.seed_box.clone()];
    assert_eq!(
        relay.append(head, std::slice::from_ref(&recovery.link), &boxes),
        Answer::Taken
    );
    let space = store.recovered(COUNCIL, &recovery, &relay.links).unwrap();
    let mut back = Tablet::over(store, space);
    back.sync(&mut relay);
    assert_eq!(back.body_of(old).as_deref(), Some("aus dem letzten Jahr"));
    let lost = back
        .space
        .roster()
        .present_devices()
        .next()
        .unwrap()
        .record
        .claim
        .device;
    let lost = if lost == back.device() {
        relay.envelopes[0].header().unwrap().device
    } else {
        lost
    };
    back.space.intend(&Intent::RemoveDevice(lost)).unwrap();
    back.sync(&mut relay);
    assert!(back.lost.is_empty() && !relay.roster.is_rotation_due());
}
