//! Copies that were shared: known here, and nowhere else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::*;
use notes::{MarkId, SharedCopy};

const FACTION: [u8; 32] = [7; 32];

fn copy(n: u8) -> SharedCopy {
    SharedCopy {
        faction: FACTION,
        item: [n; 16],
    }
}

#[test]
fn a_copy_is_remembered_until_it_is_taken_back() {
    let (folder, store) = new_store();
    let mark = store.mark_create(&note("a"), 1).unwrap().id;
    let other = store.mark_create(&note("b"), 1).unwrap().id;
    store
        .shared_put(&[(mark, copy(1)), (other, copy(2))], 5)
        .unwrap();
    store.shared_put(&[(mark, copy(1))], 6).unwrap();
    drop(store);
    let store = reopened(folder.path());
    assert_eq!(store.shared_marks(FACTION).unwrap(), [mark, other].into());
    assert!(store.shared_marks([8; 32]).unwrap().is_empty());
    store.shared_forget(copy(1)).unwrap();
    assert_eq!(store.shared_marks(FACTION).unwrap(), [other].into());
    store.shared_forget_all(FACTION).unwrap();
    assert!(store.shared_marks(FACTION).unwrap().is_empty());
    let unknown = store.shared_put(&[(other, copy(3)), (MarkId([9; 16]), copy(4))], 7);
    assert!(unknown.is_err(), "there is no such mark");
    assert!(
        store.shared_marks(FACTION).unwrap().is_empty(),
        "all of them or none"
    );
}
