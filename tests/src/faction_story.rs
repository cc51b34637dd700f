//! The faction's story: two tablets beside each other in one hall, each in its own real window. Found, invite by the code on the screen,
//! write a position, lose the network, write on both, share a note, and take somebody out.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::barriers;
use crate::council::{Council, Serving};
use crate::story::ask;
use crate::window::Window;

const PASSPHRASE: &str = "Laterne Wacholder Mühle Kastanie Brücke Orgel";
const SPACE: &str = "Bürger für Lindenau";
/// Who chairs the faction, and who sits in it: names of the demonstration.
const CHAIR: &str = "brackmann";
const MEMBER: &str = "aldenhoff";
const BEFORE: &str = "Zustimmung zum Bebauungsplan.";
const BY_CHAIR: &str = "Klare Zustimmung zum Bebauungsplan.";
const BY_MEMBER: &str = "Zustimmung zum Bebauungsplan, mit Auflagen.";
const BOTH: &str = "Klare Zustimmung zum Bebauungsplan, mit Auflagen.";

/// What one telling needs.
pub struct FactionStory<'a> {
    pub council: &'a Council,
    pub work: &'a Path,
    pub out: &'a Path,
    pub language: &'a str,
    pub appearance: &'a str,
}

impl FactionStory<'_> {
    /// Tells it.
    pub async fn tell(&self, server: Serving) -> Result<()> {
        let chair = self.tablet(&server, CHAIR).await?;
        let member = self.tablet(&server, MEMBER).await?;
        self.found_and_invite(&chair, &member).await?;
        open_item(&chair).await?;
        open_item(&member).await?;
        self.write_together(&chair, &member).await?;
        let server = self.apart_and_together(&chair, &member, server).await?;
        self.share_a_note(&chair, &member).await?;
        self.looks(&chair).await?;
        self.take_out(&chair, &member).await?;
        chair.close().await?;
        member.close().await?;
        server.stop()
    }

    fn out_of(&self, person: &str) -> PathBuf {
        self.out.join(person)
    }

    /// A tablet that is set up, paired and synchronised; the window shows today.
    async fn tablet(&self, server: &Serving, person: &str) -> Result<Window> {
        let window = Window::open(&self.work.join(person), &self.out_of(person)).await?;
        window.size(1366, 1024).await?;
        window.find("greeting").await?;
        let settings = json!({"language": self.language, "appearance": self.appearance, "textScale": 1, "leftHanded": false});
        ask(&window, "settings_set", settings).await?;
        ask(&window, "vault_create", json!({"passphrase": PASSPHRASE})).await?;
        let invitation = self.council.office(&["invite", person])?;
        let code = invitation["code"].as_str().context("an invitation code")?;
        ask(
            &window,
            "council_pair",
            json!({"address": server.address, "code": code}),
        )
        .await?;
        ask(&window, "sync_start", json!({})).await?;
        window
            .until(
                "the tablet is synchronised",
                "return window.__TAURI_INTERNALS__.invoke('desk_call', {name: 'sync_status', request: {}})
                   .then((status) => !status.running && status.lastSyncAtMs !== undefined);",
                json!(null),
            )
            .await?;
        window.reload().await?;
        window.find("today").await?;
        Ok(window)
    }

    async fn found_and_invite(&self, chair: &Window, member: &Window) -> Result<()> {
        chair.tap("nav-faction").await?;
        chair.find("faction-begin").await?;
        chair.shot("f01-begin").await?;
        barriers::none_in(chair, "faction, none yet").await?;
        chair.tap("faction-to-found").await?;
        chair.fill("faction-name", SPACE).await?;
        chair.shot("f02-found").await?;
        chair.tap("faction-submit").await?;
        chair.tap("faction-invite-first").await?;
        chair.find("faction-invite-do").await?;
        chair.shot("f03-invite").await?;
        chair.tap("faction-invite-do").await?;
        chair.find("faction-qr").await?;
        chair.shot("f04-code").await?;
        let secret = chair
            .run(
                "return document.querySelector('[data-testid=faction-secret]').textContent.trim();",
                Vec::new(),
            )
            .await?;
        let secret = secret.as_str().context("the code as a text")?;

        member.tap("nav-faction").await?;
        member.tap("faction-to-accept").await?;
        member.fill("faction-code", secret).await?;
        member.shot("f05-accept").await?;
        member.tap("faction-submit").await?;
        member.find("faction-space").await?;
        member.until_text(SPACE).await?;
        member.shot("f06-inside").await?;
        chair.tap("faction-invited-close").await?;
        until_people(chair, 2).await?;
        chair.shot("f07-members").await?;
        barriers::none_in(chair, "faction, members").await
    }

    async fn write_together(&self, chair: &Window, member: &Window) -> Result<()> {
        chair.tap("faction-position-begin").await?;
        chair.fill("faction-field-recommendation", BEFORE).await?;
        until_field(member, BEFORE).await?;
        member.shot("f08-position").await?;
        member
            .fill("faction-write", "Wer spricht dazu? #Bebauungsplan")
            .await?;
        member.tap("faction-send").await?;
        chair.until_text("Wer spricht dazu?").await?;
        chair.shot("f09-talk").await?;
        barriers::none_in(chair, "faction, at an item").await
    }

    /// The server goes away; both write into the same sentence; when it is back, both find their words.
    async fn apart_and_together(
        &self,
        chair: &Window,
        member: &Window,
        server: Serving,
    ) -> Result<Serving> {
        let listen = server.address.trim_start_matches("https://").to_owned();
        server.stop()?;
        chair.fill("faction-field-recommendation", BY_CHAIR).await?;
        member
            .fill("faction-field-recommendation", BY_MEMBER)
            .await?;
        for window in [chair, member] {
            leave_field(window).await?;
            window
                .until(
                    "what was written waits here",
                    "return window.__TAURI_INTERNALS__.invoke('desk_call', {name: 'faction_overview', request: {}})
                       .then((overview) => overview.spaces[0].unsent > 0);",
                    json!(null),
                )
                .await?;
        }
        let server = self.council.serve(&listen)?;
        for window in [chair, member] {
            ask(window, "faction_exchange", json!({})).await?;
        }
        for window in [chair, member] {
            until_field(window, BOTH).await?;
        }
        member.shot("f10-both").await?;
        Ok(server)
    }

    async fn share_a_note(&self, chair: &Window, member: &Window) -> Result<()> {
        member
            .fill("item-note", "Mein Vermerk für die Fraktion")
            .await?;
        member.tap("item-note-save").await?;
        member.tap("share-slip").await?;
        member.find("share-parts").await?;
        member.find("share-readers").await?;
        member.shot("f11-share").await?;
        barriers::none_in(member, "sharing a note").await?;
        member.tap("share-now").await?;
        chair.until_text("Mein Vermerk für die Fraktion").await?;
        chair.shot("f12-shared").await?;
        Ok(())
    }

    async fn looks(&self, chair: &Window) -> Result<()> {
        for (name, width, height) in [("portrait", 1024, 1366), ("small", 800, 1280)] {
            chair.size(width, height).await?;
            chair.shot(&format!("f13-item-{name}")).await?;
        }
        chair.size(1366, 1024).await?;
        chair.tap("nav-faction").await?;
        chair.find("faction-space").await?;
        chair.tap("faction-part-news").await?;
        chair.find("faction-entry").await?;
        for (name, width, height) in [
            ("landscape", 1366, 1024),
            ("portrait", 1024, 1366),
            ("small", 800, 1280),
        ] {
            chair.size(width, height).await?;
            chair.shot(&format!("f14-news-{name}")).await?;
        }
        chair.size(1366, 1024).await?;
        barriers::none_in(chair, "faction, what is new").await
    }

    async fn take_out(&self, chair: &Window, member: &Window) -> Result<()> {
        chair.tap("faction-part-members").await?;
        chair.tap("faction-remove").await?;
        chair.shot("f15-remove").await?;
        chair.tap("faction-confirm").await?;
        until_people(chair, 1).await?;
        member.tap("nav-faction").await?;
        member.find("faction-forget").await?;
        member.shot("f16-taken-out").await?;
        ensure!(
            is_refused(member).await?,
            "whoever is out writes nothing any more"
        );
        Ok(())
    }
}

/// Opens the first item of the next meeting.
async fn open_item(window: &Window) -> Result<()> {
    window.tap("nav-today").await?;
    window.tap("next-meeting").await?;
    window.find("agenda").await?;
    window.tap("agenda-row").await?;
    window.find("item").await?;
    window.find("faction-topic").await?;
    Ok(())
}

async fn until_people(window: &Window, count: usize) -> Result<()> {
    window
        .until(
            "so many belong to the space",
            "return window.__TAURI_INTERNALS__.invoke('desk_call', {name: 'faction_overview', request: {}})
               .then((overview) => overview.spaces[0].memberCount === arguments[0]);",
            json!(count),
        )
        .await
}

async fn until_field(window: &Window, words: &str) -> Result<()> {
    window
        .until(
            "the recommendation reads so",
            "const e = document.querySelector('[data-testid=faction-field-recommendation]'); return !!e && e.value === arguments[0];",
            json!(words),
        )
        .await
}

async fn leave_field(window: &Window) -> Result<()> {
    window
        .run("document.activeElement?.blur();", Vec::new())
        .await?;
    Ok(())
}

/// Whether a message of somebody who was taken out is refused.
async fn is_refused(member: &Window) -> Result<bool> {
    let overview: Value = ask(member, "faction_overview", json!({})).await?;
    let answer = member
        .run(
            "return window.__TAURI_INTERNALS__.invoke('desk_call', {name: 'faction_message', request: {factionId: arguments[0], mentions: [], text: 'Und ich?'}})
               .then(() => '', (error) => error.code);",
            vec![overview["spaces"][0]["id"].clone()],
        )
        .await?;
    Ok(answer == "faction_removed")
}
