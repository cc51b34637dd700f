//! Rules E (encrypted file) and A (class keys).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use sync_protocol::class_key::*;
use sync_protocol::encrypted_file::{self, FileError, FileKey, HEADER_LEN, open_header};
use sync_protocol::ids::*;
use sync_protocol::model::*;

fn open(header: &[u8; HEADER_LEN]) -> Result<encrypted_file::Opener, FileError> {
    open_header(header, &file_key())
}

fn header_of(file: &[u8]) -> [u8; HEADER_LEN] {
    *file.first_chunk().unwrap()
}

#[test]
fn rule_e1_the_header_has_its_layout() {
    let header = header_of(&sealed_file(&plain(70_000)).0);
    assert_eq!(&header[..8], b"RATSFILE");
    assert_eq!(header[8..16], [1, 16, 0, 0, 0, 0, 0, 0]);
    assert_eq!(header[16..32], SALT);
    assert_eq!(header[64..72], 70_000u64.to_be_bytes());
    assert_eq!(header[72..80], [0; 8]);
    assert_eq!(open(&header).unwrap().plain_len(), 70_000);
}

#[test]
fn rule_e2_the_header_commits_to_the_key() {
    let (file, _) = sealed_file(b"text");
    assert!(matches!(
        open_header(&header_of(&file), &FileKey::from_bytes([7; 32])),
        Err(FileError::WrongKey)
    ));
    let mut other_salt = header_of(&file);
    other_salt[16] ^= 1;
    assert!(matches!(open(&other_salt), Err(FileError::WrongKey)));
}

#[test]
fn rule_e3_chunks_have_their_sizes() {
    let chunk = 65_536;
    for (len, count) in [
        (0, 1),
        (1, 1),
        (chunk - 1, 1),
        (chunk, 1),
        (chunk + 1, 2),
        (3 * chunk, 3),
    ] {
        let (file, _) = sealed_file(&plain(len));
        let opener = open(&header_of(&file)).unwrap();
        assert_eq!(opener.chunk_count(), count, "{len} bytes");
        assert_eq!(opener.ciphertext_len(), file.len() as u64, "{len} bytes");
        assert_eq!(file.len(), 80 + len + 16 * count as usize);
        assert_eq!(
            opener.chunk_range(opener.last_chunk()).end,
            file.len() as u64
        );
        assert_eq!(open_file(&file, &file_key()).unwrap(), plain(len));
        assert!(opener.chunk_range(count).is_empty());
        assert!(matches!(
            opener.open_chunk(count, &mut vec![0; 16]),
            Err(FileError::NoSuchChunk(_))
        ));
    }
}

#[test]
fn rule_e4_a_chunk_opens_only_in_its_place() {
    let (file, _) = sealed_file(&plain(3 * 65_536));
    let opener = open(&header_of(&file)).unwrap();
    let chunk = |n: u64| {
        file[opener.chunk_range(n).start as usize..opener.chunk_range(n).end as usize].to_vec()
    };
    assert!(opener.open_chunk(1, &mut chunk(1)).is_ok());
    assert!(
        opener.open_chunk(0, &mut chunk(1)).is_err(),
        "another place"
    );
    assert!(
        opener.open_chunk(2, &mut chunk(1)).is_err(),
        "the last flag"
    );

    // Same key and salt, another length: only the header hash tells the files apart.
    let (longer, _) = sealed_file(&plain(3 * 65_536 + 1));
    let longer = open(&header_of(&longer)).unwrap();
    assert!(longer.open_chunk(0, &mut chunk(0)).is_err(), "another file");
}

#[test]
fn rule_e5_the_blob_id_is_the_hash_and_the_length_is_kept() {
    let (file, blob_id) = sealed_file(&plain(100_000));
    assert_eq!(blob_id, BlobId::of(&file));
    for announced in [4, 6, 65_541] {
        let sealed = encrypted_file::seal(&file_key(), SALT, &b"12345"[..], announced, Vec::new());
        assert!(
            matches!(sealed, Err(FileError::LengthMismatch)),
            "5 bytes announced as {announced}"
        );
    }
    let sealed = encrypted_file::seal(&file_key(), SALT, &b""[..], (1 << 40) + 1, Vec::new());
    assert!(matches!(sealed, Err(FileError::TooLong)));
}

#[test]
fn rule_e6_a_wrong_header_is_refused_by_name() {
    let good = header_of(&sealed_file(b"text").0);
    let with = |place: usize, byte: u8| {
        let mut header = good;
        header[place] = byte;
        header
    };
    assert!(matches!(
        open(&with(0, b'X')),
        Err(FileError::NotEncryptedFile)
    ));
    assert!(matches!(open(&with(8, 2)), Err(FileError::UnknownSuite(2))));
    for (place, byte) in [(9, 15), (10, 1), (15, 1), (72, 1), (79, 1), (64, 0xff)] {
        assert!(
            matches!(open(&with(place, byte)), Err(FileError::DamagedHeader)),
            "byte {place}"
        );
    }
}

#[test]
fn rule_e7_a_cut_file_shows_at_the_last_chunk() {
    let (file, _) = sealed_file(&plain(3 * 65_536));
    let at_border = &file[..80 + 2 * (65_536 + 16)];
    assert_eq!(
        open_file(at_border, &file_key()),
        None,
        "the last chunk is not there"
    );

    // A header that claims the shorter length does not help: every chunk is bound to the header.
    let mut shorter = at_border.to_vec();
    shorter[64..72].copy_from_slice(&(2 * 65_536u64).to_be_bytes());
    let opener = open(&header_of(&shorter)).unwrap();
    let range = opener.chunk_range(opener.last_chunk());
    let mut last = shorter[range.start as usize..range.end as usize].to_vec();
    assert!(matches!(
        opener.open_chunk(opener.last_chunk(), &mut last),
        Err(FileError::DamagedChunk(1))
    ));
}

#[test]
fn rule_e8_a_damaged_chunk_leaves_nothing() {
    let (file, _) = sealed_file(b"nothing of this may be seen");
    let opener = open(&header_of(&file)).unwrap();
    let mut damaged = file[80..].to_vec();
    *damaged.last_mut().unwrap() ^= 1;
    let mut short = file[80..file.len() - 1].to_vec();
    for buffer in [&mut damaged, &mut short] {
        assert!(matches!(
            opener.open_chunk(0, buffer),
            Err(FileError::DamagedChunk(0))
        ));
        assert!(buffer.is_empty());
    }
}

#[test]
fn rule_a1_every_seal_is_fresh_and_has_a_version() {
    let context = context(ObjectKind::Paper, FILE, 1);
    let one = seal_payload(&class_key(), &context, b"text").unwrap();
    let two = seal_payload(&class_key(), &context, b"text").unwrap();
    assert_ne!(one[1..17], two[1..17], "salts are random");
    assert_eq!((one[0], one.len()), (1, 1 + 16 + 4 + 16));
    let mut later = one.clone();
    later[0] = 2;
    assert_eq!(
        open_payload(&class_key(), &context, &later),
        Err(ClassKeyError::UnknownVersion(2))
    );
    assert_eq!(
        open_payload(&class_key(), &context, &one[..16]),
        Err(ClassKeyError::TooShort)
    );
    assert_eq!(
        open_payload(&class_key(), &context, &one[..30]),
        Err(ClassKeyError::DoesNotOpen)
    );
    assert_eq!(
        open_payload(&ClassKey::from_bytes([9; 32]), &context, &one),
        Err(ClassKeyError::DoesNotOpen)
    );
}

#[test]
fn rule_a2_a_payload_opens_only_in_its_context() {
    let good = context(ObjectKind::Paper, FILE, 1);
    let sealed = seal_payload(&class_key(), &good, b"text").unwrap();
    assert_eq!(open_payload(&class_key(), &good, &sealed).unwrap(), b"text");
    let others = [
        EntryContext {
            council: CouncilId::from_bytes([0; 16]),
            ..good
        },
        EntryContext {
            audience: OTHER_AUDIENCE,
            ..good
        },
        EntryContext {
            object_kind: ObjectKind::File,
            ..good
        },
        EntryContext {
            object: MEETING,
            ..good
        },
        EntryContext {
            revision: 2,
            ..good
        },
        EntryContext {
            key_epoch: KeyEpoch(4),
            ..good
        },
    ];
    for other in others {
        assert_eq!(
            open_payload(&class_key(), &other, &sealed),
            Err(ClassKeyError::DoesNotOpen),
            "{other:?}"
        );
    }
}

#[test]
fn rule_a3_a_file_key_opens_only_for_its_revision() {
    let good = file_key_context(BlobId::of(b"x"));
    let wrapped = wrap_file_key(&class_key(), &good, &file_key()).unwrap();
    assert_eq!(
        unwrap_file_key(&class_key(), &good, &wrapped).unwrap(),
        file_key()
    );
    let others = [
        FileKeyContext {
            council: CouncilId::from_bytes([0; 16]),
            ..good
        },
        FileKeyContext {
            object: MEETING,
            ..good
        },
        FileKeyContext {
            revision: 3,
            ..good
        },
        FileKeyContext {
            blob_id: BlobId::of(b"y"),
            ..good
        },
    ];
    for other in others {
        assert!(
            unwrap_file_key(&class_key(), &other, &wrapped).is_err(),
            "{other:?}"
        );
    }
}

#[test]
fn rule_a4_one_purpose_does_not_open_as_another() {
    let sealed = seal_local(&class_key(), "quote", b"note 1", b"words").unwrap();
    assert_eq!(
        open_local(&class_key(), "quote", b"note 1", &sealed).unwrap(),
        b"words"
    );
    assert!(open_local(&class_key(), "tile", b"note 1", &sealed).is_err());
    assert!(open_local(&class_key(), "quote", b"note 2", &sealed).is_err());
    assert!(open_payload(&class_key(), &context(ObjectKind::Paper, FILE, 1), &sealed).is_err());
}

#[test]
fn rule_a5_a_database_key_belongs_to_one_audience_and_class_key() {
    let good = derive_database_key(&class_key(), &COUNCIL, &AUDIENCE);
    assert_eq!(
        good,
        derive_database_key(&class_key(), &COUNCIL, &AUDIENCE),
        "derived, not random"
    );
    assert_ne!(
        good,
        derive_database_key(&class_key(), &COUNCIL, &OTHER_AUDIENCE)
    );
    assert_ne!(
        good,
        derive_database_key(&class_key(), &CouncilId::from_bytes([0; 16]), &AUDIENCE)
    );
    assert_ne!(
        good,
        derive_database_key(&ClassKey::from_bytes([9; 32]), &COUNCIL, &AUDIENCE)
    );
    assert_ne!(good.as_slice(), class_key().expose());
}

#[test]
fn rule_a7_each_database_of_the_server_has_its_own_key() {
    let good = derive_server_database_key(&class_key(), "server.db");
    assert_eq!(
        good,
        derive_server_database_key(&class_key(), "server.db"),
        "derived, not random"
    );
    for other in [
        derive_server_database_key(&class_key(), "oparl.db"),
        derive_server_database_key(&class_key(), ""),
        derive_server_database_key(&ClassKey::from_bytes([9; 32]), "server.db"),
        derive_database_key(&class_key(), &COUNCIL, &AUDIENCE),
    ] {
        assert_ne!(good, other);
    }
    assert_ne!(good.as_slice(), class_key().expose());
}

#[test]
fn rule_a6_a_search_key_belongs_to_one_audience_and_is_no_database_key() {
    let good = derive_search_key(&class_key(), &COUNCIL, &AUDIENCE);
    assert_eq!(
        good,
        derive_search_key(&class_key(), &COUNCIL, &AUDIENCE),
        "derived, not random"
    );
    for other in [
        derive_search_key(&class_key(), &COUNCIL, &OTHER_AUDIENCE),
        derive_search_key(&class_key(), &CouncilId::from_bytes([0; 16]), &AUDIENCE),
        derive_search_key(&ClassKey::from_bytes([9; 32]), &COUNCIL, &AUDIENCE),
        derive_database_key(&class_key(), &COUNCIL, &AUDIENCE),
    ] {
        assert_ne!(good, other);
    }
    assert_ne!(good.as_slice(), class_key().expose());
}
