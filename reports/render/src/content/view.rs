//! What every section is written from: the report, and how its figures and times are written.

use super::doubt::{Doubt, MARK};
use crate::english::{self, Energy};
use crate::figures::NOT_SUPPLIED;
use crate::hours::{Day, Slot, local_days, portfolio_slots};
use crate::names::Names;
use chrono::NaiveDate;
use reports::report::{Report, Totals};
use reports::ruleset::FallbackTier;
use reports::time::{Instant, Resolution, Zone};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub report: &'a Report,
    pub zone: Zone,
    pub energy: Energy,
    /// What figures over the whole period are called.
    pub names: Names,
}

impl<'a> View<'a> {
    pub fn new(report: &'a Report) -> Self {
        Self { report, zone: report.time_zone, energy: Energy::new(report), names: Names::new(report) }
    }

    /// The portfolio along time.
    pub fn portfolio(&self) -> Scope<'a> {
        self.scope(self.zone, "", "portfolio", portfolio_slots(&self.report.boundaries), &self.report.portfolio)
    }

    /// A boundary or a site along time, by the clock of its own zone.
    pub fn scope(&self, zone: Zone, prefix: &str, name: &str, slots: Vec<Slot>, totals: &'a Totals) -> Scope<'a> {
        let days = local_days(zone, self.report.resolution.seconds(), &slots);
        let doubt = if prefix.is_empty() { Doubt::of_all(self.report) } else { Doubt::of_place(self.report, name) };
        let doubted = days.iter().filter(|day| doubt.holds(day)).map(|day| day.date).collect();
        Scope { prefix: prefix.into(), name: name.into(), zone, days, slots, totals, doubt, doubted }
    }
}

/// One balance of load and supply, with its intervals.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// Of the ids inside its charts.
    prefix: String,
    pub name: String,
    /// Whose days and hours these are.
    pub zone: Zone,
    pub days: Vec<Day>,
    pub slots: Vec<Slot>,
    pub totals: &'a Totals,
    /// Hours with estimated, missing or suspect data, and the local days that hold any.
    pub doubt: Doubt,
    pub doubted: BTreeSet<NaiveDate>,
}

impl Scope<'_> {
    pub fn id(&self, chart: &str) -> String {
        format!("{}{chart}", self.prefix)
    }

    /// A name of a day, marked where the day is in doubt.
    pub fn marked_day(&self, date: NaiveDate, name: String) -> String {
        if self.doubted.contains(&date) { name + MARK } else { name }
    }

    /// The same of a month.
    pub fn marked_month(&self, date: NaiveDate, name: String) -> String {
        if self.doubt.holds_month(&self.days, date) { name + MARK } else { name }
    }
}

/// `1 January 2022 to 31 December 2022` for whole local days, else both instants with their offsets.
pub fn span(report: &Report) -> String {
    span_of(report.time_zone, report.resolution, report.period.start, report.period.end)
}

fn span_of(zone: Zone, resolution: Resolution, start: Instant, end: Instant) -> String {
    let (first, next) = (zone.date(start), zone.date(end));
    // A local day owns the intervals that start in it.
    let begins = |date: NaiveDate| resolution.at_or_after(zone.day_start(date));
    if begins(first) != start || begins(next) != end {
        return format!("{} to {}", zone.label(start), zone.label(end));
    }
    let last = next.pred_opt().unwrap_or(next);
    if first == last { english::date(first) } else { format!("{} to {}", english::date(first), english::date(last)) }
}

/// The factors unmatched energy took, in words; a period may have taken several.
pub fn tier_words(tiers: &[FallbackTier]) -> String {
    match tiers {
        [] => NOT_SUPPLIED.to_string(),
        tiers => tiers.iter().map(|tier| tier.words()).collect::<Vec<_>>().join(", "),
    }
}

/// What a factor in use weighs, in words.
pub fn factor_words(what: &str) -> String {
    FallbackTier::parse(what).map_or(what, |tier| tier.words()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_days_are_named_and_parts_are_told_to_the_minute() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let day = zone.day("2026-03-29".parse().expect("date"));
        let berlin = |start: Instant, end: Instant| span_of(zone, Resolution::HOUR, start, end);
        assert_eq!(berlin(day.start, day.end), "29 March 2026");
        assert_eq!(berlin(day.start, day.end + 86_400), "29 March 2026 to 30 March 2026");
        let part = berlin(day.start + 3_600, day.end);
        assert_eq!(part, "2026-03-29 01:00 +01:00 to 2026-03-30 00:00 +02:00");
        let kolkata = Zone::parse("Asia/Kolkata").expect("zone");
        let day = kolkata.day("2026-01-02".parse().expect("date"));
        assert_eq!(span_of(kolkata, Resolution::HOUR, day.start + 1_800, day.end + 1_800), "2 January 2026");
    }
}
