//! Looks for words in bytes, as they are and as programs write them: UTF-8, UTF-16 of both ends, hexadecimal, base64 at each of
//! its three beginnings. Finds nothing that was packed or sealed.

#![allow(
    clippy::indexing_slicing,
    reason = "every place is looked at once, and there are hundreds of megabytes of them"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The two last signs of base64 and of its form for addresses (RFC 4648 §4, §5).
const LAST_SIGNS: [[u8; 2]; 2] = [*b"+/", *b"-_"];

/// Needles of many words, by their length and their bytes.
pub struct Looker {
    by_len: BTreeMap<usize, HashMap<Vec<u8>, String>>,
    /// Whether any needle begins with these two bytes.
    beginnings: Vec<bool>,
    /// The same of the two behind them.
    seconds: Vec<bool>,
}

impl Looker {
    /// * `words` – ASCII, at least 8 bytes each.
    #[must_use]
    pub fn new(words: &[String]) -> Self {
        let mut looker = Self {
            by_len: BTreeMap::new(),
            beginnings: vec![false; 1 << 16],
            seconds: vec![false; 1 << 16],
        };
        for word in words {
            assert!(word.is_ascii() && word.len() >= 8);
            for needle in ways(word) {
                looker.add(needle, word);
            }
        }
        looker
    }

    /// With what was written in another way than as a word.
    ///
    /// * `needle` – at least 8 bytes; found under `name`.
    #[must_use]
    pub fn and(mut self, name: &str, needle: Vec<u8>) -> Self {
        self.add(needle, name);
        self
    }

    /// Length of the longest needle, bytes.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.by_len.keys().copied().max().unwrap_or(0)
    }

    /// The words that stand in these bytes.
    #[must_use]
    pub fn found(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for place in 0..bytes.len().saturating_sub(3) {
            if self.beginnings[pair(bytes, place)] && self.seconds[pair(bytes, place + 2)] {
                for (byte_len, needles) in &self.by_len {
                    let window = bytes.get(place..place + byte_len);
                    found.extend(window.and_then(|window| needles.get(window)).cloned());
                }
            }
        }
        found
    }

    fn add(&mut self, needle: Vec<u8>, word: &str) {
        assert!(needle.len() >= 8);
        self.beginnings[pair(&needle, 0)] = true;
        self.seconds[pair(&needle, 2)] = true;
        let of_len = self.by_len.entry(needle.len()).or_default();
        of_len.insert(needle, word.to_owned());
    }
}

fn pair(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))
}

/// How a word may stand somewhere.
#[must_use]
pub fn ways(word: &str) -> Vec<Vec<u8>> {
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut ways = vec![
        word.as_bytes().to_vec(),
        word.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        word.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    for last in LAST_SIGNS {
        ways.extend((0..3).map(|before| in_base64(word, before, last)));
    }
    ways
}

/// The part of a base64 text that depends on the word alone, if `before` bytes stand before it in its group of three.
fn in_base64(word: &str, before: usize, last: [u8; 2]) -> Vec<u8> {
    let signs: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(last)
        .collect();
    let bytes = [&[0; 2][..before], word.as_bytes()].concat();
    let bit = |at: usize| usize::from(bytes[at / 8] >> (7 - at % 8) & 1);
    let first = (before * 8).div_ceil(6);
    (first..bytes.len() * 8 / 6)
        .map(|sign| signs[(0..6).fold(0, |value, at| value << 1 | bit(sign * 6 + at))])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648 §10, and the same behind one byte and behind two.
        assert_eq!(in_base64("foobar", 0, *b"+/"), b"Zm9vYmFy");
        assert_eq!(in_base64("oobar", 1, *b"+/"), b"9vYmFy");
        assert_eq!(in_base64("obar", 2, *b"+/"), b"vYmFy"[..].to_vec());
        assert_eq!(in_base64("\u{3f}\u{3f}\u{3f}", 0, *b"+/"), b"Pz8/");
        assert_eq!(in_base64("\u{3f}\u{3f}\u{3f}", 0, *b"-_"), b"Pz8_");
    }
}
