//! The committed vectors of the faction space verify, open and, where nothing is random, come out byte for byte the same.
//! `decode_vectors.py` reads them a second time with nothing of ours (started by `vectors.rs`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use std::path::Path;

use common::class_key;
use common::faction::*;
use serde_json::Value;
use sync_protocol::cbor::{from_cbor_exact, to_cbor};
use sync_protocol::faction::content::{Content, kind};
use sync_protocol::faction::device::DeviceKind;
use sync_protocol::faction::envelope::*;
use sync_protocol::faction::inner::{InnerPlace, open_inner};
use sync_protocol::faction::join::*;
use sync_protocol::faction::link::SignedLink;
use sync_protocol::faction::paper::PaperKey;
use sync_protocol::faction::qr::QrInvitation;
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed::*;
use sync_protocol::faction::seed_box::*;
use sync_protocol::faction::snapshot::SignedSnapshot;
use sync_protocol::faction::wire::Entry;

fn load(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("vectors/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} is missing"))
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

fn bytes(value: &Value, key: &str) -> Vec<u8> {
    unhex(text(value, key))
}

fn list(value: &Value, key: &str) -> Vec<Vec<u8>> {
    let items = value[key].as_array().unwrap();
    items
        .iter()
        .map(|item| unhex(item.as_str().unwrap()))
        .collect()
}

fn roster() -> (Value, Roster) {
    let vector = load("faction_roster_1");
    let links: Vec<SignedLink> = list(&vector, "links").into_iter().map(SignedLink).collect();
    let roster = Roster::verify(&links, Some(&text(&vector, "faction").parse().unwrap())).unwrap();
    for link in &links {
        let author = link.place().unwrap().author;
        let key = (1..16)
            .map(keys)
            .find(|keys| keys.device == author)
            .unwrap()
            .sign;
        assert_eq!(
            link.read().unwrap().sign(&key).unwrap(),
            *link,
            "written as before"
        );
    }
    (vector, roster)
}

#[test]
fn rosters_verify_and_their_seeds_and_names_open() {
    let (vector, roster) = roster();
    let seeds = list(&vector, "seeds");
    assert_eq!(roster.epoch().0 as usize, seeds.len());
    assert_eq!(
        seeds.last().unwrap().as_slice(),
        seed(roster.epoch().0).expose()
    );
    let newest = seed(roster.epoch().0);
    let before = Epoch(roster.epoch().0 - 1);
    let sealed = roster.previous(roster.epoch()).unwrap();
    assert_eq!(
        open_previous(&newest, &roster.faction(), before, sealed).unwrap(),
        seed(before.0)
    );
    assert_eq!(
        open_name(&seed(1), Named::Faction, roster.name()).unwrap(),
        text(&vector, "name")
    );
    for seed_box in list(&vector, "boxes") {
        let seed_box: SeedBox = from_cbor_exact(&seed_box).unwrap();
        let owner = (1..16)
            .map(keys)
            .find(|keys| keys.device == seed_box.device)
            .unwrap();
        assert_eq!(
            open_seed_box(&roster, &owner.boxes, owner.device, &seed_box).unwrap(),
            newest
        );
    }
    let claim = keys(1).claim(None, user(1), DeviceKind::Tablet).unwrap();
    assert_eq!(
        claim.fingerprint().to_display(),
        text(&vector, "fingerprint_shown")
    );
}

#[test]
fn envelopes_verify_and_open() {
    let (_, roster) = roster();
    let vector = load("faction_envelope_1");
    let mut at = AuthorPosition::START;
    for (envelope, plain) in list(&vector, "envelopes")
        .into_iter()
        .zip(list(&vector, "contents"))
    {
        let verified = verify_envelope(&roster, &at, &SignedEnvelope(envelope)).unwrap();
        assert_eq!(
            verified.open(&seed(verified.header.epoch.0)).unwrap(),
            plain
        );
        let content = Content::from_bytes(&plain).unwrap();
        assert_eq!(content.to_bytes(), plain);
        if let Some(inner) = &content.items[0].inner {
            let place = InnerPlace {
                faction: roster.faction(),
                item: ITEM,
                kind: kind::SHARE,
            };
            assert_eq!(
                open_inner(&class_key(), place, inner).unwrap(),
                bytes(&vector, "inner_plain")
            );
        }
        at = verified.position;
    }
    assert_eq!(at.counter, 2);
}

#[test]
fn snapshots_verify_and_open() {
    let (_, roster) = roster();
    let vector = load("faction_snapshot_1");
    let signed = bytes(&vector, "signed");
    let snapshot = SignedSnapshot::from_bytes(&signed).unwrap();
    assert_eq!(snapshot.to_bytes(), signed);
    let verified = snapshot.verify(&roster, |_| AuthorPosition::START).unwrap();
    let kept = verified.open(&seed(verified.epoch.0)).unwrap();
    assert_eq!(to_cbor(&kept), bytes(&vector, "kept"));
}

#[test]
fn joining_comes_out_as_before() {
    let vector = load("faction_join_1");
    let qr = QrInvitation::parse(text(&vector, "qr")).unwrap();
    assert_eq!(qr.to_text().as_str(), text(&vector, "qr"));
    assert_eq!(
        qr.join_key().invitation_id().to_string(),
        text(&vector, "qr_invitation")
    );
    let letter = LetterCode::parse(text(&vector, "letter_shown")).unwrap();
    let key = JoinKey::of_letter(&letter);
    assert_eq!(key.expose().as_slice(), bytes(&vector, "join_key"));
    let start: JoinStart = from_cbor_exact(&bytes(&vector, "start")).unwrap();
    let hello: JoinHello = from_cbor_exact(&bytes(&vector, "hello")).unwrap();
    let finish: JoinFinish = from_cbor_exact(&bytes(&vector, "finish")).unwrap();
    let (made, transcript) = make_hello(&key, &start, hello.offer);
    assert_eq!(made, hello);
    assert_eq!(
        transcript.as_bytes().as_slice(),
        bytes(&vector, "transcript")
    );
    let names = check_finish(&key, &transcript, &start, &hello.offer, &finish).unwrap();
    assert_eq!(
        (names.user.as_str(), names.device.as_str()),
        (text(&vector, "user_name"), text(&vector, "device_name"))
    );
    let words: Vec<&str> = vector["words"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(transcript.confirm_words(&key).to_vec(), words);
}

#[test]
fn paper_keys_are_derived_as_before() {
    let vector = load("faction_paper_1");
    let keys = PaperKey::parse(text(&vector, "code_shown"))
        .unwrap()
        .derive_keys();
    assert_eq!(keys.device.to_string(), text(&vector, "device"));
    assert_eq!(
        keys.sign.expose().as_slice(),
        bytes(&vector, "signing_seed")
    );
    assert_eq!(keys.boxes.expose().as_slice(), bytes(&vector, "box_seed"));
}

#[test]
fn entries_come_out_as_before() {
    let (_, roster) = roster();
    let vector = load("faction_entry_1");
    let device = text(&vector, "device").parse().unwrap();
    let entry: Entry = from_cbor_exact(&bytes(&vector, "entry")).unwrap();
    assert!(entry.is_good(&roster, device));
    assert_eq!(
        Entry::make(&keys(1), roster.faction(), device).unwrap(),
        entry
    );
}
