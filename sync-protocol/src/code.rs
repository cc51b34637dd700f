//! Codes that people type: Crockford's base 32 with two check characters. Shared by invitation and recovery code.
//! The whole code, read as a number in base 32, leaves remainder 1 when divided by 1021. As 1021 is prime and 32 has
//! order 204 modulo 1021, every single wrong character and every swap of two characters shows. Source: SPEC P1, D1.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MODULUS: u32 = 1021;

/// Why a typed code is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Characters are missing.
    #[error("the code has {found} of {expected} characters")]
    TooShort {
        /// Characters of a whole code.
        expected: usize,
        /// Characters found.
        found: usize,
    },
    /// There are too many characters.
    #[error("the code has more than {expected} characters")]
    TooLong {
        /// Characters of a whole code.
        expected: usize,
    },
    /// A character that no code holds.
    #[error("character {position} cannot be part of a code")]
    BadCharacter {
        /// Place among the characters that count, from 1.
        position: usize,
    },
    /// The check characters do not fit: something was mistyped.
    #[error("the check characters do not fit")]
    WrongCheck,
}

fn remainder(symbols: &[u8]) -> u32 {
    symbols
        .iter()
        .fold(0, |rest, symbol| (rest * 32 + u32::from(*symbol)) % MODULUS)
}

/// The number of the two check characters, below 1021.
fn check_number(data: &[u8]) -> u32 {
    (1 + MODULUS - remainder(data) * 1024 % MODULUS) % MODULUS
}

/// Text of `bytes` (a multiple of 5) with check characters, without groups.
pub(crate) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(bytes.len() * 8 / 5 + 2));
    let (mut pending, mut bits) = (0u32, 0u32);
    for byte in bytes {
        pending = (pending << 8 | u32::from(*byte)) & 0xfff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            symbols.push((pending >> bits & 31) as u8);
        }
    }
    let check = check_number(&symbols);
    symbols.push((check >> 5 & 31) as u8);
    symbols.push((check & 31) as u8);
    let text = symbols
        .iter()
        .filter_map(|symbol| ALPHABET.get(usize::from(*symbol)));
    Zeroizing::new(text.map(|byte| char::from(*byte)).collect())
}

/// Splits a code into groups of the given lengths for display.
pub(crate) fn group(text: &str, lengths: &[usize]) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len() + lengths.len()));
    let mut characters = text.chars();
    for length in lengths {
        if !out.is_empty() {
            out.push('-');
        }
        out.extend(characters.by_ref().take(*length));
    }
    out
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '\u{2010}'..='\u{2015}' | '.' | '_' | '\u{200b}'
        )
}

fn symbol(character: char) -> Option<u8> {
    let character = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET
        .iter()
        .position(|letter| char::from(*letter) == character)?;
    u8::try_from(place).ok()
}

/// Bytes of a typed code of `N` bytes; case, blanks and dashes do not matter, O is 0, I and L are 1.
///
/// Errors: see [`CodeError`].
pub(crate) fn decode<const N: usize>(text: &str) -> Result<Zeroizing<[u8; N]>, CodeError> {
    let expected = N * 8 / 5 + 2;
    let mut symbols = Zeroizing::new(Vec::with_capacity(expected));
    for character in text.chars().filter(|character| !is_separator(*character)) {
        let position = symbols.len() + 1;
        if position > expected {
            return Err(CodeError::TooLong { expected });
        }
        symbols.push(symbol(character).ok_or(CodeError::BadCharacter { position })?);
    }
    if symbols.len() < expected {
        return Err(CodeError::TooShort {
            expected,
            found: symbols.len(),
        });
    }
    let (data, check) = symbols
        .split_at_checked(N * 8 / 5)
        .ok_or(CodeError::WrongCheck)?;
    let found = check
        .iter()
        .fold(0, |number, symbol| number * 32 + u32::from(*symbol));
    if found != check_number(data) {
        return Err(CodeError::WrongCheck);
    }
    let mut bytes = Zeroizing::new([0u8; N]);
    let (mut pending, mut bits) = (0u32, 0u32);
    let mut targets = bytes.iter_mut();
    for symbol in data {
        pending = (pending << 5 | u32::from(*symbol)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            if let Some(target) = targets.next() {
                *target = (pending >> bits & 0xff) as u8;
            }
        }
    }
    Ok(bytes)
}

/// A code type of `$len` secret bytes.
macro_rules! code_type {
    ($(#[$doc:meta])* $name:ident, $len:literal, $groups:expr) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(zeroize::Zeroizing<[u8; $len]>);

        impl $name {
            /// Makes a random code.
            ///
            /// Errors: no randomness.
            pub fn make() -> Result<Self, $crate::RandomUnavailable> {
                Ok(Self::from_bytes($crate::primitive::make_random()?))
            }

            /// Takes over the bytes of a code that was stored (sealed) before.
            pub fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(zeroize::Zeroizing::new(bytes))
            }

            /// The secret bytes, to be sealed and stored; never to be logged.
            pub fn expose(&self) -> &[u8; $len] {
                &self.0
            }

            /// Reads a typed or pasted code; case, blanks and dashes do not matter, O is 0, I and L are 1.
            ///
            /// Errors: length, character, check characters.
            pub fn parse(text: &str) -> Result<Self, $crate::code::CodeError> {
                $crate::code::decode(text).map(Self)
            }

            /// The code without groups.
            pub fn to_text(&self) -> zeroize::Zeroizing<String> {
                $crate::code::encode(self.0.as_slice())
            }

            /// The code in groups, as it is printed and shown.
            pub fn to_display(&self) -> zeroize::Zeroizing<String> {
                $crate::code::group(&self.to_text(), &$groups)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::code::CodeError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    };
}
pub(crate) use code_type;
