//! The only reader of wall time. Everything else receives the time as a value, so every run can be replayed.

use crate::error::Fault;
use chrono::NaiveDate;
use reports::text::clip;
use reports::time::{Instant, Interval, RecordTime, Resolution, TimeError, Zone};

/// Now, as the wall says or as the user does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    fixed: Option<Instant>,
}

impl Clock {
    pub const WALL: Self = Self { fixed: None };

    pub fn fixed(now: Instant) -> Self {
        Self { fixed: Some(now) }
    }

    pub fn now(self) -> Instant {
        self.fixed.unwrap_or_else(|| Instant::from_seconds(chrono::Utc::now().timestamp()))
    }

    pub fn record_time(self) -> RecordTime {
        self.fixed.map_or_else(Self::recorded, RecordTime::from)
    }

    /// Wall time whatever `--now` says: when a row was recorded is a fact, not a scenario.
    pub fn recorded() -> RecordTime {
        RecordTime::from_micros(chrono::Utc::now().timestamp_micros())
    }
}

/// Time that has passed, for limits and for saying how long something took; never part of a result.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// Parses what people type: RFC 3339 with offset (minutes and seconds may be left out), a date, a month or a year in
/// `zone`, which stand for their start, `now`, `now+6h`; between 1970 and 9999, however it is written.
pub fn parse_when(text: &str, now: Instant, zone: Zone) -> Result<Instant, Fault> {
    if let Some(rest) = text.strip_prefix("now") {
        let (sign, amount) = match rest.as_bytes().first() {
            None => return Ok(now),
            Some(b'+') => (1, &rest[1..]),
            Some(b'-') => (-1, &rest[1..]),
            Some(_) => {
                let what = format!("`{}` is not a time", clip(text));
                return Err(Fault::new(what).hint("write now, now+6h or now-2d"));
            }
        };
        return within(now + sign * parse_duration(amount)?, text);
    }
    if let Some(date) = first_day(text) {
        return within(zone.day_start(date), text);
    }
    Instant::parse(&completed(text)).map_err(|error| {
        let hint = match &error {
            TimeError::NoOffset(_) => zone.hint(text).unwrap_or_else(|| "add Z or an offset".into()),
            _ => "2022, 2022-03, 2022-03-07, now, now+6h and 2022-03-07T00:00Z are taken too".into(),
        };
        Fault::new(error.to_string()).hint(hint)
    })
}

/// The instant that a text stands for, where any time may name it.
fn within(instant: Instant, text: &str) -> Result<Instant, Fault> {
    instant.in_range(text).map_err(|error| {
        Fault::new(error.to_string()).hint(format!("it means {instant}; write a time between 1970 and 9999"))
    })
}

/// The date `2022-03-07`, the first of the month `2022-03` or of the year `2022`.
fn first_day(text: &str) -> Option<NaiveDate> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str, len: usize| -> Option<u32> {
        if digits(part) && part.len() <= len { part.parse().ok() } else { None }
    };
    let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
    let year = i32::try_from(number(year, 4).filter(|_| year.len() == 4)?).ok()?;
    let (month, day) = match rest.map(|rest| rest.split_once('-').ok_or(rest)) {
        None => (1, 1),
        Some(Err(month)) => (number(month, 2).filter(|_| month.len() == 2)?, 1),
        Some(Ok((month, day))) => (number(month, 2)?, number(day, 2)?),
    };
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The same where intervals are cut: a local day owns the intervals that start in it, so a bare date, month or year is
/// the first start at or after its midnight. Instants are taken as they are.
pub fn parse_bound(text: &str, now: Instant, zone: Zone, resolution: Resolution) -> Result<Instant, Fault> {
    let when = parse_when(text, now, zone)?;
    if first_day(text).is_some() { within(resolution.at_or_after(when), text) } else { Ok(when) }
}

/// `2022-03-07T00Z` and `2022-03-07T00:00+01:00` with the minutes and seconds that RFC 3339 wants.
fn completed(text: &str) -> String {
    let Some((date, rest)) = text.split_once('T') else { return text.to_string() };
    let at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, offset) = rest.split_at(at);
    let missing = match time.len() {
        2 => ":00:00",
        5 => ":00",
        _ => "",
    };
    if offset.is_empty() { text.to_string() } else { format!("{date}T{time}{missing}{offset}") }
}

const LONGEST_S: i64 = 366 * 86_400 * 10;

/// `90s 45min 4h 168h 7d`, in seconds.
pub fn parse_duration(text: &str) -> Result<i64, Fault> {
    let bad = || Fault::new(format!("`{}` is not a duration", clip(text))).hint("write 30min, 4h or 7d");
    let at = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
    let (number, unit) = text.split_at(at);
    // Digits that no number holds are of a duration that is too long.
    let number: Option<i64> = if number.is_empty() { return Err(bad()) } else { number.parse().ok() };
    let unit_s = match unit {
        "s" => 1,
        "min" | "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(bad()),
    };
    number.and_then(|number| number.checked_mul(unit_s)).filter(|s| *s <= LONGEST_S).ok_or_else(|| {
        let what = format!("`{}` is longer than ten years", clip(text));
        Fault::new(what).hint("write 30min, 4h or 7d, at most 3660d")
    })
}

/// A period as the command line gives it: half-open, the end a date or instant of its own.
pub fn parse_period(from: &str, to: &str, now: Instant, zone: Zone, resolution: Resolution) -> Result<Interval, Fault> {
    let bound = |text: &str| parse_bound(text, now, zone, resolution);
    let (start, end) = (bound(from)?, bound(to)?);
    Interval::new(start, end).map_err(|_| {
        Fault::new(format!("--to {end} is not after --from {start}"))
            .hint("ranges are half-open: the year 2022 is --from 2022 --to 2023")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_times_in_many_ways() {
        let now = Instant::from_seconds(1_000_000);
        let when = |text: &str| parse_when(text, now, Zone::UTC);
        let monday = when("2022-03-07T00:00:00Z").expect("time");
        for text in ["2022-03-07", "2022-03-07T00Z", "2022-03-07T00:00Z", "2022-03-07T01:00+01:00"] {
            assert_eq!(when(text), Ok(monday), "{text}");
        }
        assert_eq!(when("now+6h"), Ok(now + 6 * 3_600));
        for (start, texts) in [
            ("2022-01-01T00:00:00Z", ["2022", "2022-01", "2022-01-01"]),
            ("2022-12-01T00:00:00Z", ["2022-12", "2022-12-01", "2022-12-01T00Z"]),
        ] {
            for text in texts {
                assert_eq!(when(text).map(|at| at.to_string()), Ok(start.to_string()), "{text}");
            }
        }
        for text in
            ["2026-03-29T02:30", "yesterday", "now+", "now*2", "2022-13-01", "2022-13", "2022-1", "22", "20222", ""]
        {
            assert!(when(text).is_err(), "{text}");
        }
        let berlin = Zone::parse("Europe/Berlin").expect("zone");
        assert_eq!(when("2022-3-7"), Ok(monday), "a date as people write it");
        let error = parse_when("2026-03-29T02:30", now, berlin).expect_err("skipped");
        assert!(error.hint.expect("hint").contains("does not exist"));
    }

    #[test]
    fn every_time_lies_between_1970_and_9999() {
        let first = Instant::FIRST;
        let last = Instant::parse("9999-12-31T23:00:00Z").expect("time");
        let resolved = |text: &str, now: Instant, zone: &str| {
            let zone = Zone::parse(zone).expect("zone");
            let bound = parse_bound(text, now, zone, Resolution::HOUR);
            assert_eq!(bound.is_err(), parse_when(text, now, zone).is_err(), "{text}");
            bound.map(|at| at.to_string()).map_err(|problem| problem.to_string())
        };
        for (text, now, zone) in [
            ("1969-12-31", first, "UTC"),
            ("0000", first, "UTC"),
            ("1970-01-01", first, "Europe/Berlin"),
            ("1970-01-01T00:00:00+01:00", first, "UTC"),
            ("9999-12-31T23:30:00-01:00", first, "UTC"),
            ("now-1d", first, "UTC"),
            ("now-3660d", first + 86_400, "UTC"),
            ("now+1h", last, "UTC"),
            ("now+3660d", last, "UTC"),
            ("now+3660d", Instant::from_seconds(i64::MAX), "UTC"),
            ("now-3660d", Instant::from_seconds(i64::MIN), "UTC"),
        ] {
            let problem = resolved(text, now, zone).expect_err(text);
            assert!(problem.contains(&format!("`{text}")) && problem.contains("1970 to 9999"), "{problem}");
        }
        for text in
            ["+262142-12-31", "262142-12-31", "+10000-01-01", "-0001-01-01", "10000", "99999-01", "2022-01-01-01"]
        {
            assert!(resolved(text, first, "UTC").expect_err(text).contains("is not an RFC 3339 time"), "{text}");
        }
        for text in ["now+999999999h", "now-999999999d", "now+99999999999999999999s", "now+9223372036854775807h"] {
            assert!(resolved(text, first, "UTC").expect_err(text).contains("is longer than ten years"), "{text}");
        }
        assert_eq!(resolved("9999-12-31T23Z", first, "UTC"), Ok("9999-12-31T23:00:00Z".into()));
        assert_eq!(resolved("1970", first, "UTC"), Ok("1970-01-01T00:00:00Z".into()));
        assert_eq!(resolved("1970", first, "America/New_York"), Ok("1970-01-01T05:00:00Z".into()));
        // The last bare date there is.
        assert_eq!(resolved("9999-12-31", first, "America/New_York"), Ok("9999-12-31T05:00:00Z".into()));
    }

    /// A local day owns the intervals that start in it.
    #[test]
    fn a_bare_date_starts_with_its_first_interval() {
        let intervals = |zone: &str, resolution: &str, from: &str, to: &str| {
            let (zone, resolution) = (Zone::parse(zone).expect("zone"), Resolution::parse(resolution).expect("known"));
            let period = parse_period(from, to, Instant::FIRST, zone, resolution).expect("period");
            let grid = reports::time::Grid::over(period, resolution).expect("on the grid");
            (period.start.to_string(), grid.len)
        };
        for (zone, resolution, from, to, start, len) in [
            ("Australia/Lord_Howe", "60min", "2026-04-05", "2026-04-06", "2026-04-04T13:00:00Z", 25),
            ("Australia/Lord_Howe", "60min", "2026-10-04", "2026-10-05", "2026-10-03T14:00:00Z", 23),
            ("Australia/Lord_Howe", "30min", "2026-04-05", "2026-04-06", "2026-04-04T13:00:00Z", 49),
            ("Australia/Lord_Howe", "30min", "2026-10-04", "2026-10-05", "2026-10-03T13:30:00Z", 47),
            ("Asia/Kolkata", "60min", "2026-01-02", "2026-01-03", "2026-01-01T19:00:00Z", 24),
            ("Asia/Kathmandu", "60min", "2026-01-02", "2026-01-03", "2026-01-01T19:00:00Z", 24),
            ("Asia/Kathmandu", "30min", "2026-01-02", "2026-01-03", "2026-01-01T18:30:00Z", 48),
            ("Asia/Kathmandu", "15min", "2026-01-02", "2026-01-03", "2026-01-01T18:15:00Z", 96),
            ("Europe/Berlin", "60min", "2026-03-29", "2026-03-30", "2026-03-28T23:00:00Z", 23),
            ("Europe/Berlin", "60min", "2026-03", "2026-04", "2026-02-28T23:00:00Z", 743),
            ("Europe/Berlin", "60min", "2026", "2027", "2025-12-31T23:00:00Z", 8_760),
            ("Asia/Kolkata", "60min", "2026-01", "2026-02", "2025-12-31T19:00:00Z", 744),
        ] {
            assert_eq!(intervals(zone, resolution, from, to), (start.to_string(), len), "{zone} {resolution} {from}");
        }
        let kolkata = Zone::parse("Asia/Kolkata").expect("zone");
        // An instant is what it says, on the grid or off it.
        let given = parse_bound("2026-01-02T00:00:00+05:30", Instant::FIRST, kolkata, Resolution::HOUR);
        assert_eq!(given, parse_when("2026-01-01T18:30:00Z", Instant::FIRST, kolkata));
    }

    #[test]
    fn durations_have_units() {
        assert_eq!(parse_duration("4h"), Ok(14_400));
        for text in ["4", "h", "-4h", "4 h", "", "4\u{301}h", "\u{664}h", "4hh", "4h "] {
            assert!(parse_duration(text).is_err_and(|p| p.what.ends_with("is not a duration")), "{text}");
        }
        assert_eq!(parse_duration("3660d"), Ok(LONGEST_S));
        for text in ["99999999999999999999h", "9999999d", "3661d", "9223372036854775807d", "316224001s"] {
            assert!(parse_duration(text).is_err_and(|p| p.what.ends_with("is longer than ten years")), "{text}");
        }
    }
}
