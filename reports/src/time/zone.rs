//! Local days and wall times. The only user of chrono-tz.

use super::fault::TimeError;
use super::instant::Instant;
use super::interval::Interval;
use crate::text::json_as_text;
use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// Version of the IANA database that local days are cut by.
pub fn database_version() -> &'static str {
    chrono_tz::IANA_TZDB_VERSION
}

/// Some 250 000 years: chrono's calendar ends in the year 262 142, and panics where an offset leads past that.
const FARTHEST_S: i64 = 250_000 * 31_556_952;

/// A time zone of the IANA database, in JSON its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    pub const UTC: Self = Self(Tz::UTC);

    pub fn parse(name: &str) -> Result<Self, TimeError> {
        name.parse().map(Self).map_err(|_| TimeError::UnknownZone(name.chars().take(60).collect()))
    }

    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The instant as a local time; what lies farther out than any calendar reaches counts as its edge.
    pub fn at(self, instant: Instant) -> DateTime<Tz> {
        let seconds = instant.seconds().clamp(-FARTHEST_S, FARTHEST_S);
        DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default().with_timezone(&self.0)
    }

    pub fn date(self, instant: Instant) -> NaiveDate {
        self.at(instant).date_naive()
    }

    /// Minutes since local midnight by the wall clock.
    pub fn minute_of_day(self, instant: Instant) -> u32 {
        let local = self.at(instant);
        local.hour() * 60 + local.minute()
    }

    pub fn month(self, instant: Instant) -> (i32, u32) {
        let date = self.date(instant);
        (date.year(), date.month())
    }

    /// Days since the common era, by the local date: differences are whole local days.
    pub fn day_number(self, instant: Instant) -> i64 {
        i64::from(self.date(instant).num_days_from_ce())
    }

    /// The instants of a local calendar year.
    pub fn year(self, year: i32) -> Interval {
        let first = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).map_or(Instant::FIRST, |date| self.day_start(date));
        Interval { start: first(year), end: first(year.saturating_add(1)) }
    }

    /// `2026-03-29 01:30 +01:00`, for people.
    pub fn label(self, instant: Instant) -> String {
        self.at(instant).format("%Y-%m-%d %H:%M %:z").to_string()
    }

    /// `Mon 30 Mar 18:00`, for people who know the year; with the offset where it changes within what is shown.
    pub fn moment(self, instant: Instant, shown: Interval) -> String {
        let same = self.is_same_offset(shown.start, shown.end);
        let form = if same { "%a %-d %b %H:%M" } else { "%a %-d %b %H:%M %:z" };
        self.at(instant).format(form).to_string()
    }

    /// `2026-03-30T18:00:00-04:00`.
    pub fn rfc3339(self, instant: Instant) -> String {
        self.at(instant).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// First instant of a local day; where midnight is skipped, the first one after it.
    pub fn day_start(self, date: NaiveDate) -> Instant {
        let midnight = date.clamp(edge(-1), edge(1)).and_hms_opt(0, 0, 0).unwrap_or_default();
        let first = |minutes| self.instants(midnight + chrono::Duration::minutes(minutes))[0];
        (0..=180).step_by(15).find_map(first).unwrap_or_else(|| instant_of(&midnight.and_utc()))
    }

    /// The instants that belong to a local day: 23, 24 or 25 hours, 23.5 or 24.5 at Lord Howe.
    pub fn day(self, date: NaiveDate) -> Interval {
        let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
        Interval { start: self.day_start(date), end: self.day_start(next) }
    }

    /// Every instant that a wall time names, the earlier first: none where clocks jump over it, two where they go back.
    pub fn instants(self, local: NaiveDateTime) -> [Option<Instant>; 2] {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(time) => [Some(instant_of(&time)), None],
            LocalResult::Ambiguous(first, second) => [Some(instant_of(&first)), Some(instant_of(&second))],
            LocalResult::None => [None, None],
        }
    }

    /// Whether clocks are as far from UTC at one instant as at another.
    pub fn is_same_offset(self, one: Instant, other: Instant) -> bool {
        self.at(one).offset().fix() == self.at(other).offset().fix()
    }

    /// Whether clocks ever change in it from 1970 on, as far as years are reckoned with here.
    pub fn is_fixed(self) -> bool {
        // Every quarter from 1970 to 2050.
        (0..320).all(|quarter| self.is_same_offset(Instant::from_seconds(quarter * 7_889_238), Instant::FIRST))
    }

    /// What to write instead of a wall time without offset.
    pub fn hint(self, text: &str) -> Option<String> {
        let mut forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"].iter();
        let local = forms.find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
        let (text, zone) = (local.format("%Y-%m-%dT%H:%M:%S").to_string(), self.name().to_string());
        Some(match self.instants(local) {
            [Some(instant), None] => format!("in {zone} that is {instant}"),
            [Some(_), _] => TimeError::Repeated { local: text, zone }.to_string(),
            [None, _] => TimeError::Skipped { local: text, zone }.to_string(),
        })
    }
}

impl std::fmt::Display for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

json_as_text!(Zone);

/// The first or last date that has instants on either side in every zone.
fn edge(side: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(side * 255_000, 1, 1).unwrap_or_default()
}

fn instant_of<T: TimeZone>(time: &DateTime<T>) -> Instant {
    Instant::from_seconds(time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(zone: &str, date: &str) -> f64 {
        let zone = Zone::parse(zone).expect("zone");
        zone.day(date.parse().expect("date")).duration_s() as f64 / 3600.0
    }

    #[test]
    fn days_have_23_24_or_25_hours() {
        // E3
        assert_eq!(hours("Europe/Berlin", "2026-03-29"), 23.0);
        assert_eq!(hours("Europe/Berlin", "2026-10-25"), 25.0);
        assert_eq!(hours("Australia/Lord_Howe", "2026-04-05"), 24.5);
        assert_eq!(hours("Australia/Lord_Howe", "2026-10-04"), 23.5);
        assert_eq!(hours("Africa/Cairo", "2026-04-24"), 23.0);
        assert_eq!(hours("Africa/Cairo", "2026-10-29"), 25.0);
        assert_eq!(hours("America/New_York", "2026-06-01"), 24.0);
        let march = ("2026-03-01", "2026-03-31");
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let first = zone.day(march.0.parse().expect("date")).start;
        let last = zone.day(march.1.parse().expect("date")).end;
        assert_eq!((last - first) / 3600, 743);
    }

    #[test]
    fn a_skipped_wall_time_is_an_error() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        assert!(zone.hint("2026-03-29T02:30").expect("hint").contains("does not exist"));
        assert!(zone.hint("2026-10-25T02:30").expect("hint").contains("ambiguous"));
    }

    /// Nobody parses such times, and arithmetic on them is no reason to panic.
    #[test]
    fn days_at_the_ends_of_the_calendar_are_days() {
        for name in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"] {
            let zone = Zone::parse(name).expect("zone");
            for instant in [i64::MIN, -8_334_632_851_200, -1, 0, 253_402_300_799, 8_210_266_876_799, i64::MAX] {
                let instant = Instant::from_seconds(instant);
                let date = zone.date(instant);
                let day = zone.day(date);
                assert!(day.end >= day.start, "{name} {instant}");
                let _ = (zone.label(instant), zone.month(instant), zone.minute_of_day(instant));
                let _ = (zone.year(date.year()), zone.day_number(instant));
            }
            for date in [NaiveDate::MIN, NaiveDate::MAX] {
                let _ = (zone.day_start(date), zone.day(date));
            }
            let _ = (zone.year(i32::MIN), zone.year(i32::MAX));
            for text in ["+262142-12-31T23:59:59", "-262143-01-01T00:00:00"] {
                let _ = zone.hint(text);
            }
        }
    }
}
