//! What PDFium reads from: the caller's `Read + Seek` behind a guard. Not a file, not a decoder.
//!
//! PDFium reads a few hundred bytes at a time, back and forth, while the source behind it decrypts
//! 64 KiB for each; so the guard keeps some blocks. It reads each request in full, because PDFium takes
//! a short read for success. It turns a panic of the source into an error, because a panic must not
//! cross into C++. And it can be cut off, so that a parser lost in a broken file runs dry.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Block size in bytes: that of the encrypted file's chunks.
const BLOCK_BYTES: u64 = 64 * 1024;
/// Blocks kept per document: 1 MiB.
const BLOCKS_KEPT: usize = 16;

/// Where a document's bytes come from; implemented for everything that fits.
pub trait ReadSeekSend: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeekSend for T {}

/// Tells those who work on a document that it goes: nobody wants their work any more, or even every read fails from now on.
#[derive(Debug, Clone, Default)]
pub(crate) struct CutOff(Arc<Signs>);

#[derive(Debug, Default)]
struct Signs {
    is_leaving: AtomicBool,
    is_cut: AtomicBool,
}

impl CutOff {
    /// The document is being closed.
    pub(crate) fn leave(&self) {
        self.0.is_leaving.store(true, Ordering::Release);
    }

    pub(crate) fn is_leaving(&self) -> bool {
        self.0.is_leaving.load(Ordering::Acquire)
    }

    /// The document is given up.
    pub(crate) fn cut(&self) {
        self.0.is_cut.store(true, Ordering::Release);
        self.leave();
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.0.is_cut.load(Ordering::Acquire)
    }
}

struct Block {
    number: u64,
    bytes: Vec<u8>,
}

/// The guard around one document's source.
pub(crate) struct GuardedSource {
    inner: Box<dyn ReadSeekSend>,
    byte_len: u64,
    position: u64,
    /// Most recently used first.
    blocks: Vec<Block>,
    cut_off: CutOff,
}

impl GuardedSource {
    pub(crate) fn new(inner: Box<dyn ReadSeekSend>, byte_len: u64, cut_off: CutOff) -> Self {
        Self {
            inner,
            byte_len,
            position: 0,
            blocks: Vec::new(),
            cut_off,
        }
    }

    /// The block, from memory or from the source, moved to the front.
    fn block(&mut self, number: u64) -> Result<&[u8]> {
        let block = match self.blocks.iter().position(|b| b.number == number) {
            Some(place) => self.blocks.remove(place),
            None => {
                let start = number * BLOCK_BYTES;
                let byte_len = BLOCK_BYTES.min(self.byte_len.saturating_sub(start));
                let mut bytes = match self.blocks.len() < BLOCKS_KEPT {
                    true => Vec::new(),
                    false => self.blocks.pop().map(|b| b.bytes).unwrap_or_default(),
                };
                bytes.resize(usize::try_from(byte_len).unwrap_or(0), 0);
                let inner = &mut self.inner;
                catch_unwind(AssertUnwindSafe(|| {
                    inner.seek(SeekFrom::Start(start))?;
                    inner.read_exact(&mut bytes)
                }))
                .unwrap_or_else(|_| Err(Error::other("the document source panicked")))?;
                Block { number, bytes }
            }
        };
        self.blocks.insert(0, block);
        Ok(self.blocks.first().map_or(&[], |b| b.bytes.as_slice()))
    }
}

impl Read for GuardedSource {
    /// Fills `out` as far as the document goes.
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        if self.cut_off.is_cut() {
            return Err(Error::from(ErrorKind::TimedOut));
        }
        let mut filled = 0;
        while self.position < self.byte_len {
            let Some(rest) = out.get_mut(filled..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            let skip = usize::try_from(self.position % BLOCK_BYTES).unwrap_or(0);
            let block = self.block(self.position / BLOCK_BYTES)?;
            let found = block.get(skip..).unwrap_or(&[]);
            let count = found.len().min(rest.len());
            if count == 0 {
                return Err(Error::from(ErrorKind::UnexpectedEof));
            }
            for (to, from) in rest.iter_mut().zip(found) {
                *to = *from;
            }
            filled += count;
            self.position += count as u64;
        }
        Ok(filled)
    }
}

impl Seek for GuardedSource {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.byte_len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn bytes(byte_len: usize) -> Vec<u8> {
        (0..byte_len).map(|i| (i * 7 % 251) as u8).collect()
    }

    /// Gives one byte per read, as a source may.
    struct Dribble(Cursor<Vec<u8>>);
    impl Read for Dribble {
        fn read(&mut self, out: &mut [u8]) -> Result<usize> {
            match out.first_mut() {
                Some(first) => self.0.read(std::slice::from_mut(first)),
                None => Ok(0),
            }
        }
    }
    impl Seek for Dribble {
        fn seek(&mut self, to: SeekFrom) -> Result<u64> {
            self.0.seek(to)
        }
    }

    struct Panics;
    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> Result<usize> {
            panic!("a source with a bug")
        }
    }
    impl Seek for Panics {
        fn seek(&mut self, _: SeekFrom) -> Result<u64> {
            Ok(0)
        }
    }

    fn guard(inner: impl ReadSeekSend + 'static, byte_len: u64) -> GuardedSource {
        GuardedSource::new(Box::new(inner), byte_len, CutOff::default())
    }

    #[test]
    fn every_request_is_filled_across_blocks_in_any_order() {
        let data = bytes(5 * 65_536 + 17);
        let mut source = guard(Dribble(Cursor::new(data.clone())), data.len() as u64);
        for start in [0_usize, 65_530, 300_000, 10, 131_072, data.len() - 5] {
            let mut out = vec![0; 70_000];
            source.seek(SeekFrom::Start(start as u64)).unwrap();
            let count = source.read(&mut out).unwrap();
            let end = data.len().min(start + 70_000);
            assert_eq!(&out[..count], &data[start..end], "from {start}");
        }
        assert_eq!(source.seek(SeekFrom::End(0)).unwrap(), data.len() as u64);
    }

    #[test]
    fn a_source_shorter_than_promised_is_an_error() {
        let mut source = guard(Cursor::new(bytes(100)), 200);
        assert!(source.read(&mut [0; 10]).is_err());
    }

    #[test]
    fn a_panic_is_an_error() {
        assert!(guard(Panics, 10).read(&mut [0; 10]).is_err());
    }

    #[test]
    fn after_the_cut_nothing_is_read_not_even_from_memory() {
        let cut_off = CutOff::default();
        let mut source =
            GuardedSource::new(Box::new(Cursor::new(bytes(100))), 100, cut_off.clone());
        assert_eq!(source.read(&mut [0; 10]).unwrap(), 10);
        cut_off.cut();
        assert!(source.read(&mut [0; 10]).is_err());
    }
}
