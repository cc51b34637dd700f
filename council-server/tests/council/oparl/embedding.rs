//! Objects embedded or by reference, in every place; ways back; relative addresses; what is not there yet.

use serde_json::{Value, json};
use sync_protocol::model::CouncilObject;

use crate::support::TestCouncil;
use crate::support::portal::{Portal, file, meeting, paper, problems, read_as_guest};

/// Everything of the town by reference: each object stands at its own address and names the others.
fn scattered(portal: &Portal, address: impl Fn(&str) -> String) {
    let mut meeting = meeting(1);
    let mut item = meeting["agendaItem"][0].clone();
    meeting["agendaItem"] = json!([address("item/1")]);
    meeting["invitation"] = json!(address("file/2"));
    meeting["location"] = json!(address("location/1"));
    meeting["organization"] = json!([address("organization/1")]);
    item["consultation"] = json!(address("consultation/1"));
    item["resolutionFile"] = json!(address("file/3"));
    let mut paper = paper(1);
    let mut consultation = paper["consultation"][0].clone();
    paper["consultation"] = json!([address("consultation/1")]);
    paper["mainFile"] = json!(address("file/1"));
    consultation["agendaItem"] = json!(address("item/1"));
    portal.list("/meetings", json!([meeting]));
    portal.list("/papers", json!([paper]));
    portal.json("/item/1", item);
    portal.json("/consultation/1", consultation);
    portal.json(
        "/location/1",
        json!({"id": address("location/1"), "room": "Ratssaal"}),
    );
    for n in 1..4 {
        portal.json(&format!("/file/{n}"), file(n));
    }
}

fn check(portal: &Portal) {
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!(problems(&report), "");
    let library = read_as_guest(&council);
    for name in [
        "1. Sitzung",
        "Punkt 1",
        "Vorlage 1",
        "Datei 1",
        "Datei 2",
        "Datei 3",
    ] {
        assert!(
            library.has(name),
            "{name} is missing: {:?}",
            library.names()
        );
    }
    for object in library.objects.values() {
        match object {
            CouncilObject::Meeting(meeting) => {
                assert_eq!(meeting.room.as_deref(), Some("Ratssaal"));
                assert!(meeting.invitation.is_some() && meeting.organizations.len() == 1);
            }
            CouncilObject::AgendaItem(item) => {
                assert!(item.paper.is_some() && item.files.len() == 1);
                assert_eq!(item.role.as_deref(), Some("Entscheidung"));
            }
            _ => {}
        }
    }
    assert!(
        portal.import(&council).is_unchanged,
        "the same again changes nothing"
    );
}

#[test]
fn by_reference_in_every_place() {
    let portal = Portal::town();
    scattered(&portal, |path| format!("BASE/{path}"));
    check(&portal);
}

#[test]
fn by_relative_addresses() {
    let portal = Portal::town();
    scattered(&portal, |path| format!("/{path}"));
    check(&portal);
}

#[test]
fn embedded_in_every_place() {
    let portal = Portal::town();
    let (mut meeting, mut paper) = (meeting(1), paper(1));
    paper["mainFile"] = file(1);
    meeting["organization"] = json!([{"id": "BASE/organization/1", "name": "Gemeinderat"}]);
    meeting["invitation"] = file(2);
    meeting["location"] = json!({"room": "Ratssaal"});
    meeting["agendaItem"][0]["resolutionFile"] = file(3);
    let mut consultation = paper["consultation"][0].clone();
    paper["consultation"] = Value::Null;
    consultation["paper"] = paper;
    meeting["agendaItem"][0]["consultation"] = consultation;
    portal.list("/meetings", json!([meeting]));
    portal.list("/papers", json!([]));
    check(&portal);
}

#[test]
fn a_paper_that_only_its_own_consultation_ties_to_the_item() {
    let portal = Portal::town();
    let mut meeting = meeting(1);
    meeting["agendaItem"][0]["consultation"] = Value::Null;
    portal.list("/meetings", json!([meeting]));
    let council = TestCouncil::new();
    portal.import(&council);
    let library = read_as_guest(&council);
    let has_paper = library
        .objects
        .values()
        .any(|o| matches!(o, CouncilObject::AgendaItem(item) if item.paper.is_some()));
    assert!(has_paper, "as with SD.NET");
}

#[test]
fn what_is_not_there_is_listed_and_taken_over_once_it_is() {
    let portal = Portal::town();
    portal.list("/meetings", json!([meeting(1), "BASE/meeting/2"]));
    portal.list("/papers", json!([]));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    let said = problems(&report);
    assert!(
        said.contains("/meeting/2: Antwort 404") && said.contains("/consultation/1: Antwort 404"),
        "{said}"
    );
    assert_eq!(report.stand_ins, 2);

    portal.json("/meeting/2", meeting(2));
    portal.json(
        "/consultation/1",
        json!({"id": "BASE/consultation/1", "paper": "BASE/paper/1"}),
    );
    portal.json("/consultation/2", json!({"id": "BASE/consultation/2"}));
    portal.json("/paper/1", paper(1));
    let report = portal.import(&council);
    assert_eq!(problems(&report), "");
    let library = read_as_guest(&council);
    assert!(
        library.has("2. Sitzung") && library.has("Vorlage 1"),
        "{:?}",
        library.names()
    );
    let meetings = library
        .names()
        .iter()
        .filter(|name| name.ends_with(". Sitzung"))
        .count();
    assert_eq!(meetings, 2, "nothing is doubled");
}

#[test]
fn ids_are_asked_for_as_they_are_written() {
    let portal = Portal::town();
    portal.list("/meetings", json!(["BASE/meeting/1%7C2"]));
    let mut odd = meeting(1);
    odd["id"] = json!("BASE/meeting/1%7C2");
    portal.json("/meeting/1%7C2", odd);
    let council = TestCouncil::new();
    assert_eq!(problems(&portal.import(&council)), "");
    assert!(portal.take_asked().contains(&"/meeting/1%7C2".to_owned()));
}

#[test]
fn one_bad_object_is_listed_and_the_others_are_taken_over() {
    let portal = Portal::town();
    portal.list(
        "/meetings",
        json!([{"name": "ohne Kennung"}, 5, {"id": "BASE/meeting/9"}, meeting(1)]),
    );
    let council = TestCouncil::new();
    let said = problems(&portal.import(&council));
    for expected in [
        "/meetings: Objekt ohne Kennung",
        "/meetings: weder Objekt noch Adresse",
        "/meeting/9: Sitzung ohne Beginn",
    ] {
        assert!(said.contains(expected), "{expected} is missing in {said}");
    }
    assert!(
        !said.contains("ohne Kennung: "),
        "addresses and reasons only"
    );
    assert!(read_as_guest(&council).has("1. Sitzung"));
    let again = portal.import(&council);
    assert!(
        problems(&again).contains("/meeting/9: Sitzung ohne Beginn"),
        "also where nothing changed"
    );
}
