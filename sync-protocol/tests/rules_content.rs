//! Rules N (encoding), E (encrypted file), A (class keys), M (model).

mod common;

use common::*;
use minicbor::{Decode, Encode};
use sync_protocol::cbor::{CborError, from_cbor_exact, from_cbor_lenient, to_cbor};
use sync_protocol::chain::EntryHeader;
use sync_protocol::class_key::*;
use sync_protocol::encrypted_file::{self, FileError, FileKey, HEADER_LEN, open_header};
use sync_protocol::head::{HeadError, SignedHead};
use sync_protocol::ids::*;
use sync_protocol::model::*;
use sync_protocol::pairing::PairDone;
use sync_protocol::receipt::Receipt;
use sync_protocol::sign::{Domain, SignError};
use sync_protocol::snapshot::SignedSnapshot;
use sync_protocol::wire::WireError;

#[test]
fn rule_n1_only_the_deterministic_form_is_read() {
    let good = to_cbor(&receipt());
    assert_eq!(from_cbor_exact::<Receipt>(&good).unwrap(), receipt());

    let mut pairs = minicbor::Encoder::new(Vec::new());
    pairs.map(6).unwrap();
    for key in [1u8, 0, 2, 3, 4, 5] {
        pairs.u8(key).unwrap();
        match key {
            0..=2 => pairs.bytes(&[key; 16]).unwrap(),
            4 => pairs.bytes(&[4; 32]).unwrap(),
            _ => pairs.u8(1).unwrap(),
        };
    }
    let unordered = pairs.into_writer();

    let mut long_integer = good.clone();
    assert_eq!(long_integer[1], 0, "key 0 stands first");
    long_integer.splice(1..2, [0x18, 0x00]);

    let mut indefinite = good.clone();
    indefinite[0] = 0xbf;
    indefinite.push(0xff);

    let mut more = good.clone();
    more[0] += 1;
    more.extend([0x18, 0x63, 0x00]);

    let mut twice = good.clone();
    twice[0] += 1;
    twice.push(0x05);
    twice.push(0x00);

    let mut trailing = good.clone();
    trailing.push(0);

    let cases = [
        ("keys not ascending", unordered),
        ("integer not shortest", long_integer),
        ("indefinite map", indefinite),
        ("unknown key", more),
        ("key twice", twice),
        ("bytes after the end", trailing),
    ];
    for (name, bytes) in cases {
        assert!(
            matches!(
                from_cbor_exact::<Receipt>(&bytes),
                Err(CborError::NotDeterministic)
            ),
            "{name} must be refused as not deterministic"
        );
    }
    // An absent option is left out; null in its place is another encoding of the same thing.
    let header = EntryHeader {
        audience: AUDIENCE,
        seq: 1,
        prev: Hash::ZERO,
        op: sync_protocol::chain::Op::Upsert,
        object_kind: ObjectKind::Paper,
        object: FILE,
        revision: 1,
        key_epoch: EPOCH,
        payload_hash: Hash::ZERO,
        wrapped_key_hash: None,
        blob_id: None,
    };
    let mut with_null = to_cbor(&header);
    with_null[0] += 1;
    with_null.extend([0x0a, 0xf6]);
    assert!(matches!(
        from_cbor_exact::<EntryHeader>(&with_null),
        Err(CborError::NotDeterministic)
    ));
}

#[test]
fn rule_n2_another_version_is_refused_by_name() {
    // `{0: 2}` alone is enough: a later version may look quite different behind key 0.
    let later = [0xa1, 0x00, 0x02];
    assert!(matches!(
        EntryHeader::from_bytes(&later),
        Err(CborError::UnknownVersion(2))
    ));
    assert!(matches!(
        SignedSnapshot::from_bytes(&later),
        Err(CborError::UnknownVersion(2))
    ));
    let verdict =
        SignedHead(later.to_vec()).verify(&feed_key().public().unwrap(), &COUNCIL, &DEVICE, 1);
    assert!(matches!(
        verdict,
        Err(HeadError::Sign(SignError::Envelope(
            CborError::UnknownVersion(2)
        )))
    ));

    let mut envelope = head(1).sign(&feed_key()).unwrap().0;
    assert_eq!(envelope[..3], [0xa3, 0x00, 0x01]);
    envelope[2] = 7;
    let verdict = SignedHead(envelope).verify(&feed_key().public().unwrap(), &COUNCIL, &DEVICE, 1);
    assert!(matches!(
        verdict,
        Err(HeadError::Sign(SignError::Envelope(
            CborError::UnknownVersion(7)
        )))
    ));
}

#[test]
fn rule_n3_messages_ignore_unknown_keys_but_not_trailing_bytes() {
    let mut later = to_cbor(&file_object(BlobId::of(b"")));
    later[0] += 1;
    later.extend([0x18, 0x63, 0x82, 0x01, 0x61, 0x78]);
    assert_eq!(
        from_cbor_lenient::<File>(&later).unwrap(),
        file_object(BlobId::of(b""))
    );
    later.push(0);
    assert!(matches!(
        from_cbor_lenient::<File>(&later),
        Err(CborError::TrailingBytes)
    ));
}

#[test]
fn rule_n4_a_signature_fits_one_domain() {
    let domains = [
        Domain::Root,
        Domain::Head,
        Domain::Snapshot,
        Domain::Request,
        Domain::Receipt,
    ];
    let public = feed_key().public().unwrap();
    for made in domains {
        let signature = feed_key().sign(made, b"body").unwrap();
        for read in domains {
            assert_eq!(
                public.verify(read, b"body", &signature).is_ok(),
                made == read,
                "{made:?} read as {read:?}"
            );
        }
        assert!(public.verify(made, b"Body", &signature).is_err());
    }
}

#[test]
fn rule_n5_an_envelope_is_version_body_signature() {
    #[derive(Encode, Decode)]
    #[cbor(map)]
    struct Seen {
        #[n(0)]
        version: u32,
        #[cbor(n(1), with = "minicbor::bytes")]
        body: Vec<u8>,
        #[cbor(n(2), with = "minicbor::bytes")]
        signature: Vec<u8>,
    }
    let signed = receipt().sign(&device_key()).unwrap();
    let seen: Seen = from_cbor_exact(signed.as_bytes()).unwrap();
    assert_eq!((seen.version, seen.signature.len()), (1, 64));
    assert_eq!(seen.body, to_cbor(&receipt()));
}

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
fn rule_m1_kinds_have_their_numbers_and_payloads_their_id_first() {
    let numbers: Vec<_> = ObjectKind::ALL
        .iter()
        .map(|kind| (kind.number(), kind.name()))
        .collect();
    let expected = [
        (1, "Body"),
        (2, "Organization"),
        (3, "Person"),
        (4, "Membership"),
        (5, "LegislativeTerm"),
        (6, "Meeting"),
        (7, "AgendaItem"),
        (8, "Paper"),
        (9, "Consultation"),
        (10, "File"),
    ];
    assert_eq!(numbers, expected);
    let object = CouncilObject::from(meeting_object());
    let payload = object.to_payload();
    assert_eq!(payload[1..3], [0x00, 0x50], "key 0, then 16 bytes");
    assert_eq!(
        CouncilObject::from_payload(ObjectKind::Meeting, MEETING, &payload).unwrap(),
        object
    );
}

#[test]
fn rule_m2_later_kinds_and_keys_do_no_harm_and_missing_public_is_nonpublic() {
    let later = ObjectKind::from_number(99);
    assert_eq!(
        from_cbor_exact::<ObjectKind>(&to_cbor(&later)).unwrap(),
        ObjectKind::Unknown(99)
    );
    assert!(matches!(
        CouncilObject::from_payload(later, FILE, &[]),
        Err(ModelError::UnknownKind(99))
    ));

    let mut least = minicbor::Encoder::new(Vec::new());
    least.map(3).unwrap();
    least.u8(0).unwrap().bytes(FILE.as_bytes()).unwrap();
    least.u8(2).unwrap().str("Titel").unwrap();
    least.u8(200).unwrap().array(1).unwrap().null().unwrap();
    let paper = CouncilObject::from_payload(ObjectKind::Paper, FILE, least.writer()).unwrap();
    let CouncilObject::Paper(paper) = paper else {
        panic!("a paper was read as something else")
    };
    assert!(!paper.public);
}

#[test]
fn rule_m3_a_payload_of_another_object_is_refused() {
    let payload = CouncilObject::from(meeting_object()).to_payload();
    let verdict = CouncilObject::from_payload(ObjectKind::Meeting, FILE, &payload);
    assert!(matches!(verdict, Err(ModelError::ForeignObject)));
    let verdict = CouncilObject::from_payload(ObjectKind::File, MEETING, &payload);
    assert!(matches!(verdict, Err(ModelError::Malformed(_))));
}

#[test]
fn rule_m4_debug_shows_no_names_and_no_keys() {
    let done = PairDone {
        device: DEVICE,
        person_name: "Geheim".into(),
        council_name: "Geheim".into(),
    };
    let error = WireError {
        code: "not_found".into(),
        message: "Geheim".into(),
        server_at_ms: 0,
    };
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        CouncilObject::from(meeting_object()),
        file_object(BlobId::of(b"")),
        root(),
        done,
        error,
        class_key(),
        file_key(),
        root_key(),
        code(),
        box_key(),
    );
    for hidden in [
        "Stadt", "Radweg", "vorlage", "Geheim", "0101", "0505", "[5", "5, 5", "fifteen", "102, 105",
    ] {
        assert!(!shown.contains(hidden), "{hidden} is shown: {shown}");
    }
    assert!(shown.contains("ClassKey(…)"), "{shown}");
}
