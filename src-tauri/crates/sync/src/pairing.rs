//! Pairing this device with a council by an invitation code. The code never travels: both sides prove that they know it.
//!
//! The TLS key seen during the pairing must stand in the root document that the proof covers, so a stranger in between
//! is noticed before anything is kept.

use std::sync::Arc;

use sync_protocol::cbor::{from_cbor_lenient, to_cbor};
use sync_protocol::head::HighWater;
use sync_protocol::ids::CouncilId;
use sync_protocol::pairing::{
    InvitationCode, PairDone, PairHello, PairNonce, PairStart, check_hello, make_finish,
};
use sync_protocol::wire::{PATH_PAIR_FINISH, PATH_PAIR_START};
use vault::{CouncilRecord, DeviceKeys, Vault, make_device_keys};

use crate::cancel::CancelFlag;
use crate::config::SyncConfig;
use crate::error::SyncError;
use crate::transport::{Address, Client, PinPolicy, TransportError};

/// No answer of the pairing is longer.
const ANSWER_LIMIT: u64 = 64 * 1024;

/// What the member has from the council office.
#[derive(Clone)]
pub struct PairRequest {
    /// `https://host:port`; the scheme may be left out.
    pub address: String,
    /// The invitation code, as typed.
    pub code: String,
}

impl std::fmt::Debug for PairRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PairRequest(…)")
    }
}

/// A council that this device is paired with now.
#[derive(Clone)]
pub struct Paired {
    pub council: CouncilId,
    /// Whom the invitation was made for.
    pub person_name: String,
    pub council_name: String,
    /// The four words that the member tells the council office.
    pub confirm_words: [&'static str; 4],
}

impl std::fmt::Debug for Paired {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paired")
            .field("council", &self.council)
            .finish_non_exhaustive()
    }
}

/// Pairs this device.
///
/// A council that is paired already is refused, unless the office has revoked this device: then the new pairing takes
/// the place of the old one, and what is public stays on the device.
///
/// Errors: the code is mistyped, unknown, used or expired (`code_…`); the server does not prove itself or shows another
/// TLS key than its root document names (`pin_mismatch`); no connection. Nothing is kept then.
pub async fn pair(
    vault: &Arc<Vault>,
    request: &PairRequest,
    config: &SyncConfig,
) -> Result<Paired, SyncError> {
    let code: InvitationCode = request.code.parse()?;
    let address = Address::parse(&request.address).map_err(TransportError::from)?;
    let origin = address.origin();
    let settings = (config.clock.clone(), config.backoff);
    let client = Client::new(
        address,
        PinPolicy::Observe,
        None,
        settings,
        CancelFlag::new(),
    )?;

    let keys = make_device_keys().map_err(TransportError::from)?;
    let start = PairStart {
        invitation: code.invitation_id(),
        device_sign: keys.signing_key.public()?,
        device_box: keys.box_key.public()?,
        nonce: PairNonce::make().map_err(TransportError::from)?,
    };
    let answer = client
        .post(PATH_PAIR_START, &to_cbor(&start), ANSWER_LIMIT)
        .await?;
    let hello: PairHello = from_cbor_lenient(&answer).map_err(|_| SyncError::Malformed)?;
    let (transcript, root) = check_hello(&code, &start, &hello)?;
    check_tls_key(&client, &root.tls_spki)?;
    if let Some(known) = vault.keyring().council(root.council)
        && !known.revoked
    {
        return Err(vault::KeyringError::CouncilExists.into());
    }

    let finish = make_finish(&code, &transcript, hello.device);
    let answer = client
        .post(PATH_PAIR_FINISH, &to_cbor(&finish), ANSWER_LIMIT)
        .await?;
    let done: PairDone = from_cbor_lenient(&answer).map_err(|_| SyncError::Malformed)?;
    check_tls_key(&client, &root.tls_spki)?;
    if done.device != hello.device {
        return Err(SyncError::Malformed);
    }

    let confirm_words = transcript.confirm_words(&code);
    let record = CouncilRecord {
        council: root.council,
        name: root.name.clone(),
        person_name: done.person_name.clone(),
        address: origin,
        root_key: root.root_key,
        device: hello.device,
        signed_root: hello.signed_root,
        head_high_water: HighWater::new(root.council, hello.device),
        signed_head: None,
        confirmed: false,
        confirm_words: confirm_words
            .iter()
            .map(|word| (*word).to_owned())
            .collect(),
        revoked: false,
        paired_at_ms: (config.clock)(),
        last_sync_at_ms: None,
        ended_audiences: Vec::new(),
        forgetting: vault::Forgetting::default(),
    };
    keep(vault, record, keys).await?;
    Ok(Paired {
        council: root.council,
        person_name: done.person_name,
        council_name: root.name,
        confirm_words,
    })
}

/// The TLS key shown so far must be named by the root document that the proof covers.
fn check_tls_key(client: &Client, named: &[[u8; 32]]) -> Result<(), SyncError> {
    if client.is_named_by(named) {
        Ok(())
    } else {
        Err(TransportError::PinMismatch.into())
    }
}

async fn keep(
    vault: &Arc<Vault>,
    record: CouncilRecord,
    keys: DeviceKeys,
) -> Result<(), SyncError> {
    let vault = Arc::clone(vault);
    let kept = tokio::task::spawn_blocking(move || {
        let keyring = vault.keyring();
        if keyring
            .council(record.council)
            .is_some_and(|known| known.revoked)
        {
            keyring.remove_council(record.council)?;
        }
        keyring.add_council(record, &keys)
    });
    Ok(kept.await.map_err(|_| SyncError::Worker)??)
}
