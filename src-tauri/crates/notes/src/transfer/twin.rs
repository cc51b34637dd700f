//! The page that is the same: the same words at the same places.

use super::Pages;
use crate::anchor::Rect;
use crate::page_words::PageWords;

/// Words that a page must have to be known again under another number; under its own one is enough.
const ENOUGH_WORDS: usize = 20;
/// What counts as the same place, points.
const SAME_PT: f32 = 0.6;

/// The number of the nearest page of the newer version that is the same. Pages without words say nothing.
pub(super) fn find(old: &PageWords, number: u32, new: &Pages<'_>) -> Option<u32> {
    if old.words.is_empty() {
        return None;
    }
    let mut pages = new.nearest_first(number).into_iter();
    pages
        .find(|(at, page)| {
            let may_be = *at == number || old.words.len() >= ENOUGH_WORDS;
            may_be && is_same(old, &page.words)
        })
        .map(|(at, _)| at)
}

fn is_same(old: &PageWords, new: &PageWords) -> bool {
    let is_same_sheet = match (old.shown, new.shown) {
        (Some(old), Some(new)) => is_same_place(old, new),
        (old, new) => old == new,
    };
    let words = || old.words.iter().zip(&new.words);
    is_same_sheet
        && old.words.len() == new.words.len()
        && words().all(|(old, new)| old.text == new.text && is_same_place(old.rect, new.rect))
}

fn is_same_place(a: Rect, b: Rect) -> bool {
    let edges = |rect: Rect| [rect.left, rect.bottom, rect.right, rect.top];
    let pairs = edges(a).into_iter().zip(edges(b));
    pairs.into_iter().all(|(a, b)| (a - b).abs() <= SAME_PT)
}
