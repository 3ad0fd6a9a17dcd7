//! The waterfall: what lies between 100 % of load on an annual claim and the hourly scores, the same in every format.
//!
//! `100 % - never contracted = annual share, capped; - stored and not re-issued - surplus of other hours = matched
//! share; + the grid's carbon-free share = CFE score`. Each level is an exact sum over boundaries, its share of the load
//! floored; a step is what lies between two levels as shown, so that what is printed adds up.

use super::figures::{WHOLE, matched_hundredths, share_hundredths};
use crate::report::{BoundaryReport, Totals};
use crate::units::floored_six;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Level,
    Loss,
    Gain,
}

/// One column, from one level to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub name: &'static str,
    /// The name on the chart, in lines that fit a column.
    pub lines: &'static [&'static str],
    pub kind: Kind,
    pub from: Height,
    pub to: Height,
}

/// How high a column starts or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Height {
    pub wh: i128,
    /// Of the load, in hundredths of a percent, as shown.
    pub share: i128,
}

impl Step {
    /// What is printed of the step, in hundredths of a percent of the load.
    pub fn share(&self) -> i128 {
        (self.to.share - self.from.share).abs()
    }

    /// Before what is printed; a step of nothing has none.
    pub fn sign(&self) -> &'static str {
        match self.kind {
            Kind::Level => "",
            Kind::Loss | Kind::Gain if self.to.share < self.from.share => "\u{2212}",
            Kind::Loss | Kind::Gain if self.to.share > self.from.share => "+",
            Kind::Loss | Kind::Gain => "",
        }
    }
}

/// The levels, and what between two of them is lost or gained.
struct Levels {
    load: Height,
    annual: Height,
    /// Less what storage took and did not give back.
    kept: Height,
    matched: Height,
    with_grid: Option<Height>,
}

impl Levels {
    fn of(portfolio: &Totals, boundaries: &[BoundaryReport]) -> Self {
        let load = portfolio.load_wh;
        let (mut annual, mut held) = (0, 0);
        for totals in boundaries.iter().map(|boundary| &boundary.totals) {
            let capped = (totals.contracted_wh - totals.reissued_wh).min(totals.load_wh);
            let lost = (capped - totals.matched_wh).max(0);
            annual += capped;
            held += (totals.stored_wh - totals.reissued_wh).clamp(0, lost);
        }
        let height = |wh: i128| Height { wh, share: share_hundredths(wh, load).unwrap_or(0).min(WHOLE) };
        let matched = portfolio.matched_wh;
        let score = floored_six(matched, load).and_then(|score| matched_hundredths(&score, portfolio.unmatched_wh));
        Self {
            load: height(load),
            annual: height(annual),
            kept: height(annual - held),
            matched: Height { wh: matched, share: score.unwrap_or(0).min(WHOLE) },
            with_grid: portfolio.cfe_score.as_ref().map(|_| height(matched + portfolio.grid_cfe_wh)),
        }
    }
}

/// The steps of a portfolio; empty without load.
pub fn steps(portfolio: &Totals, boundaries: &[BoundaryReport]) -> Vec<Step> {
    if portfolio.load_wh <= 0 {
        return Vec::new();
    }
    let Levels { load, annual, kept, matched, with_grid } = Levels::of(portfolio, boundaries);
    let level = |name, lines, to| Step { name, lines, kind: Kind::Level, from: Height::default(), to };
    let loss = |name, lines, from, to| Step { name, lines, kind: Kind::Loss, from, to };
    let mut steps = vec![
        level("All load, as an annual claim of 100 %", &["100 % of load,", "annual claim"], load),
        loss("Not contracted in its boundary, whenever generated", &["never", "contracted"], load, annual),
        level("Annual volumetric share, capped", &["annual share,", "capped"], annual),
    ];
    if kept != annual {
        steps.push(loss("Stored and not re-issued in the period", &["stored, not", "re-issued"], annual, kept));
    }
    steps.push(loss(
        "Contracted, but generated in hours that did not need it",
        &["surplus of", "other hours"],
        kept,
        matched,
    ));
    steps.push(level("Matched share, hourly", &["matched share,", "hourly"], matched));
    if let Some(with_grid) = with_grid {
        steps.push(Step {
            name: "The grid's own carbon-free share of what was left",
            lines: &["grid's own", "carbon-free"],
            kind: Kind::Gain,
            from: matched,
            to: with_grid,
        });
        steps.push(level("CFE score", &["CFE score"], with_grid));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boundary(totals: &Totals) -> BoundaryReport {
        BoundaryReport { id: "A".into(), fallback_tier: String::new(), totals: totals.clone(), intervals: Vec::new() }
    }

    fn of(totals: &Totals) -> Vec<Step> {
        steps(totals, &[boundary(totals)])
    }

    /// What is printed, with its sign.
    fn shown(steps: &[Step]) -> Vec<i128> {
        steps.iter().map(|step| if step.sign() == "\u{2212}" { -step.share() } else { step.share() }).collect()
    }

    fn totals(contracted: i128, stored: i128, reissued: i128, matched: i128, grid: i128) -> Totals {
        Totals {
            load_wh: 1_000_000,
            contracted_wh: contracted,
            stored_wh: stored,
            reissued_wh: reissued,
            matched_wh: matched,
            unmatched_wh: 1_000_000 - matched,
            grid_cfe_wh: grid,
            cfe_score: Some(String::new()),
            ..Totals::default()
        }
    }

    #[test]
    fn what_is_printed_adds_up() {
        let steps = of(&totals(675_999, 0, 0, 550_000, 132_500));
        assert_eq!(shown(&steps), [10_000, -3_241, 6_759, -1_259, 5_500, 1_325, 6_825]);
        let steps = of(&totals(700_099, 40_077, 20_000, 550_099, 0));
        assert_eq!(steps.iter().map(|step| step.name).filter(|name| name.starts_with("Stored")).count(), 1);
        for pair in steps.windows(2) {
            let next = if pair[1].kind == Kind::Level { pair[1].to } else { pair[1].from };
            assert_eq!(pair[0].to, next, "{}", pair[1].name);
        }
        let printed = shown(&steps);
        assert_eq!(printed[0] + printed[1], printed[2]);
        assert_eq!(printed[2] + printed[3] + printed[4], printed[5]);
    }

    #[test]
    fn a_step_of_nothing_has_no_sign() {
        let steps = of(&totals(1_000_000, 0, 0, 1_000_000, 0));
        let nothing: Vec<&str> = steps.iter().filter(|s| s.kind != Kind::Level).map(Step::sign).collect();
        assert_eq!(nothing, ["", "", ""]);
        assert_eq!(shown(&steps), [10_000, 0, 10_000, 0, 10_000, 0, 10_000]);
    }

    #[test]
    fn almost_all_is_not_all_and_no_load_has_no_steps() {
        let steps = of(&totals(1_000_000, 0, 0, 999_999, 0));
        assert_eq!(steps.iter().find(|s| s.name.starts_with("Matched")).map(Step::share), Some(9_999));
        assert!(of(&Totals::default()).is_empty());
    }
}
