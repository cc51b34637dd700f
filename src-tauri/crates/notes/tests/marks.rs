//! Stories of marks: made, changed, deleted, brought back, listed; and everything is there after the next start.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{
    AUDIENCE, BLOB, COUNCIL, FILE, KEY, anchor_at, file_anchor, ink, new_store, new_vault, note,
    quote, rect, reopened, texts,
};
use notes::{
    Action, BlobId, Color, CouncilId, InkPoint, MarkBody, MarkChange, MarkDraft, NoteStore,
    NotesError, ObjectId, Place, Tally, Target, TargetKey, TargetKind,
};
use std::sync::Arc;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use vault::Vault;

fn text(text: &str) -> MarkChange {
    MarkChange {
        text: Some(text.into()),
        ..MarkChange::default()
    }
}

fn typed(text: &str) -> MarkChange {
    MarkChange {
        goes_on: true,
        ..self::text(text)
    }
}

#[test]
fn every_kind_of_mark_is_there_after_the_next_start() {
    let (folder, store) = new_store();
    let mut anchor = file_anchor(3);
    anchor.rects = vec![rect(1.5), rect(20.25)];
    anchor.quote = Some(quote("Der Rat beschließt"));
    let drafts = [
        note("Frage an den Kämmerer: woher das Geld?\nZweite Zeile 🏛"),
        MarkDraft {
            anchor: anchor.clone(),
            body: MarkBody::Highlight {
                color: Color::Yellow,
                text: Some("wichtig".into()),
            },
            made_at_item: None,
            imported_from: None,
        },
        MarkDraft {
            anchor,
            body: MarkBody::Highlight {
                color: Color::Pink,
                text: None,
            },
            made_at_item: None,
            imported_from: None,
        },
        ink(200),
        MarkDraft {
            anchor: anchor_at(Target::AgendaItem(ObjectId::from_bytes([8; 16]))),
            body: MarkBody::Note {
                text: String::new(),
            },
            made_at_item: None,
            imported_from: None,
        },
    ];
    let made: Vec<_> = drafts
        .iter()
        .zip(1..)
        .map(|(draft, now_ms)| store.mark_create(draft, now_ms).unwrap())
        .collect();
    for (mark, draft) in made.iter().zip(&drafts) {
        assert_eq!((&mark.anchor, &mark.body), (&draft.anchor, &draft.body));
    }
    drop(store);
    let store = reopened(folder.path());
    for mark in &made {
        assert_eq!(&store.mark(mark.id).unwrap(), mark);
    }
    assert_eq!(store.list_all().unwrap().len(), 5);
    assert_eq!(store.list_for_file(COUNCIL, FILE).unwrap().len(), 4);
}

#[test]
fn what_cannot_be_shown_is_refused_and_leaves_nothing() {
    let (_folder, store) = new_store();
    let refused = |draft: MarkDraft, code: &str| {
        assert_eq!(store.mark_create(&draft, 1).unwrap_err().code(), code);
    };
    let mut turned = note("x");
    turned.anchor.rects = vec![notes::Rect {
        left: 2.0,
        bottom: 0.0,
        right: 1.0,
        top: 1.0,
    }];
    refused(turned, "mark_bad_place");
    let mut nan = note("x");
    nan.anchor.rects[0].top = f32::NAN;
    refused(nan, "mark_bad_place");
    refused(note(&"ä".repeat(100_001)), "text_too_long");
    let highlight = |color| MarkDraft {
        anchor: file_anchor(0),
        body: MarkBody::Highlight { color, text: None },
        made_at_item: None,
        imported_from: None,
    };
    refused(highlight(Color::Graphite), "mark_not_for_kind");
    let mut without_page = highlight(Color::Yellow);
    without_page.anchor.page = None;
    refused(without_page, "mark_bad_place");
    let mut page_of_meeting = note("x");
    page_of_meeting.anchor.target = Target::Meeting(FILE);
    refused(page_of_meeting, "mark_bad_place");
    let mut far = ink(2);
    if let MarkBody::Ink { strokes, .. } = &mut far.body {
        strokes[0][1] = InkPoint {
            x: f32::INFINITY,
            y: 0.0,
            pressure: 0.5,
        };
    }
    refused(far, "ink_too_large");
    let mut wide = ink(2);
    if let MarkBody::Ink { width_pt, .. } = &mut wide.body {
        *width_pt = 0.0;
    }
    refused(wide, "mark_not_for_kind");
    assert!(store.list_all().unwrap().is_empty());
    assert!(!store.history(KEY).unwrap().can_undo);
}

#[test]
fn a_change_fits_its_kind() {
    let (_folder, store) = new_store();
    let note_id = store.mark_create(&note("a"), 1).unwrap().id;
    let ink_id = store.mark_create(&ink(3), 2).unwrap().id;
    let color = MarkChange {
        color: Some(Color::Red),
        ..MarkChange::default()
    };
    assert!(matches!(
        store.mark_update(note_id, &color, 3),
        Err(NotesError::NotForThisKind)
    ));
    assert!(matches!(
        store.mark_update(ink_id, &text("b"), 3),
        Err(NotesError::NotForThisKind)
    ));
    let yellow = MarkChange {
        color: Some(Color::Yellow),
        ..MarkChange::default()
    };
    assert!(matches!(
        store.mark_update(ink_id, &yellow, 3),
        Err(NotesError::NotForThisKind)
    ));
    let red = store.mark_update(ink_id, &color, 4).unwrap();
    assert!(matches!(
        red.body,
        MarkBody::Ink {
            color: Color::Red,
            ..
        }
    ));
    assert_eq!((red.created_at_ms, red.updated_at_ms), (2, 4));
    let erased = MarkChange {
        strokes: Some(Vec::new()),
        ..MarkChange::default()
    };
    let erased = store.mark_update(ink_id, &erased, 5).unwrap();
    assert!(matches!(erased.body, MarkBody::Ink { strokes, .. } if strokes.is_empty()));
}

#[test]
fn a_mark_moves_to_a_new_revision_and_nowhere_else() {
    let (_folder, store) = new_store();
    let id = store.mark_create(&note("a"), 1).unwrap().id;
    let mut anchor = file_anchor(7);
    anchor.target = Target::File {
        file: FILE,
        blob_id: BlobId::from_bytes([9; 32]),
        revision: 2,
    };
    let moved = MarkChange {
        anchor: Some(anchor.clone()),
        ..MarkChange::default()
    };
    assert_eq!(store.mark_update(id, &moved, 2).unwrap().anchor, anchor);
    store.undo(KEY, 3).unwrap();
    assert_eq!(
        store.mark(id).unwrap().anchor,
        file_anchor(0),
        "undo brings back the old revision's place"
    );
    let elsewhere = anchor_at(Target::Paper(FILE));
    let elsewhere = MarkChange {
        anchor: Some(elsewhere),
        ..MarkChange::default()
    };
    assert!(matches!(
        store.mark_update(id, &elsewhere, 4),
        Err(NotesError::AnchorElsewhere)
    ));
}

#[test]
fn typing_is_one_step_and_undo_survives_a_restart() {
    let (folder, store) = new_store();
    let id = store.mark_create(&note(""), 1).unwrap().id;
    for (text, now_ms) in ["H", "Ha", "Hau", "Haushalt"].into_iter().zip(2..) {
        store.mark_update(id, &typed(text), now_ms).unwrap();
    }
    store.mark_update(id, &text("Haushalt 2027"), 9).unwrap();
    drop(store);
    let store = reopened(folder.path());
    assert_eq!(texts(&store), ["Haushalt 2027"]);
    assert_eq!(store.undo(KEY, 10).unwrap().unwrap().action, Action::Update);
    assert_eq!(texts(&store), ["Haushalt"]);
    store.undo(KEY, 11).unwrap();
    assert_eq!(texts(&store), [""], "all the typing is one step");
    let done = store.undo(KEY, 12).unwrap().unwrap();
    assert_eq!((done.action, done.marks), (Action::Create, vec![id]));
    assert!(texts(&store).is_empty());
    assert!(store.undo(KEY, 13).unwrap().is_none());
    drop(store);
    let store = reopened(folder.path());
    for _ in 0..3 {
        store.redo(KEY, 14).unwrap().unwrap();
    }
    assert_eq!(texts(&store), ["Haushalt 2027"]);
    assert!(store.redo(KEY, 15).unwrap().is_none());
}

#[test]
fn a_new_change_ends_what_could_be_done_again() {
    let (_folder, store) = new_store();
    store.mark_create(&note("a"), 1).unwrap();
    let b = store.mark_create(&note("b"), 2).unwrap().id;
    store.undo(KEY, 3).unwrap();
    assert!(store.history(KEY).unwrap().can_redo);
    store.mark_create(&note("c"), 4).unwrap();
    assert!(!store.history(KEY).unwrap().can_redo);
    assert_eq!(texts(&store), ["a", "c"]);
    // What was taken back is not lost for all that.
    assert_eq!(
        store
            .list_deleted()
            .unwrap()
            .iter()
            .map(|mark| mark.id)
            .collect::<Vec<_>>(),
        [b]
    );
    store.mark_restore(b, 5).unwrap();
    assert_eq!(texts(&store).len(), 3);
}

#[test]
fn each_target_has_its_own_history() {
    let (_folder, store) = new_store();
    let item = TargetKey {
        council: COUNCIL,
        kind: TargetKind::AgendaItem,
        object: FILE,
    };
    let other_council = CouncilId::from_bytes([7; 16]);
    store.mark_create(&note("in the file"), 1).unwrap();
    let at_item = MarkDraft {
        anchor: anchor_at(Target::AgendaItem(FILE)),
        body: MarkBody::Note {
            text: "at the item".into(),
        },
        made_at_item: None,
        imported_from: None,
    };
    store.mark_create(&at_item, 2).unwrap();
    store.undo(KEY, 3).unwrap();
    assert!(texts(&store).is_empty());
    assert_eq!(store.list_for_target(item).unwrap().len(), 1);
    assert!(
        store
            .undo(
                TargetKey {
                    council: other_council,
                    ..item
                },
                4
            )
            .unwrap()
            .is_none()
    );
    assert!(store.undo(item, 5).unwrap().is_some());
}

#[test]
fn deleted_marks_can_be_brought_back_until_they_are_purged() {
    let (_folder, store) = new_store();
    let id = store.mark_create(&note("a"), 1).unwrap().id;
    let kept = store.mark_create(&note("b"), 2).unwrap().id;
    store.mark_delete(id, 10).unwrap();
    assert!(matches!(
        store.mark_delete(id, 11),
        Err(NotesError::NoSuchMark)
    ));
    assert!(matches!(
        store.mark_update(id, &text("x"), 11),
        Err(NotesError::NoSuchMark)
    ));
    assert_eq!(store.counts_by_target(COUNCIL).unwrap()[&KEY], 1);
    assert_eq!(store.mark_restore(id, 12).unwrap().body.text(), Some("a"));
    store.undo(KEY, 13).unwrap();
    assert!(
        matches!(store.mark(id), Err(NotesError::NoSuchMark)),
        "undo of bringing back deletes again"
    );
    assert_eq!(
        store.purge_deleted(13).unwrap(),
        0,
        "deleted at 13, not before"
    );
    assert_eq!(store.purge_deleted(14).unwrap(), 1);
    assert!(matches!(
        store.mark_restore(id, 15),
        Err(NotesError::NoSuchMark)
    ));
    assert!(store.mark(kept).is_ok());
    assert_eq!(
        store.undo(KEY, 16).unwrap().unwrap().marks,
        [kept],
        "the history goes on without the purged mark"
    );
}

#[test]
fn lists_and_counts_go_by_target() {
    let (_folder, store) = new_store();
    let meeting = ObjectId::from_bytes([20; 16]);
    let item = ObjectId::from_bytes([21; 16]);
    for target in [
        Target::Meeting(meeting),
        Target::AgendaItem(item),
        Target::AgendaItem(item),
    ] {
        store
            .mark_create(
                &MarkDraft {
                    anchor: anchor_at(target),
                    body: MarkBody::Note { text: "n".into() },
                    made_at_item: None,
                    imported_from: None,
                },
                1,
            )
            .unwrap();
    }
    for page in [5, 0, 2] {
        store
            .mark_create(
                &MarkDraft {
                    anchor: file_anchor(page),
                    ..note("n")
                },
                2,
            )
            .unwrap();
    }
    let pages: Vec<_> = store
        .list_for_file(COUNCIL, FILE)
        .unwrap()
        .iter()
        .map(|mark| mark.anchor.page)
        .collect();
    assert_eq!(pages, [Some(0), Some(2), Some(5)]);
    assert_eq!(
        store
            .list_for_meeting(COUNCIL, &[meeting, item, FILE])
            .unwrap()
            .len(),
        6
    );
    assert_eq!(store.list_for_meeting(COUNCIL, &[item]).unwrap().len(), 2);
    assert!(
        store
            .list_for_meeting(CouncilId::from_bytes([9; 16]), &[item])
            .unwrap()
            .is_empty()
    );
    let counts = store.counts_by_target(COUNCIL).unwrap();
    assert_eq!(counts.len(), 3);
    assert_eq!(
        counts[&TargetKey {
            council: COUNCIL,
            kind: TargetKind::AgendaItem,
            object: item
        }],
        2
    );
}

#[test]
fn a_quotation_from_a_nonpublic_file_is_forgotten_with_its_key_and_the_words_stay() {
    let (folder, vault) = new_vault();
    let grant = [(AUDIENCE, KeyEpoch(1), ClassKey::from_bytes([5; 32]))];
    vault.keyring().put_class_keys(COUNCIL, &grant).unwrap();
    let store = NoteStore::open(Arc::clone(&vault)).unwrap();
    let mut draft = note("meine eigenen Worte");
    draft.anchor.sealed_class = Some(AUDIENCE);
    draft.anchor.quote = Some(quote("Kaufpreis 1,2 Mio"));
    let id = store.mark_create(&draft, 1).unwrap().id;
    assert_eq!(store.mark(id).unwrap().anchor.quote, draft.anchor.quote);

    vault.forget_audience(COUNCIL, AUDIENCE).unwrap();
    let locked = store.mark(id).unwrap();
    assert!(locked.is_quote_locked && locked.anchor.quote.is_none());
    assert_eq!(locked.body.text(), Some("meine eigenen Worte"));
    // Changing the words while the quotation is locked must not lose it.
    store.mark_update(id, &text("geändert"), 2).unwrap();
    let mut moved = file_anchor(4);
    moved.sealed_class = Some(AUDIENCE);
    store
        .mark_update(
            id,
            &MarkChange {
                anchor: Some(moved),
                ..MarkChange::default()
            },
            3,
        )
        .unwrap();
    assert!(store.mark(id).unwrap().is_quote_locked);
    // A note made in this moment keeps the words although the quotation cannot be sealed.
    let late = store.mark_create(&draft, 4).unwrap();
    assert_eq!(
        (late.body.text(), late.is_quote_locked),
        (Some("meine eigenen Worte"), false)
    );
    drop((store, vault));

    let vault = Arc::new(Vault::unlock(folder.path(), &common::passphrase()).unwrap());
    let store = NoteStore::open(Arc::clone(&vault)).unwrap();
    assert!(
        store.mark(id).unwrap().is_quote_locked,
        "also after a restart"
    );
    vault.keyring().put_class_keys(COUNCIL, &grant).unwrap();
    let back = store.mark(id).unwrap();
    assert_eq!(
        (back.anchor.quote, back.anchor.page),
        (draft.anchor.quote, Some(4)),
        "a new grant brings it back"
    );
    assert_eq!(back.body.text(), Some("geändert"));
}

#[test]
fn reading_places_visits_tallies_and_settings_are_kept() {
    let (folder, store) = new_store();
    let other = ObjectId::from_bytes([30; 16]);
    let place = Place {
        page: 11,
        offset: 0.25,
        zoom: 1.5,
        rotation: 0,
        is_single: false,
    };
    store
        .place_set(
            COUNCIL,
            FILE,
            Place {
                page: 1,
                offset: 0.0,
                zoom: 1.0,
                rotation: 0,
                is_single: false,
            },
            1,
        )
        .unwrap();
    store.place_set(COUNCIL, other, place, 2).unwrap();
    store.place_set(COUNCIL, FILE, place, 3).unwrap();
    let bad = Place {
        zoom: f64::NAN,
        ..place
    };
    assert!(matches!(
        store.place_set(COUNCIL, FILE, bad, 4),
        Err(NotesError::BadPlace)
    ));
    store
        .pages_read_add(COUNCIL, FILE, BLOB, &[0, 1, 1, 4], 4)
        .unwrap();
    store
        .pages_read_add(COUNCIL, FILE, BLOB, &[1, 2], 5)
        .unwrap();
    store.visit_set(COUNCIL, other, 6).unwrap();
    store.visit_set(COUNCIL, other, 7).unwrap();
    store.tally_set(COUNCIL, other, Some(Tally::No), 8).unwrap();
    store
        .tally_set(COUNCIL, other, Some(Tally::Abstain), 9)
        .unwrap();
    store.tally_set(COUNCIL, FILE, Some(Tally::Yes), 9).unwrap();
    store.tally_set(COUNCIL, FILE, None, 9).unwrap();
    store.setting_set("language", Some("en")).unwrap();
    store.setting_set("language", Some("de")).unwrap();
    store.setting_set("gone", Some("x")).unwrap();
    store.setting_set("gone", None).unwrap();
    drop(store);
    let store = reopened(folder.path());
    assert_eq!(store.place(COUNCIL, FILE).unwrap(), Some(place));
    assert_eq!(
        store
            .place(COUNCIL, ObjectId::from_bytes([31; 16]))
            .unwrap(),
        None
    );
    let latest = store.latest_places(1).unwrap();
    assert_eq!(
        (latest.len(), latest[0].file, latest[0].at_ms),
        (1, FILE, 3)
    );
    assert_eq!(
        store
            .pages_read(COUNCIL, FILE, BLOB)
            .unwrap()
            .into_iter()
            .collect::<Vec<_>>(),
        [0, 1, 2, 4]
    );
    assert_eq!(store.pages_read_counts(COUNCIL).unwrap()[&(FILE, BLOB)], 4);
    assert!(
        store
            .pages_read(COUNCIL, FILE, BlobId::from_bytes([0; 32]))
            .unwrap()
            .is_empty(),
        "a new revision is unread"
    );
    assert_eq!(store.visits(COUNCIL).unwrap()[&other], 7);
    assert_eq!(store.tally(COUNCIL, other).unwrap(), Some(Tally::Abstain));
    assert_eq!(store.tallies(COUNCIL).unwrap().len(), 1);
    assert_eq!(store.setting("language").unwrap().as_deref(), Some("de"));
    assert_eq!(store.setting("gone").unwrap(), None);
}

#[test]
fn every_step_can_be_taken_back() {
    let (_folder, store) = new_store();
    let id = store.mark_create(&note("0"), 0).unwrap().id;
    for n in 1..=600 {
        store.mark_update(id, &text(&n.to_string()), n).unwrap();
    }
    let mut taken_back = 0;
    while store.undo(KEY, 1000).unwrap().is_some() {
        taken_back += 1;
    }
    assert_eq!(taken_back, 601, "the making of it as well");
    assert!(texts(&store).is_empty());
    while store.redo(KEY, 2000).unwrap().is_some() {}
    assert_eq!(texts(&store), ["600"]);
}
