//! Sources that stood in for better ones: which series have what from them, of what a plan or a backtest looks at.

use super::note::{Note, named};
use super::{blend, codes};
use crate::store::stand_ins::StandIn;
use reports::fallbacks::{Fallback, of_series};
use reports::inputs::{Point, SeriesMap};
use reports::time::{Grid, Interval};
use reports::words::counted;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Readings of such sources, and the revisions that they gave.
#[derive(Debug, Clone, Default)]
pub(super) struct StoodIn {
    readings: Vec<Fallback>,
    revisions: Arc<BTreeMap<i64, StandIn>>,
}

impl StoodIn {
    pub fn new(readings: &SeriesMap, revisions: BTreeMap<i64, StandIn>) -> Self {
        Self { readings: of_points(readings, &revisions), revisions: Arc::new(revisions) }
    }

    /// Of the readings that count over a period.
    pub fn over(&self, period: Interval) -> Vec<Note> {
        let over = self.readings.iter().filter(|fallback| fallback.span.overlap_s(period) > 0);
        notes(over.cloned().collect(), ("reading", "readings"))
    }

    /// Of what a horizon is planned with: the readings of the fortnight before it, and what was supplied of itself.
    pub fn ahead(&self, grid: Grid, supplied: &SeriesMap) -> Vec<Note> {
        let mut list = self.over(blend::behind(grid).period());
        list.extend(notes(of_points(supplied, &self.revisions), ("value ahead", "values ahead")));
        list
    }
}

fn of_points(series: &SeriesMap, revisions: &BTreeMap<i64, StandIn>) -> Vec<Fallback> {
    let of = |(name, points): (&String, &Vec<Point>)| {
        let values = points.iter().map(|point| (point.interval(), point.revision));
        of_series(name, values, |revision| revisions.get(&revision)?.for_series(name))
    };
    series.iter().flat_map(of).collect()
}

/// One for each series, source and source that it stood in for.
fn notes(list: Vec<Fallback>, (one, many): (&str, &'static str)) -> Vec<Note> {
    let mut groups: BTreeMap<(String, String, String), Vec<Fallback>> = BTreeMap::new();
    for fallback in list {
        let Fallback { series, source, in_place_of, .. } = &fallback;
        groups.entry((series.clone(), source.clone(), in_place_of.clone())).or_default().push(fallback);
    }
    let note = |((series, source, better), of_it): ((String, String, String), Vec<Fallback>)| {
        let count: usize = of_it.iter().map(|fallback| fallback.readings).sum();
        let message = format!(
            "{series}: {} from {source}, which stood in for {better}: {}",
            counted(count, one, many),
            named(of_it.iter().map(|fallback| fallback.span).collect())
        );
        Note { code: codes::FALLBACK_SOURCE, series, quantity: count as f64, unit: many, message }
    };
    groups.into_iter().map(note).collect()
}
