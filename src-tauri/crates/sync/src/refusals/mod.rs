//! A council server that lies, in every way a tablet can notice: each lie is refused by name, and what lay on the device
//! lies there byte for byte. Afterwards the tablet goes on with an honest server as if nothing had been.

mod named;
mod snapshots;
pub(crate) mod tls;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sync_protocol::cbor::to_cbor;
use sync_protocol::chain::{ChainPage, Entry, EntryDraft, Op};
use sync_protocol::class_key::{ClassKey, EntryContext, KeyEpoch, seal_payload};
use sync_protocol::head::{AudienceKind, DeviceHead};
use sync_protocol::ids::{CouncilId, DeviceId, Hash};
use sync_protocol::key_box::{KeyBoxContext, KeyBoxes, make_key_box};
use sync_protocol::model::{CouncilObject, ObjectKind};
use sync_protocol::sign::SigningKey;
use sync_protocol::snapshot::Snapshot;
use sync_protocol::wire::{PATH_HEAD, PATH_KEYS, PATH_ROOT, path_snapshot};

use crate::store::CouncilStore;
use crate::testing::liar::Liar;
use crate::testing::{Chain, LEASE_MS, NOW_MS, Tablet, id, paper};
use crate::{Backoff, CancelFlag, SyncConfig, SyncEngine, SyncError, SyncOutcome};

/// A tablet and the server it was paired with.
struct Stage {
    liar: Liar,
    tablet: Tablet,
    engine: SyncEngine,
    public: Chain,
    closed: Chain,
    counter: u64,
}

fn bytes_of(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes_of(&path, found);
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
}

impl Stage {
    /// A tablet that has never synchronised; two papers wait in each chain.
    fn new() -> Self {
        Self::with(Liar::start(), true)
    }

    /// The same with a certain server, whose TLS key the root document names or does not.
    fn with(liar: Liar, is_pinned: bool) -> Self {
        let pins = if is_pinned { vec![liar.spki] } else { vec![] };
        let tablet = Tablet::paired_with(liar.url(), pins);
        let config = SyncConfig {
            clock: std::sync::Arc::new(|| NOW_MS),
            backoff: Backoff::NONE,
            parallel_files: 2,
        };
        let mut public = Chain::new(tablet.council, AudienceKind::Public);
        let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
        for (chain, first) in [(&mut public, 1), (&mut closed, 11)] {
            chain.put(paper(first, None, &[]));
            chain.put(paper(first + 1, None, &[]));
        }
        let stage = Self {
            liar,
            tablet,
            engine: SyncEngine::new(config),
            public,
            closed,
            counter: 5,
        };
        stage.say_everything();
        stage
    }

    /// The same after an honest run, with one more paper waiting in each chain.
    async fn settled() -> Self {
        let mut stage = Self::new();
        stage.run().await.unwrap();
        stage.public.take_new();
        stage.closed.take_new();
        stage.counter += 1;
        stage.public.put(paper(3, None, &[]));
        stage.closed.put(paper(13, None, &[]));
        stage.say_everything();
        stage
    }

    fn head(&self) -> DeviceHead {
        let mut audiences = vec![self.public.listed(), self.closed.listed()];
        audiences.sort_by_key(|listed| listed.id);
        DeviceHead {
            council: self.tablet.council,
            device: self.tablet.device,
            generation: 1,
            counter: self.counter,
            issued_at_ms: NOW_MS + i64::try_from(self.counter).unwrap(),
            expires_at_ms: NOW_MS + LEASE_MS,
            audiences,
            confirmed_at_ms: Some(NOW_MS),
        }
    }

    fn say_head(&self, head: &DeviceHead) {
        self.liar
            .say(PATH_HEAD, head.sign(&self.tablet.feed).unwrap().0);
    }

    fn say_chain(&self, chain: &Chain, entries: Vec<Entry>) {
        self.liar.say(
            &format!("/v1/chain/{}", chain.audience),
            to_cbor(&ChainPage { entries }),
        );
    }

    fn say_keys(&self, device: DeviceId, chains: &[&Chain]) {
        let public = self
            .tablet
            .vault
            .keyring()
            .device_box_key(self.tablet.council)
            .unwrap()
            .public()
            .unwrap();
        let boxes = chains.iter().map(|chain| {
            let council = self.tablet.council;
            let context = KeyBoxContext {
                council,
                device,
                audience: chain.audience,
                epoch: chain.epoch,
            };
            make_key_box(&public, &context, &chain.key).unwrap()
        });
        self.liar.say(
            PATH_KEYS,
            to_cbor(&KeyBoxes {
                boxes: boxes.collect(),
            }),
        );
    }

    /// The truth.
    fn say_everything(&self) {
        self.say_head(&self.head());
        self.say_chain(&self.public, self.public.fresh.clone());
        self.say_chain(&self.closed, self.closed.fresh.clone());
        self.say_keys(self.tablet.device, &[&self.public, &self.closed]);
        self.liar.say(
            PATH_ROOT,
            self.tablet.document.sign(&self.tablet.root).unwrap().0,
        );
    }

    async fn run(&self) -> Result<SyncOutcome, SyncError> {
        self.engine
            .run(
                &self.tablet.vault,
                self.tablet.council,
                |_| {},
                CancelFlag::new(),
            )
            .await
    }

    fn paper_count(&self) -> usize {
        CouncilStore::open(&self.tablet.vault, self.tablet.council, NOW_MS)
            .unwrap()
            .papers()
            .unwrap()
            .len()
    }

    /// The lie that is being told is refused by this name, nothing changes, and the truth is taken afterwards.
    async fn is_refused(&self, code: &str) {
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        bytes_of(self.tablet.folder.path(), &mut before);
        assert_eq!(self.run().await.unwrap_err().code(), code);
        bytes_of(self.tablet.folder.path(), &mut after);
        let changed: Vec<&PathBuf> = before
            .keys()
            .chain(after.keys())
            .filter(|path| before.get(*path) != after.get(*path))
            .collect();
        assert!(changed.is_empty(), "{code} changed {changed:?}");
        self.say_everything();
        self.run().await.expect("the truth is taken after the lie");
        assert_eq!(self.paper_count(), 6);
    }

    async fn head_is_refused(lie: impl FnOnce(&mut DeviceHead), code: &str) {
        let stage = Self::settled().await;
        let mut head = stage.head();
        lie(&mut head);
        stage.say_head(&head);
        stage.is_refused(code).await;
    }
}

#[tokio::test]
async fn heads_that_go_back_are_refused() {
    Stage::head_is_refused(|head| head.counter = 4, "counter_too_low").await;
    Stage::head_is_refused(|head| head.counter = 5, "counter_reused").await;
    Stage::head_is_refused(|head| head.generation = 0, "generation_too_low").await;
    Stage::head_is_refused(|head| head.generation = 2, "generation_unknown").await;
    Stage::head_is_refused(|head| head.expires_at_ms = head.issued_at_ms, "bad_times").await;
    Stage::head_is_refused(|head| head.audiences[0].seq = 1, "seq_too_low").await;
    Stage::head_is_refused(
        |head| head.audiences[1].key_epoch = KeyEpoch(0),
        "epoch_too_low",
    )
    .await;
    let fork =
        |head: &mut DeviceHead| (head.audiences[0].seq, head.audiences[0].hash) = (2, Hash::ZERO);
    Stage::head_is_refused(fork, "fork").await;
}

#[tokio::test]
async fn heads_for_others_are_refused() {
    Stage::head_is_refused(
        |head| head.device = DeviceId::make().unwrap(),
        "foreign_device",
    )
    .await;
    Stage::head_is_refused(
        |head| head.council = CouncilId::make().unwrap(),
        "foreign_council",
    )
    .await;
}

#[tokio::test]
async fn heads_that_the_council_did_not_sign_are_refused() {
    let stage = Stage::settled().await;
    let stranger = SigningKey::make().unwrap();
    stage
        .liar
        .say(PATH_HEAD, stage.head().sign(&stranger).unwrap().0);
    stage.is_refused("bad_signature").await;

    let stage = Stage::settled().await;
    let mut signed = stage.head().sign(&stage.tablet.feed).unwrap().0;
    *signed.last_mut().unwrap() ^= 1;
    stage.liar.say(PATH_HEAD, signed);
    stage.is_refused("bad_signature").await;

    let stage = Stage::settled().await;
    stage.liar.say(PATH_HEAD, vec![0; 2_000_000]);
    stage.is_refused("malformed").await;
}

#[tokio::test]
async fn chains_with_a_gap_a_fork_or_a_short_end_are_refused() {
    let stage = Stage::settled().await;
    stage.say_chain(&stage.closed, vec![]);
    stage.is_refused("gap").await;

    // The first of two entries is left out.
    let mut stage = Stage::settled().await;
    stage.closed.remove(ObjectKind::Paper, id(99));
    stage.say_everything();
    stage.say_chain(&stage.closed, stage.closed.fresh[1..].to_vec());
    stage.is_refused("gap").await;

    // An entry of the right number from another history.
    let stage = Stage::settled().await;
    let mut other = Chain::new(stage.tablet.council, AudienceKind::Organization);
    other.audience = stage.closed.audience;
    for n in 1..=3 {
        other.put(paper(n, None, &[]));
    }
    stage.say_chain(&stage.closed, vec![other.fresh[2].clone()]);
    stage.is_refused("fork").await;

    let stage = Stage::settled().await;
    stage.say_chain(&stage.closed, stage.public.fresh.clone());
    stage.is_refused("bad_chain").await;
}

#[tokio::test]
async fn one_bad_chain_stops_all_of_them() {
    let stage = Stage::settled().await;
    let mut entries = stage.closed.fresh.clone();
    entries[0].sealed_payload.as_mut().unwrap()[30] ^= 1;
    stage.say_chain(&stage.closed, entries);
    // `is_refused` finds the public chain, which came first and is good, not applied either.
    stage.is_refused("payload_mismatch").await;
}

#[tokio::test]
async fn entries_that_do_not_hold_what_they_say_are_refused() {
    async fn refused(draft: impl FnOnce(&Chain) -> EntryDraft) {
        let mut stage = Stage::settled().await;
        let (honest, at) = (stage.closed.fresh.clone(), stage.closed.at);
        let draft = draft(&stage.closed);
        stage.closed.append(draft);
        stage.say_everything();
        let mut before = BTreeMap::new();
        bytes_of(stage.tablet.folder.path(), &mut before);
        assert_eq!(stage.run().await.unwrap_err().code(), "bad_entry");
        let mut after = BTreeMap::new();
        bytes_of(stage.tablet.folder.path(), &mut after);
        assert!(before == after, "nothing may be stored");
        (stage.closed.fresh, stage.closed.at) = (honest, at);
        stage.say_everything();
        stage.run().await.unwrap();
    }
    fn sealed(chain: &Chain, key: &ClassKey, object: &CouncilObject) -> EntryDraft {
        let context = EntryContext {
            council: chain.council,
            audience: chain.audience,
            object_kind: ObjectKind::Paper,
            object: id(14),
            revision: 9,
            key_epoch: chain.epoch,
        };
        EntryDraft {
            op: Op::Upsert,
            object_kind: ObjectKind::Paper,
            object: id(14),
            revision: 9,
            key_epoch: chain.epoch,
            blob_id: None,
            sealed_payload: Some(seal_payload(key, &context, &object.to_payload()).unwrap()),
            wrapped_file_key: None,
        }
    }
    refused(|chain| {
        sealed(
            chain,
            &ClassKey::make().unwrap(),
            &paper(14, None, &[]).into(),
        )
    })
    .await;
    refused(|chain| sealed(chain, &chain.key, &paper(15, None, &[]).into())).await;
    refused(|chain| {
        sealed(
            chain,
            &chain.key,
            &crate::testing::item(14, 1, 1, true).into(),
        )
    })
    .await;
}

#[tokio::test]
async fn key_boxes_that_are_missing_or_for_another_are_refused() {
    for lie in 0..2 {
        let mut stage = Stage::settled().await;
        (stage.closed.epoch, stage.closed.key) = (KeyEpoch(2), ClassKey::make().unwrap());
        stage.say_everything();
        match lie {
            0 => stage.say_keys(stage.tablet.device, &[&stage.public]),
            _ => stage.say_keys(DeviceId::make().unwrap(), &[&stage.public, &stage.closed]),
        }
        stage.is_refused("bad_key_box").await;
    }
}

#[tokio::test]
async fn another_tls_key_is_refused_unless_the_root_key_vouches_for_it() {
    let mut stage = Stage::settled().await;
    let stranger = Liar::start();
    let honest = std::mem::replace(&mut stage.liar, stranger);
    stage.say_everything();
    let council = stage.tablet.council;
    stage
        .tablet
        .vault
        .keyring()
        .update_council(council, |record| record.address = stage.liar.url())
        .unwrap();
    assert_eq!(stage.run().await.unwrap_err().code(), "pin_mismatch");

    // A root document that names the new key, signed by a key that is not pinned.
    let mut document = stage.tablet.document.clone();
    (document.serial, document.tls_spki) = (2, vec![honest.spki, stage.liar.spki]);
    let forger = SigningKey::make().unwrap();
    let mut forged = document.clone();
    forged.root_key = forger.public().unwrap();
    stage.liar.say(PATH_ROOT, forged.sign(&forger).unwrap().0);
    assert_eq!(stage.run().await.unwrap_err().code(), "pin_mismatch");
    assert_eq!(stage.paper_count(), 4);

    // The same, signed by the council.
    stage
        .liar
        .say(PATH_ROOT, document.sign(&stage.tablet.root).unwrap().0);
    stage.run().await.unwrap();
    assert_eq!(stage.paper_count(), 6);
    stage.liar.take_asked();
    stage.counter += 1;
    stage.say_everything();
    assert_eq!(
        stage.run().await.unwrap().requests,
        1,
        "the new pins were kept"
    );
}

#[tokio::test]
async fn a_restored_server_with_a_higher_generation_is_followed() {
    let mut stage = Stage::settled().await;
    // The backup knows the first paper only; since then the chain has gone another way.
    let mut restored = Chain::new(stage.tablet.council, AudienceKind::Public);
    (restored.audience, restored.key) = (stage.public.audience, stage.public.key.clone());
    restored.put(paper(1, None, &[]));
    restored.put(paper(7, None, &[]));
    stage.public = restored;
    let mut document = stage.tablet.document.clone();
    (document.serial, document.generation) = (2, 2);
    stage.tablet.document = document;
    stage.say_everything();
    let mut head = stage.head();
    (head.generation, head.counter) = (2, 1);
    stage.say_head(&head);
    let entries = stage.public.fresh.clone();
    let snapshot = |chain: &Chain, entries: Vec<Entry>| Snapshot {
        council: chain.council,
        audience: chain.audience,
        generation: 2,
        seq: chain.at.seq,
        hash: chain.at.hash,
        entries,
    };
    let feed = stage.tablet.feed.clone();
    stage.say_snapshot(snapshot(&stage.public, entries), &feed);
    let closed = snapshot(&stage.closed, stage.closed.fresh.clone())
        .sign(&feed)
        .unwrap()
        .to_bytes();
    stage
        .liar
        .say(&path_snapshot(&stage.closed.audience), closed);
    stage.run().await.unwrap();
    let store = CouncilStore::open(&stage.tablet.vault, stage.tablet.council, NOW_MS).unwrap();
    let public: Vec<_> = store
        .papers()
        .unwrap()
        .into_iter()
        .filter(|held| held.public)
        .map(|held| held.object.id)
        .collect();
    assert!(
        public.len() == 2 && public.contains(&id(7)),
        "what the restored server does not know is gone: {public:?}"
    );
    stage.say_head(&stage.head());
    assert_eq!(
        stage.run().await.unwrap_err().code(),
        "generation_too_low",
        "there is no way back"
    );
}
