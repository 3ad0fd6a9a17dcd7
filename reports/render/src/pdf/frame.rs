//! What every part of the document is made from.

use super::error::PdfError;
use super::figures::{self, Mwh};
use crate::html::doubt::Doubt;
use crate::html::hours::portfolio_slots;
use crate::html::{Day, Options, Slot, local_days};
use crate::names::Names;
use crate::page_one::Written;
use reports::report::Report;
use reports::time::{Resolution, Zone, parse_instant};

pub struct Frame<'a> {
    pub report: &'a Report,
    pub options: &'a Options,
    /// The report of the period before, and that period in words.
    pub previous: Option<(&'a Report, String)>,
    pub zone: Zone,
    pub step_s: i64,
    /// The portfolio's intervals in order.
    pub slots: Vec<Slot>,
    /// The same by local day and hour.
    pub days: Vec<Day>,
    /// Hours with estimated, missing or suspect data.
    pub doubt: Doubt,
    pub energy: Mwh,
    /// What figures over the whole period are called.
    pub names: Names,
    /// The period in words.
    pub span: String,
    pub start_s: i64,
    pub end_s: i64,
}

/// Intervals of the portfolio, a boundary or a site, by the clock of its zone.
pub struct Scope<'a> {
    pub zone: Zone,
    pub slots: &'a [Slot],
    pub days: &'a [Day],
    pub doubt: &'a Doubt,
}

impl<'a> Frame<'a> {
    pub fn new(report: &'a Report, options: &'a Options) -> Result<Self, PdfError> {
        let zone = Zone::parse(&report.time_zone)?;
        let resolution = Resolution::parse(&report.resolution)?;
        let slots = portfolio_slots(&report.boundaries)?;
        let days = local_days(zone, resolution.seconds(), &slots);
        let (start_s, end_s) = period_of(report)?;
        let totals = &report.portfolio;
        let previous = match options.previous.as_deref() {
            Some(before) => {
                let (start_s, end_s) = period_of(before)?;
                Some((before, span(Zone::parse(&before.time_zone)?, resolution, start_s, end_s)))
            }
            None => None,
        };
        Ok(Self {
            report,
            options,
            previous,
            zone,
            step_s: resolution.seconds(),
            days,
            slots,
            doubt: Doubt::of_all(report),
            energy: Mwh::for_largest(totals.load_wh.max(totals.contracted_wh)),
            names: Names::new(report),
            span: span(zone, resolution, start_s, end_s),
            start_s,
            end_s,
        })
    }

    pub fn portfolio(&self) -> Scope<'_> {
        Scope { zone: self.zone, slots: &self.slots, days: &self.days, doubt: &self.doubt }
    }
}

impl Written for Frame<'_> {
    fn percent(&self, hundredths: i128) -> String {
        figures::percent_of_hundredths(hundredths)
    }

    fn hundredths(&self, hundredths: i128) -> String {
        figures::two_decimals(hundredths)
    }

    fn used(&self, wh: i128) -> String {
        self.energy.up(wh)
    }

    fn supplied(&self, wh: i128) -> String {
        self.energy.down(wh)
    }

    fn count(&self, count: usize) -> String {
        figures::count(count)
    }
}

fn period_of(report: &Report) -> Result<(i64, i64), PdfError> {
    Ok((parse_instant(&report.period.start)?, parse_instant(&report.period.end)?))
}

/// `1 January 2022 to 31 December 2022` for whole local days, else both instants with their offsets.
fn span(zone: Zone, resolution: Resolution, start_s: i64, end_s: i64) -> String {
    let (first, next) = (zone.date(start_s), zone.date(end_s));
    // A local day owns the intervals that start in it.
    let begins = |date: chrono::NaiveDate| resolution.at_or_after(zone.day_start(date));
    if begins(first) != start_s || begins(next) != end_s {
        return format!("{} to {}", zone.label(start_s), zone.label(end_s));
    }
    let last = next.pred_opt().unwrap_or(next);
    let form = "%-d %B %Y";
    if first == last {
        first.format(form).to_string()
    } else {
        format!("{} to {}", first.format(form), last.format(form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_days_are_named_and_parts_are_told_to_the_minute() {
        let zone = Zone::parse("Europe/Berlin").expect("zone");
        let day = zone.day("2026-03-29".parse().expect("date"));
        let berlin = |start_s: i64, end_s: i64| span(zone, Resolution::HOUR, start_s, end_s);
        assert_eq!(berlin(day.start_s, day.end_s), "29 March 2026");
        assert_eq!(berlin(day.start_s, day.end_s + 86_400), "29 March 2026 to 30 March 2026");
        let part = berlin(day.start_s + 3_600, day.end_s);
        assert_eq!(part, "2026-03-29 01:00 +01:00 to 2026-03-30 00:00 +02:00");
        let kolkata = Zone::parse("Asia/Kolkata").expect("zone");
        let day = kolkata.day("2026-01-02".parse().expect("date"));
        assert_eq!(span(kolkata, Resolution::HOUR, day.start_s + 1_800, day.end_s + 1_800), "2 January 2026");
    }
}
