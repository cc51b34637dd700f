//! The app without its window: every step of a story goes through the commands that the page calls.

use std::path::{Path, PathBuf};

use desk::{Desk, DeskConfig, DeskError, DeskEvent};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::pdf;
use crate::tablet::{PASSPHRASE, make_vault};
use crate::town::Town;

/// A running app with its data folder.
pub struct App {
    desk: Desk,
    folder: TempDir,
    pub council: String,
}

impl App {
    /// An app whose vault was made before, cheap to guess; it is open.
    #[must_use]
    pub fn with_vault(town: &Town) -> Self {
        let folder = TempDir::new().unwrap();
        make_vault(folder.path()).lock();
        let app = Self::started(town, folder, String::new());
        app.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
        app
    }

    /// An app on its very first start.
    #[must_use]
    pub fn new(town: &Town) -> Self {
        Self::started(town, TempDir::new().unwrap(), String::new())
    }

    fn started(town: &Town, folder: TempDir, council: String) -> Self {
        let desk = Desk::new(DeskConfig {
            data_dir: folder.path().to_path_buf(),
            pdfium: pdf::library(),
            pdf_helper: pdf::helper(),
            export_dir: folder.path().join("downloads"),
            clock: town.clock(),
            locale: Some("de_DE.UTF-8".to_owned()),
            key_store: None,
            open_address: desk::opens_nothing(),
        });
        Self {
            desk: desk.unwrap(),
            folder,
            council,
        }
    }

    /// Ends the app and starts it anew on the same folder: it is locked.
    #[must_use]
    pub fn restarted(self, town: &Town) -> Self {
        let Self {
            desk,
            folder,
            council,
        } = self;
        desk.call("vault_lock", json!({})).unwrap();
        drop(desk);
        Self::started(town, folder, council)
    }

    /// Pairs, has the office confirm the four words, and fetches everything.
    pub fn join(&mut self, town: &Town, person: &str) {
        self.join_at(town, &town.address(), person);
    }

    /// The same under another address of the server.
    pub fn join_at(&mut self, town: &Town, address: &str, person: &str) {
        let paired = self.call(
            "council_pair",
            json!({"address": address, "code": town.letter_for(person)}),
        );
        self.council = text(&paired["council"]);
        let words: Vec<&str> = paired["confirmWords"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let waiting = town
            .server
            .devices()
            .unwrap()
            .into_iter()
            .find(|device| device.confirmed_at_ms.is_none());
        town.server.confirm(&waiting.unwrap().id, &words).unwrap();
        self.sync().unwrap();
    }

    /// A command that must succeed.
    #[must_use]
    pub fn ask(&self, name: &str, request: Value) -> Value {
        self.desk
            .call(name, request)
            .unwrap_or_else(|error| panic!("{name}: {:?} {}", error.code, error.message))
    }

    /// As [`Self::ask`], where the answer is also of no interest.
    #[allow(clippy::must_use_candidate, reason = "called for what it does")]
    pub fn call(&self, name: &str, request: Value) -> Value {
        self.ask(name, request)
    }

    /// A command that must be refused; its code.
    #[must_use]
    pub fn refused(&self, name: &str, request: Value) -> String {
        let error = self
            .desk
            .call(name, request)
            .expect_err("this must be refused");
        code_of(&error)
    }

    /// One synchronisation to its end.
    ///
    /// Errors: the code that the page gets.
    pub fn sync(&self) -> Result<(), String> {
        let mut events = self.desk.events();
        self.call("sync_start", json!({"council": self.council}));
        loop {
            // Every run ends with this event; the channel keeps more events than a run of these stories has.
            if let DeskEvent::SyncFinished { error, .. } = events.blocking_recv().unwrap() {
                return error.map_or(Ok(()), |error| Err(code_of(&error)));
            }
        }
    }

    /// One synchronisation of all councils to its end: for each of them in turn its id and how it ended.
    pub fn sync_all(&self) -> Vec<(String, Result<(), String>)> {
        let mut events = self.desk.events();
        self.call("sync_start", json!({}));
        let mut ends = Vec::new();
        loop {
            if let DeskEvent::SyncFinished {
                council,
                error,
                more,
                ..
            } = events.blocking_recv().unwrap()
            {
                ends.push((council, error.map_or(Ok(()), |error| Err(code_of(&error)))));
                if !more {
                    return ends;
                }
            }
        }
    }

    /// Waits until everything that lies here can be found.
    pub fn until_indexed(&self) {
        let mut events = self.desk.events();
        while self.ask("index_status", json!({}))["running"] == true {
            while !matches!(
                events.blocking_recv().unwrap(),
                DeskEvent::IndexProgress { running: false, .. }
            ) {}
        }
    }

    /// The meeting with this name, as the list shows it.
    #[must_use]
    pub fn meeting(&self, name: &str) -> Value {
        let list = self.ask("meetings_list", json!({}));
        let all = list["upcoming"]
            .as_array()
            .unwrap()
            .iter()
            .chain(list["past"].as_array().unwrap());
        all.into_iter()
            .find(|card| card["name"] == name)
            .unwrap_or_else(|| panic!("no meeting {name} in {list}"))
            .clone()
    }

    /// The agenda item with this name, opened.
    #[must_use]
    pub fn item(&self, meeting: &str, name: &str) -> Value {
        let opened = self.ask("meeting_open", json!({"id": self.meeting(meeting)["id"]}));
        let rows = ["publicItems", "nonpublicItems"]
            .into_iter()
            .flat_map(|part| opened[part].as_array().unwrap().clone());
        let row = rows.into_iter().find(|row| row["name"] == name);
        let row = row.unwrap_or_else(|| panic!("no agenda item {name} in {opened}"));
        self.ask("agenda_item_open", json!({"id": row["id"]}))
    }

    /// Draws a page as the window asks for it: PNG bytes.
    #[must_use]
    pub fn page_image(&self, doc: &str, page: u32) -> Vec<u8> {
        let answer = self
            .desk
            .page_image(&format!("/{doc}/{page}"), "s=1&p=visible");
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.body
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of the data folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The string in a JSON value.
#[must_use]
pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a text: {value}"))
        .to_owned()
}

fn code_of(error: &DeskError) -> String {
    text(&serde_json::to_value(error.code).unwrap())
}
