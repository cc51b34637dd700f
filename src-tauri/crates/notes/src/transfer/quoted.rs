//! Words found again by their quotation: exactly first, then in another wording.

use super::alike::{self, Alike};
use super::bare::Bare;
use super::{Found, How, Page, Pages};
use crate::anchor::{Quote, Rect};
use crate::page_words::{PageWords, join, union};
use std::ops::Range;

/// Letters kept before and after a quotation.
const CONTEXT: usize = 32;
/// Words taken from before and after marked words whose quotation was not kept.
const CONTEXT_WORDS: usize = 6;
/// So many letters of quotation and surroundings must be the same for a place to be certain.
const ENOUGH: usize = 16;
/// So many letters beside it must be the same, unless the quotation is long.
const ENOUGH_BESIDE: usize = 4;
const LONG: usize = 40;
/// Letters beside a quotation by which places in another wording are told apart: rows of a table have the same, and then so few
/// letters more must differ.
const BESIDE: usize = 8;
const TELLING: u16 = 3;
/// Longer quotations are sought in another wording by their beginning and their end, letters.
const MOST_AT_ONCE: usize = 160;
const HEAD: usize = 80;
/// How much longer or shorter a long quotation may have become.
const MOST_STRETCH: f32 = 1.6;
/// Letters of a piece that is looked for to see where looking closer is worth it.
const PIECE: usize = 7;
/// Pages looked at closer for one quotation.
const MOST_PAGES: usize = 8;

/// The words that lie under a mark, as a quotation.
pub(super) fn under(rects: &[Rect], page: &PageWords) -> Option<Quote> {
    let lies_under = |word: Rect| {
        let (x, y) = (
            (word.left + word.right) / 2.0,
            (word.bottom + word.top) / 2.0,
        );
        rects.iter().any(|rect| {
            (rect.left..=rect.right).contains(&x) && (rect.bottom..=rect.top).contains(&y)
        })
    };
    let words = &page.words;
    let first = words.iter().position(|word| lies_under(word.rect))?;
    let last = words.iter().rposition(|word| lies_under(word.rect))?;
    let said = |range: Range<usize>| {
        let words = words.get(range).unwrap_or_default();
        join(words.iter().map(|word| word.text.as_str()))
    };
    Some(Quote {
        prefix: said(first.saturating_sub(CONTEXT_WORDS)..first),
        exact: said(first..last + 1),
        suffix: said(last + 1..words.len().min(last + 1 + CONTEXT_WORDS)),
    })
}

struct Sought {
    exact: Bare,
    prefix: Bare,
    suffix: Bare,
}

/// Where the words of a quotation stand now.
///
/// * `was` – the page and rectangles of the mark in the older version.
pub(super) fn find(quote: &Quote, was: (u32, &[Rect]), new: &Pages<'_>) -> Option<Found> {
    let sought = Sought {
        exact: Bare::of_text(&quote.exact),
        prefix: Bare::of_text(&quote.prefix),
        suffix: Bare::of_text(&quote.suffix),
    };
    if sought.exact.len() == 0 {
        return None;
    }
    let (number, page, place, how) = match exactly(&sought, was, new) {
        Some((number, page, place)) => (number, page, place, How::Words),
        None => {
            let (number, page, place) = alike(&sought, was.0, new)?;
            let is_same = page.bare.chars.get(place.clone()) == Some(&sought.exact.chars);
            let how = if is_same { How::Words } else { How::Changed };
            (number, page, place, how)
        }
    };
    found(number, page, &place, how)
}

fn found(number: u32, page: &Page<'_>, place: &Range<usize>, how: How) -> Option<Found> {
    let letters = page.bare.letters(place)?;
    let rects = page.letters.rects(&letters);
    if rects.is_empty() {
        return None;
    }
    let (start, end) = (letters.start, letters.end);
    Some(Found {
        page: number,
        rects,
        by: (0.0, 0.0),
        quote: Some(Quote {
            prefix: page.letters.said(start.saturating_sub(CONTEXT)..start),
            exact: page.letters.said(letters).trim().to_owned(),
            suffix: page.letters.said(end..end.saturating_add(CONTEXT)),
        }),
        how,
    })
}

/// The same words: those whose surroundings agree most, of several the nearest.
fn exactly<'n, 'p>(
    sought: &Sought,
    (number, rects): (u32, &[Rect]),
    new: &'n Pages<'p>,
) -> Option<(u32, &'n Page<'p>, Range<usize>)> {
    let mut places = Vec::new();
    for (at, page) in &new.by_number {
        for place in page.bare.find(&sought.exact) {
            let beside = page.bare.agreeing(&place, &sought.prefix, &sought.suffix);
            places.push((beside, *at, page, place));
        }
    }
    let most = places.iter().map(|(beside, ..)| *beside).max()?;
    let there = sought.prefix.len() + sought.suffix.len();
    let is_whole = there > 0 && most == there;
    let is_alone = places.len() == 1 && sought.exact.len() >= LONG;
    let is_certain = is_alone || most >= ENOUGH_BESIDE && most + sought.exact.len() >= ENOUGH;
    if !is_certain && !is_whole {
        return None;
    }
    // A little less is as good: a word further away may be another one.
    places.retain(|(beside, ..)| beside * 4 >= most * 3);
    let was = middle(rects);
    let away = |at: u32, page: &Page<'_>, place: &Range<usize>| {
        let letters = page.bare.letters(place);
        let is = letters.map(|letters| page.letters.rects(&letters));
        let up = middle(&is.unwrap_or_default()).1 - was.1;
        (at.abs_diff(number), up.abs())
    };
    places
        .into_iter()
        .map(|(_, at, page, place)| (away(at, page, &place), (at, page, place)))
        .min_by(|(a, _), (b, _)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map(|(_, place)| place)
}

fn middle(rects: &[Rect]) -> (f32, f32) {
    union(rects.iter().copied()).map_or((0.0, 0.0), |around| {
        (
            (around.left + around.right) / 2.0,
            (around.bottom + around.top) / 2.0,
        )
    })
}

/// Words in another wording: on the one page where they are most alike, if no other place is nearly as much.
fn alike<'n, 'p>(
    sought: &Sought,
    number: u32,
    new: &'n Pages<'p>,
) -> Option<(u32, &'n Page<'p>, Range<usize>)> {
    let mut best: Option<(Alike, u32, &Page<'p>)> = None;
    let mut second = f32::INFINITY;
    let pages = likely(sought, number, new);
    for (at, page) in pages.iter().copied() {
        let Some(here) = on_page(sought, &page.bare) else {
            continue;
        };
        second = second.min(here.second);
        match &best {
            Some((known, ..)) if known.distance <= here.distance => {
                second = second.min(here.distance);
            }
            _ => {
                second = best.map_or(second, |(known, ..)| second.min(known.distance));
                best = Some((here, at, page));
            }
        }
    }
    let (best, at, page) = best?;
    let is_certain = best.is_certain(second)
        && (best.is_framed || is_told_apart(sought, (at, &best.place), &pages));
    is_certain.then_some((at, page, best.place))
}

/// Whether a place is more like the quotation than all others, seen with little around it.
fn is_told_apart(
    sought: &Sought,
    (number, place): (u32, &Range<usize>),
    pages: &[(u32, &Page<'_>)],
) -> bool {
    if sought.exact.len() > MOST_AT_ONCE {
        return true;
    }
    let before = sought.prefix.chars.len().saturating_sub(BESIDE);
    let before = sought.prefix.chars.get(before..).unwrap_or_default();
    let after = sought.suffix.chars.get(..BESIDE);
    let after = after.unwrap_or(&sought.suffix.chars);
    let near = [before, &sought.exact.chars, after].concat();
    let here = place.start..place.end + 2 * BESIDE;
    let nowhere = 0..0;
    let mut least = u16::MAX;
    let mut own = u16::MAX;
    for (at, page) in pages {
        let is_here = *at == number;
        let but = if is_here { &here } else { &nowhere };
        let chars = &page.bare.chars;
        least = least.min(alike::least(&near, chars, but).unwrap_or(0));
        if is_here {
            let around = place.start.saturating_sub(2 * BESIDE)..here.end.min(chars.len());
            let around = chars.get(around).unwrap_or_default();
            own = alike::least(&near, around, &nowhere).unwrap_or(u16::MAX);
        }
    }
    least >= own.saturating_add(TELLING)
}

/// Pages that have pieces of the quotation and its surroundings, those with most of them first.
fn likely<'n, 'p>(sought: &Sought, number: u32, new: &'n Pages<'p>) -> Vec<(u32, &'n Page<'p>)> {
    let parts = [&sought.prefix, &sought.exact, &sought.suffix];
    let all: Vec<char> = parts
        .iter()
        .flat_map(|part| part.chars.iter().copied())
        .collect();
    let pieces: Vec<String> = all
        .chunks(PIECE)
        .filter(|piece| piece.len() == PIECE)
        .map(|piece| piece.iter().collect())
        .collect();
    let mut pages: Vec<(usize, u32, &Page<'p>)> = new
        .nearest_first(number)
        .into_iter()
        .map(|(at, page)| {
            let held = pieces
                .iter()
                .filter(|piece| page.bare.text.contains(piece.as_str()));
            (held.count(), at, page)
        })
        .filter(|(held, ..)| *held > 0)
        .collect();
    // The order stays within those that have the same number.
    pages.sort_by_key(|(held, ..)| std::cmp::Reverse(*held));
    pages.truncate(MOST_PAGES);
    pages.into_iter().map(|(_, at, page)| (at, page)).collect()
}

fn on_page(sought: &Sought, page: &Bare) -> Option<Alike> {
    let Sought {
        exact,
        prefix,
        suffix,
    } = sought;
    if exact.len() <= MOST_AT_ONCE {
        return alike::find((&prefix.chars, &exact.chars, &suffix.chars), &page.chars);
    }
    let (head, rest) = exact.chars.split_at_checked(HEAD)?;
    let (_, tail) = rest.split_at_checked(rest.len().checked_sub(HEAD)?)?;
    let head = alike::find((&prefix.chars, head, &[]), &page.chars)?;
    let tail = alike::find((&[], tail, &suffix.chars), &page.chars)?;
    let place = head.place.start..tail.place.end;
    let stretch = place.len() as f32 / exact.len() as f32;
    (head.place.end <= tail.place.start && (1.0 / MOST_STRETCH..=MOST_STRETCH).contains(&stretch))
        .then(|| Alike {
            place,
            distance: head.distance.max(tail.distance),
            second: head.second.min(tail.second),
            is_framed: head.is_framed && tail.is_framed,
            own: head.own.max(tail.own),
        })
}
