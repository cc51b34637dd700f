//! What ends a PDF that is written anew: its outline, what it says of itself, its catalog.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, ObjectId, dictionary};

use crate::error::{ExportError, Result};
use crate::text_string::text;

/// An entry of a PDF's outline.
pub(crate) struct Bookmark {
    pub(crate) title: String,
    /// 0 at the left.
    pub(crate) level: u8,
    pub(crate) page: ObjectId,
}

/// Writes outline and catalog and then the file.
///
/// * `title_and_language` – as the PDF says of itself.
/// * `labels` – the entry for the pages' own numbers.
///
/// Errors: `Write`.
pub(crate) fn close(
    document: &mut Document,
    pages: ObjectId,
    outline: &[Bookmark],
    title_and_language: (&str, &str),
    labels: Option<Dictionary>,
) -> Result<Vec<u8>> {
    let (title, language) = title_and_language;
    let mut catalog = dictionary! {
        "Type" => "Catalog",
        "Pages" => pages,
        "Lang" => text(language),
        "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
    };
    if !outline.is_empty() {
        catalog.set("Outlines", outlined(document, outline));
        catalog.set("PageMode", "UseOutlines");
    }
    if let Some(labels) = labels {
        catalog.set("PageLabels", labels);
    }
    let catalog = document.add_object(catalog);
    let info = document.add_object(dictionary! {
        "Title" => text(title),
        "Producer" => text("Ratsmappe"),
    });
    document.trailer.set("Root", catalog);
    document.trailer.set("Info", info);
    let mut bytes = Vec::new();
    document
        .save_modern(&mut bytes)
        .map_err(ExportError::Write)?;
    Ok(bytes)
}

/// Writes an outline; each entry belongs to the nearest one before it that stands further left.
fn outlined(document: &mut Document, outline: &[Bookmark]) -> ObjectId {
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = outline.iter().map(|_| document.new_object_id()).collect();
    // Of each entry, and last of the root: its children.
    let mut children: BTreeMap<ObjectId, Vec<usize>> = BTreeMap::new();
    let mut above: Vec<(u8, ObjectId)> = Vec::new();
    let mut parents = Vec::new();
    for (index, (entry, id)) in outline.iter().zip(&ids).enumerate() {
        while above.last().is_some_and(|(level, _)| *level >= entry.level) {
            above.pop();
        }
        let parent = above.last().map_or(root, |(_, id)| *id);
        children.entry(parent).or_default().push(index);
        parents.push(parent);
        above.push((entry.level, *id));
    }
    let id_of = |at: Option<&usize>| at.and_then(|at| ids.get(*at)).copied();
    let ends = |dict: &mut Dictionary, id: ObjectId| {
        if let Some(children) = children.get(&id)
            && let (Some(first), Some(last)) = (id_of(children.first()), id_of(children.last()))
        {
            dict.set("First", first);
            dict.set("Last", last);
            dict.set("Count", i64::try_from(children.len()).unwrap_or(0));
        }
    };
    let mut dicts = Vec::new();
    for (index, ((entry, id), parent)) in outline.iter().zip(&ids).zip(&parents).enumerate() {
        let mut dict = dictionary! {
            "Title" => text(&entry.title),
            "Parent" => *parent,
            "Dest" => vec![entry.page.into(), "Fit".into()],
        };
        ends(&mut dict, *id);
        let siblings = children.get(parent).map(Vec::as_slice).unwrap_or_default();
        let place = siblings
            .iter()
            .position(|sibling| *sibling == index)
            .unwrap_or_default();
        if let Some(before) = id_of(place.checked_sub(1).and_then(|at| siblings.get(at))) {
            dict.set("Prev", before);
        }
        if let Some(after) = id_of(siblings.get(place + 1)) {
            dict.set("Next", after);
        }
        dicts.push((*id, dict));
    }
    let mut dict = dictionary! { "Type" => "Outlines" };
    ends(&mut dict, root);
    dicts.push((root, dict));
    for (id, dict) in dicts {
        document.set_object(id, dict);
    }
    root
}
