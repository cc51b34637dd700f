//! `created`, `modified` and what is asked for with them; objects that are withdrawn.

use std::collections::BTreeSet;

use serde_json::Value;

use super::crawl::Citizen;
use crate::support::{DAY_MS, START_AT_MS, TestCouncil};

const RAT: &str = "meetings/2026-03-rat/meeting.toml";
/// The moments of the first import and of the one a day later.
const FIRST: &str = "2026-03-03T10:00:00+00:00";
const SECOND: &str = "2026-03-04T10:00:00+00:00";

const KINDS: [&str; 11] = [
    "body",
    "organization",
    "person",
    "membership",
    "legislativeTerm",
    "meeting",
    "agendaItem",
    "paper",
    "consultation",
    "file",
    "location",
];

/// Kind and name of everything that has changed since a moment; what has no name is named by its kind alone.
fn changed(citizen: &Citizen, since: &str) -> BTreeSet<String> {
    let since = since.replace('+', "%2B");
    let mut found = BTreeSet::new();
    for kind in KINDS {
        for object in citizen.list(&format!("/oparl/{kind}?modified_since={since}")) {
            let name = object["name"].as_str().unwrap_or_default();
            let state = if object["deleted"] == true {
                "deleted"
            } else {
                name
            };
            found.insert(format!("{kind} {state}").trim().to_owned());
        }
    }
    found
}

fn named(citizen: &Citizen, kind: &str, name: &str) -> Value {
    let list = citizen.list(&format!("/oparl/{kind}"));
    let found = list.iter().find(|object| object["name"] == name);
    found
        .unwrap_or_else(|| panic!("no {kind} {name:?}"))
        .clone()
}

#[test]
fn only_what_changed_is_new_and_what_it_stands_in() {
    let council = TestCouncil::with_folder();
    assert_eq!(council.clock.now_at_ms(), START_AT_MS);
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    council.pass_days(1);
    council.import();
    assert_eq!(
        changed(&citizen, SECOND),
        BTreeSet::new(),
        "importing the same changes nothing"
    );

    council.edit(
        RAT,
        "name = \"Neubau der Feuerwache\"",
        "name = \"Neubau der Wache\"",
    );
    council.import();
    let expected = [
        "agendaItem Neubau der Wache",
        "meeting 18. Sitzung des Stadtrats",
    ];
    assert_eq!(
        changed(&citizen, SECOND),
        BTreeSet::from(expected.map(str::to_owned))
    );
    let item = named(&citizen, "agendaItem", "Neubau der Wache");
    assert_eq!(
        (&item["created"], &item["modified"]),
        (&FIRST.into(), &SECOND.into())
    );
    let other = named(&citizen, "agendaItem", "Eröffnung");
    assert_eq!(other["modified"], FIRST);
    assert_eq!(citizen.json("/oparl/")["created"], FIRST);

    let until = SECOND.replace('+', "%2B");
    let upto = |name: &str, at: &str| {
        citizen
            .list(&format!("/oparl/agendaItem?{name}={at}"))
            .len()
    };
    let all = citizen.list("/oparl/agendaItem").len();
    assert_eq!(upto("modified_until", &FIRST.replace('+', "%2B")), all - 1);
    assert_eq!(upto("modified_until", &until), all);
    assert_eq!(upto("created_since", &until), 0);
    assert_eq!(upto("created_until", &until), all);
}

#[test]
fn a_new_version_of_a_file_is_a_change() {
    let council = TestCouncil::with_folder();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    council.pass_days(1);
    let path = council.intake().join("meetings/2026-03-rat/Lageplan.pdf");
    std::fs::write(path, crate::support::folder::pdf("Anders1", 1)).unwrap();
    council.import();
    let found = changed(&citizen, SECOND);
    assert!(found.contains("file Lageplan"), "{found:?}");
    assert!(
        found.contains("paper Neubau der Feuerwache Nord"),
        "it stands in the paper: {found:?}"
    );
    assert!(!found.contains("file Kostenberechnung"), "{found:?}");
}

#[test]
fn what_is_withdrawn_leaves_a_tombstone_without_content() {
    let council = TestCouncil::with_folder();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let item = named(&citizen, "agendaItem", "Eröffnung");
    let before = citizen.list("/oparl/agendaItem").len();
    council.pass_days(1);
    council.edit(RAT, "[[item]]\nnumber = \"1\"\nname = \"Eröffnung\"\n", "");
    council.import();

    let address = item["id"].as_str().unwrap();
    let gone = citizen.json(address);
    let expected = serde_json::json!({
        "id": address, "type": item["type"], "created": FIRST, "modified": SECOND, "deleted": true,
    });
    assert_eq!(gone, expected);
    assert_eq!(
        citizen.list("/oparl/agendaItem").len(),
        before - 1,
        "no longer listed"
    );
    let changes = citizen.list(&format!(
        "/oparl/agendaItem?modified_since={}",
        SECOND.replace('+', "%2B")
    ));
    assert!(
        changes.contains(&gone),
        "but told to those who ask what changed"
    );
    let meeting = named(&citizen, "meeting", "18. Sitzung des Stadtrats");
    assert_eq!(meeting["modified"], SECOND, "it stood in the meeting");
    assert!(!meeting.to_string().contains(address));
}

#[test]
fn what_becomes_nonpublic_is_withdrawn_with_its_files_and_may_come_back() {
    let council = TestCouncil::with_folder();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let paper = named(&citizen, "paper", "Neubau der Feuerwache Nord");
    let address = paper["id"].as_str().unwrap();
    let file = paper["mainFile"]["accessUrl"].as_str().unwrap();
    assert_eq!(citizen.get(file).status, 200);

    council.pass_days(1);
    let line = "name = \"Neubau der Feuerwache Nord\"";
    council.edit(RAT, line, &format!("{line}\npublic = false"));
    council.import();
    let gone = citizen.json(address);
    assert_eq!(gone["deleted"], true);
    assert_eq!(gone.as_object().unwrap().len(), 5, "{gone}");
    assert_eq!(citizen.get(file).status, 410);
    let everything = citizen.crawl();
    let held = everything
        .iter()
        .filter(|(_, page)| page.holds("Feuerwache Nord"));
    assert_eq!(held.count(), 0);

    council.pass_days(1);
    council.edit(
        RAT,
        "\npublic = false\ntype = \"Beschlussvorlage\"",
        "\ntype = \"Beschlussvorlage\"",
    );
    council.import();
    let back = citizen.json(address);
    assert_eq!(back["name"], "Neubau der Feuerwache Nord");
    assert_eq!(back["created"], FIRST, "it was first shown then");
    assert_eq!(council.clock.now_at_ms(), START_AT_MS + 2 * DAY_MS);
    assert_eq!(back["modified"], "2026-03-05T10:00:00+00:00");
}

#[test]
fn a_data_folder_without_stamps_begins_with_the_first_question() {
    let council = TestCouncil::with_folder();
    let database = council.tables();
    database
        .execute_batch("DELETE FROM public_stamp; DELETE FROM meta WHERE name = 'stamped_at';")
        .unwrap();
    drop(database);
    council.pass_days(1);
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    assert_eq!(citizen.json("/oparl/")["created"], SECOND);
    assert_eq!(
        named(&citizen, "agendaItem", "Eröffnung")["created"],
        SECOND
    );
}
