//! How synchronising with one council went, and what of its files is still missing.

use std::collections::BTreeMap;

use notes::{FailureReason, NoteStore};
use sync::store::FileRow;

use super::cards::count;
use super::shelf::Shelf;
use crate::dto::*;
use crate::error::Failure;
use crate::session::Council;

/// One council; the runs are the caller's, who knows the language of errors.
pub(crate) fn sync_council(
    council: &Council,
    shelf: &Shelf,
    notes: &NoteStore,
    runs: Vec<SyncRunInfo>,
) -> Result<SyncCouncil, Failure> {
    let (record, store) = (&council.record, &council.store);
    let failures = notes.sync_failures(record.council)?;
    // By the meeting that needs it first; what belongs to none comes last.
    let mut groups: BTreeMap<usize, Vec<&FileRow>> = BTreeMap::new();
    for row in shelf.files.values() {
        if shelf.state(row) == StorageState::Awaited {
            let places = shelf.meetings_of.get(&row.id());
            let place = places.and_then(|places| places.first());
            groups
                .entry(place.copied().unwrap_or(usize::MAX))
                .or_default()
                .push(row);
        }
    }
    let awaited = || groups.values().flatten();
    let nonpublic = store.audiences().into_iter();
    let nonpublic = nonpublic.filter(|row| !row.is_public() && row.locked_at_ms.is_none());
    let freed = shelf
        .files
        .values()
        .filter(|row| shelf.state(row) == StorageState::Freed);
    Ok(SyncCouncil {
        id: record.council.to_string(),
        name: record.name.clone(),
        host: host(&record.address).to_owned(),
        confirmed: record.confirmed,
        revoked: record.revoked,
        last_success_at_ms: record.last_sync_at_ms,
        nonpublic_until_ms: nonpublic.filter_map(|row| row.readable_until_ms).min(),
        runs,
        missing_files: count(awaited().count()),
        missing_bytes: awaited().map(|row| row.byte_len).sum(),
        freed_files: count(freed.count()),
        missing: groups
            .iter()
            .map(|(place, rows)| missing_of(shelf, *place, rows, &failures))
            .collect(),
        receipts: receipts(council)?,
    })
}

fn missing_of(
    shelf: &Shelf,
    place: usize,
    rows: &[&FileRow],
    failures: &std::collections::HashMap<sync_protocol::ids::BlobId, FailureReason>,
) -> MissingOfMeeting {
    let meeting = shelf.meetings.get(place);
    let mut files: Vec<MissingFileInfo> = rows
        .iter()
        .map(|row| MissingFileInfo {
            id: row.id().to_string(),
            name: row.file.name.clone(),
            byte_len: row.byte_len,
            public: row.public,
            reason: failures.get(&row.blob_id).map(|reason| match reason {
                FailureReason::Gone => MissingReason::Gone,
                FailureReason::Damaged => MissingReason::Damaged,
            }),
        })
        .collect();
    files.sort_by(|a, b| {
        (a.reason.is_none(), &a.name, &a.id).cmp(&(b.reason.is_none(), &b.name, &b.id))
    });
    MissingOfMeeting {
        meeting_id: meeting.map(|meeting| meeting.id.to_string()),
        meeting_name: meeting.map(|meeting| meeting.name.clone()),
        start_at_ms: meeting.and_then(|meeting| meeting.start_at_ms),
        files,
    }
}

/// Receipts of delivery that this device has signed, latest first.
pub(crate) fn receipts(council: &Council) -> Result<Vec<ReceiptInfo>, Failure> {
    let mut found = Vec::new();
    for receipt in council.store.receipts()? {
        let meeting = council.store.meeting(receipt.meeting)?;
        found.push(ReceiptInfo {
            meeting_id: receipt.meeting.to_string(),
            meeting_name: meeting.map(|held| held.object.name).unwrap_or_default(),
            invitation_revision: receipt.invitation_revision,
            at_ms: receipt.made_at_ms,
            server_at_ms: receipt.server_at_ms,
        });
    }
    found.sort_by_key(|receipt| std::cmp::Reverse(receipt.at_ms));
    Ok(found)
}

/// The host of an address, as a letter would name it.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split_once('/').map_or(rest, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn an_address_is_shown_by_its_host() {
        assert_eq!(host("https://rat.example.de/"), "rat.example.de");
        assert_eq!(host("https://127.0.0.1:8443"), "127.0.0.1:8443");
        assert_eq!(host("rat.example.de"), "rat.example.de");
    }
}
