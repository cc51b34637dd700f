//! Who gets what is nonpublic, until when, and under which keys.

use reqwest::StatusCode;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::head::{AudienceKind, DeviceHead};
use sync_protocol::ids::AudienceId;
use sync_protocol::key_box::KeyBoxes;
use sync_protocol::wire;

use crate::support::tablet::Tablet;
use crate::support::{TestCouncil, folder};
use council_server::ServerHandle;

fn confirmed(council: &TestCouncil, handle: &ServerHandle, person: &str) -> Tablet {
    let invitation = council.server.invite(person, true).unwrap();
    Tablet::pair(handle, &invitation, council.clock.now_at_ms())
}

fn nonpublic(head: &DeviceHead) -> Vec<AudienceId> {
    head.audiences
        .iter()
        .filter(|a| a.kind != AudienceKind::Public)
        .map(|a| a.id)
        .collect()
}

#[test]
fn each_person_reads_what_her_office_entitles_her_to() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let secrets = [
        "Grundstücksverkauf Teichgasse",
        "Pachtvertrag Dorfanger Oberdorf",
        "Vergabe Abbruch",
    ];
    for (person, expected) in [
        ("ada", [true, true, false]),
        ("bruno", [false, false, true]),
        ("mara", [false, true, false]),
        ("staff", [false, false, false]),
    ] {
        let library = confirmed(&council, &handle, person).read_all();
        assert!(
            library.has("Neubau der Feuerwache Nord"),
            "public papers are everybody's: {person}"
        );
        assert_eq!(secrets.map(|name| library.has(name)), expected, "{person}");
    }
}

#[test]
fn a_membership_that_ends_ends_access_and_starts_a_new_epoch() {
    let council = TestCouncil::with_folder();
    council.edit(
        "council.toml",
        "[[membership]]\nperson = \"mara\"",
        "[[membership]]\nperson = \"ada\"\norganization = \"bau\"\nrole = \"Mitglied\"\nstart = \"2024-07-01\"\n\n[[membership]]\nperson = \"mara\"",
    );
    council.import();
    let handle = council.serve();
    let mut bruno = confirmed(&council, &handle, "bruno");
    let mut ada = confirmed(&council, &handle, "ada");
    let head = bruno.head();
    let committee = nonpublic(&head)[0];
    let listed = head.audience(&committee).unwrap();
    assert_eq!(listed.key_epoch, KeyEpoch(1));
    // 31 March, the last day, ends at midnight summer time.
    assert_eq!(listed.readable_until_ms, Some(1_774_994_400_000));

    council.pass_days(28);
    bruno.now_at_ms = council.clock.now_at_ms();
    assert_eq!(
        nonpublic(&bruno.head()),
        vec![committee],
        "the last day still counts"
    );
    council.pass_days(1);
    bruno.now_at_ms = council.clock.now_at_ms();
    ada.now_at_ms = council.clock.now_at_ms();
    assert!(
        nonpublic(&bruno.head()).is_empty(),
        "an audience no longer listed: access ended"
    );
    let refused = bruno.get(&wire::path_chain(&committee, 0, 10));
    assert_eq!(
        (refused.status, refused.error_code().as_deref()),
        (StatusCode::FORBIDDEN, Some("not_entitled"))
    );
    let epoch = ada.head().audience(&committee).unwrap().key_epoch;
    assert_eq!(
        epoch,
        KeyEpoch(2),
        "what comes now is sealed under a key that he never had"
    );
    let keys = ada.class_keys();
    assert!(
        keys.contains_key(&(committee, KeyEpoch(1)))
            && keys.contains_key(&(committee, KeyEpoch(2)))
    );
}

#[test]
fn a_revoked_device_is_told_so_and_gets_nothing() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let mut other = confirmed(&council, &handle, "ada");
    let library = tablet.read_all();
    let blob = library.file("Verkauf Flurstück 77/3").blob_id;
    let before = other.head();
    council.server.revoke(&tablet.device).unwrap();
    for path in [
        wire::PATH_HEAD.to_owned(),
        wire::PATH_KEYS.to_owned(),
        wire::path_blob(&blob),
    ] {
        let answer = tablet.get(&path);
        assert_eq!(
            (answer.status, answer.error_code().as_deref()),
            (StatusCode::GONE, Some("device_revoked")),
            "{path}"
        );
    }
    let after = other.head();
    for audience in nonpublic(&before) {
        let epoch = |head: &DeviceHead| head.audience(&audience).unwrap().key_epoch.0;
        assert_eq!(
            epoch(&after),
            epoch(&before) + 1,
            "the other device goes on, under a new key"
        );
    }
    assert!(other.read_all().has("Grundstücksverkauf Teichgasse"));
}

#[test]
fn new_members_read_back_only_where_the_council_says_so() {
    for (reads_back, expected) in [(true, true), (false, false)] {
        let council = TestCouncil::new();
        folder::write(&council.intake());
        let setting = format!("new_members_read_back = {reads_back}");
        council.edit("council.toml", "new_members_read_back = true", &setting);
        council.import();
        let handle = council.serve();
        let join = "[[membership]]\nperson = \"bruno\"\norganization = \"rat\"\nstart = \"2026-03-01\"\n\n[[membership]]\nperson = \"mara\"";
        council.edit("council.toml", "[[membership]]\nperson = \"mara\"", join);
        council.edit(
            "meetings/2026-03-rat/meeting.toml",
            "[[paper]]",
            "[[item]]\nnumber = \"5\"\nname = \"Personalie\"\npublic = false\n\n[[paper]]",
        );
        council.import();
        let library = confirmed(&council, &handle, "bruno").read_all();
        assert!(
            library.has("Personalie"),
            "what comes after she joined is hers"
        );
        assert_eq!(
            library.has("Grundstücksverkauf Teichgasse"),
            expected,
            "reads back: {reads_back}"
        );
    }
}

#[test]
fn key_boxes_are_made_once_and_only_for_entitled_epochs() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let audience = nonpublic(&tablet.head())[0];
    let first: KeyBoxes = tablet.get(wire::PATH_KEYS).decode();
    let second: KeyBoxes = tablet.get(wire::PATH_KEYS).decode();
    assert_eq!(first, second, "the same boxes again");
    let one: KeyBoxes = tablet
        .get(&format!("/v1/keys?audience={audience}"))
        .decode();
    assert!(one.boxes.iter().all(|b| b.audience == audience) && one.boxes.len() == 1);
    let none: KeyBoxes = tablet
        .get(&format!("/v1/keys?audience={audience}&after_epoch=1"))
        .decode();
    assert!(none.boxes.is_empty());
}
