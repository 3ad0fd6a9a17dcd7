//! What one MW more of a contract, a connection or a storage is worth: its duals say what solving again says.
//!
//! The optimum is convex in a limit, so the value by the duals lies between what a little less costs and what a little more
//! brings; where these agree to 1 %, so does it. A hundredth of a MW: kinks lie closer together than a whole one.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{HighsBackend, Limits, LinearModel, Outcome, Problem, model, relaxed_model, solve, solve_with};
use std::collections::BTreeMap;
use support::{bench, in_full, instance, near, tiny, work};

const STEP_MW: f64 = 0.01;

/// Changes a problem by so many MW (or MWh).
type Change = Box<dyn Fn(&mut Problem, f64)>;

const LIMITS: Limits =
    Limits { iterations: None, seconds: None, gap: 1e-9, nodes: None, only_cost: false, search_alone: false };

fn planned(problem: &Problem) -> Outcome {
    solve(problem, &LIMITS).unwrap()
}

/// What the least plan costs. By simplex: a difference of two costs over a hundredth of a MW needs every digit.
fn least_cost(problem: &Problem) -> f64 {
    solve_with(problem, &LIMITS, &HighsBackend).unwrap().objective
}

/// The model that the outcome's duals belong to.
fn stated(problem: &Problem) -> LinearModel {
    let integers = !problem.runs.is_empty() || !problem.jobs.is_empty();
    if integers { model(problem).unwrap() } else { relaxed_model(problem).unwrap() }
}

/// A dual, and the limit of its row that it belongs to; none where it is a solver's zero.
fn pressing(row: &hourmatch_solver::Row, y: f64) -> Option<(f64, f64)> {
    let limit = if y > 0.0 { row.lower } else { row.upper };
    (y != 0.0 && limit.is_finite()).then_some((y, limit))
}

/// `constant + cost'x + sum y*(limit - row of x)`: the objective where x and y are optimal, and by the envelope theorem its
/// rate of change where the model is changed under them.
fn saddle(model: &LinearModel, x: &[f64], y: &[f64]) -> f64 {
    let mut value = model.objective(x);
    for ((row, entries), y) in model.by_row().zip(y) {
        if let Some((y, limit)) = pressing(row, *y) {
            value += y * (limit - entries.iter().map(|e| e.value * x[e.column as usize]).sum::<f64>());
        }
    }
    value
}

/// The least the Lagrangian can be for these duals: no plan costs less.
fn least(model: &LinearModel, y: &[f64]) -> f64 {
    let mut value = model.constant;
    let mut reduced: Vec<f64> = model.columns.iter().map(|c| c.cost).collect();
    for ((row, entries), y) in model.by_row().zip(y) {
        if let Some((y, limit)) = pressing(row, *y) {
            value += y * limit;
            entries.iter().for_each(|e| reduced[e.column as usize] -= y * e.value);
        }
    }
    for (column, cost) in model.columns.iter().zip(reduced) {
        let at = if cost >= 0.0 { column.lower } else { column.upper };
        value += if at.is_finite() { cost * at } else { 0.0 };
    }
    value
}

/// What a MW more is worth by the duals: what stands at a bound moves with it.
fn by_duals(problem: &Problem, outcome: &Outcome, changed: &Problem) -> f64 {
    let (before, after) = (stated(problem), stated(changed));
    assert_eq!((before.rows.len(), before.columns.len()), (after.rows.len(), after.columns.len()));
    let held = saddle(&before, &outcome.x, &outcome.duals);
    assert!(near(held, outcome.objective, 1e-6), "the duals say {held}, the plan {}", outcome.objective);
    let bounds = before.columns.iter().zip(&after.columns).zip(&outcome.x);
    // An interior-point answer comes near its bounds and no nearer.
    let full = |upper: f64, x: f64| upper.is_finite() && (x - upper).abs() <= 1e-6 * upper.abs().max(1.0);
    let moved: Vec<f64> = bounds.map(|((old, new), x)| if full(old.upper, *x) { new.upper } else { *x }).collect();
    (held - saddle(&after, &moved, &outcome.duals)) / STEP_MW
}

/// Every value lies between its two re-solves; counts those that are worth something and agree with them to 1 %.
fn bracketed(name: &str, problem: &Problem, changes: &[(&str, Change)]) -> usize {
    let planned = planned(problem);
    let base = least_cost(problem);
    let mut close = 0;
    for (what, change) in changes {
        let shifted = |mw: f64| {
            let mut changed = problem.clone();
            change(&mut changed, mw);
            changed
        };
        let (less, more) = (shifted(-STEP_MW), shifted(STEP_MW));
        let brings = (base - least_cost(&more)) / STEP_MW;
        let costs = (least_cost(&less) - base) / STEP_MW;
        let worth = by_duals(problem, &planned, &more);
        println!("{name}: {what}: {brings} <= {worth} <= {costs}");
        let slack = 1e-4 * worth.abs() + 1e-9 * base.abs().max(1.0) / STEP_MW;
        assert!(brings - slack <= worth && worth <= costs + slack, "{name} {what}: {brings} <= {worth} <= {costs}");
        if costs - brings <= 0.01 * brings.abs() {
            assert!((worth - brings).abs() <= 0.01 * brings.abs() + slack, "{name} {what}: {worth}, again {brings}");
            close += usize::from(worth > 1.0);
        }
    }
    close
}

/// A MW more on average, in the same shape.
fn contract(index: usize) -> Change {
    Box::new(move |p, mw| {
        let available = &mut p.contracts[index].available_mw;
        let mean = available.iter().sum::<f64>() / available.len() as f64;
        available.iter_mut().for_each(|v| *v *= 1.0 + mw / mean);
    })
}

fn connection(site: usize) -> Change {
    Box::new(move |p, mw| p.sites[site].grid_limit_mw.iter_mut().for_each(|v| *v += mw))
}

#[test]
fn a_storage_its_contract_and_its_connection() {
    let Some(path) = instance("storage-target.json") else { return };
    let power: fn(&mut Problem, f64) = |p, mw| {
        p.storage[0].charge_mw += mw;
        p.storage[0].discharge_mw += mw;
    };
    let energy: fn(&mut Problem, f64) = |p, mwh| p.storage[0].energy_mwh += mwh;
    let changes: [(&str, Change); 4] = [
        ("contract", contract(0)),
        ("connection", connection(0)),
        ("storage power", Box::new(power)),
        ("storage energy", Box::new(energy)),
    ];
    let mut problem = bench::load(&path).unwrap().problem;
    let close = bracketed("as it stands", &problem, &changes);
    assert!(close >= 3, "contract, power and energy are worth something: {close}");
    // A connection that binds.
    problem.sites[0].grid_limit_mw.fill(46.0);
    let close = bracketed("behind 46 MW", &problem, &changes);
    assert!(close >= 4, "each of the four is worth something: {close}");
}

#[test]
fn contracts_and_connections_of_two_boundaries() {
    let Some(path) = instance("two-boundary-target.json") else { return };
    let changes: [(&str, Change); 5] = [
        ("contract east", contract(0)),
        ("contract west", contract(1)),
        ("connection e1", connection(0)),
        ("connection e2", connection(1)),
        ("connection w1", connection(2)),
    ];
    let close = bracketed("two boundaries", &bench::load(&path).unwrap().problem, &changes);
    assert!(close >= 3, "both contracts and the connection of w1 are worth something: {close}");
}

#[test]
fn the_contract_of_a_training_run() {
    let Some(path) = instance("training-run.json") else { return };
    let changes: [(&str, Change); 2] = [("contract", contract(0)), ("connection", connection(0))];
    // With the integers where they are: so little more moves none of them.
    let close = bracketed("training run", &bench::load(&path).unwrap().problem, &changes);
    assert!(close >= 1, "{close}");
}

#[test]
fn contracts_of_five_hundred_jobs() {
    let Some(path) = instance("jobs-500-target.json.gz") else { return };
    let mut changes: Vec<(&str, Change)> =
        vec![("first", contract(0)), ("second", contract(1)), ("third", contract(2))];
    // Two solves of many seconds for each.
    let full = in_full();
    changes.truncate(if full { 3 } else { 1 });
    let close = bracketed("jobs", &bench::load(&path).unwrap().problem, &changes);
    assert!(close >= if full { 2 } else { 1 }, "{close}");
}

/// An hour more for every piece of work.
fn slack(problem: &Problem) -> Problem {
    let mut changed = problem.clone();
    let hour = (1.0 / problem.step_hours).round() as usize;
    changed.work.iter_mut().for_each(|w| w.deadline = (w.deadline + hour).min(problem.steps));
    changed
}

#[test]
fn an_hour_of_slack_by_hand() {
    let worth = |prices: &[f64], mwh: f64| {
        let mut p = tiny(prices);
        p.work.push(work("w", &[0], (0, 2), mwh, 5.0));
        least_cost(&p) - least_cost(&slack(&p))
    };
    // 5 MWh from 50 to 10.
    assert!(near(worth(&[50.0, 50.0, 10.0], 5.0), 200.0, 1e-9));
    // 5 MWh stay at 20; 3 go from 60 to 30, and the 5 after that are out of reach.
    assert!(near(worth(&[20.0, 60.0, 30.0, 5.0], 8.0), 90.0, 1e-9));
}

/// More steps are more columns: the duals know no rate for them, but they bound what they can be worth.
#[test]
fn an_hour_of_slack_is_worth_no_more_than_the_duals_allow() {
    for name in ["storage-target.json", "two-boundary-target.json", "jobs-500.json.gz"] {
        let Some(path) = instance(name) else { return };
        let problem = bench::load(&path).unwrap().problem;
        let (base, more) = (planned(&problem), slack(&problem));
        let worth = base.objective - planned(&more).objective;
        let known: BTreeMap<String, f64> =
            stated(&problem).rows.iter().zip(&base.duals).map(|(row, y)| (format!("{:?}", row.kind), *y)).collect();
        let wider = stated(&more);
        let y: Vec<f64> =
            wider.rows.iter().map(|r| known.get(&format!("{:?}", r.kind)).copied().unwrap_or(0.0)).collect();
        let most = base.objective - least(&wider, &y);
        println!("{name}: an hour is worth {worth}, at most {most}");
        let rounding = 1e-6 * base.objective.abs();
        assert!(worth > 1.0 && worth <= most + rounding, "{name}: {worth} of at most {most}");
    }
}
