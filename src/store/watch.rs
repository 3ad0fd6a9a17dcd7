//! The file of an SQLite store, looked at before every loan and before every commit.
//!
//! An open file outlives its name: a write after the file was deleted or replaced would be lost.
//! A store that took its place is the store from then on. The log beside it is still that of the file before, and would
//! be played into this one: it is set aside first. Anything else is left alone, and refused until the store is back.

use super::{location, schema};
use crate::clock::Stopwatch;
use crate::error::{Fault, Kind};
use crate::outputs::folders;
use reports::words::io_reason;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

#[derive(Debug)]
pub struct Watch {
    path: PathBuf,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    file: FileId,
    /// The log that goes with it.
    log: Option<FileId>,
    /// How long it has been there: connections older than that are to the file before.
    since: Stopwatch,
}

/// What a file is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    fn read(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self { device: metadata.dev(), inode: metadata.ino() })
    }
}

impl Watch {
    /// Of a store that was just opened.
    pub(super) fn new(path: &Path) -> Result<Self, Fault> {
        let Some(file) = FileId::read(path) else { return Err(gone(path)) };
        let seen = Seen { file, log: FileId::read(&beside(path, "-wal")), since: Stopwatch::start() };
        Ok(Self { path: path.to_path_buf(), seen: Mutex::new(seen) })
    }

    /// The store's file; refuses where it is gone, or another stands in its place that is no store.
    pub(super) fn ready(&self) -> Result<FileId, Fault> {
        let path = &self.path;
        let Some(file) = FileId::read(path) else { return Err(gone(path)) };
        let log = FileId::read(&beside(path, "-wal"));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.file == file {
            seen.log = log.or(seen.log);
            return Ok(file);
        }
        if !schema::is_current_file(path) {
            return Err(no_store(path));
        }
        if log.is_some() && log == seen.log {
            set_aside(path, seen.file)?;
        }
        *seen = Seen { file, log: None, since: Stopwatch::start() };
        tracing::warn!("another store took the place of {}: that is the store from now on", path.display());
        Ok(file)
    }

    /// Refuses where the file that was written to is not what stands there.
    pub(super) fn unmoved(&self, written: FileId) -> Result<(), Fault> {
        if self.ready()? == written {
            return Ok(());
        }
        let what = format!(
            "another store took the place of {} while this was being written: nothing of it was stored",
            self.path.display()
        );
        Err(Fault::new(what).kind(Kind::Unavailable).hint("try again: it goes into the store now in place"))
    }

    /// Whether a connection of this age is to the file that stands there.
    pub(super) fn is_of_now(&self, age: Duration) -> bool {
        age.as_secs_f64() <= self.seen.lock().unwrap_or_else(PoisonError::into_inner).since.seconds()
    }
}

fn gone(path: &Path) -> Fault {
    let what = format!("the store's file {} is gone: it was deleted or moved while it was open", path.display());
    let hint = "put it back, or a backup in its place (docs/store.md): it then resumes by itself; to begin with an \
        empty store, restart";
    Fault::new(what).kind(Kind::Unavailable).hint(hint)
}

fn no_store(path: &Path) -> Fault {
    let what = format!(
        "another file took the place of {} and is not used: it is not an hourmatch store of this version, or one that \
         was not closed",
        path.display()
    );
    let hint = "put the store back, or a backup in its place (docs/store.md); it then resumes by itself";
    Fault::new(what).kind(Kind::Unavailable).hint(hint)
}

/// A file that SQLite keeps beside the store's; links are followed, as SQLite does.
fn beside(path: &Path, end: &str) -> PathBuf {
    location::beside(&path.canonicalize().unwrap_or_else(|_| path.to_path_buf()), end)
}

/// Moves the log of a file that is gone, and the log's index, out of the way of the file that took its place.
fn set_aside(path: &Path, old: FileId) -> Result<(), Fault> {
    for end in ["-wal", "-shm"] {
        let (from, to) = (beside(path, end), beside(path, &format!("{end}-of-{}", old.inode)));
        match folders::rename(&from, &to) {
            Ok(()) => tracing::warn!(
                "{} belongs to the file that was the store before: it is kept as {}; lay it beside that file again if you \
                 put it back",
                from.display(),
                to.display()
            ),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                let what = format!(
                    "{} belongs to the previous file and cannot be moved: {}",
                    from.display(),
                    io_reason(&error)
                );
                let hint = "move it away: played into the store that took that file's place, it would damage it";
                return Err(Fault::new(what).kind(Kind::Unavailable).hint(hint));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header of a store, and no more.
    fn store() -> Vec<u8> {
        let mut header = schema::MAGIC.to_vec();
        header.resize(schema::HEADER, 0);
        header[schema::USER_VERSION].copy_from_slice(&(schema::newest(&schema::SQLITE) as u32).to_be_bytes());
        header[schema::APPLICATION].copy_from_slice(&(schema::APPLICATION_ID as u32).to_be_bytes());
        header
    }

    #[test]
    fn a_file_is_known_by_what_it_is_and_not_by_its_name() {
        let dir = tempfile::tempdir().expect("folder");
        let (path, away, wal) = (dir.path().join("s.db"), dir.path().join("away"), dir.path().join("s.db-wal"));
        std::fs::write(&path, store()).expect("written");
        let watch = Watch::new(&path).expect("a file");
        let first = watch.ready().expect("there");
        assert!(watch.unmoved(first).is_ok() && watch.is_of_now(Duration::ZERO));
        std::fs::rename(&path, &away).expect("moved");
        let message = watch.unmoved(first).expect_err("gone").to_string();
        assert!(message.contains("s.db is gone"), "{message}");
        std::fs::rename(&away, &path).expect("moved back");
        assert!(watch.unmoved(first).is_ok(), "it is the same file");
        std::fs::write(&wal, "log of the first").expect("written");
        assert!(watch.ready().is_ok());

        // What is no store changes nothing, and the log waits for its file.
        std::fs::rename(&path, &away).expect("moved");
        for text in [&b""[..], b"a letter", &[0; 200], &store()[..99]] {
            std::fs::write(&path, text).expect("written");
            let message = watch.ready().expect_err("no store").to_string();
            assert!(message.contains("is not used"), "{message}");
        }
        assert!(wal.exists() && watch.is_of_now(Duration::ZERO));
        std::fs::rename(&away, &path).expect("moved back");
        assert_eq!(watch.ready(), Ok(first));

        // A store in its place: older connections are not to it, and the log of the first is out of its way.
        std::fs::rename(&path, &away).expect("moved");
        std::fs::write(&path, store()).expect("written");
        assert_ne!(watch.ready().expect("a store"), first);
        assert!(!watch.is_of_now(Duration::from_secs(60)));
        let message = watch.unmoved(first).expect_err("written to the first").to_string();
        assert!(message.contains("nothing of it was stored"), "{message}");
        assert!(!wal.exists());
        let kept = dir.path().join(format!("s.db-wal-of-{}", first.inode));
        assert_eq!(std::fs::read_to_string(kept).expect("kept"), "log of the first");

        // A log that came with a store is its own.
        let second = watch.ready().expect("a store");
        std::fs::rename(&path, dir.path().join("second")).expect("moved");
        std::fs::write(&path, store()).expect("written");
        std::fs::write(&wal, "log of the third").expect("written");
        assert_ne!(watch.ready().expect("a store"), second);
        assert_eq!(std::fs::read_to_string(&wal).expect("read"), "log of the third");
    }
}
