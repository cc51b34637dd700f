//! Real council papers and files that broke other readers, where they lie beside the checkout; they are not
//! part of it. The folder is `RATSMAPPE_SHARED`, or `shared` beside the repository. Without it these tests say
//! so in one line and check a small generated set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(clippy::print_stderr, reason = "says what was and was not checked")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::files::shared as shared_pdfs;
use common::{halves, locked, open, request, start};
use reader::{PageSize, Reader};

/// A scale at which the page has at most 600 × 850 pixels or so: the subject is PDFium, not the encoder.
fn modest_scale(size: PageSize) -> f32 {
    (850.0 / size.width_pt.max(size.height_pt)).min(1.0)
}

/// Opens a file, draws its first and last page, reads their text and its order; the code of the first error.
fn try_all(reader: &Reader, bytes: &[u8]) -> Result<(), &'static str> {
    let doc = open(reader, bytes).map_err(|error| error.code())?;
    let sizes = reader.page_sizes(doc).map_err(|error| error.code())?;
    let last = sizes.len() - 1;
    let result = [0, last].into_iter().try_for_each(|page| {
        let scale = modest_scale(sizes[page]);
        let page = u32::try_from(page).unwrap();
        reader.render(request(doc, page, scale, None))?;
        let text = reader.text(doc, page)?;
        assert_eq!(text.boxes.len(), text.text.chars().count());
        reader.flow(doc, page)?;
        Ok(())
    });
    let _gone_if_it_panicked = reader.close(doc);
    result.map_err(|error: reader::ReaderError| error.code())
}

#[test]
fn every_real_paper_opens_and_shows_its_pages() {
    let reader = start();
    let papers = shared_pdfs("erlangen");
    for path in &papers {
        let bytes = fs::read(path).unwrap();
        assert_eq!(try_all(&reader, &bytes), Ok(()), "{}", path.display());
    }
    eprintln!("{} real papers open and show their pages", papers.len());
    let made = halves("/MediaBox[0 0 595.28 841.89]", 595.28, 841.89);
    assert_eq!(try_all(&reader, &made), Ok(()));
}

#[test]
fn no_broken_file_hangs_or_panics() {
    let reader = start();
    let mut answers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut slowest = (Duration::ZERO, PathBuf::new());
    for path in shared_pdfs("robustness") {
        let bytes = fs::read(&path).unwrap();
        let since = Instant::now();
        let answer = try_all(&reader, &bytes).map_or_else(|code| code, |()| "ok");
        *answers.entry(answer).or_default() += 1;
        slowest = slowest.max((since.elapsed(), path.clone()));
        assert!(
            [
                "ok",
                "document_damaged",
                "document_password",
                "document_too_large"
            ]
            .contains(&answer),
            "{}: {answer}",
            path.display()
        );
    }
    eprintln!(
        "answers {answers:?}, slowest {:?} {}",
        slowest.0,
        name(&slowest.1)
    );

    // Generated ones: a whole file cut at every place, and with one byte changed at every place.
    let whole = halves("/MediaBox[0 0 200 300]", 200.0, 300.0);
    let encrypted = locked::bytes(locked::WITH_OWNER_PASSWORD);
    for (file, step) in [(&whole, 7), (&encrypted, 23)] {
        for place in (0..file.len()).step_by(step) {
            let _any_answer = try_all(&reader, &file[..place]);
            let mut changed = file.clone();
            changed[place] = changed[place].wrapping_add(0x35);
            let _any_answer = try_all(&reader, &changed);
        }
    }
    assert_eq!(try_all(&reader, &whole), Ok(()), "the reader still works");
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
