//! What lies beside words goes with them: found by how far all of them have moved. Where they have moved apart, nothing is found.

use super::Pages;
use crate::anchor::Rect;
use crate::page_words::{PageWords, Word};
use std::collections::{HashMap, HashSet};

/// Words further away say nothing, points: a margin beside, two lines above and below.
const BESIDE_PT: f32 = 160.0;
const ABOVE_PT: f32 = 42.0;
/// Words looked at, those nearest first; so many at least, and all but so many of them must be there; share.
const MOST_WORDS: usize = 40;
const LEAST_WORDS: usize = 4;
const ENOUGH_THERE: f32 = 0.7;
/// All but so many must have moved alike; share, and what counts as alike, points.
const ENOUGH_ALIKE: f32 = 0.85;
const ALIKE_PT: f32 = 1.5;
/// How far a mark may hang out over the edge of the page, points.
const OVER_PT: f32 = 30.0;
/// Pages looked at closer: those that have most of the words.
const MOST_PAGES: usize = 4;
/// Words of a page that are compared with those of another.
const MOST_COMPARED: usize = 2_500;

/// The page of the newer version where the words around a place are, and how far they moved to the right and up, points.
pub(super) fn find(
    place: Rect,
    old: &PageWords,
    number: u32,
    new: &Pages<'_>,
) -> Option<(u32, (f32, f32))> {
    let around = around(place, &old.words);
    if around.len() < LEAST_WORDS {
        return None;
    }
    let texts: HashSet<&str> = around
        .iter()
        .filter_map(|at| old.words.get(*at))
        .map(|word| word.text.as_str())
        .collect();
    let mut pages: Vec<_> = new
        .nearest_first(number)
        .into_iter()
        .map(|(at, page)| {
            let words = page.words.words.iter().map(|word| word.text.as_str());
            let there: HashSet<&str> = words.filter(|word| texts.contains(word)).collect();
            (there.len(), at, page)
        })
        .filter(|(there, ..)| *there as f32 >= texts.len() as f32 * ENOUGH_THERE)
        .collect();
    // The order stays within those that have the same number.
    pages.sort_by_key(|(there, ..)| std::cmp::Reverse(*there));
    pages.truncate(MOST_PAGES);
    let mut found = pages.into_iter().filter_map(|(_, at, page)| {
        let by = moved(&around, &old.words, &page.words.words)?;
        stays_on(place, by, page.words.shown).then_some((at, by))
    });
    let first = found.next()?;
    // On two pages the same words stand around the same place: a form, a table. Its own page is meant, or none.
    match found.next() {
        None => Some(first),
        Some(_) if first.0 == number => Some(first),
        Some(_) => None,
    }
}

/// The page of the newer version that has most of the words of a page, if it has enough of them and no other one has.
pub(super) fn page(old: &PageWords, number: u32, new: &Pages<'_>) -> Option<u32> {
    let texts: HashSet<&str> = old.words.iter().map(|word| word.text.as_str()).collect();
    if texts.len() < LEAST_WORDS {
        return None;
    }
    let pages = new.nearest_first(number).into_iter();
    let mut pages = pages.filter(|(_, page)| {
        let words = page.words.words.iter().map(|word| word.text.as_str());
        let there: HashSet<&str> = words.filter(|word| texts.contains(word)).collect();
        there.len() as f32 >= texts.len() as f32 * ENOUGH_THERE
    });
    let (first, _) = pages.next()?;
    (first == number || pages.next().is_none()).then_some(first)
}

/// The words nearest to a place, by number in the order of the page.
fn around(place: Rect, words: &[Word]) -> Vec<usize> {
    let mut near: Vec<(f32, usize)> = words
        .iter()
        .enumerate()
        .filter_map(|(at, word)| {
            let away =
                |low: f32, high: f32, from: f32, to: f32| (low - to).max(from - high).max(0.0);
            let beside = away(place.left, place.right, word.rect.left, word.rect.right);
            let above = away(place.bottom, place.top, word.rect.bottom, word.rect.top);
            (beside <= BESIDE_PT && above <= ABOVE_PT).then_some((beside + above * 3.0, at))
        })
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near.truncate(MOST_WORDS);
    let mut near: Vec<usize> = near.into_iter().map(|(_, at)| at).collect();
    near.sort_unstable();
    near
}

/// How far the words around a place have moved, if all have moved alike.
fn moved(around: &[usize], old: &[Word], new: &[Word]) -> Option<(f32, f32)> {
    let same = same_words(old, new);
    let ways: Vec<(f32, f32)> = around
        .iter()
        .filter_map(|at| {
            let (was, is) = (old.get(*at)?.rect, new.get(*same.get(at)?)?.rect);
            Some((is.left - was.left, is.bottom - was.bottom))
        })
        .collect();
    if ways.len() < LEAST_WORDS || (ways.len() as f32) < around.len() as f32 * ENOUGH_THERE {
        return None;
    }
    let middle = |part: fn(&(f32, f32)) -> f32| {
        let mut parts: Vec<f32> = ways.iter().map(part).collect();
        parts.sort_by(f32::total_cmp);
        parts.get(parts.len() / 2).copied().unwrap_or_default()
    };
    let by = (middle(|way| way.0), middle(|way| way.1));
    let is_alike =
        |way: &&(f32, f32)| (way.0 - by.0).abs() <= ALIKE_PT && (way.1 - by.1).abs() <= ALIKE_PT;
    let alike = ways.iter().filter(is_alike).count();
    (alike as f32 >= ways.len() as f32 * ENOUGH_ALIKE).then_some(by)
}

/// The words of both pages that are the same in the same order, as many as there are: by number in the older, the number in the
/// newer one.
fn same_words(old: &[Word], new: &[Word]) -> HashMap<usize, usize> {
    let is_same = |(a, b): &(&Word, &Word)| a.text == b.text;
    let head = old.iter().zip(new).take_while(is_same).count();
    let mut same: HashMap<usize, usize> = (0..head).map(|at| (at, at)).collect();
    let (old_rest, new_rest) = (
        old.get(head..).unwrap_or_default(),
        new.get(head..).unwrap_or_default(),
    );
    let ends = old_rest.iter().rev().zip(new_rest.iter().rev());
    let tail = ends.take_while(is_same).count();
    same.extend((1..=tail).map(|back| (old.len() - back, new.len() - back)));
    let old_rest = old_rest.get(..old_rest.len() - tail).unwrap_or_default();
    let new_rest = new_rest.get(..new_rest.len() - tail).unwrap_or_default();
    if old_rest.len() > MOST_COMPARED || new_rest.len() > MOST_COMPARED {
        return same;
    }
    let columns = new_rest.len() + 1;
    // For each rest of both, how many words they have in common.
    let mut common = vec![0u16; (old_rest.len() + 1) * columns];
    let number = |common: &[u16], row: usize, column: usize| {
        let number = common.get(row * columns + column);
        number.copied().unwrap_or_default()
    };
    for (row, was) in old_rest.iter().enumerate().rev() {
        for (column, is) in new_rest.iter().enumerate().rev() {
            let value = match was.text == is.text {
                true => number(&common, row + 1, column + 1) + 1,
                false => number(&common, row + 1, column).max(number(&common, row, column + 1)),
            };
            if let Some(place) = common.get_mut(row * columns + column) {
                *place = value;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    while let (Some(was), Some(is)) = (old_rest.get(row), new_rest.get(column)) {
        if was.text == is.text {
            same.insert(head + row, head + column);
            (row, column) = (row + 1, column + 1);
        } else if number(&common, row + 1, column) >= number(&common, row, column + 1) {
            row += 1;
        } else {
            column += 1;
        }
    }
    same
}

fn stays_on(place: Rect, (right, up): (f32, f32), shown: Option<Rect>) -> bool {
    shown.is_none_or(|shown| {
        place.left + right >= shown.left - OVER_PT
            && place.right + right <= shown.right + OVER_PT
            && place.bottom + up >= shown.bottom - OVER_PT
            && place.top + up <= shown.top + OVER_PT
    })
}
