//! Training against its own terms, step by step: where it is, when it may stop, what it draws and makes.

use super::compare::{Checked, at_most, counted, ensure, equal, wrong};
use crate::outcome::{Outcome, RunOutcome, RunStep};
use crate::problem::{Before, Checkpoint, Problem, Run, parts};
use ids::{Index, SiteIndex};

pub(super) fn check(problem: &Problem, outcome: &Outcome) -> Checked {
    counted(|| "training runs in the plan".to_string(), outcome.runs.len(), problem.runs.len())?;
    problem.runs.iter().zip(&outcome.runs).try_for_each(|(run, made)| check_run(problem, run, made))
}

/// One run of a plan against its own terms.
pub(crate) fn check_run(problem: &Problem, run: &Run, made: &RunOutcome) -> Checked {
    counted(|| format!("steps of run {}", run.id), made.steps.len(), problem.steps)?;
    for (t, step) in made.steps.iter().enumerate() {
        place(run, t, step)?;
        power(problem, run, made, t)?;
    }
    stops(run, made)?;
    intervals(run, made)?;
    least_times(run, made)?;
    totals(problem, run, made)
}

fn place(run: &Run, t: usize, step: &RunStep) -> Checked {
    let inside = run.window().contains(&t) || !(step.on || step.site.is_some());
    ensure(inside, || format!("run {} outside its window at step {t}", run.id), 1.0, 0.0)?;
    match step.site {
        Some(site) if !run.sites.contains(&site) => {
            wrong(format!("run {} at a site it may not use, step {t}", run.id), site.get() as f64, 0.0)
        }
        None if step.on => wrong(format!("run {} is on nowhere at step {t}", run.id), 1.0, 0.0),
        _ => Ok(()),
    }
}

/// The part of a step that trains.
fn running(problem: &Problem, run: &Run, steps: &[RunStep], t: usize) -> f64 {
    if !steps[t].on {
        return 0.0;
    }
    let saves = parts(run.save_h, problem.step_hours).into_iter().enumerate();
    let saving: f64 = saves.filter(|(k, _)| steps.get(t + k).is_some_and(|s| s.save)).map(|s| s.1).sum();
    let starts = parts(run.restart_h, problem.step_hours).into_iter().enumerate();
    let starting = starts.filter(|(k, _)| t.checked_sub(*k).is_some_and(|b| steps[b].start)).map(|s| s.1);
    1.0 - saving - starting.sum::<f64>()
}

fn power(problem: &Problem, run: &Run, made: &RunOutcome, t: usize) -> Checked {
    let (step, n) = (&made.steps[t], running(problem, run, &made.steps, t));
    let name = |what: &str| format!("{what} of run {} at step {t}", run.id);
    at_most(|| name("save and restart"), -n, 0.0)?;
    at_most(|| name("power"), step.train_mw, run.cap * run.rated_mw * n)?;
    at_most(|| name("least power"), run.floor * run.rated_mw * n, step.train_mw)?;
    if n <= 1e-9 {
        return at_most(|| name("progress"), step.progress, 0.0);
    }
    let most = run.factor() * n * run.progress(step.train_mw / (run.rated_mw * n).max(1e-12));
    at_most(|| name("progress"), step.progress, most)
}

fn was_on(run: &Run) -> bool {
    matches!(run.before, Before::On { .. })
}

/// It stops only at a checkpoint, and starts again only where it was or after transit.
fn stops(run: &Run, made: &RunOutcome) -> Checked {
    let mut pauses = 0;
    let mut off_since = match run.before {
        Before::On { site, .. } => Some((site, 0)),
        Before::Paused { site, steps } => Some((site, steps)),
        Before::Waiting => None,
    };
    let mut on = was_on(run);
    for t in run.window() {
        let step = &made.steps[t];
        if on && !step.on && !step.done {
            pauses += 1;
            let saved = match (run.checkpoint, t.checked_sub(1)) {
                (Checkpoint::Within { .. }, _) => true,
                (Checkpoint::Steps { .. }, Some(before)) if before >= run.release => made.steps[before].save,
                (Checkpoint::Steps { .. }, _) => run.saved_before,
            };
            ensure(saved, || format!("run {} stops at step {t} without a checkpoint", run.id), 1.0, 0.0)?;
        }
        if step.on {
            if let (Some((site, rested)), Some(now)) = (off_since, step.site) {
                let (stays, name) = (site == now, || format!("run {} leaves its site at step {t}", run.id));
                ensure(stays || run.may_move, name, now.get() as f64, site.get() as f64)?;
                let rests = stays || rested >= run.move_steps.max(1);
                ensure(rests, || format!("run {} moves too fast at step {t}", run.id), rested as f64, 0.0)?;
                // Coming back from a pause is a start.
                ensure(on || step.start, || format!("run {} is on at step {t} without a start", run.id), 1.0, 0.0)?;
            }
            off_since = step.site.map(|site| (site, 0));
        } else {
            off_since = off_since.map(|(site, rested): (SiteIndex, usize)| (site, rested.saturating_add(1)));
        }
        on = step.on;
    }
    counted(|| format!("pauses of run {}", run.id), made.pauses, pauses)?;
    for &(from, to, most) in &run.max_pauses {
        // It ends with its window: that is no pause.
        let inside = (from..to).filter(|t| run.window().contains(t));
        let stopped = inside.filter(|&t| {
            let before = t.checked_sub(1).map_or(was_on(run), |b| made.steps[b].on);
            before && !made.steps[t].on && !made.steps[t].done
        });
        at_most(|| format!("pauses of run {} from step {from}", run.id), stopped.count() as f64, most as f64)?;
    }
    Ok(())
}

/// No stretch of steps on is longer than the interval without a save in it.
fn intervals(run: &Run, made: &RunOutcome) -> Checked {
    let Checkpoint::Steps { every, since } = run.checkpoint else { return Ok(()) };
    let mut passed = if was_on(run) { since } else { 0 };
    // An interval overrun before the horizon is mended by a save in its first step.
    passed = passed.min(every - 1);
    for t in run.window() {
        let step = &made.steps[t];
        if !step.on || step.save {
            passed = 0;
            continue;
        }
        passed += 1;
        let name = || format!("run {} goes {passed} steps without a save at step {t}", run.id);
        ensure(passed < every, name, passed as f64, 0.0)?;
    }
    for &event in run.save_before.iter().filter(|e| **e > run.release && **e <= run.deadline) {
        let step = &made.steps[event - 1];
        let early = event < run.release + parts(run.save_h, 1.0).len();
        let saved = !step.on || step.save || early;
        ensure(saved, || format!("run {} meets an event at step {event} unsaved", run.id), 1.0, 0.0)?;
    }
    Ok(())
}

fn least_times(run: &Run, made: &RunOutcome) -> Checked {
    let (mut on, mut length) = match run.before {
        Before::On { steps, .. } => (true, steps),
        Before::Paused { steps, .. } => (false, steps),
        Before::Waiting => (false, usize::MAX),
    };
    for t in run.window() {
        let step = &made.steps[t];
        if step.done {
            break;
        }
        if step.on == on {
            length = length.saturating_add(1);
            continue;
        }
        let least = if on { run.min_on } else { run.min_off };
        let state = if on { "on" } else { "off" };
        at_most(|| format!("least time {state} of run {} until step {t}", run.id), least as f64, length as f64)?;
        (on, length) = (step.on, 1);
    }
    Ok(())
}

fn totals(problem: &Problem, run: &Run, made: &RunOutcome) -> Checked {
    let h = problem.step_hours;
    let progress: f64 = made.steps.iter().map(|s| h * s.progress).sum();
    let useful = run.useful_hours(h);
    at_most(|| format!("progress of run {}", run.id), progress, useful)?;
    equal(|| format!("lost hours of run {}", run.id), made.lost_hours, (useful - progress).max(0.0))?;
    equal(|| format!("late hours of run {}", run.id), made.late_hours, (run.must_hours - progress).max(0.0))?;
    let need = run.need_hours.unwrap_or(f64::INFINITY);
    let mut so_far = 0.0;
    for (t, step) in made.steps.iter().enumerate() {
        if step.done {
            at_most(|| format!("what run {} still needs at step {t}", run.id), need, so_far)?;
        }
        so_far += h * step.progress;
    }
    Ok(())
}
