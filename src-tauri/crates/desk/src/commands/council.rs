//! A council comes to this device by its invitation, and goes by the member's will.

use sync::PairRequest;
use sync_protocol::ids::CouncilId;

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::session::Session;

impl Desk {
    pub(crate) fn council_pair(
        &self,
        request: CouncilPairRequest,
    ) -> Result<CouncilPaired, Failure> {
        let session = self.session()?;
        let asked = PairRequest {
            address: request.address,
            code: request.code.expose().to_owned(),
        };
        let paired =
            self.runtime()?
                .block_on(sync::pair(&session.vault, &asked, &self.sync_config()))?;
        Ok(CouncilPaired {
            council: paired.council.to_string(),
            council_name: paired.council_name,
            person_name: paired.person_name,
            confirm_words: paired
                .confirm_words
                .iter()
                .map(|word| (*word).to_owned())
                .collect(),
        })
    }

    /// Takes a council from this device: its keys, papers and index. One's own notes stay; their quotations from nonpublic
    /// papers go with the keys. Can be repeated where the disk was in the way.
    ///
    /// Errors: `not_found` for what is no id; `sync_running` if a run does not let go of it; those of the disk.
    pub(crate) fn council_forget(&self, request: CouncilForgetRequest) -> Result<Empty, Failure> {
        let session = self.session()?;
        let council: CouncilId = request.council.parse().map_err(|_| ErrorCode::NotFound)?;
        let runtime = self.runtime()?;
        session.sync.forget(council);
        if session.sync.is_in_line(council) {
            session.sync.cancel();
            session.sync.wait_for_end(runtime);
        }
        if session.sync.is_in_line(council) {
            return Err(ErrorCode::SyncRunning.into());
        }
        // The end of a run begins to index; what is forgotten must not be written anew.
        session.indexing.cancel();
        session.indexing.wait_for_end(runtime);
        self.close_documents_of(&session, council)?;
        session.forget_facts();
        session.sync.forget(council);
        let forgotten = session.vault.forget_council(council);
        self.index_in_background(&session)?;
        // A failure is kept and shown with the subscription.
        let _ = session.subscription.refresh(&session, &self.surroundings());
        forgotten?;
        Ok(Empty {})
    }

    fn close_documents_of(&self, session: &Session, council: CouncilId) -> Result<(), Failure> {
        for doc in session.documents.take_of(council) {
            if let Some(reader) = self.started_reader() {
                reader.close(doc)?;
            }
        }
        Ok(())
    }
}
