//! What the vault's stories share: a vault in a temporary folder and a council to be paired with.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "test helpers, not all used in each file"
)]

use sync_protocol::head::HighWater;
use sync_protocol::ids::{CouncilId, DeviceId};
use sync_protocol::root::SignedRoot;
use sync_protocol::sign::PublicKey;
use tempfile::TempDir;
use vault::{CouncilRecord, KdfCost, Passphrase, RecoveryCode, Vault};

pub const WORDS: &str = "apfel birne kirsche traube melone";
pub const OTHER_WORDS: &str = "amsel drossel finke starling zeisig";

pub fn passphrase() -> Passphrase {
    Passphrase::new(WORDS)
}

pub fn new_vault() -> (TempDir, Vault, RecoveryCode) {
    let folder = tempfile::tempdir().unwrap();
    let (vault, code) =
        Vault::create_with(folder.path(), &passphrase(), KdfCost::for_tests()).unwrap();
    (folder, vault, code)
}

pub fn record(council: CouncilId) -> CouncilRecord {
    let device = DeviceId::from_bytes([9; 16]);
    CouncilRecord {
        council,
        name: "Rat der Stadt Beispiel".into(),
        person_name: "Erika Beispiel".into(),
        address: "https://rat.example".into(),
        root_key: PublicKey([3; 32]),
        device,
        signed_root: SignedRoot(vec![1, 2, 3]),
        head_high_water: HighWater::new(council, device),
        signed_head: None,
        confirmed: false,
        confirm_words: vec!["apfel".into(); 4],
        revoked: false,
        paired_at_ms: 1_000,
        last_sync_at_ms: None,
        ended_audiences: Vec::new(),
        forgetting: vault::Forgetting::default(),
    }
}
