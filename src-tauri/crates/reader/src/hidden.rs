//! Annotations of a document that are not drawn, because the member has them as marks of their own. Only PDFium's copy in
//! memory is changed; the file is never written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::pdfium::Page;

/// Where an annotation stands: its page, and its number among the annotations of the page; both counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AnnotationPlace {
    /// The page.
    pub page: u32,
    /// Its number in the page's list.
    pub number: u32,
}

/// What is to be hidden, and what of it is hidden already with the flags it had.
#[derive(Default)]
pub(crate) struct Hidden {
    wanted: HashMap<u32, BTreeSet<u32>>,
    flags: HashMap<u32, BTreeMap<u32, i32>>,
}

impl Hidden {
    /// Says what is to be hidden from now on, and nothing else.
    pub(crate) fn want(&mut self, places: &[AnnotationPlace]) {
        self.wanted.clear();
        for place in places {
            self.wanted
                .entry(place.page)
                .or_default()
                .insert(place.number);
        }
    }

    /// Makes it so on one page, before that is drawn. PDFium keeps the flags as long as the document is open.
    pub(crate) fn settle(&mut self, number: u32, page: &Page) {
        let nothing = BTreeSet::new();
        let wanted = self.wanted.get(&number).unwrap_or(&nothing);
        if wanted.is_empty() && !self.flags.contains_key(&number) {
            return;
        }
        let flags = self.flags.entry(number).or_default();
        flags.retain(|annotation, before| {
            let stays = wanted.contains(annotation);
            if !stays {
                page.set_annotation_flags(*annotation, *before);
            }
            stays
        });
        for annotation in wanted {
            if !flags.contains_key(annotation)
                && let Some(before) = page.hide_annotation(*annotation)
            {
                flags.insert(*annotation, before);
            }
        }
        if flags.is_empty() {
            self.flags.remove(&number);
        }
    }
}
