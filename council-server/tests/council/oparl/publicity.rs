//! What does not say whether it is public is not, unless the operator says so.

use serde_json::{Value, json};

use crate::support::TestCouncil;
use crate::support::portal::{Portal, file, meeting, read_as_guest};

/// A meeting whose item says `public` as given, with invitation.
fn portal(public: Value) -> Portal {
    let portal = Portal::town();
    let mut meeting = meeting(1);
    meeting["invitation"] = file(2);
    meeting["agendaItem"][0]["public"] = public;
    portal.list("/meetings", json!([meeting]));
    portal
}

/// What a guest sees of item, paper and invitation.
fn seen(portal: &Portal, public_only: bool) -> [bool; 3] {
    let council = TestCouncil::new();
    let mut request = portal.request();
    request.public_only = public_only;
    let report = portal.import_as(&council, &request);
    let library = read_as_guest(&council);
    assert!(
        library.has("1. Sitzung"),
        "that there is a meeting is public"
    );
    let counted = report
        .notes
        .iter()
        .any(|note| note.contains("ohne Angabe „public“"));
    assert!(counted || !library.has("?"), "{report:?}");
    ["Punkt 1", "Vorlage 1", "Datei 2"].map(|name| library.has(name))
}

#[test]
fn only_what_says_public_is_public() {
    assert_eq!(seen(&portal(json!(true)), false), [true, true, true]);
    assert_eq!(seen(&portal(Value::Null), false), [false, false, false]);
    assert_eq!(seen(&portal(json!(false)), false), [false, false, false]);
}

#[test]
fn of_a_public_only_source_all_is_public_but_what_denies_it() {
    assert_eq!(seen(&portal(Value::Null), true), [true, true, true]);
    assert_eq!(seen(&portal(json!(false)), true), [false, true, true]);
}

#[test]
fn a_paper_that_nothing_names_is_not_public() {
    let portal = Portal::town();
    portal.list("/meetings", json!([]));
    assert!(!{
        let council = TestCouncil::new();
        let mut request = portal.request();
        request.public_only = false;
        portal.import_as(&council, &request);
        read_as_guest(&council).has("Vorlage 1")
    });
}

#[test]
fn a_member_reads_what_her_organization_has_nonpublic() {
    let portal = portal(Value::Null);
    let council = TestCouncil::new();
    let mut request = portal.request();
    request.public_only = false;
    portal.import_as(&council, &request);
    let handle = council.serve();
    let invitation = council.server.invite("Otto Beispiel", true).unwrap();
    let mut tablet =
        crate::support::tablet::Tablet::pair(&handle, &invitation, council.clock.now_at_ms());
    let library = tablet.read_all();
    for name in ["Punkt 1", "Vorlage 1", "Datei 1", "Datei 2"] {
        assert!(
            library.has(name),
            "{name} is missing: {:?}",
            library.names()
        );
    }
}
