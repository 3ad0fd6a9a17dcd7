//! Opening files: hashed on the way, unpacked where they are gzip, to no more than their bytes can hold.

use crate::error::Fault;
use indicatif::{ProgressBar, ProgressStyle};
use reports::received::bytes::{self, Bounded};
use reports::text::visible;
use reports::words::io_reason;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// Hash and size of the raw file, complete once it is read to its end.
#[derive(Debug, Clone, Default)]
pub struct Digested(Rc<RefCell<(Sha256, u64)>>);

impl Digested {
    pub fn finish(&self) -> (String, u64) {
        let inner = self.0.borrow();
        (hex::encode(inner.0.clone().finalize()), inner.1)
    }
}

struct Hashing {
    file: File,
    digested: Digested,
    bar: ProgressBar,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let mut inner = self.digested.0.borrow_mut();
        inner.0.update(&buffer[..read]);
        inner.1 += read as u64;
        self.bar.inc(read as u64);
        Ok(read)
    }
}

/// A file opened for parsing.
pub struct Opened {
    pub reader: Box<dyn Read>,
    pub digested: Digested,
    pub bar: ProgressBar,
}

pub fn open(path: &Path, progress: bool) -> Result<Opened, Fault> {
    let refuse = |what: String| Fault::new(what).file(path.display());
    let file =
        File::open(path).map_err(|e| refuse(format!("cannot be opened: {}", io_reason(&e))).hint("check the path"))?;
    let metadata = file.metadata().map_err(|e| unreadable(&e, path))?;
    if metadata.is_dir() {
        return Err(refuse("is a folder".into()).hint("name the files in it"));
    }
    if metadata.len() == 0 {
        return Err(refuse("is empty".into()).hint("give a file that starts with a header"));
    }
    let bar = if progress { progress_bar(metadata.len(), path) } else { ProgressBar::hidden() };
    let digested = Digested::default();
    let hashing = Hashing { file, digested: digested.clone(), bar: bar.clone() };
    let raw = BufReader::with_capacity(1 << 16, hashing);
    let text = bytes::plain(raw).map_err(|e| unreadable(&e, path))?;
    // As the verifier bounds it: what is taken in here is read again there.
    let text = Bounded::new(text, bytes::unpacked(metadata.len()));
    Ok(Opened { reader: Box::new(text), digested, bar })
}

fn progress_bar(bytes: u64, path: &Path) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
    bar.set_message(path.file_name().map(|n| visible(&n.to_string_lossy()).into_owned()).unwrap_or_default());
    bar
}

/// A file that broke off.
pub fn unreadable(error: &io::Error, path: &Path) -> Fault {
    Fault::new(format!("cannot be read: {}", io_reason(error))).file(path.display())
}
