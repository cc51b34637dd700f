//! What hangs on a meeting or paper and stands neither as invitation nor as main file: further files, objects that only
//! lists hold, related papers, places.

use serde_json::{Value, json};
use sync_protocol::model::{CouncilObject, Meeting};

use crate::support::TestCouncil;
use crate::support::library::Library;
use crate::support::portal::{Portal, file, meeting, paper, problems, read_as_guest};

fn the_meeting(library: &Library) -> &Meeting {
    let mut meetings = library.objects.values().filter_map(|o| match o {
        CouncilObject::Meeting(meeting) => Some(meeting),
        _ => None,
    });
    meetings.next().unwrap()
}

fn named_file(n: u32, name: &str) -> Value {
    let mut file = file(n);
    file["name"] = json!(name);
    file
}

/// A meeting with each kind of file, one of them twice.
fn rich_meeting(public: bool) -> Value {
    let mut meeting = meeting(1);
    meeting["agendaItem"][0]["public"] = json!(public);
    meeting["invitation"] = named_file(2, "Einladung");
    meeting["resultsProtocol"] = named_file(3, "Ergebnisse");
    meeting["verbatimProtocol"] = named_file(4, "Wortlaut");
    meeting["auxiliaryFile"] = json!([
        named_file(5, "Präsentation"),
        named_file(2, "Einladung"),
        named_file(6, "Teilnehmerliste")
    ]);
    meeting
}

#[test]
fn further_files_of_a_meeting_hang_on_it() {
    let portal = Portal::town();
    portal.list("/meetings", json!([rich_meeting(true)]));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!((problems(&report).as_str(), report.files.fetched), ("", 6));
    let library = read_as_guest(&council);
    let meeting = the_meeting(&library);
    let id = |name| library.file(name).id;
    assert_eq!(meeting.invitation, Some(id("Einladung")));
    assert_eq!(meeting.results_protocol, Some(id("Ergebnisse")));
    let others = ["Wortlaut", "Präsentation", "Teilnehmerliste"].map(id);
    assert_eq!(meeting.auxiliary_files, others);
    assert!(portal.import(&council).is_unchanged);

    let mut shorter = rich_meeting(true);
    shorter["auxiliaryFile"] = json!([named_file(5, "Präsentation")]);
    portal.list("/meetings", json!([shorter]));
    portal.import(&council);
    let library = read_as_guest(&council);
    assert!(!library.has("Teilnehmerliste") && library.has("Präsentation"));
    assert_eq!(the_meeting(&library).auxiliary_files.len(), 2);
}

#[test]
fn further_files_are_as_public_as_the_agenda() {
    let portal = Portal::town();
    portal.list("/meetings", json!([rich_meeting(false)]));
    let council = TestCouncil::new();
    let mut request = portal.request();
    request.public_only = false;
    portal.import_as(&council, &request);
    let library = read_as_guest(&council);
    assert!(library.has("1. Sitzung") && !library.has("Präsentation") && !library.has("Wortlaut"));
    let handle = council.serve();
    let invitation = council.server.invite("Otto Beispiel", true).unwrap();
    let mut tablet =
        crate::support::tablet::Tablet::pair(&handle, &invitation, council.clock.now_at_ms());
    let library = tablet.read_all();
    assert!(library.has("Präsentation") && library.has("Wortlaut"));
}

#[test]
fn objects_that_only_the_lists_of_the_body_hold() {
    let portal = Portal::town();
    portal.list("/bodies", json!([{"id": "BASE/body/1", "type": "https://schema.oparl.org/1.1/Body", "name": "Gemeinde",
        "organization": "BASE/organizations", "person": "BASE/persons", "meeting": "BASE/meetings", "paper": "BASE/papers",
        "membership": "BASE/memberships", "agendaItem": "BASE/items", "consultation": "BASE/consultations",
        "file": "BASE/files", "locationList": "BASE/locations", "legislativeTermList": "BASE/terms"}]));
    let mut bare_meeting = meeting(1);
    let mut item = bare_meeting["agendaItem"][0].clone();
    bare_meeting["agendaItem"] = Value::Null;
    bare_meeting["location"] = json!("BASE/location/1");
    item["consultation"] = Value::Null;
    item["meeting"] = json!("BASE/meeting/1");
    let mut bare_paper = paper(1);
    bare_paper["mainFile"] = Value::Null;
    bare_paper["consultation"] = json!([]);
    let owned = |n, name: &str, field: &str, owner: &str| {
        let mut file = named_file(n, name);
        file[field] = json!([format!("BASE/{owner}")]);
        file
    };
    portal.list("/meetings", json!([bare_meeting]));
    portal.list("/papers", json!([bare_paper]));
    portal.list(
        "/persons",
        json!([{"id": "BASE/person/1", "name": "Otto Beispiel"}]),
    );
    portal.list(
        "/memberships",
        json!([{"id": "BASE/membership/1", "person": "BASE/person/1", "organization": "BASE/organization/1"}]),
    );
    portal.list("/items", json!([item]));
    portal.list(
        "/consultations",
        json!([{"id": "BASE/consultation/1", "role": "Entscheidung",
        "paper": "BASE/paper/1", "agendaItem": "BASE/item/1", "meeting": "BASE/meeting/1"}]),
    );
    portal.list(
        "/files",
        json!([
            owned(1, "Vorlagentext", "paper", "paper/1"),
            owned(2, "Einladung", "meeting", "meeting/1"),
            owned(3, "Folien", "meeting", "meeting/1"),
            owned(4, "Beschlussblatt", "agendaItem", "item/1")
        ]),
    );
    portal.list(
        "/locations",
        json!([{"id": "BASE/location/1", "room": "Ratssaal"}]),
    );
    portal.list(
        "/terms",
        json!([{"id": "BASE/term/1", "name": "2020–2025"}]),
    );
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!(problems(&report), "");
    assert_eq!(report.lists.len(), 10, "{:?}", report.lists);
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.starts_with("5 Dateien und Tagesordnungspunkte")),
        "{:?}",
        report.notes
    );
    assert_eq!(council.server.people().unwrap()[0].memberships.len(), 1);
    let library = read_as_guest(&council);
    let meeting = the_meeting(&library);
    assert_eq!(meeting.room.as_deref(), Some("Ratssaal"));
    assert_eq!(meeting.invitation, Some(library.file("Einladung").id));
    assert_eq!(meeting.auxiliary_files, [library.file("Folien").id]);
    assert!(library.has("2020–2025"));
    let item = library.objects.values().find_map(|o| match o {
        CouncilObject::AgendaItem(item) => Some(item),
        _ => None,
    });
    let item = item.unwrap();
    assert_eq!(item.role.as_deref(), Some("Entscheidung"));
    assert_eq!(item.files, [library.file("Beschlussblatt").id]);
    let paper = library.objects.values().find_map(|o| match o {
        CouncilObject::Paper(paper) => Some(paper),
        _ => None,
    });
    let paper = paper.unwrap();
    assert_eq!(item.paper, Some(paper.id));
    assert_eq!(paper.main_file, Some(library.file("Vorlagentext").id));
}

#[test]
fn a_file_that_its_paper_dropped_is_gone_though_the_list_of_files_holds_it() {
    let portal = Portal::town();
    portal.list("/bodies", json!([{"id": "BASE/body/1", "type": "https://schema.oparl.org/1.1/Body", "name": "Gemeinde",
        "organization": "BASE/organizations", "meeting": "BASE/meetings", "paper": "BASE/papers", "file": "BASE/all",
        "location": "BASE/location/404"}]));
    let mut paper = paper(1);
    paper["auxiliaryFile"] = json!([file(2), file(3)]);
    portal.list("/papers", json!([paper.clone()]));
    portal.list("/all", json!([file(1), file(2), file(3), file(4)]));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert!(
        problems(&report).contains("/location/404: Antwort 404"),
        "{}",
        problems(&report)
    );
    let library = read_as_guest(&council);
    assert!(library.has("Datei 2") && library.has("Datei 3"));
    assert!(!library.has("Datei 4"), "a file that belongs nowhere");
    paper["auxiliaryFile"] = json!([file(3)]);
    portal.list("/papers", json!([paper]));
    portal.import(&council);
    assert!(!read_as_guest(&council).has("Datei 2"));
    let report = portal.import(&council);
    assert!(report.is_unchanged && report.lists.iter().any(|list| list.is_filtered));
    assert!(!read_as_guest(&council).has("Datei 2"), "it stays so");

    let mut elsewhere = file(2);
    elsewhere["meeting"] = json!(["BASE/meeting/1"]);
    portal.list("/all", json!([elsewhere]));
    portal.import(&council);
    assert!(
        read_as_guest(&council).has("Datei 2"),
        "it says where it belongs now"
    );
}

#[test]
fn an_item_that_moved_to_another_meeting_stands_there_only() {
    let portal = Portal::town();
    let (mut from, mut to) = (meeting(1), meeting(2));
    let mut moved = from["agendaItem"][0].clone();
    moved["meeting"] = json!("BASE/meeting/1");
    from["agendaItem"] = json!([{"id": "BASE/item/9", "name": "Punkt 9", "public": true}]);
    to["agendaItem"] = json!([moved]);
    portal.list("/meetings", json!([from, to]));
    let council = TestCouncil::new();
    portal.import(&council);
    let library = read_as_guest(&council);
    let of = |name: &str| {
        let mut meetings = library.objects.values().filter_map(|o| match o {
            CouncilObject::AgendaItem(item) if item.name == name => Some(item.meeting),
            _ => None,
        });
        (meetings.next().unwrap(), meetings.count())
    };
    let (first, more) = of("Punkt 1");
    assert_eq!(more, 0);
    assert_ne!(first, of("Punkt 9").0, "whoever lists it has it");
}

#[test]
fn related_papers_are_read_wherever_they_stand() {
    let portal = Portal::town();
    let mut first = paper(1);
    first["relatedPaper"] = json!(["BASE/paper/2", "/paper/404"]);
    first["superordinatedPaper"] = json!("BASE/paper/3");
    first["subordinatedPaper"] = json!([{"id": "BASE/paper/4", "name": "Änderungsantrag"}]);
    portal.list("/papers", json!([first]));
    portal.json("/paper/2", json!({"id": "BASE/paper/2", "name": "Anfrage"}));
    portal.json(
        "/paper/3",
        json!({"id": "BASE/paper/3", "name": "Haushalt"}),
    );
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!(report.objects["Paper"].new, 4);
    let said = problems(&report);
    assert!(said.ends_with("/paper/404: Antwort 404"), "{said}");
    let library = read_as_guest(&council);
    for name in ["Anfrage", "Haushalt", "Änderungsantrag"] {
        assert!(library.has(name), "{name}: {:?}", library.names());
    }
}

#[test]
fn coordinates_are_judged_and_harm_nothing() {
    let portal = Portal::town();
    let point = |coordinates: Value| json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": coordinates}});
    portal.list("/bodies", json!([{"id": "BASE/body/1", "type": "https://schema.oparl.org/1.1/Body", "name": "Gemeinde",
        "organization": "BASE/organizations", "meeting": "BASE/meetings", "paper": "BASE/papers",
        "location": {"id": "BASE/location/0", "geojson": point(json!([6.4, 50.7]))}}]));
    let mut paper = paper(1);
    paper["location"] = json!([
        {"id": "BASE/location/1", "subLocality": "Oberdorf", "geojson": point(json!([50.722, 6.395]))},
        {"id": "BASE/location/2", "geojson": point(json!([0, 0]))},
        {"id": "BASE/location/3", "geojson": point(json!([13.4, 52.5]))},
        {"id": "BASE/location/4", "geojson": ""}
    ]);
    portal.list("/papers", json!([paper]));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!(problems(&report), "");
    let places = report.places;
    assert_eq!(
        (
            places.as_demanded,
            places.swapped,
            places.unusable,
            places.far
        ),
        (2, 1, 1, 1)
    );
    let notes = report.notes.join("\n");
    for said in [
        "1 Orte nennen die Breite vor der Länge",
        "/location/2",
        "1 Orte liegen nach ihren Koordinaten mehr als 150 km",
    ] {
        assert!(notes.contains(said), "{said} is missing in {notes}");
    }
    let library = read_as_guest(&council);
    let villages = library.objects.values().find_map(|o| match o {
        CouncilObject::Paper(paper) => Some(paper.villages.clone()),
        _ => None,
    });
    assert_eq!(villages.unwrap(), ["Oberdorf"], "villages come from words");
}

#[test]
fn what_is_neither_object_nor_address_is_listed_and_the_rest_is_taken() {
    let portal = Portal::town();
    let mut odd = meeting(1);
    odd["agendaItem"] = json!([odd["agendaItem"][0], 5, null, "", {}]);
    odd["location"] = json!(7);
    portal.list("/meetings", json!([odd]));
    let council = TestCouncil::new();
    let said = problems(&portal.import(&council));
    for field in ["agendaItem", "location"] {
        let line = format!("/meeting/1: {field}: weder Objekt noch Adresse");
        assert!(said.contains(&line), "{line} is missing in {said}");
    }
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(read_as_guest(&council).has("Punkt 1"));
}
