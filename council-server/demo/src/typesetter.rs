//! Sets documents as PDFs with the typst wheel, all in one Python call, and keeps what it made in a cache keyed by
//! content. It knows templates and data, nothing of meetings or folders.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::templates;

const DRIVER: &str = include_str!("typeset.py");
/// Part of every cache key; the wheel that `cargo xtask setup` unpacks.
const TYPST_VERSION: &str = "0.15.2";
const WHEEL_FOLDER: &str = "target/tools/typst";

/// One PDF to be made.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) template: &'static str,
    pub(crate) scan_of: Option<&'static str>,
    pub(crate) data: Value,
    pub(crate) output: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    #[error(
        "the typst wheel was not found (looked for {WHEEL_FOLDER} and RATSMAPPE_TYPST): run cargo xtask setup"
    )]
    WheelMissing,
    #[error("python3 could not be started; it is needed to set the demonstration's PDFs")]
    Python(#[source] std::io::Error),
    #[error("the demonstration's PDFs could not be set:\n{0}")]
    Typst(String),
    #[error("no template is called {0}")]
    UnknownTemplate(&'static str),
    #[error("cannot read or write {path}")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

/// Makes all documents, or takes them from the cache.
///
/// * `cache`: a folder of PDFs named by the SHA-256 of everything that goes into them; made if missing.
///
/// Errors: a missing wheel, a template that typst refuses, a folder that cannot be written.
pub(crate) fn typeset(documents: &[Document], cache: Option<&Path>) -> Result<(), TypesetError> {
    let mut missing = Vec::new();
    for document in documents {
        let cached = match cache {
            Some(cache) => Some(cache.join(format!("{}.pdf", cache_key(document)?))),
            None => None,
        };
        match cached {
            Some(path) if path.is_file() => copy(&path, &document.output)?,
            cached => missing.push((document, cached)),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    run_driver(
        &missing
            .iter()
            .map(|(document, _)| *document)
            .collect::<Vec<_>>(),
    )?;
    for (document, cached) in missing {
        if let Some(cached) = cached {
            keep(&document.output, &cached)?;
        }
    }
    Ok(())
}

fn cache_key(document: &Document) -> Result<String, TypesetError> {
    let mut hasher = Sha256::new();
    let mut add = |part: &str| {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    };
    add(TYPST_VERSION);
    add(DRIVER);
    add(templates::source(templates::LIBRARY)
        .ok_or(TypesetError::UnknownTemplate(templates::LIBRARY))?);
    add(templates::source(document.template)
        .ok_or(TypesetError::UnknownTemplate(document.template))?);
    if let Some(scan) = document.scan_of {
        add(templates::source(scan).ok_or(TypesetError::UnknownTemplate(scan))?);
    }
    add(&document.data.to_string());
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn run_driver(documents: &[&Document]) -> Result<(), TypesetError> {
    let wheel = wheel_folder().ok_or(TypesetError::WheelMissing)?;
    let root = tempfile::tempdir().map_err(io_at(Path::new("a temporary folder")))?;
    for (name, source) in templates::ALL {
        write(&root.path().join(name), source)?;
    }
    let jobs: Vec<Value> = documents
        .iter()
        .map(|document| {
            json!({
                "template": document.template,
                "scan_of": document.scan_of,
                "data": document.data,
                "output": absolute(&document.output),
            })
        })
        .collect();
    let order = json!({ "root": root.path(), "jobs": jobs }).to_string();
    let mut python = Command::new("python3")
        .args(["-I", "-c", DRIVER])
        .arg(&wheel)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(TypesetError::Python)?;
    if let Some(mut stdin) = python.stdin.take() {
        // A driver that has already failed closes its end; what it says on stderr is the better error.
        let _unsent = stdin.write_all(order.as_bytes());
    }
    let finished = python.wait_with_output().map_err(TypesetError::Python)?;
    if finished.status.success() {
        Ok(())
    } else {
        Err(TypesetError::Typst(
            String::from_utf8_lossy(&finished.stderr).into_owned(),
        ))
    }
}

/// `RATSMAPPE_TYPST`, or `target/tools/typst` in a folder above the executable or the current folder.
fn wheel_folder() -> Option<PathBuf> {
    let is_wheel = |folder: &PathBuf| folder.join("typst").is_dir();
    if let Some(folder) = std::env::var_os("RATSMAPPE_TYPST") {
        return Some(PathBuf::from(folder)).filter(is_wheel);
    }
    let starts = [std::env::current_exe().ok(), std::env::current_dir().ok()];
    starts
        .iter()
        .flatten()
        .flat_map(|start| start.ancestors())
        .map(|folder| folder.join(WHEEL_FOLDER))
        .find(is_wheel)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Puts a finished PDF into the cache in one step: others may be reading or writing the same entry.
fn keep(made: &Path, cached: &Path) -> Result<(), TypesetError> {
    make_parent(cached)?;
    let parent = cached.parent().unwrap_or(cached);
    let unfinished = tempfile::NamedTempFile::new_in(parent).map_err(io_at(parent))?;
    copy(made, unfinished.path())?;
    unfinished
        .persist(cached)
        .map_err(|error| TypesetError::Io {
            path: cached.to_owned(),
            source: error.error,
        })?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), TypesetError> {
    make_parent(to)?;
    fs::copy(from, to).map(|_| ()).map_err(io_at(to))
}

fn write(path: &Path, text: &str) -> Result<(), TypesetError> {
    make_parent(path)?;
    fs::write(path, text).map_err(io_at(path))
}

fn make_parent(path: &Path) -> Result<(), TypesetError> {
    path.parent().map_or(Ok(()), |parent| {
        fs::create_dir_all(parent).map_err(io_at(parent))
    })
}

fn io_at(path: &Path) -> impl FnOnce(std::io::Error) -> TypesetError + use<> {
    let path = path.to_owned();
    move |source| TypesetError::Io { path, source }
}
