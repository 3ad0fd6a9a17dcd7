//! Turns an outcome into the plan that is stored and printed.

mod economics;
mod reasons;
mod rows;
mod schedule;

use super::candidates::{self, Choice};
use super::document::{Candidate, Plan, SCHEMA, VERSION, tidy};
use super::problem::Stated;
use super::request::Request;
use super::score::{Planned, Scored, score};
use super::snapshot::Snapshot;
use super::{bounds, digest, values};
use reports::digest::{canonical_json, sha256_hex};
use solver::{Outcome, Problem};

/// What a plan is made of beside the snapshot.
pub(super) struct Parts<'a> {
    pub stated: &'a Stated,
    /// The problem, and what was decided, without work still to come.
    pub own: &'a Problem,
    pub outcome: &'a Outcome,
    pub scored: &'a Scored,
    /// `[site][step]`: IT megawatts left for work still to come.
    pub expected_mw: &'a [Vec<f64>],
    /// What there was to choose from, where the search was cut short.
    pub choice: Option<&'a Choice>,
}

pub(super) fn document(snapshot: &Snapshot, request: &Request, parts: &Parts<'_>) -> anyhow::Result<Plan> {
    let &Parts { stated, own, outcome, scored, expected_mw, choice } = parts;
    let period = snapshot.grid.period();
    let baseline = solver::baseline(own)?;
    // Work still to come is in the objective and the bound, and so in what they are held against.
    let baseline_objective = match own.work.len() == stated.problem.work.len() {
        true => baseline.objective,
        false => solver::baseline(&stated.problem)?.objective,
    };
    let priced = solver::price(own, outcome)?;
    let baseline_totals = score(snapshot, &Planned::new(snapshot, own, stated, &baseline))?.totals;
    let values = values::compute(snapshot, request, stated, outcome)?;
    let free = solver::free(own, Some(outcome))?;
    let mut reasons = reasons::reasons(snapshot, stated, outcome, choice);
    // The plan before is an input where the search starts from it, or where it was one to choose.
    let from_previous = choice.is_some() || candidates::searches(&stated.problem);
    reasons.extend(economics::break_even(snapshot, stated, outcome));
    let economics = economics::compare(snapshot, stated, (&priced, &baseline), (&scored.totals, &baseline_totals));
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
        gain_proved: gain_proved(baseline_objective, outcome),
        input_sha256: digest::compute(snapshot, request, stated, from_previous)?,
        portfolio_sha256: snapshot.portfolio.sha256(),
        carbon_basis: snapshot.portfolio.policy.carbon_basis.name().into(),
        schedule: schedule::schedule(snapshot, stated, outcome),
        events: schedule::events(snapshot, stated, outcome),
        prices: rows::prices(snapshot, outcome),
        balance: rows::balance(snapshot, stated, scored),
        capacity: rows::capacity(snapshot, (&outcome.drawn_mw(&stated.problem), expected_mw), scored),
        bounds: bounds::document(&snapshot.portfolio, snapshot.grid, (own, free)),
        flexible: snapshot.flexible.clone(),
        expected: scored.totals.clone(),
        baseline: baseline_totals,
        storage: schedule::storage(snapshot, stated, outcome),
        costs: economics::costs(&priced, &baseline),
        targets: rows::targets(snapshot, scored),
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

fn listed(choice: &Choice) -> Vec<Candidate> {
    let one = |&(origin, objective): &(candidates::Origin, f64)| Candidate {
        what: origin.name().into(),
        objective,
        kept: origin == choice.kept,
    };
    choice.objectives.iter().map(one).collect()
}
