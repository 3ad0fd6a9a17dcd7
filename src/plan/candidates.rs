//! The candidates when a search was cut short: what it had found, the previous plan carried on, everything as submitted.
//! Each passes the solver's check; the one that costs least under the new problem is kept, and the plan says which.

use super::common::{Index, ItemIndex, Planned, SiteIndex, Snapshot, WorkIndex, codes};
use super::problem::{Starts, Stated, starts_of};
use super::time_limit::{self, Told};
use solver::{
    Backend, Job, Limits, Outcome, Placement, PreviousPlan, PreviousStep, Problem, Progress, SolveError, Status,
};
use std::collections::BTreeMap;

/// One plan is better than another where its cost is lower by this part of it; than one whose search ended by itself, by
/// more than a solver's tolerances: that has prices which are no guess.
const BETTER: f64 = 1e-9;
const BETTER_THAN_SEARCHED: f64 = 1e-6;

/// Where a plan is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Origin {
    /// What the search had when it ended, or what stands for that without a solver.
    Found,
    /// The plan before, carried on and repaired.
    Previous,
    /// Every piece as early as it can run.
    AsSubmitted,
}

impl Origin {
    /// Of the reason that says it was kept.
    pub fn code(self) -> &'static str {
        match self {
            Self::Found => codes::KEPT_FOUND,
            Self::Previous => codes::KEPT_PREVIOUS,
            Self::AsSubmitted => codes::KEPT_AS_SUBMITTED,
        }
    }
}

/// What was kept, and the objective of each plan there was.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub kept: Origin,
    pub objectives: Vec<(Origin, f64)>,
}

/// The decisions, and what there was to choose from where the search was cut short.
pub type Solved = Result<(Outcome, Option<Choice>), SolveError>;

/// Solves; where that ends without a proof that nothing is better, the best plan at hand. The choice is told where there was
/// one: the search was cut short, or the plan before is better than what it found.
///
/// # Errors
/// A problem that is refused, and a solver's answer that is.
pub fn solve(problem: &Problem, limits: &Limits, earlier: Option<&PreviousPlan>, told: Told) -> Solved {
    told.into_iter().for_each(Progress::begin);
    let (kept, choice) = solve_by(problem, limits, &*time_limit::backend(limits, told), earlier)?;
    told.into_iter().for_each(|told| told.end(kept.objective, kept.bound));
    Ok((kept, choice))
}

fn solve_by(problem: &Problem, limits: &Limits, backend: &dyn Backend, earlier: Option<&PreviousPlan>) -> Solved {
    let continued = || earlier.and_then(|earlier| solver::continue_previous(problem, earlier, limits, backend).ok());
    // Branch and bound starts from it; simplex cannot.
    let searched = searches(problem);
    let start = if searched { continued() } else { None };
    let found = solver::solve_from(problem, limits, backend, start.as_ref())?;
    if found.status == Status::Optimal {
        return Ok((found, None));
    }
    let previous = if searched { start } else { continued() };
    let mut others: Vec<(Origin, Outcome)> = previous.into_iter().map(|plan| (Origin::Previous, plan)).collect();
    let cut_short = found.cut_short();
    // A search that ends by itself has begun with that.
    if cut_short {
        let submitted = solver::baseline(problem)?;
        if solver::check_plan(problem, &submitted).is_ok() {
            others.push((Origin::AsSubmitted, submitted));
        }
    }
    let better = if cut_short { BETTER } else { BETTER_THAN_SEARCHED };
    let (kept, choice) = choose(problem, found, others, better)?;
    let chosen = cut_short || choice.kept != Origin::Found;
    Ok((kept, chosen.then_some(choice)))
}

/// Whether a problem has integers of its own, so that solving it is a search that can start from a plan.
pub fn searches(problem: &Problem) -> bool {
    !(problem.jobs.is_empty() && problem.runs.is_empty() && problem.after.is_empty())
}

/// The cheapest; of plans that cost the same, up to a part of it, the first.
fn choose(
    problem: &Problem,
    found: Outcome,
    others: Vec<(Origin, Outcome)>,
    better: f64,
) -> Result<(Outcome, Choice), SolveError> {
    let mut objectives = vec![(Origin::Found, found.objective)];
    objectives.extend(others.iter().map(|(origin, plan)| (*origin, plan.objective)));
    let mut best: Option<(Origin, Outcome)> = None;
    for (origin, plan) in others {
        let least = best.as_ref().map_or(found.objective, |b| b.1.objective);
        if plan.objective < least - better * least.abs() {
            best = Some((origin, plan));
        }
    }
    match best {
        None => Ok((found, Choice { kept: Origin::Found, objectives })),
        Some((kept, plan)) => Ok((solver::instead_of(problem, &found, plan)?, Choice { kept, objectives })),
    }
}

/// What the plan in force has for the problem's pieces; none where there is no such plan.
pub fn earlier(snapshot: &Snapshot, stated: &Stated) -> Option<PreviousPlan> {
    let previous = snapshot.previous.as_ref()?;
    let of = |item: ItemIndex| previous.placed.get(item.get()).map_or(&[][..], Vec::as_slice);
    let placed = |(work, item): (WorkIndex, &ItemIndex)| {
        let on = of(*item).iter().filter(|p| p.on);
        on.map(|p| Placement { work, site: p.site, step: p.step, mw: p.mw }).collect::<Vec<_>>()
    };
    let step = |p: &Planned| PreviousStep { site: p.site, step: p.step, on: p.on, save: p.save, mw: p.mw };
    let run = |item: &ItemIndex| {
        let mut steps: Vec<PreviousStep> = of(*item).iter().map(step).collect();
        steps.sort_by_key(|s| s.step);
        steps
    };
    let placements = WorkIndex::each(&stated.work).flat_map(placed).collect();
    let (jobs, runs) = (starts(snapshot, stated, &of), stated.runs.iter().map(run).collect());
    Some(PreviousPlan { placements, jobs, runs, searched_gap: previous.searched_gap })
}

/// By job of the problem, where the earlier plan has its members start. Jobs that are parts of one array share what it has.
fn starts<'a>(snapshot: &Snapshot, stated: &Stated, of: &dyn Fn(ItemIndex) -> &'a [Planned]) -> Vec<Starts> {
    let mut left: BTreeMap<ItemIndex, Starts> = BTreeMap::new();
    let mut all = Vec::new();
    for (job, members) in stated.problem.jobs.iter().zip(&stated.jobs) {
        let mut mine = Vec::new();
        for &(item, count) in members {
            let sites = &snapshot.work[item].terms.sites;
            let left = left.entry(item).or_insert_with(|| starts_of(of(item), sites));
            take(left, job, count, &mut mine);
        }
        all.push(mine);
    }
    all
}

/// Moves starts that a job may have, so many of them, the one it is held to first.
fn take(left: &mut [(SiteIndex, usize, u32)], job: &Job, mut count: u32, mine: &mut Starts) {
    let held = job.prior.map(|p| (p.site, p.step));
    left.sort_by_key(|s| held != Some((s.0, s.1)));
    for s in left.iter_mut().filter(|s| job.sites.contains(&s.0) && job.starts().contains(&s.1)) {
        let taken = s.2.min(count);
        if taken > 0 {
            mine.push((s.0, s.1, taken));
        }
        (s.2, count) = (s.2 - taken, count - taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use solver::{BackendError, Boundary, LinearModel, PriorStart, RawSolution, RawStatus, Site, Work};

    fn site(index: usize) -> SiteIndex {
        SiteIndex::new(index)
    }

    /// 10 MW at prices 10, 50, 20: 10 MWh at most 5 MW.
    fn problem() -> Problem {
        let s = Site {
            id: "s".into(),
            pue: vec![1.0; 3],
            overhead_mw: vec![0.0; 3],
            firm_it_mw: vec![0.0; 3],
            it_capacity_mw: vec![10.0; 3],
            grid_limit_mw: vec![f64::INFINITY; 3],
            ..Site::default()
        };
        let boundary = Boundary {
            id: "b".into(),
            buy_per_mwh: vec![10.0, 50.0, 20.0],
            carbon_g_per_kwh: vec![0.0; 3],
            grid_cfe_share: vec![0.0; 3],
        };
        let work = Work {
            id: "w".into(),
            sites: vec![site(0)],
            deadline: 3,
            energy_mwh: 10.0,
            max_mw: 5.0,
            miss_price_per_mwh: 1e4,
            ..Work::default()
        };
        Problem {
            step_hours: 1.0,
            steps: 3,
            boundaries: vec![boundary],
            sites: vec![s],
            work: vec![work],
            ..Problem::default()
        }
    }

    fn at(step: usize, mw: f64) -> Placement {
        Placement { work: WorkIndex::default(), site: site(0), step, mw }
    }

    /// The solver's answer with another cost: what is compared is what is claimed.
    fn costing(problem: &Problem, objective: f64) -> Outcome {
        Outcome { objective, ..solver::solve(problem, &Limits::default()).expect("a plan") }
    }

    #[test]
    fn the_cheapest_is_kept_and_of_equals_the_first() {
        let problem = problem();
        let cases = [
            (300.0, Some(200.0), 250.0, Origin::Previous),
            (300.0, Some(260.0), 250.0, Origin::AsSubmitted),
            (200.0, Some(200.0), 200.0, Origin::Found),
            (200.0, Some(200.0 - 1e-8), 900.0, Origin::Found),
            (300.0, None, 250.0, Origin::AsSubmitted),
        ];
        for (found, previous, submitted, kept) in cases {
            let mut others: Vec<(Origin, Outcome)> =
                previous.into_iter().map(|cost| (Origin::Previous, costing(&problem, cost))).collect();
            others.push((Origin::AsSubmitted, costing(&problem, submitted)));
            let (outcome, choice) = choose(&problem, costing(&problem, found), others, BETTER).expect("a choice");
            assert_eq!(choice.kept, kept);
            let costs = [Some((Origin::Found, found)), previous.map(|c| (Origin::Previous, c))];
            let costs = costs.into_iter().flatten().chain([(Origin::AsSubmitted, submitted)]);
            assert_eq!(choice.objectives, costs.collect::<Vec<_>>());
            let least = choice.objectives.iter().map(|o| o.1).fold(f64::INFINITY, f64::min);
            assert!((outcome.objective - least).abs() < 1e-6, "{} is not {least}", outcome.objective);
            assert!(outcome.bound <= outcome.objective && outcome.gap.is_finite());
        }
    }

    #[test]
    fn a_solve_that_ends_by_itself_asks_nobody_else() {
        let earlier = PreviousPlan { placements: vec![at(0, 5.0), at(1, 5.0)], ..PreviousPlan::default() };
        let (outcome, choice) = solve(&problem(), &Limits::default(), Some(&earlier), None).expect("a plan");
        // 5 MWh at 10 and 5 at 20.
        assert!((outcome.objective - 150.0).abs() < 1e-6, "{}", outcome.objective);
        assert_eq!((outcome.status, choice), (Status::Optimal, None));
    }

    /// A clock that ends every solve at once.
    struct NoTime;

    impl Backend for NoTime {
        fn solve(&self, model: &LinearModel, _limits: &Limits) -> Result<RawSolution, BackendError> {
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
    fn a_solve_that_is_cut_short_keeps_the_best_there_is() {
        let earlier = PreviousPlan { placements: vec![at(0, 5.0), at(1, 5.0)], ..PreviousPlan::default() };
        let (outcome, choice) = solve_by(&problem(), &Limits::default(), &NoTime, Some(&earlier)).expect("a plan");
        let choice = choice.expect("it was cut short");
        let of = |origin: Origin| choice.objectives.iter().find(|o| o.0 == origin).map(|o| o.1);
        // Greedy finds the optimum here; submitted, all of it runs in the first two hours.
        assert!((outcome.objective - 150.0).abs() < 1e-6, "{}", outcome.objective);
        assert!(of(Origin::AsSubmitted).is_some_and(|cost| (cost - 300.0).abs() < 1e-6), "{choice:?}");
        assert!(of(Origin::Previous).is_some_and(|cost| cost <= 300.0 + 1e-6), "{choice:?}");
        assert!(outcome.bound.is_finite() && outcome.bound <= 150.0 + 1e-6, "{}", outcome.bound);
        assert_eq!((outcome.status, outcome.reasons[0].code.as_str()), (Status::TimeLimit, "time_limit"));
    }

    #[test]
    fn the_plan_before_stays_where_it_is_better() {
        // A job of an hour: begun at once it costs 50, where the plan before had it 10.
        let mut problem = problem();
        problem.boundaries[0].buy_per_mwh = vec![50.0, 10.0, 20.0];
        problem.work.clear();
        problem.jobs = vec![Job {
            id: "j".into(),
            sites: vec![site(0)],
            deadline: 3,
            steps: 1,
            last: 1.0,
            mw: 1.0,
            count: 1,
            miss_price: 1e4,
            ..Job::default()
        }];
        let earlier = PreviousPlan { jobs: vec![vec![(site(0), 1, 1)]], ..PreviousPlan::default() };
        let (outcome, choice) = solve_by(&problem, &Limits::default(), &NoTime, Some(&earlier)).expect("a plan");
        let choice = choice.expect("it was cut short");
        assert_eq!(choice.kept, Origin::Previous);
        let objectives: Vec<f64> = choice.objectives.iter().map(|o| (o.1 * 1e6).round() / 1e6).collect();
        assert_eq!(objectives, [50.0, 10.0, 50.0], "found, previous, as submitted");
        assert_eq!(outcome.jobs[0].starts, [(site(0), 1, 1)]);
        assert_eq!((outcome.status, outcome.reasons[0].code.as_str()), (Status::TimeLimit, "time_limit"));
        assert!(outcome.bound.is_finite() && outcome.bound <= 10.0 + 1e-9 && outcome.gap.is_finite());
        // Without a plan before, there is nothing better than as submitted.
        let (alone, choice) = solve_by(&problem, &Limits::default(), &NoTime, None).expect("a plan");
        assert_eq!(
            (alone.jobs[0].starts.clone(), choice.map(|c| c.kept)),
            (vec![(site(0), 0, 1)], Some(Origin::Found))
        );
    }

    #[test]
    fn groups_of_one_array_share_what_a_plan_has() {
        let job = |prior: Option<(SiteIndex, usize)>| Job {
            sites: vec![site(0), site(1)],
            deadline: 10,
            steps: 2,
            prior: prior.map(|(site, step)| PriorStart { site, step, price: 1.0 }),
            ..Job::default()
        };
        let mut left = [(0, 0, 2), (0, 4, 3), (2, 5, 1), (1, 9, 1)].map(|(at, step, count)| (site(at), step, count));
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        take(&mut left, &job(Some((site(0), 4))), 3, &mut first);
        take(&mut left, &job(None), 4, &mut rest);
        // Site 2 it may not use, and from step 9 on there is no room for two.
        assert_eq!((first, rest), (vec![(site(0), 4, 3)], vec![(site(0), 0, 2)]));
    }
}
