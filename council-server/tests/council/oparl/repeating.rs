//! Importing again: nothing doubled, nothing lost, nothing asked for in vain; and without the portal.

use serde_json::json;

use crate::support::TestCouncil;
use crate::support::portal::{Portal, file, meeting, paper, problems, read_as_guest};

#[test]
fn the_same_again_is_known_to_be_the_same() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    let first = portal.import(&council);
    assert!(!first.is_unchanged && first.added > 5);
    portal.take_asked();
    let again = portal.import(&council);
    assert!(again.is_unchanged);
    assert_eq!((again.entries, again.files.fetched), (0, 0));
    assert!(
        portal
            .take_asked()
            .iter()
            .all(|path| !path.starts_with("/files/"))
    );
    assert_eq!(again.kept, first.kept);
}

#[test]
fn a_change_without_a_new_date_is_found_by_its_content() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    portal.import(&council);
    let mut renamed = paper(1);
    renamed["name"] = json!("Vorlage 1, Neufassung");
    portal.list("/papers", json!([renamed]));
    let report = portal.import(&council);
    assert_eq!(report.objects["Paper"].changed, 1);
    let library = read_as_guest(&council);
    assert!(library.has("Vorlage 1, Neufassung") && !library.has("Vorlage 1"));
}

#[test]
fn a_file_is_fetched_again_when_it_or_its_paper_changed() {
    let portal = Portal::town();
    let mut undated = paper(1);
    undated["mainFile"]["modified"] = json!("");
    portal.list("/papers", json!([undated.clone()]));
    let council = TestCouncil::new();
    assert_eq!(portal.import(&council).files.fetched, 1);
    undated["modified"] = json!("2021-01-01T00:00:00+01:00");
    portal.list("/papers", json!([undated]));
    assert_eq!(
        portal.import(&council).files.fetched,
        1,
        "an undated file is as new as its paper"
    );
}

#[test]
fn first_without_files_then_with() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    let mut request = portal.request();
    request.no_files = true;
    let report = portal.import_as(&council, &request);
    assert_eq!(report.files.fetched, 0);
    assert!(
        portal
            .take_asked()
            .iter()
            .all(|path| !path.starts_with("/files/"))
    );
    assert_eq!(portal.import(&council).files.fetched, 1);
    let library = read_as_guest(&council);
    assert_eq!(library.file("Datei 1").page_count, Some(2));
    portal.import_as(&council, &request);
    assert!(
        read_as_guest(&council).has("Datei 1"),
        "what is there stays"
    );
}

#[test]
fn a_period_first_then_everything() {
    let portal = Portal::town();
    let mut old = meeting(2);
    old["start"] = json!("2010-02-03T18:00:00+01:00");
    let mut old_paper = paper(2);
    old_paper["mainFile"] = file(2);
    portal.list("/meetings", json!([meeting(1), old]));
    portal.list("/papers", json!([paper(1), old_paper]));
    let council = TestCouncil::new();
    let mut request = portal.request();
    request.from = "2020-01-01".parse().ok();
    portal.import_as(&council, &request);
    let library = read_as_guest(&council);
    assert!(library.has("Vorlage 1") && !library.has("2. Sitzung") && !library.has("Vorlage 2"));
    portal.import(&council);
    assert!(read_as_guest(&council).has("Vorlage 2"));
    let report = portal.import_as(&council, &request);
    assert_eq!(report.removed, 0, "a narrower period removes nothing");
}

#[test]
fn what_is_kept_can_be_mapped_again_without_the_portal() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    let mut request = portal.request();
    request.from_kept = true;
    let error = council
        .server
        .import_oparl_reported(&request, &|_| {})
        .unwrap_err();
    assert!(
        error.to_string().contains("noch nichts aufbewahrt"),
        "{error}"
    );
    portal.import(&council);
    portal.take_asked();
    let report = portal.import_as(&council, &request);
    assert_eq!((problems(&report).as_str(), report.entries), ("", 0));
    assert_eq!(portal.take_asked(), Vec::<String>::new());
}

#[test]
fn runs_are_remembered_also_those_that_failed() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    portal.import(&council);
    let run = council.server.oparl_runs().unwrap().remove(0);
    assert_eq!((run.error, run.report.added > 5), (None, true));
    portal.json("/system", json!({"id": "BASE/system"}));
    council.pass_days(1);
    council
        .server
        .import_oparl(&portal.request(), &|_| {})
        .unwrap_err();
    let runs = council.server.oparl_runs().unwrap();
    assert_eq!(runs.len(), 1, "one line for each address");
    assert!(
        runs[0]
            .error
            .as_ref()
            .unwrap()
            .contains("weder ein OParl-System")
    );
    assert_eq!(runs[0].finished_at_ms, council.clock.now_at_ms());
}

#[test]
fn files_that_a_killed_import_had_fetched_do_not_stay() {
    let portal = Portal::town();
    let council = TestCouncil::new();
    let left = council.root.path().join("data/oparl-killed");
    std::fs::create_dir(&left).unwrap();
    std::fs::write(left.join("0.part"), "%PDF-1.4").unwrap();
    portal.import(&council);
    assert!(!left.exists());
    let folders = std::fs::read_dir(council.root.path().join("data")).unwrap();
    let own = folders
        .flatten()
        .filter(|f| f.file_name().to_string_lossy().starts_with("oparl-") && f.path().is_dir());
    assert_eq!(own.count(), 0, "nor those of this one");
}
