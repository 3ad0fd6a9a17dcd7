//! Starts relaxed: every job may be in parts at several starts. What that costs no plan can cost less than, and its prices
//! say where jobs belong.

use super::accounts::{self, Kept};
use super::alone::Respond;
use super::beside::Beside;
use super::multiples;
use super::queue::{admissible, queue};
use super::training::Training;
use crate::interior::{self, Curvature, Queue, Sums, Until};
use crate::model::read::report::placements;
use crate::model::{LinearModel, RawStatus, Terms, lagrangian_bound, usable};
use crate::outcome::{JobOutcome, Placement, RunOutcome};
use crate::problem::Problem;
use ids::{Index, SiteIndex};
use std::sync::Arc;

pub(crate) struct Relaxed {
    pub beside: LinearModel,
    /// Of its columns, wherever the method ended.
    pub x: Vec<f64>,
    pub duals: Vec<f64>,
    pub status: RawStatus,
    /// What the relaxation costs.
    objective: f64,
    /// What prices of zero prove, without runs.
    by_none: f64,
    /// The same with runs, where the relaxation was cut short. It stays apart from `bound`, which groups raise at the prices found.
    pub least: f64,
    /// Proved from the duals, job by job; and the same with what branch and bound says of each run.
    pub proved: f64,
    pub bound: f64,
    pub iterations: u64,
    /// By job: its admissible starts, (site, step), how much of it starts there, and what it costs at the prices.
    pub starts: Vec<Vec<(SiteIndex, usize)>>,
    pub parts: Vec<Vec<f64>>,
    pub costs: Vec<Vec<f64>>,
    /// What each start costs beside supply and limits.
    pub own: Vec<Vec<f64>>,
    /// Runs beside the jobs: no part of the bound until they have answered.
    training: Option<Training>,
    /// How the queue gives way, where that was asked for.
    pub curved: Option<Curved>,
    /// Of divisible work.
    pub placements: Vec<Placement>,
}

/// The queue that was relaxed, and how it gives way: all but jobs that are rigid.
pub(crate) struct Curved {
    /// By job.
    pub rigid: Vec<bool>,
    pub queue: Arc<Queue>,
    pub curvature: Curvature,
}

/// What a relaxation keeps of accounts, and where it is asked how the queue gives way, the jobs that do not.
#[derive(Clone, Copy)]
struct Asked<'a> {
    accounts: &'a Kept,
    rigid: Option<&'a [bool]>,
    /// Where runs stay in the states that a plan has them in.
    states: Option<States<'a>>,
}

/// Integers of a model as a plan has them, and who solves the problem of one run.
pub(crate) type States<'a> = (&'a dyn Fn(&LinearModel) -> Vec<f64>, Respond<'a>);

/// How near its optimum a relaxation is solved that only tells which accounts bind, and one that bounds a short search.
const FIRST: f64 = 1e-2;
const ROUGH: f64 = 1e-3;

/// Limits of accounts are kept of which a plan or a relaxation without them takes this part, or the relaxation more than all;
/// where large jobs are placed first, which may take the rest, this smaller part.
const NEAR: f64 = 0.9;
pub(super) const NEAR_ENOUGH: f64 = 0.5;
const PAST: f64 = 1.001;

impl Relaxed {
    /// Each run's best schedule at the prices, as submitted where none was found; and their part of the bound.
    pub fn train(&mut self, problem: &Problem, respond: Respond<'_>) -> Vec<RunOutcome> {
        let Some(training) = self.training.take() else { return Vec::new() };
        let answer = training.answer(problem, (&self.duals, self.objective), respond);
        self.proved += answer.proved;
        self.bound += answer.cost;
        self.prove_no_less_than_none(&training, respond);
        answer.runs
    }

    /// The part of runs in the bound where their schedules stand, without branching.
    pub fn count_runs(&mut self, respond: Respond<'_>) {
        let Some(training) = self.training.take() else { return };
        self.proved += training.proved(&self.duals, respond);
        self.bound = self.proved;
        self.prove_no_less_than_none(&training, respond);
    }

    /// Prices of a relaxation that was cut short may prove less than none.
    fn prove_no_less_than_none(&mut self, training: &Training, respond: Respond<'_>) {
        if self.status != RawStatus::Optimal {
            self.least = self.by_none + training.proved(&vec![0.0; self.duals.len()], respond);
        }
    }
}

/// None where the method gives up. Limits of accounts are kept that a first relaxation without them comes near, which is also
/// what there is where time ends the second; where they tie too much together, the bound does without them.
/// `rigid`: by job whether it is large, where it is asked how all others give way.
pub(crate) fn relax(problem: &Problem, terms: &Terms, rigid: Option<&[bool]>, until: Until<'_>) -> Option<Relaxed> {
    let none = accounts::none(problem);
    let none = Asked { accounts: &none, rigid, states: None };
    if problem.accounts.is_empty() {
        return relax_with(problem, terms, none, until);
    }
    let rough =
        relax_with(problem, terms, Asked { rigid: None, ..none }, Until { gap: until.gap.max(FIRST), ..until })?;
    let part = if rigid.is_some() { NEAR_ENOUGH } else { NEAR };
    let near = accounts::used(problem, (&rough.starts, &rough.parts), part);
    let exact = relax_with(problem, terms, Asked { accounts: &near, ..none }, until);
    let exact = exact.or_else(|| relax_with(problem, terms, none, until));
    let Some(exact) = exact else { return Some(rough) };
    let (iterations, status) = (rough.iterations + exact.iterations, exact.status.clone());
    // One that was cut short may prove less. Without what runs cost, two bounds cannot be compared.
    let better = if exact.training.is_some() || exact.bound > rough.bound { exact } else { rough };
    Some(Relaxed { iterations, status, ..better })
}

/// The same where a plan is known: limits are kept that it comes near, and those that the relaxation then goes past. It says
/// nothing of jobs that run, which need not stand in it.
pub(super) fn relax_near(problem: &Problem, terms: &Terms, plan: &[JobOutcome], until: Until<'_>) -> Option<Relaxed> {
    relax_keeping(problem, terms, (near(problem, plan), None), until)
}

/// Limits of these accounts are kept, and those that the relaxation then goes past.
pub(super) fn relax_keeping(
    problem: &Problem,
    terms: &Terms,
    (mut kept, rigid): (Kept, Option<&[bool]>),
    until: Until<'_>,
) -> Option<Relaxed> {
    let asked = |accounts: &Kept| relax_with(problem, terms, Asked { accounts, rigid, states: None }, until);
    let mut iterations = 0;
    loop {
        let Some(mut found) = asked(&kept) else {
            return asked(&accounts::none(problem));
        };
        iterations += found.iterations;
        let past = accounts::used(problem, (&found.starts, &found.parts), PAST);
        let more = accounts::both(&kept, &past);
        // What ended at a limit would end sooner a second time.
        if more == kept || matches!(found.status, RawStatus::TimeLimit | RawStatus::IterationLimit) {
            found.iterations = iterations;
            return Some(found);
        }
        kept = more;
    }
}

/// Where a plan comes near a limit of an account.
fn near(problem: &Problem, plan: &[JobOutcome]) -> Kept {
    let starts = |made: &JobOutcome| made.starts.iter().map(|s| (s.0, s.1)).collect();
    let counts = |made: &JobOutcome| made.starts.iter().map(|s| f64::from(s.2)).collect();
    let (starts, counts): (Vec<_>, Vec<_>) = plan.iter().map(|made| (starts(made), counts(made))).unzip();
    accounts::used(problem, (&starts, &counts), NEAR)
}

/// The same without limits of accounts, and not as near its optimum: a bound and prices in a fraction of the time. Runs stay in
/// their `states`, at any power: so prices know what power is worth to them.
pub(crate) fn relax_roughly(
    problem: &Problem,
    terms: &Terms,
    states: Option<States<'_>>,
    until: Until<'_>,
) -> Option<Relaxed> {
    let none = accounts::none(problem);
    let asked = Asked { accounts: &none, rigid: None, states };
    relax_with(problem, terms, asked, Until { gap: until.gap.max(ROUGH), ..until })
}

/// The same with the limits of accounts that a plan comes near. `of_jobs`: the problem in which training is load that nothing moves.
pub(crate) fn relax_nearer(
    (problem, of_jobs): (&Problem, &Problem),
    terms: &Terms,
    (plan, states): (&[JobOutcome], Option<States<'_>>),
    until: Until<'_>,
) -> Option<Relaxed> {
    let asked = Asked { accounts: &near(of_jobs, plan), rigid: None, states };
    relax_with(problem, terms, asked, Until { gap: until.gap.max(ROUGH), ..until })
}

fn relax_with(problem: &Problem, terms: &Terms, asked: Asked<'_>, until: Until<'_>) -> Option<Relaxed> {
    let mut beside = Beside::new(problem, terms);
    multiples::round(problem, &mut beside);
    let integers = asked.states.map(|(integers, respond)| (integers(&beside.model), respond));
    let training = Training::taken_from(problem, &mut beside);
    if let (Some(training), Some((integers, respond))) = (&training, integers) {
        training.hold(&integers, respond, &mut beside.model);
    }
    let starts = admissible(problem, terms);
    let merged = Arc::new(queue(problem, &beside, &starts, (true, asked.accounts)));
    let of_gangs = asked.rigid.map(|rigid| merged.gangs.iter().map(|gang| rigid[gang.job.get()]).collect());
    let found = interior::relax(&beside.model, (&merged, of_gangs), until)?;
    let exact = queue(problem, &beside, &starts, (false, asked.accounts));
    let model = training.as_ref().map_or(&beside.model, |training| &training.without);
    let proved = |duals: &[f64]| proved(problem, terms, (model, &exact, &starts), duals);
    // Where the method got stuck, prices that prove less than none would mislead the search.
    let none = vec![0.0; found.beside.row_duals.len()];
    let by_found = proved(&found.beside.row_duals);
    let by_none = proved(&none);
    let by_no_prices = by_none.0;
    // Without what runs cost, it is not known which prove less.
    let (duals, (bound, costs)) = match training.is_none() && by_none.0 > by_found.0 {
        true => (none, by_none),
        false => (found.beside.row_duals, by_found),
    };
    let mut parts: Vec<Vec<f64>> = starts.iter().map(|starts| vec![0.0; starts.len()]).collect();
    for (gang, found) in merged.gangs.iter().zip(found.starts) {
        parts[gang.job] = found;
    }
    let mut own: Vec<Vec<f64>> = vec![Vec::new(); problem.jobs.len()];
    for gang in &exact.gangs {
        own[gang.job] = exact.cost[gang.first..][..gang.starts].to_vec();
    }
    let curved = found.curvature.zip(asked.rigid).map(|(curvature, rigid)| Curved {
        rigid: rigid.to_vec(),
        queue: Arc::clone(&merged),
        curvature,
    });
    Some(Relaxed {
        curved,
        own,
        training,
        placements: placements(&beside.model, &found.beside.x),
        beside: beside.model,
        x: found.beside.x,
        duals,
        status: found.beside.status,
        objective: found.beside.objective,
        by_none: by_no_prices,
        least: f64::NEG_INFINITY,
        bound,
        proved: bound,
        iterations: found.beside.iterations,
        starts,
        parts,
        costs,
    })
}

/// What duals prove, each job taking its cheapest start or being missed; and what each start of each job costs at them.
fn proved(
    problem: &Problem,
    terms: &Terms,
    (model, queue, starts): (&LinearModel, &Queue, &[Vec<(SiteIndex, usize)>]),
    duals: &[f64],
) -> (f64, Vec<Vec<f64>>) {
    // A dual of the wrong sign counts for nothing, in the model and here.
    let used: Vec<f64> = model.rows.iter().zip(duals).map(|(row, &dual)| usable(row, dual).0).collect();
    let worth = |rows: &Vec<(u32, f64)>| rows.iter().map(|&(row, v)| v * used[row as usize]).sum::<f64>();
    let values: Vec<f64> = queue.places.iter().flat_map(|place| place.draws.iter().map(worth)).collect();
    let sums = Sums::new(queue, &values);
    let mut costs: Vec<Vec<f64>> = vec![Vec::new(); problem.jobs.len()];
    let mut bound = lagrangian_bound(terms, problem, model, &used);
    bound += problem.jobs.iter().filter_map(|job| Some(job.prior?.price * f64::from(job.count))).sum::<f64>();
    // What can start nowhere is missed.
    let nowhere = problem.jobs.iter().zip(starts).filter(|(job, starts)| job.running.is_none() && starts.is_empty());
    bound += nowhere.map(|(job, _)| job.miss_price * f64::from(job.count)).sum::<f64>();
    for gang in &queue.gangs {
        let mut own = vec![0.0; gang.starts];
        sums.taken_by(queue, gang, &mut own);
        let cost = &queue.cost[gang.first..][..gang.columns()];
        own.iter_mut().zip(cost).for_each(|(own, cost)| *own = cost - *own);
        bound += gang.count * own.iter().copied().fold(cost[gang.starts], f64::min);
        costs[gang.job] = own;
    }
    (bound, costs)
}
