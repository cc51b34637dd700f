//! What OParl 1.1 demands of each property: as committed facts, and as read from OParl's own schema files.
//! Source: OParl 1.1.1, folder `schema`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The properties that the interface offers. `!`: required by the schema.
const FACTS: &str = "
System: id! url, type! =System, oparlVersion! =, body! list Body, name text
Body: id! url, type! =Body, system url System, name! text, contactName text, organization! list Organization,
  person! list Person, meeting! list Meeting, paper! list Paper, legislativeTerm! objects LegislativeTerm,
  agendaItem list AgendaItem, consultation list Consultation, file list File, locationList list Location,
  legislativeTermList list LegislativeTerm, membership list Membership
Organization: id! url, type! =Organization, body url Body, name text, membership urls Membership, shortName text,
  organizationType text, classification text, startDate date, endDate date
Person: id! url, type! =Person, body url Body, name text, formOfAddress text, title texts,
  membership objects Membership
Membership: id! url, type! =Membership, person url Person, organization url Organization, role text,
  votingRight bool, startDate date, endDate date
LegislativeTerm: id! url, type! =LegislativeTerm, body url Body, name text, startDate date, endDate date
Meeting: id! url, type! =Meeting, name text, cancelled bool, start moment, end moment, location object Location,
  organization urls Organization, invitation object File, resultsProtocol object File, auxiliaryFile objects File,
  agendaItem objects AgendaItem
AgendaItem: id! url, type! =AgendaItem, meeting url Meeting, number text, order! int, name text, public bool,
  consultation url Consultation, result text, resolutionText text, auxiliaryFile objects File
Paper: id! url, type! =Paper, body url Body, name text, reference text, date date, paperType text,
  mainFile object File, auxiliaryFile objects File, location objects Location, consultation objects Consultation
Consultation: id! url, type! =Consultation, paper url Paper, agendaItem url AgendaItem, meeting url Meeting,
  organization urls Organization, authoritative bool, role text
File: id! url, type! =File, name text, fileName text, mimeType text, date date, size int, accessUrl! url,
  downloadUrl url, meeting urls Meeting, agendaItem urls AgendaItem, paper urls Paper
Location: id! url, type! =Location, description text, room text, subLocality text, meetings urls Meeting,
  papers urls Paper
";

/// What a property must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    Text,
    Texts,
    Date,
    Moment,
    Int,
    Bool,
    Exactly(String),
    /// An address; of an object of this kind, where one is named.
    Url(Option<String>),
    Urls(Option<String>),
    /// The address of an external list.
    List(String),
    Embedded(String),
    EmbeddedList(String),
    Anything,
}

#[derive(Clone, Debug, Default)]
pub struct Kind {
    pub required: Vec<String>,
    pub properties: BTreeMap<String, Rule>,
}

/// By the last part of `type`.
pub type Schema = BTreeMap<String, Kind>;

/// The committed facts.
pub fn committed() -> Schema {
    let mut schema = Schema::new();
    for line in FACTS.trim().replace("\n  ", " ").lines() {
        let (name, facts) = line.split_once(": ").unwrap();
        let mut kind = Kind::default();
        let common = "created moment, modified moment, deleted bool";
        for fact in format!("{facts}, {common}").split(", ") {
            let mut words = fact.split_whitespace();
            let property = words.next().unwrap();
            let rule = (words.next().unwrap(), words.next().map(str::to_owned));
            let rule = match rule {
                ("text", _) => Rule::Text,
                ("texts", _) => Rule::Texts,
                ("date", _) => Rule::Date,
                ("moment", _) => Rule::Moment,
                ("int", _) => Rule::Int,
                ("bool", _) => Rule::Bool,
                ("url", of) => Rule::Url(of),
                ("urls", of) => Rule::Urls(of),
                ("list", Some(of)) => Rule::List(of),
                ("object", Some(of)) => Rule::Embedded(of),
                ("objects", Some(of)) => Rule::EmbeddedList(of),
                (exactly, _) => {
                    let last = exactly.strip_prefix('=').unwrap();
                    Rule::Exactly(format!("https://schema.oparl.org/1.1/{last}"))
                }
            };
            let property = match property.strip_suffix('!') {
                Some(required) => {
                    kind.required.push(required.to_owned());
                    required
                }
                None => property,
            };
            kind.properties.insert(property.to_owned(), rule);
        }
        schema.insert(name.to_owned(), kind);
    }
    schema
}

/// OParl's own schema, where it lies beside the checkout (`shared`, or the folder that `RATSMAPPE_SHARED` names).
#[allow(
    clippy::print_stdout,
    reason = "whoever reads the log shall know what was not checked"
)]
pub fn original() -> Option<Schema> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("RATSMAPPE_SHARED").map_or_else(beside, PathBuf::from);
    let folder = shared.join("data/spec-1.1.1/schema");
    if folder.is_dir() {
        Some(read(&folder))
    } else {
        println!("no OParl schema beside the checkout: only the committed facts are checked");
        None
    }
}

fn read(folder: &Path) -> Schema {
    let mut schema = Schema::new();
    for name in committed().keys() {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let required = json["required"].as_array().unwrap().iter();
        let properties = json["properties"].as_object().unwrap().iter();
        let kind = Kind {
            required: required.map(|r| r.as_str().unwrap().to_owned()).collect(),
            properties: properties.map(|(n, p)| (n.clone(), rule(p))).collect(),
        };
        schema.insert(name.clone(), kind);
    }
    schema
}

fn rule(property: &Value) -> Rule {
    let items = &property["items"];
    let of = [&property["references"], &items["references"]]
        .into_iter()
        .find_map(|r| r.as_str().map(str::to_owned));
    let file = |value: &Value| {
        let name = value["schema"].as_str()?;
        Some(name.trim_end_matches(".json").to_owned())
    };
    match (
        property["type"].as_str().unwrap(),
        property["format"].as_str(),
    ) {
        ("string", _) if property["pattern"].is_string() => {
            let pattern = property["pattern"].as_str().unwrap().replace('\\', "");
            let pattern = pattern.replace("(0|1)", "1");
            Rule::Exactly(pattern.trim_matches(['^', '$']).to_owned())
        }
        ("string", Some("url")) if of.as_deref() == Some("externalList") => {
            Rule::List(file(items).unwrap())
        }
        ("string", Some("url")) => Rule::Url(of),
        ("string", Some("date")) => Rule::Date,
        ("string", Some("date-time")) => Rule::Moment,
        ("string", None) => Rule::Text,
        ("integer", _) => Rule::Int,
        ("boolean", _) => Rule::Bool,
        ("object", _) => file(property).map_or(Rule::Anything, Rule::Embedded),
        ("array", _) => match (file(items), items["format"].as_str()) {
            (Some(kind), _) => Rule::EmbeddedList(kind),
            (None, Some("url")) => Rule::Urls(of),
            (None, _) => Rule::Texts,
        },
        other => panic!("a kind of property that this check does not know: {other:?}"),
    }
}

#[test]
fn the_committed_facts_are_those_of_the_schema() {
    let committed = committed();
    assert_eq!(committed.len(), 12);
    let Some(original) = original() else { return };
    for (name, facts) in &committed {
        let kind = &original[name];
        let mut required = (facts.required.clone(), kind.required.clone());
        required.0.sort();
        required.1.sort();
        assert_eq!(required.0, required.1, "{name}");
        for (property, rule) in &facts.properties {
            assert_eq!(
                kind.properties.get(property),
                Some(rule),
                "{name}.{property}"
            );
        }
    }
}
