//! Why a piece of work runs when it does: what its hours cost, which limit binds, and what running otherwise would cost.
//!
//! Costs of alternatives are differences of optima: the problem solved again with the piece elsewhere and everything else
//! free to follow.

mod alternatives;
mod binding;
mod subject;
mod text;

pub use text::text;

use super::basis::Basis;
use super::candidates;
use super::document::{Plan, tidy};
use super::strategies::Strategy;
use crate::error::Problem;
use reports::time::format_instant;
use serde::Serialize;
use solver::Outcome;
use subject::Subject;

pub const SCHEMA: &str = "hourmatch/explanation/1";

#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub plan: String,
    pub work: String,
    /// work, job or training.
    pub kind: &'static str,
    pub currency: String,
    pub runs: Vec<Stretch>,
    /// Mean price of an IT MWh in its hours, and over all hours and sites it may use.
    pub price_per_mwh: Option<f64>,
    pub window_price_per_mwh: Option<f64>,
    /// Dearest first; empty where its hours are the cheapest there are and nothing stands in the way.
    pub limits: Vec<Binding>,
    pub alternatives: Vec<Alternative>,
    /// What the plan says of it: missed energy and why, break-even.
    pub notes: Vec<String>,
    /// The explained objective, and how far above the best there can be.
    pub objective: f64,
    pub gap: f64,
}

/// Equal power at one site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stretch {
    pub site: String,
    pub start: String,
    pub end: String,
    /// IT megawatts.
    pub mw: f64,
}

/// A limit that costs something where the piece could run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Binding {
    pub code: &'static str,
    pub subject: String,
    pub steps: usize,
    /// What an IT MWh more of it would save, on average over those steps.
    pub per_mwh: f64,
    pub message: String,
}

/// The piece run otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    pub code: &'static str,
    pub message: String,
    /// Against the plan; null where it cannot be.
    pub cost: Option<f64>,
    /// What of the cost is not certain: the gaps of both plans.
    pub within: f64,
    pub parts: Vec<Part>,
    pub runs: Vec<Stretch>,
}

/// A part of an alternative's cost, by the code of the plan's costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Energy is what is bought less the surplus sold.
    pub code: String,
    pub amount: f64,
}

/// Explains a piece of a stored plan; `at_s` asks for an alternative that begins then.
pub fn explain(
    plan: &Plan,
    basis: &Basis,
    work: &str,
    at_s: Option<i64>,
    currency: &str,
) -> anyhow::Result<Explanation> {
    if basis.strategy()? != Strategy::Lp {
        let what = format!("plan {} was made by {}, which weighs no alternatives", plan.id, basis.strategy);
        return Err(Problem::new(what).hint("plan by lp: hourmatch plan").into());
    }
    let notes = notes(plan, work);
    let Some(subject) = Subject::find(basis, work) else {
        if !notes.is_empty() {
            return Ok(absent(plan, work, notes, currency));
        }
        let what = format!("plan {} has nothing to place of `{work}`", plan.id);
        let hint = "`hourmatch work list` shows what there is and where it stands; it may be done, cancelled, \
                    released after the horizon, or newer than the plan";
        return Err(Problem::new(what).hint(hint).into());
    };
    let (outcome, _) = candidates::solve(&basis.problem, &basis.limits(), basis.earlier.as_ref())?;
    let own = subject.steps(basis, &outcome);
    let price = |site: usize, step: usize| outcome.prices[site][step];
    let energy: f64 = own.iter().map(|o| o.2).sum();
    let price_per_mwh =
        (energy > 1e-9).then(|| own.iter().map(|&(site, step, mw)| mw * price(site, step)).sum::<f64>() / energy);
    let window: Vec<(usize, usize)> = subject.window(basis);
    let mean = window.iter().map(|&(site, step)| price(site, step)).sum::<f64>() / window.len().max(1) as f64;
    Ok(Explanation {
        kind: subject.kind(),
        price_per_mwh: price_per_mwh.map(tidy),
        window_price_per_mwh: (!window.is_empty()).then(|| tidy(mean)),
        limits: binding::find(basis, &outcome, &subject, &own, &window),
        alternatives: alternatives::find(basis, &outcome, &subject, at_s)?,
        objective: tidy(outcome.objective),
        gap: outcome.gap,
        ..absent(plan, work, notes, currency)
    })
}

/// Its rows of the stored schedule.
fn of_plan(plan: &Plan, work: &str) -> Vec<Stretch> {
    let rows = plan.schedule.iter().filter(|s| s.work == work);
    rows.map(|s| Stretch { site: s.site.clone(), start: s.start.clone(), end: s.end.clone(), mw: s.mw }).collect()
}

fn notes(plan: &Plan, work: &str) -> Vec<String> {
    let missed = plan.missed.iter().filter(|m| m.work == work);
    let missed = missed.map(|m| format!("{:.3} MWh missed: {}", m.missed_mwh, m.message));
    let reasons = plan.reasons.iter().filter(|r| r.subject == work).map(|r| r.message.clone());
    let mut notes: Vec<String> = missed.chain(reasons).collect();
    notes.dedup();
    notes
}

/// What the plan alone says: all there is of work that its problem holds nothing of.
fn absent(plan: &Plan, work: &str, notes: Vec<String>, currency: &str) -> Explanation {
    Explanation {
        schema: SCHEMA,
        engine: crate::ENGINE,
        synthetic: plan.synthetic,
        plan: plan.id.clone(),
        work: work.into(),
        kind: "work",
        currency: currency.into(),
        runs: of_plan(plan, work),
        price_per_mwh: None,
        window_price_per_mwh: None,
        limits: Vec::new(),
        alternatives: Vec::new(),
        notes,
        objective: plan.objective,
        gap: plan.gap,
    }
}

/// Steps of equal power joined; `(site, step, mw)` sorted by site and step.
fn stretches(basis: &Basis, steps: &[(usize, usize, f64)]) -> Vec<Stretch> {
    let grid = basis.grid();
    let mut joined: Vec<(usize, usize, usize, f64)> = Vec::new();
    for &(site, step, mw) in steps.iter().filter(|s| tidy(s.2) > 0.0) {
        match joined.last_mut() {
            Some(last) if last.0 == site && last.2 == step && tidy(last.3) == tidy(mw) => last.2 += 1,
            _ => joined.push((site, step, step + 1, mw)),
        }
    }
    let stretch = |(site, from, to, mw): (usize, usize, usize, f64)| Stretch {
        site: basis.problem.sites[site].id.clone(),
        start: format_instant(grid.start(from)),
        end: format_instant(grid.start(to)),
        mw: tidy(mw),
    };
    joined.into_iter().map(stretch).collect()
}

/// Differences of costs by code, the largest first.
fn parts(plan: &Outcome, other: &Outcome) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (costs, sign) in [(&other.costs, 1.0), (&plan.costs, -1.0)] {
        for cost in costs {
            // Own surplus sold and bought back in the same hour is neither.
            let code = if cost.code == "surplus_sold" { "energy" } else { cost.code.as_str() };
            match parts.iter_mut().find(|p| p.code == code) {
                Some(part) => part.amount += sign * cost.amount,
                None => parts.push(Part { code: code.into(), amount: sign * cost.amount }),
            }
        }
    }
    parts.iter_mut().for_each(|p| p.amount = tidy(p.amount));
    parts.retain(|p| p.amount.abs() >= 0.005);
    parts.sort_by(|a, b| b.amount.abs().total_cmp(&a.amount.abs()).then_with(|| a.code.cmp(&b.code)));
    parts
}
