//! What a path leads to.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Links that are followed before they are taken for a cycle.
const LINKS: usize = 40;

/// What is written to under a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    /// A regular file, made or replaced under its own name, links followed.
    File(PathBuf),
    /// A device, a pipe, a socket, or an open file that has no name: written through.
    Through(PathBuf),
    /// What standard output is already.
    Stdout,
}

impl Destination {
    /// # Errors
    /// A folder, a path into nowhere, a cycle of links.
    pub fn resolve(path: &Path) -> io::Result<Self> {
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if is_stdout(&found) => Ok(Self::Stdout),
            Ok(found) if !found.is_file() => Ok(Self::Through(path.into())),
            Ok(_) => Ok(path.canonicalize().map_or_else(|_| Self::Through(path.into()), Self::File)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => new_file(path).map(Self::File),
            Err(e) => Err(e),
        }
    }
}

/// A file that does not exist yet, by the name it will have: links that lead nowhere so far are followed too.
fn new_file(path: &Path) -> io::Result<PathBuf> {
    let mut at = path.to_path_buf();
    for _ in 0..LINKS {
        match std::fs::read_link(&at) {
            Ok(to) => at = folder_of(&at).join(to),
            Err(_) => break,
        }
    }
    let name = at.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_os_string();
    Ok(folder_of(&at).canonicalize()?.join(name))
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Which file a path is: by device and inode, and by its name where it does not exist yet.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    inode: Option<(u64, u64)>,
    /// Whether it has more names than this.
    linked: bool,
    name: Option<PathBuf>,
}

impl Identity {
    pub fn read(path: &Path) -> Self {
        let found = std::fs::metadata(path).ok();
        let linked = found.as_ref().is_some_and(|found| found.is_file() && found.nlink() > 1);
        Self { inode: found.as_ref().map(inode), linked, name: path.canonicalize().or_else(|_| new_file(path)).ok() }
    }

    pub fn is(&self, other: &Self) -> bool {
        match (self.inode, other.inode) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => self.name.is_some() && self.name == other.name,
        }
    }

    /// Whether it lies in a folder, however deep, by any of its names.
    pub fn is_in(&self, folder: &Self) -> bool {
        let mut above = self.name.iter().flat_map(|name| name.ancestors().skip(1));
        above.any(|dir| Self::read(dir).is(folder)) || (self.linked && self.has_a_name_in(folder))
    }

    fn has_a_name_in(&self, folder: &Self) -> bool {
        let mut open: Vec<PathBuf> = folder.name.clone().into_iter().collect();
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
                // Links are not followed: what they lead to lies elsewhere.
                match entry.metadata() {
                    Ok(found) if found.is_dir() => open.push(entry.path()),
                    Ok(found) if Some(inode(&found)) == self.inode => return true,
                    _ => {}
                }
            }
        }
        false
    }
}

fn inode(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

/// A device that is read and written at once, such as a terminal or the null device: nothing of it is ever lost.
pub(super) fn is_character_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.file_type().is_char_device())
}

/// Whether a file is what standard output goes to.
fn is_stdout(found: &Metadata) -> bool {
    let out = io::stdout();
    let ours = out.as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    ours.is_ok_and(|ours| inode(&ours) == inode(found))
}

/// Whether standard output goes to this very file: appended to what is read, it would be lost.
pub(super) fn stdout_is_file(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.is_file() && is_stdout(&found))
}
