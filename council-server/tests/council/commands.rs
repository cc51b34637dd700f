//! The program as the office calls it.

use std::path::Path;
use std::process::{Command, Output};

use council_server::MasterKey;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::folder;
use crate::support::portal::Portal;

fn run(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_council-server"))
        .current_dir(root)
        .args(["--data", "data", "--master-key", "master.key"])
        .args(arguments)
        .output()
        .unwrap()
}

fn answer(root: &Path, arguments: &[&str]) -> Value {
    let output = run(root, &[&["--json"], arguments].concat());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_office_imports_invites_and_lists() {
    let root = TempDir::new().unwrap();
    folder::write(&root.path().join("intake"));
    let outcome = answer(root.path(), &["import", "folder", "intake"]);
    assert!(outcome["added"].as_u64().unwrap() > 20);
    let people = answer(root.path(), &["people", "list"]);
    assert_eq!(people["people"].as_array().unwrap().len(), 4);
    let person = answer(root.path(), &["people", "add", "Gast der Ratsmappe"]);
    let id = person["person"].as_str().unwrap();
    let invitation = answer(
        root.path(),
        &["invite", id, "--address", "https://rat.example:8443"],
    );
    assert_eq!(invitation["name"], "Gast der Ratsmappe");
    assert_eq!(
        invitation["code"].as_str().unwrap().len(),
        31,
        "26 characters in six groups"
    );
    assert_eq!(
        answer(root.path(), &["devices"])["devices"],
        Value::Array(vec![])
    );

    let letter = run(
        root.path(),
        &["invite", "ada", "--address", "https://rat.example:8443"],
    );
    let letter = String::from_utf8(letter.stdout).unwrap();
    assert!(
        letter.contains("Einladung für Ada Lenz") && letter.contains("https://rat.example:8443"),
        "{letter}"
    );
}

#[test]
fn the_office_checks_the_audit() {
    let root = TempDir::new().unwrap();
    folder::write(&root.path().join("intake"));
    answer(root.path(), &["import", "folder", "intake"]);
    let noted = answer(root.path(), &["audit", "verify"]);
    let noted = noted["head"].as_str().unwrap();
    answer(root.path(), &["invite", "ada"]);
    let checked = answer(root.path(), &["audit", "verify", "--head", noted]);
    assert_eq!(checked["entries"], 2);

    let path = root.path().join("data/server.db");
    let master = MasterKey::load(&root.path().join("master.key")).unwrap();
    let tables = crate::support::tables(&path, &master);
    tables
        .execute("DELETE FROM audit WHERE number = 2", [])
        .unwrap();
    drop(tables);
    let output = run(root.path(), &["audit", "verify"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(error.contains("Eintrag 2 des Protokolls fehlt"), "{error}");
    assert!(
        run(root.path(), &["audit"]).status.success(),
        "it is still shown"
    );
    let output = run(root.path(), &["audit", "verify", "--head", "2"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("eine Zahl und 64 Zeichen"), "{error}");
}

#[test]
fn mistakes_are_named() {
    let root = TempDir::new().unwrap();
    for (arguments, says) in [
        (vec!["invite", "niemand"], "Es gibt keine Person „niemand“"),
        (vec!["revoke", "xyz"], "Es gibt kein Gerät „xyz“"),
        (
            vec!["people", "add", "Neu", "--organization", "senat"],
            "Es gibt kein Gremium mit dem Schlüssel „senat“",
        ),
        (
            vec!["import", "folder", "nirgends"],
            "kann nicht gelesen werden",
        ),
    ] {
        let output = run(root.path(), &arguments);
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn the_master_key_stays_out_of_the_data_folder_and_private() {
    let root = TempDir::new().unwrap();
    answer(root.path(), &["devices"]);
    let output = Command::new(env!("CARGO_BIN_EXE_council-server"))
        .current_dir(root.path())
        .args([
            "--data",
            "data",
            "--master-key",
            "data/master.key",
            "devices",
        ])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("darf nicht im Datenordner liegen"));
    std::fs::rename(
        root.path().join("master.key"),
        root.path().join("elsewhere.key"),
    )
    .unwrap();
    let output = run(root.path(), &["devices"]);
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("bitte die Schlüsseldatei zurückholen")
    );
    assert!(
        !root.path().join("master.key").exists(),
        "no second key is made for data that it cannot open"
    );
    std::fs::rename(
        root.path().join("elsewhere.key"),
        root.path().join("master.key"),
    )
    .unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| {
            std::fs::metadata(root.path().join(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!((mode("master.key"), mode("data")), (0o600, 0o700));
    }
}

#[test]
fn an_oparl_import_is_reported_and_remembered() {
    let root = TempDir::new().unwrap();
    let portal = Portal::town();
    portal.list(
        "/organizations",
        serde_json::json!([{"id": "BASE/organization/1", "name": "Gemeinderat"},
        "BASE/organization/404"]),
    );
    let url = portal.request().url;
    let arguments = [
        "import",
        "oparl",
        &url,
        "--public-only",
        "--report",
        "report.json",
    ];
    let report = answer(root.path(), &arguments);
    assert_eq!(report["objects"]["Meeting"]["new"], 1);
    assert_eq!(report["problems"][0]["reason"], "Antwort 404");
    let written = std::fs::read(root.path().join("report.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), report);

    let again = run(root.path(), &["import", "oparl", &url, "--public-only"]);
    let text = String::from_utf8(again.stdout).unwrap();
    assert!(
        text.starts_with("Nichts Neues.") && text.contains("/organization/404: Antwort 404"),
        "{text}"
    );
    let imports = answer(root.path(), &["imports"]);
    assert_eq!(imports["imports"][0]["url"], url);
    let line = run(root.path(), &["imports"]);
    let line = String::from_utf8(line.stdout).unwrap();
    assert!(line.contains("nichts Neues; 1 Fehler"), "{line}");
}
