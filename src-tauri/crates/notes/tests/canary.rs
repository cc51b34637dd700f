//! A hundred random strings go into the vault; none of them may stand readable in any byte of the data folder.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{AUDIENCE, COUNCIL, anchor_at, file_anchor, note, passphrase, quote};
use notes::{Color, MarkBody, MarkChange, MarkDraft, NoteStore, ObjectId, Target};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::encrypted_file::{FileKey, make_salt, seal};
use sync_protocol::head::HighWater;
use sync_protocol::ids::DeviceId;
use sync_protocol::root::SignedRoot;
use sync_protocol::sign::PublicKey;
use vault::{CouncilRecord, KdfCost, Vault, make_device_keys};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found
}

/// Files with one of the strings in them, as UTF-8 or UTF-16. All strings have one length.
fn found_in(folder: &Path, canaries: &[String]) -> Vec<PathBuf> {
    let utf8: HashSet<Vec<u8>> = canaries
        .iter()
        .map(|canary| canary.clone().into_bytes())
        .collect();
    let utf16: HashSet<Vec<u8>> = canaries
        .iter()
        .map(|canary| canary.encode_utf16().flat_map(u16::to_le_bytes).collect())
        .collect();
    let has = |bytes: &[u8], set: &HashSet<Vec<u8>>| {
        // Looking at two bytes first makes it quick; random bytes seldom begin like one of the strings.
        let beginnings: HashSet<[u8; 2]> =
            set.iter().map(|canary| [canary[0], canary[1]]).collect();
        let begins: Vec<bool> = (0..=u16::MAX)
            .map(|pair| beginnings.contains(&pair.to_le_bytes()))
            .collect();
        let len = set.iter().next().map_or(1, Vec::len);
        bytes.windows(len).any(|window| {
            begins[usize::from(u16::from_le_bytes([window[0], window[1]]))] && set.contains(window)
        })
    };
    files(folder)
        .into_iter()
        .filter(|path| {
            let bytes = fs::read(path).unwrap();
            let name = path.to_string_lossy();
            has(&bytes, &utf8)
                || has(&bytes, &utf16)
                || canaries.iter().any(|canary| name.contains(canary))
        })
        .collect()
}

fn fill(vault: &Arc<Vault>, canaries: &mut impl Iterator<Item = String>) -> NoteStore {
    let mut next = || canaries.next().unwrap();
    let device = DeviceId::from_bytes([9; 16]);
    let record = CouncilRecord {
        council: COUNCIL,
        name: next(),
        person_name: next(),
        address: next(),
        root_key: PublicKey([3; 32]),
        device,
        signed_root: SignedRoot(next().into_bytes()),
        head_high_water: HighWater::new(COUNCIL, device),
        signed_head: None,
        confirmed: false,
        confirm_words: vec![next()],
        revoked: false,
        paired_at_ms: 1,
        last_sync_at_ms: None,
        ended_audiences: Vec::new(),
        forgetting: vault::Forgetting::default(),
    };
    vault
        .keyring()
        .add_council(record, &make_device_keys().unwrap())
        .unwrap();
    vault
        .keyring()
        .put_class_keys(
            COUNCIL,
            &[(AUDIENCE, KeyEpoch(1), ClassKey::make().unwrap())],
        )
        .unwrap();

    let titles = "CREATE VIRTUAL TABLE titles USING fts5(title); INSERT INTO titles(titles, rank) VALUES ('secure-delete', 1);";
    for connection in [
        vault.open_council_db(COUNCIL).unwrap(),
        vault.open_closed_db(COUNCIL, AUDIENCE).unwrap(),
    ] {
        connection.execute_batch(titles).unwrap();
        for _ in 0..10 {
            connection
                .execute("INSERT INTO titles VALUES (?1)", [next()])
                .unwrap();
        }
    }

    let key = FileKey::make().unwrap();
    let plain = next().into_bytes();
    let mut sealed = Vec::new();
    let blob_id = seal(
        &key,
        make_salt().unwrap(),
        plain.as_slice(),
        plain.len() as u64,
        &mut sealed,
    )
    .unwrap();
    let mut part = vault.blobs(COUNCIL).resume(blob_id).unwrap();
    part.append(&sealed).unwrap();
    part.finish().unwrap();

    let store = NoteStore::open(Arc::clone(vault)).unwrap();
    for _ in 0..8 {
        let mut draft = note(&next());
        draft.anchor.quote = Some(quote(&next()));
        let id = store.mark_create(&draft, 1).unwrap().id;
        store
            .mark_update(
                id,
                &MarkChange {
                    text: Some(next()),
                    ..MarkChange::default()
                },
                2,
            )
            .unwrap();
        let mut anchor = file_anchor(1);
        anchor.sealed_class = Some(AUDIENCE);
        anchor.quote = Some(quote(&next()));
        let body = MarkBody::Highlight {
            color: Color::Green,
            text: Some(next()),
        };
        let id = store
            .mark_create(
                &MarkDraft {
                    anchor,
                    body,
                    made_at_item: None,
                    imported_from: None,
                },
                3,
            )
            .unwrap()
            .id;
        store.mark_delete(id, 4).unwrap();
        let anchor = anchor_at(Target::Meeting(ObjectId::from_bytes([6; 16])));
        store
            .mark_create(
                &MarkDraft {
                    anchor,
                    body: MarkBody::Note { text: next() },
                    made_at_item: None,
                    imported_from: None,
                },
                5,
            )
            .unwrap();
    }
    store.purge_deleted(10).unwrap();
    for _ in 0..25 {
        store.setting_set(&next(), Some("x")).unwrap();
    }
    store.setting_set("name", Some(&next())).unwrap();
    store
}

// Shows: O.Data_2, MASVS-STORAGE-1
#[test]
fn no_word_of_the_member_or_the_council_stands_readable_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, code) =
        Vault::create_with(folder.path(), &passphrase(), KdfCost::for_tests()).unwrap();
    let vault = Arc::new(vault);
    let canaries: Vec<String> = (0..100)
        .map(|_| ObjectId::make().unwrap().to_string())
        .collect();
    let mut rest = canaries.iter().cloned();
    let store = fill(&vault, &mut rest);
    assert_eq!(rest.count(), 0, "all hundred are in the vault");

    assert!(
        folder.path().join("private.db-wal").exists(),
        "the log is searched while it is in use"
    );
    assert_eq!(
        found_in(folder.path(), &canaries),
        <[PathBuf; 0]>::default(),
        "while the vault is open"
    );
    drop((store, vault));
    assert_eq!(
        found_in(folder.path(), &canaries),
        <[PathBuf; 0]>::default(),
        "after it was closed"
    );
    let secrets = [
        code.to_text().to_string(),
        code.to_display().to_string(),
        "apfel birne kirsche".into(),
    ];
    for secret in secrets {
        assert_eq!(
            found_in(folder.path(), &[secret]),
            <[PathBuf; 0]>::default(),
            "no way in stands on disk"
        );
    }

    // The search finds what is there: in text, in UTF-16, in the middle of other bytes.
    let planted = folder.path().join("councils").join("planted");
    for canary in [&canaries[0], &canaries[99]] {
        fs::write(&planted, format!("vor{canary}nach")).unwrap();
        assert_eq!(
            found_in(folder.path(), &canaries),
            std::slice::from_ref(&planted)
        );
    }
    let wide: Vec<u8> = [0xff]
        .into_iter()
        .chain(canaries[50].encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    fs::write(&planted, wide).unwrap();
    assert_eq!(found_in(folder.path(), &canaries), [planted]);
}
