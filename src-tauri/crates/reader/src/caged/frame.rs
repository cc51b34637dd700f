//! Messages on the socket: four bytes of length, little-endian, then so many bytes. Knows nothing of what they mean.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// Bytes of the longest message. A page with a million letters takes 17 MB; the longest page seen takes 0.4.
pub(super) const MAX_MESSAGE_BYTES: usize = 24 << 20;

/// Why a conversation is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    /// The other side is gone.
    #[error("the other side is gone")]
    Gone,
    /// The other side took longer than it may.
    #[error("the other side takes too long")]
    TooSlow,
    /// What came is longer than [`MAX_MESSAGE_BYTES`].
    #[error("the message is too long")]
    TooLong,
    /// What came is no message.
    #[error("what came is no message")]
    Garbled,
    /// What came is a message, but not one that can be.
    #[error("the message cannot be true: {0}")]
    Untrue(&'static str),
}

/// Sends a message.
///
/// Arguments: when to give up; `None` for never.
/// Errors: `TooLong` before anything is sent, `Gone`, `TooSlow`.
pub(super) fn send(
    stream: &UnixStream,
    message: &[u8],
    until: Option<Instant>,
) -> Result<(), Broken> {
    let byte_len = u32::try_from(message.len()).map_err(|_| Broken::TooLong)?;
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(Broken::TooLong);
    }
    // One write: the other side wakes once.
    let mut all = Zeroizing::new(Vec::with_capacity(message.len() + 4));
    all.extend_from_slice(&byte_len.to_le_bytes());
    all.extend_from_slice(message);
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        if let Some(left) = left(until)? {
            stream
                .set_write_timeout(Some(left))
                .map_err(|_| Broken::Gone)?;
        }
        match { stream }.write(rest) {
            Ok(0) => return Err(Broken::Gone),
            Ok(count) => rest = rest.get(count..).unwrap_or(&[]),
            Err(error) => again(&error)?,
        }
    }
    Ok(())
}

/// Waits for a message.
///
/// Arguments: when to give up; `None` for never.
/// Errors: `TooLong`, `Gone`, `TooSlow`.
pub(super) fn receive(
    stream: &UnixStream,
    until: Option<Instant>,
) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let mut byte_len = [0; 4];
    fill(stream, &mut byte_len, until)?;
    let byte_len = usize::try_from(u32::from_le_bytes(byte_len)).map_err(|_| Broken::TooLong)?;
    if byte_len > MAX_MESSAGE_BYTES {
        return Err(Broken::TooLong);
    }
    let mut message = Zeroizing::new(vec![0; byte_len]);
    fill(stream, &mut message, until)?;
    Ok(message)
}

fn fill(stream: &UnixStream, out: &mut [u8], until: Option<Instant>) -> Result<(), Broken> {
    let mut filled = 0;
    while let Some(rest) = out.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        if let Some(left) = left(until)? {
            stream
                .set_read_timeout(Some(left))
                .map_err(|_| Broken::Gone)?;
        }
        match { stream }.read(rest) {
            Ok(0) => return Err(Broken::Gone),
            Ok(count) => filled += count,
            Err(error) => again(&error)?,
        }
    }
    Ok(())
}

/// The time left, more than nothing.
fn left(until: Option<Instant>) -> Result<Option<Duration>, Broken> {
    let Some(until) = until else { return Ok(None) };
    let left = until.saturating_duration_since(Instant::now());
    match left.is_zero() {
        true => Err(Broken::TooSlow),
        // A timeout below the system's clock tick would be none at all.
        false => Ok(Some(left.max(Duration::from_millis(1)))),
    }
}

/// Whether to try again: a timeout of the socket is judged by the clock.
fn again(error: &std::io::Error) -> Result<(), Broken> {
    match error.kind() {
        ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut => Ok(()),
        _ => Err(Broken::Gone),
    }
}
