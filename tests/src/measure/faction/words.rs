//! Invented words, seeded: nobody's names and nobody's texts.

const FRONT: [&str; 40] = [
    "Schul",
    "Rad",
    "Straßen",
    "Haushalts",
    "Bau",
    "Kinder",
    "Sport",
    "Wasser",
    "Wärme",
    "Wald",
    "Markt",
    "Bahnhofs",
    "Verkehrs",
    "Grün",
    "Feuerwehr",
    "Bücherei",
    "Jugend",
    "Senioren",
    "Energie",
    "Müll",
    "Brücken",
    "Friedhofs",
    "Park",
    "Stellen",
    "Kultur",
    "Klima",
    "Ufer",
    "Gewerbe",
    "Wohn",
    "Pflege",
    "Museums",
    "Hafen",
    "Linden",
    "Mühlen",
    "Turm",
    "Bürger",
    "Vereins",
    "Ganztags",
    "Spielplatz",
    "Kanal",
];
const BACK: [&str; 40] = [
    "weg",
    "sanierung",
    "plan",
    "gebühr",
    "ordnung",
    "förderung",
    "konzept",
    "antrag",
    "vorlage",
    "beschluss",
    "fläche",
    "anbindung",
    "beleuchtung",
    "kosten",
    "zuschuss",
    "vertrag",
    "prüfung",
    "bericht",
    "beirat",
    "satzung",
    "netz",
    "umbau",
    "neubau",
    "betrieb",
    "stelle",
    "haus",
    "garten",
    "anlage",
    "schutz",
    "bedarf",
    "entwurf",
    "variante",
    "frist",
    "rücklage",
    "pacht",
    "zeitraum",
    "ausbau",
    "begehung",
    "anfrage",
    "mittel",
];
const SMALL: [&str; 40] = [
    "und", "die", "der", "das", "nicht", "für", "mit", "auf", "ist", "wir", "noch", "im", "bis",
    "von", "zu", "ein", "eine", "dem", "den", "auch", "nur", "sollte", "fragen", "klären", "vor",
    "nach", "weil", "dann", "mehr", "weniger", "sehr", "aber", "oder", "wann", "wer", "zahlt",
    "bleibt", "prüfen", "ohne", "schon",
];

/// SplitMix64: small, seeded, the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `count`, which is not 0.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// One of them; low ones more often than high ones.
    fn uneven<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let at = self.below(of.len()).min(self.below(of.len()));
        of.get(at).copied().unwrap_or_default()
    }

    pub fn noun(&mut self) -> String {
        format!("{}{}", self.uneven(&FRONT), self.uneven(&BACK))
    }

    /// So many words; one in sixty with # before it.
    pub fn text(&mut self, words: usize) -> String {
        let mut text = String::new();
        for at in 0..words {
            if at > 0 {
                text.push(' ');
            }
            match self.below(60) {
                0 => {
                    text.push('#');
                    text.push_str(self.uneven(&FRONT));
                }
                1..24 => text.push_str(&self.noun()),
                _ => text.push_str(self.uneven(&SMALL)),
            }
        }
        text
    }

    /// A text as somebody goes on with it: a few words more somewhere, or others in place of some.
    pub fn edited(&mut self, text: &str, most_words: usize) -> String {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let at = self.below(words.len().max(1));
        let takes = if words.len() > most_words {
            9
        } else {
            self.below(3)
        };
        let end = (at + takes).min(words.len());
        let count = 1 + self.below(6);
        let new = self.text(count);
        words.splice(at..end, new.split(' ').map(str::to_owned));
        words.join(" ")
    }
}
