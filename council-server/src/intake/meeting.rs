//! `meeting.toml` and `paper.toml`: meetings with their agenda, papers with their files.
//! Whether a paper that is named exists is checked by the caller, after all files were read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Here;
use super::convert::{self, Attached};
use super::fields::{AttachedFields, ItemFields, MeetingFile, PaperFields};
use super::problem::ProblemSink;
use crate::draft::{CouncilDraft, FileDraft, ItemDraft, MeetingDraft, PaperDraft};

/// All papers of the folder, and who names them.
#[derive(Debug, Default)]
pub(crate) struct PaperIndex {
    pub by_reference: BTreeMap<String, PaperDraft>,
    pub named: Vec<(PathBuf, NamedPaper)>,
}

/// A place in an agenda that names a paper.
#[derive(Debug)]
pub(crate) struct NamedPaper {
    pub reference: String,
    pub line: usize,
}

/// Reads `papers/<folder>/paper.toml`.
pub(crate) fn read_paper_file(
    sink: &mut ProblemSink<'_>,
    here: &Here<'_>,
    papers: &mut PaperIndex,
) {
    if let Some(fields) = sink.parse::<PaperFields>() {
        paper(sink, here, &fields, "", papers);
    }
}

/// Reads `meetings/<folder>/meeting.toml`.
pub(crate) fn read_meeting_file(
    sink: &mut ProblemSink<'_>,
    here: &Here<'_>,
    draft: &CouncilDraft,
    papers: &mut PaperIndex,
    meetings: &mut BTreeMap<String, MeetingDraft>,
) {
    let Some(file) = sink.parse::<MeetingFile>() else {
        return;
    };
    let folder = here
        .dir
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let key = match &file.key {
        Some(key) => convert::key(sink, "key", key).unwrap_or(folder),
        None => folder,
    };
    for paper_fields in &file.paper {
        paper(sink, here, paper_fields, "paper.", papers);
    }
    if file.organizations.as_ref().is_empty() {
        sink.at(
            file.organizations.span(),
            "organizations",
            "eine Sitzung braucht mindestens ein Gremium",
        );
    }
    for organization in file.organizations.as_ref() {
        if !draft
            .organizations
            .iter()
            .any(|o| o.key == organization.as_ref().trim())
        {
            let message = format!(
                "es gibt kein Gremium mit dem Schlüssel „{}“ in council.toml",
                organization.as_ref()
            );
            sink.at(organization.span(), "organizations", message);
        }
    }
    let one_file = |sink: &mut ProblemSink<'_>,
                    fields: &Option<AttachedFields>,
                    field: &str,
                    role: &str,
                    name: &str| {
        let about = Attached {
            field,
            key: format!("meeting\u{1f}{key}\u{1f}{role}"),
            fallback_name: name,
        };
        fields
            .as_ref()
            .and_then(|f| convert::attached(sink, here, f, about))
    };
    let invitation = one_file(
        sink,
        &file.invitation,
        "invitation.file",
        "invitation",
        "Einladung",
    );
    let minutes = one_file(
        sink,
        &file.minutes,
        "minutes.file",
        "minutes",
        "Niederschrift",
    );
    let other_files = files(
        sink,
        here,
        "file.file",
        &format!("meeting\u{1f}{key}\u{1f}file"),
        &file.file,
    );
    let items = items(sink, here, &key, &file.item, papers);
    if file.start.is_none() {
        sink.whole("start", "eine Sitzung braucht einen Beginn");
    }
    let meeting = MeetingDraft {
        name: file.name.clone(),
        number: file.number.clone(),
        start: convert::moment(sink, "start", file.start.as_ref()),
        end: convert::moment(sink, "end", file.end.as_ref()),
        room: file.room.clone(),
        location: file.location.clone(),
        organizations: file
            .organizations
            .as_ref()
            .iter()
            .map(|o| o.as_ref().trim().to_owned())
            .collect(),
        cancelled: file.cancelled,
        invitation,
        minutes,
        other_files,
        items,
        key: key.clone(),
    };
    if meetings.insert(key.clone(), meeting).is_some() {
        sink.whole(
            "key",
            format!("die Sitzung „{key}“ gibt es in einem anderen Ordner schon"),
        );
    }
}

fn items(
    sink: &mut ProblemSink<'_>,
    here: &Here<'_>,
    meeting: &str,
    fields: &[ItemFields],
    papers: &mut PaperIndex,
) -> Vec<ItemDraft> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut items = Vec::new();
    for (index, item) in fields.iter().enumerate() {
        let base = item_key(sink, item);
        let count = seen.entry(base.clone()).or_default();
        *count += 1;
        if *count > 1 && item.key.is_some() {
            sink.at(
                item.name.span(),
                "item.key",
                "dieser Schlüssel kommt in der Tagesordnung zweimal vor",
            );
        }
        let key = format!("{meeting}\u{1f}{base}\u{1f}{count}");
        let paper = item.paper.as_ref().map(|p| p.as_ref().trim().to_owned());
        if let (Some(reference), Some(at)) = (&paper, &item.paper) {
            let line = sink.line_at(at.span().start);
            papers.named.push((
                here.file.to_path_buf(),
                NamedPaper {
                    reference: reference.clone(),
                    line,
                },
            ));
        }
        let files = files(
            sink,
            here,
            "item.file",
            &format!("item\u{1f}{key}"),
            &item.file,
        );
        items.push(ItemDraft {
            key,
            number: item.number.clone(),
            order: u32::try_from(index).unwrap_or(u32::MAX),
            name: item.name.as_ref().clone(),
            public: item.public.unwrap_or(true),
            role: item.role.clone(),
            late: item.late,
            villages: item.villages.clone(),
            paper,
            result: item.result.clone(),
            resolution_text: item.resolution_text.clone(),
            files,
        });
    }
    items
}

/// An item is known by its own key, else by its paper, else by its name: so it may get another number.
fn item_key(sink: &mut ProblemSink<'_>, item: &ItemFields) -> String {
    if let Some(own) = &item.key {
        return convert::key(sink, "item.key", own).unwrap_or_default();
    }
    match &item.paper {
        Some(paper) => format!("paper\u{1f}{}", paper.as_ref().trim()),
        None => format!("name\u{1f}{}", item.name.as_ref().trim()),
    }
}

fn paper(
    sink: &mut ProblemSink<'_>,
    here: &Here<'_>,
    fields: &PaperFields,
    prefix: &str,
    papers: &mut PaperIndex,
) {
    let Some(reference) = convert::key(sink, &format!("{prefix}reference"), &fields.reference)
    else {
        return;
    };
    let main = fields.main.as_ref().and_then(|name| {
        let content = convert::file(sink, here, &format!("{prefix}main"), name)?;
        let file_name = convert::file_name_of(name.as_ref());
        Some(FileDraft {
            key: format!("paper\u{1f}{reference}\u{1f}main"),
            name: fields
                .main_name
                .clone()
                .unwrap_or_else(|| fields.name.clone()),
            mime_type: Some(convert::mime_type_of(&file_name).to_owned()),
            file_name: Some(file_name),
            revision: fields.revision,
            revision_of_date: convert::date(
                sink,
                &format!("{prefix}revision_date"),
                fields.revision_date.as_ref(),
            )
            .map(|d| d.to_string()),
            change_note: fields.change_note.clone(),
            public: true,
            origin_stamp: None,
            content,
        })
    });
    let base = format!("paper\u{1f}{reference}\u{1f}attachment");
    let attachments = files(
        sink,
        here,
        &format!("{prefix}attachment.file"),
        &base,
        &fields.attachment,
    );
    let draft = PaperDraft {
        key: reference.clone(),
        reference: Some(reference.clone()),
        name: fields.name.clone(),
        paper_type: fields.paper_type.clone(),
        date: convert::date(sink, &format!("{prefix}date"), fields.date.as_ref()),
        public: fields.public,
        originator: fields.originator.clone(),
        villages: fields.villages.clone(),
        superseded: fields.superseded.clone(),
        main,
        attachments,
    };
    if papers
        .by_reference
        .insert(reference.clone(), draft)
        .is_some()
    {
        let message = format!("die Vorlage „{reference}“ ist schon an anderer Stelle beschrieben");
        sink.at(
            fields.reference.span(),
            &format!("{prefix}reference"),
            message,
        );
    }
}

/// Files in a list are known by their key, else by their name, else by their file name: the file behind a name may change.
fn files(
    sink: &mut ProblemSink<'_>,
    here: &Here<'_>,
    field: &str,
    base: &str,
    fields: &[AttachedFields],
) -> Vec<FileDraft> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut drafts = Vec::new();
    for attached in fields {
        let named = attached
            .key
            .as_ref()
            .map(|k| k.as_ref().clone())
            .or_else(|| attached.name.clone());
        let named = named.unwrap_or_else(|| attached.file.as_ref().clone());
        let count = seen.entry(named.clone()).or_default();
        *count += 1;
        let about = Attached {
            field,
            key: format!("{base}\u{1f}{named}\u{1f}{count}"),
            fallback_name: attached.file.as_ref(),
        };
        drafts.extend(convert::attached(sink, here, attached, about));
    }
    drafts
}
