//! The table `sealed_entries`: what came, was verified, and cannot be read yet.

use rusqlite::Connection;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::ObjectId;

use super::StoreError;
use super::read::{id16, number32};
use crate::plan::changes::SealedObject;

/// Everything kept sealed in one database.
pub(crate) fn all(conn: &Connection) -> Result<Vec<SealedObject>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT object_id, key_epoch, header, sealed_payload, wrapped_file_key FROM sealed_entries",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(SealedObject {
            id: ObjectId::from_bytes(id16(row, "object_id")?),
            key_epoch: KeyEpoch(number32(row, "key_epoch")?),
            header: row.get("header")?,
            sealed_payload: row.get("sealed_payload")?,
            wrapped_file_key: row.get("wrapped_file_key")?,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use sync_protocol::class_key::ClassKey;
    use sync_protocol::head::AudienceKind;

    use crate::plan::changes::ChangeError;
    use crate::store::CouncilStore;
    use crate::testing::{Chain, NOW_MS, Tablet, id, item, meeting};

    fn open(tablet: &Tablet) -> CouncilStore {
        CouncilStore::open(&tablet.vault, tablet.council, NOW_MS).unwrap()
    }

    #[test]
    fn what_was_kept_sealed_is_opened_though_the_app_ended_after_its_key_was_stored() {
        let mut tablet = Tablet::new();
        let mut public = Chain::new(tablet.council, AudienceKind::Public);
        let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
        public.put(meeting(1, "2026-12-01T17:00:00+01:00"));
        tablet.take(&mut [&mut public, &mut closed], NOW_MS);
        closed.change_key();
        closed.put(item(12, 1, 2, false));
        tablet.take(&mut [&mut public, &mut closed], NOW_MS);
        assert!(open(&tablet).agenda(id(1)).unwrap().is_empty());

        let key = (closed.audience, closed.epoch, closed.key.clone());
        tablet
            .vault
            .keyring()
            .put_class_keys(tablet.council, &[key])
            .unwrap();
        tablet.take(&mut [&mut public, &mut closed], NOW_MS);
        assert_eq!(open(&tablet).agenda(id(1)).unwrap().len(), 1);
    }

    #[test]
    fn entries_of_a_later_version_wait_without_a_run_that_finds_something() {
        let mut tablet = Tablet::new();
        let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
        closed.put_of_later_version(id(1));
        tablet.take(&mut [&mut closed], NOW_MS);
        tablet.take(&mut [&mut closed], NOW_MS);
        assert!(tablet.planned.is_nothing_new());
    }

    #[test]
    fn a_kept_entry_that_does_not_open_keeps_nothing_else_from_being_done() {
        let mut tablet = Tablet::new();
        let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
        let mut ending = Chain::new(tablet.council, AudienceKind::Village);
        closed.put(meeting(1, "2026-12-01T17:00:00+01:00"));
        ending.put(meeting(2, "2026-12-02T17:00:00+01:00"));
        tablet.take(&mut [&mut closed, &mut ending], NOW_MS);
        closed.change_key();
        closed.put(item(12, 1, 2, false));
        tablet.take(&mut [&mut closed, &mut ending], NOW_MS);

        // A key of that number comes that is another one, and the head lists the other audience no longer.
        let other = ClassKey::make().unwrap();
        let key = (closed.audience, closed.epoch, other);
        let keyring = tablet.vault.keyring();
        keyring.put_class_keys(tablet.council, &[key]).unwrap();
        let stored = tablet.take_all(&mut [&mut closed], NOW_MS);
        assert_eq!(stored.fault, Some(ChangeError::DoesNotOpen { seq: 2 }));
        let record = tablet.vault.keyring().council(tablet.council).unwrap();
        let ended: Vec<_> = record
            .ended_audiences
            .iter()
            .map(|one| one.audience)
            .collect();
        assert_eq!(ended, [ending.audience]);
    }
}
