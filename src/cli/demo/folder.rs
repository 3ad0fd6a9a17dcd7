//! The demo's folder: made anew where everything in it is still as a demo of ours left it.

use super::feeds;
use crate::cli::common::{Fault, io_reason};
use crate::outputs::{Paths, folders};
use reports::evidence::digest::sha256_hex;
use std::collections::BTreeMap;
use std::path::Path;

/// A folder with this file is a demo of ours; it names the files that people edit, and what they held.
const MARKER: &str = ".hourmatch-demo";
const FIRST_LINE: &str = "made by `hourmatch demo`; it may be made anew while these are as they were";
pub const PORTFOLIO_FILE: &str = "hourmatch.toml";
const PORTFOLIO: &str = include_str!("../../../fixtures/demo/hourmatch.toml");
const WORK: &str = "work.csv";
pub const FEEDS: [&str; 2] = ["feeds/readings.csv", "feeds/forecasts.csv"];
/// What is made from those.
const MADE: [&str; 8] = [
    "hourmatch.db",
    "hourmatch.db-wal",
    "hourmatch.db-shm",
    "hourmatch.db-journal",
    "plan.html",
    "report.html",
    "pack",
    "feeds",
];

/// Makes the folder with its portfolio, work list and feeds, clearing an earlier demo; anything else in it is left alone.
///
/// # Errors
/// A folder of something else, and a demo that somebody has edited: nothing is touched then.
pub fn prepare(dir: &Path) -> anyhow::Result<()> {
    let refuse = |what: &str| Fault::new(what).file(dir.display()).hint("name another folder: hourmatch demo DIR");
    if dir.exists() {
        if !dir.is_dir() {
            return Err(refuse("is not a folder").into());
        }
        if std::fs::read_dir(dir)?.next().is_some() {
            let Ok(marker) = std::fs::read_to_string(dir.join(MARKER)) else {
                return Err(refuse("holds something that is not part of a demo; nothing was changed").into());
            };
            unedited(dir, &marker)?;
        }
        folders::clear(dir, &MADE)?;
        folders::clear(dir, &[PORTFOLIO_FILE, WORK])?;
    }
    folders::make(dir.join("feeds")).map_err(|e| refuse(&format!("cannot be made: {}", io_reason(&e))))?;
    let texts = texts();
    let hashes = texts.iter().map(|(name, text)| format!("{}  {name}\n", sha256_hex(text.as_bytes())));
    write(&dir.join(MARKER), format!("{FIRST_LINE}\n{}", hashes.collect::<String>()).as_bytes())?;
    Ok(texts.iter().try_for_each(|(name, text)| write(&dir.join(name), text.as_bytes()))?)
}

/// What people may edit.
fn texts() -> [(&'static str, String); 4] {
    let [readings, forecasts] = FEEDS;
    [
        (PORTFOLIO_FILE, PORTFOLIO.to_string()),
        (WORK, feeds::work()),
        (readings, feeds::readings()),
        (forecasts, feeds::forecasts()),
    ]
}

/// A demo made before hashes were kept held what this one would write.
fn unedited(dir: &Path, marker: &str) -> Result<(), Fault> {
    let named: BTreeMap<&str, &str> =
        marker.lines().filter_map(|line| line.split_once("  ")).map(|(h, n)| (n, h)).collect();
    for (name, text) in texts() {
        let path = dir.join(name);
        let Ok(held) = std::fs::read(&path) else { continue };
        let wanted = named.get(name).map_or_else(|| sha256_hex(text.as_bytes()), |hash| (*hash).to_string());
        if sha256_hex(&held) != wanted {
            return Err(Fault::conflict("was edited since the demo was made; nothing was changed")
                .file(path.display())
                .hint("keep it elsewhere, or name another folder: hourmatch demo DIR"));
        }
    }
    Ok(())
}

pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    Paths::default().write_bytes(path, bytes)
}
