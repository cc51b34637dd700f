//! Snapshots: the one that reaches furthest is kept, and a newcomer begins with it.

use reqwest::{Method, StatusCode};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::snapshot::Covered;
use sync_protocol::faction::wire::{self, News, PlacedSnapshot};
use sync_protocol::ids::{FactionDeviceId, Hash};

use super::{assert_ok, assert_refused, tablet};
use crate::support::TestCouncil;
use crate::support::member::Member;

#[test]
fn a_newcomer_begins_with_the_snapshot_that_reaches_furthest() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let path = wire::path_snapshot(&chair.space());
    assert_refused(&chair.tablet.get(&path), StatusCode::NOT_FOUND, "not_found");
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    for text in ["Eins", "Zwei", "Drei"] {
        chair.says(text);
    }
    second.fetch();
    let early = second.snapshot();
    second.says("Vier");
    chair.fetch();
    let late = chair.snapshot();
    assert_ok(&second.keeps(&early));
    assert_ok(&second.keeps(&early));
    assert_ok(&chair.keeps(&late));
    assert_refused(
        &second.keeps(&early),
        StatusCode::CONFLICT,
        "faction_conflict",
    );
    let kept: PlacedSnapshot = second.tablet.get(&path).decode();
    assert_eq!(kept, late);

    let newcomer = chair.lets_in(tablet(&council, &handle, "mara"));
    let kept: PlacedSnapshot = newcomer.tablet.get(&path).decode();
    let verified = kept
        .snapshot
        .verify(&newcomer.roster, |_| AuthorPosition::START)
        .unwrap();
    let opened = verified.open(&newcomer.seeds[&verified.epoch]).unwrap();
    assert_eq!(opened.items.len(), 4);
    let mut known = newcomer.known();
    known.envelopes = kept.upto;
    chair.fetch();
    chair.says("Fünf");
    let news: News = newcomer
        .tablet
        .get(&wire::path_news(&newcomer.space(), known, 0))
        .decode();
    assert_eq!(
        (news.envelopes.len(), news.upto, news.snapshot_upto),
        (1, 5, 4)
    );
}

#[test]
fn a_snapshot_that_says_what_never_was_is_refused_and_the_old_one_stays() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    chair.fetch();
    chair.says("Eins");
    second.fetch();
    let good = second.snapshot();
    assert_ok(&second.keeps(&good));
    second.says("Zwei");
    second.says("Drei");
    second.fetch();
    let (own, position) = (second.keys.device, second.seen_of(second.keys.device));
    let covering = |edit: &dyn Fn(&mut Vec<Covered>)| {
        let mut list: Vec<Covered> = second
            .seen
            .iter()
            .map(|(device, position)| Covered {
                device: *device,
                position: *position,
            })
            .collect();
        edit(&mut list);
        PlacedSnapshot {
            upto: second.place,
            snapshot: second.snapshot_of(list),
        }
    };
    let set = |counter: u64, hash: Hash| {
        covering(&move |list: &mut Vec<Covered>| {
            for one in list.iter_mut().filter(|one| one.device == own) {
                one.position = AuthorPosition {
                    counter,
                    hash,
                    ..position
                };
            }
        })
    };
    let hostile = [
        (
            "a place beyond the last",
            PlacedSnapshot {
                upto: 4,
                snapshot: second.snapshot().snapshot,
            },
        ),
        ("beyond what was ordered of her", set(3, position.hash)),
        ("another history", set(2, Hash::of(b"anders"))),
        ("less than what its place says", set(1, position.hash)),
        ("nobody at all", covering(&|list| list.clear())),
        (
            "a device that never was",
            covering(&|list| {
                list.push(Covered {
                    device: FactionDeviceId::from_bytes([0xff; 16]),
                    position,
                });
            }),
        ),
    ];
    for (what, placed) in &hostile {
        let answer = second.keeps(placed);
        assert_eq!(
            answer.error_code().as_deref(),
            Some("faction_refused"),
            "{what}"
        );
    }
    let path = wire::path_snapshot(&chair.space());
    let kept: PlacedSnapshot = chair.tablet.get(&path).decode();
    assert_eq!(kept, good, "nothing of it was kept");
    assert_ok(&second.keeps(&second.snapshot()));
}

#[test]
fn a_snapshot_of_a_megabyte_goes_and_comes() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    chair.says("Eins");
    chair.fetch();
    chair.heard = vec!["x".repeat(1_500_000)];
    let placed = chair.snapshot();
    assert_ok(&chair.keeps(&placed));
    let path = wire::path_snapshot(&chair.space());
    let kept: PlacedSnapshot = chair.tablet.get(&path).decode();
    assert_eq!(kept, placed);
    let stranger = tablet(&council, &handle, "bruno");
    let body = to_cbor(&placed);
    let answer = stranger.request(Method::POST, &path, body, None);
    assert_refused(&answer, StatusCode::PAYLOAD_TOO_LARGE, "bad_request");
}
