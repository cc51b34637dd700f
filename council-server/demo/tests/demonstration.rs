//! The demonstration as its users see it: a folder that fits together, the same on every run.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;

use chrono::NaiveDate;
use demo_council::{DemoError, write_demo, write_small_demo, write_small_later};
use sha2::{Digest, Sha256};

fn today() -> NaiveDate {
    "2026-11-12".parse().unwrap()
}

/// PDFs that the tests share, kept between runs: names are hashes of what went in. Filled by whoever comes first.
fn cache() -> &'static Path {
    static FILLED: Once = Once::new();
    let cache = Path::new(concat!(env!("CARGO_TARGET_TMPDIR"), "/demonstration-pdfs"));
    FILLED.call_once(|| {
        let folder = tempfile::tempdir().unwrap();
        write_small_later(folder.path(), today(), Some(cache)).unwrap();
        write_small_demo(folder.path(), today(), Some(cache)).unwrap();
    });
    cache
}

/// Relative path → SHA-256 of every file below a folder.
fn hashes(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let hash = Sha256::digest(fs::read(&path).unwrap()).to_vec();
                found.insert(path.strip_prefix(root).unwrap().to_owned(), hash);
            }
        }
    }
    found
}

fn toml_at(path: &Path) -> toml::Table {
    fs::read_to_string(path).unwrap().parse().unwrap()
}

fn tables(table: &toml::Table, key: &str) -> Vec<toml::Table> {
    let entries = table
        .get(key)
        .and_then(toml::Value::as_array)
        .cloned()
        .unwrap_or_default();
    entries
        .into_iter()
        .map(|entry| entry.as_table().unwrap().clone())
        .collect()
}

fn text<'a>(table: &'a toml::Table, key: &str) -> &'a str {
    table
        .get(key)
        .and_then(toml::Value::as_str)
        .unwrap_or_default()
}

fn run(arguments: &[&str], typst: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_demo-council"))
        .args(arguments)
        .env("RATSMAPPE_TYPST", typst)
        .output()
        .unwrap()
}

#[test]
fn the_same_day_gives_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = write_small_demo(one.path(), today(), None).unwrap();
    let second = write_small_demo(two.path(), today(), Some(cache())).unwrap();
    assert_eq!(first, second);
    let hashes_one = hashes(one.path());
    assert_eq!(
        hashes_one
            .keys()
            .filter(|path| path.extension().is_some_and(|e| e == "pdf"))
            .count(),
        first.files
    );
    assert_eq!(
        hashes_one,
        hashes(two.path()),
        "a PDF or TOML file differs between two runs"
    );

    let other_day =
        write_small_demo(two.path(), today().succ_opt().unwrap(), Some(cache())).unwrap();
    assert_ne!(
        first.next_meeting, other_day.next_meeting,
        "an earlier demonstration is replaced"
    );
    assert!(
        !two.path()
            .join("meetings")
            .join(&first.next_meeting)
            .exists(),
        "folders of the earlier day stayed"
    );
}

#[test]
fn every_name_in_the_folder_leads_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let summary = write_small_demo(folder.path(), today(), Some(cache())).unwrap();
    let council = toml_at(&folder.path().join("council.toml"));
    let organizations: Vec<String> = tables(&council, "organization")
        .iter()
        .map(|o| text(o, "key").to_owned())
        .collect();
    let people: Vec<String> = tables(&council, "person")
        .iter()
        .map(|p| text(p, "key").to_owned())
        .collect();
    for membership in tables(&council, "membership") {
        assert!(people.iter().any(|key| key == text(&membership, "person")));
        assert!(
            organizations
                .iter()
                .any(|key| key == text(&membership, "organization"))
        );
    }
    assert!(
        summary
            .people
            .iter()
            .all(|person| people.contains(&person.key)),
        "an invited person is not listed"
    );

    let mut references = Vec::new();
    for entry in fs::read_dir(folder.path().join("papers")).unwrap() {
        let entry = entry.unwrap().path();
        let paper = toml_at(&entry.join("paper.toml"));
        references.push(text(&paper, "reference").to_owned());
        assert!(entry.join(text(&paper, "main")).is_file());
        for attachment in tables(&paper, "attachment") {
            assert!(entry.join(text(&attachment, "file")).is_file());
        }
    }
    assert_eq!(references.len(), summary.papers);

    let mut coming = 0;
    for entry in fs::read_dir(folder.path().join("meetings")).unwrap() {
        let entry = entry.unwrap().path();
        let meeting = toml_at(&entry.join("meeting.toml"));
        coming += usize::from(text(&meeting, "start") > "2026-11-12");
        for part in ["invitation", "minutes"] {
            if let Some(part) = meeting.get(part).and_then(toml::Value::as_table) {
                assert!(entry.join(text(part, "file")).is_file());
            }
        }
        for item in tables(&meeting, "item") {
            let paper = text(&item, "paper");
            assert!(
                paper.is_empty() || references.iter().any(|known| known == paper),
                "{paper} is not written"
            );
            for file in tables(&item, "file") {
                assert!(entry.join(text(&file, "file")).is_file());
            }
        }
    }
    assert!(coming >= 4 && summary.meetings - coming >= 2);
}

#[test]
fn the_next_meeting_has_twelve_public_and_two_nonpublic_items() {
    let folder = tempfile::tempdir().unwrap();
    let summary = write_small_demo(folder.path(), today(), Some(cache())).unwrap();
    let meeting = toml_at(
        &folder
            .path()
            .join("meetings")
            .join(&summary.next_meeting)
            .join("meeting.toml"),
    );
    assert_eq!(text(&meeting, "start"), "2026-11-17T17:00:00+01:00");
    let public: Vec<bool> = tables(&meeting, "item")
        .iter()
        .map(|item| item.get("public").unwrap().as_bool().unwrap())
        .collect();
    assert_eq!(public, [[true; 12].as_slice(), &[false; 2]].concat());
}

#[test]
fn the_later_delivery_brings_a_revision_a_supplement_and_an_item() {
    let (base, later) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = write_small_demo(base.path(), today(), Some(cache())).unwrap();
    let second = write_small_later(later.path(), today(), Some(cache())).unwrap();
    assert_eq!(second.papers, first.papers + 1);
    let paper = |root: &Path| toml_at(&root.join("papers/2026-184/paper.toml"));
    let (old, new) = (paper(base.path()), paper(later.path()));
    assert_eq!(
        (old["revision"].as_integer(), new["revision"].as_integer()),
        (Some(1), Some(2))
    );
    assert!(!text(&new, "change_note").is_empty());
    assert_eq!(
        tables(&new, "attachment").len(),
        tables(&old, "attachment").len() + 1
    );
    let meeting = |root: &Path| {
        toml_at(
            &root
                .join("meetings")
                .join(&first.next_meeting)
                .join("meeting.toml"),
        )
    };
    let (old, new) = (meeting(base.path()), meeting(later.path()));
    assert_eq!(tables(&new, "item").len(), tables(&old, "item").len() + 1);
    assert_eq!(new["invitation"]["revision"].as_integer(), Some(2));

    let (base, later) = (hashes(base.path()), hashes(later.path()));
    let pdf = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "pdf");
    let changed: Vec<_> = base
        .iter()
        .filter(|(path, hash)| pdf(path) && later.get(*path) != Some(*hash))
        .map(|(path, _)| path)
        .collect();
    assert!(
        changed
            .iter()
            .all(|path| path.starts_with("papers/2026-184") || path.ends_with("Einladung.pdf")),
        "an unrevised file changed: {changed:?}"
    );
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Brief.txt"), "nicht löschen").unwrap();
    let refused = write_demo(folder.path(), today(), None);
    assert!(matches!(refused, Err(DemoError::FolderInUse(_))));
    assert_eq!(hashes(folder.path()).len(), 1);
}

#[test]
fn without_the_wheel_the_error_names_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let refused = run(
        &["--out", out.to_str().unwrap(), "--today", "2026-11-12"],
        &folder.path().join("nothing"),
    );
    assert!(!refused.status.success());
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("run cargo xtask setup"), "{message}");
}

#[test]
fn a_full_cache_needs_no_typesetting_and_holds_a_budget_of_400_pages() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("a"), folder.path().join("b"));
    write_demo(&first, today(), Some(cache())).unwrap();
    let nothing = folder.path().join("nothing");
    let arguments = [
        "--out",
        second.to_str().unwrap(),
        "--today",
        "2026-11-12",
        "--cache",
        cache().to_str().unwrap(),
    ];
    let cached = run(&arguments, &nothing);
    assert!(
        cached.status.success(),
        "something was typeset again: {}",
        String::from_utf8_lossy(&cached.stderr)
    );
    assert_eq!(hashes(&first), hashes(&second));

    let budget = fs::read(first.join("papers/2026-150/Anlage-1-Haushaltsplan-2027.pdf")).unwrap();
    let pages = String::from_utf8_lossy(&budget)
        .matches("/Type/Page/")
        .count();
    assert!((400..=410).contains(&pages), "the budget has {pages} pages");
}
