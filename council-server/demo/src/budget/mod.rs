//! The fictional budget for 2027: numbers that add up, from products to the town's total. Made from the product list
//! alone, the same on every day; the prose around the numbers stands in `typ/haushalt.typ`.

mod amounts;

use serde::Serialize;
use serde_json::{Value, json};

use amounts::{Amounts, COLUMNS, YEARS};

const PRODUCTS: &str = include_str!("products.csv");
/// The tax product balances the plan to a small surplus per column, in euros.
const SURPLUS: [i64; COLUMNS] = [1_284_300, 412_600, 186_400, 203_100, 158_700, 241_900];
/// Index of the budget year within the columns.
const BUDGET_YEAR: usize = 2;
const AREAS: [(&str, &str); 15] = [
    ("11", "Innere Verwaltung"),
    ("12", "Sicherheit und Ordnung"),
    ("21", "Schulträgeraufgaben"),
    ("25", "Kultur und Wissenschaft"),
    ("31", "Soziale Hilfen"),
    ("36", "Kinder-, Jugend- und Familienhilfe"),
    ("42", "Sportförderung"),
    ("51", "Räumliche Planung und Entwicklung"),
    ("52", "Bauen und Wohnen"),
    ("53", "Ver- und Entsorgung"),
    ("54", "Verkehrsflächen und ÖPNV"),
    ("55", "Natur- und Landschaftspflege"),
    ("56", "Umweltschutz"),
    ("57", "Wirtschaft und Tourismus"),
    ("61", "Allgemeine Finanzwirtschaft"),
];

#[derive(Debug, Serialize)]
struct Product {
    number: &'static str,
    name: &'static str,
    area: &'static str,
    purpose: &'static str,
    figure: &'static str,
    /// The key figure per column.
    figures: [i64; COLUMNS],
    /// A small number that lets the template vary its wording.
    variant: u64,
    posts: f64,
    amounts: Amounts,
}

/// Everything the budget document is set from.
pub(crate) fn document_data() -> Value {
    let products = products();
    let total = total(&products);
    let areas: Vec<Value> = AREAS
        .iter()
        .map(|(key, name)| {
            let within = products.iter().filter(|product| product.area == *key);
            let amounts = within.fold(Amounts::default(), |sum, product| {
                sum.plus(&product.amounts)
            });
            json!({ "key": key, "name": name, "amounts": amounts })
        })
        .collect();
    json!({
        "created": [2026, 9, 30],
        "years": YEARS,
        "products": products,
        "areas": areas,
        "total": total,
    })
}

/// The totals of the budget year, for the paper that brings the budget in.
pub(crate) fn totals() -> Value {
    let total = total(&products());
    let at = |row: [i64; COLUMNS]| row.get(BUDGET_YEAR).copied().unwrap_or_default();
    json!({
        "income": at(total.income_total()),
        "expense": at(total.expense_total()),
        "investment": at(total.investment_out()),
        "grants": at(total.investment_in()),
    })
}

fn total(products: &[Product]) -> Amounts {
    products.iter().fold(Amounts::default(), |sum, product| {
        sum.plus(&product.amounts)
    })
}

fn products() -> Vec<Product> {
    let mut products: Vec<Product> = PRODUCTS.lines().filter_map(product).collect();
    let others = total(&products);
    if let Some(taxes) = products.iter_mut().find(|product| product.area == "61") {
        taxes.amounts = Amounts::balancing(&others, SURPLUS);
    }
    products
}

fn product(line: &'static str) -> Option<Product> {
    let mut fields = line.split('|');
    let mut next = || fields.next();
    let (number, name, purpose, figure) = (next()?, next()?, next()?, next()?);
    let base: i64 = next()?.parse().ok()?;
    let profile = next()?.chars().next()?;
    let thousands: i64 = next()?.parse().ok()?;
    let mut dice = amounts::Dice::seeded(number);
    let mut figures = [base; COLUMNS];
    for value in &mut figures {
        *value = base * dice.between(960, 1040) / 1000;
    }
    Some(Product {
        number,
        name,
        area: area_of(number),
        purpose,
        figure,
        figures,
        variant: dice.between(0, 1000).unsigned_abs(),
        posts: 0.5 * (thousands / 75).clamp(1, 90) as f64,
        amounts: Amounts::spread(profile, thousands * 1000, &mut dice),
    })
}

/// The area whose two digits are the nearest below the product's: 22 and 24 belong to 21, 27 to 25.
fn area_of(number: &'static str) -> &'static str {
    AREAS
        .iter()
        .rev()
        .find(|(key, _)| *key <= number)
        .map_or("11", |(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_adds_up_and_closes_with_the_planned_surplus() {
        let products = products();
        assert_eq!(
            products.len(),
            PRODUCTS.lines().count(),
            "a line of the product list is malformed"
        );
        let total = total(&products);
        let sides = total.income_total().into_iter().zip(total.expense_total());
        let results: Vec<i64> = sides.map(|(income, expense)| income - expense).collect();
        assert_eq!(results, SURPLUS);
    }

    #[test]
    fn every_area_has_a_product() {
        let products = products();
        for (key, name) in AREAS {
            assert!(
                products.iter().any(|product| product.area == key),
                "{name} is empty"
            );
        }
    }
}
