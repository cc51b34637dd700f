//! The bounds that keep memory and time in hand, each with its reason.

use std::time::Duration;

/// Open documents; the least recently used gives way. Two documents side by side plus a few to go back to.
pub const MAX_DOCUMENTS: usize = 8;
/// Parsed pages kept over all documents; a parsed council page takes 0.1–5 MB with its images.
pub const MAX_PAGES_KEPT: usize = 12;
/// Pages in one document. The largest council file known has 1,200; a broken page tree can claim a million.
pub const MAX_PAGE_COUNT: usize = 20_000;
/// Bytes in one document: PDFium's file length is a C `unsigned long`, 32 bits on Windows.
pub const MAX_DOCUMENT_BYTES: u64 = (1 << 31) - 1;
/// Pixels in one image (4 bytes each, so 32 MB). A page at 144 dpi has 2 million.
pub const MAX_TILE_PIXELS: u64 = 8 << 20;
/// Pixels on one side of one image.
pub const MAX_TILE_SIDE_PX: u32 = 16_384;
/// Pixels on one side of the whole page that a tile is cut from; beyond, PDFium's 32-bit floats lose the pixel.
pub const MAX_PAGE_SIDE_PX: u32 = 1 << 20;
/// The longest page side believed, in points (35 m). Broken files claim more.
pub const MAX_PAGE_SIDE_PT: f32 = 100_000.0;
/// Bookmarks taken from one document; the rest is left out and said to be. A budget of 1,200 pages has about 1,500.
pub const MAX_OUTLINE_ENTRIES: usize = 5_000;
/// Levels of bookmarks; what is deeper is left out. Files seen have at most 9.
pub const MAX_OUTLINE_DEPTH: u32 = 32;
/// Characters of a bookmark's title.
pub const MAX_TITLE_CHARS: usize = 300;
/// Links taken from one page. An index page has about 150.
pub const MAX_LINKS: usize = 500;
/// Characters of the words that a link stands on.
pub const MAX_LINK_WORDS_CHARS: usize = 120;
/// Bytes of a web address; browsers end at about as many.
pub const MAX_URI_BYTES: usize = 2_000;
/// Objects of one page that are looked at to learn what text belongs together and where pictures lie. A page of a plan has
/// 50,000; what is beyond is drawn, and read, without being sorted.
pub const MAX_OBJECTS: usize = 200_000;
/// Elements taken from the structure tree of one page. A page of tables has 2,000.
pub const MAX_ELEMENTS: usize = 20_000;
/// Levels of the structure tree that are followed. Files seen have at most 20.
pub const MAX_ELEMENT_DEPTH: usize = 64;
/// Images drawn and waiting for the encoder; then PDFium waits, or fast scrolling would fill the memory.
pub(crate) const MAX_WAITING_FOR_ENCODER: usize = 2;
/// Helpers that may work at the same time; the encoders could not follow more.
pub const MAX_HELPERS: usize = 4;
/// How long one job may hold PDFium before its caller is let go. The slowest real page known takes 0.2 s
/// on the build machine; a tablet is several times slower.
pub const JOB_LIMIT: Duration = Duration::from_secs(10);
