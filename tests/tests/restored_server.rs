//! The council's server is restored from an old backup: tablets refuse it, until the office says that the older state counts. Nothing of
//! the members' own is lost.

use std::sync::Arc;

use notes::{Anchor, MarkBody, MarkDraft, NoteStore, Target};
use stories::tablet::{Tablet, bytes_below};
use stories::town::Town;

fn note(tablet: &Tablet, town: &Town, text: &str) {
    let row = tablet.file_of("2026/184").unwrap();
    let draft = MarkDraft {
        anchor: Anchor {
            council: tablet.council,
            target: Target::File {
                file: row.id(),
                blob_id: row.blob_id,
                revision: row.file.revision,
            },
            page: Some(0),
            rects: Vec::new(),
            quote: None,
            sealed_class: None,
        },
        body: MarkBody::Note {
            text: text.to_owned(),
        },
        made_at_item: None,
        imported_from: None,
    };
    let store = NoteStore::open(Arc::clone(&tablet.vault)).unwrap();
    store.mark_create(&draft, town.now_ms()).unwrap();
}

fn own_words(tablet: &Tablet) -> Vec<String> {
    let marks = NoteStore::open(Arc::clone(&tablet.vault)).unwrap();
    let marks = marks.list_all().unwrap();
    let texts = marks
        .iter()
        .filter_map(|mark| mark.body.text().map(str::to_owned));
    // Both were written in the same moment of the story.
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts
}

#[test]
fn a_restored_server_is_refused_until_the_office_begins_a_new_generation() {
    let mut town = Town::small();
    let ada = Tablet::synced(&town, "ada");
    note(&ada, &town, "vor der Sicherung");
    let backup = town.folder().join("backup");
    town.server.backup(&backup).unwrap();

    town.intake.matter("2026/190").name = "Verkauf Teichgasse (neu)".to_owned();
    town.publish();
    for _ in 0..4 {
        ada.sync().unwrap();
    }
    note(&ada, &town, "nach der Sicherung");
    let late = Tablet::paired(&town, "cora");

    town.restored_from(&backup);
    let before = bytes_below(ada.folder());
    let refusals: Vec<&str> = (0..8).map(|_| ada.sync().unwrap_err().code()).collect();
    // Each question lets the server count on; that the chain is too short stays.
    assert!(refusals.starts_with(&["counter_too_low"]), "{refusals:?}");
    assert_eq!(refusals.last(), Some(&"seq_too_low"), "{refusals:?}");
    assert_eq!(
        bytes_below(ada.folder()),
        before,
        "the tablet is byte for byte what it was"
    );
    assert!(ada.items().contains("Verkauf Teichgasse (neu)"));
    assert!(ada.reads("2026/190", "GEHEIM-Teichgasse"), "and reads on");

    town.server.begin_generation().unwrap();
    ada.sync()
        .expect("the root key vouches for the older state");
    assert!(ada.items().contains("Verkauf Teichgasse"));
    assert!(!ada.items().contains("Verkauf Teichgasse (neu)"));
    assert!(ada.reads("2026/190", "GEHEIM-Teichgasse"));
    assert_eq!(
        own_words(&ada),
        ["nach der Sicherung", "vor der Sicherung"],
        "what is the member's own has nothing to do with it"
    );
    assert_eq!(
        late.sync().unwrap_err().code(),
        "unauthenticated",
        "who was paired after the backup is not known any more"
    );

    town.publish();
    ada.sync().unwrap();
    assert!(ada.items().contains("Verkauf Teichgasse (neu)"));
    assert!(
        Tablet::synced(&town, "cora")
            .items()
            .contains("Verkauf Teichgasse (neu)")
    );
}
