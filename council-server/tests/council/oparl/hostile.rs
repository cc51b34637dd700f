//! Portals that mean harm, or behave as if: what is huge, deep, packed, endless, or leads elsewhere.

use serde_json::json;

use crate::support::TestCouncil;
use crate::support::portal::{Portal, Reply, meeting, problems, read_as_guest};

/// What an import says where `/meeting/2` answers `reply`; the first meeting is there whatever happens.
fn said_of(reply: Reply) -> String {
    let portal = Portal::town();
    portal.list("/meetings", json!([meeting(1), "BASE/meeting/2"]));
    portal.reply("/meeting/2", reply);
    let council = TestCouncil::new();
    let said = problems(&portal.import(&council));
    assert!(read_as_guest(&council).has("1. Sitzung"));
    said
}

#[test]
fn an_object_of_ten_megabytes_is_taken() {
    let mut huge = meeting(2);
    huge["vendor:log"] = json!("x".repeat(10 << 20));
    assert_eq!(said_of(Reply::json(&huge)), "");
}

#[test]
fn a_name_of_a_megabyte_hides_no_other_object() {
    let portal = Portal::town();
    let mut wordy = meeting(2);
    wordy["name"] = json!("Sitzung ".repeat(1 << 17));
    portal.list("/meetings", json!([wordy, meeting(1)]));
    let council = TestCouncil::new();
    assert_eq!(problems(&portal.import(&council)), "");
    assert!(read_as_guest(&council).has("1. Sitzung"));
}

#[test]
fn what_is_too_deep_too_big_or_packed_is_refused_with_its_reason() {
    let deep = format!(
        "{{\"id\": {}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let nested = format!(
        "{}1{}",
        "{\"agendaItem\": ".repeat(100_000),
        "}".repeat(100_000)
    );
    // With the beginning of a PDF the portal sends it as it is.
    let huge = [b"%PDF".to_vec(), vec![b' '; 33 << 20]].concat();
    let redirect = |head| Reply {
        status: "302 Found",
        head,
        ..Reply::bytes("")
    };
    for (reply, reason) in [
        (Reply::bytes(deep), "kein JSON"),
        (Reply::bytes(nested), "kein JSON"),
        (Reply::bytes(huge), "die Antwort ist zu groß"),
        (
            Reply {
                head: "Content-Encoding: gzip\r\n",
                ..Reply::bytes(b"\x1f\x8b\x08\x00 bomb".as_slice())
            },
            "die Antwort kam gepackt",
        ),
        (
            redirect("Location: file:///etc/passwd\r\n"),
            "Weiterleitung ohne brauchbares Ziel (Antwort 302)",
        ),
        (
            redirect("Location: /meeting/2\r\n"),
            "zu viele Weiterleitungen",
        ),
    ] {
        let said = said_of(reply);
        assert!(said.contains(&format!("/meeting/2: {reason}")), "{said}");
    }
}

#[test]
fn objects_that_hold_each_other_deeper_than_oparl_knows_are_asked_for_singly() {
    let portal = Portal::town();
    let mut inner = json!({"id": "BASE/paper/99", "name": "Innerste"});
    portal.json("/paper/99", inner.clone());
    for n in (70..99).rev() {
        inner = json!({"id": format!("BASE/consultation/{n}"), "paper": inner});
        inner = json!({"id": format!("BASE/paper/{n}"), "name": format!("Tiefe {n}"), "consultation": [inner]});
    }
    portal.list("/papers", json!([inner]));
    let council = TestCouncil::new();
    let report = portal.import(&council);
    assert!(
        report.objects["Paper"].new >= 8,
        "so deep they are taken as they are: {report:?}"
    );
    let said = problems(&report);
    assert!(said.contains("/consultation/78: Antwort 404"), "{said}");
}

#[test]
fn a_next_page_on_another_host_is_read_or_listed() {
    let (portal, other) = (Portal::town(), Portal::start());
    let elsewhere = format!("http://{}/meetings", other.addr);
    portal.page("/meetings", json!([meeting(1)]), &elsewhere);
    other.page(
        "/meetings",
        json!([meeting(2)]),
        "http://127.0.0.1:9/meetings",
    );
    let council = TestCouncil::new();
    let report = portal.import(&council);
    let said = problems(&report);
    assert!(
        said.contains("http://127.0.0.1:9/meetings: keine Verbindung"),
        "{said}"
    );
    let library = read_as_guest(&council);
    assert!(
        library.has("1. Sitzung") && library.has("2. Sitzung"),
        "{:?}",
        library.names()
    );
    portal.page("/meetings", json!([meeting(1)]), "file:///etc/passwd");
    let report = portal.import(&council);
    assert!(
        problems(&report).contains("file:///etc/passwd: keine http- oder https-Adresse"),
        "{}",
        problems(&report)
    );
}
