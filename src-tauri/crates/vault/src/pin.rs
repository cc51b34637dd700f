//! The PIN: how it is held, and which ones are no use. Only together with a secret of the key store does it open anything.

use std::fmt;
use zeroize::Zeroizing;

/// Fewest digits of a PIN.
pub const LEAST_DIGITS: usize = 6;
/// Most digits of a PIN.
pub const MOST_DIGITS: usize = 12;

/// What the member types to open the vault quickly. Wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

/// Why digits are no PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPin {
    /// Not 6 to 12 digits and nothing else.
    #[error("a PIN has 6 to 12 digits")]
    NotDigits,
    /// One digit again and again, a group of two or three again and again, or counting: among the first that anybody tries.
    #[error("the PIN is too simple")]
    TooSimple,
}

impl WeakPin {
    /// The stable code of this weakness.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotDigits => "pin_not_digits",
            Self::TooSimple => "pin_too_simple",
        }
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(hidden)")
    }
}

impl Pin {
    /// Takes what was typed.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(Zeroizing::new(typed.into()))
    }

    /// Whether it may become one.
    ///
    /// Errors: [`WeakPin`].
    pub fn check_strength(&self) -> Result<(), WeakPin> {
        let digits = self.bytes();
        if !(LEAST_DIGITS..=MOST_DIGITS).contains(&digits.len())
            || !digits.iter().all(u8::is_ascii_digit)
        {
            return Err(WeakPin::NotDigits);
        }
        let repeats = |period: usize| {
            digits
                .iter()
                .zip(digits.iter().skip(period))
                .all(|(a, b)| a == b)
        };
        // Counting may go past the nine: 890123.
        let counts = |step: u8| {
            digits
                .iter()
                .zip(digits.iter().skip(1))
                .all(|(a, b)| (a - b'0' + step) % 10 == b - b'0')
        };
        if (1..=3).any(repeats) || counts(1) || counts(9) {
            return Err(WeakPin::TooSimple);
        }
        Ok(())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_in_examples() {
        let check = |digits: &str| Pin::new(digits).check_strength();
        for bad in [
            "",
            "12345",
            "1234567890123",
            "12a456",
            "１２３４５６",
            " 194702",
        ] {
            assert_eq!(check(bad), Err(WeakPin::NotDigits), "{bad}");
        }
        for bad in [
            "111111", "123456", "654321", "890123", "210987", "121212", "123123", "12312312",
        ] {
            assert_eq!(check(bad), Err(WeakPin::TooSimple), "{bad}");
        }
        for good in ["194702", "112233", "123457", "24121968", "731904628415"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Pin::new("194702")), "Pin(hidden)");
    }
}
