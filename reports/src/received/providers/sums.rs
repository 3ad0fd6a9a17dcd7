//! Series that a provider gives in parts: lignite and hard coal, wind at sea and on land.
//!
//! A sum that lacks a part is unknown, never smaller. A part that an answer holds no value of does not exist there, and
//! one that begins or ends in it does not exist before or after; but within two days of the answer it may only be late.
//! Feeds ask for a day more on both sides ([`around`]), so that a gap at the edge of a request is told from a
//! beginning.

use super::sink::Sink;
use crate::inputs::Quality;
use crate::received::Row;
use crate::series::name::SeriesName;
use crate::time::{HOUR_S, Instant, Interval};
use crate::units::{Decimal, Rounding, Unit};
use ids::BoundaryId;
use std::collections::{BTreeMap, BTreeSet};

const LATE_S: i64 = 2 * 86_400;
const AROUND_S: i64 = 86_400;
const MISSING: &str = "the value, or a part of it, is missing";

/// What is asked for to tell the sums of a period.
pub fn around(period: Interval) -> Interval {
    let Interval { start, end } = period;
    Interval { start: start - AROUND_S, end: end + AROUND_S }
}

/// Values of one answer, by the leaf of their series and the provider's name of the part.
#[derive(Debug, Default)]
pub struct Sums {
    leaves: BTreeMap<&'static str, BTreeMap<&'static str, Part>>,
}

/// End and value by start, none overlapping another; a value that is not known is none.
#[derive(Debug, Default)]
struct Part {
    points: BTreeMap<Instant, (Instant, Option<Decimal>)>,
}

/// A part, and the starts of its first known value and its last one.
type There<'p> = (&'p Part, Option<(Instant, Instant)>);

/// What came of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Taken,
    /// The same interval has another value, so neither is known.
    Differs,
    /// An interval of another length lies there.
    Overlaps,
}

/// What all values of an answer have in common.
#[derive(Debug, Clone, Copy)]
pub struct Common<'a> {
    pub area: &'a BoundaryId,
    pub unit: Unit,
    pub quality: Quality,
    /// Only sums in it are handed over.
    pub within: Interval,
    /// When a forecast was issued: nothing that ended before is handed over.
    pub issued: Option<Instant>,
    /// When the answer was made.
    pub asked: Instant,
}

impl Sums {
    /// Adds a value of a part. Its interval lies on the grid of its own length, which is an hour or a part of one.
    pub fn add(&mut self, leaf: &'static str, part: &'static str, at: Interval, value: Option<Decimal>) -> Added {
        let points = &mut self.leaves.entry(leaf).or_default().entry(part).or_default().points;
        let Some((start, (end, known))) =
            points.range_mut(..at.end).next_back().filter(|(_, (end, _))| *end > at.start)
        else {
            points.insert(at.start, (at.end, value));
            return Added::Taken;
        };
        if (*start, *end) != (at.start, at.end) {
            return Added::Overlaps;
        }
        // Said once not to be known, it is not.
        let both = known.take().zip(value);
        *known = both.filter(|(one, other)| same(*one, *other)).map(|(one, _)| one);
        if both.is_some() && known.is_none() { Added::Differs } else { Added::Taken }
    }

    /// Hands over the sums, by series and time. Parts of different lengths are added up in the shorter one: power is
    /// the same in each part of an interval.
    pub fn give(&self, common: &Common<'_>, sink: &mut dyn Sink) {
        for (leaf, parts) in &self.leaves {
            let series = SeriesName::of_boundary(common.area, leaf);
            let mut there: Vec<There<'_>> = parts.values().map(|part| (part, part.span())).collect();
            if there.iter().any(|(_, span)| span.is_some()) {
                there.retain(|(_, span)| span.is_some());
            }
            let ahead = |at: &Interval| common.issued.is_none_or(|issued| at.end > issued);
            let given = slots(&there).into_iter().filter(|at| common.within.contains(*at));
            for interval in given.filter(ahead) {
                match sum(&there, interval.start, common.asked - LATE_S) {
                    Ok(Some(total)) => {
                        let text = total.to_string();
                        let value = Row::new(&series, interval, &text, common.unit).quality(common.quality);
                        sink.put(value.issued(common.issued));
                    }
                    Ok(None) => sink.unknown(MISSING),
                    Err(reason) => sink.reject(format!("{series}: {interval}: {reason}")),
                }
            }
        }
    }
}

/// Whether two values are one, however it is written.
fn same(one: Decimal, other: Decimal) -> bool {
    let millionths = |value: Decimal| value.scaled(1_000_000, 1, Rounding::Nearest);
    one == other || millionths(one).is_ok_and(|value| millionths(other) == Ok(value))
}

impl Part {
    fn span(&self) -> Option<(Instant, Instant)> {
        let known = |(start, (_, value)): (&Instant, &(Instant, Option<Decimal>))| value.is_some().then_some(*start);
        Some((self.points.iter().find_map(known)?, self.points.iter().rev().find_map(known)?))
    }

    /// None where nothing is said of that time.
    fn at(&self, start: Instant) -> Option<Option<Decimal>> {
        let (_, (end, value)) = self.points.range(..=start).next_back()?;
        (*end > start).then_some(*value)
    }
}

/// All intervals of which some part says something, in each hour as long as the shortest there.
fn slots(parts: &[There<'_>]) -> BTreeSet<Interval> {
    let points = || parts.iter().flat_map(|(part, _)| part.points.iter().map(|(start, (end, _))| (*start, *end)));
    let mut steps: BTreeMap<Instant, i64> = BTreeMap::new();
    for (start, end) in points() {
        let step = steps.entry(start.floor(HOUR_S)).or_insert(HOUR_S);
        *step = (*step).min(end - start).max(1);
    }
    let mut slots = BTreeSet::new();
    for (start, end) in points() {
        let step = steps.get(&start.floor(HOUR_S)).copied().unwrap_or(HOUR_S);
        let mut at = start;
        while at < end {
            let next = (at + step).min(end);
            slots.insert(Interval { start: at, end: next });
            at = next;
        }
    }
    slots
}

/// None where a part is missing. From `late` on, one that ended may only be late.
fn sum(parts: &[There<'_>], start: Instant, late: Instant) -> Result<Option<Decimal>, String> {
    let mut total: Option<Decimal> = None;
    for (part, span) in parts {
        let value = match (part.at(start), span) {
            (Some(Some(value)), _) => value,
            (Some(None), _) => return Ok(None),
            (None, Some((first, last))) if start > *first && (start < *last || start >= late) => {
                return Ok(None);
            }
            (None, _) => continue,
        };
        total = Some(total.map_or(Ok(value), |total| total.plus(value)).map_err(|e| e.to_string())?);
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::providers::sink::Numbered;
    use crate::received::tests::taken::Taken;
    use crate::time::DAY_S;

    fn at(start_s: i64, step_s: i64) -> Interval {
        let start = Instant::from_seconds(start_s);
        Interval { start, end: start + step_s }
    }

    fn mw(text: &str) -> Option<Decimal> {
        Some(Decimal::parse(text).expect("a number"))
    }

    /// What comes of it, in Wh.
    fn given(sums: &Sums, asked_s: i64) -> Vec<i64> {
        let (wanted, mut taken) = (["grid/A/wind".to_string()], Taken::default());
        let unit = Unit::parse("MW").expect("a unit");
        let (within, asked) = (at(0, DAY_S), Instant::from_seconds(asked_s));
        let common = Common { area: &"A".into(), unit, quality: Quality::Measured, within, issued: None, asked };
        sums.give(&common, &mut Numbered::from(0, &wanted, &mut taken));
        assert_eq!(taken.rejects, []);
        taken.readings.remove("grid/A/wind").unwrap_or_default()
    }

    #[test]
    fn a_part_that_begins_or_ends_does_not_void_the_rest() {
        let mut sums = Sums::default();
        for hour in 0..6 {
            sums.add("wind", "land", at(hour * HOUR_S, HOUR_S), mw("10"));
            // At sea from the second hour to the fifth, and nothing said of the fourth.
            if [1, 2, 4].contains(&hour) {
                sums.add("wind", "sea", at(hour * HOUR_S, HOUR_S), mw("0.5"));
            }
        }
        let wh = |mwh: &[i64]| mwh.iter().map(|tenths| tenths * 100_000).collect::<Vec<_>>();
        assert_eq!(given(&sums, 10 * DAY_S), wh(&[100, 105, 105, 105, 100]), "asked days later");
        assert_eq!(given(&sums, 6 * HOUR_S), wh(&[100, 105, 105, 105]), "the last hour at sea may only be late");
    }

    #[test]
    fn what_is_not_known_voids_its_hour_and_what_is_never_known_is_not_there() {
        let mut sums = Sums::default();
        sums.add("wind", "land", at(0, HOUR_S), mw("1"));
        sums.add("wind", "land", at(HOUR_S, HOUR_S), None);
        sums.add("wind", "land", at(2 * HOUR_S, HOUR_S), mw("3"));
        sums.add("wind", "sea", at(0, HOUR_S), None);
        assert_eq!(given(&sums, 10 * DAY_S), [1_000_000, 3_000_000]);
        let mut nothing = Sums::default();
        nothing.add("wind", "land", at(0, HOUR_S), None);
        assert!(given(&nothing, DAY_S).is_empty());
    }

    #[test]
    fn a_value_counts_once_and_two_that_differ_not_at_all() {
        let mut sums = Sums::default();
        assert_eq!(sums.add("wind", "land", at(0, HOUR_S), mw("5")), Added::Taken);
        assert_eq!(sums.add("wind", "land", at(0, HOUR_S), mw("5.0")), Added::Taken);
        assert_eq!(given(&sums, DAY_S), [5_000_000]);
        assert_eq!(sums.add("wind", "land", at(0, HOUR_S), mw("6")), Added::Differs);
        assert_eq!(sums.add("wind", "land", at(900, 900), mw("6")), Added::Overlaps);
        assert!(given(&sums, DAY_S).is_empty());
    }

    #[test]
    fn parts_of_different_lengths_add_up_to_all_their_energy() {
        let mut sums = Sums::default();
        sums.add("wind", "land", at(0, HOUR_S), mw("8"));
        for (quarter, value) in ["0", "2", "4", "6"].into_iter().enumerate() {
            sums.add("wind", "sea", at(quarter as i64 * 900, 900), mw(value));
        }
        // A quarter of 8, 10, 12 and 14 MWh: 8 + 3 in the hour.
        assert_eq!(given(&sums, 10 * DAY_S), [2_000_000, 2_500_000, 3_000_000, 3_500_000]);
    }
}
