//! Whether the app compiles for systems it cannot be built for here. Debian's compiler is unpacked beside the one that
//! builds everything else, and compiles Rust's standard library from its sources for the foreign system; C is left out.
//! What that shows and what not is printed at the end.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::{command, exists, output, run, timed};

/// A system to check for.
pub struct Foreign {
    name: &'static str,
    target: &'static str,
    /// A Debian package with tools for this target that build scripts ask for, and one of its programs.
    tools: Option<(&'static str, &'static str)>,
}

pub const ANDROID: Foreign = Foreign {
    name: "Android",
    target: "aarch64-linux-android",
    tools: None,
};

pub const WINDOWS: Foreign = Foreign {
    name: "Windows",
    target: "x86_64-pc-windows-gnu",
    tools: Some(("binutils-mingw-w64-x86-64", "x86_64-w64-mingw32-windres")),
};

/// The app and all that it is made of.
const PACKAGES: [&str; 8] = [
    "ratsmappe",
    "desk",
    "notes",
    "reader",
    "search",
    "sync",
    "sync-protocol",
    "vault",
];

/// Debian's compiler, its sources, its own standard library for build scripts. It conflicts with rustup if installed.
const COMPILER: [&str; 3] = ["rustc-web", "rust-web-src", "libstd-rust-web-dev"];

/// Compiles nothing and answers as if it had; whatever is asked besides is answered by the system's compiler.
const STAND_IN: &str = r#"#!/bin/sh
case " $* " in *" -c "*) ;; *) exec cc "$@" ;; esac
before=
for word in "$@"; do
  [ "$before" = -o ] && : >"$word"
  before=$word
done
exit 0
"#;

/// Checks every package for a foreign system. Fetches the compiler (about 140 MB) the first time.
///
/// Errors: something does not compile there; a tool or package is missing.
pub fn check(foreign: &Foreign) -> Result<()> {
    if let Some((package, program)) = foreign.tools
        && !exists(program, "--version")
    {
        bail!("{program} is missing: apt-get install -y --no-install-recommends {package}");
    }
    if !paths::root().join("ui/dist/index.html").is_file() {
        run(command("npm", &["run", "--silent", "build"]).current_dir(paths::root().join("ui")))
            .context("the app contains its page: cargo xtask setup")?;
    }
    let compiler = timed("Debian's compiler", || {
        compiler().context("only on Debian 12 or newer, x86-64")
    })?;
    let stand_ins = stand_ins()?;
    timed(&format!("types for {}", foreign.name), || {
        let mut check = command(
            "cargo",
            &[
                "check",
                "--locked",
                "-Zbuild-std=std,panic_unwind",
                "--lib",
                "--features",
                "ratsmappe/custom-protocol",
            ],
        );
        check.args(["--target", foreign.target]);
        for package in PACKAGES {
            check.args(["--package", package]);
        }
        let spelled = foreign.target.replace('-', "_");
        check
            .env("RUSTC", &compiler)
            // Debian's compiler is a released one, and the standard library is an unstable wish.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", paths::target().join("foreign"))
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env(format!("CC_{spelled}"), stand_ins.join("cc"))
            .env(format!("CXX_{spelled}"), stand_ins.join("cc"))
            .env(format!("AR_{spelled}"), "ar")
            .env("OPENSSL_NO_VENDOR", "1")
            .env("OPENSSL_LIB_DIR", stand_ins.join("openssl/lib"))
            .env("OPENSSL_INCLUDE_DIR", stand_ins.join("openssl/include"));
        run(&mut check)
    })?;
    println!(
        "shown: the Rust of {} compiles for {}, with all it depends on.",
        PACKAGES.join(", "),
        foreign.target
    );
    println!(
        "not shown: that C (SQLCipher, OpenSSL, ring) compiles, that anything links, that a package can be built, that it runs."
    );
    Ok(())
}

/// A program that is Debian's `rustc`, unpacked below `target/tools`.
fn compiler() -> Result<PathBuf> {
    let folder = paths::tools().join("rustc-web");
    let program = folder.join("rustc");
    let versions = output(&mut command("apt-cache", &["policy", COMPILER[0]]))?;
    let candidate = versions
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "))
        .filter(|version| *version != "(none)")
        .with_context(|| format!("there is no package {}: apt-get update", COMPILER[0]))?;
    let mark = folder.join("version");
    if fs::read_to_string(&mark).is_ok_and(|version| version == candidate) {
        return Ok(program);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (packages, root) = (folder.join("packages"), folder.join("root"));
    fs::create_dir_all(&packages)?;
    let mut wanted: Vec<String> = COMPILER.map(str::to_owned).to_vec();
    // The library that the compiler itself is made of, and the one of LLVM under that.
    for (of, begins) in [(COMPILER[2], "libstd-rust-web-"), ("", "libllvm")] {
        let of = if of.is_empty() {
            wanted.last().cloned().unwrap_or_default()
        } else {
            of.to_owned()
        };
        wanted.push(dependency(&of, begins)?);
    }
    let mut fetch = command("apt-get", &["download"]);
    run(fetch.args(&wanted).current_dir(&packages))?;
    for package in fs::read_dir(&packages)? {
        run(command("dpkg", &["-x"]).arg(package?.path()).arg(&root))?;
    }
    fs::remove_dir_all(&packages)?;
    let libraries = root.join("usr/lib/x86_64-linux-gnu");
    write_program(
        &program,
        &format!(
            "#!/bin/sh\nLD_LIBRARY_PATH='{}' exec '{}' \"$@\"\n",
            libraries.display(),
            root.join("usr/bin/rustc").display()
        ),
    )?;
    fs::write(mark, candidate)?;
    Ok(program)
}

/// The first package that `of` depends on and whose name begins so.
fn dependency(of: &str, begins: &str) -> Result<String> {
    output(&mut command("apt-cache", &["depends", of]))?
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "))
        .find(|name| name.starts_with(begins))
        .map(str::to_owned)
        .with_context(|| format!("{of} depends on no {begins}…"))
}

/// A C compiler and an OpenSSL that are there in name alone.
fn stand_ins() -> Result<PathBuf> {
    let folder = paths::tools().join("stand-ins");
    let (include, lib) = (
        folder.join("openssl/include/openssl"),
        folder.join("openssl/lib"),
    );
    fs::create_dir_all(&include)?;
    fs::create_dir_all(&lib)?;
    write_program(&folder.join("cc"), STAND_IN)?;
    let version = "#define OPENSSL_VERSION_MAJOR 3\n#define OPENSSL_VERSION_MINOR 5\n#define OPENSSL_VERSION_PATCH 0\n";
    for (file, text) in [
        (include.join("opensslv.h"), version),
        (include.join("opensslconf.h"), ""),
        (lib.join("libssl.a"), ""),
        (lib.join("libcrypto.a"), ""),
    ] {
        // Written only when it differs: build scripts look at the times.
        if fs::read_to_string(&file).is_ok_and(|now| now == text) {
            continue;
        }
        fs::write(file, text)?;
    }
    Ok(folder)
}

fn write_program(path: &Path, text: &str) -> Result<()> {
    if !fs::read_to_string(path).is_ok_and(|now| now == text) {
        fs::write(path, text)?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}
