//! What an index answers: the same German examples as over single texts, order, filters, merging, walking through a file.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{DAY_MS, NOW_MS, file, filtered, found, head, id, owners, put, tablet};
use proptest::prelude::*;
use search::{Content, Filter, Kind, Nearness, Query, State, Typing};

/// Page, typed, whether it must be found.
const CASES: [(&str, &str, bool); 31] = [
    ("Die Häuser am Markt", "Haus", true),
    ("Das Haus am Markt", "Häuser", true),
    ("Das Haus am Markt", "Haeuser", true),
    ("Die Haeuser am Markt", "Häuser", true),
    ("Sanierung der Straße", "strasse", true),
    ("Sanierung der STRASSE", "Straße", true),
    ("Die Anträge der Fraktionen", "Antrag Fraktion", true),
    ("Haushaltsplan 2025", "plan", true),
    ("Bebauungsplan Nr. 7", "Bebauungs", true),
    ("Bebauungsplan Nr. 7", "bebau", true),
    ("Haushaltssatzung", "Satzungen", true),
    ("Stadtrat", "Rat ", true),
    ("Beratung", "Rat ", false),
    ("Der Platz", "Plan ", false),
    ("Haushaltssatzung", "Haushaltsaztung", true),
    ("Bebauungsplan", "Bebaungspl", true),
    ("Feuerwehr", "Feuerwher", true),
    ("Haushalt 2024", "2025", false),
    ("der Haus-\nhalt der Stadt", "Haushalt", true),
    ("der Haus\u{ad}halt der Stadt", "Haushalt", true),
    ("die CDU-\nFraktion", "CDU-Fraktion", true),
    ("Rat der Stadt Lindenau", "\"Rat der Stadt\"", true),
    ("Rat der Stadt Lindenau", "\"Rat der St", true),
    ("Stadt ohne Rat der Weisen", "\"Rat der Stadt\"", false),
    ("Vorlage 2024/0123", "2024/0123", true),
    ("Vorlage 2024/0124", "2024/0123 ", false),
    ("Neubau der Kita", "Kita Neub", true),
    ("Neubau der Schule", "Kita Neubau", false),
    ("Neubau der Kita", "Neubau -Kita", false),
    ("Neubau der Schule", "Neubau -Kita", true),
    ("Neubau Kita", "der die das", false),
];

#[test]
fn german_pages_and_titles_answer_as_expected() {
    let tablet = tablet();
    for (text, typed, expected) in CASES {
        let index = tablet.index();
        put(&index, &[file(1, &["", text])]);
        let hits = found(&[&index], typed);
        assert_eq!(
            !hits.hits.is_empty(),
            expected,
            "{typed:?} on a page: {text:?}"
        );
        if expected {
            assert_eq!(hits.hits[0].pages[0].page, 1, "the second page");
            let snippet = hits.hits[0].pages[0].snippet.as_ref().unwrap();
            assert!(!snippet.marks.is_empty(), "{typed:?} marked in {text:?}");
            assert_eq!(
                index
                    .hit_pages(id(1), &Query::parse(typed, Typing::Yes))
                    .unwrap(),
                [1]
            );
        }
        put(&index, &[head(1, Kind::Paper, text)]);
        let hits = found(&[&index], typed);
        assert_eq!(
            !hits.hits.is_empty(),
            expected,
            "{typed:?} as a title: {text:?}"
        );
        index.write(|batch| batch.remove(id(1))).unwrap();
    }
}

#[test]
fn a_title_and_the_coming_meeting_stand_first() {
    let tablet = tablet();
    let index = tablet.index();
    let dated = |mut document: search::Document, days: i64| {
        document.fields.date_ms = Some(NOW_MS + days * DAY_MS);
        document
    };
    put(
        &index,
        &[
            dated(file(1, &["Haushalt Haushalt Haushalt"]), -300),
            dated(file(2, &["Der Haushalt steht an"]), 5),
            dated(head(3, Kind::Paper, "Haushalt 2020"), -1_500),
            dated(head(4, Kind::Paper, "Haushalt 2026"), 5),
            dated(head(5, Kind::AgendaItem, "Haushaltsplan 2026"), 5),
            dated(file(6, &["Haushaltsplan"]), -300),
        ],
    );
    assert_eq!(owners(&found(&[&index], "Haushalt ")), [4, 5, 3, 2, 1, 6]);
}

#[test]
fn pages_of_one_file_are_one_hit_with_its_best_page_first() {
    let tablet = tablet();
    let index = tablet.index();
    put(
        &index,
        &[file(
            1,
            &[
                "Kita",
                "nichts",
                "Kita Kita und noch einmal Kita",
                "Kitas",
                &"Wort ".repeat(99),
            ],
        )],
    );
    let hits = found(&[&index], "Kita");
    assert_eq!(hits.document_count, 1);
    let hit = &hits.hits[0];
    assert_eq!(hit.page_count, 3);
    let pages: Vec<u32> = hit.pages.iter().map(|page| page.page).collect();
    assert_eq!(pages, [2, 0, 3]);
    assert_eq!(hit.nearness, Nearness::Exact);
    let query = Query::parse("Kita", Typing::No);
    assert_eq!(index.hit_pages(id(1), &query).unwrap(), [0, 2, 3]);
    assert_eq!(
        index.page_hits(id(1), 2, &query).unwrap(),
        [0..4, 5..9, 26..30]
    );
    assert_eq!(index.page_hits(id(1), 9, &query).unwrap(), []);
    assert_eq!(index.page_hits(id(9), 0, &query).unwrap(), []);
    assert_eq!(index.page_snippet(id(1), 3, &query).unwrap().text, "Kitas");
}

#[test]
fn filters_let_through_what_was_asked_for() {
    let tablet = tablet();
    let index = tablet.index();
    let mut page = file(1, &["Radweg"]);
    page.fields.organizations = vec![id(70), id(71)];
    page.fields.meeting = Some(id(80));
    page.fields.date_ms = Some(NOW_MS - 400 * DAY_MS);
    let mut paper = head(2, Kind::Paper, "Radweg");
    paper.fields.organizations = vec![id(72)];
    paper.fields.paper = Some(id(2));
    paper.fields.date_ms = Some(NOW_MS);
    put(&index, &[page, paper, head(3, Kind::Meeting, "Radweg")]);
    let of = |filter: Filter| {
        let mut found = owners(&filtered(&[&index], "radw", &filter));
        found.sort_unstable();
        found
    };
    let all = Filter::default();
    assert_eq!(of(all.clone()), [1, 2, 3]);
    assert_eq!(
        of(Filter {
            kinds: vec![Kind::File, Kind::Meeting],
            ..all.clone()
        }),
        [1, 3]
    );
    assert_eq!(
        of(Filter {
            organizations: vec![id(71), id(99)],
            ..all.clone()
        }),
        [1]
    );
    assert_eq!(
        of(Filter {
            meeting: Some(id(80)),
            ..all.clone()
        }),
        [1]
    );
    assert_eq!(
        of(Filter {
            paper: Some(id(2)),
            ..all.clone()
        }),
        [2]
    );
    assert_eq!(
        of(Filter {
            from_ms: Some(NOW_MS - DAY_MS),
            ..all.clone()
        }),
        [2]
    );
    assert_eq!(
        of(Filter {
            before_ms: Some(NOW_MS),
            ..all
        }),
        [1]
    );
}

#[test]
fn fields_change_without_indexing_again() {
    let tablet = tablet();
    let index = tablet.index();
    put(&index, &[file(1, &["Radweg"])]);
    let mut fields = file(1, &[]).fields;
    fields.meeting = Some(id(80));
    fields.date_ms = Some(NOW_MS);
    let has_changed = index.write(|batch| batch.set_fields(id(1), &fields));
    assert!(has_changed.unwrap());
    assert!(
        !index
            .write(|batch| batch.set_fields(id(9), &fields))
            .unwrap()
    );
    let filter = Filter {
        meeting: Some(id(80)),
        ..Filter::default()
    };
    assert_eq!(owners(&filtered(&[&index], "Radweg", &filter)), [1]);
}

#[test]
fn several_indexes_answer_as_one() {
    let tablet = tablet();
    let other_tablet = common::tablet();
    let (one, other) = (tablet.index(), other_tablet.index());
    put(&one, &[file(1, &["Grundstück"]), file(2, &["Radweg"])]);
    put(
        &other,
        &[
            head(3, Kind::Paper, "Grundstücksverkauf"),
            file(2, &["Radweg"]),
        ],
    );
    let hits = found(&[&one, &other], "Grundstück");
    assert_eq!(owners(&hits), [3, 1]);
    assert_eq!([hits.hits[0].index, hits.hits[1].index], [1, 0]);
    assert_eq!(
        owners(&found(&[&one, &other], "Radweg")),
        [2],
        "an object of two audiences is shown once"
    );
    assert_eq!(owners(&found(&[&one, &one], "Radweg")), [2]);
    assert_eq!(owners(&found(&[], "Radweg")), [0u8; 0]);
}

#[test]
fn slips_are_looked_for_only_where_little_else_is_found() {
    let tablet = tablet();
    let index = tablet.index();
    put(&index, &[file(1, &["Feuerwehr"]), file(9, &["Feuerwher"])]);
    assert_eq!(owners(&found(&[&index], "Feuerwehr ")), [1, 9]);
    put(
        &index,
        &[file(2, &["Feuerwehr"]), file(3, &["Feuerwehren"])],
    );
    assert_eq!(owners(&found(&[&index], "Feuerwehr ")).len(), 3);
    let hits = found(&[&index], "Feurewehr ");
    assert_eq!(hits.hits[0].nearness, Nearness::Slip);
}

#[test]
fn scans_and_unreadable_files_are_listed_and_found_by_title() {
    let tablet = tablet();
    let index = tablet.index();
    let mut scan = file(1, &["", " \n – "]);
    scan.title = "Lageplan".to_owned();
    let mut broken = file(2, &[]);
    broken.content = Content::Unreadable;
    put(&index, &[scan, broken, file(3, &["Text"])]);
    assert_eq!(
        index.unsearchable().unwrap(),
        [(id(1), State::Scan), (id(2), State::Failed)]
    );
    let hits = found(&[&index], "Lageplan");
    assert_eq!(hits.hits[0].state, State::Scan);
    let progress = index.progress().unwrap();
    assert_eq!(
        (
            progress.documents,
            progress.pages,
            progress.scans,
            progress.failed
        ),
        (3, 1, 1, 1)
    );
}

#[test]
fn debug_shows_no_text() {
    let tablet = tablet();
    let index = tablet.index();
    let mut secret = file(1, &["Geheimnis der Akte"]);
    secret.title = "Geheimtitel".to_owned();
    put(&index, std::slice::from_ref(&secret));
    let hits = found(&[&index], "Geheim");
    let shown = format!("{index:?} {secret:?} {hits:?}").to_lowercase();
    assert!(!shown.contains("geheim"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn nothing_that_can_be_typed_is_an_error(typed in "[ a-zA-Z0-9äß\"„“*():^{}+'%_.;\\-\u{0}-\u{ffff}]{0,40}") {
        thread_local! {
            static INDEX: (common::Tablet, search::Index) = {
                let tablet = tablet();
                let index = tablet.index();
                put(&index, &[file(1, &["Haushaltsplan der Stadt", "abc 123"]), head(2, Kind::Paper, "Straße")]);
                (tablet, index)
            };
        }
        INDEX.with(|(_, index)| {
            found(&[index], &typed);
            index.hit_pages(id(1), &Query::parse(&typed, Typing::No)).unwrap();
        });
    }
}
