//! What a fuzzer gives to the readers of the intake folder's files: whatever comes, each answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::problem::ProblemSink;
use super::{Here, council, meeting};
use crate::draft::CouncilDraft;

/// `council.toml`, `meeting.toml` and `paper.toml`; beside them lies nothing.
pub fn intake(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let file = Path::new("meetings/1/meeting.toml");
    let here = Here {
        file,
        dir: PathBuf::from("/nonexistent"),
    };
    let mut draft = CouncilDraft::default();
    let mut sink = ProblemSink::new(file, text);
    council::read(&mut sink, &mut draft);
    let mut papers = meeting::PaperIndex::default();
    meeting::read_paper_file(&mut sink, &here, &mut papers);
    meeting::read_meeting_file(&mut sink, &here, &draft, &mut papers, &mut BTreeMap::new());
    for problem in sink.into_problems() {
        assert!(
            problem.line.is_none_or(|line| line >= 1),
            "a line is counted from 1"
        );
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use evidence::parsers::damage;

    const COUNCIL: &str = r#"
name = "Lindenau an der Saale"
[settings]
new_members_read_back = true
[[organization]]
key = "rat"
name = "Stadtrat"
[[person]]
key = "ada"
name = "Ada Beispiel"
[[membership]]
person = "ada"
organization = "rat"
role = "Mitglied"
start = 2024-07-01
"#;
    const MEETING: &str = r#"
name = "12. Sitzung"
organization = "rat"
start = 2026-11-23T18:00:00
place = "Ratssaal"
[[item]]
number = "1"
name = "Haushalt"
paper = "2026/17"
[[item]]
number = "2"
name = "Grundstück"
public = false
[[paper]]
reference = "2026/17"
name = "Haushaltsplan"
files = ["plan.pdf"]
"#;

    #[test]
    fn files_of_the_intake_folder_are_read_or_refused() {
        let seeds = [COUNCIL, MEETING].map(|text| text.as_bytes().to_vec());
        assert_eq!(
            damage("intake", &seeds, intake).unwrap(),
            Vec::<String>::new()
        );
    }
}
