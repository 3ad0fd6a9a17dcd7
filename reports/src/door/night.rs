//! Solar generation while the sun is down.
//!
//! A portfolio states no coordinates, and a zone says only roughly where the sun is, so the plant's own past tells: an
//! hour is night where in 28 days neither it nor the hours beside it saw more than 2 % of the highest value. Over 28
//! days, sunrise moves by less than an hour below 60 degrees. Doubted is more than 5 % of the highest value.

use super::found::{Found, mw, of_samples};
use super::samples::{Sample, Samples};
use crate::suspects::Check;
use crate::time::{DAY_S, HOUR_S, Instant};

const HOURS: usize = 24;
/// Percent of the highest value.
const DARK: i128 = 2;
const BRIGHT: i128 = 5;

fn hour(start: Instant) -> usize {
    usize::try_from((start - start.floor(DAY_S)) / HOUR_S).unwrap_or_default()
}

/// The highest value of all, and whether each hour of UTC is night; none where nothing was ever made.
fn nights(past: &[Sample]) -> Option<(i64, [bool; HOURS])> {
    let mut highest = [None; HOURS];
    for sample in past {
        let of_hour = &mut highest[hour(sample.start)];
        *of_hour = (*of_hour).max(Some(sample.value));
    }
    let most = highest.iter().flatten().max().copied().filter(|most| *most > 0)?;
    let mut nights = [false; HOURS];
    for (at, night) in nights.iter_mut().enumerate() {
        let around = [(at + HOURS - 1) % HOURS, at, (at + 1) % HOURS];
        let dark = |at: usize| highest[at].is_some_and(|value| i128::from(value) * 100 <= i128::from(most) * DARK);
        *night = around.into_iter().all(dark);
    }
    Some((most, nights))
}

pub(super) fn find(samples: &Samples, from: Instant) -> Vec<Found> {
    let mut places = Vec::new();
    for day in samples.days(from) {
        let Some(past) = samples.past(samples.list[day.start].start) else { continue };
        let Some((most, nights)) = nights(past) else { continue };
        places.extend(day.filter(|&place| {
            let Sample { start, value } = samples.list[place];
            nights[hour(start)] && i128::from(value) * 100 > i128::from(most) * BRIGHT
        }));
    }
    of_samples(Check::Night, samples, &places, |run| {
        let highest = samples.list[run].iter().map(|sample| sample.value).max().unwrap_or_default();
        format!("{} of sun at night: times of another zone, or not this plant's?", mw(highest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour after 1970.
    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * HOUR_S)
    }

    fn sun(hour: i64) -> i64 {
        (6 - (hour.rem_euclid(24) - 12).abs()).max(0) * 1_000_000
    }

    fn hourly(value: impl Fn(i64) -> i64) -> Samples {
        let list = (0..30 * 24).map(|hour| Sample { start: at(hour), value: value(hour) }).collect();
        Samples { step_s: HOUR_S, list }
    }

    #[test]
    fn sun_at_night_is_found_and_dawn_is_not() {
        assert!(find(&hourly(sun), at(0)).is_empty());
        let night = 20 * 24 + 1;
        let lit = hourly(|hour| if hour == night { 2_000_000 } else { sun(hour) });
        let found = find(&lit, at(0));
        assert_eq!((found.len(), found[0].span.start), (1, at(night)));
        let dawn = 20 * 24 + 6;
        assert!(find(&hourly(|hour| if hour == dawn { 2_000_000 } else { sun(hour) }), at(0)).is_empty());
        let dim = hourly(|hour| if hour == night { 250_000 } else { sun(hour) });
        assert!(find(&dim, at(0)).is_empty(), "what a plant draws is no sun");
        let early = hourly(|hour| if hour == 24 { 2_000_000 } else { sun(hour) });
        assert!(find(&early, at(0)).is_empty(), "a day is no past");
    }

    #[test]
    fn a_plant_that_was_always_off_has_no_nights() {
        assert!(find(&hourly(|hour| if hour == 700 { 2_000_000 } else { 0 }), at(0)).is_empty());
    }
}
