//! Random sequences of changes, undo and redo, compared with a model that keeps whole states.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{COUNCIL, FILE, KEY, new_store, note, reopened};
use notes::{MarkChange, MarkId, NoteStore};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Step {
    Create(u16),
    Update {
        which: usize,
        text: u16,
        goes_on: bool,
    },
    Delete(usize),
    Restore(usize),
    Undo,
    Redo,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any::<u16>().prop_map(Step::Create),
        4 => (any::<usize>(), any::<u16>(), any::<bool>()).prop_map(|(which, text, goes_on)| Step::Update { which, text, goes_on }),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => any::<usize>().prop_map(Step::Restore),
        5 => Just(Step::Undo),
        3 => Just(Step::Redo),
        1 => Just(Step::Restart),
    ]
}

/// What is on the screen: texts by mark.
type State = BTreeMap<MarkId, String>;

/// Whole states before and after; the simplest thing that undo can be.
#[derive(Default)]
struct Model {
    now: State,
    /// States to go back to, with the mark that an open typing step belongs to.
    undo: Vec<(State, Option<MarkId>)>,
    redo: Vec<State>,
    /// What each mark said last, deleted or not.
    last: BTreeMap<MarkId, String>,
}

impl Model {
    fn change(&mut self, typing: Option<MarkId>, edit: impl FnOnce(&mut State)) {
        let before = self.now.clone();
        edit(&mut self.now);
        self.last.extend(self.now.clone());
        self.redo.clear();
        let goes_on = typing.is_some() && self.undo.last().is_some_and(|(_, open)| *open == typing);
        if !goes_on {
            self.undo.push((before, typing));
        }
    }

    fn undo(&mut self) -> bool {
        let Some((before, _)) = self.undo.pop() else {
            return false;
        };
        self.redo.push(std::mem::replace(&mut self.now, before));
        self.last.extend(self.now.clone());
        true
    }

    fn redo(&mut self) -> bool {
        let Some(after) = self.redo.pop() else {
            return false;
        };
        self.undo
            .push((std::mem::replace(&mut self.now, after), None));
        self.last.extend(self.now.clone());
        true
    }
}

fn state(store: &NoteStore) -> State {
    let marks = store.list_for_file(COUNCIL, FILE).unwrap();
    marks
        .into_iter()
        .map(|mark| (mark.id, mark.body.text().unwrap().to_owned()))
        .collect()
}

fn pick(ids: impl ExactSizeIterator<Item = MarkId>, which: usize) -> Option<MarkId> {
    let len = ids.len();
    ids.into_iter().nth(which.checked_rem(len)?)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn undo_and_redo_agree_with_the_model(steps in prop::collection::vec(step(), 1..60)) {
        let (folder, mut store) = new_store();
        let mut model = Model::default();
        for (now_ms, step) in (1..).zip(steps) {
            match step {
                Step::Create(text) => {
                    let id = store.mark_create(&note(&text.to_string()), now_ms).unwrap().id;
                    model.change(None, |state| drop(state.insert(id, text.to_string())));
                }
                Step::Update { which, text, goes_on } => {
                    let Some(id) = pick(model.now.keys().copied(), which) else { continue };
                    let change = MarkChange { text: Some(text.to_string()), goes_on, ..MarkChange::default() };
                    store.mark_update(id, &change, now_ms).unwrap();
                    model.change(goes_on.then_some(id), |state| drop(state.insert(id, text.to_string())));
                }
                Step::Delete(which) => {
                    let Some(id) = pick(model.now.keys().copied(), which) else { continue };
                    store.mark_delete(id, now_ms).unwrap();
                    model.change(None, |state| drop(state.remove(&id)));
                }
                Step::Restore(which) => {
                    let Some(id) = pick(model.last.keys().copied(), which) else { continue };
                    store.mark_restore(id, now_ms).unwrap();
                    if !model.now.contains_key(&id) {
                        let text = model.last[&id].clone();
                        model.change(None, |state| drop(state.insert(id, text)));
                    }
                }
                Step::Undo => prop_assert_eq!(store.undo(KEY, now_ms).unwrap().is_some(), model.undo()),
                Step::Redo => prop_assert_eq!(store.redo(KEY, now_ms).unwrap().is_some(), model.redo()),
                Step::Restart => {
                    drop(store);
                    store = reopened(folder.path());
                }
            }
            prop_assert_eq!(state(&store), model.now.clone());
            let history = store.history(KEY).unwrap();
            prop_assert_eq!((history.can_undo, history.can_redo), (!model.undo.is_empty(), !model.redo.is_empty()));
        }
    }
}
