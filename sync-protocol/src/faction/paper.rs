//! The paper key: a printed code whose keys stand in the roster like a device. It opens seed boxes and lets a new device of its
//! owner in; it says nothing. Not here: when it is printed. Source: SPEC F24.

use super::device::FactionKeys;
use crate::code::code_type;
use crate::ids::FactionDeviceId;
use crate::key_box::DeviceBoxKey;
use crate::primitive::derive;
use crate::sign::SigningKey;

pub use crate::code::CodeError;

code_type!(
    /// 32 characters of 160 bits and 2 check characters, shown as `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXX`.
    PaperKey,
    20,
    [5, 5, 5, 5, 5, 5, 4]
);

impl PaperKey {
    /// The keys that the code stands for; 160 random bits need no slow derivation.
    pub fn derive_keys(&self) -> FactionKeys {
        let code = self.expose();
        FactionKeys {
            device: FactionDeviceId::from_bytes(*derive::<16>(
                &[],
                code,
                &[b"ratsmappe/faction/paper/device/1"],
            )),
            sign: SigningKey::from_bytes(*derive::<32>(
                &[],
                code,
                &[b"ratsmappe/faction/paper/sign/1"],
            )),
            boxes: DeviceBoxKey::from_bytes(*derive::<32>(
                &[],
                code,
                &[b"ratsmappe/faction/paper/box/1"],
            )),
        }
    }
}
