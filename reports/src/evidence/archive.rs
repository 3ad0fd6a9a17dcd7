//! A pack as one `.tar.zst`: the same files, the same bytes, the manifest first.

use super::files::{Files, wrong};
use super::layout::{LARGEST_MANIFEST, is_known};
use super::stamp;
use crate::received::bytes::Bounded;
use crate::seal::format::Format;
use crate::seal::manifest::{self, Manifest};
use crate::text::visible;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use ruzstd::encoding::{CompressionLevel, compress};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::rc::Rc;

/// Of a tar: headers and files are padded to blocks, two empty ones end it, and some programs fill up to twenty.
const BLOCK: u64 = 512;
const END: u64 = 22 * BLOCK;

/// What an archive may hold: what its manifest lists, each file of the size stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed(BTreeMap<String, u64>);

impl Listed {
    /// The files of a manifest, itself of so many bytes among them.
    pub fn new(manifest: &Manifest, bytes: u64) -> Self {
        let files = manifest.files.iter().map(|entry| (entry.path.clone(), entry.bytes));
        Self(files.chain([(manifest::PATH.to_string(), bytes)]).collect())
    }

    /// Bytes of the tar at most.
    pub fn unpacked(&self) -> u64 {
        let padded = |bytes: u64| bytes.div_ceil(BLOCK).saturating_mul(BLOCK).saturating_add(BLOCK);
        // A time-stamp may lie beside them.
        self.0.values().fold(END + padded(stamp::LARGEST), |sum, bytes| sum.saturating_add(padded(*bytes)))
    }
}

/// The tar of a pack: the manifest, then sorted paths; no owner, no time.
pub fn tar(files: &dyn Files, sizes: &dyn Fn(&str) -> io::Result<u64>, out: &mut dyn Write) -> io::Result<()> {
    let mut builder = tar::Builder::new(out);
    let mut paths = files.paths()?;
    paths.sort_by(|a, b| (a != manifest::PATH, a).cmp(&(b != manifest::PATH, b)));
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
    failed.take().map_or(Ok(()), Err)
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

type Unsqueezed<R> = Bounded<StreamingDecoder<R, FrameDecoder>>;

const NO_ARCHIVE: &str = "is not a .tar.zst: name a pack's folder, or its archive FILE.tar.zst";

fn opened<R: Read>(archive: R, most: u64) -> io::Result<tar::Archive<Unsqueezed<R>>> {
    let decoder = StreamingDecoder::new(archive).map_err(|_| wrong(NO_ARCHIVE))?;
    Ok(tar::Archive::new(Bounded::new(decoder, most)))
}

/// The manifest in an archive, and whether it is the first file, as in every format but the oldest. What stands before
/// it must bear the name of a file of packs; no more than `most` bytes are unpacked on the way.
///
/// # Errors
/// Where the archive cannot be read that far, or has no manifest.
pub fn manifest(archive: impl Read, most: u64) -> io::Result<(Vec<u8>, bool)> {
    let mut archive = opened(archive, most)?;
    for (place, entry) in archive.entries()?.raw(true).enumerate() {
        let mut entry = entry?;
        let path = plain_path(&entry)?;
        if path == manifest::PATH {
            if entry.size() > LARGEST_MANIFEST {
                return Err(wrong(format!("{path}: no manifest is larger than {LARGEST_MANIFEST} bytes")));
            }
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            return Ok((bytes, place == 0));
        }
        if !is_known(&path, Format::NEWEST) {
            return Err(wrong(format!("{}: is not a file of a pack", visible(&path))));
        }
    }
    Err(wrong("holds no manifest.json: this is not a pack"))
}

/// The path of an entry. Refused is what other programs may unpack otherwise than this one: links, extended headers,
/// odd paths.
fn plain_path<R: Read>(entry: &tar::Entry<'_, R>) -> io::Result<String> {
    let path = entry.path()?.to_str().map(String::from).ok_or_else(|| wrong("a path is not UTF-8"))?;
    if entry.header().entry_type() != tar::EntryType::Regular {
        return Err(wrong(format!("{}: is not a plain file; the archive of a pack lists files only", visible(&path))));
    }
    let odd = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.contains(['\\', ':']) || path.contains(char::is_control) || path.split('/').any(odd) {
        return Err(wrong(format!("{}: is not a path inside a pack", visible(&path))));
    }
    Ok(path)
}

/// Hands every file of an archive to `each`. Refused, before a byte of it is unpacked, is a file that the manifest does
/// not list, or not of that size; a file that stands there twice; anything behind the last file.
pub fn unpack(
    archive: impl Read,
    listed: &Listed,
    each: &mut dyn FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    let mut archive = opened(archive, listed.unpacked())?;
    let mut seen = BTreeSet::new();
    // Raw: a header that renames or reshapes the file after it is an entry like any other, and no file.
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        let path = plain_path(&entry)?;
        match listed.0.get(&path) {
            None if path == stamp::PATH && entry.size() <= stamp::LARGEST => {}
            None => return Err(wrong(format!("{}: is in the archive but not in the manifest", visible(&path)))),
            Some(stated) if entry.size() != *stated => {
                let held = entry.size();
                return Err(wrong(format!("{path}: has {held} bytes, the manifest states {stated}")));
            }
            Some(_) => {}
        }
        if !seen.insert(path.clone()) {
            return Err(wrong(format!("{path}: stands in the archive twice")));
        }
        each(&path, &mut entry)?;
    }
    ended(archive.into_inner())
}

/// Past the last file there are zeros only, and no further frame: other programs would unpack what stands there.
fn ended<R: Read>(mut rest: Unsqueezed<R>) -> io::Result<()> {
    let hidden = || wrong("something stands behind the last file of the archive");
    let mut block = [0_u8; 8_192];
    loop {
        match rest.read(&mut block)? {
            0 => break,
            n if block[..n].iter().any(|byte| *byte != 0) => return Err(hidden()),
            _ => {}
        }
    }
    let (source, decoder) = rest.into_inner().into_parts();
    same_content(&decoder)?;
    if io::copy(&mut source.take(1), &mut io::sink())? > 0 { Err(hidden()) } else { Ok(()) }
}

/// The checksum of the frame, where it states one: older archives of packs do not.
fn same_content(read: &FrameDecoder) -> io::Result<()> {
    match (read.get_checksum_from_data(), read.get_calculated_checksum()) {
        (Some(stated), Some(found)) if stated != found => {
            Err(wrong(format!("its content has the checksum {found:08x}, it states {stated:08x}: bytes were changed")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufRead;

    struct Three;

    impl Files for Three {
        fn paths(&self) -> io::Result<Vec<String>> {
            Ok(vec!["results.json".into(), "inputs/factors.csv".into(), "manifest.json".into()])
        }

        fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
            Ok(Box::new(bytes(path)))
        }
    }

    fn bytes(path: &str) -> &'static [u8] {
        match path {
            "results.json" => b"{}",
            "manifest.json" => b"{ }",
            _ => b"fuel\ngas\n",
        }
    }

    fn listed() -> Listed {
        let paths = ["results.json", "inputs/factors.csv", "manifest.json"];
        Listed(paths.into_iter().map(|path| (path.to_string(), bytes(path).len() as u64)).collect())
    }

    fn tarred() -> Vec<u8> {
        let mut out = Vec::new();
        tar(&Three, &|path| Ok(bytes(path).len() as u64), &mut out).expect("memory");
        out
    }

    fn squeezed(tar: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        squeeze(tar, &mut out).expect("memory");
        out
    }

    fn unpacked(archive: &[u8], listed: &Listed) -> Result<Vec<(String, Vec<u8>)>, String> {
        let mut files = Vec::new();
        let mut take = |name: &str, from: &mut dyn Read| -> io::Result<()> {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes)?;
            files.push((name.to_string(), bytes));
            Ok(())
        };
        unpack(archive, listed, &mut take).map_err(|e| e.to_string())?;
        Ok(files)
    }

    fn refused(archive: &[u8], listed: &Listed, why: &str) {
        let what = unpacked(archive, listed).expect_err(why);
        assert!(what.contains(why), "{what}");
    }

    /// A tar of one entry.
    fn one(path: &str, kind: tar::EntryType, bytes: &[u8]) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        header.set_path(path).expect("short");
        header.set_size(bytes.len() as u64);
        header.set_entry_type(kind);
        header.set_cksum();
        let mut builder = tar::Builder::new(Vec::new());
        builder.append(&header, bytes).expect("memory");
        builder.into_inner().expect("memory")
    }

    #[test]
    fn the_manifest_comes_first_and_files_come_back_sorted() {
        let tar = tarred();
        let files: Vec<(String, Vec<u8>)> = ["manifest.json", "inputs/factors.csv", "results.json"]
            .map(|path| (path.to_string(), bytes(path).to_vec()))
            .to_vec();
        assert_eq!(unpacked(&squeezed(&tar), &listed()), Ok(files.clone()));
        let padded = [tar.clone(), vec![0; 9_216]].concat();
        assert_eq!(unpacked(&squeezed(&padded), &listed()), Ok(files));
        let (found, first) = manifest(squeezed(&tar).as_slice(), 1 << 20).expect("found");
        assert_eq!((found.as_slice(), first), (bytes("manifest.json"), true));
    }

    #[test]
    fn nothing_stands_behind_the_last_file() {
        let (tar, listed) = (tarred(), listed());
        let open = &tar[..tar.len() - 1_024];
        // Other programs unpack the second frame over the first.
        refused(&[squeezed(open), squeezed(&tar)].concat(), &listed, "behind the last file");
        refused(&[squeezed(&tar), b"x".to_vec()].concat(), &listed, "behind the last file");
        refused(&squeezed(&[&tar[..], &tar[..]].concat()), &listed, "behind the last file");
        refused(&squeezed(&[open, &tar[..]].concat()), &listed, "twice");
    }

    /// RFC 8878: four bytes behind the last block, announced by the third bit of the descriptor behind the magic number.
    #[test]
    fn the_checksum_of_an_archive_holds() {
        let (archive, listed) = (squeezed(&tarred()), listed());
        assert_eq!(archive[4] & 4, 4, "packs are written with one");
        for back in 1..=4 {
            let mut changed = archive.clone();
            let at = changed.len() - back;
            changed[at] ^= 0x10;
            refused(&changed, &listed, "its content has the checksum");
            refused(&archive[..at], &listed, "checksum");
        }
        // Programs that write none are taken at their word, as packs were before.
        let mut without = archive.clone();
        without[4] &= !4;
        without.truncate(archive.len() - 4);
        assert_eq!(unpacked(&without, &listed), unpacked(&archive, &listed));
    }

    #[test]
    fn only_plain_files_are_taken() {
        use tar::EntryType::{Directory, GNULongName, GNUSparse, Link, Symlink, XGlobalHeader, XHeader};
        for kind in [Directory, GNULongName, GNUSparse, Link, Symlink, XGlobalHeader, XHeader] {
            let archive = squeezed(&one("results.json", kind, b""));
            refused(&archive, &listed(), "is not a plain file");
            let what = manifest(archive.as_slice(), 1 << 20).expect_err("no plain file").to_string();
            assert!(what.contains("is not a plain file"), "{what}");
        }
    }

    #[test]
    fn nothing_is_unpacked_that_the_manifest_does_not_state() {
        use tar::EntryType::Regular;
        let larger = squeezed(&one("results.json", Regular, b"{ }"));
        refused(&larger, &listed(), "has 3 bytes, the manifest states 2");
        refused(&squeezed(&one("notes.txt", Regular, b"hi")), &listed(), "notes.txt: is in the archive but not in");
        let message =
            |tar: &[u8], most: u64| manifest(squeezed(tar).as_slice(), most).expect_err("refused").to_string();
        assert!(
            message(&one("notes\u{202e}.txt", Regular, b"hi"), 1 << 20).starts_with("notes<U+202E>.txt: is not a file")
        );
        assert!(message(&one("results.json", Regular, b"{}"), 1 << 20).contains("holds no manifest.json"));
        // Gibibytes of zeros are a few kilobytes: they are let go of where they pass what so small an archive may hold.
        let bomb = one("allocations.csv", Regular, &vec![0; 4 << 20]);
        assert!(squeezed(&bomb).len() < 4 << 10);
        assert!(message(&bomb, 1 << 20).contains("unpacks to more bytes than it may hold"));
    }
}
