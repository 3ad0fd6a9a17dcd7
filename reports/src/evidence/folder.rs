//! The verifier's file reading: the one place in this crate that opens anything.

use super::format::Format;
use super::manifest::Manifest;
use super::proof::{self, Proof};
use super::said::{self, Lines};
use super::verify::{Files, Trust, manifest_of, verify};
use super::{archive, sign::PublicKey};
use crate::received::bytes::unpacked;
use crate::time::{format_instant, parse_instant};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
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

    pub fn size(&self, path: &str) -> io::Result<u64> {
        Ok(std::fs::metadata(self.root.join(path))?.len())
    }
}

fn wrong(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Files for Folder {
    /// Every regular file by its path with `/`; anything else is refused.
    fn paths(&self) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        let mut open = vec![(self.root.clone(), String::new())];
        while let Some((folder, prefix)) = open.pop() {
            let entries = std::fs::read_dir(&folder)?.collect::<io::Result<Vec<_>>>()?;
            if entries.is_empty() && !prefix.is_empty() {
                return Err(wrong(format!("{prefix}: an empty folder is no part of a pack")));
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
    use std::io::{Seek, SeekFrom};
    let folder = Folder::new(dir);
    {
        let mut tar = io::BufWriter::new(&mut *scratch);
        archive::tar(&folder, &|path| folder.size(path), &mut tar)?;
        tar.flush()?;
    }
    scratch.seek(SeekFrom::Start(0))?;
    archive::squeeze(BufReader::new(scratch), out)?;
    out.flush()
}

/// A pack to be looked at: a folder, or an archive unpacked to a folder of its own that goes away with this.
#[derive(Debug)]
pub struct Opened {
    folder: Folder,
    unpacked: Option<PathBuf>,
}

impl Drop for Opened {
    fn drop(&mut self) {
        if let Some(dir) = &self.unpacked {
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}

impl Opened {
    pub fn open(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Ok(Self { folder: Folder::new(path), unpacked: None });
        }
        if !path.is_file() {
            return Err(wrong("is neither a pack's folder nor its archive".into()));
        }
        let listed = listed(path)?;
        let dir = new_folder()?;
        let opened = Self { folder: Folder::new(&dir), unpacked: Some(dir.clone()) };
        archive::unpack(BufReader::new(File::open(path)?), &listed, &mut |name, from| {
            let target = dir.join(name);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent)?;
            }
            let mut file = File::create_new(target)?;
            io::copy(from, &mut file).map(|_| ())
        })?;
        Ok(opened)
    }

    pub fn files(&self) -> &Folder {
        &self.folder
    }
}

/// What an archive may hold by its manifest, which is read before anything is unpacked.
fn listed(path: &Path) -> io::Result<archive::Listed> {
    let file = File::open(path)?;
    let most = unpacked(file.metadata()?.len());
    let (bytes, first) = archive::manifest(BufReader::new(file), most)?;
    let manifest = Manifest::parse(&bytes).map_err(|e| wrong(e.to_string()))?;
    if manifest.format() >= Format::V3 && !first {
        return Err(wrong("manifest.json is not the first file of the archive".into()));
    }
    let listed = archive::Listed::of(&manifest, bytes.len() as u64);
    if listed.unpacked() > most {
        let stated = listed.unpacked();
        return Err(wrong(format!("its manifest states {stated} bytes: no pack is squeezed into so small an archive")));
    }
    Ok(listed)
}

/// A folder that nobody else has, private to its owner.
fn new_folder() -> io::Result<PathBuf> {
    for attempt in 0..1_000_u32 {
        let dir = std::env::temp_dir().join(format!("hourmatch-verify-{}-{attempt}", std::process::id()));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(&dir) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
            Ok(()) => return Ok(dir),
        }
    }
    Err(io::Error::other("no temporary folder can be made"))
}

/// Certificates of time-stamping authorities from a file.
pub fn authorities(path: &str) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|e| format!("{path}: {e}"))?;
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, 1 << 20), &mut bytes).map_err(|e| format!("{path}: {e}"))?;
    Ok(bytes)
}

/// The root of a pack by its manifest; nothing of the pack is checked.
pub fn root_of(path: &Path) -> Result<super::digest::Hash, String> {
    let opened = Opened::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (manifest, _) = manifest_of(opened.files()).map_err(|e| e.to_string())?;
    Ok(manifest.root())
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
    let file = File::open(text).map_err(|e| format!("{text}: {e}"))?;
    let mut line = String::new();
    io::Read::take(file, 4_096).read_to_string_lossy(&mut line).map_err(|e| format!("{text}: {e}"))?;
    PublicKey::parse(&line).map_err(|e| format!("{text}: {e}"))
}

/// Reads text that may be anything.
trait Lossy {
    fn read_to_string_lossy(self, into: &mut String) -> io::Result<()>;
}

impl<R: io::Read> Lossy for R {
    fn read_to_string_lossy(mut self, into: &mut String) -> io::Result<()> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        into.push_str(&String::from_utf8_lossy(&bytes));
        Ok(())
    }
}

/// Verifies a pack and says in words what held or did not; true when all held.
pub fn check(path: &Path, trust: &Trust, out: &mut dyn Write) -> io::Result<bool> {
    let mut lines = Lines(out);
    let opened = match Opened::open(path) {
        Ok(opened) => opened,
        Err(error) => {
            lines.say(format!("FAILED: {}: {error}", path.display()))?;
            return Ok(false);
        }
    };
    match verify(opened.files(), trust) {
        Ok(verified) => said::verified(&verified, &mut lines).map(|()| true),
        Err(findings) => said::failed(&findings, &mut lines).map(|()| false),
    }
}

/// `SITE@START` from the command line, the start as packs write it: an instant with another offset is the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteHour {
    pub site: String,
    pub start: String,
}

impl SiteHour {
    pub fn parse(text: &str) -> Result<Self, String> {
        let (site, start) = text
            .split_once('@')
            .filter(|(site, _)| !site.is_empty())
            .ok_or("write SITE@START, such as ashburn@2022-01-01T00:00:00Z")?;
        let start = parse_instant(start).map(format_instant).map_err(|e| e.to_string())?;
        Ok(Self { site: site.into(), start })
    }
}

/// The proof of one site-hour of a pack, as JSON.
pub fn prove(path: &Path, at: &SiteHour, trust: &Trust) -> Result<String, String> {
    let opened = Opened::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (manifest, _) = manifest_of(opened.files()).map_err(|e| e.to_string())?;
    let proof = proof::prove(opened.files(), &manifest, &at.site, &at.start, trust).map_err(|e| e.to_string())?;
    serde_json::to_string_pretty(&proof).map(|text| text + "\n").map_err(|e| e.to_string())
}

/// Checks a proof and says what it shows; true when it holds.
pub fn check_proof(path: &Path, trust: &Trust, out: &mut dyn Write) -> io::Result<bool> {
    let mut lines = Lines(out);
    let mut text = String::new();
    let read = File::open(path).and_then(|file| io::Read::take(file, 64 << 20).read_to_string_lossy(&mut text));
    let parsed = read
        .map_err(|e| e.to_string())
        .and_then(|()| serde_json::from_str::<Proof>(&text).map_err(|e| format!("is not a proof: {e}")));
    let held =
        parsed.and_then(|proof| proof::check(&proof, trust).map(|shown| (proof, shown)).map_err(|e| e.to_string()));
    match held {
        Ok((proof, shown)) => said::proof(&proof, &shown, &mut lines).map(|()| true),
        Err(what) => lines.say(format!("FAILED: {}: {what}", path.display())).map(|()| false),
    }
}
