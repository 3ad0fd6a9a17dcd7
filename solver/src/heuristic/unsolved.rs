//! Plans without a solver: greedy where only divisible work is planned, else everything as early as it can run.

use super::as_submitted::{Decisions, as_submitted};
use super::greedy::{self, Greedy};
use super::lagrange::Lagrangian;
use crate::check::check_plan;
use crate::model::objective::{Extra, settle};
use crate::model::read::explain::explain;
use crate::model::read::report;
use crate::model::{
    Duals, Keys, LinearModel, RawSolution, RawStatus, StorageIntegers, Terms, certify_with, lagrangian_bound, rules,
};
use crate::outcome::{Outcome, Placement, Reason, SolveError, Status, StorageOutcome, codes, reason};
use crate::problem::{DemandCharge, Problem, ProblemError, Site, Storage};
use ids::{BoundaryIndex, SiteIndex};

/// Larger models are not stated just to certify a greedy plan: memory. The plan is still
/// checked against the problem and its bound computed from the same prices.
const STATED_COLUMNS: usize = 3_000_000;

/// Why there is no solution to read, and what is proved all the same.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub status: Status,
    pub code: &'static str,
    pub why: String,
    /// No plan costs less, by branch and bound.
    pub bound: f64,
    /// Row duals as they stood: they prove a bound whatever they are. Empty where there are none.
    pub duals: Vec<f64>,
    /// The backend proved that there is none.
    pub infeasible: bool,
}

impl Stopped {
    pub fn new(status: Status, code: &'static str, why: impl Into<String>) -> Stopped {
        Stopped { status, code, why: why.into(), bound: f64::NEG_INFINITY, duals: Vec::new(), infeasible: false }
    }

    pub fn refused(why: String) -> Stopped {
        Stopped::new(Status::Greedy, codes::BACKEND_REFUSED, why)
    }

    pub fn reason(&self) -> Reason {
        reason(self.code, "plan", (0.0, ""), self.why.clone())
    }

    /// None where the backend's status is a solution.
    pub fn from_status(status: &RawStatus) -> Option<Stopped> {
        let limit = |status, code, what: &str| Stopped::new(status, code, format!("the {what} limit ended the solve"));
        Some(match status {
            RawStatus::Optimal => return None,
            RawStatus::IterationLimit => limit(Status::Greedy, codes::ITERATION_LIMIT, "iteration"),
            RawStatus::TimeLimit => limit(Status::TimeLimit, codes::TIME_LIMIT, "time"),
            RawStatus::Infeasible => {
                Stopped { infeasible: true, ..Stopped::refused("the solver ended with Infeasible".to_string()) }
            }
            RawStatus::Other(status) => Stopped::refused(format!("the solver ended with {status}")),
        })
    }

    /// A bound that was proved before it was stopped.
    pub fn proved(self, bound: f64) -> Stopped {
        let bound = if bound.is_finite() { self.bound.max(bound) } else { self.bound };
        Stopped { bound, ..self }
    }
}

/// The plan there is instead of a solution, and why.
pub fn plan(problem: &Problem, terms: &Terms, model: &LinearModel, stopped: Stopped) -> Result<Outcome, SolveError> {
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

/// The plan without a solver, and its bound.
pub fn greedy(problem: &Problem) -> Result<Outcome, SolveError> {
    problem.check()?;
    let terms = &Terms::new(problem);
    let stated = || rules::formulate(problem, terms, &StorageIntegers::default());
    if !problem.plain() {
        let stopped = Stopped::new(Status::Greedy, codes::WITHOUT_SOLVER, "no solver was asked");
        return plan(problem, terms, &stated(), stopped);
    }
    let small = Keys::new(problem, terms).columns <= STATED_COLUMNS;
    plan_greedily(problem, terms, small.then(stated).as_ref(), None)
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
    outcome.reasons.extend(explain(problem, terms, outcome));
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
    settled(problem, terms, made, unused_storage(problem), Vec::new())
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
    let it_mw = if transit_mw.is_empty() { none.clone() } else { transit_mw.clone() };
    let mut extra = Extra { it_mw, facility_mw: none, credit: vec![0.0; terms.targets.len()] };
    add_work(problem, terms, &made, &mut extra);
    for (k, flows) in problem.storage.iter().zip(&storage) {
        for (t, mw) in extra.facility_mw[k.site].iter_mut().enumerate() {
            *mw += flows.charge_clean[t] + flows.charge_grid[t] - flows.discharge_clean[t] - flows.discharge_other[t];
        }
        add_to_targets(problem, terms, (k.site, flows), &mut extra);
    }
    let mut evaluation = settle(problem, terms, &made.placements, Some(&extra));
    let peaks_mw = peaks(problem, &made.placements, &extra);
    // Everything else is added up below, from its costs.
    evaluation.objective = 0.0;
    let keys = Keys::new(problem, terms);
    let (rows, columns, bound) = (keys.rows, keys.columns, f64::NEG_INFINITY);
    let Decisions { placements, jobs, runs } = made;
    let decided = Outcome { placements, jobs, runs, storage, transit_mw, peaks_mw, ..Outcome::default() };
    let made = Outcome { rows, columns, bound, relaxed_bound: bound, ..decided };
    let mut outcome = report::complete(problem, terms, evaluation, made);
    outcome.objective = outcome.costs.iter().map(|c| c.amount).sum();
    outcome.prices = prices_as_they_stand(problem, terms, &outcome);
    outcome
}

/// Charging is no load, and load that other energy serves is not matched: as the target's row has it.
fn add_to_targets(problem: &Problem, terms: &Terms, (site, flows): (SiteIndex, &StorageOutcome), extra: &mut Extra) {
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

/// What training and jobs draw, and the allowance that earns.
fn add_work(problem: &Problem, terms: &Terms, made: &Decisions, extra: &mut Extra) {
    let mut add = |site: SiteIndex, t: usize, (mw, useful_mw): (f64, f64)| {
        extra.it_mw[site][t] += mw;
        let boundary = problem.sites[site].boundary;
        for (sum, target) in extra.credit.iter_mut().zip(&terms.targets) {
            *sum += target.credit[boundary][t] * useful_mw;
        }
    };
    for (t, step) in made.runs.iter().flat_map(|run| run.steps.iter().enumerate()) {
        step.site.into_iter().for_each(|site| add(site, t, (step.mw, step.train_mw)));
    }
    for (job, made) in problem.jobs.iter().zip(&made.jobs) {
        for &(site, start, count) in &made.starts {
            for since in 0..job.steps {
                let mw = f64::from(count) * job.mw * job.part(since);
                add(site, start + since, (mw, mw));
            }
        }
    }
}

/// Storage that no plan uses: it leaks.
pub(crate) fn unused_storage(problem: &Problem) -> Vec<StorageOutcome> {
    let unused = |storage: &Storage| {
        let [charge_clean, charge_grid, discharge_clean, discharge_other] =
            std::array::from_fn(|_| vec![0.0; problem.steps]);
        let (clean, other) = storage.held().unwrap_or((0.0, 0.0));
        let left = |t: usize| (1.0 - storage.loss_per_step).powi(t as i32);
        let kept = |held: f64| (1..=problem.steps).map(|t| held * left(t)).collect();
        let (clean_mwh, other_mwh) = (kept(clean), kept(other));
        StorageOutcome { charge_clean, charge_grid, discharge_clean, discharge_other, clean_mwh, other_mwh }
    };
    problem.storage.iter().map(unused).collect()
}

fn peaks(problem: &Problem, placements: &[Placement], extra: &Extra) -> Vec<f64> {
    let mut it = extra.it_mw.clone();
    for p in placements {
        it[p.site][p.step] += p.mw;
    }
    let peak = |charge: &DemandCharge| {
        let site = &problem.sites[charge.site];
        let stored = &extra.facility_mw[charge.site];
        let draw = |t: usize| site.overhead_mw[t] + site.pue[t] * (site.firm_it_mw[t] + it[charge.site][t]) + stored[t];
        (charge.from..charge.to).map(draw).fold(charge.before_mw, f64::max)
    };
    problem.demand.iter().map(peak).collect()
}

/// What one more IT MWh costs at each site and step: the cheapest supply left, else the grid.
fn prices_as_they_stand(problem: &Problem, terms: &Terms, outcome: &Outcome) -> Vec<Vec<f64>> {
    let marginal = |b: BoundaryIndex, t: usize| {
        let unused = terms.groups_of[b].iter().filter(|&&g| {
            let used: f64 = terms.groups[g].contracts.iter().map(|&c| outcome.used_mw[c][t]).sum();
            terms.groups[g].available[t] - used > 1e-9
        });
        unused.map(|&g| terms.groups[g].cost[t]).fold(terms.grid_cost[b][t], f64::min)
    };
    let site = |s: &Site| (0..problem.steps).map(|t| s.pue[t] * marginal(s.boundary, t) / problem.step_hours).collect();
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
        None => report::plain_vector(problem, &keys, &best.placements, &best.evaluation),
    };
    row_duals.resize(model.map_or(keys.rows, |m| m.rows.len()), 0.0);
    let (status, objective) = (RawStatus::Other("greedy".to_string()), best.evaluation.objective);
    let bound = made.bound.min(objective);
    let mut raw = RawSolution { status, x, row_duals, objective, bound, iterations: 0 };
    let why = stopped.as_ref().map(Stopped::reason);
    let status = stopped.as_ref().map_or(Status::Greedy, |stopped| stopped.status);
    if let Some(model) = model {
        raw.bound = certify_with(terms, problem, model, &raw)?.bound;
        let (bound, duals) = proved(problem, terms, model, stopped.map_or_else(Vec::new, |stopped| stopped.duals));
        if bound > raw.bound {
            (raw.bound, raw.row_duals) = (bound.min(raw.objective), duals);
        }
    }
    let (rows, columns) = model.map_or((keys.rows, keys.columns), |m| (m.rows.len(), m.columns.len()));
    let RawSolution { x, row_duals: duals, bound, .. } = raw;
    let solved = Outcome { rows, columns, x, duals, bound, relaxed_bound: bound, ..Outcome::default() };
    let made = Outcome { status, placements: best.placements, prices, ..solved };
    let mut outcome = report::complete(problem, terms, best.evaluation, made);
    check_plan(problem, &outcome)?;
    outcome.reasons.extend(why);
    say(problem, terms, &mut outcome);
    Ok(outcome)
}

/// What one more MW costs in the greedy plan as it stands.
fn marginal_prices(problem: &Problem, terms: &Terms, made: &Greedy) -> Vec<Vec<f64>> {
    let negated = |v: &Vec<f64>| v.iter().map(|p| -p).collect::<Vec<f64>>();
    let none = |things: usize| vec![vec![0.0; problem.steps]; things];
    let (balance, target) = (made.best.marginal.iter().map(negated).collect(), negated(&made.best.pressure));
    let (capacity, other) = (none(problem.sites.len()), none(problem.sites.len()));
    let (nested, pools) = (none(terms.nodes.len()), none(problem.pools.len()));
    Duals { balance, capacity, nested, energy: Vec::new(), target, other, pools }.prices(problem, terms)
}
