//! The interior-point method against simplex: the same optimum on random problems, whatever else is in them; bounds that
//! hold; the same bytes again.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{
    Backend, Eliminate, HighsBackend, Later, Limits, LinearModel, Outcome, Pin, Placement, Prior, Problem, RawSolution,
    RawStatus, Status, StructuredBackend, certify, check_plan, relaxed_model, solve_with,
};
use ids::{BoundaryIndex, Index, WorkIndex};
use std::sync::atomic::{AtomicU64, Ordering};
use support::bench;
use support::recheck::recheck;
use support::small::small;
use support::{Random, boundary, contract, in_full, instance, near, random, site, work};

fn problems() -> u64 {
    if in_full() { 100_000 } else { 2_000 }
}

fn limits(gap: f64) -> Limits {
    Limits { gap, ..Limits::default() }
}

/// What is paid and earned, since terms may cancel.
fn size(model: &LinearModel, raw: &RawSolution) -> f64 {
    let costs = model.columns.iter().zip(&raw.x).map(|(c, x)| (c.cost * x).abs());
    (model.constant.abs() + costs.sum::<f64>()).max(1.0)
}

#[test]
fn random_problems_have_the_optimum_that_simplex_finds() {
    // By what is eliminated first.
    let (mut taken, mut refused) = ([0, 0], [0, 0]);
    for seed in 0..problems() {
        let problem = small(seed);
        let model = relaxed_model(&problem).unwrap();
        let exact = HighsBackend.solve(&model, &Limits::default()).unwrap();
        assert_eq!(exact.status, RawStatus::Optimal, "small({seed})");
        let slack = 1e-6 * size(&model, &exact);
        for (first, eliminate) in [Eliminate::Pieces, Eliminate::Cells].into_iter().enumerate() {
            let backend = StructuredBackend { eliminate, ..StructuredBackend::default() };
            let Some(raw) = backend.solve_interior(&model, &limits(1e-9)) else {
                refused[first] += 1;
                continue;
            };
            taken[first] += 1;
            let found = format!("small({seed}), {eliminate:?} first: {} {}", raw.objective, exact.objective);
            assert!((raw.objective - exact.objective).abs() <= slack, "{found}");
            assert!(raw.bound <= exact.objective + slack, "{found}, {} is proved", raw.bound);
            certify(&problem, &model, &raw).unwrap_or_else(|e| panic!("{found}: {e}"));
        }
    }
    println!("{taken:?} solved, {refused:?} refused");
    assert!(taken.iter().zip(&refused).all(|(taken, refused)| taken >= &(99 * refused)), "{refused:?} refused");
}

fn by_interior(problem: &Problem, gap: f64) -> Outcome {
    solve_with(problem, &limits(gap), &StructuredBackend { columns: 0, ..StructuredBackend::default() }).unwrap()
}

fn by_simplex(problem: &Problem) -> Outcome {
    solve_with(problem, &Limits::default(), &HighsBackend).unwrap()
}

/// Both plans, which cost the same, ours proved to.
fn agrees(seed: u64, problem: &Problem, gap: f64) -> (Outcome, Outcome) {
    let (ours, exact) = (by_interior(problem, gap), by_simplex(problem));
    assert!(near(ours.objective, exact.objective, 1e-6), "{seed}: {} {}", ours.objective, exact.objective);
    assert!(ours.gap <= 1e-6, "{seed}: {}", ours.gap);
    check_plan(problem, &ours).unwrap();
    recheck(problem, &ours).unwrap();
    (ours, exact)
}

/// A plan of the problem before, to be kept where it can be, and some work that may be left for later.
fn planned_again(seed: u64) -> Problem {
    let mut problem = random(seed, 24, 12);
    let before = by_simplex(&problem);
    for p in &before.placements {
        let price_per_mwh = 0.5 + (p.step % 3) as f64;
        let prior = Prior { site: p.site, step: p.step, mw: 0.8 * p.mw, price_per_mwh };
        problem.work[p.work].prior.push(prior);
    }
    for (w, work) in problem.work.iter_mut().enumerate().filter(|(w, _)| w % 3 == 0) {
        work.later = Some(Later { max_mwh: 0.5 * work.energy_mwh, cost_per_mwh: 20.0 + w as f64 });
    }
    problem.boundaries.iter_mut().flat_map(|b| &mut b.buy_per_mwh).enumerate().for_each(|(k, p)| *p += (k % 5) as f64);
    problem
}

#[test]
fn plans_are_those_of_simplex_where_an_earlier_one_is_kept() {
    for seed in 0..200 {
        let problem = planned_again(seed);
        agrees(seed, &problem, 1e-9);
    }
}

#[test]
fn the_same_problem_has_the_same_plan_to_the_last_bit() {
    for seed in 0..20 {
        let problem = planned_again(seed);
        assert_eq!(by_interior(&problem, 1e-6), by_interior(&problem, 1e-6), "{seed}");
    }
}

/// Large enough that its system is factored in parallel where pieces go first.
#[test]
fn a_plan_does_not_depend_on_how_many_threads_there_are() {
    let problem = bench::generated::named("divisible:3:300:6").unwrap().unwrap();
    for eliminate in [Eliminate::Pieces, Eliminate::Cells] {
        let backend = StructuredBackend { columns: 0, eliminate, ..StructuredBackend::default() };
        let plans = [1, 2, 3].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| solve_with(&problem, &limits(1e-3), &backend).unwrap())
        });
        assert!(plans[0].gap <= 1e-3, "{eliminate:?}: {}", plans[0].gap);
        assert_eq!(plans[0], plans[1], "{eliminate:?}");
        assert_eq!(plans[0], plans[2], "{eliminate:?}");
    }
}

/// Hundreds of pieces, so that what is left after exchanging power among them is few fragments.
#[test]
fn a_queue_is_solved_to_its_gap_in_few_fragments() {
    let Some(path) = instance("jobs-500.json.gz") else { return };
    let problem = bench::load(&path).unwrap().problem;
    let exact = by_simplex(&problem);
    for gap in [1e-3, 1e-4, 1e-6] {
        let ours = by_interior(&problem, gap);
        assert!(ours.gap <= gap, "{}", ours.gap);
        assert!(ours.bound <= exact.objective * (1.0 + 1e-9), "{} {}", ours.bound, exact.objective);
        assert!(ours.objective <= exact.objective * (1.0 + 2.0 * gap), "{} {}", ours.objective, exact.objective);
        assert_eq!(ours.status == Status::Optimal, ours.gap <= 1e-6);
        recheck(&problem, &ours).unwrap();
        let count = |outcome: &Outcome| outcome.placements.len();
        assert!(count(&ours) <= count(&exact) + 2 * 1680, "{} placements, {}", count(&ours), count(&exact));
        // What is not missed at the optimum is not missed by a trace before it.
        let missed = |outcome: &Outcome| {
            let works = problem.work.iter().zip(&outcome.miss_mwh);
            works.filter(|(work, miss)| **miss > 1e-7 * work.energy_mwh).count()
        };
        assert!(gap > 1e-4 || missed(&ours) == missed(&exact), "gap {gap:e}");
        println!("gap {gap:e}: {} iterations, {} placements, simplex {}", ours.iterations, count(&ours), count(&exact));
    }
}

/// An iteration limit ends it with prices that prove a bound all the same.
#[test]
fn what_is_cut_short_still_proves_a_bound() {
    let mut proved = 0;
    for seed in 0..50 {
        let problem = random(seed, 24, 12);
        let exact = by_simplex(&problem);
        let short = Limits { iterations: Some(6), ..limits(1e-9) };
        let model = relaxed_model(&problem).unwrap();
        let raw = StructuredBackend::default().solve_interior(&model, &short).unwrap();
        if raw.status != RawStatus::IterationLimit {
            continue;
        }
        assert!(raw.x.is_empty());
        assert!(raw.bound <= exact.objective + 1e-6 * exact.objective.abs().max(1.0), "{seed}");
        let plan =
            solve_with(&problem, &short, &StructuredBackend { columns: 0, ..StructuredBackend::default() }).unwrap();
        assert_eq!(plan.status, Status::Greedy);
        check_plan(&problem, &plan).unwrap();
        proved += 1;
    }
    assert!(proved > 25, "{proved}");
}

/// So does the clock, asked before each iteration.
#[test]
fn time_that_is_up_ends_it_with_a_bound() {
    let problem = random(7, 24, 12);
    let exact = by_simplex(&problem);
    let asked = AtomicU64::new(0);
    let over = || asked.fetch_add(1, Ordering::Relaxed) >= 5;
    let backend = StructuredBackend { columns: 0, over: Some(&over), ..StructuredBackend::default() };
    let plan = solve_with(&problem, &limits(1e-9), &backend).unwrap();
    assert_eq!((plan.status, asked.into_inner()), (Status::TimeLimit, 6));
    assert!(plan.bound <= exact.objective + 1e-6 * exact.objective.abs().max(1.0));
    check_plan(&problem, &plan).unwrap();
}

/// A boundary without firm load, an outage with power to be kept in it, work without energy and work without power.
fn with_nothing_here_and_there(seed: u64) -> Problem {
    let mut problem = planned_again(seed);
    let steps = problem.steps;
    problem.boundaries.push(boundary("batch", &vec![30.0; steps]));
    let boundary = problem.boundaries.len() - 1;
    problem.sites.push(site("batch", boundary, 0.0, 5.0, steps));
    let batch = problem.sites.len() - 1;
    problem.contracts.push(contract("batch", &[batch], &vec![2.0; steps]));
    problem.contracts.last_mut().unwrap().boundary = BoundaryIndex::new(boundary);
    problem.work.push(work("early", &[batch], (2, 9), 6.0, 2.0));
    problem.work.push(work("no-energy", &[batch], (2, 9), 0.0, 2.0));
    problem.work.push(work("no-power", &[batch], (2, 9), 1.0, 0.0));
    let site = &mut problem.sites[0];
    (6..10).for_each(|t| site.it_capacity_mw[t] = site.firm_it_mw[t].max(site.peak_it_mw(t)));
    problem
}

#[test]
fn rows_that_leave_nothing_have_no_price_of_their_own() {
    for seed in 0..100 {
        let problem = with_nothing_here_and_there(seed);
        let (ours, exact) = agrees(seed, &problem, 1e-8);
        let most = |outcome: &Outcome| outcome.prices.iter().flatten().fold(0.0, |most: f64, p| most.max(p.abs()));
        assert!(most(&ours) <= 2.0 * most(&exact).max(1_000.0), "{seed}: {} {}", most(&ours), most(&exact));
    }
}

/// Energy left for later that days limit: several works, nested and not, and what little room there is for them.
fn limited_by_days(seed: u64) -> Problem {
    let mut problem = planned_again(seed);
    let mut r = Random(seed + 1);
    for (w, work) in problem.work.iter_mut().enumerate() {
        let part = r.between(0.1, 1.0);
        work.later =
            (w % 4 > 0).then_some(Later { max_mwh: part * work.energy_mwh, cost_per_mwh: r.between(0.0, 60.0) });
    }
    let later: Vec<WorkIndex> = WorkIndex::all(&problem.work).filter(|w| problem.work[*w].later.is_some()).collect();
    let sum = |works: &[WorkIndex]| works.iter().map(|w| problem.work[*w].later.unwrap().max_mwh).sum::<f64>();
    let all = sum(&later);
    problem.free_later = match seed % 4 {
        0 => vec![(later.clone(), r.between(0.1, 0.6) * all)],
        1 => vec![(later[..3].to_vec(), r.between(0.0, 0.3) * all), (later.clone(), r.between(0.2, 0.6) * all)],
        2 => vec![(later[..3].to_vec(), 0.0), (later[..5].to_vec(), 0.2 * all), (later.clone(), 0.3 * all)],
        _ => vec![(later[2..6].to_vec(), 0.1 * all), (later[..4].to_vec(), 0.1 * all)],
    };
    problem
}

#[test]
fn what_is_left_for_later_keeps_to_what_is_free_by_a_day() {
    let mut bound = 0;
    for seed in 0..200 {
        let problem = limited_by_days(seed);
        same_by_either_order(seed, &problem);
        let found = by_interior(&problem, 1e-9);
        check_plan(&problem, &found).unwrap();
        let left = |works: &[WorkIndex]| works.iter().map(|w| found.later_mwh[*w]).sum::<f64>();
        bound += problem.free_later.iter().filter(|(works, mwh)| left(works) > 0.999 * mwh).count();
    }
    assert!(bound > 100, "{bound} limits bind");
}

/// By simplex, and by the method in either order: the same cost, a bound that holds, a plan that is certified.
fn same_by_either_order(seed: u64, problem: &Problem) {
    let model = relaxed_model(problem).unwrap();
    let exact = HighsBackend.solve(&model, &Limits::default()).unwrap();
    assert_eq!(exact.status, RawStatus::Optimal, "{seed}");
    let slack = 1e-6 * size(&model, &exact);
    for eliminate in [Eliminate::Pieces, Eliminate::Cells] {
        let backend = StructuredBackend { eliminate, ..StructuredBackend::default() };
        let raw = backend.solve_interior(&model, &limits(1e-8)).unwrap_or_else(|| panic!("{seed} is refused"));
        let found = format!("{seed}, {eliminate:?} first: {} {}", raw.objective, exact.objective);
        assert!((raw.objective - exact.objective).abs() <= slack, "{found}");
        let certified = certify(problem, &model, &raw).unwrap_or_else(|e| panic!("{found}: {e}"));
        assert!((certified.bound - exact.objective).abs() <= slack, "{found}, {} is proved", certified.bound);
    }
}

/// As explanations ask: a piece of work exactly where another plan has it, and one in any steps but its own.
#[test]
fn work_is_held_where_it_is_and_kept_from_where_it_was() {
    for seed in 0..200 {
        let mut problem = if seed % 2 == 0 { planned_again(seed) } else { limited_by_days(seed) };
        let before = by_simplex(&random(seed, 24, 12));
        let of = |w: usize| before.placements.iter().filter(move |p| p.work.get() == w);
        let (held, kept_off) = (seed as usize % 12, (seed as usize + 5) % 12);
        let at =
            |p: &Placement, mw: f64| Pin::Place { work: p.work, site: p.site, step: p.step, least_mw: mw, most_mw: mw };
        if seed % 3 > 0 {
            problem.pins.extend(of(kept_off).map(|p| at(p, 0.0)));
        }
        let work = &problem.work[WorkIndex::new(held)];
        for &site in &work.sites {
            for step in work.release..work.deadline {
                let mw = of(held).find(|p| (p.site, p.step) == (site, step)).map_or(0.0, |p| p.mw);
                let all: f64 = of(held).filter(|p| p.step == step).map(|p| p.mw).sum();
                // Or some of it is free to move.
                if seed % 5 > 0 || mw > 0.0 && all < 0.9 * work.max_mw {
                    let pin = Placement { work: WorkIndex::new(held), site, step, mw };
                    problem.pins.push(at(&pin, mw));
                }
            }
        }
        same_by_either_order(seed, &problem);
        check_plan(&problem, &by_interior(&problem, 1e-9)).unwrap();
    }
}

/// Where a model is just large enough and an iteration takes few operations, the method is asked; elsewhere simplex first: its
/// answer where it is done soon, the method's where it is not.
#[test]
fn simplex_is_given_a_chance_at_models_of_middling_size() {
    let made = |name: &str| relaxed_model(&bench::generated::named(name).unwrap().unwrap()).unwrap();
    let light = made("divisible:1:500:10");
    let raw = StructuredBackend::default().solve_large(&light, &limits(1e-6)).unwrap();
    assert!(raw.iterations < 100 && raw.objective - raw.bound <= 1e-6 * raw.objective, "{}", raw.iterations);
    let easy = made("divisible:1:220:150");
    let raw = StructuredBackend::default().solve_large(&easy, &limits(1e-6)).unwrap();
    assert_eq!(raw.iterations, HighsBackend.solve(&easy, &limits(1e-6)).unwrap().iterations);
    let hard = made("divisible:1:500:80");
    let raw = StructuredBackend::default().solve_large(&hard, &limits(1e-6)).unwrap();
    assert_eq!(raw.status, RawStatus::Optimal);
    assert!(raw.iterations < 100 && raw.objective - raw.bound <= 1e-6 * raw.objective, "{}", raw.iterations);
    // Who asks for so many iterations gets no more of another kind.
    let few = Limits { iterations: Some(10), ..limits(1e-6) };
    assert_eq!(StructuredBackend::default().solve_large(&hard, &few).unwrap().status, RawStatus::IterationLimit);
}
