//! The commands as the page calls them: every one is there, locked ones say so, and the vault's way works.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod requests;

use std::path::Path;
use std::sync::Arc;

use desk::{COMMANDS, Desk, DeskConfig, DeskEvent, ErrorCode, Speech, message};
use requests::request_for;
use serde_json::{Value, json};

const NOW_MS: i64 = 1_795_000_000_000;
const PASSPHRASE: &str = "Wolke Brunnen Fahrrad Kastanie Lampe Donner";

fn desk_in(dir: &Path) -> Desk {
    Desk::new(DeskConfig {
        data_dir: dir.to_owned(),
        pdfium: dir.join("no-pdfium.so"),
        pdf_helper: dir.join("no-helper"),
        export_dir: dir.join("downloads"),
        clock: Arc::new(|| NOW_MS),
        locale: Some("de_DE.UTF-8".to_owned()),
        key_store: None,
        open_address: desk::opens_nothing(),
    })
    .expect("a desk opens nothing yet")
}

fn code(result: Result<Value, desk::DeskError>) -> ErrorCode {
    result.expect_err("this must fail").code
}

/// Commands that work while the vault is locked or not there.
const WITHOUT_SESSION: &[&str] = &[
    "app_status",
    "settings_get",
    "settings_set",
    "passphrase_check",
    "passphrase_suggest",
    "vault_create",
    "vault_unlock",
    "vault_unlock_recovery",
    "vault_unlock_pin",
    "vault_lock",
    "unlock_state",
];

#[test]
fn every_command_is_reached_and_the_locked_ones_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    assert!(COMMANDS.len() > 30, "the list of commands is not empty");
    for name in COMMANDS
        .iter()
        .filter(|name| !WITHOUT_SESSION.contains(name))
    {
        assert_eq!(
            code(desk.call(name, request_for(name))),
            ErrorCode::Locked,
            "{name}"
        );
    }
    for name in WITHOUT_SESSION {
        let answer = desk.call(name, request_for(name));
        let refusal = answer.err().map(|error| error.code);
        assert!(
            !matches!(
                refusal,
                Some(ErrorCode::Locked | ErrorCode::UnknownCommand | ErrorCode::BadRequest)
            ),
            "{name} works without a session, but answered {refusal:?}"
        );
    }
}

// Shows: O.Source_1
#[test]
fn what_is_not_understood_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    assert_eq!(
        code(desk.call("vault_open", json!({}))),
        ErrorCode::UnknownCommand
    );
    assert_eq!(
        code(desk.call("vault_unlock", json!({}))),
        ErrorCode::BadRequest
    );
    assert_eq!(
        code(desk.call("settings_set", json!({"language": "fr"}))),
        ErrorCode::BadRequest
    );
}

#[test]
fn a_vault_is_made_locked_and_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    let mut events = desk.events();
    let state = |desk: &Desk| desk.call("app_status", Value::Null).unwrap()["vault"].clone();
    assert_eq!(state(&desk), "empty");

    assert_eq!(
        code(desk.call("vault_create", json!({"passphrase": "kurz"}))),
        ErrorCode::WeakPassphrase
    );
    let made = desk
        .call("vault_create", json!({"passphrase": PASSPHRASE}))
        .unwrap();
    assert_eq!(state(&desk), "open");

    desk.call("vault_lock", json!({})).unwrap();
    assert_eq!(state(&desk), "locked");
    let told: Vec<DeskEvent> = std::iter::from_fn(|| events.try_recv().ok()).collect();
    assert_eq!(
        told.last(),
        Some(&DeskEvent::VaultLocked),
        "nothing is indexed any more once the vault is locked"
    );
    assert_eq!(code(desk.call("today", json!({}))), ErrorCode::Locked);
    assert_eq!(
        code(desk.call("vault_create", json!({"passphrase": PASSPHRASE}))),
        ErrorCode::VaultExists
    );
    assert_eq!(
        code(desk.call("vault_unlock", json!({"passphrase": "falsch"}))),
        ErrorCode::WrongPassphrase
    );

    desk.call(
        "vault_unlock_recovery",
        json!({"code": made["recoveryCode"]}),
    )
    .unwrap();
    let changed = "Segel Nagel Vogel Hafen Tinte Mantel";
    desk.call("passphrase_change", json!({"passphrase": changed}))
        .unwrap();
    desk.call("vault_lock", json!({})).unwrap();
    assert_eq!(
        code(desk.call("vault_unlock", json!({"passphrase": PASSPHRASE}))),
        ErrorCode::WrongPassphrase
    );
    desk.call("vault_unlock", json!({"passphrase": changed}))
        .unwrap();
    assert_eq!(state(&desk), "open");
}

#[test]
fn a_second_window_on_the_same_folder_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    desk.call("vault_create", json!({"passphrase": PASSPHRASE}))
        .unwrap();
    let other = desk_in(dir.path());
    assert_eq!(
        code(other.call("vault_unlock", json!({"passphrase": PASSPHRASE}))),
        ErrorCode::InUse
    );
    drop(desk);
    other
        .call("vault_unlock", json!({"passphrase": PASSPHRASE}))
        .unwrap();
}

#[test]
fn a_damaged_keyring_is_told_and_then_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    let unlock = || desk.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
    desk.call("vault_create", json!({"passphrase": PASSPHRASE}))
        .unwrap();
    desk.call("vault_lock", json!({})).unwrap();
    std::fs::write(dir.path().join("keyring"), b"not a keyring").unwrap();
    assert_eq!(code(unlock()), ErrorCode::KeyringDamaged);
    assert_eq!(
        code(desk.call("vault_unlock", json!({"passphrase": "falsch"}))),
        ErrorCode::WrongPassphrase
    );
    assert_eq!(
        code(unlock()),
        ErrorCode::KeyringDamaged,
        "a wrong passphrase in between gives nothing up"
    );
    unlock().unwrap();
    assert_eq!(desk.call("app_status", json!({})).unwrap()["vault"], "open");
}

#[test]
fn damaged_faction_spaces_are_told_once_by_their_view_and_keep_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    desk.call("vault_create", json!({"passphrase": PASSPHRASE}))
        .unwrap();
    desk.call("faction_overview", json!({})).unwrap();
    desk.call("vault_lock", json!({})).unwrap();
    std::fs::write(dir.path().join("faction.db"), vec![7; 8192]).unwrap();
    desk.call("vault_unlock", json!({"passphrase": PASSPHRASE}))
        .unwrap();
    assert_eq!(
        code(desk.call("faction_overview", json!({}))),
        ErrorCode::FactionDamaged
    );
    let anew = desk.call("faction_overview", json!({})).unwrap();
    assert_eq!(anew["spaces"], json!([]));
}

#[test]
fn damaged_notes_are_told_once_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    let unlock = || desk.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
    desk.call("vault_create", json!({"passphrase": PASSPHRASE}))
        .unwrap();
    desk.call("vault_lock", json!({})).unwrap();
    std::fs::write(dir.path().join("private.db"), vec![7; 8192]).unwrap();
    assert_eq!(code(unlock()), ErrorCode::NotesDamaged);
    unlock().unwrap();
    let kept = |entry: std::io::Result<std::fs::DirEntry>| {
        std::fs::read(entry.unwrap().path()).unwrap_or_default()
    };
    let is_there = std::fs::read_dir(dir.path())
        .unwrap()
        .any(|entry| kept(entry) == vec![7; 8192]);
    assert!(is_there, "the damaged file stays byte for byte");
}

#[test]
fn an_open_vault_without_a_council_is_empty_and_calm() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    desk.call("vault_create", json!({"passphrase": PASSPHRASE}))
        .unwrap();
    for name in [
        "today",
        "meetings_list",
        "marks_list",
        "storage_overview",
        "storage_details",
        "storage_rule_set",
        "sync_status",
        "sync_details",
    ] {
        desk.call(name, request_for(name))
            .unwrap_or_else(|error| panic!("{name}: {:?}", error.code));
    }
    let status = desk.call("sync_status", json!({})).unwrap();
    assert_eq!(status["running"], false);
    assert_eq!(status["standText"], "–");
    for name in [
        "meeting_open",
        "agenda_item_open",
        "document_open",
        "mark_create",
        "sync_start",
        "mark_delete",
    ] {
        assert_eq!(
            code(desk.call(name, request_for(name))),
            ErrorCode::NotFound,
            "{name}"
        );
    }
    assert_eq!(
        code(desk.call("council_pair", request_for("council_pair"))),
        ErrorCode::CodeInvalid
    );
}

#[test]
fn the_missing_pdf_library_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    desk.call("vault_create", json!({"passphrase": PASSPHRASE}))
        .unwrap();
    assert_eq!(
        code(desk.call("page_text", request_for("page_text"))),
        ErrorCode::ReaderMissing
    );
    let answer = desk.page_image("/1/0", "s=1");
    assert_eq!(
        (answer.status, answer.content_type),
        (500, "application/json")
    );
    desk.call("vault_lock", json!({})).unwrap();
    assert_eq!(
        desk.page_image("/1/0", "s=1").status,
        401,
        "a locked desk shows no page"
    );
    assert_eq!(desk.page_image("/1", "s=1").status, 400);
}

// Shows: O.Pass_2
#[test]
fn a_passphrase_is_judged_and_suggested() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    let judged = |text: &str| {
        desk.call("passphrase_check", json!({"passphrase": text}))
            .unwrap()
    };
    assert_eq!(judged("")["problem"], "empty");
    assert_eq!(judged("drei kleine Worte")["ok"], false);
    let suggested = desk.call("passphrase_suggest", json!({})).unwrap();
    let verdict = judged(suggested["passphrase"].as_str().unwrap());
    assert_eq!(
        (&verdict["ok"], verdict.get("problem")),
        (&json!(true), None)
    );
}

#[test]
fn settings_outlive_the_program_and_speak_the_chosen_language() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_in(dir.path());
    assert_eq!(
        desk.call("today", json!({})).unwrap_err().message,
        message(ErrorCode::Locked, Speech::De)
    );
    let chosen = json!({"language": "en", "appearance": "dark", "textScale": 1.25, "leftHanded": true, "autoLockMin": 15, "meetingsView": "month",
            "pens": [{"tool": "marker", "color": "gelb", "widthPt": 12.0}],
        "flow": {"isOn": true, "font": "serif", "colours": "sepia", "scale": 2.0, "lineHeight": 1.8}});
    desk.call("settings_set", chosen.clone()).unwrap();
    assert_eq!(
        desk.call("today", json!({})).unwrap_err().message,
        message(ErrorCode::Locked, Speech::En)
    );
    assert_eq!(
        desk_in(dir.path()).call("settings_get", json!({})).unwrap(),
        chosen
    );
}

// Shows: O.Source_3, MASVS-STORAGE-2
#[test]
fn nothing_secret_shows_in_debug() {
    let request: desk::VaultUnlockRequest =
        serde_json::from_value(json!({"passphrase": "Geheimwort"})).unwrap();
    assert_eq!(
        format!("{request:?} {:?}", request.passphrase),
        "VaultUnlockRequest Secret"
    );
}
