//! One PDF of a meeting or agenda item: a cover sheet with the agenda, and the papers behind it.

use std::path::{Path, PathBuf};

use ::export as formats;
use formats::{Look, Part, Sheet};

use super::bundle::Bundle;
use super::making::Making;
use super::{notes_text, words};
use crate::dto::TakeawayForm;
use crate::error::{ErrorCode, Failure};
use crate::export;

/// Papers that are bound lie in memory several times until the file is written. Bytes.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// How far titles stand from the numbers before them, points.
const INDENT: f32 = 46.0;

impl Making<'_> {
    pub(super) fn save_bound(
        &mut self,
        bundle: &Bundle,
        dir: &Path,
        stem: &str,
    ) -> Result<PathBuf, Failure> {
        let pieces = bundle.sections.iter().flat_map(|section| &section.pieces);
        if pieces.map(|piece| piece.row.byte_len).sum::<u64>() > MOST_BYTES {
            return Err(ErrorCode::TakeawayTooLarge.into());
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut missing: Vec<String> = Vec::new();
        // For each section: its own part, then those of its papers.
        let mut rows: Vec<(usize, Vec<(usize, String)>)> = Vec::new();
        for section in &bundle.sections {
            let own = parts.len();
            parts.push(part(notes_text::title(section), 0, String::new(), None));
            let mut papers = Vec::new();
            for (piece, at) in section.pieces.iter().zip(1_u32..) {
                let Some((bytes, _)) = self.file_or_left_out(piece)? else {
                    missing.push(piece.title.clone());
                    continue;
                };
                let label = match &section.number {
                    Some(number) => format!("{number}.{at} – "),
                    None => format!("{at} – "),
                };
                papers.push((parts.len(), piece.title.clone()));
                parts.push(part(piece.title.clone(), 1, label, Some(bytes)));
            }
            rows.push((own, papers));
        }
        if parts.iter().all(|part| part.pdf.is_none()) {
            return Err(ErrorCode::NothingToTake.into());
        }
        let bound = loop {
            let sheet = self.cover(bundle, &rows, &missing)?;
            let foot = |page: usize, count: usize| format!("{} · {page}/{count}", bundle.name);
            match formats::bind(sheet, &parts, (&bundle.name, self.language()), foot) {
                Ok(bound) => break bound,
                Err(error) => {
                    // A paper that the binder cannot read stays out, and the cover says so.
                    let failed = error.part.and_then(|at| parts.get_mut(at));
                    let Some(failed) = failed.filter(|part| part.pdf.is_some()) else {
                        return Err(error.source.into());
                    };
                    failed.pdf = None;
                    missing.push(failed.title.clone());
                    self.leave_out(&failed.title, &error.source.into());
                }
            }
        };
        Ok(export::write_new_bytes(dir, stem, "pdf", &bound)?)
    }

    fn cover(
        &self,
        bundle: &Bundle,
        rows: &[(usize, Vec<(usize, String)>)],
        missing: &[String],
    ) -> Result<Sheet, Failure> {
        let mut sheet = Sheet::new()?;
        sheet.text(Look::Title, &bundle.name);
        for line in &bundle.lines {
            sheet.text(Look::Body, line);
        }
        let owner = format!("{} {}", words::own_copy(self.speech), bundle.author);
        sheet.text(Look::Meta, &owner);
        let is_nonpublic = bundle
            .sections
            .iter()
            .any(|section| !section.public || section.pieces.iter().any(|piece| !piece.row.public));
        if is_nonpublic {
            sheet.space(6.0);
            sheet.text(Look::Body, words::warning(self.speech));
        }
        sheet.rule();
        sheet.text(Look::Heading, words::agenda(self.speech));
        for (section, (own, papers)) in bundle.sections.iter().zip(rows) {
            let number = section.number.clone().unwrap_or_default();
            let title = match section.public {
                true => section.title.clone(),
                false => format!("{} ({})", section.title, words::nonpublic(self.speech)),
            };
            let to = (!papers.is_empty()).then_some(*own);
            sheet.row(Look::Body, &number, &title, INDENT, to);
            for (part, title) in papers {
                sheet.row(Look::Meta, "", title, INDENT + 12.0, Some(*part));
            }
            if self.form != TakeawayForm::Original {
                for mark in &section.notes {
                    if let Some(text) = notes_text::text(mark) {
                        let text = format!("{}: {text}", words::note(self.speech));
                        sheet.row(Look::Meta, "", &text, INDENT + 12.0, None);
                    }
                }
            }
        }
        if !missing.is_empty() {
            sheet.text(Look::Heading, words::left_out(self.speech));
            for title in missing {
                sheet.text(Look::Body, title);
            }
        }
        Ok(sheet)
    }

    pub(super) fn language(&self) -> &'static str {
        match self.speech {
            crate::messages::Speech::De => "de",
            crate::messages::Speech::En => "en",
        }
    }
}

fn part(title: String, level: u8, label: String, pdf: Option<Vec<u8>>) -> Part {
    Part {
        title,
        level,
        label,
        pdf,
    }
}
