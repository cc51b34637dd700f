//! Everything of one's own at the end of a term: a folder with the papers that carry marks, by meeting, all notes as Markdown, the
//! marks as Web Annotations, and a page that leads to all of it.

use std::path::{Path, PathBuf};

use ::export as formats;
use formats::{HtmlEntry, HtmlSection};

use super::bundle::Bundle;
use super::making::Making;
use super::{annotation, notes_text, words};
use crate::error::Failure;
use crate::export;

impl Making<'_> {
    pub(super) fn save_term(
        &mut self,
        bundle: &Bundle,
        dir: &Path,
        stem: &str,
    ) -> Result<PathBuf, Failure> {
        let folder = export::NewFolder::begin(dir, stem)?;
        let mut sections = Vec::new();
        let notes = export::write_new(
            folder.path(),
            &export::file_stem(words::all_notes(self.speech)),
            "md",
            &notes_text::markdown(bundle, self.speech),
        )?;
        sections.push(HtmlSection {
            title: words::my_notes(self.speech).to_owned(),
            entries: vec![HtmlEntry {
                title: words::all_notes(self.speech).to_owned(),
                meta: Some("Markdown".to_owned()),
                path: within(folder.path(), &notes),
            }],
        });
        for section in &bundle.sections {
            let name = section.folder.as_deref().unwrap_or(&section.title);
            let within_folder = folder.path().join(export::file_stem(name));
            let mut entries = Vec::new();
            for piece in &section.pieces {
                let made = self.file_or_left_out(piece)?;
                let stem = export::file_stem(&piece.title);
                let path = match made {
                    Some((bytes, ending)) => Some(export::write_new_bytes(
                        &within_folder,
                        &stem,
                        ending,
                        &bytes,
                    )?),
                    None => None,
                };
                let marks: Vec<formats::Annotation> = piece
                    .marks
                    .iter()
                    .filter(|mark| piece.behind(mark).is_none())
                    .map(|mark| annotation(mark, &piece.author))
                    .collect();
                let paper = path.as_ref().and_then(|path| path.file_name());
                let paper = paper.map_or_else(
                    || piece.title.clone(),
                    |name| name.to_string_lossy().into_owned(),
                );
                let text = formats::web_annotations(&paper, &piece.title, &marks);
                export::write_new(&within_folder, &stem, "jsonld", &text)?;
                entries.push(HtmlEntry {
                    title: piece.title.clone(),
                    meta: Some(format!(
                        "{} {}",
                        piece.marks.len(),
                        words::my_notes(self.speech)
                    )),
                    path: path.and_then(|path| within(folder.path(), &path)),
                });
            }
            for mark in &section.notes {
                if let Some(text) = notes_text::text(mark) {
                    entries.push(HtmlEntry {
                        title: text.to_owned(),
                        meta: Some(notes_text::place(mark, self.speech)),
                        path: None,
                    });
                }
            }
            if !entries.is_empty() {
                sections.push(HtmlSection {
                    title: notes_text::title(section),
                    entries,
                });
            }
        }
        let lines: Vec<String> = bundle
            .lines
            .iter()
            .chain([&bundle.author])
            .cloned()
            .collect();
        let page = formats::html_index(&bundle.name, self.language(), &lines, &sections);
        export::write_new(folder.path(), "index", "html", &page)?;
        Ok(folder.finish()?)
    }
}

/// Where a file lies, seen from the folder.
fn within(folder: &Path, file: &Path) -> Option<String> {
    let path = file.strip_prefix(folder).ok()?;
    let parts: Vec<String> = path
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    Some(parts.join("/"))
}
