//! Who the council is, cryptographically: made once at first start, and the signed root document that vouches for
//! its keys. It answers no request.

use rusqlite::{Connection, Transaction};
use sync_protocol::chain::ChainPosition;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::{AudienceId, CouncilId, Hash};
use sync_protocol::root::{RootDocument, SignedRoot};
use sync_protocol::sign::SigningKey;

use crate::error::ServerError;
use crate::keys::{Keys, secret};
use crate::store::audiences::{AudienceFor, AudienceRow};
use crate::store::meta::{self, name};
use crate::store::{StoreError, audiences};

/// The name of a council that has not imported anything yet.
const UNNAMED: &str = "Rat";
const FIRST_EPOCH: KeyEpoch = KeyEpoch(1);

/// Makes the council's identity at first start; later it only proves that the master key fits.
pub(crate) fn ensure(
    tx: &Transaction<'_>,
    keys: &Keys,
    now_at_ms: i64,
) -> Result<CouncilId, ServerError> {
    if let Some(council) = council(tx)? {
        prove(tx, keys)?;
        return Ok(council);
    }
    let council = CouncilId::make()?;
    meta::put(tx, name::COUNCIL, council.as_bytes())?;
    meta::put(tx, name::COUNCIL_NAME, UNNAMED.as_bytes())?;
    meta::put(tx, name::GENERATION, b"1")?;
    for named in [secret::ROOT, secret::FEED] {
        keys.put_secret(tx, named, SigningKey::make()?.expose())?;
    }
    // A signing key's seed is 32 random bytes; the digest key needs no more than that.
    keys.put_secret(tx, secret::DIGEST, SigningKey::make()?.expose())?;
    make_audience(tx, keys, AudienceFor::Public, now_at_ms)?;
    sign_root(tx, keys, Some(&[]), now_at_ms)?;
    Ok(council)
}

/// Proves that the master key fits what is stored; anything fits where there is no council yet.
pub(crate) fn prove(c: &Connection, keys: &Keys) -> Result<(), ServerError> {
    match council(c)? {
        Some(_) => keys.signing_key(c, secret::FEED).map(drop),
        None => Ok(()),
    }
}

/// The council's id, if it has one yet.
pub(crate) fn council(c: &Connection) -> Result<Option<CouncilId>, StoreError> {
    Ok(meta::bytes(c, name::COUNCIL)?.and_then(|bytes| CouncilId::try_from(bytes.as_slice()).ok()))
}

/// The council's name.
pub(crate) fn council_name(c: &Connection) -> Result<String, StoreError> {
    Ok(meta::text(c, name::COUNCIL_NAME)?.unwrap_or_else(|| UNNAMED.to_owned()))
}

/// The generation: it rises only when the server was restored from a backup.
pub(crate) fn generation(c: &Connection) -> Result<u32, StoreError> {
    Ok(u32::try_from(meta::number(c, name::GENERATION)?).unwrap_or(u32::MAX))
}

/// Begins the next generation: after a restore from a backup, tablets accept positions that lie behind what they saw.
pub(crate) fn begin_generation(
    tx: &Transaction<'_>,
    keys: &Keys,
    now_at_ms: i64,
) -> Result<u32, ServerError> {
    let next = generation(tx)?.saturating_add(1);
    meta::put(tx, name::GENERATION, next.to_string().as_bytes())?;
    sign_root(tx, keys, None, now_at_ms)?;
    Ok(next)
}

/// A new audience with its first class key.
pub(crate) fn make_audience(
    tx: &Transaction<'_>,
    keys: &Keys,
    is_for: AudienceFor,
    now_at_ms: i64,
) -> Result<AudienceId, ServerError> {
    let id = AudienceId::make()?;
    let row = AudienceRow {
        id,
        is_for,
        position: ChainPosition::START,
        key_epoch: FIRST_EPOCH,
    };
    audiences::insert(tx, &row)?;
    keys.make_class_key(tx, &id, FIRST_EPOCH, now_at_ms)?;
    Ok(id)
}

/// The signed root document as it is served.
pub(crate) fn signed_root(c: &Connection) -> Result<SignedRoot, StoreError> {
    Ok(SignedRoot(
        meta::bytes(c, name::SIGNED_ROOT)?.unwrap_or_default(),
    ))
}

/// Signs the root document anew, if what it says has changed.
///
/// `tls_spki`: SHA-256 of each allowed TLS key; `None` keeps those of the present document.
pub(crate) fn sign_root(
    tx: &Transaction<'_>,
    keys: &Keys,
    tls_spki: Option<&[Hash]>,
    now_at_ms: i64,
) -> Result<(), ServerError> {
    let root_key = keys.signing_key(tx, secret::ROOT)?;
    let public = root_key.public()?;
    let present = match meta::bytes(tx, name::SIGNED_ROOT)? {
        Some(bytes) => SignedRoot(bytes).verify(Some(&public)).ok(),
        None => None,
    };
    let tls_spki = match (tls_spki, &present) {
        (Some(list), _) => list.iter().map(|hash| *hash.as_bytes()).collect(),
        (None, Some(present)) => present.tls_spki.clone(),
        (None, None) => Vec::new(),
    };
    let wanted = RootDocument {
        council: council(tx)?.ok_or(ServerError::WrongMasterKey)?,
        name: council_name(tx)?,
        root_key: public,
        generation: generation(tx)?,
        feed_key: keys.signing_key(tx, secret::FEED)?.public()?,
        tls_spki,
        issued_at_ms: present.as_ref().map_or(now_at_ms, |p| p.issued_at_ms),
        serial: present.as_ref().map_or(0, |p| p.serial),
    };
    if present.as_ref() == Some(&wanted) {
        return Ok(());
    }
    let serial = meta::number(tx, name::ROOT_SERIAL)? + 1;
    let document = RootDocument {
        issued_at_ms: now_at_ms,
        serial,
        ..wanted
    };
    meta::put(tx, name::ROOT_SERIAL, serial.to_string().as_bytes())?;
    meta::put(tx, name::SIGNED_ROOT, document.sign(&root_key)?.as_bytes())?;
    Ok(())
}
