//! Every check that a series is open to.

use super::found::{Expected, Found};
use super::samples::Samples;
use super::{capacity, frozen, future, night, parts, register, shift, spike, unit};
use crate::inputs::{Point, touching};
use crate::series::name::{self, Group, StorageLeaf, kind_of};
use crate::suspects::Suspect;
use crate::time::{Interval, RecordTime};
use crate::units::Quantity;
use std::collections::BTreeMap;

/// What readings are held against beside themselves.
pub struct Known<'a> {
    pub expected: &'a Expected,
    /// When a reading was recorded; none where that is not asked of it.
    pub recorded: &'a dyn Fn(&Point) -> Option<RecordTime>,
}

/// Whether any check is for a series: energy, and intensities for their unit. What a storage holds is no energy of an
/// interval.
pub fn looks_at(series: &str) -> bool {
    quantity(series).is_some()
}

fn quantity(series: &str) -> Option<Quantity> {
    let quantity = kind_of(series).ok()?.quantity;
    let is_state = name::parts(series)
        .is_some_and(|(group, _, leaf)| group == Group::Storage && leaf == StorageLeaf::State.name());
    (matches!(quantity, Quantity::Energy | Quantity::Intensity) && !is_state).then_some(quantity)
}

/// What is doubted of a series, as far as it touches `judged`. `points` are its readings with their past, in time order
/// and free of overlap; `PAST_S` before `judged` is enough.
pub fn look(series: &str, points: &[Point], judged: Interval, known: &Known<'_>) -> Vec<Suspect> {
    let Some(quantity) = quantity(series) else { return Vec::new() };
    let mine = touching(points, judged);
    if mine.is_empty() {
        return Vec::new();
    }
    let mut found = unit::find(points, judged.start, quantity == Quantity::Energy);
    if quantity == Quantity::Energy {
        found.extend(of_energy(series, (points, mine), judged, known));
    }
    suspects(series, found, mine, quantity)
}

fn of_energy(series: &str, (points, mine): (&[Point], &[Point]), judged: Interval, known: &Known<'_>) -> Vec<Found> {
    let Expected { capacity, scale, solar } = known.expected;
    let mut found = future::find(mine, known.recorded);
    found.extend(register::find(mine));
    found.extend(capacity.get(series).map(|bound| capacity::find(mine, bound)).unwrap_or_default());
    if !capacity.contains_key(series) {
        found.extend(scale.get(series).map(|bound| unit::beyond(mine, bound)).unwrap_or_default());
    }
    let Some(samples) = Samples::from_points(points) else { return found };
    found.extend(spike::find(&samples, judged.start));
    found.extend(frozen::find(&samples, judged.start));
    found.extend(shift::find(&samples, judged));
    if solar.contains(series) {
        found.extend(night::find(&samples, judged.start));
    }
    found
}

/// What is doubted of the fuels of a boundary, by how they add up to its demand; each series with its past.
pub fn look_at_parts(demand: &[Point], fuels: &BTreeMap<&str, &[Point]>, judged: Interval) -> Vec<Suspect> {
    let Some(demand) = Samples::from_points(demand) else { return Vec::new() };
    let samples: BTreeMap<&str, Samples> =
        fuels.iter().filter_map(|(name, points)| Some((*name, Samples::from_points(points)?))).collect();
    let found = parts::find(&demand, &samples, judged.start);
    let of_fuel = |(name, found): (&str, Vec<Found>)| {
        let mine = touching(fuels.get(name).copied().unwrap_or_default(), judged);
        suspects(name, found, mine, Quantity::Energy)
    };
    found.into_iter().flat_map(of_fuel).collect()
}

/// Each with the readings it is of; what is of none of them is past.
fn suspects(series: &str, found: Vec<Found>, mine: &[Point], quantity: Quantity) -> Vec<Suspect> {
    let suspect = |Found { check, span, message }: Found| {
        let of_it = touching(mine, span);
        let (first, last) = (of_it.first()?, of_it.last()?);
        let wh = of_it.iter().fold(0_i64, |sum, p| sum.saturating_add(p.value));
        Some(Suspect {
            series: series.to_string(),
            check,
            span: Interval { start: first.start, end: last.end },
            readings: of_it.len(),
            wh: if quantity == Quantity::Energy { wh } else { 0 },
            message,
        })
    };
    let mut suspects: Vec<Suspect> = found.into_iter().filter_map(suspect).collect();
    suspects.sort();
    suspects.dedup();
    suspects
}

#[cfg(test)]
mod tests {
    use super::super::found::Bound;
    use super::*;
    use crate::inputs::Quality;
    use crate::suspects::Check;
    use crate::time::{HOUR_S, Instant};

    /// An hour after 1970.
    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * HOUR_S)
    }

    fn hours(range: std::ops::Range<i64>, value: impl Fn(i64) -> i64) -> Vec<Point> {
        let point = |hour: i64| Point {
            start: at(hour),
            end: at(hour + 1),
            value: value(hour),
            quality: Quality::Measured,
            revision: 1,
            row: hour,
        };
        range.map(point).collect()
    }

    #[test]
    fn what_is_doubted_comes_with_its_readings_and_nothing_of_the_past() {
        let bound = Bound { watts: 10, what: "the capacity".into() };
        let expected =
            Expected { capacity: BTreeMap::from([("site/s/load".to_string(), bound)]), ..Expected::default() };
        let known = Known { expected: &expected, recorded: &|_| None };
        let points = hours(0..8, |hour| 9 + hour % 4);
        let judged = Interval { start: at(4), end: at(8) };
        let suspects = look("site/s/load", &points, judged, &known);
        assert_eq!(suspects.len(), 1);
        let Suspect { check, span, readings, wh, .. } = &suspects[0];
        assert_eq!((*check, *readings, *wh), (Check::Capacity, 2, 23));
        assert_eq!((span.start, span.end), (at(6), at(8)));
        for other in ["site/t/load", "grid/A/price", "site/s/temperature", "storage/b/state"] {
            assert!(look(other, &points, judged, &known).is_empty(), "{other}");
        }
    }

    #[test]
    fn no_values_make_a_check_fail() {
        let known = Known { expected: &Expected::default(), recorded: &|_| Some(at(0).into()) };
        for value in [i64::MIN, i64::MAX, 0, -1] {
            let points = hours(0..40 * 24, |hour| if hour % 7 == 0 { value } else { hour });
            let judged = Interval { start: at(0), end: at(40 * 24) };
            assert!(look("plant/p/generation", &points, judged, &known).iter().all(|s| s.readings > 0));
        }
    }
}
