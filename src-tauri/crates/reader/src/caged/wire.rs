//! What host and helper say to each other. Neither side keeps it, so it has no history; `VERSION` tells an old helper beside a
//! new app.
//!
//! The host asks for one thing at a time. Until its answer comes, the helper may ask for bytes and whether the work is still
//! wanted, and waits for each.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::flat::FlatFlow;
use super::frame::Broken;
use crate::document::Nature;
use crate::engine::Task;
use crate::error::ReaderError;
use crate::geometry::{PageGeometry, PageSize, TileRect};
use crate::hidden::AnnotationPlace;
use crate::links::Link;
use crate::outline::Outline;
use crate::text::PageText;

/// Raised with every change of these types.
pub(super) const VERSION: u32 = 1;
/// Bytes that the helper may ask for at once: a block of the encrypted file.
pub(super) const MAX_READ_BYTES: u32 = 64 * 1024;

/// From the host.
#[derive(Serialize, Deserialize)]
pub(super) enum Ask {
    Perform {
        doc: u64,
        /// Said if the helper does not have the document open.
        opening: Option<Opening>,
        /// Said if it changed.
        hidden: Option<Vec<AnnotationPlace>>,
        task: Task,
    },
    /// Has no answer.
    Close { doc: u64 },
    /// Answers `Tell::Read`; nothing if the source failed.
    Bytes(Option<Vec<u8>>),
    /// Answers `Tell::IsWanted`.
    Wanted(bool),
}

#[derive(Serialize, Deserialize)]
pub(super) struct Opening {
    pub(super) byte_len: u64,
    #[serde(with = "secret")]
    pub(super) password: Option<Zeroizing<String>>,
}

/// From the helper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Tell {
    /// The first message: the cage is closed.
    Ready {
        version: u32,
        has_file_rules: bool,
    },
    /// The first and only message: it is not.
    NotReady(Refusal),
    Read {
        doc: u64,
        position: u64,
        byte_len: u32,
    },
    IsWanted,
    Answer(Result<Told, Fault>),
}

/// Why a helper did not start to work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Refusal {
    /// PDFium cannot be loaded; what the loader said.
    Library(String),
    /// A rule of the cage could not be set up.
    Open(Rule),
}

/// A rule of the cage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    Connection,
    Parent,
    Limits,
    FileRules,
    SystemCalls,
}

impl Rule {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Connection => "no connection",
            Self::Parent => "it would outlive the app",
            Self::Limits => "no limits",
            Self::FileRules => "no file rules",
            Self::SystemCalls => "no filter of system calls",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Told {
    Opened {
        sizes: Vec<PageSize>,
        nature: Nature,
    },
    Geometry(PageGeometry),
    Text(PageText),
    Flow(FlatFlow),
    Outline(Outline),
    Links(Vec<Link>),
    /// The pixels lie in the shared memory.
    Drawn {
        width: u32,
        height: u32,
        dark: Option<Vec<TileRect>>,
        geometry: PageGeometry,
        load_us: u64,
        draw_us: u64,
    },
}

/// What a document is at fault for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Fault {
    Damaged,
    PasswordProtected,
    TooLarge,
    PageOutOfRange,
    BadRequest,
    Unresponsive,
}

impl From<&ReaderError> for Fault {
    fn from(error: &ReaderError) -> Self {
        match error {
            ReaderError::PasswordProtected => Self::PasswordProtected,
            ReaderError::TooLarge => Self::TooLarge,
            ReaderError::PageOutOfRange => Self::PageOutOfRange,
            ReaderError::BadRequest => Self::BadRequest,
            ReaderError::Unresponsive => Self::Unresponsive,
            _ => Self::Damaged,
        }
    }
}

impl From<Fault> for ReaderError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged => Self::Damaged,
            Fault::PasswordProtected => Self::PasswordProtected,
            Fault::TooLarge => Self::TooLarge,
            Fault::PageOutOfRange => Self::PageOutOfRange,
            Fault::BadRequest => Self::BadRequest,
            Fault::Unresponsive => Self::Unresponsive,
        }
    }
}

/// A message as bytes.
///
/// Errors: `Garbled` for what cannot be said.
pub(super) fn write<T: Serialize>(message: &T) -> Result<Zeroizing<Vec<u8>>, Broken> {
    postcard::to_allocvec(message)
        .map(Zeroizing::new)
        .map_err(|_| Broken::Garbled)
}

/// A message from bytes, all of them.
///
/// Errors: `Garbled`.
pub(super) fn read<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> Result<T, Broken> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        _ => Err(Broken::Garbled),
    }
}

/// A password, wiped on both sides.
mod secret {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use zeroize::Zeroizing;

    type Secret = Option<Zeroizing<String>>;

    pub(super) fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        secret.as_ref().map(|secret| secret.as_str()).serialize(to)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Secret, D::Error> {
        Ok(Option::<String>::deserialize(from)?.map(Zeroizing::new))
    }
}
