//! The vault: made, opened, locked. Changing what opens it stands in `lock`.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use sync_protocol::recovery::RecoveryCode;
use vault::{KdfCost, Passphrase, Pin, UnlockError, Vault, VaultStatus, WeakPassphrase};

use crate::Desk;
use crate::desk::lock;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::event::DeskEvent;
use crate::session::Session;

impl Desk {
    // Meets: O.Pass_2
    pub(crate) fn passphrase_check(
        &self,
        request: PassphraseCheckRequest,
    ) -> Result<PassphraseVerdict, Failure> {
        let passphrase = Passphrase::new(request.passphrase.expose());
        let problem = passphrase.check_strength().err().map(|weak| match weak {
            WeakPassphrase::Empty => PassphraseProblem::Empty,
            WeakPassphrase::TooFewWords => PassphraseProblem::TooFewWords,
            WeakPassphrase::TooShort => PassphraseProblem::TooShort,
            WeakPassphrase::TooUniform => PassphraseProblem::TooUniform,
        });
        let words = u32::try_from(passphrase.word_count()).unwrap_or(u32::MAX);
        Ok(PassphraseVerdict {
            ok: problem.is_none(),
            problem,
            words,
        })
    }

    pub(crate) fn passphrase_suggest(&self, _: Empty) -> Result<PassphraseSuggestion, Failure> {
        let words = vault::suggest_passphrase()
            .map_err(|error| Failure::caused(ErrorCode::Internal, error))?;
        Ok(PassphraseSuggestion {
            passphrase: Secret::new(words.as_str()),
        })
    }

    pub(crate) fn vault_create(
        &self,
        request: VaultCreateRequest,
    ) -> Result<VaultCreated, Failure> {
        let passphrase = Passphrase::new(request.passphrase.expose());
        let cost = KdfCost::for_this_device();
        let (vault, code) = self.door().create_with(&passphrase, cost)?;
        self.enter(Session::start(vault, self.now_ms())?)?;
        Ok(VaultCreated {
            recovery_code: Secret::new(code.to_display().as_str()),
        })
    }

    pub(crate) fn vault_unlock(&self, request: VaultUnlockRequest) -> Result<Empty, Failure> {
        let passphrase = Passphrase::new(request.passphrase.expose());
        self.unlock_by(|is_keyring_given_up| {
            if is_keyring_given_up {
                self.door()
                    .unlock_without_keyring(&passphrase, self.moment())
            } else {
                self.door().unlock(&passphrase, self.moment())
            }
        })
    }

    /// Errors: `wrong_pin`; `pin_refused`, `pin_lost`, `key_store_missing`, `key_store_locked`, `key_store_failed` say that the
    /// passphrase is needed.
    pub(crate) fn vault_unlock_pin(
        &self,
        request: VaultUnlockPinRequest,
    ) -> Result<Empty, Failure> {
        let pin = Pin::new(request.pin.expose());
        self.unlock_by(|_| self.door().unlock_with_pin(&pin, self.moment()))
            .map_err(|failure| wrong_is(ErrorCode::WrongPin, failure))
    }

    pub(crate) fn vault_unlock_recovery(
        &self,
        request: VaultUnlockRecoveryRequest,
    ) -> Result<Empty, Failure> {
        let wrong = |error| Failure::caused(ErrorCode::WrongRecoveryCode, error);
        let code = RecoveryCode::parse(request.code.expose()).map_err(wrong)?;
        let opened = self
            .unlock_by(|_| self.door().unlock_with_recovery(&code, self.moment()))
            .map_err(|failure| wrong_is(ErrorCode::WrongRecoveryCode, failure))?;
        self.session()?
            .is_by_recovery
            .store(true, Ordering::Release);
        Ok(opened)
    }

    /// Opens the vault. A damaged keyring is told first; when the member then opens the vault again, it is given up
    /// (kept under another name), because the notes are worth more than a pairing.
    fn unlock_by(
        &self,
        unlock: impl FnOnce(bool) -> Result<Vault, UnlockError>,
    ) -> Result<Empty, Failure> {
        let mut damage_told = lock(&self.keyring_damage_told);
        // A page that was loaded anew finds the session that is there.
        if self.is_open() {
            return Ok(Empty {});
        }
        let vault = unlock(*damage_told).map_err(Failure::from);
        *damage_told = matches!(&vault, Err(failure) if failure.code == ErrorCode::KeyringDamaged);
        self.enter(Session::start(vault?, self.now_ms())?)?;
        Ok(Empty {})
    }

    /// Takes an open vault and begins to index what lies in it.
    pub(crate) fn enter(&self, session: Session) -> Result<(), Failure> {
        self.idle.active(self.moment());
        self.begin(session);
        let session = self.session()?;
        // A lease may have ended while the vault was closed.
        self.refresh_subscription_in_background(&session)?;
        self.index_in_background(&session)?;
        // Where it cannot be opened, papers and notes are there all the same; the view of the spaces tells it.
        if session.vault.has_faction_db()
            && let Err(failure) = self.factions(&session)
        {
            *lock(&session.factions_failed) = Some(failure.code);
        }
        Ok(())
    }

    /// Ends the session: a running synchronisation, documents, stores and keys go before this returns.
    pub(crate) fn vault_lock(&self, _: Empty) -> Result<Empty, Failure> {
        if let Some(session) = self.close()? {
            Session::let_go(session);
            self.tell_locked();
        }
        Ok(Empty {})
    }

    pub(crate) fn tell_locked(&self) {
        self.emit(DeskEvent::VaultLocked);
    }

    /// Takes the session out and ends all that works with it; whoever gets it lets it go.
    pub(crate) fn close(&self) -> Result<Option<Arc<Session>>, Failure> {
        let Some(session) = self.end() else {
            return Ok(None);
        };
        session.sync.cancel();
        session.subscription.close();
        session.indexing.close();
        session.takeaway.cancel();
        let factions = lock(&session.factions).take();
        if let Some(factions) = factions {
            factions.close();
        }
        session.documents.clear();
        if let Some(reader) = self.started_reader() {
            reader.close_all()?;
        }
        session.sync.wait_for_end(self.runtime()?);
        session.indexing.wait_for_end(self.runtime()?);
        session.indexes.clear();
        Ok(Some(session))
    }

    pub(crate) fn vault_state(&self) -> VaultState {
        match Vault::status(self.data_dir()) {
            _ if self.is_open() => VaultState::Open,
            VaultStatus::Empty => VaultState::Empty,
            VaultStatus::Locked => VaultState::Locked,
        }
    }
}

/// A secret that opens nothing, by the code of its kind.
fn wrong_is(code: ErrorCode, failure: Failure) -> Failure {
    match failure.code {
        ErrorCode::WrongPassphrase => Failure { code, ..failure },
        _ => failure,
    }
}
