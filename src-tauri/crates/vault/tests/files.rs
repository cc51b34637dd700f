//! Stories of encrypted files: arriving in parts, read in any order, damaged.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::new_vault;
use std::fs;
use std::io::{Cursor, ErrorKind, Read, Seek, SeekFrom};
use sync_protocol::encrypted_file::{CHUNK_LEN, FileKey, make_salt, seal};
use sync_protocol::ids::{BlobId, CouncilId};
use vault::{BlobError, Blobs, ReadError};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);

/// Bytes that differ from place to place, so that a wrong chunk shows.
fn plain(len: usize) -> Vec<u8> {
    (0..len)
        .map(|n| (n * 31 + n / 251 + n / CHUNK_LEN * 7).to_le_bytes()[0])
        .collect()
}

fn sealed(plain: &[u8]) -> (FileKey, BlobId, Vec<u8>) {
    let key = FileKey::make().unwrap();
    let mut bytes = Vec::new();
    let blob_id = seal(
        &key,
        make_salt().unwrap(),
        plain,
        plain.len() as u64,
        &mut bytes,
    )
    .unwrap();
    (key, blob_id, bytes)
}

fn store(blobs: &Blobs, blob_id: BlobId, bytes: &[u8]) {
    let mut writer = blobs.resume(blob_id).unwrap();
    writer.append(bytes).unwrap();
    writer.finish().unwrap();
}

/// A small generator with a fixed seed, so that a failure can be repeated.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn a_file_arrives_in_parts_across_restarts() {
    let (_folder, vault, _) = new_vault();
    let blobs = vault.blobs(COUNCIL);
    let (key, blob_id, bytes) = sealed(&plain(200_000));
    assert!(!blobs.has(blob_id));
    assert_eq!(blobs.part_len(blob_id).unwrap(), 0);
    assert!(matches!(blobs.open(blob_id, &key), Err(BlobError::NotHere)));
    for piece in bytes.chunks(70_000) {
        // Each piece in a new writer, as after an interruption.
        let mut writer = blobs.resume(blob_id).unwrap();
        assert_eq!(writer.byte_len(), blobs.part_len(blob_id).unwrap());
        writer.append(piece).unwrap();
        assert!(!blobs.has(blob_id), "not there before it is whole");
    }
    assert_eq!(blobs.list_parts().unwrap().len(), 1);
    blobs.resume(blob_id).unwrap().finish().unwrap();
    assert!(blobs.has(blob_id) && blobs.list_parts().unwrap().is_empty());
    let listed = blobs.list().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].blob_id, listed[0].byte_len),
        (blob_id, bytes.len() as u64)
    );
    blobs.delete(blob_id).unwrap();
    blobs.delete(blob_id).unwrap();
    assert!(!blobs.has(blob_id) && blobs.list().unwrap().is_empty());
}

#[test]
fn what_arrives_wrong_is_deleted_and_named() {
    let (_folder, vault, _) = new_vault();
    let blobs = vault.blobs(COUNCIL);
    let (_, blob_id, mut bytes) = sealed(&plain(1_000));
    bytes[500] ^= 1;
    let mut writer = blobs.resume(blob_id).unwrap();
    writer.append(&bytes).unwrap();
    assert!(matches!(writer.finish(), Err(BlobError::WrongHash)));
    assert!(!blobs.has(blob_id));
    assert_eq!(blobs.part_len(blob_id).unwrap(), 0, "nothing to go on from");

    // A server that sends everything again although it was asked for the rest.
    bytes[500] ^= 1;
    let mut writer = blobs.resume(blob_id).unwrap();
    writer.append(&bytes[..300]).unwrap();
    writer.restart().unwrap();
    writer.append(&bytes).unwrap();
    writer.finish().unwrap();
    assert!(blobs.has(blob_id));
}

#[test]
fn reading_gives_the_plaintext_at_every_length_around_the_chunks() {
    let (_folder, vault, _) = new_vault();
    let blobs = vault.blobs(COUNCIL);
    for len in [
        0,
        1,
        CHUNK_LEN - 1,
        CHUNK_LEN,
        CHUNK_LEN + 1,
        3 * CHUNK_LEN,
        3 * CHUNK_LEN + 17,
    ] {
        let plain = plain(len);
        let (key, blob_id, bytes) = sealed(&plain);
        store(&blobs, blob_id, &bytes);
        let mut reader = blobs.open(blob_id, &key).unwrap();
        assert_eq!(reader.byte_len(), len as u64);
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert!(read == plain, "length {len}");
    }
}

#[test]
fn random_reads_and_seeks_agree_with_a_plain_cursor() {
    let (_folder, vault, _) = new_vault();
    let blobs = vault.blobs(COUNCIL);
    // More chunks than the cache holds.
    let plain = plain(50 * CHUNK_LEN + 1234);
    let (key, blob_id, bytes) = sealed(&plain);
    store(&blobs, blob_id, &bytes);
    let mut reader = blobs.open(blob_id, &key).unwrap();
    let mut model = Cursor::new(plain.clone());
    let mut numbers = Numbers(7);
    for round in 0..600 {
        let to = match numbers.below(3) {
            0 => SeekFrom::Start(numbers.below(plain.len() + 1000) as u64),
            1 => SeekFrom::End(-i64::try_from(numbers.below(plain.len())).unwrap()),
            _ => SeekFrom::Current(i64::try_from(numbers.below(200_000)).unwrap() - 100_000),
        };
        let (a, b) = (reader.seek(to), model.seek(to));
        assert_eq!(a.is_ok(), b.is_ok(), "round {round}: {to:?}");
        let len = numbers.below(150_000);
        let (mut ours, mut theirs) = (vec![0; len], vec![0; len]);
        let a = reader
            .by_ref()
            .take(len as u64)
            .read_exact(&mut ours)
            .map_err(|error| error.kind());
        let b = model
            .by_ref()
            .take(len as u64)
            .read_exact(&mut theirs)
            .map_err(|error| error.kind());
        assert_eq!(a, b, "round {round}");
        if a.is_ok() {
            assert!(ours == theirs, "round {round}: {len} bytes after {to:?}");
        }
        // A failed exact read leaves either of them at the end; start the next round from one place.
        let at = model.stream_position().unwrap();
        reader.seek(SeekFrom::Start(at)).unwrap();
    }
    assert!(
        reader.seek(SeekFrom::Current(i64::MIN)).is_err(),
        "before the beginning"
    );
}

#[test]
fn a_cut_or_lengthened_file_is_refused_before_anything_is_read() {
    let (_folder, vault, _) = new_vault();
    let blobs = vault.blobs(COUNCIL);
    let (key, blob_id, bytes) = sealed(&plain(3 * CHUNK_LEN));
    store(&blobs, blob_id, &bytes);
    let path = blobs.part_path(blob_id).with_extension("");
    let chunk = CHUNK_LEN + 16;
    for len in [
        0,
        79,
        80,
        bytes.len() - 1,
        bytes.len() - chunk,
        bytes.len() + 1,
    ] {
        let mut changed = bytes.clone();
        changed.resize(len, 0);
        fs::write(&path, &changed).unwrap();
        let error = blobs.open(blob_id, &key).unwrap_err();
        assert!(
            matches!(error, BlobError::Read(ReadError::WrongLength)),
            "{len}: {error:?}"
        );
        assert_eq!(error.code(), "document_damaged");
    }
    // A last chunk that was changed shows at opening, one in the middle when it is read.
    let mut changed = bytes.clone();
    let last = changed.len() - 20;
    changed[last] ^= 1;
    fs::write(&path, &changed).unwrap();
    assert!(matches!(
        blobs.open(blob_id, &key),
        Err(BlobError::Read(ReadError::Damaged(_)))
    ));
    let mut changed = bytes.clone();
    changed[80 + chunk + 5] ^= 1;
    fs::write(&path, &changed).unwrap();
    let mut reader = blobs.open(blob_id, &key).unwrap();
    let mut first = vec![0; CHUNK_LEN];
    reader.read_exact(&mut first).unwrap();
    for _ in 0..2 {
        let error = reader.read(&mut first).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData, "and stays refused");
    }
    // The header is bound too.
    for at in 0..80 {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&path, &changed).unwrap();
        assert!(blobs.open(blob_id, &key).is_err(), "header byte {at}");
    }
    fs::write(&path, &bytes).unwrap();
    let other = FileKey::make().unwrap();
    assert!(matches!(
        blobs.open(blob_id, &other),
        Err(BlobError::Read(ReadError::WrongKey))
    ));
    assert!(blobs.open(blob_id, &key).is_ok());
}

#[test]
fn foreign_files_in_the_folder_are_no_blobs() {
    let (_folder, vault, _) = new_vault();
    let blobs = vault.blobs(COUNCIL);
    assert!(blobs.list().unwrap().is_empty(), "no folder yet");
    let (_, blob_id, bytes) = sealed(b"x");
    store(&blobs, blob_id, &bytes);
    let folder = blobs.part_path(blob_id);
    let folder = folder.parent().unwrap();
    fs::write(folder.join("thumbs.db"), b"x").unwrap();
    fs::write(folder.parent().unwrap().join("note"), b"x").unwrap();
    assert_eq!(blobs.list().unwrap().len(), 1);
}

#[test]
fn a_reader_can_go_to_another_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<vault::EncryptedReader>();
    fn is_shared<T: Send + Sync>() {}
    is_shared::<vault::Vault>();
}
