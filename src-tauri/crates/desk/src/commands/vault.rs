//! stub
use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
impl Desk {
    pub(crate) fn passphrase_check(&self, _request: PassphraseCheckRequest) -> Result<PassphraseVerdict, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn passphrase_change(&self, _request: PassphraseChangeRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn vault_create(&self, _request: VaultCreateRequest) -> Result<VaultCreated, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn vault_unlock(&self, _request: VaultUnlockRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn vault_unlock_recovery(&self, _request: VaultUnlockRecoveryRequest) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
    pub(crate) fn vault_lock(&self, _request: Empty) -> Result<Empty, Failure> { Err(ErrorCode::Locked.into()) }
}
