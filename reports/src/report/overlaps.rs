//! Published reports of other periods that share hours with this one: what those hours came to there, and come to here.
//!
//! Hours are compared as far as whole intervals of both reports tell of them: `[max(starts), min(ends))`, cut to the
//! coarser resolution of the two.

use super::delta::{self, BACKED};
use super::document::{DeltaRow, OverlapReport, Report, Shared};
use super::intervals::FIGURES;
use crate::inputs::{Inputs, Overlap};
use crate::seal::manifest::Manifest;
use crate::time::{Instant, Interval};
use crate::units::floored_six;
use std::collections::{BTreeMap, BTreeSet};

/// In the order of [`FIGURES`]; none where a report does not tell it of every interval.
type Sums = [Option<i128>; 8];
/// Boundary and start, and what stands there.
type Cells = BTreeMap<(String, Instant), Sums>;

pub fn compare(inputs: &Inputs, report: &Report) -> Result<Vec<OverlapReport>, String> {
    inputs.overlaps.iter().map(|overlap| one(inputs.period, overlap, report)).collect()
}

fn one(period: Interval, overlap: &Overlap, report: &Report) -> Result<OverlapReport, String> {
    let root = &overlap.root;
    let manifest = Manifest::parse(&overlap.manifest).map_err(|e| format!("{root}: {e}"))?;
    let instant = |text: &str| Instant::parse(text).map_err(|e| format!("{root}: {e}"));
    let other = Interval::new(instant(&manifest.period.start)?, instant(&manifest.period.end)?)
        .map_err(|e| format!("{root}: {e}"))?;
    let step = |span: Interval, intervals: usize| span.duration_s() / i64::try_from(intervals.max(1)).unwrap_or(1);
    let align = step(other, manifest.period.intervals).max(step(period, report.period.intervals)).max(1);
    let (start, end) = (period.start.max(other.start), period.end.min(other.end));
    let shared = Interval { start: start.ceil(align), end: end.floor(align) };
    let before = {
        let by_interval = delta::parse_intervals(&overlap.intervals).map_err(|e| format!("{root}: {e}"))?;
        let rows = by_interval.iter().map(|((boundary, start), figures)| (*boundary, *start, *figures));
        cells(rows, shared, align).map_err(|e| format!("{root}: {e}"))?
    };
    let rows = report
        .boundaries
        .iter()
        .flat_map(|b| b.intervals.iter().map(move |row| (b.id.as_str(), row.start.as_str(), row.figures())));
    let now = cells(rows, shared, align)?;
    let changed = changed(&before, &now);
    let places: BTreeSet<(&str, &str)> = changed.iter().map(|row| (row.scope.as_str(), row.start.as_str())).collect();
    let apart = shared.end <= shared.start;
    Ok(OverlapReport {
        version: manifest.version,
        root: root.clone(),
        shared: Shared { start: shared.start.to_string(), end: shared.end.max(shared.start).to_string() },
        intervals_changed: (!apart).then_some(places.len()),
        totals: totals(&before, &now),
        changed,
        period: manifest.period,
    })
}

/// Rows of the shared hours, added up to the coarser resolution.
fn cells<'a>(
    rows: impl Iterator<Item = (&'a str, &'a str, delta::Figures)>,
    shared: Interval,
    align: i64,
) -> Result<Cells, String> {
    let mut cells = Cells::new();
    for (boundary, start, figures) in rows {
        let start = Instant::parse(start).map_err(|e| e.to_string())?;
        if start < shared.start || start >= shared.end {
            continue;
        }
        let place = (boundary.to_string(), start.floor(align));
        add(cells.entry(place).or_insert([Some(0); 8]), &figures.map(|wh| wh.map(i128::from)));
    }
    Ok(cells)
}

fn add(sums: &mut Sums, more: &Sums) {
    for (sum, wh) in sums.iter_mut().zip(more) {
        *sum = sum.zip(*wh).map(|(sum, wh)| sum + wh);
    }
}

/// What differs between two sets of figures; a figure that one of them never tells is no difference.
fn differences(was: Option<&Sums>, is: Option<&Sums>, mut each: impl FnMut(usize, String, String)) {
    let text = |sums: Option<&Sums>, place: usize| match sums {
        None => "not in it".to_string(),
        Some(sums) => sums[place].map_or_else(String::new, |wh| wh.to_string()),
    };
    for place in 0..FIGURES.len() {
        let unknown = |told: Option<&Sums>| told.is_some_and(|sums| sums[place].is_none());
        let (before, after) = (text(was, place), text(is, place));
        if before != after && !(place == BACKED && (unknown(was) || unknown(is))) {
            each(place, before, after);
        }
    }
}

fn changed(before: &Cells, now: &Cells) -> Vec<DeltaRow> {
    let mut rows = Vec::new();
    let places: BTreeSet<&(String, Instant)> = before.keys().chain(now.keys()).collect();
    for place in places {
        differences(before.get(place), now.get(place), |figure, before, after| {
            rows.push(DeltaRow {
                scope: place.0.clone(),
                start: place.1.to_string(),
                figure: FIGURES[figure].into(),
                before,
                after,
            });
        });
    }
    rows
}

/// Sums over the shared hours by boundary, and of all under `portfolio`.
fn totals(before: &Cells, now: &Cells) -> Vec<DeltaRow> {
    let sums = |cells: &Cells| {
        let mut all: BTreeMap<Option<String>, Sums> = BTreeMap::new();
        for ((boundary, _), figures) in cells {
            add(all.entry(None).or_insert([Some(0); 8]), figures);
            add(all.entry(Some(boundary.clone())).or_insert([Some(0); 8]), figures);
        }
        all
    };
    let (before, now) = (sums(before), sums(now));
    let scopes: BTreeSet<&Option<String>> = before.keys().chain(now.keys()).collect();
    let mut rows = Vec::new();
    for scope in scopes {
        let (was, is) = (before.get(scope), now.get(scope));
        let mut row = |figure: &str, before: String, after: String| {
            let scope = scope.clone().unwrap_or_else(|| "portfolio".into());
            rows.push(DeltaRow { scope, start: String::new(), figure: figure.into(), before, after });
        };
        differences(was, is, |place, before, after| row(FIGURES[place], before, after));
        let shares = [was, is].map(|sums| sums.and_then(matched_share).unwrap_or_else(|| "not applicable".into()));
        if shares[0] != shares[1] {
            let [before, after] = shares;
            row("matched_share", before, after);
        }
    }
    rows
}

/// Of the shared hours.
fn matched_share(sums: &Sums) -> Option<String> {
    let [load, _, matched, ..] = *sums;
    floored_six(matched?, load?)
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
        let cell = |hour: i64, sums: Sums| (("A".to_string(), Instant::from_seconds(hour * 3_600)), sums);
        let before = Cells::from([cell(0, sums(100, 100, None)), cell(1, sums(100, 100, None))]);
        let now = Cells::from([cell(0, sums(100, 100, Some(5))), cell(1, sums(100, 50, Some(5)))]);
        let rows = changed(&before, &now);
        let found: Vec<(&str, &str, &str)> =
            rows.iter().map(|r| (r.figure.as_str(), r.before.as_str(), r.after.as_str())).collect();
        assert_eq!(found, [("contracted_wh", "100", "50"), ("matched_wh", "100", "50"), ("unmatched_wh", "0", "50")]);
        assert!(rows.iter().all(|row| row.scope == "A" && row.start == "1970-01-01T01:00:00Z"));
        let totals = totals(&before, &now);
        assert_eq!(totals.len(), 8, "four figures of the portfolio, and the same of its boundary");
        let share = totals.iter().find(|row| row.figure == "matched_share").expect("a share");
        assert_eq!((share.scope.as_str(), &*share.before, &*share.after), ("portfolio", "1.000000", "0.750000"));
        assert!(changed(&now, &now).is_empty() && super::totals(&now, &now).is_empty());
        // A boundary that the earlier report had not.
        let row = &changed(&Cells::new(), &before)[0];
        assert_eq!((row.before.as_str(), row.after.as_str()), ("not in it", "100"));
    }
}
