//! Writing whole files: beside their place, durable, then moved there.

use super::destination::{Destination, folder_of};
use super::folders;
use super::temporary::TemporaryFile;
use crate::error::{Fault, Kind};
use reports::words::io_reason;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Writes an answer to where it is told to, once.
pub type Pieces<'a> = &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

const BUFFER: usize = 1 << 16;

/// What was written in full and is durable, but not yet in its place: nothing but moving it there can fail any more.
/// Dropped, it never was. What goes to a device or a pipe is there already.
#[derive(Debug)]
#[must_use]
pub struct Pending {
    path: PathBuf,
    file: Option<(TemporaryFile, PathBuf)>,
}

impl Pending {
    /// Moves it into its place.
    ///
    /// # Errors
    /// Where the folder has changed meanwhile.
    pub fn publish(self) -> Result<(), Fault> {
        let Some((file, target)) = self.file else { return Ok(()) };
        let moved = file.persist(&target).and_then(|()| folders::sync(folder_of(&target)));
        moved.map_err(|e| cannot_write(&self.path, &e))
    }
}

pub(super) fn prepare(path: &Path, to: Destination, write: Pieces<'_>) -> Result<Pending, Fault> {
    let refuse = |e: io::Error| cannot_write(path, &e);
    let file = match to {
        Destination::Stdout => {
            to_stdout(write)?;
            None
        }
        Destination::Through(device) => {
            let device = OpenOptions::new().write(true).open(device).map_err(refuse)?;
            buffered(device, write).map_err(refuse)?;
            None
        }
        Destination::File(target) => {
            let mut file = TemporaryFile::beside(&target).map_err(refuse)?;
            buffered(file.as_file_mut(), write).map_err(refuse)?;
            if let Ok(replaced) = target.metadata() {
                file.as_file().set_permissions(replaced.permissions()).map_err(refuse)?;
            }
            file.as_file().sync_all().map_err(refuse)?;
            Some((file, target))
        }
    };
    Ok(Pending { path: path.into(), file })
}

/// Whether a file could be made or replaced there; nothing is.
pub(super) fn prove(path: &Path, to: &Destination) -> Result<(), Fault> {
    let Destination::File(target) = to else { return Ok(()) };
    let refuse = |e: io::Error| cannot_write(path, &e);
    TemporaryFile::beside(target).map_err(refuse)?;
    if target.exists() {
        // What its owner has made read-only is not replaced either.
        OpenOptions::new().write(true).open(target).map_err(refuse)?;
    }
    Ok(())
}

fn buffered(sink: impl Write, write: Pieces<'_>) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(BUFFER, sink);
    write(&mut out)?;
    out.flush()
}

/// To standard output. Whoever stops reading has had enough.
pub fn to_stdout(write: Pieces<'_>) -> Result<(), Fault> {
    match buffered(io::stdout().lock(), write) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(e) => Err(Fault::new(format!("standard output cannot be written: {}", io_reason(&e)))
            .kind(Kind::Unavailable)
            .hint("name a file with -o FILE, or give it room")),
        Ok(()) => Ok(()),
    }
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Fault {
    if error.kind() == io::ErrorKind::IsADirectory {
        return Fault::new("is a folder").file(path.display()).hint("name a file in it");
    }
    let why = match error.kind() {
        io::ErrorKind::NotFound => "its folder does not exist".to_string(),
        _ => io_reason(error),
    };
    Fault::new(format!("cannot be written: {why}"))
        .kind(Kind::Unavailable)
        .file(path.display())
        .hint("check the folder and its permissions")
}

/// A new file that only its owner can read, durable; never over another one.
pub fn new_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written.and_then(|()| folders::sync(folder_of(path))) {
        // Half a key is none.
        let _ = std::fs::remove_file(path);
        return Err(error);
    }
    Ok(())
}
