//! Standard base 64 with padding, for two headers of fixed length. Source: RFC 4648 §4.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Text of `bytes`.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let number =
            group.iter().fold(0u32, |n, byte| n << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let index = (number >> (18 - 6 * place) & 63) as usize;
            let letter = ALPHABET
                .get(index)
                .copied()
                .filter(|_| place <= group.len());
            text.push(char::from(letter.unwrap_or(b'=')));
        }
    }
    text
}

/// Exactly `N` bytes; `None` for any text that [`encode`] would not write.
pub(super) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N.div_ceil(3) * 4 {
        return None;
    }
    let mut out = [0u8; N];
    let mut targets = out.iter_mut();
    for group in text.as_bytes().chunks(4) {
        let mut number = 0u32;
        for letter in group {
            let value = match letter {
                b'=' => 0,
                letter => ALPHABET.iter().position(|known| known == letter)?,
            };
            number = number << 6 | u32::try_from(value).ok()?;
        }
        let [_, bytes @ ..] = number.to_be_bytes();
        for byte in bytes {
            if let Some(target) = targets.next() {
                *target = byte;
            }
        }
    }
    (encode(&out) == text).then_some(out)
}
