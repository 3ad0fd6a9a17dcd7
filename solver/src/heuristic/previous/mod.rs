//! A previous plan carried on into a problem: what it has where that still stands, the rest where there is room.
//!
//! Work and jobs stay where they were, as far as their windows, sites and the room allow; what has no place is put where it
//! costs least, or missed. Storage is solved again around it. What comes out passes the same check as any plan.

pub(super) mod plan;
mod training;

use super::as_submitted::{Decisions, Room, may_wait, waits};
use super::{greedy, repair, unsolved};
use crate::check::check_plan;
use crate::model::Terms;
use crate::outcome::{JobOutcome, Loads, Outcome, Placement, RunOutcome, SolveError, Status, StorageOutcome, merged};
use crate::problem::{Job, Piece, Problem, ProblemError, Run};
use ids::{Index, RunIndex, SiteIndex};
use plan::PreviousPlan;

/// MW that rounding may have taken off each placement of a stored plan: what that leaves of a piece is placed all the same.
const ROUNDED_MW: f64 = 1e-9;

/// The previous plan in this problem, its storage as `solve` has it around the rest. It has no bound of its own.
pub(crate) fn continue_previous(
    problem: &Problem,
    previous: &PreviousPlan,
    solve: &dyn Fn(&Problem) -> Result<Outcome, SolveError>,
) -> Result<Outcome, SolveError> {
    problem.check()?;
    let terms = Terms::new(problem);
    let placements = placements(problem, &previous.placements);
    if problem.plain() {
        let best = greedy::continue_placements(problem, &terms, &placements);
        let made = Decisions { placements: best.placements, ..Decisions::default() };
        let outcome = unsolved::priced_without_storage(problem, &terms, made);
        check_plan(problem, &outcome)?;
        return Ok(outcome);
    }
    let priced = |made: Decisions, storage: Vec<StorageOutcome>| {
        let transit = transit_mw(problem, &made.runs);
        unsolved::settled(problem, &terms, made, storage, transit)
    };
    let unused = unsolved::unused_storage(problem);
    let made = repair::refit(problem, &priced(fitted(problem, previous, placements), unused.clone()), true)?;
    let outcome = priced(made.clone(), unused);
    if !problem.storage.is_empty()
        && let Ok(stored) = solve(&around(problem, &outcome))
        && matches!(stored.status, Status::Optimal | Status::Feasible)
    {
        let with = priced(made, stored.storage);
        if with.objective < outcome.objective && check_plan(problem, &with).is_ok() {
            return Ok(with);
        }
    }
    check_plan(problem, &outcome)?;
    Ok(outcome)
}

/// A plan kept in place of what a search found: with the search's status, its bound and the duals that prove it.
///
/// # Errors
/// A problem that is refused.
pub fn instead_of(problem: &Problem, found: &Outcome, kept: Outcome) -> Result<Outcome, ProblemError> {
    problem.check()?;
    let mut outcome = kept;
    outcome.status = found.status;
    outcome.bound = found.bound.min(outcome.objective);
    outcome.relaxed_bound = found.relaxed_bound.min(outcome.bound);
    outcome.gap = (outcome.objective - outcome.bound) / outcome.objective.abs().max(1.0);
    outcome.duals.clone_from(&found.duals);
    outcome.iterations = found.iterations;
    outcome.searched = found.searched;
    outcome.reasons = found.reasons.iter().filter(|reason| reason.cuts_short()).cloned().collect();
    unsolved::say(problem, &Terms::new(problem), &mut outcome);
    Ok(outcome)
}

/// Training first, for it cannot always be moved; then jobs and work, as they were; then runs the plan says nothing of.
fn fitted(problem: &Problem, previous: &PreviousPlan, placements: Vec<Placement>) -> Decisions {
    let mut room = Room::new(problem);
    let starts = previous.jobs.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
    let jobs = problem.jobs.iter().zip(starts).map(|(job, starts)| started(job, starts)).collect();
    let mut made = Decisions { placements, jobs, runs: vec![RunOutcome::default(); problem.runs.len()] };
    let mut runs: Vec<RunIndex> = RunIndex::all(&problem.runs).collect();
    runs.sort_by_key(|&r| (may_wait(&problem.runs[r]), problem.runs[r].release));
    let mut new = Vec::new();
    for r in runs {
        let run = &problem.runs[r];
        let steps = previous.runs.get(r.get()).map_or(&[][..], Vec::as_slice);
        match training::carried(problem, &room, run, steps) {
            Some(carried) => {
                room.keep(run, &carried);
                made.runs[r] = carried;
            }
            None if may_wait(run) => new.push(r),
            None => made.runs[r] = room.run(run),
        }
    }
    room.hold(&made);
    for r in new {
        let run = &problem.runs[r];
        // What waits for others begins in a plan that knows when.
        let from = if waits(problem, Piece::Run(r)) { run.deadline } else { run.release };
        made.runs[r] = room.run_once_free(run, from);
    }
    made
}

/// Placements that a piece's sites and window still allow, at no more power and energy than it takes.
fn placements(problem: &Problem, previous: &[Placement]) -> Vec<Placement> {
    let stands = |p: &&Placement| {
        let of = problem.work.get(p.work.get());
        let allowed = of.is_some_and(|w| w.sites.contains(&p.site) && (w.release..w.deadline).contains(&p.step));
        allowed && p.mw.is_finite() && p.mw > 0.0
    };
    let mut all = merged(previous.iter().filter(stands).copied().collect());
    for mine in all.chunk_by_mut(|a, b| a.work == b.work) {
        clip(problem, mine);
    }
    all.retain(|p| p.mw > 0.0);
    all
}

/// Of one piece, in order of steps.
fn clip(problem: &Problem, mine: &mut [Placement]) {
    let Some(first) = mine.first() else { return };
    let work = &problem.work[first.work];
    let mut left = work.energy_mwh / problem.step_hours;
    let rounded = ROUNDED_MW * mine.len() as f64;
    let mut rate = (usize::MAX, 0.0);
    for p in mine.iter_mut() {
        let so_far = if rate.0 == p.step { rate.1 } else { 0.0 };
        p.mw = p.mw.min(work.max_mw - so_far).min(left).max(0.0);
        rate = (p.step, so_far + p.mw);
        left -= p.mw;
    }
    if let Some(last) = mine.iter_mut().rfind(|p| p.mw > 0.0).filter(|_| left <= rounded) {
        last.mw += left.max(0.0);
    }
}

/// Starts that a job's sites and window still allow, no more of them than there are units.
fn started(job: &Job, previous: &[(SiteIndex, usize, u32)]) -> JobOutcome {
    if job.running.is_some() {
        return JobOutcome { starts: vec![(job.sites[0], job.release, job.count)], missed: 0 };
    }
    let mut made = JobOutcome { starts: Vec::new(), missed: job.count };
    for &(site, step, count) in previous {
        let count = count.min(made.missed);
        if count == 0 || !job.sites.contains(&site) || !job.starts().contains(&step) {
            continue;
        }
        made.missed -= count;
        made.add((site, step), count);
    }
    made
}

/// `[site][step]` IT MW of gangs that move: both ends draw it, when they leave and when they arrive.
fn transit_mw(problem: &Problem, runs: &[RunOutcome]) -> Vec<Vec<f64>> {
    let mut mw = vec![vec![0.0; problem.steps]; problem.sites.len()];
    for (run, made) in problem.runs.iter().zip(runs).filter(|(run, _)| run.may_move) {
        let each = run.move_mwh / problem.step_hours;
        for (from, to) in moves(run, made) {
            mw[from.0][from.1] += each;
            mw[to.0][to.1] += each;
        }
    }
    mw
}

/// Site and step in which a gang leaves, and in which it arrives, of each of its moves.
fn moves(run: &Run, made: &RunOutcome) -> Vec<((SiteIndex, usize), (SiteIndex, usize))> {
    let mut at = run.before.site();
    let mut left = None;
    let mut moves = Vec::new();
    for t in run.window() {
        match (at, made.steps[t].site) {
            (Some(was), None) if !made.steps[t].done && left.is_none() => left = Some((was, t)),
            (Some(was), Some(now)) if was != now => {
                moves.push((left.unwrap_or((was, t)), (now, t)));
                (at, left) = (Some(now), None);
            }
            (_, Some(now)) => (at, left) = (Some(now), None),
            _ => {}
        }
    }
    moves
}

/// The problem with everything decided as firm load, and only storage left to choose.
fn around(problem: &Problem, outcome: &Outcome) -> Problem {
    let loads = Loads::new(problem, outcome);
    let drawn = outcome.drawn_mw(problem);
    let mut sites = problem.sites.clone();
    for (site, (most_it, drawn)) in sites.iter_mut().zip(loads.most_it.iter().zip(&drawn)) {
        site.firm_peak_it_mw = (0..problem.steps).map(|t| site.peak_it_mw(t) + most_it[t]).collect();
        site.firm_it_mw.iter_mut().zip(drawn).for_each(|(firm, mw)| *firm += mw);
        // Storage is no work: a ramp asks nothing of it.
        site.ramp = None;
    }
    Problem {
        sites,
        contracts: problem.contracts.clone(),
        targets: problem.targets.clone(),
        pools: Vec::new(),
        accounts: Vec::new(),
        ..problem.bare()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Work;
    use ids::WorkIndex;

    #[test]
    fn placements_that_do_not_fit_any_more_are_cut() {
        let work = |id: &str, sites: &[usize], energy_mwh: f64| Work {
            id: id.into(),
            sites: sites.iter().map(|&s| SiteIndex::new(s)).collect(),
            release: 1,
            deadline: 4,
            energy_mwh,
            max_mw: 3.0,
            ..Work::default()
        };
        let problem = Problem {
            step_hours: 0.5,
            steps: 6,
            work: vec![work("a", &[0, 1], 3.0), work("b", &[1], 2.0)],
            ..Problem::default()
        };
        let at = |work: usize, site: usize, step: usize, mw: f64| {
            let (work, site) = (WorkIndex::new(work), SiteIndex::new(site));
            Placement { work, site, step, mw }
        };
        let previous = [
            // Before its release, past its deadline, of a site it may not use, of work there is not.
            at(0, 0, 0, 1.0),
            at(0, 0, 4, 1.0),
            at(1, 0, 2, 1.0),
            at(2, 0, 2, 1.0),
            // Two parts of one step, together with the other site above its power of 3.
            at(0, 0, 1, 1.0),
            at(0, 0, 1, 1.0),
            at(0, 1, 1, 2.0),
            // It takes 6 MW steps: 3 are left.
            at(0, 1, 2, 2.5),
            at(0, 0, 3, 2.5),
            // A rounded part short of its 4 MW steps.
            at(1, 1, 1, 2.0),
            at(1, 1, 2, 1.999_999_999),
        ];
        let wanted = [at(0, 0, 1, 2.0), at(0, 1, 1, 1.0), at(0, 1, 2, 2.5), at(0, 0, 3, 0.5), at(1, 1, 1, 2.0)];
        let found = placements(&problem, &previous);
        assert_eq!(found[..5], wanted);
        assert_eq!((found.len(), found[5].mw), (6, 2.0));
    }

    #[test]
    fn starts_that_do_not_fit_any_more_are_left_out() {
        let at = |(site, step, count): (usize, usize, u32)| (SiteIndex::new(site), step, count);
        let job = Job { sites: vec![SiteIndex::new(1)], release: 2, deadline: 8, steps: 3, count: 4, ..Job::default() };
        // Of a site it may not use, before its release, too late for all its steps, more than there are.
        let previous = [(0, 3, 1), (1, 1, 1), (1, 6, 1), (1, 5, 2), (1, 2, 1), (1, 5, 3)];
        let made = started(&job, &previous.map(at));
        assert_eq!((made.starts, made.missed), (vec![at((1, 5, 3)), at((1, 2, 1))], 0));
    }
}
