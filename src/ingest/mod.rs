//! Takes in data of feeds and meters: a file or a fetched answer is parsed whole, checked, and committed as one revision.

pub mod batch;
pub mod commit;
pub mod door;
pub mod fetch;
pub mod files;
pub mod fits;
pub mod merge;
mod options;
mod outcome;
pub mod recognise;
pub mod reject;
pub mod revoke;
pub mod sources;
pub mod tables;

pub use commit::Taken;
pub use options::Options;
pub use outcome::{Doubt, Outcome};

use crate::error::Faults;
use crate::rejects::Rejects;
use crate::store::{Store, Write};
use batch::Batch;
use sources::Source;
use std::path::Path;

/// Parses one file; nothing is stored yet.
pub fn read_file(path: &Path, options: &Options) -> Result<Batch, Faults> {
    let file = path.display().to_string();
    let currency = options.definitions.as_ref().map(|definitions| definitions.currency.clone());
    let empty = Batch { rejects: Rejects::for_file(options.keep_good), currency, ..Batch::default() };
    let mut batch = options.source.read(path, options.progress, empty)?;
    let sites = options.definitions.iter().flat_map(|d| d.sites.iter().map(|s| s.id.clone())).collect::<Vec<_>>();
    batch.check_sites(&sites);
    let mut batch = batch.checked();
    if let Some(definitions) = &options.definitions {
        fits::check(&mut batch, definitions);
        if options.as_written && matches!(options.source, Source::Readings { .. }) {
            door::check_points(&mut batch, &options.expected);
        }
        door::check(&mut batch, &options.expected);
    }
    if !batch.rejects.is_empty() && !options.keep_good {
        let problems = batch.rejects.problems(&file);
        let has_rows = options.source.form().is_none_or(|form| form.has_rows());
        return Err(if has_rows { problems } else { problems.hinted("ask the sender of the file for a correct one") });
    }
    batch.rejects.check().map_err(|e| reject::not_held(&e, &file))?;
    Ok(batch)
}

/// Takes a parsed file in; the caller commits. Rows that contradict the store are rejected like bad rows.
pub async fn take_in(write: &mut Write, path: &Path, mut batch: Batch, options: &Options) -> anyhow::Result<Taken> {
    let received = commit::Received::Path(path);
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let mut rejects = std::mem::take(&mut batch.rejects);
    let Taken { mut outcome, rejects: conflicts } = commit::run(write, &name, received, &batch, options).await?;
    rejects.append(conflicts);
    outcome.rejected = rejects.len();
    if options.definitions.is_some() && outcome.revision.is_some() {
        outcome.suspects = door::doubts(write, &batch, options).await?;
    }
    if options.strict && !outcome.suspects.is_empty() {
        return Err(door::refused(&path.display().to_string(), &outcome.suspects).into());
    }
    Ok(Taken { outcome, rejects })
}

/// The same, committed.
pub async fn store_file(store: &Store, path: &Path, batch: Batch, options: &Options) -> anyhow::Result<Outcome> {
    let mut write = store.write().await?;
    let taken = take_in(&mut write, path, batch, options).await?;
    write.commit().await?;
    Ok(taken.outcome)
}
