//! From requirement to code to test: joins docs/requirements.toml with the tags in the code, writes docs/REQUIREMENTS.md, and
//! finds what does not fit. It judges no code: whether a requirement is met is said by whoever sets the tag.

mod list;
mod table;
mod tags;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::paths;
use list::{List, Requirement};
use tags::{Says, Tag};

const LIST: &str = "docs/requirements.toml";
const TABLE: &str = "docs/REQUIREMENTS.md";
const SUMMARY: &str = "docs/SECURITY.md";

/// A requirement with the places that name it, each in the order of paths.
pub(crate) struct Traced<'a> {
    pub requirement: &'a Requirement,
    pub code: Vec<&'a Tag>,
    pub tests: Vec<&'a Tag>,
}

/// What the table says of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Met,
    Partly,
    Open,
    NotApplicable,
}

impl Traced<'_> {
    pub(crate) fn state(&self) -> State {
        if self.requirement.not_applicable.is_some() {
            State::NotApplicable
        } else if self.requirement.open.is_none() {
            State::Met
        } else if self.code.is_empty() {
            State::Open
        } else {
            State::Partly
        }
    }
}

/// `cargo xtask trace`: writes the table and its summary.
///
/// Errors: each fault of tags and list; then nothing is written.
pub fn write() -> Result<()> {
    let (list, tags) = read()?;
    refuse(faults(&list, &tags))?;
    let traced = join(&list, &tags);
    fs::write(paths::root().join(TABLE), table::render(&list, &traced))?;
    let path = paths::root().join(SUMMARY);
    let page = fs::read_to_string(&path)?;
    fs::write(path, table::with_summary(&page, &list, &traced)?)?;
    println!("{TABLE}: {} requirements", traced.len());
    Ok(())
}

/// Errors: each fault of tags and list, and a table or summary that `cargo xtask trace` would write otherwise.
pub fn check() -> Result<()> {
    let (list, tags) = read()?;
    refuse(faults(&list, &tags))?;
    let traced = join(&list, &tags);
    let table = fs::read_to_string(paths::root().join(TABLE)).context(TABLE)?;
    let page = fs::read_to_string(paths::root().join(SUMMARY)).context(SUMMARY)?;
    refuse(stale(&list, &traced, &table, &page)?)?;
    println!("requirements: {} traced, {} tags", traced.len(), tags.len());
    Ok(())
}

fn read() -> Result<(List, Vec<Tag>)> {
    let text = fs::read_to_string(paths::root().join(LIST)).context(LIST)?;
    let list = toml::from_str(&text).context(LIST)?;
    Ok((list, tags::all(&paths::root())?))
}

fn refuse(faults: Vec<String>) -> Result<()> {
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

fn join<'a>(list: &'a List, tags: &'a [Tag]) -> Vec<Traced<'a>> {
    let mut places: BTreeMap<(&str, Says), Vec<&Tag>> = BTreeMap::new();
    for tag in tags {
        for id in &tag.ids {
            places.entry((id, tag.says)).or_default().push(tag);
        }
    }
    list.requirement
        .iter()
        .map(|requirement| Traced {
            requirement,
            code: places
                .remove(&(requirement.id.as_str(), Says::Meets))
                .unwrap_or_default(),
            tests: places
                .remove(&(requirement.id.as_str(), Says::Shows))
                .unwrap_or_default(),
        })
        .collect()
}

/// Every way in which tags and list do not fit, in words for who has to mend it.
fn faults(list: &List, tags: &[Tag]) -> Vec<String> {
    let mut faults = list.faults();
    for tag in tags {
        let place = format!("{}:{}", tag.path, tag.line);
        if tag.says == Says::Shows && !tag.at_a_test {
            faults.push(format!("{place}: \"Shows\" stands over no test"));
        }
        for id in &tag.ids {
            if !list.requirement.iter().any(|known| known.id == *id) {
                faults.push(format!("{place}: no requirement is called {id}"));
            }
        }
    }
    faults.extend(join(list, tags).iter().filter_map(fault_of));
    faults
}

fn fault_of(traced: &Traced<'_>) -> Option<String> {
    let own = traced.requirement;
    let (code, tests) = (!traced.code.is_empty(), !traced.tests.is_empty());
    let words = if own.not_applicable.is_some() {
        if !code && !tests && own.open.is_none() && own.untested.is_none() {
            return None;
        }
        "does not apply and is tagged, open or untested all the same"
    } else if !code && own.open.is_none() {
        "has neither code nor a reason"
    } else if !code && tests {
        "has a test, but no code"
    } else if code && !tests && own.untested.is_none() {
        "has code, but neither a test nor a reason why there is none"
    } else if own.untested.is_some() && (tests || !code) {
        "says why it is untested, which it is not"
    } else {
        return None;
    };
    Some(format!("{}: {words}", own.id))
}

/// Which of the two pages `cargo xtask trace` would write otherwise.
fn stale(list: &List, traced: &[Traced<'_>], table: &str, page: &str) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if table != table::render(list, traced) {
        faults.push(format!("{TABLE} is stale: run cargo xtask trace"));
    }
    if page != table::with_summary(page, list, traced)? {
        faults.push(format!("{SUMMARY} is stale: run cargo xtask trace"));
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
        [[requirement]]
        id = "O.Cryp_1"
        what = "No key stands in the code."
        [[requirement]]
        id = "O.Paid_1"
        what = "Costs are shown."
        not_applicable = "Nothing costs anything."
        [[requirement]]
        id = "O.Resi_2"
        what = "A rooted system is found."
        open = "Nobody looks for it."
    "#;
    const CODE: &str = "// Meets: O.Cryp_1\nfn seal() {}\n";
    const TEST: &str = "// Shows: O.Cryp_1\n#[test]\nfn sealed() {}\n";

    fn found(list: &str, code: &[&str]) -> Vec<String> {
        let list: List = toml::from_str(list).unwrap();
        let tags: Vec<Tag> = code
            .iter()
            .flat_map(|code| tags::in_text("seal.rs", code))
            .collect();
        faults(&list, &tags)
    }

    #[test]
    fn what_fits_has_no_fault() {
        assert_eq!(found(SOUND, &[CODE, TEST]), Vec::<String>::new());
    }

    #[test]
    fn every_planted_fault_is_found() {
        let partly = SOUND.replace("id = \"O.Cryp_1\"", "id = \"O.Cryp_1\"\nopen = \"Half.\"");
        let untested = SOUND.replace(
            "id = \"O.Cryp_1\"",
            "id = \"O.Cryp_1\"\nuntested = \"By eye.\"",
        );
        let cases: [(&str, &str, &[&str], &str); 11] = [
            (
                "unknown id",
                SOUND,
                &[CODE, TEST, "// Meets: O.Cryp_9\nfn a() {}"],
                "no requirement is called O.Cryp_9",
            ),
            (
                "neither tag nor reason",
                SOUND,
                &[],
                "O.Cryp_1: has neither code nor a reason",
            ),
            (
                "a test alone",
                &partly,
                &[TEST],
                "O.Cryp_1: has a test, but no code",
            ),
            (
                "met without a test",
                SOUND,
                &[CODE],
                "O.Cryp_1: has code, but neither a test",
            ),
            (
                "partly without a test",
                &partly,
                &[CODE],
                "O.Cryp_1: has code, but neither a test",
            ),
            (
                "untested with a test",
                &untested,
                &[CODE, TEST],
                "O.Cryp_1: says why it is untested",
            ),
            (
                "not applicable and tagged",
                SOUND,
                &[CODE, TEST, "// Meets: O.Paid_1\nfn a() {}"],
                "O.Paid_1: does not apply",
            ),
            (
                "shows over no test",
                SOUND,
                &[CODE, TEST, "// Shows: O.Cryp_1\nfn a() {}"],
                "stands over no test",
            ),
            (
                "twice in the list",
                &format!(
                    "{SOUND}\n[[requirement]]\nid = \"O.Paid_1\"\nwhat = \"Again.\"\nnot_applicable = \"Free.\""
                ),
                &[CODE, TEST],
                "O.Paid_1: stands twice in the list",
            ),
            (
                "an empty reason",
                &SOUND.replace("Nothing costs anything.", " "),
                &[CODE, TEST],
                "O.Paid_1: gives an empty reason",
            ),
            (
                "nothing after the colon",
                SOUND,
                &[CODE, TEST, "// Meets:\nfn a() {}"],
                "no requirement is called ",
            ),
        ];
        for (name, list, code, words) in cases {
            let found = found(list, code);
            assert!(
                found.len() == 1 && found[0].contains(words),
                "{name}: {found:?}"
            );
        }
        assert_eq!(
            found(&untested, &[CODE]),
            Vec::<String>::new(),
            "a reason stands for a test"
        );
        assert_eq!(
            found(&partly, &[CODE, TEST]),
            Vec::<String>::new(),
            "half is allowed, if said"
        );
    }

    #[test]
    fn a_table_that_is_stale_is_found() {
        let list: List = toml::from_str(SOUND).unwrap();
        let tags: Vec<Tag> = [CODE, TEST]
            .iter()
            .flat_map(|code| tags::in_text("seal.rs", code))
            .collect();
        let traced = join(&list, &tags);
        let page = format!("# Security\n{}\nold\n{}\nend\n", table::BEGIN, table::END);
        let fresh = table::with_summary(&page, &list, &traced).unwrap();
        let table = table::render(&list, &traced);
        assert_eq!(
            stale(&list, &traced, &table, &fresh).unwrap(),
            Vec::<String>::new()
        );
        assert_eq!(
            stale(&list, &traced, &table, &page).unwrap().len(),
            1,
            "the old summary"
        );
        let touched = table.replace("No key", "Some key");
        assert_ne!(touched, table);
        assert_eq!(
            stale(&list, &traced, &touched, &fresh).unwrap().len(),
            1,
            "a touched table"
        );
        let fewer = join(&list, &tags[..1]);
        assert_eq!(
            stale(&list, &fewer, &table, &fresh).unwrap().len(),
            1,
            "a test that went"
        );
        assert!(table::with_summary("no marks", &list, &traced).is_err());
    }

    #[test]
    fn states_follow_from_tags_and_reasons() {
        let list: List = toml::from_str(SOUND).unwrap();
        let tags = tags::in_text("seal.rs", "// Meets: O.Cryp_1\nfn a() {}");
        let states: Vec<State> = join(&list, &tags).iter().map(Traced::state).collect();
        assert_eq!(states, [State::Met, State::NotApplicable, State::Open]);
        let tags = tags::in_text("seal.rs", "// Meets: O.Resi_2\nfn a() {}");
        let states: Vec<State> = join(&list, &tags).iter().map(Traced::state).collect();
        assert_eq!(states[2], State::Partly);
    }

    #[test]
    fn the_list_has_every_requirement_of_both() {
        let (list, _) = read().unwrap();
        let with = |start: &str| {
            list.requirement
                .iter()
                .filter(|r| r.id.starts_with(start))
                .count()
        };
        assert_eq!(with("O."), 127, "BSI TR-03161-1, version 3.0");
        assert_eq!(with("MASVS-"), 24, "OWASP MASVS, version 2.1");
    }
}
