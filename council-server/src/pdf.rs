//! How many pages a PDF has, as cheaply as that can be known. It renders nothing and judges nothing:
//! a file that cannot be counted is published all the same.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// The number of pages, `None` where `bytes` is no readable PDF or is encrypted beyond reading.
#[must_use]
pub fn page_count(bytes: &[u8]) -> Option<u32> {
    // 64: a PDF header may stand a few bytes in, and lopdf needs not try a ZIP file.
    if !bytes
        .get(..64.min(bytes.len()))?
        .windows(5)
        .any(|w| w == b"%PDF-")
    {
        return None;
    }
    // A foreign file must not take the import down, whatever a parser thinks of it.
    let counted = catch_unwind(AssertUnwindSafe(|| {
        let document = lopdf::Document::load_mem(bytes).ok()?;
        u32::try_from(document.get_pages().len()).ok()
    }));
    counted.ok().flatten().filter(|pages| *pages > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pdf_has_no_pages() {
        assert_eq!(page_count(b""), None);
        assert_eq!(page_count(b"<!DOCTYPE html><title>Nein</title>"), None);
        assert_eq!(page_count(b"%PDF-1.7\nnothing follows"), None);
    }
}
