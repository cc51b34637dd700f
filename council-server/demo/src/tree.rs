//! Writes one state of the council as a folder: TOML files first, then all PDFs in one go. Content comes from the
//! sibling modules.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::{Value, json};

use crate::agenda::{self, EARLIER_MINUTES, INVITATION, MINUTES, Meeting};
use crate::calendar::{Calendar, german_long};
use crate::intake::{DemonstrationFile, DemonstrationPerson};
use crate::paper::Paper;
use crate::papers;
use crate::typesetter::{Document, typeset};
use crate::{DemoError, DemoPerson, DemoSummary, State, budget, town};

const BUDGET_TEMPLATE: &str = "haushalt.typ";
/// The file that tells an earlier demonstration from somebody's own folder.
const MARK: &str = "demonstration.toml";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Everything,
    WithoutBudget,
}

pub(crate) fn write(
    out: &Path,
    today: NaiveDate,
    state: State,
    cache: Option<&Path>,
    extent: Extent,
) -> Result<DemoSummary, DemoError> {
    clear(out)?;
    let calendar = Calendar::new(today);
    let meetings = agenda::meetings(state);
    let mut papers = papers::papers(state);
    if extent == Extent::WithoutBudget {
        for paper in &mut papers {
            paper
                .attachments
                .retain(|attachment| attachment.template != BUDGET_TEMPLATE);
        }
    }
    write_toml(&out.join(MARK), &demonstration_file())?;
    write_toml(&out.join("council.toml"), &town::council_file(&calendar))?;
    let mut documents = Vec::new();
    for meeting in &meetings {
        let folder = out.join("meetings").join(meeting.key(&calendar));
        write_toml(&folder.join("meeting.toml"), &meeting.file(&calendar))?;
        documents.extend(meeting_documents(meeting, &meetings, &folder, &calendar));
    }
    for paper in &papers {
        let folder = out.join("papers").join(paper.folder());
        write_toml(&folder.join("paper.toml"), &paper.file(&calendar))?;
        documents.extend(paper_documents(paper, &meetings, &folder, &calendar));
    }
    typeset(&documents, cache)?;
    let next = meetings.iter().find(|meeting| meeting.event == "sbu_next");
    Ok(DemoSummary {
        council: town::NAME.to_owned(),
        meetings: meetings.len(),
        papers: papers.len(),
        files: documents.len(),
        next_meeting: next
            .map(|meeting| meeting.key(&calendar))
            .unwrap_or_default(),
        people: town::DEMONSTRATION
            .iter()
            .map(|(key, role)| DemoPerson {
                key: (*key).to_owned(),
                name: town::bare_name(key).to_owned(),
                role: (*role).to_owned(),
            })
            .collect(),
    })
}

fn demonstration_file() -> DemonstrationFile {
    let person = town::DEMONSTRATION
        .iter()
        .map(|(key, role)| DemonstrationPerson {
            key,
            name: town::bare_name(key),
            role,
        })
        .collect();
    DemonstrationFile { person }
}

fn meeting_documents(
    meeting: &Meeting,
    meetings: &[Meeting],
    folder: &Path,
    calendar: &Calendar,
) -> Vec<Document> {
    let mut documents = Vec::new();
    if let Some(invitation) = &meeting.invitation {
        let mut data = meeting.template_data(calendar);
        let sent = calendar.day(invitation.event);
        extend(
            &mut data,
            &json!({ "sent": german_long(sent), "revision": invitation.revision }),
        );
        documents.push(document(
            "einladung.typ",
            data,
            sent,
            calendar,
            folder.join(INVITATION),
        ));
    }
    documents.extend(minutes_document(meeting, folder.join(MINUTES), calendar));
    for event in meeting.items.iter().filter_map(|item| item.minutes_of) {
        let earlier = meetings.iter().find(|other| other.event == event);
        documents.extend(
            earlier.and_then(|it| minutes_document(it, folder.join(EARLIER_MINUTES), calendar)),
        );
    }
    documents
}

fn minutes_document(meeting: &Meeting, output: PathBuf, calendar: &Calendar) -> Option<Document> {
    let minutes = meeting.minutes.as_ref()?;
    let mut data = meeting.template_data(calendar);
    extend(
        &mut data,
        &json!({ "keeper": minutes.keeper, "ended": minutes.ended }),
    );
    Some(document(
        "niederschrift.typ",
        data,
        meeting.day(calendar),
        calendar,
        output,
    ))
}

fn paper_documents(
    paper: &Paper,
    meetings: &[Meeting],
    folder: &Path,
    calendar: &Calendar,
) -> Vec<Document> {
    let day = calendar.day(paper.event);
    let mut data = paper.template_data(meetings, calendar);
    if paper.template == "vorlage-150.typ" {
        extend(&mut data, &json!({ "budget": budget::totals() }));
    }
    let mut documents = vec![document(
        paper.template,
        data.clone(),
        day,
        calendar,
        folder.join(paper.main_file()),
    )];
    for attachment in &paper.attachments {
        let output = folder.join(attachment.file);
        if attachment.template == BUDGET_TEMPLATE {
            // Nothing of today goes in, so that its cache entry holds on every day.
            let data = budget::document_data();
            documents.push(Document {
                template: BUDGET_TEMPLATE,
                scan_of: None,
                data,
                output,
            });
            continue;
        }
        let mut made = document(attachment.template, data.clone(), day, calendar, output);
        made.scan_of = attachment.scan_of;
        documents.push(made);
    }
    documents
}

fn document(
    template: &'static str,
    mut data: Value,
    day: NaiveDate,
    calendar: &Calendar,
    output: PathBuf,
) -> Document {
    let (dates, long) = calendar.for_templates();
    extend(
        &mut data,
        &json!({ "dates": dates, "long": long, "created": [day.year(), day.month(), day.day()] }),
    );
    Document {
        template,
        scan_of: None,
        data,
        output,
    }
}

fn extend(data: &mut Value, more: &Value) {
    if let (Some(data), Some(more)) = (data.as_object_mut(), more.as_object()) {
        data.extend(more.clone());
    }
}

/// Empties an earlier demonstration; refuses a folder that is not one.
fn clear(out: &Path) -> Result<(), DemoError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| DemoError::Write { path, source }
    };
    if out.exists() {
        let in_use = fs::read_dir(out).map_err(at(out))?.next().is_some();
        if in_use && !out.join(MARK).is_file() {
            return Err(DemoError::FolderInUse(out.to_owned()));
        }
        for part in ["meetings", "papers", "later"] {
            let part = out.join(part);
            if part.exists() {
                fs::remove_dir_all(&part).map_err(at(&part))?;
            }
        }
    }
    fs::create_dir_all(out).map_err(at(out))
}

fn write_toml(path: &Path, content: &impl Serialize) -> Result<(), DemoError> {
    let text = toml::to_string_pretty(content).map_err(|source| DemoError::Toml {
        path: path.to_owned(),
        source,
    })?;
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text));
    written.map_err(|source| DemoError::Write {
        path: path.to_owned(),
        source,
    })
}
