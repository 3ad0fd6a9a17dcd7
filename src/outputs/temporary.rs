//! Files and folders that are to go away: with their owner, on a signal, or with the next run once their owner is dead.
//!
//! Each is locked as long as its owner lives; what carries our names and is not locked was left by a process that was
//! killed.

use super::destination::folder_of;
use super::folders;
use std::collections::BTreeSet;
use std::fs::{File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::{Builder, NamedTempFile, TempDir};

const FILE: &str = ".hourmatch-out-";
const FOLDER: &str = ".hourmatch-pack-";
/// How often a new one is made where another process swept it away before it was locked.
const TRIES: usize = 10;

/// What this process has made and not removed yet.
static ALIVE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn alive() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    ALIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// On the list while it lives.
#[derive(Debug)]
struct Listed(PathBuf);

impl Drop for Listed {
    fn drop(&mut self) {
        alive().remove(&self.0);
    }
}

/// A file without a name, for what does not fit in memory: nobody else sees it, and it is gone with this process.
pub fn scratch() -> io::Result<File> {
    tempfile::tempfile()
}

/// A file beside the one it will become.
#[derive(Debug)]
pub struct TemporaryFile {
    // Removed before it is off the list.
    file: NamedTempFile,
    _listed: Listed,
}

impl TemporaryFile {
    /// With the permissions that new files have: all, less what the umask takes.
    pub fn beside(target: &Path) -> io::Result<Self> {
        let folder = folder_of(target);
        let make = || Builder::new().prefix(FILE).permissions(Permissions::from_mode(0o666)).tempfile_in(folder);
        made("file", folder, || {
            let (file, _listed) = listed(make, NamedTempFile::path)?;
            Ok((lock(file.as_file()) && file.path().exists()).then_some(Self { file, _listed }))
        })
    }

    pub fn path(&self) -> &Path {
        self.file.path()
    }

    pub fn as_file(&self) -> &File {
        self.file.as_file()
    }

    pub fn as_file_mut(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Moves it into place, over whatever is there.
    pub fn persist(self, target: &Path) -> io::Result<()> {
        self.file.persist(target).map(|_| ()).map_err(|e| e.error)
    }

    /// The same where nothing may be there, and durable.
    pub fn persist_new(self, target: &Path) -> io::Result<()> {
        self.as_file().sync_all()?;
        self.file.persist_noclobber(target).map_err(|e| e.error)?;
        folders::sync(folder_of(target))
    }
}

/// A folder beside the one it will become.
#[derive(Debug)]
pub struct TemporaryFolder {
    dir: TempDir,
    _listed: Listed,
    /// None where folders cannot be locked: nobody sweeps there either.
    _lock: Option<File>,
}

impl TemporaryFolder {
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        Self::made(folder, 0o777)
    }

    /// One that nobody else may enter, for what was not written to a file by its owner.
    pub fn private() -> io::Result<Self> {
        Self::made(&std::env::temp_dir(), 0o700)
    }

    /// A file in it with all that a reader gives; where it lies.
    pub fn keep(&self, name: &str, mut text: impl io::Read) -> io::Result<PathBuf> {
        let path = self.path().join(name);
        let mut file = within(|| File::create_new(&path))?;
        io::copy(&mut text, &mut file)?;
        Ok(path)
    }

    fn made(folder: &Path, mode: u32) -> io::Result<Self> {
        let make = || Builder::new().prefix(FOLDER).permissions(Permissions::from_mode(mode)).tempdir_in(folder);
        made("folder", folder, || {
            let (dir, _listed) = listed(make, TempDir::path)?;
            let _lock = File::open(dir.path()).ok();
            Ok((_lock.as_ref().is_none_or(lock) && dir.path().exists()).then_some(Self { dir, _listed, _lock }))
        })
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Moves it into place; nothing may be there.
    pub fn persist(self, to: &Path) -> io::Result<()> {
        std::fs::rename(self.dir.path(), to)?;
        let _ = self.dir.keep();
        Ok(())
    }
}

/// Makes one in a folder that is swept; none where another process was quicker to sweep it away, and then once more.
fn made<T>(what: &str, folder: &Path, make: impl Fn() -> io::Result<Option<T>>) -> io::Result<T> {
    sweep(folder);
    let mut tries = (0..TRIES).filter_map(|_| make().transpose());
    tries.next().unwrap_or_else(|| Err(io::Error::other(format!("no temporary {what} can be made"))))
}

fn listed<T>(make: impl FnOnce() -> io::Result<T>, path: impl Fn(&T) -> &Path) -> io::Result<(T, Listed)> {
    let mut alive = alive();
    let made = make()?;
    let path = path(&made).to_path_buf();
    alive.insert(path.clone());
    Ok((made, Listed(path)))
}

/// Makes something within a temporary folder: never once everything temporary is being removed.
pub fn within<T>(make: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let _alive = alive();
    make()
}

/// Whether it is ours: another process that sweeps may have been quicker. Where locks do not exist it is.
fn lock(file: &File) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Removes from a folder what dead processes left there. What is locked stays, and so does what cannot be locked.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(FILE) || name.starts_with(FOLDER));
        let Some(kind) = entry.file_type().ok().filter(|kind| ours && (kind.is_dir() || kind.is_file())) else {
            continue;
        };
        let path = entry.path();
        let Ok(held) = File::open(&path) else { continue };
        if held.try_lock().is_ok() {
            remove(&path, kind.is_dir());
        }
    }
}

fn remove(path: &Path, folder: bool) {
    let _ = if folder { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
}

/// Ends this process for a signal: removes what is temporary first, and lets nobody make more of it meanwhile.
pub fn leave(code: i32) -> ! {
    let alive = alive();
    for path in alive.iter() {
        remove(path, path.is_dir());
    }
    std::process::exit(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_dead_left_is_swept_and_what_lives_stays() {
        let home = tempfile::tempdir().expect("folder");
        let living = TemporaryFolder::in_folder(home.path()).expect("made");
        let file = TemporaryFile::beside(&home.path().join("target")).expect("made");
        for name in [".hourmatch-pack-dead1", ".hourmatch-pack-dead2"] {
            std::fs::create_dir(home.path().join(name)).expect("made");
            std::fs::write(home.path().join(name).join("x"), "x").expect("written");
        }
        for name in [".hourmatch-out-dead", ".hourmatch-demo", "pack"] {
            std::fs::write(home.path().join(name), "x").expect("written");
        }
        sweep(home.path());
        let held = |path: &Path| path.exists();
        let mut names: Vec<String> = std::fs::read_dir(home.path())
            .expect("folder")
            .map(|e| e.expect("entry").file_name().to_string_lossy().into_owned())
            .filter(|name| !name.starts_with(FILE) && !name.starts_with(FOLDER))
            .collect();
        names.sort();
        assert_eq!(names, [".hourmatch-demo", "pack"]);
        assert!(held(living.path()) && held(file.file.path()));
        for name in [".hourmatch-pack-dead1", ".hourmatch-pack-dead2", ".hourmatch-out-dead"] {
            assert!(!held(&home.path().join(name)), "{name}");
        }
        let (folder, path) = (living.path().to_path_buf(), file.file.path().to_path_buf());
        assert!([&folder, &path].iter().all(|path| alive().contains(*path)));
        drop((living, file));
        assert!([&folder, &path].iter().all(|path| !held(path) && !alive().contains(*path)));
    }
}
