//! Writing the record, by system calls of its own. Its form stands at the head of the crate.

use std::ffi::{CStr, c_int};

/// The open record.
pub(crate) struct Record(c_int);

impl Record {
    /// `None` if it cannot be made.
    pub(crate) fn create(path: &CStr) -> Option<Self> {
        let flags = libc::O_WRONLY | libc::O_CREAT | libc::O_TRUNC | libc::O_CLOEXEC;
        // SAFETY: the path ends in a zero and outlives the call.
        let fd = unsafe {
            libc::syscall(
                libc::SYS_openat,
                libc::AT_FDCWD,
                path.as_ptr(),
                flags,
                0o600,
            )
        };
        c_int::try_from(fd).ok().filter(|fd| *fd >= 0).map(Self)
    }

    /// One line, its parts divided by spaces.
    pub(crate) fn line(&self, parts: &[&[u8]]) {
        let mut line = parts.join(&b' ');
        line.push(b'\n');
        self.put(&line);
    }

    /// One line and the bytes that belong to it.
    pub(crate) fn with_bytes(&self, parts: &[&[u8]], bytes: &[u8]) {
        let mut all = parts.join(&b' ');
        all.push(b'\n');
        all.extend_from_slice(bytes);
        all.push(b'\n');
        self.put(&all);
    }

    /// A record with a hole would be believed: so the program ends where it cannot be written.
    fn put(&self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            // SAFETY: pointer and length are of one live slice.
            let count =
                unsafe { libc::syscall(libc::SYS_write, self.0, bytes.as_ptr(), bytes.len()) };
            match usize::try_from(count) {
                Ok(count) if count > 0 => bytes = bytes.get(count..).unwrap_or_default(),
                _ => std::process::abort(),
            }
        }
    }
}
