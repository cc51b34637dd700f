//! Rules F29 to F32: what goes over the wire between the devices of a space and the server. What the server does with it is tested there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::NOW_MS;
use common::faction::*;
use sync_protocol::cbor::{from_cbor_lenient, to_cbor};
use sync_protocol::faction::device::DeviceKind;
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::join::{JoinKey, LetterCode, make_start};
use sync_protocol::faction::link::{AddDevice, Change};
use sync_protocol::faction::paper::PaperKey;
use sync_protocol::faction::seed::Epoch;
use sync_protocol::faction::seed_box::make_seed_box;
use sync_protocol::faction::snapshot::Covered;
use sync_protocol::faction::wire::*;
use sync_protocol::ids::*;
use sync_protocol::sign::{Domain, Signature};

const TABLET: DeviceId = DeviceId::from_bytes([0x61; 16]);

/// The head of a CBOR map with so many keys, and its first key.
fn begins_as_map(bytes: &[u8], key_count: u8) -> bool {
    bytes.starts_with(&[0xa0 | key_count, 0x00])
}

#[test]
fn rule_f29_an_entry_is_good_for_one_device_of_each_side_and_one_space() {
    let mut space = Space::of_three();
    let entry = Entry::make(&keys(2), space.id(), TABLET).unwrap();
    assert!(entry.is_good(&space.roster, TABLET));
    assert!(!entry.is_good(&space.roster, DeviceId::from_bytes([0x62; 16])));
    let bytes = to_cbor(&entry);
    assert!(begins_as_map(&bytes, 2));
    assert_eq!(from_cbor_lenient::<Entry>(&bytes).unwrap(), entry);

    let mut body = vec![0xa3, 0x00, 0x58, 0x20];
    body.extend(space.id().as_bytes());
    body.extend([0x01, 0x50]);
    body.extend(keys(2).device.as_bytes());
    body.extend([0x02, 0x50]);
    body.extend(TABLET.as_bytes());
    let signature = keys(2).sign.sign(Domain::FactionEntry, &body).unwrap();
    assert_eq!(entry.signature, signature, "over space, device and device");
    assert_eq!(Domain::FactionEntry.text(), "ratsmappe/faction/entry/1");
    let other = keys(2).sign.sign(Domain::FactionDevice, &body).unwrap();
    let wrong = |faction_device, signature| Entry {
        faction_device,
        signature,
    };
    for (what, entry) in [
        ("another domain", wrong(keys(2).device, other)),
        ("another device", wrong(keys(3).device, signature)),
        ("no signature", wrong(keys(2).device, Signature([0; 64]))),
        (
            "a device that was never there",
            Entry::make(&keys(9), space.id(), TABLET).unwrap(),
        ),
        (
            "another space",
            Entry::make(&keys(2), FactionId::from_bytes([7; 32]), TABLET).unwrap(),
        ),
    ] {
        assert!(!entry.is_good(&space.roster, TABLET), "{what}");
    }
    space.remove(2, AuthorPosition::START);
    assert!(
        entry.is_good(&space.roster, TABLET),
        "one that was held once is still known"
    );
    space.push(1, space.rotation());
    let paper = PaperKey::make().unwrap().derive_keys();
    let held = record(
        Some(space.id()),
        user(1),
        &paper,
        DeviceKind::Paper,
        &space.seed(),
    );
    let add = AddDevice {
        user: user(1),
        device: held,
    };
    space.push(1, Change::AddDevice(Box::new(add)));
    let entry = Entry::make(&paper, space.id(), TABLET).unwrap();
    assert!(
        entry.is_good(&space.roster, TABLET),
        "a paper key enters, too"
    );
}

#[test]
fn rule_f30_bodies_and_paths_have_one_form() {
    let space = Space::founded();
    let seed_box = make_seed_box(&space.roster, &seed(1), keys(1).device).unwrap();
    let founding = Founding {
        genesis: space.links[0].clone(),
        boxes: vec![seed_box.clone()],
        entry: Entry::make(&keys(1), space.id(), TABLET).unwrap(),
    };
    let bytes = to_cbor(&founding);
    assert!(begins_as_map(&bytes, 3));
    assert_eq!(from_cbor_lenient::<Founding>(&bytes).unwrap(), founding);
    let append = Append {
        after: space.roster.head().hash,
        links: vec![space.signed(1, space.rotation())],
        boxes: vec![seed_box.clone()],
    };
    let bytes = to_cbor(&append);
    assert!(begins_as_map(&bytes, 3));
    assert_eq!(from_cbor_lenient::<Append>(&bytes).unwrap(), append);
    assert_eq!(to_cbor(&Ordered { place: 3 }), [0xa1, 0x00, 0x03]);
    let news = News {
        links: space.links.clone(),
        boxes: vec![seed_box],
        envelopes: vec![space.says(1, &AuthorPosition::START, "Eins").0],
        upto: 1,
        has_more: true,
        snapshot_upto: 0,
    };
    let bytes = to_cbor(&news);
    assert!(begins_as_map(&bytes, 6));
    assert!(bytes.ends_with(&[0x03, 0x01, 0x04, 0xf5, 0x05, 0x00]));
    assert_eq!(from_cbor_lenient::<News>(&bytes).unwrap(), news);

    let (id, device) = (space.id(), keys(1).device);
    let invitation = InvitationId::from_bytes([9; 16]);
    let known = Known {
        links: 3,
        epoch: Some(Epoch(2)),
        envelopes: 17,
    };
    for route in FactionRoute::ALL {
        let path = match route {
            FactionRoute::Found => PATH_SPACES.to_owned(),
            FactionRoute::SpacesOf => path_spaces_of(&device),
            FactionRoute::Enter => path_enter(&id),
            FactionRoute::Append => path_links(&id),
            FactionRoute::Post => path_envelopes(&id),
            FactionRoute::News => path_news(&id, known, 25),
            FactionRoute::ReadSnapshot | FactionRoute::WriteSnapshot => path_snapshot(&id),
            FactionRoute::Invite => path_invitations(&id),
            FactionRoute::JoinBox => path_join(&invitation, 1, 25),
            FactionRoute::JoinStep => path_join_step(&invitation, JoinStep::Hello),
        };
        let filled = route
            .template()
            .replace("{space}", &id.to_string())
            .replace("{invitation}", &invitation.to_string())
            .replace("{step}", "hello");
        let (before, _) = path.split_once('?').unwrap_or((&path, ""));
        assert_eq!(before, filled, "{route:?}");
    }
    assert!(path_spaces_of(&device).ends_with(&format!("?device={device}")));
    let news = path_news(&id, known, 25);
    assert!(news.ends_with("/news?links=3&epoch=2&envelopes=17&wait=25"));
    let nothing = path_news(&id, Known::default(), 0);
    assert!(nothing.ends_with("/news?links=0&epoch=0&envelopes=0&wait=0"));
    assert_eq!(MAX_WAIT_S, 25);
}

#[test]
fn rule_f31_a_snapshot_goes_with_its_place() {
    let space = Space::founded();
    let (_, position) = space.says(1, &AuthorPosition::START, "Eins");
    let covered = Covered {
        device: keys(1).device,
        position,
    };
    let placed = PlacedSnapshot {
        upto: 1,
        snapshot: space.snapshot(1, vec![covered]).unwrap(),
    };
    let bytes = to_cbor(&placed);
    assert!(bytes.starts_with(&[0xa2, 0x00, 0x01, 0x01]));
    assert_eq!(
        bytes[4..],
        placed.snapshot.to_bytes(),
        "the snapshot as it is"
    );
    assert_eq!(from_cbor_lenient::<PlacedSnapshot>(&bytes).unwrap(), placed);
    let seen = |_: &FactionDeviceId| position;
    assert!(placed.snapshot.verify(&space.roster, seen).is_ok());
    let less = space.snapshot(1, Vec::new()).unwrap();
    assert!(
        less.verify(&space.roster, seen).is_err(),
        "whoever goes on after the place would miss something"
    );
}

#[test]
fn rule_f32_an_invitation_has_three_steps() {
    let key = JoinKey::of_letter(&LetterCode::from_bytes(*b"fifteen letters"));
    let invitation = key.invitation_id();
    let open = OpenInvitation {
        invitation,
        expires_at_ms: NOW_MS,
    };
    let bytes = to_cbor(&open);
    assert!(bytes.starts_with(&[0xa2, 0x00, 0x50]));
    assert_eq!(from_cbor_lenient::<OpenInvitation>(&bytes).unwrap(), open);
    assert_eq!(
        JoinStep::ALL.map(JoinStep::name),
        ["start", "hello", "finish"]
    );
    let mut steps = JoinBox::default();
    assert_eq!((steps.step_count(), to_cbor(&steps)), (0, vec![0xa0]));
    steps.start = Some(make_start(&key, &keys(4)).unwrap());
    assert_eq!(steps.step_count(), 1);
    let bytes = to_cbor(&steps);
    assert!(begins_as_map(&bytes, 1), "what is not there is left out");
    assert_eq!(from_cbor_lenient::<JoinBox>(&bytes).unwrap(), steps);
}

/// What the server does then, and to no other space, stands in the tests of `council-server`.
#[test]
fn rule_f33_an_ended_space_is_kept_for_ninety_days() {
    let rule = include_str!("../SPEC.md")
        .lines()
        .find(|line| line.starts_with("* **F33**"))
        .unwrap();
    assert!(rule.contains("Ninety days after it ordered the end"));
    assert_eq!(ENDED_KEPT_DAYS, 90);
}
