//! Small problems, two thousand in every run and ten thousand with `HOURMATCH_FULL`: every plan keeps every limit by two checks that know no row, what can only help never
//! costs more, and neither order nor units matter. How many of them bite is measured.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{Duals, Limits, Outcome, Problem, Status, check_plan, solve};
use support::in_full;
use support::recheck::recheck;
use support::small::small;

fn problems() -> u64 {
    if in_full() { 10_000 } else { 2_000 }
}

/// Relative to all that is paid and earned: terms may cancel.
const TOLERANCE: f64 = 1e-6;

/// Of how many problems something is true.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    solved: usize,
    /// A MW more of some capacity would be worth something.
    capped: usize,
    /// Energy is missed.
    missed: usize,
    /// A target is met exactly, at a price between nothing and the shortfall's.
    interior: usize,
    /// What was changed changed the optimum.
    moved: [usize; KINDS],
}

const KINDS: usize = 7;

/// What the k-th change is, by its index.
const NAMES: [&str; KINDS] = [
    "later deadlines",
    "more power for work",
    "more contract",
    "more connection",
    "work in another order",
    "other units of energy",
    "other units of money",
];

fn solved(problem: &Problem) -> Result<Outcome, String> {
    let outcome = solve(problem, &Limits { gap: 1e-9, ..Limits::default() }).map_err(|e| e.to_string())?;
    let proved = outcome.objective - outcome.bound <= TOLERANCE * size(&outcome);
    if proved && matches!(outcome.status, Status::Optimal | Status::Feasible) {
        return Ok(outcome);
    }
    Err(format!("{:?}: objective {}, bound {}", outcome.status, outcome.objective, outcome.bound))
}

fn size(outcome: &Outcome) -> f64 {
    outcome.costs.iter().map(|c| c.amount.abs()).sum::<f64>().max(1.0)
}

fn scale<'a>(values: impl IntoIterator<Item = &'a mut f64>, k: f64) {
    values.into_iter().for_each(|v| *v *= k);
}

/// A change by its index, and what multiple of the objective it should make; none where it may only lower it.
fn changed(problem: &Problem, kind: usize) -> (Problem, Option<f64>) {
    let mut p = problem.clone();
    match kind {
        0 => p.work.iter_mut().for_each(|w| w.deadline = (w.deadline + 1 + w.deadline % 3).min(p.steps)),
        1 => scale(p.work.iter_mut().map(|w| &mut w.max_mw), 1.3),
        2 => scale(p.contracts.iter_mut().flat_map(|c| &mut c.available_mw), 1.3),
        3 => scale(p.sites.iter_mut().flat_map(|s| &mut s.grid_limit_mw), 1.2),
        4 => p.work.reverse(),
        5 => {
            energy(&mut p, 1.7);
            prices(&mut p, 1.0 / 1.7);
        }
        _ => {
            prices(&mut p, 0.6);
            scale(p.jobs.iter_mut().map(|j| &mut j.miss_price), 0.6);
        }
    }
    let multiple = match kind {
        0..=3 => None,
        4 | 5 => Some(1.0),
        _ => Some(0.6),
    };
    (p, multiple)
}

/// Every MW and MWh times k.
fn energy(p: &mut Problem, k: f64) {
    for s in &mut p.sites {
        let series = [
            &mut s.overhead_mw,
            &mut s.firm_it_mw,
            &mut s.firm_peak_it_mw,
            &mut s.it_capacity_mw,
            &mut s.grid_limit_mw,
        ];
        series.into_iter().for_each(|values| scale(values, k));
        scale(s.ramp.iter_mut().flat_map(|r| [&mut r.mw_per_step, &mut r.before_mw]), k);
    }
    scale(p.contracts.iter_mut().flat_map(|c| &mut c.available_mw), k);
    scale(p.work.iter_mut().flat_map(|w| [&mut w.energy_mwh, &mut w.max_mw]), k);
    scale(p.work.iter_mut().filter_map(|w| w.later.as_mut()).map(|l| &mut l.max_mwh), k);
    scale(p.targets.iter_mut().flat_map(|t| [&mut t.load_elsewhere_mwh, &mut t.unmatched_elsewhere_mwh]), k);
    scale(p.events.iter_mut().map(|e| &mut e.max_mw), k);
    scale(p.limits.iter_mut().flat_map(|l| &mut l.max_mw), k);
    scale(p.demand.iter_mut().map(|d| &mut d.before_mw), k);
    scale(p.jobs.iter_mut().map(|j| &mut j.mw), k);
    for s in &mut p.storage {
        scale([&mut s.charge_mw, &mut s.discharge_mw, &mut s.energy_mwh, &mut s.end_min_mwh], k);
        if let hourmatch_solver::Start::Held { clean_mwh, other_mwh } = &mut s.start {
            scale([clean_mwh, other_mwh], k);
        }
    }
}

/// Every price of a MW or MWh times k. What missing a job costs is no such price: it is a sum.
fn prices(p: &mut Problem, k: f64) {
    scale(p.boundaries.iter_mut().flat_map(|b| &mut b.buy_per_mwh), k);
    scale(p.contracts.iter_mut().flat_map(|c| &mut c.sell_per_mwh), k);
    scale(p.work.iter_mut().map(|w| &mut w.miss_price_per_mwh), k);
    scale(p.work.iter_mut().filter_map(|w| w.later.as_mut()).map(|l| &mut l.cost_per_mwh), k);
    scale(p.targets.iter_mut().map(|t| &mut t.shortfall_price_per_mwh), k);
    scale(p.demand.iter_mut().map(|d| &mut d.rate_per_mw), k);
    scale(p.storage.iter_mut().map(|s| &mut s.wear_per_mwh), k);
    let policy = &mut p.policy;
    let ladder = [
        &mut policy.carbon_price_per_t,
        &mut policy.delay_price_per_mwh_step,
        &mut policy.overload_price_per_mwh,
        &mut policy.event_price_per_mwh,
        &mut policy.class_price_per_mwh,
    ];
    scale(ladder, k);
}

fn one(seed: u64, counts: &mut Counts) -> Result<(), String> {
    let problem = small(seed);
    let outcome = solved(&problem)?;
    check_plan(&problem, &outcome).map_err(|e| e.to_string())?;
    let cost = recheck(&problem, &outcome)?;
    let near = TOLERANCE * size(&outcome);
    if (cost - outcome.objective).abs() > near {
        return Err(format!("the plan costs {cost}, {} is claimed", outcome.objective));
    }
    let duals = Duals::new(&problem, &outcome.duals);
    let missed: f64 = outcome.miss_mwh.iter().sum();
    counts.solved += 1;
    counts.capped += usize::from(duals.capacity.iter().flatten().any(|dual| *dual < -1e-6));
    counts.missed += usize::from(missed > 1e-6 || outcome.jobs.iter().any(|j| j.missed > 0));
    counts.interior += usize::from(duals.target.iter().zip(&problem.targets).any(|(dual, target)| {
        let most = target.shortfall_price_per_mwh;
        -dual > 1e-6 * most && -dual < (1.0 - 1e-6) * most
    }));
    let kind = (seed % KINDS as u64) as usize;
    let (other, multiple) = changed(&problem, kind);
    let again = solved(&other).map_err(|e| format!("{}: {e}", NAMES[kind]))?;
    let excess = again.objective - multiple.unwrap_or(1.0) * outcome.objective;
    let wrong = match multiple {
        None => excess > near + TOLERANCE * size(&again),
        Some(_) => excess.abs() > near + TOLERANCE * size(&again),
    };
    if wrong {
        return Err(format!("{}: {} becomes {}", NAMES[kind], outcome.objective, again.objective));
    }
    counts.moved[kind] += usize::from((again.objective - outcome.objective).abs() > near);
    Ok(())
}

/// Every `stride`-th seed from a first one.
fn stretch(first: u64, stride: u64) -> Result<Counts, String> {
    let mut counts = Counts::default();
    for seed in (first..problems()).step_by(stride as usize) {
        one(seed, &mut counts).map_err(|e| format!("small({seed}): {e}"))?;
    }
    Ok(counts)
}

fn together(all: &[Counts]) -> Counts {
    let mut sum = Counts::default();
    for c in all {
        sum.solved += c.solved;
        sum.capped += c.capped;
        sum.missed += c.missed;
        sum.interior += c.interior;
        sum.moved.iter_mut().zip(c.moved).for_each(|(sum, more)| *sum += more);
    }
    sum
}

#[test]
fn random_problems_are_solved_and_proved() {
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get() as u64);
    let all: Vec<Result<Counts, String>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|first| scope.spawn(move || stretch(first, threads))).collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let all: Vec<Counts> = all.into_iter().collect::<Result<_, String>>().unwrap_or_else(|e| panic!("{e}"));
    let sum = together(&all);
    println!("{sum:?}");
    let share = |count: usize| count as f64 / problems() as f64;
    assert_eq!(sum.solved as u64, problems());
    assert!(share(sum.capped) >= 0.7, "a capacity binds in {}", share(sum.capped));
    assert!(share(sum.missed) >= 0.3, "energy is missed in {}", share(sum.missed));
    assert!(share(sum.interior) >= 0.2, "a target price is interior in {}", share(sum.interior));
    // A change that changed nothing anywhere would prove nothing.
    for kind in 0..4 {
        assert!(sum.moved[kind] * KINDS > sum.solved / 10, "{} helped {} times", NAMES[kind], sum.moved[kind]);
    }
}

/// The second check is no rubber stamp: a plan with one thing changed is refused.
#[test]
fn a_changed_plan_is_refused() {
    let lies: [fn(&mut Outcome); 6] = [
        |o| o.placements[0].mw += 0.01,
        |o| o.placements[0].step = usize::MAX,
        |o| o.miss_mwh[0] += 0.01,
        |o| o.grid_mw[0][0] += 0.01,
        |o| o.used_mw[0][0] = -0.01,
        |o| o.placements.clear(),
    ];
    let mut told = 0;
    for seed in 0..40 {
        let problem = small(seed);
        let outcome = solved(&problem).unwrap();
        recheck(&problem, &outcome).unwrap();
        if outcome.placements.is_empty() {
            continue;
        }
        for (at, lie) in lies.iter().enumerate() {
            let mut other = outcome.clone();
            lie(&mut other);
            assert!(recheck(&problem, &other).is_err(), "small({seed}): lie {at} is believed");
            told += 1;
        }
    }
    assert!(told > 100, "{told}");
}
