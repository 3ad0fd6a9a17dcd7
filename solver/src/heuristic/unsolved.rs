//! Plans without a solver: greedy where only divisible work is planned, else everything as early as it can run.

use super::as_submitted::{Decisions, as_submitted};
use super::greedy::{self, Greedy};
use super::lagrange::Lagrangian;
use super::stopped::Stopped;
use crate::check::check_plan;
use crate::model::objective::{Extra, settle};
use crate::model::read::explain::explain;
use crate::model::read::report::{self, Beside, Parts};
use crate::model::{
    Duals, Keys, LinearModel, RawSolution, RawStatus, StorageIntegers, Terms, certify_with, lagrangian_bound, rules,
};
use crate::outcome::{Outcome, SolveError, Status, StorageOutcome, codes, reason};
use crate::problem::{Problem, ProblemError};

/// Larger models are not stated just to certify a greedy plan: memory. The plan is still
/// checked against the problem and its bound computed from the same prices.
const STATED_COLUMNS: usize = 3_000_000;

/// The plan there is instead of a solution, and why.
pub(crate) fn plan(
    problem: &Problem,
    terms: &Terms,
    model: &LinearModel,
    stopped: Stopped,
) -> Result<Outcome, SolveError> {
    if problem.plain() {
        return plan_greedily(problem, terms, Some(model), Some(stopped));
    }
    let mut outcome = priced_without_storage(problem, terms, as_submitted(problem));
    let why = stopped.reason();
    let (bound, duals) = proved(problem, terms, model, stopped.duals);
    set_bound(&mut outcome, bound);
    // What branch and bound found is as good a bound, and not proved outside it.
    if stopped.bound > outcome.bound {
        outcome.bound = stopped.bound.min(outcome.objective);
        outcome.gap = (outcome.objective - outcome.bound) / outcome.objective.abs().max(1.0);
    }
    (outcome.status, outcome.duals) = (stopped.status, duals);
    check_plan(problem, &outcome)?;
    outcome.reasons.push(why);
    say(problem, terms, &mut outcome);
    Ok(outcome)
}

pub(crate) fn greedy(problem: &Problem, terms: &Terms) -> Result<Outcome, SolveError> {
    if !problem.plain() {
        let model = rules::formulate(problem, terms, &StorageIntegers::default());
        let stopped = Stopped::new(Status::Greedy, codes::WITHOUT_SOLVER, "no solver was asked");
        return plan(problem, terms, &model, stopped);
    }
    if Keys::new(problem, terms).columns() > STATED_COLUMNS {
        return plan_greedily(problem, terms, None, None);
    }
    let model = rules::formulate(problem, terms, &StorageIntegers::default());
    plan_greedily(problem, terms, Some(&model), None)
}

/// The best bound that row duals prove, those given or none at all, and the duals that do: finite always.
pub(crate) fn proved(problem: &Problem, terms: &Terms, model: &LinearModel, duals: Vec<f64>) -> (f64, Vec<f64>) {
    let none = vec![0.0; model.rows.len()];
    let least = lagrangian_bound(terms, problem, model, &none);
    if duals.len() != none.len() || duals.iter().any(|dual| !dual.is_finite()) {
        return (least, none);
    }
    let bound = lagrangian_bound(terms, problem, model, &duals);
    if bound.is_finite() && bound >= least { (bound, duals) } else { (least, none) }
}

/// How to read its prices, and why it misses what it misses.
pub(crate) fn say(problem: &Problem, terms: &Terms, outcome: &mut Outcome) {
    let message = "prices are marginal costs of this plan, not duals of an optimum".to_string();
    outcome.reasons.push(reason(codes::HEURISTIC_PRICES, "prices", (0.0, ""), message));
    let found = explain(problem, terms, outcome);
    outcome.reasons.extend(found);
}

/// The work as submitted, with all it comes to: costs, prices of one more MW as it stands. It has no bound of its own.
pub fn baseline(problem: &Problem) -> Result<Outcome, ProblemError> {
    problem.check()?;
    Ok(priced_without_storage(problem, &Terms::new(problem), as_submitted(problem)))
}

pub(crate) fn set_bound(outcome: &mut Outcome, bound: f64) {
    outcome.bound = bound.min(outcome.objective);
    outcome.relaxed_bound = outcome.bound;
    outcome.gap = (outcome.objective - outcome.bound) / outcome.objective.abs().max(1.0);
}

pub(crate) fn priced_without_storage(problem: &Problem, terms: &Terms, made: Decisions) -> Outcome {
    let storage = problem.storage.iter().map(|k| unused_storage(k, problem.steps)).collect();
    settled(problem, terms, made, storage, Vec::new())
}

/// A plan's own decisions priced again without a solver: supply follows from the load, costs from both.
pub fn price(problem: &Problem, plan: &Outcome) -> Result<Outcome, ProblemError> {
    problem.check()?;
    let made = Decisions { placements: plan.placements.clone(), jobs: plan.jobs.clone(), runs: plan.runs.clone() };
    Ok(settled(problem, &Terms::new(problem), made, plan.storage.clone(), plan.transit_mw.clone()))
}

pub(crate) fn settled(
    problem: &Problem,
    terms: &Terms,
    made: Decisions,
    storage: Vec<StorageOutcome>,
    transit_mw: Vec<Vec<f64>>,
) -> Outcome {
    let none = vec![vec![0.0; problem.steps]; problem.sites.len()];
    let mut extra = Extra {
        it_mw: if transit_mw.is_empty() { none.clone() } else { transit_mw.clone() },
        facility_mw: none,
        credit: vec![0.0; terms.targets.len()],
    };
    add_training(problem, terms, &made, &mut extra);
    add_jobs(problem, terms, &made, &mut extra);
    for (k, flows) in problem.storage.iter().zip(&storage) {
        for (t, mw) in extra.facility_mw[k.site].iter_mut().enumerate() {
            *mw += flows.charge_clean[t] + flows.charge_grid[t] - flows.discharge_clean[t] - flows.discharge_other[t];
        }
        add_to_targets(problem, terms, (k.site, flows), &mut extra);
    }
    let mut evaluation = settle(problem, terms, &made.placements, Some(&extra));
    let peaks_mw = peaks(problem, &made.placements, &extra);
    let beside = Beside { runs: made.runs, jobs: made.jobs, storage, transit_mw, peaks_mw };
    // Everything else is added up below, from its costs.
    evaluation.objective = 0.0;
    let keys = Keys::new(problem, terms);
    let parts = Parts {
        status: Status::Feasible,
        placements: made.placements,
        evaluation,
        beside,
        bound: f64::NEG_INFINITY,
        relaxed_bound: f64::NEG_INFINITY,
        prices: vec![vec![0.0; problem.steps]; problem.sites.len()],
        iterations: 0,
        size: (keys.rows(), keys.columns()),
        x: Vec::new(),
        duals: Vec::new(),
    };
    let mut outcome = report::outcome(problem, terms, parts);
    outcome.objective = outcome.costs.iter().map(|c| c.amount).sum();
    outcome.prices = prices_as_they_stand(problem, terms, &outcome);
    outcome
}

/// Charging is no load, and load that other energy serves is not matched: as the target's row has it.
fn add_to_targets(problem: &Problem, terms: &Terms, (site, flows): (usize, &StorageOutcome), extra: &mut Extra) {
    let boundary = problem.sites[site].boundary;
    for (sum, target) in extra.credit.iter_mut().zip(&terms.targets).filter(|(_, k)| k.in_scope[boundary]) {
        for t in 0..problem.steps {
            let drawn = target.drawn_at(t);
            let bad = target.on_grid[boundary][t] + drawn;
            let clean = flows.charge_clean[t] - flows.discharge_clean[t];
            let other = flows.charge_grid[t] - flows.discharge_other[t];
            *sum -= drawn * (clean + other) - bad * other;
        }
    }
}

fn add_training(problem: &Problem, terms: &Terms, made: &Decisions, extra: &mut Extra) {
    for outcome in &made.runs {
        for (t, step) in outcome.steps.iter().enumerate() {
            let Some(site) = step.site else { continue };
            extra.it_mw[site][t] += step.mw;
            let boundary = problem.sites[site].boundary;
            for (sum, target) in extra.credit.iter_mut().zip(&terms.targets) {
                *sum += target.credit[boundary][t] * step.train_mw;
            }
        }
    }
}

fn add_jobs(problem: &Problem, terms: &Terms, made: &Decisions, extra: &mut Extra) {
    for (job, outcome) in problem.jobs.iter().zip(&made.jobs) {
        for &(site, start, count) in &outcome.starts {
            let boundary = problem.sites[site].boundary;
            for since in 0..job.steps {
                let mw = f64::from(count) * job.mw * job.part(since);
                extra.it_mw[site][start + since] += mw;
                for (sum, target) in extra.credit.iter_mut().zip(&terms.targets) {
                    *sum += target.credit[boundary][start + since] * mw;
                }
            }
        }
    }
}

/// Storage that no plan uses: it leaks.
pub(crate) fn unused_storage(storage: &crate::problem::Storage, steps: usize) -> StorageOutcome {
    let none = vec![0.0; steps];
    let (clean, other) = storage.held().unwrap_or((0.0, 0.0));
    let kept =
        |held: f64| -> Vec<f64> { (1..=steps).map(|t| held * (1.0 - storage.loss_per_step).powi(t as i32)).collect() };
    StorageOutcome {
        charge_clean: none.clone(),
        charge_grid: none.clone(),
        discharge_clean: none.clone(),
        discharge_other: none,
        clean_mwh: kept(clean),
        other_mwh: kept(other),
    }
}

fn peaks(problem: &Problem, placements: &[crate::outcome::Placement], extra: &Extra) -> Vec<f64> {
    let mut it = extra.it_mw.clone();
    for p in placements {
        it[p.site][p.step] += p.mw;
    }
    let peak = |charge: &crate::problem::DemandCharge| {
        let site = &problem.sites[charge.site];
        let stored = &extra.facility_mw[charge.site];
        let draw = |t: usize| site.overhead_mw[t] + site.pue[t] * (site.firm_it_mw[t] + it[charge.site][t]) + stored[t];
        (charge.from..charge.to).map(draw).fold(charge.before_mw, f64::max)
    };
    problem.demand.iter().map(peak).collect()
}

/// What one more IT MWh costs at each site and step: the cheapest supply left, else the grid.
fn prices_as_they_stand(problem: &Problem, terms: &Terms, outcome: &Outcome) -> Vec<Vec<f64>> {
    let marginal = |b: usize, t: usize| {
        let unused = terms.groups_of[b].iter().filter(|&&g| {
            let used: f64 = terms.groups[g].contracts.iter().map(|&c| outcome.used_mw[c][t]).sum();
            terms.groups[g].available[t] - used > 1e-9
        });
        unused.map(|&g| terms.groups[g].cost[t]).fold(terms.grid_cost[b][t], f64::min)
    };
    let site = |s: &crate::problem::Site| {
        (0..problem.steps).map(|t| s.pue[t] * marginal(s.boundary, t) / problem.step_hours).collect()
    };
    problem.sites.iter().map(site).collect()
}

/// With why no solver's answer is there; none where nobody asked one.
fn plan_greedily(
    problem: &Problem,
    terms: &Terms,
    model: Option<&LinearModel>,
    stopped: Option<Stopped>,
) -> Result<Outcome, SolveError> {
    let made = greedy::run(problem, terms);
    let keys = Keys::new(problem, terms);
    let lagrangian = Lagrangian { problem, terms };
    let mut row_duals = lagrangian.duals(&keys, &made.multipliers);
    let prices = marginal_prices(problem, terms, &made);
    let best = made.best;
    let x = match model {
        Some(model) => report::vector(problem, model, &best.placements, &best.evaluation),
        None => {
            let mut x = vec![0.0; keys.columns()];
            report::plain_vector(problem, &keys, &best.placements, &best.evaluation, &mut x);
            x
        }
    };
    row_duals.resize(model.map_or(keys.rows(), |m| m.rows.len()), 0.0);
    let mut raw = RawSolution {
        status: RawStatus::Other("greedy".to_string()),
        x,
        row_duals,
        objective: best.evaluation.objective,
        bound: made.bound.min(best.evaluation.objective),
        iterations: 0,
    };
    let why = stopped.as_ref().map(Stopped::reason);
    let status = stopped.as_ref().map_or(Status::Greedy, |stopped| stopped.status);
    if let Some(model) = model {
        raw.bound = certify_with(terms, problem, model, &raw)?.bound;
        let (bound, duals) = proved(problem, terms, model, stopped.map_or_else(Vec::new, |stopped| stopped.duals));
        if bound > raw.bound {
            (raw.bound, raw.row_duals) = (bound.min(raw.objective), duals);
        }
    }
    let parts = Parts {
        status,
        placements: best.placements,
        evaluation: best.evaluation,
        beside: Beside::default(),
        bound: raw.bound,
        relaxed_bound: raw.bound,
        prices,
        iterations: 0,
        size: model.map_or((keys.rows(), keys.columns()), |m| (m.rows.len(), m.columns.len())),
        x: raw.x,
        duals: raw.row_duals,
    };
    let mut outcome = report::outcome(problem, terms, parts);
    check_plan(problem, &outcome)?;
    outcome.reasons.extend(why);
    say(problem, terms, &mut outcome);
    Ok(outcome)
}

/// What one more MW costs in the greedy plan as it stands.
fn marginal_prices(problem: &Problem, terms: &Terms, made: &Greedy) -> Vec<Vec<f64>> {
    let negated = |v: &Vec<f64>| v.iter().map(|p| -p).collect::<Vec<f64>>();
    let none = |things: usize| vec![vec![0.0; problem.steps]; things];
    let duals = Duals {
        balance: made.best.marginal.iter().map(negated).collect(),
        capacity: none(problem.sites.len()),
        nested: none(terms.nodes.len()),
        energy: Vec::new(),
        target: negated(&made.best.pressure),
        other: none(problem.sites.len()),
        pools: none(problem.pools.len()),
    };
    duals.prices(problem, terms)
}
