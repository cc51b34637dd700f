//! What an import does to the chains.

use reqwest::StatusCode;
use sync_protocol::model::CouncilObject;
use sync_protocol::wire;

use crate::support::tablet::Tablet;
use crate::support::{TestCouncil, bytes_below, folder, write_in_the_clear};

fn confirmed(council: &TestCouncil, handle: &council_server::ServerHandle, person: &str) -> Tablet {
    let invitation = council.server.invite(person, true).unwrap();
    Tablet::pair(handle, &invitation, council.clock.now_at_ms())
}

#[test]
fn importing_twice_changes_nothing() {
    let council = TestCouncil::with_folder();
    let again = council.import();
    assert_eq!(
        (
            again.added,
            again.changed,
            again.removed,
            again.entries,
            again.files_sealed
        ),
        (0, 0, 0, 0, 0)
    );
}

#[test]
fn a_changed_file_becomes_a_new_revision_and_keeps_its_id() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let before = tablet.read_all().file("Neubau der Feuerwache Nord").clone();
    assert_eq!((before.revision, before.page_count), (1, Some(3)));

    let path = council
        .intake()
        .join("meetings/2026-03-rat/Vorlage-184.pdf");
    std::fs::write(path, folder::pdf("Neubau, zweite Fassung", 4)).unwrap();
    let outcome = council.import();
    assert_eq!(
        (outcome.added, outcome.changed, outcome.files_sealed),
        (0, 1, 1)
    );

    let library = tablet.read_all();
    let after = library.file("Neubau der Feuerwache Nord");
    assert_eq!(
        (after.id, after.revision, after.page_count),
        (before.id, 2, Some(4))
    );
    assert_ne!(after.blob_id, before.blob_id);
    let old = tablet.get(&wire::path_blob(&before.blob_id));
    assert_eq!(
        old.status,
        StatusCode::OK,
        "the earlier revision stays, to be compared with"
    );
}

#[test]
fn an_item_keeps_its_id_when_it_is_renumbered() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let item = |library: &crate::support::library::Library| {
        library.objects.values().find_map(|o| match o {
            CouncilObject::AgendaItem(i) if i.name == "Grundstücksverkauf Teichgasse" => {
                Some(i.clone())
            }
            _ => None,
        })
    };
    let before = item(&tablet.read_all()).unwrap();
    council.edit(
        "meetings/2026-03-rat/meeting.toml",
        "number = \"3\"",
        "number = \"7\"",
    );
    council.import();
    let after = item(&tablet.read_all()).unwrap();
    assert_eq!((after.id, after.number.as_deref()), (before.id, Some("7")));
}

#[test]
fn what_becomes_nonpublic_gets_a_new_key_and_the_old_bytes_go() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut member = confirmed(&council, &handle, "ada");
    let mut staff = confirmed(&council, &handle, "staff");
    let before = staff.read_all().file("Neubau der Feuerwache Nord").clone();

    for file in [
        "meetings/2026-03-rat/meeting.toml",
        "meetings/2026-03-bau/meeting.toml",
    ] {
        council.edit(
            file,
            "paper = \"2026/184\"",
            "paper = \"2026/184\"\npublic = false",
        );
    }
    council.import();

    let library = member.read_all();
    let after = library.file("Neubau der Feuerwache Nord");
    assert_eq!(
        (after.id, after.revision),
        (before.id, 1),
        "the content did not change"
    );
    assert_ne!(
        after.blob_id, before.blob_id,
        "the old key is known to everybody"
    );
    assert!(!staff.read_all().has("Neubau der Feuerwache Nord"));
    assert_eq!(
        staff.get(&wire::path_blob(&before.blob_id)).status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        staff.get(&wire::path_blob(&after.blob_id)).status,
        StatusCode::NOT_FOUND,
        "what was never hers looks like what does not exist"
    );
    let head = staff.head();
    let erased = staff
        .chain(&head.audiences[0])
        .iter()
        .filter(|e| e.is_erased())
        .count();
    assert!(
        erased > 0,
        "payload and key are erased, and the chain verifies all the same"
    );
}

#[test]
fn what_becomes_public_moves_within_one_head() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut staff = confirmed(&council, &handle, "staff");
    let mut member = confirmed(&council, &handle, "ada");
    assert!(!staff.read_all().has("Pacht Dorfanger"));
    let before = member.read_all().file("Pacht Dorfanger").clone();
    council.edit(
        "meetings/2026-03-rat/meeting.toml",
        "public = false\nvillages = [\"Oberdorf\"]",
        "villages = [\"Oberdorf\"]",
    );
    council.import();
    let library = staff.read_all();
    assert_eq!(
        library.file("Pacht Dorfanger").blob_id,
        before.blob_id,
        "no tablet loads it again"
    );
    let seen_in = &member.read_all().seen_in[&before.id];
    assert_eq!(
        seen_in.len(),
        1,
        "it left the nonpublic chain in the same head"
    );
}

#[test]
fn what_is_gone_from_the_folder_is_gone_from_tablet_and_disk() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = confirmed(&council, &handle, "ada");
    let before = tablet.read_all();
    let plan = before.file("Lageplan").clone();
    council.edit(
        "meetings/2026-03-rat/meeting.toml",
        "[[paper.attachment]]\nname = \"Lageplan\"\nfile = \"Lageplan.pdf\"\n",
        "",
    );
    let outcome = council.import();
    assert_eq!(
        (outcome.removed, outcome.changed),
        (1, 1),
        "the file goes, the paper changes"
    );
    assert!(!tablet.read_all().has("Lageplan"));
    assert_eq!(
        tablet.get(&wire::path_blob(&plan.blob_id)).status,
        StatusCode::NOT_FOUND
    );
    let name = plan.blob_id.to_string();
    let path = council
        .root
        .path()
        .join("data/blobs")
        .join(&name[..2])
        .join(&name);
    assert!(!path.exists(), "depublished means deleted");
}

#[test]
fn ciphertexts_that_nobody_knows_go_with_the_next_import_and_one_that_cannot_go_is_told() {
    let council = TestCouncil::with_folder();
    let blobs = council.root.path().join("data/blobs");
    let files = || bytes_below(&blobs).len();
    let before = files();
    // As the end of the program between the commit and the deletion leaves one.
    let left = "ab".repeat(32);
    std::fs::create_dir_all(blobs.join("ab")).unwrap();
    std::fs::write(blobs.join("ab").join(&left), b"sealed").unwrap();
    assert_eq!(council.import().problems, Vec::<String>::new());
    assert!(!blobs.join("ab").join(&left).exists());
    assert_eq!(files(), before, "what is known stays");

    let stuck = blobs.join("ab").join(&left);
    std::fs::create_dir(&stuck).unwrap();
    std::fs::write(stuck.join("inside"), b"").unwrap();
    let outcome = council.import();
    assert!(
        matches!(outcome.problems.as_slice(), [one] if one.contains("nicht gelöscht")),
        "{:?}",
        outcome.problems
    );
}

#[test]
fn a_folder_that_is_not_complete_only_adds() {
    let council = TestCouncil::with_folder();
    std::fs::remove_dir_all(council.intake().join("meetings/2026-03-bau")).unwrap();
    council.edit("council.toml", "contact =", "complete = false\ncontact =");
    let outcome = council.import();
    assert_eq!(outcome.removed, 0);
    council.edit("council.toml", "complete = false\n", "");
    assert!(
        council.import().removed > 0,
        "a complete one removes what it no longer holds"
    );
}

#[test]
fn equal_files_for_the_same_readers_are_stored_once() {
    let council = TestCouncil::new();
    folder::write(&council.intake());
    let dir = council.intake().join("meetings/2026-03-rat");
    std::fs::copy(dir.join("Lageplan.pdf"), dir.join("Kosten.pdf")).unwrap();
    std::fs::copy(dir.join("Lageplan.pdf"), dir.join("Vorlage-190.pdf")).unwrap();
    let outcome = council.import();
    assert_eq!(
        outcome.files_sealed, 5,
        "six files, two of them equal and public, one equal and nonpublic"
    );
}

#[test]
fn nothing_nonpublic_and_no_key_lies_readable_in_the_data_folder() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let tablet = confirmed(&council, &handle, "ada");
    let words = tablet.words.join(" ");
    drop(handle);
    let clear = council.root.path().join("clear.db");
    write_in_the_clear(&council.tables(), &clear);
    // Even with the key of the tables: what is nonpublic stands in them sealed once more.
    let mut bytes = bytes_below(&council.root.path().join("data"));
    bytes.extend(std::fs::read(clear).unwrap());
    let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(
        holds("Ada Lenz"),
        "the search itself must be able to find something: names stand in the tables"
    );
    for secret in [
        "GEHEIM",
        "Grundstücksverkauf",
        "Teichgasse",
        "Flurstück",
        "2026/190",
        "Dorfanger",
        &words,
    ] {
        assert!(!holds(secret), "{secret} lies readable in the data folder");
    }
}

#[test]
fn the_data_folder_opens_only_with_its_own_master_key() {
    let council = TestCouncil::with_folder();
    let foreign = council_server::MasterKey::make().unwrap();
    let refused = council_server::Server::open(&council.root.path().join("data"), &foreign);
    assert!(
        matches!(refused, Err(council_server::ServerError::WrongMasterKey)),
        "{refused:?}"
    );
}
