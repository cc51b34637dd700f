//! Every kind of mark is kept as it was made; deeds done together are undone together; lists by page; what is kept
//! in memory forgets no more and no less than the database.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{
    BLOB, COUNCIL, FILE, KEY, anchor_at, file_anchor, ink, new_store, note, reopened, texts,
};
use notes::{
    Anchor, Color, Deed, InkPoint, MarkBody, MarkChange, MarkDraft, MarkKind, Markup, NoteStore,
    NotesError, ObjectId, Shape, Stamp, Target,
};

fn at(x: f32, y: f32) -> InkPoint {
    InkPoint {
        x,
        y,
        pressure: 1.0,
    }
}

fn bodies() -> Vec<MarkBody> {
    let words = || Some("dazu".to_owned());
    let strokes = || vec![vec![at(10.0, 10.0), at(20.5, 11.25)], vec![at(1.0, 2.0)]];
    let markup = |style| MarkBody::Markup {
        style,
        color: Color::Red,
        text: words(),
    };
    let shape = |shape| MarkBody::Shape {
        shape,
        color: Color::Graphite,
        width_pt: 2.0,
        ends: [at(10.0, 700.0), at(90.25, 650.5)],
    };
    vec![
        MarkBody::Note {
            text: "Wort".into(),
        },
        MarkBody::Highlight {
            color: Color::Pink,
            text: None,
        },
        markup(Markup::Underline),
        markup(Markup::StrikeOut),
        markup(Markup::Squiggly),
        MarkBody::Ink {
            color: Color::Blue,
            width_pt: 1.7,
            strokes: strokes(),
        },
        MarkBody::Brush {
            color: Color::Yellow,
            width_pt: 12.0,
            strokes: strokes(),
        },
        shape(Shape::Rectangle),
        shape(Shape::Ellipse),
        shape(Shape::Line),
        shape(Shape::Arrow),
        MarkBody::TextBox {
            color: Color::Green,
            size_pt: 12.0,
            text: "steht da".into(),
        },
        MarkBody::Stamp {
            stamp: Stamp::FollowUp,
            text: words(),
        },
    ]
}

fn draft(body: MarkBody) -> MarkDraft {
    MarkDraft::new(file_anchor(0), body)
}

#[test]
fn every_kind_is_kept_as_it_was_made() {
    let (folder, store) = new_store();
    let bodies = bodies();
    let kinds: Vec<MarkKind> = bodies.iter().map(MarkBody::kind).collect();
    assert_eq!(kinds, MarkKind::ALL);
    let made: Vec<_> = bodies
        .iter()
        .map(|body| store.mark_create(&draft(body.clone()), 1).unwrap())
        .collect();
    for (mark, body) in made.iter().zip(&bodies) {
        assert_eq!(mark.body, *body);
    }
    drop(store);
    let store = reopened(folder.path());
    assert_eq!(store.list_for_file(COUNCIL, FILE).unwrap(), made);
    for stamp in [
        Stamp::Question,
        Stamp::Agree,
        Stamp::Reject,
        Stamp::FollowUp,
        Stamp::Done,
    ] {
        assert_eq!(Stamp::from_name(stamp.as_str()), Some(stamp));
    }
}

#[test]
fn a_kind_takes_its_own_parts_and_no_others() {
    let (_folder, store) = new_store();
    let make = |body: &MarkBody| store.mark_create(&draft(body.clone()), 1).unwrap().id;
    let change = |id, change: MarkChange| store.mark_update(id, &change, 2).map(|mark| mark.body);
    for body in bodies() {
        let id = make(&body);
        let text = change(
            id,
            MarkChange {
                text: Some("neu".into()),
                ..MarkChange::default()
            },
        );
        let has_text = body.strokes().is_empty() && !matches!(body, MarkBody::Shape { .. });
        assert_eq!(text.is_ok(), has_text, "{body:?} text");
        let width = change(
            id,
            MarkChange {
                width_pt: Some(3.0),
                ..MarkChange::default()
            },
        );
        assert_eq!(width.is_ok(), body.width_pt().is_some(), "{body:?} width");
        let color = change(
            id,
            MarkChange {
                color: Some(Color::Green),
                ..MarkChange::default()
            },
        );
        assert_eq!(color.is_ok(), body.color().is_some(), "{body:?} colour");
        let stamp = change(
            id,
            MarkChange {
                stamp: Some(Stamp::Done),
                ..MarkChange::default()
            },
        );
        assert_eq!(stamp.is_ok(), body.stamp().is_some(), "{body:?} stamp");
        let ends = change(
            id,
            MarkChange {
                strokes: Some(vec![vec![at(1.0, 1.0), at(2.0, 2.0)]]),
                ..MarkChange::default()
            },
        );
        assert_eq!(ends.is_ok(), !has_text, "{body:?} strokes");
    }
    let line = make(&bodies()[9]);
    let three = MarkChange {
        strokes: Some(vec![vec![at(1.0, 1.0); 3]]),
        ..MarkChange::default()
    };
    assert!(matches!(
        change(line, three),
        Err(NotesError::NotForThisKind)
    ));
}

#[test]
fn a_stamp_on_a_page_needs_its_box_and_on_an_item_has_none() {
    let (_folder, store) = new_store();
    let stamp = || MarkBody::Stamp {
        stamp: Stamp::Agree,
        text: None,
    };
    let boxless = Anchor {
        rects: Vec::new(),
        ..file_anchor(0)
    };
    let refused = store.mark_create(&MarkDraft::new(boxless, stamp()), 1);
    assert!(matches!(refused, Err(NotesError::BadPlace)));
    let item = anchor_at(Target::AgendaItem(ObjectId::from_bytes([9; 16])));
    assert!(
        store
            .mark_create(&MarkDraft::new(item.clone(), stamp()), 1)
            .is_ok()
    );
    let text_box = MarkBody::TextBox {
        color: Color::Red,
        size_pt: 10.0,
        text: "x".into(),
    };
    assert!(
        store
            .mark_create(&MarkDraft::new(item, text_box), 1)
            .is_err()
    );
}

#[test]
fn what_is_done_together_is_undone_together() {
    let (_folder, store) = new_store();
    let first = store.mark_create(&note("eins"), 1).unwrap();
    let second = store.mark_create(&note("zwei"), 2).unwrap();
    let on_page_three = MarkDraft::new(
        file_anchor(3),
        MarkBody::Note {
            text: "drei".into(),
        },
    );
    let change = MarkChange {
        text: Some("EINS".into()),
        ..MarkChange::default()
    };
    let made = store
        .change(
            &[
                Deed::Update(first.id, change),
                Deed::Delete(second.id),
                Deed::Create(on_page_three),
            ],
            3,
        )
        .unwrap();
    assert_eq!(made.len(), 2, "changed and made");
    assert_eq!(texts(&store), ["EINS", "drei"]);
    let done = store.undo(KEY, 4).unwrap().unwrap();
    assert_eq!(texts(&store), ["eins", "zwei"]);
    assert_eq!(done.pages, [0, 3].into());
    assert_eq!(done.marks.len(), 3);
    store.redo(KEY, 5).unwrap().unwrap();
    assert_eq!(texts(&store), ["EINS", "drei"]);
    store.undo(KEY, 6).unwrap().unwrap();
    store.undo(KEY, 7).unwrap().unwrap();
    assert_eq!(texts(&store), ["eins"], "the step before them stands alone");
}

#[test]
fn one_impossible_deed_stops_them_all() {
    let (_folder, store) = new_store();
    let mark = store.mark_create(&note("bleibt"), 1).unwrap();
    let wrong = MarkChange {
        color: Some(Color::Red),
        ..MarkChange::default()
    };
    let refused = store.change(&[Deed::Delete(mark.id), Deed::Update(mark.id, wrong)], 2);
    assert!(matches!(refused, Err(NotesError::NoSuchMark)));
    assert_eq!(texts(&store), ["bleibt"]);
    assert!(store.history(KEY).unwrap().can_undo);
    assert_eq!(store.undo(KEY, 3).unwrap().unwrap().marks, [mark.id]);
}

#[test]
fn a_page_lists_its_own_marks_also_after_they_moved() {
    let (_folder, store) = new_store();
    let page = |store: &NoteStore, page| {
        let marks = store
            .list_for_pages((COUNCIL, FILE, BLOB), &[page])
            .unwrap();
        marks.into_iter().map(|mark| mark.id).collect::<Vec<_>>()
    };
    let here = store.mark_create(&ink(3), 1).unwrap();
    let moved = store.mark_create(&note("wandert"), 2).unwrap();
    let change = MarkChange {
        anchor: Some(file_anchor(7)),
        ..MarkChange::default()
    };
    store.mark_update(moved.id, &change, 3).unwrap();
    assert_eq!(page(&store, 0), [here.id]);
    assert_eq!(page(&store, 7), [moved.id]);
    store.undo(KEY, 4).unwrap();
    assert_eq!(page(&store, 0), [here.id, moved.id]);
    assert_eq!(page(&store, 7), []);
    store.mark_delete(here.id, 5).unwrap();
    assert_eq!(page(&store, 0), [moved.id]);
}

#[test]
fn a_list_read_again_says_what_is_stored_now() {
    let (_folder, store) = new_store();
    let mark = store.mark_create(&note("alt"), 1).unwrap();
    assert_eq!(
        store.list_all().unwrap(),
        store.list_for_file(COUNCIL, FILE).unwrap()
    );
    let change = MarkChange {
        text: Some("neu".into()),
        ..MarkChange::default()
    };
    store.mark_update(mark.id, &change, 2).unwrap();
    store.mark_create(&ink(40), 3).unwrap();
    let mut by_file = store.list_for_file(COUNCIL, FILE).unwrap();
    by_file.sort_by_key(|mark| (std::cmp::Reverse(mark.updated_at_ms), mark.id));
    assert_eq!(store.list_all().unwrap(), by_file);
    store.mark_delete(mark.id, 4).unwrap();
    assert_eq!(store.list_all().unwrap().len(), 1);
    store.undo(KEY, 5).unwrap();
    assert_eq!(store.list_all().unwrap().len(), 2);
}

#[test]
fn where_it_was_made_and_where_it_came_from_stay_with_it() {
    let (folder, store) = new_store();
    let item = ObjectId::from_bytes([4; 16]);
    let from_elsewhere = MarkDraft {
        made_at_item: Some(item),
        imported_from: Some("NM-17".into()),
        ..note("übernommen")
    };
    let mark = store.mark_create(&from_elsewhere, 1).unwrap();
    assert_eq!(mark.made_at_item, Some(item));
    drop(store);
    let store = reopened(folder.path());
    assert_eq!(
        store.mark(mark.id).unwrap().imported_from.as_deref(),
        Some("NM-17")
    );
    assert!(store.imported(COUNCIL, FILE).unwrap().contains("NM-17"));
    store.mark_delete(mark.id, 2).unwrap();
    assert!(store.imported(COUNCIL, FILE).unwrap().is_empty());
}
