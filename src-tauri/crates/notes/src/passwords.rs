//! Passwords of protected files, so that they are asked for once. Those of nonpublic files are sealed under the key of their
//! audience: when access ends, they are gone with it.

use crate::error::NotesError;
use crate::store::NoteStore;
use rusqlite::{OptionalExtension, named_params};
use vault::{AudienceId, BlobId, CouncilId};
use zeroize::Zeroizing;

/// A password as it is stored: plain, or sealed and under which class.
type Stored = (Option<Vec<u8>>, Option<Vec<u8>>, Option<[u8; 16]>);

impl NoteStore {
    /// Keeps the password of a file; one that was kept is replaced.
    ///
    /// Arguments: the audience of a nonpublic file, `None` for a public one.
    /// Errors: [`NotesError::Quote`] if no key of the audience is held.
    pub fn password_set(
        &self,
        council: CouncilId,
        blob_id: BlobId,
        audience: Option<AudienceId>,
        password: &str,
    ) -> Result<(), NotesError> {
        let sealed = audience
            .map(|class| self.vault.seal_quote(council, class, password.as_bytes()))
            .transpose()
            .map_err(NotesError::Quote)?;
        let plain = audience.is_none().then_some(password.as_bytes());
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO passwords (council, blob_id, password, sealed, sealed_class)
                     VALUES (:council, :blob_id, :password, :sealed, :sealed_class)",
                )?
                .execute(named_params! {
                    ":council": council.as_bytes(),
                    ":blob_id": blob_id.as_bytes(),
                    ":password": plain,
                    ":sealed": sealed,
                    ":sealed_class": audience.map(|class| *class.as_bytes()),
                })?;
            Ok(())
        })
    }

    /// The password of a file. `None` also for one whose key is gone: it is asked for again.
    pub fn password(
        &self,
        council: CouncilId,
        blob_id: BlobId,
    ) -> Result<Option<Zeroizing<String>>, NotesError> {
        let stored: Option<Stored> = self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT password, sealed, sealed_class FROM passwords
                     WHERE council = :council AND blob_id = :blob_id",
                )?
                .query_row(
                    named_params! {
                        ":council": council.as_bytes(),
                        ":blob_id": blob_id.as_bytes(),
                    },
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .optional()?)
        })?;
        let bytes = match stored {
            Some((Some(plain), ..)) => Zeroizing::new(plain),
            Some((_, Some(sealed), Some(class))) => {
                let class = AudienceId::from_bytes(class);
                match self.vault.open_quote(council, class, &sealed) {
                    Ok(opened) => opened,
                    Err(_) => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| NotesError::BadRow)?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    /// Forgets the password of a file: it does not open it any more.
    pub fn password_forget(&self, council: CouncilId, blob_id: BlobId) -> Result<(), NotesError> {
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "DELETE FROM passwords WHERE council = :council AND blob_id = :blob_id",
                )?
                .execute(named_params! {
                    ":council": council.as_bytes(),
                    ":blob_id": blob_id.as_bytes(),
                })?;
            Ok(())
        })
    }
}
