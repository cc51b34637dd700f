//! Imports that repeat themselves while the server serves.

use std::sync::Arc;
use std::sync::mpsc::channel;

use council_server::oparl::{Plan, RunReport};
use serde_json::json;

use crate::support::TestCouncil;
use crate::support::portal::Portal;

#[test]
fn a_server_follows_its_portal_and_survives_one_that_fails() {
    let good = Portal::town();
    let bad = Portal::start();
    bad.json("/system", json!({"id": "BASE/system"}));
    let council = TestCouncil::new();
    let text: String = [&good, &bad]
        .iter()
        .map(|portal| {
            format!(
                "[[import]]\nurl = \"http://{}/system\"\nevery = \"15m\"\npublic_only = true\n",
                portal.addr
            )
        })
        .collect();
    let plan = Plan::parse(&text).unwrap();
    let handle = council.serve();
    let (told, hears) = channel();
    let on_run: RunReport = Arc::new(move |url, result| {
        let _ = told.send((url.to_owned(), result.is_ok()));
    });
    let schedule = council.server.follow(&plan, &on_run).unwrap();
    let mut results = [hears.recv().unwrap(), hears.recv().unwrap()];
    results.sort_by_key(|(_, is_ok)| *is_ok);
    assert!(!results[0].1 && results[0].0.contains(&bad.addr.to_string()));
    assert!(results[1].1 && results[1].0.contains(&good.addr.to_string()));

    let runs = council.server.oparl_runs().unwrap();
    assert_eq!(runs.len(), 2, "both are remembered");
    assert_eq!(runs.iter().filter(|run| run.error.is_some()).count(), 1);
    council
        .server
        .add_person("gast", "Gast", None, &[])
        .unwrap();
    let invitation = council.server.invite("gast", false).unwrap();
    let now_at_ms = council.clock.now_at_ms();
    let mut tablet = crate::support::tablet::Tablet::pair(&handle, &invitation, now_at_ms);
    assert!(
        tablet.read_all().has("1. Sitzung"),
        "a tablet has it without anybody doing anything"
    );
    drop((schedule, on_run));
    assert!(hears.recv().is_err(), "nothing runs on");

    // A server that starts again does not ask the portals again at once.
    good.take_asked();
    let (told, hears) = channel();
    let on_run: RunReport = Arc::new(move |_, _| {
        let _ = told.send(());
    });
    let schedule = council.server.follow(&plan, &on_run).unwrap();
    drop((schedule, on_run));
    assert!(hears.recv().is_err());
    assert!(good.take_asked().is_empty());
}
