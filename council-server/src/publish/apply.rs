//! Appends what the plan says: seals payloads, wraps file keys, makes entries, erases what was taken back.
//! Everything in the caller's transaction.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;
use sync_protocol::chain::{ChainPosition, EntryDraft, EntryHeader, Op, make_entry};
use sync_protocol::class_key::{
    ClassKey, EntryContext, FileKeyContext, KeyEpoch, open_payload, seal_payload, wrap_file_key,
};
use sync_protocol::ids::{AudienceId, CouncilId, ObjectId};
use sync_protocol::model::ObjectKind;

use super::Publisher;
use super::book::Book;
use super::objects::WantedObject;
use super::plan::{Change, Listed, Place, Revision, Wanted, plan};
use crate::draft::CouncilDraft;
use crate::error::ServerError;
use crate::keys::Keys;
use crate::store::audiences::AudienceRow;
use crate::store::{audiences, chain};

/// What was done.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Applied {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    pub entries: usize,
}

/// Plans and appends.
pub(crate) fn apply(
    tx: &Transaction<'_>,
    publisher: &Publisher<'_>,
    draft: &CouncilDraft,
    book: &Book,
    objects: &[WantedObject],
) -> Result<Applied, ServerError> {
    let mut pen = Pen::new(tx, publisher.council, publisher.keys)?;
    let deleted: BTreeSet<ObjectId> = book.deleted(tx, draft)?;
    let mut listed = BTreeMap::new();
    for (place, row) in chain::listed(tx)? {
        let own = row.source == draft.source && draft.complete;
        let header = EntryHeader::from_bytes(&row.entry.header_bytes)?;
        let payload = pen.open(
            &header,
            row.entry.sealed_payload.as_deref().unwrap_or_default(),
        )?;
        listed.insert(
            place,
            Listed {
                kind: header.object_kind,
                payload,
                revision: header.revision,
                blob_id: header.blob_id,
                is_removable: own || deleted.contains(&row.object),
            },
        );
    }
    let mut wanted: BTreeMap<Place, Wanted> = BTreeMap::new();
    let mut file_keys = BTreeMap::new();
    for want in objects {
        let (kind, id) = (want.object.kind(), want.object.id());
        let payload = want.object.to_payload();
        let revision = match &want.object {
            sync_protocol::model::CouncilObject::File(file) => Some(file.revision),
            _ => None,
        };
        if let Some(sealed) = &want.sealed_file_key {
            file_keys.insert(id, sealed.as_slice());
        }
        for audience in &want.readers {
            let blob_id = want.object.blob_id();
            wanted.insert(
                (*audience, id),
                Wanted {
                    kind,
                    payload: payload.clone(),
                    revision,
                    blob_id,
                },
            );
        }
    }
    let changes = plan(&listed, &wanted);
    let applied = count(&changes, &listed, &wanted);
    for change in changes {
        pen.write(change, &file_keys)?;
    }
    pen.store_positions()?;
    Ok(applied)
}

/// Writes entries; knows the chains' ends and the class keys in use.
struct Pen<'a, 'b> {
    tx: &'a Transaction<'b>,
    council: CouncilId,
    keys: &'a Keys,
    ends: BTreeMap<AudienceId, AudienceRow>,
    moved: BTreeSet<AudienceId>,
    class_keys: BTreeMap<(AudienceId, KeyEpoch), ClassKey>,
    revisions: BTreeMap<ObjectId, u32>,
}

impl<'a, 'b> Pen<'a, 'b> {
    fn new(
        tx: &'a Transaction<'b>,
        council: CouncilId,
        keys: &'a Keys,
    ) -> Result<Self, ServerError> {
        let ends = audiences::all(tx)?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        Ok(Self {
            tx,
            council,
            keys,
            ends,
            moved: BTreeSet::new(),
            class_keys: BTreeMap::new(),
            revisions: BTreeMap::new(),
        })
    }

    fn class_key(
        &mut self,
        audience: AudienceId,
        epoch: KeyEpoch,
    ) -> Result<&ClassKey, ServerError> {
        use std::collections::btree_map::Entry;
        match self.class_keys.entry((audience, epoch)) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(empty) => {
                Ok(empty.insert(self.keys.class_key(self.tx, &audience, epoch)?))
            }
        }
    }

    fn open(&mut self, header: &EntryHeader, sealed: &[u8]) -> Result<Vec<u8>, ServerError> {
        let context = header.context(self.council);
        let key = self.class_key(header.audience, header.key_epoch)?;
        Ok(open_payload(key, &context, sealed)?)
    }

    fn write(
        &mut self,
        change: Change,
        file_keys: &BTreeMap<ObjectId, &[u8]>,
    ) -> Result<(), ServerError> {
        match change {
            Change::Tombstone {
                place: (audience, object),
                kind,
                revision,
            } => {
                self.append(audience, tombstone(kind, object, revision))?;
                Ok(chain::erase(self.tx, &audience, &object)?)
            }
            Change::Upsert {
                place: (audience, object),
                kind,
                payload,
                revision,
                blob_id,
                erased_blob,
            } => {
                let revision = self.number(&object, revision)?;
                let key_epoch = self
                    .ends
                    .get(&audience)
                    .map_or(KeyEpoch(1), |end| end.key_epoch);
                let council = self.council;
                let file_key = match (blob_id, file_keys.get(&object)) {
                    (Some(blob_id), Some(sealed)) => {
                        Some((blob_id, self.keys.open_file_key(&blob_id, sealed)?))
                    }
                    _ => None,
                };
                let class_key = self.class_key(audience, key_epoch)?;
                let context = EntryContext {
                    council,
                    audience,
                    object_kind: kind,
                    object,
                    revision,
                    key_epoch,
                };
                let sealed_payload = seal_payload(class_key, &context, &payload)?;
                let wrapped_file_key = match &file_key {
                    Some((blob_id, file_key)) => {
                        let context = FileKeyContext {
                            council,
                            object,
                            revision,
                            blob_id: *blob_id,
                        };
                        Some(wrap_file_key(class_key, &context, file_key)?.0)
                    }
                    None => None,
                };
                let draft = EntryDraft {
                    op: Op::Upsert,
                    object_kind: kind,
                    object,
                    revision,
                    key_epoch,
                    blob_id,
                    sealed_payload: Some(sealed_payload),
                    wrapped_file_key,
                };
                self.append(audience, draft)?;
                if let Some(blob) = erased_blob {
                    chain::erase_blob(self.tx, &audience, &object, &blob)?;
                }
                Ok(())
            }
        }
    }

    fn append(&mut self, audience: AudienceId, mut draft: EntryDraft) -> Result<(), ServerError> {
        let Some(end) = self.ends.get_mut(&audience) else {
            return Ok(());
        };
        if draft.op == Op::Tombstone {
            draft.key_epoch = end.key_epoch;
        }
        let (entry, position) = make_entry(audience, &end.position, draft)?;
        let header = EntryHeader::from_bytes(&entry.header_bytes)?;
        chain::append(self.tx, &header, &entry)?;
        end.position = position;
        self.moved.insert(audience);
        Ok(())
    }

    /// The same object gets the same new number in every chain of one publishing.
    fn number(&mut self, object: &ObjectId, revision: Revision) -> Result<u32, ServerError> {
        if let Revision::Is(number) = revision {
            return Ok(number);
        }
        if let Some(number) = self.revisions.get(object) {
            return Ok(*number);
        }
        let number = chain::highest_revision(self.tx, object)?.saturating_add(1);
        self.revisions.insert(*object, number);
        Ok(number)
    }

    fn store_positions(&self) -> Result<(), ServerError> {
        for audience in &self.moved {
            let position = self
                .ends
                .get(audience)
                .map_or(ChainPosition::START, |end| end.position);
            audiences::set_position(self.tx, audience, &position)?;
        }
        Ok(())
    }
}

fn tombstone(object_kind: ObjectKind, object: ObjectId, revision: u32) -> EntryDraft {
    EntryDraft {
        op: Op::Tombstone,
        object_kind,
        object,
        revision,
        key_epoch: KeyEpoch(1),
        blob_id: None,
        sealed_payload: None,
        wrapped_file_key: None,
    }
}

fn count(
    changes: &[Change],
    listed: &BTreeMap<Place, Listed>,
    wanted: &BTreeMap<Place, Wanted>,
) -> Applied {
    let touched: BTreeSet<ObjectId> = changes
        .iter()
        .map(|change| match change {
            Change::Upsert { place, .. } | Change::Tombstone { place, .. } => place.1,
        })
        .collect();
    let was: BTreeSet<ObjectId> = listed.keys().map(|(_, object)| *object).collect();
    let is: BTreeSet<ObjectId> = wanted.keys().map(|(_, object)| *object).collect();
    let mut applied = Applied {
        entries: changes.len(),
        ..Applied::default()
    };
    for object in touched {
        match (was.contains(&object), is.contains(&object)) {
            (false, _) => applied.added += 1,
            (true, true) => applied.changed += 1,
            (true, false) => applied.removed += 1,
        }
    }
    applied
}
