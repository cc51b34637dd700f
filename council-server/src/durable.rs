//! Folders that outlive a loss of power: a name lasts only when the folder that holds it was synced.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes what was done to the names in a folder last.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Folders can be opened and synced on Unix only; elsewhere the file system's own journal has to do.
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// The folder in which a file or folder is named.
pub(crate) fn folder_of(path: &Path) -> Option<&Path> {
    path.parent().map(|folder| {
        if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        }
    })
}

/// Makes a folder, and those above it that are missing; all of them last.
///
/// Errors: disk. A folder that would not last is taken away, so that the next try does not take it for one that does.
pub(crate) fn make_folder(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let above = folder_of(dir);
    if let Some(above) = above {
        make_folder(above)?;
    }
    match fs::create_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made?,
    }
    match above.map_or(Ok(()), sync_folder) {
        Err(error) => {
            // Somebody else may have put something there; then it stays.
            let _ = fs::remove_dir(dir);
            Err(error)
        }
        synced => synced,
    }
}
