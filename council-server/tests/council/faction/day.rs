//! A day of a faction: founded, joined, talked in, left; and the news of it.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use sync_protocol::faction::envelope::{SignedEnvelope, make_envelope};
use sync_protocol::faction::link::Change;
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed::Epoch;
use sync_protocol::faction::wire::{self, Known, News};
use sync_protocol::ids::FactionId;

use super::{assert_ok, assert_refused, tablet};
use crate::support::TestCouncil;
use crate::support::member::Member;

#[test]
fn what_is_said_reaches_everybody_in_one_order() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    assert_eq!(chair.says("Wer kommt zur Sitzung?"), 1);
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    assert_eq!(second.says("Ich"), 2);
    assert_eq!(chair.says("Gut"), 3);
    let mut third = chair.lets_in(tablet(&council, &handle, "mara"));
    let expected = ["Wer kommt zur Sitzung?", "Ich", "Gut"];
    for member in [&mut chair, &mut second, &mut third] {
        member.fetch();
        assert_eq!(member.heard, expected);
        assert_eq!((member.place, member.roster.head().seq), (3, 3));
    }
    let nothing: News = third.news(0).decode();
    let is_empty =
        nothing.links.is_empty() && nothing.boxes.is_empty() && nothing.envelopes.is_empty();
    assert!(is_empty && !nothing.has_more, "everything is known");
}

#[test]
fn somebody_who_was_taken_out_gets_links_and_nothing_else() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut gone = chair.lets_in(tablet(&council, &handle, "bruno"));
    let mut stays = chair.lets_in(tablet(&council, &handle, "mara"));
    gone.fetch();
    gone.says("Auf Wiedersehen");
    let before = gone.known();
    chair.takes_out(&gone);
    chair.says("Unter uns");
    let news: News = gone.news(0).decode();
    assert_eq!(news.links.len(), 2, "he went, and a new epoch began");
    assert!(news.boxes.is_empty() && news.envelopes.is_empty());
    assert_eq!(news.snapshot_upto, 0);
    for link in &news.links {
        gone.roster.append(link).unwrap();
    }
    let rest = wire::path_news(&gone.space(), before, 0);
    let again: News = gone.tablet.get(&rest).decode();
    assert!(again.envelopes.is_empty(), "not by asking anew either");
    assert_refused(
        &gone.posts(&said_before_it_knew(&gone)),
        StatusCode::FORBIDDEN,
        "faction_not_member",
    );
    stays.fetch();
    assert_eq!(stays.heard, ["Auf Wiedersehen", "Unter uns"]);
    assert_eq!(stays.roster.epoch().0, 2);
    assert_eq!(stays.says("Ja"), 3);
}

/// What a device would say that does not know yet that it was taken out.
fn said_before_it_knew(gone: &Member) -> SignedEnvelope {
    let all = wire::path_news(&gone.space(), Known::default(), 0);
    let all: News = gone.tablet.get(&all).decode();
    let before = Roster::verify(&all.links[..3], Some(&gone.space())).unwrap();
    let (seed, keys) = (&gone.seeds[&Epoch::FIRST], &gone.keys);
    make_envelope(
        &before,
        seed,
        keys.device,
        &keys.sign,
        &gone.last,
        b"noch einmal",
    )
    .unwrap()
    .0
}

#[test]
fn a_waiting_device_is_woken_by_what_is_said() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut waiting = chair.lets_in(tablet(&council, &handle, "bruno"));
    chair.fetch();
    let begun = Instant::now();
    let news = std::thread::scope(|scope| {
        let answer = scope.spawn(|| waiting.news(wire::MAX_WAIT_S));
        until_waiting(&council, 1);
        chair.says("Aufwachen");
        answer.join().unwrap()
    });
    assert!(
        begun.elapsed() < Duration::from_secs(wire::MAX_WAIT_S - 5),
        "the answer came with what was said, not with the end of waiting"
    );
    let news: News = news.decode();
    assert!(!waiting.take(&news));
    assert_eq!(waiting.heard, ["Aufwachen"]);
    assert_eq!(council.server.waiting_count(), 0);
}

#[test]
fn whoever_is_revoked_while_she_waits_gets_nothing_of_what_comes() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let waiting = chair.lets_in(tablet(&council, &handle, "bruno"));
    let answer = std::thread::scope(|scope| {
        let answer = scope.spawn(|| waiting.news(wire::MAX_WAIT_S));
        until_waiting(&council, 1);
        council.server.revoke(&waiting.tablet.device).unwrap();
        chair.says("Unter uns");
        answer.join().unwrap()
    });
    assert_refused(&answer, StatusCode::GONE, "device_revoked");
}

#[test]
fn many_who_talk_at_once_get_one_order_without_gaps() {
    const EACH: usize = 25;
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let people = ["bruno", "mara", "staff"];
    let mut members: Vec<Member> = people
        .map(|person| chair.lets_in(tablet(&council, &handle, person)))
        .into();
    members.push(chair);
    for member in &mut members {
        member.fetch();
    }
    let mut places: Vec<u64> = std::thread::scope(|scope| {
        let talk = |member: &mut Member| -> Vec<u64> {
            (0..EACH)
                .map(|number| member.says(&format!("{:?} {number}", member.keys.device)))
                .collect()
        };
        let talking: Vec<_> = members
            .iter_mut()
            .map(|member| scope.spawn(move || talk(member)))
            .collect();
        let places = talking.into_iter().flat_map(|one| one.join().unwrap());
        places.collect()
    });
    places.sort_unstable();
    let all = (EACH * members.len()) as u64;
    assert_eq!(places, (1..=all).collect::<Vec<_>>());
    for member in &mut members {
        member.fetch();
    }
    let heard = &members[0].heard;
    assert_eq!(heard.len() as u64, all);
    assert!(members.iter().all(|member| member.heard == *heard));
}

#[test]
fn nobody_who_waits_keeps_a_server_that_stops() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let chair = Member::founds(tablet(&council, &handle, "ada"));
    let begun = Instant::now();
    let news = std::thread::scope(|scope| {
        let answer = scope.spawn(|| chair.news(wire::MAX_WAIT_S));
        until_waiting(&council, 1);
        handle.shutdown();
        answer.join().unwrap()
    });
    assert!(
        begun.elapsed() < Duration::from_secs(wire::MAX_WAIT_S - 5),
        "the answer came with the end of the server, not with the end of waiting"
    );
    let news: News = news.decode();
    assert!(news.envelopes.is_empty(), "an answer, with nothing in it");
}

/// Until so many requests wait at the server.
fn until_waiting(council: &TestCouncil, count: usize) {
    let begun = Instant::now();
    while council.server.waiting_count() < count {
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody waits");
        std::thread::yield_now();
    }
}

#[test]
fn a_restart_keeps_everything() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    chair.says("Vorher");
    handle.shutdown();
    let council = council.reopened();
    let handle = council.serve();
    chair.tablet.reconnect(&handle);
    chair.fetch();
    assert_eq!(chair.heard, ["Vorher"]);
    assert_eq!(chair.says("Nachher"), 2);
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    second.fetch();
    assert_eq!(second.heard, ["Vorher", "Nachher"]);
}

#[test]
fn long_news_come_in_parts() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let long = "x".repeat(150_000);
    for _ in 0..8 {
        chair.says(&long);
    }
    let first: News = chair.news(0).decode();
    assert!(first.has_more, "a megabyte is enough for one answer");
    assert!(first.envelopes.len() < 8 && first.upto == first.envelopes.len() as u64);
    chair.fetch();
    assert_eq!((chair.heard.len(), chair.place), (8, 8));
}

#[test]
fn a_device_is_found_by_its_id_as_long_as_it_is_held() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let second = chair.lets_in(tablet(&council, &handle, "bruno"));
    let stranger = tablet(&council, &handle, "mara");
    let spaces =
        |device| -> Vec<FactionId> { stranger.get(&wire::path_spaces_of(&device)).decode() };
    assert_eq!(spaces(chair.keys.device), [chair.space()]);
    assert_eq!(spaces(second.keys.device), [chair.space()]);
    chair.takes_out(&second);
    assert_eq!(spaces(second.keys.device), []);
    let unreadable = stranger.get("/v1/faction?device=xyz");
    assert_refused(&unreadable, StatusCode::BAD_REQUEST, "bad_request");
}

#[test]
fn a_space_that_has_ended_says_so_to_all_and_takes_nothing_more() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    let (late, _) = second.envelope("zu spät");
    let (links, _) = chair.links(vec![Change::Dissolve]);
    let end = wire::Append {
        after: chair.roster.head().hash,
        links,
        boxes: Vec::new(),
    };
    chair.carries_out(&end);
    assert_refused(
        &second.posts(&late),
        StatusCode::CONFLICT,
        "faction_conflict",
    );
    second.fetch();
    assert!(second.roster.is_dissolved());
    assert_ok(&second.news(0));
}
