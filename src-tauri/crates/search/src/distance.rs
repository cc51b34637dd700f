//! How many slips lie between two words. A slip: a letter too many, missing, wrong, or two neighbours swapped.

/// Longest word that is compared, bytes.
const MOST_BYTES: usize = 40;
/// More slips than two words of that length can have, and some to spare for adding.
const FAR: u8 = 100;

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
    // Optimal string alignment, three rows: `before` is two rows up. Only cells at most `most` off the diagonal can stay
    // within the limit; what lies beside them counts as far.
    let mut before = [FAR; MOST_BYTES + 4];
    let mut above = [FAR; MOST_BYTES + 4];
    let mut row = [FAR; MOST_BYTES + 4];
    for at in 0..=most.min(b.len()) {
        set(&mut above, at, at);
    }
    let mut last_a = 0u8;
    for (i, &letter) in a.iter().enumerate() {
        let (first, end) = band(i, most, b.len());
        // Left of the band: the empty beginning of `word`, or nothing.
        set(&mut row, first, if first == 0 { i + 1 } else { FAR.into() });
        let mut least = get(&row, first);
        let mut last_b = first
            .checked_sub(1)
            .and_then(|at| b.get(at))
            .copied()
            .unwrap_or(0);
        for (j, &other) in b.iter().enumerate().take(end).skip(first) {
            let mut cost = get(&above, j) + usize::from(letter != other);
            cost = cost.min(get(&above, j + 1) + 1).min(get(&row, j) + 1);
            if i > 0 && j > 0 && letter == last_b && last_a == other {
                cost = cost.min(get(&before, j - 1) + 1);
            }
            set(&mut row, j + 1, cost);
            least = least.min(cost);
            last_b = other;
        }
        // Right of the band, for the row below.
        set(&mut row, end + 1, FAR.into());
        if least > most {
            return None;
        }
        last_a = letter;
        (before, above, row) = (above, row, before);
    }
    let (first, end) = band(a.len() - 1, most, b.len());
    let found = if is_prefix {
        (first..=end).map(|at| get(&above, at)).min()
    } else {
        Some(get(&above, b.len()))
    };
    found.filter(|slips| *slips <= most)
}

/// The letters of `word`, from and to, that the letter `i` of the typed one may stand for.
fn band(i: usize, most: usize, word_len: usize) -> (usize, usize) {
    (i.saturating_sub(most), (i + most + 1).min(word_len))
}

fn get(row: &[u8], at: usize) -> usize {
    row.get(at).copied().unwrap_or(FAR).into()
}

fn set(row: &mut [u8], at: usize, value: usize) {
    if let Some(cell) = row.get_mut(at) {
        *cell = u8::try_from(value).map_or(FAR, |value| value.min(FAR));
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

    /// Optimal string alignment over the whole table.
    fn whole(a: &[u8], b: &[u8]) -> Vec<usize> {
        let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
        for i in 0..a.len() {
            let mut row = vec![i + 1];
            for j in 0..b.len() {
                let mut cost = rows[i][j] + usize::from(a[i] != b[j]);
                cost = cost.min(rows[i][j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                    cost = cost.min(rows[i - 1][j - 1] + 1);
                }
                row.push(cost);
            }
            rows.push(row);
        }
        rows.pop().unwrap_or_default()
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4_000))]

        #[test]
        fn the_band_finds_what_the_whole_table_finds(typed in "[ab]{4,9}", word in "[ab]{1,12}", most in 1usize..=2) {
            let (a, b) = (typed.as_bytes(), word.as_bytes());
            let is_start_alike = a[0] == b[0] || (b.len() > 1 && a[0] == b[1] && a[1] == b[0]);
            for is_prefix in [false, true] {
                let beginning = &b[..b.len().min(a.len() + most)];
                let last = if is_prefix { whole(a, beginning) } else { whole(a, b) };
                let best = if is_prefix { last.iter().min() } else { last.last() };
                let expected = best.copied().filter(|slips| is_start_alike && *slips <= most);
                proptest::prop_assert_eq!(slips(&typed, &word, most, is_prefix), expected);
            }
        }
    }
}
