//! Many jobs that run in one go, and training beside them: starts relaxed for a bound and prices, each run's schedule and a
//! search of starts from there, and everything else solved around them. The plan is read and checked as any other; its bound
//! is proved from the relaxation's duals, job by job and run by run.

use super::backend::{Earlier, Limits, Placed, tell};
use super::fixed::{solve_fixed, with_fixed};
use super::highs::HighsBackend;
use super::integers::{fix_jobs, integer_values};
use super::read::{Solved, Task, ended, read};
use crate::gangs::{
    Relaxed, THOROUGH, WHOLE, improve, large, lost_in_parts, relax, search_again, search_large_first, search_several,
    searches, with_runs_fixed,
};
use crate::heuristic::{Decisions, Stopped, as_submitted, unsolved};
use crate::interior::Until;
use crate::model::{
    Column, ColumnKind, LinearModel, Part, RawSolution, RawStatus, Starts, StorageIntegers, Terms, rules, rules::pins,
};
use crate::outcome::{JobOutcome, Outcome, RunOutcome};
use crate::problem::{Piece, Problem};
use crate::progress::{Progress, Stage};
use ids::SiteIndex;
use std::cell::Cell;

/// Starts from which branch and bound is not tried, and from which it begins with what is placed here.
pub(super) const MANY: usize = 5_000;
pub(super) const SOME: usize = 1_000;

/// Part of the gap asked for that the relaxation may leave, and the least it is asked to.
const OF_GAP: f64 = 0.1;
const RELAXED_GAP: f64 = 1e-4;

/// How near its optimum a run's schedule is, nodes of branch and bound it may take, and part of the time limit.
const RUN_GAP: f64 = 1e-3;
const RUN_NODES: u64 = 200;
const OF_TIME: f64 = 0.1;

/// The gap to which a group is bounded, of twice what the plan costs there beyond the relaxation.
const GROUP_GAP: f64 = 0.05;

/// A step of training is as hard to search as so many starts.
const STARTS_PER_STEP: usize = 3;

/// Whether a problem's jobs, and its training beside them, are many, and nothing else in it needs a search.
pub(super) fn takes(problem: &Problem, many: usize) -> bool {
    starts(problem) >= many.max(1) && depend_alone(problem) && problem.work.iter().all(|work| work.gpus.is_none())
}

/// Starts of jobs, and what training beside them counts as.
pub(super) fn starts(problem: &Problem) -> usize {
    let of_jobs: usize = problem.jobs.iter().map(|job| job.starts().len() * job.sites.len()).sum();
    let of_runs: usize = problem.runs.iter().map(|run| run.window().len() * run.sites.len()).sum();
    if of_jobs > 0 { of_jobs + STARTS_PER_STEP * of_runs } else { 0 }
}

/// Whether jobs wait for jobs only, and nothing for anything else.
pub(super) fn depend_alone(problem: &Problem) -> bool {
    problem.after.iter().all(|a| matches!((a.first, a.then), (Piece::Job(_), Piece::Job(_))))
}

/// Whether time is up: for the relaxation, and for all.
#[derive(Clone, Copy)]
pub(super) struct Clocks<'a> {
    pub relaxing: Option<&'a (dyn Fn() -> bool + Sync)>,
    pub all: Option<&'a (dyn Fn() -> bool + Sync)>,
}

impl Clocks<'_> {
    fn is_over(self) -> bool {
        self.all.is_some_and(|over| over())
    }
}

/// None where the method gives up.
pub(super) fn place(
    problem: &Problem,
    terms: &Terms,
    limits: &Limits,
    (earlier, clocks, told): (Option<Earlier<'_>>, Clocks<'_>, Option<&Progress>),
) -> Option<Placed> {
    let at = |stage: Stage| told.into_iter().for_each(|progress| progress.at(stage));
    at(Stage::Pricing);
    let rigid = if problem.runs.is_empty() { large(problem) } else { None };
    let mut priced = relax(problem, terms, rigid.as_deref(), relaxing(limits, clocks.relaxing))?;
    let runs = priced.train(problem, &|model| schedule(model, limits, clocks));
    let judge = Judge { problem, terms, priced: &priced, runs: &runs, bound: Cell::new(priced.bound), limits, told };
    judge.tell(None);
    let stands = |earlier: &Earlier<'_>| {
        let judge = Judge { runs: earlier.runs, bound: judge.bound.clone(), ..judge };
        earlier.left_by_short && judge.within(earlier.allowed, earlier.jobs)
    };
    if let Some(Earlier { jobs, runs, .. }) = earlier.filter(stands) {
        let (jobs, runs, stopped) = (jobs.to_vec(), runs.to_vec(), stopped(&priced.status, false));
        return Some(Placed { jobs, runs, stopped, again: true, ..Placed::of(&priced) });
    }
    let trained = beside_runs(problem, &runs);
    let (of_jobs, terms_of_jobs) = trained.as_ref().map_or((problem, terms), |(beside, terms)| (beside, terms));
    let mut around = None;
    if trained.is_some() {
        // Smaller than the first one, and no search is of use without its prices.
        around = Some(relax(of_jobs, terms_of_jobs, large(of_jobs).as_deref(), relaxing(limits, clocks.all))?);
    }
    let relaxed = around.as_ref().unwrap_or(&priced);
    at(Stage::Placing);
    let (jobs, cut_short) = searched((of_jobs, terms_of_jobs, relaxed), clocks, &judge);
    let (bound, stopped) = (judge.bound.get().max(priced.least), stopped(&relaxed.status, cut_short));
    let iterations = priced.iterations + around.as_ref().map_or(0, |around| around.iterations);
    Some(Placed { jobs, bound, iterations, stopped, runs, ..Placed::of(&priced) })
}

/// Where jobs are placed by a whole search, and whether time ended it. Its first plan says where a better bound is to be had.
fn searched(whole: (&Problem, &Terms, &Relaxed), clocks: Clocks<'_>, judge: &Judge<'_>) -> (Vec<JobOutcome>, bool) {
    let until = relaxing(judge.limits, clocks.all);
    let good = |jobs: &[JobOutcome]| judge.is_good(jobs);
    let found = |jobs: Vec<JobOutcome>| {
        good(&jobs);
    };
    let found = judge.tells_of_plans().then_some(&found as &dyn Fn(Vec<JobOutcome>));
    let by_size = search_large_first(whole, until);
    let large_first = by_size.is_some();
    let (first, cut_short) =
        by_size.unwrap_or_else(|| search_several(whole, (1, searches(whole.0)), &WHOLE, (clocks.all, found)));
    if cut_short || good(&first) {
        return (first, cut_short);
    }
    judge.raise(&first, clocks);
    if good(&first) {
        return (first, false);
    }
    match improve(whole, (first, large_first), until, &good) {
        (jobs, false) if !good(&jobs) => search_again(whole, &jobs, THOROUGH, clocks.all),
        ended => ended,
    }
}

/// What a whole search is held against.
struct Judge<'a> {
    problem: &'a Problem,
    terms: &'a Terms,
    /// What bounds every plan.
    priced: &'a Relaxed,
    runs: &'a [RunOutcome],
    bound: Cell<f64>,
    limits: &'a Limits,
    told: Option<&'a Progress>,
}

impl Judge<'_> {
    fn tell(&self, objective: Option<f64>) {
        self.told.into_iter().for_each(|progress| progress.searched(objective, Some(self.bound.get())));
    }

    /// Only where it is of use, for it takes time; and where costs are known before all is solved.
    fn tells_of_plans(&self) -> bool {
        self.told.is_some() && decided(self.problem)
    }

    /// Groups of jobs in whole ones raise the bound, as far as a plan leaves something to prove.
    fn raise(&self, made: &[JobOutcome], clocks: Clocks<'_>) {
        let seconds = self.limits.seconds.map(|seconds| OF_TIME * seconds);
        let limits = Limits { gap: GROUP_GAP, iterations: None, seconds, ..*self.limits };
        let ask = |model: &LinearModel, plan: &[f64]| match clocks.is_over() {
            true => None,
            false => HighsBackend.bound_at_root(model, &limits, plan).ok(),
        };
        let lost = lost_in_parts((self.problem, self.terms, self.priced), made, &ask);
        self.bound.set(self.priced.bound + lost);
        self.tell(None);
    }

    /// Tells of a plan, and whether it is so near the bound; where costs are known before all is solved.
    fn within(&self, gap: f64, jobs: &[JobOutcome]) -> bool {
        let objective = cost_if_known(self.problem, self.terms, (jobs, self.runs));
        self.tell(objective);
        objective.is_some_and(|objective| is_within(gap, objective, self.bound.get()))
    }

    fn is_good(&self, jobs: &[JobOutcome]) -> bool {
        self.within(self.limits.gap, jobs)
    }
}

/// How far a relaxation is solved. What that of gangs has on its way is merged from jobs that differ: it proves nothing yet.
pub(super) fn relaxing<'a>(limits: &Limits, over: Option<&'a (dyn Fn() -> bool + Sync)>) -> Until<'a> {
    Until { gap: (OF_GAP * limits.gap).max(RELAXED_GAP), iterations: limits.iterations, over, told: None }
}

/// What ended the relaxation, or the search after it, before it was done.
pub(super) fn stopped(relaxation: &RawStatus, cut_short: bool) -> Option<Stopped> {
    let relaxing = match relaxation {
        RawStatus::Infeasible | RawStatus::Other(_) => None,
        status => Stopped::from_status(status),
    };
    relaxing.or_else(|| cut_short.then(|| Stopped::from_status(&RawStatus::TimeLimit)).flatten())
}

/// The problem of jobs alone, runs being load that nothing moves; none where nothing trains.
pub(super) fn beside_runs(problem: &Problem, runs: &[RunOutcome]) -> Option<(Problem, Terms)> {
    let beside = (!runs.is_empty()).then(|| with_runs_fixed(problem, runs))?;
    let terms = Terms::new(&beside);
    Some((beside, terms))
}

/// The best schedule of one run, and what it costs at least; none where time is up.
pub(super) fn schedule(model: &LinearModel, limits: &Limits, clocks: Clocks<'_>) -> Option<RawSolution> {
    if clocks.is_over() {
        return None;
    }
    let seconds = limits.seconds.map(|seconds| OF_TIME * seconds);
    let limits = Limits { gap: RUN_GAP.min(limits.gap), nodes: Some(RUN_NODES), iterations: None, seconds, ..*limits };
    HighsBackend.solve_small(model, &limits, None).ok()
}

/// The plan with jobs where they were placed, or everything as submitted, or as a previous plan had it: the best of them.
pub(super) fn solve(task: Task<'_>, integers: &StorageIntegers, placed: &Placed, previous: Option<&Outcome>) -> Solved {
    let Task { problem, terms, backend, .. } = task;
    let submitted = as_submitted(problem);
    let found = Decisions { jobs: placed.jobs.clone(), runs: placed.runs.clone(), ..Decisions::default() };
    let priced = |made: Decisions| unsolved::priced_without_storage(problem, terms, made);
    // Both may be from before there were pins.
    let others = previous.into_iter().cloned().chain([priced(submitted)]);
    let others = others.filter(|plan| pins::kept(problem, &plan.jobs));
    let mut best: Option<Outcome> = None;
    let mut stopped = None;
    tell(backend, |progress| progress.at(Stage::Around));
    for plan in [priced(found)].into_iter().chain(others) {
        if costs_are_known(problem) && best.as_ref().is_some_and(|best| best.objective <= plan.objective) {
            continue;
        }
        match around(task, integers, &plan)? {
            Ok(made) if best.as_ref().is_none_or(|best| made.objective < best.objective) => {
                tell(backend, |progress| progress.found(made.objective));
                best = Some(made);
            }
            Ok(_) => {}
            Err(why) => stopped = Some(why),
        }
    }
    let Some(mut outcome) = best else {
        let stopped = stopped.unwrap_or_else(|| Stopped::refused("no plan could be completed".to_string()));
        return Ok(Err(stopped.proved(placed.bound)));
    };
    unsolved::set_bound(&mut outcome, placed.bound);
    outcome.relaxed_bound = placed.relaxed_bound.min(outcome.bound);
    outcome.iterations += placed.iterations;
    ended(&mut outcome, placed.stopped.as_ref());
    Ok(Ok(outcome))
}

/// Without training too, a plan costs what its starts cost: runs may be throttled otherwise than their schedules say.
fn costs_are_known(problem: &Problem) -> bool {
    problem.runs.is_empty() && decided(problem)
}

/// Without divisible work and storage, starts and schedules are a whole plan.
fn decided(problem: &Problem) -> bool {
    problem.work.is_empty() && problem.storage.is_empty()
}

/// Whether a plan that costs so much is so near its bound.
pub(super) fn is_within(gap: f64, cost: f64, bound: f64) -> bool {
    cost - bound <= gap * cost.abs()
}

/// What starts and schedules cost as they are, where they are a whole plan.
pub(super) fn cost_if_known(
    problem: &Problem,
    terms: &Terms,
    (jobs, runs): (&[JobOutcome], &[RunOutcome]),
) -> Option<f64> {
    let made = || Decisions { jobs: jobs.to_vec(), runs: runs.to_vec(), ..Decisions::default() };
    decided(problem).then(|| unsolved::priced_without_storage(problem, terms, made()).objective)
}

/// All else solved around the starts of jobs and the states of training in a plan.
fn around(task: Task<'_>, integers: &StorageIntegers, plan: &Outcome) -> Solved {
    let Task { problem, terms, limits, backend } = task;
    let starts: Vec<Vec<(SiteIndex, usize)>> =
        plan.jobs.iter().map(|made| made.starts.iter().map(|s| (s.0, s.1)).collect()).collect();
    let mut model = rules::formulate_with(problem, terms, integers, Starts::Only(&starts));
    fix_jobs(&mut model, &plan.jobs);
    let given = integer_values(problem, &model, plan);
    let stores = |kind: &ColumnKind| matches!(kind, ColumnKind::Part { part: Part::Charging | Part::AfterLoad, .. });
    let chooses = |column: &Column| column.integer && stores(&column.kind);
    let mut open = with_fixed(&model, &given);
    open.columns.iter_mut().zip(&model.columns).filter(|(_, own)| chooses(own)).for_each(|(open, own)| *open = *own);
    let chosen = open.has_integers().then(|| backend.solve(&open, limits)).and_then(Result::ok);
    let chosen = chosen.map(|raw| raw.x).filter(|x| x.len() == model.columns.len());
    match solve_fixed(with_fixed(&model, &chosen.unwrap_or(given)), limits, backend) {
        Ok((fixed, raw)) => read(problem, terms, &fixed, raw).map(Ok),
        Err(stopped) => Ok(Err(stopped)),
    }
}
