//! Writes golden bytes for every format into `vectors/`. Files that exist are left alone: vectors are added to, never edited.
//! Run: `cargo run -p sync-protocol --example make_vectors`. All keys in it are public and worthless.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::Path;

use common::*;
use serde_json::{Value, json};
use sync_protocol::cbor::to_cbor;
use sync_protocol::chain::{ChainPage, ChainPosition};
use sync_protocol::class_key::*;
use sync_protocol::ids::*;
use sync_protocol::key_box::*;
use sync_protocol::model::*;
use sync_protocol::recovery::RecoveryCode;
use sync_protocol::request::*;
use sync_protocol::snapshot::Snapshot;

type Maker = fn() -> Value;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    std::fs::create_dir_all(&folder)?;
    let makers: [(&str, Maker); 13] = [
        ("encrypted_file_1", encrypted_file),
        ("class_key_1", class_keys),
        ("search_key_1", search_key),
        ("model_1", model),
        ("chain_1", chain_page),
        ("snapshot_1", snapshot),
        ("head_1", device_head),
        ("root_1", root_document),
        ("key_box_1", key_boxes),
        ("pairing_1", pairing),
        ("recovery_1", recovery),
        ("request_1", request),
        ("receipt_1", receipts),
    ];
    for (name, make) in makers {
        let path = folder.join(format!("{name}.json"));
        if !path.exists() {
            std::fs::write(&path, format!("{:#}\n", make()))?;
            println!("wrote {name}");
        }
    }
    Ok(())
}

fn position(at: &ChainPosition) -> Value {
    json!({"seq": at.seq, "hash": at.hash.to_string()})
}

fn encrypted_file() -> Value {
    let cases: Vec<Value> = [0, 5, 65_536, 65_537]
        .map(|len| {
            let plain = plain(len);
            let (file, blob_id) = sealed_file(&plain);
            // Long ciphertexts are told by their hash; the rule for the plaintext is in `plain`.
            json!({
                "plain_len": len,
                "blob_id": blob_id.to_string(),
                "header": to_hex(&file[..80]),
                "ciphertext_len": file.len(),
                "chunks": if len <= 5 { Value::from(to_hex(&file[80..])) } else { Value::Null },
            })
        })
        .into();
    json!({"file_key": to_hex(file_key().expose()), "salt": to_hex(&SALT), "plain": "byte i is i modulo 251", "cases": cases})
}

fn class_keys() -> Value {
    let payload_context = context(ObjectKind::Paper, FILE, 1);
    let key_context = file_key_context(BlobId::of(b"ciphertext"));
    let payload = seal_payload(&class_key(), &payload_context, b"payload").unwrap();
    let wrapped = wrap_file_key(&class_key(), &key_context, &file_key()).unwrap();
    let local = seal_local(&class_key(), "quote", b"note 1", "Straße".as_bytes()).unwrap();
    json!({
        "class_key": to_hex(class_key().expose()),
        "payload": {"context": to_hex(&to_cbor(&payload_context)), "plain": to_hex(b"payload"), "sealed": to_hex(&payload)},
        "file_key": {"context": to_hex(&to_cbor(&key_context)), "file_key": to_hex(file_key().expose()), "wrapped": to_hex(&wrapped.0)},
        "local": {"purpose": "quote", "aad": to_hex(b"note 1"), "plain": to_hex("Straße".as_bytes()), "sealed": to_hex(&local)},
        "database_key": to_hex(derive_database_key(&class_key(), &COUNCIL, &AUDIENCE).as_slice()),
    })
}

fn search_key() -> Value {
    json!({
        "class_key": to_hex(class_key().expose()),
        "search_key": to_hex(derive_search_key(&class_key(), &COUNCIL, &AUDIENCE).as_slice()),
    })
}

fn model() -> Value {
    let objects: Vec<Value> = one_of_each()
        .iter()
        .map(|object| {
            json!({"kind": object.kind().number(), "name": object.kind().name(), "id": object.id().to_string(), "payload": to_hex(&object.to_payload())})
        })
        .collect();
    json!({ "objects": objects })
}

fn chain_page() -> Value {
    let (entries, positions) = chain();
    let mut erased = entries.clone();
    erased[1].sealed_payload = None;
    erased[1].wrapped_file_key = None;
    json!({
        "audience": AUDIENCE.to_string(),
        "class_key": to_hex(class_key().expose()),
        "council": COUNCIL.to_string(),
        "page": to_hex(&ChainPage { entries }.to_bytes()),
        "page_with_entry_2_erased": to_hex(&ChainPage { entries: erased }.to_bytes()),
        "positions": positions.iter().map(position).collect::<Vec<_>>(),
    })
}

fn snapshot() -> Value {
    let (entries, positions) = chain();
    let snapshot = Snapshot {
        council: COUNCIL,
        audience: AUDIENCE,
        generation: 1,
        seq: 3,
        hash: positions[2].hash,
        entries: vec![entries[1].clone()],
    };
    json!({
        "feed_key": to_hex(feed_key().public().unwrap().as_bytes()),
        "council": COUNCIL.to_string(),
        "audience": AUDIENCE.to_string(),
        "generation": 1,
        "position": position(&positions[2]),
        "signed": to_hex(&snapshot.sign(&feed_key()).unwrap().to_bytes()),
    })
}

fn device_head() -> Value {
    json!({
        "feed_seed": to_hex(feed_key().expose()),
        "feed_key": to_hex(feed_key().public().unwrap().as_bytes()),
        "council": COUNCIL.to_string(),
        "device": DEVICE.to_string(),
        "generation": 1,
        "counter": 5,
        "signed": to_hex(head(5).sign(&feed_key()).unwrap().as_bytes()),
    })
}

fn root_document() -> Value {
    json!({
        "root_seed": to_hex(root_key().expose()),
        "root_key": to_hex(root_key().public().unwrap().as_bytes()),
        "name": root().name,
        "signed": to_hex(root().sign(&root_key()).unwrap().as_bytes()),
    })
}

fn key_boxes() -> Value {
    let public = box_key().public().unwrap();
    let context = KeyBoxContext {
        council: COUNCIL,
        device: DEVICE,
        audience: AUDIENCE,
        epoch: EPOCH,
    };
    let boxed = make_key_box(&public, &context, &class_key()).unwrap();
    json!({
        "private_key": to_hex(box_key().expose()),
        "public_key": to_hex(&public.0),
        "context": to_hex(&to_cbor(&context)),
        "council": COUNCIL.to_string(),
        "device": DEVICE.to_string(),
        "class_key": to_hex(class_key().expose()),
        "boxes": to_hex(&to_cbor(&KeyBoxes { boxes: vec![boxed] })),
    })
}

fn pairing() -> Value {
    let (hello, transcript) = pair_hello();
    let finish = sync_protocol::pairing::make_finish(&code(), &transcript, DEVICE);
    json!({
        "code_bytes": to_hex(code().expose()),
        "code": code().to_text().as_str(),
        "code_shown": code().to_display().as_str(),
        "invitation_id": code().invitation_id().to_string(),
        "start": to_hex(&to_cbor(&pair_start())),
        "hello": to_hex(&to_cbor(&hello)),
        "finish": to_hex(&to_cbor(&finish)),
        "transcript": to_hex(transcript.as_bytes()),
        "words": transcript.confirm_words(&code()),
    })
}

fn recovery() -> Value {
    let code = RecoveryCode::from_bytes(*b"twenty secret bytes!");
    json!({
        "code_bytes": to_hex(code.expose()),
        "code": code.to_text().as_str(),
        "code_shown": code.to_display().as_str(),
        "salt": to_hex(&SALT),
        "slot_key": to_hex(code.derive_slot_key(&SALT).as_slice()),
    })
}

fn request() -> Value {
    let cases: Vec<Value> = [
        ("GET", "/v1/head", ""),
        ("GET", "/v1/keys?after_epoch=2", ""),
        ("POST", "/v1/receipts", "body"),
    ]
    .map(|(method, path, body)| {
        let nonce = RequestNonce([0x4e; 16]);
        let headers = sign_request(
            &device_key(),
            DEVICE,
            method,
            path,
            body.as_bytes(),
            NOW_MS,
            nonce,
        )
        .unwrap();
        let headers: serde_json::Map<String, Value> = headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        json!({"method": method, "path_and_query": path, "body": body, "headers": headers})
    })
    .into();
    json!({
        "device": DEVICE.to_string(),
        "device_seed": to_hex(device_key().expose()),
        "device_key": to_hex(device_key().public().unwrap().as_bytes()),
        "created_at_ms": NOW_MS,
        "nonce": "4e".repeat(16),
        "cases": cases,
    })
}

fn receipts() -> Value {
    json!({
        "device_seed": to_hex(device_key().expose()),
        "device_key": to_hex(device_key().public().unwrap().as_bytes()),
        "council": COUNCIL.to_string(),
        "device": DEVICE.to_string(),
        "signed": to_hex(receipt().sign(&device_key()).unwrap().as_bytes()),
    })
}
