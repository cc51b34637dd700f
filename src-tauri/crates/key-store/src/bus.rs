//! A connection to the session bus over its socket: sign in, call, wait for the answer. Every wait ends.
//!
//! Source: D-Bus Specification 0.43, "Authentication Protocol" (EXTERNAL) and "Server Addresses".

use crate::message::{self, Call, ERROR, METHOD_RETURN, Message, garbled};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long a call may take. A store that asks the member first does not answer meanwhile, and is taken as locked.
const PATIENCE: Duration = Duration::from_secs(4);

/// What a call can end with but an answer.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The other side says no, by the name of an error.
    Refused(String),
    Io(io::Error),
}

impl From<io::Error> for CallError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

pub(crate) struct Bus {
    stream: UnixStream,
    serial: u32,
}

impl Bus {
    /// * `address` – as `DBUS_SESSION_BUS_ADDRESS` has it.
    pub(crate) fn connect(address: &str) -> io::Result<Self> {
        let stream = sockets(address)
            .find_map(|socket| socket.connect().ok())
            .ok_or(io::ErrorKind::NotFound)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut bus = Self { stream, serial: 0 };
        bus.sign_in()?;
        let hello = Call {
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
            member: "Hello",
            signature: "",
            body: Zeroizing::default(),
        };
        bus.call(&hello).map_err(|error| match error {
            CallError::Io(error) => error,
            CallError::Refused(_) => garbled(),
        })?;
        Ok(bus)
    }

    fn sign_in(&mut self) -> io::Result<()> {
        // The owner of the process: the bus compares it with what the kernel says of the socket.
        let user = std::fs::metadata("/proc/self")?.uid().to_string();
        let hex: String = user.bytes().map(|byte| format!("{byte:02x}")).collect();
        write!(self.stream, "\0AUTH EXTERNAL {hex}\r\n")?;
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            line.extend_from_slice(&byte);
            if line.len() > 1024 {
                return Err(garbled());
            }
        }
        if !line.starts_with(b"OK ") {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.stream.write_all(b"BEGIN\r\n")
    }

    /// Calls and waits for the answer; what else comes meanwhile is nobody's here.
    pub(crate) fn call(&mut self, call: &Call<'_>) -> Result<Zeroizing<Vec<u8>>, CallError> {
        self.serial += 1;
        self.stream.write_all(&call.encode(self.serial))?;
        let until = Instant::now() + PATIENCE;
        loop {
            let message = self.receive(until)?;
            if message.reply_serial != Some(self.serial) {
                continue;
            }
            match message.kind {
                METHOD_RETURN => return Ok(message.body),
                ERROR => {
                    let name = message.error_name.unwrap_or_default();
                    return Err(CallError::Refused(name));
                }
                _ => {}
            }
        }
    }

    fn receive(&mut self, until: Instant) -> io::Result<Message> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut start = [0; 16];
        self.stream.read_exact(&mut start)?;
        let (fields_len, body_len) = message::lengths(&start)?;
        let mut fields = vec![0; fields_len];
        self.stream.read_exact(&mut fields)?;
        let mut body = Zeroizing::new(vec![0; body_len]);
        self.stream.read_exact(&mut body)?;
        message::decode(&start, &fields, body)
    }
}

/// Where a bus may listen.
#[derive(Debug, PartialEq, Eq)]
enum Socket {
    Path(PathBuf),
    #[cfg(target_os = "linux")]
    Abstract(Vec<u8>),
}

impl Socket {
    fn connect(&self) -> io::Result<UnixStream> {
        match self {
            Self::Path(path) => UnixStream::connect(path),
            #[cfg(target_os = "linux")]
            Self::Abstract(name) => {
                use std::os::linux::net::SocketAddrExt;
                let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
                UnixStream::connect_addr(&address)
            }
        }
    }
}

/// `unix:path=/run/user/1000/bus,guid=…;unix:abstract=…`
fn sockets(address: &str) -> impl Iterator<Item = Socket> {
    address.split(';').filter_map(|one| {
        let keys = one.strip_prefix("unix:")?;
        keys.split(',')
            .find_map(|pair| match pair.split_once('=')? {
                ("path", path) => Some(Socket::Path(
                    std::ffi::OsString::from_vec(unescaped(path)).into(),
                )),
                #[cfg(target_os = "linux")]
                ("abstract", name) => Some(Socket::Abstract(unescaped(name))),
                _ => None,
            })
    })
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut rest = text.bytes();
    let mut plain = Vec::new();
    while let Some(byte) = rest.next() {
        let digits = |rest: &mut dyn Iterator<Item = u8>| {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            Some((digit(rest.next())? * 16 + digit(rest.next())?) as u8)
        };
        plain.push(match byte {
            b'%' => digits(&mut rest).unwrap_or(b'%'),
            other => other,
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_bus_are_read() {
        let found: Vec<Socket> =
            sockets("tcp:host=x;unix:guid=12,path=/run/a%20b;unix:abstract=/tmp/dbus-1").collect();
        assert_eq!(
            found,
            [
                Socket::Path("/run/a b".into()),
                Socket::Abstract(b"/tmp/dbus-1".to_vec())
            ]
        );
        assert_eq!(sockets("").count(), 0);
    }
}
