//! One reading on the grid: inside an interval, over several, or across their edges.
//!
//! What is spread is spread flat over equal parts, the largest on whose edges both the reading and the grid lie;
//! leftover Wh go to the earliest: 10 Wh over four quarters are 3, 3, 2, 2, and an hour of 101 Wh from half past is 51
//! and 50.

use super::SeriesError;
use super::name::{is_fuel, volume_of};
use crate::definitions::gcd_wide;
use crate::inputs::Point;
use crate::ruleset::PartialGeneration;
use crate::time::{HOUR_S, Instant, Interval, Resolution};

/// Steps of the resolutions, coarsest first.
const STEPS_S: [i64; 4] = [HOUR_S, 1_800, 900, 300];

/// What becomes of readings that are longer than an interval, that lie across its edges, or that are negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Long {
    /// Load: the longer and those across edges are spread flat.
    Load,
    /// Volumes: the longer are spread flat, those across edges refused.
    SpreadFlat,
    /// The same; a negative reading counts as 0, each for itself.
    Fuel,
    /// Generation, export and storage: refused, and a negative reading counts as 0. An hour that is none of UTC's is
    /// spread flat at the coarsest resolution it has its edges on: no resolution holds it whole, and flat it matches
    /// no more than hour by hour.
    Refuse,
}

impl Long {
    /// How the readings of a series are put on the grid; none of those that are averaged instead.
    pub fn for_series(series: &str) -> Option<Self> {
        let parts: Vec<&str> = series.split('/').collect();
        match parts[..] {
            ["site", _, "load" | "import" | "it_load"] => Some(Self::Load),
            ["site", _, "export" | "onsite_generation"] => Some(Self::Refuse),
            ["plant" | "contract", _, "generation"] => Some(Self::Refuse),
            ["storage", _, "charge" | "discharge"] => Some(Self::Refuse),
            ["contract", _, "resold"] => Some(Self::SpreadFlat),
            ["grid", _, leaf] if volume_of(leaf).is_some() => Some(Self::SpreadFlat),
            ["grid", _, leaf] if is_fuel(leaf) => Some(Self::Fuel),
            _ => None,
        }
    }

    /// A fuel's or a regional profile's: rulesets that take what is there take each reading for itself, earlier ones
    /// the sum of an interval.
    pub fn fuel(partial: PartialGeneration) -> Self {
        match partial {
            PartialGeneration::Missing => Self::SpreadFlat,
            PartialGeneration::Sum => Self::Fuel,
        }
    }

    /// What of a reading counts.
    pub fn counted(self, wh: i64) -> i64 {
        match self {
            Self::Load | Self::SpreadFlat => wh,
            Self::Fuel | Self::Refuse => wh.max(0),
        }
    }
}

/// Why a reading is in more than one interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    Longer,
    /// Its edges are none of the grid's, or it is an hour that is none of UTC's.
    OffGrid,
}

/// Why a reading of a series cannot be put on the grid of a resolution.
pub fn fits(series: &str, long: Long, interval: Interval, resolution: Resolution) -> Result<(), SeriesError> {
    lies(series, interval, resolution.seconds(), long).map(|_| ())
}

/// A reading over the intervals that it touches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    interval: Interval,
    part_s: i64,
    each: i128,
    left: i128,
    pub why: Option<Why>,
}

impl Cut {
    pub fn new(series: &str, point: &Point, step_s: i64, long: Long) -> Result<Self, SeriesError> {
        let interval = point.interval();
        let why = lies(series, interval, step_s, long)?;
        let part_s = match why {
            None => interval.duration_s(),
            Some(_) => part_s(interval, step_s),
        };
        let (wh, parts) = (i128::from(long.counted(point.value)), i128::from(interval.duration_s() / part_s));
        Ok(Self { interval, part_s, each: wh.div_euclid(parts), left: wh.rem_euclid(parts), why })
    }

    /// Wh of the parts that lie in a span with edges like the grid's.
    pub fn wh_in(&self, span: Interval) -> i64 {
        let Interval { start, end } = self.interval;
        let until = |instant: Instant| {
            let parts = i128::from((instant.clamp(start, end) - start) / self.part_s);
            parts * self.each + parts.min(self.left)
        };
        i64::try_from(until(span.end) - until(span.start)).unwrap_or(i64::MAX)
    }
}

/// The largest part on whose edges both a reading and the grid lie.
fn part_s(interval: Interval, step_s: i64) -> i64 {
    let [start, end, step] = [interval.start.seconds(), interval.end.seconds(), step_s].map(i128::from);
    i64::try_from(gcd_wide(gcd_wide(start, end), step)).unwrap_or(step_s)
}

fn on(interval: Interval, step_s: i64) -> bool {
    interval.start.is_on(step_s) && interval.end.is_on(step_s)
}

/// An interval of a meter that reads by the clock of UTC: an even part of an hour, from a multiple of itself.
fn of_utc(interval: Interval) -> bool {
    let long_s = interval.duration_s();
    HOUR_S % long_s == 0 && interval.start.is_on(long_s)
}

/// Whether a reading is spread, and why; an error where its series may not.
fn lies(series: &str, interval: Interval, step_s: i64, long: Long) -> Result<Option<Why>, SeriesError> {
    if interval.start.floor(step_s) == (interval.end - 1).floor(step_s) {
        return Ok(None);
    }
    let aligned = on(interval, step_s);
    match long {
        Long::Load if !aligned => return Ok(Some(Why::OffGrid)),
        Long::Load | Long::SpreadFlat | Long::Fuel if aligned => return Ok(Some(Why::Longer)),
        Long::Refuse if off_hour(interval, step_s) => return Ok(Some(Why::OffGrid)),
        _ => {}
    }
    let (series, minutes) = (series.to_string(), step_s / 60);
    let remedy = remedy(interval, long);
    Err(match aligned {
        true => SeriesError::LongGeneration { series, interval, minutes, remedy },
        false => SeriesError::Straddles { series, interval, minutes, remedy },
    })
}

/// An hour, or less, of a meter off UTC's clock, on the coarsest grid it has its edges on.
fn off_hour(interval: Interval, step_s: i64) -> bool {
    interval.duration_s() <= HOUR_S && !of_utc(interval) && coarsest_on(interval) == Some(step_s)
}

fn coarsest_on(interval: Interval) -> Option<i64> {
    STEPS_S.into_iter().find(|step_s| on(interval, *step_s))
}

/// The line of the portfolio under which a reading can be used, if there is one.
fn remedy(interval: Interval, long: Long) -> String {
    let step_s = match of_utc(interval) {
        true => Some(HOUR_S),
        false => coarsest_on(interval).filter(|_| long != Long::Refuse || interval.duration_s() <= HOUR_S),
    };
    match step_s {
        Some(step_s) => resolution_line(step_s),
        None if coarsest_on(interval).is_none() => {
            "; its edges lie on no grid of 5, 15, 30 or 60 minutes of UTC".into()
        }
        None => String::new(),
    }
}

/// What to write in the portfolio, as the end of a sentence.
pub(super) fn resolution_line(step_s: i64) -> String {
    format!("; set `[portfolio] resolution = \"{}min\"`", step_s / 60)
}

/// The coarsest resolution that has an edge at an instant.
pub(super) fn resolution_at(instant: Instant) -> Option<i64> {
    STEPS_S.into_iter().find(|step_s| instant.is_on(*step_s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Quality;
    use crate::time::Grid;

    /// Minutes of a day to an interval.
    fn minutes(start: i64, end: i64) -> Interval {
        Interval { start: Instant::FIRST + start * 60, end: Instant::FIRST + end * 60 }
    }

    fn cut(interval: Interval, wh: i64, step: i64, long: Long) -> Result<Vec<i64>, SeriesError> {
        let Interval { start, end } = interval;
        let point = Point { start, end, value: wh, quality: Quality::Measured, revision: 1, row: 1 };
        let step_s = step * 60;
        let cut = Cut::new("s", &point, step_s, long)?;
        let first = start.floor(step_s);
        let len = usize::try_from((end.ceil(step_s) - first) / step_s).expect("a length");
        Ok((0..len).map(|i| cut.wh_in(Grid { start: first, step_s, len }.interval(i))).collect())
    }

    #[test]
    fn what_is_spread_is_flat_and_the_earliest_take_what_is_left() {
        assert_eq!(cut(minutes(0, 60), 10, 15, Long::Load), Ok(vec![3, 3, 2, 2]));
        // From half past: two halves at 30 and at 60 minutes alike.
        for step in [30, 60] {
            assert_eq!(cut(minutes(30, 90), 101, step, Long::Load), Ok(vec![51, 50]), "{step}");
        }
        // From a quarter past: four quarters of 3, 3, 2, 2, three of them before the hour.
        assert_eq!(cut(minutes(15, 75), 10, 60, Long::Load), Ok(vec![8, 2]));
        assert_eq!(cut(minutes(15, 75), 10, 30, Long::Load), Ok(vec![3, 5, 2]));
        // From seven past: 60 minutes of which 53 lie before the hour.
        assert_eq!(cut(minutes(7, 67), 120, 60, Long::Load), Ok(vec![106, 14]));
        assert_eq!(cut(minutes(30, 90), i64::MAX, 60, Long::Load), Ok(vec![i64::MAX / 2 + 1, i64::MAX / 2]));
        assert_eq!(cut(minutes(0, 30), i64::MIN, 15, Long::SpreadFlat), Ok(vec![i64::MIN / 2, i64::MIN / 2]));
    }

    #[test]
    fn an_hour_off_the_hours_of_utc_is_spread_where_its_edges_lie() {
        assert_eq!(cut(minutes(30, 90), 101, 30, Long::Refuse), Ok(vec![51, 50]));
        assert_eq!(cut(minutes(15, 75), 10, 15, Long::Refuse), Ok(vec![3, 3, 2, 2]));
        let message = |interval, step| cut(interval, 1, step, Long::Refuse).expect_err("refused").to_string();
        for (interval, step, line) in [
            (minutes(30, 90), 60, "crosses the edges of 60-minute intervals; set `[portfolio] resolution = \"30min\"`"),
            (minutes(30, 90), 15, "; set `[portfolio] resolution = \"30min\"`"),
            (minutes(15, 75), 60, "; set `[portfolio] resolution = \"15min\"`"),
            (minutes(45, 75), 60, "; set `[portfolio] resolution = \"15min\"`"),
            (minutes(0, 60), 15, "is longer than 15 minutes; generation is never spread flat"),
            (minutes(0, 60), 30, "; set `[portfolio] resolution = \"60min\"`"),
            (minutes(20, 40), 15, "; set `[portfolio] resolution = \"60min\"`"),
            (minutes(1, 61), 60, "; its edges lie on no grid of 5, 15, 30 or 60 minutes of UTC"),
            (minutes(0, 120), 60, "is longer than 60 minutes"),
            (minutes(30, 150), 30, "is longer than 30 minutes"),
        ] {
            assert!(message(interval, step).contains(line), "{}", message(interval, step));
        }
        assert!(!message(minutes(0, 120), 60).contains("resolution ="), "no resolution takes two hours");
        // A volume may be longer, but not lie across edges.
        assert_eq!(cut(minutes(0, 120), 3, 60, Long::Fuel), Ok(vec![2, 1]));
        assert!(cut(minutes(30, 150), 3, 60, Long::SpreadFlat).is_err());
    }

    #[test]
    fn a_negative_reading_of_a_plant_or_a_fuel_counts_as_nothing() {
        for (long, wh) in [(Long::Refuse, 0), (Long::Fuel, 0), (Long::SpreadFlat, -7)] {
            assert_eq!(cut(minutes(0, 15), -7, 60, long), Ok(vec![wh]));
        }
    }

    #[test]
    fn names_say_how_readings_lie_on_the_grid() {
        for (series, long) in [
            ("site/s/load", Some(Long::Load)),
            ("site/s/export", Some(Long::Refuse)),
            ("plant/p/generation", Some(Long::Refuse)),
            ("storage/b/charge", Some(Long::Refuse)),
            ("storage/b/state", None),
            ("grid/A/gas", Some(Long::Fuel)),
            ("grid/A/gas_issued", Some(Long::SpreadFlat)),
            ("grid/A/price", None),
        ] {
            assert_eq!(Long::for_series(series), long, "{series}");
        }
        let fits = |long| fits("s", long, minutes(30, 90), Resolution::HOUR).is_ok();
        assert!(fits(Long::Load) && !fits(Long::Refuse) && !fits(Long::Fuel));
    }
}
