//! Linux: who paints the page. WebKit paints on the graphics card, and where there is none through a program that acts as one,
//! which is slower than painting by the processor straight away.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// What WebKit reads when it starts.
const BY_PROCESSOR: &str = "WEBKIT_SKIA_ENABLE_CPU_RENDERING";
/// Where the kernel shows graphics cards that can draw.
const CARDS: &str = "/dev/dri";

/// Starts this program anew, in its own place, with the processor as the painter, if nobody has chosen yet and there is no
/// graphics card: the environment of a running program cannot be changed safely.
///
/// Errors: the program cannot be started anew; it goes on as it is.
pub(crate) fn choose() -> io::Result<()> {
    if env::var_os(BY_PROCESSOR).is_some() || has_card(Path::new(CARDS)) {
        return Ok(());
    }
    let error = Command::new(env::current_exe()?)
        .args(env::args_os().skip(1))
        .env(BY_PROCESSOR, "1")
        .exec();
    Err(error)
}

/// Whether a card is there that draws; one that only shows (`card0`) does not.
fn has_card(folder: &Path) -> bool {
    let is_drawing = |name: &OsStr| name.as_encoded_bytes().starts_with(b"renderD");
    folder.read_dir().is_ok_and(|mut cards| {
        cards.any(|card| card.is_ok_and(|card| is_drawing(&card.file_name())))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_card_counts_if_it_draws() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_card(&folder.path().join("none")));
        assert!(!has_card(folder.path()));
        std::fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!has_card(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(has_card(folder.path()));
    }
}
