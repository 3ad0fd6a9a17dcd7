//! A pack as one `.tar.zst`: the same files, the same bytes.

use super::verify::Files;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use ruzstd::encoding::{CompressionLevel, compress};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::rc::Rc;

/// What an archive may unpack to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub bytes: u64,
    pub files: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { bytes: 64 << 30, files: 1_000_000 }
    }
}

fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

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

/// Hands every file of an archive to `each`. Refused is what other programs may unpack otherwise than this one: links,
/// extended headers, odd paths, files twice, anything behind the last file; and anything past the bounds.
pub fn unpack(
    archive: impl Read,
    bounds: Bounds,
    each: &mut dyn FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    let decoder = StreamingDecoder::new(archive).map_err(|e| wrong(format!("is not a .tar.zst: {e}")))?;
    let mut archive = tar::Archive::new(Bounded { inner: decoder, left: bounds.bytes });
    each_file(&mut archive, bounds.files, each)?;
    ended(archive.into_inner())
}

fn each_file<R: Read>(
    archive: &mut tar::Archive<R>,
    most: usize,
    each: &mut dyn FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    let mut seen = BTreeSet::new();
    // Raw: a header that renames or reshapes the file after it is an entry like any other, and no file.
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        let path = entry.path()?.to_str().map(String::from).ok_or_else(|| wrong("a path is not UTF-8"))?;
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(wrong(format!("{path}: is no plain file; the archive of a pack lists files only")));
        }
        let odd = |part: &str| part.is_empty() || part == "." || part == "..";
        if path.contains(['\\', ':']) || path.contains(char::is_control) || path.split('/').any(odd) {
            return Err(wrong(format!("{path}: is no path inside a pack")));
        }
        if !seen.insert(path.clone()) {
            return Err(wrong(format!("{path}: stands in the archive twice")));
        }
        if seen.len() > most {
            return Err(wrong(format!("holds more than {most} files")));
        }
        each(&path, &mut entry)?;
    }
    Ok(())
}

/// Past the last file there are zeros only, and no further frame: other programs would unpack what stands there.
fn ended<R: Read>(mut rest: Bounded<StreamingDecoder<R, FrameDecoder>>) -> io::Result<()> {
    let hidden = || wrong("something stands behind the last file of the archive");
    let mut block = [0_u8; 8_192];
    loop {
        match rest.read(&mut block)? {
            0 => break,
            n if block[..n].iter().any(|byte| *byte != 0) => return Err(hidden()),
            _ => {}
        }
    }
    let source = rest.inner.into_inner();
    if io::copy(&mut source.take(1), &mut io::sink())? > 0 { Err(hidden()) } else { Ok(()) }
}

/// Gives no more than so many bytes, and says so.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        let left = self.left.checked_sub(n as u64);
        self.left = left.ok_or_else(|| wrong("unpacks to more bytes than the archive of a pack may hold"))?;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufRead;

    struct Two;

    impl Files for Two {
        fn paths(&self) -> io::Result<Vec<String>> {
            Ok(vec!["results.json".into(), "inputs/factors.csv".into()])
        }

        fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
            let bytes: &[u8] = if path == "results.json" { b"{}" } else { b"fuel\ngas\n" };
            Ok(Box::new(bytes))
        }
    }

    fn tarred() -> Vec<u8> {
        let mut out = Vec::new();
        tar(&Two, &|path| Ok(if path == "results.json" { 2 } else { 9 }), &mut out).expect("memory");
        out
    }

    fn squeezed(tar: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        squeeze(tar, &mut out).expect("memory");
        out
    }

    fn unpacked(archive: &[u8], bounds: Bounds) -> Result<Vec<(String, Vec<u8>)>, String> {
        let mut files = Vec::new();
        let mut take = |name: &str, from: &mut dyn Read| -> io::Result<()> {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes)?;
            files.push((name.to_string(), bytes));
            Ok(())
        };
        unpack(archive, bounds, &mut take).map_err(|e| e.to_string())?;
        Ok(files)
    }

    fn refused(archive: &[u8], bounds: Bounds, why: &str) {
        let what = unpacked(archive, bounds).expect_err(why);
        assert!(what.contains(why), "{what}");
    }

    #[test]
    fn files_come_back_sorted() {
        let tar = tarred();
        let files = vec![
            ("inputs/factors.csv".to_string(), b"fuel\ngas\n".to_vec()),
            ("results.json".to_string(), b"{}".to_vec()),
        ];
        assert_eq!(unpacked(&squeezed(&tar), Bounds::default()), Ok(files.clone()));
        let padded = [tar, vec![0; 9_216]].concat();
        assert_eq!(unpacked(&squeezed(&padded), Bounds::default()), Ok(files));
    }

    #[test]
    fn nothing_stands_behind_the_last_file() {
        let (tar, bounds) = (tarred(), Bounds::default());
        let open = &tar[..tar.len() - 1_024];
        // Other programs unpack the second frame over the first.
        refused(&[squeezed(open), squeezed(&tar)].concat(), bounds, "behind the last file");
        refused(&[squeezed(&tar), b"x".to_vec()].concat(), bounds, "behind the last file");
        refused(&squeezed(&[&tar[..], &tar[..]].concat()), bounds, "behind the last file");
        refused(&squeezed(&[open, &tar[..]].concat()), bounds, "twice");
    }

    #[test]
    fn only_plain_files_are_taken() {
        use tar::EntryType::{Directory, GNULongName, GNUSparse, Link, Symlink, XGlobalHeader, XHeader};
        for kind in [Directory, GNULongName, GNUSparse, Link, Symlink, XGlobalHeader, XHeader] {
            let mut header = tar::Header::new_gnu();
            header.set_path("odd").expect("short");
            header.set_size(0);
            header.set_entry_type(kind);
            header.set_cksum();
            let mut builder = tar::Builder::new(Vec::new());
            builder.append(&header, io::empty()).expect("memory");
            let tar = builder.into_inner().expect("memory");
            refused(&squeezed(&tar), Bounds::default(), "is no plain file");
        }
    }

    #[test]
    fn bounds_are_kept() {
        let tar = tarred();
        let (archive, bytes) = (squeezed(&tar), tar.len() as u64);
        assert!(unpacked(&archive, Bounds { bytes, files: 2 }).is_ok());
        refused(&archive, Bounds { bytes: bytes - 1, files: 2 }, "more bytes");
        refused(&archive, Bounds { bytes, files: 1 }, "more than 1 files");
    }
}
