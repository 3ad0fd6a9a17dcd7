//! How figures are called, the same in every form: a year is what a calendar year is, and the guidance of 2015 is named
//! where the certificates it asks for are cancelled.

use super::english::{self, Energy};
use super::figures::NOT_KNOWN;
use reports::matching::backing::is_contract;
use reports::report::disclosed::CFE_MAY_COUNT_TWICE;
use reports::report::{Backed, Figure, Report, Totals};
use reports::units::Floored;

/// Whether a report's period is one calendar year of its time zone: of that, and of nothing else, figures are annual.
pub fn is_year(report: &Report) -> bool {
    let Report { time_zone: zone, resolution, period, .. } = report;
    let whole = zone.year(zone.month(period.start).0);
    // A year owns the intervals that start in it.
    [whole.start, whole.end].map(|at| resolution.at_or_after(at)) == [period.start, period.end]
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
            let contracts = report.contracts.iter().filter(|c| is_contract(c.kind));
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

/// The title of a figure as every format prints it.
pub fn titled(figure: Figure, names: Names) -> &'static str {
    match figure {
        Figure::AnnualShare => names.volumetric(),
        Figure::AnnualShareCapped => names.volumetric_capped(),
        Figure::MarketBasedAnnualG => names.market_based_g(),
        other => other.title(),
    }
}

/// Said where the register holds no certificate of the period.
pub const NO_CERTIFICATES: &str = "no certificates known";

/// How much of a figure is backed, ready to be written by each form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A share of load.
    Share(Floored),
    Wh(i128),
    /// Of so many Wh claimed.
    Part(i128, i128),
    Unknown,
}

/// A figure, and what of it certificates back; none where the ruleset does not tell.
pub fn backed(totals: &Totals, figure: Figure) -> Option<Of> {
    let figures: &Backed = totals.backed.as_ref()?;
    let share = |share: Option<Floored>| share.map_or(Of::Unknown, Of::Share);
    let part = |wh: Option<i128>, claimed: i128| wh.map_or(Of::Unknown, |wh| Of::Part(wh, claimed));
    Some(match figure {
        Figure::MatchedShare => share(figures.matched_share),
        // The grid's part of it is nobody's; a score that is not told has no part either.
        Figure::CfeScore => totals.cfe_score.map(|_| share(figures.matched_share))?,
        Figure::AnnualShare => share(figures.annual_share),
        Figure::AnnualShareCapped => share(figures.annual_share_capped),
        Figure::MatchedWh => figures.matched_wh.map_or(Of::Unknown, Of::Wh),
        Figure::MarketBasedAnnualG => part(figures.market_based_annual_wh, figures.market_based_annual_claimed_wh?),
        Figure::MarketBasedHourlyG => part(figures.market_based_hourly_wh, figures.market_based_hourly_claimed_wh),
        _ => return None,
    })
}

impl Of {
    /// In words: `of it backed: 40.00 %`.
    pub fn sentence(self, energy: Energy) -> String {
        match self {
            Self::Share(_) => format!("of it backed by cancelled certificates: {}", self.figure(energy)),
            Self::Wh(_) => format!("of it backed by cancelled certificates: {} MWh", self.figure(energy)),
            Self::Part(_, 0) => "nothing is counted under contracts".to_string(),
            Self::Part(wh, claimed) => format!(
                "of {} MWh counted under contracts, backed by cancelled certificates: {} MWh",
                energy.down(claimed),
                energy.down(wh)
            ),
            Self::Unknown => format!("of it backed by cancelled certificates: none ({NO_CERTIFICATES})"),
        }
    }

    /// The figure alone, for a column of its own.
    pub fn figure(self, energy: Energy) -> String {
        match self {
            Self::Share(part) => english::percent(part),
            Self::Wh(wh) | Self::Part(wh, _) => energy.down(wh),
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
        report.portfolio.cfe_score = Some(Floored::from_millionths(500_000));
        assert_eq!(limitations(&report), report.disclosure.limitations);
        report.portfolio.cfe_score = None;
        report.boundaries.iter_mut().for_each(|boundary| boundary.totals.cfe_score = None);
        assert_eq!(limitations(&report), ["Another."]);
    }
}
