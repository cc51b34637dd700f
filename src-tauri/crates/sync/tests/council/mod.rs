//! A real council server in this process and real vaults, with one clock for all. No test stands here.

#![allow(dead_code, reason = "each story uses its part")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use council_server::draft::{
    BodyDraft, CouncilDraft, FileContent, FileDraft, ItemDraft, MeetingDraft, MembershipDraft,
    OrganizationDraft, PaperDraft, PersonDraft, TermDraft,
};
use council_server::{Clock, MasterKey, Server, ServerHandle};
use sync::store::CouncilStore;
use sync::{
    Backoff, CancelFlag, PairRequest, Paired, SyncConfig, SyncEngine, SyncError, SyncOutcome, pair,
};
use sync_protocol::ids::CouncilId;
use tempfile::TempDir;
use vault::{KdfCost, Passphrase, Vault};

/// 1 December 2026, 09:00 UTC.
pub const NOW_MS: i64 = 1_796_115_600_000;
pub const DAY_MS: i64 = 86_400_000;

/// A council office with its server.
pub struct Office {
    pub server: Server,
    pub handle: Option<ServerHandle>,
    pub clock: Arc<AtomicI64>,
    pub draft: CouncilDraft,
    pub master: MasterKey,
    pub folder: TempDir,
}

impl Office {
    /// A council with two councillors: `erika` sits in the committee, `jonas` in no organization.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(NOW_MS));
        let master = MasterKey::make().unwrap();
        let data = folder.path().join("data");
        let server = Server::open_with(&data, &master, Clock::Fixed(Arc::clone(&clock))).unwrap();
        let handle = server.serve(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let mut office = Self {
            server,
            handle: Some(handle),
            clock,
            draft: CouncilDraft::default(),
            master,
            folder,
        };
        office.draft = CouncilDraft {
            source: "folder".to_owned(),
            complete: true,
            body: Some(BodyDraft {
                name: "Stadt Musterfurt".to_owned(),
                contact: None,
            }),
            terms: vec![TermDraft {
                key: "t".to_owned(),
                name: "2024–2029".to_owned(),
                start_date: None,
                end_date: None,
            }],
            organizations: vec![OrganizationDraft {
                key: "bau".to_owned(),
                name: "Bauausschuss".to_owned(),
                short_name: None,
                organization_type: Some("Ausschuss".to_owned()),
                classification: None,
                start_date: None,
                end_date: None,
                villages: vec![],
            }],
            persons: vec![
                person("erika", "Erika Beispiel"),
                person("jonas", "Jonas Beispiel"),
            ],
            memberships: vec![MembershipDraft {
                key: "m".to_owned(),
                person: "erika".to_owned(),
                organization: "bau".to_owned(),
                role: Some("Mitglied".to_owned()),
                voting_right: Some(true),
                start_date: None,
                end_date: None,
            }],
            ..CouncilDraft::default()
        };
        office.publish();
        office
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    pub fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn publish(&self) {
        self.server.publish(&self.draft).unwrap();
    }

    pub fn url(&self) -> String {
        self.handle.as_ref().unwrap().url()
    }

    pub fn config(&self) -> SyncConfig {
        let clock = Arc::clone(&self.clock);
        SyncConfig {
            clock: Arc::new(move || clock.load(Ordering::SeqCst)),
            backoff: Backoff {
                attempts: 3,
                first_pause_ms: 0,
                longest_pause_ms: 0,
            },
            ..SyncConfig::default()
        }
    }

    /// A file of the intake with some content.
    pub fn file(&self, key: &str, content: &[u8], public: bool) -> FileDraft {
        let path = self.folder.path().join(format!("{key}.bin"));
        std::fs::write(&path, content).unwrap();
        FileDraft {
            key: key.to_owned(),
            name: format!("Datei {key}"),
            file_name: None,
            mime_type: Some("application/pdf".to_owned()),
            revision: None,
            revision_of_date: None,
            change_note: None,
            public,
            origin_stamp: None,
            content: FileContent::Path(path),
        }
    }

    /// A meeting of the committee with an invitation, one public and one nonpublic item, a paper each.
    pub fn add_meeting(&mut self, key: &str, start: &str) {
        for public in [true, false] {
            let paper = format!("{key}-{public}");
            let main = self.file(
                &format!("{paper}-main"),
                format!("Vorlage {paper}").as_bytes(),
                public,
            );
            self.draft.papers.push(PaperDraft {
                key: paper.clone(),
                reference: Some(format!("2026/{paper}")),
                name: format!("Vorlage {paper}"),
                paper_type: None,
                date: None,
                public: Some(public),
                originator: None,
                villages: vec![],
                superseded: None,
                main: Some(main),
                attachments: vec![],
            });
        }
        let item = |number: u32, public: bool| ItemDraft {
            key: format!("{key}-item-{number}"),
            number: Some(number.to_string()),
            order: number,
            name: format!("Punkt {number}"),
            public,
            role: Some("Entscheidung".to_owned()),
            late: false,
            villages: vec![],
            paper: Some(format!("{key}-{public}")),
            result: None,
            resolution_text: None,
            files: vec![],
        };
        let invitation = self.file(
            &format!("{key}-invitation"),
            format!("Einladung {key}").as_bytes(),
            true,
        );
        self.draft.meetings.push(MeetingDraft {
            key: key.to_owned(),
            name: format!("Sitzung {key}"),
            number: None,
            start: Some(start.to_owned()),
            end: None,
            room: None,
            location: None,
            organizations: vec!["bau".to_owned()],
            cancelled: false,
            invitation: Some(invitation),
            minutes: None,
            other_files: Vec::new(),
            items: vec![item(1, true), item(2, false)],
        });
    }
}

fn person(key: &str, name: &str) -> PersonDraft {
    PersonDraft {
        key: key.to_owned(),
        name: name.to_owned(),
        form_of_address: None,
        title: None,
    }
}

pub fn open_vault(folder: &Path) -> Vault {
    let passphrase = Passphrase::new("nebel kupfer wiese laterne anker");
    Vault::create_with(folder, &passphrase, KdfCost::for_tests())
        .unwrap()
        .0
}

/// A member's tablet.
pub struct Tablet {
    pub vault: Arc<Vault>,
    pub engine: SyncEngine,
    pub paired: Paired,
    pub folder: TempDir,
}

impl Tablet {
    /// Pairs a new tablet in the office itself, so that it is confirmed at once.
    pub async fn in_person(office: &Office, person: &str) -> Self {
        Self::pair(office, person, true).await
    }

    pub async fn pair(office: &Office, person: &str, in_person: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(open_vault(folder.path()));
        let invitation = office.server.invite(person, in_person).unwrap();
        let request = PairRequest {
            address: office.url(),
            code: invitation.code.to_display().to_string(),
        };
        let paired = pair(&vault, &request, &office.config()).await.unwrap();
        Self {
            vault,
            engine: SyncEngine::new(office.config()),
            paired,
            folder,
        }
    }

    pub fn council(&self) -> CouncilId {
        self.paired.council
    }

    pub async fn sync(&self) -> Result<SyncOutcome, SyncError> {
        self.engine
            .run(&self.vault, self.council(), |_| {}, CancelFlag::new())
            .await
    }

    pub fn store(&self, office: &Office) -> CouncilStore {
        CouncilStore::open(&self.vault, self.council(), office.now_ms()).unwrap()
    }

    /// Everything of this council on disk and in the keyring file, byte for byte: by path.
    pub fn bytes(&self) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
        fn walk(
            folder: &Path,
            found: &mut std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>,
        ) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else if path.extension().is_none_or(|kind| kind != "db-shm") {
                    found.insert(path.clone(), std::fs::read(&path).unwrap());
                }
            }
        }
        let mut found = std::collections::BTreeMap::new();
        walk(self.folder.path(), &mut found);
        found
    }
}
