//! Sources that stood in for better ones: which series have what from them, of what a plan or a backtest looks at.

use super::blend;
use super::spans::named;
use super::stood_in;
use super::world::World;
use crate::plan::codes;
use crate::plan::document::Reason;
use reports::fallbacks::Fallback;
use reports::inputs::SeriesMap;
use reports::time::{Grid, Interval};
use reports::words::counted;
use std::collections::BTreeMap;

const DAY_S: i64 = 86_400;

impl World {
    /// Of the readings that count over a period.
    pub(super) fn stood_in_over(&self, period: Interval) -> Vec<Reason> {
        let over = self.stood_in.iter().filter(|fallback| fallback.span.overlap_s(period) > 0);
        reasons(over.cloned().collect(), ("reading", "readings"))
    }

    /// Of what a horizon is planned with: the readings of the fortnight before it, and what was supplied of itself.
    pub(super) fn stood_in_ahead(&self, grid: Grid, supplied: &SeriesMap) -> Vec<Reason> {
        let before = Interval { start_s: grid.start_s - blend::DAYS as i64 * DAY_S, end_s: grid.start_s };
        let mut list = self.stood_in_over(before);
        let ahead = stood_in::of_points(supplied, &self.stand_ins);
        list.extend(reasons(ahead, ("value ahead", "values ahead")));
        list
    }
}

/// One for each series, source and source that it stood in for.
fn reasons(list: Vec<Fallback>, (one, many): (&str, &str)) -> Vec<Reason> {
    let mut groups: BTreeMap<(String, String, String), Vec<Fallback>> = BTreeMap::new();
    for fallback in list {
        let Fallback { series, source, in_place_of, .. } = &fallback;
        groups.entry((series.clone(), source.clone(), in_place_of.clone())).or_default().push(fallback);
    }
    let reason = |((series, source, better), of_it): ((String, String, String), Vec<Fallback>)| {
        let count: usize = of_it.iter().map(|fallback| fallback.readings).sum();
        let message = format!(
            "{series}: {} from {source}, which stood in for {better}: {}",
            counted(count, one, many),
            named(of_it.iter().map(|fallback| fallback.span).collect())
        );
        Reason::new(codes::FALLBACK_SOURCE, series, count as f64, many, message)
    };
    groups.into_iter().map(reason).collect()
}
