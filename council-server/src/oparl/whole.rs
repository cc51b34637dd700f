//! Whether what arrived can be the file that was asked for. Pure.

use super::patience::Failure;

/// Whether what arrived can be the file: its first and last bytes, its length, whether less came than was announced.
pub(crate) fn check_file(
    start: &[u8],
    end: &[u8],
    byte_len: u64,
    is_cut: bool,
    is_pdf: bool,
) -> Result<(), Failure> {
    let holds = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).any(|w| w == mark);
    if byte_len == 0 || is_cut {
        return Err(Failure::new("die Datei kam nicht vollständig an"));
    }
    let begin: Vec<u8> = start
        .trim_ascii_start()
        .iter()
        .take(15)
        .map(u8::to_ascii_lowercase)
        .collect();
    let is_web_page = begin.starts_with(b"<!doctype html") || begin.starts_with(b"<html");
    if is_web_page || (is_pdf && !holds(start, b"%PDF-")) {
        return Err(Failure::new(
            "statt der Datei kam etwas anderes, vermutlich eine Webseite",
        ));
    }
    if holds(start, b"%PDF-") && !holds(end, b"%%EOF") {
        return Err(Failure::new("die Datei kam nicht vollständig an"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_files_pass() {
        let check = |body: &[u8], is_cut, is_pdf| {
            check_file(body, body, body.len() as u64, is_cut, is_pdf).is_ok()
        };
        assert!(check(b"%PDF-1.4 ... %%EOF\n", false, true));
        assert!(
            !check(b"%PDF-1.4 ... %%EOF\n", true, true),
            "less than announced"
        );
        assert!(
            !check(b"%PDF-1.4 ...", false, true),
            "cut, and no length announced"
        );
        assert!(!check(b"<!DOCTYPE HTML><p>", false, true));
        assert!(
            !check(b"\n<html>", false, false),
            "whatever it was said to be"
        );
        assert!(!check(b"", false, false));
        assert!(check(b"PK..", false, false));
    }
}
