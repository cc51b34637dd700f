//! The place of a text that is most like a quotation with its surroundings: the fewest letters put in, left out or exchanged.

use std::ops::Range;

/// Letters that may differ of all that is sought, and of the quotation itself; shares.
const MOST_DISTANCE: f32 = 0.3;
const MOST_OWN: f32 = 0.45;
/// Another place must be so much less like it; share.
const CLEARLY: f32 = 0.1;
/// So many letters must be the same.
const ENOUGH: f32 = 16.0;

/// A place, and how like it is.
pub(super) struct Alike {
    /// Of the quotation alone.
    pub(super) place: Range<usize>,
    /// Letters that differ, as a share of all that were sought.
    pub(super) distance: f32,
    /// The same of the next best place of this text that is another one.
    pub(super) second: f32,
    /// Letters of the quotation alone that differ, as a share of the longer of both.
    pub(super) own: f32,
    /// What stands before and after it is the same to the letter.
    pub(super) is_framed: bool,
}

impl Alike {
    /// Whether it is alike enough, and no other place nearly as much.
    ///
    /// * `second` – the distance of the next best place anywhere.
    pub(super) fn is_certain(&self, second: f32) -> bool {
        !self.place.is_empty()
            && self.distance <= MOST_DISTANCE
            && self.own <= MOST_OWN
            && second >= self.distance + CLEARLY
    }
}

/// Numbers in rows and columns; what lies outside is out of reach.
struct Grid {
    columns: usize,
    numbers: Vec<u16>,
}

impl Grid {
    fn at(&self, row: usize, column: usize) -> u16 {
        let number = self.numbers.get(row * self.columns + column);
        number.copied().unwrap_or(u16::MAX)
    }
}

/// The best place in `text` for a quotation between what stands before and after it. `None` where too little is sought.
pub(super) fn find(
    (prefix, exact, suffix): (&[char], &[char], &[char]),
    text: &[char],
) -> Option<Alike> {
    let sought: Vec<char> = [prefix, exact, suffix].concat();
    let grid = compare(&sought, text)?;
    let rows = sought.len();
    let last = |column: usize| grid.at(rows, column);
    let end = (0..grid.columns).min_by_key(|column| last(*column))?;
    let share = |number: u16| f32::from(number) / rows as f32;
    let same = rows as f32 - f32::from(last(end));
    if same < ENOUGH {
        return None;
    }
    let elsewhere = (0..grid.columns).filter(|column| column.abs_diff(end) > rows / 2);
    let second = elsewhere.map(|column| share(last(column)));
    let second = second.fold(f32::INFINITY, f32::min);
    let own_rows = prefix.len()..prefix.len() + exact.len();
    let place = follow(&grid, (&sought, text), end, &own_rows);
    let (from, to) = (
        grid.at(own_rows.start, place.start),
        grid.at(own_rows.end, place.end),
    );
    let longer = place.len().max(exact.len()).max(1);
    Some(Alike {
        own: f32::from(to.saturating_sub(from)) / longer as f32,
        is_framed: last(end) == to.saturating_sub(from),
        distance: share(last(end)),
        second,
        place,
    })
}

/// The fewest differences of any place of a text.
///
/// * `but` – places that do not count.
pub(super) fn least(sought: &[char], text: &[char], but: &Range<usize>) -> Option<u16> {
    let grid = compare(sought, text)?;
    let ends = (0..grid.columns).filter(|end| !but.contains(end));
    ends.map(|end| grid.at(sought.len(), end)).min()
}

/// For each beginning of what is sought and each end in the text, the fewest differences; wherever it begins in the text.
fn compare(sought: &[char], text: &[char]) -> Option<Grid> {
    u16::try_from(sought.len()).ok()?;
    let columns = text.len() + 1;
    let mut numbers: Vec<u16> = vec![0; columns];
    numbers.reserve(columns * sought.len());
    let mut above: Vec<u16> = numbers.clone();
    let mut row: Vec<u16> = Vec::with_capacity(columns);
    for (number, letter) in (1u16..).zip(sought) {
        row.clear();
        row.push(number);
        let mut left = number;
        for ((other, over), beyond) in text.iter().zip(above.iter().skip(1)).zip(&above) {
            let exchanged = beyond + u16::from(other != letter);
            left = exchanged.min(over + 1).min(left + 1);
            row.push(left);
        }
        numbers.extend_from_slice(&row);
        std::mem::swap(&mut above, &mut row);
    }
    Some(Grid { columns, numbers })
}

/// Back from the end of the best place: where the rows of the quotation itself lie.
fn follow(
    grid: &Grid,
    (sought, text): (&[char], &[char]),
    end: usize,
    own: &Range<usize>,
) -> Range<usize> {
    let (mut row, mut column) = (sought.len(), end);
    // What was put in before the quotation or after it is not part of it.
    let mut start = None;
    let mut stop = end;
    loop {
        if row == own.end {
            stop = column;
        }
        if row == own.start && start.is_none() {
            start = Some(column);
        }
        if row == 0 {
            break;
        }
        let here = grid.at(row, column);
        let above = grid.at(row - 1, column);
        let beyond = column.checked_sub(1).map(|left| grid.at(row - 1, left));
        let is_same = column > 0 && sought.get(row - 1) == text.get(column - 1);
        let is_put_in = column > 0 && grid.at(row, column - 1).saturating_add(1) == here;
        if row == own.end && is_put_in {
            // The same letter may stand at the end of what was put in behind it.
            column -= 1;
        } else if beyond.is_some_and(|beyond| beyond + u16::from(!is_same) == here) {
            row -= 1;
            column -= 1;
        } else if above.saturating_add(1) == here {
            row -= 1;
        } else if column > 0 {
            column -= 1;
        } else {
            break;
        }
    }
    let start = start.unwrap_or(0);
    start..stop.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(parts: (&str, &str, &str), text: &str) -> Option<(String, bool)> {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let text = chars(text);
        let found = find((&chars(parts.0), &chars(parts.1), &chars(parts.2)), &text)?;
        let said = text.get(found.place.clone())?.iter().collect();
        Some((said, found.is_certain(found.second)))
    }

    #[test]
    fn a_number_that_was_corrected_is_found_between_its_words() {
        let parts = ("DieKostenbetragen", "1.250.000Euro", "undwerdengetragen");
        let text = "AllesgutDieKostenbetragen1.380.000EuroundwerdengetragenvomLand";
        assert_eq!(place(parts, text), Some(("1.380.000Euro".into(), true)));
    }

    #[test]
    fn what_was_put_in_beside_it_is_no_part_of_it() {
        let parts = ("DieKostenbetragen", "1.250.000Euro", "undwerdengetragen");
        let text = "DieKostenbetragenetwa1.250.000Euro(brutto)undwerdengetragen";
        assert_eq!(place(parts, text), Some(("1.250.000Euro".into(), true)));
    }

    #[test]
    fn two_places_that_are_alike_are_none() {
        let parts = ("Zuschuss2025", "1.000Euro", "ausdemHaushalt");
        let text = "Zuschuss2026:2.000EuroausdemHaushaltZuschuss2027:3.000EuroausdemHaushalt";
        let (_, is_certain) = place(parts, text).unwrap();
        assert!(!is_certain);
    }

    #[test]
    fn words_that_were_left_out_are_not_found() {
        let parts = (
            "DieKostenbetragen",
            "1.250.000Euro",
            "undwerdengetragenvomLand",
        );
        let text = "DieKostenbetragenundwerdengetragenvomLand";
        let found = place(parts, text);
        assert!(!found.is_some_and(|(_, is_certain)| is_certain));
    }
}
