//! Small real things for the unit tests: a vault in a temporary folder, and a council that writes chains by hand.

pub(crate) mod dice;
pub(crate) mod liar;

use std::sync::Arc;

use sync_protocol::chain::{
    ChainPosition, Entry, EntryDraft, Op, VerifiedEntry, make_entry, verify_run,
};
use sync_protocol::class_key::{
    ClassKey, EntryContext, FileKeyContext, KeyEpoch, seal_payload, wrap_file_key,
};
use sync_protocol::encrypted_file::{FileKey, make_salt, seal};
use sync_protocol::head::{AudienceHead, AudienceKind, DeviceHead, HighWater};
use sync_protocol::ids::{AudienceId, BlobId, CouncilId, DeviceId, ObjectId};
use sync_protocol::model::{AgendaItem, CouncilObject, File, Meeting, ObjectKind, Paper};
use sync_protocol::root::RootDocument;
use sync_protocol::sign::SigningKey;
use vault::{CouncilRecord, KdfCost, Passphrase, Vault, make_device_keys};

use crate::apply::{Accepted, Stored};
use crate::plan::SyncPlan;
use crate::plan::changes::plan_changes;
use crate::pull::{NewKeys, Pulled, PulledChain};

pub(crate) const NOW_MS: i64 = 1_800_000_000_000;

/// 30 days, as the server grants them.
pub(crate) const LEASE_MS: i64 = 30 * 86_400_000;

pub(crate) fn id(n: u8) -> ObjectId {
    ObjectId::from_bytes([n; 16])
}

/// A vault and a council that is paired with it.
pub(crate) struct Tablet {
    pub(crate) vault: Arc<Vault>,
    pub(crate) council: CouncilId,
    pub(crate) device: DeviceId,
    pub(crate) root: SigningKey,
    pub(crate) feed: SigningKey,
    pub(crate) document: RootDocument,
    counter: u64,
    /// How the last run was planned.
    pub(crate) planned: SyncPlan,
    pub(crate) folder: tempfile::TempDir,
}

impl Tablet {
    pub(crate) fn new() -> Self {
        Self::paired_with("https://localhost".to_owned(), vec![])
    }

    /// A tablet that was paired with whoever listens at an address with a TLS key.
    pub(crate) fn paired_with(address: String, tls_spki: Vec<[u8; 32]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let passphrase = Passphrase::new("nebel kupfer wiese laterne anker".to_owned());
        let (vault, _) =
            Vault::create_with(folder.path(), &passphrase, KdfCost::for_tests()).unwrap();
        let (root, feed) = (SigningKey::make().unwrap(), SigningKey::make().unwrap());
        let (council, device) = (CouncilId::make().unwrap(), DeviceId::make().unwrap());
        let document = RootDocument {
            council,
            name: "Stadt Musterfurt".to_owned(),
            root_key: root.public().unwrap(),
            generation: 1,
            feed_key: feed.public().unwrap(),
            tls_spki,
            issued_at_ms: 1,
            serial: 1,
        };
        let record = CouncilRecord {
            council,
            name: document.name.clone(),
            person_name: "Erika Muster".to_owned(),
            address,
            root_key: document.root_key,
            device,
            signed_root: document.sign(&root).unwrap(),
            head_high_water: HighWater::new(council, device),
            signed_head: None,
            confirmed: false,
            confirm_words: vec![],
            revoked: false,
            paired_at_ms: 1,
            last_sync_at_ms: None,
            ended_audiences: vec![],
            forgetting: vault::Forgetting::default(),
        };
        vault
            .keyring()
            .add_council(record, &make_device_keys().unwrap())
            .unwrap();
        Self {
            vault: Arc::new(vault),
            council,
            device,
            root,
            feed,
            document,
            counter: 0,
            planned: SyncPlan::default(),
            folder,
        }
    }

    /// Applies what the chains have got since their last time and makes the head of exactly these chains the newest.
    pub(crate) fn take(&mut self, chains: &mut [&mut Chain], now_ms: i64) {
        assert_eq!(self.take_all(chains, now_ms).fault, None);
    }

    /// The same with what became of it.
    pub(crate) fn take_all(&mut self, chains: &mut [&mut Chain], now_ms: i64) -> Stored {
        self.counter += 1;
        let mut audiences: Vec<AudienceHead> = chains.iter().map(|chain| chain.listed()).collect();
        audiences.sort_by_key(|listed| listed.id);
        let head = DeviceHead {
            council: self.council,
            device: self.device,
            generation: 1,
            counter: self.counter,
            issued_at_ms: now_ms,
            expires_at_ms: now_ms + LEASE_MS,
            audiences,
            confirmed_at_ms: Some(now_ms),
        };
        let (_, local) = crate::engine::local_state(&self.vault, self.council, now_ms).unwrap();
        let planned = crate::plan::plan(&local, &head).unwrap();
        let pulled = self.pulled(chains);
        let accepted = Accepted {
            signed_root: self.document.sign(&self.root).unwrap(),
            root: self.document.clone(),
            signed_head: head.sign(&self.feed).unwrap(),
            head,
        };
        self.planned = planned;
        crate::apply::store_run(&self.vault, &pulled, &accepted, &self.planned, now_ms).unwrap()
    }

    fn pulled(&self, chains: &mut [&mut Chain]) -> Pulled {
        let mut keys = NewKeys::new();
        let mut pulled = Vec::new();
        for chain in chains {
            if chain.is_key_given {
                keys.insert((chain.audience, chain.epoch), chain.key.clone());
            }
            let held = chain.is_key_given.then(|| chain.key.clone());
            let changes = plan_changes(self.council, chain.take_new(), |_| held.clone()).unwrap();
            pulled.push(PulledChain {
                audience: chain.audience,
                is_public: chain.kind == AudienceKind::Public,
                changes,
                to: chain.at,
                replaces_all: false,
            });
        }
        Pulled {
            keys,
            chains: pulled,
        }
    }
}

/// The council's side of one chain.
#[derive(Clone)]
pub(crate) struct Chain {
    pub(crate) council: CouncilId,
    pub(crate) audience: AudienceId,
    pub(crate) kind: AudienceKind,
    pub(crate) key: ClassKey,
    pub(crate) epoch: KeyEpoch,
    pub(crate) at: ChainPosition,
    pub(crate) readable_until_ms: Option<i64>,
    /// Whether the tablet gets the class key with the next head.
    pub(crate) is_key_given: bool,
    taken: ChainPosition,
    pub(crate) fresh: Vec<Entry>,
    revision: u32,
}

impl Chain {
    pub(crate) fn new(council: CouncilId, kind: AudienceKind) -> Self {
        Self {
            council,
            audience: AudienceId::make().unwrap(),
            kind,
            key: ClassKey::make().unwrap(),
            epoch: KeyEpoch(1),
            at: ChainPosition::START,
            readable_until_ms: None,
            is_key_given: true,
            taken: ChainPosition::START,
            fresh: vec![],
            revision: 0,
        }
    }

    pub(crate) fn listed(&self) -> AudienceHead {
        AudienceHead {
            id: self.audience,
            kind: self.kind,
            seq: self.at.seq,
            hash: self.at.hash,
            key_epoch: self.epoch,
            readable_until_ms: self.readable_until_ms,
        }
    }

    pub(crate) fn take_new(&mut self) -> Vec<VerifiedEntry> {
        let entries = std::mem::take(&mut self.fresh);
        let verified = verify_run(self.audience, &self.taken, entries, &self.at).unwrap();
        self.taken = self.at;
        verified
    }

    pub(crate) fn append(&mut self, draft: EntryDraft) {
        let (entry, at) = make_entry(self.audience, &self.at, draft).unwrap();
        self.fresh.push(entry);
        self.at = at;
    }

    pub(crate) fn put(&mut self, object: impl Into<CouncilObject>) {
        self.put_with(&object.into(), None);
    }

    pub(crate) fn put_file(&mut self, file: File, file_key: &FileKey) {
        self.put_with(&file.into(), Some(file_key));
    }

    fn put_with(&mut self, object: &CouncilObject, file_key: Option<&FileKey>) {
        self.revision += 1;
        let (council, revision) = (self.council, self.revision);
        let context = EntryContext {
            council,
            audience: self.audience,
            object_kind: object.kind(),
            object: object.id(),
            revision,
            key_epoch: self.epoch,
        };
        let wrapped = object.blob_id().zip(file_key).map(|(blob_id, file_key)| {
            let context = FileKeyContext {
                council,
                object: object.id(),
                revision,
                blob_id,
            };
            wrap_file_key(&self.key, &context, file_key).unwrap().0
        });
        self.append(EntryDraft {
            op: Op::Upsert,
            object_kind: object.kind(),
            object: object.id(),
            revision,
            key_epoch: self.epoch,
            blob_id: object.blob_id(),
            sealed_payload: Some(seal_payload(&self.key, &context, &object.to_payload()).unwrap()),
            wrapped_file_key: wrapped,
        });
    }

    /// The class key is another one from now on, which the tablet does not get.
    pub(crate) fn change_key(&mut self) {
        self.key = ClassKey::make().unwrap();
        self.epoch = KeyEpoch(self.epoch.0 + 1);
        self.is_key_given = false;
    }

    /// An object of a kind that only a later version knows.
    pub(crate) fn put_of_later_version(&mut self, object: ObjectId) {
        self.revision += 1;
        let context = EntryContext {
            council: self.council,
            audience: self.audience,
            object_kind: ObjectKind::Unknown(250),
            object,
            revision: self.revision,
            key_epoch: self.epoch,
        };
        let payload = b"of a later version";
        self.append(EntryDraft {
            op: Op::Upsert,
            object_kind: context.object_kind,
            object,
            revision: self.revision,
            key_epoch: self.epoch,
            blob_id: None,
            sealed_payload: Some(seal_payload(&self.key, &context, payload).unwrap()),
            wrapped_file_key: None,
        });
    }

    pub(crate) fn remove(&mut self, object_kind: ObjectKind, object: ObjectId) {
        self.revision += 1;
        self.append(EntryDraft {
            op: Op::Tombstone,
            object_kind,
            object,
            revision: self.revision,
            key_epoch: self.epoch,
            blob_id: None,
            sealed_payload: None,
            wrapped_file_key: None,
        });
    }
}

/// Ciphertext of a small file, its id and its key.
pub(crate) fn sealed_file(plain: &[u8]) -> (Vec<u8>, BlobId, FileKey) {
    let key = FileKey::make().unwrap();
    let mut sealed = Vec::new();
    let blob_id = seal(
        &key,
        make_salt().unwrap(),
        plain,
        plain.len() as u64,
        &mut sealed,
    )
    .unwrap();
    (sealed, blob_id, key)
}

pub(crate) fn meeting(n: u8, start: &str) -> Meeting {
    Meeting {
        id: id(n),
        name: format!("Sitzung {n}"),
        start: start.to_owned(),
        end: None,
        location: None,
        room: None,
        organizations: vec![],
        cancelled: false,
        invitation: None,
        invitation_revision: 0,
        results_protocol: None,
        number: None,
        auxiliary_files: vec![],
    }
}

pub(crate) fn item(n: u8, meeting: u8, order: u32, public: bool) -> AgendaItem {
    AgendaItem {
        id: id(n),
        meeting: id(meeting),
        number: Some(order.to_string()),
        order,
        name: format!("Punkt {n}"),
        public,
        consultation: None,
        paper: None,
        result: None,
        resolution_text: None,
        role: None,
        late: false,
        files: vec![],
    }
}

pub(crate) fn paper(n: u8, main: Option<u8>, auxiliary: &[u8]) -> Paper {
    Paper {
        id: id(n),
        reference: Some(format!("2026/{n}")),
        name: format!("Vorlage {n}"),
        paper_type: None,
        date: None,
        public: true,
        main_file: main.map(id),
        auxiliary_files: auxiliary.iter().copied().map(id).collect(),
        originator: None,
        villages: vec![],
        superseded_note: None,
    }
}

pub(crate) fn file(n: u8, blob_id: BlobId, byte_len: u64) -> File {
    File {
        id: id(n),
        name: format!("Datei {n}"),
        file_name: format!("{n}.pdf"),
        mime_type: "application/pdf".to_owned(),
        blob_id,
        byte_len,
        page_count: Some(3),
        revision: 1,
        revision_of_date: None,
        change_note: None,
    }
}
