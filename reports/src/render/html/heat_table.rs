//! The heat map as a table: local clock hours down, days or months across.

use super::english;
use super::hours::{Day, Hour, Sums, by_month_and_hour};
use super::table::{Table, figure, text};
use super::view::Scope;
use chrono::{Datelike, NaiveDate};

/// Up to so many days, each has a column.
const DAYS: usize = 14;

pub fn heat_table(scope: &Scope<'_>) -> Table {
    if scope.days.len() <= DAYS { by_day(scope) } else { by_month(scope) }
}

/// `02:00–03:00`.
pub fn hour_name(hour: usize) -> String {
    format!("{hour:02}:00\u{2013}{:02}:00", hour + 1)
}

fn share(sums: &Sums) -> String {
    if sums.load <= 0 { "no load".to_string() } else { english::share(sums.matched, sums.load) }
}

fn by_day(scope: &Scope<'_>) -> Table {
    let name = |day: &Day| scope.marked_day(day.date, english::numeric_date(day.date));
    let days = scope.days.iter().map(|day| figure(name(day), ""));
    let caption =
        format!("Matched share by local clock hour and day, {}; blank where the day lacks the hour", scope.name);
    let mut table = Table::new(caption, std::iter::once(text("Local hour")).chain(days));
    let placed: Vec<Vec<(u32, &Hour)>> = scope.days.iter().map(Day::placed).collect();
    let rows = placed.iter().flatten().map(|(row, _)| row + 1).max().unwrap_or(0).max(24);
    for row in 0..rows {
        let found: Vec<Option<&Hour>> =
            placed.iter().map(|day| day.iter().find(|(place, _)| *place == row).map(|(_, hour)| *hour)).collect();
        let name = match found.iter().flatten().next() {
            Some(hour) if row >= 24 => format!("{} again", hour_name(hour.wall as usize)),
            _ => hour_name(row as usize),
        };
        let cells = found.iter().map(|hour| hour.map_or_else(String::new, |hour| share(&hour.sums)));
        table.push(name, cells.collect());
    }
    table
}

fn by_month(scope: &Scope<'_>) -> Table {
    let months = by_month_and_hour(&scope.days);
    let name = |date: NaiveDate| format!("{} {}", english::short_month(date), date.year());
    let names = months.iter().map(|(date, _)| figure(scope.marked_month(*date, name(*date)), ""));
    let caption = format!("Matched share by local clock hour and month, {}", scope.name);
    let mut table = Table::new(caption, std::iter::once(text("Local hour")).chain(names));
    for hour in 0..24 {
        let cell = |sums: Option<&(Sums, i64)>| sums.map_or_else(String::new, |(sums, _)| share(sums));
        table.push(hour_name(hour), months.iter().map(|(_, hours)| cell(hours.get(hour))).collect());
    }
    table
}
