//! Tries one thing that no document may bring about: `attempts caged|free WHAT PDFIUM PATH`, in the cage of the helper or without
//! one. Ends with 0 if it succeeded, with 1 if it was refused, or by a signal. For `tests/safety_cage.rs`; no part of the product.
#![allow(
    unsafe_code,
    reason = "what is tried is what a taken-over PDFium would do: bare system calls"
)]

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::Error;
    use std::net::TcpStream;
    use std::path::Path;
    use std::process::ExitCode;

    pub fn main() -> ExitCode {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let [home, what, pdfium, path] = words.as_slice() else {
            return ExitCode::from(2);
        };
        if home == "caged" && reader::helper::enter_only(Path::new(pdfium)).is_err() {
            return ExitCode::from(3);
        }
        match attempt(what, path) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        }
    }

    fn attempt(what: &str, path: &str) -> Result<(), Error> {
        match what {
            // Shows that the cage leaves room to live: a font is read if there is any, and else nothing.
            "live" => Ok(()),
            "open" => std::fs::read(path).map(drop),
            "write" => std::fs::write(path, b"out"),
            "connect" => TcpStream::connect(path).map(drop),
            "exec" => std::process::Command::new("/bin/true").status().map(drop),
            // SAFETY: the child ends at once.
            "fork" => match unsafe { libc::fork() } {
                0 => unsafe { libc::_exit(0) },
                child if child > 0 => Ok(()),
                _ => Err(Error::last_os_error()),
            },
            // SAFETY: asks to be traced by its parent, which changes nothing here.
            "ptrace" => match unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) } {
                0 => Ok(()),
                _ => Err(Error::last_os_error()),
            },
            _ => Err(Error::other("no such attempt")),
        }
    }
}
