//! Messages of D-Bus, as far as the Secret Service needs them: little endian, without file descriptors. Not the connection (see `bus`).
//!
//! Source: D-Bus Specification 0.43, "Message Protocol" and "Type System".

use std::io;
use zeroize::Zeroizing;

/// Longer messages are no answers of a key store, bytes.
pub(crate) const MOST_BYTES: usize = 1 << 20;
const HEADER_BYTES: usize = 16;

pub(crate) const METHOD_CALL: u8 = 1;
pub(crate) const METHOD_RETURN: u8 = 2;
pub(crate) const ERROR: u8 = 3;

/// Writes values one after the other, each at the multiple of its size. Wiped when dropped: secrets are among them.
pub(crate) struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    pub(crate) fn new() -> Self {
        // Room for all that is sent: a growing buffer would leave secrets behind.
        Self(Zeroizing::new(Vec::with_capacity(8192)))
    }

    pub(crate) fn align(&mut self, to: usize) -> &mut Self {
        while !self.0.len().is_multiple_of(to) {
            self.0.push(0);
        }
        self
    }

    pub(crate) fn byte(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.u32(value.into())
    }

    pub(crate) fn u32(&mut self, value: u32) -> &mut Self {
        self.align(4).0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Also an object path.
    pub(crate) fn string(&mut self, text: &str) -> &mut Self {
        self.u32(len(text.len()))
            .0
            .extend_from_slice(text.as_bytes());
        self.byte(0)
    }

    pub(crate) fn signature(&mut self, text: &str) -> &mut Self {
        self.byte(text.len() as u8)
            .0
            .extend_from_slice(text.as_bytes());
        self.byte(0)
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u32(len(bytes.len())).0.extend_from_slice(bytes);
        self
    }

    /// An array whose elements begin at multiples of `element`.
    pub(crate) fn array(&mut self, element: usize, write: impl FnOnce(&mut Self)) -> &mut Self {
        self.u32(0);
        let length_at = self.0.len() - 4;
        let begin = self.align(element).0.len();
        write(self);
        let length = len(self.0.len() - begin);
        if let Some(place) = self.0.get_mut(length_at..length_at + 4) {
            place.copy_from_slice(&length.to_le_bytes());
        }
        self
    }

    /// `a{ss}`
    pub(crate) fn texts(&mut self, entries: &[(&str, &str)]) -> &mut Self {
        self.array(8, |body| {
            for (name, value) in entries {
                body.align(8).string(name).string(value);
            }
        })
    }

    pub(crate) fn done(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

fn len(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Reads what [`Writer`] writes.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

pub(crate) fn garbled() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "no message of D-Bus")
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn take(&mut self, count: usize) -> io::Result<&'a [u8]> {
        let end = self.at.checked_add(count).ok_or_else(garbled)?;
        let taken = self.bytes.get(self.at..end).ok_or_else(garbled)?;
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn align(&mut self, to: usize) -> io::Result<()> {
        let gap = self.at.next_multiple_of(to) - self.at;
        self.take(gap).map(drop)
    }

    pub(crate) fn byte(&mut self) -> io::Result<u8> {
        self.take(1)?.first().copied().ok_or_else(garbled)
    }

    pub(crate) fn u32(&mut self) -> io::Result<u32> {
        self.align(4)?;
        let bytes = self.take(4)?.try_into().map_err(|_| garbled())?;
        Ok(u32::from_le_bytes(bytes))
    }

    pub(crate) fn string(&mut self) -> io::Result<&'a str> {
        let bytes = self.bytes()?;
        self.byte()?;
        std::str::from_utf8(bytes).map_err(|_| garbled())
    }

    pub(crate) fn signature(&mut self) -> io::Result<&'a str> {
        let count = self.byte()?.into();
        let bytes = self.take(count)?;
        self.byte()?;
        std::str::from_utf8(bytes).map_err(|_| garbled())
    }

    pub(crate) fn bytes(&mut self) -> io::Result<&'a [u8]> {
        let count = self.u32()?;
        self.take(usize::try_from(count).map_err(|_| garbled())?)
    }

    /// `ao` or `as`
    pub(crate) fn strings(&mut self) -> io::Result<Vec<String>> {
        let mut inner = Reader::new(self.bytes()?);
        let mut found = Vec::new();
        while !inner.is_at_end() {
            found.push(inner.string()?.to_owned());
        }
        Ok(found)
    }
}

/// A call of a method.
pub(crate) struct Call<'a> {
    pub(crate) destination: &'a str,
    pub(crate) path: &'a str,
    pub(crate) interface: &'a str,
    pub(crate) member: &'a str,
    /// Types of the body; empty without one.
    pub(crate) signature: &'a str,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Call<'_> {
    pub(crate) fn encode(&self, serial: u32) -> Zeroizing<Vec<u8>> {
        let mut out = Writer::new();
        out.byte(b'l').byte(METHOD_CALL).byte(0).byte(1);
        out.u32(len(self.body.len())).u32(serial);
        out.array(8, |fields| {
            let texts = [
                (1, "o", self.path),
                (2, "s", self.interface),
                (3, "s", self.member),
                (6, "s", self.destination),
            ];
            for (code, kind, text) in texts {
                fields.align(8).byte(code).signature(kind).string(text);
            }
            if !self.signature.is_empty() {
                fields
                    .align(8)
                    .byte(8)
                    .signature("g")
                    .signature(self.signature);
            }
        });
        out.align(8).0.extend_from_slice(&self.body);
        out.done()
    }
}

/// What came over the bus.
pub(crate) struct Message {
    pub(crate) kind: u8,
    /// Of an answer: to which call.
    pub(crate) reply_serial: Option<u32>,
    /// Of an error: its name.
    pub(crate) error_name: Option<String>,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// How many bytes follow the first sixteen: the rest of the header's fields, and the body.
pub(crate) fn lengths(start: &[u8; HEADER_BYTES]) -> io::Result<(usize, usize)> {
    let mut reader = Reader::new(start);
    if reader.byte()? != b'l' {
        return Err(garbled());
    }
    reader.take(3)?;
    let body = reader.u32()? as usize;
    reader.u32()?;
    let fields = reader.u32()? as usize;
    if body > MOST_BYTES || fields > MOST_BYTES {
        return Err(garbled());
    }
    Ok((fields.next_multiple_of(8), body))
}

/// * `start` – the first sixteen bytes · `fields` – with the gap after them.
pub(crate) fn decode(
    start: &[u8; HEADER_BYTES],
    fields: &[u8],
    body: Zeroizing<Vec<u8>>,
) -> io::Result<Message> {
    let [_, kind, ..] = *start;
    let length = u32::from_le_bytes([start[12], start[13], start[14], start[15]]) as usize;
    let mut reader = Reader::new(fields.get(..length).ok_or_else(garbled)?);
    let (mut reply_serial, mut error_name) = (None, None);
    while !reader.is_at_end() {
        reader.align(8)?;
        let code = reader.byte()?;
        match reader.signature()? {
            "s" | "o" => {
                let text = reader.string()?;
                if code == 4 {
                    error_name = Some(text.to_owned());
                }
            }
            "u" => {
                let number = reader.u32()?;
                if code == 5 {
                    reply_serial = Some(number);
                }
            }
            "g" => drop(reader.signature()?),
            _ => return Err(garbled()),
        }
    }
    Ok(Message {
        kind,
        reply_serial,
        error_name,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: the bytes that `dbus-monitor --pcap` shows of the first call of every connection.
    #[test]
    fn the_first_call_has_the_bytes_of_the_specification() {
        let call = Call {
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
            member: "Hello",
            signature: "",
            body: Zeroizing::default(),
        };
        let bytes = call.encode(1);
        assert_eq!(&bytes[..16], b"l\x01\0\x01\0\0\0\0\x01\0\0\0\x6d\0\0\0");
        assert_eq!(
            &bytes[16..48],
            b"\x01\x01o\0\x15\0\0\0/org/freedesktop/DBus\0\0\0"
        );
        assert_eq!(bytes.len(), 128);
    }

    #[test]
    fn what_is_cut_or_too_long_is_garbled_and_nothing_else() {
        let mut writer = Writer::new();
        writer.string("ratsmappe").bytes(b"secret").bool(true);
        let bytes = writer.done();
        for cut in 0..bytes.len() {
            let mut reader = Reader::new(&bytes[..cut]);
            let mut read = || {
                reader.string()?;
                reader.bytes()?;
                reader.u32()
            };
            let read = read();
            assert!(read.is_err(), "{cut}");
        }
        let mut start = *b"l\x02\0\x01\0\0\0\0\x01\0\0\0\0\0\0\0";
        assert!(lengths(&start).is_ok());
        start[7] = 1;
        assert!(lengths(&start).is_err());
        start[0] = b'B';
        assert!(lengths(&start).is_err());
    }
}
