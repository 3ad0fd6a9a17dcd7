//! One file, one transaction: all of it or nothing.

use super::batch::{Batch, InvoiceRow};
use super::merge::{Merge, merge, uncorrected};
use super::options::Options;
use super::outcome::Outcome;
use super::reject::not_held;
use crate::error::{Fault, Kind};
use crate::rejects::Rejects;
use crate::store::forecasts::ForecastPoint;
use crate::store::revisions::Stated;
use crate::store::taken::{self, Extent};
use crate::store::{self, Write, forecasts, invoices, readings, revisions};
use reports::inputs::Point;
use reports::time::Interval;
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

#[derive(Debug)]
pub struct Committed {
    pub outcome: Outcome,
    pub conflicts: Rejects,
}

/// What one series of a file comes to.
struct Planned {
    id: i64,
    merge: Merge,
}

/// An invoice to store, and the revision of the row it replaces.
struct Bill<'b> {
    row: &'b InvoiceRow,
    replaces: Option<i64>,
}

/// What a file adds, before anything of it is written.
#[derive(Default)]
struct Addition<'b> {
    readings: Vec<Planned>,
    forecasts: Vec<(i64, Vec<ForecastPoint>)>,
    invoices: Vec<Bill<'b>>,
    conflicts: Rejects,
}

/// Merges a batch into the store, in a transaction that the caller commits. Unless good rows are kept, one contradiction
/// refuses the whole file.
pub async fn run(
    write: &mut Write,
    name: &str,
    received: Received<'_>,
    batch: &Batch,
    options: &Options,
) -> anyhow::Result<Committed> {
    let mut outcome =
        Outcome { file: name.into(), sha256: batch.sha256.clone(), series: batch.series_count(), ..Outcome::default() };
    outcome.left_out = batch.left_out.clone();
    // Taken before under the same options: whatever was corrected since stays corrected. Rows may be missing only where
    // something was withdrawn since.
    let before = match revisions::taken(write, &batch.sha256, &batch.source).await? {
        Some((_, false)) => {
            outcome.unchanged = batch.readings.values().map(Vec::len).sum::<usize>()
                + batch.forecasts.values().map(Vec::len).sum::<usize>()
                + batch.invoices.len();
            return Ok(Committed { outcome, conflicts: Rejects::default() });
        }
        Some((revision, true)) => Some(revision),
        None => None,
    };
    let addition = Addition { conflicts: options.rejects(), ..Addition::default() };
    let mut addition = compare(write, batch, before, addition, &mut outcome).await?;
    let mut conflicts = std::mem::take(&mut addition.conflicts);
    if !conflicts.is_empty() && !options.keep_good {
        return Err(conflicts.problems(name).into());
    }
    conflicts.check().map_err(|e| not_held(&e, name))?;
    if outcome.is_nothing() {
        return Ok(Committed { outcome, conflicts });
    }
    let file_id = keep_file(write, name, received, batch).await?;
    let stated = Stated { actor: options.actor.as_deref(), reason: options.reason.as_deref() };
    let revision = revisions::add(write, options.record_time, file_id, &batch.source, options.delay_s, stated).await?;
    keep_rows(write, addition, revision.id).await?;
    outcome.revision = Some(revision.id);
    Ok(Committed { outcome, conflicts })
}

/// A batch against what is stored. Of a file that was taken in `before`, rows that a later revision stands in the place of
/// count as stored.
async fn compare<'b>(
    write: &mut Write,
    batch: &'b Batch,
    before: Option<i64>,
    mut addition: Addition<'b>,
    outcome: &mut Outcome,
) -> sqlx::Result<Addition<'b>> {
    for (series, all) in &batch.readings {
        let Some(span) = span(all.iter().map(|p| p.interval())) else { continue };
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
            addition.conflicts.push_with(conflict.row as u64, || conflict.reason(series));
        }
        addition.readings.push(Planned { id, merge });
    }
    for (series, points) in &batch.forecasts {
        let id = readings::series_id(write, series).await?;
        let before = addition.conflicts.len();
        let fresh = unknown(write, (id, series.as_str()), points, &mut addition.conflicts).await?;
        outcome.unchanged += points.len() - fresh.len() - (addition.conflicts.len() - before);
        outcome.forecasts_added += fresh.len();
        addition.forecasts.push((id, fresh));
    }
    for row in &batch.invoices {
        match invoices::current(write, &row.invoice.invoice, &row.invoice.site).await? {
            Some(held) if held.bill == row.invoice || before.is_some_and(|before| held.came > before) => {
                outcome.unchanged += 1;
            }
            Some(held) => {
                outcome.invoices_replaced += 1;
                addition.invoices.push(Bill { row, replaces: Some(held.revision) });
            }
            None => {
                outcome.invoices_added += 1;
                addition.invoices.push(Bill { row, replaces: None });
            }
        }
    }
    Ok(addition)
}

async fn keep_rows(write: &mut Write, mut addition: Addition<'_>, revision: i64) -> sqlx::Result<()> {
    let mut extents: BTreeMap<i64, Extent> = BTreeMap::new();
    for plan in &mut addition.readings {
        readings::supersede(write, plan.id, &plan.merge.supersede, revision).await?;
        for point in &mut plan.merge.insert {
            point.revision = revision;
        }
        if let Some(span) = span(plan.merge.insert.iter().map(|p| p.interval())) {
            let count = plan.merge.insert.len();
            extents.insert(plan.id, Extent { readings: count, forecasts: 0, span });
        }
    }
    let new: Vec<(i64, &[Point])> = addition.readings.iter().map(|p| (p.id, p.merge.insert.as_slice())).collect();
    readings::insert_all(write, &new).await?;
    let new: Vec<(i64, &[ForecastPoint])> = addition.forecasts.iter().map(|(id, p)| (*id, p.as_slice())).collect();
    forecasts::insert_all(write, revision, &new).await?;
    for (id, fresh) in &addition.forecasts {
        if let Some(span) = span(fresh.iter().map(|p| Interval { start: p.start, end: p.end })) {
            let more = Extent { readings: 0, forecasts: fresh.len(), span };
            extents.entry(*id).and_modify(|extent| *extent = extent.and(more)).or_insert(more);
        }
    }
    taken::add_all(write, revision, extents).await?;
    for bill in addition.invoices {
        invoices::put(write, &bill.row.invoice, bill.replaces, revision, bill.row.row).await?;
    }
    Ok(())
}

fn span(mut intervals: impl Iterator<Item = Interval>) -> Option<Interval> {
    let first = intervals.next()?;
    Some(intervals.fold(first, |a, b| Interval { start: a.start.min(b.start), end: a.end.max(b.end) }))
}

/// What of a series is not stored yet. A vintage does not change once it is issued: another value for it is a conflict.
async fn unknown(
    write: &mut Write,
    (id, series): (i64, &str),
    points: &[ForecastPoint],
    conflicts: &mut Rejects,
) -> sqlx::Result<Vec<ForecastPoint>> {
    let Some(span) = span(points.iter().map(|p| Interval { start: p.start, end: p.end })) else {
        return Ok(Vec::new());
    };
    let stored = forecasts::current(write, id, span).await?;
    let mut fresh = Vec::new();
    for point in points {
        match stored.get(&(point.issued, point.quantile_ppm, point.start)) {
            None => fresh.push(*point),
            Some(held) if *held == (point.end, point.value) => {}
            Some(_) => {
                let interval = Interval { start: point.start, end: point.end };
                let issued = point.issued;
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
    match received {
        Received::Bytes(bytes) => {
            for (seq, chunk) in bytes.chunks(store::files::CHUNK).enumerate() {
                hash.update(chunk);
                store::files::add_chunk(write, id, seq as i64, chunk).await?;
            }
        }
        Received::Path(path) => {
            let mut file = std::fs::File::open(path)?;
            for seq in 0.. {
                let mut chunk = Vec::with_capacity(store::files::CHUNK);
                file.by_ref().take(store::files::CHUNK as u64).read_to_end(&mut chunk)?;
                if chunk.is_empty() {
                    break;
                }
                hash.update(&chunk);
                store::files::add_chunk(write, id, seq, &chunk).await?;
            }
        }
    }
    if hex::encode(hash.finalize()) != batch.sha256 {
        return Err(Fault::new("changed while it was being read")
            .kind(Kind::Conflict)
            .file(name)
            .hint("ingest it again once it is complete")
            .into());
    }
    Ok(id)
}
