//! How figures are called, the same in every form: a year is what a calendar year is, and the guidance of 2015 is named
//! where the certificates it asks for are cancelled.

use super::figures::NOT_KNOWN;
use reports::report::disclosed::CFE_MAY_COUNT_TWICE;
use reports::report::{Backed, Report, Totals};
use reports::time::{Instant, Resolution, Zone};

/// Whether a report's period is one calendar year of its time zone: of that, and of nothing else, figures are annual.
pub fn is_year(report: &Report) -> bool {
    let span = |report: &Report| {
        let zone = Zone::parse(&report.time_zone).ok()?;
        let resolution = Resolution::parse(&report.resolution).ok()?;
        let (start, end) = (Instant::parse(&report.period.start).ok()?, Instant::parse(&report.period.end).ok()?);
        // A year owns the intervals that start in it.
        let (year, _) = zone.month(start);
        let whole = zone.year(year);
        Some(resolution.at_or_after(whole.start) == start && resolution.at_or_after(whole.end) == end)
    };
    span(report).unwrap_or(false)
}

/// What of the claims in a market-based inventory certificates back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certified {
    /// Everything counted under contracts, or nothing is.
    All,
    Partly,
    None,
}

/// Names of the figures that depend on the period and on certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    pub year: bool,
    pub certified: Certified,
}

impl Names {
    pub fn new(report: &Report) -> Self {
        Self { year: is_year(report), certified: certified(report) }
    }

    /// All contracted energy over all load.
    pub fn volumetric(self) -> &'static str {
        if self.year { "Annual volumetric share" } else { "Volumetric share over the period" }
    }

    pub fn volumetric_capped(self) -> &'static str {
        if self.year { "Annual volumetric share, capped" } else { "Volumetric share over the period, capped" }
    }

    /// The market-based inventory over the whole period.
    pub fn market_based(self) -> &'static str {
        let in_grams = self.market_based_g();
        in_grams.strip_suffix(", g").unwrap_or(in_grams)
    }

    /// The same in grams.
    fn market_based_g(self) -> &'static str {
        match (self.year, self.certified) {
            (true, Certified::All) => "Market-based, annual (2015 guidance), g",
            (true, Certified::Partly) => "Market-based, annual (certified in part), g",
            (true, Certified::None) => "Market-based, annual (not certified), g",
            (false, Certified::All) => "Market-based, over the period (2015 guidance), g",
            (false, Certified::Partly) => "Market-based, over the period (certified in part), g",
            (false, Certified::None) => "Market-based, over the period (not certified), g",
        }
    }

    /// Which rules the inventory over the period follows, after "over the whole period".
    pub fn guidance(self) -> &'static str {
        match self.certified {
            Certified::All => "it follows the GHG Protocol Scope 2 guidance of 2015, which is in force",
            Certified::Partly | Certified::None => {
                "it is not by the GHG Protocol Scope 2 guidance of 2015, which is in force and counts a contract only \
                 where its certificates are cancelled"
            }
        }
    }

    /// What it means in a sentence.
    pub fn market_based_meaning(self) -> &'static str {
        match self.certified {
            Certified::All => "Contracts applied to the period's volume; the rest takes the fallback factor.",
            Certified::Partly | Certified::None => {
                "Contracts applied to the period's volume; the rest takes the fallback factor. The Scope 2 Guidance of \
                 2015 counts a contract only where its certificates are cancelled."
            }
        }
    }
}

/// Of the portfolio's inventory over the period; a report whose ruleset does not tell goes by what its claims rest on.
fn certified(report: &Report) -> Certified {
    let (claimed, backed) = match &report.portfolio.backed {
        Some(figures) => {
            (figures.market_based_annual_claimed_wh.unwrap_or(0), figures.market_based_annual_wh.unwrap_or(0))
        }
        None => {
            let contracts =
                report.contracts.iter().filter(|c| matches!(&*c.kind, "contracts" | "legacy" | "unbundled"));
            contracts.fold((0, 0), |(claimed, backed), c| {
                let used = c.allocated_wh.max(c.inventory_allocated_wh);
                (claimed + used, backed + c.claim.cancelled_wh.min(used))
            })
        }
    };
    match (claimed, backed) {
        (claimed, backed) if backed >= claimed => Certified::All,
        (_, 0) => Certified::None,
        _ => Certified::Partly,
    }
}

/// What limits the figures; of a CFE score only where one is told.
pub fn limitations(report: &Report) -> Vec<String> {
    let told = report.portfolio.cfe_score.is_some() || report.boundaries.iter().any(|b| b.totals.cfe_score.is_some());
    let all = report.disclosure.limitations.iter();
    all.filter(|text| told || *text != CFE_MAY_COUNT_TWICE).cloned().collect()
}

/// What a figure of a restatement counts, by its name in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Whole Wh or grams.
    Integer,
    Share,
    Text,
}

/// The name of a figure in the document as every format prints it, and what it counts.
pub fn named(figure: &str, names: Names) -> (&str, Unit) {
    match figure {
        "load_wh" => ("Load, Wh", Unit::Integer),
        "contracted_wh" => ("Contracted, Wh", Unit::Integer),
        "matched_wh" => ("Matched, Wh", Unit::Integer),
        "stored_wh" => ("Stored, Wh", Unit::Integer),
        "surplus_wh" => ("Surplus, Wh", Unit::Integer),
        "unmatched_wh" => ("Unmatched, Wh", Unit::Integer),
        "grid_cfe_wh" => ("Grid's carbon-free share, Wh", Unit::Integer),
        "matched_share" => ("Matched share, hourly", Unit::Share),
        "cfe_score" => ("CFE score", Unit::Share),
        "annual_share" => (names.volumetric(), Unit::Share),
        "annual_share_capped" => (names.volumetric_capped(), Unit::Share),
        "location_based_g" => ("Location-based, g", Unit::Integer),
        "market_based_annual_g" => (names.market_based_g(), Unit::Integer),
        "market_based_hourly_g" => ("Market-based, hourly (draft), g", Unit::Integer),
        "upstream_g" => ("Upstream, Scope 3, g", Unit::Integer),
        "purchased_wh" => ("Purchased, Wh", Unit::Integer),
        "scope_1_wh" => ("Own generation, Scope 1, Wh", Unit::Integer),
        "scope_1_share" => ("Own generation, Scope 1, of load", Unit::Share),
        "scope_1_g" => ("Own generation, Scope 1, g", Unit::Integer),
        "claim" => ("Claim rests on certificates", Unit::Text),
        "claim_cancelled_wh" => ("Certificates cancelled, Wh", Unit::Integer),
        "claim_held_wh" => ("Certificates held, Wh", Unit::Integer),
        "claim_expired_wh" => ("Certificates expired, Wh", Unit::Integer),
        "claim_withdrawn_wh" => ("Certificates withdrawn, Wh", Unit::Integer),
        "claim_backed_wh" => ("Used and backed by certificates, Wh", Unit::Integer),
        "backed_wh" | "backed_matched_wh" => ("Matched and backed by certificates, Wh", Unit::Integer),
        "backed_matched_share" => ("Matched share backed by certificates", Unit::Share),
        "market_based_annual_backed_wh" => ("Market-based, over the period: backed, Wh", Unit::Integer),
        "market_based_hourly_backed_wh" => ("Market-based, hourly (draft): backed, Wh", Unit::Integer),
        other => (other, Unit::Text),
    }
}

/// Said where the register holds no certificate of the period.
pub const NO_CERTIFICATES: &str = "no certificates known";

/// How much of a figure is backed, ready to be written by each form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of<'a> {
    /// A share of load, six decimals.
    Share(&'a str),
    Wh(i128),
    /// Of so many Wh claimed.
    Part(i128, i128),
    Unknown,
}

/// A figure, and what of it certificates back; none where the ruleset does not tell.
pub fn backed<'a>(totals: &'a Totals, field: &str) -> Option<Of<'a>> {
    let figures: &Backed = totals.backed.as_ref()?;
    let share = |share: &'a Option<String>| share.as_deref().map_or(Of::Unknown, Of::Share);
    let part = |wh: Option<i128>, claimed: i128| wh.map_or(Of::Unknown, |wh| Of::Part(wh, claimed));
    Some(match field {
        "matched_share" => share(&figures.matched_share),
        // The grid's part of it is nobody's; a score that is not told has no part either.
        "cfe_score" => totals.cfe_score.as_ref().map(|_| share(&figures.matched_share))?,
        "annual_share" => share(&figures.annual_share),
        "annual_share_capped" => share(&figures.annual_share_capped),
        "matched_wh" => figures.matched_wh.map_or(Of::Unknown, Of::Wh),
        "market_based_annual_g" => part(figures.market_based_annual_wh, figures.market_based_annual_claimed_wh?),
        "market_based_hourly_g" => part(figures.market_based_hourly_wh, figures.market_based_hourly_claimed_wh),
        _ => return None,
    })
}

impl Of<'_> {
    /// In words: `of it backed: 40.00 %`.
    pub fn sentence(self, share: impl Fn(&str) -> String, energy: impl Fn(i128) -> String) -> String {
        match self {
            Self::Share(part) => format!("of it backed by cancelled certificates: {}", share(part)),
            Self::Wh(wh) => format!("of it backed by cancelled certificates: {} MWh", energy(wh)),
            Self::Part(_, 0) => "nothing is counted under contracts".to_string(),
            Self::Part(wh, claimed) => format!(
                "of {} MWh counted under contracts, backed by cancelled certificates: {} MWh",
                energy(claimed),
                energy(wh)
            ),
            Self::Unknown => format!("of it backed by cancelled certificates: none ({NO_CERTIFICATES})"),
        }
    }

    /// The figure alone, for a column of its own.
    pub fn figure(self, share: impl Fn(&str) -> String, energy: impl Fn(i128) -> String) -> String {
        match self {
            Self::Share(part) => share(part),
            Self::Wh(wh) | Self::Part(wh, _) => energy(wh),
            Self::Unknown => NOT_KNOWN.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::sample_report;

    #[test]
    fn what_limits_a_cfe_score_is_said_only_where_there_is_one() {
        let mut report = sample_report();
        report.disclosure.limitations = vec![CFE_MAY_COUNT_TWICE.into(), "Another.".into()];
        report.portfolio.cfe_score = Some("0.500000".into());
        assert_eq!(limitations(&report), report.disclosure.limitations);
        report.portfolio.cfe_score = None;
        report.boundaries.iter_mut().for_each(|boundary| boundary.totals.cfe_score = None);
        assert_eq!(limitations(&report), ["Another."]);
    }
}
