//! The store: what a run leaves behind, and what queries make of several databases.

use std::io::{Read, Write};

use sync_protocol::head::AudienceKind;
use sync_protocol::ids::ObjectId;
use sync_protocol::model::ObjectKind;

use super::*;
use crate::testing::{
    Chain, LEASE_MS, NOW_MS, Tablet, file, id, item, meeting, paper, sealed_file,
};

fn open(tablet: &Tablet, now_ms: i64) -> CouncilStore {
    CouncilStore::open(&tablet.vault, tablet.council, now_ms).unwrap()
}

fn place(tablet: &Tablet, blob_id: sync_protocol::ids::BlobId, sealed: &[u8]) {
    let mut writer = tablet.vault.blobs(tablet.council).resume(blob_id).unwrap();
    writer.append(sealed).unwrap();
    writer.finish().unwrap();
}

#[test]
fn a_council_never_synchronised_is_an_empty_store() {
    let store = open(&Tablet::new(), NOW_MS);
    assert!(store.meetings().unwrap().is_empty());
    assert!(store.stand().is_none());
    assert_eq!(store.storage_usage().unwrap(), StorageUsage::default());
}

#[test]
fn one_agenda_is_read_from_the_public_and_the_closed_database() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    public.put(meeting(2, "2026-12-02T17:00:00+01:00"));
    public.put(meeting(1, "2026-12-01T17:00:00+01:00"));
    public.put(item(11, 1, 1, true));
    public.put(item(13, 1, 3, true));
    closed.put(item(12, 1, 2, false));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);

    let store = open(&tablet, NOW_MS);
    let names: Vec<ObjectId> = store
        .meetings()
        .unwrap()
        .iter()
        .map(|held| held.object.id)
        .collect();
    assert_eq!(names, [id(1), id(2)], "earliest first");
    let agenda: Vec<(ObjectId, bool)> = store
        .agenda(id(1))
        .unwrap()
        .iter()
        .map(|held| (held.object.id, held.public))
        .collect();
    assert_eq!(agenda, [(id(11), true), (id(12), false), (id(13), true)]);
    assert_eq!(store.stand().unwrap().synced_at_ms, NOW_MS);
}

#[test]
fn a_kept_store_sees_what_came_and_is_refused_once_other_audiences_may_be_read() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    public.put(meeting(1, "2026-12-01T17:00:00+01:00"));
    closed.put(item(12, 1, 2, false));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    let store = open(&tablet, NOW_MS);
    assert_eq!(store.meetings().unwrap().len(), 1);

    public.put(meeting(2, "2026-12-02T17:00:00+01:00"));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS + 1);
    let store = store.at(&tablet.vault, NOW_MS + 1).unwrap().unwrap();
    assert_eq!(store.meetings().unwrap().len(), 2, "nothing stale is kept");
    assert_eq!(store.stand().unwrap().synced_at_ms, NOW_MS + 1);

    let after = NOW_MS + 1 + LEASE_MS + 1;
    assert!(
        store.at(&tablet.vault, after).unwrap().is_none(),
        "the lease of what is nonpublic is over"
    );
}

#[test]
fn an_object_of_two_audiences_comes_once_and_newest() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    public.put(paper(5, None, &[]));
    closed.put(paper(5, None, &[]));
    let mut newer = paper(5, None, &[]);
    newer.name = "Neuer".to_owned();
    closed.put(newer);
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    let store = open(&tablet, NOW_MS);
    assert_eq!(store.papers().unwrap().len(), 1);
    let held = store.paper(id(5)).unwrap().unwrap();
    assert_eq!(held.object.name, "Neuer");
    assert!(held.public, "the public audience lists it too");
}

#[test]
fn a_further_file_of_a_meeting_counts_among_its_files() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let (_, blob_id, key) = sealed_file(b"Die Folien");
    public.put_file(file(7, blob_id, 10), &key);
    let mut held = meeting(1, "2026-12-01T17:00:00+01:00");
    held.auxiliary_files = vec![id(7)];
    public.put(held);
    public.put(meeting(2, "2026-12-02T17:00:00+01:00"));
    tablet.take(&mut [&mut public], NOW_MS);
    let store = open(&tablet, NOW_MS);
    let own = store.files_of(id(1)).unwrap();
    assert_eq!((own.len(), own[0].0), (1, FileRole::Auxiliary));
    let counted = store.meeting_files().unwrap();
    assert_eq!(counted[&id(1)].files, 1);
    assert!(!counted.contains_key(&id(2)));
}

#[test]
fn a_file_opens_with_the_key_of_its_audience_and_keeps_its_first_sight() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Village);
    let (sealed, blob_id, key) = sealed_file(b"Die Vorlage");
    public.put(meeting(1, "2026-12-01T17:00:00+01:00"));
    closed.put_file(file(7, blob_id, 11), &key);
    closed.put(paper(5, Some(7), &[]));
    let mut on_agenda = item(11, 1, 1, false);
    on_agenda.paper = Some(id(5));
    closed.put(on_agenda);
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);

    let mut store = open(&tablet, NOW_MS);
    assert!(!store.file(id(7)).unwrap().unwrap().present);
    place(&tablet, blob_id, &sealed);
    store.set_present(&[blob_id]).unwrap();
    let row = store.file(id(7)).unwrap().unwrap();
    assert!(row.present && !row.public);
    let file_key = store.file_key(&tablet.vault, &row).unwrap();
    let mut plain = String::new();
    tablet
        .vault
        .blobs(tablet.council)
        .open(blob_id, &file_key)
        .unwrap()
        .read_to_string(&mut plain)
        .unwrap();
    assert_eq!(plain, "Die Vorlage");
    assert_eq!(store.files_of(id(5)).unwrap()[0].0, FileRole::Main);
    assert_eq!(
        store.meeting_files().unwrap()[&id(1)],
        MeetingFiles {
            files: 1,
            files_present: 1,
            bytes: 11,
            pages: 3
        }
    );
    let usage = store.storage_usage().unwrap();
    assert_eq!(
        (usage.bytes_present, usage.bytes_nonpublic, usage.objects),
        (11, 11, 4)
    );

    // A second revision: another blob, so it must be fetched again; the time of first sight stays.
    let (_, second, second_key) = sealed_file(b"Die neue Vorlage");
    closed.put_file(file(7, second, 16), &second_key);
    tablet.take(&mut [&mut public, &mut closed], NOW_MS + 1_000);
    let row = open(&tablet, NOW_MS).file(id(7)).unwrap().unwrap();
    assert_eq!(
        (row.present, row.first_received_at_ms, row.changed_at_ms),
        (false, NOW_MS, NOW_MS + 1_000)
    );
    assert_eq!(
        crate::access::sweep_blobs(&tablet.vault, tablet.council).unwrap(),
        1,
        "the old blob is named no more"
    );
    assert!(!tablet.vault.blobs(tablet.council).has(blob_id));
}

#[test]
fn a_tombstone_removes_the_object_its_file_and_its_uses() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let (_, blob_id, key) = sealed_file(b"x");
    public.put_file(file(7, blob_id, 1), &key);
    public.put(paper(5, None, &[7]));
    tablet.take(&mut [&mut public], NOW_MS);
    assert_eq!(open(&tablet, NOW_MS).uses_of_file(id(7)).unwrap().len(), 1);
    public.remove(ObjectKind::Paper, id(5));
    public.remove(ObjectKind::File, id(7));
    tablet.take(&mut [&mut public], NOW_MS);
    let store = open(&tablet, NOW_MS);
    assert!(store.paper(id(5)).unwrap().is_none() && store.file(id(7)).unwrap().is_none());
    assert!(store.file_uses().unwrap().is_empty());
}

#[test]
fn only_what_a_whole_chain_no_longer_lists_is_gone() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    public.put(meeting(1, "2026-12-01T17:00:00+01:00"));
    closed.put(meeting(2, "2026-12-02T17:00:00+01:00"));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    public.remove(ObjectKind::Meeting, id(1));
    closed.remove(ObjectKind::Meeting, id(2));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    let absence = |chain: &Chain, n| {
        let store = open(&tablet, NOW_MS);
        store.absence(chain.audience, id(n)).unwrap()
    };
    assert_eq!(absence(&public, 1), Absence::Gone);
    assert_eq!(absence(&closed, 2), Absence::Gone);
    let stranger = Chain::new(tablet.council, AudienceKind::Village);
    assert_eq!(absence(&stranger, 1), Absence::Ended);

    // A lost cache holds nothing, and proves nothing.
    super::open_public(&tablet.vault, tablet.council)
        .unwrap()
        .execute_batch("DELETE FROM objects; DELETE FROM chain_state;")
        .unwrap();
    assert_eq!(absence(&public, 1), Absence::Awaited);

    tablet.take(&mut [&mut public], NOW_MS + 1);
    assert_eq!(
        open(&tablet, NOW_MS)
            .absence(closed.audience, id(2))
            .unwrap(),
        Absence::Ended,
        "access has ended"
    );
}

#[test]
fn ended_access_hides_at_once_and_forgets_after_seven_days() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    let (sealed, blob_id, key) = sealed_file(b"geheim");
    closed.put_file(file(7, blob_id, 6), &key);
    closed.put(paper(5, Some(7), &[]));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    place(&tablet, blob_id, &sealed);
    tablet.take(&mut [&mut public], NOW_MS + 1);

    assert!(
        open(&tablet, NOW_MS).paper(id(5)).unwrap().is_none(),
        "hidden at once, whatever the clock says"
    );
    let forget = |now_ms| crate::access::forget_due(&tablet.vault, tablet.council, now_ms).unwrap();
    assert!(forget(NOW_MS + crate::GRACE_MS).is_empty());
    assert_eq!(
        crate::access::sweep_blobs(&tablet.vault, tablet.council).unwrap(),
        0,
        "locked is not forgotten"
    );
    assert_eq!(forget(NOW_MS + 1 + crate::GRACE_MS), [closed.audience]);
    assert!(
        tablet
            .vault
            .keyring()
            .epochs(tablet.council, closed.audience)
            .is_empty()
    );
    assert!(
        tablet
            .vault
            .closed_audiences(tablet.council)
            .unwrap()
            .is_empty()
    );
    assert!(
        !tablet.vault.blobs(tablet.council).has(blob_id),
        "its ciphertext is swept away"
    );
    assert!(
        forget(NOW_MS + 2 * crate::GRACE_MS).is_empty(),
        "once is enough"
    );
}

#[test]
fn an_error_of_the_office_can_be_undone_within_the_grace() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    closed.put(paper(5, None, &[]));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    tablet.take(&mut [&mut public], NOW_MS + 1);
    tablet.take(&mut [&mut public, &mut closed], NOW_MS + 2);
    assert!(open(&tablet, NOW_MS).paper(id(5)).unwrap().is_some());
    let later = NOW_MS + 3 * crate::GRACE_MS;
    assert!(
        crate::access::forget_due(&tablet.vault, tablet.council, later)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_lease_that_is_over_hides_and_setting_the_clock_back_opens_nothing() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    closed.readable_until_ms = Some(NOW_MS + 10);
    closed.put(paper(5, None, &[]));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    assert!(open(&tablet, NOW_MS + 10).paper(id(5)).unwrap().is_some());
    assert!(open(&tablet, NOW_MS + 11).paper(id(5)).unwrap().is_none());
    tablet.take(&mut [&mut public, &mut closed], NOW_MS + 50);
    assert!(
        open(&tablet, NOW_MS).paper(id(5)).unwrap().is_none(),
        "the last signed time counts"
    );
}

#[test]
fn without_contact_for_thirty_days_only_what_is_public_is_read_on() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    public.put(paper(4, None, &[]));
    closed.put(paper(5, None, &[]));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    let readable = |now_ms| {
        let store = open(&tablet, now_ms);
        (
            store.paper(id(4)).unwrap().is_some(),
            store.paper(id(5)).unwrap().is_some(),
        )
    };
    assert_eq!(readable(NOW_MS + LEASE_MS), (true, true));
    assert_eq!(readable(NOW_MS + LEASE_MS + 1), (true, false));
    let forget = |now_ms| crate::access::forget_due(&tablet.vault, tablet.council, now_ms).unwrap();
    assert!(
        forget(NOW_MS + LEASE_MS + 1).is_empty(),
        "locked, not yet forgotten"
    );
    assert_eq!(
        forget(NOW_MS + LEASE_MS + crate::GRACE_MS),
        [closed.audience]
    );
}

#[test]
fn a_revoked_device_loses_everything_nonpublic_at_once() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let mut closed = Chain::new(tablet.council, AudienceKind::Organization);
    public.put(paper(4, None, &[]));
    closed.put(paper(5, None, &[]));
    tablet.take(&mut [&mut public, &mut closed], NOW_MS);
    crate::access::revoke(&tablet.vault, tablet.council, NOW_MS).unwrap();
    let store = open(&tablet, NOW_MS);
    assert!(store.paper(id(5)).unwrap().is_none());
    assert!(
        store.paper(id(4)).unwrap().is_some(),
        "what is public stays"
    );
    assert!(
        tablet
            .vault
            .keyring()
            .council(tablet.council)
            .unwrap()
            .revoked
    );
    assert_eq!(
        tablet.vault.keyring().audiences(tablet.council),
        [public.audience]
    );
}

#[test]
fn what_came_without_its_key_is_kept_and_opens_when_the_key_comes() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    public.is_key_given = false;
    public.put(paper(5, None, &[]));
    tablet.take(&mut [&mut public], NOW_MS);
    assert!(open(&tablet, NOW_MS).papers().unwrap().is_empty());
    public.is_key_given = true;
    tablet.take(&mut [&mut public], NOW_MS + 1);
    assert_eq!(open(&tablet, NOW_MS).papers().unwrap().len(), 1);
}

#[test]
fn a_damaged_cache_is_empty_again_and_not_an_error() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    public.put(paper(5, None, &[]));
    tablet.take(&mut [&mut public], NOW_MS);
    let path = tablet
        .vault
        .folder()
        .join("councils")
        .join(tablet.council.to_string())
        .join("council.db");
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all(&[0; 4096]).unwrap();
    drop(file);
    assert!(
        open(&tablet, NOW_MS).papers().unwrap().is_empty(),
        "the next run fetches it again"
    );
}

#[test]
fn receipts_are_made_once_for_each_revision_and_only_for_what_is_here() {
    let mut tablet = Tablet::new();
    let mut public = Chain::new(tablet.council, AudienceKind::Public);
    let (_, blob_id, key) = sealed_file(b"Einladung");
    let mut invited = meeting(1, "2026-12-01T17:00:00+01:00");
    (invited.invitation, invited.invitation_revision) = (Some(id(7)), 1);
    public.put(invited.clone());
    public.put(meeting(2, "2026-12-02T17:00:00+01:00"));
    public.put_file(file(7, blob_id, 9), &key);
    tablet.take(&mut [&mut public], NOW_MS);
    let queue = || {
        crate::receipts::queue_due(&tablet.vault, tablet.council, NOW_MS)
            .unwrap()
            .len()
    };
    assert_eq!(queue(), 0, "the file is not here yet");
    open(&tablet, NOW_MS).set_present(&[blob_id]).unwrap();
    assert_eq!((queue(), queue()), (1, 1));
    let conn = open_public(&tablet.vault, tablet.council).unwrap();
    receipts::set_taken(&conn, (id(1), 1), NOW_MS + 5).unwrap();
    assert_eq!(queue(), 0);
    assert_eq!(
        open(&tablet, NOW_MS)
            .receipt(id(1))
            .unwrap()
            .unwrap()
            .server_at_ms,
        Some(NOW_MS + 5)
    );
    invited.invitation_revision = 2;
    public.put(invited);
    tablet.take(&mut [&mut public], NOW_MS);
    let again = crate::receipts::queue_due(&tablet.vault, tablet.council, NOW_MS).unwrap();
    assert_eq!(again.len(), 1, "a new revision of the invitation");
}
