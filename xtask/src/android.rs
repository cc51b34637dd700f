//! What the Android project needs beside its sources: PDFium for each kind of processor, the launcher's icons. A package
//! itself is built by the Android SDK, which is not fetched here: `libraries` says what else it takes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{command, exists, output, run, timed};
use crate::wheel::{Wheel, fetch, mark, marked};
use crate::{android_rules, paths};

/// Android's name of the processor, Rust's name of the target, and the wheel with PDFium for it: the build that
/// `setup` takes for this machine.
const LIBRARIES: [(&str, &str, Wheel); 2] = [
    (
        "arm64-v8a",
        "aarch64-linux-android",
        Wheel {
            package: "pypdfium2==5.15.2",
            platform: Some("android_23_arm64_v8a"),
            sha256: "fe64472c32d0717669c99758ce234066500b0234730dad0327248f09399e9736",
        },
    ),
    (
        "armeabi-v7a",
        "armv7-linux-androideabi",
        Wheel {
            package: "pypdfium2==5.15.2",
            platform: Some("android_23_armeabi_v7a"),
            sha256: "8faaafc2a18b17b3bcfad79b376bb382d536b011cb9e6eee2f4d7e8af0a23167",
        },
    ),
];

/// Puts PDFium where Gradle packs it from, checks what the manifest promises, and says what a package still needs.
pub fn libraries() -> Result<()> {
    android_rules::check()?;
    let libraries = paths::android().join("app/src/main/jniLibs");
    for (abi, _, wheel) in &LIBRARIES {
        timed(&format!("PDFium for {abi}"), || {
            let folder = libraries.join(abi);
            let library = folder.join("libpdfium.so");
            if marked(&folder, wheel) && library.is_file() {
                return Ok(());
            }
            let unpacked = fetch(wheel)?;
            fs::create_dir_all(&folder)?;
            fs::copy(unpacked.join("pypdfium2_raw/libpdfium.so"), &library)
                .context("the PDFium wheel has no libpdfium.so")?;
            mark(&folder, wheel)
        })?;
    }
    let missing = missing();
    if missing.is_empty() {
        println!("nothing else seems to be missing");
    } else {
        println!("to build a package this machine still needs:");
        for need in missing {
            println!("  * {need}");
        }
    }
    println!(
        "then: npx @tauri-apps/cli@2.12.5 android build --apk --target aarch64 --target armv7"
    );
    println!(
        "(PDFium exists for these two kinds of processor alone; signing: https://v2.tauri.app/distribute/sign/android/)"
    );
    Ok(())
}

/// What `tauri android build` asks for and cannot find, in words to act on.
fn missing() -> Vec<String> {
    let mut needs = Vec::new();
    if !exists("java", "-version") {
        needs.push("a JDK, 17 or newer: apt-get install default-jdk-headless".to_owned());
    }
    for (variable, what) in [
        (
            "ANDROID_HOME",
            "the Android SDK with platform 37 and build tools (sdkmanager)",
        ),
        ("NDK_HOME", "the Android NDK, 27 or newer (sdkmanager)"),
    ] {
        if std::env::var_os(variable).is_none_or(|folder| !Path::new(&folder).is_dir()) {
            needs.push(format!("{what}; its folder in {variable}"));
        }
    }
    if !exists("perl", "-v") {
        needs.push("perl, for OpenSSL's build: apt-get install perl make".to_owned());
    }
    for (_, target, _) in LIBRARIES {
        let found = output(&mut command(
            "rustc",
            &["--print", "target-libdir", "--target", target],
        ));
        if !found.is_ok_and(|folder| Path::new(folder.trim()).is_dir()) {
            needs.push(format!("Rust for {target}: rustup target add {target}"));
        }
    }
    needs.push("the crate kind `cdylib`, which src-tauri/Cargo.toml leaves out for the desktop's sake: docs/adr/0009-android.md".to_owned());
    needs
}

/// Draws the launcher's icons anew from `icons/app-icon.json` into the Android project.
pub fn icons() -> Result<()> {
    let out = paths::target().join("icons");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    run(&mut command(
        "npx",
        &[
            "--yes",
            "@tauri-apps/cli@2.12.5",
            "icon",
            "icons/app-icon.json",
            "-o",
            &out.to_string_lossy(),
        ],
    ))
    .context("Tauri's command line cannot be had: npm and a network are needed")?;
    let resources = paths::android().join("app/src/main/res");
    let drawn = out.join("android");
    for folder in fs::read_dir(&drawn)
        .with_context(|| format!("nothing was drawn into {}", drawn.display()))?
    {
        let folder = folder?;
        let destination = resources.join(folder.file_name());
        fs::create_dir_all(&destination)?;
        for file in fs::read_dir(folder.path())? {
            let file = file?;
            fs::copy(file.path(), destination.join(file.file_name()))?;
        }
    }
    if !resources
        .join("mipmap-anydpi-v26/ic_launcher.xml")
        .is_file()
    {
        bail!("no adaptive icon was drawn");
    }
    Ok(())
}
