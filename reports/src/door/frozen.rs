//! The same value for longer than ever before: a meter or a feed that stands still.
//!
//! Six readings or more, and more than twice the longest run of the 28 days before. Values next to nothing are none:
//! a plant at night and a load that is off stay where they are.

use super::found::{Found, mw, of_samples};
use super::samples::{KNOWN_DAYS, PAST_S, Samples, runs};
use crate::suspects::Check;
use crate::time::{DAY_S, Instant};
use std::ops::Range;

const FEWEST: usize = 6;
/// Percent of the highest value of the past.
const NOTHING_BELOW: i128 = 2;

pub(super) fn find(samples: &Samples, from: Instant) -> Vec<Found> {
    // One value, without a gap.
    let goes_on = |before: usize, place: usize| {
        let [b, sample] = [before, place].map(|place| samples.list[place]);
        b.value == sample.value && b.start + samples.step_s == sample.start
    };
    let runs = runs(0..samples.list.len(), goes_on);
    let starts = |run: &Range<usize>| samples.list[run.start].start;
    let mut places = Vec::new();
    for (index, run) in runs.iter().enumerate().filter(|(_, run)| run.len() >= FEWEST) {
        let end = samples.list[run.end - 1].start + samples.step_s;
        if end <= from {
            continue;
        }
        let first = runs[..index].partition_point(|past| starts(past) < starts(run) - PAST_S);
        let past = &runs[first..index];
        let known: usize = past.iter().map(|past| past.len()).sum();
        if (known as i64) * samples.step_s < KNOWN_DAYS * DAY_S {
            continue;
        }
        let highest = past.iter().map(|past| samples.list[past.start].value.abs()).max().unwrap_or_default();
        let is_nothing =
            |place: usize| i128::from(samples.list[place].value).abs() * 100 <= i128::from(highest) * NOTHING_BELOW;
        let longest = past.iter().filter(|past| !is_nothing(past.start)).map(|past| past.len()).max();
        if !is_nothing(run.start) && run.len() > 2 * longest.unwrap_or_default() {
            places.extend(run.clone());
        }
    }
    of_samples(Check::Frozen, samples, &places, |run| {
        format!(
            "{} in {} readings, longer than ever in the weeks before: a meter that stands still?",
            mw(samples.list[run.start].value),
            run.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::Sample;
    use super::*;

    /// An hour after 1970.
    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * 3_600)
    }

    fn hourly(value: impl Fn(i64) -> i64) -> Samples {
        let list = (0..40 * 24).map(|hour| Sample { start: at(hour), value: value(hour) }).collect();
        Samples { step_s: 3_600, list }
    }

    #[test]
    fn a_meter_that_stands_still_is_found() {
        let busy = |hour: i64| 5_000_000 + hour * 7_919 % 100_003;
        let still = |hour: i64| if (800..810).contains(&hour) { 5_000_000 } else { busy(hour) };
        let found = find(&hourly(still), at(0));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].span.start, found[0].span.end), (at(800), at(810)));
        assert!(find(&hourly(busy), at(0)).is_empty());
        assert!(find(&hourly(still), at(810)).is_empty(), "it ended before");
        let short = |hour: i64| if (800..805).contains(&hour) { 5_000_000 } else { busy(hour) };
        assert!(find(&hourly(short), at(0)).is_empty());
        let early = |hour: i64| if (100..120).contains(&hour) { 5_000_000 } else { busy(hour) };
        assert!(find(&hourly(early), at(0)).is_empty(), "four days are no past");
    }

    #[test]
    fn flat_series_and_nights_are_as_they_always_were() {
        assert!(find(&hourly(|_| 5_000_000), at(0)).is_empty());
        let sun = |hour: i64| if (6..18).contains(&(hour % 24)) { 1_000_000 + hour * 7_919 % 100_003 } else { 0 };
        assert!(find(&hourly(sun), at(0)).is_empty());
        // A polar night, or a plant that is off.
        assert!(find(&hourly(|hour| if hour > 700 { 3 } else { sun(hour) }), at(0)).is_empty());
    }
}
