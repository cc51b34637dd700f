//! The words of pages that carry marks, kept so that the marks are found again when a newer version of the file comes: the older
//! file is gone then. Those of nonpublic files are sealed under the key of their audience: when access ends, they are gone with it.

use crate::error::NotesError;
use crate::page_words::PageWords;
use crate::store::NoteStore;
use crate::transfer::OldPages;
use rusqlite::{Transaction, named_params};
use vault::{AudienceId, BlobId, CouncilId, ObjectId, QuoteError, Vault};

/// One version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileVersion {
    /// The council.
    pub council: CouncilId,
    /// The file; the same in all its versions.
    pub file: ObjectId,
    /// Its bytes.
    pub blob_id: BlobId,
    /// Counts from 1.
    pub revision: u32,
    /// The audience of a nonpublic file.
    pub sealed_class: Option<AudienceId>,
}

impl NoteStore {
    /// Whether the words of a page of a version are kept.
    ///
    /// * `page` – counted from 0.
    pub fn has_page_words(&self, version: &FileVersion, page: u32) -> Result<bool, NotesError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT 1 FROM page_words WHERE council = :council AND file = :file AND blob_id = :blob_id
                     AND page = :page",
                )?
                .exists(named_params! {
                    ":council": version.council.as_bytes(),
                    ":file": version.file.as_bytes(),
                    ":blob_id": version.blob_id.as_bytes(),
                    ":page": page,
                })?)
        })
    }

    /// Pages of a version that carry marks and whose words are not kept, at most `limit`, counted from 0.
    pub fn pages_without_words(
        &self,
        version: &FileVersion,
        limit: u32,
    ) -> Result<Vec<u32>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT page FROM marks
                 WHERE council = :council AND target_object = :file AND target_kind = 'file'
                     AND deleted_at_ms IS NULL AND page IS NOT NULL AND blob_id = :blob_id
                     AND page NOT IN (SELECT page FROM page_words
                         WHERE council = :council AND file = :file AND blob_id = :blob_id)
                 ORDER BY page LIMIT :limit",
            )?;
            let rows = statement.query_map(
                named_params! {
                    ":council": version.council.as_bytes(),
                    ":file": version.file.as_bytes(),
                    ":blob_id": version.blob_id.as_bytes(),
                    ":limit": limit,
                },
                |row| row.get(0),
            )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Keeps the words of pages of a version. Of a nonpublic file whose key is not held, nothing is kept.
    ///
    /// * `pages` – with their numbers, counted from 0.
    pub fn page_words_put(
        &self,
        version: &FileVersion,
        pages: &[(u32, PageWords)],
    ) -> Result<(), NotesError> {
        self.write(|transaction| put(transaction, &self.vault, version, pages))
    }

    /// The kept words of all versions of a file, as far as their keys are held.
    pub fn page_words(&self, council: CouncilId, file: ObjectId) -> Result<OldPages, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT blob_id, page, words, words_sealed, sealed_class FROM page_words
                 WHERE council = :council AND file = :file",
            )?;
            let mut rows = statement.query(named_params! {
                ":council": council.as_bytes(),
                ":file": file.as_bytes(),
            })?;
            let mut pages = OldPages::new();
            while let Some(row) = rows.next()? {
                let plain: Option<Vec<u8>> = row.get("words")?;
                let sealed: Option<Vec<u8>> = row.get("words_sealed")?;
                let class: Option<[u8; 16]> = row.get("sealed_class")?;
                let words = match (plain, sealed, class.map(AudienceId::from_bytes)) {
                    (Some(plain), ..) => PageWords::from_bytes(&plain),
                    // Its key is gone, or it is damaged: the page counts as unknown.
                    (_, Some(sealed), Some(class)) => self
                        .vault
                        .open_quote(council, class, &sealed)
                        .ok()
                        .and_then(|plain| PageWords::from_bytes(&plain)),
                    _ => None,
                };
                if let Some(words) = words {
                    let blob_id = BlobId::from_bytes(row.get("blob_id")?);
                    pages.insert((blob_id, row.get("page")?), words);
                }
            }
            Ok(pages)
        })
    }
}

/// See [`NoteStore::page_words_put`].
pub(crate) fn put(
    transaction: &Transaction<'_>,
    vault: &Vault,
    version: &FileVersion,
    pages: &[(u32, PageWords)],
) -> Result<(), NotesError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO page_words (council, file, blob_id, page, words, words_sealed, sealed_class)
         VALUES (:council, :file, :blob_id, :page, :words, :sealed, :class) ON CONFLICT DO NOTHING",
    )?;
    for (page, words) in pages {
        let plain = words.to_bytes().ok_or(NotesError::BadRow)?;
        let (plain, sealed) = match version.sealed_class {
            None => (Some(plain), None),
            Some(class) => match vault.seal_quote(version.council, class, &plain) {
                Ok(sealed) => (None, Some(sealed)),
                // Access has ended this moment: nothing of the page is kept.
                Err(QuoteError::QuoteLocked) => return Ok(()),
                Err(error) => return Err(NotesError::Quote(error)),
            },
        };
        statement.execute(named_params! {
            ":council": version.council.as_bytes(),
            ":file": version.file.as_bytes(),
            ":blob_id": version.blob_id.as_bytes(),
            ":page": page,
            ":words": plain,
            ":sealed": sealed,
            ":class": version.sealed_class.map(|class| *class.as_bytes()),
        })?;
    }
    Ok(())
}

/// Forgets the words of pages of older versions that no mark, not even a deleted one, stands on any more.
///
/// * `version` – the newer one, whose pages stay.
pub(crate) fn forget_unused(
    transaction: &Transaction<'_>,
    version: &FileVersion,
) -> Result<(), NotesError> {
    transaction
        .prepare_cached(
            "DELETE FROM page_words WHERE council = :council AND file = :file AND blob_id <> :blob_id
             AND (blob_id, page) NOT IN (
                 SELECT blob_id, page FROM marks
                 WHERE council = :council AND target_object = :file AND target_kind = 'file'
                     AND blob_id IS NOT NULL AND page IS NOT NULL)",
        )?
        .execute(named_params! {
            ":council": version.council.as_bytes(),
            ":file": version.file.as_bytes(),
            ":blob_id": version.blob_id.as_bytes(),
        })?;
    Ok(())
}
