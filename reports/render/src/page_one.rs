//! What page one says in words, the same in every form: what the headline means, how it stands against the period and
//! the version before and against targets, and what limits trust in it.

mod trust;

pub use trust::{Limit, limits};

use super::english::{self, Energy};
use super::figures::matched_share;
use ids::BoundaryId;
use reports::report::{Figure, Report, Scope, Told, Totals};
use reports::ruleset::Headline;
use reports::time::Resolution;
use reports::units::Floored;

/// The headline of the period before, as far as the trend needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    headline: Headline,
    hundredths: i128,
}

impl Before {
    /// None where that period has no such score.
    pub fn new(report: &Report) -> Option<Self> {
        let headline = report.ruleset.headline;
        score(&report.portfolio, headline).map(|hundredths| Self { headline, hundredths })
    }
}

/// What was aimed at, as the portfolio states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// A boundary, or the portfolio.
    pub boundary: Option<BoundaryId>,
    pub cfe_score: bool,
    /// Hundredths of a percent.
    pub hundredths: i128,
}

impl Target {
    /// What is aimed at, in words.
    pub fn aim(&self) -> &'static str {
        if self.cfe_score { "CFE score" } else { "matched share" }
    }
}

/// The score in hundredths of a percent, floored.
fn score(totals: &Totals, headline: Headline) -> Option<i128> {
    match headline {
        Headline::CfeScore => totals.cfe_score.map(Floored::hundredths),
        Headline::AnnualShareCapped => totals.annual_share_capped.map(Floored::hundredths),
        Headline::MatchedShare => matched_share(totals).map(Floored::hundredths),
    }
}

/// One sentence that says what the headline means here.
pub fn meaning(report: &Report, energy: Energy) -> String {
    let totals = &report.portfolio;
    if totals.load_wh == 0 {
        return "No load is in this period: there is nothing to match.".into();
    }
    let step = if report.resolution == Resolution::HOUR { "hour" } else { "interval" };
    let (load, matched) = (energy.up(totals.load_wh), energy.down(totals.matched_wh));
    let (contracted, left) = (energy.down(totals.contracted_wh), energy.up(totals.unmatched_wh));
    match report.ruleset.headline {
        Headline::CfeScore => format!(
            "Of {load} MWh used, {matched} MWh were met in the same {step} and grid by contracted or own carbon-free \
             energy, and {} MWh of the rest by the carbon-free part of the grid's mix.",
            energy.down(totals.grid_cfe_wh)
        ),
        Headline::AnnualShareCapped => format!(
            "Contracts delivered {contracted} MWh over the whole period, for {load} MWh used; in the same {step} and \
             grid they met {matched} MWh of it, and {left} MWh were left to the grid."
        ),
        Headline::MatchedShare => {
            let although = match totals.contracted_wh {
                wh if wh > totals.matched_wh => {
                    format!(", although {contracted} MWh were contracted over the whole period")
                }
                _ => String::new(),
            };
            format!(
                "Of {load} MWh used, {matched} MWh were met in the same {step} and grid by contracted or own \
                 carbon-free energy; {left} MWh were left to the grid{although}."
            )
        }
    }
}

/// Where the headline stands: against the period before, the version before, and each target.
pub fn standing(report: &Report, before: Option<&Before>, targets: &[Target], energy: Energy) -> Vec<String> {
    let headline = report.ruleset.headline;
    let now = score(&report.portfolio, headline);
    let mut lines = Vec::new();
    if let (Some(now), Some(before)) = (now, before.filter(|before| before.headline == headline)) {
        lines.push(against("the period before", now, before.hundredths));
    }
    if let (Some(now), Some(restated)) = (now, &report.restatement) {
        let version = format!("version {}", report.version.saturating_sub(1));
        let figure = match headline {
            Headline::MatchedShare => Figure::MatchedShare,
            Headline::CfeScore => Figure::CfeScore,
            Headline::AnnualShareCapped => Figure::AnnualShareCapped,
        };
        let row = restated.totals.iter().find(|row| row.scope == Scope::Portfolio && row.figure == figure);
        let then = match row.map(|row| &row.before) {
            None => Some(now),
            Some(Told::Share(then)) => Some(then.hundredths()),
            Some(_) => None,
        };
        lines.extend(then.map(|then| against(&version, now, then)));
    }
    lines.extend(targets.iter().filter_map(|target| distance(report, target, energy)));
    lines
}

fn against(what: &str, now: i128, then: i128) -> String {
    match now - then {
        0 => format!("Against {what}: unchanged."),
        change => format!("Against {what}: {}, from {}.", english::points_changed(change), english::percent_of(then)),
    }
}

/// How far a target is; none where nothing is known of its score.
fn distance(report: &Report, target: &Target, energy: Energy) -> Option<String> {
    let (totals, of) = match &target.boundary {
        None => (&report.portfolio, "the portfolio"),
        Some(id) => report.boundaries.iter().find(|b| b.id == *id).map(|b| (&b.totals, b.id.as_str()))?,
    };
    let metric = if target.cfe_score { Headline::CfeScore } else { Headline::MatchedShare };
    let short = target.hundredths - score(totals, metric)?;
    let head = format!("Target: {} {} of {of}, ", english::percent_of(target.hundredths), target.aim());
    if short <= 0 {
        return Some(head + "met.");
    }
    let counted = totals.matched_wh + if target.cfe_score { totals.grid_cfe_wh } else { 0 };
    // Up: what lacks is never shown smaller than it is.
    let needed = totals.load_wh.checked_mul(target.hundredths)?.checked_add(9_999)? / 10_000;
    let lacks = energy.up((needed - counted).max(0));
    Some(format!("{head}short by {} or {lacks} MWh.", english::points(short)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::sample_report;

    #[test]
    fn the_headline_is_said_in_one_sentence() {
        let mut report = sample_report();
        let say = |report: &Report| meaning(report, Energy::new(report));
        let sentence = say(&report);
        for part in
            ["Of 0.000600 MWh used, 0.000366 MWh were met in the same hour", "0.000234 MWh were left", "0.000436"]
        {
            assert!(sentence.contains(part), "{sentence}");
        }
        report.ruleset.headline = Headline::CfeScore;
        assert!(say(&report).contains("0.000080 MWh of the rest"));
        report.portfolio = Totals::default();
        assert!(say(&report).starts_with("No load"));
    }

    #[test]
    fn distances_and_changes_are_said() {
        let mut report = sample_report();
        let mut before = report.clone();
        before.portfolio.matched_share = Floored::new(1, 2);
        let targets = [
            Target { boundary: None, cfe_score: false, hundredths: 9_000 },
            Target { boundary: Some("FR".into()), cfe_score: true, hundredths: 8_650 },
            Target { boundary: Some("nowhere".into()), cfe_score: false, hundredths: 1 },
        ];
        let say = |report: &Report| standing(report, Before::new(&before).as_ref(), &targets, Energy::new(report));
        let lines = say(&report);
        // 540 of 600 Wh are aimed at, 366 are matched.
        assert_eq!(
            lines,
            [
                "Against the period before: +11.00 points, from 50.00 %.",
                "Against version 1: +1.00 points, from 60.00 %.",
                "Target: 90.00 % matched share of the portfolio, short by 29.00 points or 0.000174 MWh.",
                "Target: 86.50 % CFE score of FR, met.",
            ]
        );
        report.restatement.as_mut().expect("restated").totals.clear();
        assert_eq!(say(&report)[1], "Against version 1: unchanged.");
    }
}
