//! Turns an outcome into the plan that is stored and printed.

mod economics;
mod reasons;
mod rows;
mod schedule;

use super::candidates::{self, Choice};
use super::document::{Candidate, Plan, SCHEMA, VERSION, tidy};
use super::problem::Stated;
use super::request::Request;
use super::score::{Planned, score};
use super::snapshot::Snapshot;
use super::time_limit::Shared;
use super::{accept, bounds, values};
use reports::digest::{canonical_json, sha256_hex};
use serde::Serializer;
use serde::ser::SerializeMap;
use solver::Outcome;

/// The plan of an outcome, within what is left of a time limit. The choice is what there was to choose from, where the search was
/// cut short.
pub(super) fn document(
    snapshot: &Snapshot,
    request: &Request,
    (stated, mut outcome, choice): (&Stated, Outcome, Option<&Choice>),
    shared: Shared,
) -> anyhow::Result<Plan> {
    let expected_mw = stated.take_expected(&mut outcome);
    let (own, outcome) = (&stated.without_expected(), &outcome);
    let scored = score(snapshot, &Planned::new(snapshot, own, stated, outcome))?;
    accept::check(snapshot, outcome, &scored)?;
    let period = snapshot.grid.period();
    let baseline = solver::baseline(own)?;
    // Work still to come is in the objective and the bound, and so in what they are held against.
    let baseline_objective = match own.work.len() == stated.problem.work.len() {
        true => baseline.objective,
        false => solver::baseline(&stated.problem)?.objective,
    };
    let priced = solver::price(own, outcome)?;
    let baseline_totals = score(snapshot, &Planned::new(snapshot, own, stated, &baseline))?.totals;
    let values = values::compute(snapshot, request, (stated, outcome), shared)?;
    let free = solver::free(own, Some(outcome))?;
    let mut reasons = reasons::reasons(snapshot, stated, outcome, choice);
    // The plan before is an input where the search starts from it, or where it was one to choose.
    let from_previous = choice.is_some() || candidates::searches(&stated.problem);
    reasons.extend(reasons::values(&values));
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
        strategy: request.strategy.into_str().into(),
        status: outcome.status,
        objective: outcome.objective,
        bound: outcome.bound,
        gap: outcome.gap,
        searched_gap: outcome.searched.map(|searched| searched.gap),
        gain_proved: gain_proved(baseline_objective, outcome),
        input_sha256: input_sha256(snapshot, request, stated, from_previous)?,
        portfolio_sha256: snapshot.portfolio.sha256(),
        carbon_basis: snapshot.portfolio.policy.carbon_basis.into_str().into(),
        schedule: schedule::schedule(snapshot, stated, outcome),
        events: schedule::events(snapshot, stated, outcome),
        prices: rows::prices(snapshot, outcome),
        balance: rows::balance(snapshot, stated, &scored),
        capacity: rows::capacity(snapshot, (&outcome.drawn_mw(&stated.problem), &expected_mw), &scored),
        bounds: bounds::document(&snapshot.portfolio, snapshot.grid, (own, free)),
        flexible: snapshot.flexible.clone(),
        expected: scored.totals.clone(),
        baseline: baseline_totals,
        storage: schedule::storage(snapshot, stated, outcome),
        costs: economics::costs(&priced, &baseline),
        targets: snapshot.elsewhere.iter().map(|part| rows::target(snapshot, &scored, part)).collect(),
        economics: Some(economics),
        values: values.found,
        missed: reasons::missed(snapshot, stated, outcome),
        reasons,
        candidates: choice.map_or_else(Vec::new, listed),
        reserved: snapshot.reserved.iter().map(|r| r.id.clone()).collect(),
    };
    plan.id = format!("p-{}", &sha256_hex(&canonical_json(&plan)?)[..12]);
    Ok(plan)
}

/// One hash, in hex, over all that decides a plan: equal inputs have equal digests, and equal digests equal plans, unless the
/// clock ended a solve. It covers the problem with all its limits, events, accounts, curves, ratings and prices, whose each item
/// of it is, and what the document takes from elsewhere. Not what people are shown in place of ids, nor notes on where a
/// figure comes from. The plan before is an input only where the search starts from it or may keep it (`from_previous`).
fn input_sha256(
    snapshot: &Snapshot,
    request: &Request,
    stated: &Stated,
    from_previous: bool,
) -> serde_json::Result<String> {
    let view = &snapshot.view;
    let reserved: Vec<&str> = snapshot.reserved.iter().map(|reservation| reservation.id.as_str()).collect();
    let previous = snapshot.previous.as_ref().filter(|_| from_previous).map(|previous| &previous.placed);
    let mut json = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut json);
    // Equal inputs have equal digests as long as nothing here changes its name or its place.
    let mut covered = serializer.serialize_map(None)?;
    covered.serialize_entry("engine", crate::ENGINE)?;
    covered.serialize_entry("made", &snapshot.now)?;
    covered.serialize_entry("start", &snapshot.grid.start)?;
    covered.serialize_entry("step_s", &snapshot.grid.step_s)?;
    covered.serialize_entry("strategy", request.strategy.into_str())?;
    covered.serialize_entry("iteration_limit", &request.iteration_limit)?;
    covered.serialize_entry("time_limit_s", &request.time_limit_s)?;
    covered.serialize_entry("gap", &request.gap)?;
    covered.serialize_entry("definitions_sha256", &snapshot.portfolio.definitions.sha256()?)?;
    covered.serialize_entry("rules", &*snapshot.rules)?;
    covered.serialize_entry("policy", &snapshot.portfolio.policy)?;
    covered.serialize_entry("problem", &stated.problem)?;
    // Open work, and which of it the items of the problem are.
    covered.serialize_entry("work", &snapshot.work)?;
    covered.serialize_entry("pieces", &stated.work)?;
    covered.serialize_entry("jobs", &stated.jobs)?;
    covered.serialize_entry("runs", &stated.runs)?;
    covered.serialize_entry("missed", &stated.missed)?;
    covered.serialize_entry("boundaries", &view.boundaries)?;
    covered.serialize_entry("firm_it_mw", &view.firm_it_mw)?;
    covered.serialize_entry("delivered_mw", &view.delivered_mw)?;
    covered.serialize_entry("hedges", &view.hedges)?;
    covered.serialize_entry("stored", &snapshot.stored)?;
    covered.serialize_entry("elsewhere", &snapshot.elsewhere)?;
    covered.serialize_entry("flexible", &snapshot.flexible)?;
    covered.serialize_entry("reserved", &reserved)?;
    covered.serialize_entry("previous", &previous)?;
    if let Some(gap) = snapshot.previous.as_ref().filter(|_| from_previous).and_then(|previous| previous.searched_gap) {
        covered.serialize_entry("searched_gap", &gap)?;
    }
    covered.end()?;
    Ok(sha256_hex(&json))
}

/// A part of a difference that is not just rounding.
fn gain_proved(baseline: f64, outcome: &Outcome) -> Option<f64> {
    let possible = baseline - outcome.bound;
    let known = possible.is_finite() && possible > 1e-6 * baseline.abs().max(1.0);
    known.then(|| tidy(((baseline - outcome.objective) / possible).clamp(0.0, 1.0)))
}

fn listed(choice: &Choice) -> Vec<Candidate> {
    let one = |&(origin, objective): &(candidates::Origin, f64)| {
        let (what, kept) = (origin.to_string(), origin == choice.kept);
        Candidate { what, objective, kept }
    };
    choice.objectives.iter().map(one).collect()
}
