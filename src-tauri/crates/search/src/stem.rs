//! The stem of a folded German word: endings of inflection off, nothing else.
//!
//! After CISTEM (Weißweiler and Fraser, 2017, "Developing a Stemmer for German Based on a Comparative Analysis of Publicly
//! Available Stemmers"), without its prefix "ge" and its endings "t" and "nd": these need the capital letter, which folding
//! has taken off. The Snowball stemmer wants umlauts and ß, and its crate has had no release since 2020.

/// Below this many letters nothing is cut off.
const LEAST_LETTERS: usize = 3;

/// The part of a folded word that its inflected forms share.
///
/// Result: a beginning of `word`; the word itself if it holds anything but a–z.
pub(crate) fn stem(word: &str) -> &str {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word;
    }
    let mut rest = word;
    loop {
        let shorter = if rest.len() >= LEAST_LETTERS + 2 && is_single(rest) {
            rest.strip_suffix("em").or_else(|| rest.strip_suffix("er"))
        } else {
            None
        };
        let shorter = shorter.or_else(|| {
            (rest.len() > LEAST_LETTERS && is_single(rest))
                .then(|| rest.strip_suffix(['e', 's', 'n']))
                .flatten()
        });
        match shorter {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

/// A doubled last letter belongs to the stem: "Fluss", "Wasser" without "er".
fn is_single(word: &str) -> bool {
    let mut letters = word.bytes().rev();
    letters.next() != letters.next()
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn inflected_forms_share_their_stem() {
        for forms in [
            &["haushalt", "haushalts", "haushaltes", "haushalte"][..],
            &["plan", "plane", "planen", "plans", "planes"],
            &["haus", "hauser", "hausern", "hauses", "hause"],
            &["satzung", "satzungen"],
            &["antrag", "antrage", "antrags", "antragen", "antrages"],
            &["rat", "rate", "raten", "rates", "rats"],
            &["schule", "schulen"],
            &["amt", "amter", "amtern", "amtes", "amts"],
            &["strasse", "strassen"],
            &["fluss", "flusse", "flussen", "flusses"],
            &["kita", "kitas"],
            &[
                "stadtisch",
                "stadtische",
                "stadtischen",
                "stadtisches",
                "stadtischer",
                "stadtischem",
            ],
            &["garten", "garten"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn different_words_stay_apart() {
        for (one, other) in [
            ("stadt", "statt"),
            ("haushalt", "haus"),
            ("plan", "platz"),
            ("rat", "rad"),
            ("satzung", "satz"),
            ("kosten", "kiste"),
        ] {
            assert_ne!(stem(one), stem(other));
        }
    }

    #[test]
    fn short_words_numbers_and_other_scripts_stay() {
        for word in ["see", "ss", "n", "", "2025", "b12en", "улицы"] {
            assert_eq!(stem(word), word);
        }
    }
}
