//! Every flipped bit in every sealed, signed or chained format is found; and a reader that forgets a check is found too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use sync_protocol::cbor::{from_cbor_exact, from_cbor_lenient, to_cbor};
use sync_protocol::chain::*;
use sync_protocol::class_key::*;
use sync_protocol::ids::*;
use sync_protocol::key_box::*;
use sync_protocol::model::ObjectKind;
use sync_protocol::pairing::*;
use sync_protocol::receipt::SignedReceipt;
use sync_protocol::request::*;
use sync_protocol::root::SignedRoot;
use sync_protocol::snapshot::*;

/// Flips at least this many bits in each format.
const FLIPS_EACH: usize = 40;

type Accepts = Box<dyn Fn(&[u8]) -> bool>;

struct Specimen {
    name: &'static str,
    bytes: Vec<u8>,
    accepts: Accepts,
}

fn specimen(
    name: &'static str,
    bytes: Vec<u8>,
    accepts: impl Fn(&[u8]) -> bool + 'static,
) -> Specimen {
    Specimen {
        name,
        bytes,
        accepts: Box::new(accepts),
    }
}

/// Bits whose flip the reader accepted, of `flips` spread over the bytes; first and last byte always among them.
fn missed(specimen: &Specimen, flips: usize) -> Vec<usize> {
    assert!(
        (specimen.accepts)(&specimen.bytes),
        "{} is good before the flips",
        specimen.name
    );
    let bits = specimen.bytes.len() * 8;
    let mut missed = Vec::new();
    for flip in 0..flips {
        // A step that is odd and no divisor visits all parts and all bit positions.
        let bit = match flip {
            0 => 0,
            1 => bits - 1,
            _ => (flip * (bits / flips * 8 + 13)) % bits,
        };
        let mut bytes = specimen.bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if (specimen.accepts)(&bytes) {
            missed.push(bit);
        }
    }
    missed
}

fn chain_page(end: ChainPosition) -> impl Fn(&[u8]) -> bool {
    move |bytes| {
        ChainPage::from_bytes(bytes).is_ok_and(|page| {
            verify_run(AUDIENCE, &ChainPosition::START, page.entries, &end).is_ok()
        })
    }
}

fn request_text() -> Vec<u8> {
    let [input, signature, digest] = sign_request(
        &device_key(),
        DEVICE,
        "GET",
        "/v1/head",
        b"",
        NOW_MS,
        RequestNonce([9; 16]),
    )
    .unwrap();
    format!("{}\n{}\n{}", input.1, signature.1, digest.1).into_bytes()
}

fn request_accepts(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let lines: Vec<&str> = text.split('\n').collect();
    let &[input, signature, digest] = lines.as_slice() else {
        return false;
    };
    RequestHeaders::parse(input, signature, digest).is_ok_and(|headers| {
        let public = device_key().public().unwrap();
        verify_request(&public, &headers, "GET", "/v1/head", b"", NOW_MS).is_ok()
    })
}

fn specimens() -> Vec<Specimen> {
    let feed = feed_key().public().unwrap();
    let device = device_key().public().unwrap();
    let (file, blob_id) = sealed_file(&plain(70_000));
    let (entries, positions) = chain();
    let payload_context = context(ObjectKind::Paper, FILE, 1);
    let payload = seal_payload(&class_key(), &payload_context, b"payload").unwrap();
    let key_context = file_key_context(blob_id);
    let wrapped = wrap_file_key(&class_key(), &key_context, &file_key()).unwrap();
    let box_context = KeyBoxContext {
        council: COUNCIL,
        device: DEVICE,
        audience: AUDIENCE,
        epoch: EPOCH,
    };
    let boxed = make_key_box(&box_key().public().unwrap(), &box_context, &class_key()).unwrap();
    let snapshot = Snapshot {
        council: COUNCIL,
        audience: AUDIENCE,
        generation: 1,
        seq: 3,
        hash: positions[2].hash,
        entries: vec![entries[1].clone()],
    };
    let (hello, transcript) = pair_hello();
    let finish = make_finish(&code(), &transcript, DEVICE);
    vec![
        specimen("encrypted file", file, |bytes| {
            open_file(bytes, &file_key()).is_some()
        }),
        specimen("payload", payload, move |bytes| {
            open_payload(&class_key(), &payload_context, bytes).is_ok()
        }),
        specimen("wrapped file key", wrapped.0, move |bytes| {
            unwrap_file_key(&class_key(), &key_context, &WrappedFileKey(bytes.to_vec())).is_ok()
        }),
        specimen("key box", to_cbor(&boxed), |bytes| {
            from_cbor_exact::<KeyBox>(bytes)
                .is_ok_and(|b| open_key_box(&box_key(), &COUNCIL, &DEVICE, &b).is_ok())
        }),
        specimen(
            "chain page",
            ChainPage { entries }.to_bytes(),
            chain_page(positions[2]),
        ),
        specimen(
            "snapshot",
            snapshot.sign(&feed_key()).unwrap().to_bytes(),
            move |bytes| {
                SignedSnapshot::from_bytes(bytes)
                    .is_ok_and(|s| s.verify(&feed, &COUNCIL, &AUDIENCE, 1).is_ok())
            },
        ),
        specimen("head", head(1).sign(&feed_key()).unwrap().0, move |bytes| {
            sync_protocol::head::SignedHead(bytes.to_vec())
                .verify(&feed, &COUNCIL, &DEVICE, 1)
                .is_ok()
        }),
        specimen("root", root().sign(&root_key()).unwrap().0, |bytes| {
            SignedRoot(bytes.to_vec())
                .verify(Some(&root_key().public().unwrap()))
                .is_ok()
        }),
        specimen(
            "receipt",
            receipt().sign(&device_key()).unwrap().0,
            move |bytes| {
                SignedReceipt(bytes.to_vec())
                    .verify(&device, &COUNCIL, &DEVICE)
                    .is_ok()
            },
        ),
        specimen("pair hello", to_cbor(&hello), |bytes| {
            from_cbor_lenient::<PairHello>(bytes)
                .is_ok_and(|h| check_hello(&code(), &pair_start(), &h).is_ok())
        }),
        specimen("pair finish", to_cbor(&finish), move |bytes| {
            from_cbor_lenient::<PairFinish>(bytes)
                .is_ok_and(|f| check_finish(&code(), &transcript, DEVICE, &f).is_ok())
        }),
        specimen("request", request_text(), request_accepts),
    ]
}

fn faction_specimens() -> Vec<Specimen> {
    use common::faction::*;
    use sync_protocol::faction::envelope::*;
    use sync_protocol::faction::seed_box::*;
    use sync_protocol::faction::snapshot as faction_snapshot;

    let space = Space::of_three();
    let before = space.clone();
    let add = before.signed(
        1,
        before.add_user(4, sync_protocol::faction::link::Role::Member),
    );
    let start = AuthorPosition::START;
    let (envelope, position) = space.says(2, &start, "Radweg");
    let covered = faction_snapshot::Covered {
        device: keys(2).device,
        position,
    };
    let snapshot = space.snapshot(1, vec![covered]).unwrap();
    let boxed = make_seed_box(&space.roster, &seed(1), keys(2).device).unwrap();
    let [for_envelope, for_snapshot, for_box] = [space.clone(), space.clone(), space];
    vec![
        specimen("roster link", add.0, move |bytes| {
            let link = sync_protocol::faction::link::SignedLink(bytes.to_vec());
            before.roster.clone().append(&link).is_ok()
        }),
        specimen("faction envelope", envelope.0, move |bytes| {
            verify_envelope(
                &for_envelope.roster,
                &start,
                &SignedEnvelope(bytes.to_vec()),
            )
            .is_ok_and(|verified| verified.open(&seed(1)).is_ok())
        }),
        specimen("faction snapshot", snapshot.to_bytes(), move |bytes| {
            let read = faction_snapshot::SignedSnapshot::from_bytes(bytes);
            read.and_then(|read| read.verify(&for_snapshot.roster, |_| start))
                .is_ok_and(|verified| verified.open(&seed(1)).is_ok())
        }),
        specimen("seed box", to_cbor(&boxed), move |bytes| {
            let keys = keys(2);
            from_cbor_exact::<SeedBox>(bytes).is_ok_and(|boxed| {
                open_seed_box(&for_box.roster, &keys.boxes, keys.device, &boxed).is_ok()
            })
        }),
    ]
}

#[test]
fn every_flipped_bit_is_found() {
    let mut specimens = specimens();
    specimens.extend(faction_specimens());
    assert!(specimens.len() * FLIPS_EACH >= 300, "at least 300 flips");
    for specimen in &specimens {
        assert_eq!(
            missed(specimen, FLIPS_EACH),
            Vec::<usize>::new(),
            "{}",
            specimen.name
        );
    }
}

#[test]
fn a_reader_that_forgets_a_check_is_found() {
    let (entries, positions) = chain();
    let seqs_only = move |bytes: &[u8]| {
        // Forgets the content hashes: looks at headers and links alone.
        let Ok(page) = ChainPage::from_bytes(bytes) else {
            return false;
        };
        let headers_only = page.entries.into_iter().map(|entry| Entry {
            sealed_payload: None,
            wrapped_file_key: None,
            ..entry
        });
        verify_run(
            AUDIENCE,
            &ChainPosition::START,
            headers_only.collect(),
            &positions[2],
        )
        .is_ok()
    };
    let forgetful = [
        specimen(
            "chain page without content",
            ChainPage { entries }.to_bytes(),
            seqs_only,
        ),
        specimen(
            "file without its chunks",
            sealed_file(&plain(1000)).0,
            |bytes| {
                let header = bytes.first_chunk();
                header.is_some_and(|h| {
                    sync_protocol::encrypted_file::open_header(h, &file_key()).is_ok()
                })
            },
        ),
        specimen(
            "file by another hash",
            sealed_file(&plain(1000)).0,
            |bytes| BlobId::of(&bytes[1..]) == BlobId::of(&sealed_file(&plain(1000)).0[1..]),
        ),
    ];
    for specimen in &forgetful {
        assert!(
            !missed(specimen, FLIPS_EACH).is_empty(),
            "{} was not found",
            specimen.name
        );
    }
}
