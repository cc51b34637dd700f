//! The first exchange of a run: the head, and a newer root document where the old one no longer explains what is seen.
//!
//! Everything is verified against the pinned root key and the high-water marks; nothing is stored.

use sync_protocol::head::{HeadError, SignedHead, check_successor};
use sync_protocol::ids::CouncilId;
use sync_protocol::root::{RootDocument, SignedRoot, check_root_successor};
use vault::Vault;

use crate::apply::Accepted;
use crate::cancel::CancelFlag;
use crate::config::SyncConfig;
use crate::council::{CouncilError, KnownCouncil};
use crate::error::SyncError;
use crate::remote;
use crate::transport::{Address, Client, PinPolicy, Signer, TransportError};

/// A council server that answered as it should.
pub(crate) struct Contact {
    pub(crate) client: Client,
    pub(crate) accepted: Accepted,
}

/// Asks for the head and checks it.
///
/// Errors: any named refusal; no connection; revoked.
pub(crate) async fn contact(
    config: &SyncConfig,
    vault: &Vault,
    known: &KnownCouncil,
    cancel: &CancelFlag,
) -> Result<Contact, SyncError> {
    let mut root = (known.record.signed_root.clone(), known.root.clone());
    let mut client = pinned_client(config, vault, known, &root.1, cancel)?;
    let first = match remote::head(&client).await {
        Err(SyncError::Transport(TransportError::PinMismatch)) => {
            root = renewed_root(config, known, cancel).await?;
            client = pinned_client(config, vault, known, &root.1, cancel)?;
            remote::head(&client).await
        }
        other => other,
    };
    let signed_head = first?;
    let accepted = match verify(known, &root, &signed_head) {
        // A restored server, or a new feed key: the root document must say so.
        Err(SyncError::Head(refused @ (HeadError::GenerationUnknown | HeadError::Sign(_)))) => {
            let newer = remote::root(&client).await?;
            let document = successor(known, &newer)?;
            if document.serial <= root.1.serial {
                return Err(refused.into());
            }
            verify(known, &(newer, document), &signed_head)?
        }
        other => other?,
    };
    Ok(Contact { client, accepted })
}

pub(crate) fn pinned_client(
    config: &SyncConfig,
    vault: &Vault,
    known: &KnownCouncil,
    root: &RootDocument,
    cancel: &CancelFlag,
) -> Result<Client, SyncError> {
    let council: CouncilId = known.record.council;
    let key = vault
        .keyring()
        .device_signing_key(council)
        .ok_or(CouncilError::NotPaired)?;
    let signer = Signer {
        device: known.record.device,
        key,
    };
    let address = Address::parse(&known.record.address).map_err(TransportError::from)?;
    let settings = (config.clock.clone(), config.backoff);
    Ok(Client::new(
        address,
        PinPolicy::of_root(&root.tls_spki),
        Some(signer),
        settings,
        cancel.clone(),
    )?)
}

/// A newer root document from a server whose TLS key is not pinned (any more). It counts only if the pinned root key
/// signed it and it names the very TLS key that was shown.
async fn renewed_root(
    config: &SyncConfig,
    known: &KnownCouncil,
    cancel: &CancelFlag,
) -> Result<(SignedRoot, RootDocument), SyncError> {
    let address = Address::parse(&known.record.address).map_err(TransportError::from)?;
    let settings = (config.clock.clone(), config.backoff);
    let stranger = Client::new(address, PinPolicy::Observe, None, settings, cancel.clone())?;
    let signed = remote::root(&stranger).await?;
    let mismatch = || SyncError::Transport(TransportError::PinMismatch);
    let document = successor(known, &signed).map_err(|_| mismatch())?;
    if stranger.is_named_by(&document.tls_spki) {
        Ok((signed, document))
    } else {
        Err(mismatch())
    }
}

/// Checks that a root document may follow the known one.
pub(crate) fn successor(
    known: &KnownCouncil,
    signed: &SignedRoot,
) -> Result<RootDocument, SyncError> {
    let document = signed.verify(Some(&known.record.root_key))?;
    check_root_successor(&known.root, &document)?;
    Ok(document)
}

/// Checks a head against a root document and everything seen before.
pub(crate) fn verify(
    known: &KnownCouncil,
    (signed_root, root): &(SignedRoot, RootDocument),
    signed_head: &SignedHead,
) -> Result<Accepted, SyncError> {
    let record = &known.record;
    let head = signed_head.verify(
        &root.feed_key,
        &record.council,
        &record.device,
        root.generation,
    )?;
    check_successor(&record.head_high_water, &head)?;
    Ok(Accepted {
        signed_root: signed_root.clone(),
        root: root.clone(),
        signed_head: signed_head.clone(),
        head,
    })
}
