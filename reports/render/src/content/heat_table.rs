//! The heat map as a table: local clock hours down, days or months across.

use super::blocks::{Table, figure, text};
use super::view::Scope;
use crate::english;
use crate::hours::{Day, Hour, Sums, by_month_and_hour};
use chrono::{Datelike, NaiveDate};

/// Up to so many days, each has a column.
const DAYS: usize = 14;

/// What is matched by local clock hour and day or month, not yet written as text.
pub struct Grid {
    pub caption: String,
    /// Days or months.
    pub columns: Vec<String>,
    /// An hour and its sums by column; none where the day lacks the hour.
    pub rows: Vec<(String, Vec<Option<Sums>>)>,
}

pub fn heat_table(scope: &Scope<'_>) -> Table {
    let Grid { caption, columns, rows } = grid(scope, DAYS);
    let columns = columns.into_iter().map(|name| figure(name, ""));
    let mut table = Table::new(caption, std::iter::once(text("Local hour")).chain(columns));
    for (name, cells) in rows {
        let share = |sums: &Option<Sums>| sums.map_or_else(String::new, |sums| share(&sums));
        table.push(name, cells.iter().map(share).collect());
    }
    table
}

/// A column for each day of up to `most_days`, else for each month.
pub fn grid(scope: &Scope<'_>, most_days: usize) -> Grid {
    if scope.days.len() <= most_days { by_day(scope) } else { by_month(scope) }
}

/// `02:00–03:00`.
pub fn hour_name(hour: usize) -> String {
    format!("{hour:02}:00\u{2013}{:02}:00", hour + 1)
}

fn share(sums: &Sums) -> String {
    if sums.load <= 0 { "no load".to_string() } else { english::share(sums.matched, sums.load) }
}

fn by_day(scope: &Scope<'_>) -> Grid {
    let name = |day: &Day| scope.marked_day(day.date, day.date.to_string());
    let placed: Vec<Vec<(u32, &Hour)>> = scope.days.iter().map(Day::placed).collect();
    let rows = placed.iter().flatten().map(|(row, _)| row + 1).max().unwrap_or(0).max(24);
    let row = |row: u32| -> (String, Vec<Option<Sums>>) {
        let found: Vec<Option<&Hour>> =
            placed.iter().map(|day| day.iter().find(|(place, _)| *place == row).map(|(_, hour)| *hour)).collect();
        let name = match found.iter().flatten().next() {
            Some(hour) if row >= 24 => format!("{} again", hour_name(hour.wall as usize)),
            _ => hour_name(row as usize),
        };
        (name, found.iter().map(|hour| hour.map(|hour| hour.sums)).collect())
    };
    Grid {
        caption: format!(
            "Matched share by local clock hour and day, {}; blank where the day lacks the hour",
            scope.name
        ),
        columns: scope.days.iter().map(name).collect(),
        rows: (0..rows).map(row).collect(),
    }
}

fn by_month(scope: &Scope<'_>) -> Grid {
    let months = by_month_and_hour(&scope.days);
    let name = |date: NaiveDate| format!("{} {}", english::short_month(date), date.year());
    let row = |hour: usize| -> (String, Vec<Option<Sums>>) {
        let sums = months.iter().map(|(_, hours)| hours.get(hour).map(|(sums, _)| *sums));
        (hour_name(hour), sums.collect())
    };
    Grid {
        caption: format!("Matched share by local clock hour and month, {}", scope.name),
        columns: months.iter().map(|(date, _)| scope.marked_month(*date, name(*date))).collect(),
        rows: (0..24).map(row).collect(),
    }
}
