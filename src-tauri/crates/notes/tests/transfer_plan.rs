//! Where marks belong in a newer version: examples of what offices change, and properties that hold for any change.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{BLOB, marked, note, page, scribbled};
use notes::{
    Found, How, Mark, MarkBody, MarkDraft, MarkId, NewPages, OldPages, PageLetters, PageWords,
    Rect, plan_transfer,
};
use proptest::prelude::*;

const LETTER: [&str; 12] = [
    "Der Stadtrat beschliesst den Bebauungsplan Nr. 17",
    "Am Saaleufer als Satzung. Die Begruendung wird",
    "gebilligt. Die Kosten betragen 1.250.000 Euro und",
    "werden im Haushaltsjahr 2027 veranschlagt.",
    "",
    "Begruendung: Das Gebiet liegt zwischen der Bahn",
    "und dem Fluss. Es sollen achtzig Wohnungen und",
    "eine Kindertagesstaette entstehen. Der Verkehr",
    "wird ueber die Uferstrasse gefuehrt.",
    "",
    "Finanzielle Auswirkungen: siehe Anlage 3",
    "Beteiligte Aemter: Bauamt, Kaemmerei, Umweltamt",
];

/// A mark of a draft, as it comes from the store.
fn stored(draft: MarkDraft) -> Mark {
    Mark {
        id: MarkId([7; 16]),
        anchor: draft.anchor,
        body: draft.body,
        is_quote_locked: false,
        created_at_ms: 1,
        updated_at_ms: 1,
        made_at_item: None,
        imported_from: None,
    }
}

fn pages(pages: Vec<PageLetters>) -> NewPages {
    (0..).zip(pages).collect()
}

fn kept(old: &[PageLetters]) -> OldPages {
    let old = (0u32..).zip(old);
    old.map(|(number, page)| ((BLOB, number), PageWords::of(page)))
        .collect()
}

fn planned(mark: &Mark, old: &OldPages, new: &NewPages) -> Option<Found> {
    let [(id, found)] =
        <[_; 1]>::try_from(plan_transfer(std::slice::from_ref(mark), old, new)).unwrap();
    assert_eq!(id, mark.id);
    found
}

/// The letters of a page under some rectangles.
fn under(page: &PageLetters, rects: &[Rect]) -> String {
    let letters = page.letters.iter().zip(&page.boxes).filter(|(_, place)| {
        let (x, y) = (
            (place.left + place.right) / 2.0,
            (place.bottom + place.top) / 2.0,
        );
        place.right > place.left
            && rects
                .iter()
                .any(|rect| rect.left < x && x < rect.right && rect.bottom < y && y < rect.top)
    });
    letters.map(|(letter, _)| *letter).collect()
}

fn without_spaces(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect()
}

#[test]
fn a_page_that_is_the_same_keeps_everything_where_it_was() {
    let old = page(&LETTER);
    let cover = page(&["Korrigierte Fassung", "Bitte austauschen"]);
    for draft in [
        marked(&old, 0, "1.250.000 Euro"),
        scribbled(&old, 0, "Kosten betragen"),
    ] {
        let mark = stored(draft);
        let same = planned(
            &mark,
            &kept(std::slice::from_ref(&old)),
            &pages(vec![old.clone()]),
        )
        .unwrap();
        assert_eq!((same.page, same.how, same.by), (0, How::Page, (0.0, 0.0)));
        assert_eq!(same.rects, mark.anchor.rects);
        let later = pages(vec![cover.clone(), old.clone()]);
        let moved = planned(&mark, &kept(std::slice::from_ref(&old)), &later).unwrap();
        assert_eq!(
            (moved.page, moved.how),
            (1, How::Page),
            "a page was put in before it"
        );
    }
}

#[test]
fn words_are_found_where_a_line_was_put_in_and_where_lines_break_differently() {
    let old = page(&LETTER);
    let mark = stored(marked(&old, 0, "als Satzung. Die Begruendung"));
    let mut put_in = LETTER.to_vec();
    put_in.insert(0, "Beschlussvorlage 2026/184, korrigiert");
    let broken = [
        "Der Stadtrat beschliesst den Be\u{ad}",
        "bauungsplan Nr. 17 Am Saaleufer als Sat\u{ad}",
        "zung. Die Begruendung wird gebilligt. Die",
    ];
    for new in [page(&put_in), page(&broken)] {
        // Also from a mark whose page was not kept: its quotation is enough.
        for old in [kept(std::slice::from_ref(&old)), OldPages::new()] {
            let found = planned(&mark, &old, &pages(vec![new.clone()])).unwrap();
            assert_eq!((found.page, found.how), (0, How::Words));
            assert_eq!(
                without_spaces(&under(&new, &found.rects)).replace('\u{ad}', ""),
                "alsSatzung.DieBegruendung"
            );
            assert!(found.quote.unwrap().exact.starts_with("als Sat"));
        }
    }
}

#[test]
fn of_several_places_the_nearest_is_meant() {
    let old = page(&[
        "Kopf",
        "",
        "Der Ausschuss empfiehlt die Annahme.",
        "Ende der Vorlage",
    ]);
    let number = 4;
    let mark = stored(marked(&old, number, "empfiehlt die Annahme."));
    let same = || {
        page(&[
            "",
            "Der Ausschuss empfiehlt die Annahme.",
            "Ende der Vorlage",
        ])
    };
    let mut new = NewPages::new();
    for at in [0, 3, 9] {
        new.insert(at, same());
    }
    assert_eq!(planned(&mark, &OldPages::new(), &new).unwrap().page, 3);
}

#[test]
fn a_corrected_number_is_found_by_what_stands_around_it_and_says_so() {
    let old = page(&LETTER);
    let mark = stored(marked(&old, 0, "1.250.000 Euro"));
    let mut lines = LETTER.to_vec();
    lines[2] = "gebilligt. Die Kosten betragen 1.380.000 Euro und";
    let new = page(&lines);
    let found = planned(&mark, &kept(&[old]), &pages(vec![new.clone()])).unwrap();
    assert_eq!(found.how, How::Changed);
    assert_eq!(under(&new, &found.rects), "1.380.000 Euro");
    assert_eq!(found.quote.unwrap().exact, "1.380.000 Euro");
}

#[test]
fn a_long_quotation_is_found_although_words_in_it_have_changed() {
    let old = page(&LETTER);
    let text: Vec<char> = old.letters.clone();
    let all: String = text.iter().collect();
    let long: String = all.chars().skip(50).take(330).collect();
    let mark = stored(marked(&old, 0, &long));
    let mut lines = LETTER.to_vec();
    lines[6] = "und dem Fluss. Es sollen neunzig neue Wohnungen und";
    let new = page(&lines);
    let found = planned(&mark, &OldPages::new(), &pages(vec![new.clone()])).unwrap();
    assert_eq!(found.how, How::Changed);
    assert!(under(&new, &found.rects).contains("neunzig neue"));
    assert_eq!(found.rects.first().unwrap().left, mark.anchor.rects[0].left);
}

#[test]
fn words_that_are_gone_are_not_found_elsewhere() {
    let old = page(&LETTER);
    let mark = stored(marked(&old, 0, "1.250.000 Euro"));
    let mut gone = LETTER.to_vec();
    gone[2] = "gebilligt. Naeheres regelt die Anlage. Die Mittel";
    let other = page(&[
        "Andere Vorhaben: Schule 1.250.000 Euro fuer das Dach",
        "und 900.000 Euro fuer die Turnhalle der Schule am Park",
    ]);
    let new = pages(vec![page(&gone), other]);
    assert_eq!(
        planned(&mark, &kept(std::slice::from_ref(&old)), &new),
        None
    );
    let short = stored(marked(&old, 0, "Der"));
    assert_eq!(
        planned(
            &short,
            &OldPages::new(),
            &pages(vec![page(&["Ganz anderes. Der Rest fehlt."])])
        ),
        None,
        "a short word alone says nothing"
    );
}

#[test]
fn rows_of_a_table_that_are_alike_are_not_mistaken_for_each_other() {
    let old = page(&[
        "Produkt 1 Personal 10.000 Euro Plan 2026",
        "Produkt 2 Personal 20.000 Euro Plan 2026",
        "Produkt 3 Personal 30.000 Euro Plan 2026",
    ]);
    let mark = stored(marked(&old, 0, "20.000 Euro"));
    let new = page(&[
        "Produkt 4 Personal 41.000 Euro Plan 2026",
        "Produkt 5 Personal 51.000 Euro Plan 2026",
        "Produkt 6 Personal 61.000 Euro Plan 2026",
    ]);
    assert_eq!(
        planned(&mark, &kept(std::slice::from_ref(&old)), &pages(vec![new])),
        None
    );
    let corrected = page(&[
        "Produkt 1 Personal 10.000 Euro Plan 2026",
        "Produkt 2 Personal 21.500 Euro Plan 2026",
        "Produkt 3 Personal 30.000 Euro Plan 2026",
    ]);
    let found = planned(&mark, &kept(&[old]), &pages(vec![corrected.clone()])).unwrap();
    assert_eq!(
        under(&corrected, &found.rects),
        "21.500 Euro",
        "all around it is as it was"
    );
}

#[test]
fn handwriting_goes_with_the_lines_around_it() {
    let old = page(&LETTER);
    let mark = stored(scribbled(&old, 0, "eine Kindertagesstaette"));
    let mut lines = LETTER.to_vec();
    lines.insert(0, "Korrigierte Fassung vom 3. November");
    lines.insert(1, "");
    let found = planned(&mark, &kept(&[old]), &pages(vec![page(&lines)])).unwrap();
    assert_eq!((found.page, found.how), (0, How::Around));
    assert!(
        found.by.0.abs() < 0.1 && (found.by.1 + 28.0).abs() < 0.1,
        "{:?}",
        found.by
    );
}

#[test]
fn handwriting_is_not_laid_where_its_words_have_moved_apart() {
    let old = page(&LETTER);
    let mark = stored(scribbled(&old, 0, "eine Kindertagesstaette"));
    let anew = [
        "Begruendung: Das",
        "Gebiet liegt zwischen der",
        "Bahn und dem Fluss. Es sollen achtzig Wohnungen",
        "und eine",
        "Kindertagesstaette entstehen. Der Verkehr wird ueber die",
        "Uferstrasse gefuehrt.",
    ];
    assert_eq!(
        planned(&mark, &kept(&[old]), &pages(vec![page(&anew)])),
        None
    );
}

#[test]
fn handwriting_whose_page_was_not_kept_is_not_found() {
    let old = page(&LETTER);
    let mark = stored(scribbled(&old, 0, "eine Kindertagesstaette"));
    assert_eq!(planned(&mark, &OldPages::new(), &pages(vec![old])), None);
}

#[test]
fn a_scanned_page_says_nothing() {
    let blank = PageLetters::default();
    let mark = stored(note("Rand"));
    assert_eq!(
        planned(
            &mark,
            &kept(std::slice::from_ref(&blank)),
            &pages(vec![blank])
        ),
        None,
        "two pages without words need not be the same"
    );
}

#[test]
fn a_note_and_a_mark_without_quotation_go_by_what_was_kept_of_their_page() {
    let old = page(&LETTER);
    let mut bare = marked(&old, 0, "achtzig Wohnungen");
    bare.anchor.quote = None;
    let mut sticky = note("Wer zahlt?");
    sticky.anchor.rects = vec![Rect {
        left: 30.0,
        bottom: 690.0,
        right: 48.0,
        top: 708.0,
    }];
    let mut lines = LETTER.to_vec();
    lines.insert(0, "Korrigiert");
    let new = pages(vec![page(&lines)]);
    let words = planned(&stored(bare), &kept(std::slice::from_ref(&old)), &new).unwrap();
    assert_eq!(under(&new[&0], &words.rects), "achtzig Wohnungen");
    let beside = planned(&stored(sticky), &kept(&[old]), &new).unwrap();
    assert_eq!(beside.how, How::Around);
    assert!(
        (beside.rects[0].bottom - 676.0).abs() < 0.1,
        "one line lower"
    );
}

/// Lines of words out of few, so that the same words come again.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let word = prop_oneof![
        Just("Rat"),
        Just("der"),
        Just("Plan"),
        Just("Satzung"),
        Just("1.250"),
        Just("Euro"),
        Just("beschliesst"),
        Just("Anlage"),
        Just("und"),
        Just("Kosten"),
        Just("Ufer\u{ad}")
    ];
    let line = prop::collection::vec(word, 0..8).prop_map(|words| words.join(" "));
    prop::collection::vec(line, 1..24)
}

fn page_of(lines: &[String]) -> PageLetters {
    page(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What an office may do with a page.
#[derive(Debug, Clone)]
enum Edit {
    PutIn(usize, String),
    LeaveOut(usize),
    Exchange(usize, String),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let text = || "[A-Za-z0-9 .]{0,40}";
    let edit = prop_oneof![
        (any::<usize>(), text()).prop_map(|(at, text)| Edit::PutIn(at, text)),
        any::<usize>().prop_map(Edit::LeaveOut),
        (any::<usize>(), text()).prop_map(|(at, text)| Edit::Exchange(at, text)),
    ];
    prop::collection::vec(edit, 0..6)
}

fn edited(mut lines: Vec<String>, edits: &[Edit]) -> Vec<String> {
    for edit in edits {
        let count = lines.len();
        match edit {
            Edit::PutIn(at, text) => lines.insert(at % (count + 1), text.clone()),
            Edit::LeaveOut(at) if count > 0 => {
                lines.remove(at % count);
            }
            Edit::Exchange(at, text) if count > 0 => lines[at % count].clone_from(text),
            Edit::LeaveOut(_) | Edit::Exchange(..) => {}
        }
    }
    lines
}

/// A mark on some letters of a page that are not all spaces.
fn mark_on(old: &PageLetters, from: usize, len: usize) -> Option<Mark> {
    let text: String = old.letters.iter().collect();
    let count = old.letters.len();
    let start = from % count;
    let words: String = text.chars().skip(start).take(1 + len % 60).collect();
    let words = words.trim();
    (!words.is_empty()).then(|| stored(marked(old, 0, words)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_said_to_stand_at_its_words_does(
        old in lines(), edits in edits(), from in any::<usize>(), len in any::<usize>(), knows in any::<bool>(),
    ) {
        let new = page_of(&edited(old.clone(), &edits));
        let old = page_of(&old);
        let Some(mark) = mark_on(&old, from, len) else { return Ok(()) };
        let kept = if knows { kept(std::slice::from_ref(&old)) } else { OldPages::new() };
        if let Some(found) = planned(&mark, &kept, &pages(vec![new.clone()])) {
            prop_assert!(found.rects.iter().all(Rect::is_valid) && !found.rects.is_empty());
            let said = |text: &str| without_spaces(text).replace('\u{ad}', "");
            if matches!(found.how, How::Words | How::Page) {
                let exact = said(&mark.anchor.quote.as_ref().unwrap().exact);
                prop_assert_eq!(said(&under(&new, &found.rects)), exact);
            }
        }
    }

    #[test]
    fn an_unchanged_file_keeps_every_mark_where_it_was(old in lines(), from in any::<usize>(), len in any::<usize>()) {
        let old = page_of(&old);
        let Some(mark) = mark_on(&old, from, len) else { return Ok(()) };
        let found = planned(&mark, &kept(std::slice::from_ref(&old)), &pages(vec![old])).unwrap();
        prop_assert_eq!((found.page, found.how, found.rects), (0, How::Page, mark.anchor.rects));
    }

    #[test]
    fn handwriting_moves_as_far_as_every_word_around_it(old in lines(), edits in edits(), from in any::<usize>()) {
        let new = page_of(&edited(old.clone(), &edits));
        let old = page_of(&old);
        let Some(text) = mark_on(&old, from, 20) else { return Ok(()) };
        let exact = text.anchor.quote.unwrap().exact;
        let words = exact.split_whitespace().next().unwrap();
        let mark = stored(scribbled(&old, 0, words));
        if let Some(found) = planned(&mark, &kept(std::slice::from_ref(&old)), &pages(vec![new])) {
            // Lines stand 14 points apart: whatever moved, moved by whole lines.
            let lines_moved = found.by.1 / 14.0;
            prop_assert!((lines_moved - lines_moved.round()).abs() < 0.02);
            prop_assert!(found.by.0.abs() < 0.1);
            let is_ink = matches!(mark.body, MarkBody::Ink { .. });
            prop_assert!(is_ink);
        }
    }

    #[test]
    fn no_page_whatever_is_on_it_makes_it_fail(
        letters in prop::collection::vec(any::<char>(), 0..80),
        boxes in prop::collection::vec((any::<f32>(), any::<f32>(), any::<f32>(), any::<f32>()), 0..80),
        lines in prop::collection::vec((0usize..100, 0usize..100), 0..6),
        exact in ".{0,30}",
    ) {
        let odd = PageLetters {
            letters,
            boxes: boxes.into_iter().map(|(left, bottom, right, top)| Rect { left, bottom, right, top }).collect(),
            lines: lines.into_iter().map(|(from, to)| from..to).collect(),
            shown: None,
        };
        let whole = page(&LETTER);
        let mut draft = marked(&whole, 0, "als Satzung");
        draft.anchor.quote.as_mut().unwrap().exact = exact;
        let mark = stored(draft);
        let old = kept(std::slice::from_ref(&odd));
        for new in [odd, whole] {
            if let Some(found) = planned(&mark, &old, &pages(vec![new])) {
                prop_assert!(found.rects.iter().all(Rect::is_valid));
            }
        }
    }
}
