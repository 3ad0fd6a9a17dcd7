//! Intervals gathered into the local clock hours and days of a time zone.

use crate::report::{BoundaryReport, IntervalRow};
use crate::time::{TimeError, Zone, parse_instant};
use chrono::NaiveDate;
use std::collections::BTreeMap;

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

    fn of(row: &IntervalRow) -> Self {
        Self {
            load: i128::from(row.load_wh),
            contracted: i128::from(row.contracted_wh),
            matched: i128::from(row.matched_wh),
            surplus: i128::from(row.surplus_wh),
            unmatched: i128::from(row.unmatched_wh),
            grid_cfe: i128::from(row.grid_cfe_wh),
        }
    }

    /// Nothing of the load is left unmatched, and there is load.
    pub fn is_full(&self) -> bool {
        self.load > 0 && self.unmatched == 0
    }
}

/// One interval of a portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub start_s: i64,
    pub sums: Sums,
}

/// One hour of the wall clock; a repeated hour is two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    pub start_s: i64,
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
    pub start_s: i64,
    pub length_s: i64,
    pub hours: Vec<Hour>,
}

impl Day {
    fn new(zone: Zone, date: NaiveDate) -> Self {
        let span = zone.day(date);
        Self { date, start_s: span.start_s, length_s: span.duration_s(), hours: Vec::with_capacity(25) }
    }

    /// `25 h` where clocks change on this day.
    pub fn unusual(&self) -> Option<String> {
        match (self.length_s / 3_600, self.length_s % 3_600) {
            (24, 0) => None,
            (hours, 0) => Some(format!("{hours} h")),
            (hours, rest) => Some(format!("{hours}:{:02} h", rest / 60)),
        }
    }

    fn add(&mut self, zone: Zone, step_s: i64, slot: &Slot) {
        let minute = zone.minute_of_day(slot.start_s);
        let midnight = self.date.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc().timestamp();
        let offset_s = midnight + i64::from(minute) * 60 - slot.start_s;
        let wall = minute / 60;
        if let Some(last) = self.hours.last_mut()
            && last.wall == wall
            && last.offset_s == offset_s
        {
            last.duration_s += step_s;
            last.sums.add(&slot.sums);
            return;
        }
        let elapsed = u32::try_from((slot.start_s - self.start_s) / 3_600).unwrap_or(0);
        let row = self.hours.last().map_or(elapsed, |last| elapsed.max(last.row + 1));
        self.hours.push(Hour { start_s: slot.start_s, duration_s: step_s, wall, row, offset_s, sums: slot.sums });
    }
}

/// The portfolio's intervals in order, summed over boundaries.
pub fn portfolio_slots(boundaries: &[BoundaryReport]) -> Result<Vec<Slot>, TimeError> {
    let mut slots: BTreeMap<i64, Sums> = BTreeMap::new();
    for row in boundaries.iter().flat_map(|boundary| &boundary.intervals) {
        slots.entry(parse_instant(&row.start)?).or_default().add(&Sums::of(row));
    }
    Ok(slots.into_iter().map(|(start_s, sums)| Slot { start_s, sums }).collect())
}

/// Gathers intervals, in order of time, into local days; a day owns the intervals that start in it.
pub fn local_days(zone: Zone, step_s: i64, slots: &[Slot]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for slot in slots {
        let date = zone.date(slot.start_s);
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
pub fn by_wall_hour(days: &[Day]) -> [(Sums, i64); 24] {
    let mut hours = [(Sums::default(), 0_i64); 24];
    for hour in days.iter().flat_map(|day| &day.hours) {
        if let Some((sums, seconds)) = hours.get_mut(hour.wall as usize) {
            sums.add(&hour.sums);
            *seconds += hour.duration_s;
        }
    }
    hours
}

/// Sums by local month, named by its first day.
pub fn by_month(days: &[Day]) -> Vec<(NaiveDate, Sums)> {
    use chrono::Datelike;
    let mut months: BTreeMap<NaiveDate, Sums> = BTreeMap::new();
    for day in days {
        let first = day.date.with_day(1).unwrap_or(day.date);
        let sums = months.entry(first).or_default();
        day.hours.iter().for_each(|hour| sums.add(&hour.sums));
    }
    months.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_of(zone: &str, date: &str, step_s: i64) -> Day {
        let zone = Zone::parse(zone).expect("zone");
        let span = zone.day(date.parse().expect("date"));
        let step = usize::try_from(step_s).expect("step");
        let first = span.start_s + (-span.start_s).rem_euclid(step_s);
        let sums = Sums { load: 10, unmatched: 10, ..Sums::default() };
        let slots: Vec<Slot> = (first..span.end_s).step_by(step).map(|start_s| Slot { start_s, sums }).collect();
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

    #[test]
    fn a_skipped_midnight_starts_the_day_late() {
        let day = day_of("Africa/Cairo", "2026-04-24", 3_600);
        assert_eq!((day.hours.len(), day.hours.first().map(|h| (h.wall, h.row))), (23, Some((1, 0))));
    }
}
