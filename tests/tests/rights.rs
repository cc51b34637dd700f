//! Who sees what: every role against every audience, on real tablets.

use std::collections::BTreeSet;

use stories::tablet::{Tablet, bytes_below, holds};
use stories::town::{DAY_MS, Town};

/// What there is to read: reference of the paper, name of the item, words in its file.
const MATTERS: [(&str, &str, &str); 6] = [
    ("2026/184", "Neubau der Feuerwache", "Feuerwache Nord"),
    ("2026/190", "Verkauf Teichgasse", "GEHEIM-Teichgasse"),
    ("2026/191", "Pacht Dorfanger", "GEHEIM-Dorfanger"),
    ("2026/192", "Vergabe Abbruch", "GEHEIM-Abbruch"),
    ("2026/193", "Wegerecht Mühlweg", "GEHEIM-Muehlweg"),
    ("2026/194", "Ehrung im Dorf", "GEHEIM-Ehrung"),
];

/// Which of them a tablet shows, as a row of the table; item, paper, file and its bytes must agree.
fn row_of(tablet: &Tablet) -> [bool; 6] {
    let items = tablet.items();
    let papers: BTreeSet<String> = tablet
        .store()
        .papers()
        .unwrap()
        .into_iter()
        .map(|held| held.object.name)
        .collect();
    MATTERS.map(|(reference, name, words)| {
        let shown = items.contains(name);
        assert_eq!(
            papers.contains(name),
            shown,
            "item and paper {name} go together"
        );
        assert_eq!(
            tablet.file_of(reference).is_some(),
            shown,
            "paper and file {name} go together"
        );
        assert_eq!(
            tablet.reads(reference, words),
            shown,
            "what is listed can be read: {name}"
        );
        shown
    })
}

const YES: bool = true;
const NO: bool = false;

#[test]
fn every_role_reads_what_its_audiences_may_and_nothing_else() {
    let town = Town::small();
    //                                     public teich  anger  abbr   weg    ehrung
    let table: [(&str, &str, [bool; 6]); 8] = [
        ("councillor", "ada", [YES, YES, YES, NO, NO, NO]),
        ("chair of the council", "cora", [YES, YES, YES, NO, NO, NO]),
        (
            "expert of the committee",
            "bruno",
            [YES, NO, NO, YES, YES, NO],
        ),
        ("mayor of Oberdorf", "mara", [YES, NO, YES, NO, NO, YES]),
        ("mayor of Niederdorf", "nils", [YES, NO, NO, NO, YES, NO]),
        ("faction staff", "sven", [YES, NO, NO, NO, NO, NO]),
        ("guest of the council", "gerd", [YES, NO, NO, NO, NO, NO]),
        ("former councillor", "fred", [YES, NO, NO, NO, NO, NO]),
    ];
    for (role, person, expected) in table {
        let tablet = Tablet::synced(&town, person);
        assert_eq!(row_of(&tablet), expected, "{role} ({person})");
        let files = tablet.vault.blobs(tablet.council).list().unwrap().len();
        let listed = tablet.store().files().unwrap().len();
        assert_eq!(
            files, listed,
            "{role}: not even the ciphertext of anything else lies here"
        );
    }
}

#[test]
fn a_tablet_that_nobody_has_confirmed_sees_public_things_only() {
    let town = Town::small();
    let tablet = Tablet::paired(&town, "ada");
    tablet.sync().unwrap();
    assert_eq!(row_of(&tablet), [YES, NO, NO, NO, NO, NO]);

    town.server
        .confirm(&tablet.device(), &tablet.paired.confirm_words)
        .unwrap();
    tablet.sync().unwrap();
    assert_eq!(
        row_of(&tablet),
        [YES, YES, YES, NO, NO, NO],
        "the four words were the key"
    );
}

#[test]
fn the_mayor_of_a_village_sees_the_one_nonpublic_item_that_touches_it() {
    let mut town = Town::small();
    town.intake
        .matters
        .retain(|matter| matter.meeting != "oberdorf-4");
    town.publish();
    let mayor = Tablet::synced(&town, "mara");
    let store = mayor.store();
    let nonpublic: Vec<String> = store
        .agenda_items()
        .unwrap()
        .into_iter()
        .filter(|held| !held.public)
        .map(|held| held.object.name)
        .collect();
    assert_eq!(
        nonpublic,
        ["Pacht Dorfanger"],
        "the item that touches the village, and no other"
    );
    assert!(mayor.reads("2026/191", "GEHEIM-Dorfanger"));
    drop(store);

    // The office finds that the sale touches the village, and that the lease does not.
    town.intake.matter("2026/190").village = Some("Oberdorf".to_owned());
    town.intake.matter("2026/191").village = None;
    town.publish();
    mayor.sync().unwrap();
    assert!(mayor.reads("2026/190", "GEHEIM-Teichgasse"));
    assert_eq!(
        mayor.file_of("2026/191"),
        None,
        "what no longer touches the village is gone from its mayor's tablet"
    );
}

#[test]
fn sworn_in_staff_read_what_their_faction_reads() {
    let mut town = Town::small();
    let staff = Tablet::synced(&town, "sven");
    assert_eq!(row_of(&staff), [YES, NO, NO, NO, NO, NO]);
    town.intake.council = town
        .intake
        .council
        .replace("staff_nonpublic = false", "staff_nonpublic = true");
    town.publish();
    staff.sync().unwrap();
    assert_eq!(
        row_of(&staff),
        [YES, YES, YES, NO, NO, NO],
        "Ada sits in the council for the faction"
    );
}

#[test]
fn a_revoked_tablet_keeps_what_is_public_and_no_byte_of_the_rest() {
    let town = Town::small();
    let tablet = Tablet::synced(&town, "ada");
    let sale = tablet.file_of("2026/190").unwrap();
    assert!(tablet.blob_path(&sale).is_file());

    town.server.revoke(&tablet.device()).unwrap();
    assert_eq!(tablet.sync().unwrap_err().code(), "device_revoked");
    assert_eq!(
        row_of(&tablet),
        [YES, NO, NO, NO, NO, NO],
        "locked at once, and what is public is read on"
    );
    assert!(
        !tablet.blob_path(&sale).exists(),
        "the ciphertext went with its key"
    );
    assert!(
        tablet
            .vault
            .closed_audiences(tablet.council)
            .unwrap()
            .is_empty(),
        "and so did the closed databases"
    );
    let keys = tablet.vault.keyring().audiences(tablet.council);
    assert_eq!(
        keys.len(),
        1,
        "the class key of what is public is the only one left"
    );
    let found = bytes_below(tablet.folder());
    assert!(!found.values().any(|bytes| holds(bytes, b"GEHEIM-")));
}

#[test]
fn who_leaves_the_council_reads_nothing_nonpublic_from_the_next_day_on() {
    let town = Town::empty();
    // Fred's membership ended on 31 October; on that day he still reads.
    town.pass(-31 * DAY_MS);
    town.publish();
    let fred = Tablet::synced(&town, "fred");
    assert_eq!(
        row_of(&fred),
        [YES, YES, YES, NO, NO, NO],
        "the last day counts"
    );

    town.pass(DAY_MS);
    assert_eq!(
        row_of(&fred),
        [YES, NO, NO, NO, NO, NO],
        "the tablet locks by itself, without a network"
    );
    fred.sync().unwrap();
    assert_eq!(row_of(&fred), [YES, NO, NO, NO, NO, NO]);
    town.pass(8 * DAY_MS);
    let outcome = fred.sync().unwrap();
    assert_eq!(
        outcome.forgotten.len() + fred.vault.closed_audiences(fred.council).unwrap().len(),
        1
    );
    assert!(
        fred.vault
            .closed_audiences(fred.council)
            .unwrap()
            .is_empty(),
        "a week later nothing is left"
    );
}
