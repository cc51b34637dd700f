//! The key slots: the root key, wrapped once for each way into the vault.
//! Not their file (see `slots_file`) and not what the root key opens (see `vault`).
//!
//! `"RMSLOTS1" · SHA-256 of what follows · CBOR {version, generation, slots}`
//! The checksum needs no key: it tells a damaged file from a wrong passphrase.

use crate::kdf::{KdfCost, KdfError};
use crate::passphrase::Passphrase;
use crate::pin::Pin;
use crate::secret::{Purpose, SecretError, SecretKey, fill_random};
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use ring::digest::{SHA256, digest};
use std::io;
use sync_protocol::recovery::RecoveryCode;

const MAGIC: &[u8; 8] = b"RMSLOTS1";
/// 1 knew no PIN and no id of the vault.
const VERSION: u8 = 2;
/// What a slot is bound to stays as it was in the first version.
const SLOT_VERSION: u8 = 1;
const CHECKSUM_LEN: usize = 32;

/// A way into the vault. The numbers stay for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum SlotKind {
    #[n(1)]
    Passphrase,
    #[n(2)]
    RecoveryCode,
    #[n(3)]
    Pin,
}

/// What a member has to open a slot.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SlotSecret<'a> {
    Passphrase(&'a Passphrase),
    RecoveryCode(&'a RecoveryCode),
    /// The digits and what the key store keeps for them.
    Pin(&'a Pin, &'a SecretKey),
}

/// The root key wrapped under one secret.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Slot {
    #[n(0)]
    kind: SlotKind,
    /// What a guess costs; a recovery code has none, for 160 random bits need no slow derivation.
    #[n(1)]
    cost: Option<KdfCost>,
    #[cbor(n(2), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(3), with = "minicbor::bytes")]
    wrapped_root_key: Vec<u8>,
}

/// All slots of a vault.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Slots {
    #[n(0)]
    version: u8,
    /// Counts replacements.
    #[n(1)]
    generation: u64,
    #[n(2)]
    slots: Vec<Slot>,
    /// Under which name the key store keeps what belongs to this vault. None in a file of the first version.
    #[n(3)]
    id: Option<ByteArray<16>>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum SlotsError {
    /// There is no slots file.
    #[error("there is no slots file")]
    Missing,
    /// The checksum or the structure is wrong: no passphrase can be judged.
    #[error("the slots file is damaged")]
    Damaged,
    /// Written by a newer version of the app.
    #[error("the slots file is of a newer version")]
    TooNew,
    /// The secret opens no slot of its kind.
    #[error("the secret does not open the vault")]
    WrongSecret,
    /// What was read back is not what was written; the old file was put back.
    #[error("the storage did not keep what was written")]
    NotKept,
    #[error(transparent)]
    Kdf(#[from] KdfError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl SlotSecret<'_> {
    fn kind(self) -> SlotKind {
        match self {
            Self::Passphrase(_) => SlotKind::Passphrase,
            Self::RecoveryCode(_) => SlotKind::RecoveryCode,
            Self::Pin(..) => SlotKind::Pin,
        }
    }

    /// The key that wraps the root key in a slot of this salt and cost.
    fn wrap_key(self, cost: Option<KdfCost>, salt: &[u8; 16]) -> Result<SecretKey, SlotsError> {
        match (self, cost) {
            (Self::Passphrase(passphrase), Some(cost)) => {
                Ok(cost.derive(passphrase.bytes(), salt)?)
            }
            (Self::RecoveryCode(code), None) => {
                Ok(SecretKey::from_bytes(&code.derive_slot_key(salt)))
            }
            (Self::Pin(pin, stored), Some(cost)) => Ok(cost
                .derive(pin.bytes(), salt)?
                .derive_with(stored, Purpose::PinWrap)?),
            _ => Err(SlotsError::Damaged),
        }
    }
}

impl Slot {
    fn wrap(
        secret: SlotSecret<'_>,
        cost: Option<KdfCost>,
        root: &SecretKey,
    ) -> Result<Self, SlotsError> {
        let kind = secret.kind();
        let mut salt = [0; 16];
        fill_random(&mut salt)?;
        let wrapped_root_key = secret
            .wrap_key(cost, &salt)?
            .seal(&slot_aad(kind), root.bytes())?;
        Ok(Self {
            kind,
            cost,
            salt,
            wrapped_root_key,
        })
    }

    fn unwrap(&self, secret: SlotSecret<'_>) -> Result<SecretKey, SlotsError> {
        let opened = secret
            .wrap_key(self.cost, &self.salt)?
            .open(&slot_aad(self.kind), &self.wrapped_root_key);
        let plain = opened.map_err(|error| match error {
            SecretError::DoesNotOpen => SlotsError::WrongSecret,
            SecretError::Unavailable => SlotsError::Secret(error),
        })?;
        let bytes: &[u8; 32] = plain
            .as_slice()
            .try_into()
            .map_err(|_| SlotsError::Damaged)?;
        Ok(SecretKey::from_bytes(bytes))
    }
}

/// Binds a wrapped key to its kind of slot; salt and cost are bound because the key comes from them.
fn slot_aad(kind: SlotKind) -> [u8; 2] {
    let number = match kind {
        SlotKind::Passphrase => 1,
        SlotKind::RecoveryCode => 2,
        SlotKind::Pin => 3,
    };
    [SLOT_VERSION, number]
}

impl Slots {
    /// The first generation, with no way in yet.
    pub(crate) fn new(id: [u8; 16]) -> Self {
        Self {
            version: VERSION,
            generation: 1,
            slots: Vec::new(),
            id: Some(id.into()),
        }
    }

    /// Under which name the key store keeps what belongs to this vault.
    pub(crate) fn id(&self) -> Option<[u8; 16]> {
        self.id.map(Into::into)
    }

    /// The next generation, which has this id.
    pub(crate) fn with_id(&self, id: [u8; 16]) -> Self {
        Self {
            id: Some(id.into()),
            ..self.next(self.slots.clone())
        }
    }

    fn next(&self, slots: Vec<Slot>) -> Self {
        Self {
            version: VERSION,
            generation: self.generation.saturating_add(1),
            slots,
            id: self.id,
        }
    }

    /// The next generation, in which the passphrase is the only one that opens the vault.
    pub(crate) fn with_passphrase(
        &self,
        passphrase: &Passphrase,
        cost: KdfCost,
        root: &SecretKey,
    ) -> Result<Self, SlotsError> {
        self.with(SlotSecret::Passphrase(passphrase), Some(cost), root)
    }

    /// The next generation, in which the code is the only one that opens the vault.
    pub(crate) fn with_recovery_code(
        &self,
        code: &RecoveryCode,
        root: &SecretKey,
    ) -> Result<Self, SlotsError> {
        self.with(SlotSecret::RecoveryCode(code), None, root)
    }

    /// The next generation, in which these digits with that secret of the key store are the only ones that open the vault.
    pub(crate) fn with_pin(
        &self,
        pin: &Pin,
        stored: &SecretKey,
        cost: KdfCost,
        root: &SecretKey,
    ) -> Result<Self, SlotsError> {
        self.with(SlotSecret::Pin(pin, stored), Some(cost), root)
    }

    /// The next generation, which no PIN opens.
    pub(crate) fn without_pin(&self) -> Self {
        self.next(self.without(SlotKind::Pin))
    }

    /// The salt of the PIN's slot, if there is one.
    pub(crate) fn pin_salt(&self) -> Option<[u8; 16]> {
        let mut slots = self.slots.iter();
        slots
            .find(|slot| slot.kind == SlotKind::Pin)
            .map(|slot| slot.salt)
    }

    fn without(&self, kind: SlotKind) -> Vec<Slot> {
        let slots = self.slots.iter().filter(|slot| slot.kind != kind);
        slots.cloned().collect()
    }

    fn with(
        &self,
        secret: SlotSecret<'_>,
        cost: Option<KdfCost>,
        root: &SecretKey,
    ) -> Result<Self, SlotsError> {
        let mut slots = self.without(secret.kind());
        slots.push(Slot::wrap(secret, cost, root)?);
        Ok(self.next(slots))
    }

    /// The root key, if `secret` opens a slot of its kind.
    ///
    /// Errors: `WrongSecret` also if there is no slot of the kind.
    pub(crate) fn open(&self, secret: SlotSecret<'_>) -> Result<SecretKey, SlotsError> {
        for slot in self.slots.iter().filter(|slot| slot.kind == secret.kind()) {
            match slot.unwrap(secret) {
                Err(SlotsError::WrongSecret) => {}
                other => return other,
            }
        }
        Err(SlotsError::WrongSecret)
    }

    /// The cost of a guess at the passphrase.
    pub(crate) fn passphrase_cost(&self) -> Option<KdfCost> {
        self.slots
            .iter()
            .find(|slot| slot.kind == SlotKind::Passphrase)?
            .cost
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>, SlotsError> {
        // Encoding into memory cannot fail; the error is mapped only to have no panic.
        let body = minicbor::to_vec(self).map_err(|_| SlotsError::Damaged)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(digest(&SHA256, &body).as_ref());
        bytes.extend_from_slice(&body);
        Ok(bytes)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, SlotsError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(SlotsError::Damaged)?;
        let (checksum, body) = rest
            .split_first_chunk::<CHECKSUM_LEN>()
            .ok_or(SlotsError::Damaged)?;
        if digest(&SHA256, body).as_ref() != checksum {
            return Err(SlotsError::Damaged);
        }
        #[derive(Decode)]
        #[cbor(map)]
        struct Versioned {
            #[n(0)]
            version: u8,
        }
        let Versioned { version } = minicbor::decode(body).map_err(|_| SlotsError::Damaged)?;
        if version > VERSION {
            return Err(SlotsError::TooNew);
        }
        minicbor::decode(body).map_err(|_| SlotsError::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots_for(passphrase: &str, root: &SecretKey) -> Slots {
        Slots::new([9; 16])
            .with_passphrase(&Passphrase::new(passphrase), KdfCost::for_tests(), root)
            .unwrap()
    }

    fn open(slots: &Slots, passphrase: &str) -> Result<SecretKey, SlotsError> {
        slots.open(SlotSecret::Passphrase(&Passphrase::new(passphrase)))
    }

    #[test]
    fn each_kind_opens_with_its_own_secret_only() {
        let root = SecretKey::make().unwrap();
        let code = RecoveryCode::make().unwrap();
        let slots = slots_for("words", &root)
            .with_recovery_code(&code, &root)
            .unwrap();
        assert_eq!(open(&slots, "words").unwrap().bytes(), root.bytes());
        assert_eq!(
            slots.open(SlotSecret::RecoveryCode(&code)).unwrap().bytes(),
            root.bytes()
        );
        assert!(matches!(
            open(&slots, "other"),
            Err(SlotsError::WrongSecret)
        ));
        let other = RecoveryCode::make().unwrap();
        assert!(matches!(
            slots.open(SlotSecret::RecoveryCode(&other)),
            Err(SlotsError::WrongSecret)
        ));
        let without_code = slots_for("words", &root);
        assert!(matches!(
            without_code.open(SlotSecret::RecoveryCode(&code)),
            Err(SlotsError::WrongSecret)
        ));
    }

    #[test]
    fn every_changed_byte_is_damage_and_never_a_wrong_secret() {
        let bytes = slots_for("words", &SecretKey::make().unwrap())
            .encode()
            .unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x40;
            assert!(
                matches!(Slots::decode(&changed), Err(SlotsError::Damaged)),
                "byte {at}"
            );
            assert!(
                matches!(Slots::decode(&bytes[..at]), Err(SlotsError::Damaged)),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn a_newer_version_is_named() {
        let mut slots = Slots::new([9; 16]);
        slots.version = VERSION + 1;
        assert!(matches!(
            Slots::decode(&slots.encode().unwrap()),
            Err(SlotsError::TooNew)
        ));
    }
}
