//! What a paper is here, and what follows from it: its intake entry, its folder, its templates' data.
//! The papers themselves stand in `papers`.

use serde_json::{Value, json};

use crate::agenda::{Meeting, consultations};
use crate::calendar::{Calendar, german_long};
use crate::intake::{AttachmentFile, PaperFile};

#[derive(Debug)]
pub(crate) struct Paper {
    pub(crate) reference: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) originator: &'static str,
    /// The second line of the letterhead, or for a faction its address.
    pub(crate) department: &'static str,
    pub(crate) file_number: &'static str,
    /// Name of its date in the calendar.
    pub(crate) event: &'static str,
    pub(crate) public: bool,
    pub(crate) villages: &'static [&'static str],
    pub(crate) revision: u32,
    pub(crate) change_note: Option<&'static str>,
    pub(crate) template: &'static str,
    pub(crate) attachments: Vec<Attachment>,
}

#[derive(Debug)]
pub(crate) struct Attachment {
    pub(crate) name: &'static str,
    pub(crate) file: &'static str,
    pub(crate) template: &'static str,
    /// A page that is first made an image, as a scanner would.
    pub(crate) scan_of: Option<&'static str>,
}

pub(crate) const fn attachment(
    name: &'static str,
    file: &'static str,
    template: &'static str,
) -> Attachment {
    Attachment {
        name,
        file,
        template,
        scan_of: None,
    }
}

impl Paper {
    pub(crate) const fn new(
        reference: &'static str,
        kind: &'static str,
        name: &'static str,
        template: &'static str,
    ) -> Self {
        Self {
            reference,
            name,
            kind,
            originator: "",
            department: "",
            file_number: "",
            event: "today",
            public: true,
            villages: &[],
            revision: 1,
            change_note: None,
            template,
            attachments: Vec::new(),
        }
    }

    pub(crate) fn by(
        self,
        originator: &'static str,
        department: &'static str,
        file_number: &'static str,
        event: &'static str,
    ) -> Self {
        Self {
            originator,
            department,
            file_number,
            event,
            ..self
        }
    }

    pub(crate) fn villages(self, villages: &'static [&'static str]) -> Self {
        Self { villages, ..self }
    }

    pub(crate) fn nonpublic(self) -> Self {
        Self {
            public: false,
            ..self
        }
    }

    pub(crate) fn revised(self, event: &'static str, change_note: &'static str) -> Self {
        Self {
            event,
            revision: 2,
            change_note: Some(change_note),
            ..self
        }
    }

    pub(crate) fn attachments(self, attachments: Vec<Attachment>) -> Self {
        Self {
            attachments,
            ..self
        }
    }

    /// Its folder below `papers/`, e.g. `2026-184`, `N-2026-031`.
    pub(crate) fn folder(&self) -> String {
        self.reference.replace(['/', ' '], "-")
    }

    pub(crate) fn main_file(&self) -> String {
        format!("{}-{}.pdf", self.kind, self.folder())
    }

    pub(crate) fn file(&self, calendar: &Calendar) -> PaperFile {
        PaperFile {
            reference: self.reference,
            name: self.name,
            paper_type: self.kind,
            originator: self.originator,
            date: calendar.day(self.event).to_string(),
            public: self.public,
            villages: self.villages,
            main: self.main_file(),
            main_name: format!("{} {}", self.kind, self.reference),
            revision: self.revision,
            change_note: self.change_note,
            attachment: self
                .attachments
                .iter()
                .map(|a| AttachmentFile {
                    name: a.name,
                    file: a.file,
                })
                .collect(),
        }
    }

    pub(crate) fn template_data(&self, meetings: &[Meeting], calendar: &Calendar) -> Value {
        json!({
            "reference": self.reference,
            "name": self.name,
            "kind": self.kind,
            "department": self.department,
            "file_number": self.file_number,
            "date_long": german_long(calendar.day(self.event)),
            "public": self.public,
            "revision": self.revision,
            "change_note": self.change_note,
            "consultations": consultations(self.reference, meetings, calendar),
        })
    }
}
