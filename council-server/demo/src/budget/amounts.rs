//! The rows of a partial budget and how made-up amounts are spread over them. Arithmetic only.

use serde::Serialize;

/// Result of the year before last, this year's plan, the budget year, three years of outlook.
pub(crate) const YEARS: [u32; COLUMNS] = [2025, 2026, 2027, 2028, 2029, 2030];
pub(crate) const COLUMNS: usize = 6;
type Row = [i64; COLUMNS];

/// Whole euros, every row over all columns. `income`: taxes, grants, public charges, private charges, refunds, other.
/// `expense`: staff, pensions, goods and services, depreciation, transfers, other.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Amounts {
    income: [Row; 6],
    expense: [Row; 6],
    measures: Vec<Measure>,
}

/// One investment: what it is (an index into the template's names), paid out, granted by the Land.
#[derive(Debug, Clone, Serialize)]
struct Measure {
    kind: i64,
    paid: Row,
    granted: Row,
}

/// Repeatable numbers from a seed word (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn seeded(word: &str) -> Self {
        // FNV-1a, 64 bit
        let seed = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        Self(seed)
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let width = (high - low + 1).unsigned_abs();
        low + i64::try_from(mixed % width).unwrap_or_default()
    }
}

impl Amounts {
    /// Spreads a yearly expense over the rows as the kind of product has it.
    /// `profile`: P staff, B buildings and works, T transfers, G charges; anything else: empty.
    pub(crate) fn spread(profile: char, yearly: i64, dice: &mut Dice) -> Self {
        // per mille of the yearly expense: income rows, expense rows
        let (income, expense) = match profile {
            'P' => ([0, 40, 25, 5, 45, 10], [760, 62, 96, 18, 14, 50]),
            'B' => ([0, 165, 30, 60, 35, 15], [255, 18, 428, 236, 6, 57]),
            'T' => ([0, 290, 35, 5, 70, 10], [92, 7, 66, 12, 802, 21]),
            'G' => ([0, 110, 330, 60, 30, 20], [548, 36, 251, 94, 24, 47]),
            _ => return Self::default(),
        };
        let mut row = |per_mille: i64| -> Row {
            let base = yearly * per_mille / 1000 * dice.between(850, 1150) / 1000;
            let mut growth = 930;
            [(); COLUMNS].map(|()| {
                growth += dice.between(8, 42);
                round(base * growth / 1000)
            })
        };
        let income = income.map(&mut row);
        let expense = expense.map(&mut row);
        let count = if profile == 'B' {
            dice.between(2, 5)
        } else {
            dice.between(0, 1)
        };
        let measures = (0..count)
            .map(|index| Measure::made(index, yearly, dice))
            .collect();
        Self {
            income,
            expense,
            measures,
        }
    }

    /// The general means of cover: taxes, grants and levies so that all products together close with `surplus`.
    pub(crate) fn balancing(others: &Self, surplus: Row) -> Self {
        let mut balanced = Self::default();
        for (column, surplus) in surplus.into_iter().enumerate() {
            let at = |row: Row| row.get(column).copied().unwrap_or_default();
            let missing = at(others.expense_total()) - at(others.income_total());
            let levy = round(missing * 38 / 100);
            let interest = round(missing * 2 / 100);
            let grants = round(missing * 52 / 100);
            let taxes = missing + levy + interest + surplus - grants;
            for (row, value) in [(0, taxes), (1, grants)] {
                set(&mut balanced.income, row, column, value);
            }
            for (row, value) in [(4, levy), (5, interest)] {
                set(&mut balanced.expense, row, column, value);
            }
        }
        balanced
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            income: add_rows(&self.income, &other.income),
            expense: add_rows(&self.expense, &other.expense),
            measures: self
                .measures
                .iter()
                .chain(&other.measures)
                .cloned()
                .collect(),
        }
    }

    pub(crate) fn income_total(&self) -> Row {
        self.income.iter().fold([0; COLUMNS], add)
    }

    pub(crate) fn expense_total(&self) -> Row {
        self.expense.iter().fold([0; COLUMNS], add)
    }

    pub(crate) fn investment_out(&self) -> Row {
        self.measures
            .iter()
            .map(|measure| &measure.paid)
            .fold([0; COLUMNS], add)
    }

    pub(crate) fn investment_in(&self) -> Row {
        self.measures
            .iter()
            .map(|measure| &measure.granted)
            .fold([0; COLUMNS], add)
    }
}

impl Measure {
    fn made(index: i64, yearly: i64, dice: &mut Dice) -> Self {
        let size = yearly * dice.between(20, 260) / 1000;
        let share = dice.between(0, 3) * 25;
        let first = dice.between(0, 4);
        let last = first + dice.between(0, 2);
        let mut column = -1;
        let paid = [(); COLUMNS].map(|()| {
            column += 1;
            if (first..=last).contains(&column) {
                round(size * dice.between(600, 1400) / 1000)
            } else {
                0
            }
        });
        Self {
            kind: index * 4 + dice.between(0, 3),
            paid,
            granted: paid.map(|value| round(value * share / 100)),
        }
    }
}

fn set(rows: &mut [Row; 6], row: usize, column: usize, value: i64) {
    if let Some(cell) = rows.get_mut(row).and_then(|row| row.get_mut(column)) {
        *cell = value;
    }
}

fn add_rows(left: &[Row; 6], right: &[Row; 6]) -> [Row; 6] {
    let mut sum = *left;
    for (into, from) in sum.iter_mut().zip(right) {
        *into = add(*into, from);
    }
    sum
}

fn add(left: Row, right: &Row) -> Row {
    let mut sum = left;
    for (into, from) in sum.iter_mut().zip(right) {
        *into += from;
    }
    sum
}

/// To whole hundreds of euros, as budgets are planned.
fn round(euros: i64) -> i64 {
    euros / 100 * 100
}
