//! The password of a protected file: tried once, kept for the next time.

use search::Id;
use zeroize::Zeroizing;

use crate::Desk;
use crate::documents;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::query::{find, object_id};

impl Desk {
    /// Opens a protected file with a password, and keeps it if it is right; the file's words can be searched then.
    ///
    /// Errors: `wrong_document_password`; as `document_open`.
    pub(crate) fn document_unlock(&self, request: DocumentUnlockRequest) -> Result<Empty, Failure> {
        let (session, id, now_ms) = (self.session()?, object_id(&request.file_id)?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, row) = find(&councils, |council| council.store.file(id))?;
        let reader = self.reader()?;
        let password = Zeroizing::new(request.password.expose().to_owned());
        let (vault, store) = (&session.vault, &council.store);
        let doc = documents::open(vault, &reader, store, &row, Some(password.clone())).map_err(
            |failure| match failure.code {
                ErrorCode::DocumentPassword => ErrorCode::WrongDocumentPassword.into(),
                _ => failure,
            },
        )?;
        reader.close(doc)?;
        let (whole, class) = (
            council.record.council,
            (!row.public).then_some(row.audience),
        );
        session
            .notes
            .password_set(whole, row.blob_id, class, &password)?;
        // It stands in the index as one that cannot be read.
        if let Some(index) = session.indexes.get(vault, whole, class)? {
            index.write(|batch| batch.remove(Id(*id.as_bytes())).map(drop))?;
        }
        self.index_in_background(&session)?;
        Ok(Empty {})
    }
}
