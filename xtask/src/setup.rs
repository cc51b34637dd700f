//! Installs what building and testing needs: system packages, PDFium, the typesetter of the
//! demonstration papers, the page's packages. Says exactly what to install where it may not.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::{command, exists, output, run, timed};
use crate::wheel::{Wheel, fetch, mark, marked};

/// Debian packages: the window (GTK, WebKit), its driver, a display without a screen, SQLCipher's OpenSSL, and the programs that
/// read what the app exports in its tests.
const PACKAGES: [&str; 13] = [
    "build-essential",
    "pkg-config",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "unzip",
    "qpdf",
    "mupdf-tools",
    "poppler-utils",
    "dbus-daemon",
    "gnome-keyring",
];

/// PDFium build 8149 without V8 and XFA, as the Python package index carries it.
const PDFIUM: Wheel = Wheel {
    package: "pypdfium2==5.15.2",
    platform: None,
    sha256: "dc31aea5b0fb9fefc9b537a65f4113980b2c40798445736a7e6565bc85161e37",
};

/// The typesetter of the demonstration papers; never part of the app or the server.
const TYPST: Wheel = Wheel {
    package: "typst==0.15.2",
    platform: None,
    sha256: "99fe0916980cab453e60332125e133c737bf3b76efd325b60d055c551e5887a1",
};

/// What a first build with all tests takes of the disk, and a little more, in bytes.
const NEEDED: u64 = 8_000_000_000;

/// Everything, in order. Does nothing where nothing is missing.
pub fn all() -> Result<()> {
    timed("setup", || {
        tell_of_a_short_disk();
        system_packages()?;
        pdfium()?;
        typst()?;
        page_packages()
    })
}

/// A full disk shows itself in the middle of a build, in words that name some file. So it is told before.
fn tell_of_a_short_disk() {
    // This program has been built by then, the app not.
    if paths::program("ratsmappe").exists() {
        return;
    }
    match fs4::available_space(paths::root()) {
        Ok(free) if free < NEEDED => println!(
            "only {:.1} GB are free here; a first build with all tests takes about {:.0} GB. Please make room if it ends with \"No space left on device\".",
            free as f64 / 1e9,
            NEEDED as f64 / 1e9
        ),
        Ok(_) => {}
        Err(error) => println!("how much of the disk is free is not known: {error}"),
    }
}

fn system_packages() -> Result<()> {
    let missing: Vec<&str> = PACKAGES
        .into_iter()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let by_hand = format!("apt-get update && apt-get install -y --no-install-recommends {list}");
    if !exists("apt-get", "--version") {
        bail!("these Debian packages are missing and there is no apt-get to install them: {list}");
    }
    if output(&mut command("id", &["-u"]))?.trim() != "0" {
        bail!(
            "please install the missing system packages as root, then run this again:\n    sudo sh -c '{by_hand}'"
        );
    }
    println!("installing {list}");
    run(command("sh", &["-c", &by_hand])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null()))
    .with_context(|| format!("please install by hand: {by_hand}"))
}

fn is_installed(package: &str) -> bool {
    command("dpkg-query", &["-W", "-f=${Status}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|o| {
            o.status.success()
                && String::from_utf8_lossy(&o.stdout).contains("install ok installed")
        })
}

fn pdfium() -> Result<()> {
    let library = paths::pdfium();
    let resource = paths::root().join("src-tauri/resources/pdfium/libpdfium.so");
    if !marked(&paths::tools().join("pdfium"), &PDFIUM) || !library.is_file() {
        let unpacked = fetch(&PDFIUM)?;
        let folder = paths::tools().join("pdfium").join("lib");
        fs::create_dir_all(&folder)?;
        fs::copy(unpacked.join("pypdfium2_raw/libpdfium.so"), &library)
            .context("the PDFium wheel has no libpdfium.so")?;
        mark(&paths::tools().join("pdfium"), &PDFIUM)?;
    }
    if !same_length(&library, &resource) {
        let folder = resource
            .parent()
            .context("the resource folder has a parent")?;
        fs::create_dir_all(folder)?;
        fs::copy(&library, &resource)?;
    }
    Ok(())
}

fn typst() -> Result<()> {
    let folder = paths::tools().join("typst");
    if marked(&folder, &TYPST) {
        return Ok(());
    }
    let unpacked = fetch(&TYPST)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(unpacked, &folder)?;
    mark(&folder, &TYPST)
}

fn same_length(a: &Path, b: &Path) -> bool {
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.len() == b.len(),
        _ => false,
    }
}

fn page_packages() -> Result<()> {
    let ui = paths::root().join("ui");
    let lock = fs::read(ui.join("package-lock.json")).context("ui/package-lock.json is missing")?;
    let mark = ui.join("node_modules/.installed-lock.json");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("installing the page's packages");
    run(command(
        "npm",
        &["ci", "--no-audit", "--no-fund", "--loglevel=error"],
    )
    .current_dir(&ui))
    .context("npm is needed: apt-get install npm (Node 20 or newer)")?;
    Ok(fs::write(mark, lock)?)
}
