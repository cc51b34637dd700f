//! Everything of a space in open formats: Markdown to be read, JSON to be taken over by another program.

use serde::Serialize;

use crate::dto::*;
use crate::messages::Speech;
use crate::times;

/// All that can be read of a space.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Whole {
    pub(crate) people: Vec<FactionPerson>,
    pub(crate) threads: Vec<FactionMessage>,
    pub(crate) tasks: Vec<FactionTask>,
    pub(crate) shares: Vec<FactionShare>,
    /// With what each is on.
    pub(crate) positions: Vec<(Option<String>, FactionPosition)>,
    /// Contributions that this device may not read.
    pub(crate) closed_count: usize,
}

#[derive(Serialize)]
struct Exported<'a> {
    format: &'static str,
    space: &'a FactionCard,
    #[serde(flatten)]
    whole: &'a Whole,
}

/// JSON in the words of the border types.
pub(crate) fn json(card: &FactionCard, whole: &Whole) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&Exported {
        format: "ratsmappe-faction-space-1",
        space: card,
        whole,
    })
}

/// One document to be read from top to bottom.
pub(crate) fn markdown(name: &str, whole: &Whole, speech: Speech) -> String {
    let say = |de: &'static str, en: &'static str| match speech {
        Speech::De => de,
        Speech::En => en,
    };
    let person = |id: &str| -> String {
        let known = whole.people.iter().find(|person| person.user_id == id);
        let name = known.and_then(|person| person.name.clone());
        name.unwrap_or_else(|| say("Unbekannt", "Unknown").to_owned())
    };
    let day = |at_ms: i64| times::day_and_time(at_ms, speech);
    let mut lines = vec![format!("# {name}")];
    let mut part = |title: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            lines.push(format!("## {title}"));
            lines.extend(entries);
        }
    };
    part(
        say("Mitglieder", "Members"),
        vec![
            whole
                .people
                .iter()
                .map(|one| format!("* {}", person(&one.user_id)))
                .collect::<Vec<_>>()
                .join("\n"),
        ],
    );
    let positions = whole.positions.iter().map(|(label, position)| {
        let speakers: Vec<String> = position.speakers.iter().map(|id| person(id)).collect();
        let mut text = format!(
            "### {}\n\n{}",
            label.as_deref().unwrap_or_default(),
            position.recommendation
        );
        if !position.arguments.is_empty() {
            text.push_str(&format!("\n\n{}", position.arguments));
        }
        if !speakers.is_empty() {
            text.push_str(&format!(
                "\n\n{}: {}",
                say("Es spricht", "Speaking"),
                speakers.join(", ")
            ));
        }
        text
    });
    part(say("Positionen", "Positions"), positions.collect());
    let tasks = whole.tasks.iter().map(|task| {
        let mark = if task.status == FactionStatus::Done {
            "x"
        } else {
            " "
        };
        let owner = task.owner_id.as_deref().map(person);
        let facts: Vec<String> = [owner, task.due.clone(), task.label.clone()]
            .into_iter()
            .flatten()
            .collect();
        format!("* [{mark}] {} ({})", one_line(&task.text), facts.join(", "))
    });
    part(
        say("Aufgaben", "Tasks"),
        vec![tasks.collect::<Vec<_>>().join("\n")]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect(),
    );
    let threads = whole.threads.iter().map(|first| {
        let said = |message: &FactionMessage| {
            format!(
                "**{}**, {}:\n\n{}",
                person(&message.author_id),
                day(message.at_ms),
                message.text
            )
        };
        let mut text = said(first);
        for answer in &first.answers {
            let quoted = said(answer).replace('\n', "\n> ");
            text.push_str(&format!("\n\n> {quoted}"));
        }
        text
    });
    part(say("Gespräche", "Conversations"), threads.collect());
    let shares = whole.shares.iter().map(|share| {
        let quote = share.mark.as_ref().and_then(|mark| mark.quote.clone());
        let page = share
            .mark
            .as_ref()
            .map(|mark| format!("{} {}", say("Seite", "page"), mark.page + 1));
        let place: Vec<String> = [share.label.clone(), page].into_iter().flatten().collect();
        let mut text = format!(
            "**{}**, {}, {}",
            person(&share.author_id),
            day(share.at_ms),
            place.join(", ")
        );
        if let Some(quote) = quote {
            text.push_str(&format!("\n\n> {}", quote.replace('\n', "\n> ")));
        }
        if !share.text.is_empty() {
            text.push_str(&format!("\n\n{}", share.text));
        }
        text
    });
    part(say("Geteilte Vermerke", "Shared notes"), shares.collect());
    if whole.closed_count > 0 {
        let count = whole.closed_count;
        lines.push(format!(
            "*{count} {}*",
            say(
                "nichtöffentliche Beiträge, die dieses Gerät nicht lesen darf.",
                "nonpublic contributions that this device may not read."
            )
        ));
    }
    let mut text = lines.join("\n\n");
    text.push('\n');
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
