//! Recordings of real portals, where they lie beside the checkout (`shared`, or the folder that `RATSMAPPE_SHARED`
//! names); they are no part of it. Without them these tests say so in one line and check nothing.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use council_server::oparl::{OparlReport, OparlRequest};
use serde_json::{Value, json};

use crate::support::TestCouncil;
use crate::support::portal::{Portal, Reply, problems};

fn shared() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("RATSMAPPE_SHARED").map_or_else(beside, PathBuf::from);
    let is_there = folder.join("data/oparl/sdnet-1.0-huertgenwald").is_dir();
    if !is_there {
        // Past the test harness, which hides what passing tests print.
        let line = b"SKIPPED: no recordings of real portals beside the checkout, nothing checked\n";
        std::io::stderr().write_all(line).unwrap();
    }
    is_there.then_some(folder)
}

/// A recorded municipality on loopback; ends with the test.
struct Replay {
    child: Child,
    address: String,
    port: u16,
}

impl Replay {
    fn start(shared: &Path, faults: &[&str]) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        Self::start_at(shared, faults, port)
    }

    fn start_at(shared: &Path, faults: &[&str], port: u16) -> Self {
        let mut child = Command::new("python3")
            .arg(shared.join("tools/oparl_replay.py"))
            .arg("--crawl")
            .arg(shared.join("data/oparl/sdnet-1.0-huertgenwald"))
            .arg("--pdfs")
            .arg(shared.join("data/pdf/erlangen"))
            .args(["--port", &port.to_string()])
            .args(faults)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        let address = address.trim().to_owned();
        Self {
            child,
            address,
            port,
        }
    }

    fn request(&self) -> OparlRequest {
        OparlRequest {
            retry_pause_ms: 0,
            request_interval_ms: 0,
            public_only: true,
            ..OparlRequest::whole(self.address.clone())
        }
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn import(council: &TestCouncil, request: &OparlRequest) -> OparlReport {
    council
        .server
        .import_oparl_reported(request, &|_| {})
        .unwrap()
}

#[test]
fn a_faulty_portal_is_read_whole_with_patience() {
    let Some(shared) = shared() else { return };
    let faults = [
        "--fail-every",
        "7",
        "--cut-every",
        "5",
        "--html-every",
        "11",
        "--ignore-since",
    ];
    let portal = Replay::start(&shared, &faults);
    let council = TestCouncil::new();
    // Two months have some dozen files.
    let mut request = portal.request();
    (request.from, request.to) = ("2019-11-01".parse().ok(), "2019-12-31".parse().ok());
    let mut reports = vec![import(&council, &request)];
    while reports.len() < 10 && reports.last().is_some_and(|r| !r.problems.is_empty()) {
        reports.push(import(&council, &request));
    }
    let (first, last) = (&reports[0], reports.last().unwrap());
    println!(
        "{} objects kept, {} files, {} problems at first, none after {} imports",
        first.kept,
        reports.iter().map(|r| r.files.fetched).sum::<usize>(),
        first.problems.len(),
        reports.len()
    );
    assert_eq!(problems(last), "", "patience brings everything");
    assert!(first.files.fetched > 10, "{first:?}");
    assert_eq!(last.kept, first.kept, "nothing is doubled");

    // The same municipality without faults has nothing more to give.
    let port = portal.port;
    drop(portal);
    let calm = Replay::start_at(&shared, &[], port);
    let mut whole = request.clone();
    whole.full = true;
    let report = import(&council, &whole);
    assert_eq!(calm.address, request.url);
    assert!(
        report.is_unchanged && report.problems.is_empty(),
        "nothing was lost: {report:?}"
    );
}

/// Everything below `folder` that is a JSON object, or an element of a list.
fn objects_below(folder: &Path, found: &mut Vec<Vec<u8>>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            objects_below(&path, found);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        match serde_json::from_slice::<Value>(&bytes) {
            Ok(Value::Array(elements)) => {
                found.extend(elements.iter().map(|e| e.to_string().into_bytes()))
            }
            Ok(Value::Object(fields)) => match fields.get("data").and_then(Value::as_array) {
                Some(elements) => found.extend(elements.iter().map(|e| e.to_string().into_bytes())),
                None => found.push(bytes),
            },
            _ => found.push(bytes),
        }
    }
}

/// So that nobody asks the real portals for what their recordings name.
fn off_the_network(text: &str) -> String {
    let text = text.replace("https://", "http://");
    text.replace("http://", "http://127.0.0.1:9/")
}

#[test]
fn every_recorded_object_is_accepted_or_refused_with_a_reason() {
    let Some(shared) = shared() else { return };
    let lists = [
        "Organization",
        "Person",
        "Membership",
        "Meeting",
        "AgendaItem",
        "Paper",
        "Consultation",
    ];
    for vendor in ["allris-1.1-bonn", "somacos-1.1-karlsruhe"] {
        let mut objects = Vec::new();
        objects_below(&shared.join("data/oparl").join(vendor), &mut objects);
        let portal = Portal::town();
        let mut by_kind: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for object in &objects {
            let object: Value = serde_json::from_slice(object).unwrap();
            let said = object
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let kind = lists
                .into_iter()
                .find(|list| said.ends_with(list))
                .unwrap_or("Meeting");
            by_kind.entry(kind).or_default().push(object);
        }
        let mut body = json!({"id": "BASE/body/1", "type": "https://schema.oparl.org/1.1/Body", "name": "Gemeinde"});
        for (kind, objects) in by_kind {
            let field = format!("{}{}", kind[..1].to_lowercase(), &kind[1..]);
            body[field] = json!(format!("BASE/list/{kind}"));
            let text = off_the_network(&Value::Array(objects).to_string());
            portal.reply(&format!("/list/{kind}"), Reply::bytes(text));
        }
        portal.list("/bodies", json!([body]));
        let council = TestCouncil::new();
        let mut request = portal.request();
        request.no_files = true;
        let report = portal.import_as(&council, &request);
        let taken: usize = report
            .objects
            .values()
            .map(|t| t.new + t.changed + t.unchanged + t.deleted)
            .sum();
        let refused: Vec<_> = report
            .problems
            .iter()
            .filter(|p| p.reason != "keine Verbindung")
            .collect();
        println!(
            "{vendor}: {} objects sent; {taken} taken with what they hold, {} refused, {} named and not recorded",
            objects.len(),
            refused.len(),
            report.stand_ins
        );
        assert!(
            report.lists.iter().all(|list| list.is_complete),
            "{:?}",
            report.lists
        );
        assert!(
            taken + refused.len() > objects.len(),
            "each is accepted or refused: {report:?}"
        );
        assert!(
            report
                .problems
                .iter()
                .all(|p| !p.reason.is_empty() && !p.address.is_empty())
        );
    }
}

#[test]
fn every_recorded_body_can_be_imported_from() {
    let Some(shared) = shared() else { return };
    let mut bodies = Vec::new();
    objects_below(&shared.join("data/oparl/mst-testdata/bodies"), &mut bodies);
    objects_below(
        &shared.join("data/oparl/mst-testdata/oparl-missing"),
        &mut bodies,
    );
    let (mut accepted, mut refused) = (0, 0);
    let council = TestCouncil::new();
    for body in bodies {
        let portal = Portal::start();
        let text = off_the_network(&String::from_utf8(body).unwrap());
        portal.reply("/system", Reply::bytes(text));
        match council
            .server
            .import_oparl_reported(&portal.request(), &|_| {})
        {
            Ok(report) => {
                accepted += 1;
                assert!(report.objects["Body"].new == 1, "{report:?}");
                assert!(report.problems.iter().all(|p| !p.reason.is_empty()));
            }
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
        }
    }
    println!("{accepted} bodies imported from, {refused} documents refused with a reason");
    assert!(accepted > 20);
}
