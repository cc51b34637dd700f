//! Several tablets of one council, and what they wait for.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{PASSPHRASE, Town};
use desk::{Desk, DeskConfig, DeskEvent};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// A tablet beside the town's own one.
pub struct Tablet {
    pub desk: Desk,
    pub dir: TempDir,
    pub person: String,
}

impl Tablet {
    /// Paired in person as one of the council's people, and synchronised.
    pub fn of(town: &Town, person: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::clone(&town.now_ms);
        let desk = Desk::new(DeskConfig {
            data_dir: dir.path().join("tablet"),
            pdfium: super::pdfium(),
            pdf_helper: super::pdf_helper(),
            export_dir: dir.path().join("downloads"),
            clock: Arc::new(move || clock.load(Ordering::Relaxed)),
            locale: None,
            key_store: None,
            open_address: desk::opens_nothing(),
        })
        .unwrap();
        let tablet = Self {
            desk,
            dir,
            person: person.to_owned(),
        };
        tablet.ask("vault_create", json!({"passphrase": PASSPHRASE}));
        let invitation = town.server.invite(person, true).unwrap();
        let address = town.handle.as_ref().unwrap().url();
        let code = invitation.code.to_display().as_str().to_owned();
        tablet.ask("council_pair", json!({"address": address, "code": code}));
        tablet.sync();
        tablet
    }

    pub fn sync(&self) {
        let mut events = self.desk.events();
        self.ask("sync_start", json!({}));
        loop {
            match events.blocking_recv() {
                Ok(DeskEvent::SyncFinished { ok, error, .. }) => {
                    assert!(ok, "{error:?}");
                    return;
                }
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => panic!("the run tells its end"),
            }
        }
    }

    pub fn ask(&self, name: &str, request: Value) -> Value {
        self.desk
            .call(name, request)
            .unwrap_or_else(|error| panic!("{}: {name}: {error:?}", self.person))
    }

    pub fn refused(&self, name: &str, request: Value) -> desk::ErrorCode {
        match self.desk.call(name, request) {
            Ok(_) => panic!("{}: {name} was not refused", self.person),
            Err(error) => error.code,
        }
    }

    pub fn council(&self) -> Value {
        self.ask("app_status", json!({}))["councils"][0]["id"].clone()
    }

    /// Asks again after every event until the answer is what is waited for.
    pub fn until(&self, name: &str, request: &Value, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut events: Receiver<DeskEvent> = self.desk.events();
        loop {
            let answer = self.ask(name, request.clone());
            if is_so(&answer) {
                return answer;
            }
            if let Err(RecvError::Closed) = events.blocking_recv() {
                panic!("{}: {name} never came to what was waited for", self.person);
            }
        }
    }

    /// Founds a space and waits until the server has it.
    pub fn found(&self, name: &str) -> String {
        let founded = self.ask(
            "faction_found",
            json!({"councilId": self.council(), "name": name, "ownName": self.person, "deviceName": "Tablet"}),
        );
        let id = founded["id"].as_str().unwrap().to_owned();
        self.until_current(&id);
        id
    }

    pub fn until_current(&self, faction: &str) -> Value {
        let overview = self.until("faction_overview", &json!({}), |overview| {
            let card = card(overview, faction);
            card.is_some_and(|card| card["contact"] == "current" && card["unsent"] == 0)
        });
        card(&overview, faction).unwrap().clone()
    }

    /// Brings somebody in by the QR code that is shown to her.
    pub fn brings_in(&self, faction: &str, role: &str, other: &Tablet) {
        let invited = self.ask(
            "faction_invite",
            json!({"factionId": faction, "way": "qr", "role": role}),
        );
        other.ask(
            "faction_join",
            json!({"councilId": other.council(), "code": invited["secret"], "ownName": other.person, "deviceName": "Tablet"}),
        );
        other.until_in(faction);
    }

    pub fn until_in(&self, faction: &str) {
        self.until("faction_overview", &json!({}), |overview| {
            assert_ne!(overview["joining"][0]["state"], "refused", "{overview}");
            card(overview, faction).is_some_and(|card| card["name"].is_string())
        });
    }
}

pub fn card<'a>(overview: &'a Value, faction: &str) -> Option<&'a Value> {
    let spaces = overview["spaces"].as_array().unwrap();
    spaces.iter().find(|card| card["id"] == faction)
}
