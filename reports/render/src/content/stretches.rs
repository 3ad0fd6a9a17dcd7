//! Stretches of time that balances are made of: local days of a short period, months of a long one.

use super::doubt;
use super::view::Scope;
use crate::english;
use crate::hours::{Sums, by_month, of_day};
use chrono::NaiveDate;

/// Up to so many days, days stand for months.
pub const DAILY: usize = 45;

pub struct Stretches<'a> {
    /// What they are of.
    pub scope: &'a Scope<'a>,
    pub daily: bool,
    /// By the first day of each.
    pub sums: Vec<(NaiveDate, Sums)>,
}

impl<'a> Stretches<'a> {
    pub fn new(scope: &'a Scope<'a>) -> Self {
        let daily = scope.days.len() <= DAILY;
        let sums =
            if daily { scope.days.iter().map(|day| (day.date, of_day(day))).collect() } else { by_month(&scope.days) };
        Self { scope, daily, sums }
    }

    pub fn word(&self) -> &'static str {
        if self.daily { "day" } else { "month" }
    }

    /// The same at the head of a column.
    pub fn head(&self) -> &'static str {
        if self.daily { "Day" } else { "Month" }
    }

    pub fn label(&self, date: NaiveDate) -> String {
        let name = if self.daily { date.to_string() } else { english::month_year(date) };
        self.marked(date, name)
    }

    fn marked(&self, date: NaiveDate, name: String) -> String {
        if self.daily { self.scope.marked_day(date, name) } else { self.scope.marked_month(date, name) }
    }

    /// A label short enough for an axis.
    pub fn short_label(&self, date: NaiveDate) -> String {
        let name = match self.sums.len() {
            _ if self.daily => english::day_month(date),
            ..=12 => english::short_month(date),
            _ => format!("{} {}", english::short_month(date), date.format("%y")),
        };
        self.marked(date, name)
    }
}

/// What the mark means, where there is anything to mark.
pub fn mark_note(scope: &Scope<'_>) -> Option<String> {
    (!scope.doubted.is_empty()).then(doubt::note)
}
