//! Files: who carries them, what lies on the device, and the key that opens one.

use std::collections::{HashMap, HashSet};

use rusqlite::{Row, ToSql};
use sync_protocol::class_key::{FileKeyContext, KeyEpoch, WrappedFileKey, unwrap_file_key};
use sync_protocol::encrypted_file::FileKey;
use sync_protocol::ids::{AudienceId, BlobId, ObjectId};
use sync_protocol::model::{AgendaItem, File, Meeting};
use vault::Vault;

use super::decode::FromObject;
use super::read::{id16, id32, number32, unsigned};
use super::{CouncilStore, FileRole, FileRow, FileUse, MeetingFiles, StorageUsage, StoreError};

const FILES: &str =
    "SELECT o.object_id, o.payload, o.revision AS entry_revision, o.first_received_at_ms,
    o.changed_at_ms, f.blob_id, f.byte_len, f.page_count, f.present
    FROM files f JOIN objects o USING (object_id) WHERE ";

fn file_row(
    row: &Row<'_>,
    audience: AudienceId,
    public: bool,
) -> Result<(u32, FileRow), StoreError> {
    let payload = row
        .get_ref("payload")?
        .as_blob()
        .map_err(|_| StoreError::BadRow { what: "payload" })?;
    let page_count = row
        .get::<_, Option<i64>>("page_count")?
        .and_then(|count| u32::try_from(count).ok());
    Ok((
        number32(row, "entry_revision")?,
        FileRow {
            file: File::from_payload(payload)?,
            audience,
            public,
            blob_id: BlobId::from_bytes(id32(row, "blob_id")?),
            byte_len: unsigned(row, "byte_len")?,
            page_count,
            present: row.get::<_, i64>("present")? != 0,
            first_received_at_ms: row.get("first_received_at_ms")?,
            changed_at_ms: row.get("changed_at_ms")?,
        },
    ))
}

fn file_use(row: &Row<'_>) -> Result<FileUse, StoreError> {
    Ok(FileUse {
        owner: ObjectId::from_bytes(id16(row, "owner")?),
        role: FileRole::from_number(row.get("role")?)
            .ok_or(StoreError::BadRow { what: "file use" })?,
        position: number32(row, "position")?,
        file: ObjectId::from_bytes(id16(row, "file")?),
    })
}

impl CouncilStore {
    fn files_where(
        &self,
        condition: &str,
        params: &[(&str, &dyn ToSql)],
    ) -> Result<HashMap<ObjectId, FileRow>, StoreError> {
        let mut found: HashMap<ObjectId, (u32, FileRow)> = HashMap::new();
        for (audience, public, conn) in self.databases() {
            let mut statement = conn.prepare_cached(&format!("{FILES}{condition}"))?;
            let mut rows = statement.query(params)?;
            while let Some(row) = rows.next()? {
                let (revision, file) = file_row(row, audience, public)?;
                match found.get_mut(&file.file.id) {
                    Some((known, first)) => {
                        first.public |= file.public;
                        if revision > *known {
                            let public = first.public;
                            (*known, *first) = (revision, FileRow { public, ..file });
                        }
                    }
                    None => {
                        found.insert(file.file.id, (revision, file));
                    }
                }
            }
        }
        Ok(found.into_iter().map(|(id, (_, row))| (id, row)).collect())
    }

    fn uses_where(
        &self,
        condition: &str,
        params: &[(&str, &dyn ToSql)],
    ) -> Result<Vec<FileUse>, StoreError> {
        let mut found = HashSet::new();
        for (_, _, conn) in self.databases() {
            let mut statement = conn.prepare_cached(&format!(
                "SELECT owner, role, position, file FROM file_uses WHERE {condition}"
            ))?;
            let mut rows = statement.query(params)?;
            while let Some(row) = rows.next()? {
                found.insert(file_use(row)?);
            }
        }
        let mut found: Vec<FileUse> = found.into_iter().collect();
        found.sort_by_key(|used| (used.role, used.position, used.owner, used.file));
        Ok(found)
    }

    /// One file.
    pub fn file(&self, id: ObjectId) -> Result<Option<FileRow>, StoreError> {
        Ok(self
            .files_where("f.object_id = :id", &[(":id", &id.as_bytes().as_slice())])?
            .remove(&id))
    }

    /// All files, each once, by id.
    pub fn files(&self) -> Result<HashMap<ObjectId, FileRow>, StoreError> {
        self.files_where("TRUE", &[])
    }

    /// The files an object carries (paper, agenda item or meeting), main file first, in the council's order.
    /// A file that is named but not on this device is left out.
    pub fn files_of(&self, owner: ObjectId) -> Result<Vec<(FileRole, FileRow)>, StoreError> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for used in self.uses_where(
            "owner = :owner",
            &[(":owner", &owner.as_bytes().as_slice())],
        )? {
            if seen.insert(used.file)
                && let Some(row) = self.file(used.file)?
            {
                found.push((used.role, row));
            }
        }
        Ok(found)
    }

    /// Who carries a file, and as what.
    pub fn uses_of_file(&self, file: ObjectId) -> Result<Vec<FileUse>, StoreError> {
        self.uses_where("file = :file", &[(":file", &file.as_bytes().as_slice())])
    }

    /// Every use of every file.
    pub fn file_uses(&self) -> Result<Vec<FileUse>, StoreError> {
        self.uses_where("TRUE", &[])
    }

    /// The files of every meeting: its own, those of its agenda items, and those of the papers they name.
    pub fn files_by_meeting(&self) -> Result<HashMap<ObjectId, HashSet<ObjectId>>, StoreError> {
        let mut owners: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for (_, _, conn) in self.databases() {
            let mut statement =
                conn.prepare_cached("SELECT object_id FROM objects WHERE kind = :meeting")?;
            let meeting = Meeting::KIND.number();
            let mut rows = statement.query(&[(":meeting", &meeting as &dyn ToSql)])?;
            while let Some(row) = rows.next()? {
                let meeting = ObjectId::from_bytes(id16(row, "object_id")?);
                owners.entry(meeting).or_default().push(meeting);
            }
            let mut statement = conn.prepare_cached(
                "SELECT object_id, meeting, paper FROM objects WHERE kind = :item AND meeting IS NOT NULL",
            )?;
            let item = AgendaItem::KIND.number();
            let mut rows = statement.query(&[(":item", &item as &dyn ToSql)])?;
            while let Some(row) = rows.next()? {
                let meeting = ObjectId::from_bytes(id16(row, "meeting")?);
                owners
                    .entry(ObjectId::from_bytes(id16(row, "object_id")?))
                    .or_default()
                    .push(meeting);
                if row.get_ref("paper")?.as_blob().is_ok() {
                    owners
                        .entry(ObjectId::from_bytes(id16(row, "paper")?))
                        .or_default()
                        .push(meeting);
                }
            }
        }
        let mut found: HashMap<ObjectId, HashSet<ObjectId>> = HashMap::new();
        for used in self.file_uses()? {
            for meeting in owners.get(&used.owner).into_iter().flatten() {
                found.entry(*meeting).or_default().insert(used.file);
            }
        }
        Ok(found)
    }

    /// How many files and pages each meeting has; one pass over the store for all of them.
    pub fn meeting_files(&self) -> Result<HashMap<ObjectId, MeetingFiles>, StoreError> {
        let files = self.files()?;
        let count = |ids: HashSet<ObjectId>| {
            ids.iter()
                .filter_map(|id| files.get(id))
                .fold(MeetingFiles::default(), |sum, row| MeetingFiles {
                    files: sum.files + 1,
                    files_present: sum.files_present + u64::from(row.present),
                    bytes: sum.bytes + row.byte_len,
                    pages: sum.pages + u64::from(row.page_count.unwrap_or(0)),
                })
        };
        Ok(self
            .files_by_meeting()?
            .into_iter()
            .map(|(meeting, ids)| (meeting, count(ids)))
            .collect())
    }

    /// The key that opens a file's blob.
    ///
    /// Errors: [`StoreError::NotFound`] for a file this device does not list, [`StoreError::NoKey`] if no class key
    /// here unwraps it.
    pub fn file_key(&self, vault: &Vault, file: &FileRow) -> Result<FileKey, StoreError> {
        let id = file.file.id;
        let mut listed = false;
        for (audience, _, conn) in self.databases() {
            let mut statement = conn.prepare_cached(
                "SELECT wrapped_key, key_epoch, revision FROM files WHERE object_id = :id AND blob_id = :blob",
            )?;
            let mut rows = statement.query(&[
                (":id", &id.as_bytes().as_slice() as &dyn ToSql),
                (":blob", &file.blob_id.as_bytes().as_slice()),
            ])?;
            let Some(row) = rows.next()? else { continue };
            listed = true;
            let epoch = KeyEpoch(number32(row, "key_epoch")?);
            let Some(class_key) = vault.keyring().class_key(self.council(), audience, epoch) else {
                continue;
            };
            let context = FileKeyContext {
                council: self.council(),
                object: id,
                revision: number32(row, "revision")?,
                blob_id: file.blob_id,
            };
            if let Ok(key) = unwrap_file_key(
                &class_key,
                &context,
                &WrappedFileKey(row.get("wrapped_key")?),
            ) {
                return Ok(key);
            }
        }
        Err(if listed {
            StoreError::NoKey
        } else {
            StoreError::NotFound
        })
    }

    /// How much lies on the device.
    pub fn storage_usage(&self) -> Result<StorageUsage, StoreError> {
        let files = self.files()?;
        let public_blobs: HashSet<BlobId> = files
            .values()
            .filter(|row| row.public)
            .map(|row| row.blob_id)
            .collect();
        let mut usage = StorageUsage {
            files: files.len() as u64,
            ..StorageUsage::default()
        };
        let mut counted = HashSet::new();
        for row in files.values().filter(|row| row.present) {
            usage.files_present += 1;
            if counted.insert(row.blob_id) {
                usage.bytes_present += row.byte_len;
                if !public_blobs.contains(&row.blob_id) {
                    usage.bytes_nonpublic += row.byte_len;
                }
            }
        }
        let mut objects = HashSet::new();
        for (_, _, conn) in self.databases() {
            let mut statement = conn.prepare_cached("SELECT object_id FROM objects")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                objects.insert(id16(row, "object_id")?);
            }
        }
        usage.objects = objects.len() as u64;
        Ok(usage)
    }
}
