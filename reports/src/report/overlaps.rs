//! Published reports of other periods that share hours with this one: what those hours came to there, and come to here.
//!
//! Hours are compared as far as whole intervals of both reports tell of them: `[max(starts), min(ends))`, cut to the
//! coarser resolution of the two.

use super::delta::{self, BACKED};
use super::document::{DeltaRow, OverlapReport, Report, Shared};
use super::intervals::FIGURES;
use super::values::{Figure, Scope, Told};
use crate::inputs::{Inputs, Overlap};
use crate::seal::manifest::Manifest;
use crate::time::{Instant, Interval};
use crate::units::Floored;
use ids::BoundaryId;
use std::collections::{BTreeMap, BTreeSet};

/// In the order of [`FIGURES`]; none where a report does not tell it of every interval.
type Sums = [Option<i128>; 8];
/// Boundary and start, and what stands there.
type Cells = BTreeMap<(BoundaryId, Instant), Sums>;

pub fn compare(inputs: &Inputs, report: &Report) -> Result<Vec<OverlapReport>, String> {
    inputs.overlaps.iter().map(|overlap| one(inputs.period, overlap, report)).collect()
}

fn one(period: Interval, overlap: &Overlap, report: &Report) -> Result<OverlapReport, String> {
    let root = &overlap.root;
    let manifest = Manifest::parse(&overlap.manifest).map_err(|e| format!("{root}: {e}"))?;
    let other = Interval::new(manifest.period.start, manifest.period.end).map_err(|e| format!("{root}: {e}"))?;
    let step = |span: Interval, intervals: usize| span.duration_s() / i64::try_from(intervals.max(1)).unwrap_or(1);
    let align = step(other, manifest.period.intervals).max(step(period, report.period.intervals)).max(1);
    let (start, end) = (period.start.max(other.start), period.end.min(other.end));
    let shared = Interval { start: start.ceil(align), end: end.floor(align) };
    let published = delta::parse_intervals(&overlap.intervals).map_err(|e| format!("{root}: {e}"))?;
    let before = cells(published.into_iter().map(|((boundary, start), row)| (boundary, start, row)), shared, align);
    let rows =
        report.boundaries.iter().flat_map(|b| b.intervals.iter().map(move |row| (&*b.id, row.start, row.figures())));
    let now = cells(rows, shared, align);
    let changed = changed(&before, &now);
    let places: BTreeSet<(&Scope, Option<Instant>)> = changed.iter().map(|row| (&row.scope, row.start)).collect();
    let apart = shared.end <= shared.start;
    Ok(OverlapReport {
        version: manifest.version,
        root: root.clone(),
        shared: Shared { start: shared.start, end: shared.end.max(shared.start) },
        intervals_changed: (!apart).then_some(places.len()),
        totals: totals(&before, &now),
        changed,
        period: manifest.period,
    })
}

/// Rows of the shared hours, added up to the coarser resolution.
fn cells<'a>(rows: impl Iterator<Item = (&'a str, Instant, delta::Figures)>, shared: Interval, align: i64) -> Cells {
    let mut cells = Cells::new();
    for (boundary, start, figures) in rows.filter(|(_, start, _)| (shared.start..shared.end).contains(start)) {
        let place = (boundary.into(), start.floor(align));
        add(cells.entry(place).or_insert([Some(0); 8]), &figures.map(|wh| wh.map(i128::from)));
    }
    cells
}

fn add(sums: &mut Sums, more: &Sums) {
    for (sum, wh) in sums.iter_mut().zip(more) {
        *sum = sum.zip(*wh).map(|(sum, wh)| sum + wh);
    }
}

/// What differs between two sets of figures; a figure that one of them never tells is no difference.
fn differences(was: Option<&Sums>, is: Option<&Sums>, mut each: impl FnMut(Figure, Told, Told)) {
    for (place, figure) in FIGURES.into_iter().enumerate() {
        let unknown = |told: Option<&Sums>| told.is_some_and(|sums| sums[place].is_none());
        let [before, after] =
            [was, is].map(|sums| Told::or(sums.map(|sums| Told::or(sums[place].map(Told::Integer), "")), "not in it"));
        if before != after && !(place == BACKED && (unknown(was) || unknown(is))) {
            each(figure, before, after);
        }
    }
}

fn changed(before: &Cells, now: &Cells) -> Vec<DeltaRow> {
    let mut rows = Vec::new();
    let places: BTreeSet<&(BoundaryId, Instant)> = before.keys().chain(now.keys()).collect();
    for place in places {
        differences(before.get(place), now.get(place), |figure, before, after| {
            let (scope, start) = (Scope::Boundary(place.0.clone()), Some(place.1));
            rows.push(DeltaRow { scope, start, figure, before, after });
        });
    }
    rows
}

/// Sums over the shared hours, of all and by boundary.
fn totals(before: &Cells, now: &Cells) -> Vec<DeltaRow> {
    let sums = |cells: &Cells| {
        let mut all: BTreeMap<Scope, Sums> = BTreeMap::new();
        for ((boundary, _), figures) in cells {
            add(all.entry(Scope::Portfolio).or_insert([Some(0); 8]), figures);
            add(all.entry(Scope::Boundary(boundary.clone())).or_insert([Some(0); 8]), figures);
        }
        all
    };
    let (before, now) = (sums(before), sums(now));
    let scopes: BTreeSet<&Scope> = before.keys().chain(now.keys()).collect();
    let mut rows = Vec::new();
    for scope in scopes {
        let (was, is) = (before.get(scope), now.get(scope));
        let mut row = |figure, before, after| {
            rows.push(DeltaRow { scope: scope.clone(), start: None, figure, before, after });
        };
        differences(was, is, &mut row);
        let [before, after] =
            [was, is].map(|sums| Told::or(sums.and_then(matched_share).map(Told::Share), "not applicable"));
        if before != after {
            row(Figure::MatchedShare, before, after);
        }
    }
    rows
}

/// Of the shared hours.
fn matched_share(sums: &Sums) -> Option<Floored> {
    let [load, _, matched, ..] = *sums;
    Floored::new(matched?, load?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(load: i128, matched: i128, backed: Option<i128>) -> Sums {
        let figures = [load, matched, matched, 0, 0, load - matched, 0, 0].map(Some);
        let mut sums: Sums = figures;
        sums[BACKED] = backed;
        sums
    }

    #[test]
    fn shared_hours_are_compared_figure_by_figure() {
        let cell = |hour: i64, sums: Sums| (("A".into(), Instant::from_seconds(hour * 3_600)), sums);
        let before = Cells::from([cell(0, sums(100, 100, None)), cell(1, sums(100, 100, None))]);
        let now = Cells::from([cell(0, sums(100, 100, Some(5))), cell(1, sums(100, 50, Some(5)))]);
        let rows = changed(&before, &now);
        let found: Vec<(&str, String, String)> =
            rows.iter().map(|r| (r.figure.name(), r.before.to_string(), r.after.to_string())).collect();
        let wanted = [("contracted_wh", "100", "50"), ("matched_wh", "100", "50"), ("unmatched_wh", "0", "50")];
        assert_eq!(found, wanted.map(|(figure, before, after)| (figure, before.into(), after.into())));
        let (scope, start) = (Scope::Boundary("A".into()), Some(Instant::from_seconds(3_600)));
        assert!(rows.iter().all(|row| row.scope == scope && row.start == start));
        let totals = totals(&before, &now);
        assert_eq!(totals.len(), 8, "four figures of the portfolio, and the same of its boundary");
        let share = totals.iter().find(|row| row.figure == Figure::MatchedShare).expect("a share");
        let shown = [share.scope.to_string(), share.before.to_string(), share.after.to_string()];
        assert_eq!(shown, ["portfolio", "1.000000", "0.750000"]);
        assert!(changed(&now, &now).is_empty() && super::totals(&now, &now).is_empty());
        // A boundary that the earlier report had not.
        let row = &changed(&Cells::new(), &before)[0];
        assert_eq!((&row.before, &row.after), (&Told::Words("not in it".into()), &Told::Integer(100)));
    }
}
