//! How many slips lie between two words. A slip: a letter too many, missing, wrong, or two neighbours swapped.

/// Longest word that is compared, bytes.
const MOST_BYTES: usize = 40;

/// How many slips a word of this length may hold and still be meant: none below 4 letters, one up to 7, then two; none in
/// numbers, where the neighbour is another year or paragraph.
pub(crate) fn allowed_slips(word: &str) -> usize {
    match word.len() {
        0..=3 => 0,
        _ if word.bytes().any(|byte| byte.is_ascii_digit()) => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// The number of slips between `typed` and `word`, or, for `is_prefix`, a beginning of `word`.
///
/// Result: `None` beyond `most` slips, and if the first letters differ by more than a swap with the second: people
/// misspell the first letter of a word rarely, and every candidate costs time.
pub(crate) fn slips(typed: &str, word: &str, most: usize, is_prefix: bool) -> Option<usize> {
    let (a, b) = (typed.as_bytes(), word.as_bytes());
    if a.is_empty() || a.len() > MOST_BYTES || a.len() > b.len() + most {
        return None;
    }
    let b = b.get(..b.len().min(a.len() + most)).unwrap_or(b);
    if !is_prefix && word.len() > a.len() + most {
        return None;
    }
    let is_start_alike = a.first() == b.first() || (a.first() == b.get(1) && a.get(1) == b.first());
    if !is_start_alike {
        return None;
    }
    // Optimal string alignment, three rows: `before` is two rows up.
    let mut before = [0usize; MOST_BYTES + 4];
    let mut above = [0usize; MOST_BYTES + 4];
    let mut row = [0usize; MOST_BYTES + 4];
    for (at, cell) in above.iter_mut().enumerate() {
        *cell = at;
    }
    let mut last_a = 0u8;
    for (i, &letter) in a.iter().enumerate() {
        set(&mut row, 0, i + 1);
        let mut least = i + 1;
        let mut last_b = 0u8;
        for (j, &other) in b.iter().enumerate() {
            let mut cost = get(&above, j) + usize::from(letter != other);
            cost = cost.min(get(&above, j + 1) + 1).min(get(&row, j) + 1);
            if i > 0 && j > 0 && letter == last_b && last_a == other {
                cost = cost.min(get(&before, j - 1) + 1);
            }
            set(&mut row, j + 1, cost);
            least = least.min(cost);
            last_b = other;
        }
        if least > most {
            return None;
        }
        last_a = letter;
        (before, above, row) = (above, row, before);
    }
    let found = if is_prefix {
        above.iter().take(b.len() + 1).copied().min()
    } else {
        above.get(b.len()).copied()
    };
    found.filter(|slips| *slips <= most)
}

fn get(row: &[usize], at: usize) -> usize {
    row.get(at).copied().unwrap_or(usize::MAX / 2)
}

fn set(row: &mut [usize], at: usize, value: usize) {
    if let Some(cell) = row.get_mut(at) {
        *cell = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (typed, word, expected) in [
            ("haushaltsaztung", "haushaltssatzung", Some(2)),
            ("haushalt", "haushalt", Some(0)),
            ("huashalt", "haushalt", Some(1)),
            ("ahushalt", "haushalt", Some(1)),
            ("haushlat", "haushalt", Some(1)),
            ("haushat", "haushalt", Some(1)),
            ("hausshalt", "haushalt", Some(1)),
            ("maushalt", "haushalt", None),
            ("haushaltsplan", "haushalt", None),
            ("haushalt", "haushaltsplan", None),
        ] {
            assert_eq!(slips(typed, word, 2, false), expected, "{typed} {word}");
        }
    }

    #[test]
    fn a_beginning_is_enough_while_typing() {
        assert_eq!(slips("bebaungspl", "bebauungsplan", 2, true), Some(1));
        assert_eq!(slips("bebaungspl", "bebauungsplan", 2, false), None);
        assert_eq!(slips("bebauungsplan", "bebau", 2, true), None);
    }

    #[test]
    fn short_words_allow_no_slip() {
        assert_eq!(
            ["rat", "2025", "plan", "haushal", "haushalt"].map(allowed_slips),
            [0, 0, 1, 1, 2]
        );
        assert_eq!(slips("", "", 2, true), None);
        assert_eq!(slips(&"a".repeat(90), &"a".repeat(90), 2, false), None);
    }
}
