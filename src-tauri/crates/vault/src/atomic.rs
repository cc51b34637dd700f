//! Writing a small file so that after a crash either the old or the new content stands there, whole.
//! Not for large files (see `blobs`) and not for the key slots' extra generation (see `slots`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

// Meets: O.Resi_10
/// Replaces `path` by `bytes`: written beside it, fsynced, renamed over it, folder fsynced.
///
/// Errors: any I/O error; the old content then still stands.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = with_suffix(path, ".new");
    let written = write_and_sync(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if let Err(error) = written {
        // A half-written neighbour is of no use; failing to remove it must not hide the first error.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    sync_parent(path)
}

/// Removes a file and makes the removal durable. A file that is not there counts as removed.
///
/// Errors: any other I/O error.
pub fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => sync_parent(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Creates a folder with its parents, readable by the member alone where the system knows such rights. What is new is durable:
/// a file in it is found again only as long as the folder itself has a name.
///
/// Errors: any I/O error.
pub fn create_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        create_folder(parent)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        // Somebody was quicker, and may not have come to the next line yet.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        other => other?,
    }
    sync_parent(path)
}

/// Options for a file that only the member may read.
pub(crate) fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub(crate) fn write_and_sync(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private_options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a rename or removal in the folder of `path` durable.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    sync_folder(parent)
}

/// Windows cannot fsync a folder and does not need it: NTFS journals its names.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) {
        Ok(())
    } else {
        File::open(folder)?.sync_all()
    }
}

/// `path` with `suffix` added to its file name, other dots kept.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_content_replaces_old_and_nothing_stays_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring");
        write_file(&path, b"old").unwrap();
        write_file(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names, ["keyring"], "no temporary neighbour may remain");
    }

    #[test]
    fn a_failed_write_keeps_the_old_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring");
        write_file(&path, b"old").unwrap();
        // A folder in the way of the neighbour makes the write fail before the rename.
        fs::create_dir(with_suffix(&path, ".new")).unwrap();
        assert!(write_file(&path, b"new").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[test]
    fn a_folder_comes_with_its_parents_and_a_file_in_the_way_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        create_folder(&deep).unwrap();
        create_folder(&deep).unwrap();
        assert!(deep.is_dir());
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        assert!(create_folder(&file).is_err());
        assert!(create_folder(&file.join("below")).is_err());
    }

    #[test]
    fn removing_what_is_not_there_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(remove_file(&folder.path().join("nothing")).is_ok());
    }
}
