//! Which files open, what is known of them then, and which error the others get.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::{Cursor, Read, Seek, SeekFrom};

use common::{Page, halves, locked, open, pdf, pdf_with, request, start};
use reader::limits::{MAX_DOCUMENT_BYTES, MAX_DOCUMENTS};
use reader::{PageSize, ReaderError};

const SMALL: Page<'_> = Page {
    entries: "/MediaBox[0 0 200 300]",
    content: "",
};

fn size(width_pt: f32, height_pt: f32) -> PageSize {
    PageSize {
        width_pt,
        height_pt,
    }
}

#[test]
fn sizes_are_known_at_once_and_turned_as_displayed() {
    let reader = start();
    let turned = Page {
        entries: "/MediaBox[0 0 200 300]/Rotate 90",
        content: "",
    };
    let doc = open(&reader, pdf(&[SMALL, turned])).unwrap();
    let sizes = reader.page_sizes(doc).unwrap();
    assert_eq!(*sizes, [size(200.0, 300.0), size(300.0, 200.0)]);
}

#[test]
fn damaged_files_are_damaged() {
    let reader = start();
    let whole = halves("/MediaBox[0 0 200 300]", 200.0, 300.0);
    let garbage: Vec<u8> = (0..5000_u32).map(|i| (i * 7919 % 251) as u8).collect();
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("one byte", vec![b'%']),
        ("garbage", garbage),
        ("only a head", b"%PDF-1.7\n".to_vec()),
        ("cut within the first object", whole[..20].to_vec()),
        ("without pages", pdf(&[])),
        ("a web page", b"<!doctype html><title>404</title>".to_vec()),
    ] {
        let error = open(&reader, bytes).unwrap_err();
        assert!(matches!(error, ReaderError::Damaged), "{what}: {error:?}");
    }
    // Without its table and trailer a file can be rebuilt; the reader takes what PDFium can save.
    let cut = &whole[..whole.len() - 150];
    if let Ok(doc) = open(&reader, cut) {
        reader.render(request(doc, 0, 1.0, None)).unwrap();
    }
}

#[test]
fn a_password_is_told_from_damage() {
    let reader = start();
    let with_user = locked::bytes(locked::WITH_USER_PASSWORD);
    let error = open(&reader, with_user).unwrap_err();
    assert!(matches!(error, ReaderError::PasswordProtected), "{error:?}");
    // An owner password forbids printing and the like; reading needs none.
    let with_owner = locked::bytes(locked::WITH_OWNER_PASSWORD);
    let doc = open(&reader, with_owner).unwrap();
    assert_eq!(*reader.page_sizes(doc).unwrap(), [size(200.0, 300.0)]);
}

#[test]
fn a_protected_file_opens_with_its_password_and_no_other() {
    let reader = start();
    let with_user = locked::bytes(locked::WITH_USER_PASSWORD);
    let tried = |password: &str| {
        reader.open_protected(
            Box::new(Cursor::new(with_user.clone())),
            with_user.len() as u64,
            Some(password.to_owned().into()),
        )
    };
    for wrong in ["", "User", "user ", "Müßiggang", "\0"] {
        let error = tried(wrong).unwrap_err();
        assert!(matches!(error, ReaderError::PasswordProtected), "{error:?}");
    }
    for right in ["user", "owner"] {
        let doc = tried(right).unwrap();
        assert_eq!(*reader.page_sizes(doc).unwrap(), [size(200.0, 300.0)]);
        reader.render(request(doc, 0, 1.0, None)).unwrap();
    }
    // A file that needs none opens all the same.
    let plain = pdf(&[SMALL]);
    let byte_len = plain.len() as u64;
    let source = Box::new(Cursor::new(plain));
    reader
        .open_protected(source, byte_len, Some("user".to_owned().into()))
        .unwrap();
}

#[test]
fn forms_of_another_kind_and_embedded_files_are_told() {
    let reader = start();
    let nature = |catalog: &str, further: &[String]| {
        let doc = open(&reader, pdf_with(&[SMALL], catalog, further)).unwrap();
        reader.nature(doc).unwrap()
    };
    let plain = nature("/AcroForm<</Fields[]>>", &[]);
    assert!(!plain.is_xfa && plain.attachment_count == 0);
    let xdp = "<xdp:xdp xmlns:xdp=\"http://ns.adobe.com/xdp/\"/>";
    let stream = format!("<</Length {}>>stream\n{xdp}\nendstream", xdp.len() + 1);
    let dynamic = "/NeedsRendering true/AcroForm<</Fields[]/XFA 6 0 R>>";
    assert!(nature(dynamic, std::slice::from_ref(&stream)).is_xfa);
    // With pages of its own, it is read as any other.
    let with_pages = "/AcroForm<</Fields[]/XFA 6 0 R>>";
    assert!(!nature(with_pages, &[stream]).is_xfa);
    let embedded = [
        "<</Type/Filespec/F(a.pdf)/UF(a.pdf)/EF<</F 7 0 R>>>>".to_owned(),
        "<</Type/EmbeddedFile/Length 1>>stream\nx\nendstream".to_owned(),
    ];
    let portfolio = "/Collection<<>>/Names<</EmbeddedFiles<</Names[(a.pdf) 6 0 R]>>>>";
    assert_eq!(nature(portfolio, &embedded).attachment_count, 1);
}

#[test]
fn weird_sizes_neither_panic_nor_hang() {
    let reader = start();
    for media_box in [
        "[0 0 0 0]",
        "[0 0 -5 -9]",
        "[0 0 100000 100000]",
        "[0 0 1e30 1e30]",
        "[0 0 99999999999999999999999999999999999999999999 5]",
        "[0 0 0.001 0.001]",
        "[nan inf 0 x]",
        "[0 0]",
        "[-200 -200 200 200]",
        "7",
    ] {
        let entries = format!("/MediaBox {media_box}");
        let page = Page {
            entries: &entries,
            content: "0 g 0 0 50 50 re f",
        };
        let doc = open(&reader, pdf(&[page])).unwrap();
        let size = reader.page_sizes(doc).unwrap()[0];
        for side in [size.width_pt, size.height_pt] {
            assert!((1.0..=100_000.0).contains(&side), "{media_box}: {size:?}");
        }
        let tile = Some(reader::TileRect {
            x: 0,
            y: 0,
            w: 64,
            h: 64,
        });
        match reader.render(request(doc, 0, 1.0, tile)) {
            Ok(image) => assert!(image.width <= 64 && image.height <= 64),
            Err(error) => assert!(
                matches!(error, ReaderError::Damaged),
                "{media_box}: {error:?}"
            ),
        }
        let _text_or_error = reader.text(doc, 0);
    }
}

#[test]
fn form_fields_that_double_at_every_level_do_not_hang() {
    let reader = start();
    // Thirty levels, each naming the next twice: a walk over all of them visits 2³⁰ fields.
    let first = 6;
    let mut fields: Vec<String> = (first..first + 30)
        .map(|number| format!("<</Kids[{0} 0 R {0} 0 R]>>", number + 1))
        .collect();
    fields.push("<</FT/Tx/T(x)>>".to_owned());
    let form = "/AcroForm<</NeedAppearances true/Fields[6 0 R]>>";
    let doc = open(&reader, pdf_with(&[SMALL], form, &fields)).unwrap();
    reader.render(request(doc, 0, 1.0, None)).unwrap();
}

#[test]
fn pages_and_documents_that_are_not_there() {
    let reader = start();
    let doc = open(&reader, pdf(&[SMALL])).unwrap();
    for page in [1, 400, u32::MAX] {
        let error = reader.render(request(doc, page, 1.0, None)).unwrap_err();
        assert!(matches!(error, ReaderError::PageOutOfRange), "{error:?}");
        let error = reader.text(doc, page).unwrap_err();
        assert!(matches!(error, ReaderError::PageOutOfRange), "{error:?}");
    }
    reader.close(doc).unwrap();
    reader.close(doc).unwrap();
    let error = reader.render(request(doc, 0, 1.0, None)).unwrap_err();
    assert!(matches!(error, ReaderError::UnknownDocument), "{error:?}");
    let error = reader.page_sizes(doc).unwrap_err();
    assert!(matches!(error, ReaderError::UnknownDocument), "{error:?}");
}

#[test]
fn the_document_used_least_recently_gives_way() {
    let reader = start();
    let docs: Vec<_> = (0..MAX_DOCUMENTS)
        .map(|_| open(&reader, pdf(&[SMALL])).unwrap())
        .collect();
    // The first one is in use again, so the second is the oldest.
    reader.render(request(docs[0], 0, 1.0, None)).unwrap();
    let newest = open(&reader, pdf(&[SMALL])).unwrap();
    let error = reader.page_sizes(docs[1]).unwrap_err();
    assert!(matches!(error, ReaderError::UnknownDocument), "{error:?}");
    for doc in [docs[0], docs[2], newest] {
        reader.render(request(doc, 0, 1.0, None)).unwrap();
    }
    reader.close_all().unwrap();
    for doc in docs {
        assert!(reader.page_sizes(doc).is_err());
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let reader = start();
    let error = reader
        .open(Box::new(Cursor::new(Vec::new())), MAX_DOCUMENT_BYTES + 1)
        .unwrap_err();
    assert!(matches!(error, ReaderError::TooLarge), "{error:?}");
}

/// A source that fails or panics from some byte on, as a damaged blob would.
struct FailsAfter {
    inner: Cursor<Vec<u8>>,
    from: u64,
    panics: bool,
}

impl Read for FailsAfter {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.inner.position() + out.len() as u64 > self.from {
            assert!(!self.panics, "a source with a bug");
            return Err(std::io::Error::other("a chunk does not open"));
        }
        self.inner.read(out)
    }
}

impl Seek for FailsAfter {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

#[test]
fn a_source_that_fails_is_a_damaged_document_and_the_next_one_opens() {
    let reader = start();
    let bytes = halves("/MediaBox[0 0 200 300]", 200.0, 300.0);
    for panics in [false, true] {
        let byte_len = bytes.len() as u64;
        let inner = Cursor::new(bytes.clone());
        let from = byte_len / 2;
        let source = FailsAfter {
            inner,
            from,
            panics,
        };
        let error = reader.open(Box::new(source), byte_len).unwrap_err();
        assert!(matches!(error, ReaderError::Damaged), "{error:?}");
    }
    open(&reader, bytes).unwrap();
}
