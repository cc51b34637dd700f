//! What goes wrong on the way: errors, web pages, cut bodies.

use serde_json::json;

use crate::support::portal::{Portal, Reply, file, meeting, problems, read_as_guest};
use crate::support::{TestCouncil, folder};

#[test]
fn random_errors_are_tried_again_at_once() {
    let portal = Portal::town();
    let list = json!({"data": [meeting(1)]});
    portal.reply(
        "/meetings",
        Reply {
            fail_times: 2,
            ..Reply::json(&list)
        },
    );
    portal.reply(
        "/files/1.pdf",
        Reply {
            fail_times: 2,
            ..Reply::bytes(folder::pdf("Vorlage", 1))
        },
    );
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!((problems(&report).as_str(), report.files.fetched), ("", 1));
}

#[test]
fn a_list_that_fails_is_read_next_time_and_keeps_what_was_published() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    portal.import(&council);
    portal.reply(
        "/meetings",
        Reply {
            status: "503 Service Unavailable",
            ..Reply::bytes("")
        },
    );
    let report = portal.import(&council);
    assert!(
        problems(&report).contains("/meetings: Antwort 503"),
        "{}",
        problems(&report)
    );
    assert_eq!(report.removed, 0);
    assert!(read_as_guest(&council).has("1. Sitzung"));
    portal.list("/meetings", json!([meeting(1), meeting(2)]));
    let report = portal.import(&council);
    assert_eq!(report.objects["Meeting"].new, 1);
}

#[test]
fn errors_and_web_pages_with_status_200_are_no_objects() {
    for (body, reason) in [
        (
            r#"{"error": "internal"}"#,
            "statt des Objekts kam eine Fehlermeldung",
        ),
        ("<!DOCTYPE html><p>Wartung", "statt JSON kam eine Webseite"),
        (r#"{"id": "BASE/meeting/2", "na"#, "kein JSON"),
        ("", "die Antwort ist leer"),
    ] {
        let portal = Portal::town();
        portal.list("/meetings", json!([meeting(1), "BASE/meeting/2"]));
        portal.reply("/meeting/2", Reply::bytes(body));
        let council = TestCouncil::new();
        let said = problems(&portal.import(&council));
        assert!(said.contains(&format!("/meeting/2: {reason}")), "{said}");
        portal.json("/meeting/2", meeting(2));
        portal.import(&council);
        assert!(
            read_as_guest(&council).has("2. Sitzung"),
            "the next time it is there"
        );
    }
}

#[test]
fn an_object_that_is_known_outlives_an_error_in_its_place() {
    let portal = Portal::town();
    portal.list("/meetings", json!(["BASE/meeting/1"]));
    portal.json("/meeting/1", meeting(1));
    let council = TestCouncil::new();
    portal.import(&council);
    portal.reply("/meeting/1", Reply::bytes(r#"{"error": "gone fishing"}"#));
    let report = portal.import(&council);
    assert_eq!((report.removed, report.deletions_held), (0, 0));
    assert!(read_as_guest(&council).has("1. Sitzung"));
}

#[test]
fn web_pages_and_cut_files_are_fetched_again_the_next_time() {
    let bad: [fn() -> Reply; 4] = [
        || Reply::bytes("<!DOCTYPE html><title>Anmelden</title>"),
        || Reply {
            is_cut: true,
            ..Reply::bytes(folder::pdf("Vorlage", 3))
        },
        || Reply {
            status: "500 Broken",
            ..Reply::bytes("")
        },
        || Reply::bytes(""),
    ];
    for reply in bad {
        let portal = Portal::town();
        portal.reply("/files/1.pdf", reply());
        let council = TestCouncil::new();
        let report = portal.import(&council);
        assert_eq!((report.files.fetched, report.files.failed), (0, 1));
        assert!(
            problems(&report).contains("/files/1.pdf: "),
            "{}",
            problems(&report)
        );
        let again = portal.import(&council);
        assert_eq!(
            again.files.failed, 1,
            "it is tried and listed as long as it is not there"
        );

        portal.reply("/files/1.pdf", Reply::bytes(folder::pdf("Vorlage", 3)));
        let report = portal.import(&council);
        assert_eq!((problems(&report).as_str(), report.files.fetched), ("", 1));
        let library = read_as_guest(&council);
        assert_eq!(library.file("Datei 1").page_count, Some(3));
        assert!(portal.import(&council).is_unchanged);
    }
}

#[test]
fn a_web_page_never_replaces_a_published_file() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    portal.import(&council);
    let mut changed = crate::support::portal::paper(1);
    changed["mainFile"]["modified"] = json!("2021-01-01T00:00:00+01:00");
    portal.list("/papers", json!([changed]));
    portal.reply("/files/1.pdf", Reply::bytes("<html>Wartung"));
    let report = portal.import(&council);
    assert_eq!(report.files.failed, 1);
    assert_eq!(read_as_guest(&council).file("Datei 1").page_count, Some(2));
}

#[test]
fn unchanged_pages_and_files_are_not_sent_again() {
    let portal = Portal::town();
    let list = json!({"data": [meeting(1)], "links": {"next": "/meetings?page=2"}});
    portal.reply(
        "/meetings",
        Reply {
            etag: Some("\"v1\""),
            ..Reply::json(&list)
        },
    );
    portal.list("/meetings?page=2", json!([meeting(2)]));
    portal.reply(
        "/files/1.pdf",
        Reply {
            etag: Some("\"f1\""),
            ..Reply::bytes(folder::pdf("Vorlage", 2))
        },
    );
    let council = TestCouncil::new();
    portal.import(&council);
    let mut paper = crate::support::portal::paper(1);
    paper["mainFile"] = file(1);
    paper["mainFile"]["modified"] = json!("2021-01-01T00:00:00+01:00");
    portal.list("/papers", json!([paper]));
    let mut request = portal.request();
    request.full = true;
    let report = portal.import_as(&council, &request);
    let meetings = report.objects["Meeting"];
    assert_eq!(
        (meetings.unchanged, meetings.new),
        (1, 0),
        "the first page was not sent again, the second was found all the same"
    );
    assert_eq!(
        report.files.fetched, 0,
        "the portal says that the bytes are the same"
    );
    assert!(
        portal.import(&council).is_unchanged,
        "and that is remembered"
    );
    assert_eq!(read_as_guest(&council).file("Datei 1").page_count, Some(2));
}
