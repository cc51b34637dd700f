//! The recovery code: 160 random bits that the member prints; it opens a key slot of the vault. It never leaves the device.
//! Not here: the slot. Source: SPEC D1, D2.

use zeroize::Zeroizing;

pub use crate::code::CodeError;
use crate::code::code_type;
use crate::primitive::derive;

code_type!(
    /// 32 characters of 160 bits and 2 check characters, shown as `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXX`.
    RecoveryCode,
    20,
    [5, 5, 5, 5, 5, 5, 4]
);

impl RecoveryCode {
    /// Derives the key of the recovery slot. 160 random bits need no slow derivation.
    ///
    /// `salt`: random bytes of the slot. Source: SPEC D2.
    pub fn derive_slot_key(&self, salt: &[u8; 16]) -> Zeroizing<[u8; 32]> {
        derive::<32>(salt, self.expose(), &[b"ratsmappe/recovery/slot/1"])
    }
}
