//! From a share on one tablet to its being shown on another that is online: both whole apps without a window, a real server over TLS on
//! loopback. It begins with the command that shares and ends when `faction_about` of the other, asked as the page asks after each
//! event, has the words. The peer, in turns: plain HTTPS long polls of as many bytes, without content that anybody must open.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use desk::{Desk, DeskEvent};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::super::app::{self, ask};
use super::super::commands::town::{self, Sizes};
use super::super::figures::{Figure, Series, build, ms_since};
use super::super::supply::{PASSPHRASE, Tablet, fresh, runtime};
use super::once::rows;
use super::poll::LongPoll;

const ROUNDS: usize = 120;
const AIM_MS: f64 = 300.0;
/// About what goes up and comes down for one share of these words: the sealed envelope (bytes).
const ENVELOPE: usize = 700;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let work = fresh(out, "faction-share")?;
    let sizes = Sizes {
        meetings: 12,
        papers: 60,
        files: 0,
        marks: 0,
    };
    let server = town::publish(&work, sizes, chrono::Utc::now())?;
    let handle = server.serve(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let runtime = runtime()?;
    for (name, person) in [("one", "p0"), ("other", "p1")] {
        let folder = work.join(name);
        let tablet = Tablet::pair(&runtime, &server, &handle.url(), &folder, Some(person))?;
        tablet.sync(&runtime)?;
    }
    let (one, other) = (unlocked(&work.join("one"))?, unlocked(&work.join("other"))?);
    let faction = bring_together(&one, &other)?;
    let item = agenda_item(&one)?;
    let target = json!({"kind": "agendaItem", "id": item});
    let poll = LongPoll::start(&runtime, ENVELOPE)?;
    eprintln!("measuring shares from tablet to tablet ({}) …", build());
    let (mut ours, mut peer) = (Series::default(), Series::default());
    let mut events = other.events();
    for round in 0..=ROUNDS {
        let text = format!("Nachfrage {round}: Wer zahlt die Unterhaltung ab dem dritten Jahr?");
        let draft = json!({"kind": "note", "target": target, "text": text});
        let mark = ask(&one, "mark_create", json!({"mark": draft}))?["id"].clone();
        let source = json!({"kind": "marks", "ids": [mark]});
        let request = json!({"factionId": faction, "source": source});
        let start = Instant::now();
        ask(&one, "faction_share", request)?;
        until_shown(&other, &mut events, &target, &text)?;
        let share_ms = ms_since(start);
        let poll_ms = poll.once(&runtime)?;
        // The first pair opens connections and is not counted.
        if round > 0 {
            ours.push(share_ms);
            peer.push(poll_ms);
        }
    }
    for desk in [&one, &other] {
        ask(desk, "vault_lock", json!({}))?;
    }
    drop((poll, one, other));
    handle.shutdown();
    std::fs::remove_dir_all(&work)?;
    let p95 = ours.quantile(0.95);
    Ok(vec![Figure {
        name: format!("faction, share to visible on another tablet ({})", build()),
        ours: ours.percentiles(1, "ms"),
        peer: format!(
            "plain HTTPS long poll of {ENVELOPE} bytes {}",
            peer.percentiles(1, "ms")
        ),
        ratio: format!("{:.1} at p95", p95 / peer.quantile(0.95)),
        aim: format!("p95 ≤ {AIM_MS:.0} ms"),
        is_met: p95 <= AIM_MS,
    }])
}

fn unlocked(folder: &Path) -> Result<Desk> {
    let desk = app::desk(folder)?;
    ask(&desk, "vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    Ok(desk)
}

fn council(desk: &Desk) -> Result<Value> {
    let status = ask(desk, "app_status", json!({}))?;
    Ok(status["councils"][0]["id"].clone())
}

/// One founds a space, the other comes in by a QR code. Result: the space's id.
fn bring_together(one: &Desk, other: &Desk) -> Result<Value> {
    let founded = ask(
        one,
        "faction_found",
        json!({"councilId": council(one)?, "name": "Fraktion", "ownName": "Mitglied 0", "deviceName": "Tablet"}),
    )?;
    let faction = founded["id"].clone();
    let is_current = |card: &Value| card["contact"] == "current" && card["unsent"] == 0;
    until_card(one, is_current)?;
    let invitation = json!({"factionId": faction, "way": "qr", "role": "member"});
    let invited = ask(one, "faction_invite", invitation)?;
    ask(
        other,
        "faction_join",
        json!({"councilId": council(other)?, "code": invited["secret"], "ownName": "Mitglied 1", "deviceName": "Tablet"}),
    )?;
    until_card(other, |card| card["name"].is_string() && is_current(card))?;
    Ok(faction)
}

fn until_card(desk: &Desk, is_so: impl Fn(&Value) -> bool) -> Result<()> {
    let mut events = desk.events();
    while !is_so(&ask(desk, "faction_overview", json!({}))?["spaces"][0]) {
        next_event(&mut events)?;
    }
    Ok(())
}

fn until_shown(
    desk: &Desk,
    events: &mut Receiver<DeskEvent>,
    target: &Value,
    text: &str,
) -> Result<()> {
    loop {
        let about = ask(desk, "faction_about", json!({"target": target}))?;
        let shares = &about["spaces"][0]["shares"];
        if rows(shares).iter().any(|share| share["text"] == text) {
            return Ok(());
        }
        next_event(events)?;
    }
}

fn next_event(events: &mut Receiver<DeskEvent>) -> Result<()> {
    match events.blocking_recv() {
        Ok(_) | Err(RecvError::Lagged(_)) => Ok(()),
        Err(RecvError::Closed) => bail!("the desk is gone"),
    }
}

fn agenda_item(desk: &Desk) -> Result<Value> {
    let list = ask(desk, "meetings_list", json!({}))?;
    let meeting = ["upcoming", "past"]
        .iter()
        .find_map(|part| rows(&list[*part]).first())
        .context("no meeting")?;
    let meeting = ask(desk, "meeting_open", json!({"id": meeting["id"]}))?;
    let item = rows(&meeting["publicItems"]).first();
    let id = item.context("no agenda item")?["id"].clone();
    ensure!(id.is_string(), "the agenda item has no id");
    Ok(id)
}
