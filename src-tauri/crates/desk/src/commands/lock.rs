//! The lock: how often a passphrase may still be tried, changing what opens the portfolio, locking by itself.

use std::sync::atomic::Ordering;
use std::time::Duration;

use vault::{FREE_TRIES, KeyStoreError, LEAST_DIGITS, MOST_DIGITS, MOST_TRIES, Passphrase, Pin};

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::event::DeskEvent;
use crate::idle::IdleDeed;
use crate::session::Session;

/// The name under which texts that were being written stand in the member's own database.
const DRAFTS: &str = "drafts";
/// What the page needs to store what is being written, ms: some hundred, and the system still lets the app run.
const LEAVE_MS: u64 = 1_500;
/// Longer texts are no drafts, bytes of all together.
const MOST_DRAFT_BYTES: usize = 1 << 20;

impl Desk {
    /// How often a passphrase may be tried, and when. Works while it is locked.
    pub(crate) fn unlock_state(&self, _: Empty) -> Result<UnlockState, Failure> {
        let left = self.door().tries_left(self.moment())?;
        let pin = self.door().pin_state();
        Ok(UnlockState {
            tries_left: left.left.into(),
            free_tries: FREE_TRIES.into(),
            most_tries: MOST_TRIES.into(),
            wait_ms: left.wait_ms,
            pin: PinInfo {
                is_set: pin.is_set,
                tries_left: left.pin_left.into(),
                key_store: match pin.key_store {
                    Ok(()) => KeyStoreState::Ready,
                    Err(KeyStoreError::Missing) => KeyStoreState::Missing,
                    Err(KeyStoreError::Locked) => KeyStoreState::Locked,
                    Err(KeyStoreError::Failed(_)) => KeyStoreState::Failed,
                },
                least_digits: LEAST_DIGITS as u32,
                most_digits: MOST_DIGITS as u32,
            },
        })
    }

    // Meets: O.Auth_11, O.Pass_3, MASVS-AUTH-3
    /// Makes a passphrase the only one. The old one is asked for, except once after the recovery code, for then it is forgotten.
    ///
    /// Errors: `wrong_passphrase` also without the old one; wrong ones count as at the locked portfolio.
    pub(crate) fn passphrase_change(
        &self,
        request: PassphraseChangeRequest,
    ) -> Result<Empty, Failure> {
        let session = self.session()?;
        let new = Passphrase::new(request.passphrase.expose());
        // What cannot become one costs no try.
        new.check_strength()?;
        match request.old {
            Some(old) => self.check_old(&session, &old)?,
            None if session.is_by_recovery.load(Ordering::Acquire) => {}
            None => return Err(ErrorCode::WrongPassphrase.into()),
        }
        session.vault.change_passphrase(&new)?;
        session.is_by_recovery.store(false, Ordering::Release);
        Ok(Empty {})
    }

    // Meets: O.Auth_14, MASVS-AUTH-3
    /// Makes a new recovery code; the old one opens nothing any more.
    ///
    /// Errors: as [`Desk::passphrase_change`].
    pub(crate) fn recovery_renew(
        &self,
        request: RecoveryRenewRequest,
    ) -> Result<RecoveryRenewed, Failure> {
        let session = self.session()?;
        self.check_old(&session, &request.passphrase)?;
        let code = session.vault.replace_recovery_code()?;
        Ok(RecoveryRenewed {
            recovery_code: Secret::new(code.to_display().as_str()),
        })
    }

    /// Makes a PIN the only one. The passphrase is asked for; wrong ones count as at the locked portfolio.
    ///
    /// Errors: `weak_pin`, `wrong_passphrase`, or the key store does not answer; then the PIN of before may be gone.
    pub(crate) fn pin_set(&self, request: PinSetRequest) -> Result<Empty, Failure> {
        let session = self.session()?;
        let pin = Pin::new(request.pin.expose());
        // What cannot become one costs no try.
        pin.check_strength()?;
        self.check_old(&session, &request.passphrase)?;
        session.vault.set_pin(&pin)?;
        Ok(Empty {})
    }

    /// Takes the PIN away.
    ///
    /// Errors: the key store does not answer; the PIN is gone all the same.
    pub(crate) fn pin_remove(&self, _: Empty) -> Result<Empty, Failure> {
        self.session()?.vault.remove_pin()?;
        Ok(Empty {})
    }

    /// The member knows that older keys lie here than there were: from now on they are the newest.
    ///
    /// Errors: the key store does not answer.
    pub(crate) fn older_accept(&self, _: Empty) -> Result<Empty, Failure> {
        self.session()?.vault.accept_set_back()?;
        Ok(Empty {})
    }

    fn check_old(&self, session: &Session, old: &Secret) -> Result<(), Failure> {
        let old = Passphrase::new(old.expose());
        Ok(session.vault.check_passphrase(&old, self.moment())?)
    }

    /// Somebody did something: the time until the portfolio locks by itself begins anew.
    pub(crate) fn activity(&self, _: Empty) -> Result<Empty, Failure> {
        self.session()?;
        self.idle.active(self.moment());
        Ok(Empty {})
    }

    /// Locks the portfolio where nobody has done anything for as long as the settings say; shortly before, it is told. To be
    /// called again and again, from a thread that may wait.
    ///
    /// Result: when to call it again at the latest.
    pub fn lock_if_idle(&self) -> Duration {
        let limit_ms = u64::from(self.settings().auto_lock_min) * 60_000;
        let (deed, next) = self.idle.look(self.moment(), limit_ms);
        match deed {
            _ if !self.is_open() => {}
            IdleDeed::Nothing => {}
            IdleDeed::Tell { left_ms } => self.emit(DeskEvent::LockSoon { left_ms }),
            IdleDeed::Lock => {
                // Whatever fails while it closes, the keys are gone: the session was taken out first.
                if self.vault_lock(Empty {}).is_err() {
                    self.emit(DeskEvent::VaultLocked);
                }
            }
        }
        next
    }

    // Meets: O.Auth_8, O.Plat_9
    /// The app goes to the background, where it locks at once: tells the page, so that it stores what is being written.
    ///
    /// Result: how long to wait before locking.
    pub fn leave(&self) -> Duration {
        if self.is_open() {
            self.emit(DeskEvent::LockSoon { left_ms: LEAVE_MS });
        }
        Duration::from_millis(LEAVE_MS)
    }

    /// Keeps texts that are being written and belong to nothing yet, for after unlocking.
    ///
    /// Errors: `bad_request` for more than a megabyte.
    pub(crate) fn drafts_keep(&self, request: DraftsKeepRequest) -> Result<Empty, Failure> {
        let session = self.session()?;
        let text = match request.drafts.is_empty() {
            true => None,
            false => Some(written(&request.drafts)?),
        };
        if text
            .as_ref()
            .is_some_and(|text| text.len() > MOST_DRAFT_BYTES)
        {
            return Err(ErrorCode::BadRequest.into());
        }
        session.notes.setting_set(DRAFTS, text.as_deref())?;
        Ok(Empty {})
    }

    /// Gives back what was kept last, once.
    pub(crate) fn drafts_take(&self, _: Empty) -> Result<DraftsKept, Failure> {
        let session = self.session()?;
        let kept = session.notes.setting(DRAFTS)?;
        if kept.is_some() {
            session.notes.setting_set(DRAFTS, None)?;
        }
        // What another version has written is none of this one's.
        let drafts = kept.and_then(|text| serde_json::from_str(&text).ok());
        Ok(DraftsKept {
            drafts: drafts.unwrap_or_default(),
        })
    }
}

fn written(drafts: &[TextDraft]) -> Result<String, Failure> {
    serde_json::to_string(drafts).map_err(|error| Failure::caused(ErrorCode::Internal, error))
}
