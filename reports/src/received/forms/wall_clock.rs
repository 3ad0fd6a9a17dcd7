//! Wall times as instants, where clocks go forward and back.

use super::moments::Moment;
use crate::time::{Instant, TimeError, Zone};
use crate::words::counted;
use chrono::{Days, NaiveDateTime, NaiveTime};
use std::collections::BTreeMap;

/// Wall times of one list of rows. Where clocks go back, a time names two instants: then two rows must have it, and their
/// order says which is which. One alone may be either, as in a file that begins or ends within the hour.
#[derive(Debug)]
pub struct WallClock {
    zone: Zone,
    backwards: bool,
    /// Whether marks tell such times apart, and so nothing else does.
    marked: bool,
    /// How many rows have a time, and how many of them came.
    rows: BTreeMap<NaiveDateTime, (usize, usize)>,
}

impl WallClock {
    /// Of a list with these times, whose newest row stands first, or last.
    pub fn new(zone: Zone, backwards: bool, moments: impl Iterator<Item = Moment>) -> Self {
        let mut rows: BTreeMap<NaiveDateTime, (usize, usize)> = BTreeMap::new();
        for moment in moments {
            if let Moment::Wall(wall) = moment
                && let [Some(_), Some(_)] = zone.instants(wall)
            {
                rows.entry(wall).or_default().0 += 1;
            }
        }
        Self { zone, backwards, marked: false, rows }
    }

    /// Of times that bear a mark where they name two instants.
    pub fn marked(zone: Zone) -> Self {
        Self { zone, backwards: false, marked: true, rows: BTreeMap::new() }
    }

    /// The instant that the next row names.
    /// Fails on a wall time that clocks jump over, or that is two and not told apart.
    pub fn next(&mut self, moment: Moment) -> Result<Instant, String> {
        let Moment::Wall(wall) = moment else { return Ok(moment.as_utc()) };
        let local = wall.format("%Y-%m-%d %H:%M").to_string();
        match self.zone.instants(wall) {
            [Some(at), None] => Ok(at),
            [Some(_), Some(_)] if self.marked => Err(format!(
                "{local} is two times in {}, where clocks go back, and no mark says which",
                self.zone.name()
            )),
            [Some(first), Some(second)] => {
                let (count, came) = self.rows.entry(wall).or_insert((1, 0));
                *came += 1;
                match (*count, *came == 1, self.backwards) {
                    (2, true, false) | (2, false, true) => Ok(first),
                    (2, ..) => Ok(second),
                    (count, ..) => Err(format!(
                        "{local} is two times in {}, where clocks go back, and {} it: export the whole day, in UTC, or with \
                         offsets",
                        self.zone.name(),
                        counted(count, "row has", "rows have")
                    )),
                }
            }
            _ => Err(TimeError::Skipped { local, zone: self.zone.name().into() }.to_string()),
        }
    }
}

/// The end that belongs to a start: the nearest after it that the cell can mean. A wall time is held against the wall time
/// of the start, too: `01:30 to 02:00` is half an hour though clocks go back at two. Of one day, `23:45 to 00:00` ends with
/// the day.
pub fn end(zone: Zone, (from, start): (Moment, Instant), to: Moment, same_day: bool) -> Option<Instant> {
    let to = match (from, to) {
        (Moment::Wall(start), Moment::Wall(end)) if same_day && end <= start && end.time() == NaiveTime::MIN => {
            Moment::Wall(end.checked_add_days(Days::new(1))?)
        }
        _ => to,
    };
    // As long as clocks say, unless they change before it is over: then it is as long as the time between.
    let by_clock = match (from, to) {
        (Moment::Wall(from), Moment::Wall(to)) => Some(start + (to - from).num_seconds()),
        _ => None,
    };
    let by_clock = by_clock.filter(|end| *end > start && zone.is_same_offset(start, *end - 1));
    let named = match to {
        Moment::Instant(at) => [Some(at), None],
        Moment::Wall(wall) => zone.instants(wall),
    };
    named.into_iter().chain([by_clock]).flatten().filter(|end| *end > start).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::forms::moments::{Format, Formats};
    use chrono::NaiveDate;

    fn wall(text: &str) -> Moment {
        let format = Format::parse("%Y-%m-%d %H:%M").expect("a pattern");
        Formats(vec![format]).read(text).expect("a time")
    }

    #[test]
    fn the_order_of_rows_tells_the_hour_that_clocks_repeat() {
        let zone = Zone::parse("Europe/Berlin").expect("a zone");
        let walls = [
            "2026-10-25 01:30",
            "2026-10-25 02:00",
            "2026-10-25 02:30",
            "2026-10-25 02:00",
            "2026-10-25 02:30",
            "2026-10-25 03:00",
        ];
        let instants = |backwards: bool, walls: &[&str]| -> Result<Vec<Instant>, String> {
            let moments: Vec<Moment> = walls.iter().map(|text| wall(text)).collect();
            let mut clock = WallClock::new(zone, backwards, moments.iter().copied());
            moments.into_iter().map(|moment| clock.next(moment)).collect()
        };
        let forwards = instants(false, &walls).expect("instants");
        assert!(forwards.windows(2).all(|pair| pair[1] - pair[0] == 1_800), "{forwards:?}");
        let mut reversed = walls;
        reversed.reverse();
        let mut backwards = instants(true, &reversed).expect("instants");
        backwards.reverse();
        assert_eq!(backwards, forwards);
        // A file that begins, ends or has a hole within the hour does not say which it is.
        for part in [&walls[2..], &walls[..4], &walls[3..], &["2026-10-25 02:00"; 3]] {
            assert!(instants(false, part).is_err_and(|reason| reason.contains("is two times")), "{part:?}");
        }
        assert!(instants(false, &["2026-03-29 02:30"]).is_err(), "clocks jump over it");
    }

    #[test]
    fn an_end_belongs_to_its_start_though_clocks_change_between() {
        let zone = Zone::parse("Europe/Berlin").expect("a zone");
        let long = |from: &str, start: Instant, to: &str| {
            end(zone, (wall(from), start), wall(to), false).map(|end| end - start)
        };
        let first = zone.instants(match wall("2026-10-25 02:30") {
            Moment::Wall(wall) => wall,
            Moment::Instant(_) => return,
        });
        let [Some(early), Some(late)] = first else { panic!("twice") };
        // The last half-hour before clocks go back, and the same after.
        assert_eq!(long("2026-10-25 02:30", early, "2026-10-25 03:00"), Some(1_800));
        assert_eq!(long("2026-10-25 02:30", late, "2026-10-25 03:00"), Some(1_800));
        // A whole day of 25 hours.
        let midnight = zone.day_start(NaiveDate::from_ymd_opt(2026, 10, 25).expect("a day"));
        assert_eq!(long("2026-10-25 00:00", midnight, "2026-10-26 00:00"), Some(25 * 3_600));
        let spring = zone.day_start(NaiveDate::from_ymd_opt(2026, 3, 29).expect("a day")) + 5_400;
        assert_eq!(long("2026-03-29 01:30", spring, "2026-03-29 03:00"), Some(1_800));
        assert_eq!(long("2026-03-29 01:30", spring, "2026-03-29 01:30"), None);
        let [Some(late), None] = zone.instants(match wall("2026-03-28 23:45") {
            Moment::Wall(wall) => wall,
            Moment::Instant(_) => return,
        }) else {
            panic!("once")
        };
        let of_day = |same_day: bool| end(zone, (wall("2026-03-28 23:45"), late), wall("2026-03-28 00:00"), same_day);
        assert_eq!((of_day(true), of_day(false)), (Some(late + 900), None));
    }
}
