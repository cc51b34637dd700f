//! A disk under one program that tells what was done to it, and that fails when it is told to. The calls by which a program
//! reaches its files (`open`, `pwrite`, `fsync`, `rename` …) are defined here and so stand before the C library's, for Rust's
//! standard library and for SQLCipher's C code alike. Not what a disk keeps when its power fails: that is made of the record
//! (`stories::power`).
//!
//! A program that links this calls [`watch`] first. The environment says what is watched; without it every call goes through.
//! The index of SQLite's log (`-shm`) is memory that happens to have a name and is not watched.
//!
//! The record has one line for each call that came to its end, in the order in which they did; all calls wait for each other.
//! ```text
//! open HANDLE [c][t] PATH    a file or folder was opened; c: it was made, t: it was emptied
//! write HANDLE AT LEN        and a line with as many bytes
//! truncate HANDLE LEN
//! sync HANDLE                fsync or fdatasync
//! rename FROM\tTO · unlink PATH · mkdir PATH · rmdir PATH
//! read HANDLE
//! told LEN                   and a line with as many bytes: what the program said on its standard output
//! fault CLASS NAME           a call did not do what it was asked for
//! ```
#![cfg(target_os = "linux")]

mod calls;
mod fault;
mod record;

use std::collections::HashMap;
use std::ffi::{CString, OsStr, c_int};
use std::os::unix::ffi::OsStrExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use fault::Fault;
use record::Record;

/// The folder that is watched: an absolute path without links.
pub const FOLDER: &str = "RATSMAPPE_DISK_FOLDER";
/// Where the record is written, outside the folder.
pub const RECORD: &str = "RATSMAPPE_DISK_RECORD";
/// `CLASS:NUMBER:WHAT:once|on`, for example `write:17:ENOSPC:once`: which call fails, counted from 0 in its class, and whether all
/// later ones do, too. Classes: `open read write truncate sync name`. What: an error's name, or `short`.
pub const FAULT: &str = "RATSMAPPE_DISK_FAULT";
/// The end of a path: such files are never synced, although it is said that they were. For a suite that must notice it.
pub const FORGETS: &str = "RATSMAPPE_DISK_FORGETS";

static IS_ON: AtomicBool = AtomicBool::new(false);
static DISK: Mutex<Option<Disk>> = Mutex::new(None);

/// What is watched.
pub(crate) struct Disk {
    folder: Vec<u8>,
    forgets: Option<Vec<u8>>,
    fault: Option<Fault>,
    record: Record,
    open: HashMap<c_int, Handle>,
    next: u64,
}

/// A descriptor of something in the folder.
pub(crate) struct Handle {
    number: u64,
    path: Vec<u8>,
    is_append: bool,
}

impl Disk {
    /// Whether this is below the folder and is kept when the power fails.
    fn has(&self, path: &[u8]) -> bool {
        path.strip_prefix(self.folder.as_slice())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
            && !path.ends_with(b"-shm")
    }

    fn forgets(&self, path: &[u8]) -> bool {
        self.forgets.as_ref().is_some_and(|end| path.ends_with(end))
    }
}

pub(crate) fn disk() -> MutexGuard<'static, Option<Disk>> {
    DISK.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn is_on() -> bool {
    IS_ON.load(Ordering::Acquire)
}

/// Begins to watch what the environment names; nothing if it names nothing.
///
/// Errors, in words: the environment cannot be understood, or the record cannot be made.
pub fn watch() -> Result<(), String> {
    calls::are_linked();
    let Some(folder) = std::env::var_os(FOLDER) else {
        return Ok(());
    };
    let path = std::env::var_os(RECORD).ok_or("no place for the record")?;
    let path = CString::new(path.as_bytes()).map_err(|error| error.to_string())?;
    let fault = match std::env::var(FAULT) {
        Ok(text) => Some(Fault::parse(&text).ok_or_else(|| format!("no fault: {text}"))?),
        Err(_) => None,
    };
    let bytes = |text: &OsStr| text.as_bytes().to_vec();
    *disk() = Some(Disk {
        folder: bytes(&folder),
        forgets: std::env::var_os(FORGETS).map(|end| bytes(&end)),
        fault,
        record: Record::create(&path).ok_or("the record cannot be made")?,
        open: HashMap::new(),
        next: 0,
    });
    IS_ON.store(true, Ordering::Release);
    Ok(())
}
