//! Suppliers' forecasts as they were issued, beside what was measured later.

use super::accuracy::{Band, Pair};
use super::common::{Instant, Interval, Point, Store};
use crate::store::forecasts::{self, EXPECTED_PPM, ForecastPoint, MEDIAN_PPM};
use crate::store::readings::{self, Cut};
use reports::series::name::{Group, StorageLeaf, kind_of, parts};
use reports::units::{MICRO, Quantity, SHARE_ONE, WH_PER_MWH};
use std::collections::BTreeMap;

/// How stored values of a series read for people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    pub unit: &'static str,
    /// Stored values in one of it.
    per: f64,
    /// Energy over an interval, read as mean power.
    power: bool,
    /// A negative value counts as 0: a plant's own use at night is no generation.
    from_zero: bool,
}

impl Measure {
    /// None where the name is no series.
    pub fn for_series(series: &str) -> Option<Self> {
        let kind = kind_of(series).ok()?;
        let (group, _, leaf) = parts(series)?;
        let state = group == Group::Storage && leaf == StorageLeaf::State.name();
        let (unit, per, power) = match kind.quantity {
            Quantity::Energy if state => ("MWh", WH_PER_MWH as f64, false),
            Quantity::Energy => ("MW", WH_PER_MWH as f64, true),
            Quantity::Intensity => ("g/kWh", 1_000.0, false),
            Quantity::Share => ("share", SHARE_ONE as f64, false),
            Quantity::Price => ("currency/MWh", MICRO as f64, false),
            Quantity::Count => ("gpus", 1.0, false),
            Quantity::Ratio => ("ratio", MICRO as f64, false),
            Quantity::Temperature => ("C", 1_000.0, false),
        };
        Some(Self { unit, per, power, from_zero: power && kind.may_be_negative })
    }

    fn read(self, value: i64, interval: Interval) -> f64 {
        let hours = if self.power { interval.duration_s() as f64 / 3_600.0 } else { 1.0 };
        let value = if self.from_zero { value.max(0) } else { value };
        value as f64 / (self.per * hours)
    }
}

/// A series' forecasts that something came of, and how many nothing was measured of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Compared {
    pub pairs: Vec<Pair>,
    pub without_actual: usize,
}

/// Forecasts of intervals inside `period` issued by an instant, beside readings known then. A forecast of an interval
/// that had ended when it was issued counts for nothing.
pub async fn compared(
    store: &Store,
    series: &str,
    measure: Measure,
    period: Interval,
    known: Instant,
) -> anyhow::Result<Compared> {
    let points = forecasts::issued(store, series, period, known).await?;
    let spans = BTreeMap::from([(series.to_string(), vec![period])]);
    let cut = Cut { revision: i64::MAX, known };
    let held = readings::load(store, &spans, cut).await?.remove(series).unwrap_or_default();
    let mut compared = Compared::default();
    for group in points.chunk_by(|a, b| (a.issued, a.start) == (b.issued, b.start)) {
        let Some(point) = expected(group).filter(|p| p.end > p.issued) else { continue };
        let interval = point.interval();
        match actual(&held, measure, interval) {
            None => compared.without_actual += 1,
            Some(actual) => {
                let (forecast, band) = (measure.read(point.value, interval), band(group, measure));
                compared.pairs.push(Pair { issued: point.issued, end: point.end, forecast, actual, band });
            }
        }
    }
    Ok(compared)
}

/// The value that stands for all of an interval's: the expected one, else the median.
fn expected(group: &[ForecastPoint]) -> Option<&ForecastPoint> {
    let of = |ppm: i64| group.iter().find(|p| p.quantile_ppm == ppm);
    of(EXPECTED_PPM).or_else(|| of(MEDIAN_PPM))
}

/// The widest band stated, from a quantile below the median to one above it.
fn band(group: &[ForecastPoint], measure: Measure) -> Option<Band> {
    let low = group.iter().find(|p| (1..MEDIAN_PPM).contains(&p.quantile_ppm))?;
    let high = group.iter().rev().find(|p| p.quantile_ppm > MEDIAN_PPM)?;
    let read = |p: &ForecastPoint| measure.read(p.value, p.interval());
    let stated = (high.quantile_ppm - low.quantile_ppm) as f64 / 1e6;
    Some(Band { low: read(low), high: read(high), stated })
}

/// Mean over an interval by duration; none unless readings cover it whole.
fn actual(readings: &[Point], measure: Measure, interval: Interval) -> Option<f64> {
    let first = readings.partition_point(|p| p.end <= interval.start);
    let (mut sum, mut covered) = (0.0, 0);
    for point in readings[first..].iter().take_while(|p| p.start < interval.end) {
        let seconds = point.interval().overlap_s(interval);
        sum += measure.read(point.value, point.interval()) * seconds as f64;
        covered += seconds;
    }
    (covered == interval.duration_s()).then(|| sum / covered as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::inputs::Quality;

    fn interval(start_s: i64, end_s: i64) -> Interval {
        Interval { start: Instant::from_seconds(start_s), end: Instant::from_seconds(end_s) }
    }

    fn reading(start_s: i64, end_s: i64, value: i64) -> Point {
        let Interval { start, end } = interval(start_s, end_s);
        Point { start, end, value, quality: Quality::Measured, revision: 1, row: 2 }
    }

    #[test]
    fn actuals_are_means_over_the_forecasts_own_interval() {
        let load = Measure::for_series("site/s/load").expect("series");
        assert_eq!(load.unit, "MW");
        let half_hours = [reading(0, 1_800, 1_000_000), reading(1_800, 3_600, 2_000_000)];
        let hour = interval(0, 3_600);
        assert_eq!(actual(&half_hours, load, hour), Some(3.0));
        assert_eq!(actual(&half_hours[..1], load, hour), None, "half of it was not measured");
        let intensity = Measure::for_series("grid/A/carbon_intensity").expect("series");
        let quarter = interval(900, 1_800);
        assert_eq!(actual(&[reading(0, 1_800, 76_000)], intensity, quarter), Some(76.0));
        assert_eq!(Measure::for_series("site/s/lode"), None);
        // Half an hour of 2 MW and half an hour of the plant's own use are 1 MW, as they are in reports.
        let plant = Measure::for_series("plant/p/generation").expect("series");
        let night = [reading(0, 1_800, 1_000_000), reading(1_800, 3_600, -400_000)];
        assert_eq!(actual(&night, plant, hour), Some(1.0));
        let price = Measure::for_series("grid/A/price").expect("series");
        assert_eq!(actual(&[reading(0, 3_600, -5_000_000)], price, hour), Some(-5.0));
    }

    #[test]
    fn the_expected_value_or_the_median_stands_for_a_band() {
        let point = |quantile_ppm: i64, value: i64| ForecastPoint {
            issued: Instant::FIRST,
            quantile_ppm,
            start: Instant::FIRST,
            end: Instant::FIRST + 3_600,
            value,
            row: 2,
        };
        let load = Measure::for_series("site/s/load").expect("series");
        let group = [point(100_000, 1_000_000), point(MEDIAN_PPM, 2_000_000), point(900_000, 4_000_000)];
        assert_eq!(expected(&group).map(|p| p.value), Some(2_000_000));
        assert_eq!(band(&group, load), Some(Band { low: 1.0, high: 4.0, stated: 0.8 }));
        assert_eq!(band(&group[..2], load), None, "one-sided");
        assert_eq!(expected(&group[..1]), None);
    }
}
