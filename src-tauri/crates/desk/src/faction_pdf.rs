//! The faction's sheet as a PDF of A4 pages in large letters. What stands on it is decided with the sheet itself.

use ::export::{ExportError, Look, Sheet};

use crate::dto::{FactionSheet, FactionSheetItem, FactionStatus, FactionTask};
use crate::messages::Speech;
use crate::times;

/// The sheet as a PDF.
///
/// Errors: `Font`, `Write`.
pub(crate) fn faction_sheet_pdf(
    sheet: &FactionSheet,
    speech: Speech,
) -> Result<Vec<u8>, ExportError> {
    let title = said(speech, "Fraktionsbogen", "Faction sheet");
    let name = match &sheet.meeting_name {
        Some(name) => name.as_str(),
        None => said(speech, "Nichtöffentliche Sitzung", "Nonpublic meeting"),
    };
    let when = sheet
        .start_at_ms
        .map(|at_ms| times::day_and_time(at_ms, speech));
    let mut pages = Sheet::new()?;
    pages.text(Look::Meta, &sheet.faction_name);
    pages.text(Look::Title, name);
    let under: Vec<String> = [Some(title.to_owned()), when.clone()]
        .into_iter()
        .flatten()
        .collect();
    pages.text(Look::Meta, &under.join(" · "));
    if !sheet.public {
        let warning = said(
            speech,
            "Enthält Nichtöffentliches. Nicht offen liegen lassen.",
            "Contains nonpublic parts. Do not leave it lying open.",
        );
        pages.text(Look::Body, warning);
    }
    pages.rule();
    for item in &sheet.items {
        put_item(&mut pages, item, sheet, speech);
    }
    if !sheet.tasks.is_empty() {
        pages.text(
            Look::Heading,
            said(speech, "Aufgaben zur Sitzung", "Tasks for the meeting"),
        );
        put_tasks(&mut pages, &sheet.tasks, sheet, speech);
    }
    let language = said(speech, "de", "en");
    let foot: Vec<String> = [Some(name.to_owned()), when]
        .into_iter()
        .flatten()
        .collect();
    let foot = match sheet.public {
        true => foot.join(" · "),
        false => format!(
            "{} · {}",
            said(speech, "nichtöffentlich", "nonpublic"),
            foot.join(" · ")
        ),
    };
    pages.finish(&format!("{title}: {name}"), language, |page, count| {
        format!("{foot} · {page} {} {count}", said(speech, "von", "of"))
    })
}

fn put_item(pages: &mut Sheet, item: &FactionSheetItem, sheet: &FactionSheet, speech: Speech) {
    let number = format!("{} {}", said(speech, "TOP", "Item"), item.number);
    pages.text(Look::Heading, &format!("{number}  {}", item.name));
    if !item.public {
        pages.text(
            Look::Meta,
            &said(speech, "nichtöffentlich", "nonpublic").to_uppercase(),
        );
    }
    if let Some(position) = &item.position {
        let status = match position.status {
            FactionStatus::Draft => said(speech, "Entwurf", "Draft"),
            FactionStatus::Agreed => said(speech, "Abgestimmt", "Agreed"),
            FactionStatus::Done => said(speech, "Erledigt", "Done"),
        };
        let speakers: Vec<&str> = position
            .speakers
            .iter()
            .filter_map(|id| name_of(sheet, id))
            .collect();
        let mut facts = vec![status.to_owned()];
        if !speakers.is_empty() {
            facts.push(format!(
                "{}: {}",
                said(speech, "Es spricht", "Speaking"),
                speakers.join(", ")
            ));
        }
        pages.text(Look::Meta, &facts.join(" · "));
        for text in [&position.recommendation, &position.arguments] {
            if !text.is_empty() {
                pages.text(Look::Large, text);
            }
        }
    }
    put_tasks(pages, &item.tasks, sheet, speech);
}

fn put_tasks(pages: &mut Sheet, tasks: &[FactionTask], sheet: &FactionSheet, speech: Speech) {
    for task in tasks {
        let owner = task.owner_id.as_deref().and_then(|id| name_of(sheet, id));
        let due = task
            .due
            .as_ref()
            .map(|due| format!("{} {due}", said(speech, "bis", "until")));
        let facts: Vec<String> = [owner.map(str::to_owned), due]
            .into_iter()
            .flatten()
            .collect();
        pages.text(Look::Large, &format!("☐ {}", task.text));
        if !facts.is_empty() {
            pages.text(Look::Meta, &facts.join(" · "));
        }
    }
}

fn name_of<'a>(sheet: &'a FactionSheet, id: &str) -> Option<&'a str> {
    let person = sheet.people.iter().find(|person| person.user_id == id)?;
    person.name.as_deref()
}

fn said<'a>(speech: Speech, de: &'a str, en: &'a str) -> &'a str {
    match speech {
        Speech::De => de,
        Speech::En => en,
    }
}
