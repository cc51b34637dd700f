//! Too long, too many, no room: refused by name, and nothing is stored.

use reqwest::StatusCode;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::join::{JoinKey, LetterCode, QR_LIFETIME_MS};
use sync_protocol::faction::wire::{self, JoinStep, OpenInvitation};
use sync_protocol::faction::{MAX_ENVELOPE_LEN, MAX_LINK_LEN};
use sync_protocol::ids::InvitationId;

use super::{assert_ok, assert_refused, tablet};
use crate::support::member::Member;
use crate::support::{START_AT_MS, TestCouncil};
use council_server::ServeOptions;

#[test]
fn bodies_that_are_too_long_are_not_read() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let chair = Member::founds(tablet(&council, &handle, "ada"));
    let (space, id) = (chair.space(), InvitationId::from_bytes([1; 16]));
    for (path, byte_len) in [
        (wire::PATH_SPACES.to_owned(), MAX_LINK_LEN + 8 * 1024 + 1),
        (wire::path_enter(&space), 8 * 1024 + 1),
        (wire::path_links(&space), 4 * 1024 * 1024 + 1),
        (wire::path_envelopes(&space), MAX_ENVELOPE_LEN + 1),
        (wire::path_invitations(&space), 8 * 1024 + 1),
        (
            wire::path_join_step(&id, JoinStep::Start),
            wire::MAX_STEP_LEN + 1,
        ),
    ] {
        let answer = chair.tells(&path, vec![0; byte_len]);
        assert_refused(&answer, StatusCode::PAYLOAD_TOO_LARGE, "bad_request");
        let answer = chair.tells(&path, vec![0; byte_len - 1]);
        assert_ne!(
            answer.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "one byte less is read: {path}"
        );
    }
}

#[test]
fn a_space_has_its_room_and_somebody_can_leave_a_full_one() {
    let council = TestCouncil::with_folder();
    let options = ServeOptions {
        faction_room: Some(40_000),
        ..ServeOptions::default()
    };
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let handle = council.server.serve_with(listen, options).unwrap();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    let text = "x".repeat(4_000);
    let mut said = 0;
    let full = loop {
        let (envelope, position) = second.envelope(&text);
        let answer = second.posts(&envelope);
        if answer.status != StatusCode::OK {
            break answer;
        }
        second.last = position;
        said += 1;
        assert!(said < 20, "it never gets full");
    };
    assert_refused(&full, StatusCode::INSUFFICIENT_STORAGE, "faction_no_room");
    assert!(said >= 5, "there was room before: {said}");
    second.fetch();
    assert_eq!(second.place, said, "what found no room has no place");
    second.heard = vec!["x".repeat(20_000)];
    assert_refused(
        &second.keeps(&second.snapshot()),
        StatusCode::INSUFFICIENT_STORAGE,
        "faction_no_room",
    );
    chair.takes_out(&second);
    assert_eq!(chair.roster.epoch().0, 2, "a full space still lets go");
}

/// What the tables hold of the only space, bytes, and what is counted of it.
fn stored_and_counted(council: &TestCouncil) -> (i64, i64) {
    let tables = council.tables();
    let number = |sql: &str| -> i64 { tables.query_row(sql, [], |row| row.get(0)).unwrap() };
    let stored = ["link", "box", "envelope", "snapshot"].map(|table| {
        number(&format!(
            "SELECT coalesce(sum(length(bytes)), 0) FROM faction_{table}"
        ))
    });
    let counted = number("SELECT byte_len FROM faction_space");
    (stored.iter().sum(), counted)
}

#[test]
fn what_a_space_takes_up_is_counted_and_what_goes_frees_room() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    for text in ["Eins", "Zwei"] {
        second.says(text);
        second.fetch();
        let placed = second.snapshot();
        assert_ok(&second.keeps(&placed));
        assert_ok(&second.keeps(&placed));
    }
    let (stored, counted) = stored_and_counted(&council);
    assert_eq!(stored, counted);
    assert!(counted > 5_000, "links, boxes, envelopes, a snapshot");
    chair.takes_out(&second);
    let (stored, counted) = stored_and_counted(&council);
    assert_eq!(stored, counted);
    let boxes: i64 = council
        .tables()
        .query_row(
            "SELECT count(*) FROM faction_box WHERE device = ?1",
            [second.keys.device.as_bytes()],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(boxes, 0, "no seed is kept for whoever has gone");
}

#[test]
fn a_device_founds_sixteen_spaces() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut own = tablet(&council, &handle, "ada");
    for _ in 0..16 {
        own = Member::founds(own).tablet;
    }
    let (member, founding) = Member::founding(own);
    let answer = member.tells(wire::PATH_SPACES, to_cbor(&founding));
    assert_refused(&answer, StatusCode::INSUFFICIENT_STORAGE, "faction_no_room");
    let other = tablet(&council, &handle, "bruno");
    Member::founds(other);
}

#[test]
fn sixty_four_invitations_are_open_at_one_time() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let opens = |chair: &Member, expires_at_ms| {
        let key = JoinKey::of_letter(&LetterCode::make().unwrap());
        let open = OpenInvitation {
            invitation: key.invitation_id(),
            expires_at_ms,
        };
        chair.tells(&wire::path_invitations(&chair.space()), to_cbor(&open))
    };
    for _ in 0..64 {
        assert_ok(&opens(&chair, START_AT_MS + QR_LIFETIME_MS));
    }
    let answer = opens(&chair, START_AT_MS + QR_LIFETIME_MS);
    assert_refused(&answer, StatusCode::INSUFFICIENT_STORAGE, "faction_no_room");
    let later = START_AT_MS + QR_LIFETIME_MS;
    council.clock.set(later);
    chair.tablet.now_at_ms = later;
    assert_ok(&opens(&chair, later + QR_LIFETIME_MS));
}

#[test]
fn whoever_says_too_much_at_once_is_asked_to_wait() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let chair = Member::founds(tablet(&council, &handle, "ada"));
    let path = wire::path_enter(&chair.space());
    let mut tries = 0;
    let refused = loop {
        let answer = chair.tells(&path, Vec::new());
        if answer.error_code().as_deref() != Some("bad_request") {
            break answer;
        }
        tries += 1;
        assert!(tries < 1_900, "nobody ever asked to wait");
    };
    assert_refused(&refused, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    assert!(tries >= 500, "much may be said at once: {tries}");
    assert_ok(&chair.news(0));
}
