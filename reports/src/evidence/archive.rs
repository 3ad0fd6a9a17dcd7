//! A pack as one `.tar.zst`: the same files, the same bytes.

use super::verify::Files;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress};
use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;

/// An archive never unpacks to more than this.
const MOST_BYTES: u64 = 1 << 40;

/// The tar of a pack: sorted paths, no owner, no time.
pub fn tar(files: &dyn Files, sizes: &dyn Fn(&str) -> io::Result<u64>, out: &mut dyn Write) -> io::Result<()> {
    let mut builder = tar::Builder::new(out);
    let mut paths = files.paths()?;
    paths.sort();
    for path in paths {
        let mut header = tar::Header::new_gnu();
        header.set_size(sizes(&path)?);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_entry_type(tar::EntryType::Regular);
        builder.append_data(&mut header, &path, files.open(&path)?)?;
    }
    builder.finish()
}

/// Compresses a stream.
pub fn squeeze(source: impl Read, out: &mut dyn Write) -> io::Result<()> {
    // The encoder takes no error for an answer, so the first one is kept from it and told afterwards.
    let failed = Rc::new(RefCell::new(None));
    let source = Quiet { inner: source, failed: Rc::clone(&failed) };
    let target = Quiet { inner: out, failed: Rc::clone(&failed) };
    compress(source, target, CompressionLevel::Fastest);
    match failed.take() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

struct Quiet<T> {
    inner: T,
    failed: Rc<RefCell<Option<io::Error>>>,
}

impl<T: Read> Read for Quiet<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.failed.borrow().is_some() {
            return Ok(0);
        }
        self.inner.read(into).or_else(|error| {
            *self.failed.borrow_mut() = Some(error);
            Ok(0)
        })
    }
}

impl<T: Write> Write for Quiet<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.borrow().is_none()
            && let Err(error) = self.inner.write_all(bytes)
        {
            *self.failed.borrow_mut() = Some(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Err(error) = self.inner.flush() {
            self.failed.borrow_mut().get_or_insert(error);
        }
        Ok(())
    }
}

/// Hands every file of an archive to `each`; links, odd paths, files twice and anything past the bound are refused.
pub fn unpack(archive: impl Read, each: &mut dyn FnMut(&str, &mut dyn Read) -> io::Result<()>) -> io::Result<()> {
    let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let decoder = StreamingDecoder::new(archive).map_err(|e| wrong(format!("is not a .tar.zst: {e}")))?;
    let mut archive = tar::Archive::new(decoder.take(MOST_BYTES));
    let mut seen = std::collections::BTreeSet::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_str().map(String::from).ok_or_else(|| wrong("a path is not UTF-8".into()))?;
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(wrong(format!("{path}: neither a file nor a folder; packs hold no links")));
        }
        let odd = |part: &str| part.is_empty() || part == "." || part == "..";
        if path.contains('\\') || path.split('/').any(odd) {
            return Err(wrong(format!("{path}: is no path inside a pack")));
        }
        if !seen.insert(path.clone()) {
            return Err(wrong(format!("{path}: stands in the archive twice")));
        }
        each(&path, &mut entry)?;
    }
    Ok(())
}
