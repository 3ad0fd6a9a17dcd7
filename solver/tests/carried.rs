//! A plan carried on: into its own problem it is itself, into another it keeps every limit, and a search that is cut short
//! is no worse than what it started from.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{
    After, Backend, BackendError, Before, Checkpoint, Gpus, HighsBackend, Job, Limits, LinearModel, Outcome, Piece,
    Pool, PreviousPlan, PreviousStep, Problem, RawSolution, RawStatus, Run, Status, baseline, check_plan,
    continue_previous, instead_of, solve, solve_from, solve_with,
};
use ids::{Index, JobIndex, PoolIndex, SiteIndex, WorkIndex};
use support::bench::run::plain_run;
use support::small::small;
use support::{hand, near, random, tiny, work};

fn carried(problem: &Problem, previous: &PreviousPlan) -> Outcome {
    let outcome = continue_previous(problem, previous, &Limits::default(), &HighsBackend).unwrap();
    check_plan(problem, &outcome).unwrap();
    outcome
}

#[test]
fn in_its_own_problem_a_plan_is_itself() {
    for (name, problem, optimum) in hand::all() {
        let best = solve(&problem, &Limits { gap: 1e-9, ..Limits::default() }).unwrap();
        let again = carried(&problem, &PreviousPlan::of(&best));
        // Where an event's limit is cheaper to break than to keep, a plan that is made to fit keeps it.
        if name == "event-2" {
            assert!(again.objective >= optimum - 1e-6, "{name}: {}", again.objective);
        } else {
            assert!(near(again.objective, optimum, 1e-6), "{name}: {} is not {optimum}", again.objective);
        }
    }
}

#[test]
fn random_plans_carried_on_keep_every_limit() {
    let mut same = 0;
    for seed in 0..300 {
        let problem = small(seed);
        let best = solve(&problem, &Limits { gap: 1e-9, ..Limits::default() }).unwrap();
        let slack = 1e-6 * best.costs.iter().map(|c| c.amount.abs()).sum::<f64>().max(1.0);
        let again = carried(&problem, &PreviousPlan::of(&best));
        assert!(again.objective >= best.objective - slack, "small({seed})");
        same += usize::from(again.objective <= best.objective + slack);
        // Less room, later releases and nearer deadlines.
        let mut other = problem.clone();
        other.sites.iter_mut().flat_map(|s| &mut s.it_capacity_mw).for_each(|mw| *mw *= 0.9);
        other.work.iter_mut().filter(|w| w.release + 2 < w.deadline).for_each(|w| w.release += 1);
        other.pools.iter_mut().flat_map(|p| &mut p.available).for_each(|gpus| *gpus *= 0.8);
        carried(&other, &PreviousPlan::of(&best));
    }
    // Where a target's price lies between nothing and its shortfall's, supply is not settled as the solver had it.
    assert!(same > 75, "only {same} of 300 plans are themselves");
}

#[test]
fn new_work_is_placed_beside_what_was_there() {
    // 10 MW, prices 10 20 30 40; the previous plan has all of a at 20.
    let mut problem = tiny(&[10.0, 20.0, 30.0, 40.0]);
    problem.work = vec![work("a", &[0], (0, 4), 6.0, 6.0), work("b", &[0], (0, 4), 12.0, 10.0)];
    let (work, site) = (WorkIndex::new(0), SiteIndex::new(0));
    let previous = PreviousPlan {
        placements: vec![hourmatch_solver::Placement { work, site, step: 1, mw: 6.0 }],
        ..PreviousPlan::default()
    };
    // b takes the whole of the first hour and two of the four megawatts that a leaves in the second: 18 MWh at best.
    let outcome = carried(&problem, &previous);
    assert!(near(outcome.objective, 100.0 + 20.0 * 8.0, 1e-6), "{}", outcome.objective);
    assert!(outcome.miss_mwh.iter().all(|mwh| *mwh < 1e-9));
}

/// A pool of 100 GPUs; two jobs of 60 for two hours each.
fn jobs() -> Problem {
    let mut problem = tiny(&[10.0, 10.0, 20.0, 20.0, 30.0, 30.0]);
    problem.pools = vec![Pool { id: "p".into(), available: vec![100.0; 6], ..Pool::default() }];
    let job = |id: &str| Job {
        id: id.into(),
        sites: vec![SiteIndex::new(0)],
        deadline: 6,
        steps: 2,
        last: 1.0,
        mw: 1.0,
        count: 1,
        miss_price: 1e4,
        gpus: Some(Gpus { pool: PoolIndex::new(0), count: 60.0, account: None }),
        ..Job::default()
    };
    problem.jobs = vec![job("a"), job("b")];
    problem
}

fn starts(outcome: &Outcome) -> Vec<Vec<(SiteIndex, usize, u32)>> {
    outcome.jobs.iter().map(|made| made.starts.clone()).collect()
}

#[test]
fn jobs_stay_where_they_fit_and_move_where_they_do_not() {
    let problem = jobs();
    let s = SiteIndex::new(0);
    let previous = PreviousPlan { jobs: vec![vec![(s, 2, 1)], vec![(s, 4, 1)]], ..PreviousPlan::default() };
    assert_eq!(starts(&carried(&problem, &previous)), [vec![(s, 2, 1)], vec![(s, 4, 1)]]);
    // Both at once do not fit: one of them goes to the cheapest hours left.
    let both = PreviousPlan { jobs: vec![vec![(s, 2, 1)], vec![(s, 2, 1)]], ..PreviousPlan::default() };
    let mut found = starts(&carried(&problem, &both)).concat();
    found.sort_unstable();
    assert_eq!(found, [(s, 0, 1), (s, 2, 1)]);
    // b waits for a by now, and was to begin before it.
    let mut waits = problem.clone();
    waits.after = vec![After { first: Piece::Job(JobIndex::new(0)), then: Piece::Job(JobIndex::new(1)) }];
    let early = PreviousPlan { jobs: vec![vec![(s, 2, 1)], vec![(s, 0, 1)]], ..PreviousPlan::default() };
    assert_eq!(starts(&carried(&waits, &early)), [vec![(s, 2, 1)], vec![(s, 4, 1)]]);
    // Of a previous plan that knows none of it, all is new.
    assert_eq!(carried(&problem, &PreviousPlan::default()).jobs.iter().map(|j| j.missed).sum::<u32>(), 0);
}

#[test]
fn a_run_goes_on_as_it_was_and_then_on() {
    let mut problem = tiny(&[10.0; 6]);
    let site = SiteIndex::new(0);
    problem.runs = vec![Run {
        id: "r".into(),
        sites: vec![site],
        deadline: 6,
        rated_mw: 4.0,
        floor: 0.5,
        cap: 1.0,
        lost_price_per_hour: 100.0,
        pause_cost: 1.0,
        save_h: 0.5,
        save_mw: 1.0,
        restart_h: 0.25,
        restart_mw: 2.0,
        paused_mw: 0.5,
        checkpoint: Checkpoint::Steps { every: 4, since: 1 },
        before: Before::On { site, steps: 3 },
        ..plain_run()
    }];
    // Throttled to 3 MW, then 1 MW that trains in half a step and 0.5 of its save; a pause of an hour.
    let at = |step: usize, on: bool, save: bool, mw: f64| PreviousStep { site, step, on, save, mw };
    let steps = vec![at(0, true, false, 3.0), at(1, true, true, 1.5), at(2, false, false, 0.5)];
    let outcome = carried(&problem, &PreviousPlan { runs: vec![steps], ..PreviousPlan::default() });
    let made = &outcome.runs[0];
    let power: Vec<f64> = made.steps.iter().map(|s| (s.mw * 1e6).round() / 1e6).collect();
    // It comes back in a quarter of an hour at 2 MW, and trains at 4 MW for the rest of that step.
    assert_eq!(power, [3.0, 1.5, 0.5, 3.5, 4.0, 4.0]);
    assert_eq!((made.pauses, made.steps[1].save, made.steps[3].start), (1, true, true));
    // A checkpoint was due before the event that is known by now.
    problem.runs[0].save_before = vec![5];
    let steps = vec![at(0, true, false, 4.0), at(1, true, true, 4.0)];
    let saved = carried(&problem, &PreviousPlan { runs: vec![steps], ..PreviousPlan::default() });
    assert!(saved.runs[0].steps[4].save, "{:?}", saved.runs[0].steps);
}

/// Ends every search with integers at the clock, with nothing found but what it was given.
struct Hurried;

impl Backend for Hurried {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Result<RawSolution, BackendError> {
        if !model.has_integers() {
            return HighsBackend.solve(model, limits);
        }
        Ok(RawSolution {
            status: RawStatus::TimeLimit,
            x: Vec::new(),
            row_duals: vec![0.0; model.rows.len()],
            objective: 0.0,
            bound: f64::NEG_INFINITY,
            iterations: 0,
        })
    }
}

#[test]
fn a_search_that_is_cut_short_is_no_worse_than_its_start() {
    let searched = |problem: &Problem| !problem.runs.is_empty() || !problem.after.is_empty();
    let mut better = 0;
    for (name, problem, optimum) in hand::all().into_iter().filter(|h| searched(&h.1)) {
        let best = solve(&problem, &Limits { gap: 1e-9, ..Limits::default() }).unwrap();
        let start = carried(&problem, &PreviousPlan::of(&best));
        let hurried = solve_from(&problem, &Limits::default(), &Hurried, Some(&start)).unwrap();
        assert!(near(hurried.objective, optimum, 1e-6), "{name}: {} is not {optimum}", hurried.objective);
        // As submitted, where there is nothing else to start from.
        let alone = solve_with(&problem, &Limits::default(), &Hurried).unwrap();
        assert!(alone.objective <= baseline(&problem).unwrap().objective + 1e-6, "{name}: {}", alone.objective);
        better += usize::from(alone.objective > optimum + 1e-3);
        for plan in [hurried, alone] {
            assert_eq!((plan.status, plan.reasons[0].code.as_str()), (Status::TimeLimit, "time_limit"), "{name}");
            assert!(plan.bound.is_finite() && plan.relaxed_bound.is_finite() && plan.gap.is_finite(), "{name}");
            assert!(plan.bound <= optimum + 1e-6 * optimum.abs(), "{name}: {} above {optimum}", plan.bound);
        }
    }
    assert!(better >= 4, "starting from a plan helped {better} times");
}

/// A clock that ends everything.
struct Stopped;

impl Backend for Stopped {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Result<RawSolution, BackendError> {
        Ok(RawSolution { status: RawStatus::TimeLimit, x: Vec::new(), ..HighsBackend.solve(model, limits)? })
    }
}

#[test]
fn a_plan_kept_instead_has_the_bound_of_the_search() {
    for (name, problem, optimum) in hand::all() {
        let best = solve(&problem, &Limits { gap: 1e-9, ..Limits::default() }).unwrap();
        let found = solve_with(&problem, &Limits::default(), &Stopped).unwrap();
        let slack = 1e-6 * optimum.abs();
        assert!(found.bound.is_finite() && found.bound <= optimum + slack, "{name}: {}", found.bound);
        let kept = instead_of(&problem, &found, carried(&problem, &PreviousPlan::of(&best))).unwrap();
        check_plan(&problem, &kept).unwrap();
        assert_eq!((kept.status, kept.reasons[0].code.as_str()), (Status::TimeLimit, "time_limit"), "{name}");
        assert!((kept.bound - found.bound).abs() <= slack, "{name}: {} is not {}", kept.bound, found.bound);
        assert_eq!(kept.duals.len(), found.duals.len(), "{name}");
        assert!(kept.gap >= -1e-9 && kept.gap.is_finite(), "{name}: {}", kept.gap);
    }
}

#[test]
fn without_a_solver_a_plan_goes_on_no_worse() {
    for seed in 1..6 {
        // Without targets what given placements cost is settled exactly.
        let problem = Problem { targets: Vec::new(), ..random(seed, 48, 60) };
        let best = solve(&problem, &Limits::default()).unwrap();
        let again = carried(&problem, &PreviousPlan::of(&best));
        let slack = 1e-6 * best.objective.abs().max(1.0);
        assert!(again.objective <= best.objective + slack, "{} after {}", again.objective, best.objective);
        assert!(again.objective <= baseline(&problem).unwrap().objective);
    }
}
