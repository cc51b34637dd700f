//! Tiny PDFs written by hand, and the place of the PDF library. No PDF is read here.

use std::path::PathBuf;

/// A PDF with one line of text on every page, and `padding` bytes of nothing to make it larger.
///
/// `text` must be ASCII without parentheses.
#[must_use]
pub fn pdf(text: &str, pages: usize, padding: usize) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 72 720 Td ({text}) Tj ET");
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 6)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {pages} >>",
            kids.join(" ")
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        format!(
            "<< /Length {padding} >>\nstream\n{}\nendstream",
            filler(padding)
        ),
    ];
    for _ in 0..pages {
        objects.push(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>"
                .to_owned(),
        );
    }
    written(&objects)
}

/// The objects, numbered from 1, as a file; the first one is its catalog.
pub(crate) fn written(objects: &[String]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = out.len();
    let size = objects.len() + 1;
    out.push_str(&format!("xref\n0 {size}\n0000000000 65535 f \n"));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    out.into_bytes()
}

/// Letters that do not repeat soon, so that a mixed-up chunk would be seen.
fn filler(byte_len: usize) -> String {
    let mut state = 0x2545_f491_u32;
    (0..byte_len)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + u8::try_from((state >> 16) % 26).unwrap_or(0))
        })
        .collect()
}

/// Where the PDF library lies: `RATSMAPPE_PDFIUM`, or where the setup puts it.
///
/// Panics with the next step if it is missing.
#[must_use]
pub fn library() -> PathBuf {
    let built = || {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/tools/pdfium/lib/libpdfium.so")
    };
    let path = std::env::var_os("RATSMAPPE_PDFIUM").map_or_else(built, PathBuf::from);
    assert!(
        path.is_file(),
        "{} is missing: run cargo xtask setup",
        path.display()
    );
    path
}

/// The program that PDFium runs in on Linux, as the build of the workspace leaves it beside this program or one folder above.
///
/// Panics with the next step if it is missing.
#[must_use]
pub fn helper() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let path = own
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("ratsmappe-pdf"))
        .find(|path| path.is_file());
    assert!(
        path.is_some() || !cfg!(target_os = "linux"),
        "ratsmappe-pdf is missing: run cargo build -p reader"
    );
    path.unwrap_or_default()
}
