//! One file, one transaction: all of it or nothing.

use super::batch::{Batch, InvoiceRow};
use super::merge::{Merge, merge, uncorrected};
use super::options::Options;
use super::outcome::Outcome;
use super::reject::not_held;
use crate::error::Fault;
use crate::rejects::Rejects;
use crate::store::forecasts::ForecastPoint;
use crate::store::invoices::Standing;
use crate::store::revisions::Stated;
use crate::store::taken::{self, Extent, hull};
use crate::store::{self, Write, forecasts, invoices, readings, revisions};
use reports::inputs::Point;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Where the received bytes come from.
#[derive(Debug, Clone, Copy)]
pub enum Received<'a> {
    Path(&'a Path),
    Bytes(&'a [u8]),
}

/// What became of a file, and the rows of it that were not taken.
#[derive(Debug)]
pub struct Taken {
    pub outcome: Outcome,
    pub rejects: Rejects,
}

/// What a file adds, before anything of it is written.
#[derive(Default)]
struct Addition<'b> {
    /// By series.
    readings: Vec<(i64, Merge)>,
    forecasts: Vec<(i64, Vec<ForecastPoint>)>,
    /// Each with the revision of the row that it replaces.
    invoices: Vec<(&'b InvoiceRow, Option<i64>)>,
}

/// Merges a batch into the store; the caller commits. Unless good rows are kept, one contradiction refuses the file.
pub async fn run(
    write: &mut Write,
    name: &str,
    received: Received<'_>,
    batch: &Batch,
    options: &Options,
) -> anyhow::Result<Taken> {
    let (sha256, left_out) = (batch.sha256.clone(), batch.left_out.clone());
    let series = batch.series_count();
    let mut outcome = Outcome { file: name.into(), sha256, series, left_out, ..Outcome::default() };
    // Taken before under the same options: corrections since stay. Rows may lack only where some were withdrawn.
    let before = match revisions::taken(write, &batch.sha256, &batch.source).await? {
        Some((_, false)) => {
            outcome.unchanged = batch.readings.values().map(Vec::len).sum::<usize>()
                + batch.forecasts.values().map(Vec::len).sum::<usize>()
                + batch.invoices.len();
            return Ok(Taken { outcome, rejects: Rejects::default() });
        }
        Some((revision, true)) => Some(revision),
        None => None,
    };
    let mut conflicts = Rejects::for_file(options.keep_good);
    let addition = compare(write, batch, before, (&mut outcome, &mut conflicts)).await?;
    if !conflicts.is_empty() && !options.keep_good {
        return Err(conflicts.problems(name).into());
    }
    conflicts.check().map_err(|e| not_held(&e, name))?;
    if outcome.is_nothing() {
        return Ok(Taken { outcome, rejects: conflicts });
    }
    let file_id = keep_file(write, name, received, batch).await?;
    let stated = Stated { actor: options.actor.as_deref(), reason: options.reason.as_deref() };
    let (revision, _) =
        revisions::add(write, options.record_time, file_id, &batch.source, options.delay_s, stated).await?;
    keep_rows(write, addition, revision).await?;
    outcome.revision = Some(revision);
    Ok(Taken { outcome, rejects: conflicts })
}

/// A batch against what is stored. Of a file that was taken in `before`, rows that were replaced since count as stored.
async fn compare<'b>(
    write: &mut Write,
    batch: &'b Batch,
    before: Option<i64>,
    (outcome, conflicts): (&mut Outcome, &mut Rejects),
) -> sqlx::Result<Addition<'b>> {
    let mut addition = Addition::default();
    for (series, all) in &batch.readings {
        let Some(span) = all.iter().map(Point::interval).reduce(hull) else { continue };
        let id = readings::series_id(write, series).await?;
        let points: Cow<'_, [Point]> = match before {
            Some(revision) => Cow::Owned(uncorrected(all, &readings::later(write, id, span, revision).await?)),
            None => Cow::Borrowed(all.as_slice()),
        };
        outcome.unchanged += all.len() - points.len();
        let old = readings::current(write, id, span).await?;
        let mut merge = merge(&points, &old);
        outcome.added += merge.added;
        outcome.corrected += merge.corrected;
        outcome.retracted += merge.retracted;
        outcome.unchanged += merge.unchanged;
        for conflict in std::mem::take(&mut merge.conflicts) {
            conflicts.push_with(conflict.row as u64, || conflict.reason(series));
        }
        addition.readings.push((id, merge));
    }
    for (series, points) in &batch.forecasts {
        let id = readings::series_id(write, series).await?;
        let before = conflicts.len();
        let fresh = unknown(write, (id, series.as_str()), points, conflicts).await?;
        outcome.unchanged += points.len() - fresh.len() - (conflicts.len() - before);
        outcome.forecasts_added += fresh.len();
        addition.forecasts.push((id, fresh));
    }
    for row in &batch.invoices {
        let held = invoices::current(write, &row.invoice.invoice, &row.invoice.site).await?;
        let is_later = |held: &Standing| before.is_some_and(|before| held.came > before);
        if held.as_ref().is_some_and(|held| held.bill == row.invoice || is_later(held)) {
            outcome.unchanged += 1;
            continue;
        }
        match &held {
            Some(_) => outcome.invoices_replaced += 1,
            None => outcome.invoices_added += 1,
        }
        addition.invoices.push((row, held.map(|held| held.revision)));
    }
    Ok(addition)
}

async fn keep_rows(write: &mut Write, mut addition: Addition<'_>, revision: i64) -> sqlx::Result<()> {
    let mut extents: BTreeMap<i64, Extent> = BTreeMap::new();
    for (id, merge) in &mut addition.readings {
        readings::supersede(write, *id, &merge.supersede, revision).await?;
        merge.insert.iter_mut().for_each(|point| point.revision = revision);
        if let Some(span) = merge.insert.iter().map(Point::interval).reduce(hull) {
            extents.insert(*id, Extent { readings: merge.insert.len(), forecasts: 0, span });
        }
    }
    let new: Vec<_> = addition.readings.iter().map(|(id, merge)| (*id, merge.insert.as_slice())).collect();
    readings::insert_all(write, &new).await?;
    let new: Vec<_> = addition.forecasts.iter().map(|(id, p)| (*id, p.as_slice())).collect();
    forecasts::insert_all(write, revision, &new).await?;
    for (id, fresh) in &addition.forecasts {
        if let Some(span) = fresh.iter().map(ForecastPoint::interval).reduce(hull) {
            let more = Extent { readings: 0, forecasts: fresh.len(), span };
            extents.entry(*id).and_modify(|extent| *extent = extent.and(more)).or_insert(more);
        }
    }
    taken::add(write, revision, extents).await?;
    for (row, replaces) in addition.invoices {
        invoices::put(write, &row.invoice, replaces, revision, row.row).await?;
    }
    Ok(())
}

/// What of a series is not stored yet. A vintage does not change once it is issued: another value for it is a conflict.
async fn unknown(
    write: &mut Write,
    (id, series): (i64, &str),
    points: &[ForecastPoint],
    conflicts: &mut Rejects,
) -> sqlx::Result<Vec<ForecastPoint>> {
    let Some(span) = points.iter().map(ForecastPoint::interval).reduce(hull) else { return Ok(Vec::new()) };
    let stored = forecasts::current(write, id, span).await?;
    let mut fresh = Vec::new();
    for point in points {
        match stored.get(&(point.issued, point.quantile_ppm, point.start)) {
            None => fresh.push(*point),
            Some(held) if *held == (point.end, point.value) => {}
            Some(_) => {
                let (interval, issued) = (point.interval(), point.issued);
                conflicts.push_with(point.row as u64, || {
                    format!(
                        "{series}: the forecast of {interval} issued {issued} is stored with another value: an issued \
                         forecast never changes; state when this one was issued"
                    )
                });
            }
        }
    }
    Ok(fresh)
}

/// Keeps the received bytes, once for each hash; a file that changed since it was parsed is refused.
async fn keep_file(write: &mut Write, name: &str, received: Received<'_>, batch: &Batch) -> anyhow::Result<i64> {
    if let Some(id) = store::files::find(write, &batch.sha256).await? {
        return Ok(id);
    }
    let id = store::files::add(write, &batch.sha256, name, batch.bytes as i64).await?;
    let mut hash = Sha256::new();
    let mut bytes: Box<dyn Read + Send + '_> = match received {
        Received::Bytes(bytes) => Box::new(bytes),
        Received::Path(path) => Box::new(std::fs::File::open(path)?),
    };
    for seq in 0.. {
        let mut chunk = Vec::with_capacity(store::files::CHUNK);
        bytes.by_ref().take(store::files::CHUNK as u64).read_to_end(&mut chunk)?;
        if chunk.is_empty() {
            break;
        }
        hash.update(&chunk);
        store::files::add_chunk(write, id, seq, &chunk).await?;
    }
    if hex::encode(hash.finalize()) != batch.sha256 {
        return Err(Fault::conflict("changed while it was being read")
            .file(name)
            .hint("ingest it again once it is complete")
            .into());
    }
    Ok(id)
}
