//! Problems small enough to solve by hand; the arithmetic stands beside each.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{
    After, Allowance, Before, Gpus, Job, Later, Limits, Outcome, Piece, Pool, Problem, Run, Settlement, Status,
    as_submitted, asap, evaluate, greedy, solve,
};
use ids::{Index, JobIndex, PoolIndex, RunIndex, SiteIndex, WorkIndex};
use support::bench::run::plain_run;
use support::{contract, near, site, target, tiny, work};

fn solved(problem: &Problem) -> Outcome {
    solve(problem, &Limits::default()).unwrap()
}

fn optimum(problem: &Problem, expected: f64) -> Outcome {
    let outcome = solved(problem);
    assert_eq!(outcome.status, Status::Optimal);
    assert!(near(outcome.objective, expected, 1e-9), "{}", outcome.objective);
    assert!(near(outcome.bound, expected, 1e-7), "{}", outcome.bound);
    let again = evaluate(problem, &outcome.placements).unwrap();
    assert!(near(again.objective, expected, 1e-9), "{}", again.objective);
    outcome
}

#[test]
fn work_takes_the_cheapest_steps() {
    let mut p = tiny(&[10.0, 30.0, 20.0]);
    // The site carries 10 MW; the work alone could draw 20.
    p.work.push(work("w", &[0], (0, 3), 15.0, 20.0));
    // 10 MWh at 10 and 5 MWh at 20.
    let outcome = optimum(&p, 200.0);
    assert_eq!(outcome.placements.len(), 2);
    // Step 0 is full: one MW of firm load there moves work to step 2, at 20.
    assert!(near(outcome.prices[0][0], 20.0, 1e-9), "{:?}", outcome.prices);
}

#[test]
fn greedy_is_exact_when_nothing_competes() {
    let mut p = tiny(&[10.0, 30.0, 20.0]);
    p.work.push(work("w", &[0], (0, 3), 15.0, 10.0));
    let outcome = greedy(&p).unwrap();
    assert_eq!(outcome.status, Status::Greedy);
    assert!(near(outcome.objective, 200.0, 1e-9));
    assert!(outcome.bound <= 200.0 + 1e-6 && outcome.gap >= 0.0);
    // As early as possible: 10 MWh at 10, 5 MWh at 30.
    let submitted = evaluate(&p, &asap(&p)).unwrap();
    assert!(near(submitted.objective, 250.0, 1e-9));
}

/// Runs of 6 GPUs in a pool of 10: what runs already first, then one after the other, in time or not.
#[test]
fn work_as_submitted_takes_no_more_gpus_than_there_are() {
    let mut p = tiny(&[10.0; 8]);
    p.pools.push(Pool { id: "p".into(), available: vec![10.0; 8], ..Pool::default() });
    let run = |id: &str, before: Before| Run {
        id: id.into(),
        sites: vec![SiteIndex::new(0)],
        deadline: 8,
        rated_mw: 2.0,
        weight: 6.0,
        need_hours: Some(3.0),
        must_hours: 3.0,
        gpus: Some(Gpus { pool: PoolIndex::new(0), count: 6.0, account: None }),
        before,
        ..plain_run()
    };
    p.runs = vec![run("waits", Before::Waiting), run("runs", Before::On { site: SiteIndex::new(0), steps: 5 })];
    p.runs.push(run("late", Before::Waiting));
    let made = as_submitted(&p);
    let on = |r: usize| (0..8).filter(|&t| made.runs[r].steps[t].on).collect::<Vec<usize>>();
    assert_eq!([on(1), on(0), on(2)], [vec![0, 1, 2], vec![3, 4, 5], vec![6, 7]]);
    assert!(near(made.runs[2].late_hours, 1.0, 1e-9) && made.runs[0].late_hours < 1e-9);
    // Where there are not enough for one, it never begins.
    p.pools[0].available = vec![5.0; 8];
    p.runs.truncate(1);
    let made = as_submitted(&p);
    assert!(made.runs[0].steps.iter().all(|s| !s.on && s.site.is_none()));
    assert!(near(made.runs[0].late_hours, 3.0, 1e-9));
}

#[test]
fn contracted_power_comes_first() {
    let mut p = tiny(&[50.0, 20.0]);
    p.contracts.push(contract("c", &[0], &[4.0, 0.0]));
    p.work.push(work("w", &[0], (0, 2), 6.0, 6.0));
    // 4 MWh from the contract, 2 MWh at 20.
    let outcome = optimum(&p, 40.0);
    assert!(near(outcome.used_mw[0][0], 4.0, 1e-9));
    assert!(near(outcome.grid_mw[0][1], 2.0, 1e-9));
}

#[test]
fn physical_surplus_is_sold() {
    let mut p = tiny(&[50.0, 5.0]);
    let mut solar = contract("c", &[0], &[4.0, 0.0]);
    solar.sell_per_mwh = vec![10.0, 0.0];
    p.contracts.push(solar);
    p.work.push(work("w", &[0], (0, 2), 4.0, 4.0));
    // Sells 4 MWh at 10 and runs at 5: -40 + 20.
    optimum(&p, -20.0);
}

#[test]
fn financial_contracts_pay_spot_too() {
    let mut p = tiny(&[30.0]);
    p.boundaries[0].carbon_g_per_kwh = vec![500.0];
    p.policy.carbon_price_per_t = 80.0;
    p.sites[0].firm_it_mw = vec![8.0];
    let mut swap = contract("c", &[0], &[5.0]);
    swap.settlement = Settlement::Financial;
    p.contracts.push(swap);
    // 5 at 30, 3 at 30 + 80 * 500/1000 = 70.
    optimum(&p, 360.0);
}

#[test]
fn a_target_out_of_reach_is_priced() {
    let mut p = tiny(&[20.0]);
    p.sites[0].firm_it_mw = vec![10.0];
    p.targets.push(target(0.9, 200.0, Allowance::UsefulLoad));
    // 10 MWh at 20; allowed (1 - 0.9) * 10 = 1 MWh unmatched, 9 short at 200.
    let outcome = optimum(&p, 2000.0);
    assert!(near(outcome.short_mwh[0], 9.0, 1e-9));
    // A firm MWh costs 20 and 200 for 0.9 of it.
    assert!(near(outcome.prices[0][0], 200.0, 1e-9), "{:?}", outcome.prices);
}

#[test]
fn the_months_past_and_future_count_towards_a_target() {
    let mut p = tiny(&[20.0]);
    p.targets.push(target(0.9, 10.0, Allowance::DrawnLoad));
    p.targets[0].load_elsewhere_mwh = 10_000.0;
    p.targets[0].unmatched_elsewhere_mwh = 1_200.0;
    // planning.md: allowed 0.1 * 10 000 = 1 000, unmatched 1 200: short 200 at 10.
    let outcome = optimum(&p, 2000.0);
    assert!(near(outcome.short_mwh[0], 200.0, 1e-9));
}

#[test]
fn a_site_list_keeps_supply_from_others() {
    let mut p = tiny(&[10.0]);
    p.sites[0].firm_it_mw = vec![3.0];
    p.sites.push(site("t", 0, 5.0, 10.0, 1));
    p.contracts.push(contract("c", &[0], &[10.0]));
    // Site s takes 3 of 10, site t buys 5 at 10.
    let outcome = optimum(&p, 50.0);
    assert!(near(outcome.used_mw[0][0], 3.0, 1e-9));
    // More firm load at s is covered, at t it is bought.
    assert!(near(outcome.prices[0][0], 0.0, 1e-9), "{:?}", outcome.prices);
    assert!(near(outcome.prices[1][0], 10.0, 1e-9));
}

#[test]
fn energy_may_be_left_for_later() {
    let mut p = tiny(&[50.0]);
    let mut w = work("w", &[0], (0, 1), 10.0, 10.0);
    w.later = Some(Later { max_mwh: 4.0, cost_per_mwh: 20.0 });
    p.work.push(w);
    // 6 MWh at 50, 4 MWh later at 20.
    let outcome = optimum(&p, 380.0);
    assert!(near(outcome.later_mwh[0], 4.0, 1e-9));
}

#[test]
fn contracts_alike_share_one_group_and_split_in_order() {
    let mut p = tiny(&[10.0]);
    p.sites[0].firm_it_mw = vec![5.0];
    p.contracts.push(contract("c1", &[0], &[3.0]));
    p.contracts.push(contract("c2", &[0], &[4.0]));
    let outcome = optimum(&p, 0.0);
    assert!(near(outcome.used_mw[0][0], 3.0, 1e-9));
    assert!(near(outcome.used_mw[1][0], 2.0, 1e-9));
}

#[test]
fn a_broken_problem_is_named() {
    let mut p = tiny(&[10.0, 20.0]);
    p.boundaries[0].buy_per_mwh[1] = f64::NAN;
    let error = solve(&p, &Limits::default()).unwrap_err().to_string();
    assert!(error.contains("boundary b buy_per_mwh"), "{error}");
    assert!(error.contains("position 1"), "{error}");
    let mut p = tiny(&[10.0]);
    p.work.push(work("w", &[3], (0, 1), 1.0, 1.0));
    let error = p.check().unwrap_err().to_string();
    assert!(error.contains("work w sites"), "{error}");
}

#[test]
fn overlapping_site_lists_are_refused() {
    let mut p = tiny(&[10.0]);
    p.sites.push(site("t", 0, 0.0, 10.0, 1));
    p.sites.push(site("u", 0, 0.0, 10.0, 1));
    p.contracts.push(contract("c1", &[0, 1], &[1.0]));
    p.contracts.push(contract("c2", &[1, 2], &[1.0]));
    let error = p.check().unwrap_err().to_string();
    assert!(error.contains("c1 and c2"), "{error}");
}

#[test]
fn training_waits_for_work_and_a_job_for_training() {
    let mut p = tiny(&[60.0, 50.0, 40.0, 30.0, 20.0, 10.0]);
    p.work.push(work("w", &[0], (0, 6), 2.0, 1.0));
    p.work[0].miss_price_per_mwh = 1e4;
    let site = SiteIndex::new(0);
    p.runs.push(Run {
        id: "r".into(),
        sites: vec![site],
        deadline: 6,
        rated_mw: 1.0,
        lost_price_per_hour: 1e3,
        need_hours: Some(2.0),
        must_hours: 2.0,
        late_price_per_hour: 1e3,
        ..plain_run()
    });
    let job = Job { id: "j".into(), sites: vec![site], deadline: 6, steps: 1, last: 1.0, mw: 1.0, ..Job::default() };
    p.jobs.push(Job { count: 1, miss_price: 1e4, ..job });
    let (w, r, j) = (WorkIndex::new(0), RunIndex::new(0), JobIndex::new(0));
    let (w, r, j) = (Piece::Work(w), Piece::Run(r), Piece::Job(j));
    // All at once in the two cheapest steps, and the job in the cheapest.
    let free = solved(&p);
    assert!(near(free.objective, 2.0 * 30.0 + 10.0, 1e-9), "{}", free.objective);
    assert!(free.runs[0].steps[4].on);
    // One after another: two steps of energy, two of training, one of the job, in the last five; the first two are least.
    p.after = vec![After { first: w, then: r }, After { first: r, then: j }];
    let outcome = solved(&p);
    assert!(near(outcome.objective, 50.0 + 40.0 + 30.0 + 20.0 + 10.0, 1e-9), "{}", outcome.objective);
    let first = outcome.runs[0].steps.iter().position(|s| s.on);
    assert_eq!((first, outcome.jobs[0].starts[0].1), (Some(3), 5));
    // The work as submitted keeps the order too, and what waits for what never ends never begins.
    let submitted = as_submitted(&p);
    assert_eq!(submitted.runs[0].steps.iter().position(|s| s.on), Some(2));
    assert_eq!(submitted.jobs[0].starts, [(site, 4, 1)]);
    p.work[0].energy_mwh = 20.0;
    let never = solved(&p);
    assert!(never.runs[0].steps.iter().all(|s| !s.on) && never.jobs[0].missed == 1);
    assert!(as_submitted(&p).runs[0].steps.iter().all(|s| !s.on));
}
