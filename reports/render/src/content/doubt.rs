//! Hours in which data behind the figures were estimated, missing or suspect, as the exceptions tell.

use crate::hours::Day;
use chrono::{Datelike, NaiveDate};
use reports::exceptions;
use reports::report::Report;
use reports::suspects::Check;
use reports::time::Instant;
use std::collections::BTreeSet;

/// Set behind the name of an hour, a day or a month that is in doubt.
pub const MARK: &str = "*";
const WHAT: &str = "estimated, missing or suspect data";

/// What the mark means, below whatever has one.
pub fn note() -> String {
    format!("{MARK} {WHAT}: the exceptions say which, and what stands for them.")
}

/// Exceptions that stand for data: the others tell of rules, claims and bills.
const CODES: [&str; 10] = [
    exceptions::ESTIMATED_LOAD,
    exceptions::MISSING_GENERATION,
    exceptions::MISSING_STORAGE,
    exceptions::MISSING_CFE_SHARE,
    exceptions::MISSING_INTENSITY,
    exceptions::MISSING_VOLUME,
    exceptions::MISSING_PRICE,
    exceptions::PARTIAL_GENERATION,
    exceptions::SPREAD_GENERATION,
    exceptions::SPREAD_LOAD,
];

/// Spans in order and apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doubt(Vec<(Instant, Instant)>);

impl Doubt {
    /// Of the portfolio.
    pub fn of_all(report: &Report) -> Self {
        Self::over(report, |_| true)
    }

    /// Of a boundary with its sites and contracts, or of a site.
    pub fn of_place(report: &Report, id: &str) -> Self {
        let sites = report.sites.iter().filter(|site| site.boundaries.iter().any(|boundary| boundary == id));
        let contracts = report.contracts.iter().filter(|contract| contract.boundary == id);
        let names: BTreeSet<&str> =
            sites.map(|site| &*site.id).chain(contracts.map(|contract| &*contract.id)).chain([id]).collect();
        Self::over(report, |series| series.split('/').any(|part| names.contains(part)))
    }

    fn over(report: &Report, counts: impl Fn(&str) -> bool) -> Self {
        let is_doubt = |code: &str| CODES.contains(&code) || Check::parse(code).is_some();
        let rows = report.exceptions.iter().filter(|row| is_doubt(&row.code) && counts(&row.series));
        let mut spans: Vec<(Instant, Instant)> = rows.map(|row| (row.start, row.end)).collect();
        spans.sort_unstable();
        let mut apart: Vec<(Instant, Instant)> = Vec::new();
        for (start, end) in spans {
            match apart.last_mut() {
                Some((_, last)) if start <= *last => *last = end.max(*last),
                _ => apart.push((start, end)),
            }
        }
        Self(apart)
    }

    /// Whether anything of a day is in doubt.
    pub fn holds(&self, day: &Day) -> bool {
        self.touches(day.start, day.start + day.length_s)
    }

    /// Whether anything of these days in the month of a date is in doubt.
    pub fn holds_month(&self, days: &[Day], date: NaiveDate) -> bool {
        let month = |date: NaiveDate| (date.year(), date.month());
        days.iter().any(|day| month(day.date) == month(date) && self.holds(day))
    }

    /// Whether anything between two instants is in doubt.
    pub fn touches(&self, start: Instant, end: Instant) -> bool {
        let next = self.0.partition_point(|(_, end)| *end <= start);
        self.0.get(next).is_some_and(|(start, _)| *start < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::{START, sample_report};
    use reports::report::ExceptionRow;

    #[test]
    fn spans_are_joined_and_only_data_counts() {
        let mut report = sample_report();
        assert_eq!(Doubt::of_all(&report), Doubt::default(), "a profile is what was agreed");
        let row = |series: &str, from: i64, to: i64| ExceptionRow {
            code: "estimated_load".into(),
            series: series.into(),
            start: START + 3_600 * from,
            end: START + 3_600 * to,
            wh: 1,
            message: String::new(),
        };
        report.exceptions.extend([
            row("site/hall-1/load", 2, 3),
            row("site/hall-1/load", 0, 2),
            row("site/x/load", 5, 6),
        ]);
        let (all, hall) = (Doubt::of_all(&report), Doubt::of_place(&report, "hall-1"));
        assert_eq!(all.0.len(), 2);
        let touches =
            |doubt: &Doubt| [-1, 0, 2, 3, 5].map(|h| doubt.touches(START + 3_600 * h, START + 3_600 * (h + 1)));
        assert_eq!(touches(&all), [false, true, true, false, true]);
        assert_eq!(touches(&hall), [false, true, true, false, false]);
        assert_eq!(Doubt::of_place(&report, "DE<b>"), hall, "a boundary's sites are its own");
        let suspect = ExceptionRow { code: Check::Spike.name().into(), ..row("site/hall-1/load", 7, 8) };
        report.exceptions.push(suspect);
        assert!(touches(&Doubt::of_place(&report, "hall-1"))[..4] == touches(&hall)[..4]);
        assert!(Doubt::of_place(&report, "hall-1").touches(START + 3_600 * 7, START + 3_600 * 8));
    }
}
