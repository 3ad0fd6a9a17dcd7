//! Folders: made durable, emptied of what we put there.

use std::fs::File;
use std::io;
use std::path::Path;

/// Makes a folder for results and those above it; gives a file another name.
pub use std::fs::{create_dir_all as make, rename};

/// Removes files and whole folders of ours by their names; what is not there is no matter.
pub fn clear(folder: &Path, names: &[&str]) -> io::Result<()> {
    for name in names {
        let path = folder.join(name);
        let removed = match std::fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => std::fs::remove_dir_all(&path),
            Ok(_) => std::fs::remove_file(&path),
            Err(e) => Err(e),
        };
        match removed {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

/// Makes the names in a folder durable. Not every file system can, and those that cannot say so.
pub fn sync(folder: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    match File::open(folder).and_then(|opened| opened.sync_all()) {
        Err(e) if matches!(e.kind(), InvalidInput | Unsupported | PermissionDenied) => Ok(()),
        done => done,
    }
}

/// Makes everything below a folder durable, files first.
pub fn sync_all(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { sync_all(&entry.path())? } else { File::open(entry.path())?.sync_all()? }
    }
    sync(folder)
}
