//! Lies about snapshots: a new tablet has nothing to compare them with but the head.

use sync_protocol::ids::Hash;
use sync_protocol::sign::SigningKey;
use sync_protocol::snapshot::Snapshot;
use sync_protocol::wire::path_snapshot;

use super::Stage;
use crate::testing::paper;

/// A stage whose public chain is long enough for a snapshot.
pub(super) fn long_stage() -> (Stage, Snapshot) {
    let mut stage = Stage::new();
    for _ in 0..300 {
        stage.public.put(paper(1, None, &[]));
    }
    stage.public.put(paper(3, None, &[]));
    stage.closed.put(paper(13, None, &[]));
    stage.say_everything();
    let snapshot = snapshot_of(&stage);
    (stage, snapshot)
}

/// The honest snapshot of its public chain.
pub(super) fn snapshot_of(stage: &Stage) -> Snapshot {
    let live = [1, 301, 302].map(|n: usize| stage.public.fresh[n].clone());
    Snapshot {
        council: stage.tablet.council,
        audience: stage.public.audience,
        generation: 1,
        seq: stage.public.at.seq,
        hash: stage.public.at.hash,
        entries: live.to_vec(),
    }
}

impl Stage {
    pub(super) fn say_snapshot(&self, snapshot: Snapshot, key: &SigningKey) {
        self.liar.say(
            &path_snapshot(&self.public.audience),
            snapshot.sign(key).unwrap().to_bytes(),
        );
    }
}

#[tokio::test]
async fn a_new_tablet_begins_with_a_snapshot() {
    let (stage, snapshot) = long_stage();
    stage.say_snapshot(snapshot, &stage.tablet.feed);
    stage.run().await.unwrap();
    assert_eq!(stage.paper_count(), 6);
    let asked = stage.liar.take_asked();
    assert!(
        !asked
            .iter()
            .any(|path| path.contains(&format!("chain/{}", stage.public.audience))),
        "{asked:?}"
    );
}

#[tokio::test]
async fn snapshots_that_do_not_fit_are_refused() {
    async fn refused(code: &str, lie: impl FnOnce(&Stage, &mut Snapshot) -> Option<SigningKey>) {
        let (stage, honest) = long_stage();
        let mut snapshot = honest.clone();
        let key = lie(&stage, &mut snapshot).unwrap_or_else(|| stage.tablet.feed.clone());
        stage.say_snapshot(snapshot, &key);
        assert_eq!(stage.run().await.unwrap_err().code(), code);
        assert_eq!(
            stage.paper_count(),
            0,
            "nothing of a refused snapshot is stored"
        );
        assert!(
            stage
                .tablet
                .vault
                .keyring()
                .audiences(stage.tablet.council)
                .is_empty(),
            "and no key"
        );
        stage.say_snapshot(honest, &stage.tablet.feed);
        stage.run().await.unwrap();
        assert_eq!(stage.paper_count(), 6);
    }
    refused("bad_signature", |_, _| Some(SigningKey::make().unwrap())).await;
    refused("snapshot_mismatch", |stage, snapshot| {
        snapshot.audience = stage.closed.audience;
        None
    })
    .await;
    refused("snapshot_mismatch", |_, snapshot| {
        snapshot.generation = 7;
        None
    })
    .await;
    // Signed, but not where the head says: it was made of another history.
    refused("snapshot_mismatch", |_, snapshot| {
        snapshot.entries.pop();
        snapshot.hash = Hash::ZERO;
        None
    })
    .await;
    refused("snapshot_mismatch", |_, snapshot| {
        snapshot.entries.pop();
        (snapshot.seq, snapshot.hash) = (302, Hash::ZERO);
        None
    })
    .await;
}
