//! Number formats of a workbook: which numbers, days since a beginning, are shown as dates or times, and how.

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
    const BOTH: Self = Self { date: true, time: true, elapsed: false };
    const ELAPSED: Self = Self { date: false, time: true, elapsed: true };

    fn is_number(self) -> bool {
        self == Self::default()
    }
}

/// Of formats that every workbook has by their number.
pub(super) fn built_in(id: u32) -> Shows {
    match id {
        14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shows::DATE,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Shows::TIME,
        22 => Shows::BOTH,
        46 => Shows::ELAPSED,
        _ => Shows::default(),
    }
}

/// Of a format as text: `dd.mm.yyyy hh:mm`, `[h]:mm:ss`, `0.00 "kWh"`.
pub(super) fn of_code(code: &str) -> Shows {
    let mut shows = Shows::default();
    let (mut month, mut digits) = (false, false);
    // `ss.000` is a time all the same.
    let mut behind_seconds = false;
    let mut rest = code.chars();
    while let Some(letter) = rest.next() {
        let letter = letter.to_ascii_lowercase();
        match letter {
            // Only the format of positive numbers counts.
            ';' => break,
            '"' => {
                let _ = rest.by_ref().find(|quote| *quote == '"');
            }
            '\\' | '_' | '*' => {
                let _ = rest.next();
            }
            '[' => {
                let inner: String = rest.by_ref().take_while(|end| *end != ']').collect();
                if !inner.is_empty() && inner.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) {
                    (shows.time, shows.elapsed) = (true, true);
                }
            }
            'y' | 'd' => shows.date = true,
            'h' | 's' => shows.time = true,
            'm' => month = true,
            // AM/PM: its letters say nothing else.
            'a' => {
                let ahead = rest.as_str().to_ascii_lowercase();
                let skipped = if ahead.starts_with("m/pm") { 4 } else { usize::from(ahead.starts_with("/p")) * 2 };
                rest = rest.as_str().get(skipped..).unwrap_or_default().chars();
            }
            '0' | '#' | '?' => digits |= !behind_seconds,
            _ => {}
        }
        behind_seconds = letter == 's' || (behind_seconds && matches!(letter, '.' | ',' | '0'));
    }
    if digits {
        return Shows::default();
    }
    // A month beside hours or seconds is minutes.
    shows.date |= month && !shows.time;
    shows
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
    fn dates_and_times_are_told_from_numbers() {
        for (code, wanted) in [
            ("General", Shows::default()),
            ("0.00", Shows::default()),
            ("#,##0.00 \"kWh\"", Shows::default()),
            ("#,##0 [$MWh]", Shows::default()),
            ("0.00E+00", Shows::default()),
            ("0\\ \\h", Shows::default()),
            ("0 kWh", Shows::default()),
            ("@", Shows::default()),
            ("dd.mm.yyyy", Shows::DATE),
            ("mmm\\ yy", Shows::DATE),
            ("mmmm", Shows::DATE),
            ("dd.mm.yyyy hh:mm", Shows::BOTH),
            ("[$-409]m/d/yy h:mm AM/PM;@", Shows::BOTH),
            ("yyyy\\-mm\\-dd\\ hh:mm:ss.000", Shows::BOTH),
            ("h:mm", Shows::TIME),
            ("h:mm A/P", Shows::TIME),
            ("mm:ss.0", Shows::TIME),
            ("[h]:mm:ss", Shows::ELAPSED),
            ("0;dd.mm.yyyy", Shows::default()),
            ("\"unterminated", Shows::default()),
            ("[unterminated", Shows::default()),
            ("a\u{e9}\u{e9}d", Shows::DATE),
            ("\\", Shows::default()),
        ] {
            assert_eq!(of_code(code), wanted, "{code}");
        }
        assert_eq!(
            [built_in(0), built_in(2), built_in(14), built_in(22), built_in(46)],
            [Shows::default(), Shows::default(), Shows::DATE, Shows::BOTH, Shows::ELAPSED]
        );
    }

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
