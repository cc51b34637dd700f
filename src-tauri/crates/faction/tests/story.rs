//! A faction at work: share, write without network, merge, remove.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::*;
use faction::*;
use sync_protocol::faction::link::Role;

#[test]
fn two_who_write_the_same_position_without_network_both_find_their_words() {
    let (mut chair, mut relay) = Tablet::found();
    let mut staff = chair.brings_in(Some(Role::Staff), &mut relay);
    let text = |part, text: &str| Edit::Text(part, text.to_owned());
    chair.recommends(&[text(
        TextPart::Recommendation,
        "Zustimmung zum Radweg in Rödigen.",
    )]);
    chair.sync(&mut relay);
    staff.sync(&mut relay);
    // Both offline.
    chair.recommends(&[text(
        TextPart::Recommendation,
        "Klare Zustimmung zum Radweg in Rödigen.",
    )]);
    staff.recommends(&[
        text(
            TextPart::Recommendation,
            "Zustimmung zum Radweg in Rödigen, mit Beleuchtung.",
        ),
        Edit::Value(ValueField::Status, "agreed".into()),
        Edit::Speaker(staff.space.user(), true),
    ]);
    for _ in 0..2 {
        chair.sync(&mut relay);
        staff.sync(&mut relay);
    }
    let merged = chair.position();
    assert_eq!(
        merged.texts[&TextPart::Recommendation],
        "Klare Zustimmung zum Radweg in Rödigen, mit Beleuchtung."
    );
    assert_eq!(merged.values[&ValueField::Status], "agreed");
    assert_eq!(merged.speakers, [staff.space.user()]);
    assert_eq!(merged, staff.position());
    assert_eq!(chair.digest(), staff.digest());
}

#[test]
fn what_came_in_while_somebody_typed_is_not_taken_back() {
    let (mut chair, mut relay) = Tablet::found();
    let mut staff = chair.brings_in(Some(Role::Staff), &mut relay);
    let before = "Zustimmung zum Radweg.".to_owned();
    chair.recommends(&[Edit::Text(TextPart::Recommendation, before.clone())]);
    chair.sync(&mut relay);
    staff.sync(&mut relay);
    staff.recommends(&[Edit::Text(
        TextPart::Recommendation,
        "Zustimmung zum Radweg, mit Beleuchtung.".into(),
    )]);
    staff.sync(&mut relay);
    // It is here already, but she who types has not seen it yet.
    chair.sync(&mut relay);
    chair.recommends(&[Edit::Since(
        TextPart::Recommendation,
        before,
        "Klare Zustimmung zum Radweg.".into(),
    )]);
    assert_eq!(
        chair.position().texts[&TextPart::Recommendation],
        "Klare Zustimmung zum Radweg, mit Beleuchtung."
    );
}

#[test]
fn both_may_begin_the_same_position_without_network() {
    let (mut chair, mut relay) = Tablet::found();
    let mut staff = chair.brings_in(Some(Role::Staff), &mut relay);
    chair.recommends(&[Edit::Text(TextPart::Recommendation, "Zustimmung".into())]);
    staff.recommends(&[Edit::Text(TextPart::Arguments, "Schulweg".into())]);
    for _ in 0..2 {
        chair.sync(&mut relay);
        staff.sync(&mut relay);
    }
    assert_eq!(chair.space.documents().unwrap().len(), 1);
    assert_eq!(chair.position().texts.len(), 2);
    assert_eq!(chair.position(), staff.position());
}

#[test]
fn newcomers_read_the_old_and_those_who_went_nothing_new() {
    let (mut chair, mut relay) = Tablet::found();
    let mut leaver = chair.brings_in(Some(Role::Member), &mut relay);
    let old = chair.writes("Vorbesprechung am Montag");
    chair.sync(&mut relay);
    leaver.sync(&mut relay);
    assert_eq!(
        leaver.body_of(old).as_deref(),
        Some("Vorbesprechung am Montag")
    );
    chair
        .space
        .intend(&Intent::RemoveUser(leaver.space.user()))
        .unwrap();
    chair.sync(&mut relay);
    let new = chair.writes("Ohne ihn");
    chair.sync(&mut relay);
    let mut newcomer = chair.brings_in(Some(Role::Member), &mut relay);
    assert_eq!(
        newcomer.body_of(old).as_deref(),
        Some("Vorbesprechung am Montag")
    );
    assert_eq!(newcomer.body_of(new).as_deref(), Some("Ohne ihn"));
    assert_eq!(newcomer.digest(), chair.digest());
    // Even with everything the server has.
    let taken = leaver.fetch(&relay);
    assert!(leaver.space.is_removed() && taken.is_waiting);
    assert_eq!(leaver.body_of(new), None);
    assert_eq!(
        leaver.body_of(old).as_deref(),
        Some("Vorbesprechung am Montag"),
        "what was read stays"
    );
    let refused = leaver
        .space
        .begin_message(None, None, &[], "x", &Readers::Everybody, NOW_MS);
    assert!(matches!(refused, Err(FactionError::Removed)));
    newcomer.writes("Antwort");
    newcomer.sync(&mut relay);
    chair.sync(&mut relay);
    assert_eq!(newcomer.digest(), chair.digest());
}

#[test]
fn what_was_written_offline_is_sealed_with_the_newest_seed() {
    let (mut chair, mut relay) = Tablet::found();
    let leaver = chair.brings_in(Some(Role::Member), &mut relay);
    let mut member = chair.brings_in(Some(Role::Member), &mut relay);
    let item = member.writes("offline, vor dem Ausschluss");
    assert_eq!(
        member.body_of(item).as_deref(),
        Some("offline, vor dem Ausschluss")
    );
    chair
        .space
        .intend(&Intent::RemoveUser(leaver.space.user()))
        .unwrap();
    chair.sync(&mut relay);
    member.sync(&mut relay);
    assert_eq!(relay.envelopes.len(), 1);
    assert_eq!(
        relay.envelopes[0].header().unwrap().epoch,
        chair.space.roster().epoch()
    );
    chair.sync(&mut relay);
    assert_eq!(
        chair.body_of(item).as_deref(),
        Some("offline, vor dem Ausschluss")
    );
}

#[test]
fn whoever_leaves_makes_somebody_else_rotate() {
    let (mut chair, mut relay) = Tablet::found();
    let mut leaver = chair.brings_in(Some(Role::Member), &mut relay);
    let mut member = chair.brings_in(Some(Role::Member), &mut relay);
    leaver.writes("Auf Wiedersehen");
    leaver.sync(&mut relay);
    leaver.space.intend(&Intent::Leave).unwrap();
    leaver.sync(&mut relay);
    assert!(leaver.space.is_removed() && relay.roster.is_rotation_due());
    let item = member.writes("Sie ist weg");
    member.sync(&mut relay);
    assert!(
        !relay.roster.is_rotation_due(),
        "any remaining device rotates"
    );
    chair.sync(&mut relay);
    assert_eq!(chair.body_of(item).as_deref(), Some("Sie ist weg"));
    leaver.fetch(&relay);
    assert_eq!(leaver.body_of(item), None);
}

#[test]
fn two_admins_at_once_end_in_one_roster() {
    let (mut chair, mut relay) = Tablet::found();
    let mut deputy = chair.brings_in(Some(Role::Admin), &mut relay);
    let one = chair.brings_in(Some(Role::Member), &mut relay);
    let other = chair.brings_in(Some(Role::Member), &mut relay);
    deputy.sync(&mut relay);
    for out in [&one, &other] {
        chair
            .space
            .intend(&Intent::RemoveUser(out.space.user()))
            .unwrap();
    }
    deputy
        .space
        .intend(&Intent::RemoveUser(one.space.user()))
        .unwrap();
    // Both have made their links for the same head.
    let (upload, _) = deputy.space.next_roster_upload(NOW_MS).unwrap();
    let upload = upload.unwrap();
    chair.sync(&mut relay);
    assert_eq!(
        relay.append(upload.after, &upload.links, &upload.boxes),
        Answer::Conflict
    );
    deputy.sync(&mut relay);
    assert_eq!(
        deputy.lost.len(),
        1,
        "who was out already cannot go again: {:?}",
        deputy.lost
    );
    assert!(deputy.space.intents().unwrap().is_empty());
    chair.sync(&mut relay);
    assert_eq!(chair.digest(), deputy.digest());
    assert_eq!(chair.space.roster().present_users().count(), 2);
}

#[test]
fn a_lost_answer_loses_and_doubles_nothing() {
    let (mut chair, mut relay) = Tablet::found();
    let mut staff = chair.brings_in(Some(Role::Staff), &mut relay);
    relay.lost_answers = 3;
    let item = chair.writes("kommt genau einmal an");
    chair.sync(&mut relay);
    assert_eq!(relay.envelopes.len(), 1);
    assert_eq!(chair.space.waiting_count().unwrap(), 0);
    relay.lost_answers = 1;
    chair.space.intend(&Intent::Rotate).unwrap();
    chair.sync(&mut relay);
    chair.writes("und noch eins");
    chair.sync(&mut relay);
    staff.sync(&mut relay);
    assert_eq!(
        staff.body_of(item).as_deref(),
        Some("kommt genau einmal an")
    );
    assert_eq!(staff.digest(), chair.digest());
}

#[test]
fn nonpublic_shares_are_closed_without_the_class_key() {
    let (mut chair, mut relay) = Tablet::found();
    let mut staff = chair.brings_in(Some(Role::Staff), &mut relay);
    chair.shares("Kaufpreis zu hoch", committee());
    let open = chair.shares("öffentlich", Readers::Everybody);
    let begun = chair
        .space
        .begin_message(Some(ITEM_5), None, &[], "Geheimes", &committee(), NOW_MS)
        .unwrap();
    chair.sync(&mut relay);
    staff.sync(&mut relay);
    let shown = staff.space.shares(&no_keys).unwrap();
    assert_eq!(shown.len(), 2);
    assert!(
        shown
            .iter()
            .any(|one| matches!(one, Shown::Closed(closed) if closed.audience == AUDIENCE))
    );
    assert!(
        shown
            .iter()
            .any(|one| matches!(one, Shown::Open(said) if said.item == open))
    );
    assert!(matches!(
        staff.space.document(begun, &no_keys),
        Err(FactionError::NoSuchItem)
    ));
    let sworn = staff.space.shares(&committee_keys).unwrap();
    assert!(sworn.iter().all(|one| matches!(one, Shown::Open(_))));
    let document = staff.space.document(begun, &committee_keys).unwrap();
    assert_eq!(document.texts[&TextPart::Body], "Geheimes");
    // Reading it with the key keeps nothing that could be read without.
    assert!(matches!(
        staff.space.document(begun, &no_keys),
        Err(FactionError::NoSuchItem)
    ));
}

#[test]
fn only_its_author_withdraws_a_share_and_edits_a_message() {
    let (mut chair, mut relay) = Tablet::found();
    let mut second = chair.brings_in(None, &mut relay);
    let mut member = chair.brings_in(Some(Role::Member), &mut relay);
    let share = chair.shares("ein Vermerk", Readers::Everybody);
    let message = chair.writes("Tippfeler");
    chair.sync(&mut relay);
    second.sync(&mut relay);
    member.sync(&mut relay);
    assert!(matches!(
        member.space.withdraw(share, NOW_MS),
        Err(FactionError::NotYours)
    ));
    let fix = [Edit::Text(TextPart::Body, "Tippfehler".into())];
    let foreign = member
        .space
        .edit(message, &fix, &Readers::Everybody, &no_keys, NOW_MS);
    assert!(matches!(foreign, Err(FactionError::NotYours)));
    // From one's own second device.
    second.space.withdraw(share, NOW_MS).unwrap();
    second
        .space
        .edit(message, &fix, &Readers::Everybody, &no_keys, NOW_MS)
        .unwrap();
    member.space.show_read(message, true, NOW_MS).unwrap();
    member.sync(&mut relay);
    for tablet in [&mut second, &mut chair, &mut member] {
        tablet.sync(&mut relay);
        assert!(tablet.space.shares(&no_keys).unwrap().is_empty());
        assert_eq!(tablet.body_of(message).as_deref(), Some("Tippfehler"));
    }
    assert_eq!(chair.space.readers(message).unwrap(), [member.space.user()]);
    member.space.show_read(message, false, NOW_MS + 1).unwrap();
    assert!(member.space.readers(message).unwrap().is_empty());
    let question = chair
        .space
        .begin_message(
            None,
            Some(message),
            &[member.space.user()],
            "Kommst du?",
            &Readers::Everybody,
            NOW_MS,
        )
        .unwrap();
    chair.sync(&mut relay);
    member.sync(&mut relay);
    assert_eq!(member.space.mentions(&no_keys).unwrap(), [question]);
    assert!(chair.space.mentions(&no_keys).unwrap().is_empty());
}

#[test]
fn what_counts_nowhere_is_forgotten_by_who_was_shown_it() {
    let (mut chair, mut relay) = Tablet::found();
    let mut leaver = chair.brings_in(Some(Role::Member), &mut relay);
    let mut member = chair.brings_in(Some(Role::Member), &mut relay);
    let first = leaver.writes("das zählt noch");
    leaver.sync(&mut relay);
    chair.sync(&mut relay);
    // A lying server shows her last words to the member alone.
    let behind = relay.clone();
    let last = leaver.writes("das hat der Vorsitz nie gesehen");
    leaver.recommends(&[Edit::Text(TextPart::Arguments, "auch nicht".into())]);
    leaver.sync(&mut relay);
    member.fetch(&relay);
    assert!(member.body_of(last).is_some());
    let mut relay = behind;
    let out = Intent::RemoveUser(leaver.space.user());
    chair.space.intend(&out).unwrap();
    chair.sync(&mut relay);
    member.space.take_links(&relay.links).unwrap();
    assert_eq!(member.body_of(last), None, "beyond the cut");
    assert!(member.body_of(first).is_some());
    // Its order begins again where it was, so places are used twice: nothing gets lost of what comes there.
    for n in 0..3 {
        chair.writes(&format!("danach {n}"));
        chair.sync(&mut relay);
    }
    member.sync(&mut relay);
    chair.sync(&mut relay);
    assert_eq!(member.digest(), chair.digest());
}
