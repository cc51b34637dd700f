//! The text of an open document's pages that were searched: while a word is typed the same pages are asked again and again.
//! Where the text comes from stands in `documents`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::desk::lock;

/// Text kept for one document, bytes: about 2,500 full pages. What comes after that is read anew each time.
const MOST_BYTES: usize = 8 << 20;

#[derive(Default)]
struct Kept {
    by_page: HashMap<u32, Arc<str>>,
    byte_len: usize,
}

/// Texts by page, counted from 0. Gone with the document.
#[derive(Default)]
pub(crate) struct PageTexts(Mutex<Kept>);

impl PageTexts {
    /// The text of a page, if it is kept.
    pub(crate) fn get(&self, page: u32) -> Option<Arc<str>> {
        lock(&self.0).by_page.get(&page).cloned()
    }

    /// Keeps the text of a page while there is room.
    pub(crate) fn keep(&self, page: u32, text: &Arc<str>) {
        let mut kept = lock(&self.0);
        if kept.byte_len + text.len() <= MOST_BYTES
            && kept.by_page.insert(page, Arc::clone(text)).is_none()
        {
            kept.byte_len += text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_kept_once_and_only_while_there_is_room() {
        let texts = PageTexts::default();
        let half: Arc<str> = "x".repeat(MOST_BYTES / 2).into();
        texts.keep(0, &half);
        texts.keep(0, &half);
        texts.keep(7, &half);
        assert!(
            texts.get(0).is_some() && texts.get(7).is_some(),
            "kept twice it weighs once"
        );
        texts.keep(8, &"y".into());
        assert_eq!(texts.get(8), None);
    }
}
