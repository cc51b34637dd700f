//! Lists: pages, circles, filters and limits.

use serde_json::{Value, json};

use crate::support::TestCouncil;
use crate::support::portal::{Portal, Reply, meeting, problems};

fn count(report: &council_server::oparl::OparlReport, kind: &str) -> usize {
    report.objects.get(kind).map_or(0, |tally| tally.new)
}

#[test]
fn pages_follow_each_other_by_whatever_address() {
    let portal = Portal::town();
    portal.page("/meetings", json!([meeting(1)]), "?page=2");
    portal.page("/meetings?page=2", json!([meeting(2)]), "/more/3");
    portal.page("/more/3", json!([meeting(3)]), "4");
    portal.page("/more/4", json!([meeting(4)]), "");
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!(problems(&report), "");
    assert_eq!(count(&report, "Meeting"), 4);
}

#[test]
fn a_list_that_leads_in_circles_or_repeats_itself_ends() {
    let portal = Portal::town();
    portal.page("/meetings", json!([meeting(1)]), "BASE/meetings?page=2");
    portal.page("/meetings?page=2", json!([meeting(2)]), "BASE/meetings");
    // A page number that the portal does not heed.
    for page in 1..50 {
        let next = format!("BASE/papers?page={}", page + 1);
        portal.page(
            &format!("/papers?page={page}"),
            json!([{"id": "BASE/paper/1", "name": "Vorlage"}]),
            &next,
        );
    }
    portal.page(
        "/papers",
        json!([{"id": "BASE/paper/1", "name": "Vorlage"}]),
        "BASE/papers?page=1",
    );
    let council = TestCouncil::new();
    let report = portal.import(&council);
    let said = problems(&report);
    assert!(
        said.contains("/meetings: die Liste führt im Kreis"),
        "{said}"
    );
    assert!(
        said.contains("/papers: die Liste wiederholt sich"),
        "{said}"
    );
    assert_eq!(count(&report, "Meeting"), 2, "what was read before is kept");
    assert!(
        portal.take_asked().len() < 20,
        "and the portal is left in peace"
    );
}

#[test]
fn an_object_or_nothing_in_place_of_a_list() {
    let portal = Portal::town();
    portal.json("/meetings", json!({"data": meeting(1)}));
    portal.json("/papers", json!({"data": ""}));
    portal.json(
        "/persons",
        json!([{"id": "BASE/person/1", "name": "Otto Beispiel"}]),
    );
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!(
        (count(&report, "Meeting"), count(&report, "Person")),
        (1, 1)
    );
}

#[test]
fn lists_of_mere_addresses_and_lists_given_in_place() {
    let portal = Portal::town();
    portal.list("/bodies", json!([{"id": "BASE/body/1", "name": "Gemeinde", "type": "https://schema.oparl.org/1.0/Body",
        "organization": [{"id": "BASE/organization/1", "name": "Rat"}], "meeting": "BASE/meetings",
        "person": ["BASE/person/1"], "paper": "BASE/papers"}]));
    portal.json(
        "/person/1",
        json!({"id": "BASE/person/1", "name": "Otto Beispiel"}),
    );
    portal.list("/meetings", json!(["BASE/meeting/1", "/meeting/2"]));
    portal.json("/meeting/1", meeting(1));
    portal.json("/meeting/2", meeting(2));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    let new = ["Organization", "Person", "Meeting"].map(|kind| count(&report, kind));
    assert_eq!(new, [1, 1, 2]);

    let mut moved = meeting(2);
    moved["name"] = json!("2. Sitzung, verlegt");
    portal.json("/meeting/2", moved);
    let again = portal.import(&council);
    assert_eq!(
        again.objects["Meeting"].changed, 1,
        "an address says nothing of changes, so it is asked"
    );
}

#[test]
fn meetings_that_only_organizations_list() {
    let portal = Portal::town();
    portal.list("/bodies", json!([{"id": "BASE/body/1", "name": "Gemeinde", "type": "https://schema.oparl.org/1.0/Body",
        "organization": "BASE/organizations"}]));
    portal.list(
        "/organizations",
        json!([{"id": "BASE/organization/1", "name": "Rat", "meeting": "BASE/meetings"}]),
    );
    let council = TestCouncil::new();
    assert_eq!(count(&portal.import(&council), "Meeting"), 1);
}

#[test]
fn a_limit_that_the_portal_sets_and_refuses() {
    let portal = Portal::town();
    portal.page(
        "/meetings",
        json!([meeting(1)]),
        "BASE/meetings?limit=500&page=2",
    );
    portal.reply(
        "/meetings?limit=500&page=2",
        Reply {
            status: "400 Bad Request",
            ..Reply::bytes("{}")
        },
    );
    portal.list("/meetings?page=2", json!([meeting(2)]));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!(
        (problems(&report).as_str(), count(&report, "Meeting")),
        ("", 2)
    );
}

/// A council that imported meeting 1 and now meets a portal with meetings 1 and 2.
fn second_import(
    portal: &Portal,
    prepare: impl FnOnce(&Portal),
) -> council_server::oparl::OparlReport {
    let council = TestCouncil::new();
    portal.import(&council);
    council.pass_days(1);
    prepare(portal);
    portal.take_asked();
    portal.import(&council)
}

#[test]
fn the_filter_reaches_back_a_day_and_only_news_are_read() {
    let portal = Portal::town();
    let report = second_import(&portal, |portal| {
        portal.list("/meetings?modified_since", json!([meeting(2)]));
        portal.reply(
            "/meetings",
            Reply {
                status: "500 Broken",
                ..Reply::bytes("")
            },
        );
    });
    assert_eq!(problems(&report), "");
    assert_eq!(count(&report, "Meeting"), 1);
    assert_eq!(
        report.added, 2,
        "the meeting and its item; the rest is known"
    );
    let asked = portal.take_asked();
    let filtered = "/meetings?modified_since=2026-03-02T10:00:00%2B00:00";
    assert!(asked.iter().any(|path| path == filtered), "{asked:?}");
    assert!(
        report
            .lists
            .iter()
            .all(|list| list.is_filtered && list.is_complete)
    );
}

#[test]
fn a_filter_that_is_lost_on_the_way_to_the_next_page_is_kept() {
    let portal = Portal::town();
    let report = second_import(&portal, |portal| {
        portal.page(
            "/meetings?modified_since",
            json!([meeting(2)]),
            "BASE/meetings?page=2",
        );
        portal.list("/meetings?page=2&modified_since", json!([meeting(3)]));
        portal.list("/meetings?page=2", json!([]));
    });
    assert_eq!(
        count(&report, "Meeting"),
        2,
        "the next page is the next of the filtered ones"
    );
}

#[test]
fn a_filter_that_is_refused_or_not_heeded_loses_nothing() {
    let refusals: [fn() -> Reply; 4] = [
        || Reply {
            status: "404 Not Found",
            ..Reply::bytes(r#"{"error": "no such resource"}"#)
        },
        || Reply {
            status: "500 Internal Server Error",
            ..Reply::bytes("<html>")
        },
        || Reply::bytes(r#"{"error": "unknown parameter"}"#),
        || Reply::json(&json!({"data": [meeting(1), meeting(2)]})),
    ];
    for refusal in refusals {
        let portal = Portal::town();
        let report = second_import(&portal, |portal| {
            portal.list("/meetings", json!([meeting(1), meeting(2)]));
            portal.reply("/meetings?modified_since", refusal());
        });
        assert_eq!(
            (problems(&report).as_str(), count(&report, "Meeting")),
            ("", 1)
        );
    }
}

#[test]
fn what_is_dated_wrongly_is_found_when_all_is_read_again() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    let mut dated = meeting(1);
    dated["created"] = json!("2020-06-01T00:00:00+01:00");
    portal.list("/meetings", json!([dated.clone()]));
    portal.import(&council);
    // The portal honours the filter, and the change has no new date.
    portal.list("/meetings?modified_since", Value::Array(Vec::new()));
    dated["name"] = json!("1. Sitzung, anderer Ort");
    portal.list("/meetings", json!([dated]));
    council.pass_days(6);
    assert!(portal.import(&council).is_unchanged);
    council.pass_days(1);
    let report = portal.import(&council);
    assert_eq!(
        report.objects["Meeting"].changed, 1,
        "after a week all lists are read whole"
    );
}
