//! F33: a space that has ended is deleted after ninety days, whole, and nothing else is.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use sync_protocol::faction::link::Change;
use sync_protocol::faction::wire::{self, Append, Known};

use super::{assert_ok, assert_refused, tablet};
use crate::support::TestCouncil;
use crate::support::member::Member;

const TABLES: [&str; 9] = [
    "space",
    "link",
    "held",
    "access",
    "box",
    "author",
    "envelope",
    "snapshot",
    "invitation",
];

/// Rows of all tables of spaces.
fn rows(council: &TestCouncil) -> Vec<(&'static str, i64)> {
    let tables = council.tables();
    let count = |table| {
        let sql = format!("SELECT count(*) FROM faction_{table}");
        (table, tables.query_row(&sql, [], |row| row.get(0)).unwrap())
    };
    TABLES.into_iter().map(count).collect()
}

fn ends(member: &Member) {
    let (links, _) = member.links(vec![Change::Dissolve]);
    let append = Append {
        after: member.roster.head().hash,
        links,
        boxes: vec![],
    };
    assert_ok(&member.appends(&append));
    assert_ok(&member.appends(&append));
}

#[test]
fn f33_an_ended_space_is_fetched_for_ninety_days_and_then_gone_and_no_other_is() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut stays = Member::founds(tablet(&council, &handle, "ada"));
    stays.says("bleibt");
    let of_one = rows(&council);
    let mut chair = Member::founds(tablet(&council, &handle, "bruno"));
    let mut second = chair.lets_in(tablet(&council, &handle, "ada"));
    chair.says("ein Wort");
    second.fetch();
    assert_ok(&second.keeps(&second.snapshot()));
    ends(&chair);
    let whole = rows(&council);
    let news = wire::path_news(&second.space(), Known::default(), 0);

    for days in [0, 45, 45] {
        council.pass_days(days);
        assert_eq!(council.server.forget_ended_spaces().unwrap(), 0);
        second.tablet.now_at_ms = council.clock.now_at_ms();
        assert_ok(&second.tablet.get(&news));
    }
    assert_eq!(rows(&council), whole, "nothing of it goes before");
    council.clock.set(council.clock.now_at_ms() + 1);
    assert_eq!(council.server.forget_ended_spaces().unwrap(), 1);
    assert_eq!(
        rows(&council),
        of_one,
        "nothing of it stays, nothing else goes"
    );
    let answer = second.tablet.get(&news);
    let mut unknown = second.space().as_bytes().to_owned();
    unknown[0] ^= 1;
    let never = sync_protocol::ids::FactionId::from_bytes(unknown);
    let never = second
        .tablet
        .get(&wire::path_news(&never, Known::default(), 0));
    assert_eq!(
        (answer.status, answer.body),
        (never.status, never.body),
        "as one that never was"
    );
    let audit = council.server.audit().unwrap();
    let last = audit.last().unwrap();
    assert_eq!(
        (last.action.as_str(), last.device, last.count),
        ("ended_spaces_deleted", None, Some(1))
    );
    assert!(council.server.verify_audit(None).is_ok());

    council.pass_days(3650);
    assert_eq!(council.server.forget_ended_spaces().unwrap(), 0);
    for device in council.server.devices().unwrap() {
        council.server.revoke(&device.id).unwrap();
    }
    assert_eq!(council.server.forget_ended_spaces().unwrap(), 0);
    let kept = |table: &str| {
        let all = rows(&council);
        all.iter().find(|row| row.0 == table).unwrap().1
    };
    assert_eq!(
        (kept("space"), kept("envelope")),
        (1, 1),
        "one that nobody ended stays, whatever becomes of its devices"
    );
}

#[test]
fn f33_nobody_but_an_admin_ends_a_space() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let second = chair.lets_in(tablet(&council, &handle, "bruno"));
    // Her own code would not make such a link: it is the chair's, signed by her.
    let link = sync_protocol::faction::link::Link {
        faction: Some(second.space()),
        seq: second.roster.head().seq + 1,
        prev: second.roster.head().hash,
        author: second.keys.device,
        at_ms: council.clock.now_at_ms(),
        change: Change::Dissolve,
    };
    let append = Append {
        after: second.roster.head().hash,
        links: vec![link.sign(&second.keys.sign).unwrap()],
        boxes: vec![],
    };
    let answer = second.appends(&append);
    assert_ne!(answer.status, StatusCode::OK);
    council.pass_days(1000);
    assert_eq!(council.server.forget_ended_spaces().unwrap(), 0);
}

#[test]
fn f33_a_space_that_ended_before_this_was_noted_is_found_and_the_serving_server_deletes_by_itself()
{
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let chair = Member::founds(tablet(&council, &handle, "ada"));
    ends(&chair);
    handle.shutdown();
    let sql = "UPDATE faction_space SET ended_at_ms = NULL";
    council.tables().execute_batch(sql).unwrap();
    council.pass_days(1000);
    assert_eq!(
        council.server.forget_ended_spaces().unwrap(),
        0,
        "its time begins when it is first known"
    );
    council.pass_days(91);
    let _handle = council.serve();
    let begun = Instant::now();
    while rows(&council)[0].1 > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it stays");
        std::thread::yield_now();
    }
}

#[test]
fn f33_founding_again_what_was_deleted_begins_anew() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let tablet = tablet(&council, &handle, "ada");
    let (mut chair, founding) = Member::founding(tablet);
    let body = sync_protocol::cbor::to_cbor(&founding);
    assert_ok(&chair.tells(wire::PATH_SPACES, body.clone()));
    ends(&chair);
    council.pass_days(91);
    assert_eq!(council.server.forget_ended_spaces().unwrap(), 1);
    chair.tablet.now_at_ms = council.clock.now_at_ms();
    let envelope = chair.envelope("spät").0;
    assert_refused(
        &chair.posts(&envelope),
        StatusCode::FORBIDDEN,
        "faction_not_member",
    );
    assert_ok(&chair.tells(wire::PATH_SPACES, body));
    assert_eq!(
        rows(&council)[0].1,
        1,
        "it has its genesis and nothing else"
    );
}
