//! From verified entries to the changes of one database: only the last entry of each object counts,
//! and it is opened, read and checked here, before anything is stored. Pure.

use std::collections::{HashMap, HashSet};

use sync_protocol::chain::{Op, VerifiedEntry};
use sync_protocol::class_key::{
    ClassKey, FileKeyContext, KeyEpoch, WrappedFileKey, open_payload, unwrap_file_key,
};
use sync_protocol::ids::{BlobId, CouncilId, ObjectId};
use sync_protocol::model::{CouncilObject, File, ModelError, ObjectKind};

use crate::store::{Columns, columns_of};

/// One change of a database.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// The object is there, in this state.
    Put(Box<PutObject>),
    /// The object is there, but cannot be read with what lies here.
    KeepSealed(SealedObject),
    /// The object is gone from this audience, or its content was erased.
    Remove(ObjectId),
}

/// An object to be stored.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PutObject {
    pub(crate) id: ObjectId,
    pub(crate) kind: ObjectKind,
    pub(crate) revision: u32,
    pub(crate) key_epoch: KeyEpoch,
    pub(crate) payload: Vec<u8>,
    pub(crate) columns: Columns,
    pub(crate) file: Option<PutFile>,
}

/// What a file has beside its payload.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PutFile {
    pub(crate) blob_id: BlobId,
    pub(crate) wrapped_key: Vec<u8>,
    pub(crate) byte_len: u64,
    pub(crate) page_count: Option<u32>,
}

/// An entry to be kept as it came.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SealedObject {
    pub(crate) id: ObjectId,
    pub(crate) key_epoch: KeyEpoch,
    pub(crate) header: Vec<u8>,
    pub(crate) sealed_payload: Vec<u8>,
    pub(crate) wrapped_file_key: Option<Vec<u8>>,
}

/// Why a verified entry cannot be taken over. The numbers are positions in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The class key of its epoch does not open it.
    #[error("entry {seq} does not open with the key of its epoch")]
    DoesNotOpen {
        /// Position.
        seq: u64,
    },
    /// It opens, but is no object of its kind.
    #[error("entry {seq} does not hold an object of its kind")]
    Malformed {
        /// Position.
        seq: u64,
    },
    /// Header and payload name different objects or files.
    #[error("entry {seq} contradicts its content")]
    Contradiction {
        /// Position.
        seq: u64,
    },
}

/// Plans the changes that a verified run of entries makes.
///
/// * `entries` – in the order of the chain.
/// * `key` – the class key of an epoch, if it is here.
///
/// Result: at most one change for each object, in the order of their last entries.
pub(crate) fn plan_changes(
    council: CouncilId,
    entries: Vec<VerifiedEntry>,
    key: impl Fn(KeyEpoch) -> Option<ClassKey>,
) -> Result<Vec<Change>, ChangeError> {
    let mut keys: HashMap<KeyEpoch, Option<ClassKey>> = HashMap::new();
    let mut settled = HashSet::new();
    let mut changes = Vec::new();
    for entry in entries.into_iter().rev() {
        if !settled.insert(entry.header.object) {
            continue;
        }
        let epoch = entry.header.key_epoch;
        let class_key = keys.entry(epoch).or_insert_with(|| key(epoch));
        changes.push(change_of(council, entry, class_key.as_ref())?);
    }
    changes.reverse();
    Ok(changes)
}

fn change_of(
    council: CouncilId,
    verified: VerifiedEntry,
    class_key: Option<&ClassKey>,
) -> Result<Change, ChangeError> {
    let VerifiedEntry { header, entry, .. } = verified;
    let seq = header.seq;
    let (Op::Upsert, Some(sealed_payload)) = (header.op, entry.sealed_payload) else {
        return Ok(Change::Remove(header.object));
    };
    let (Some(class_key), false) = (
        class_key,
        matches!(header.object_kind, ObjectKind::Unknown(_)),
    ) else {
        return Ok(Change::KeepSealed(SealedObject {
            id: header.object,
            key_epoch: header.key_epoch,
            header: entry.header_bytes,
            sealed_payload,
            wrapped_file_key: entry.wrapped_file_key,
        }));
    };
    let payload = open_payload(class_key, &header.context(council), &sealed_payload)
        .map_err(|_| ChangeError::DoesNotOpen { seq })?;
    let object = CouncilObject::from_payload(header.object_kind, header.object, &payload).map_err(
        |error| match error {
            ModelError::ForeignObject => ChangeError::Contradiction { seq },
            ModelError::UnknownKind(_) | ModelError::Malformed(_) => ChangeError::Malformed { seq },
        },
    )?;
    if object.blob_id() != header.blob_id {
        return Err(ChangeError::Contradiction { seq });
    }
    let file = match (&object, entry.wrapped_file_key) {
        (CouncilObject::File(file), Some(wrapped)) => {
            let context = FileKeyContext {
                council,
                object: header.object,
                revision: header.revision,
                blob_id: file.blob_id,
            };
            Some(
                put_file(file, &context, wrapped, class_key)
                    .ok_or(ChangeError::DoesNotOpen { seq })?,
            )
        }
        // A file whose key was erased stays as a name without content.
        _ => None,
    };
    Ok(Change::Put(Box::new(PutObject {
        id: header.object,
        kind: header.object_kind,
        revision: header.revision,
        key_epoch: header.key_epoch,
        columns: columns_of(&object),
        payload,
        file,
    })))
}

fn put_file(
    file: &File,
    context: &FileKeyContext,
    wrapped: Vec<u8>,
    class_key: &ClassKey,
) -> Option<PutFile> {
    let wrapped = WrappedFileKey(wrapped);
    unwrap_file_key(class_key, context, &wrapped).ok()?;
    Some(PutFile {
        blob_id: file.blob_id,
        wrapped_key: wrapped.0,
        byte_len: file.byte_len,
        page_count: file.page_count,
    })
}
