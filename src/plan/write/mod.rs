//! Turns an outcome into the plan that is stored and printed.

mod clocks;
mod economics;
mod reasons;
mod rows;
mod schedule;
mod targets;

use super::candidates::{self, Choice};
use super::document::{Candidate, Plan, SCHEMA, VERSION, tidy};
use super::problem::Stated;
use super::request::Request;
use super::score::Scored;
use super::snapshot::Snapshot;
use super::{bounds, digest};
use reports::digest::{canonical_json, sha256_hex};
use reports::report::Totals;
use solver::Outcome;

/// What a plan is made of beside the snapshot and the outcome.
pub(super) struct Parts<'a> {
    pub stated: &'a Stated,
    pub outcome: &'a Outcome,
    pub scored: &'a Scored,
    /// The plan's decisions priced without work still to come, and the baseline.
    pub priced: &'a Outcome,
    pub baseline: &'a Outcome,
    pub baseline_totals: Totals,
    /// What the baseline costs, work still to come included.
    pub baseline_objective: f64,
    /// `[site][step]`: IT megawatts left for work still to come.
    pub expected_mw: Vec<Vec<f64>>,
    pub values: Vec<super::document::Value>,
    /// What the plan leaves of every bound, and the problem those are of.
    pub bounds: (&'a solver::Problem, Vec<solver::Free>),
    /// What there was to choose from, where the search was cut short.
    pub choice: Option<&'a Choice>,
}

pub(super) fn document(snapshot: &Snapshot, request: &Request, parts: Parts<'_>) -> serde_json::Result<Plan> {
    let Parts {
        stated, outcome, scored, priced, baseline, baseline_totals, expected_mw, values, bounds, choice, ..
    } = parts;
    let period = snapshot.grid.period();
    let mut reasons = reasons::reasons(snapshot, stated, outcome, choice);
    // The plan before is an input where the search starts from it, or where it was one to choose.
    let from_previous = choice.is_some() || candidates::searches(&stated.problem);
    reasons.extend(economics::break_even(snapshot, stated, outcome));
    let economics = economics::compare(snapshot, stated, (priced, baseline), (&scored.totals, &baseline_totals));
    let mut plan = Plan {
        schema: SCHEMA.into(),
        version: VERSION,
        engine: crate::ENGINE.into(),
        synthetic: snapshot.portfolio.definitions.synthetic,
        id: String::new(),
        made: snapshot.now,
        start: period.start,
        end: period.end,
        step_minutes: snapshot.grid.step_s / 60,
        strategy: request.strategy.name().into(),
        status: outcome.status,
        objective: outcome.objective,
        bound: outcome.bound,
        gap: outcome.gap,
        gain_proved: gain_proved(parts.baseline_objective, outcome),
        input_sha256: digest::compute(snapshot, request, stated, from_previous)?,
        portfolio_sha256: snapshot.portfolio.sha256(),
        carbon_basis: snapshot.portfolio.policy.carbon_basis.name().into(),
        schedule: schedule::schedule(snapshot, stated, outcome),
        events: schedule::events(snapshot, stated, outcome),
        prices: rows::prices(snapshot, outcome),
        balance: rows::balance(snapshot, stated, scored),
        capacity: rows::capacity(snapshot, (&outcome.drawn_mw(&stated.problem), &expected_mw), scored),
        bounds: bounds::document(&snapshot.portfolio, snapshot.grid, bounds),
        flexible: snapshot.flexible.clone(),
        expected: scored.totals.clone(),
        baseline: baseline_totals,
        storage: schedule::storage(snapshot, stated, outcome),
        costs: economics::costs(priced, baseline),
        targets: targets::paths(snapshot, scored),
        economics: Some(economics),
        values,
        missed: reasons::missed(snapshot, stated, outcome),
        reasons,
        candidates: choice.map_or_else(Vec::new, listed),
        reserved: snapshot.reserved.iter().map(|r| r.id.clone()).collect(),
    };
    plan.id = format!("p-{}", &sha256_hex(&canonical_json(&plan)?)[..12]);
    Ok(plan)
}

/// A part of a difference that is not just rounding.
fn gain_proved(baseline: f64, outcome: &Outcome) -> Option<f64> {
    let possible = baseline - outcome.bound;
    let known = possible.is_finite() && possible > 1e-6 * baseline.abs().max(1.0);
    known.then(|| tidy(((baseline - outcome.objective) / possible).clamp(0.0, 1.0)))
}

/// The plans there were to choose from.
fn listed(choice: &Choice) -> Vec<Candidate> {
    let one = |&(origin, objective): &(candidates::Origin, f64)| Candidate {
        what: origin.name().into(),
        objective,
        kept: origin == choice.kept,
    };
    choice.objectives.iter().map(one).collect()
}
