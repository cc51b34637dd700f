//! A small OParl portal on loopback: answers from a table that a test fills, and remembers what it was asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use council_server::ImportOutcome;
use council_server::oparl::{OparlReport, OparlRequest};
use serde_json::{Value, json};

use super::library::Library;
use super::tablet::Tablet;
use super::{TestCouncil, folder};

/// What an address answers. `BASE` in the body becomes the portal's own address.
#[derive(Clone)]
pub struct Reply {
    pub status: &'static str,
    pub body: Vec<u8>,
    /// Half of the body is sent, and no length is announced.
    pub is_cut: bool,
    pub etag: Option<&'static str>,
    /// Further lines of the head, each ended.
    pub head: &'static str,
    /// So many requests are answered with 500 before.
    pub fail_times: usize,
}

impl Reply {
    pub fn bytes(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: "200 OK",
            body: body.into(),
            is_cut: false,
            etag: None,
            head: "",
            fail_times: 0,
        }
    }

    pub fn json(value: &Value) -> Self {
        Self::bytes(value.to_string())
    }
}

/// A running portal.
pub struct Portal {
    pub addr: SocketAddr,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Portal {
    /// A portal that knows nothing.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let portal = Self {
            addr: listener.local_addr().unwrap(),
            replies: Arc::default(),
            asked: Arc::default(),
        };
        let (addr, replies, asked) = (portal.addr, portal.replies.clone(), portal.asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (replies, asked) = (replies.clone(), asked.clone());
                std::thread::spawn(move || serve(stream, addr, &replies, &asked));
            }
        });
        portal
    }

    /// A portal of a small municipality: one organization, one person, one meeting with one item and its paper.
    pub fn town() -> Self {
        let portal = Self::start();
        portal.json(
            "/system",
            json!({"id": "BASE/system", "type": "https://schema.oparl.org/1.1/System", "body": "BASE/bodies"}),
        );
        portal.list("/bodies", json!([{"id": "BASE/body/1", "type": "https://schema.oparl.org/1.1/Body",
            "name": "Gemeinde Beispiel", "organization": "BASE/organizations", "person": "BASE/persons",
            "meeting": "BASE/meetings", "paper": "BASE/papers"}]));
        portal.list(
            "/organizations",
            json!([{"id": "BASE/organization/1", "name": "Gemeinderat"}]),
        );
        portal.list("/persons", json!([{"id": "BASE/person/1", "name": "Otto Beispiel", "membership":
            [{"id": "BASE/membership/1", "organization": "BASE/organization/1", "role": "Mitglied"}]}]));
        portal.list("/meetings", json!([meeting(1)]));
        portal.list("/papers", json!([paper(1)]));
        portal
    }

    pub fn reply(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    pub fn json(&self, path: &str, value: Value) {
        self.reply(path, Reply::json(&value));
    }

    /// A list of one page.
    pub fn list(&self, path: &str, data: Value) {
        self.json(path, json!({"data": data, "links": {}}));
    }

    /// A page that another follows.
    pub fn page(&self, path: &str, data: Value, next: &str) {
        self.json(path, json!({"data": data, "links": {"next": next}}));
    }

    pub fn request(&self) -> OparlRequest {
        OparlRequest {
            retry_pause_ms: 0,
            request_interval_ms: 0,
            public_only: true,
            ..OparlRequest::whole(format!("http://{}/system", self.addr))
        }
    }

    pub fn import(&self, council: &TestCouncil) -> OparlReport {
        self.import_as(council, &self.request())
    }

    pub fn import_as(&self, council: &TestCouncil, request: &OparlRequest) -> OparlReport {
        council
            .server
            .import_oparl_reported(request, &|_| {})
            .unwrap()
    }

    /// What was asked for since the last call, in order.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

/// The `n`th meeting, with an item; the first one's has a paper.
pub fn meeting(n: u32) -> Value {
    let mut item = json!({"id": format!("BASE/item/{n}"), "number": "1", "order": 1, "name": format!("Punkt {n}"),
        "public": true});
    if n == 1 {
        item["consultation"] = json!("BASE/consultation/1");
    }
    json!({"id": format!("BASE/meeting/{n}"), "type": "https://schema.oparl.org/1.1/Meeting",
        "name": format!("{n}. Sitzung"), "start": "2020-02-03T18:00:00+01:00", "modified": "2020-01-01T00:00:00+01:00",
        "organization": ["BASE/organization/1"], "agendaItem": [item]})
}

/// The paper of the `n`th meeting's item.
pub fn paper(n: u32) -> Value {
    json!({"id": format!("BASE/paper/{n}"), "type": "https://schema.oparl.org/1.1/Paper", "name": format!("Vorlage {n}"),
        "reference": format!("{n}/2020"), "modified": "2020-01-01T00:00:00+01:00", "mainFile": file(n),
        "consultation": [{"id": format!("BASE/consultation/{n}"), "agendaItem": format!("BASE/item/{n}"), "role": "Entscheidung"}]})
}

/// The `n`th file.
pub fn file(n: u32) -> Value {
    json!({"id": format!("BASE/file/{n}"), "type": "https://schema.oparl.org/1.1/File", "name": format!("Datei {n}"),
        "mimeType": "application/pdf", "modified": "2020-01-01T00:00:00+01:00", "downloadUrl": format!("BASE/files/{n}.pdf")})
}

/// What a guest of the council reads, who may read what is public.
pub fn read_as_guest(council: &TestCouncil) -> Library {
    council
        .server
        .add_person("gast", "Gast der Ratsmappe", None, &[])
        .unwrap();
    let handle = council.serve();
    let invitation = council.server.invite("gast", false).unwrap();
    Tablet::pair(&handle, &invitation, council.clock.now_at_ms()).read_all()
}

/// The problems of an import, a line each.
pub fn problems(report: &OparlReport) -> String {
    let outcome: ImportOutcome = report.outcome();
    outcome.problems.join("\n")
}

fn serve(
    mut stream: TcpStream,
    addr: SocketAddr,
    replies: &Mutex<HashMap<String, Reply>>,
    asked: &Mutex<Vec<String>>,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let (mut line, mut known) = (String::new(), None);
    while reader.read_line(&mut line).unwrap_or(0) > 2 {
        if let Some(etag) = line.to_lowercase().strip_prefix("if-none-match:") {
            known = Some(etag.trim().to_owned());
        }
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().unwrap().push(path.clone());
    let reply = {
        let mut replies = replies.lock().unwrap();
        let key = key_of(&replies, &path);
        let reply = key.and_then(|key| replies.get_mut(&key));
        reply.map(|reply| {
            let now = reply.clone();
            reply.fail_times = reply.fail_times.saturating_sub(1);
            now
        })
    };
    let standard = path
        .starts_with("/files/")
        .then(|| Reply::bytes(folder::pdf(&path, 2)));
    let mut reply = reply.or(standard).unwrap_or_else(|| Reply {
        status: "404 Not Found",
        ..Reply::bytes(r#"{"error": "not found"}"#)
    });
    if reply.fail_times > 0 {
        reply = Reply {
            status: "500 Internal Server Error",
            ..Reply::bytes("{}")
        };
    }
    if reply.etag.is_some() && known.as_deref() == reply.etag {
        reply.status = "304 Not Modified";
        reply.body.clear();
    }
    let mut body = reply.body;
    if !body.starts_with(b"%PDF") {
        // As bytes: not every body is text.
        body = replaced(&body, b"BASE", format!("http://{addr}").as_bytes());
    }
    let mut head = format!(
        "HTTP/1.1 {}\r\nConnection: close\r\n{}",
        reply.status, reply.head
    );
    if let Some(etag) = reply.etag {
        head.push_str(&format!("ETag: {etag}\r\n"));
    }
    if reply.is_cut {
        body.truncate(body.len() / 2);
    } else {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    // Who asked may have hung up: not every answer is read to its end.
    let _ = stream
        .write_all(format!("{head}\r\n").as_bytes())
        .and_then(|()| stream.write_all(&body));
}

/// The address itself; with a filter also that of the answer to any filter, `…?modified_since`; else the plain address.
fn key_of(replies: &HashMap<String, Reply>, path: &str) -> Option<String> {
    if replies.contains_key(path) {
        return Some(path.to_owned());
    }
    let (plain, query) = path.split_once('?')?;
    let others: Vec<&str> = query
        .split('&')
        .filter(|p| !p.starts_with("modified_since="))
        .collect();
    if others.len() == query.split('&').count() {
        return None;
    }
    let rest = if others.is_empty() {
        plain.to_owned()
    } else {
        format!("{plain}?{}", others.join("&"))
    };
    let mark = if others.is_empty() { '?' } else { '&' };
    let filtered = format!("{rest}{mark}modified_since");
    [filtered, rest]
        .into_iter()
        .find(|key| replies.contains_key(key))
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == from[0]) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix(from) {
            out.extend_from_slice(to);
            rest = after;
        } else {
            out.push(from[0]);
            rest = &rest[1..];
        }
    }
    out.extend_from_slice(rest);
    out
}
