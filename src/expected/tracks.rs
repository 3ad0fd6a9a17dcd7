//! Derived values as tracks: which learn from their past, how late they come, and what to do with old readings that no
//! grid takes.

use super::common::{BoundaryId, GridSeries, HOURS_PER_DAY, SeriesMap, Values, blend};
use super::quantiles::quantile;
use super::track::{Bounds, Track};
use reports::series::name::{GridLeaf, Group, SeriesName, parts};
use reports::time::{Grid, HOUR_S};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub(super) struct SiteTracks {
    /// Metered IT power, and IT power made of the facility's meter.
    pub it: Track,
    pub of_load: Track,
    pub pue: Track,
    /// The facility's meter as it is.
    pub facility: Values,
}

pub(super) fn per_hour(span: Grid) -> usize {
    (HOUR_S / span.step_s).max(1) as usize
}

/// By how much the load's 95 % quantile lies above the mean of its hours, over the last four weeks.
pub(super) fn reach(values: &[Option<f64>], start: usize, per_day: usize) -> f64 {
    let from = start.saturating_sub(28 * per_day);
    let known: Vec<(usize, f64)> =
        (from..start.min(values.len())).filter_map(|i| values[i].map(|mw| (i % per_day, mw))).collect();
    if known.len() < 7 * per_day {
        return 0.0;
    }
    let (means, _) = blend::means(known.iter().copied(), per_day);
    let mut off: Vec<f64> = known.iter().filter_map(|(slot, mw)| means[*slot].map(|mean| mw - mean)).collect();
    off.sort_by(f64::total_cmp);
    quantile(&off, 0.95).max(0.0)
}

/// Old readings that no grid takes must not stop a plan: then only the last weeks are looked at.
pub(super) fn lenient<T>(
    span: Grid,
    series: &SeriesMap,
    derive: impl Fn(&SeriesMap, Grid) -> anyhow::Result<T>,
    after: impl Fn(usize, T) -> T,
) -> anyhow::Result<T> {
    let whole = derive(series, span);
    let per_day = HOURS_PER_DAY * per_hour(span);
    let recent = 60 * per_day;
    if whole.is_ok() || span.len <= recent {
        return whole;
    }
    let skipped = span.len - recent;
    let short = Grid { start: span.start(skipped), step_s: span.step_s, len: recent };
    Ok(after(skipped, derive(series, short)?))
}

/// Values with nothing known before them.
pub(super) fn after(skipped: usize, values: Values) -> Values {
    [vec![None; skipped], values].concat()
}

pub(super) struct Maker<'a> {
    pub span: Grid,
    pub delays: &'a BTreeMap<String, i64>,
    pub learn: Option<usize>,
}

impl Maker<'_> {
    /// One whose own past is worth a model of each hour.
    pub fn learning(&self, values: Values, bounds: Bounds, names: &[String]) -> Track {
        self.track(values, bounds, names).learning(self.span.start.seconds() / HOUR_S, self.learn)
    }

    /// As late as the latest of the series that it is made of.
    pub fn track(&self, values: Values, bounds: Bounds, names: &[String]) -> Track {
        let late_s = names.iter().filter_map(|name| self.delays.get(name)).copied().max().unwrap_or(0);
        let late = (late_s + self.span.step_s - 1).div_euclid(self.span.step_s).max(0) as usize;
        Track::new(values, per_hour(self.span), bounds).late_by(late)
    }

    pub fn boundary(&self, id: &BoundaryId, values: GridSeries<Values>) -> GridSeries<Track> {
        let of_it = |name: &str| parts(name).is_some_and(|(group, of, _)| group == Group::Grid && *id == *of);
        let names: Vec<String> = self.delays.keys().filter(|name| of_it(name)).cloned().collect();
        let price = [String::from(SeriesName::grid(id, GridLeaf::Price))];
        GridSeries {
            cfe_share: self.track(values.cfe_share, Bounds::SHARE, &names),
            average: self.learning(values.average, Bounds::NOT_NEGATIVE, &names),
            residual: self.track(values.residual, Bounds::NOT_NEGATIVE, &names),
            fossil: self.track(values.fossil, Bounds::NOT_NEGATIVE, &names),
            price: self.learning(values.price, Bounds::ANY, &price),
        }
    }
}
