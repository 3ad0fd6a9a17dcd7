//! Values far off their neighbours, or off all that the series' own past holds.
//!
//! A reading *bends* by twice its value less both neighbours: nothing on a straight line, twice its height for a spike.
//! It is doubted where that is
//! - more than 4 times what 95 of 100 readings of the 28 days before bend by, so that a series that always jumps may,
//! - more than 12 standard deviations (1.4826 median distances) off the median of the same time of day,
//! - more than a tenth of the usual value, and
//! - no less than what its neighbours bend by, none of which is doubted by what follows: beside a spike they bend, too,
//!   and are good.
//!
//! Or where it lies beyond the lowest or highest of those days by half of their range or a quarter of the usual value,
//! whichever is more, and more than 10 standard deviations off the usual one: several hours beside each other bend little.
//!
//! Medians and the 95th of 100 stand however wild a few values are. `docs/checks.md` says what this finds.

use super::found::{Found, mw, of_samples};
use super::samples::{KNOWN_DAYS, PAST_DAYS, Sample, Samples, usual};
use crate::suspects::Check;
use crate::time::{DAY_S, Instant};

/// In percent of all bends.
const MOST_BENDS: usize = 95;
const TIMES_BENDS: i64 = 4;
/// In hundredths of a median distance: 12 and 10 standard deviations.
const BEND_DISTANCES: i128 = 1_779;
const VALUE_DISTANCES: i128 = 1_483;

/// A series, and what each of its readings bends by: none at the edge of a gap.
struct Bent<'s> {
    samples: &'s Samples,
    bends: Vec<Option<i64>>,
}

impl<'s> Bent<'s> {
    fn new(samples: &'s Samples) -> Self {
        let list = &samples.list;
        let bend = |place: usize| {
            let [before, here, after] = [list.get(place.checked_sub(1)?)?, &list[place], list.get(place + 1)?];
            let beside = here.start - before.start == samples.step_s && after.start - here.start == samples.step_s;
            beside.then(|| 2 * here.value - before.value - after.value)
        };
        Self { samples, bends: (0..list.len()).map(bend).collect() }
    }

    fn bend_at(&self, start: Instant) -> Option<i64> {
        self.bends[self.samples.place(start)?]
    }

    /// What the day of an instant is held against; none where too little is known.
    fn past(&self, instant: Instant) -> Option<Past> {
        let past = self.samples.before(instant)?;
        let values = || self.samples.list[past.clone()].iter().map(|sample| sample.value);
        let mut bends: Vec<i64> = self.bends[past.clone()].iter().flatten().map(|bend| bend.abs()).collect();
        let most = (bends.len() * MOST_BENDS / 100).min(bends.len().saturating_sub(1));
        let bend = if bends.is_empty() { None } else { Some(*bends.select_nth_unstable(most).1) };
        Some(Past { lowest: values().min()?, highest: values().max()?, bend })
    }
}

/// What a day is held against.
struct Past {
    lowest: i64,
    highest: i64,
    /// What most readings bend by at most.
    bend: Option<i64>,
}

/// What held at the same time of the days before, where enough of them are known.
fn same_time(start: Instant, at: impl Fn(Instant) -> Option<i64>) -> Option<Vec<i64>> {
    let values: Vec<i64> = (1..=PAST_DAYS).filter_map(|days| at(start - days * DAY_S)).collect();
    (values.len() as i64 >= KNOWN_DAYS).then_some(values)
}

pub(super) fn find(samples: &Samples, from: Instant) -> Vec<Found> {
    let bent = Bent::new(samples);
    let mut places = Vec::new();
    for day in samples.days(from) {
        let Some(past) = bent.past(samples.list[day.start].start) else { continue };
        let is_spike =
            |sample| is_outside(&bent, sample, &past) || stands_out(&bent, sample, &past).unwrap_or_default();
        places.extend(day.filter(|&place| is_spike(samples.list[place])));
    }
    of_samples(Check::Spike, samples, &places, |run| {
        let first = samples.list[run.start];
        let before = same_time(first.start, |at| samples.at(at)).unwrap_or_default();
        let usual = mw(usual(&before).0);
        format!("{}, where {usual} is usual at that time of day: a spike? Correct it if so", mw(first.value))
    })
}

/// Beyond all of the past, by far.
fn is_outside(bent: &Bent<'_>, sample: Sample, past: &Past) -> bool {
    let Sample { start, value } = sample;
    if (past.lowest..=past.highest).contains(&value) {
        return false;
    }
    let Some(before) = same_time(start, |at| bent.samples.at(at)) else { return false };
    let (middle, distance) = usual(&before);
    let room = ((past.highest - past.lowest) / 2).max(middle.abs() / 4);
    let outside = value > past.highest + room || value < past.lowest - room;
    outside && i128::from((value - middle).abs()) * 100 > VALUE_DISTANCES * i128::from(distance)
}

/// Whether a reading bends more than any of its time did, and is what bends it; none where that is not known.
fn stands_out(bent: &Bent<'_>, sample: Sample, past: &Past) -> Option<bool> {
    let Sample { start, .. } = sample;
    let bends = bent.bend_at(start)?;
    let most = TIMES_BENDS * past.bend?;
    // Most readings end here: the rest takes longer.
    if bends.abs() <= most {
        return Some(false);
    }
    let middle = usual(&same_time(start, |at| bent.samples.at(at))?).0;
    let (usual_bend, distance) = usual(&same_time(start, |at| bent.bend_at(at))?);
    let off = (bends - usual_bend).abs();
    let step_s = bent.samples.step_s;
    let explains = |start: Instant| {
        let bends_more = bent.bend_at(start).is_some_and(|beside| beside.abs() > bends.abs());
        let value = bent.samples.at(start);
        bends_more || value.is_some_and(|value| is_outside(bent, Sample { start, value }, past))
    };
    Some(
        off > most
            && i128::from(off) * 100 > BEND_DISTANCES * i128::from(distance)
            && i128::from(off) * 10 > i128::from(middle).abs()
            && ![start - step_s, start + step_s].into_iter().any(explains),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hourly: an evening peak, and a few percent of repeatable unrest.
    fn month() -> Samples {
        let to_peak = |hour: i64| (hour % 24 - 18).abs().min(24 - (hour % 24 - 18).abs());
        let value = |hour: i64| 80_000_000 + 1_500_000 * (12 - to_peak(hour)) + hour * 7_919 % 1_000_003;
        let list =
            (0..40 * 24).map(|hour| Sample { start: Instant::FIRST + hour * 3_600, value: value(hour) }).collect();
        Samples { step_s: 3_600, list }
    }

    fn hours(found: &[Found]) -> Vec<(i64, i64)> {
        found.iter().map(|f| ((f.span.start - Instant::FIRST) / 3_600, (f.span.end - Instant::FIRST) / 3_600)).collect()
    }

    #[test]
    fn a_spike_is_found_and_its_neighbours_are_good() {
        assert!(find(&month(), Instant::FIRST).is_empty());
        let at = 35 * 24 + 7;
        for (percent, said) in [(130, true), (400, true), (70, true), (0, true), (103, false)] {
            let mut samples = month();
            samples.list[at].value = samples.list[at].value * percent / 100;
            let wanted = if said { vec![(at as i64, at as i64 + 1)] } else { Vec::new() };
            assert_eq!(hours(&find(&samples, Instant::FIRST)), wanted, "{percent} %");
            assert!(find(&samples, Instant::FIRST + 36 * DAY_S).is_empty(), "only days asked for are looked at");
        }
    }

    #[test]
    fn hours_beside_each_other_are_found_by_their_height() {
        let mut samples = month();
        (850..855).for_each(|at| samples.list[at].value *= 3);
        assert_eq!(hours(&find(&samples, Instant::FIRST)), [(850, 855)]);
    }

    #[test]
    fn what_has_no_past_or_always_jumps_is_not_doubted() {
        let mut samples = month();
        samples.list[13 * 24].value *= 5;
        assert!(find(&samples, Instant::FIRST).is_empty(), "13 days are no past");
        let jumping = |hour: i64| if hour * 7_919 % 100 < 10 { 90_000_000 } else { 20_000_000 };
        let list =
            (0..40 * 24).map(|hour| Sample { start: Instant::FIRST + hour * 3_600, value: jumping(hour) }).collect();
        assert!(find(&Samples { step_s: 3_600, list }, Instant::FIRST).is_empty());
    }
}
