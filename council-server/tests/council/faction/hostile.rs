//! Devices that mean harm: what may not follow is refused by name, and nothing of it is stored.

use reqwest::{Method, StatusCode};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::FactionKeys;
use sync_protocol::faction::envelope::SignedEnvelope;
use sync_protocol::faction::link::{Change, Link, Role, SetRole, SignedLink};
use sync_protocol::faction::seed::Epoch;
use sync_protocol::faction::snapshot::SignedSnapshot;
use sync_protocol::faction::wire::{self, Append, Entry, Known, News, PlacedSnapshot};
use sync_protocol::ids::{FactionId, Hash, UserId};

use super::{assert_ok, assert_refused, tablet};
use crate::support::TestCouncil;
use crate::support::member::Member;
use crate::support::tablet::Answer;

/// Everything that the server gives of a space.
fn everything(member: &Member) -> (News, Option<Vec<u8>>) {
    let all = wire::path_news(&member.space(), Known::default(), 0);
    let snapshot = member.tablet.get(&wire::path_snapshot(&member.space()));
    (member.tablet.get(&all).decode(), snapshot.body)
}

#[track_caller]
fn assert_unfit(answer: &Answer, what: &str) {
    assert_eq!(
        (answer.status, answer.error_code().as_deref()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("faction_refused")),
        "{what}"
    );
}

fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes
}

#[test]
fn links_that_may_not_follow_are_refused() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let second = chair.lets_in(tablet(&council, &handle, "bruno"));
    let other = Member::founds(tablet(&council, &handle, "mara"));
    let before = everything(&chair);
    let (keys, user) = (FactionKeys::make().unwrap(), UserId::make().unwrap());
    let good = chair.admission(&keys, user, "Nina Beispiel");
    let (foreign, _) = other.links(vec![other.rotation().0]);
    let with = |links: Vec<SignedLink>| Append {
        links,
        ..good.clone()
    };
    let boxed = |edit: &dyn Fn(&mut Append)| {
        let mut append = good.clone();
        edit(&mut append);
        append
    };
    let not_her_right = SignedLink(promotion(&second));
    for (what, append) in [
        ("no links", with(Vec::new())),
        ("too many links", with(vec![good.links[0].clone(); 65])),
        ("the same link twice", with(vec![good.links[0].clone(); 2])),
        (
            "a wrong signature",
            with(vec![SignedLink(flipped(good.links[0].as_bytes()))]),
        ),
        ("rubbish", with(vec![SignedLink(b"rubbish".to_vec())])),
        ("a link of another space", with(foreign)),
        (
            "a link that its author may not make",
            with(vec![not_her_right]),
        ),
        (
            "a box for nobody",
            boxed(&|a| a.boxes[0].device = FactionKeys::make().unwrap().device),
        ),
        (
            "a box of another epoch",
            boxed(&|a| a.boxes[0].epoch = Epoch(2)),
        ),
        (
            "a box of an unknown head",
            boxed(&|a| a.boxes[0].head = Hash::ZERO),
        ),
        ("a long box", boxed(&|a| a.boxes[0].bytes = vec![0; 2049])),
        (
            "two boxes for one device",
            boxed(&|a| a.boxes.push(a.boxes[0].clone())),
        ),
    ] {
        assert_unfit(&chair.appends(&append), what);
    }
    let rubbish = chair.tells(&wire::path_links(&chair.space()), b"rubbish".to_vec());
    assert_refused(&rubbish, StatusCode::BAD_REQUEST, "bad_request");
    assert_eq!(everything(&chair), before, "nothing of it was stored");
    assert_ok(&chair.appends(&good));
}

/// A link by which a member makes herself an admin: well formed, signed, and not her right.
fn promotion(member: &Member) -> Vec<u8> {
    let link = Link {
        faction: Some(member.space()),
        seq: member.roster.head().seq + 1,
        prev: member.roster.head().hash,
        author: member.keys.device,
        at_ms: 0,
        change: Change::SetRole(SetRole {
            user: member.user,
            role: Role::Admin,
        }),
    };
    link.sign(&member.keys.sign).unwrap().0
}

#[test]
fn a_box_that_was_put_first_is_not_exchanged() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let (keys, user) = (FactionKeys::make().unwrap(), UserId::make().unwrap());
    let first = chair.admission(&keys, user, "Bruno Kahl");
    chair.carries_out(&first);
    let mut second = chair.admission(
        &FactionKeys::make().unwrap(),
        UserId::make().unwrap(),
        "Nina Beispiel",
    );
    let mut bad = first.boxes[0].clone();
    bad.bytes = flipped(&bad.bytes);
    second.boxes.push(bad);
    assert_ok(&chair.appends(&second));
    let bruno = Member::enters(
        tablet(&council, &handle, "bruno"),
        keys,
        user,
        chair.space(),
    );
    assert_eq!(bruno.seeds.len(), 1, "the box that opens is still there");
}

#[test]
fn envelopes_that_may_not_be_next_are_refused() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut second = chair.lets_in(tablet(&council, &handle, "bruno"));
    chair.fetch();
    let first = chair.envelope("Eins").0;
    chair.says("Zwei");
    let (good, position) = chair.envelope("Drei");
    second.fetch();
    let before = everything(&second);
    let ordered = std::mem::replace(&mut chair.last, position);
    let gap = chair.envelope("Vier").0;
    chair.last = ordered;
    for (what, envelope) in [
        (
            "a wrong signature",
            SignedEnvelope(flipped(good.as_bytes())),
        ),
        ("rubbish", SignedEnvelope(b"rubbish".to_vec())),
        ("nothing", SignedEnvelope(Vec::new())),
        ("a number that is taken", first),
        ("a gap", gap),
        ("somebody else's", second.envelope("x").0),
    ] {
        assert_unfit(&chair.posts(&envelope), what);
    }
    let other = Member::founds(tablet(&council, &handle, "mara"));
    let path = wire::path_envelopes(&chair.space());
    let foreign = other.envelope("x").0.as_bytes().to_vec();
    assert_unfit(&chair.tells(&path, foreign), "another space's");
    assert_eq!(everything(&second), before, "nothing of it was stored");
    assert_ok(&chair.posts(&good));
}

#[test]
fn nobody_carries_what_somebody_else_has_said() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let silent = chair.lets_in(tablet(&council, &handle, "bruno"));
    chair.fetch();
    // Both are at their beginning, so that nothing but its author is wrong with it.
    let (first, _) = chair.envelope("Eins");
    assert_unfit(&silent.posts(&first), "somebody else's");
    assert!(everything(&chair).0.envelopes.is_empty());
    assert_ok(&chair.posts(&first));
}

#[test]
fn foundings_and_entries_of_somebody_else_are_refused() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let (chair, founding) = Member::founding(tablet(&council, &handle, "ada"));
    let thief = tablet(&council, &handle, "bruno");
    let founds = |edit: &dyn Fn(&mut wire::Founding)| {
        let mut founding = founding.clone();
        edit(&mut founding);
        chair.tells(wire::PATH_SPACES, to_cbor(&founding))
    };
    let body = to_cbor(&founding);
    let stolen = thief.request(Method::POST, wire::PATH_SPACES, body, None);
    assert_unfit(&stolen, "another device's entry");
    assert_unfit(
        &founds(&|f| f.genesis = SignedLink(flipped(f.genesis.as_bytes()))),
        "a wrong signature",
    );
    assert_unfit(
        &founds(&|f| f.boxes[0].epoch = Epoch(9)),
        "a box of another epoch",
    );
    let strange = FactionKeys::make().unwrap();
    let foreign = Entry::make(&strange, chair.space(), chair.tablet.device).unwrap();
    assert_unfit(&founds(&|f| f.entry = foreign.clone()), "a strange entry");
    assert_refused(&chair.news(0), StatusCode::FORBIDDEN, "faction_not_member");
    assert_ok(&founds(&|_| ()));

    let path = wire::path_enter(&chair.space());
    let good = Entry::make(&chair.keys, chair.space(), thief.device).unwrap();
    let elsewhere = Member::founds(tablet(&council, &handle, "mara"));
    for entry in [
        founding.entry.clone(),
        Entry::make(&strange, chair.space(), thief.device).unwrap(),
        Entry::make(&elsewhere.keys, elsewhere.space(), thief.device).unwrap(),
        Entry {
            faction_device: strange.device,
            ..good.clone()
        },
    ] {
        let answer = thief.request(Method::POST, &path, to_cbor(&entry), None);
        assert_refused(&answer, StatusCode::FORBIDDEN, "faction_not_member");
    }
    let unknown = wire::path_enter(&FactionId::from_bytes([5; 32]));
    let answer = thief.request(Method::POST, &unknown, to_cbor(&good), None);
    assert_refused(&answer, StatusCode::FORBIDDEN, "faction_not_member");
}

#[test]
fn a_snapshot_with_a_wrong_signature_or_of_another_space_is_refused() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut chair = Member::founds(tablet(&council, &handle, "ada"));
    let mut other = Member::founds(tablet(&council, &handle, "mara"));
    for member in [&mut chair, &mut other] {
        member.says("Eins");
        member.fetch();
    }
    let good = chair.snapshot();
    let flip = flipped(&good.snapshot.to_bytes());
    let flip = SignedSnapshot::from_bytes(&flip).unwrap();
    let before = everything(&chair);
    for (what, snapshot) in [
        ("a wrong signature", flip),
        ("another space's", other.snapshot().snapshot),
    ] {
        assert_unfit(&chair.keeps(&PlacedSnapshot { upto: 1, snapshot }), what);
    }
    let rubbish = chair.tells(&wire::path_snapshot(&chair.space()), b"rubbish".to_vec());
    assert_refused(&rubbish, StatusCode::BAD_REQUEST, "bad_request");
    assert_eq!(everything(&chair), before, "nothing of it was kept");
    assert_ok(&chair.keeps(&good));
}
