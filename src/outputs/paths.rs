//! Every path of a command: what it reads, and what it writes, which is never the same file.

use super::destination::{Destination, Identity, is_character_device, stdout_is_file};
use super::write::{self, Pending, Pieces, cannot_write};
use crate::error::Fault;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// First bytes of files that are no result of anybody, whatever they are called.
const DATABASE: &[u8] = b"SQLite format 3\0";
const PRECIOUS: [(&[u8], &str); 5] = [
    (DATABASE, "an SQLite database"),
    (&[0x37, 0x7f, 0x06, 0x82], "the log of an SQLite database"),
    (&[0x37, 0x7f, 0x06, 0x83], "the log of an SQLite database"),
    (&[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7], "the journal of an SQLite database"),
    (b"ed25519-secret:", "a secret key"),
];
/// What SQLite calls the files beside a database; what lies there is read into it.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What a command reads and writes, as it declares it; files are made through this and no other way.
#[derive(Debug, Clone, Default)]
pub struct Paths(Arc<Mutex<Lists>>);

#[derive(Debug, Default)]
struct Lists {
    reads: Vec<Named>,
    writes: Vec<Named>,
}

/// A path and what it is: `the store` of what is read, `-o` of what is written.
#[derive(Debug, Clone)]
struct Named {
    what: &'static str,
    path: PathBuf,
}

impl Paths {
    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Declares a file or folder that is read, there or not: nothing in it is written to.
    ///
    /// # Errors
    /// Where an output was declared that is this file, or standard output goes there.
    pub fn reads(&self, what: &'static str, path: &Path) -> Result<(), Fault> {
        let read = Named { what, path: path.into() };
        let mut lists = self.lists();
        lists.writes.iter().try_for_each(|written| apart(written.what, &written.path, &read))?;
        if stdout_is_file(path) {
            return Err(lost("standard output", path, what).hint("send standard output to another file"));
        }
        lists.reads.push(read);
        Ok(())
    }

    /// Declares an output, and proves that it can be written.
    ///
    /// # Errors
    /// Where something that is read lies there, another output, a folder, a database or a secret key, or where nothing
    /// can be written.
    pub fn writes(&self, option: &'static str, path: &Path) -> Result<(), Fault> {
        let mut lists = self.lists();
        let to = lists.allow(option, path)?;
        lists.writes.push(Named { what: option, path: path.into() });
        write::prove(path, &to)
    }

    /// Declares a file or folder that is to be made new by somebody who sees to that.
    pub fn makes_new(&self, option: &'static str, path: &Path) -> Result<(), Fault> {
        let mut lists = self.lists();
        lists.reads.iter().try_for_each(|read| apart(option, path, read))?;
        if is_beside_a_database(path) {
            return Err(lost(option, path, "a file beside an SQLite database").hint("name another file"));
        }
        lists.writes.push(Named { what: option, path: path.into() });
        Ok(())
    }

    /// Writes a file in full, not yet into its place; devices and pipes are written to at once.
    ///
    /// # Errors
    /// As for [`Paths::writes`]: files may have been made since.
    pub fn prepare(&self, path: &Path, write: Pieces<'_>) -> Result<Pending, Fault> {
        let to = {
            let lists = self.lists();
            let option = lists.writes.iter().find(|named| named.path == path).map_or("this", |named| named.what);
            lists.allow(option, path)?
        };
        write::prepare(path, to, write)
    }

    /// The same, and into its place.
    pub fn write(&self, path: &Path, write: Pieces<'_>) -> Result<(), Fault> {
        self.prepare(path, write)?.publish()
    }

    pub fn write_bytes(&self, path: &Path, bytes: &[u8]) -> Result<(), Fault> {
        self.write(path, &mut |out: &mut dyn Write| out.write_all(bytes))
    }
}

impl Lists {
    /// Where a path leads, if an output may go there.
    fn allow(&self, option: &'static str, path: &Path) -> Result<Destination, Fault> {
        self.reads.iter().try_for_each(|read| apart(option, path, read))?;
        let others = self.writes.iter().filter(|written| written.what != option);
        for written in others.filter(|_| !is_character_device(path)) {
            if Identity::read(path).is(&Identity::read(&written.path)) {
                let what = format!("{option} and {} name the same file: one would be lost", written.what);
                return Err(Fault::new(what).file(path.display()).hint("name two files"));
            }
        }
        let to = Destination::resolve(path).map_err(|e| cannot_write(path, &e))?;
        if let Destination::File(target) = &to
            && let Some(what) = precious(target)
        {
            return Err(lost(option, path, what).hint("name another file"));
        }
        Ok(to)
    }
}

/// Refuses an output that is what is read, or lies in it.
fn apart(option: &str, path: &Path, read: &Named) -> Result<(), Fault> {
    if is_character_device(path) {
        return Ok(());
    }
    let (target, source) = (Identity::read(path), Identity::read(&read.path));
    if target.is(&source) || (read.path.is_dir() && target.is_in(&source)) {
        return Err(lost(option, path, read.what).hint("name another file"));
    }
    Ok(())
}

fn lost(option: &str, path: &Path, what: &str) -> Fault {
    Fault::new(format!("{option} names {what}, which is not overwritten")).file(path.display())
}

/// What a file is that no command writes, by its first bytes, or by its name beside a database.
fn precious(path: &Path) -> Option<&'static str> {
    let first = first_of(path);
    let known = PRECIOUS.into_iter().find(|(begins, _)| first.starts_with(begins)).map(|(_, what)| what);
    known.or_else(|| is_beside_a_database(path).then_some("a file beside an SQLite database"))
}

fn first_of(path: &Path) -> Vec<u8> {
    let mut first = Vec::new();
    // What cannot be read begins with nothing.
    let _ = File::open(path).and_then(|file| file.take(DATABASE.len() as u64).read_to_end(&mut first));
    first
}

/// Whether SQLite would read it as a log or journal, now or once it is there.
fn is_beside_a_database(path: &Path) -> bool {
    let name = path.to_string_lossy();
    let mut stores = BESIDE.iter().filter_map(|end| name.strip_suffix(end));
    stores.any(|store| Path::new(store).is_file() && first_of(Path::new(store)).starts_with(DATABASE))
}
