//! Times as tables write them: instants, or wall times of a zone.

use crate::text::clip;
use crate::time::{TimeError, Zone, in_range, parse_instant};
use crate::words::counted;
use chrono::format::{Fixed, Item, Numeric, StrftimeItems};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::BTreeMap;

/// What a cell says of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Instant(i64),
    Wall(NaiveDateTime),
}

/// One way to write a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    pattern: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// With an offset.
    Offset,
    Wall,
    Date,
}

/// ISO 8601 and what is near it; the first of each kind is written most.
const ISO: [(&str, Kind); 8] = [
    ("%Y-%m-%d %H:%M:%S%#z", Kind::Offset),
    ("%Y-%m-%d %H:%M%#z", Kind::Offset),
    ("%Y-%m-%d %H:%M:%S %#z", Kind::Offset),
    ("%Y-%m-%d %H:%M:%S%.f%#z", Kind::Offset),
    ("%Y-%m-%d %H:%M:%S", Kind::Wall),
    ("%Y-%m-%d %H:%M", Kind::Wall),
    ("%Y-%m-%d %H:%M:%S%.f", Kind::Wall),
    ("%Y-%m-%d", Kind::Date),
];

impl Format {
    /// A pattern of strftime.
    ///
    /// # Errors
    ///
    /// Where it is none, or names no date.
    pub fn parse(pattern: &str) -> Result<Self, String> {
        let refuse = || format!("format `{}` is no pattern such as %d.%m.%Y %H:%M", clip(pattern));
        let mut kind = Kind::Date;
        for item in StrftimeItems::new(pattern) {
            match item {
                Item::Error => return Err(refuse()),
                // A name such as CET is read over, whatever it says.
                Item::Fixed(Fixed::TimezoneName) => {
                    return Err(format!("format `{}` has %Z, which tells no offset; use %z, or zone", clip(pattern)));
                }
                Item::Numeric(Numeric::Timestamp, _) => kind = Kind::Offset,
                Item::Fixed(fixed) if is_offset(&fixed) => kind = Kind::Offset,
                Item::Numeric(Numeric::Hour | Numeric::Hour12, _) if kind == Kind::Date => kind = Kind::Wall,
                _ => {}
            }
        }
        Ok(Self { pattern: pattern.into(), kind })
    }

    fn read(&self, text: &str) -> Option<Moment> {
        read_as(&self.pattern, self.kind, text)
    }
}

fn is_offset(fixed: &Fixed) -> bool {
    // %#z has no variant of its own that can be named.
    !matches!(
        fixed,
        Fixed::ShortMonthName
            | Fixed::LongMonthName
            | Fixed::ShortWeekdayName
            | Fixed::LongWeekdayName
            | Fixed::LowerAmPm
            | Fixed::UpperAmPm
            | Fixed::Nanosecond
            | Fixed::Nanosecond3
            | Fixed::Nanosecond6
            | Fixed::Nanosecond9
    ) && !format!("{fixed:?}").contains("Nanosecond")
}

fn read_as(pattern: &str, kind: Kind, text: &str) -> Option<Moment> {
    match kind {
        Kind::Offset => {
            let time = DateTime::parse_from_str(text, pattern).ok()?;
            (time.timestamp_subsec_nanos() == 0).then_some(Moment::Instant(time.timestamp()))
        }
        Kind::Wall => {
            let time = NaiveDateTime::parse_from_str(text, pattern).ok()?;
            (time.and_utc().timestamp_subsec_nanos() == 0).then_some(Moment::Wall(time))
        }
        Kind::Date => NaiveDate::parse_from_str(text, pattern).ok()?.and_hms_opt(0, 0, 0).map(Moment::Wall),
    }
}

/// The ways in which a table writes its times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formats(pub Vec<Format>);

impl Formats {
    /// The time that a cell names.
    ///
    /// # Errors
    ///
    /// Why it names none.
    pub fn read(&self, text: &str) -> Result<Moment, String> {
        let text = text.trim();
        let (plain, days) = midnight(text);
        let found = match self.0.is_empty() {
            true => iso(&plain),
            false => self.0.iter().find_map(|format| format.read(&plain)),
        };
        let moment = found.ok_or_else(|| self.refusal(text))?;
        let later = match moment {
            Moment::Instant(at_s) => Some(Moment::Instant(at_s + 86_400 * days as i64)),
            Moment::Wall(wall) => wall.checked_add_days(Days::new(days)).map(Moment::Wall),
        };
        match later.ok_or_else(|| self.refusal(text))? {
            Moment::Instant(at_s) => in_range(at_s, text).map(Moment::Instant).map_err(|e| e.to_string()),
            Moment::Wall(wall) => {
                in_range(wall.and_utc().timestamp(), text).map(|_| Moment::Wall(wall)).map_err(|e| e.to_string())
            }
        }
    }

    fn refusal(&self, text: &str) -> String {
        let shown = clip(text);
        let patterns: Vec<&str> = self.0.iter().map(|format| format.pattern.as_str()).collect();
        match patterns[..] {
            [] => format!("`{shown}` is no time such as 2024-01-31T13:00:00Z; say its format in time"),
            _ => format!("`{shown}` is no time as {}", patterns.join(" or ")),
        }
    }
}

/// `24:00` of a day as `00:00`, and the days to add.
fn midnight(text: &str) -> (String, u64) {
    let at = text.find("24:00").filter(|at| text[..*at].ends_with([' ', 'T']));
    match at {
        // A second after it belongs to no day.
        Some(at) if text[at + 5..].trim_start_matches(":00").starts_with(':') => (text.to_string(), 0),
        Some(at) => (format!("{}00:00{}", &text[..at], &text[at + 5..]), 1),
        None => (text.to_string(), 0),
    }
}

fn iso(text: &str) -> Option<Moment> {
    if let Ok(at_s) = parse_instant(text) {
        return Some(Moment::Instant(at_s));
    }
    let spaced = match text.as_bytes().get(10) {
        Some(b'T' | b't') => format!("{} {}", text.get(..10)?, text.get(11..)?),
        _ => text.to_string(),
    };
    ISO.iter().find_map(|(pattern, kind)| read_as(pattern, *kind, &spaced))
}

/// Wall times of one list of rows. Where clocks go back, a time names two instants: then two rows must have it, and their
/// order says which is which. One alone may be either, as in a file that begins or ends within the hour.
#[derive(Debug)]
pub struct Clock {
    zone: Zone,
    backwards: bool,
    /// How many rows have a time, and how many of them came.
    rows: BTreeMap<NaiveDateTime, (usize, usize)>,
}

impl Clock {
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
        Self { zone, backwards, rows }
    }

    /// The instant that the next row names.
    ///
    /// # Errors
    ///
    /// A wall time that clocks jump over, or that is two and not told apart.
    pub fn next(&mut self, moment: Moment) -> Result<i64, String> {
        let wall = match moment {
            Moment::Instant(at_s) => return Ok(at_s),
            Moment::Wall(wall) => wall,
        };
        let local = wall.format("%Y-%m-%d %H:%M").to_string();
        match self.zone.instants(wall) {
            [Some(at_s), None] => Ok(at_s),
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
pub fn end(zone: Zone, (from, start_s): (Moment, i64), to: Moment, same_day: bool) -> Option<i64> {
    let to = match (from, to) {
        (Moment::Wall(start), Moment::Wall(end)) if same_day && end <= start && end.time() == NaiveTime::MIN => {
            Moment::Wall(end.checked_add_days(Days::new(1))?)
        }
        _ => to,
    };
    // As long as clocks say, unless they change before it is over: then it is as long as the time between.
    let by_clock = match (from, to) {
        (Moment::Wall(from), Moment::Wall(to)) => Some(start_s + (to - from).num_seconds()),
        _ => None,
    };
    let by_clock = by_clock.filter(|end_s| *end_s > start_s && zone.is_same_offset(start_s, *end_s - 1));
    let named = match to {
        Moment::Instant(at_s) => [Some(at_s), None],
        Moment::Wall(wall) => zone.instants(wall),
    };
    named.into_iter().chain([by_clock]).flatten().filter(|end_s| *end_s > start_s).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::format_instant;

    fn formats(patterns: &[&str]) -> Formats {
        Formats(patterns.iter().map(|pattern| Format::parse(pattern).expect("a pattern")).collect())
    }

    fn wall(text: &str) -> Moment {
        formats(&["%Y-%m-%d %H:%M"]).read(text).expect("a time")
    }

    #[test]
    fn times_are_read_as_tables_write_them() {
        let at = |formats: &Formats, text: &str| match formats.read(text) {
            Ok(Moment::Instant(at_s)) => format_instant(at_s),
            Ok(Moment::Wall(wall)) => wall.format("%Y-%m-%d %H:%M:%S").to_string(),
            Err(reason) => reason,
        };
        let iso = Formats::default();
        for (text, wanted) in [
            ("2026-01-31T13:00:00Z", "2026-01-31T13:00:00Z"),
            ("2026-01-31 13:00:00+01:00", "2026-01-31T12:00:00Z"),
            ("2026-01-31T13:00:00-00:00", "2026-01-31T13:00:00Z"),
            ("2026-01-31 13:00:00+00", "2026-01-31T13:00:00Z"),
            ("2026-01-31T13:00:00.000Z", "2026-01-31T13:00:00Z"),
            ("2026-01-31T13:00", "2026-01-31 13:00:00"),
            ("2026-01-31 24:00", "2026-02-01 00:00:00"),
            ("2026-01-31", "2026-01-31 00:00:00"),
        ] {
            assert_eq!(at(&iso, text), wanted, "{text}");
        }
        let american = formats(&["%m/%d/%Y %I:%M:%S %p"]);
        assert_eq!(at(&american, "1/2/2024 12:00:00 AM"), "2024-01-02 00:00:00");
        assert_eq!(at(&american, "01/02/2024 1:00:00 PM"), "2024-01-02 13:00:00");
        for text in ["", "13/1/2024", "1/2/2024 13:00:00 PM", "1/2/1969 1:00:00 AM", "yesterday"] {
            assert!(american.read(text).is_err(), "{text}");
        }
        assert!(iso.read("2026-01-31T13:00:00.5Z").is_err(), "a half second");
        for (pattern, text) in [
            ("%d.%m.%Y %-H:%M", "01.06.2024 9:00"),
            ("%d.%m.%Y %-I:%M %p", "01.06.2024 9:00 AM"),
            ("%d.%m.%Y %_H:%M", "01.06.2024  9:00"),
            ("%d.%m.%Y %X", "01.06.2024 09:00:00"),
        ] {
            assert_eq!(at(&formats(&[pattern]), text), "2024-06-01 09:00:00", "{pattern}");
        }
        assert_eq!(at(&formats(&["%d.%m.%Y %H:%M %z"]), "01.06.2024 09:00 +0200"), "2024-06-01T07:00:00Z");
        assert_eq!(at(&formats(&["%s"]), "1717225200"), "2024-06-01T07:00:00Z");
        assert!(Format::parse("%d.%m.%Y %Q").is_err() && Format::parse("%d.%m.%Y %H:%M %Z").is_err());
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
        let instants = |backwards: bool, walls: &[&str]| -> Result<Vec<i64>, String> {
            let moments: Vec<Moment> = walls.iter().map(|text| wall(text)).collect();
            let mut clock = Clock::new(zone, backwards, moments.iter().copied());
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
        let long = |from: &str, start_s: i64, to: &str| {
            end(zone, (wall(from), start_s), wall(to), false).map(|end_s| end_s - start_s)
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
