//! A day of readings that is a thousand or a million times what the days before were, or a part of them: another unit.
//!
//! The day's median and its highest value are both off by the factor, within 2.5 either way: a calm or a busy day moves
//! one of them, a wrong unit moves both. Days that are doubted are no past of those after them. Without a past, what
//! is a hundred times all that the sites can take is doubted, too.

use super::found::{Bound, Found, mw, of_points};
use super::samples::{PAST_DAYS, median, watts};
use crate::inputs::Point;
use crate::suspects::Check;
use crate::time::{DAY_S, Instant};
use std::collections::VecDeque;

/// kWh for MWh, and Wh for MWh.
const FACTORS: [i128; 2] = [1_000, 1_000_000];
/// Readings other than zero that a day is told by, and days that a past is told by.
const FEWEST: usize = 6;
const FEWEST_DAYS: usize = 3;
/// How many times the size of the sites, and over how many readings.
const BEYOND_SCALE: i64 = 100;
const FEWEST_OF_ALL: usize = 24;

/// Median and highest of a day, both without sign and without zeros.
type Size = (i64, i64);

fn size(day: &[Point], value: fn(&Point) -> i64) -> Option<Size> {
    let mut values: Vec<i64> = day.iter().map(|point| value(point).saturating_abs()).filter(|v| *v != 0).collect();
    let highest = values.iter().max().copied()?;
    (values.len() >= FEWEST).then(|| (median(&mut values), highest))
}

/// By what factor a size is that of another unit, and whether it is the larger.
fn factor(day: Size, past: Size) -> Option<(i128, bool)> {
    let is = |large: i64, small: i64, factor: i128| {
        let (large, small) = (i128::from(large) * 10, i128::from(small) * factor);
        large >= small * 4 && large <= small * 25
    };
    FACTORS.into_iter().find_map(|factor| {
        if is(day.0, past.0, factor) && is(day.1, past.1, factor) {
            Some((factor, true))
        } else if is(past.0, day.0, factor) && is(past.1, day.1, factor) {
            Some((factor, false))
        } else {
            None
        }
    })
}

/// `points` with their past; those that end at `from` or before are it. `energy` is told as power.
pub(super) fn find(points: &[Point], from: Instant, energy: bool) -> Vec<Found> {
    let value: fn(&Point) -> i64 = if energy { watts } else { |point| point.value };
    let mut past: VecDeque<Size> = VecDeque::new();
    let mut found = Vec::new();
    let mut start = 0;
    for day in points.chunk_by(|a, b| a.start.floor(DAY_S) == b.start.floor(DAY_S)) {
        let places = start..start + day.len();
        start += day.len();
        let Some(today) = size(day, value) else { continue };
        let off = (past.len() >= FEWEST_DAYS && day[day.len() - 1].end > from)
            .then(|| {
                let (mut medians, mut highest): (Vec<i64>, Vec<i64>) = past.iter().copied().unzip();
                factor(today, (median(&mut medians), median(&mut highest)))
            })
            .flatten();
        let Some((factor, larger)) = off else {
            past.push_back(today);
            if past.len() as i64 > PAST_DAYS {
                past.pop_front();
            }
            continue;
        };
        let places: Vec<usize> = places.collect();
        found.extend(of_points(Check::Unit, points, &places, |_| {
            let part = if larger { format!("{factor} times") } else { format!("a {factor}th of") };
            format!("{part} what the days before were: another unit? Correct it where the file states it")
        }));
    }
    found
}

/// Readings far beyond the sites they are for, as a whole.
pub(super) fn beyond(points: &[Point], scale: &Bound) -> Vec<Found> {
    let mut values: Vec<i64> = points.iter().map(watts).filter(|watts| *watts != 0).collect();
    let middle = median(&mut values);
    if values.len() < FEWEST_OF_ALL || middle / BEYOND_SCALE < scale.watts {
        return Vec::new();
    }
    let places: Vec<usize> = (0..points.len()).collect();
    of_points(Check::Unit, points, &places, |_| {
        format!(
            "{} in the middle, {BEYOND_SCALE} times {}, {}, and more: kWh read as MWh? Correct the unit, or state \
             the plant's capacity_mw and the contract's share",
            mw(middle),
            scale.what,
            mw(scale.watts)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Quality;

    /// Hourly, each day with its own factor in thousandths.
    fn days(factors: &[i64]) -> Vec<Point> {
        let hours =
            factors.iter().flat_map(|factor| (0..24).map(move |hour| (3_000_000 + hour * 100_000) / 1_000 * factor));
        let point = |(hour, value): (i64, i64)| Point {
            start: Instant::FIRST + hour * 3_600,
            end: Instant::FIRST + (hour + 1) * 3_600,
            value,
            quality: Quality::Measured,
            revision: 1,
            row: hour,
        };
        (0..).zip(hours).map(point).collect()
    }

    #[test]
    fn a_day_in_another_unit_is_found_and_the_next_good_one_is_not() {
        for (factor, said) in [(1_000_000, "1000 times"), (1_000_000_000, "1000000 times"), (1, "a 1000th of")] {
            let found = find(&days(&[1_000, 1_000, 1_000, factor, factor, 1_000]), Instant::FIRST, true);
            assert_eq!(found.len(), 2, "{factor}");
            assert!(found.iter().all(|f| f.message.starts_with(said)), "{found:?}");
            assert_eq!(found[1].span.end, Instant::FIRST + 5 * DAY_S);
        }
        for factor in [300, 3_000, 30_000, 100] {
            assert!(
                find(&days(&[1_000, 1_000, 1_000, factor]), Instant::FIRST, true).is_empty(),
                "{factor} is another day"
            );
        }
        assert!(find(&days(&[1_000, 1_000, 1_000_000]), Instant::FIRST, true).is_empty(), "two days are no past");
        assert!(
            find(&days(&[1_000, 1_000, 1_000, 1_000_000]), Instant::FIRST + 4 * DAY_S, true).is_empty(),
            "all of it is past"
        );
    }

    #[test]
    fn a_hundred_times_the_sites_is_another_unit() {
        let scale = Bound { watts: 12_000_000, what: "all that site s takes".into() };
        assert_eq!(beyond(&days(&[1_000_000]), &scale).len(), 1);
        assert!(beyond(&days(&[100_000]), &scale).is_empty());
        assert!(beyond(&days(&[1_000_000])[..23], &scale).is_empty());
    }
}
