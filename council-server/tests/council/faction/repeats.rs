//! Answers that got lost: the same request again is answered like the first time, and nothing happens twice. What was made for an
//! older state is a conflict.

use reqwest::StatusCode;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::FactionKeys;
use sync_protocol::faction::link::{Change, RemoveUser};
use sync_protocol::faction::wire::{self, News, Ordered};
use sync_protocol::ids::UserId;

use super::{assert_ok, assert_refused, tablet};
use crate::support::TestCouncil;
use crate::support::member::Member;

#[test]
fn the_same_founding_again_is_the_same_space() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let (mut chair, founding) = Member::founding(tablet(&council, &handle, "ada"));
    for _ in 0..3 {
        assert_ok(&chair.tells(wire::PATH_SPACES, to_cbor(&founding)));
    }
    assert_eq!(chair.says("Eins"), 1);
    assert_ok(&chair.tells(wire::PATH_SPACES, to_cbor(&founding)));
    chair.fetch();
    assert_eq!(chair.heard, ["Eins"], "nothing was begun anew");
}

#[test]
fn the_same_links_again_are_appended_once() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let (keys, user) = (FactionKeys::make().unwrap(), UserId::make().unwrap());
    let append = chair.admission(&keys, user, "Bruno Kahl");
    assert_ok(&chair.appends(&append));
    assert_ok(&chair.appends(&append));
    chair.fetch();
    assert_eq!(chair.roster.head().seq, 2);
    // Also when more has come since.
    let more = chair.admission(
        &FactionKeys::make().unwrap(),
        UserId::make().unwrap(),
        "Mara Dorn",
    );
    chair.carries_out(&more);
    assert_ok(&chair.appends(&append));
    let bruno = Member::enters(
        tablet(&council, &handle, "bruno"),
        keys,
        user,
        chair.space(),
    );
    assert_eq!(bruno.roster.head().seq, 3);
}

#[test]
fn whoever_leaves_hears_twice_that_she_has_left() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let leaving = chair.lets_in(tablet(&council, &handle, "bruno"));
    let leave = Change::Leave(RemoveUser {
        user: leaving.user,
        cuts: vec![leaving.last.cut(leaving.keys.device)],
    });
    let (links, _) = leaving.links(vec![leave]);
    let append = wire::Append {
        after: leaving.roster.head().hash,
        links,
        boxes: Vec::new(),
    };
    assert_ok(&leaving.appends(&append));
    assert_ok(&leaving.appends(&append));
    let mut other = append.clone();
    other.links = vec![append.links[0].clone(); 2];
    assert_refused(
        &leaving.appends(&other),
        StatusCode::FORBIDDEN,
        "faction_not_member",
    );
}

#[test]
fn the_same_envelope_again_keeps_its_place() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    chair.fetch();
    let (envelope, position) = chair.envelope("Eins");
    let first: Ordered = chair.posts(&envelope).decode();
    chair.last = position;
    assert_eq!(second.says("Zwei"), 2);
    let again: Ordered = chair.posts(&envelope).decode();
    assert_eq!((first.place, again), (1, first));
    assert_eq!(chair.says("Drei"), 3, "and no place was lost");
    // Also when the roster has gone on: what was ordered stays ordered.
    second.fetch();
    let (envelope, position) = second.envelope("Vier");
    let place: Ordered = second.posts(&envelope).decode();
    second.last = position;
    chair.lets_in(tablet(&council, &handle, "mara"));
    let again: Ordered = second.posts(&envelope).decode();
    assert_eq!(again, place);
}

#[test]
fn what_was_made_for_an_older_state_is_a_conflict() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    let conflict = (StatusCode::CONFLICT, "faction_conflict");
    let links = chair.admission(
        &FactionKeys::make().unwrap(),
        UserId::make().unwrap(),
        "Nina Beispiel",
    );
    let (envelope, _) = second.envelope("Bald");
    chair.lets_in(tablet(&council, &handle, "mara"));
    assert_refused(&chair.appends(&links), conflict.0, conflict.1);
    assert_refused(&second.posts(&envelope), conflict.0, conflict.1);
    // A cut that would take away what the server has ordered.
    chair.fetch();
    let (cut, _) = chair.removal(
        second.user,
        (second.keys.device, chair.seen_of(second.keys.device)),
    );
    second.fetch();
    second.says("Noch schnell");
    assert_refused(&chair.appends(&cut), conflict.0, conflict.1);
    chair.takes_out(&second);
    let news: News = chair.news(0).decode();
    assert!(news.links.is_empty(), "made anew it was taken");
    assert_eq!(chair.heard, ["Noch schnell"]);
}
