//! The pages written from list and tags: the table of docs/REQUIREMENTS.md, and the count of states in docs/SECURITY.md.

use anyhow::{Context, Result};

use super::{List, State, Tag, Traced};

pub(crate) const BEGIN: &str = "<!-- written by cargo xtask trace -->";
pub(crate) const END: &str = "<!-- end -->";

const HEAD: &str = "# Requirements

Written by `cargo xtask trace` from [requirements.toml](requirements.toml) and the tags in the code: `Meets:` stands over what
fulfils a requirement, `Shows:` over the test that would fail without it. The words are ours, not those of the sources. It is our own
judgement of a program that runs on Linux so far, no certificate and no examination by anybody else.
";

/// Start of the ids, and the source's name.
const SOURCES: [(&str, &str); 2] = [
    ("O.", "BSI TR-03161-1, version 3.0"),
    ("MASVS-", "OWASP MASVS, version 2.1"),
];

const STATES: [(State, &str); 4] = [
    (State::Met, "met"),
    (State::Partly, "met in part"),
    (State::Open, "open"),
    (State::NotApplicable, "not applicable"),
];

/// The whole of docs/REQUIREMENTS.md.
pub(crate) fn render(list: &List, traced: &[Traced<'_>]) -> String {
    let mut page = format!("{HEAD}\n{}", counts(list, traced));
    for (start, source) in SOURCES {
        page.push_str(&format!(
            "\n## {source}\n| requirement | what | code | test | state |\n|---|---|---|---|---|\n"
        ));
        for one in traced
            .iter()
            .filter(|one| one.requirement.id.starts_with(start))
        {
            page.push_str(&row(one));
        }
    }
    page
}

/// The page with the counts between its two marks written anew.
///
/// Errors: the marks are missing.
pub(crate) fn with_summary(page: &str, list: &List, traced: &[Traced<'_>]) -> Result<String> {
    let (before, rest) = page
        .split_once(BEGIN)
        .context("the mark of the summary is missing")?;
    let (_, after) = rest
        .split_once(END)
        .context("the end of the summary is missing")?;
    Ok(format!(
        "{before}{BEGIN}\n{}{END}{after}",
        counts(list, traced)
    ))
}

fn counts(list: &List, traced: &[Traced<'_>]) -> String {
    let mut table = String::from("| source | requirements");
    for (_, name) in STATES {
        table.push_str(&format!(" | {name}"));
    }
    table.push_str(" |\n|---|---|---|---|---|---|\n");
    for (start, source) in SOURCES {
        let own = |one: &&Traced<'_>| one.requirement.id.starts_with(start);
        let all = list
            .requirement
            .iter()
            .filter(|one| one.id.starts_with(start))
            .count();
        table.push_str(&format!("| {source} | {all}"));
        for (state, _) in STATES {
            let count = traced
                .iter()
                .filter(own)
                .filter(|one| one.state() == state)
                .count();
            table.push_str(&format!(" | {count}"));
        }
        table.push_str(" |\n");
    }
    table
}

fn row(one: &Traced<'_>) -> String {
    let own = one.requirement;
    let name = STATES
        .iter()
        .find(|(state, _)| *state == one.state())
        .map_or("", |(_, name)| name);
    let reasons = [&own.not_applicable, &own.open].into_iter().flatten();
    let state = reasons.fold(format!("**{name}**"), |words, why| {
        format!("{words}: {why}")
    });
    let tests = match &own.untested {
        Some(why) => format!("none: {why}"),
        None => links(&one.tests),
    };
    format!(
        "| {} | {} | {} | {tests} | {state} |\n",
        own.id,
        own.what,
        links(&one.code)
    )
}

fn links(tags: &[&Tag]) -> String {
    if tags.is_empty() {
        return "–".to_owned();
    }
    let all: Vec<String> = tags.iter().map(|tag| link(tag)).collect();
    all.join("<br>")
}

fn link(tag: &Tag) -> String {
    let file = tag.path.rsplit('/').next().unwrap_or(&tag.path);
    let item = tag
        .item
        .as_deref()
        .map(|item| format!(": {}", item.replace('|', "\\|")))
        .unwrap_or_default();
    format!("[{file}](../{}){item}", tag.path)
}
