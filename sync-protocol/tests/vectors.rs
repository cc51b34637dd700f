//! The committed vectors open, verify and, where nothing is random, come out byte for byte the same.
//! `decode_vectors.py` reads them a second time with nothing of ours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::*;
use serde_json::Value;
use sync_protocol::cbor::{from_cbor_exact, to_cbor};
use sync_protocol::chain::*;
use sync_protocol::class_key::*;
use sync_protocol::head::{DeviceHead, SignedHead};
use sync_protocol::key_box::*;
use sync_protocol::model::*;
use sync_protocol::pairing::*;
use sync_protocol::receipt::SignedReceipt;
use sync_protocol::recovery::RecoveryCode;
use sync_protocol::request::*;
use sync_protocol::root::SignedRoot;
use sync_protocol::snapshot::SignedSnapshot;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn load(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} is missing"))
}

fn bytes(value: &Value, key: &str) -> Vec<u8> {
    let hex = text(value, key);
    (0..hex.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap())
        .collect()
}

fn fixed<const N: usize>(value: &Value, key: &str) -> [u8; N] {
    bytes(value, key).try_into().unwrap()
}

#[test]
fn encrypted_files_are_sealed_and_opened_as_before() {
    let vector = load("encrypted_file_1");
    for case in vector["cases"].as_array().unwrap() {
        let len = case["plain_len"].as_u64().unwrap() as usize;
        let (file, blob_id) = sealed_file(&plain(len));
        assert_eq!(blob_id.to_string(), text(case, "blob_id"), "{len} bytes");
        assert_eq!(file[..80], bytes(case, "header"));
        if !case["chunks"].is_null() {
            let old: Vec<u8> = [bytes(case, "header"), bytes(case, "chunks")].concat();
            assert_eq!(open_file(&old, &file_key()).unwrap(), plain(len));
        }
    }
}

#[test]
fn seals_under_a_class_key_open() {
    let vector = load("class_key_1");
    let key = ClassKey::from_bytes(fixed(&vector, "class_key"));
    let payload = &vector["payload"];
    let context: EntryContext = from_cbor_exact(&bytes(payload, "context")).unwrap();
    assert_eq!(
        open_payload(&key, &context, &bytes(payload, "sealed")).unwrap(),
        bytes(payload, "plain")
    );
    let file = &vector["file_key"];
    let context: FileKeyContext = from_cbor_exact(&bytes(file, "context")).unwrap();
    let opened = unwrap_file_key(&key, &context, &WrappedFileKey(bytes(file, "wrapped"))).unwrap();
    assert_eq!(opened.expose(), &fixed(file, "file_key"));
    let local = &vector["local"];
    let opened = open_local(
        &key,
        text(local, "purpose"),
        &bytes(local, "aad"),
        &bytes(local, "sealed"),
    )
    .unwrap();
    assert_eq!(opened, bytes(local, "plain"));
    assert_eq!(
        derive_database_key(&key, &COUNCIL, &AUDIENCE).as_slice(),
        bytes(&vector, "database_key")
    );
}

#[test]
fn keys_of_the_servers_databases_are_derived_as_before() {
    let vector = load("server_database_key_1");
    let key = ClassKey::from_bytes(fixed(&vector, "master_key"));
    for (file, name) in [("server.db", "server_db"), ("oparl.db", "oparl_db")] {
        assert_eq!(
            derive_server_database_key(&key, file).as_slice(),
            bytes(&vector, name)
        );
    }
}

#[test]
fn search_keys_are_derived_as_before() {
    let vector = load("search_key_1");
    let key = ClassKey::from_bytes(fixed(&vector, "class_key"));
    assert_eq!(
        derive_search_key(&key, &COUNCIL, &AUDIENCE).as_slice(),
        bytes(&vector, "search_key")
    );
}

#[test]
fn objects_are_written_as_before() {
    let vector = load("model_1");
    let objects = vector["objects"].as_array().unwrap();
    assert_eq!(objects.len(), ObjectKind::ALL.len());
    for (old, object) in objects.iter().zip(one_of_each()) {
        let kind = ObjectKind::from_number(old["kind"].as_u64().unwrap() as u32);
        let id = text(old, "id").parse().unwrap();
        assert_eq!(
            CouncilObject::from_payload(kind, id, &bytes(old, "payload")).unwrap(),
            object
        );
        assert_eq!(
            object.to_payload(),
            bytes(old, "payload"),
            "{}",
            kind.name()
        );
    }
}

#[test]
fn chains_verify_and_their_payloads_open() {
    let vector = load("chain_1");
    let end = vector["positions"].as_array().unwrap().last().unwrap();
    let end = ChainPosition {
        seq: end["seq"].as_u64().unwrap(),
        hash: text(end, "hash").parse().unwrap(),
    };
    for (page, erased) in [("page", 0), ("page_with_entry_2_erased", 1)] {
        let page = ChainPage::from_bytes(&bytes(&vector, page)).unwrap();
        let run = verify_run(AUDIENCE, &ChainPosition::START, page.entries, &end).unwrap();
        assert_eq!(run.iter().filter(|entry| entry.is_erased()).count(), erased);
        for one in run {
            let Some(sealed) = &one.entry.sealed_payload else {
                continue;
            };
            let payload = open_payload(&class_key(), &one.header.context(COUNCIL), sealed).unwrap();
            CouncilObject::from_payload(one.header.object_kind, one.header.object, &payload)
                .unwrap();
        }
    }
}

#[test]
fn signed_structures_verify_and_are_signed_as_before() {
    let feed = feed_key().public().unwrap();
    let snapshot = SignedSnapshot::from_bytes(&bytes(&load("snapshot_1"), "signed")).unwrap();
    assert_eq!(
        snapshot
            .verify(&feed, &COUNCIL, &AUDIENCE, 1)
            .unwrap()
            .entries
            .len(),
        1
    );

    let signed = SignedHead(bytes(&load("head_1"), "signed"));
    assert_eq!(signed.verify(&feed, &COUNCIL, &DEVICE, 1).unwrap(), head(5));
    assert_eq!(head(5).sign(&feed_key()).unwrap(), signed);

    let confirmed = DeviceHead {
        confirmed_at_ms: Some(NOW_MS),
        ..head(6)
    };
    let signed = SignedHead(bytes(&load("head_2"), "signed"));
    assert_eq!(
        signed.verify(&feed, &COUNCIL, &DEVICE, 1).unwrap(),
        confirmed
    );
    assert_eq!(confirmed.sign(&feed_key()).unwrap(), signed);

    let signed = SignedRoot(bytes(&load("root_1"), "signed"));
    assert_eq!(
        signed.verify(Some(&root_key().public().unwrap())).unwrap(),
        root()
    );
    assert_eq!(root().sign(&root_key()).unwrap(), signed);

    let signed = SignedReceipt(bytes(&load("receipt_1"), "signed"));
    assert_eq!(
        signed
            .verify(&device_key().public().unwrap(), &COUNCIL, &DEVICE)
            .unwrap(),
        receipt()
    );
    assert_eq!(receipt().sign(&device_key()).unwrap(), signed);
}

#[test]
fn key_boxes_open() {
    let vector = load("key_box_1");
    let key = DeviceBoxKey::from_bytes(fixed(&vector, "private_key"));
    assert_eq!(key.public().unwrap().0, bytes(&vector, "public_key"));
    let boxes: KeyBoxes = from_cbor_exact(&bytes(&vector, "boxes")).unwrap();
    let opened = open_key_box(&key, &COUNCIL, &DEVICE, &boxes.boxes[0]).unwrap();
    assert_eq!(opened.expose(), &fixed(&vector, "class_key"));
}

#[test]
fn codes_and_pairing_come_out_as_before() {
    let vector = load("pairing_1");
    let code = InvitationCode::parse(text(&vector, "code_shown")).unwrap();
    assert_eq!(code.expose(), &fixed(&vector, "code_bytes"));
    assert_eq!(
        code.invitation_id().to_string(),
        text(&vector, "invitation_id")
    );
    let (hello, transcript) = pair_hello();
    assert_eq!(to_cbor(&pair_start()), bytes(&vector, "start"));
    assert_eq!(to_cbor(&hello), bytes(&vector, "hello"));
    assert_eq!(
        to_cbor(&make_finish(&code, &transcript, DEVICE)),
        bytes(&vector, "finish")
    );
    assert_eq!(transcript.as_bytes(), &fixed(&vector, "transcript"));
    let words: Vec<&str> = vector["words"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(transcript.confirm_words(&code).to_vec(), words);

    let vector = load("recovery_1");
    let code = RecoveryCode::parse(text(&vector, "code_shown")).unwrap();
    assert_eq!(code.to_text().as_str(), text(&vector, "code"));
    assert_eq!(code.expose(), &fixed(&vector, "code_bytes"));
    assert_eq!(
        code.derive_slot_key(&fixed(&vector, "salt")).as_slice(),
        bytes(&vector, "slot_key")
    );
}

#[test]
fn requests_are_signed_as_before() {
    let vector = load("request_1");
    for case in vector["cases"].as_array().unwrap() {
        let (method, path, body) = (
            text(case, "method"),
            text(case, "path_and_query"),
            text(case, "body").as_bytes(),
        );
        let nonce = RequestNonce(fixed(&vector, "nonce"));
        let made = sign_request(&device_key(), DEVICE, method, path, body, NOW_MS, nonce).unwrap();
        for (name, value) in &made {
            assert_eq!(value, text(&case["headers"], name), "{method} {path}");
        }
        let headers = RequestHeaders::parse(&made[0].1, &made[1].1, &made[2].1).unwrap();
        verify_request(
            &device_key().public().unwrap(),
            &headers,
            method,
            path,
            body,
            NOW_MS,
        )
        .unwrap();
    }
}

fn run_decoder(vectors: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode_vectors.py");
    let output = Command::new("python3")
        .arg(script)
        .arg(vectors)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/words.rs"))
        .output()
        .expect("python3 is needed for the second decoder (see README)");
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

#[test]
fn a_decoder_that_shares_no_code_agrees() {
    let (is_good, output) = run_decoder(&folder());
    assert!(is_good, "{output}");
    assert!(output.contains("21 files"), "{output}");
}

#[test]
fn the_other_decoder_finds_a_changed_vector() {
    let changed =
        std::env::temp_dir().join(format!("sync-protocol-vectors-{}", std::process::id()));
    for (name, key) in [
        ("head_1", "signed"),
        ("recovery_1", "slot_key"),
        ("chain_1", "page"),
        ("faction_snapshot_1", "signed"),
        ("faction_join_1", "transcript"),
        ("faction_entry_1", "entry"),
    ] {
        std::fs::create_dir_all(&changed).unwrap();
        for file in std::fs::read_dir(folder()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), changed.join(file.file_name())).unwrap();
        }
        let mut vector = load(name);
        let mut hex = text(&vector, key).to_owned();
        let last = if hex.ends_with('0') { "1" } else { "0" };
        hex.replace_range(hex.len() - 1.., last);
        vector[key] = hex.into();
        std::fs::write(changed.join(format!("{name}.json")), vector.to_string()).unwrap();
        let (is_good, output) = run_decoder(&changed);
        std::fs::remove_dir_all(&changed).unwrap();
        assert!(
            !is_good,
            "{name} was changed and nothing was found: {output}"
        );
    }
}
