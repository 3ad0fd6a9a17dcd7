//! Fuels that do not add up to the area's demand as they did: one of them lacks, or is counted twice.
//!
//! They never add up to it exactly, for areas import and export. What part of demand they come to is held against that of
//! the 28 days before: doubted more than 15 median distances off the median of it, and a quarter. Of the fuels, the one
//! farthest from its own median is doubted.

use super::found::{Found, of_samples};
use super::samples::{Sample, Samples, usual};
use crate::suspects::Check;
use crate::time::Instant;
use std::collections::BTreeMap;

const DISTANCES: i64 = 15;
const AT_LEAST: i64 = 4;
/// What parts are told in: demand is a million of them.
const WHOLE: i128 = 1_000_000;
/// Of whatever is left of demand.
const MOST: i128 = 1 << 40;

/// What the fuels come to, in millionths of demand, where all of them and demand are known.
fn shares(demand: &Samples, fuels: &BTreeMap<&str, Samples>) -> Samples {
    let share = |sample: &Sample| {
        let sum = fuels.values().map(|fuel| fuel.at(sample.start).map(i128::from)).sum::<Option<i128>>()?;
        let share = (sum * WHOLE).checked_div(i128::from(sample.value))?.clamp(-MOST, MOST);
        Some(Sample { start: sample.start, value: i64::try_from(share).ok()? })
    };
    Samples { step_s: demand.step_s, list: demand.list.iter().filter_map(share).collect() }
}

/// By fuel.
pub(super) fn find<'f>(
    demand: &Samples,
    fuels: &BTreeMap<&'f str, Samples>,
    from: Instant,
) -> BTreeMap<&'f str, Vec<Found>> {
    let alike = fuels.values().all(|fuel| fuel.step_s == demand.step_s);
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    if fuels.is_empty() || !alike {
        return BTreeMap::new();
    }
    let shares = shares(demand, fuels);
    for day in shares.days(from) {
        let Some(past) = shares.past(shares.list[day.start].start) else { continue };
        let values: Vec<i64> = past.iter().map(|sample| sample.value).collect();
        let (middle, distance) = usual(&values);
        let room = (DISTANCES * distance).max(middle.abs() / AT_LEAST);
        for place in day.filter(|&place| (shares.list[place].value - middle).abs() > room) {
            let fuel = farthest(fuels, shares.list[place].start);
            places.entry(fuel).or_default().push(place);
        }
    }
    let said = |run: std::ops::Range<usize>| {
        let percent = shares.list[run.start].value / 10_000;
        format!(
            "with it, all fuels are {percent} % of demand, unlike the weeks before: a fuel that lacks or counts twice?"
        )
    };
    places.into_iter().map(|(fuel, places)| (fuel, of_samples(Check::Parts, &shares, &places, said))).collect()
}

/// The fuel that is farthest from its own median over the past.
fn farthest<'f>(fuels: &BTreeMap<&'f str, Samples>, start: Instant) -> &'f str {
    let off = |fuel: &Samples| {
        let past: Vec<i64> = fuel.past(start).unwrap_or_default().iter().map(|sample| sample.value).collect();
        fuel.at(start).map(|value| (value - usual(&past).0).abs())
    };
    let all = fuels.iter().map(|(name, fuel)| (*name, off(fuel)));
    all.reduce(|best, next| if next.1 > best.1 { next } else { best }).map_or("", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour after 1970.
    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * 3_600)
    }

    fn hourly(value: impl Fn(i64) -> i64) -> Samples {
        let list = (0..30 * 24).map(|hour| Sample { start: at(hour), value: value(hour) }).collect();
        Samples { step_s: 3_600, list }
    }

    #[test]
    fn a_fuel_that_lacks_is_found_by_the_sum() {
        let demand = hourly(|hour| 90_000 + hour % 24 * 1_000);
        let lacks = 25 * 24;
        let gas = |hour: i64| if hour == lacks { 0 } else { 40_000 + hour % 24 * 900 };
        let fuels = BTreeMap::from([("gas", hourly(gas)), ("nuclear", hourly(|_| 33_000))]);
        let found = find(&demand, &fuels, at(0));
        assert_eq!(found.len(), 1);
        let gas = &found["gas"];
        assert_eq!((gas.len(), gas[0].span.start), (1, at(lacks)));
        assert!(gas[0].message.contains("36 % of demand"), "{gas:?}");
        // A day in which one of them is not known says nothing of the others.
        let mut fuels = fuels;
        fuels.insert("wind", Samples { step_s: 3_600, list: Vec::new() });
        assert!(find(&demand, &fuels, at(0)).is_empty());
    }

    #[test]
    fn an_area_that_imports_more_is_not_doubted() {
        let demand = hourly(|hour| 90_000 + hour % 24 * 1_000);
        let fuels = BTreeMap::from([("gas", hourly(|hour| 60_000 - hour % 24 * 200 - hour % 100))]);
        assert!(find(&demand, &fuels, at(0)).is_empty());
    }
}
