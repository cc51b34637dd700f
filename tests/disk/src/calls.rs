//! The C library's calls on files, in its place. Each takes the lock, so that the record has one order; does its work by the
//! kernel's own call; writes its line. What is not watched goes straight through.
//! `open` and `openat` are written with the argument that C leaves open: on the systems this runs on it is passed like any other.

use std::ffi::{CStr, c_char, c_int, c_long, c_uint};

use libc::{AT_FDCWD, iovec, mode_t, off64_t, size_t, ssize_t};

use crate::fault::{Class, How};
use crate::{Disk, Handle, disk, is_on};

/// The descriptor on which the program says what it has done.
const STANDARD_OUTPUT: c_int = 1;

/// Draws this file into the program: the linker leaves out what nobody calls.
pub(crate) fn are_linked() {
    let calls: [*const (); 8] = [
        open64 as *const (),
        pwrite64 as *const (),
        pread64 as *const (),
        ftruncate64 as *const (),
        fdatasync as *const (),
        rename as *const (),
        unlink as *const (),
        mkdir as *const (),
    ];
    std::hint::black_box(calls);
}

fn fail(code: c_int) -> c_long {
    // SAFETY: the C library gives each thread a place for this.
    unsafe { *libc::__errno_location() = code };
    -1
}

fn int(result: c_long) -> c_int {
    c_int::try_from(result).unwrap_or(-1)
}

fn size(result: c_long) -> ssize_t {
    ssize_t::try_from(result).unwrap_or(-1)
}

fn text(number: impl ToString) -> Vec<u8> {
    number.to_string().into_bytes()
}

impl Disk {
    /// A path as it is named from a folder; `None` if it is not watched.
    ///
    /// # Safety
    /// `path` ends in a zero.
    unsafe fn path(&self, folder: c_int, path: *const c_char) -> Option<Vec<u8>> {
        // SAFETY: the caller's.
        let path = unsafe { CStr::from_ptr(path) }.to_bytes();
        let whole = match self.open.get(&folder) {
            _ if path.starts_with(b"/") => path.to_vec(),
            Some(handle) if folder != AT_FDCWD => [&handle.path, path].join(&b'/'),
            _ => return None,
        };
        self.has(&whole).then_some(whole)
    }

    /// Counts a call; `Some` if it is its turn to fail.
    fn strike(&mut self, class: Class) -> Option<How> {
        let (how, name) = self.fault.as_mut()?.strike(class)?;
        self.record
            .line(&[b"fault", class.name().as_bytes(), name.as_bytes()]);
        Some(how)
    }

    /// The error that a call shall end with. A call that knows no half does all of it instead.
    fn error(&mut self, class: Class) -> Option<c_int> {
        match self.strike(class)? {
            How::Error(code) => Some(code),
            How::Short => None,
        }
    }
}

/// Half of what was asked for, at least one byte.
fn half(len: size_t) -> size_t {
    (len / 2).max(len.min(1))
}

unsafe fn open_at(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    let mode = c_uint::from(mode);
    let real = || {
        // SAFETY: as the caller gave them.
        int(unsafe { libc::syscall(libc::SYS_openat, folder, path, flags, mode) })
    };
    let mut guard = disk();
    let Some(disk) = guard.as_mut().filter(|_| is_on()) else {
        drop(guard);
        return real();
    };
    // SAFETY: a path of the caller.
    let Some(whole) = (unsafe { disk.path(folder, path) }) else {
        let fd = real();
        disk.open.remove(&fd);
        return fd;
    };
    if let Some(code) = disk.error(Class::Open) {
        return int(fail(code));
    }
    // SAFETY: as above.
    let was_there = unsafe { libc::syscall(libc::SYS_faccessat, folder, path, libc::F_OK) } == 0;
    let fd = real();
    if fd < 0 {
        return fd;
    }
    let number = disk.next;
    disk.next += 1;
    let is_emptied = was_there && flags & libc::O_TRUNC != 0;
    let what: &[u8] = match (was_there, is_emptied) {
        (false, _) => b"c",
        (true, true) => b"t",
        (true, false) => b"-",
    };
    disk.record.line(&[b"open", &text(number), what, &whole]);
    let is_append = flags & libc::O_APPEND != 0;
    disk.open.insert(
        fd,
        Handle {
            number,
            path: whole,
            is_append,
        },
    );
    fd
}

/// Where a call without a place writes: at the end, or where it stands.
fn place_of(fd: c_int, is_append: bool) -> off64_t {
    let whence = if is_append {
        libc::SEEK_END
    } else {
        libc::SEEK_CUR
    };
    // SAFETY: no memory is touched. For a file that is appended to, its own place does not matter.
    unsafe { libc::syscall(libc::SYS_lseek, fd, 0, whence) }
}

unsafe fn put(fd: c_int, bytes: *const u8, len: size_t, at: Option<off64_t>) -> ssize_t {
    let real = |len: size_t| {
        // SAFETY: at most as many bytes as the caller gave.
        size(unsafe {
            match at {
                Some(at) => libc::syscall(libc::SYS_pwrite64, fd, bytes, len, at),
                None => libc::syscall(libc::SYS_write, fd, bytes, len),
            }
        })
    };
    let mut guard = disk();
    let Some(disk) = guard.as_mut().filter(|_| is_on()) else {
        drop(guard);
        return real(len);
    };
    if fd == STANDARD_OUTPUT {
        // SAFETY: of the caller.
        let told = unsafe { std::slice::from_raw_parts(bytes, len) };
        disk.record.with_bytes(&[b"told", &text(len)], told);
        return real(len);
    }
    let Some((number, is_append)) = disk.open.get(&fd).map(|h| (h.number, h.is_append)) else {
        // Sockets and the like may wait for somebody: nobody waits for them.
        drop(guard);
        return real(len);
    };
    let mut asked = len;
    match disk.strike(Class::Write) {
        Some(How::Error(code)) => return size(fail(code)),
        Some(How::Short) => asked = half(len),
        None => {}
    }
    let place = at.unwrap_or_else(|| place_of(fd, is_append));
    let count = real(asked);
    if let Ok(written) = size_t::try_from(count) {
        // SAFETY: a part of what the caller gave.
        let kept = unsafe { std::slice::from_raw_parts(bytes, written) };
        let parts: [&[u8]; 4] = [b"write", &text(number), &text(place), &text(written)];
        disk.record.with_bytes(&parts, kept);
    }
    count
}

unsafe fn get(fd: c_int, bytes: *mut u8, len: size_t, at: Option<off64_t>) -> ssize_t {
    let real = |len: size_t| {
        // SAFETY: at most as many bytes as the caller has room for.
        size(unsafe {
            match at {
                Some(at) => libc::syscall(libc::SYS_pread64, fd, bytes, len, at),
                None => libc::syscall(libc::SYS_read, fd, bytes, len),
            }
        })
    };
    let mut guard = disk();
    let Some((disk, number)) = guard.as_mut().filter(|_| is_on()).and_then(|disk| {
        let number = disk.open.get(&fd)?.number;
        Some((disk, number))
    }) else {
        drop(guard);
        return real(len);
    };
    disk.record.line(&[b"read", &text(number)]);
    match disk.strike(Class::Read) {
        Some(How::Error(code)) => size(fail(code)),
        Some(How::Short) => real(half(len)),
        None => real(len),
    }
}

fn truncate(fd: c_int, len: off64_t) -> c_int {
    // SAFETY: no memory is touched.
    let real = || int(unsafe { libc::syscall(libc::SYS_ftruncate, fd, len) });
    let mut guard = disk();
    let Some((disk, number)) = guard.as_mut().filter(|_| is_on()).and_then(|disk| {
        let number = disk.open.get(&fd)?.number;
        Some((disk, number))
    }) else {
        drop(guard);
        return real();
    };
    if let Some(code) = disk.error(Class::Truncate) {
        return int(fail(code));
    }
    let result = real();
    if result == 0 {
        disk.record.line(&[b"truncate", &text(number), &text(len)]);
    }
    result
}

fn sync(fd: c_int, call: c_long) -> c_int {
    // SAFETY: no memory is touched.
    let real = || int(unsafe { libc::syscall(call, fd) });
    let mut guard = disk();
    let Some((disk, number)) = guard.as_mut().filter(|_| is_on()).and_then(|disk| {
        let handle = disk.open.get(&fd)?;
        let number = (!disk.forgets(&handle.path)).then_some(handle.number);
        Some((disk, number))
    }) else {
        drop(guard);
        return real();
    };
    let Some(number) = number else {
        return 0;
    };
    if let Some(code) = disk.error(Class::Sync) {
        return int(fail(code));
    }
    let result = real();
    if result == 0 {
        disk.record.line(&[b"sync", &text(number)]);
    }
    result
}

/// A call that makes, moves or removes a name.
unsafe fn name(
    verb: &[u8],
    paths: [Option<(c_int, *const c_char)>; 2],
    real: impl Fn() -> c_int,
) -> c_int {
    let mut guard = disk();
    let Some(disk) = guard.as_mut().filter(|_| is_on()) else {
        drop(guard);
        return real();
    };
    let mut named = Vec::new();
    for (folder, path) in paths.into_iter().flatten() {
        // SAFETY: paths of the caller.
        if let Some(path) = unsafe { disk.path(folder, path) } {
            named.push(path);
        }
    }
    if named.is_empty() {
        return real();
    }
    if let Some(code) = disk.error(Class::Name) {
        return int(fail(code));
    }
    let result = real();
    if result == 0 {
        disk.record.line(&[verb, &named.join(&b'\t')]);
    }
    result
}

/// # Safety
/// As open(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    unsafe { open_at(AT_FDCWD, path, flags, mode) }
}

/// # Safety
/// As open(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    unsafe { open_at(AT_FDCWD, path, flags, mode) }
}

/// # Safety
/// As openat(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mode: mode_t,
) -> c_int {
    unsafe { open_at(folder, path, flags, mode) }
}

/// # Safety
/// As openat(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat64(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mode: mode_t,
) -> c_int {
    unsafe { open_at(folder, path, flags, mode) }
}

#[unsafe(no_mangle)]
pub extern "C" fn close(fd: c_int) -> c_int {
    if let Some(disk) = disk().as_mut() {
        disk.open.remove(&fd);
    }
    // SAFETY: the caller's descriptor.
    int(unsafe { libc::syscall(libc::SYS_close, fd) })
}

/// # Safety
/// As read(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, bytes: *mut u8, len: size_t) -> ssize_t {
    unsafe { get(fd, bytes, len, None) }
}

/// # Safety
/// As pread(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pread(fd: c_int, bytes: *mut u8, len: size_t, at: off64_t) -> ssize_t {
    unsafe { get(fd, bytes, len, Some(at)) }
}

/// # Safety
/// As pread(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pread64(fd: c_int, bytes: *mut u8, len: size_t, at: off64_t) -> ssize_t {
    unsafe { get(fd, bytes, len, Some(at)) }
}

/// # Safety
/// As write(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, bytes: *const u8, len: size_t) -> ssize_t {
    unsafe { put(fd, bytes, len, None) }
}

/// # Safety
/// As pwrite(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite(fd: c_int, bytes: *const u8, len: size_t, at: off64_t) -> ssize_t {
    unsafe { put(fd, bytes, len, Some(at)) }
}

/// # Safety
/// As pwrite(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite64(
    fd: c_int,
    bytes: *const u8,
    len: size_t,
    at: off64_t,
) -> ssize_t {
    unsafe { put(fd, bytes, len, Some(at)) }
}

/// Of a watched file the first part alone: whoever calls this goes on with the rest.
///
/// # Safety
/// As writev(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writev(fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    if is_on()
        && disk()
            .as_ref()
            .is_some_and(|disk| disk.open.contains_key(&fd))
        && count > 0
    {
        // SAFETY: there is a first one.
        let first = unsafe { &*parts };
        return unsafe { put(fd, first.iov_base.cast(), first.iov_len, None) };
    }
    size(unsafe { libc::syscall(libc::SYS_writev, fd, parts, count) })
}

#[unsafe(no_mangle)]
pub extern "C" fn ftruncate(fd: c_int, len: off64_t) -> c_int {
    truncate(fd, len)
}

#[unsafe(no_mangle)]
pub extern "C" fn ftruncate64(fd: c_int, len: off64_t) -> c_int {
    truncate(fd, len)
}

#[unsafe(no_mangle)]
pub extern "C" fn fsync(fd: c_int) -> c_int {
    sync(fd, libc::SYS_fsync)
}

#[unsafe(no_mangle)]
pub extern "C" fn fdatasync(fd: c_int) -> c_int {
    sync(fd, libc::SYS_fdatasync)
}

/// # Safety
/// As rename(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    let real = || unsafe {
        int(libc::syscall(
            libc::SYS_renameat2,
            AT_FDCWD,
            from,
            AT_FDCWD,
            to,
            0,
        ))
    };
    unsafe {
        name(
            b"rename",
            [Some((AT_FDCWD, from)), Some((AT_FDCWD, to))],
            real,
        )
    }
}

/// # Safety
/// As unlink(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    unsafe { unlinkat(AT_FDCWD, path, 0) }
}

/// # Safety
/// As rmdir(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rmdir(path: *const c_char) -> c_int {
    unsafe { unlinkat(AT_FDCWD, path, libc::AT_REMOVEDIR) }
}

/// # Safety
/// As unlinkat(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlinkat(folder: c_int, path: *const c_char, flags: c_int) -> c_int {
    let verb: &[u8] = match flags & libc::AT_REMOVEDIR {
        0 => b"unlink",
        _ => b"rmdir",
    };
    let real = || unsafe { int(libc::syscall(libc::SYS_unlinkat, folder, path, flags)) };
    unsafe { name(verb, [Some((folder, path)), None], real) }
}

/// # Safety
/// As mkdir(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdir(path: *const c_char, mode: mode_t) -> c_int {
    let real = || unsafe {
        int(libc::syscall(
            libc::SYS_mkdirat,
            AT_FDCWD,
            path,
            c_uint::from(mode),
        ))
    };
    unsafe { name(b"mkdir", [Some((AT_FDCWD, path)), None], real) }
}

/// Not here: then Rust's copying reads and writes.
#[unsafe(no_mangle)]
pub extern "C" fn copy_file_range(
    _: c_int,
    _: *mut off64_t,
    _: c_int,
    _: *mut off64_t,
    _: size_t,
    _: c_uint,
) -> ssize_t {
    size(fail(libc::ENOSYS))
}

/// Not here: then Rust's copying reads and writes.
#[unsafe(no_mangle)]
pub extern "C" fn sendfile64(_: c_int, _: c_int, _: *mut off64_t, _: size_t) -> ssize_t {
    size(fail(libc::ENOSYS))
}
