//! From what the member types to a key: Argon2id and its cost.
//! Not the strength rule of a passphrase (see `passphrase`) and not the slots file (see `slots`).

use crate::secret::{Purpose, SecretError, SecretKey};
use argon2::{Algorithm, Argon2, Params, Version};
use minicbor::{Decode, Encode};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Least memory of a real vault, KiB. Source: OWASP password storage, Argon2id with 46 MiB.
pub const LEAST_MEMORY_KIB: u32 = 46 * 1024;
/// A slots file that asks for more would only stop the tablet, KiB.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 64;
/// Memory times passes, KiB: no more than 64 passes over 64 MiB, a few seconds on a slow tablet.
const MOST_WORK_KIB: u64 = 64 * 1024 * 64;
const MOST_LANES: u32 = 16;

/// What one guess is to take on the device that makes the slot. Never more than a second, unless the least cost takes longer.
const AIM: Duration = Duration::from_millis(300);

/// What one guess at the passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KdfCost {
    /// Memory, KiB.
    #[n(0)]
    memory_kib: u32,
    /// Passes over the memory.
    #[n(1)]
    passes: u32,
    /// Lanes.
    #[n(2)]
    lanes: u32,
}

/// A cost that this app does not use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cost of the key derivation is outside of what is allowed")]
pub struct CostOutOfRange;

impl KdfCost {
    // Meets: O.Cryp_5
    /// 64 MiB, 3 passes, 1 lane: about 0.2 s on a tablet. No new slot costs less.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// The cost for a new slot on this device: [`KdfCost::STANDARD`] with as many passes as take about 0.3 s here. Derives twice
    /// to find out, except in a build for tests, where it is the standard itself.
    /// Where that cannot be found out it is the standard, too.
    pub fn for_this_device() -> Self {
        if cfg!(debug_assertions) {
            return Self::STANDARD;
        }
        let took = |cost: Self| {
            let start = Instant::now();
            cost.stretch(b"calibration", &[0; 16])?;
            Ok(start.elapsed())
        };
        Self::calibrated(took).unwrap_or(Self::STANDARD)
    }

    /// The cost for a slot that takes the place of one with this cost: never less, and what this device makes of the standard.
    pub(crate) fn renewed(self) -> Self {
        let passes = match (self.memory_kib, self.lanes) {
            (memory_kib, lanes)
                if (memory_kib, lanes) == (Self::STANDARD.memory_kib, Self::STANDARD.lanes) =>
            {
                self.passes.max(Self::for_this_device().passes)
            }
            _ => self.passes,
        };
        Self { passes, ..self }
    }

    /// The same by any stopwatch.
    ///
    /// * `took` – how long a derivation at a cost takes; asked twice, the shorter time counts: what else runs makes it longer.
    fn calibrated(
        mut took: impl FnMut(Self) -> Result<Duration, KdfError>,
    ) -> Result<Self, KdfError> {
        let standard = Self::STANDARD;
        let shorter = took(standard)?.min(took(standard)?).as_micros().max(1);
        let wanted = u128::from(standard.passes) * AIM.as_micros() / shorter;
        let passes = u32::try_from(wanted).unwrap_or(MOST_PASSES);
        Ok(Self {
            passes: passes.clamp(standard.passes, MOST_PASSES),
            ..standard
        })
    }

    /// Passes over the memory.
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// Memory, KiB.
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// A cost for a real vault.
    ///
    /// Arguments: memory in KiB (46 MiB to 256 MiB), passes (1 to 64), lanes (1 to 16).
    /// Errors: [`CostOutOfRange`].
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, CostOutOfRange> {
        let cost = Self {
            memory_kib,
            passes,
            lanes,
        };
        if memory_kib >= LEAST_MEMORY_KIB && cost.is_bounded() {
            Ok(cost)
        } else {
            Err(CostOutOfRange)
        }
    }

    /// A cost that makes tests quick. In a release build it is [`KdfCost::STANDARD`], and a release build refuses to
    /// open slots below the least memory: a vault as cheap as this cannot come about outside of tests.
    pub const fn for_tests() -> Self {
        if cfg!(debug_assertions) {
            Self {
                memory_kib: 64,
                passes: 1,
                lanes: 1,
            }
        } else {
            Self::STANDARD
        }
    }

    fn is_bounded(self) -> bool {
        self.memory_kib <= MOST_MEMORY_KIB
            && (1..=MOST_PASSES).contains(&self.passes)
            && (1..=MOST_LANES).contains(&self.lanes)
            && u64::from(self.memory_kib) * u64::from(self.passes) <= MOST_WORK_KIB
    }

    /// Whether this build may derive with this cost.
    fn is_allowed(self) -> bool {
        self.is_bounded() && (self.memory_kib >= LEAST_MEMORY_KIB || cfg!(debug_assertions))
    }

    /// The wrap key that `secret` gives with `salt` at this cost.
    pub(crate) fn derive(self, secret: &[u8], salt: &[u8; 16]) -> Result<SecretKey, KdfError> {
        if !self.is_allowed() {
            return Err(KdfError::Cost(CostOutOfRange));
        }
        let stretched = self.stretch(secret, salt)?;
        Ok(SecretKey::from_bytes(&stretched).derive(Purpose::SlotWrap, b"")?)
    }

    // Meets: O.Pass_5
    /// Argon2id, version 0x13. Source: RFC 9106.
    fn stretch(self, secret: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, KdfError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| KdfError::Cost(CostOutOfRange))?;
        let mut stretched = Zeroizing::new([0u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(secret, salt, stretched.as_mut())
            .map_err(|_| KdfError::Secret(SecretError::Unavailable))?;
        Ok(stretched)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KdfError {
    #[error(transparent)]
    Cost(#[from] CostOutOfRange),
    #[error(transparent)]
    Secret(#[from] SecretError),
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: O.Cryp_5
    #[test]
    fn a_real_cost_is_never_below_46_mib() {
        assert_eq!(
            KdfCost::new(LEAST_MEMORY_KIB - 1, 3, 1),
            Err(CostOutOfRange)
        );
        assert!(KdfCost::new(LEAST_MEMORY_KIB, 3, 1).is_ok());
        const { assert!(KdfCost::STANDARD.memory_kib >= LEAST_MEMORY_KIB) };
        assert_eq!(KdfCost::new(u32::MAX, 3, 1), Err(CostOutOfRange));
        assert!(KdfCost::for_this_device().passes >= KdfCost::STANDARD.passes);
        assert_eq!(KdfCost::new(LEAST_MEMORY_KIB, 0, 1), Err(CostOutOfRange));
        assert_eq!(KdfCost::new(LEAST_MEMORY_KIB, 3, 0), Err(CostOutOfRange));
    }

    #[test]
    fn a_new_slot_takes_as_long_here_as_it_shall_and_never_costs_less_than_the_standard() {
        let on = |each_ms: &[u64]| {
            let mut times = each_ms.iter().copied().cycle();
            KdfCost::calibrated(|cost| {
                assert_eq!(cost, KdfCost::STANDARD);
                Ok(Duration::from_millis(times.next().unwrap()))
            })
            .unwrap()
        };
        for (ms, passes) in [(124, 7), (300, 3), (299, 3), (150, 6), (900, 3), (5_000, 3)] {
            let cost = on(&[ms]);
            assert_eq!(cost.passes, passes, "{ms} ms for three passes");
            assert_eq!(cost.memory_kib, KdfCost::STANDARD.memory_kib);
            assert!(cost.is_allowed(), "what is made also opens");
            let taken_ms = ms * u64::from(passes) / 3;
            assert!(taken_ms <= 300 || passes == 3, "{taken_ms} ms");
        }
        assert_eq!(
            on(&[0]).passes,
            MOST_PASSES,
            "a stopwatch that stands still"
        );
        assert_eq!(on(&[900, 100]).passes, 9, "the undisturbed time counts");
        assert_eq!(
            KdfCost::calibrated(|_| Err(CostOutOfRange.into())),
            Err(KdfError::Cost(CostOutOfRange))
        );
    }

    #[test]
    fn a_slot_that_takes_anothers_place_never_costs_less() {
        let dear = KdfCost {
            passes: 40,
            ..KdfCost::STANDARD
        };
        assert_eq!(dear.renewed(), dear);
        let cheap = KdfCost {
            passes: 1,
            ..KdfCost::STANDARD
        };
        assert!(cheap.renewed().passes >= KdfCost::STANDARD.passes);
        let broad = KdfCost::new(MOST_MEMORY_KIB, 2, 1).unwrap();
        assert_eq!(broad.renewed(), broad, "of another kind: as it was");
    }

    #[test]
    fn slots_cannot_demand_what_would_stop_the_tablet() {
        let slow = |memory_kib, passes, lanes| KdfCost {
            memory_kib,
            passes,
            lanes,
        };
        for cost in [
            slow(100 * 1024 * 1024, 3, 1),
            slow(MOST_MEMORY_KIB + 1, 1, 1),
            slow(MOST_MEMORY_KIB, 17, 1),
            slow(64 * 1024, MOST_PASSES + 1, 1),
            slow(64 * 1024, u32::MAX, 1),
            slow(u32::MAX, u32::MAX, u32::MAX),
            slow(64 * 1024, 3, MOST_LANES + 1),
            slow(64 * 1024, 0, 1),
        ] {
            let refused = cost.derive(b"secret", &[1; 16]);
            assert!(
                matches!(refused, Err(KdfError::Cost(CostOutOfRange))),
                "{cost:?}"
            );
        }
        assert!(slow(64 * 1024, MOST_PASSES, 1).is_allowed());
        assert!(slow(MOST_MEMORY_KIB, 16, 1).is_allowed());
    }

    // Shows: O.Pass_5
    #[test]
    fn secret_salt_and_cost_all_count() {
        let cost = KdfCost::for_tests();
        let key = cost.derive(b"secret", &[1; 16]).unwrap();
        assert_eq!(
            key.bytes(),
            cost.derive(b"secret", &[1; 16]).unwrap().bytes()
        );
        assert_ne!(
            key.bytes(),
            cost.derive(b"Secret", &[1; 16]).unwrap().bytes()
        );
        assert_ne!(
            key.bytes(),
            cost.derive(b"secret", &[2; 16]).unwrap().bytes()
        );
        let dearer = KdfCost { passes: 2, ..cost };
        assert_ne!(
            key.bytes(),
            dearer.derive(b"secret", &[1; 16]).unwrap().bytes()
        );
    }

    /// Source: the tests of the reference implementation, Argon2id version 0x13, "password" and "somesalt".
    #[test]
    fn argon2id_gives_what_the_reference_gives() {
        let known = [
            (
                65_536,
                1,
                "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
            ),
            (
                256,
                1,
                "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
            ),
            (
                256,
                2,
                "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037",
            ),
        ];
        for (memory_kib, lanes, expected) in known {
            let cost = KdfCost {
                memory_kib,
                passes: 2,
                lanes,
            };
            let made = cost.stretch(b"password", b"somesalt").unwrap();
            let hex: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, expected);
        }
        let counts = evidence::Counts {
            tried: known.len() as u64 + 1,
            ..Default::default()
        };
        evidence::record("vectors.argon2id", counts).unwrap();
    }

    // Shows: O.Pass_5
    /// RFC 9106 section 5.3 has a secret value and associated data, which the vault does not use: the library is asked itself.
    #[test]
    fn argon2id_gives_what_the_rfc_gives() {
        let data = argon2::AssociatedData::new(&[4; 12]).unwrap();
        let params = argon2::ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(data)
            .build()
            .unwrap();
        let argon2 =
            Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut made = [0; 32];
        argon2
            .hash_password_into(&[1; 32], &[2; 16], &mut made)
            .unwrap();
        let hex: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
        );
    }
}
