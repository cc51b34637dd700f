//! docs/requirements.toml: every requirement in our own words, and what is to be said where code and test say nothing.

use std::collections::BTreeSet;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub requirement: Vec<Requirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requirement {
    /// As in the source: `O.Cryp_1`, `MASVS-CRYPTO-1`.
    pub id: String,
    /// One line, in our own words.
    pub what: String,
    /// Why it asks nothing of this product.
    pub not_applicable: Option<String>,
    /// What is missing. With tags in the code: met in part.
    pub open: Option<String>,
    /// Why no test shows what the code does.
    pub untested: Option<String>,
}

impl List {
    /// What is wrong with the list itself.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for own in &self.requirement {
            if !seen.insert(&own.id) {
                faults.push(format!("{}: stands twice in the list", own.id));
            }
            let reasons = [&own.not_applicable, &own.open, &own.untested];
            let mut texts = reasons.into_iter().flatten().chain([&own.what]);
            if texts.any(|text| text.trim().is_empty()) {
                faults.push(format!("{}: gives an empty reason", own.id));
            }
        }
        faults
    }
}
