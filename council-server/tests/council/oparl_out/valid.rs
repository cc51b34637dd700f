//! Every object that can be found is one of OParl 1.1, and every reference leads to what it names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use serde_json::{Value, json};

use super::crawl::{Citizen, Visit};
use super::schema::{Rule, Schema, committed, original};
use crate::support::TestCouncil;

/// What is wrong with one object, and with those embedded in it.
fn faults(schema: &Schema, pages: &BTreeMap<String, Visit>, object: &Value) -> Vec<String> {
    let Some(name) = kind_of(object) else {
        return vec![format!("no type: {object}")];
    };
    let kind = &schema[&name];
    let mut found = Vec::new();
    let is_deleted = object["deleted"] == true;
    let always = ["id", "type", "created", "modified"].map(str::to_owned);
    let required = kind.required.iter().filter(|_| !is_deleted).chain(&always);
    for property in required.filter(|property| object.get(property.as_str()).is_none()) {
        found.push(format!("{name} has no {property}"));
    }
    for (property, value) in object.as_object().unwrap() {
        let Some(rule) = kind.properties.get(property) else {
            found.push(format!("{name} knows no {property}"));
            continue;
        };
        found.extend(
            broken(schema, pages, rule, value)
                .into_iter()
                .map(|fault| format!("{name}.{property}: {fault}")),
        );
    }
    found
}

fn kind_of(object: &Value) -> Option<String> {
    let last = object["type"].as_str()?.rsplit('/').next()?;
    Some(last.to_owned())
}

fn broken(
    schema: &Schema,
    pages: &BTreeMap<String, Visit>,
    rule: &Rule,
    value: &Value,
) -> Vec<String> {
    let text = value.as_str().unwrap_or_default();
    let moment_len = "2026-03-11T17:00:00+01:00".len();
    let is_good = match rule {
        Rule::Text => !text.is_empty(),
        Rule::Texts => value
            .as_array()
            .is_some_and(|l| l.iter().all(Value::is_string)),
        Rule::Date => text.len() == 10 && text.parse::<NaiveDate>().is_ok(),
        Rule::Moment => text.len() == moment_len && DateTime::parse_from_rfc3339(text).is_ok(),
        Rule::Int => value.is_u64(),
        Rule::Bool => value.is_boolean(),
        Rule::Exactly(expected) => text == expected,
        Rule::Url(None) => pages.get(text).is_some_and(|page| page.status == 200),
        Rule::Url(Some(kind)) => leads_to(pages, text, kind),
        Rule::Urls(of) => value.as_array().is_some_and(|list| {
            let leads = |url: &Value| leads_to(pages, url.as_str().unwrap(), of.as_ref().unwrap());
            !list.is_empty() && list.iter().all(leads)
        }),
        Rule::List(kind) => pages.get(text).is_some_and(|page| {
            let page = page.json();
            let data = page["data"].as_array().unwrap();
            page["links"]["first"].is_string()
                && data.iter().all(|o| kind_of(o).as_ref() == Some(kind))
        }),
        Rule::Embedded(kind) => {
            return of_kind(schema, pages, kind, std::slice::from_ref(value));
        }
        Rule::EmbeddedList(kind) => {
            return of_kind(schema, pages, kind, value.as_array().unwrap());
        }
        Rule::Anything => true,
    };
    if is_good {
        Vec::new()
    } else {
        vec![format!("{value} is not {rule:?}")]
    }
}

fn of_kind(
    schema: &Schema,
    pages: &BTreeMap<String, Visit>,
    kind: &str,
    list: &[Value],
) -> Vec<String> {
    let mut found = Vec::new();
    for object in list {
        if kind_of(object).as_deref() != Some(kind) || object["deleted"] == true {
            found.push(format!("{object} is embedded as {kind}"));
        }
        found.extend(faults(schema, pages, object));
    }
    found
}

fn leads_to(pages: &BTreeMap<String, Visit>, url: &str, kind: &str) -> bool {
    let page = pages.get(url).filter(|page| page.status == 200);
    page.is_some_and(|page| {
        let object = page.json();
        kind_of(&object).as_deref() == Some(kind)
            && object["id"] == url
            && object["deleted"] != true
    })
}

/// Every object of every answer, also those in lists.
fn objects(pages: &BTreeMap<String, Visit>) -> Vec<Value> {
    let json = pages
        .values()
        .filter(|page| page.header("content-type") == "application/json")
        .map(Visit::json);
    json.flat_map(|json| match json.get("data") {
        Some(list) => list.as_array().unwrap().clone(),
        None => vec![json],
    })
    .collect()
}

/// A council in which every kind and every property has something to say.
fn full_council() -> TestCouncil {
    let council = TestCouncil::with_folder();
    let meeting = "meetings/2026-03-rat/meeting.toml";
    council.edit(
        meeting,
        "room = \"Ratssaal\"",
        "room = \"Ratssaal\"\nlocation = \"Markt 1\"",
    );
    council.edit(
        meeting,
        "originator = \"Dezernat II\"",
        "originator = \"Dezernat II\"\nvillages = [\"Oberdorf\"]",
    );
    council.edit(
        meeting,
        "number = \"2\"",
        "number = \"2\"\nresult = \"angenommen\"",
    );
    council.edit(
        "council.toml",
        "form_of_address = \"Frau\"",
        "form_of_address = \"Frau\"\ntitle = \"Dr.\"",
    );
    council.import();
    council
}

#[test]
fn everything_is_valid_and_every_reference_leads_somewhere() {
    let council = full_council();
    let handle = super::open(&council);
    let pages = Citizen::new(&handle).crawl();
    let objects = objects(&pages);
    let kinds: BTreeSet<String> = objects.iter().filter_map(kind_of).collect();
    let committed = committed();
    let expected: BTreeSet<String> = committed.keys().cloned().collect();
    assert_eq!(kinds, expected, "each kind is there");
    for schema in [Some(committed), original()].into_iter().flatten() {
        let found: Vec<String> = objects
            .iter()
            .flat_map(|object| faults(&schema, &pages, object))
            .collect();
        assert_eq!(found, Vec::<String>::new());
    }
    for (address, page) in &pages {
        assert_eq!(page.status, 200, "{address}");
        assert_eq!(page.header("access-control-allow-origin"), "*", "{address}");
    }
}

#[test]
fn withdrawn_objects_are_valid_too() {
    let council = full_council();
    std::fs::remove_dir_all(council.intake().join("meetings/2026-03-rat")).unwrap();
    council.edit(
        "meetings/2026-03-bau/meeting.toml",
        "paper = \"2026/184\"",
        "",
    );
    council.edit(
        "meetings/2026-03-bau/meeting.toml",
        "paper = \"2026/190\"",
        "",
    );
    council.import();
    let handle = super::open(&council);
    let pages = Citizen::new(&handle).crawl();
    let gone: Vec<Value> = objects(&pages)
        .into_iter()
        .filter(|object| object["deleted"] == true)
        .collect();
    let kinds: BTreeSet<String> = gone.iter().filter_map(kind_of).collect();
    for kind in [
        "Meeting",
        "AgendaItem",
        "Consultation",
        "Paper",
        "File",
        "Location",
    ] {
        assert!(kinds.contains(kind), "{kind} among {kinds:?}");
    }
    for schema in [Some(committed()), original()].into_iter().flatten() {
        for object in &gone {
            assert_eq!(faults(&schema, &pages, object), Vec::<String>::new());
            let fields: Vec<&String> = object.as_object().unwrap().keys().collect();
            assert_eq!(
                fields,
                ["created", "deleted", "id", "modified", "type"],
                "no content"
            );
        }
    }
}

#[test]
fn the_check_finds_what_is_wrong() {
    let schema = committed();
    let pages = BTreeMap::new();
    let wrong = json!({
        "id": "https://rat.example/oparl/agendaItem/1", "type": "https://schema.oparl.org/1.1/AgendaItem",
        "created": "2026-03-11", "modified": "2026-03-11T17:00:00+01:00", "public": "ja", "secret": 1,
        "auxiliaryFile": [{"id": "x", "type": "https://schema.oparl.org/1.1/Paper"}],
    });
    let found = faults(&schema, &pages, &wrong).join("\n");
    for expected in [
        "AgendaItem has no order",
        "AgendaItem.id",
        "AgendaItem.created",
        "AgendaItem.public",
        "AgendaItem knows no secret",
        "is embedded as File",
    ] {
        assert!(found.contains(expected), "{expected} in\n{found}");
    }
}
