//! Dates in workbooks: days since a beginning, shown as a date or a time only by the format of their cell.

use chrono::{Days, NaiveDate};

/// What the format of a cell shows of a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shows {
    pub date: bool,
    pub time: bool,
    /// Hours beyond a day, as `[h]:mm`.
    pub elapsed: bool,
}

impl Shows {
    pub(super) const DATE: Self = Self { date: true, time: false, elapsed: false };
    pub(super) const TIME: Self = Self { date: false, time: true, elapsed: false };
    pub(super) const BOTH: Self = Self { date: true, time: true, elapsed: false };
    pub(super) const ELAPSED: Self = Self { date: false, time: true, elapsed: true };

    fn is_number(self) -> bool {
        self == Self::default()
    }
}

/// The last second of the year 9999.
const LAST: f64 = 2_958_466.0 * 86_400.0;

/// A number as its format shows it, to the second: sums of 1/24 drift by less. None where it is no date.
pub(super) fn shown(value: f64, shows: Shows, since_1904: bool) -> Option<String> {
    let seconds = (value * 86_400.0).round();
    if shows.is_number() || !(0.0..LAST).contains(&seconds) {
        return None;
    }
    let seconds = seconds as u64;
    let (day, of_day) = (seconds / 86_400, seconds % 86_400);
    let clock = |hours: u64| format!("{hours:02}:{:02}:{:02}", of_day / 60 % 60, of_day % 60);
    if !shows.date && (shows.elapsed || day == 0) {
        return Some(clock(seconds / 3_600));
    }
    let date = date(day, since_1904)?;
    Some(if shows.time || of_day > 0 { format!("{date} {}", clock(of_day / 3_600)) } else { date })
}

fn date(day: u64, since_1904: bool) -> Option<String> {
    let first = match (since_1904, day) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        // A day that never was, from the first spreadsheets on.
        (false, 60) => return Some("1900-02-29".into()),
        (false, ..60) => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        (false, _) => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    Some(first.checked_add_days(Days::new(day))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_as_their_format_shows_them() {
        for (value, shows, since_1904, wanted) in [
            (45_292.0, Shows::DATE, false, Some("2024-01-01")),
            (45_292.0, Shows::BOTH, false, Some("2024-01-01 00:00:00")),
            (45_292.010_416_666_664, Shows::DATE, false, Some("2024-01-01 00:15:00")),
            (43_830.010_416_666_664, Shows::BOTH, true, Some("2024-01-01 00:15:00")),
            (0.010_416_666_666, Shows::TIME, false, Some("00:15:00")),
            (1.0, Shows::ELAPSED, false, Some("24:00:00")),
            (45_292.25, Shows::TIME, false, Some("2024-01-01 06:00:00")),
            (1.0, Shows::DATE, false, Some("1900-01-01")),
            (59.0, Shows::DATE, false, Some("1900-02-28")),
            (60.0, Shows::DATE, false, Some("1900-02-29")),
            (61.0, Shows::DATE, false, Some("1900-03-01")),
            (2_958_465.0, Shows::DATE, false, Some("9999-12-31")),
            (-1.0, Shows::DATE, false, None),
            (2_958_466.0, Shows::DATE, false, None),
            (f64::MAX, Shows::BOTH, false, None),
            (45_292.0, Shows::default(), false, None),
        ] {
            assert_eq!(shown(value, shows, since_1904).as_deref(), wanted, "{value} {shows:?} {since_1904}");
        }
        // A column that adds 1/24 to the cell above stays on the hour for a year.
        let mut value = 45_292.0;
        for _ in 0..8_760 {
            value += 1.0 / 24.0;
        }
        assert_eq!(shown(value, Shows::BOTH, false).as_deref(), Some("2024-12-31 00:00:00"));
    }
}
