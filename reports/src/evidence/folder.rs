//! The verifier's file reading: the one place in this crate that opens anything.

use super::archive;
use super::files::{Files, Finding, wrong};
use super::proof::{self, Proof};
use super::trust::Trust;
use super::verdict::Verdict;
use super::verify::{manifest_of, verify};
use crate::received::bytes::unpacked;
use crate::seal::format::Format;
use crate::seal::manifest::Manifest;
use crate::seal::sign::PublicKey;
use crate::text::clip;
use crate::time::Instant;
use crate::words::io_reason;
use ids::SiteId;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// A pack's folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub fn new(root: &Path) -> Self {
        Self { root: root.into() }
    }
}

impl Files for Folder {
    /// Every regular file by its path with `/`; anything else is refused.
    fn paths(&self) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        let mut open = vec![(self.root.clone(), String::new())];
        while let Some((folder, prefix)) = open.pop() {
            let entries = std::fs::read_dir(&folder)?.collect::<io::Result<Vec<_>>>()?;
            if entries.is_empty() && !prefix.is_empty() {
                return Err(wrong(format!("{prefix}: an empty folder is not part of a pack")));
            }
            for entry in entries {
                let name = entry.file_name();
                let name =
                    name.to_str().ok_or_else(|| wrong(format!("{}: name is not UTF-8", entry.path().display())))?;
                let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}/{name}") };
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    open.push((entry.path(), path));
                } else if kind.is_file() {
                    files.push(path);
                } else {
                    return Err(wrong(format!("{path}: neither a file nor a folder; packs hold no links")));
                }
            }
        }
        files.sort();
        Ok(files)
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        let full = self.root.join(path);
        if !std::fs::symlink_metadata(&full)?.is_file() {
            return Err(wrong(format!("{path}: is not a file")));
        }
        Ok(Box::new(BufReader::with_capacity(1 << 18, File::open(full)?)))
    }
}

/// A pack's folder as one `.tar.zst`, by way of a tar in `scratch`.
pub fn pack_up(dir: &Path, scratch: &mut File, out: &mut dyn Write) -> io::Result<()> {
    let folder = Folder::new(dir);
    {
        let mut tar = io::BufWriter::new(&mut *scratch);
        archive::tar(&folder, &|path| Ok(std::fs::metadata(dir.join(path))?.len()), &mut tar)?;
        tar.flush()?;
    }
    scratch.rewind()?;
    archive::squeeze(BufReader::new(scratch), out)?;
    out.flush()
}

/// A pack to be looked at: a folder, or an archive unpacked.
fn opened(path: &Path) -> io::Result<Box<dyn Files>> {
    if path.is_dir() {
        return Ok(Box::new(Folder::new(path)));
    }
    if !path.is_file() {
        return Err(wrong("is neither a pack's folder nor its archive"));
    }
    if let Some(folder) = folder_of(path) {
        return Err(wrong(format!("is one file of a pack: name the pack's folder, {}", named(folder))));
    }
    let listed = listed(path)?;
    let mut unpacked = Unpacked { file: nameless()?, places: BTreeMap::new() };
    let mut end = 0;
    archive::unpack(BufReader::new(File::open(path)?), &listed, &mut |name, from| {
        let bytes = io::copy(from, &mut unpacked.file)?;
        unpacked.places.insert(name.into(), (end, bytes));
        end += bytes;
        Ok(())
    })?;
    Ok(Box::new(unpacked))
}

/// The folder of the pack that a file is a part of; an archive that lies in one is none of its files.
fn folder_of(file: &Path) -> Option<&Path> {
    /// `pack/inputs/received/FILE`
    const DEEPEST: usize = 3;
    if file.extension().is_some_and(|ending| ending == "zst") {
        return None;
    }
    let is_pack = |folder: &&Path| folder.join("manifest.json").is_file() && folder.join("inputs").is_dir();
    let folder = file.ancestors().skip(1).take(DEEPEST).find(is_pack)?;
    Some(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

/// The files of an archive, one behind the other in a file that has no name: whatever ends this, nothing of it stays.
struct Unpacked {
    file: File,
    /// Where each begins, and its bytes.
    places: BTreeMap<String, (u64, u64)>,
}

impl Files for Unpacked {
    fn paths(&self) -> io::Result<Vec<String>> {
        Ok(self.places.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        let (at, left) = *self.places.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(BufReader::with_capacity(1 << 18, Slice { file: &self.file, at, left })))
    }
}

/// One of them being read.
struct Slice<'a> {
    file: &'a File,
    at: u64,
    left: u64,
}

impl Read for Slice<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = read_at(self.file, &mut into[..most], self.at)?;
        if read == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += read as u64;
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}

/// A file of nobody else, private to its owner, that has no name, or one that is gone as soon as the file is there.
fn nameless() -> io::Result<File> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = File::options();
        options.read(true).write(true).custom_flags(libc::O_TMPFILE).mode(0o600);
        // Some file systems know no files without a name.
        if let Ok(file) = options.open(std::env::temp_dir()) {
            return Ok(file);
        }
    }
    for attempt in 0..1_000_u32 {
        let path = std::env::temp_dir().join(format!("hourmatch-verify-{}-{attempt}", std::process::id()));
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
            Ok(file) => return std::fs::remove_file(&path).map(|()| file),
        }
    }
    Err(io::Error::other("no temporary file can be made"))
}

/// What an archive may hold by its manifest, which is read before anything is unpacked.
fn listed(path: &Path) -> io::Result<archive::Listed> {
    let file = File::open(path)?;
    let most = unpacked(file.metadata()?.len());
    let (bytes, first) = archive::manifest(BufReader::new(file), most)?;
    let manifest = Manifest::parse(&bytes).map_err(|e| wrong(e.to_string()))?;
    if manifest.format() >= Format::V3 && !first {
        return Err(wrong("manifest.json is not the first file of the archive"));
    }
    let listed = archive::Listed::new(&manifest, bytes.len() as u64);
    if listed.unpacked() > most {
        let stated = listed.unpacked();
        return Err(wrong(format!("its manifest states {stated} bytes: no pack is squeezed into so small an archive")));
    }
    Ok(listed)
}

/// A path as it is said; a secret key in its place is not said aloud.
fn named(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains("ed25519-secret:") { "a secret key, which names no file".into() } else { text }
}

/// Certificates of time-stamping authorities from a file.
pub fn authorities(path: &str) -> Result<Vec<u8>, String> {
    File::open(path).and_then(|file| first_bytes(file, 1 << 20)).map_err(|e| format!("{path}: {}", io_reason(&e)))
}

/// At most so many bytes of a file.
fn first_bytes(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The same as text, whatever they are.
fn first_text(file: File, most: u64) -> io::Result<String> {
    first_bytes(file, most).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// A pack's manifest; nothing of the pack is checked.
pub fn manifest_at(path: &Path) -> Result<Manifest, String> {
    opened_at(path).map(|(_, manifest)| manifest)
}

fn opened_at(path: &Path) -> Result<(Box<dyn Files>, Manifest), String> {
    let files = opened(path).map_err(|e| format!("{}: {}", named(path), io_reason(&e)))?;
    let (manifest, _) = manifest_of(&*files).map_err(|e| e.to_string())?;
    Ok((files, manifest))
}

/// A public key from the command line: the key itself, or a file that holds it.
pub fn public_key(text: &str) -> Result<PublicKey, String> {
    if text.starts_with("ed25519:") {
        return PublicKey::parse(text).map_err(|e| e.to_string());
    }
    // Not taken for a file's name, which would be said aloud.
    if text.trim_start().starts_with("ed25519-secret:") {
        return Err("is a secret key: give the public one, and keep this one to yourself".into());
    }
    let file = File::open(text).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => format!(
            "`{}` is neither a public key, `ed25519:` with 64 hex digits behind it, nor a file that holds one",
            clip(text)
        ),
        _ => format!("{text}: {}", io_reason(&e)),
    })?;
    let line = first_text(file, 4_096).map_err(|e| format!("{text}: {}", io_reason(&e)))?;
    PublicKey::parse(&line).map_err(|e| format!("{text}: {e}"))
}

/// Verifies a pack.
pub fn check(path: &Path, trust: &Trust) -> Verdict {
    let files = opened(path).map_err(|error| vec![Finding::new(&named(path), io_reason(&error))]);
    files.and_then(|files| verify(&*files, trust)).unwrap_or_else(Verdict::failed)
}

/// `SITE@START` from the command line, the start as packs write it: an instant with another offset is the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteHour {
    pub site: SiteId,
    pub start: String,
}

impl SiteHour {
    pub fn parse(text: &str) -> Result<Self, String> {
        let (site, start) = text
            .split_once('@')
            .filter(|(site, _)| !site.is_empty())
            .ok_or("write SITE@START, such as ashburn@2022-01-01T00:00:00Z")?;
        let start = Instant::parse(start).map(|at| at.to_string()).map_err(|e| e.to_string())?;
        Ok(Self { site: site.into(), start })
    }
}

/// The proof of one site-hour of a pack, as JSON.
pub fn prove(path: &Path, at: &SiteHour, trust: &Trust) -> Result<String, String> {
    let (files, manifest) = opened_at(path)?;
    let proof = proof::prove(&*files, &manifest, &at.site, &at.start, trust).map_err(|e| e.to_string())?;
    serde_json::to_string_pretty(&proof).map(|text| text + "\n").map_err(|e| e.to_string())
}

/// Checks a proof.
pub fn check_proof(path: &Path, trust: &Trust) -> Verdict {
    let read = File::open(path).and_then(|file| first_text(file, 64 << 20)).map_err(|e| io_reason(&e));
    let parsed = read.and_then(|text| serde_json::from_str::<Proof>(&text).map_err(|e| format!("is not a proof: {e}")));
    let held =
        parsed.and_then(|proof| proof::check(&proof, trust).map(|head| (proof, head)).map_err(|e| e.to_string()));
    match held {
        Ok((proof, head)) => Verdict::of_proof(proof, head, trust),
        Err(what) => Verdict::failed(vec![Finding::new(&named(path), what)]),
    }
}
