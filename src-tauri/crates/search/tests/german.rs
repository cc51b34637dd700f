//! What a member types and which text must answer, over single texts.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use search::{Query, Typing};

/// Text, query, whether it must be found.
const CASES: [(&str, &str, bool); 46] = [
    // Inflected forms, umlauts, ß.
    ("Die Häuser am Markt", "Haus", true),
    ("Das Haus am Markt", "Häuser", true),
    ("Das Haus am Markt", "HAEUSER", true),
    ("Die Haeuser am Markt", "Häuser", true),
    ("Sanierung der Straße", "strasse", true),
    ("Sanierung der STRASSE", "Straße", true),
    ("Änderung der Satzungen", "anderung satzung", true),
    ("Aenderung", "Änderung", true),
    ("Die Anträge der Fraktionen", "Antrag Fraktion", true),
    ("Beschluss des Rates", "Rat", true),
    ("Mu\u{308}ller", "Müller", true),
    ("Café Zentral", "cafe", true),
    ("oﬃziell", "offiziell", true),
    // Parts of compounds.
    ("Haushaltsplan 2025", "plan", true),
    ("Bebauungsplan Nr. 7", "Bebauungs", true),
    ("Haushaltssatzung", "Satzungen", true),
    ("Haushaltssatzung", "haushalt", true),
    ("Kindertagesstättenbedarfsplanung", "bedarf", true),
    ("Stadtrat", "Rat", true),
    ("Ratssitzung", "Rat", true),
    ("Beratung", "Rat", false),
    ("Der Platz", "Plan", false),
    // Slips.
    ("Haushaltssatzung", "Haushaltsaztung", true),
    ("Bebauungsplan", "Bebaungsplan", true),
    ("Feuerwehr", "Feuerwher", true),
    ("Kita", "Kiga", true),
    ("Rat", "Rad", false),
    ("Haushalt", "Abwasser", false),
    // Hyphens and line ends.
    ("der Haus-\nhalt der Stadt", "Haushalt", true),
    ("der Haus\u{ad}halt der Stadt", "Haushalt", true),
    ("die CDU-\nFraktion", "CDU-Fraktion", true),
    ("die CDU-Fraktion", "Fraktion CDU", true),
    ("Haupt- und Finanzausschuss", "Finanzausschuss", true),
    // Phrases.
    ("Rat der Stadt Lindenau", "\"Rat der Stadt\"", true),
    ("Stadt ohne Rat der Weisen", "\"Rat der Stadt\"", false),
    ("des Rates der Stadt", "„Rat der Stadt“", true),
    ("Vorlage 2024/0123", "2024/0123", true),
    ("Vorlage 2024/0124", "2024/0123", false),
    ("§ 35 Abs. 1 ThürKO", "§ 35", true),
    // All words, none excluded, stop words aside.
    ("Neubau der Kita", "Kita Neubau", true),
    ("Neubau der Schule", "Kita Neubau", false),
    ("Neubau der Kita", "Neubau -Kita", false),
    ("Neubau der Schule", "Neubau -Kita", true),
    ("Neubau Kita", "der Neubau", true),
    ("Neubau Kita", "", false),
    ("Neubau Kita", "-Schule", false),
];

#[test]
fn german_texts_answer_as_expected() {
    for (text, typed, expected) in CASES {
        let found = Query::parse(typed, Typing::No).matches(text);
        assert_eq!(found.is_some(), expected, "{typed:?} in {text:?}");
    }
}

#[test]
fn while_typing_every_beginning_of_a_word_finds_it() {
    let word = "Bebauungsplanverfahren";
    for end in 1..=word.len() {
        let typed: String = word.chars().take(end).collect();
        assert!(
            Query::parse(&typed, Typing::Yes).matches(word).is_some(),
            "{typed}"
        );
    }
    let open = "\"Rat der Sta";
    assert!(
        Query::parse(open, Typing::Yes)
            .matches("Rat der Stadt")
            .is_some()
    );
    assert!(
        Query::parse(open, Typing::No)
            .matches("Rat der Stadt")
            .is_none()
    );
}

#[test]
fn marks_are_characters_of_the_text() {
    let text = "Für den Haus-\nhalt: „Haushaltsplan“ und Häuser";
    let chars: Vec<char> = text.chars().collect();
    let marked: Vec<String> = Query::parse("Haushalt", Typing::No)
        .marks(text)
        .into_iter()
        .map(|mark| chars[mark].iter().collect())
        .collect();
    assert_eq!(marked, ["Haus-\nhalt", "Haushaltsplan"]);
}

#[test]
fn a_slip_is_marked_only_where_nothing_better_stands() {
    let query = Query::parse("Feuerwehr", Typing::No);
    assert_eq!(query.marks("Feuerwehr und Feuerwher").len(), 1);
    assert_eq!(query.marks("nur Feuerwher").len(), 1);
}

proptest! {
    #[test]
    fn no_query_and_no_text_panics(typed in ".{0,80}", text in ".{0,200}", is_typing: bool) {
        let typing = if is_typing { Typing::Yes } else { Typing::No };
        let query = Query::parse(&typed, typing);
        let len = text.chars().count();
        let mut before = 0;
        for mark in query.marks(&text) {
            prop_assert!(mark.start >= before && mark.start < mark.end && mark.end <= len);
            before = mark.end;
        }
        query.matches(&text);
    }

    #[test]
    fn a_word_of_a_text_finds_it(text in "[a-zäöüß]{4,12}( [A-ZÄÖÜa-zß]{2,9}){0,6}") {
        let first: String = text.split(' ').next().unwrap().to_owned();
        prop_assert!(Query::parse(&first, Typing::No).matches(&text).is_some());
        prop_assert!(Query::parse(&first.to_uppercase(), Typing::No).matches(&text).is_some());
    }
}
