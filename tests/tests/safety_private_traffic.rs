//! What is the member's own never leaves: a thousand times notes are written, changed, taken back and searched for, papers read and
//! councils synchronised, while somebody who holds the council's own TLS key writes down all that goes over the line, and the
//! server's whole folder is looked through. None of the member's words is there.
//!
//! `RATSMAPPE_PRIVATE_ACTIONS` sets how many actions, 1,000 without it.

use evidence::looking::{Looker, ways};
use serde_json::json;
use stories::app::{App, text};
use stories::tablet::{bytes_below, count_from};
use stories::town::Town;
use sync_protocol::ids::ObjectId;

const MEETING: &str = "18. Sitzung des Stadtrats";
/// A synchronisation after so many actions.
const SYNC_EVERY: usize = 40;

fn canary() -> String {
    format!("zq{}", ObjectId::make().unwrap())
}

/// What the member does by herself, and the words she does it with.
struct Member<'a> {
    app: &'a App,
    meeting: String,
    item: String,
    file: String,
    last: Option<String>,
    words: Vec<String>,
}

impl Member<'_> {
    fn new_word(&mut self) -> String {
        let word = canary();
        self.words.push(word.clone());
        word
    }

    fn write(&mut self, kind: &str, id: &str) {
        let words = self.new_word();
        let mark =
            json!({"kind": "note", "target": {"kind": kind, "id": id}, "rects": [], "text": words});
        let made = self.app.ask("mark_create", json!({ "mark": mark }));
        self.last = Some(text(&made["id"]));
    }

    fn act(&mut self, number: usize) {
        match number % 8 {
            0 => self.write("meeting", &self.meeting.clone()),
            1 => self.write("agendaItem", &self.item.clone()),
            2 => self.write("file", &self.file.clone()),
            3 => {
                let words = self.new_word();
                self.app
                    .call("mark_update", json!({"id": self.last, "text": words}));
            }
            4 => {
                let words = self.new_word();
                self.app
                    .call("search", json!({"text": words, "typing": true}));
            }
            5 => {
                let words = self.words[number % self.words.len()].clone();
                self.app
                    .call("search", json!({"text": words, "typing": false}));
            }
            6 => {
                self.app.call("mark_delete", json!({"id": self.last}));
            }
            _ => self.read(),
        }
        if number.is_multiple_of(SYNC_EVERY) {
            self.app.sync().unwrap();
        }
    }

    fn read(&mut self) {
        let words = self.new_word();
        let opened = self.app.ask("document_open", json!({"fileId": self.file}));
        let doc = text(&opened["doc"]);
        self.app
            .call("document_search", json!({"doc": doc, "text": words}));
        self.app.call("document_close", json!({ "doc": doc }));
    }
}

#[test]
fn safety_no_private_word_leaves_the_tablet() {
    let town = Town::small();
    let tap = town.wiretap();
    let mut app = App::with_vault(&town);
    app.join_at(&town, &tap.address(), "ada");
    app.until_indexed();
    let item = app.item(MEETING, "Verkauf Teichgasse");
    let mut member = Member {
        app: &app,
        meeting: text(&app.meeting(MEETING)["id"]),
        item: text(&item["row"]["id"]),
        file: text(&item["files"][0]["id"]),
        last: None,
        words: Vec::new(),
    };
    let actions = count_from("RATSMAPPE_PRIVATE_ACTIONS", 1_000);
    for number in 0..actions {
        member.act(number);
    }
    app.sync().unwrap();

    let words = member.words;
    let looker = Looker::new(&words);
    let heard = tap.heard();
    assert!(
        heard.requests as usize > actions / SYNC_EVERY,
        "the line was used"
    );
    // The tap hears in the clear: what is public to it stands there.
    let device = town.server.devices().unwrap()[0].id.to_string();
    assert!(
        heard
            .up
            .windows(device.len())
            .any(|window| window == device.as_bytes()),
        "the device names itself in every request"
    );
    assert_eq!(looker.found(&heard.up), [].into(), "to the server");
    assert_eq!(looker.found(&heard.down), [].into(), "from the server");
    let kept = bytes_below(&town.folder().join("data"));
    for (path, bytes) in &kept {
        assert_eq!(looker.found(bytes), [].into(), "{}", path.display());
    }
    evidence::record(
        "private-traffic",
        evidence::Counts {
            tried: words.len() as u64,
            refused: words.len() as u64,
            lost: 0,
        },
    )
    .unwrap();
    println!(
        "{} words of {actions} actions in none of {} requests, {} bytes up, {} down, {} files of the server",
        words.len(),
        heard.requests,
        heard.up.len(),
        heard.down.len(),
        kept.len()
    );
}

/// The looker and the tap find what is planted: a word in each way it may be written, and one in a request.
#[test]
fn safety_a_private_word_that_leaves_is_found() {
    let words: Vec<String> = (0..20).map(|_| canary()).collect();
    let looker = Looker::new(&words);
    for (number, way) in ways(&words[7]).into_iter().enumerate() {
        let mut bytes = vec![b'z'; 1_000];
        bytes.splice(500..500, way);
        assert_eq!(
            looker.found(&bytes),
            [words[7].clone()].into(),
            "way {number}"
        );
    }

    let town = Town::small();
    let tap = town.wiretap();
    let mut app = App::with_vault(&town);
    // Whoever types her own words where an address belongs sends them: the tap must hear it.
    app.join_at(&town, &tap.address(), "ada");
    assert_eq!(looker.found(&tap.heard().up), [].into());
    let client = stories::wiretap::trusting_client();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let body = format!("note={}", words[3]);
    let sent = client
        .post(format!("{}/v1/notes?like={}", tap.address(), words[4]))
        .body(body)
        .send();
    assert_eq!(runtime.block_on(sent).unwrap().status(), 404);
    let found = looker.found(&tap.heard().up);
    assert_eq!(found, [words[3].clone(), words[4].clone()].into());
}
