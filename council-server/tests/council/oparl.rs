//! The import over OParl, against a small server with the habits of several vendors.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use council_server::oparl::OparlRequest;
use serde_json::{Value, json};

use crate::support::tablet::Tablet;
use crate::support::{START_AT_MS, TestCouncil, folder};

/// Answers from a table; counts requests.
struct Portal {
    addr: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Portal {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = log.clone();
                std::thread::spawn(move || serve(stream, addr, &log));
            }
        });
        Self { addr, asked }
    }

    fn request(&self) -> OparlRequest {
        OparlRequest {
            retry_pause_ms: 0,
            request_interval_ms: 0,
            public_only: true,
            ..OparlRequest::new(
                format!("http://{}/system", self.addr),
                "2020-01-01".parse().unwrap(),
                "2020-12-31".parse().unwrap(),
            )
        }
    }
}

fn serve(mut stream: TcpStream, addr: SocketAddr, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap_or(0) > 2 {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    log.lock().unwrap().push(path.clone());
    let (status, body) = match path.as_str() {
        "/files/main.pdf" | "/files/again.pdf" => ("200 OK", folder::pdf("Hebesatzsatzung", 2)),
        "/files/page.pdf" => ("200 OK", b"<!DOCTYPE html><title>Anmelden</title>".to_vec()),
        path => match answer(path) {
            Some(value) => (
                "200 OK",
                value
                    .to_string()
                    .replace("BASE", &format!("http://{addr}"))
                    .into_bytes(),
            ),
            None => ("404 Not Found", b"{}".to_vec()),
        },
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body).unwrap();
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
    let portal = Portal::start();
    let council = TestCouncil::new();
    let lines = Mutex::new(Vec::new());
    let outcome = council
        .server
        .import_oparl(&portal.request(), &|line| {
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

    council
        .server
        .add_person("gast", "Gast der Ratsmappe", None, &[])
        .unwrap();
    let handle = council.serve();
    let invitation = council.server.invite("gast", false).unwrap();
    let mut tablet = Tablet::pair(&handle, &invitation, START_AT_MS);
    let library = tablet.read_all();
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
    let portal = Portal::start();
    let council = TestCouncil::new();
    council
        .server
        .import_oparl(&portal.request(), &|_| {})
        .unwrap();
    portal.asked.lock().unwrap().clear();
    let again = council
        .server
        .import_oparl(&portal.request(), &|_| {})
        .unwrap();
    assert_eq!(
        (again.added, again.changed, again.removed, again.entries),
        (0, 0, 0, 0)
    );
    let asked = portal.asked.lock().unwrap();
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
    let portal = Portal::start();
    let council = TestCouncil::with_folder();
    council
        .server
        .import_oparl(&portal.request(), &|_| {})
        .unwrap();
    let again = council.import();
    assert_eq!(
        again.removed, 0,
        "a complete folder removes only what a folder brought"
    );
}

#[test]
fn addresses_that_lead_nowhere_are_named() {
    let portal = Portal::start();
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
            ..portal.request()
        };
        let error = council.server.import_oparl(&request, &|_| {}).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}
