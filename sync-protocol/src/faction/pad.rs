//! Padding: the length of what is sealed tells at most which of few sizes it has. Source: SPEC F16, Padmé (Nikitin et al., PETS 2019).

/// Content takes at least this much, so that a short answer looks like any other. 4 bytes of it are the length.
const LEAST_LEN: usize = 256;

/// Padmé of `len`: at most 12 % more, O(log log n) bits told.
pub(super) fn padded_len(len: usize) -> usize {
    let len = len.saturating_add(4).max(LEAST_LEN);
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1usize << exponent.saturating_sub(kept)) - 1;
    len.saturating_add(mask) & !mask
}

/// `length 4 ‖ content ‖ zeros`. `None` if the length does not fit.
pub(super) fn pad(content: &[u8]) -> Option<Vec<u8>> {
    let len = u32::try_from(content.len()).ok()?;
    let mut padded = Vec::with_capacity(padded_len(content.len()));
    padded.extend_from_slice(&len.to_be_bytes());
    padded.extend_from_slice(content);
    padded.resize(padded_len(content.len()), 0);
    Some(padded)
}

/// The content, if the padding is exactly what [`pad`] makes.
pub(super) fn unpad(mut padded: Vec<u8>) -> Option<Vec<u8>> {
    let (head, rest) = padded.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*head)).ok()?;
    let is_exact =
        padded_len(len) == padded.len() && rest.get(len..)?.iter().all(|byte| *byte == 0);
    if !is_exact {
        return None;
    }
    padded.drain(..4);
    padded.truncate(len);
    Some(padded)
}
