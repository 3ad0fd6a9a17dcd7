//! A result of several files: staged beside its place, made durable, then moved there whole.

use super::destination::folder_of;
use super::folders;
use super::temporary::{self, TemporaryFolder};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

/// A folder being filled. Dropped, or left by a process that was killed, nothing of it stays.
#[derive(Debug)]
pub struct Staging {
    folder: TemporaryFolder,
}

impl Staging {
    /// Beside what it will become.
    pub fn beside(place: &Path) -> io::Result<Self> {
        let parent = folder_of(place);
        folders::make(parent)?;
        Ok(Self { folder: TemporaryFolder::in_folder(parent)? })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A new file of it, by its path with `/`.
    pub fn create(&self, path: &str) -> io::Result<Box<dyn Write>> {
        let target = self.folder.path().join(path);
        let made = temporary::within(|| {
            std::fs::create_dir_all(folder_of(&target))?;
            File::create_new(&target)
        })?;
        Ok(Box::new(made))
    }

    /// Makes its files durable, which may take a while.
    pub fn sync(&self) -> io::Result<()> {
        folders::sync_all(self.folder.path())
    }

    /// Moves it into place, durable; an empty folder may be there.
    pub fn place(self, place: &Path) -> io::Result<()> {
        self.sync()?;
        if place.is_dir() {
            std::fs::remove_dir(place)?;
        }
        self.folder.persist(place)?;
        folders::sync(folder_of(place))
    }
}

/// A file to work in that has no name and goes away by itself.
pub fn scratch(beside: &Path) -> io::Result<File> {
    tempfile::tempfile_in(folder_of(beside))
}

/// Takes back what was moved into place and is not to be there after all.
pub fn take_back(place: &Path) {
    let _ = if place.is_dir() { std::fs::remove_dir_all(place) } else { std::fs::remove_file(place) };
}

/// Whether two files, or two folders with all that is in them, are the same to the byte.
pub fn same(one: &Path, other: &Path) -> io::Result<bool> {
    let kind =
        |path: &Path| std::fs::symlink_metadata(path).map(|found| (found.is_dir(), found.is_file(), found.len()));
    let (mine, theirs) = (kind(one)?, kind(other)?);
    if (mine.0, mine.1) != (theirs.0, theirs.1) {
        return Ok(false);
    }
    if !mine.0 {
        return Ok(mine.1 && mine.2 == theirs.2 && same_bytes(one, other)?);
    }
    let names = |path: &Path| -> io::Result<BTreeSet<_>> {
        std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    };
    let inside = names(one)?;
    if inside != names(other)? {
        return Ok(false);
    }
    for name in inside {
        if !same(&one.join(&name), &other.join(&name))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (BufReader::new(File::open(one)?), BufReader::new(File::open(other)?));
    loop {
        let (mine, theirs) = (one.fill_buf()?, other.fill_buf()?);
        let len = mine.len().min(theirs.len());
        if mine[..len] != theirs[..len] {
            return Ok(false);
        }
        if len == 0 {
            return Ok(mine.len() == theirs.len());
        }
        one.consume(len);
        other.consume(len);
    }
}
