//! Recordings of real portals, read object by object without any network: each is accepted, or refused with a reason.
//! They lie beside the checkout (`shared`, or the folder that `RATSMAPPE_SHARED` names) and are no part of it; without
//! them the test says so and checks nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::map::{self, Object};
use super::place::Coordinates;
use super::reach::Reach;
use super::shape::Kind;
use super::split::{Found, Piece, split};
use super::{client, json, lists, read, remote};

/// What became of the objects of a recording.
#[derive(Debug, Default)]
struct Count {
    documents: usize,
    /// As they stood in documents and lists.
    sent: usize,
    /// The same, and what they held.
    accepted: usize,
    deleted: usize,
    /// By reason.
    refused: BTreeMap<String, usize>,
    coordinates: usize,
    swapped: usize,
}

impl Count {
    fn refuse(&mut self, reason: &str) {
        assert!(!reason.is_empty(), "a refusal has a reason");
        *self.refused.entry(reason.to_owned()).or_default() += 1;
    }

    fn refused(&self) -> usize {
        self.refused.values().sum()
    }

    fn document(&mut self, path: &Path, bytes: &[u8]) {
        self.documents += 1;
        let value = match json::parse(bytes) {
            Ok(value) => value,
            Err(fault) => return self.refuse(&fault.to_string().replace(char::is_numeric, "")),
        };
        let base = "https://recorded.example/";
        let elements = match lists::elements_of(value) {
            Some(elements) => elements,
            None => return self.refuse("weder Liste noch Objekt"),
        };
        for element in elements {
            self.sent += 1;
            let before = self.accepted + self.deleted + self.refused();
            self.element(element, kind_of(path), base);
            let after = self.accepted + self.deleted + self.refused();
            assert!(
                after > before,
                "an object of {} came to nothing",
                path.display()
            );
        }
    }

    fn element(&mut self, element: Value, expected: Kind, base: &str) {
        if read::is_a(&element, "System") {
            let body = read::text(&element, "body").filter(|body| client::parse(body).is_some());
            match body {
                Some(_) => self.accepted += 1,
                None => self.refuse("System ohne Körperschaften"),
            }
            return;
        }
        let found = Found {
            base,
            home: "recorded.example",
        };
        match split(element, expected, found) {
            Ok(pieces) => pieces.into_iter().for_each(|piece| self.piece(piece)),
            Err(refused) => self.refuse(refused.reason),
        }
    }

    fn piece(&mut self, piece: Piece) {
        assert!(!piece.path.is_empty() && !piece.url.is_empty());
        for field in &piece.odd {
            self.refuse(&format!("{field}: weder Objekt noch Adresse"));
        }
        if piece.is_deleted {
            self.deleted += 1;
            return;
        }
        match Coordinates::of(&piece.value) {
            Coordinates::None => {}
            Coordinates::AsDemanded(_) => self.coordinates += 1,
            Coordinates::Swapped(_) => self.swapped += 1,
            Coordinates::Unusable => self.refuse("Koordinaten außerhalb Deutschlands"),
        }
        let object = Object {
            path: piece.path,
            value: piece.value,
            modified: piece.modified,
        };
        let home = "recorded.example";
        let verdict = match piece.kind {
            Kind::Body => map::body(&object.value)
                .map(drop)
                .ok_or("Körperschaft ohne Namen"),
            Kind::Organization => map::organization(&object, None).map(drop),
            Kind::Person => map::person(&object).map(drop),
            Kind::Membership => map::membership(&object, home).map(drop),
            Kind::Meeting => map::meeting(&object, None, home).map(drop),
            Kind::Paper => map::paper(&object, None, Vec::new()).map(drop),
            Kind::File => remote::file(&object).map(drop),
            Kind::AgendaItem | Kind::Consultation | Kind::LegislativeTerm | Kind::Location => {
                Ok(())
            }
        };
        match verdict {
            Ok(()) => self.accepted += 1,
            Err(reason) => self.refuse(reason),
        }
    }
}

/// What a document holds where it does not say so itself.
fn kind_of(path: &Path) -> Kind {
    let path = path.to_string_lossy().to_lowercase();
    let kinds = [
        ("body.json", Kind::Body),
        ("bodies", Kind::Body),
        ("membership", Kind::Membership),
        ("organization", Kind::Organization),
        ("person", Kind::Person),
        ("agendaitem", Kind::AgendaItem),
        ("consultation", Kind::Consultation),
        ("paper", Kind::Paper),
        ("file", Kind::File),
    ];
    let named = kinds.iter().find(|(name, _)| path.contains(name));
    named.map_or(Kind::Meeting, |(_, kind)| *kind)
}

fn documents_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            documents_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Past the test harness, which hides what passing tests print.
fn say(line: &str) {
    let line = format!("{line}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

#[test]
fn every_object_of_every_recording_is_accepted_or_refused_with_a_reason() {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("RATSMAPPE_SHARED").map_or_else(beside, PathBuf::from);
    let data = shared.join("data");
    if !data.join("oparl").is_dir() {
        say("SKIPPED: no recordings of real portals beside the checkout, nothing checked");
        return;
    }
    for recording in [
        "sdnet-1.0-huertgenwald",
        "allris-1.1-bonn",
        "somacos-1.1-karlsruhe",
        "mst-testdata",
    ] {
        let mut paths = Vec::new();
        documents_below(&data.join("oparl").join(recording), &mut paths);
        let mut count = Count::default();
        for path in &paths {
            count.document(path, &std::fs::read(path).unwrap());
        }
        say(&format!("{recording}: {count:?}"));
        assert!(
            count.sent > 50 && count.accepted > count.refused(),
            "{recording}"
        );
    }
    let endpoints = std::fs::read_to_string(data.join("endpoints/endpoints.yml")).unwrap();
    let urls = endpoints.lines().filter_map(|line| {
        let line = line.trim_start_matches([' ', '-']);
        line.strip_prefix("url:").map(str::trim)
    });
    let mut asked = 0;
    for url in urls {
        let parsed = client::parse(url);
        let is_asked = parsed.is_some_and(|url| Reach::PublicOnly.check(&url).is_ok());
        assert!(is_asked, "{url} is an address that can be imported from");
        asked += 1;
    }
    say(&format!("{asked} known portals can be asked"));
    assert!(asked > 100);
}
