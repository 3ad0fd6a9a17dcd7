//! Intervals gathered into the local clock hours and days of a time zone.

use crate::figures::of_matched;
use chrono::{Datelike, NaiveDate};
use ids::BoundaryId;
use reports::report::{BoundaryReport, IntervalRow, Report};
use reports::time::{Instant, Zone};
use reports::units::Floored;
use std::collections::{BTreeMap, BTreeSet};

/// Wh over any span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    pub load: i128,
    pub contracted: i128,
    pub matched: i128,
    pub surplus: i128,
    pub unmatched: i128,
    pub grid_cfe: i128,
}

impl Sums {
    pub fn add(&mut self, other: &Self) {
        self.load += other.load;
        self.contracted += other.contracted;
        self.matched += other.matched;
        self.surplus += other.surplus;
        self.unmatched += other.unmatched;
        self.grid_cfe += other.grid_cfe;
    }

    fn from_row(row: &IntervalRow) -> Self {
        Self {
            load: i128::from(row.load_wh),
            contracted: i128::from(row.contracted_wh),
            matched: i128::from(row.matched_wh),
            surplus: i128::from(row.surplus_wh),
            unmatched: i128::from(row.unmatched_wh),
            grid_cfe: i128::from(row.grid_cfe_wh),
        }
    }

    /// Matched of the load, a whole only where nothing is unmatched; none without load.
    pub fn share(&self) -> Option<Floored> {
        Floored::new(self.matched, self.load).map(|share| of_matched(share, self.unmatched))
    }

    /// Nothing of the load is left unmatched, and there is load.
    pub fn is_full(&self) -> bool {
        self.load > 0 && self.unmatched == 0
    }
}

/// One interval of a portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub start: Instant,
    pub sums: Sums,
}

/// One hour of the wall clock; a repeated hour is two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    pub start: Instant,
    /// Time covered by the intervals gathered here.
    pub duration_s: i64,
    /// Hour shown by the wall clock, 0 to 23.
    pub wall: u32,
    /// Hours elapsed since local midnight: the place in the day, whatever the clock shows.
    pub row: u32,
    /// Seconds east of UTC.
    pub offset_s: i64,
    pub sums: Sums,
}

/// A local day with its 23, 24 or 25 hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub start: Instant,
    pub length_s: i64,
    pub hours: Vec<Hour>,
}

impl Day {
    fn new(zone: Zone, date: NaiveDate) -> Self {
        let span = zone.day(date);
        Self { date, start: span.start, length_s: span.duration_s(), hours: Vec::with_capacity(25) }
    }

    /// `25 h` where clocks change on this day.
    pub fn unusual(&self) -> Option<String> {
        match (self.length_s / 3_600, self.length_s % 3_600) {
            (24, 0) => None,
            (hours, 0) => Some(format!("{hours} h")),
            (hours, rest) => Some(format!("{hours}:{:02} h", rest / 60)),
        }
    }

    /// The hours with their rows in a map of the day: 0 to 23 by the wall clock, so that an hour the clocks skip stays
    /// blank; an hour they repeat stands by itself in a row below, 24 for the first.
    pub fn placed(&self) -> Vec<(u32, &Hour)> {
        let mut placed: Vec<(u32, &Hour)> = Vec::with_capacity(self.hours.len());
        let mut below = 24;
        for hour in &self.hours {
            if placed.iter().any(|(_, earlier)| earlier.wall == hour.wall) {
                placed.push((below, hour));
                below += 1;
            } else {
                placed.push((hour.wall, hour));
            }
        }
        placed
    }

    fn add(&mut self, zone: Zone, step_s: i64, slot: &Slot) {
        let minute = zone.minute_of_day(slot.start);
        let midnight = self.date.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc().timestamp();
        let offset_s = midnight + i64::from(minute) * 60 - slot.start.seconds();
        let wall = minute / 60;
        if let Some(last) = self.hours.last_mut()
            && last.wall == wall
            && last.offset_s == offset_s
        {
            last.duration_s += step_s;
            last.sums.add(&slot.sums);
            return;
        }
        let elapsed = u32::try_from((slot.start - self.start) / 3_600).unwrap_or(0);
        let row = self.hours.last().map_or(elapsed, |last| elapsed.max(last.row + 1));
        self.hours.push(Hour { start: slot.start, duration_s: step_s, wall, row, offset_s, sums: slot.sums });
    }
}

/// The portfolio's intervals in order, summed over boundaries.
pub fn portfolio_slots(boundaries: &[BoundaryReport]) -> Vec<Slot> {
    let mut slots: BTreeMap<Instant, Sums> = BTreeMap::new();
    for row in boundaries.iter().flat_map(|boundary| &boundary.intervals) {
        slots.entry(row.start).or_default().add(&Sums::from_row(row));
    }
    slots.into_iter().map(|(start, sums)| Slot { start, sums }).collect()
}

/// One boundary's intervals.
pub fn slots(intervals: &[IntervalRow]) -> Vec<Slot> {
    intervals.iter().map(|row| Slot { start: row.start, sums: Sums::from_row(row) }).collect()
}

/// Whose clock a boundary's days follow: its sites' where they agree, else the portfolio's.
pub fn zone_of(report: &Report, boundary: &BoundaryId) -> Zone {
    let mut zones = report.sites.iter().filter(|site| site.boundaries.contains(boundary)).map(|site| site.time_zone);
    zones.next().filter(|first| zones.all(|zone| zone == *first)).unwrap_or(report.time_zone)
}

/// Gathers intervals, in order of time, into local days; a day owns the intervals that start in it.
pub fn local_days(zone: Zone, step_s: i64, slots: &[Slot]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for slot in slots {
        let date = zone.date(slot.start);
        if days.last().is_none_or(|day| day.date != date) {
            days.push(Day::new(zone, date));
        }
        if let Some(day) = days.last_mut() {
            day.add(zone, step_s, slot);
        }
    }
    days
}

/// Sums and covered seconds by hour of the wall clock.
pub type WallHours = [(Sums, i64); 24];

pub fn by_wall_hour<'a>(days: impl IntoIterator<Item = &'a Day>) -> WallHours {
    let mut hours = [(Sums::default(), 0_i64); 24];
    for hour in days.into_iter().flat_map(|day| &day.hours) {
        if let Some((sums, seconds)) = hours.get_mut(hour.wall as usize) {
            sums.add(&hour.sums);
            *seconds += hour.duration_s;
        }
    }
    hours
}

/// Sums over a whole day.
pub fn of_day(day: &Day) -> Sums {
    let mut sums = Sums::default();
    day.hours.iter().for_each(|hour| sums.add(&hour.sums));
    sums
}

fn month_of(day: &Day) -> NaiveDate {
    day.date.with_day(1).unwrap_or(day.date)
}

/// The average day of each local month, named by its first day; past twelve months those of one name count together.
pub fn by_month_and_hour(days: &[Day]) -> Vec<(NaiveDate, WallHours)> {
    let one_each = days.iter().map(month_of).collect::<BTreeSet<_>>().len() <= 12;
    let mut months: BTreeMap<(i32, u32), Vec<&Day>> = BTreeMap::new();
    for day in days {
        let year = if one_each { day.date.year() } else { 0 };
        months.entry((year, day.date.month())).or_default().push(day);
    }
    let first = |days: &[&Day]| days.first().map(|day| month_of(day));
    months.into_values().filter_map(|days| Some((first(&days)?, by_wall_hour(days)))).collect()
}

/// Sums by local month, named by its first day.
pub fn by_month(days: &[Day]) -> Vec<(NaiveDate, Sums)> {
    let mut months: BTreeMap<NaiveDate, Sums> = BTreeMap::new();
    for day in days {
        months.entry(month_of(day)).or_default().add(&of_day(day));
    }
    months.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::slots;

    fn day_of(zone: &str, date: &str, step_s: i64) -> Day {
        let zone = Zone::parse(zone).expect("zone");
        let span = zone.day(date.parse().expect("date"));
        let sums = Sums { load: 10, unmatched: 10, ..Sums::default() };
        let slots = slots(span.start.ceil(step_s), span.end, step_s, sums);
        let mut days = local_days(zone, step_s, &slots);
        assert_eq!(days.len(), 1);
        let day = days.remove(0);
        let total: i128 = day.hours.iter().map(|hour| hour.sums.load).sum();
        assert_eq!(total, 10 * slots.len() as i128, "{} lost intervals", day.date);
        assert!(day.hours.is_sorted_by(|a, b| a.row < b.row), "{} overlaps", day.date);
        assert!(day.hours.iter().all(|hour| hour.row < 25));
        day
    }

    #[test]
    fn berlin_has_23_and_25_hours() {
        for step in [900, 1_800, 3_600] {
            let spring = day_of("Europe/Berlin", "2026-03-29", step);
            assert_eq!((spring.hours.len(), spring.unusual().as_deref()), (23, Some("23 h")));
            assert_eq!(spring.hours.iter().map(|h| h.wall).take(4).collect::<Vec<_>>(), [0, 1, 3, 4]);
            let autumn = day_of("Europe/Berlin", "2026-10-25", step);
            assert_eq!((autumn.hours.len(), autumn.unusual().as_deref()), (25, Some("25 h")));
            assert_eq!(autumn.hours.iter().map(|h| h.wall).take(5).collect::<Vec<_>>(), [0, 1, 2, 2, 3]);
            assert_eq!(day_of("Europe/Berlin", "2026-06-01", step).hours.len(), 24);
        }
    }

    #[test]
    fn lord_howe_loses_no_interval() {
        for step in [300, 900, 1_800, 3_600] {
            let autumn = day_of("Australia/Lord_Howe", "2026-04-05", step);
            assert_eq!(autumn.unusual().as_deref(), Some("24:30 h"));
            let spring = day_of("Australia/Lord_Howe", "2026-10-04", step);
            assert_eq!(spring.unusual().as_deref(), Some("23:30 h"));
        }
        assert_eq!(day_of("Australia/Lord_Howe", "2026-04-05", 900).hours.len(), 25);
        assert_eq!(day_of("Australia/Lord_Howe", "2026-10-04", 900).hours.len(), 24);
    }

    /// Three days around a date, of which the middle one is whole.
    fn middle_of(zone: &str, date: &str, step_s: i64) -> Day {
        let zone = Zone::parse(zone).expect("zone");
        let date: NaiveDate = date.parse().expect("date");
        let span = zone.day(date);
        let sums = Sums { load: 10, unmatched: 10, ..Sums::default() };
        let slots = slots((span.start - 86_400).floor(step_s), span.end + 86_400, step_s, sums);
        local_days(zone, step_s, &slots).into_iter().find(|day| day.date == date).expect("day")
    }

    /// Zone, day, intervals of an hour and of half an hour, the hour skipped or repeated.
    const CLOCK_CHANGES: [(&str, &str, i64, i64, u32); 10] = [
        ("Australia/Lord_Howe", "2026-04-05", 25, 49, 1),
        ("Australia/Lord_Howe", "2026-10-04", 23, 47, 2),
        ("Africa/Cairo", "2026-04-24", 23, 46, 0),
        ("Africa/Cairo", "2026-10-29", 25, 50, 23),
        ("America/New_York", "2026-03-08", 23, 46, 2),
        ("America/New_York", "2026-11-01", 25, 50, 1),
        ("Australia/Sydney", "2026-04-05", 25, 50, 2),
        ("Australia/Sydney", "2026-10-04", 23, 46, 2),
        ("Europe/Berlin", "2026-03-29", 23, 46, 2),
        ("Europe/Berlin", "2026-10-25", 25, 50, 2),
    ];

    #[test]
    fn a_local_day_owns_the_intervals_that_start_in_it() {
        for (zone, date, hourly, half_hourly, _) in CLOCK_CHANGES {
            for (step, expected) in [(3_600, hourly), (1_800, half_hourly)] {
                let covered: i64 = middle_of(zone, date, step).hours.iter().map(|hour| hour.duration_s).sum();
                assert_eq!((covered / step, covered % step), (expected, 0), "{zone} {date} at {step} s");
            }
        }
    }

    #[test]
    fn a_repeated_hour_has_its_own_place_and_a_skipped_one_stays_blank() {
        for (zone, date, hourly, _, changed) in CLOCK_CHANGES {
            let day = middle_of(zone, date, 3_600);
            let rows: Vec<u32> = day.placed().iter().map(|(row, _)| *row).collect();
            assert_eq!(rows.len(), usize::try_from(hourly).expect("count"), "{zone} {date}");
            let again: Vec<u32> =
                day.placed().iter().filter(|(row, _)| *row >= 24).map(|(_, hour)| hour.wall).collect();
            if hourly == 25 {
                assert_eq!(again, [changed], "{zone} {date}");
                assert!(rows.contains(&changed) && rows.contains(&24), "{zone} {date}");
            } else {
                assert!(again.is_empty() && !rows.contains(&changed), "{zone} {date}");
            }
        }
        let half = middle_of("Australia/Lord_Howe", "2026-10-04", 1_800);
        assert!(half.hours.iter().any(|hour| (hour.wall, hour.duration_s) == (2, 1_800)));
    }

    #[test]
    fn past_twelve_months_those_of_one_name_count_together() {
        let sums = Sums { load: 10, unmatched: 10, ..Sums::default() };
        let slots = slots(Instant::FIRST, Instant::FIRST + 400 * 86_400, 86_400, sums);
        let months = by_month_and_hour(&local_days(Zone::UTC, 3_600, &slots));
        assert_eq!(months.len(), 12);
        assert_eq!(months.first().map(|(_, hours)| hours[0].0.load), Some(620));
    }

    #[test]
    fn a_boundary_follows_the_clock_of_its_sites_where_they_agree() {
        let mut report = crate::tests::sample::sample_report();
        report.time_zone = Zone::UTC;
        let zone = |report: &Report, id: &str| zone_of(report, &id.into()).name();
        assert_eq!((zone(&report, "DE<b>"), zone(&report, "FR")), ("Europe/Berlin", "Europe/Paris"));
        assert_eq!(zone(&report, "nowhere"), "UTC");
        report.sites[1].boundaries.0.push("DE<b>".into());
        assert_eq!((zone(&report, "DE<b>"), zone(&report, "FR")), ("UTC", "Europe/Paris"));
    }

    #[test]
    fn a_skipped_midnight_starts_the_day_late() {
        let day = day_of("Africa/Cairo", "2026-04-24", 3_600);
        assert_eq!((day.hours.len(), day.hours.first().map(|h| (h.wall, h.row))), (23, Some((1, 0))));
    }
}
