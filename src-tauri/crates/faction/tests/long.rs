//! What several have written in for long: it is kept merged, so that an edit costs what is new alone, and a snapshot is made of it
//! little by little. Neither ever says something else than the edits do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::sync::Arc;

use common::*;
use faction::*;
use rusqlite::Connection;
use sync_protocol::faction::link::Role;

/// Two edit the same position, taking turns, and fetch each other's words.
fn long_history(one: &mut Tablet, other: &mut Tablet, relay: &mut Relay) {
    for at in 0..14 {
        for (tablet, name) in [(&mut *one, "eine"), (&mut *other, "andere")] {
            let text = format!("Grund {at}: das sagt die {name} Seite.");
            tablet.recommends(&[Edit::Text(TextPart::Arguments, text)]);
            tablet.sync(relay);
        }
    }
    one.sync(relay);
}

#[test]
fn an_edit_of_a_long_document_merges_what_is_new_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faction.db");
    let (mut chair, mut relay) = founded_at(&path);
    let mut other = chair.brings_in(Some(Role::Member), &mut relay);
    long_history(&mut chair, &mut other, &mut relay);
    while chair.space.read_ahead(10).unwrap() {}
    assert_eq!(count(&path, "document"), 1, "kept merged");
    let before = chair.position().texts;

    // Without the edits that are in it, it reads the same, also with one on top; so they were not merged again.
    let plain = Connection::open(&path).unwrap();
    let sql = "DELETE FROM item WHERE kind = 4 AND id <= (SELECT upto FROM document)";
    assert!(plain.execute(sql, []).unwrap() >= 16);
    let faction = chair.space.faction();
    let Tablet { store, space, .. } = chair;
    drop(space);
    let mut chair = Tablet::over(Arc::clone(&store), store.space(faction).unwrap());
    chair.recommends(&[Edit::Text(
        TextPart::Recommendation,
        "Zustimmung".to_owned(),
    )]);
    let after = chair.position().texts;
    assert_eq!(after[&TextPart::Arguments], before[&TextPart::Arguments]);
    assert_eq!(after[&TextPart::Recommendation], "Zustimmung");
    chair.sync(&mut relay);
    other.sync(&mut relay);
    assert_eq!(other.position().texts, after, "others have all of it");
}

#[test]
fn what_was_kept_wrongly_is_merged_from_the_edits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faction.db");
    let (mut chair, mut relay) = founded_at(&path);
    let mut other = chair.brings_in(Some(Role::Member), &mut relay);
    long_history(&mut chair, &mut other, &mut relay);
    while chair.space.read_ahead(10).unwrap() {}
    let plain = Connection::open(&path).unwrap();
    let changed = plain.execute("UPDATE document SET merged = x'00'", []);
    assert_eq!(changed.unwrap(), 1);
    chair.recommends(&[Edit::Text(
        TextPart::Recommendation,
        "Zustimmung".to_owned(),
    )]);
    chair.sync(&mut relay);
    other.sync(&mut relay);
    assert_eq!(chair.position().texts.len(), 2);
    assert_eq!(chair.digest(), other.digest());
}

#[test]
fn a_cut_takes_its_edits_out_of_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faction.db");
    let (mut chair, mut relay) = founded_at(&path);
    let mut leaver = chair.brings_in(Some(Role::Member), &mut relay);
    let mut remover = chair.brings_in(Some(Role::Admin), &mut relay);
    long_history(&mut chair, &mut leaver, &mut relay);
    remover.sync(&mut relay);
    // A lying server shows her last edits to the chair alone.
    let mut behind = relay.clone();
    for at in 0..20 {
        let text = format!("Das hat niemand sonst gesehen, {at}");
        leaver.recommends(&[Edit::Text(TextPart::Recommendation, text)]);
        leaver.sync(&mut relay);
    }
    chair.fetch(&relay);
    while chair.space.read_ahead(10).unwrap() {}
    assert_eq!(count(&path, "document"), 1, "they are kept merged");
    assert_eq!(chair.position().texts.len(), 2);
    let out = Intent::RemoveUser(leaver.space.user());
    remover.space.intend(&out).unwrap();
    remover.sync(&mut behind);
    chair.space.take_links(&behind.links).unwrap();
    assert_eq!(chair.position().texts.len(), 1, "beyond the cut");
    chair.sync(&mut behind);
    remover.sync(&mut behind);
    assert_eq!(chair.digest(), remover.digest());
}

#[test]
fn another_beginning_is_merged_from_all_edits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faction.db");
    let (mut chair, mut relay) = founded_at(&path);
    let mut other = chair.brings_in(Some(Role::Member), &mut relay);
    // Both begin the same position without knowing of each other; one of them is known for long before the other comes.
    other.recommends(&[Edit::Text(TextPart::Recommendation, "Ablehnung".to_owned())]);
    for at in 0..30 {
        chair.recommends(&[Edit::Text(TextPart::Arguments, format!("Grund {at}"))]);
        chair.sync(&mut relay);
    }
    while chair.space.read_ahead(10).unwrap() {}
    assert_eq!(count(&path, "document"), 1);
    other.sync(&mut relay);
    chair.sync(&mut relay);
    assert_eq!(chair.position().texts.len(), 2);
    assert_eq!(chair.digest(), other.digest());
}

#[test]
fn what_comes_while_a_snapshot_is_made_is_not_in_it() {
    let (mut chair, mut relay) = Tablet::found();
    let mut other = chair.brings_in(Some(Role::Member), &mut relay);
    long_history(&mut chair, &mut other, &mut relay);
    let mut draft = chair.space.begin_snapshot().unwrap();
    let (then, upto) = (chair.position(), chair.space.fetched().unwrap());
    let later = chair.writes("später");
    chair.recommends(&[Edit::Text(TextPart::Arguments, "später".to_owned())]);
    chair.sync(&mut relay);
    chair.sync(&mut relay);
    while draft.gather(&chair.space).unwrap() == Gathered::More {}
    assert_eq!(draft.upto(), upto);
    let snapshot = draft.make().unwrap();

    let mut newcomer = chair.lets_in(Some(Role::Member), &mut relay);
    newcomer.space.take_boxes(&relay.boxes).unwrap();
    newcomer.space.begin_from(snapshot, upto).unwrap();
    assert!(newcomer.position() == then, "as it was then");
    assert_eq!(newcomer.body_of(later), None);
    newcomer.sync(&mut relay);
    assert!(newcomer.body_of(later).is_some());
    assert!(newcomer.position() != then);
    assert_eq!(newcomer.digest(), chair.digest());

    // Whoever goes meanwhile may take things back.
    let mut draft = chair.space.begin_snapshot().unwrap();
    let out = Intent::RemoveUser(other.space.user());
    chair.space.intend(&out).unwrap();
    chair.sync(&mut relay);
    assert_eq!(draft.gather(&chair.space).unwrap(), Gathered::Outdated);
    assert!(chair.space.snapshot().is_ok(), "another one is made");
}

#[test]
fn devices_make_snapshots_one_after_the_other() {
    let (mut chair, mut relay) = Tablet::found();
    let second = chair.brings_in(Some(Role::Member), &mut relay);
    let mut third = chair.brings_in(Some(Role::Member), &mut relay);
    let turns = [&chair, &second, &third].map(|one| one.space.tablets_before());
    assert_eq!(turns, [0, 1, 2]);
    let out = Intent::RemoveUser(second.space.user());
    chair.space.intend(&out).unwrap();
    chair.sync(&mut relay);
    third.sync(&mut relay);
    assert_eq!(
        third.space.tablets_before(),
        1,
        "whoever has gone is not waited for"
    );
}
