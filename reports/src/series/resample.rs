//! Readings onto the matching grid: energy adds up, factors average by duration.

use super::SeriesError;
use super::cut::Cut;
pub use super::cut::{Long, Why};
use crate::books::Share;
use crate::definitions::gcd_wide;
use crate::inputs::{Point, Quality, touching};
use crate::time::Grid;
use crate::units::{SHARE_ONE, ceil_div};
use std::collections::BTreeMap;

/// Energy per interval, with how much of each interval was metered at all.
#[derive(Debug, Clone)]
pub struct Energy {
    pub wh: Vec<i64>,
    pub covered_s: Vec<i64>,
    pub worst: Vec<Quality>,
    /// Readings in more than one interval that were spread flat.
    pub spread: Vec<Spread>,
}

/// An interval with a part of a reading that was spread flat, what it holds, and why.
pub type Over = (usize, i64, Why);

/// The intervals from one to before another that a reading was spread over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    pub from: usize,
    pub to: usize,
    pub why: Why,
}

impl Energy {
    pub fn is_complete(&self, index: usize, grid: Grid) -> bool {
        self.covered_s[index] == grid.step_s
    }

    /// Energy of the intervals that are fully covered.
    pub fn complete(&self, grid: Grid) -> Vec<Option<i64>> {
        (0..grid.len).map(|i| self.is_complete(i, grid).then_some(self.wh[i])).collect()
    }

    /// Each interval that holds a part of a spread reading, once, in order.
    pub fn spread_over(&self) -> Vec<Over> {
        let mut over = BTreeMap::new();
        for spread in &self.spread {
            for index in spread.from..spread.to {
                let why = over.entry(index).or_insert(spread.why);
                *why = (*why).max(spread.why);
            }
        }
        over.into_iter().map(|(index, why)| (index, self.wh[index], why)).collect()
    }
}

/// Sums energy readings onto the grid.
pub fn energy(series: &str, points: &[Point], grid: Grid, long: Long) -> Result<Energy, SeriesError> {
    let mut out = Energy {
        wh: vec![0; grid.len],
        covered_s: vec![0; grid.len],
        worst: vec![Quality::Measured; grid.len],
        spread: Vec::new(),
    };
    for point in touching(points, grid.period()) {
        let cut = Cut::new(series, point, grid.step_s, long)?;
        let over = grid.touched(point.interval());
        for index in over.clone() {
            let interval = grid.interval(index);
            let sum = out.wh[index].checked_add(cut.wh_in(interval));
            out.wh[index] = sum.ok_or_else(|| SeriesError::Overflow { series: series.into() })?;
            out.covered_s[index] += point.interval().overlap_s(interval);
            out.worst[index] = out.worst[index].max(point.quality);
        }
        if let Some(why) = cut.why {
            out.spread.push(Spread { from: over.start, to: over.end, why });
        }
    }
    Ok(out)
}

/// Sum of `value * seconds` over each interval, where the readings cover it whole.
fn weighted(points: &[Point], grid: Grid) -> Vec<Option<i128>> {
    let mut sums = vec![0_i128; grid.len];
    let mut covered = vec![0_i64; grid.len];
    for point in touching(points, grid.period()) {
        for index in grid.touched(point.interval()) {
            let seconds = point.interval().overlap_s(grid.interval(index));
            sums[index] += i128::from(point.value) * i128::from(seconds);
            covered[index] += seconds;
        }
    }
    sums.into_iter().zip(covered).map(|(sum, seconds)| (seconds == grid.step_s).then_some(sum)).collect()
}

/// A factor in mg/kWh, averaged by duration and rounded up.
pub fn factor(points: &[Point], grid: Grid) -> Vec<Option<i64>> {
    let step = i128::from(grid.step_s);
    weighted(points, grid).into_iter().map(|sum| sum.and_then(|s| i64::try_from(ceil_div(s, step)).ok())).collect()
}

/// A share, averaged by duration, as an exact fraction in lowest terms.
pub fn share(points: &[Point], grid: Grid) -> Vec<Option<Share>> {
    let whole = i128::from(SHARE_ONE) * i128::from(grid.step_s);
    let lowest = |s: i128| {
        let divisor = gcd_wide(s, whole);
        Share { numerator: s / divisor, denominator: whole / divisor }
    };
    weighted(points, grid).into_iter().map(|sum| sum.map(lowest)).collect()
}

/// A price in 1e-6 currency per MWh, averaged by duration and rounded down.
pub fn price(points: &[Point], grid: Grid) -> Vec<Option<i64>> {
    let step = i128::from(grid.step_s);
    weighted(points, grid).into_iter().map(|sum| sum.and_then(|s| i64::try_from(s.div_euclid(step)).ok())).collect()
}

/// A value averaged by duration as a float, for plans; `unit` is what one base unit is worth.
pub fn mean(points: &[Point], grid: Grid, unit: f64) -> Vec<Option<f64>> {
    weighted(points, grid).into_iter().map(|sum| sum.map(|s| s as f64 / grid.step_s as f64 * unit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Instant, Interval, Resolution};

    fn grid(hours: i64, resolution: &str) -> Grid {
        let period = Interval { start: Instant::FIRST, end: Instant::FIRST + hours * 3600 };
        Grid::over(period, Resolution::parse(resolution).expect("resolution")).expect("grid")
    }

    fn point(start: i64, end: i64, value: i64) -> Point {
        let [start, end] = [start, end].map(Instant::from_seconds);
        Point { start, end, value, quality: Quality::Measured, revision: 1, row: 1 }
    }

    #[test]
    fn four_quarters_add_and_long_load_spreads() {
        let quarters: Vec<Point> = (0..4).map(|i| point(i * 900, (i + 1) * 900, 1)).collect();
        assert_eq!(energy("s", &quarters, grid(1, "60min"), Long::Refuse).expect("energy").wh, [4]);
        let hour = [point(0, 3600, 10)];
        let spread = energy("s", &hour, grid(1, "15min"), Long::SpreadFlat).expect("energy");
        assert_eq!(spread.wh, [3, 3, 2, 2]);
        assert!(energy("s", &hour, grid(1, "15min"), Long::Refuse).is_err());
        assert!(energy("s", &[point(1800, 5400, 1)], grid(2, "60min"), Long::SpreadFlat).is_err());
    }

    /// Two hours from half past: the middle interval is covered by half of each, the outer ones by a half alone.
    #[test]
    fn load_off_the_grid_covers_what_it_touches() {
        let hours = [point(1800, 5400, 101), point(5400, 9000, 60)];
        let load = energy("s", &hours, grid(3, "60min"), Long::Load).expect("energy");
        assert_eq!((load.wh.as_slice(), load.covered_s.as_slice()), (&[51, 80, 30][..], &[1800, 3600, 1800][..]));
        assert_eq!(load.complete(grid(3, "60min")), [None, Some(80), None]);
        assert_eq!(load.spread_over(), [(0, 51, Why::OffGrid), (1, 80, Why::OffGrid), (2, 30, Why::OffGrid)]);
    }

    /// Four quarters of which one is the plant's own use: it takes nothing off the others.
    #[test]
    fn negative_readings_count_for_themselves() {
        let quarters: Vec<Point> =
            [-1_000, 500, 500, 500].iter().zip(0..).map(|(wh, i)| point(i * 900, (i + 1) * 900, *wh)).collect();
        let of = |long| energy("s", &quarters, grid(1, "60min"), long).expect("energy").wh;
        assert_eq!((of(Long::Refuse), of(Long::Fuel), of(Long::SpreadFlat)), (vec![1_500], vec![1_500], vec![500]));
    }

    #[test]
    fn factors_average_by_duration_and_round_up() {
        let halves = [point(0, 1800, 100), point(1800, 3600, 101)];
        assert_eq!(factor(&halves, grid(1, "60min")), [Some(101)]);
        assert_eq!(factor(&halves[..1], grid(1, "60min")), [None]);
        assert_eq!(factor(&[point(0, 7200, 7)], grid(2, "60min")), [Some(7), Some(7)]);
    }
}
