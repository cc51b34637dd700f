//! How the interface answers: where it is, who may ask, what a page holds, what an error looks like.

use std::net::SocketAddr;

use council_server::{ServeOptions, ServerError};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::crawl::Citizen;
use crate::support::TestCouncil;

#[test]
fn it_is_off_until_the_operator_turns_it_on() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let citizen = Citizen::new(&handle);
    for path in ["/oparl", "/oparl/", "/oparl/paper"] {
        assert_eq!(citizen.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    drop(handle);
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let system = citizen.json("/oparl/");
    assert_eq!(system["oparlVersion"], "https://schema.oparl.org/1.1/");
    assert_eq!(system["name"], "Stadt Beispielhausen");
    let moved = citizen.get("/oparl");
    assert_eq!(moved.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(moved.header("location"), system["id"]);
}

#[test]
fn addresses_come_from_the_configuration_and_never_from_the_request() {
    let council = TestCouncil::with_folder();
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let serve = |listen, public_url: Option<&str>| {
        let options = ServeOptions {
            oparl: true,
            public_url: public_url.map(str::to_owned),
            ..ServeOptions::default()
        };
        council.server.serve_with(listen, options)
    };
    let handle = serve(listen, Some("https://rat.example/")).unwrap();
    let citizen = Citizen::new(&handle);
    let headers = [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
    ];
    let system = citizen.ask(Method::GET, "/oparl/", &headers);
    assert_eq!(system.json()["id"], "https://rat.example/oparl/");
    assert_eq!(system.json()["body"], "https://rat.example/oparl/body");
    drop(handle);

    let handle = serve(listen, None).unwrap();
    let citizen = Citizen::new(&handle);
    let system = citizen.ask(Method::GET, "/oparl/", &[("host", "evil.example")]);
    assert_eq!(system.json()["id"], format!("{}/oparl/", handle.url()));
    assert!(!system.holds("evil.example"));
    for bad in ["rat.example", "https://rat.example/?x=1"] {
        assert!(
            matches!(serve(listen, Some(bad)), Err(ServerError::PublicUrl)),
            "{bad}"
        );
    }
}

#[test]
fn pages_are_complete_and_stable() {
    let council = TestCouncil::with_folder();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    for kind in ["organization", "person", "agendaItem", "membership", "file"] {
        let whole = citizen.list(&format!("/oparl/{kind}"));
        assert!(whole.len() >= 2, "{kind}");
        assert_eq!(
            citizen.list(&format!("/oparl/{kind}?limit=1")),
            whole,
            "{kind}"
        );
        assert_eq!(
            citizen.list(&format!("/oparl/{kind}?limit=2")),
            whole,
            "{kind}"
        );
    }
    let query = "limit=2&modified_since=2026-01-01T00:00:00%2B01:00";
    let first = citizen.json(&format!("/oparl/person?{query}"));
    assert_eq!(first["pagination"]["totalElements"], 4);
    assert_eq!(first["pagination"]["totalPages"], 2);
    assert_eq!(first["pagination"]["elementsPerPage"], 2);
    assert_eq!(first["pagination"]["currentPage"], 1);
    let link = |page: &Value, name: &str| page["links"][name].as_str().map(str::to_owned);
    assert_eq!(link(&first, "prev"), None);
    let next = link(&first, "next").unwrap();
    assert!(
        next.contains("limit=2") && next.contains("modified_since="),
        "filters stay: {next}"
    );
    let second = citizen.json(&next);
    assert_eq!(link(&second, "self"), Some(next.clone()));
    assert_eq!(link(&second, "next"), None);
    assert_eq!(link(&first, "last"), Some(next));
    assert_eq!(link(&second, "prev"), link(&first, "first"));
    assert_eq!(citizen.json(&link(&second, "prev").unwrap()), first);
}

#[test]
fn embedded_lists_can_be_left_out() {
    let council = TestCouncil::with_folder();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    for (kind, property) in [
        ("meeting", "agendaItem"),
        ("paper", "auxiliaryFile"),
        ("person", "membership"),
    ] {
        let has = |query: &str| {
            let list = citizen.list(&format!("/oparl/{kind}{query}"));
            list.iter().any(|object| object.get(property).is_some())
        };
        assert!(has("") && has("?omit_internal=false"), "{kind}.{property}");
        assert!(!has("?omit_internal=true"), "{kind}.{property}");
    }
    let bodies = citizen.list("/oparl/body?omit_internal=true");
    assert!(
        bodies[0]["legislativeTerm"].is_array(),
        "required by the schema all the same"
    );
}

#[test]
fn errors_are_objects_of_their_own() {
    let council = TestCouncil::with_folder();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let paper = citizen.list("/oparl/paper")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let id = paper.rsplit('/').next().unwrap();
    for (method, path, status) in [
        (Method::GET, format!("/oparl/paper/{}", "0".repeat(32)), 404),
        (Method::GET, format!("/oparl/person/{id}"), 404),
        (
            Method::GET,
            format!("/oparl/paper/{}", id.to_uppercase()),
            404,
        ),
        (Method::GET, format!("/oparl/paper/{id}/access"), 404),
        (Method::GET, "/oparl/nothing".to_owned(), 404),
        (Method::GET, "/oparl/paper/".to_owned(), 404),
        (
            Method::GET,
            "/oparl/paper?modified_since=gestern".to_owned(),
            400,
        ),
        (
            Method::GET,
            "/oparl/paper?created_until=2026-01-01".to_owned(),
            400,
        ),
        (Method::GET, "/oparl/paper?limit=0".to_owned(), 400),
        (Method::GET, "/oparl/paper?limit=1&limit=2".to_owned(), 400),
        (Method::GET, "/oparl/paper?omit_internal=2".to_owned(), 400),
        (Method::GET, format!("/oparl/person?after={id}"), 400),
        (Method::POST, "/oparl/paper".to_owned(), 405),
        (Method::DELETE, paper.clone(), 405),
        (Method::OPTIONS, "/oparl/".to_owned(), 405),
    ] {
        let visit = citizen.ask(method.clone(), &path, &[]);
        assert_eq!(visit.status, status, "{method} {path}");
        let error = visit.json();
        assert_eq!(
            error["type"], "https://schema.oparl.org/1.1/Error",
            "{path}"
        );
        assert!(error["message"].is_string() && error["debug"].is_string());
        assert_eq!(visit.header("access-control-allow-origin"), "*");
    }
    assert_eq!(
        citizen.get("/oparl/paper?unknown=1").status,
        200,
        "unknown parameters do no harm"
    );
}

#[test]
fn head_says_what_get_would() {
    let council = TestCouncil::with_folder();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let file = citizen.list("/oparl/file")[0].clone();
    for address in [
        "/oparl/",
        "/oparl/paper",
        file["id"].as_str().unwrap(),
        file["accessUrl"].as_str().unwrap(),
    ] {
        let (head, get) = (
            citizen.ask(Method::HEAD, address, &[]),
            citizen.get(address),
        );
        assert_eq!(
            (head.status, head.body.len()),
            (StatusCode::OK, 0),
            "{address}"
        );
        for name in ["content-type", "content-length", "etag"] {
            assert_eq!(head.header(name), get.header(name), "{address} {name}");
        }
        assert_eq!(
            head.header("content-length"),
            get.body.len().to_string(),
            "{address}"
        );
    }
}

#[test]
fn who_asks_too_much_has_to_wait() {
    let council = TestCouncil::with_folder();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let mut refused = (0..3000)
        .map(|_| citizen.get("/oparl/nothing"))
        .filter(|v| v.status == 429);
    let refused = refused.next().expect("a limit");
    assert_eq!(refused.header("retry-after"), "2");
    assert_eq!(refused.json()["type"], "https://schema.oparl.org/1.1/Error");
    let root = citizen.get(sync_protocol::wire::PATH_ROOT);
    assert_eq!(
        root.status,
        StatusCode::OK,
        "tablets are not kept waiting by it"
    );
}
