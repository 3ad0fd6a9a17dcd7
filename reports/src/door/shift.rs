//! A week whose days lie whole hours off those of the weeks before: times of another zone, or the wrong end of an hour.
//!
//! The mean day of each seven is laid over that of the 28 days before, turned by every number of hours. It is doubted
//! where some turn leaves less than a quarter of the squared differences, and correlates at 0.95 or more. One hour is
//! enough where nights are dark, as the sun keeps no summer time; elsewhere people do, and it takes two.

use super::found::Found;
use super::samples::{PAST_S, Sample, Samples};
use crate::suspects::Check;
use crate::time::{DAY_S, Instant, Interval};

const HOURS: usize = 24;
const WEEK_S: i64 = 7 * DAY_S;
/// Samples of each hour that a mean is made of.
const FEWEST: u32 = 4;
const LEFT_AT_MOST: f64 = 0.25;
const ALIKE: f64 = 0.95;
/// Part of the mean below which an hour is dark, and how many of them make a night.
const DARK: f64 = 0.02;
const NIGHT: usize = 4;

type Day = [f64; HOURS];

/// The mean of each hour over the mean of all; none where an hour is hardly known, or nothing is there.
fn mean_day(samples: &[Sample]) -> Option<Day> {
    let (mut sums, mut counts) = ([0.0; HOURS], [0_u32; HOURS]);
    for sample in samples {
        let hour = usize::try_from((sample.start - sample.start.floor(DAY_S)) / 3_600).unwrap_or_default();
        sums[hour] += sample.value as f64;
        counts[hour] += 1;
    }
    if counts.iter().any(|count| *count < FEWEST) {
        return None;
    }
    let means: Vec<f64> = sums.iter().zip(counts).map(|(sum, count)| sum / f64::from(count)).collect();
    let mean = means.iter().sum::<f64>() / HOURS as f64;
    let mut day = [0.0; HOURS];
    day.iter_mut().zip(&means).for_each(|(of_hour, value)| *of_hour = value / mean);
    (mean > 0.0).then_some(day)
}

/// A day that many hours later.
fn turned(day: &Day, hours: usize) -> Day {
    let mut turned = *day;
    turned.rotate_right(hours);
    turned
}

/// Both have the mean 1.
fn correlation(a: &Day, b: &Day) -> f64 {
    let spread = |day: &Day| day.iter().map(|value| (value - 1.0) * (value - 1.0)).sum::<f64>();
    let both: f64 = a.iter().zip(b).map(|(a, b)| (a - 1.0) * (b - 1.0)).sum();
    let scale = (spread(a) * spread(b)).sqrt();
    if scale > 0.0 { both / scale } else { 0.0 }
}

/// By how many hours a week is late, negative where it is early; 0 where it is neither.
fn late(week: &Day, past: &Day) -> i64 {
    let left = |hours: usize| week.iter().zip(turned(past, hours)).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    let best = (0..HOURS).min_by(|a, b| left(*a).total_cmp(&left(*b))).unwrap_or_default();
    let hours = if best <= HOURS / 2 { best as i64 } else { best as i64 - HOURS as i64 };
    let dark = past.iter().filter(|value| **value < DARK).count();
    let fewest = if dark >= NIGHT { 1 } else { 2 };
    let alike = correlation(week, &turned(past, best)) >= ALIKE;
    if hours.abs() >= fewest && left(best) < LEFT_AT_MOST * left(0) && alike { hours } else { 0 }
}

pub(super) fn find(samples: &Samples, judged: Interval) -> Vec<Found> {
    let slice = |from: Instant, to: Instant| &samples.list[samples.from(from)..samples.from(to)];
    let mut found = Vec::new();
    let mut start = judged.start.floor(DAY_S);
    while start + WEEK_S <= judged.end + DAY_S {
        let end = start + WEEK_S;
        let week = slice(start, end);
        let known = samples.past(start).map(|_| slice(start - PAST_S, start));
        if let (Some(week), Some(past)) = (mean_day(week), known.and_then(mean_day)) {
            let hours = late(&week, &past);
            if hours != 0 {
                found.push(Found { check: Check::Shift, span: Interval { start, end }, message: said(hours) });
            }
        }
        start = end;
    }
    found
}

fn said(hours: i64) -> String {
    let (count, way) = (hours.abs(), if hours > 0 { "later" } else { "earlier" });
    let noun = if count == 1 { "hour" } else { "hours" };
    format!(
        "its days lie {count} {noun} {way} than those of the weeks before: another zone, or the other end of an hour?"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The start of a day since 1970.
    fn day(number: i64) -> Instant {
        Instant::from_seconds(number * DAY_S)
    }

    fn hourly(value: impl Fn(i64) -> i64) -> Samples {
        let list = (0..42 * 24).map(|hour| Sample { start: day(0) + hour * 3_600, value: value(hour) }).collect();
        Samples { step_s: 3_600, list }
    }

    fn sun(hour: i64) -> i64 {
        (6 - (hour.rem_euclid(24) - 12).abs()).max(0) * 1_000_000 + hour * 7_919 % 10_007
    }

    /// People: up in the morning, most in the evening, never nothing.
    fn town(hour: i64) -> i64 {
        40_000_000 + (12 - (hour.rem_euclid(24) - 19).abs()).max(0) * 2_000_000 + hour * 7_919 % 100_003
    }

    fn found(value: impl Fn(i64) -> i64, by: i64) -> Vec<String> {
        let last = 35 * 24;
        let samples = hourly(|hour| value(if hour >= last { hour - by } else { hour }));
        let all = Interval { start: day(28), end: day(42) };
        find(&samples, all).into_iter().map(|f| format!("{} {}", (f.span.start - day(0)) / DAY_S, f.message)).collect()
    }

    #[test]
    fn a_week_that_is_late_or_early_is_found() {
        for (by, said) in [(1, "35 its days lie 1 hour later"), (-1, "1 hour earlier"), (6, "6 hours later")] {
            let found = found(sun, by);
            assert!(found.len() == 1 && found[0].contains(said), "{by}: {found:?}");
        }
        assert!(found(town, 5)[0].contains("5 hours later"));
    }

    #[test]
    fn summer_time_and_other_days_are_not() {
        assert!(found(sun, 0).is_empty());
        assert!(found(town, 1).is_empty(), "people keep summer time");
        assert!(found(|_| 5_000_000, 6).is_empty(), "flat");
        assert!(found(|hour| hour * 7_919 % 100_003, 6).is_empty(), "no days in it");
        let samples = hourly(|hour| sun(if hour >= 7 * 24 { hour - 3 } else { hour }));
        assert!(find(&samples, Interval { start: day(7), end: day(14) }).is_empty(), "a week is no past");
    }
}
