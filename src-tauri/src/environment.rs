//! Linux: what this program and WebKit's processes have to find when they start.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Where no graphics card draws.
const WITHOUT_CARD: [(&str, &str); 4] = [
    // WebKit would paint through a program that acts as a card, which is slower than painting by the processor.
    ("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1"),
    // glibc keeps what was freed for later. Of page images, of which a budget has hundreds, that is more than is needed at
    // once: what is as long as an image goes back to the system (mallopt(3)). Only here, because with painting through a
    // program in place of the card WebKit's compositor crashed under such a bound (docs/BENCHMARKS.md).
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "65536"),
    ("MALLOC_TRIM_THRESHOLD_", "131072"),
];
/// Where the kernel shows graphics cards that can draw.
const CARDS: &str = "/dev/dri";

/// Starts this program anew, in its own place, where it lacks settings that WebKit and glibc read at the start: the
/// environment of a running program cannot be changed safely. What somebody has set stays.
///
/// Errors: the program cannot be started anew; it goes on as it is.
pub(crate) fn settle() -> io::Result<()> {
    let missing = missing(|name| env::var_os(name).is_some());
    if missing.is_empty() || has_card(Path::new(CARDS)) {
        return Ok(());
    }
    let error = Command::new(env::current_exe()?)
        .args(env::args_os().skip(1))
        .envs(missing)
        .exec();
    Err(error)
}

/// The settings that are not there; none where somebody has chosen who paints.
fn missing(is_set: impl Fn(&str) -> bool) -> Vec<(&'static str, &'static str)> {
    match WITHOUT_CARD {
        [(painter, _), ..] if is_set(painter) => Vec::new(),
        all => all.into_iter().filter(|(name, _)| !is_set(name)).collect(),
    }
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
    fn what_is_set_stays() {
        assert_eq!(missing(|_| false), WITHOUT_CARD);
        assert_eq!(missing(|name| name == WITHOUT_CARD[0].0), []);
        assert_eq!(missing(|name| name == WITHOUT_CARD[3].0), WITHOUT_CARD[..3]);
    }

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
