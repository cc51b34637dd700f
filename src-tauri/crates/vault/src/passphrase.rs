//! The member's passphrase: how it is held, what makes it strong enough, and suggestions.
//! Not the key that comes of it (see `kdf`).

use crate::secret::{SecretError, fill_random};
use crate::words::WORDS;
use std::collections::HashSet;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A passphrase of words needs this many different ones.
pub const LEAST_WORDS: usize = 5;
/// A passphrase that is not made of words needs this many characters.
pub const LEAST_CHARS: usize = 20;
/// A suggestion has this many of 512 words: 6 × 9 bit = 54 bit.
const SUGGESTED_WORDS: usize = 6;
const LEAST_WORD_CHARS: usize = 3;
const LEAST_DIFFERENT_CHARS: usize = 12;
const LEAST_CHAR_CLASSES: usize = 3;
/// From so many parts on it is judged by its words.
const PARTS_OF_WORDS: usize = 3;

/// Words that everybody tries first, and counting: they do not count as words of a passphrase.
const TOO_COMMON: &[&str] = &[
    "abc", "abcd", "admin", "asdf", "null", "eins", "zwei", "drei", "vier", "fünf", "sechs",
    "sieben", "acht", "neun", "zehn", "elf", "zwölf", "hallo", "passwort", "password", "kennwort",
    "geheim", "qwertz", "qwerty", "test",
];

/// What the member types to open the vault. Wiped when dropped, never shown.
///
/// Spaces at the ends and repeated ones do not count, and an umlaut is the same in either of its two Unicode
/// spellings: keyboards differ, the passphrase does not.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(Zeroizing<String>);

/// Why a passphrase is too weak for a new vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassphrase {
    /// Nothing was typed.
    #[error("the passphrase is empty")]
    Empty,
    /// Words, but fewer than five different ones that count.
    #[error("the passphrase has too few different words")]
    TooFewWords,
    /// One word or two, with fewer than 20 characters.
    #[error("the passphrase is too short")]
    TooShort,
    /// Long enough, but of few different characters.
    #[error("the passphrase has too little variety")]
    TooUniform,
}

impl WeakPassphrase {
    /// The stable code of this weakness.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "passphrase_empty",
            Self::TooFewWords => "passphrase_too_few_words",
            Self::TooShort => "passphrase_too_short",
            Self::TooUniform => "passphrase_too_uniform",
        }
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(hidden)")
    }
}

impl Passphrase {
    /// Takes what was typed.
    pub fn new(typed: impl Into<String>) -> Self {
        let typed = Zeroizing::new(typed.into());
        // Composing never makes the text longer: no reallocation leaves a copy behind.
        let mut text = Zeroizing::new(String::with_capacity(typed.len()));
        for c in typed.trim().chars() {
            if c == '\u{308}'
                && let Some(composed) = text.chars().next_back().and_then(with_diaeresis)
            {
                text.pop();
                text.push(composed);
            } else if !c.is_whitespace() {
                text.push(c);
            } else if !text.ends_with(' ') {
                text.push(' ');
            }
        }
        Self(text)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// How many different words that count it has.
    pub fn word_count(&self) -> usize {
        let small = Zeroizing::new(self.0.to_lowercase());
        let words: HashSet<&str> = small
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| {
                word.chars().count() >= LEAST_WORD_CHARS && word.chars().any(char::is_alphabetic)
            })
            .filter(|word| !TOO_COMMON.contains(word))
            .collect();
        words.len()
    }

    // Meets: O.Pass_1
    /// Whether it may protect a vault: five different words; or one or two parts with at least 20 characters, 12 of them
    /// different, of three kinds (small, capital, digit, other).
    ///
    /// Errors: [`WeakPassphrase`] names what is missing.
    /// Source: DESIGN, device keys. At 64 MiB a guess five words of a list of 512 already cost more than a break-in.
    pub fn check_strength(&self) -> Result<(), WeakPassphrase> {
        if self.0.is_empty() {
            return Err(WeakPassphrase::Empty);
        }
        if self.word_count() >= LEAST_WORDS {
            return Ok(());
        }
        if self.0.split(' ').count() >= PARTS_OF_WORDS {
            return Err(WeakPassphrase::TooFewWords);
        }
        if self.0.chars().count() < LEAST_CHARS {
            return Err(WeakPassphrase::TooShort);
        }
        let different: HashSet<char> = self.0.chars().collect();
        if different.len() < LEAST_DIFFERENT_CHARS || char_classes(&self.0) < LEAST_CHAR_CLASSES {
            return Err(WeakPassphrase::TooUniform);
        }
        Ok(())
    }
}

/// Of small letters, capital letters, digits, and all else but the space: how many kinds occur.
fn char_classes(text: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        char::is_lowercase,
        char::is_uppercase,
        char::is_numeric,
        |c| !c.is_alphanumeric() && c != ' ',
    ];
    kinds
        .iter()
        .filter(|is_kind| text.chars().any(**is_kind))
        .count()
}

fn with_diaeresis(base: char) -> Option<char> {
    Some(match base {
        'a' => 'ä',
        'o' => 'ö',
        'u' => 'ü',
        'A' => 'Ä',
        'O' => 'Ö',
        'U' => 'Ü',
        _ => return None,
    })
}

/// Six different random German words with spaces between: 54 bit, and easy to type.
///
/// Errors: the system's random source does not answer.
pub fn suggest_passphrase() -> Result<Zeroizing<String>, NoRandomness> {
    let mut text = Zeroizing::new(String::with_capacity(SUGGESTED_WORDS * 16));
    let mut drawn: Vec<usize> = Vec::with_capacity(SUGGESTED_WORDS);
    while drawn.len() < SUGGESTED_WORDS {
        let mut bytes = [0; 2];
        fill_random(&mut bytes)?;
        // 512 divides 65,536: every word is equally likely.
        let at = usize::from(u16::from_le_bytes(bytes)) % WORDS.len();
        if drawn.contains(&at) {
            continue;
        }
        if !drawn.is_empty() {
            text.push(' ');
        }
        text.push_str(WORDS.get(at).copied().unwrap_or_default());
        drawn.push(at);
    }
    drawn.zeroize();
    Ok(text)
}

/// The system's random source does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system's random source does not answer")]
pub struct NoRandomness;

impl From<SecretError> for NoRandomness {
    fn from(_: SecretError) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), WeakPassphrase> {
        Passphrase::new(text).check_strength()
    }

    // Shows: O.Pass_1
    #[test]
    fn the_rule_in_examples() {
        assert_eq!(check(""), Err(WeakPassphrase::Empty));
        assert_eq!(check("   "), Err(WeakPassphrase::Empty));
        assert_eq!(check("123456"), Err(WeakPassphrase::TooShort));
        assert_eq!(check("Sommer2026!"), Err(WeakPassphrase::TooShort));
        assert_eq!(
            check("apfel birne kirsche"),
            Err(WeakPassphrase::TooFewWords)
        );
        assert_eq!(
            check("apfel apfel Apfel APFEL apfel"),
            Err(WeakPassphrase::TooFewWords)
        );
        assert_eq!(
            check("eins zwei drei vier fünf"),
            Err(WeakPassphrase::TooFewWords)
        );
        assert_eq!(check("a b c d e f g"), Err(WeakPassphrase::TooFewWords));
        assert_eq!(
            check("aaaaaaaaaaaaaaaaaaaaaaaaaa"),
            Err(WeakPassphrase::TooUniform)
        );
        assert_eq!(
            check("111122223333444455556666"),
            Err(WeakPassphrase::TooUniform)
        );
        assert_eq!(
            check("Donaudampfschifffahrtsgesellschaft"),
            Err(WeakPassphrase::TooUniform)
        );
        assert_eq!(check("apfel birne kirsche traube melone"), Ok(()));
        assert_eq!(check("Apfel-Birne-Kirsche-Traube-Melone"), Ok(()));
        assert_eq!(check("vK7$rT2mQ9xL4pW8zB3n"), Ok(()));
    }

    #[test]
    fn spelling_of_spaces_and_umlauts_does_not_count() {
        let a = Passphrase::new("  grüne   Äpfel\tessen ");
        let b = Passphrase::new("gru\u{308}ne A\u{308}pfel essen");
        assert_eq!(a.bytes(), b.bytes());
        assert_ne!(
            a.bytes(),
            Passphrase::new("Grüne Äpfel essen").bytes(),
            "capitals count"
        );
    }

    // Shows: O.Rand_1
    #[test]
    fn suggestions_are_strong_and_differ() {
        let mut seen = HashSet::new();
        for _ in 0..50 {
            let text = suggest_passphrase().unwrap();
            assert_eq!(text.split(' ').count(), SUGGESTED_WORDS);
            assert_eq!(Passphrase::new(text.as_str()).check_strength(), Ok(()));
            assert!(
                seen.insert(text.to_string()),
                "54 bit do not repeat in 50 tries"
            );
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(
            format!("{:?}", Passphrase::new("apfel birne")),
            "Passphrase(hidden)"
        );
    }
}
