//! The files of a pack: read, written, and what is wrong with one.

pub use crate::faults::Finding;
use std::io::{self, BufRead, Write};

/// The files of a pack, wherever they lie.
pub trait Files {
    /// Every file by its path with `/`.
    fn paths(&self) -> io::Result<Vec<String>>;
    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>>;
}

/// Where tables go: a folder, or a comparison with what a pack says.
pub trait Sink {
    type File: Write;
    fn create(&mut self, path: &str) -> io::Result<Self::File>;
    fn close(&mut self, file: Self::File) -> io::Result<()>;

    fn table(&mut self, path: &str, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()>
    where
        Self: Sized,
    {
        let mut file = self.create(path)?;
        write(&mut file)?;
        self.close(file)
    }
}

/// What a pack may not be, found while it is read.
pub(super) fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}
