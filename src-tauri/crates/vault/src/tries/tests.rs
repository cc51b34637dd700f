//! The counter by itself: waits, damage, the frozen form, and its second place in the key store.

use super::*;
use crate::{KeyStoreInMemory, StoreMood};

fn at(run: u8, elapsed_ms: u64) -> Moment {
    Moment {
        run: [run; 16],
        elapsed_ms,
    }
}

fn wait(result: Result<(), TriesError>) -> Option<u64> {
    match result {
        Ok(()) => None,
        Err(TriesError::Waiting { wait_ms }) => Some(wait_ms),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn five_are_free_then_the_waits_grow_and_after_ten_nothing_more_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let tries = Tries::in_folder(folder.path());
    let mut now = 1_000;
    for _ in 0..FREE_TRIES {
        assert_eq!(wait(tries.count(at(1, now), Guess::Passphrase)), None);
    }
    for (n, ms) in WAITS_MS.into_iter().enumerate() {
        assert_eq!(wait(tries.count(at(1, now), Guess::Passphrase)), Some(ms));
        assert_eq!(
            wait(tries.count(at(1, now + ms - 1), Guess::Passphrase)),
            Some(1)
        );
        now += ms;
        assert_eq!(
            tries.left(at(1, now)).unwrap(),
            TriesLeft {
                left: 5 - n as u8,
                wait_ms: 0,
                pin_left: PIN_TRIES
            }
        );
        assert_eq!(wait(tries.count(at(1, now), Guess::Passphrase)), None);
    }
    assert!(matches!(
        tries.count(at(1, u64::MAX), Guess::Passphrase),
        Err(TriesError::UsedUp)
    ));
    tries.reset(at(1, 0)).unwrap();
    assert_eq!(tries.left(at(1, 0)).unwrap().left, MOST_TRIES);
}

#[test]
fn after_a_new_start_or_a_watch_that_went_back_the_wait_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let tries = Tries::in_folder(folder.path());
    for _ in 0..FREE_TRIES {
        tries.count(at(1, 50_000), Guess::Passphrase).unwrap();
    }
    assert_eq!(tries.left(at(1, 70_000)).unwrap().wait_ms, 10_000);
    assert_eq!(tries.left(at(2, 70_000)).unwrap().wait_ms, 30_000);
    assert_eq!(
        tries.left(at(2, 75_000)).unwrap().wait_ms,
        25_000,
        "it goes on from there, and not from the beginning with every look"
    );
    assert_eq!(tries.left(at(2, 0)).unwrap().wait_ms, 30_000);
    assert_eq!(wait(tries.count(at(2, 30_000), Guess::Passphrase)), None);
}

#[test]
fn a_damaged_file_leaves_one_try_after_the_longest_wait() {
    let folder = tempfile::tempdir().unwrap();
    let tries = Tries::in_folder(folder.path());
    tries.count(at(1, 0), Guess::Passphrase).unwrap();
    let good = std::fs::read(folder.path().join(FILE_NAME)).unwrap();
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 1;
        std::fs::write(folder.path().join(FILE_NAME), &bad).unwrap();
        let left = tries.left(at(1, 0)).unwrap();
        assert_eq!((left.left, left.wait_ms), (1, 3_600_000), "byte {place}");
    }
    assert_eq!(
        tries.left(at(1, 3_600_000)).unwrap().wait_ms,
        0,
        "the wait ends once"
    );
}

/// What a full storage lets through: the file that is there is written over, and one that is not there cannot be made.
#[test]
fn on_a_full_storage_it_is_written_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let tries = Tries::in_folder(folder.path());
    let path = folder.path().join(FILE_NAME);
    let used = Used::new(4, at(1, 9)).encode().unwrap();
    assert!(
        write_in_place(&path, &used).is_err(),
        "nothing to write over"
    );
    tries.reset(at(1, 0)).unwrap();
    write_in_place(&path, &used).unwrap();
    assert_eq!(tries.left(at(1, 9)).unwrap().left, MOST_TRIES - 4);
    std::fs::write(&path, b"short").unwrap();
    assert!(write_in_place(&path, &used).is_err(), "it would need room");
    assert_eq!(std::fs::read(&path).unwrap(), b"short");
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
        assert!(is_full(&kind.into()));
    }
    assert!(!is_full(&io::ErrorKind::PermissionDenied.into()));
}

/// The vector stays for ever: another form would give tries back.
#[test]
fn the_form_is_frozen() {
    let bytes = Used::new(3, at(7, 9)).encode().unwrap();
    assert_eq!(bytes.len(), FILE_LEN);
    assert_eq!(
        &bytes[40..65],
        [&[0xa4, 0, 1, 1, 3, 2, 0x50][..], &[7; 16], &[3, 9]].concat()
    );
    assert!(bytes[65..].iter().all(|byte| *byte == 0));
    assert_eq!(Used::decode(&bytes), Some(Used::new(3, at(7, 9))));
}

fn mirrored(folder: &Path, store: &Arc<KeyStoreInMemory>) -> Tries {
    let store: Arc<dyn KeyStore> = Arc::clone(store) as _;
    let name = "tries".to_owned();
    Tries::new(folder, Some(Mirror { store, name }))
}

#[test]
fn an_older_file_counts_as_what_the_key_store_has() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::default();
    let tries = mirrored(folder.path(), &store);
    tries.reset(at(1, 0)).unwrap();
    let path = folder.path().join(FILE_NAME);
    let fresh = std::fs::read(&path).unwrap();
    for _ in 0..FREE_TRIES {
        tries.count(at(1, 1_000), Guess::Pin).unwrap();
    }
    std::fs::write(&path, &fresh).unwrap();
    let left = tries.left(at(1, 11_000)).unwrap();
    assert_eq!((left.left, left.wait_ms, left.pin_left), (5, 20_000, 0));
    assert_ne!(
        std::fs::read(&path).unwrap(),
        fresh,
        "the file says it again"
    );
    std::fs::remove_file(&path).unwrap();
    assert_eq!(tries.left(at(1, 11_000)).unwrap(), left, "nor without one");
    store.remove("tries").unwrap();
    assert_eq!(
        tries.left(at(1, 11_000)).unwrap(),
        left,
        "a key store that lost it believes the file"
    );
    assert!(matches!(
        tries.count(at(1, 60_000), Guess::Pin),
        Err(TriesError::PinRefused)
    ));
    tries.count(at(1, 60_000), Guess::Passphrase).unwrap();
    tries.reset(at(1, 60_000)).unwrap();
    assert_eq!(tries.left(at(1, 60_000)).unwrap().pin_left, PIN_TRIES);
}

#[test]
fn without_an_answer_of_the_key_store_no_pin_is_counted_and_every_passphrase_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::default();
    let tries = mirrored(folder.path(), &store);
    tries.count(at(1, 0), Guess::Pin).unwrap();
    for mood in [StoreMood::Locked, StoreMood::Missing] {
        store.be(mood);
        assert!(matches!(
            tries.count(at(1, 0), Guess::Pin),
            Err(TriesError::KeyStore(_))
        ));
    }
    assert_eq!(tries.left(at(1, 0)).unwrap().left, MOST_TRIES - 1);
    tries.count(at(1, 0), Guess::Passphrase).unwrap();
    store.be(StoreMood::Open);
    let left = tries.left(at(1, 0)).unwrap();
    assert_eq!((left.left, left.pin_left), (MOST_TRIES - 2, PIN_TRIES - 1));
}
