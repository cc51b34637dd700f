//! A whole municipality: what is there is published, what is broken is listed, the rest is left alone.

use std::sync::Mutex;

use council_server::oparl::OparlRequest;
use serde_json::{Value, json};

use crate::support::portal::{Portal, Reply, read_as_guest};
use crate::support::{TestCouncil, folder};

fn portal() -> Portal {
    let portal = Portal::start();
    for path in [
        "/system",
        "/bodies",
        "/organizations",
        "/organization/1",
        "/persons",
        "/membership/1",
        "/meetings",
        "/meetings?page=2",
        "/consultation/1",
        "/papers",
    ] {
        portal.json(path, answer(path).unwrap());
    }
    for path in ["/files/main.pdf", "/files/again.pdf"] {
        portal.reply(path, Reply::bytes(folder::pdf("Hebesatzsatzung", 2)));
    }
    portal.reply(
        "/files/page.pdf",
        Reply::bytes("<!DOCTYPE html><title>Anmelden</title>"),
    );
    portal
}

/// The meetings of 2020.
fn request(portal: &Portal) -> OparlRequest {
    OparlRequest {
        from: "2020-01-01".parse().ok(),
        to: "2020-12-31".parse().ok(),
        ..portal.request()
    }
}

fn answer(path: &str) -> Option<Value> {
    let file = |id: &str, url: &str, name: &str| {
        json!({"id": format!("BASE/file/{id}"), "type": "https://schema.oparl.org/1.0/File", "name": name, "mimeType": "pdf",
               "modified": "2020-01-01T00:00:00+01:00", "downloadUrl": "", "accessUrl": format!("BASE/files/{url}")})
    };
    let list = |data: Value, next: Option<&str>| match next {
        Some(next) => json!({"data": data, "links": {"next": format!("BASE{next}")}}),
        None => json!({"data": data, "links": {}}),
    };
    let value = match path {
        "/system" => {
            json!({"id": "BASE/system", "type": "https://schema.oparl.org/1.0/System", "body": "BASE/bodies"})
        }
        "/bodies" => list(
            json!([{"id": "BASE/body/1", "type": "https://schema.oparl.org/1.0/Body", "name": "Gemeinde Beispiel",
            "contactEmail": "rat@example.org", "organization": "BASE/organizations", "person": "BASE/persons",
            "meeting": "BASE/meetings", "paper": "BASE/papers",
            "legislativeTerm": [{"id": "BASE/term/1", "name": "2020–2025", "startDate": "2020-01-01"}]}]),
            None,
        ),
        "/organizations" => list(
            json!(["BASE/organization/1", {"id": "BASE/organization/2"}]),
            None,
        ),
        "/organization/1" => {
            json!({"id": "BASE/organization/1", "name": "Gemeinderat", "organizationType": "Gremium"})
        }
        "/persons" => list(
            json!([{"id": "BASE/person/1", "name": "Herr Otto Beispiel", "givenName": "Otto", "familyName": "Beispiel",
            "title": ["Dr."], "membership": ["BASE/membership/1", "BASE/membership/404"]}]),
            None,
        ),
        "/membership/1" => {
            json!({"id": "BASE/membership/1", "organization": "BASE/organization/1", "role": "Mitglied"})
        }
        "/meetings" => list(
            json!([
            {"id": "BASE/meeting/1", "name": "1. Sitzung", "start": "2020-02-03T18:00:00+01:00", "organization": ["BASE/organization/1"],
             "location": {"room": "Ratssaal", "streetAddress": "Markt 1", "locality": "Beispiel"},
             "invitation": file("inv", "main.pdf", "Bekanntmachung"),
             "agendaItem": [
                {"id": "BASE/item/2", "number": "2", "order": 2, "name": "Hebesatzsatzung", "consultation": "BASE/consultation/1",
                 "resolutionFile": file("bad", "page.pdf", "Beschlusstext")},
                {"id": "BASE/item/1", "number": "1", "order": 1, "name": "Eröffnung"},
                "BASE/item/404"]},
            "BASE/meeting/404"]),
            Some("/meetings?page=2"),
        ),
        "/meetings?page=2" => list(
            json!([
            {"id": "BASE/meeting/2", "name": "Vorjahr", "start": "2019-02-03T18:00:00+01:00", "organization": ["BASE/organization/1"],
             "invitation": file("old", "old.pdf", "Alt")},
            {"id": "BASE/meeting/3", "deleted": true}]),
            Some("/meetings"),
        ),
        // Like SD.NET: the consultation does not name its paper, only the paper names the consultation.
        "/consultation/1" => json!({"id": "BASE/consultation/1", "role": "Entscheidung"}),
        "/papers" => list(
            json!([{"id": "BASE/paper/1", "name": "Hebesatzsatzung 2020", "reference": "1/2020", "paperType": "Beschlussvorlage",
            "underDirectionOf": ["BASE/organization/1"], "mainFile": file("main", "main.pdf", "Vorlage"),
            "auxiliaryFile": [file("aux", "again.pdf", "Anlage")],
            "consultation": [{"id": "BASE/consultation/1", "agendaItem": "BASE/item/2"}]}]),
            None,
        ),
        _ => return None,
    };
    Some(value)
}

#[test]
fn a_municipality_is_imported_and_bad_objects_are_listed() {
    let portal = portal();
    let council = TestCouncil::new();
    let lines = Mutex::new(Vec::new());
    let outcome = council
        .server
        .import_oparl(&request(&portal), &|line| {
            lines.lock().unwrap().push(line.to_owned())
        })
        .unwrap();
    let problems = outcome.problems.join("\n");
    for expected in [
        "/membership/404: Antwort 404",
        "/meeting/404: Antwort 404",
        "/item/404: Antwort 404",
        "/organization/2: Gremium ohne Namen",
        "/files/page.pdf: statt der Datei kam etwas anderes",
        "die Liste führt im Kreis",
    ] {
        assert!(
            problems.contains(expected),
            "{expected:?} is missing in:\n{problems}"
        );
    }
    assert_eq!(outcome.problems.len(), 6, "{problems}");
    assert!(
        !lines.lock().unwrap().is_empty(),
        "an import tells how far it is"
    );

    let library = read_as_guest(&council);
    for name in [
        "Gemeinde Beispiel",
        "Gemeinderat",
        "Otto Beispiel",
        "1. Sitzung",
        "Hebesatzsatzung 2020",
        "Anlage",
    ] {
        assert!(
            library.has(name),
            "{name} is missing: {:?}",
            library.names()
        );
    }
    for name in ["Vorjahr", "Beschlusstext"] {
        assert!(!library.has(name), "{name} has no place here");
    }
    assert_eq!(library.file("Vorlage").page_count, Some(2));
}

#[test]
fn what_did_not_change_is_neither_fetched_nor_published_again() {
    let portal = portal();
    let council = TestCouncil::new();
    council
        .server
        .import_oparl(&request(&portal), &|_| {})
        .unwrap();
    portal.take_asked();
    let again = council
        .server
        .import_oparl(&request(&portal), &|_| {})
        .unwrap();
    assert_eq!(
        (again.added, again.changed, again.removed, again.entries),
        (0, 0, 0, 0)
    );
    let asked = portal.take_asked();
    let fetched: Vec<&String> = asked
        .iter()
        .filter(|path| path.starts_with("/files/main"))
        .collect();
    assert!(
        fetched.is_empty(),
        "a file with the same `modified` is spared: {fetched:?}"
    );
}

#[test]
fn an_oparl_import_and_a_folder_leave_each_other_alone() {
    let portal = portal();
    let council = TestCouncil::with_folder();
    council
        .server
        .import_oparl(&request(&portal), &|_| {})
        .unwrap();
    let again = council.import();
    assert_eq!(
        again.removed, 0,
        "a complete folder removes only what a folder brought"
    );
}

#[test]
fn addresses_that_lead_nowhere_are_named() {
    let portal = portal();
    let council = TestCouncil::new();
    for (url, says) in [
        (
            "ftp://example.org/oparl".to_owned(),
            "keine http- oder https-Adresse",
        ),
        (
            format!("http://{}/nothing", portal.addr),
            "antwortet nicht brauchbar: Antwort 404",
        ),
        (
            format!("http://{}/organization/1", portal.addr),
            "weder ein OParl-System",
        ),
    ] {
        let request = OparlRequest {
            url,
            ..request(&portal)
        };
        let error = council.server.import_oparl(&request, &|_| {}).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}
