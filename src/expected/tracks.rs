//! Derived values as tracks: which learn from their past, how late they come, and what to do with old readings that no
//! grid takes.

use super::derive::{BoundaryValues, Values};
use super::errors;
use super::expect::HOURS_PER_DAY;
use super::track::{Bounds, Track};
use reports::inputs::SeriesMap;
use reports::series::name::{GridLeaf, Group, SeriesName, parts};
use reports::time::Grid;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub(super) struct BoundaryTracks {
    pub cfe_share: Track,
    pub average: Track,
    pub residual: Track,
    pub fossil: Track,
    pub price: Track,
}

#[derive(Debug, Clone)]
pub(super) struct SiteTracks {
    /// Metered IT power, and IT power made of the facility's meter.
    pub it: Track,
    pub of_load: Track,
    pub pue: Track,
    /// The facility's meter as it is.
    pub facility: Values,
}

/// Steps of an hour.
pub(super) fn per_hour(span: Grid) -> usize {
    (3_600 / span.step_s).max(1) as usize
}

/// By how much the load's 95 % quantile lies above the mean of its hours, over the last four weeks.
pub(super) fn reach(values: &[Option<f64>], start: usize, per_day: usize) -> f64 {
    let from = start.saturating_sub(28 * per_day);
    let known: Vec<(usize, f64)> =
        (from..start.min(values.len())).filter_map(|i| values[i].map(|mw| (i % per_day, mw))).collect();
    if known.len() < 7 * per_day {
        return 0.0;
    }
    let mut sums = vec![(0.0, 0.0); per_day];
    for (slot, mw) in &known {
        sums[*slot] = (sums[*slot].0 + mw, sums[*slot].1 + 1.0);
    }
    let mut off: Vec<f64> = known.iter().map(|(slot, mw)| mw - sums[*slot].0 / sums[*slot].1).collect();
    off.sort_by(f64::total_cmp);
    errors::quantile(&off, 0.95).max(0.0)
}

/// Old readings that no grid takes must not stop a plan: then only the last weeks are looked at.
pub(super) fn lenient<T: Extend>(
    span: Grid,
    series: &SeriesMap,
    derive: impl Fn(&SeriesMap, Grid) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let whole = derive(series, span);
    let per_day = HOURS_PER_DAY * per_hour(span);
    let recent = 60 * per_day;
    if whole.is_ok() || span.len <= recent {
        return whole;
    }
    let skipped = span.len - recent;
    let short = Grid { start_s: span.start(skipped), step_s: span.step_s, len: recent };
    Ok(T::after(skipped, derive(series, short)?))
}

/// Values with nothing known before them.
pub(super) trait Extend {
    fn after(skipped: usize, values: Self) -> Self;
}

impl Extend for Values {
    fn after(skipped: usize, values: Self) -> Self {
        let mut all = vec![None; skipped];
        all.extend(values);
        all
    }
}

impl Extend for BoundaryValues {
    fn after(skipped: usize, v: Self) -> Self {
        let after = |values| Values::after(skipped, values);
        Self {
            cfe_share: after(v.cfe_share),
            average: after(v.average),
            residual: after(v.residual),
            fossil: after(v.fossil),
            price: after(v.price),
        }
    }
}

/// What tracks of one span have in common.
pub(super) struct Maker<'a> {
    pub span: Grid,
    pub delays: &'a BTreeMap<String, i64>,
    pub learn: Option<usize>,
}

impl Maker<'_> {
    /// `learns` is whether its own past is worth a model of each hour.
    pub fn track(&self, values: Values, bounds: Bounds, names: &[String], learns: bool) -> Track {
        let late_s = names.iter().filter_map(|name| self.delays.get(name)).copied().max().unwrap_or(0);
        let late = (late_s + self.span.step_s - 1).div_euclid(self.span.step_s).max(0) as usize;
        let learn = if learns { self.learn } else { Some(0) };
        Track::new(values, per_hour(self.span), self.span.start_s / 3_600, bounds, learn).late_by(late)
    }

    pub fn boundary(&self, id: &str, values: BoundaryValues) -> BoundaryTracks {
        let of_it = |name: &str| parts(name).is_some_and(|(group, of, _)| group == Group::Grid && of == id);
        let names: Vec<String> = self.delays.keys().filter(|name| of_it(name)).cloned().collect();
        let price = [String::from(SeriesName::grid(id, GridLeaf::Price))];
        BoundaryTracks {
            cfe_share: self.track(values.cfe_share, Bounds::SHARE, &names, false),
            average: self.track(values.average, Bounds::NOT_NEGATIVE, &names, true),
            residual: self.track(values.residual, Bounds::NOT_NEGATIVE, &names, false),
            fossil: self.track(values.fossil, Bounds::NOT_NEGATIVE, &names, false),
            price: self.track(values.price, Bounds::ANY, &price, true),
        }
    }
}
