//! Readings onto the matching grid: energy adds up, factors average by duration.

use super::SeriesError;
use crate::books::Share;
use crate::definitions::gcd_wide;
use crate::inputs::{Point, Quality};
use crate::report::TierSplit;
use crate::time::Grid;
use crate::units::{SHARE_ONE, ceil_div};

/// Energy per interval, with how much of each interval was metered at all.
#[derive(Debug, Clone)]
pub struct Energy {
    pub wh: Vec<i64>,
    pub covered_s: Vec<i64>,
    pub worst: Vec<Quality>,
    pub quality: TierSplit,
    /// Indices of readings longer than an interval that were spread flat: (first, one past last).
    pub spread: Vec<(usize, usize)>,
}

impl Energy {
    pub fn is_complete(&self, index: usize, grid: Grid) -> bool {
        self.covered_s[index] == grid.step_s
    }

    /// Energy of the intervals that are fully covered.
    pub fn complete(&self, grid: Grid) -> Vec<Option<i64>> {
        (0..grid.len).map(|i| self.is_complete(i, grid).then_some(self.wh[i])).collect()
    }
}

/// Whether a reading longer than an interval may be spread flat over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Long {
    SpreadFlat,
    Refuse,
}

/// Sums energy readings onto the grid. 10 Wh over four intervals are 3, 3, 2, 2.
pub fn energy(series: &str, points: &[Point], grid: Grid, long: Long) -> Result<Energy, SeriesError> {
    let mut out = Energy {
        wh: vec![0; grid.len],
        covered_s: vec![0; grid.len],
        worst: vec![Quality::Measured; grid.len],
        quality: TierSplit::default(),
        spread: Vec::new(),
    };
    let period = grid.period();
    let first = points.partition_point(|p| p.end_s <= period.start_s);
    for point in points[first..].iter().take_while(|p| p.start_s < period.end_s) {
        let aligned = |s: i64| (s - grid.start_s).rem_euclid(grid.step_s) == 0;
        let from = (point.start_s - grid.start_s).div_euclid(grid.step_s);
        let to = (point.end_s - grid.start_s - 1).div_euclid(grid.step_s) + 1;
        if to - from == 1 {
            out.add(series, from as usize, point.value, point.end_s - point.start_s, point.quality)?;
            continue;
        }
        let minutes = grid.step_s / 60;
        if !aligned(point.start_s) || !aligned(point.end_s) {
            return Err(SeriesError::Straddles { series: series.into(), interval: point.interval(), minutes });
        }
        if long == Long::Refuse {
            return Err(SeriesError::LongGeneration { series: series.into(), interval: point.interval(), minutes });
        }
        let parts = to - from;
        let (each, left) = (point.value.div_euclid(parts), point.value.rem_euclid(parts));
        let (low, high) = (from.max(0), to.min(grid.len as i64));
        for index in low..high {
            let wh = each + i64::from(index - from < left);
            out.add(series, index as usize, wh, grid.step_s, point.quality)?;
        }
        out.spread.push((low as usize, high as usize));
    }
    Ok(out)
}

impl Energy {
    fn add(&mut self, series: &str, index: usize, wh: i64, seconds: i64, quality: Quality) -> Result<(), SeriesError> {
        let sum = self.wh[index].checked_add(wh);
        self.wh[index] = sum.ok_or_else(|| SeriesError::Overflow { series: series.into() })?;
        self.covered_s[index] += seconds;
        self.worst[index] = self.worst[index].max(quality);
        self.quality.add(quality, wh);
        Ok(())
    }
}

/// Sum of `value * seconds` over each interval, where the readings cover it whole.
fn weighted(points: &[Point], grid: Grid) -> Vec<Option<i128>> {
    let mut sums = vec![0_i128; grid.len];
    let mut covered = vec![0_i64; grid.len];
    let period = grid.period();
    let first = points.partition_point(|p| p.end_s <= period.start_s);
    for point in points[first..].iter().take_while(|p| p.start_s < period.end_s) {
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
    weighted(points, grid)
        .into_iter()
        .map(|sum| {
            sum.map(|s| {
                let divisor = gcd_wide(s, whole);
                Share { numerator: s / divisor, denominator: whole / divisor }
            })
        })
        .collect()
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
    use crate::time::{Interval, Resolution};

    fn grid(hours: i64, resolution: &str) -> Grid {
        let period = Interval { start_s: 0, end_s: hours * 3600 };
        Grid::over(period, Resolution::parse(resolution).expect("resolution")).expect("grid")
    }

    fn point(start_s: i64, end_s: i64, value: i64) -> Point {
        Point { start_s, end_s, value, quality: Quality::Measured, revision: 1, row: 1 }
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

    #[test]
    fn factors_average_by_duration_and_round_up() {
        let halves = [point(0, 1800, 100), point(1800, 3600, 101)];
        assert_eq!(factor(&halves, grid(1, "60min")), [Some(101)]);
        assert_eq!(factor(&halves[..1], grid(1, "60min")), [None]);
        assert_eq!(factor(&[point(0, 7200, 7)], grid(2, "60min")), [Some(7), Some(7)]);
    }
}
