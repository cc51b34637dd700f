//! What vendors write into single fields.

use serde_json::{Value, json};
use sync_protocol::model::{CouncilObject, Meeting, Membership, Paper};

use crate::support::TestCouncil;
use crate::support::library::Library;
use crate::support::portal::{Portal, Reply, file, meeting, paper, problems, read_as_guest};

/// Imports a town whose first meeting and paper were changed, and reads it.
fn read_with(change: impl FnOnce(&mut Value, &mut Value)) -> Library {
    let portal = Portal::town();
    let (mut meeting, mut paper) = (meeting(1), paper(1));
    change(&mut meeting, &mut paper);
    portal.list("/meetings", json!([meeting]));
    portal.list("/papers", json!([paper]));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert_eq!(problems(&report), "", "everything is taken over");
    read_as_guest(&council)
}

fn the_meeting(library: &Library) -> &Meeting {
    let mut meetings = library.objects.values().filter_map(|o| match o {
        CouncilObject::Meeting(meeting) => Some(meeting),
        _ => None,
    });
    meetings.next().unwrap()
}

fn the_paper(library: &Library) -> &Paper {
    let mut papers = library.objects.values().filter_map(|o| match o {
        CouncilObject::Paper(paper) => Some(paper),
        _ => None,
    });
    papers.next().unwrap()
}

/// Names of the items in their order.
fn agenda(library: &Library) -> Vec<String> {
    let mut items: Vec<_> = library
        .objects
        .values()
        .filter_map(|o| match o {
            CouncilObject::AgendaItem(item) => Some((item.order, item.name.clone())),
            _ => None,
        })
        .collect();
    items.sort();
    items.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn one_for_many_many_for_one_and_empty_text_for_nothing() {
    let library = read_with(|meeting, paper| {
        meeting["organization"] = json!("BASE/organization/1");
        meeting["agendaItem"] = meeting["agendaItem"][0].clone();
        meeting["agendaItem"]["number"] = json!(7);
        meeting["agendaItem"]["result"] = json!("");
        meeting["invitation"] = json!([file(2)]);
        meeting["resultsProtocol"] = json!("");
        meeting["location"] = json!({});
        paper["mainFile"] = json!([file(1)]);
        paper["auxiliaryFile"] = file(3);
        paper["consultation"] = paper["consultation"][0].clone();
        paper["date"] = json!("");
    });
    let (meeting, paper) = (the_meeting(&library), the_paper(&library));
    assert_eq!(
        meeting.organizations.len(),
        1,
        "an address in place of a list"
    );
    assert_eq!(
        meeting.invitation,
        Some(library.file("Datei 2").id),
        "a list in place of an object"
    );
    assert_eq!(paper.main_file, Some(library.file("Datei 1").id));
    assert_eq!(
        paper.auxiliary_files,
        [library.file("Datei 3").id],
        "an object in place of a list"
    );
    let item = library.objects.values().find_map(|o| match o {
        CouncilObject::AgendaItem(item) => Some(item),
        _ => None,
    });
    let item = item.unwrap();
    assert_eq!(
        item.number.as_deref(),
        Some("7"),
        "a number in place of a text"
    );
    assert_eq!((item.result.as_ref(), item.paper), (None, Some(paper.id)));
}

#[test]
fn numbers_and_flags_in_quotation_marks() {
    let portal = Portal::town();
    portal.list(
        "/persons",
        json!([{"id": "BASE/person/1", "name": "Otto Beispiel", "membership":
        [{"id": "BASE/membership/1", "organization": "BASE/organization/1", "votingRight": "1"}]}]),
    );
    let council = TestCouncil::new();
    portal.import(&council);
    let library = read_as_guest(&council);
    let seats: Vec<&Membership> = library
        .objects
        .values()
        .filter_map(|o| match o {
            CouncilObject::Membership(seat) => Some(seat),
            _ => None,
        })
        .collect();
    assert!(seats.len() == 1 && seats[0].voting_right);
}

#[test]
fn a_media_type_without_a_slash_and_an_empty_download_address() {
    let library = read_with(|_, paper| {
        paper["mainFile"]["mimeType"] = json!("pdf");
        paper["mainFile"]["accessUrl"] = paper["mainFile"]["downloadUrl"].clone();
        paper["mainFile"]["downloadUrl"] = json!("");
    });
    assert_eq!(library.file("Datei 1").mime_type, "application/pdf");
}

#[test]
fn an_end_before_the_start_is_no_end() {
    let library = read_with(|meeting, _| meeting["end"] = json!("2020-02-03T00:00:00+01:00"));
    assert_eq!(the_meeting(&library).end, None);
}

#[test]
fn cancelled_in_the_name_only() {
    let library = read_with(|meeting, _| meeting["name"] = json!("Gemeinderat (abgesagt)"));
    assert!(the_meeting(&library).cancelled);
}

#[test]
fn equal_orders_leave_the_list_as_it_is() {
    let item = |n: u32, order: Value| json!({"id": format!("BASE/item/{n}"), "name": format!("Punkt {n}"), "order": order});
    let library = read_with(|meeting, _| {
        meeting["agendaItem"] = json!([item(4, json!(0)), item(2, json!(0)), item(3, json!("0"))]);
    });
    assert_eq!(agenda(&library), ["Punkt 4", "Punkt 2", "Punkt 3"]);
    let library = read_with(|meeting, _| {
        meeting["agendaItem"] =
            json!([item(4, json!("10")), item(2, json!(9)), item(3, json!(11))]);
    });
    assert_eq!(agenda(&library), ["Punkt 2", "Punkt 4", "Punkt 3"]);
}

#[test]
fn without_a_main_file_the_first_pdf_is_it_and_the_report_says_so() {
    let portal = Portal::town();
    let mut paper = paper(1);
    let mut table = file(2);
    table["mimeType"] = json!("text/csv");
    paper["mainFile"] = Value::Null;
    paper["auxiliaryFile"] = json!([table, file(3), file(4)]);
    portal.list("/papers", json!([paper]));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.starts_with("1 Vorlagen ohne Hauptdatei"))
    );
    let library = read_as_guest(&council);
    let paper = the_paper(&library);
    assert_eq!(paper.main_file, Some(library.file("Datei 3").id));
    assert_eq!(
        paper.auxiliary_files,
        [library.file("Datei 2").id, library.file("Datei 4").id]
    );
}

#[test]
fn invitation_and_minutes_among_the_other_files() {
    let library = read_with(|meeting, _| {
        let named = |n, name: &str| {
            let mut file = file(n);
            file["name"] = json!(name);
            file
        };
        meeting["auxiliaryFile"] = json!([named(5, "Einladung gesamt"), named(6, "Niederschrift")]);
    });
    let meeting = the_meeting(&library);
    assert_eq!(
        meeting.invitation,
        Some(library.file("Einladung gesamt").id)
    );
    assert_eq!(
        meeting.results_protocol,
        Some(library.file("Niederschrift").id)
    );
}

#[test]
fn a_type_of_the_vendors_own_beside_the_type() {
    let portal = Portal::town();
    portal.json("/body/1", json!({"id": "BASE/body/1", "type": "gr", "Type": "https://schema.oparl.org/1.1/Body",
        "name": "Gemeinde Beispiel", "meeting": "BASE/meetings", "organization": "BASE/organizations"}));
    let council = TestCouncil::new();
    let mut request = portal.request();
    request.url = request.url.replace("/system", "/body/1");
    let report = portal.import_as(&council, &request);
    assert_eq!(report.objects["Meeting"].new, 1);
}

#[test]
fn raw_control_characters_in_a_name() {
    let portal = Portal::town();
    let list = json!({"data": [meeting(1)]})
        .to_string()
        .replace("1. Sitzung", "Sitzung\r\n\tam\u{1}Markt");
    portal.reply("/meetings", Reply::bytes(list));
    let council = TestCouncil::new();
    assert_eq!(problems(&portal.import(&council)), "");
    assert!(read_as_guest(&council).has("Sitzung\r\n\tam\u{1}Markt"));
}
