//! What is deleted, what is not, and the brake.

use serde_json::{Value, json};

use crate::support::TestCouncil;
use crate::support::portal::{Portal, file, meeting, paper, problems, read_as_guest};

fn tombstone(path: &str) -> Value {
    json!({"id": format!("BASE/{path}"), "deleted": true})
}

#[test]
fn a_tombstone_without_a_type_removes_a_meeting_with_its_agenda() {
    let portal = Portal::town();
    portal.list("/meetings", json!([meeting(1), meeting(2)]));
    let council = TestCouncil::new();
    portal.import(&council);
    portal.list("/meetings", json!([tombstone("meeting/1"), meeting(2)]));
    let report = portal.import(&council);
    assert_eq!(problems(&report), "");
    assert!(report.removed >= 2, "{report:?}");
    let library = read_as_guest(&council);
    assert!(
        !library.has("1. Sitzung") && !library.has("Punkt 1"),
        "{:?}",
        library.names()
    );
    assert!(library.has("2. Sitzung") && library.has("Vorlage 1"));
    assert!(portal.import(&council).is_unchanged);

    portal.list("/meetings", json!([meeting(1), meeting(2)]));
    portal.import(&council);
    let library = read_as_guest(&council);
    assert!(
        library.has("1. Sitzung") && library.has("Punkt 1"),
        "it is there after all"
    );
}

#[test]
fn what_a_list_does_not_hold_any_more_stays() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    portal.import(&council);
    for list in ["/meetings", "/papers", "/persons", "/organizations"] {
        portal.list(list, json!([]));
    }
    let report = portal.import(&council);
    assert_eq!(report.removed, 0);
    assert!(read_as_guest(&council).has("1. Sitzung"));
}

#[test]
fn an_item_that_the_agenda_does_not_hold_any_more_goes() {
    let portal = Portal::town();
    let mut longer = meeting(1);
    let more =
        json!([longer["agendaItem"][0], {"id": "BASE/item/8", "name": "Punkt 8", "order": 2}]);
    longer["agendaItem"] = more;
    portal.list("/meetings", json!([longer]));
    let council = TestCouncil::new();
    portal.import(&council);
    assert!(read_as_guest(&council).has("Punkt 8"));
    portal.list("/meetings", json!([meeting(1)]));
    portal.import(&council);
    let library = read_as_guest(&council);
    assert!(
        library.has("Punkt 1") && !library.has("Punkt 8"),
        "{:?}",
        library.names()
    );

    let mut empty = meeting(1);
    empty["agendaItem"] = json!("");
    portal.list("/meetings", json!([empty]));
    portal.import(&council);
    assert!(
        read_as_guest(&council).has("Punkt 1"),
        "an agenda that comes empty proves nothing"
    );
}

#[test]
fn a_file_that_moves_to_another_paper_is_not_lost() {
    let portal = Portal::town();
    let (mut from, mut to) = (paper(1), paper(2));
    from["auxiliaryFile"] = json!([file(8), file(9)]);
    to["mainFile"] = file(2);
    portal.list("/papers", json!([from.clone(), to.clone()]));
    let council = TestCouncil::new();
    portal.import(&council);
    from["auxiliaryFile"] = json!([file(8)]);
    to["auxiliaryFile"] = json!([file(9)]);
    portal.list("/papers", json!([from, to]));
    portal.import(&council);
    assert!(read_as_guest(&council).has("Datei 9"));
}

#[test]
fn mass_deletion_is_held_back_until_it_is_allowed() {
    let portal = Portal::town();
    let all: Vec<Value> = (1..=30).map(meeting).collect();
    portal.list("/meetings", json!(all));
    let council = TestCouncil::new();
    portal.import(&council);
    let gone: Vec<Value> = (1..=30)
        .map(|n| tombstone(&format!("meeting/{n}")))
        .collect();
    portal.list("/meetings", json!(gone));
    let report = portal.import(&council);
    assert_eq!((report.deletions_held, report.removed), (30, 0));
    assert!(
        problems(&report).contains("--allow-mass-delete"),
        "{}",
        problems(&report)
    );
    assert!(read_as_guest(&council).has("7. Sitzung"));

    // The portal says it once only; it is remembered.
    portal.list("/meetings", json!([]));
    assert_eq!(portal.import(&council).deletions_held, 30);
    let mut request = portal.request();
    request.allow_mass_delete = true;
    let report = portal.import_as(&council, &request);
    assert_eq!(report.deletions_held, 0);
    assert_eq!(
        report.removed, 61,
        "thirty meetings with an item each, and the consultation of one"
    );
    assert!(!read_as_guest(&council).has("7. Sitzung"));
}

#[test]
fn a_held_deletion_that_is_taken_back_is_forgotten() {
    let portal = Portal::town();
    let all: Vec<Value> = (1..=30).map(meeting).collect();
    portal.list("/meetings", json!(all));
    let council = TestCouncil::new();
    portal.import(&council);
    let gone: Vec<Value> = (1..=30)
        .map(|n| tombstone(&format!("meeting/{n}")))
        .collect();
    portal.list("/meetings", json!(gone));
    portal.import(&council);
    portal.list("/meetings", json!(all));
    let report = portal.import(&council);
    assert_eq!((report.deletions_held, report.deleted), (0, 0));
    assert!(portal.import(&council).is_unchanged);
}

#[test]
fn a_membership_that_ends_or_goes_takes_the_right_along() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    portal.import(&council);
    assert_eq!(council.server.people().unwrap()[0].memberships.len(), 1);
    portal.list("/persons", json!([{"id": "BASE/person/1", "name": "Otto Beispiel", "membership":
        [{"id": "BASE/membership/1", "organization": "BASE/organization/1", "endDate": "2020-12-31"}]}]));
    portal.import(&council);
    let seat = council.server.people().unwrap()[0].memberships[0].clone();
    assert_eq!(seat.end_date.unwrap().to_string(), "2020-12-31");
    portal.list(
        "/persons",
        json!([{"id": "BASE/person/1", "name": "Otto Beispiel", "membership":
        [{"id": "BASE/membership/1", "deleted": true}]}]),
    );
    portal.import(&council);
    assert!(council.server.people().unwrap()[0].memberships.is_empty());
}
