//! A training run as a previous plan had it, and after that on until its end: at the power it had, saved in time.

use super::plan::PreviousStep;
use crate::check::check_run;
use crate::heuristic::as_submitted::{Room, powered};
use crate::outcome::{RunOutcome, RunStep};
use crate::problem::{Before, Checkpoint, Problem, Run, parts};

/// At the power it had, as far as its own limits and the room allow; past that plan's end full power. None where the plan
/// says nothing of it, or what it says does not stand any more.
pub(super) fn carried(problem: &Problem, room: &Room, run: &Run, previous: &[PreviousStep]) -> Option<RunOutcome> {
    previous.first()?;
    let mut made = powered(problem, run, states(problem, run, previous), |site, t, (n, beside_mw)| {
        let (least, most) = (run.floor * run.rated_mw * n, run.cap * run.rated_mw * n);
        let planned = previous.iter().find(|e| e.step == t && e.on).map_or(most, |e| e.mw - beside_mw);
        let train_mw = planned.min(room.fits(site, t, None) - beside_mw).clamp(least, most);
        (train_mw, train_mw / (run.rated_mw * n).max(1e-12))
    });
    let (was_on, steps) = (matches!(run.before, Before::On { .. }), &made.steps);
    let before = std::iter::once(was_on).chain(run.window().map(|t| steps[t].on));
    made.pauses = before.zip(run.window()).filter(|&(on, t)| on && !steps[t].on && !steps[t].done).count();
    check_run(problem, run, &made).is_ok().then_some(made)
}

/// Where it is in each step, on or held, and where it saves.
fn states(problem: &Problem, run: &Run, previous: &[PreviousStep]) -> Vec<RunStep> {
    let longest = parts(run.save_h, problem.step_hours).len();
    let mut was_on = matches!(run.before, Before::On { .. });
    let mut at = run.before.site();
    let mut since = match run.checkpoint {
        Checkpoint::Steps { since, .. } if was_on => since,
        _ => 0,
    };
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
