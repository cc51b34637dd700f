//! Every rule of SPEC.md has a test that carries its number, and no test carries a number that is no rule.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn rules(spec: &str) -> BTreeSet<String> {
    spec.lines()
        .filter_map(|line| {
            line.strip_prefix("* **")?
                .split_once("**")
                .map(|(rule, _)| rule.to_lowercase())
        })
        .collect()
}

/// Numbers in the names of test functions: `#[test]` followed by `fn rule_e1_…`.
fn tested(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line == "#[test]" {
            is_test = true;
        } else if let Some(name) = line.strip_prefix("fn rule_") {
            if is_test {
                found.extend(name.split('_').next().map(str::to_owned));
            }
            is_test = false;
        }
    }
    found
}

fn complaints(rules: &BTreeSet<String>, tested: &BTreeSet<String>) -> Vec<String> {
    let untested = rules
        .difference(tested)
        .map(|rule| format!("rule {rule} has no test"));
    let unruled = tested
        .difference(rules)
        .map(|rule| format!("tests name {rule}, which is no rule"));
    untested.chain(unruled).collect()
}

#[test]
fn every_rule_has_a_test_and_every_test_a_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let spec = rules(&fs::read_to_string(folder.join("SPEC.md")).unwrap());
    assert!(
        spec.len() > 50,
        "SPEC.md was not read: {} rules",
        spec.len()
    );
    let mut found = BTreeSet::new();
    for file in fs::read_dir(folder.join("tests")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(tested(&fs::read_to_string(path).unwrap()));
        }
    }
    assert_eq!(complaints(&spec, &found), Vec::<String>::new());
}

#[test]
fn a_missing_and_a_superfluous_test_are_found() {
    let rules = rules("* **E1** one\n* **E2** two\n");
    let tested = tested(
        "#[test]\nfn rule_e1_holds() {}\nfn rule_e2_is_no_test() {}\n#[test]\nfn rule_x9_is_no_rule() {}\n",
    );
    assert_eq!(
        complaints(&rules, &tested),
        ["rule e2 has no test", "tests name x9, which is no rule"]
    );
}
