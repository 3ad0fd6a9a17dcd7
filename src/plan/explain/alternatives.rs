//! The piece run otherwise, and everything else free to follow: each an optimum of its own.

use super::explanation::{Alternative, Fate, Part, Stretch};
use super::subject::Subject;
use crate::plan::basis::Basis;
use crate::plan::common::{Fault, Instant, RunIndex, SiteIndex, WorkIndex, codes, signed, tidy};
use crate::plan::difference;
use crate::plan::time_limit::{self, Shared, Told};
use solver::{Limits, Outcome, Pin, Placement, Problem, SolveError, Status};
use std::borrow::Cow;

const NOT_FOUND: &str = "no such plan was found within the limits of the search; a longer --time-limit may find one";

/// What to solve instead of the plan's problem.
struct Changed {
    code: &'static str,
    what: String,
    problem: Problem,
}

/// Limits of all searches together, who is told which one runs, and who watches it.
pub type Watch<'a> = (&'a Limits, &'a dyn Fn(&str), Told);

pub fn find(
    basis: &Basis,
    outcome: &Outcome,
    subject: &Subject,
    at: Option<Instant>,
    (limits, say, told): Watch<'_>,
) -> anyhow::Result<Vec<Alternative>> {
    let changed = match *subject {
        Subject::Work(w) => work(basis, outcome, w, at)?,
        Subject::Job { .. } => job(basis, outcome, subject, at)?,
        Subject::Run(r) => run(basis, outcome, r, at)?,
    };
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let of = changed.len();
    let shared = Shared::start(limits.seconds);
    let limits = &difference::limits(&basis.problem, limits);
    let base = shared.next_of(of + 1, limits).map(|limits| difference::base(&basis.problem, outcome, &limits, told));
    let base = base.transpose()?.unwrap_or(Cow::Borrowed(outcome));
    let solve = |(k, changed): (usize, Changed)| {
        say(&format!("alternative {} of {of}, {}", k + 1, changed.what));
        solved(basis, &base, subject, (shared.next_of(of - k, limits), told), changed)
    };
    changed.into_iter().enumerate().map(solve).collect()
}

fn solved(
    basis: &Basis,
    plan: &Outcome,
    subject: &Subject,
    (limits, told): (Option<Limits>, Told),
    changed: Changed,
) -> anyhow::Result<Alternative> {
    let Changed { code, what, problem } = changed;
    let found =
        limits.map_or(Err(SolveError::OutOfTime), |limits| time_limit::solve_from(&problem, &limits, plan, told));
    let (fate, why) = match found {
        Err(SolveError::Infeasible) => (Fate::CannotBe, "cannot be: no plan that keeps every limit runs it so"),
        Err(SolveError::OutOfTime | SolveError::Refused(_)) => (Fate::NotFound, NOT_FOUND),
        // A greedy plan keeps to no pins, and one that is cut short need not.
        Ok(other) if matches!(other.status, Status::Greedy | Status::TimeLimit) => (Fate::NotFound, NOT_FOUND),
        solved => {
            let other = solved?;
            let cost = tidy(other.objective - plan.objective);
            // Many jobs are not all searched again for one: what that costs where they are is known.
            let short = other.searched.is_some_and(|searched| searched.short);
            let stay = matches!(subject, Subject::Job { .. }) && short;
            let others = if stay { ", the other jobs where they are unless in its way" } else { "" };
            let within = if stay { 0.0 } else { tidy(difference::within(plan, &other)) };
            let message = format!("{what}{others}: {}", signed(cost, 2));
            let runs = stretches(basis, &subject.steps(basis, &other));
            let (fate, parts) = (Fate::Found, parts(plan, &other));
            return Ok(Alternative { code, message, fate, cost: Some(cost), within, parts, runs });
        }
    };
    let message = format!("{what}: {why}");
    Ok(Alternative { code, message, fate, cost: None, within: 0.0, parts: Vec::new(), runs: Vec::new() })
}

/// The step that `at` lies in.
fn step_of(basis: &Basis, at: Instant) -> Result<usize, Fault> {
    basis.grid().index_of(at.floor(basis.step_s)).ok_or_else(|| {
        let period = basis.grid().period();
        Fault::new("--at lies outside the plan").hint(format!("the plan goes from {} to {}", period.start, period.end))
    })
}

/// The piece alone beside the firm load.
fn alone(problem: &Problem) -> Problem {
    Problem {
        work: Vec::new(),
        jobs: Vec::new(),
        runs: Vec::new(),
        after: Vec::new(),
        free_later: Vec::new(),
        utilisation: None,
        ..problem.clone()
    }
}

/// As early as it can from a step on, and without the hours it has.
fn work(basis: &Basis, outcome: &Outcome, w: WorkIndex, at: Option<Instant>) -> anyhow::Result<Vec<Changed>> {
    let (problem, own) = (&basis.problem, &basis.problem.work[w]);
    let placed: Vec<&Placement> = outcome.placements.iter().filter(|p| p.work == w).collect();
    let energy: f64 = placed.iter().map(|p| p.mw).sum::<f64>() * problem.step_hours;
    let mut changed = Vec::new();
    let (code, from, what) = match at {
        Some(at) => (codes::AT, step_of(basis, at)?, format!("at full power from {at} on")),
        None => (codes::EARLIEST, own.release, "as early as it can, at full power".into()),
    };
    let release = from.max(own.release);
    if release < own.deadline {
        let one = solver::Work { release, energy_mwh: energy, ..own.clone() };
        let there = solver::asap(&Problem { work: vec![one], ..alone(problem) });
        let lacks = energy - there.iter().map(|p| p.mw).sum::<f64>() * problem.step_hours;
        let alike = |a: &Placement, b: &Placement| (a.site, a.step) == (b.site, b.step) && (a.mw - b.mw).abs() < 1e-6;
        let same = there.len() == placed.len() && there.iter().zip(&placed).all(|(a, b)| alike(a, b));
        if lacks <= 1e-6 && !same {
            changed.push(Changed { code, what, problem: pinned(problem, w, &there) });
        }
    }
    if let Some(at) = at {
        if changed.is_empty() {
            let [from, to] = [own.release, own.deadline].map(|step| basis.grid().start(step));
            let what = format!("{} does not fit, or already runs so, from {at} on", own.id);
            return Err(Fault::new(what).hint(format!("it may run from {from} to {to}")).into());
        }
        return Ok(changed);
    }
    if !placed.is_empty() {
        let none = |p: &&Placement| Pin::Place { work: w, site: p.site, step: p.step, least_mw: 0.0, most_mw: 0.0 };
        let problem = Problem { pins: placed.iter().map(none).collect(), ..problem.clone() };
        changed.push(Changed { code: codes::ELSEWHERE, what: "in any hours but these".into(), problem });
    }
    Ok(changed)
}

/// Exactly these megawatts of a piece of work, and none in other steps.
fn pinned(problem: &Problem, w: WorkIndex, there: &[Placement]) -> Problem {
    let own = &problem.work[w];
    let mut pins = Vec::new();
    for &site in &own.sites {
        for step in own.release..own.deadline {
            let mw = there.iter().find(|p| (p.site, p.step) == (site, step)).map_or(0.0, |p| p.mw);
            pins.push(Pin::Place { work: w, site, step, least_mw: mw, most_mw: mw });
        }
    }
    Problem { pins, ..problem.clone() }
}

/// Its first unit at the first start that fits, and at any start but its own.
fn job(basis: &Basis, outcome: &Outcome, subject: &Subject, at: Option<Instant>) -> anyhow::Result<Vec<Changed>> {
    let Subject::Job { job: j, .. } = *subject else { return Ok(Vec::new()) };
    let (problem, own) = (&basis.problem, &basis.problem.jobs[j]);
    let present = subject.starts(outcome).first().copied();
    if own.running.is_some() {
        return Ok(Vec::new());
    }
    let count = |site: SiteIndex, step: usize| {
        let there = outcome.jobs[j].starts.iter().filter(|s| (s.0, s.1) == (site, step));
        there.map(|s| s.2).sum::<u32>()
    };
    let leave = present.map(|(step, site)| {
        let most = count(site, step).saturating_sub(1);
        Pin::Start { job: j, site, step, least: 0, most }
    });
    // Of an array, one moves.
    let whose = if own.count > 1 { "one of its units " } else { "" };
    let mut changed = Vec::new();
    let (code, from, what) = match at {
        Some(at) => (codes::AT, step_of(basis, at)?, format!("{whose}from {at} on")),
        None => (codes::EARLIEST, own.release, format!("{whose}as early as it can")),
    };
    let release = from.max(own.release);
    if release + own.steps <= own.deadline {
        let one = solver::Job { release, count: 1, ..own.clone() };
        // What runs has no choice: it starts beside that.
        let mut jobs: Vec<solver::Job> = problem.jobs.iter().filter(|job| job.running.is_some()).cloned().collect();
        jobs.push(one);
        let as_submitted = solver::as_submitted(&Problem { jobs, ..alone(problem) });
        let first = as_submitted.jobs.last().and_then(|made| made.starts.first());
        if let Some(&(site, step, _)) = first.filter(|s| present != Some((s.1, s.0))) {
            let least = count(site, step) + 1;
            let mut pins: Vec<Pin> = leave.into_iter().collect();
            pins.push(Pin::Start { job: j, site, step, least, most: own.count.max(least) });
            changed.push(Changed { code, what, problem: Problem { pins, ..problem.clone() } });
        }
    }
    if let Some(at) = at {
        if changed.is_empty() {
            let what = format!("{} does not fit, or already runs so, from {at} on", own.id);
            return Err(Fault::new(what).hint("leave --at out to see its alternatives").into());
        }
        return Ok(changed);
    }
    if let Some(leave) = leave {
        let problem = Problem { pins: vec![leave], ..problem.clone() };
        changed.push(Changed { code: codes::ELSEWHERE, what: format!("{whose}at any start but this"), problem });
    }
    Ok(changed)
}

/// Without its pauses, and without being throttled.
fn run(basis: &Basis, outcome: &Outcome, r: RunIndex, at: Option<Instant>) -> anyhow::Result<Vec<Changed>> {
    if at.is_some() {
        let what = "--at is for work that waits; training is compared without its pauses and its throttling";
        return Err(Fault::new(what).hint("leave --at out").into());
    }
    let (own, made) = (&basis.problem.runs[r], &outcome.runs[r]);
    let mut changed = Vec::new();
    if made.pauses > 0 || made.steps.iter().any(|s| s.site.is_some() && !s.on) {
        let mut problem = basis.problem.clone();
        problem.runs[r].always_on = true;
        changed.push(Changed { code: codes::NEVER_PAUSED, what: "never paused".into(), problem });
    }
    let whole = |s: &solver::RunStep| s.train_mw >= own.cap * own.rated_mw * (1.0 - 1e-6);
    if own.floor < own.cap && made.steps.iter().any(|s| s.on && !s.save && !s.start && !whole(s)) {
        let mut problem = basis.problem.clone();
        problem.runs[r].floor = problem.runs[r].cap;
        changed.push(Changed { code: codes::FULL_POWER, what: "at full power whenever it runs".into(), problem });
    }
    Ok(changed)
}

/// Steps of equal power joined; `(site, step, mw)` sorted by site and step.
fn stretches(basis: &Basis, steps: &[(SiteIndex, usize, f64)]) -> Vec<Stretch> {
    let grid = basis.grid();
    let mut joined: Vec<(SiteIndex, usize, usize, f64)> = Vec::new();
    for &(site, step, mw) in steps.iter().filter(|s| tidy(s.2) > 0.0) {
        match joined.last_mut() {
            Some(last) if last.0 == site && last.2 == step && tidy(last.3) == tidy(mw) => last.2 += 1,
            _ => joined.push((site, step, step + 1, mw)),
        }
    }
    let stretch = |(site, from, to, mw): (SiteIndex, usize, usize, f64)| {
        let (site, [start, end]) = (basis.problem.sites[site].id.clone(), [from, to].map(|step| grid.start(step)));
        Stretch { site, start, end, mw: tidy(mw) }
    };
    joined.into_iter().map(stretch).collect()
}

/// Differences of costs by code, the largest first.
fn parts(plan: &Outcome, other: &Outcome) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (costs, sign) in [(&other.costs, 1.0), (&plan.costs, -1.0)] {
        for cost in costs {
            // Own surplus sold and bought back in the same hour is neither.
            let code = if cost.code == "surplus_sold" { "energy" } else { cost.code.as_str() };
            match parts.iter_mut().find(|p| p.code == code) {
                Some(part) => part.amount += sign * cost.amount,
                None => parts.push(Part { code: code.into(), amount: sign * cost.amount }),
            }
        }
    }
    parts.iter_mut().for_each(|p| p.amount = tidy(p.amount));
    parts.retain(|p| p.amount.abs() >= 0.005);
    parts.sort_by(|a, b| b.amount.abs().total_cmp(&a.amount.abs()).then_with(|| a.code.cmp(&b.code)));
    parts
}
