//! Programs of others: qpdf, MuPDF, poppler.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A PDF as a file in a folder that goes with it.
pub struct Held {
    pub dir: tempfile::TempDir,
    pub path: PathBuf,
}

pub fn held(bytes: &[u8]) -> Held {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("paper.pdf");
    std::fs::write(&path, bytes).unwrap();
    Held { dir, path }
}

fn output(program: &str, args: &[&str]) -> Output {
    Command::new(program)
        .args(args)
        .output()
        .unwrap_or_else(|error| panic!("{program} does not start ({error}): run cargo xtask setup"))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What `qpdf --check` complains of; empty if nothing.
pub fn qpdf_complaints(bytes: &[u8]) -> String {
    let held = held(bytes);
    let output = output("qpdf", &["--check", text(&held.path)]);
    match output.status.code() {
        Some(0) => String::new(),
        _ => format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

/// The file as another program writes it.
pub fn qpdf(bytes: &[u8], args: &[&str]) -> Vec<u8> {
    let held = held(bytes);
    let out = held.dir.path().join("out.pdf");
    let mut all = args.to_vec();
    all.extend([text(&held.path), text(&out)]);
    let output = output("qpdf", &all);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    std::fs::read(out).unwrap()
}

/// The annotation dictionaries of the first page as qpdf reads them, references to streams left as they are.
pub fn qpdf_annotations(bytes: &[u8]) -> Vec<Value> {
    let held = held(bytes);
    let output = output(
        "qpdf",
        &[
            "--json",
            "--json-key=pages",
            "--json-key=qpdf",
            text(&held.path),
        ],
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let objects = &json["qpdf"][1];
    let follow = |value: &Value| -> Value {
        match value.as_str().filter(|text| text.ends_with(" R")) {
            Some(reference) => objects[format!("obj:{reference}")]["value"].clone(),
            None => value.clone(),
        }
    };
    let page = follow(&json["pages"][0]["object"]);
    let annots = follow(&page["/Annots"]);
    annots
        .as_array()
        .into_iter()
        .flatten()
        .map(follow)
        .collect()
}

/// What a script of MuPDF writes about a file, as JSON.
pub fn mutool_run(bytes: &[u8], script: &str) -> Value {
    let held = held(bytes);
    let js = held.dir.path().join("script.js");
    std::fs::write(&js, script).unwrap();
    let output = output("mutool", &["run", text(&js), text(&held.path)]);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaints.is_empty(),
        "{complaints}"
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A page as PPM, one pixel for each point.
pub fn drawn_by_mupdf(bytes: &[u8], page: u32) -> Vec<u8> {
    let held = held(bytes);
    let out = held.dir.path().join("out.ppm");
    let args = [
        "draw",
        "-q",
        "-r",
        "72",
        "-o",
        text(&out),
        text(&held.path),
        &page.to_string(),
    ];
    let output = output("mutool", &args);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    std::fs::read(out).unwrap()
}

/// The first page as PPM, of a file that may be damaged; `None` where nothing can be drawn, or it would be no small picture.
pub fn try_drawn(bytes: &[u8]) -> Option<Vec<u8>> {
    let held = held(bytes);
    let out = held.dir.path().join("out.ppm");
    let args = [
        "10",
        "mutool",
        "draw",
        "-q",
        "-w",
        "600",
        "-h",
        "850",
        "-o",
        text(&out),
        text(&held.path),
        "1",
    ];
    let output = output("timeout", &args);
    let image = std::fs::read(out).ok()?;
    (output.status.success() && image.starts_with(b"P6")).then_some(image)
}

/// A page drawn by poppler, and what it complained of.
pub fn drawn_by_poppler(bytes: &[u8], page: u32) -> (Vec<u8>, String) {
    let held = held(bytes);
    let (page, stem) = (page.to_string(), held.dir.path().join("out"));
    let args = [
        "-r",
        "72",
        "-cropbox",
        "-f",
        &page,
        "-l",
        &page,
        "-singlefile",
        text(&held.path),
        text(&stem),
    ];
    let output = output("pdftoppm", &args);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let image = std::fs::read(held.dir.path().join("out.ppm")).unwrap();
    (image, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The words of a file as poppler reads them.
pub fn words(bytes: &[u8]) -> String {
    let held = held(bytes);
    let output = output("pdftotext", &["-layout", text(&held.path), "-"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
