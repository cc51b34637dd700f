//! Paragraphs of invented compounds, for checkouts without real data beside them.

use super::pages::Random;

const ROOTS: [&str; 60] = [
    "haushalt",
    "satzung",
    "plan",
    "bau",
    "stadt",
    "rat",
    "verkehr",
    "schul",
    "kinder",
    "garten",
    "straße",
    "brücke",
    "wasser",
    "abgabe",
    "gebühr",
    "ordnung",
    "prüfung",
    "amt",
    "bericht",
    "antrag",
    "beschluss",
    "vorlage",
    "sitzung",
    "ausschuss",
    "vergabe",
    "fläche",
    "nutzung",
    "umwelt",
    "klima",
    "schutz",
    "förder",
    "mittel",
    "kosten",
    "betrag",
    "jahr",
    "personal",
    "stelle",
    "gesetz",
    "verfahren",
    "beteiligung",
    "bürger",
    "markt",
    "platz",
    "halle",
    "sport",
    "feuerwehr",
    "wehr",
    "gerät",
    "haus",
    "wohn",
    "gebiet",
    "entwicklung",
    "wirtschaft",
    "betrieb",
    "werk",
    "energie",
    "wärme",
    "netz",
    "anlage",
    "dienst",
];
const SMALL: [&str; 24] = [
    "der", "die", "und", "in", "den", "von", "zu", "das", "mit", "sich", "des", "auf", "für",
    "ist", "im", "dem", "nicht", "ein", "eine", "als", "auch", "werden", "wird", "nach",
];
const ENDINGS: [&str; 6] = ["", "", "en", "es", "s", "e"];

/// 2,000 paragraphs of 60 words out of 40,000; ranks by Zipf, between small words.
pub fn paragraphs(random: &mut Random) -> Vec<String> {
    let mut words: Vec<String> = ROOTS.iter().map(|root| (*root).to_owned()).collect();
    while words.len() < 40_000 {
        let mut word = String::new();
        for _ in 0..2 + random.below(2) {
            word.push_str(of(&ROOTS, random.below(ROOTS.len())));
            if random.below(3) == 0 {
                word.push('s');
            }
        }
        words.push(word);
    }
    let paragraph = |random: &mut Random| {
        let mut text = String::new();
        for at in 0..60 {
            if random.below(2) == 0 {
                text.push_str(of(&SMALL, random.zipf(SMALL.len())));
            } else {
                let rank = random.zipf(words.len());
                text.push_str(words.get(rank).map_or("", String::as_str));
                text.push_str(of(&ENDINGS, random.below(ENDINGS.len())));
            }
            text.push_str(if at % 12 == 11 { ".\n" } else { " " });
        }
        text
    };
    (0..2_000).map(|_| paragraph(random)).collect()
}

fn of(words: &[&'static str], at: usize) -> &'static str {
    words.get(at).copied().unwrap_or_default()
}
