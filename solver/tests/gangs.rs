//! Jobs that run in one go, placed from the prices of their relaxation: against branch and bound on small queues, against
//! simplex on the relaxation, and whole queues to a gap.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{
    Account, After, Backend, DemandCharge, Gpus, HighsBackend, Job, Limits, Outcome, Piece, Pin, Pool, PreviousPlan,
    PriorStart, Problem, RawStatus, Searched, Status, Storage, StructuredBackend, as_submitted, baseline, check_plan,
    continue_previous, relaxed_model, solve_from, solve_with,
};
use ids::{AccountIndex, Index, JobIndex, PoolIndex, SiteIndex, WorkIndex};
use std::sync::atomic::{AtomicU64, Ordering};
use support::bench::hour::an_hour_later;
use support::{Random, in_full, near, queue, random, site_list, tiny};

/// Up to fourteen jobs on three sites of two boundaries, some with pools, accounts, a part of a last step, a tail; arrays,
/// some that run already, some with an earlier plan, some that wait. Targets, contracts of a single site, demand charges and
/// storage beside.
fn some(seed: u64) -> Problem {
    let mut problem = random(seed, 24, (seed % 4) as usize);
    let mut r = Random(seed.wrapping_mul(0xD134_2543_DE82_EF95) | 1);
    (0..8).for_each(|_| {
        r.draw();
    });
    for s in 0..3 {
        let available = vec![16.0 + 8.0 * r.index(4) as f64; problem.steps];
        problem.pools.push(Pool { id: format!("p{s}").into(), available, held: Vec::new() });
    }
    problem.accounts.push(Account {
        id: "team".into(),
        max_gpus: Some(24.0),
        gpu_hours: vec![(0, 12, 200.0), (12, 24, 200.0)],
        held: Vec::new(),
    });
    for j in 0..4 + r.index(11) {
        let job = job(&mut r, j, problem.steps);
        problem.jobs.push(job);
    }
    for then in 1..problem.jobs.len() {
        let first = r.index(then);
        if r.index(5) == 0 && problem.jobs[then].running.is_none() {
            let [first, then] = [first, then].map(|number| Piece::Job(JobIndex::new(number)));
            problem.after.push(After { first, then });
        }
    }
    let later: Vec<WorkIndex> = WorkIndex::all(&problem.work).filter(|&w| problem.work[w].later.is_some()).collect();
    if r.index(2) == 0 && !later.is_empty() {
        problem.free_later.push((later, r.between(0.5, 5.0)));
    }
    if r.index(4) == 0 {
        let site = SiteIndex::new(1);
        problem.demand.push(DemandCharge { site, from: 0, to: 24, rate_per_mw: 30.0, before_mw: 12.0 });
    }
    if r.index(4) == 0 {
        problem.storage.push(battery());
    }
    problem
}

fn battery() -> Storage {
    Storage {
        id: "battery".into(),
        site: SiteIndex::new(0),
        charge_mw: 2.0,
        discharge_mw: 2.0,
        energy_mwh: 6.0,
        eff_charge: 0.95,
        eff_discharge: 0.95,
        loss_per_step: 0.001,
        start: hourmatch_solver::Start::Held { clean_mwh: 1.0, other_mwh: 1.0 },
        end_min_mwh: 0.0,
        wear_per_mwh: 1.0,
        after_load: false,
        from_grid: true,
        from_storage: false,
        exclusive: true,
    }
}

fn job(r: &mut Random, j: usize, horizon: usize) -> Job {
    let steps = 1 + r.index(6);
    let running = r.index(10) == 0;
    let release = if running { 0 } else { r.index(horizon - steps) };
    let deadline = (release + steps + r.index(12)).min(horizon);
    // Each site has a pool, of the same number.
    let place = r.index(3);
    let held = r.index(3) > 0;
    let gpus = 8.0 * (1 + r.index(2)) as f64;
    let gpus = held.then(|| {
        let account = (r.index(2) == 0).then_some(AccountIndex::new(0));
        Gpus { pool: PoolIndex::new(place), count: gpus, account }
    });
    let sites = if held || running { site_list(&[place]) } else { site_list(&[0, 1, 2][..1 + r.index(3)]) };
    let prior = (r.index(4) == 0).then(|| PriorStart { site: sites[0], step: release, price: 0.5 });
    let mw = gpus.map_or(r.between(0.2, 2.0), |g| g.count * 0.08);
    Job {
        id: format!("j{j}").into(),
        sites,
        release,
        deadline,
        steps,
        last: if r.index(2) == 0 { 1.0 } else { r.between(0.1, 1.0) },
        mw,
        count: if running { 1 } else { 1 + r.index(3) as u32 },
        miss_price: mw * steps as f64 * r.between(60.0, 600.0),
        tail: r.index(2),
        gpus,
        running: running.then_some(steps),
        prior,
    }
}

fn by_prices(starts: usize) -> StructuredBackend<'static> {
    StructuredBackend { starts, ..StructuredBackend::default() }
}

fn cases() -> u64 {
    if in_full() { 2_000 } else { 60 }
}

#[test]
fn plans_lie_between_their_bound_and_everything_as_submitted() {
    let limits = Limits { gap: 1e-6, ..Limits::default() };
    let (mut placed, mut excess, mut gaps) = (0, 0.0, 0.0);
    for seed in 0..cases() {
        let problem = some(seed);
        if by_prices(1).place_jobs(&problem, &limits, None).is_none() {
            continue;
        }
        placed += 1;
        let (ours, exact, slack) = held_to_branching(seed, &problem, &limits);
        let submitted = baseline(&problem).unwrap();
        assert!(ours.objective <= submitted.objective + slack, "some({seed})");
        let size = spent(&exact);
        excess += (ours.objective - exact.objective) / size;
        gaps += (ours.objective - ours.bound) / size;
    }
    let of = |sum: f64| sum / f64::from(placed);
    println!("{placed} placed: {:.4} above the optimum, {:.4} above the bound", of(excess), of(gaps));
    assert!(u64::try_from(placed).unwrap() * 100 >= cases() * 97, "{placed} placed");
    assert!(of(excess) < 0.02, "{}", of(excess));
}

/// A plan by prices and one by branch and bound, each held to the other's bound but for so much rounding.
fn held_to_branching(seed: u64, problem: &Problem, limits: &Limits) -> (Outcome, Outcome, f64) {
    let ours = solve_with(problem, limits, &by_prices(1)).unwrap_or_else(|e| panic!("some({seed}): {e}"));
    check_plan(problem, &ours).unwrap();
    let exact = solve_with(problem, limits, &HighsBackend).unwrap();
    let slack = 1e-6 * exact.objective.abs().max(1_000.0);
    assert!(ours.bound <= exact.objective + slack, "some({seed}): {} {}", ours.bound, exact.objective);
    assert!(ours.objective >= exact.bound - slack, "some({seed}): {} {}", ours.objective, exact.bound);
    (ours, exact, slack)
}

/// What is paid and earned: terms may cancel.
fn spent(outcome: &Outcome) -> f64 {
    outcome.costs.iter().map(|cost| cost.amount.abs()).sum::<f64>().max(1.0)
}

/// At least: limits are rounded to what gangs can use, and `plans_lie_between_their_bound_and_everything_as_submitted` holds it
/// from above.
#[test]
fn the_bound_is_at_least_that_of_starts_relaxed() {
    for seed in 0..60 {
        let problem = Problem { after: Vec::new(), storage: Vec::new(), ..some(seed) };
        let limits = Limits::default();
        let plan = solve_with(&problem, &limits, &by_prices(1)).unwrap();
        let exact = HighsBackend.solve(&relaxed_model(&problem).unwrap(), &limits).unwrap();
        assert_eq!(exact.status, RawStatus::Optimal);
        let near_enough = 1e-3 * spent(&plan);
        assert!(exact.objective - plan.bound <= near_enough, "some({seed}): {} {}", plan.bound, exact.objective);
    }
}

/// As an explanation asks of divisible work beside jobs: it is held off the steps it has, or in them.
#[test]
fn work_beside_gangs_is_held_where_pins_have_it() {
    let limits = Limits { gap: 1e-6, ..Limits::default() };
    let mut held = 0;
    for seed in 0..40 {
        let mut problem = some(seed);
        let before = solve_with(&problem, &limits, &HighsBackend).unwrap();
        let Some(first) = before.placements.first() else { continue };
        for p in before.placements.iter().filter(|p| p.work == first.work) {
            let mw = if seed % 2 == 0 { 0.0 } else { p.mw };
            let pin = Pin::Place { work: p.work, site: p.site, step: p.step, least_mw: mw, most_mw: mw };
            problem.pins.push(pin);
        }
        if by_prices(1).place_jobs(&problem, &limits, None).is_none() {
            continue;
        }
        held += 1;
        held_to_branching(seed, &problem, &limits);
    }
    assert!(held > 15, "{held} held");
}

/// Forty GPUs hold two gangs of sixteen, not two and a half; by power, three of them need 3 MW and there are 2.9.
#[test]
fn the_bound_knows_that_gangs_are_whole() {
    for (gpus, power) in [(40.0, 10.0), (100.0, 2.9)] {
        let mut problem = tiny(&[10.0]);
        problem.sites[0].it_capacity_mw = vec![problem.sites[0].firm_it_mw[0] + power];
        problem.work.clear();
        problem.pools = vec![Pool { id: "p".into(), available: vec![gpus], held: Vec::new() }];
        problem.jobs = (0..3)
            .map(|j| Job {
                id: format!("j{j}").into(),
                sites: site_list(&[0]),
                deadline: 1,
                steps: 1,
                last: 1.0,
                mw: 1.0,
                count: 1,
                miss_price: 1_000.0,
                gpus: Some(Gpus { pool: PoolIndex::new(0), count: 16.0, account: None }),
                ..Job::default()
            })
            .collect();
        let plan = solve_with(&problem, &Limits { gap: 1e-6, ..Limits::default() }, &by_prices(1)).unwrap();
        let exact = solve_with(&problem, &Limits::default(), &HighsBackend).unwrap();
        assert!(near(plan.objective, exact.objective, 1e-6), "{} {}", plan.objective, exact.objective);
        assert!(near(plan.bound, exact.objective, 1e-4), "{} {}", plan.bound, exact.objective);
    }
}

#[test]
fn a_queue_of_gangs_is_placed_to_a_gap() {
    // Without groups in whole jobs, the first two end at 1 %. From 2 000 jobs on, large ones are placed first: all at once, the
    // third ends at 1.1 %.
    for (seed, jobs, sites, most) in [(1, 1_000, 1, 0.006), (1, 1_000, 10, 0.01), (4, 2_000, 1, 0.008)] {
        let problem = queue(seed, jobs, sites);
        let limits = Limits { gap: 5e-3, ..Limits::default() };
        let plan = solve_with(&problem, &limits, &StructuredBackend::default()).unwrap();
        let missed: u32 = plan.jobs.iter().map(|job| job.missed).sum();
        let submitted: u32 = as_submitted(&problem).jobs.iter().map(|job| job.missed).sum();
        println!("{jobs} on {sites}: gap {:.4}, missed {missed}, as submitted {submitted}", plan.gap);
        assert!(plan.gap <= most, "{jobs} on {sites}: {}", plan.gap);
        assert!(missed <= submitted);
        assert!(near(plan.objective, plan.costs.iter().map(|c| c.amount).sum(), 1e-6));
    }
}

/// Six jobs take all GPU-hours of an account. A seventh is dearer to run than to miss, but a dear job waits for it: it gets the
/// place of one of the six.
#[test]
fn what_a_dear_job_waits_for_gets_its_gpu_hours() {
    let job = |id: &str, (release, deadline, steps): (usize, usize, usize), mw: f64, miss_price: f64| Job {
        id: id.into(),
        sites: site_list(&[0]),
        release,
        deadline,
        steps,
        last: 1.0,
        mw,
        count: 1,
        miss_price,
        gpus: Some(Gpus {
            pool: PoolIndex::new(0),
            count: 8.0,
            account: (id != "dear").then_some(AccountIndex::new(0)),
        }),
        ..Job::default()
    };
    // As submitted, all begin when power is dearest.
    let mut problem = tiny(&[500.0, 500.0, 50.0, 50.0, 50.0, 50.0, 500.0, 50.0, 50.0, 50.0, 50.0, 50.0]);
    problem.pools.push(Pool { id: "p".into(), available: vec![64.0; 12], held: Vec::new() });
    let gpu_hours = vec![(0, 6, 48.0)];
    problem.accounts.push(Account { id: "team".into(), max_gpus: None, gpu_hours, held: Vec::new() });
    problem.jobs = (0..6).map(|j| job(&format!("j{j}"), (0, 6, 1), 0.1, 20.0)).collect();
    problem.jobs.push(job("first", (0, 6, 1), 0.64, 5.0));
    problem.jobs.push(job("dear", (6, 12, 2), 0.5, 500.0));
    problem.after.push(After { first: Piece::Job(JobIndex::new(6)), then: Piece::Job(JobIndex::new(7)) });
    let limits = Limits { search_alone: true, ..Limits::default() };
    let plan = solve_with(&problem, &limits, &by_prices(1)).unwrap();
    check_plan(&problem, &plan).unwrap();
    let missed: Vec<u32> = plan.jobs.iter().map(|job| job.missed).collect();
    assert_eq!((missed[..6].iter().sum::<u32>(), missed[6], missed[7]), (1, 0, 0));
    let exact = solve_with(&problem, &limits, &HighsBackend).unwrap();
    assert!(near(plan.objective, exact.objective, 1e-6), "{} {}", plan.objective, exact.objective);
}

/// An hour later a short search from the plan is enough, unless it ends much further from its bound than the last whole one.
#[test]
fn a_plan_is_made_again_from_the_one_before() {
    let (problem, limits) = (queue(1, 300, 4), Limits { gap: 1e-3, ..Limits::default() });
    let backend = by_prices(1);
    let before = solve_with(&problem, &limits, &backend).unwrap();
    // What was proved by branching is not asked of a short search.
    let relaxed_gap = |plan: &Outcome| (plan.objective - plan.relaxed_bound) / plan.objective.abs();
    assert_eq!(before.searched, Some(Searched { gap: relaxed_gap(&before), short: false }));
    let later = an_hour_later(&problem, 1);
    assert_ne!(later.boundaries, problem.boundaries);
    let jobs: Vec<_> = before.jobs.iter().map(|made| made.starts.clone()).collect();
    let from = |searched_gap: f64| {
        let plan = PreviousPlan { jobs: jobs.clone(), searched_gap: Some(searched_gap), ..PreviousPlan::default() };
        let carried = continue_previous(&later, &plan, &limits, &backend).unwrap();
        let again = solve_from(&later, &limits, &backend, Some(&carried)).unwrap();
        check_plan(&later, &again).unwrap();
        assert!(again.objective <= carried.objective + 1e-6 && again.bound <= again.objective);
        again
    };
    let anew = solve_with(&later, &limits, &backend).unwrap();
    let again = from(0.05);
    println!("before {}, again {}, anew {}", before.gap, again.gap, anew.gap);
    assert_eq!(again.searched, Some(Searched { gap: 0.05, short: true }));
    assert!(again.gap <= anew.gap + 0.02 && again.bound <= anew.objective);
    // No short search ends below its bound: then all is searched, and nothing is lost.
    let whole = from(-1.0);
    assert_eq!(whole.searched, Some(Searched { gap: relaxed_gap(&whole), short: false }));
    assert!(whole.objective <= again.objective.max(anew.objective) + 1e-6 && whole.iterations >= anew.iterations);
}

#[test]
fn the_same_queue_has_the_same_plan_to_the_last_bit() {
    for seed in 0..10 {
        let problem = some(seed);
        let plan = || solve_with(&problem, &Limits::default(), &by_prices(1)).unwrap();
        assert_eq!(plan(), plan(), "some({seed})");
    }
}

/// Accounts limit GPUs, and without a pool nobody holds any.
#[test]
fn accounts_without_pools_limit_nothing() {
    let mut problem = some(5);
    problem.pools.clear();
    problem.jobs.iter_mut().for_each(|job| job.gpus = None);
    let plan = solve_with(&problem, &Limits::default(), &by_prices(1)).unwrap();
    let exact = solve_with(&problem, &Limits::default(), &HighsBackend).unwrap();
    assert!(plan.bound <= exact.objective + 1e-6 * exact.objective.abs().max(1.0));
    check_plan(&problem, &plan).unwrap();
}

/// More teams than the relaxation can tie sites together for: it does without their limits, and the plan keeps them.
#[test]
fn accounts_by_the_hundred_leave_a_bound() {
    let mut problem = queue(1, 300, 4);
    let team = problem.accounts[1].clone();
    problem.accounts = (0..400).map(|a| Account { id: format!("t{a}").into(), ..team.clone() }).collect();
    for (account, job) in problem.jobs.iter_mut().enumerate() {
        let account = Some(AccountIndex::new(account));
        job.gpus = job.gpus.map(|gpus| Gpus { account, ..gpus });
    }
    let backend = by_prices(1);
    assert!(backend.place_jobs(&problem, &Limits::default(), None).is_some());
    let plan = solve_with(&problem, &Limits { gap: 1e-2, ..Limits::default() }, &backend).unwrap();
    assert!(plan.gap < 0.2, "{}", plan.gap);
}

/// Time that is up leaves a plan that passes every check, with a bound.
#[test]
fn time_that_is_up_leaves_a_plan() {
    let problem = queue(3, 200, 2);
    for after in [0, 3, 20, 60] {
        let asked = AtomicU64::new(0);
        let over = || asked.fetch_add(1, Ordering::Relaxed) >= after;
        let backend = StructuredBackend { starts: 1, over: Some(&over), ..StructuredBackend::default() };
        let plan = solve_with(&problem, &Limits::default(), &backend).unwrap();
        assert_eq!(plan.status, Status::TimeLimit, "after {after}");
        assert!(plan.cut_short() && plan.bound <= plan.objective, "after {after}");
        check_plan(&problem, &plan).unwrap();
        assert!(plan.objective <= baseline(&problem).unwrap().objective + 1e-6, "after {after}");
    }
}

/// Where time ends the relaxation that knows limits of accounts, the one before it may prove more: what groups of whole jobs add is
/// added at the prices that it was found at.
#[test]
fn a_relaxation_that_is_cut_short_proves_nothing_untrue() {
    let problem = queue(1, 200, 10);
    let limits = Limits { gap: 1e-2, ..Limits::default() };
    let whole = solve_with(&problem, &limits, &by_prices(1)).unwrap();
    for after in [35, 45] {
        let asked = AtomicU64::new(0);
        let soon = || asked.fetch_add(1, Ordering::Relaxed) >= after;
        let backend = StructuredBackend { starts: 1, soon: Some(&soon), ..StructuredBackend::default() };
        let plan = solve_with(&problem, &limits, &backend).unwrap();
        println!("after {after}: {} {}, whole {} {}", plan.bound, plan.objective, whole.bound, whole.objective);
        assert!(plan.bound <= whole.objective, "after {after}: {} {}", plan.bound, whole.objective);
    }
}
