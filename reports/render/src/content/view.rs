//! What every section is written from: the report, and how the page writes it.

use super::doubt::{Doubt, MARK};
use super::english;
use super::format::Energy;
use super::hours::{Day, Slot, local_days};
use crate::names::Names;
use crate::page_one::Written;
use chrono::NaiveDate;
use reports::report::{Report, Totals};
use reports::time::{Resolution, TimeError, Zone, parse_instant};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub report: &'a Report,
    pub zone: Zone,
    pub step_s: i64,
    pub energy: Energy,
    /// What figures over the whole period are called.
    pub names: Names,
}

impl<'a> View<'a> {
    pub fn new(report: &'a Report) -> Result<Self, TimeError> {
        let largest = report.portfolio.load_wh.max(report.portfolio.contracted_wh);
        Ok(Self {
            report,
            zone: Zone::parse(&report.time_zone)?,
            step_s: Resolution::parse(&report.resolution)?.seconds(),
            energy: Energy::for_largest(largest),
            names: Names::new(report),
        })
    }

    /// The portfolio along time.
    pub fn scope(&self, prefix: &str, name: &str, slots: Vec<Slot>, totals: &'a Totals) -> Scope<'a> {
        self.scope_in(self.zone, prefix, name, slots, totals)
    }

    /// A boundary or a site along time, by the clock of its own zone.
    pub fn scope_in(&self, zone: Zone, prefix: &str, name: &str, slots: Vec<Slot>, totals: &'a Totals) -> Scope<'a> {
        let days = local_days(zone, self.step_s, &slots);
        let doubt = if prefix.is_empty() { Doubt::of_all(self.report) } else { Doubt::of_place(self.report, name) };
        let doubted = days.iter().filter(|day| doubt.holds(day)).map(|day| day.date).collect();
        Scope { prefix: prefix.into(), name: name.into(), zone, days, slots, totals, doubt, doubted }
    }

    /// The local time of an instant of the report; one that is no instant as it stands.
    pub fn local(&self, instant: &str) -> String {
        parse_instant(instant).map_or_else(|_| instant.to_string(), |s| self.zone.label(s))
    }
}

impl Written for View<'_> {
    fn percent(&self, hundredths: i128) -> String {
        english::percent_of(hundredths)
    }

    fn hundredths(&self, hundredths: i128) -> String {
        english::units(hundredths, 2)
    }

    fn used(&self, wh: i128) -> String {
        self.energy.up(wh)
    }

    fn supplied(&self, wh: i128) -> String {
        self.energy.down(wh)
    }

    fn count(&self, count: usize) -> String {
        english::count(count)
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

/// `1 January 2022 to 31 December 2022`, local days from the first to the last instant.
pub fn span(report: &Report) -> Result<String, TimeError> {
    let zone = Zone::parse(&report.time_zone)?;
    let first = zone.date(parse_instant(&report.period.start)?);
    let last = zone.date(parse_instant(&report.period.end)? - 1);
    Ok(if first == last {
        english::date(first)
    } else {
        format!("{} to {}", english::date(first), english::date(last))
    })
}

/// The factors unmatched energy took, in words; a period may have taken several.
pub fn tier_words(tiers: &str) -> String {
    let word = |tier: &str| match tier {
        "residual_intensity" => "residual mix".to_string(),
        "residual_computed" => "residual mix computed here".to_string(),
        "fossil_intensity" => "fossil-only factor".to_string(),
        "default_fossil" => "default fossil factor".to_string(),
        "" => super::format::NOT_SUPPLIED.to_string(),
        other => other.to_string(),
    };
    tiers.split(", ").map(word).collect::<Vec<_>>().join(", ")
}

/// A step of the allocation order, in words.
pub fn kind_words(kind: &str) -> &str {
    match kind {
        "sss" => "standard supply",
        "self_generation" => "self-generation",
        "contracts" => "contract",
        "storage" => "storage discharge",
        "unbundled" => "unbundled certificates",
        other => other,
    }
}
