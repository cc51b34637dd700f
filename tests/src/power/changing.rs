//! The papers that change in every round of a synchronisation, and what their files say then.

/// References and names; files are named like their papers.
pub const CHANGING: [(&str, &str); 3] = [
    ("2026/184", "Neubau der Feuerwache"),
    ("2026/190", "Verkauf Teichgasse"),
    ("2026/191", "Pacht Dorfanger"),
];

/// What such a file says in a revision.
#[must_use]
pub fn words(revision: u32) -> String {
    format!("Fassung-{revision}-Ende")
}

/// The words of a file in a revision, by its name; `None` of all others.
#[must_use]
pub fn published(name: &str, revision: u32) -> Option<String> {
    let is_changing = CHANGING.iter().any(|(_, known)| *known == name);
    is_changing.then(|| words(revision))
}
