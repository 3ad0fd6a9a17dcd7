//! Plans compared by their costs: a difference says something where both are near enough to their optimum.

use super::common::{Limits, Outcome, Problem, SolveError};
use super::time_limit::{self, Told};
use std::borrow::Cow;

/// How near, as a part of the objective: what a MW or a piece of work is worth is a small part of a plan.
const EXACT: f64 = 1e-8;

/// Whether a problem is searched over integers.
pub fn has_integers(problem: &Problem) -> bool {
    !problem.runs.is_empty() || !problem.jobs.is_empty()
}

/// Limits of a solve to be compared. Integers are searched to the gap asked for, which the difference is then known to.
pub fn limits(problem: &Problem, limits: &Limits) -> Limits {
    let gap = if has_integers(problem) { limits.gap } else { limits.gap.min(EXACT) };
    Limits { gap, ..*limits }
}

/// What of a difference is not certain: the gaps of both plans.
pub fn within(plan: &Outcome, other: &Outcome) -> f64 {
    (plan.objective - plan.bound).max(0.0) + (other.objective - other.bound).max(0.0)
}

/// The same beside an amount; nothing where it is less than is shown.
pub fn within_words(money: f64) -> String {
    if money >= 0.005 { format!(" (within {money:.2})") } else { String::new() }
}

/// The plan itself where it is as near as others can be, else solved again; itself, too, where time is too short for that.
pub fn base<'a>(
    problem: &Problem,
    plan: &'a Outcome,
    limits: &Limits,
    told: Told,
) -> Result<Cow<'a, Outcome>, SolveError> {
    if has_integers(problem) || plan.gap <= EXACT {
        return Ok(Cow::Borrowed(plan));
    }
    match time_limit::solve(problem, &self::limits(problem, limits), told) {
        Ok(nearer) if !nearer.cut_short() => Ok(Cow::Owned(nearer)),
        Ok(_) | Err(SolveError::OutOfTime) => Ok(Cow::Borrowed(plan)),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::common::{Index, SiteIndex};
    use solver::{Boundary, Job, Site, Status, Work};

    /// 5 MWh for two hours, at 20 and at 10.
    fn problem() -> Problem {
        let boundary = Boundary { id: "b".into(), buy_per_mwh: vec![20.0, 10.0], ..Boundary::default() };
        let boundary = Boundary { carbon_g_per_kwh: vec![0.0; 2], grid_cfe_share: vec![0.0; 2], ..boundary };
        let full = |mw: f64| vec![mw; 2];
        let site =
            Site { id: "s".into(), pue: full(1.0), overhead_mw: full(0.0), firm_it_mw: full(0.0), ..Site::default() };
        let site = Site { it_capacity_mw: full(4.0), grid_limit_mw: full(9.0), ..site };
        let work =
            Work { id: "w".into(), sites: vec![SiteIndex::new(0)], deadline: 2, energy_mwh: 5.0, ..Work::default() };
        let work = vec![Work { max_mw: 4.0, miss_price_per_mwh: 1e3, ..work }];
        Problem { step_hours: 1.0, steps: 2, boundaries: vec![boundary], sites: vec![site], work, ..Problem::default() }
    }

    #[test]
    fn a_plan_is_compared_by_its_optimum() {
        let problem = problem();
        let limits = Limits::default();
        let best = solver::solve(&problem, &limits).expect("a plan");
        assert!((best.objective - 60.0).abs() < 1e-6, "{}", best.objective);
        assert!(matches!(base(&problem, &best, &limits, None), Ok(Cow::Borrowed(_))));
        let mut rough = solver::baseline(&problem).expect("the work as submitted");
        rough.gap = 0.3;
        let nearer = base(&problem, &rough, &limits, None).expect("a plan");
        assert_eq!((nearer.objective, nearer.status), (best.objective, Status::Optimal));
        assert_eq!(self::limits(&problem, &limits).gap, EXACT);
    }

    #[test]
    fn integers_are_compared_as_they_were_found() {
        let problem = Problem { jobs: vec![Job::default()], ..problem() };
        let plan = Outcome { gap: 0.01, ..Outcome::default() };
        assert!(matches!(base(&problem, &plan, &Limits::default(), None), Ok(Cow::Borrowed(_))));
        assert_eq!(self::limits(&problem, &Limits::default()).gap, Limits::default().gap);
    }
}
