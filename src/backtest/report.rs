//! The document of a backtest.

use super::common::{Piece, Ran, Request, Serialize, Stage, Strategy, fixed};
use super::measure::{self, Measured};
use crate::expected::blend;
use crate::plan::document::{Reason, tidy};
use crate::plan::show;
use reports::time::{Grid, HOUR_S, Instant};
use reports::units::wh_to_mw;
use std::collections::BTreeMap;

pub const SCHEMA: &str = "hourmatch/backtest/1";

#[derive(Debug, Clone, Serialize)]
pub struct Backtest {
    pub schema: &'static str,
    pub engine: &'static str,
    pub name: String,
    pub synthetic: bool,
    pub from: Instant,
    pub to: Instant,
    pub step_minutes: i64,
    pub every_minutes: i64,
    pub horizon_hours: f64,
    /// Of each decision; null where the clock ended none.
    pub time_limit_s: Option<f64>,
    /// False where it was interrupted: `to` is then as far as it had come.
    pub complete: bool,
    pub carbon_basis: &'static str,
    /// Of every cost.
    pub currency: String,
    pub load_mwh: f64,
    /// What of the work's IT energy can run within the period.
    pub work_mwh: f64,
    pub contracted_mwh: f64,
    pub pieces_of_work: usize,
    pub strategies: Vec<StrategyResult>,
    /// What stands for hours that nobody metered, in every strategy and in what is measured of them.
    pub notes: Vec<Reason>,
}

#[derive(Debug, Clone, Serialize)]
pub struct StrategyResult {
    pub name: &'static str,
    /// The same for people.
    #[serde(skip)]
    pub words: &'static str,
    /// Parts of all load; null where there is none.
    pub matched_share: Option<f64>,
    pub cfe_score: Option<f64>,
    /// Part of what foresight gains over the baseline; null where foresight gains nothing.
    pub gain_kept: Option<f64>,
    /// Market-based by the hour, and location-based, per kWh of load. Never the same thing.
    pub residual_g_per_kwh: Option<f64>,
    pub location_g_per_kwh: Option<f64>,
    pub peak_mw: f64,
    /// Due in the period and not done.
    pub missed_mwh: f64,
    /// Work done, against what the baseline gets done.
    pub utilisation: Option<f64>,
    /// Training's progress, the tokens of it where the portfolio says what a GPU-hour makes, and how often it paused.
    pub gpu_hours: f64,
    pub tokens: Option<f64>,
    pub pauses: usize,
    /// Energy bought less surplus sold, in the portfolio's currency; no price of carbon, no penalty.
    pub cost: f64,
    pub unmatched_mwh: f64,
    /// Plans made, those of them that their time limit ended, and the largest gap left: null where it makes none.
    pub decisions: Option<usize>,
    pub cut_short: Option<usize>,
    pub largest_gap: Option<f64>,
    /// False where it breaks limits: it is shown for comparison only.
    pub feasible: bool,
    /// Matched share by month, for charts.
    pub months: Vec<(String, Option<f64>)>,
    /// Mean facility MW by UTC hour of day.
    pub load_by_hour_mw: Vec<f64>,
}

impl Backtest {
    /// How often it plans: `12 h`, `90 min`.
    pub fn every(&self) -> String {
        hours(self.every_minutes)
    }

    /// Whether some strategy keeps no limit.
    pub fn compares_infeasible(&self) -> bool {
        self.strategies.iter().any(|s| !s.feasible)
    }
}

fn hours(minutes: i64) -> String {
    if minutes > 0 && minutes % 60 == 0 { format!("{} h", minutes / 60) } else { format!("{minutes} min") }
}

impl StrategyResult {
    /// Its figures as people read them, from the matched share to the cost; shares are cut, never shown higher than they are.
    pub fn cells(&self) -> Vec<String> {
        let number = |v: Option<f64>| v.map_or_else(|| "-".into(), |v| fixed(v, 1));
        vec![
            percent(self.matched_share),
            percent(self.gain_kept),
            percent(self.cfe_score),
            fixed(self.unmatched_mwh, 1),
            number(self.residual_g_per_kwh),
            number(self.location_g_per_kwh),
            fixed(self.peak_mw, 1),
            fixed(self.missed_mwh, 1),
            percent(self.utilisation),
            fixed(self.cost, 0),
        ]
    }

    /// What it did of training, for the page.
    pub(super) fn training_cells(&self) -> [String; 3] {
        let tokens = self.tokens.map_or_else(|| "-".into(), |tokens| format!("{tokens:.3e}"));
        [fixed(self.gpu_hours, 0), tokens, self.pauses.to_string()]
    }
}

pub(super) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "-".into(), show::percent)
}

pub fn compile(stage: &Stage, request: &Request, ran: Vec<(Strategy, Ran)>) -> anyhow::Result<Backtest> {
    let mut measured = Vec::new();
    for (strategy, ran) in ran {
        measured.push((strategy, measure::measure(stage, &ran)?, ran));
    }
    let find = |wanted: Strategy| measured.iter().find(|m| m.0 == wanted).map(|m| &m.1);
    let share = |m: &Measured| part(m.scored.totals.matched_wh, m.scored.totals.load_wh);
    let baseline = find(Strategy::Asap);
    let base = baseline.and_then(share);
    let best = find(Strategy::LpPerfect).and_then(share);
    let done = baseline.map(|m| m.done_mwh);
    let kept = |m: &Measured| match (share(m), base, best) {
        (Some(own), Some(base), Some(best)) if best - base > 1e-9 => Some((own - base) / (best - base)),
        _ => None,
    };
    let strategies = measured.iter().map(|(strategy, m, ran)| StrategyResult {
        gain_kept: kept(m).map(tidy),
        utilisation: done.filter(|done| *done > 0.0).map(|done| tidy(m.done_mwh / done)),
        ..result(stage, *strategy, m, ran)
    });
    let strategies: Vec<StrategyResult> = strategies.collect();
    let h = stage.grid.step_s as f64 / 3_600.0;
    let contracted = stage.actual.view.delivered_mw.iter().flat_map(|e| &e.values).sum::<f64>() * h;
    Ok(Backtest {
        schema: SCHEMA,
        engine: crate::ENGINE,
        name: stage.portfolio.definitions.name.clone(),
        synthetic: stage.portfolio.definitions.synthetic,
        from: request.period.start,
        to: request.period.end,
        step_minutes: stage.grid.step_s / 60,
        every_minutes: request.every_s / 60,
        horizon_hours: request.horizon_s as f64 / 3_600.0,
        time_limit_s: request.time_limit_s,
        complete: true,
        carbon_basis: stage.portfolio.policy.carbon_basis.into_str(),
        currency: stage.portfolio.definitions.currency.clone(),
        load_mwh: baseline.map_or(0.0, |m| tidy(m.scored.totals.load_wh as f64 / 1e6)),
        work_mwh: tidy(stage.work.iter().map(|p| within_mwh(p, stage.grid)).sum()),
        contracted_mwh: tidy(contracted),
        pieces_of_work: stage.work.len(),
        strategies,
        notes: stage.actual.view.gaps.notes.iter().chain(&stage.refused).cloned().collect(),
    })
}

/// A piece's IT energy as far as it can run between its release, its deadline and the period's end.
fn within_mwh(piece: &Piece, grid: Grid) -> f64 {
    let steps = piece.deadline.min(grid.len).saturating_sub(piece.release);
    let most = piece.terms.most_mw() * steps as f64 * grid.step_s as f64 / 3_600.0;
    piece.terms.all_energy_mwh().min(most)
}

fn part(top: i128, bottom: i128) -> Option<f64> {
    (bottom > 0).then(|| top as f64 / bottom as f64)
}

fn result(stage: &Stage, strategy: Strategy, m: &Measured, ran: &Ran) -> StrategyResult {
    let totals = &m.scored.totals;
    let free_wh = totals.matched_wh + totals.grid_cfe_wh;
    let made = Some(ran.tally).filter(|made| made.decisions > 0);
    let grams = |g: Option<i128>| g.and_then(|g| part(g * 1_000, totals.load_wh)).map(tidy);
    StrategyResult {
        name: strategy.into_str(),
        words: strategy.words(),
        matched_share: part(totals.matched_wh, totals.load_wh).map(tidy),
        cfe_score: totals.cfe_score.as_ref().and_then(|_| part(free_wh, totals.load_wh)).map(tidy),
        gain_kept: None,
        residual_g_per_kwh: grams(totals.emissions.market_based_hourly_g),
        location_g_per_kwh: grams(totals.emissions.location_based_g),
        peak_mw: tidy(m.peak_mw),
        missed_mwh: tidy(ran.missed_mwh),
        utilisation: None,
        gpu_hours: tidy(m.gpu_hours),
        tokens: stage.portfolio.policy.tokens_per_gpu_hour.map(|tokens| tidy(tokens * m.gpu_hours)),
        pauses: m.pauses,
        cost: tidy(m.cost),
        unmatched_mwh: tidy(totals.unmatched_wh as f64 / 1e6),
        decisions: made.map(|made| made.decisions),
        cut_short: made.map(|made| made.cut_short),
        largest_gap: made.map(|made| tidy(made.largest_gap)),
        feasible: !ran.uncapped,
        months: months(stage, m),
        load_by_hour_mw: by_hour(stage, m),
    }
}

/// Matched share of each UTC month.
fn months(stage: &Stage, m: &Measured) -> Vec<(String, Option<f64>)> {
    let mut months: BTreeMap<String, (i128, i128)> = BTreeMap::new();
    for t in 0..stage.grid.len {
        let (matched, load) = months.entry(stage.grid.start(t).to_string()[..7].to_string()).or_default();
        for cells in &m.scored.cells {
            *matched += i128::from(cells[t].matched);
            *load += i128::from(cells[t].load);
        }
    }
    months.into_iter().map(|(name, (matched, load))| (name, part(matched, load).map(tidy))).collect()
}

fn by_hour(stage: &Stage, m: &Measured) -> Vec<f64> {
    let hour = |t: usize| stage.grid.start(t).seconds().div_euclid(HOUR_S).rem_euclid(24) as usize;
    let load = |t: usize| m.scored.cells.iter().map(|cells| cells[t].load).sum::<i64>();
    let load_mw = (0..stage.grid.len).map(|t| (hour(t), wh_to_mw(load(t), stage.grid.step_s)));
    blend::means(load_mw, 24).0.into_iter().map(|mean| mean.map_or(0.0, tidy)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_hours_are_told_in_hours() {
        assert_eq!([15, 60, 90, 720].map(hours), ["15 min", "1 h", "90 min", "12 h"]);
    }
}
