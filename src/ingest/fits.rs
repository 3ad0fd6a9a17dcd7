//! Readings against the portfolio: what no report could be made of is refused with its row, not when a report is asked
//! for. What rests on other files as well, `hourmatch check` says.

use super::batch::Batch;
use crate::rejects::Rejects;
use reports::definitions::{Definitions, SiteDef};
use reports::inputs::{Point, Quality};
use reports::series::SeriesError;
use reports::series::channels::Term;
use reports::series::cut::{Long, fits};
use reports::series::name::{Group, SeriesName, SiteLeaf, StorageLeaf, parts};
use reports::series::pieces;
use reports::time::{Grid, Instant, Interval, Resolution};
use std::collections::BTreeSet;

/// Takes out rows that no report of the portfolio could be made of.
pub fn check(batch: &mut Batch, definitions: &Definitions) {
    off_the_grid(batch, definitions);
    let mut found = Found { rejects: std::mem::take(&mut batch.rejects), rows: BTreeSet::new() };
    for site in &definitions.sites {
        two_meters(batch, site, definitions.resolution, &mut found);
        below_zero(batch, definitions, site, &mut found);
    }
    batch.rejects = found.rejects;
    if !found.rows.is_empty() {
        batch.readings.values_mut().for_each(|points| points.retain(|p| !found.rows.contains(&p.row)));
    }
}

/// Ids of those of a group that are in the portfolio.
fn ids(definitions: &Definitions, group: Group) -> Vec<&str> {
    match group {
        Group::Site => definitions.sites.iter().map(|s| s.id.as_str()).collect(),
        Group::Grid => definitions.boundaries.iter().map(|b| b.id.as_str()).collect(),
        Group::Contract => definitions.contracts.iter().map(|c| c.id.as_str()).collect(),
        Group::Plant => definitions.contracts.iter().filter_map(|c| c.plant.as_deref()).collect(),
        Group::Storage => definitions.storage.iter().map(|k| k.id.as_str()).collect(),
        Group::Pool => Vec::new(),
    }
}

/// Whether anything of an audit is computed from a series: what it belongs to is in the portfolio.
pub fn uses(definitions: &Definitions, series: &str) -> bool {
    parts(series).is_some_and(|(group, id, _)| ids(definitions, group).contains(&id))
}

/// The series of the portfolio that differs from one nobody uses by the case of its id alone.
pub fn meant(definitions: &Definitions, series: &str) -> Option<String> {
    let (group, id, leaf) = parts(series)?;
    let meant = ids(definitions, group).into_iter().find(|known| known.eq_ignore_ascii_case(id))?;
    Some(format!("{}/{leaf}", group.subject(meant)))
}

/// Bad rows, and which they are.
struct Found {
    rejects: Rejects,
    rows: BTreeSet<i64>,
}

impl Found {
    fn push(&mut self, row: i64, reason: impl FnOnce() -> String) {
        self.rejects.push_with(row as u64, reason);
        self.rows.insert(row);
    }
}

/// Readings and forecasts that lie on no interval of the portfolio's resolution.
fn off_the_grid(batch: &mut Batch, definitions: &Definitions) {
    let Batch { readings, forecasts, rejects, .. } = batch;
    let used = |name: &str| Long::for_series(name).filter(|_| uses(definitions, name));
    let mut lies = |name: &str, long: Long, row: i64, interval: Interval| {
        let fault = fits(name, long, interval, definitions.resolution).err();
        if let Some(fault) = &fault {
            rejects.push(row as u64, fault.to_string());
        }
        fault.is_none()
    };
    for (name, points) in readings {
        let Some(long) = used(name) else { continue };
        points.retain(|p| p.quality == Quality::Missing || lies(name, long, p.row, p.interval()));
    }
    for (name, points) in forecasts {
        let Some(long) = used(name) else { continue };
        points.retain(|p| lies(name, long, p.row, p.interval()));
    }
}

/// Intervals, by number, from one to another.
type Cells = (i64, i64);

fn cells(point: &Point, step_s: i64) -> Cells {
    let number = |instant: Instant| instant.seconds().div_euclid(step_s);
    (number(point.start), number(point.end - 1))
}

fn cell(number: i64, step_s: i64) -> Interval {
    let start = Instant::from_seconds(number * step_s);
    Interval { start, end: start + step_s }
}

/// What a file says of a series, without what it takes back.
fn stated(batch: &Batch, series: &str) -> Vec<Point> {
    let points = batch.readings.get(series).map_or(&[][..], Vec::as_slice);
    points.iter().filter(|p| p.quality != Quality::Missing).copied().collect()
}

/// Load and a channel of a site in the same interval: which of the two meters the load is, nobody says.
fn two_meters(batch: &Batch, site: &SiteDef, resolution: Resolution, rejects: &mut Found) {
    let step_s = resolution.seconds();
    let name = |leaf: SiteLeaf| SeriesName::site(&site.id, leaf);
    let load = stated(batch, &name(SiteLeaf::Load));
    if load.is_empty() {
        return;
    }
    // One row has one reason.
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for leaf in SiteLeaf::CHANNELS {
        let other = stated(batch, &name(leaf));
        for (mine, theirs) in [(&load, &other), (&other, &load)] {
            for point in mine {
                let (first, last) = cells(point, step_s);
                let at = theirs.partition_point(|p| cells(p, step_s).1 < first);
                let Some(beside) = theirs.get(at).filter(|p| cells(p, step_s).0 <= last) else { continue };
                if !found.insert(point.row) {
                    continue;
                }
                let interval = cell(first.max(cells(beside, step_s).0), step_s);
                rejects.push(point.row, || {
                    let error = SeriesError::LoadAndChannels { site: site.id.clone(), interval };
                    format!("{error}: the other is in line {}", beside.row)
                });
            }
        }
    }
}

/// Export and charge beyond all that the file's other channels bring in, where it holds every channel there may be.
fn below_zero(batch: &Batch, definitions: &Definitions, site: &SiteDef, rejects: &mut Found) {
    let step_s = definitions.resolution.seconds();
    let name = |leaf: SiteLeaf| SeriesName::site(&site.id, leaf);
    let mut terms = vec![
        Term::new(name(SiteLeaf::Import), true, Long::Load),
        Term::new(name(SiteLeaf::OnsiteGeneration), true, Long::Refuse),
        Term::new(name(SiteLeaf::Export), false, Long::Refuse),
    ];
    for storage in definitions.storage.iter().filter(|k| k.site == site.id) {
        for (leaf, adds) in [(StorageLeaf::Discharge, true), (StorageLeaf::Charge, false)] {
            terms.push(Term::new(SeriesName::storage(&storage.id, leaf), adds, Long::Refuse));
        }
    }
    let points: Vec<Vec<Point>> = terms.iter().map(|term| stated(batch, &term.series)).collect();
    if points.iter().any(Vec::is_empty) {
        return;
    }
    for (place, _) in terms.iter().enumerate().filter(|(_, term)| !term.adds) {
        for point in &points[place] {
            let (first, last) = cells(point, step_s);
            let below = (first..=last).find_map(|number| sum(&terms, &points, number, step_s).filter(|wh| *wh < 0));
            let Some(wh) = below else { continue };
            rejects.push(point.row, || {
                let channels: Vec<&str> = terms.iter().map(|term| term.series.as_str()).collect();
                let interval = point.interval();
                format!(
                    "{}: with it the load of site {} in {interval} comes to {wh} Wh, out of {} of this file; correct \
                     the one that is wrong",
                    terms[place].series,
                    site.id,
                    channels.join(", ")
                )
            });
        }
    }
}

/// What all channels of an interval come to; none where one of them lacks a part of it.
fn sum(terms: &[Term], points: &[Vec<Point>], number: i64, step_s: i64) -> Option<i128> {
    let grid = Grid { start: cell(number, step_s).start, step_s, len: 1 };
    let mut wh = 0_i128;
    for (term, points) in terms.iter().zip(points) {
        let read = pieces::read(&term.series, points, grid, 0, term.long).ok()?;
        if !pieces::gaps(&read, grid.interval(0)).is_empty() {
            return None;
        }
        wh += read.iter().map(|p| term.signed(p.wh)).sum::<i128>();
    }
    Some(wh)
}
