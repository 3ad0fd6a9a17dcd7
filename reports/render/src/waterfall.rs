//! The waterfall: from what was contracted to what was matched hour by hour, and why the rest of the load was not, the
//! same in every format.
//!
//! ```text
//! contracted - stored, not re-issued - beyond what load lacked - at other hours - elsewhere = matched
//! load - own generation - never contracted - at other hours - elsewhere = matched
//! matched + the grid's carbon-free share = CFE score
//! ```
//!
//! `contracted` is what instruments delivered, re-issued discharge left out. The parts of the unmatched load are those of
//! [`gap`]. Each level is an exact sum, its share of the load floored; a step is what lies between two levels as shown,
//! so that what is printed adds up.

use super::figures::{WHOLE, of_matched, share_hundredths};
use super::hours::{Sums, portfolio_slots};
use reports::matching::gap::{self, Hour};
use reports::report::{Report, Unmatched};
use reports::units::Floored;

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

/// Why load went unmatched: as the report tells it, else by its own hours.
fn unmatched(report: &Report) -> Unmatched {
    if let Some(unmatched) = report.unmatched {
        return unmatched;
    }
    gap::split(portfolio_slots(&report.boundaries).into_iter().map(|slot| {
        let Sums { unmatched, surplus, .. } = slot.sums;
        Hour { unmatched, surplus, own: 0 }
    }))
}

/// The steps of a portfolio; empty without load.
pub fn steps(report: &Report) -> Vec<Step> {
    let portfolio = &report.portfolio;
    let (load_wh, matched_wh) = (portfolio.load_wh, portfolio.matched_wh);
    if load_wh <= 0 {
        return Vec::new();
    }
    let gap = unmatched(report);
    let contracted_wh = portfolio.contracted_wh - portfolio.reissued_wh;
    let height = |wh: i128| Height { wh, share: share_hundredths(wh, load_wh).unwrap_or(0) };
    let (load, contracted) = (height(load_wh), height(contracted_wh));
    // Less what storage took and did not give back.
    let kept = height(contracted_wh - (portfolio.stored_wh - portfolio.reissued_wh));
    // Of the load, what own generation that is not carbon-free left to contracts.
    let purchased = height(load_wh - gap.own_generation_wh);
    // What of the load was contracted at all, and what of that in its hour or elsewhere in that hour.
    let met = height(matched_wh + gap.elsewhere_wh + gap.other_hours_wh);
    let in_hour = height(matched_wh + gap.elsewhere_wh);
    let score = Floored::new(matched_wh, load_wh).map(|score| of_matched(score, portfolio.unmatched_wh).hundredths());
    let matched = Height { wh: matched_wh, share: score.unwrap_or(0).min(WHOLE) };
    let level = |name, lines, to| Step { name, lines, kind: Kind::Level, from: Height::default(), to };
    let loss = |name, lines, from, to| Step { name, lines, kind: Kind::Loss, from, to };
    let mut steps = vec![level("Contracted, whenever generated", &["contracted,", "whenever"], contracted)];
    if kept != contracted {
        steps.push(loss("Stored and not re-issued in the period", &["stored, not", "re-issued"], contracted, kept));
    }
    if kept.wh > met.wh {
        steps.push(loss("Contracted beyond all that load lacked", &["beyond what", "load lacked"], kept, met));
    }
    if purchased != load {
        let name = "Load served by own generation that is not carbon-free";
        steps.push(loss(name, &["own fossil", "generation"], load, purchased));
    }
    steps.extend([
        loss("Load never contracted", &["never", "contracted"], purchased, met),
        loss("Contracted at other hours", &["at other", "hours"], met, in_hour),
        loss(
            "Contracted elsewhere: surplus of the same hour in another boundary, or for other sites",
            &["elsewhere in", "that hour"],
            in_hour,
            matched,
        ),
        level("Matched share, hourly", &["matched share,", "hourly"], matched),
    ]);
    if portfolio.cfe_score.is_some() {
        let with_grid = height(matched_wh + portfolio.grid_cfe_wh);
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

/// What the chart reaches to, in hundredths of a percent: all load, or more where more was contracted.
pub fn scale(steps: &[Step]) -> i128 {
    const FIFTH: i128 = WHOLE / 5;
    let highest = steps.iter().map(|step| step.from.share.max(step.to.share)).max().unwrap_or(0);
    highest.max(WHOLE).div_euclid(FIFTH) * FIFTH + if highest > WHOLE && highest % FIFTH != 0 { FIFTH } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::sample_report;
    use reports::report::Totals;

    /// One boundary's million Wh of load; own, elsewhere and at other hours as stated.
    fn steps_of(totals: &Totals, [own, elsewhere, other]: [i128; 3]) -> Vec<Step> {
        let unmatched = Unmatched {
            own_generation_wh: own,
            elsewhere_wh: elsewhere,
            other_hours_wh: other,
            never_contracted_wh: totals.unmatched_wh - own - elsewhere - other,
        };
        steps(&Report { portfolio: totals.clone(), unmatched: Some(unmatched), ..sample_report() })
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
            surplus_wh: contracted - stored - matched,
            unmatched_wh: 1_000_000 - matched,
            grid_cfe_wh: grid,
            cfe_score: Some(Floored::default()),
            ..Totals::default()
        }
    }

    #[test]
    fn what_is_printed_adds_up() {
        // 675 999 contracted, 550 000 matched: 125 999 are surplus, 25 999 of them elsewhere in the hour.
        let all = steps_of(&totals(675_999, 0, 0, 550_000, 132_500), [0, 25_999, 100_000]);
        assert_eq!(shown(&all), [6_759, -3_241, -1_000, -259, 5_500, 1_325, 6_825]);
        let printed = shown(&all);
        assert_eq!(printed[0] + printed[2] + printed[3], printed[4], "from what was contracted");
        assert_eq!(WHOLE + printed[1] + printed[2] + printed[3], printed[4], "from the load");
        assert_eq!(printed[4] + printed[5], printed[6]);
    }

    #[test]
    fn storage_surplus_beyond_load_and_own_generation_have_their_steps() {
        // 1 300 099 contracted of which 20 000 came back from storage, 40 077 went in; 550 099 matched, 709 923 surplus.
        let all = steps_of(&totals(1_300_099, 40_077, 20_000, 550_099, 0), [50_000, 0, 399_901]);
        assert_eq!(shown(&all), [12_800, -200, -3_100, -500, 0, -4_000, 0, 5_500, 0, 5_500]);
        let printed = shown(&all);
        assert_eq!(printed[0] + printed[1] + printed[2] + printed[5] + printed[6], printed[7]);
        assert_eq!(WHOLE + printed[3] + printed[4] + printed[5] + printed[6], printed[7]);
        assert_eq!(scale(&all), 14_000);
        assert_eq!((scale(&[]), scale(&all[7..])), (WHOLE, WHOLE));
    }

    #[test]
    fn hours_tell_it_where_the_report_does_not() {
        let report = sample_report();
        let with_gap = steps(&report);
        assert_eq!(shown(&with_gap), [7_000, -67, -3_067, -833, 0, 6_100, 1_333, 7_433]);
        assert_eq!(steps(&Report { unmatched: None, ..report }), with_gap);
    }

    #[test]
    fn a_step_of_nothing_has_no_sign() {
        let all = steps_of(&totals(1_000_000, 0, 0, 1_000_000, 0), [0; 3]);
        let nothing: Vec<&str> = all.iter().filter(|s| s.kind != Kind::Level).map(Step::sign).collect();
        assert_eq!(nothing, ["", "", "", ""]);
        assert_eq!(shown(&all), [10_000, 0, 0, 0, 10_000, 0, 10_000]);
    }

    #[test]
    fn almost_all_is_not_all_and_no_load_has_no_steps() {
        let all = steps_of(&totals(1_000_000, 0, 0, 999_999, 0), [0, 0, 1]);
        assert_eq!(all.iter().find(|s| s.name.starts_with("Matched")).map(Step::share), Some(9_999));
        assert!(steps_of(&Totals::default(), [0; 3]).is_empty());
    }
}
