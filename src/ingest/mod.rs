//! Feeds and meters in: a file or a fetched answer is parsed whole, checked, and committed as one revision.

pub mod batch;
pub mod commit;
pub mod fetch;
pub mod files;
pub mod fits;
pub mod gb;
pub mod known;
pub mod merge;
pub mod reject;
pub mod sources;

use crate::error::{Problem, Problems};
use crate::rejects::Rejects;
use crate::store::{Store, Write};
use batch::Batch;
use reports::definitions::Definitions;
use reports::received::Ends;
use serde::Serialize;
use sources::Source;
use std::path::Path;

/// How files are to be read.
#[derive(Debug, Clone)]
pub struct Options {
    pub source: Source,
    /// Time after an interval's end until its reading is published.
    pub delay_s: i64,
    /// Whether good rows are kept where others are bad; otherwise one bad row refuses the whole file.
    pub keep_good: bool,
    pub now_us: i64,
    pub progress: bool,
    /// What readings are held against, and invoices must name a site of; none where a feed's answer is taken as it is.
    pub definitions: Option<Definitions>,
    /// Who takes the files in and why, where stated.
    pub actor: Option<String>,
    pub reason: Option<String>,
}

impl Options {
    /// Files in our own form, taken whole or not at all.
    pub fn own_form(now_us: i64) -> Self {
        Self {
            source: Source::Readings { ends: Ends::Exclusive },
            delay_s: 0,
            keep_good: false,
            now_us,
            progress: false,
            definitions: None,
            actor: None,
            reason: None,
        }
    }
}

/// What a file added.
#[derive(Debug, Clone, Default, Serialize, PartialEq, Eq)]
pub struct Outcome {
    pub file: String,
    pub sha256: String,
    pub revision: Option<i64>,
    pub series: usize,
    pub added: usize,
    pub corrected: usize,
    pub retracted: usize,
    pub unchanged: usize,
    pub forecasts_added: usize,
    pub invoices_added: usize,
    pub invoices_replaced: usize,
    pub rejected: usize,
}

impl Outcome {
    /// Nothing new: no revision is made.
    pub(crate) fn is_nothing(&self) -> bool {
        let rows = self.added + self.corrected + self.retracted + self.forecasts_added;
        rows + self.invoices_added + self.invoices_replaced == 0
    }

    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        for (count, what) in [
            (self.added, "readings added"),
            (self.corrected, "corrected"),
            (self.retracted, "retracted"),
            (self.forecasts_added, "forecast values added"),
            (self.invoices_added, "invoices added"),
            (self.invoices_replaced, "invoices replaced"),
            (self.rejected, "rows rejected"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        if self.unchanged > 0 {
            parts.push(format!("{} already stored", self.unchanged));
        }
        let what = if parts.is_empty() { "no rows".to_string() } else { parts.join(", ") };
        // Invoices are no series.
        let series = if self.series > 0 { format!(" in {} series", self.series) } else { String::new() };
        let nothing = if self.revision.is_none() { "; nothing new, no revision made" } else { "" };
        format!("{}: {what}{series}{nothing}", self.file)
    }
}

/// Bad rows that are named when none may be bad.
const MOST_PROBLEMS: usize = 1_000;

/// Parses one file; nothing is stored yet.
pub fn read_file(path: &Path, options: &Options) -> Result<Batch, Problems> {
    let file = path.display().to_string();
    let rejects = if options.keep_good { Rejects::all() } else { Rejects::first(MOST_PROBLEMS) };
    let mut batch = options.source.read(path, options.progress, rejects)?;
    let sites = options.definitions.iter().flat_map(|d| d.sites.iter().map(|s| s.id.clone())).collect::<Vec<String>>();
    batch.check_sites(&sites);
    let mut batch = batch.checked();
    if let Some(definitions) = &options.definitions {
        fits::check(&mut batch, definitions);
    }
    if !batch.rejects.is_empty() && !options.keep_good {
        return Err(batch.rejects.problems(&file));
    }
    batch.rejects.check().map_err(|e| not_held(&e, &file))?;
    Ok(batch)
}

/// Bad rows went to a temporary file, and that could not be written.
fn not_held(error: &std::io::Error, file: &str) -> Problem {
    Problem::new(format!("its rejected rows cannot be held: {error}"))
        .file(file)
        .hint("make room where temporary files are, or name another folder in TMPDIR")
}

/// What became of a file, and the rows of it that were not taken.
#[derive(Debug)]
pub struct Taken {
    pub outcome: Outcome,
    pub rejects: Rejects,
}

/// Takes a parsed file in, in a transaction that the caller commits. Rows that contradict the store are rejected like bad
/// rows.
pub async fn take_in(write: &mut Write, path: &Path, mut batch: Batch, options: &Options) -> anyhow::Result<Taken> {
    let received = commit::Received::Path(path);
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let mut rejects = std::mem::take(&mut batch.rejects);
    let merged = commit::run(write, &name, received, &batch, options).await?;
    rejects.append(merged.conflicts);
    let mut outcome = merged.outcome;
    outcome.rejected = rejects.len();
    Ok(Taken { outcome, rejects })
}

/// The same, committed.
pub async fn store_file(store: &Store, path: &Path, batch: Batch, options: &Options) -> anyhow::Result<Outcome> {
    let mut write = store.write().await?;
    let taken = take_in(&mut write, path, batch, options).await?;
    write.commit().await?;
    Ok(taken.outcome)
}
