//! A file that is cut off at every border of a chunk, a byte before it, a byte behind it, and wherever else: the next attempt
//! or the next run goes on where the line broke, what lies there in the end has the right hash, and next to nothing came twice.
//!
//! `RATSMAPPE_CUTS` sets how many random places are added, 24 without it.

use std::time::Instant;

use evidence::Counts;
use stories::tablet::{Tablet, count_from};
use stories::town::Town;
use sync::store::FileRow;
use sync_protocol::encrypted_file::{CHUNK_LEN, HEADER_LEN};
use sync_protocol::ids::Hash;

/// Bytes that may come twice.
const TWICE_LIMIT: u64 = 64 * 1024;
/// Bytes of all other answers of such a run, at most.
const OTHER_ANSWERS: u64 = 4 * 1024;
/// Length of an authentication tag, bytes.
const TAG_LEN: u64 = 16;

/// Where a border of a chunk lies in a file of `whole` bytes, and its neighbours.
fn borders(whole: u64) -> Vec<u64> {
    let chunk = CHUNK_LEN as u64 + TAG_LEN;
    let mut places = vec![0, 1, whole - 1, whole];
    let mut border = HEADER_LEN as u64;
    while border < whole {
        places.extend([border - 1, border, border + 1]);
        border += chunk;
    }
    places
}

/// The same places in every run: a cut that fails can be looked at again.
fn random_places(count: usize, whole: u64) -> Vec<u64> {
    let mut state = 0x5eed_u64;
    let next = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 16) % whole
    };
    (0..count).map(next).collect()
}

/// What is to be seen of one file that came.
struct Came {
    has_right_hash: bool,
    /// Bytes that came in all the runs beyond those that were needed.
    twice: u64,
}

fn whole_len(tablet: &Tablet, row: &FileRow) -> u64 {
    std::fs::metadata(tablet.blob_path(row)).unwrap().len()
}

fn look(tablet: &Tablet, row: &FileRow, bytes: u64) -> Came {
    let file = std::fs::read(tablet.blob_path(row)).unwrap();
    Came {
        has_right_hash: Hash::of(&file).as_bytes() == row.blob_id.as_bytes(),
        twice: bytes.saturating_sub(file.len() as u64 + OTHER_ANSWERS),
    }
}

/// The file is not here any more, and its first answer ends after `place` bytes.
fn forget_and_cut(town: &Town, tablet: &Tablet, row: &FileRow, place: u64) {
    tablet
        .vault
        .blobs(tablet.council)
        .delete(row.blob_id)
        .unwrap();
    town.server.faults().cut_blobs_after(place, 1);
}

/// The line breaks once and the run itself goes on.
fn within_one_run(town: &Town, tablet: &Tablet, row: &FileRow, place: u64) -> Came {
    forget_and_cut(town, tablet, row, place);
    let outcome = tablet.sync().unwrap();
    assert_eq!(outcome.files_fetched, 1, "cut after {place}");
    look(tablet, row, outcome.body_bytes)
}

/// The line breaks, the run gives up, and another one goes on.
fn by_the_next_run(town: &Town, tablet: &Tablet, row: &FileRow, place: u64) -> Came {
    forget_and_cut(town, tablet, row, place);
    assert_eq!(
        tablet.sync_impatiently().unwrap_err().code(),
        "offline",
        "cut after {place}"
    );
    let blobs = tablet.vault.blobs(tablet.council);
    let kept = blobs.part_len(row.blob_id).unwrap();
    assert!(kept <= place, "no more is kept than came");
    let outcome = tablet.sync_impatiently().unwrap();
    assert_eq!(outcome.files_fetched, 1, "cut after {place}");
    // What came of the first answer is at most what was sent of it.
    look(tablet, row, place + outcome.body_bytes)
}

#[test]
fn safety_a_cut_download_goes_on_and_fetches_nothing_twice() {
    let begun = Instant::now();
    let mut town = Town::small();
    town.intake.matter("2026/190").padding = 3 * CHUNK_LEN + 20_000;
    town.publish();
    let tablet = Tablet::synced(&town, "ada");
    let row = tablet.file_of("2026/190").unwrap();
    let whole = whole_len(&tablet, &row);
    assert!(whole > 3 * (CHUNK_LEN as u64 + TAG_LEN), "several chunks");

    let mut places = borders(whole);
    places.extend(random_places(count_from("RATSMAPPE_CUTS", 24), whole));
    let mut counts = Counts::default();
    for (number, place) in places.iter().enumerate() {
        // A cut behind the last byte is none: the run has got everything by then.
        let came = if number.is_multiple_of(2) || *place == whole {
            within_one_run(&town, &tablet, &row, *place)
        } else {
            by_the_next_run(&town, &tablet, &row, *place)
        };
        assert!(came.has_right_hash, "cut after {place} of {whole}");
        assert!(
            came.twice <= TWICE_LIMIT,
            "cut after {place} of {whole}: {} bytes came twice",
            came.twice
        );
        counts.tried += 1;
        counts.refused += 1;
    }
    assert!(tablet.reads("2026/190", "GEHEIM-Teichgasse"));
    evidence::record("downloads", counts).unwrap();
    println!(
        "{} cuts of a file of {whole} bytes, {:.1} s",
        counts.tried,
        begun.elapsed().as_secs_f32()
    );
}

/// What the suite looks for is seen where it is: a file whose part is thrown away comes twice, a spoilt one has another hash.
#[test]
fn safety_a_download_that_begins_anew_is_seen() {
    let mut town = Town::small();
    town.intake.matter("2026/190").padding = 3 * CHUNK_LEN;
    town.publish();
    let tablet = Tablet::synced(&town, "ada");
    let row = tablet.file_of("2026/190").unwrap();
    let place = whole_len(&tablet, &row) - 1;
    forget_and_cut(&town, &tablet, &row, place);
    assert!(tablet.sync_impatiently().is_err());
    let blobs = tablet.vault.blobs(tablet.council);
    blobs.delete(row.blob_id).unwrap();
    let again = tablet.sync_impatiently().unwrap();
    assert!(look(&tablet, &row, place + again.body_bytes).twice > TWICE_LIMIT);

    let path = tablet.blob_path(&row);
    let mut spoilt = std::fs::read(&path).unwrap();
    spoilt[100] ^= 1;
    std::fs::write(&path, spoilt).unwrap();
    assert!(!look(&tablet, &row, 0).has_right_hash);
}
