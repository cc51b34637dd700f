//! Several papers and a sheet before them, bound into one PDF: bookmarks, links from the sheet, page numbers that name the part.
//! What is bound keeps its pages as they are; what belongs to a whole file (forms' scripts, attachments, its own outline) stays out.

mod destinations;

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use crate::dictionary::reals;
use crate::error::{ExportError, Result};
use crate::outline::{Bookmark, close};
use crate::source::{Source, inherited};
use crate::text_string::text;
use crate::typeset::Sheet;

/// Attributes that a page may have from the page tree (ISO 32000-1, table 30).
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// One entry of the pack's outline, with the paper that begins there.
pub struct Part {
    /// As the outline says it.
    pub title: String,
    /// 0 for what stands at the left of the outline, 1 for what belongs to it.
    pub level: u8,
    /// What its page numbers begin with, as "5.1 – ".
    pub label: String,
    /// The whole file; without one the entry leads to the next part that has one.
    pub pdf: Option<Vec<u8>>,
}

/// A part that could not be bound.
#[derive(Debug, thiserror::Error)]
#[error("part {part:?} cannot be bound")]
pub struct PackError {
    /// Counted from 0; `None` where no single one is at fault.
    pub part: Option<usize>,
    /// Why.
    #[source]
    pub source: ExportError,
}

/// Binds a sheet and papers.
///
/// * `sheet` – comes first; its links lead to `parts` by their number.
/// * `parts` – taken out one after another, so that no paper lies in memory twice.
/// * `title`, `language` – as the PDF says of itself.
/// * `foot` – the line at the foot of the sheet, for a page and the number of its pages.
///
/// Errors: those of the part that cannot be read; `Font`, `Write`.
pub fn bind(
    sheet: Sheet,
    parts: Vec<Part>,
    (title, language): (&str, &str),
    foot: impl Fn(usize, usize) -> String,
) -> std::result::Result<Vec<u8>, PackError> {
    let whole = |source| PackError { part: None, source };
    let mut document = Document::with_version("1.7");
    let root = document.new_object_id();
    let placed = sheet.place(&mut document, root, foot).map_err(whole)?;
    let mut bound = Bound {
        kids: placed.pages.clone(),
        labels: vec![0.into(), dictionary! { "S" => "r" }.into()],
    };
    // What each entry leads to: the index of a page.
    let mut begins = Vec::new();
    let mut outline = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        begins.push(bound.kids.len());
        outline.push((part.title, part.level));
        if let Some(pdf) = part.pdf {
            bound
                .add(&mut document, root, &pdf, &part.label)
                .map_err(|source| PackError {
                    part: Some(index),
                    source,
                })?;
        }
    }
    let page_at = |at: usize| bound.kids.get(at).or(bound.kids.last()).copied();
    for (page, rect, to) in placed.links {
        let Some(target) = begins.get(to).and_then(|at| page_at(*at)) else {
            continue;
        };
        let link = document.add_object(dictionary! {
            "Type" => "Annot",
            "Subtype" => "Link",
            "Rect" => reals(rect.edges()),
            "Border" => reals([0.0; 3]),
            "Dest" => vec![target.into(), "Fit".into()],
        });
        if let Ok(page) = document.get_dictionary_mut(page) {
            let mut links = page
                .get(b"Annots")
                .and_then(Object::as_array)
                .cloned()
                .unwrap_or_default();
            links.push(Object::Reference(link));
            page.set("Annots", links);
        }
    }
    let first = placed.pages.first().copied();
    let cover = first.map(|page| Bookmark {
        title: title.to_owned(),
        level: 0,
        page,
    });
    let entries = outline
        .into_iter()
        .zip(&begins)
        .filter_map(|((title, level), at)| {
            Some(Bookmark {
                title,
                level,
                page: page_at(*at)?,
            })
        });
    let outline: Vec<Bookmark> = cover.into_iter().chain(entries).collect();
    let count = i64::try_from(bound.kids.len()).unwrap_or(i64::MAX);
    let kids: Vec<Object> = bound.kids.into_iter().map(Object::Reference).collect();
    document.set_object(
        root,
        dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count },
    );
    let labels = dictionary! { "Nums" => bound.labels };
    close(
        &mut document,
        root,
        &outline,
        (title, language),
        Some(labels),
    )
    .map_err(whole)
}

/// What is bound so far.
struct Bound {
    kids: Vec<ObjectId>,
    /// A number tree: index of a page, how it is numbered from there.
    labels: Vec<Object>,
}

impl Bound {
    fn add(
        &mut self,
        document: &mut Document,
        root: ObjectId,
        pdf: &[u8],
        label: &str,
    ) -> Result<()> {
        let mut source = Source::read(pdf)?;
        destinations::spell_out(&mut source.document);
        let mut part = source.document;
        let start = document
            .max_id
            .checked_add(1)
            .ok_or(ExportError::TooLarge)?;
        part.renumber_objects_with(start);
        let pages: Vec<ObjectId> = part.page_iter().collect();
        for page in &pages {
            let attributes: Vec<(&[u8], Object)> = INHERITED
                .into_iter()
                .filter_map(|key| Some((key, inherited(&part, *page, key)?.clone())))
                .collect();
            let Ok(dict) = part.get_dictionary_mut(*page) else {
                continue;
            };
            for (key, value) in attributes {
                if !dict.has(key) {
                    dict.set(key, value);
                }
            }
            dict.set("Parent", root);
            // They name a tree that stays out.
            dict.remove(b"StructParents");
        }
        // From here on only what its pages need is of use.
        part.trailer = Dictionary::new();
        part.trailer.set(
            "Root",
            pages
                .iter()
                .map(|page| Object::Reference(*page))
                .collect::<Vec<_>>(),
        );
        part.prune_objects();
        let at = i64::try_from(self.kids.len()).unwrap_or(i64::MAX);
        self.labels.push(at.into());
        self.labels
            .push(dictionary! { "P" => text(label), "S" => "D", "St" => 1 }.into());
        document.max_id = document.max_id.max(part.max_id);
        document.objects.extend(part.objects);
        self.kids.extend(pages);
        Ok(())
    }
}
