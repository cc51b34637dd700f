//! Lies about files: what comes is not what the chain has announced. The run goes on without the file and names why; nothing
//! of it is shown, and never more of it lies here than was announced.

use sync_protocol::head::AudienceKind;
use sync_protocol::ids::BlobId;
use sync_protocol::wire::path_blob;

use super::{Stage, record, variants};
use crate::FileFailure;
use crate::store::CouncilStore;
use crate::testing::dice::Dice;
use crate::testing::{Chain, NOW_MS, file, paper, sealed_file};

/// Length of the file, bytes: three chunks.
const PLAIN_LEN: usize = 150_000;

/// Tells a lie about a file that really has these bytes.
type Lie = fn(Vec<u8>, &mut Dice) -> (u16, Vec<u8>);

const ATTACKS: &[(&str, FileFailure, Lie)] = &[
    ("one bit turned", FileFailure::Damaged, |mut bytes, dice| {
        dice.turn_bit(&mut bytes, 0);
        (200, bytes)
    }),
    ("cut short", FileFailure::Damaged, |mut bytes, dice| {
        bytes.truncate(dice.below(bytes.len()));
        (200, bytes)
    }),
    (
        "longer than announced",
        FileFailure::Damaged,
        |mut bytes, dice| {
            bytes.resize(bytes.len() + 1 + dice.below(100_000), 7);
            (200, bytes)
        },
    ),
    (
        "another file of the same length",
        FileFailure::Damaged,
        |bytes, _| {
            (
                200,
                sealed_file(&vec![8; PLAIN_LEN]).0[..bytes.len()].to_vec(),
            )
        },
    ),
    (
        "chunks exchanged",
        FileFailure::Damaged,
        |mut bytes, dice| {
            let (first, second) = bytes[80..].split_at_mut(65_552);
            let byte_len = 1_000 + dice.below(60_000);
            first[..byte_len].swap_with_slice(&mut second[..byte_len]);
            (200, bytes)
        },
    ),
    (
        "another part than asked for",
        FileFailure::Damaged,
        |bytes, dice| (206, bytes[dice.below(bytes.len())..].to_vec()),
    ),
    ("not given out", FileFailure::Gone, |_, dice| {
        (if dice.is_even() { 403 } else { 404 }, vec![])
    }),
];

/// A tablet that knows of one file, which has not come; the file.
async fn stage() -> (Stage, BlobId, Vec<u8>) {
    let mut stage = Stage::new();
    let plain: Vec<u8> = (0..PLAIN_LEN).map(|n| (n % 251) as u8).collect();
    let (sealed, blob_id, key) = sealed_file(&plain);
    let chain: &mut Chain = &mut stage.closed;
    assert_eq!(chain.kind, AudienceKind::Organization);
    chain.put_file(file(70, blob_id, PLAIN_LEN as u64), &key);
    chain.put(paper(71, Some(70), &[]));
    stage.say_everything();
    stage.liar.say_status(&path_blob(&blob_id), 404, vec![]);
    assert_eq!(stage.run().await.unwrap().files_failed, 1);
    (stage, blob_id, sealed)
}

/// Whether a file is shown as here, how many whole ones lie in the folder, and how many bytes of others.
fn held(stage: &Stage) -> (bool, usize, u64) {
    let tablet = &stage.tablet;
    let store = CouncilStore::open(&tablet.vault, tablet.council, NOW_MS).unwrap();
    let is_present = store.files().unwrap().values().any(|row| row.present);
    let blobs = tablet.vault.blobs(tablet.council);
    let (whole, parts) = (blobs.list().unwrap(), blobs.list_parts().unwrap());
    let of_parts = parts.iter().map(|part| part.byte_len).sum();
    (is_present, whole.len(), of_parts)
}

#[tokio::test]
async fn every_attack_is_refused_on_a_file() {
    let (stage, blob_id, sealed) = stage().await;
    let path = path_blob(&blob_id);
    let mut refused = 0;
    for (name, failure, lie) in ATTACKS {
        for variant in 0..variants() {
            let (status, body) = lie(sealed.clone(), &mut Dice::new(variant));
            stage.liar.say_status(&path, status, body);
            let outcome = stage.run().await.unwrap();
            let failures: Vec<FileFailure> =
                outcome.failures.iter().map(|one| one.failure).collect();
            assert_eq!(failures, [*failure], "{name}, variant {variant}");
            let (is_present, whole, of_parts) = held(&stage);
            assert!(!is_present && whole == 0, "{name}, variant {variant}");
            assert!(of_parts <= sealed.len() as u64, "{name}, variant {variant}");
            refused += 1;
        }
    }
    stage.liar.say(&path, sealed);
    assert_eq!(stage.run().await.unwrap().files_fetched, 1);
    assert_eq!(
        held(&stage),
        (true, 1, 0),
        "what is looked at shows a file that came"
    );
    record("files", refused);
}
