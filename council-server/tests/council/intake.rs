//! Problems of an intake folder: each names file, line and field, and nothing is imported.

use council_server::ServerError;
use council_server::intake::{IntakeError, IntakeProblem};

use crate::support::{TestCouncil, folder};

const RAT: &str = "meetings/2026-03-rat/meeting.toml";

fn problems(council: &TestCouncil) -> Vec<IntakeProblem> {
    match council.server.import_folder(&council.intake()) {
        Err(ServerError::Intake(IntakeError::Problems(problems))) => problems,
        other => panic!("the folder must be refused: {other:?}"),
    }
}

/// The line on which a text stands, counted from 1.
fn line_of(council: &TestCouncil, file: &str, text: &str) -> usize {
    let content = std::fs::read_to_string(council.intake().join(file)).unwrap();
    content
        .lines()
        .position(|line| line.contains(text))
        .unwrap()
        + 1
}

#[test]
fn each_problem_names_file_line_and_field() {
    for (file, from, to, field, says) in [
        (
            "council.toml",
            "person = \"bruno\"",
            "person = \"brunno\"",
            "membership.person",
            "brunno",
        ),
        (
            "council.toml",
            "organization = \"otr\"",
            "organization = \"orts\"",
            "membership.organization",
            "orts",
        ),
        (
            "council.toml",
            "end = \"2026-03-31\"",
            "end = \"31.03.2026\"",
            "membership.end",
            "JJJJ-MM-TT",
        ),
        (
            "council.toml",
            "end = \"2026-03-31\"",
            "end = \"2023-03-31\"",
            "membership.end",
            "vor dem Anfang",
        ),
        (
            "council.toml",
            "key = \"bruno\"",
            "key = \"ada\" # wieder",
            "person.key",
            "zweimal",
        ),
        (
            "council.toml",
            "form_of_address = \"Frau\"",
            "anrede = \"Frau\"",
            "anrede",
            "gibt es hier nicht",
        ),
        (
            RAT,
            "organizations = [\"rat\"]",
            "organizations = [\"senat\"]",
            "organizations",
            "senat",
        ),
        (
            RAT,
            "organizations = [\"rat\"]",
            "organizations = []",
            "organizations",
            "mindestens ein Gremium",
        ),
        (
            RAT,
            "start = \"2026-03-11T17:00:00+01:00\"",
            "start = \"Mittwoch\"",
            "start",
            "Mittwoch",
        ),
        (
            RAT,
            "paper = \"2026/190\"",
            "paper = \"2026/999\"",
            "item.paper",
            "2026/999",
        ),
        (
            RAT,
            "main = \"Vorlage-184.pdf\"",
            "main = \"Vorlage-185.pdf\"",
            "paper.main",
            "fehlt",
        ),
        (
            RAT,
            "main = \"Vorlage-184.pdf\"",
            "main = \"../../secret.pdf\"",
            "paper.main",
            "in diesem Ordner",
        ),
        (
            RAT,
            "file = \"Einladung.pdf\"",
            "file = \"Einl.pdf\"",
            "invitation.file",
            "fehlt",
        ),
        (
            RAT,
            "reference = \"2026/191\"",
            "reference = \"2026/190\" # wieder",
            "paper.reference",
            "schon an anderer Stelle",
        ),
        (
            RAT,
            "number = \"18\"",
            "number = 18",
            "number",
            "nicht lesbar",
        ),
        (
            RAT,
            "name = \"Eröffnung\"",
            "name = \"Eröffnung",
            "name",
            "nicht lesbar",
        ),
    ] {
        let council = TestCouncil::new();
        folder::write(&council.intake());
        council.edit(file, from, to);
        let found = problems(&council);
        let line = line_of(&council, file, to);
        let fits = |p: &IntakeProblem| {
            p.file.to_str() == Some(file)
                && p.line == Some(line)
                && p.field == field
                && p.message.contains(says)
        };
        assert!(found.iter().any(fits), "{to}, line {line}: {found:?}");
        let listed = found.iter().find(|p| fits(p)).unwrap().to_string();
        assert!(listed.contains(&format!("Zeile {line}")), "{listed}");
        assert_eq!(
            council.server.people().unwrap(),
            vec![],
            "nothing is imported of a folder with a problem"
        );
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let council = TestCouncil::new();
    folder::write(&council.intake());
    council.edit("council.toml", "person = \"bruno\"", "person = \"brunno\"");
    council.edit(
        RAT,
        "main = \"Vorlage-184.pdf\"",
        "main = \"Vorlage-185.pdf\"",
    );
    council.edit("meetings/2026-03-bau/meeting.toml", "start =", "# start =");
    let found = problems(&council);
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn papers_may_stand_in_folders_of_their_own() {
    let council = TestCouncil::new();
    folder::write(&council.intake());
    let dir = council.intake().join("papers/2026-200");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("Vorlage.pdf"), folder::pdf("Haushalt", 5)).unwrap();
    let paper = "reference = \"2026/200\"\nname = \"Haushalt\"\nmain = \"Vorlage.pdf\"\n";
    std::fs::write(dir.join("paper.toml"), paper).unwrap();
    council.edit(
        RAT,
        "name = \"Eröffnung\"",
        "name = \"Haushalt\"\npaper = \"2026/200\"",
    );
    council.edit(
        "meetings/2026-03-bau/meeting.toml",
        "[[item]]",
        "[[item]]\nname = \"Haushalt\"\npaper = \"2026/200\"\n\n[[item]]",
    );
    let outcome = council.import();
    assert!(outcome.added > 0 && outcome.problems.is_empty());
}

#[test]
fn a_meeting_has_further_files() {
    let council = TestCouncil::new();
    folder::write(&council.intake());
    std::fs::write(
        council.intake().join("meetings/2026-03-bau/Folien.pdf"),
        folder::pdf("Folien", 2),
    )
    .unwrap();
    council.edit(
        "meetings/2026-03-bau/meeting.toml",
        "[[item]]",
        "[[file]]\nname = \"Folien des Planungsbüros\"\nfile = \"Folien.pdf\"\n\n[[item]]",
    );
    let outcome = council.import();
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    let library = crate::support::portal::read_as_guest(&council);
    let folien = library.file("Folien des Planungsbüros").id;
    let holds = |o: &sync_protocol::model::CouncilObject| match o {
        sync_protocol::model::CouncilObject::Meeting(meeting) => {
            meeting.auxiliary_files == [folien]
        }
        _ => false,
    };
    assert_eq!(library.objects.values().filter(|o| holds(o)).count(), 1);
}

#[test]
fn a_folder_that_is_none_is_said_to_be_none() {
    let council = TestCouncil::new();
    let refused = council
        .server
        .import_folder(&council.root.path().join("nowhere"));
    assert!(matches!(
        refused,
        Err(ServerError::Intake(IntakeError::Unreadable { .. }))
    ));
    std::fs::create_dir_all(council.intake()).unwrap();
    let found = problems(&council);
    assert_eq!(found[0].file.to_str(), Some("council.toml"));
}
