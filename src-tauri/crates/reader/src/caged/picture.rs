//! The memory that a drawn tile lies in on its way from helper to host: both have it open, nobody can change its size. It is read
//! and written like a file, so that what the other side does meanwhile can change pixels and nothing else.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};

use crate::limits::MAX_TILE_PIXELS;

/// Bytes of the largest tile.
pub(super) const PICTURE_BYTES: u64 = MAX_TILE_PIXELS * 4;

/// Makes it. Pages that were never written take no memory.
///
/// Errors: those of the system.
pub(super) fn make() -> io::Result<File> {
    let memory = memfd_create(
        "ratsmappe-picture",
        MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING,
    )?;
    ftruncate(&memory, PICTURE_BYTES)?;
    fcntl_add_seals(
        &memory,
        SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL,
    )?;
    Ok(File::from(memory))
}

/// The pixels of a tile; the caller knows from its own plan how many there are.
///
/// Errors: `InvalidInput` beyond [`PICTURE_BYTES`]; those of the system.
pub(super) fn read(memory: &File, width: u32, height: u32) -> io::Result<Vec<u8>> {
    let byte_len = (u64::from(width) * u64::from(height)).saturating_mul(4);
    let fitting = usize::try_from(byte_len).ok();
    let fitting = fitting.filter(|_| byte_len <= PICTURE_BYTES);
    let mut pixels = vec![0; fitting.ok_or(io::ErrorKind::InvalidInput)?];
    memory.read_exact_at(&mut pixels, 0)?;
    Ok(pixels)
}
