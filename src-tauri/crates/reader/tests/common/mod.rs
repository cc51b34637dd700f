//! What the tests of this crate share: where PDFium is, and tiny PDFs written by hand.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod files;
pub mod locked;

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::PathBuf;

use reader::{
    DocId, Home, Priority, Reader, ReaderConfig, RenderRequest, Result, Ticket, TileRect,
};

/// The PDFium library: `RATSMAPPE_PDFIUM`, or where `cargo xtask setup` puts it.
pub fn pdfium_library() -> PathBuf {
    let name = if cfg!(windows) {
        "pdfium.dll"
    } else if cfg!(target_vendor = "apple") {
        "libpdfium.dylib"
    } else {
        "libpdfium.so"
    };
    let path = std::env::var_os("RATSMAPPE_PDFIUM").map_or_else(
        || {
            PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                .join("../../../target/tools/pdfium/lib")
                .join(name)
        },
        PathBuf::from,
    );
    assert!(
        path.is_file(),
        "PDFium is not at {}: run cargo xtask setup",
        path.display()
    );
    path
}

/// PDFium as the app uses it on this platform.
pub fn config() -> ReaderConfig {
    ReaderConfig::new(pdfium_library(), home(None))
}

/// The same with so many helpers, where there are any.
pub fn home(helpers: Option<usize>) -> Home {
    #[cfg(target_os = "linux")]
    return Home::Caged {
        program: env!("CARGO_BIN_EXE_ratsmappe-pdf").into(),
        helpers,
    };
    #[cfg(not(target_os = "linux"))]
    Home::InProcess
}

pub fn start() -> Reader {
    Reader::start(config()).unwrap()
}

pub fn open(reader: &Reader, bytes: impl AsRef<[u8]>) -> Result<DocId> {
    let bytes = bytes.as_ref().to_vec();
    let byte_len = bytes.len() as u64;
    reader.open(Box::new(Cursor::new(bytes)), byte_len)
}

/// A visible page without a ticket of its own.
pub fn request(doc: DocId, page: u32, scale: f32, tile: Option<TileRect>) -> RenderRequest {
    RenderRequest {
        doc,
        page,
        scale,
        tile,
        is_dark: false,
        priority: Priority::Visible,
        ticket: Ticket(0),
    }
}

/// A page of a hand-written PDF: further entries of its dictionary, and its content stream.
pub struct Page<'a> {
    pub entries: &'a str,
    pub content: &'a str,
}

/// A PDF with a correct cross-reference table and Helvetica as `/F`.
pub fn pdf(pages: &[Page<'_>]) -> Vec<u8> {
    pdf_with(pages, "", &[])
}

/// The same with further entries of the catalog, and further objects; their numbers start at `4 + 2 * pages.len()`.
pub fn pdf_with(pages: &[Page<'_>], catalog: &str, further: &[String]) -> Vec<u8> {
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        String::new(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let mut kids = String::new();
    for Page { entries, content } in pages {
        let number = objects.len() + 1;
        write!(kids, "{number} 0 R ").unwrap();
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents {} 0 R {entries}>>",
            number + 1
        ));
        objects.push(format!(
            "<</Length {}>>stream\n{content}\nendstream",
            content.len() + 1
        ));
    }
    objects.extend_from_slice(further);
    objects[1] = format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len());

    let mut out = String::from("%PDF-1.7\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        write!(out, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let table = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(out, "{place:010} 00000 n ").unwrap();
    }
    write!(
        out,
        "trailer<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    )
    .unwrap();
    out.into_bytes()
}

/// One page of the given entries whose left half is black and whose lower left tenth is red.
pub fn halves(entries: &str, width: f32, height: f32) -> Vec<u8> {
    let (half, tenth) = (width / 2.0, height / 10.0);
    let content = format!(
        "0 g 0 0 {half} {height} re f 1 0 0 rg 0 0 {} {tenth} re f",
        width / 10.0
    );
    pdf(&[Page {
        entries,
        content: &content,
    }])
}
