//! Data files that lie beside a new portfolio, each with the line that ingests it.

use crate::cli::output::Output;
use crate::cli::shell;
use crate::ingest::recognise::{self, recognise};
use crate::ingest::tables;
use reports::received::feeds::{Asks, Feed};
use reports::received::forms::{Export, Places, propose};
use std::collections::BTreeMap;
use std::path::Path;

const ENDINGS: [&str; 6] = ["csv", "gz", "xml", "txt", "xlsx", "parquet"];
const MOST: usize = 20;

/// Says how to ingest what lies in the folder of a portfolio; nothing where nothing is found.
pub fn say(out: &Output, portfolio: &Path) {
    let folder = portfolio.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let ending = |path: &Path| path.extension().and_then(|e| e.to_str()).is_some_and(|e| ENDINGS.contains(&e));
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| ending(path)).collect();
    files.sort();
    let lines: Vec<String> = files.iter().take(MOST).filter_map(|file| line(file)).collect();
    if lines.is_empty() {
        return;
    }
    out.say("data files beside it:");
    lines.iter().for_each(|line| out.say(line));
}

fn line(file: &Path) -> Option<String> {
    let name = shell::file(file.file_name()?.to_str()?);
    let first = match tables::read(file, None) {
        Ok(None) => recognise::first(file).ok()?,
        Ok(Some(table)) => table.csv,
        Err(problem) => return Some(format!("  {name} {}", problem.what)),
    };
    let found = recognise(&first, &BTreeMap::new());
    Some(if let Some(export) = found.exports.first() {
        format!("  hourmatch ingest {name}{}      # {}", asked(*export), export.title)
    } else if let Some(feed) = found.feeds.first() {
        format!("  hourmatch ingest {name}{}      # {}", told(*feed), feed.about().name)
    } else if found.own {
        format!("  hourmatch ingest {name}")
    } else if !propose(&first, &[], &Places::default()).is_some_and(|proposal| proposal.has_series()) {
        // Nothing that could be readings, such as notes.
        return None;
    } else {
        format!("  hourmatch ingest --explain {name}      # proposes how to read it")
    })
}

fn asked(export: Export) -> String {
    export.asks().iter().map(|asked| format!(" --{asked} {}", asked.to_uppercase())).collect()
}

fn told(feed: Feed) -> &'static str {
    match feed.about().asks {
        Asks::Nothing | Asks::Issued => " --area AREA",
        Asks::Label => " --area AREA --label start",
    }
}
