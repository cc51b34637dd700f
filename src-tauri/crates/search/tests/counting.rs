//! Counting in a text at hand: what the index finds on its pages is counted there, and nothing else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{file, id, put, tablet};
use search::{Query, Slips, Typing};

const PAGES: [&str; 6] = [
    "Die Straße am Gerberufer. Straßenbau und Straßenbeleuchtung.",
    "Häuser, Haeuser und ein Haus",
    "Haushaltsplan der Stadt, Haushalt 2026",
    "Rat der Stadt Lindenau",
    "",
    "Der Stellplatzschlüssel wird geändert; Stellplätze entfallen.",
];

/// What is typed, and how often each page answers.
const TYPED: [(&str, [usize; 6]); 10] = [
    ("strasse", [3, 0, 0, 0, 0, 0]),
    ("STRASSE", [3, 0, 0, 0, 0, 0]),
    ("haus", [0, 2, 2, 0, 0, 0]),
    ("Häuser", [0, 3, 0, 0, 0, 0]),
    ("haushalt", [0, 0, 2, 0, 0, 0]),
    ("\"Rat der Stadt\"", [0, 0, 0, 1, 0, 0]),
    ("Stadt Haushalt", [0, 0, 3, 0, 0, 0]),
    ("Stadt -Haushalt", [0, 0, 0, 1, 0, 0]),
    ("stellplatz", [0, 0, 0, 0, 0, 2]),
    ("xylophon", [0; 6]),
];

#[test]
fn pages_are_counted_where_the_index_finds_them() {
    let tablet = tablet();
    let index = tablet.index();
    put(&index, &[file(1, &PAGES)]);
    for (typed, expected) in TYPED {
        let query = Query::parse(typed, Typing::Yes);
        let counted = PAGES.map(|page| query.count(page, Slips::No));
        assert_eq!(counted, expected, "{typed}");
        let with_hits: Vec<u32> = (0..)
            .zip(counted)
            .filter(|(_, count)| *count > 0)
            .map(|(page, _)| page)
            .collect();
        assert_eq!(
            index.hit_pages(id(1), &query).unwrap(),
            with_hits,
            "{typed}: as the index"
        );
        for (page, count) in PAGES.iter().zip(counted).filter(|(_, count)| *count > 0) {
            assert_eq!(
                query.marks(page).len(),
                count,
                "{typed}: as many as are marked"
            );
        }
    }
}

#[test]
fn a_slip_counts_only_when_asked_for() {
    let query = Query::parse("Stelplatz", Typing::Yes);
    let of = |slips| PAGES.map(|page| query.count(page, slips));
    assert_eq!(of(Slips::No), [0; 6]);
    assert!(of(Slips::Too)[5] > 0);
}
