//! A training run as a previous plan had it, and after that on until its end: at the power it had, saved in time.

use super::plan::PreviousStep;
use crate::check::check_run;
use crate::heuristic::as_submitted::{self, Room};
use crate::outcome::{RunOutcome, RunStep};
use crate::problem::{Before, Checkpoint, Problem, Run, parts};

/// None where the plan says nothing of it, or what it says does not stand any more.
pub(super) fn carried(problem: &Problem, room: &Room, run: &Run, previous: &[PreviousStep]) -> Option<RunOutcome> {
    previous.first()?;
    let h = problem.step_hours;
    let mut made = RunOutcome { steps: states(problem, run, previous), ..RunOutcome::default() };
    let useful = run.useful_hours(h);
    power(problem, room, run, previous, &mut made.steps);
    if run.may_finish(h) {
        as_submitted::finish(run, &mut made.steps, useful / h);
    }
    made.pauses = pauses(run, &made.steps);
    as_submitted::total(problem, run, &mut made);
    check_run(problem, run, &made).is_ok().then_some(made)
}

/// Where it is in each step, on or held, and where it saves.
fn states(problem: &Problem, run: &Run, previous: &[PreviousStep]) -> Vec<RunStep> {
    let longest = parts(run.save_h, problem.step_hours).len();
    let (mut at, mut since) = match (run.before, run.checkpoint) {
        (Before::On { site, .. }, Checkpoint::Steps { since, .. }) => (Some(site), since),
        (Before::On { site, .. } | Before::Paused { site, .. }, _) => (Some(site), 0),
        (Before::Waiting, _) => (None, 0),
    };
    let mut was_on = matches!(run.before, Before::On { .. });
    let mut steps = vec![RunStep::default(); problem.steps];
    for t in run.window() {
        let planned = previous.iter().find(|e| e.step == t);
        // Begun, it is on wherever the plan has nothing for it: past its end, or where it was to be done.
        let Some(site) = planned.map(|e| e.site).or(at) else { continue };
        let step = &mut steps[t];
        (step.site, step.on) = (Some(site), planned.is_none_or(|e| e.on));
        if step.on {
            // What begins needs no restart; what comes back does.
            step.start = !was_on && at.is_some();
            if let Checkpoint::Steps { every, .. } = run.checkpoint {
                let due = since + 1 >= every || run.save_before.contains(&(t + 1));
                step.save = (due || planned.is_some_and(|e| e.save)) && t + 1 >= run.release + longest;
                since = if step.save { 0 } else { since + 1 };
            }
        } else {
            since = 0;
        }
        (at, was_on) = (Some(site), step.on);
    }
    steps
}

/// The power it had, as far as its own limits and the room allow; past that plan's end full power.
fn power(problem: &Problem, room: &Room, run: &Run, previous: &[PreviousStep], steps: &mut [RunStep]) {
    let h = problem.step_hours;
    let (saving, restarting) = (parts(run.save_h, h), parts(run.restart_h, h));
    let mut left = run.useful_hours(h) / h;
    for t in 0..steps.len() {
        let Some(site) = steps[t].site.filter(|_| steps[t].on) else { continue };
        let ahead = saving.iter().enumerate().filter(|(k, _)| steps.get(t + k).is_some_and(|s| s.save));
        let behind = restarting.iter().enumerate().filter(|(k, _)| t.checked_sub(*k).is_some_and(|b| steps[b].start));
        let (saves, starts): (f64, f64) = (ahead.map(|a| a.1).sum(), behind.map(|b| b.1).sum());
        let n = (1.0 - saves - starts).max(0.0);
        let beside = run.save_mw * saves + run.restart_mw * starts;
        let (least, most) = (run.floor * run.rated_mw * n, run.cap * run.rated_mw * n);
        let planned = previous.iter().find(|e| e.step == t && e.on).map_or(most, |e| e.mw - beside);
        let train_mw = planned.min(room.fits(site, t, None) - beside).clamp(least, most);
        let part = train_mw / (run.rated_mw * n).max(1e-12);
        let step = &mut steps[t];
        step.train_mw = train_mw;
        step.progress = (run.factor() * run.progress(part) * n).min(left).max(0.0);
        left -= step.progress;
    }
}

fn pauses(run: &Run, steps: &[RunStep]) -> usize {
    let mut on = matches!(run.before, Before::On { .. });
    let mut pauses = 0;
    for t in run.window() {
        pauses += usize::from(on && !steps[t].on && !steps[t].done);
        on = steps[t].on;
    }
    pauses
}
