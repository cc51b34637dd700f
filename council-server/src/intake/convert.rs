//! From TOML fields to dates, times, files and references, with a problem where that fails.
//! Knows nothing of councils.

use std::ops::Range;
use std::path::{Component, Path};

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat};
use toml::Spanned;

use super::Here;
use super::fields::{AttachedFields, When};
use super::problem::ProblemSink;
use crate::clock::german_local;
use crate::draft::{FileContent, FileDraft};

/// A calendar day: `2026-03-31`, as a TOML date or as text. Empty text is no date.
pub(crate) fn date(
    sink: &mut ProblemSink<'_>,
    field: &str,
    when: Option<&When>,
) -> Option<NaiveDate> {
    let (text, span) = text_of(when?);
    if text.is_empty() {
        return None;
    }
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
    if day.is_none() {
        sink.at(
            span,
            field,
            format!("„{text}“ ist kein Datum; erwartet wird JJJJ-MM-TT"),
        );
    }
    day
}

/// A moment as RFC 3339. Without an offset, German time is meant.
pub(crate) fn moment(
    sink: &mut ProblemSink<'_>,
    field: &str,
    when: Option<&When>,
) -> Option<String> {
    let (text, span) = text_of(when?);
    if text.is_empty() {
        return None;
    }
    let exact = DateTime::parse_from_rfc3339(&text).ok();
    let local = [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
    ]
    .iter()
    .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())
    .and_then(german_local);
    let Some(moment) = exact.or(local) else {
        sink.at(
            span,
            field,
            format!("„{text}“ ist kein Zeitpunkt; erwartet wird etwa 2026-03-31T17:00:00+02:00"),
        );
        return None;
    };
    Some(moment.to_rfc3339_opts(SecondsFormat::Secs, false))
}

fn text_of(when: &When) -> (String, Range<usize>) {
    let text = match when.as_ref() {
        toml::Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    (text, when.span())
}

/// A key: not empty, no line breaks.
pub(crate) fn key(
    sink: &mut ProblemSink<'_>,
    field: &str,
    text: &Spanned<String>,
) -> Option<String> {
    let key = text.as_ref().trim();
    if key.is_empty() || key.contains(['\n', '\u{1f}']) {
        sink.at(
            text.span(),
            field,
            "ein Schlüssel darf nicht leer sein und keine Steuerzeichen enthalten",
        );
        return None;
    }
    Some(key.to_owned())
}

/// A file beside the TOML file: it must lie in the same folder or below, and be a regular file.
pub(crate) fn file(
    sink: &mut ProblemSink<'_>,
    here: &Here<'_>,
    field: &str,
    name: &Spanned<String>,
) -> Option<FileContent> {
    let relative = Path::new(name.as_ref());
    let inside = !name.as_ref().is_empty()
        && relative
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside {
        sink.at(
            name.span(),
            field,
            format!(
                "„{}“ muss ein Dateiname in diesem Ordner sein",
                name.as_ref()
            ),
        );
        return None;
    }
    let path = here.dir.join(relative);
    if !path.is_file() {
        sink.at(
            name.span(),
            field,
            format!("die Datei „{}“ fehlt in diesem Ordner", name.as_ref()),
        );
        return None;
    }
    Some(FileContent::Path(path))
}

/// What is to be known of an attached file, beside its own fields.
pub(crate) struct Attached<'a> {
    /// The field's name in problems, such as `invitation.file`.
    pub field: &'a str,
    /// The key of the file object.
    pub key: String,
    /// Its name where the intake gives none.
    pub fallback_name: &'a str,
}

/// An attached file as a draft.
pub(crate) fn attached(
    sink: &mut ProblemSink<'_>,
    here: &Here<'_>,
    fields: &AttachedFields,
    about: Attached<'_>,
) -> Option<FileDraft> {
    let content = file(sink, here, about.field, &fields.file)?;
    let revision_of_date = date(sink, "revision_date", fields.revision_date.as_ref());
    let file_name = file_name_of(fields.file.as_ref());
    Some(FileDraft {
        key: about.key,
        name: fields
            .name
            .clone()
            .unwrap_or_else(|| about.fallback_name.to_owned()),
        mime_type: Some(mime_type_of(&file_name).to_owned()),
        file_name: Some(file_name),
        revision: fields.revision,
        revision_of_date: revision_of_date.map(|d| d.to_string()),
        change_note: fields.change_note.clone(),
        public: fields.public.unwrap_or(true),
        origin_stamp: None,
        content,
    })
}

/// The last part of a path.
pub(crate) fn file_name_of(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// The media type by the ending of a file's name.
pub(crate) fn mime_type_of(file_name: &str) -> &'static str {
    let ending = file_name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "txt" => "text/plain",
        _ => "application/octet-stream",
    }
}
