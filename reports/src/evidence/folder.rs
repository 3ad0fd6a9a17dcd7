//! The verifier's file reading: the one place in this crate that opens anything.

use super::verify::{Verified, verify};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Every regular file below `dir` by its path with `/`; anything else is refused.
pub fn read(dir: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut open = vec![(dir.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        let entries = std::fs::read_dir(&folder)?.collect::<io::Result<Vec<_>>>()?;
        if entries.is_empty() && !prefix.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{prefix}: an empty folder is no part of a pack"),
            ));
        }
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, format!("{}: name is not UTF-8", entry.path().display()))
            })?;
            let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push((entry.path(), path));
            } else if kind.is_file() {
                files.insert(path, std::fs::read(entry.path())?);
            } else {
                let what = format!("{path}: neither a file nor a folder; packs hold no links");
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
        }
    }
    Ok(files)
}

/// Verifies a pack directory and says in words what held or did not; true when all held.
pub fn check(dir: &Path, root: Option<&str>, out: &mut dyn io::Write) -> io::Result<bool> {
    if !dir.is_dir() {
        writeln!(out, "FAILED: {} is not a folder; unpack an archive first and give the folder", dir.display())?;
        return Ok(false);
    }
    let files = match read(dir) {
        Ok(files) => files,
        Err(error) => {
            writeln!(out, "FAILED: {}: {error}", dir.display())?;
            return Ok(false);
        }
    };
    match verify(&files, root) {
        Ok(verified) => say(&verified, out).map(|()| true),
        Err(findings) => {
            for finding in findings.iter().take(20) {
                writeln!(out, "FAILED: {finding}")?;
            }
            if findings.len() > 20 {
                writeln!(out, "FAILED: and {} findings more", findings.len() - 20)?;
            }
            Ok(false)
        }
    }
}

fn say(verified: &Verified, out: &mut dyn io::Write) -> io::Result<()> {
    let report = &verified.report;
    let share = report.portfolio.matched_share.as_deref().unwrap_or("not applicable");
    writeln!(out, "verified: {} files, every figure recomputed from inputs/", verified.files)?;
    writeln!(out, "portfolio {}, {} to {}", report.name, report.period.start, report.period.end)?;
    writeln!(out, "matched share {share}, {} of {} Wh", report.portfolio.matched_wh, report.portfolio.load_wh)?;
    if report.synthetic {
        writeln!(out, "synthetic data: generated, of no real site")?;
    }
    writeln!(out, "root {}", verified.root)?;
    if verified.origin_proved {
        writeln!(out, "origin proved: the root is the one given")
    } else {
        writeln!(out, "integrity only: compare the root with the one published, or give it with --root")
    }
}
