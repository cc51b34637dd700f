//! The audit: who did what when, never what about, kept for ninety days. Its entries are a chain: each has the keyed digest of itself and
//! of the one before, and the head, which says where the chain begins and ends, is sealed under the master key in the same transaction.
//!
//! So a tool that reaches the tables without the master key can neither change, remove, insert nor swap entries unseen. Not found by
//! this alone: tables or the sealed head put back to an earlier state, a table without chain and head (it looks as if it were from before
//! there was one, and gets an entry `audit_chained`; an empty one none), and whoever has the master key file and makes the chain anew. For
//! these the head is told (`audit verify`, `backup`) and can be noted elsewhere: [`Server::verify_audit`] asks whether the chain still goes through it.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use rusqlite::{Connection, Transaction};
use sync_protocol::cbor::{from_cbor_exact, to_cbor};
use sync_protocol::ids::{DeviceId, Hash};
use thiserror::Error;

use crate::clock::DAY_MS;
use crate::error::ServerError;
use crate::keys::{Digester, Keys, secret};
use crate::server::Server;
use crate::store::audit::{self as table, AuditEntry, AuditRow};

/// How long an entry is kept: logs of logins and retrievals are personal data.
const KEPT_DAYS: i64 = 90;
/// What the digests of entries are for.
const PURPOSE: &str = "ratsmappe/server/audit/1";

/// A place in the chain. As text `NUMBER:HASH`, to be noted outside the server; it says nothing of what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AuditHead {
    /// Of the last entry; 0: none yet.
    #[n(0)]
    pub number: u64,
    #[n(1)]
    pub hash: Hash,
}

impl AuditHead {
    const START: Self = Self {
        number: 0,
        hash: Hash::ZERO,
    };
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.hash)
    }
}

/// A text that is no [`AuditHead`].
#[derive(Debug, Error)]
#[error("Ein notierter Stand des Protokolls sieht so aus: 17:ab12…, eine Zahl und 64 Zeichen")]
pub struct NoHead;

impl FromStr for AuditHead {
    type Err = NoHead;

    fn from_str(text: &str) -> Result<Self, NoHead> {
        let (number, hash) = text.trim().split_once(':').ok_or(NoHead)?;
        Ok(Self {
            number: number.parse().map_err(|_| NoHead)?,
            hash: hash.parse().map_err(|_| NoHead)?,
        })
    }
}

/// Why the audit is not what the server wrote; names the first entry that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AuditBroken {
    #[error("Eintrag {number} des Protokolls wurde verändert oder vertauscht")]
    Changed { number: u64 },
    #[error("Eintrag {number} des Protokolls fehlt")]
    Missing { number: u64 },
    #[error("Eintrag {number} des Protokolls ist nicht vom Server")]
    Foreign { number: u64 },
    #[error("Der versiegelte Stand des Protokolls fehlt oder ist beschädigt")]
    NoHead,
    #[error(
        "Das Protokoll geht nicht durch den notierten Stand {number}: es wurde zurückgesetzt oder neu geschrieben"
    )]
    NotNoted { number: u64 },
    #[error(
        "Der notierte Stand {number} ist älter als alles, was aufbewahrt wird; er lässt sich nicht mehr prüfen"
    )]
    TooOld { number: u64 },
}

/// A chain that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditState {
    /// Entries that are kept.
    pub entry_count: u64,
    pub head: AuditHead,
}

/// Where the chain begins and ends: sealed under the master key.
#[derive(Clone, Copy, Debug, Encode, Decode)]
#[cbor(map)]
struct Span {
    /// The last entry that was forgotten.
    #[n(0)]
    base: AuditHead,
    #[n(1)]
    head: AuditHead,
}

/// What a digest is made of. Deterministic CBOR; absent options are left out.
#[derive(Encode)]
#[cbor(map)]
struct Hashed<'a> {
    #[n(0)]
    number: u64,
    #[n(1)]
    at_ms: i64,
    #[n(2)]
    action: &'a str,
    #[n(3)]
    device: Option<DeviceId>,
    #[n(4)]
    count: Option<i64>,
    #[n(5)]
    before: Hash,
}

fn hash_of(digest: &Digester, entry: &AuditEntry, before: Hash) -> Hash {
    let hashed = Hashed {
        number: entry.number,
        at_ms: entry.at_ms,
        action: &entry.action,
        device: entry.device,
        count: entry.count,
        before,
    };
    digest.of(PURPOSE, &to_cbor(&hashed))
}

// Meets: O.Plat_14
/// Notes what was done, and forgets what is too old.
///
/// Errors: `AuditBroken` where the sealed head is gone or the next place is taken: then nothing is done that should have been noted.
pub(crate) fn note(
    tx: &Transaction<'_>,
    keys: &Keys,
    at_ms: i64,
    action: &str,
    device: Option<&DeviceId>,
    count: Option<usize>,
) -> Result<(), ServerError> {
    let digest = keys.digest(tx)?;
    let span = match span(tx, keys)? {
        Some(span) => span,
        None => begin(tx)?,
    };
    let base = forget(tx, &digest, span, at_ms - KEPT_DAYS * DAY_MS)?;
    let number = span.head.number.saturating_add(1);
    if table::has(tx, number)? {
        return Err(AuditBroken::Foreign { number }.into());
    }
    let entry = AuditEntry {
        number,
        at_ms,
        action: action.to_owned(),
        device: device.copied(),
        count: count.map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
    };
    let head = add(tx, &digest, span.head, &entry)?;
    put_span(tx, keys, Span { base, head })
}

/// Chains what was written before there was a chain, as it is found; that this was done is an entry, too.
pub(crate) fn take_up(
    tx: &Transaction<'_>,
    keys: &Keys,
    now_at_ms: i64,
) -> Result<(), ServerError> {
    let rows = table::all(tx)?;
    let is_old = rows.iter().all(|row| row.hash.is_none());
    if rows.is_empty() || !is_old || span(tx, keys)?.is_some() {
        return Ok(());
    }
    let digest = keys.digest(tx)?;
    table::delete_all(tx)?;
    let mut head = AuditHead::START;
    for row in &rows {
        let entry = AuditEntry {
            number: head.number.saturating_add(1),
            ..row.entry.clone()
        };
        head = add(tx, &digest, head, &entry)?;
    }
    let base = AuditHead::START;
    put_span(tx, keys, Span { base, head })?;
    note(tx, keys, now_at_ms, "audit_chained", None, Some(rows.len()))
}

/// The first entry of all begins a chain; later ones never do.
fn begin(c: &Connection) -> Result<Span, ServerError> {
    if table::all(c)?.is_empty() {
        let (base, head) = (AuditHead::START, AuditHead::START);
        Ok(Span { base, head })
    } else {
        Err(AuditBroken::NoHead.into())
    }
}

fn add(
    tx: &Transaction<'_>,
    digest: &Digester,
    head: AuditHead,
    entry: &AuditEntry,
) -> Result<AuditHead, ServerError> {
    let hash = hash_of(digest, entry, head.hash);
    table::insert(tx, entry, &hash)?;
    Ok(AuditHead {
        number: entry.number,
        hash,
    })
}

/// Forgets entries from before `since_at_ms`, the oldest first, if the chain through them holds: what somebody has changed is not
/// forgotten but stays to be found. Result: the last forgotten one.
fn forget(
    tx: &Transaction<'_>,
    digest: &Digester,
    span: Span,
    since_at_ms: i64,
) -> Result<AuditHead, ServerError> {
    let old = table::older_than(tx, since_at_ms)?;
    match follow(digest, span.base, old.iter()) {
        Ok(last) if last.number > span.base.number && last.number <= span.head.number => {
            table::delete_until(tx, last.number)?;
            Ok(last)
        }
        _ => Ok(span.base),
    }
}

/// Goes along the chain. Result: its last place.
fn follow<'r>(
    digest: &Digester,
    from: AuditHead,
    mut rows: impl Iterator<Item = &'r AuditRow>,
) -> Result<AuditHead, AuditBroken> {
    rows.try_fold(from, |last, row| {
        let number = row.entry.number;
        let next = last.number.saturating_add(1);
        let hash = hash_of(digest, &row.entry, last.hash);
        match number.cmp(&next) {
            std::cmp::Ordering::Greater => Err(AuditBroken::Missing { number: next }),
            std::cmp::Ordering::Less => Err(AuditBroken::Foreign { number }),
            std::cmp::Ordering::Equal if row.hash != Some(hash) => {
                Err(AuditBroken::Changed { number })
            }
            std::cmp::Ordering::Equal => Ok(AuditHead { number, hash }),
        }
    })
}

/// Whether the chain goes from its base to its head and through `noted`. Pure.
fn check(
    digest: &Digester,
    span: Option<Span>,
    rows: &[AuditRow],
    noted: Option<AuditHead>,
) -> Result<AuditState, AuditBroken> {
    let span = match span {
        Some(span) => span,
        None if rows.is_empty() => Span {
            base: AuditHead::START,
            head: AuditHead::START,
        },
        None => return Err(AuditBroken::NoHead),
    };
    let head = span.head;
    let own = rows
        .iter()
        .take_while(|row| row.entry.number <= head.number);
    let last = follow(digest, span.base, own.clone())?;
    if last.number < head.number {
        let number = last.number.saturating_add(1);
        return Err(AuditBroken::Missing { number });
    }
    if let Some(row) = rows.get(own.count()) {
        let number = row.entry.number;
        return Err(AuditBroken::Foreign { number });
    }
    if last != head {
        let number = head.number;
        return Err(AuditBroken::Changed { number });
    }
    if let Some(noted) = noted {
        check_noted(span.base, rows, noted)?;
    }
    Ok(AuditState {
        entry_count: rows.len() as u64,
        head,
    })
}

fn check_noted(base: AuditHead, rows: &[AuditRow], noted: AuditHead) -> Result<(), AuditBroken> {
    let number = noted.number;
    if number < base.number {
        return Err(AuditBroken::TooOld { number });
    }
    let is_passed = noted == base
        || rows
            .iter()
            .any(|row| row.entry.number == number && row.hash == Some(noted.hash));
    if is_passed {
        Ok(())
    } else {
        Err(AuditBroken::NotNoted { number })
    }
}

fn span(c: &Connection, keys: &Keys) -> Result<Option<Span>, ServerError> {
    match keys.secret(c, secret::AUDIT_HEAD) {
        Ok(None) => Ok(None),
        Ok(Some(bytes)) => Ok(Some(from_cbor_exact(&bytes)?)),
        Err(ServerError::WrongMasterKey) => Err(AuditBroken::NoHead.into()),
        Err(error) => Err(error),
    }
}

fn put_span(tx: &Transaction<'_>, keys: &Keys, span: Span) -> Result<(), ServerError> {
    keys.put_secret(tx, secret::AUDIT_HEAD, &to_cbor(&span))
}

/// Where the chain ends now, unchecked; `None` where nothing was noted yet.
pub(crate) fn head(c: &Connection, keys: &Keys) -> Result<Option<AuditHead>, ServerError> {
    Ok(span(c, keys)?.map(|span| span.head))
}

impl Server {
    /// What was done, without what it was about.
    pub fn audit(&self) -> Result<Vec<AuditEntry>, ServerError> {
        let rows = self.inner.store.read(table::all)?;
        Ok(rows.into_iter().map(|row| row.entry).collect())
    }

    /// Whether the audit is whole and goes through the place that was `noted` elsewhere.
    ///
    /// Errors: `AuditBroken` with the first entry that is not as it was written; storage.
    pub fn verify_audit(&self, noted: Option<AuditHead>) -> Result<AuditState, ServerError> {
        let keys = &self.inner.keys;
        self.inner.store.read(|c| {
            let digest = keys.digest(c)?;
            let rows = table::all(c)?;
            Ok(check(&digest, span(c, keys)?, &rows, noted)?)
        })
    }
}
