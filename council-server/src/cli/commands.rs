//! The commands: each calls one function of the library and says what came of it.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use sync_protocol::ids::DeviceId;

use super::out::Out;
use super::{Invite, PersonAdd, Serve};
use crate::audit::AuditHead;
use crate::clock::german_date;
use crate::error::ServerError;
use crate::http::ServeOptions;
use crate::master_key::MasterKey;
use crate::office::{Invitation, NewMembership, PersonInfo};
use crate::publish::ImportOutcome;
use crate::server::Server;
use crate::tls::Certificate;

pub(super) fn serve(server: &Server, out: Out, serve: Serve) -> anyhow::Result<()> {
    let (faction_room, limits) = (serve.faction_room_bytes(), serve.limits());
    let certificate = match (serve.tls_cert, serve.tls_key) {
        (Some(certificate_pem), Some(key_pem)) => Certificate::Public {
            certificate_pem,
            key_pem,
        },
        _ => Certificate::Own,
    };
    let report = move |error: &ServerError| out.progress(&format!("Störung: {error}"));
    let options = ServeOptions {
        certificate,
        oparl: serve.oparl,
        public_url: serve.public_url.clone(),
        faction_room: Some(faction_room),
        limits,
        on_trouble: Some(Arc::new(report)),
    };
    let plan = super::oparl::plan(server, serve.imports.as_deref())?;
    let handle = server.serve_with(serve.listen, options)?;
    let address = serve.public_url.unwrap_or_else(|| handle.url());
    server.set_address(&address)?;
    let name = server.council_name()?;
    out.say(
        &format!("{name}: erreichbar unter {address} (beenden mit Strg+C)"),
        &json!({"address": address, "council": server.council().to_string(), "name": name}),
    );
    let _schedule = super::oparl::follow(server, out, plan.as_ref())?;
    wait_for_stop()?;
    handle.shutdown();
    Ok(())
}

/// Waits for Ctrl-C or the signal with which service managers stop a program.
fn wait_for_stop() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let mut terminate = signal(SignalKind::terminate())?;
            tokio::select! {
                done = tokio::signal::ctrl_c() => done?,
                _ = terminate.recv() => {}
            }
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

pub(super) fn import_folder(server: &Server, out: Out, dir: &Path) -> anyhow::Result<()> {
    let outcome = server.import_folder(dir)?;
    say_outcome(out, &outcome);
    Ok(())
}

/// Says what an import did; what could not be taken over comes last.
pub(super) fn say_outcome(out: Out, outcome: &ImportOutcome) {
    let mut text = format!(
        "Übernommen: {} neu, {} geändert, {} entfernt; {} Dateien verschlüsselt.",
        outcome.added, outcome.changed, outcome.removed, outcome.files_sealed
    );
    if !outcome.problems.is_empty() {
        text.push_str(&format!("\n{} Fehler:", outcome.problems.len()));
        for problem in &outcome.problems {
            text.push_str(&format!("\n  {problem}"));
        }
    }
    out.say(&text, &json!(outcome));
}

pub(super) fn people_list(server: &Server, out: Out) -> anyhow::Result<()> {
    let people = server.people()?;
    let lines: Vec<String> = people.iter().map(person_text).collect();
    let values: Vec<Value> = people.iter().map(person_value).collect();
    out.say(&lines.join("\n"), &json!({ "people": values }));
    Ok(())
}

fn person_text(person: &PersonInfo) -> String {
    let mut text = format!("{}  ({})", person.name, person.key);
    for membership in &person.memberships {
        let role = membership.role.as_deref().unwrap_or("Mitglied");
        text.push_str(&format!("\n    {role}, {}", membership.organization));
        if let Some(end) = membership.end_date {
            text.push_str(&format!(" (bis {})", end.format("%d.%m.%Y")));
        }
    }
    text
}

fn person_value(person: &PersonInfo) -> Value {
    let memberships: Vec<Value> = person
        .memberships
        .iter()
        .map(|m| {
            json!({
                "organization": m.organization, "role": m.role,
                "start": m.start_date.map(|d| d.to_string()), "end": m.end_date.map(|d| d.to_string()),
            })
        })
        .collect();
    json!({"person": person.id.to_string(), "key": person.key, "name": person.name, "memberships": memberships})
}

pub(super) fn people_add(server: &Server, out: Out, person: PersonAdd) -> anyhow::Result<()> {
    let key = person.key.unwrap_or_else(|| key_of_name(&person.name));
    let membership = person.organization.map(|organization| NewMembership {
        organization,
        role: person.role,
        start_date: person.start,
        end_date: person.end,
    });
    let memberships: Vec<NewMembership> = membership.into_iter().collect();
    server.add_person(&key, &person.name, person.form_of_address, &memberships)?;
    let added = server.people()?.into_iter().find(|p| p.key == key);
    let added = added.ok_or(ServerError::NoSuchPerson(key))?;
    out.say(
        &format!("Eingetragen: {}", person_text(&added)),
        &person_value(&added),
    );
    Ok(())
}

/// `Ada von Lenz` → `ada-von-lenz`.
fn key_of_name(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join("-")
}

pub(super) fn invite(server: &Server, out: Out, invite: &Invite) -> anyhow::Result<()> {
    let invitation = server.invite(&invite.person, invite.in_person)?;
    let address = match &invite.address {
        Some(address) => Some(address.clone()),
        None => server.address()?,
    };
    out.say(
        &letter(&invitation, address.as_deref()),
        &invitation_value(&invitation, address.as_deref()),
    );
    Ok(())
}

/// The invitation as a letter.
pub(super) fn letter(invitation: &Invitation, address: Option<&str>) -> String {
    let until = german_date(invitation.expires_at_ms).format("%d.%m.%Y");
    let address = address.unwrap_or("(Adresse des Servers; „--address“ oder einmal „serve“)");
    let next = if invitation.in_person {
        "Das Gerät gilt als bestätigt, sobald es gekoppelt ist."
    } else {
        "Danach zeigt das Tablet vier Wörter; mit ihnen bestätigt der Sitzungsdienst das Gerät."
    };
    format!(
        "Einladung für {}\n  Adresse: {address}\n  Code:    {}\n  gültig bis {until}, für ein Gerät\n  {next}",
        invitation.person_name,
        invitation.code.to_display().as_str(),
    )
}

pub(super) fn invitation_value(invitation: &Invitation, address: Option<&str>) -> Value {
    json!({
        "person": invitation.person.to_string(),
        "name": invitation.person_name,
        "code": invitation.code.to_display().as_str(),
        "address": address,
        "expires_at_ms": invitation.expires_at_ms,
        "in_person": invitation.in_person,
    })
}

fn device_id(text: &str) -> Result<DeviceId, ServerError> {
    text.trim()
        .parse()
        .map_err(|_| ServerError::NoSuchDevice(text.to_owned()))
}

pub(super) fn confirm(
    server: &Server,
    out: Out,
    device: &str,
    words: &[String],
) -> anyhow::Result<()> {
    let id = device_id(device)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    server.confirm(&id, &words)?;
    out.say(
        "Bestätigt: das Gerät erhält ab jetzt auch Nichtöffentliches.",
        &json!({"device": id.to_string(), "confirmed": true}),
    );
    Ok(())
}

pub(super) fn devices(server: &Server, out: Out) -> anyhow::Result<()> {
    let devices = server.devices()?;
    let day = |at_ms: i64| german_date(at_ms).format("%d.%m.%Y").to_string();
    let mut lines = Vec::new();
    let mut values = Vec::new();
    for device in &devices {
        let state = match (device.revoked_at_ms, device.confirmed_at_ms) {
            (Some(at_ms), _) => format!("gesperrt am {}", day(at_ms)),
            (None, Some(at_ms)) => format!("bestätigt am {}", day(at_ms)),
            (None, None) => "wartet auf Bestätigung (vier Wörter)".to_owned(),
        };
        lines.push(format!("{}  {}: {state}", device.id, device.person_name));
        values.push(json!({
            "device": device.id.to_string(), "person": device.person.to_string(), "name": device.person_name,
            "confirmed": device.confirmed_at_ms.is_some(), "revoked": device.revoked_at_ms.is_some(),
            "paired_at_ms": device.paired_at_ms, "seen_at_ms": device.seen_at_ms,
        }));
    }
    let text = if lines.is_empty() {
        "Noch kein Gerät.".to_owned()
    } else {
        lines.join("\n")
    };
    out.say(&text, &json!({ "devices": values }));
    Ok(())
}

pub(super) fn revoke(server: &Server, out: Out, device: &str) -> anyhow::Result<()> {
    let id = device_id(device)?;
    server.revoke(&id)?;
    out.say(
        "Gesperrt: das Gerät erhält nichts mehr.",
        &json!({"device": id.to_string(), "revoked": true}),
    );
    Ok(())
}

pub(super) fn receipts(server: &Server, out: Out) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    let mut values = Vec::new();
    for receipt in server.receipts()? {
        lines.push(format!(
            "Sitzung {}, Einladung {}: auf Gerät {} lesbar, eingegangen {}",
            receipt.meeting,
            receipt.invitation_revision,
            receipt.device,
            german_date(receipt.server_at_ms).format("%d.%m.%Y"),
        ));
        values.push(json!({
            "device": receipt.device.to_string(), "meeting": receipt.meeting.to_string(),
            "invitation_revision": receipt.invitation_revision, "device_at_ms": receipt.device_at_ms,
            "server_at_ms": receipt.server_at_ms,
        }));
    }
    let text = if lines.is_empty() {
        "Noch kein Zugangsnachweis.".to_owned()
    } else {
        lines.join("\n")
    };
    out.say(&text, &json!({ "receipts": values }));
    Ok(())
}

pub(super) fn audit(server: &Server, out: Out) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    let mut values = Vec::new();
    for entry in server.audit()? {
        let device = entry.device.map(|d| d.to_string());
        lines.push(format!(
            "{}  {}  {}",
            german_date(entry.at_ms),
            entry.action,
            device.as_deref().unwrap_or_default()
        ));
        values.push(json!({"at_ms": entry.at_ms, "action": entry.action, "device": device, "count": entry.count}));
    }
    out.say(&lines.join("\n"), &json!({ "audit": values }));
    Ok(())
}

pub(super) fn audit_verify(
    server: &Server,
    out: Out,
    noted: Option<AuditHead>,
) -> anyhow::Result<()> {
    let state = server.verify_audit(noted)?;
    let passes = noted.map_or("", |_| ", auch durch den notierten Stand");
    let text = format!(
        "Das Protokoll ist lückenlos und unverändert{passes}: {} Einträge.\nStand {}\nBitte außerhalb des Servers notieren und beim nächsten Mal mit „--head“ angeben.",
        state.entry_count, state.head,
    );
    out.say(
        &text,
        &json!({"entries": state.entry_count, "head": state.head.to_string()}),
    );
    Ok(())
}

pub(super) fn restored(server: &Server, out: Out) -> anyhow::Result<()> {
    let generation = server.begin_generation()?;
    let text = format!(
        "Ab jetzt gilt Generation {generation}: die Geräte übernehmen den zurückgespielten Stand."
    );
    out.say(&text, &json!({ "generation": generation }));
    Ok(())
}

pub(super) fn backup(server: &Server, out: Out, to: &Path) -> anyhow::Result<()> {
    let contents = server.backup(to)?;
    let text = format!(
        "Gesichert nach {}: die Datenbank und {} verschlüsselte Dateien.\nDer Hauptschlüssel ist nicht dabei: ohne seine Datei ist die Sicherung wertlos. Bitte beide getrennt aufbewahren.",
        to.display(),
        contents.blob_count,
    );
    out.say(&text, &json!(contents));
    Ok(())
}

pub(super) fn restore(
    out: Out,
    from: &Path,
    data: &Path,
    master: &MasterKey,
) -> anyhow::Result<()> {
    let contents = crate::backup::restore(from, data, master)?;
    let text = format!(
        "Zurückgespielt nach {}: der Stand vom {}, {} verschlüsselte Dateien.\nWas danach geschah, fehlt: Geräte, die seither gesperrt wurden, bitte noch einmal sperren; seither gekoppelte neu einladen.\nDie Tablets weisen diesen Stand ab, bis „council-server restored“ gesagt hat, dass er gilt.",
        data.display(),
        german_date(contents.made_at_ms).format("%d.%m.%Y"),
        contents.blob_count,
    );
    out.say(&text, &json!(contents));
    Ok(())
}
