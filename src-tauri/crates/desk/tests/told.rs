//! Every refusal that the app knows is told in German and in English: what happened, whether anything is lost, what to do.
//!
//! That a code has all three in both languages is a matter of types; that they say it, of the tests here.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::collections::HashSet;

use desk::{ErrorCode, Speech, Told, told};

/// What a sentence says that nothing is lost or changed with, by its words.
const KEPT_DE: &[&str] = &[
    "nicht",
    "sicher",
    "bleib",
    "unversehrt",
    "bereit",
    "gespeichert",
    "unverändert",
    "gelesen",
    "lesen",
];
const KEPT_EN: &[&str] = &[
    "nothing",
    "not ",
    "safe",
    "kept",
    "stay",
    "intact",
    "available",
    "saved",
    "unchanged",
    "goes on",
    "already read",
    "can still",
    "is still",
];
/// What a sentence says that asks for something, allows it, or names who helps.
const NEXT_DE: &[&str] = &["bitte", "sie ", "hilft", "nachgeholt", "dann", "nehmen sie"];
const NEXT_EN: &[&str] = &["please", "you ", "help", "catch up", "then", "take the"];

/// Words that stand in nearly every sentence of one language and in none of the other.
const ONLY_DE: &[&str] = &[
    " der ", " die ", " das ", " ist ", " nicht ", " bitte ", " sie ", " es ", " und ",
];
const ONLY_EN: &[&str] = &[
    " the ", " is ", " not ", " please ", " your ", " you ", " has ", " been ", " and ",
];

/// What is wrong with a text; nothing with a good one.
fn faults(text: &Told, speech: Speech) -> Vec<String> {
    let parts = [
        ("happened", text.happened),
        ("kept", text.kept),
        ("next", text.next),
    ];
    let mut found = Vec::new();
    for (name, part) in parts {
        let words = part.trim_end_matches('.').split_whitespace().count();
        if words < 3 {
            found.push(format!("{name} says nothing"));
        }
        if !part.ends_with('.') || part.contains("  ") || part.trim() != part {
            found.push(format!("{name} is no sentence"));
        }
        if part.contains('!') || part.to_lowercase().contains("ups") {
            found.push(format!("{name} is not calm"));
        }
        if speech == Speech::De
            && [" du ", " dein", " dir "]
                .iter()
                .any(|word| part.contains(word))
        {
            found.push(format!("{name} is not polite"));
        }
    }
    let (kept, next) = match speech {
        Speech::De => (KEPT_DE, NEXT_DE),
        Speech::En => (KEPT_EN, NEXT_EN),
    };
    let says = |part: &str, words: &[&str]| {
        let part = part.to_lowercase();
        words.iter().any(|word| part.contains(word))
    };
    if !says(text.kept, kept) {
        found.push("does not say whether anything is lost".to_owned());
    }
    if !says(text.next, next) {
        found.push("does not say what to do".to_owned());
    }
    let whole = format!(
        " {} ",
        text.text()
            .to_lowercase()
            .replace(['.', ',', ';', ':'], " ")
    );
    let count = |words: &[&str]| {
        words
            .iter()
            .map(|word| whole.matches(word).count())
            .sum::<usize>()
    };
    let (own, other) = match speech {
        Speech::De => (count(ONLY_DE), count(ONLY_EN)),
        Speech::En => (count(ONLY_EN), count(ONLY_DE)),
    };
    if own == 0 || other > 0 {
        found.push("is not in its language".to_owned());
    }
    found
}

// Shows: O.Source_4
#[test]
fn every_error_says_what_happened_what_is_safe_and_what_next_in_both_languages() {
    let mut seen = HashSet::new();
    let mut wrong = Vec::new();
    for code in ErrorCode::ALL {
        for speech in [Speech::De, Speech::En] {
            let text = told(*code, speech);
            let found = faults(&text, speech);
            wrong.extend(
                found
                    .iter()
                    .map(|fault| format!("{code:?}, {speech:?}: {fault}")),
            );
            if !seen.insert(text.text()) {
                wrong.push(format!(
                    "{code:?}, {speech:?}: shares its words with another"
                ));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(seen.len(), 2 * ErrorCode::ALL.len());
}

#[test]
fn a_text_that_lacks_a_part_or_its_language_is_found() {
    let good = told(ErrorCode::WrongPin, Speech::De);
    assert_eq!(faults(&good, Speech::De), Vec::<String>::new());
    let planted: [(Told, &str); 7] = [
        (
            Told {
                happened: "",
                ..good
            },
            "happened says nothing",
        ),
        (
            Told {
                kept: "Das steht hier so.",
                ..good
            },
            "does not say whether anything is lost",
        ),
        (Told { kept: "", ..good }, "kept says nothing"),
        (
            Told {
                next: "So war das eben.",
                ..good
            },
            "does not say what to do",
        ),
        (
            Told {
                next: "Please try once more.",
                ..good
            },
            "is not in its language",
        ),
        (
            Told {
                happened: "Ups, das war falsch.",
                ..good
            },
            "happened is not calm",
        ),
        (
            Told {
                next: "Bitte prüfe, was du getan hast, ob du Recht hast.",
                ..good
            },
            "next is not polite",
        ),
    ];
    for (text, fault) in planted {
        let found = faults(&text, Speech::De);
        assert!(found.iter().any(|one| one == fault), "{fault}: {found:?}");
    }
    let english = told(ErrorCode::WrongPin, Speech::En);
    assert_eq!(faults(&english, Speech::En), Vec::<String>::new());
    assert_ne!(faults(&good, Speech::En), Vec::<String>::new());
}
