//! A file as OParl describes it: its draft, and where its bytes are. Pure; nothing is fetched here.

use sync_protocol::ids::Hash;

use super::map::Object;
use super::read::{date, flag, text};
use crate::draft::{FileContent, FileDraft};

/// A file to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteFile {
    pub key: String,
    pub url: String,
    pub is_pdf: bool,
    /// Changes whenever the file may have changed.
    pub stamp: String,
}

/// A file that has an address, and how to fetch it.
pub(crate) fn file(object: &Object) -> Result<(FileDraft, RemoteFile), &'static str> {
    let value = &object.value;
    let url = text(value, "downloadUrl")
        .or_else(|| text(value, "accessUrl"))
        .ok_or("Datei ohne Adresse")?;
    let from_url = url
        .split(['?', '#'])
        .next()
        .and_then(|path| path.rsplit('/').next())
        .map(str::to_owned);
    let file_name = text(value, "fileName").or(from_url.filter(|name| name.contains('.')));
    let mime_type = mime_type(text(value, "mimeType"), file_name.as_deref());
    let name = text(value, "name")
        .or_else(|| file_name.clone())
        .unwrap_or_else(|| "Datei".to_owned());
    // Dates alone do not do: some vendors give all objects the same one.
    let content = Hash::of(value.to_string().as_bytes());
    let stamp = format!(
        "{} {content}",
        object.modified.as_deref().unwrap_or_default()
    );
    let remote = RemoteFile {
        key: object.path.clone(),
        url,
        is_pdf: mime_type == "application/pdf",
        stamp: stamp.clone(),
    };
    let draft = FileDraft {
        key: object.path.clone(),
        name,
        file_name,
        mime_type: Some(mime_type),
        revision: None,
        revision_of_date: date(value, "date").map(|day| day.to_string()),
        change_note: None,
        public: flag(value, "public").unwrap_or(true),
        origin_stamp: Some(stamp),
        content: FileContent::AsPublished,
    };
    Ok((draft, remote))
}

/// Some vendors write `pdf` for a media type.
fn mime_type(given: Option<String>, file_name: Option<&str>) -> String {
    match given {
        Some(given) if given.contains('/') => given.to_lowercase(),
        Some(given) if given.to_lowercase().trim_matches('.') == "pdf" => {
            "application/pdf".to_owned()
        }
        _ if file_name.is_some_and(|name| name.to_lowercase().ends_with(".pdf")) => {
            "application/pdf".to_owned()
        }
        _ => "application/octet-stream".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn object(value: Value) -> Object {
        Object {
            path: "/x/1".to_owned(),
            value,
            modified: None,
        }
    }

    #[test]
    fn a_file_is_had_wherever_its_address_stands() {
        let (draft, remote) = file(&object(
            json!({"mimeType": "pdf", "downloadUrl": "", "accessUrl": "http://r/f"}),
        ))
        .unwrap();
        assert_eq!((remote.url.as_str(), remote.is_pdf), ("http://r/f", true));
        assert_eq!(draft.mime_type.as_deref(), Some("application/pdf"));
        assert!(file(&object(json!({"name": "x", "downloadUrl": ""}))).is_err());
    }

    #[test]
    fn equal_dates_do_not_hide_a_change() {
        let stamp = |name: &str| {
            let value = json!({"name": name, "accessUrl": "http://r/f", "modified": "2020-01-01T00:00:00Z"});
            file(&object(value)).unwrap().1.stamp
        };
        assert_ne!(stamp("Vorlage"), stamp("Vorlage, neu"));
    }
}
