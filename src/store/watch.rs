//! The file of an SQLite store, looked at before every loan and before every commit.
//!
//! An open file outlives its name: whoever writes on after it was deleted or another took its place writes into nothing.
//! One that took its place is taken instead, if it is a store of ours. The log beside it is still that of the file before,
//! and would be played into this one: it is set aside first.

use super::schema;
use crate::clock::Stopwatch;
use crate::error::{Kind, Problem};
use sqlx::sqlite::SqliteConnectOptions;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug)]
pub struct Watch {
    options: SqliteConnectOptions,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    file: FileId,
    /// The log that goes with it.
    log: Option<FileId>,
    /// Whether it was looked into, and is a store of ours.
    taken: bool,
    /// How long it has been there: connections older than that are to the file before.
    since: Stopwatch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self { device: metadata.dev(), inode: metadata.ino() })
    }

    /// Where files have no number, only that there is one can be told.
    #[cfg(not(unix))]
    fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|_| Self { device: 0, inode: 0 })
    }
}

/// What stands at the path.
enum Found {
    Ours,
    /// Another file than the one that was open, not looked into yet.
    Other(FileId),
    Gone,
}

impl Watch {
    /// Of a store that was just opened.
    pub(super) fn new(options: SqliteConnectOptions) -> Result<Self, Problem> {
        let path = options.get_filename();
        let Some(file) = FileId::of(path) else { return Err(gone(path)) };
        let seen = Seen { file, log: FileId::of(&beside(path, "-wal")), taken: true, since: Stopwatch::start() };
        Ok(Self { options, seen: Mutex::new(seen) })
    }

    pub(super) fn path(&self) -> &Path {
        self.options.get_filename()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses where the file is gone, or another stands in its place that is no store of ours.
    pub(super) async fn ready(&self) -> Result<(), Problem> {
        let found = self.look();
        let id = match found {
            Found::Ours => return Ok(()),
            Found::Gone => return Err(gone(self.path())),
            Found::Other(id) => id,
        };
        schema::accepts(&self.options).await.map_err(|problem| self.not_ours(&problem))?;
        let mut seen = self.seen();
        if seen.file == id {
            seen.taken = true;
            tracing::warn!("another file took the place of {}: the store is that one now", self.path().display());
        }
        Ok(())
    }

    /// Refuses where what a transaction wrote to is not what stands there.
    pub(super) fn unmoved(&self) -> Result<(), Problem> {
        match self.look() {
            Found::Ours => Ok(()),
            Found::Gone => Err(gone(self.path())),
            Found::Other(_) => {
                let what = format!(
                    "another file took the place of {} while this was being written: nothing of it was stored",
                    self.path().display()
                );
                Err(Problem::new(what)
                    .kind(Kind::Unavailable)
                    .hint("ask again: it goes into the file that is there now"))
            }
        }
    }

    /// Whether a connection of this age is to the file that stands there.
    pub(super) fn is_of_now(&self, age: Duration) -> bool {
        age.as_secs_f64() <= self.seen().since.seconds()
    }

    fn look(&self) -> Found {
        let path = self.path();
        let Some(file) = FileId::of(path) else { return Found::Gone };
        let log = FileId::of(&beside(path, "-wal"));
        let mut seen = self.seen();
        if seen.file == file {
            seen.log = log.or(seen.log);
            return if seen.taken { Found::Ours } else { Found::Other(file) };
        }
        if log.is_some() && log == seen.log && !set_aside(path, seen.file) {
            // Until that works, the file must not be opened.
            return Found::Gone;
        }
        *seen = Seen { file, log: None, taken: false, since: Stopwatch::start() };
        Found::Other(file)
    }

    fn not_ours(&self, problem: &Problem) -> Problem {
        let what =
            format!("another file took the place of {} and is not used: {}", self.path().display(), problem.what);
        let hint = "put the store back; it goes on by itself then";
        Problem::new(what).kind(Kind::Unavailable).hint(hint)
    }
}

fn gone(path: &Path) -> Problem {
    let what = format!("the store's file {} is gone: it was deleted or moved while it was open", path.display());
    let hint = "put it back, or a backup in its place (docs/store.md): it goes on by itself then; to begin with an empty \
        store, restart";
    Problem::new(what).kind(Kind::Unavailable).hint(hint)
}

/// A file that SQLite keeps beside the store's; links are followed, as SQLite does.
fn beside(path: &Path, end: &str) -> PathBuf {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let mut name = path.into_os_string();
    name.push(end);
    name.into()
}

/// Moves the log of a file that is gone out of the way of the one that took its place; whether that worked.
fn set_aside(path: &Path, old: FileId) -> bool {
    for end in ["-wal", "-shm"] {
        let (from, to) = (beside(path, end), beside(path, &format!("{end}-of-{}", old.inode)));
        match std::fs::rename(&from, &to) {
            Ok(()) => tracing::warn!("{} belonged to the file before: it is kept as {}", from.display(), to.display()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::error!("{} belongs to the file before and cannot be moved: {error}", from.display());
                return false;
            }
        }
    }
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn watch(path: &Path) -> Watch {
        Watch::new(SqliteConnectOptions::new().filename(path)).expect("a file")
    }

    #[test]
    fn a_file_is_known_by_what_it_is_and_not_by_its_name() {
        let dir = tempfile::tempdir().expect("folder");
        let (path, away, wal) = (dir.path().join("s.db"), dir.path().join("away"), dir.path().join("s.db-wal"));
        std::fs::write(&path, "one").expect("written");
        let watch = watch(&path);
        assert!(watch.unmoved().is_ok() && watch.is_of_now(Duration::ZERO));
        std::fs::rename(&path, &away).expect("moved");
        let said = watch.unmoved().expect_err("gone").to_string();
        assert!(said.contains("s.db is gone"), "{said}");
        std::fs::rename(&away, &path).expect("moved back");
        assert!(watch.unmoved().is_ok(), "it is the same file");

        // Another in its place: older connections are not to it, and the log of the first is out of its way.
        std::fs::write(&wal, "log of the first").expect("written");
        assert!(watch.unmoved().is_ok());
        std::fs::rename(&path, &away).expect("moved");
        std::fs::write(&path, "two").expect("written");
        assert!(watch.unmoved().is_err());
        assert!(!watch.is_of_now(Duration::from_secs(60)));
        assert!(!wal.exists());
        let inode = FileId::of(&away).expect("a file").inode;
        let kept = std::fs::read_to_string(dir.path().join(format!("s.db-wal-of-{inode}"))).expect("kept");
        assert_eq!(kept, "log of the first");
        // A log that came with the file is its own.
        std::fs::write(&wal, "log of the second").expect("written");
        assert!(watch.unmoved().is_err(), "it was not looked into");
        assert!(wal.exists());
    }

    #[test]
    fn what_took_the_place_is_looked_into() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("s.db");
        std::fs::write(&path, "").expect("written");
        let watch = watch(&path);
        let other = dir.path().join("other");
        std::fs::write(&other, "no database, whatever its name says").expect("written");
        std::fs::rename(&other, &path).expect("moved");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        let said = runtime.block_on(watch.ready()).expect_err("no store").to_string();
        assert!(said.contains("took the place of") && said.contains("is not used"), "{said}");
    }
}
