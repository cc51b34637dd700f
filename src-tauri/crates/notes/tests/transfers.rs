//! Marks in a newer version of their file: taken over together, taken back together, sealed as before.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{
    AUDIENCE, BLOB, COUNCIL, FILE, KEY, NEWER, OLDER, marked, new_store, new_vault, page, reopened,
    scribbled,
};
use notes::{
    Anchor, FileVersion, How, Mark, MarkBody, MarkChange, NewPages, NoteStore, PageLetters,
    PageWords, Placed, Rect, Target, plan_transfer,
};
use sync_protocol::class_key::{ClassKey, KeyEpoch};

const LINES: [&str; 4] = [
    "Der Stadtrat beschliesst den Bebauungsplan Nr. 17",
    "Am Saaleufer als Satzung. Die Begruendung wird",
    "gebilligt. Die Kosten betragen 1.250.000 Euro und",
    "werden im Haushaltsjahr 2027 veranschlagt.",
];

fn first() -> PageLetters {
    page(&LINES)
}

fn second() -> PageLetters {
    let mut lines = LINES.to_vec();
    lines.insert(0, "Korrigierte Fassung");
    page(&lines)
}

/// Two marks that are found again and one that is not.
fn three_marks(store: &NoteStore) -> [Mark; 3] {
    let page = first();
    store
        .page_words_put(&OLDER, &[(0, PageWords::of(&page))])
        .unwrap();
    let lost = Anchor {
        rects: vec![Rect {
            left: 500.0,
            bottom: 20.0,
            right: 520.0,
            top: 40.0,
        }],
        ..marked(&page, 0, "Stadtrat").anchor
    };
    let lost = notes::MarkDraft::new(
        Anchor {
            quote: None,
            ..lost
        },
        MarkBody::Note {
            text: "unten am Rand".into(),
        },
    );
    [
        marked(&page, 0, "als Satzung"),
        scribbled(&page, 0, "Kosten betragen"),
        lost,
    ]
    .map(|draft| store.mark_create(&draft, 10).unwrap())
}

/// Looks for what is behind and takes over what is found.
fn take_over(store: &NoteStore, version: &FileVersion) {
    let behind = store.list_behind((COUNCIL, FILE, version.blob_id)).unwrap();
    let old = store.page_words(COUNCIL, FILE).unwrap();
    let new = NewPages::from([(0, second())]);
    let plan = plan_transfer(&behind, &old, &new);
    let placed: Vec<Placed> = behind
        .iter()
        .zip(plan)
        .filter_map(|(mark, (_, found))| {
            Some(Placed {
                mark: mark.clone(),
                found: found?,
            })
        })
        .collect();
    let words = [(0, PageWords::of(&second()))];
    store.transfer_make(version, &placed, &words, 20).unwrap();
}

fn here(store: &NoteStore, version: &FileVersion) -> Vec<Mark> {
    store
        .list_for_pages((COUNCIL, FILE, version.blob_id), &[0])
        .unwrap()
}

#[test]
fn marks_come_over_together_and_go_back_together() {
    let (folder, store) = new_store();
    let [words, ink, lost] = three_marks(&store);
    assert_eq!(store.transfer(&NEWER).unwrap(), None);
    assert!(
        here(&store, &NEWER).is_empty(),
        "nothing stands on a page it was not made on"
    );

    take_over(&store, &NEWER);
    let now = here(&store, &NEWER);
    assert_eq!(
        now.iter().map(|mark| mark.id).collect::<Vec<_>>(),
        [words.id, ink.id]
    );
    let moved = now[0].anchor.rects[0].bottom - words.anchor.rects[0].bottom;
    assert!((moved + 14.0).abs() < 0.1, "one line lower: {moved}");
    let (before, after) = (ink.body.strokes()[0][0], now[1].body.strokes()[0][0]);
    assert!(
        (after.y - before.y + 14.0).abs() < 0.1,
        "its strokes go along"
    );
    assert_eq!(now[0].updated_at_ms, 10, "the member has not changed it");
    assert_eq!(now[0].anchor.quote.as_ref().unwrap().exact, "als Satzung");
    let behind = store.list_behind((COUNCIL, FILE, NEWER.blob_id)).unwrap();
    assert_eq!(
        behind.iter().map(|mark| mark.id).collect::<Vec<_>>(),
        [lost.id]
    );
    let transfer = store.transfer(&NEWER).unwrap().unwrap();
    assert_eq!(
        (transfer.marks.len(), transfer.is_closed, transfer.at_ms),
        (2, false, 20)
    );

    drop(store);
    let store = reopened(folder.path());
    assert_eq!(store.transfer_take_back(&NEWER).unwrap(), 2);
    assert!(here(&store, &NEWER).is_empty());
    assert_eq!(
        here(&store, &OLDER),
        [words, ink, lost],
        "exactly as they were"
    );
    assert!(store.transfer(&NEWER).unwrap().unwrap().marks.is_empty());
    store.undo(KEY, 30).unwrap();
    assert_eq!(
        here(&store, &NEWER).len(),
        2,
        "taking back can be taken back"
    );
}

#[test]
fn undo_takes_the_whole_of_it_back() {
    let (_folder, store) = new_store();
    three_marks(&store);
    take_over(&store, &NEWER);
    let done = store.undo(KEY, 30).unwrap().unwrap();
    assert_eq!(done.marks.len(), 2);
    assert_eq!(here(&store, &OLDER).len(), 3);
    store.redo(KEY, 31).unwrap();
    assert_eq!(here(&store, &NEWER).len(), 2);
    assert_eq!(
        store
            .counts_by_page((COUNCIL, FILE, NEWER.blob_id))
            .unwrap(),
        [(None, 1), (Some(0), 2)]
    );
}

#[test]
fn what_was_changed_since_stays_where_it_is() {
    let (_folder, store) = new_store();
    let [words, ..] = three_marks(&store);
    take_over(&store, &NEWER);
    let change = MarkChange {
        text: Some("wichtig".into()),
        ..MarkChange::default()
    };
    store.mark_update(words.id, &change, 25).unwrap();
    assert_eq!(store.transfer_take_back(&NEWER).unwrap(), 1);
    let left = here(&store, &NEWER);
    assert_eq!(
        left[0].body.text(),
        Some("wichtig"),
        "the member's work is not lost"
    );
}

#[test]
fn a_mark_changed_while_it_was_looked_for_is_left_alone() {
    let (_folder, store) = new_store();
    let [words, ink, _] = three_marks(&store);
    let behind = store.list_behind((COUNCIL, FILE, NEWER.blob_id)).unwrap();
    let plan = plan_transfer(
        &behind,
        &store.page_words(COUNCIL, FILE).unwrap(),
        &NewPages::from([(0, second())]),
    );
    let placed: Vec<Placed> = behind
        .into_iter()
        .zip(plan)
        .filter_map(|(mark, (_, found))| {
            Some(Placed {
                mark,
                found: found?,
            })
        })
        .collect();
    store.mark_delete(ink.id, 15).unwrap();
    let change = MarkChange {
        text: Some("neu".into()),
        ..MarkChange::default()
    };
    store.mark_update(words.id, &change, 16).unwrap();
    store.transfer_make(&NEWER, &placed, &[], 20).unwrap();
    assert!(here(&store, &NEWER).is_empty());
    assert_eq!(store.mark(words.id).unwrap().body.text(), Some("neu"));
}

#[test]
fn laid_by_hand_it_counts_as_come_over() {
    let (_folder, store) = new_store();
    let [.., lost] = three_marks(&store);
    take_over(&store, &NEWER);
    let change = MarkChange {
        anchor: Some(Anchor {
            target: Target::File {
                file: FILE,
                blob_id: NEWER.blob_id,
                revision: 2,
            },
            ..lost.anchor.clone()
        }),
        ..MarkChange::default()
    };
    store.mark_update(lost.id, &change, 25).unwrap();
    let transfer = store.transfer(&NEWER).unwrap().unwrap();
    assert!(transfer.marks.contains(&(lost.id, How::Hand)));
    assert!(
        store
            .list_behind((COUNCIL, FILE, NEWER.blob_id))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn once_it_was_seen_only_the_undo_history_remembers() {
    let (_folder, store) = new_store();
    three_marks(&store);
    take_over(&store, &NEWER);
    store.transfer_close(&NEWER).unwrap();
    let transfer = store.transfer(&NEWER).unwrap().unwrap();
    assert!(transfer.is_closed && transfer.marks.is_empty());
    let kept = store.page_words(COUNCIL, FILE).unwrap();
    assert!(kept.contains_key(&(BLOB, 0)), "one mark still stands on it");
    store.undo(KEY, 30).unwrap();
    assert_eq!(here(&store, &OLDER).len(), 3);
    store.redo(KEY, 31).unwrap();
    let [lost] =
        <[_; 1]>::try_from(store.list_behind((COUNCIL, FILE, NEWER.blob_id)).unwrap()).unwrap();
    store.mark_delete(lost.id, 32).unwrap();
    store.purge_deleted(40).unwrap();
    store.transfer_close(&NEWER).unwrap();
    let kept = store.page_words(COUNCIL, FILE).unwrap();
    assert!(!kept.contains_key(&(BLOB, 0)) && kept.contains_key(&(NEWER.blob_id, 0)));
}

#[test]
fn words_of_a_nonpublic_page_are_sealed_and_go_with_their_key() {
    let (_folder, vault) = new_vault();
    let epoch = KeyEpoch(1);
    let key = [(AUDIENCE, epoch, ClassKey::from_bytes([5; 32]))];
    let closed = FileVersion {
        sealed_class: Some(AUDIENCE),
        ..OLDER
    };
    vault.keyring().put_class_keys(COUNCIL, &key).unwrap();
    let store = NoteStore::open(std::sync::Arc::clone(&vault)).unwrap();
    store
        .page_words_put(&closed, &[(0, PageWords::of(&first()))])
        .unwrap();
    assert!(store.has_page_words(&closed, 0).unwrap());
    assert_eq!(store.page_words(COUNCIL, FILE).unwrap().len(), 1);
    vault.forget_audience(COUNCIL, AUDIENCE).unwrap();
    assert!(store.page_words(COUNCIL, FILE).unwrap().is_empty());
    store
        .page_words_put(&closed, &[(1, PageWords::of(&first()))])
        .unwrap();
    assert!(
        !store.has_page_words(&closed, 1).unwrap(),
        "without the key nothing is kept"
    );
}
