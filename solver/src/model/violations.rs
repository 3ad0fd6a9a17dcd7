//! By how much a plan violates what may be violated at a price, recomputed from the problem and the plan alone.

use crate::model::terms::Terms;
use crate::outcome::{Loads, Outcome, Slack, gpus_held};
use crate::problem::{Problem, ProblemError};

/// A GPU over the limit for an hour counts as a kilowatt over it.
const MWH_PER_GPU_HOUR: f64 = 1e-3;

/// What a plan violates, by name and quantity; nothing where it keeps every limit.
///
/// # Errors
/// A problem that is refused.
pub fn violations(problem: &Problem, outcome: &Outcome) -> Result<Vec<(&'static str, f64)>, ProblemError> {
    problem.check()?;
    Ok(of(problem, &Terms::new(problem), outcome).into_iter().map(|slack| (slack.0, slack.1)).collect())
}

pub(crate) fn of(problem: &Problem, terms: &Terms, outcome: &Outcome) -> Vec<Slack> {
    let loads = Loads::of(problem, outcome);
    let policy = &problem.policy;
    let h = problem.step_hours;
    let overload = policy.overload_price_per_mwh;
    let (pools, accounts) = gpus(problem, outcome);
    let mut found = vec![
        ("over_capacity", h * over_capacity(problem, terms, &loads), "MWh", overload),
        ("over_connection", h * over_connection(problem, &loads), "MWh", overload),
        ("over_event", h * over_events(problem, &loads), "MWh", policy.event_price_per_mwh),
        ("over_limit", h * over_limits(problem, &loads), "MWh", overload),
        ("over_ramp", h * over_ramps(problem, &loads), "MWh", overload),
        ("over_pool", pools, "GPU-hours", overload * MWH_PER_GPU_HOUR),
        ("over_account", accounts, "GPU-hours", overload * MWH_PER_GPU_HOUR),
        ("below_class", h * below_class(problem, outcome), "rated MWh", policy.class_price_per_mwh),
        ("storage_end", storage_end(problem, outcome), "MWh", policy.class_price_per_mwh),
    ];
    found.push(utilisation(problem, outcome));
    found.retain(|slack| slack.1 > 0.0);
    found
}

fn over_capacity(problem: &Problem, terms: &Terms, loads: &Loads) -> f64 {
    let mut over = 0.0;
    for s in (0..problem.sites.len()).filter(|&s| problem.holds_started(s)) {
        let room = terms.headroom[s].iter().zip(&loads.most_it[s]);
        over += room.map(|(room, mw)| (mw - room).max(0.0)).sum::<f64>();
    }
    over
}

fn over_connection(problem: &Problem, loads: &Loads) -> f64 {
    let stores = |s: &usize| problem.storage.iter().any(|k| k.site == *s);
    let excess = |s: usize, t: usize| (loads.peak(problem, s, t) - problem.sites[s].grid_limit_mw[t]).max(0.0);
    (0..problem.sites.len()).filter(stores).map(|s| (0..problem.steps).map(|t| excess(s, t)).sum::<f64>()).sum()
}

fn over_events(problem: &Problem, loads: &Loads) -> f64 {
    let one = |e: &crate::problem::Event| -> f64 {
        (e.from..e.to).map(|t| (loads.peak(problem, e.site, t) - e.max_mw).max(0.0)).sum()
    };
    problem.events.iter().map(one).sum()
}

fn over_limits(problem: &Problem, loads: &Loads) -> f64 {
    let mut over = 0.0;
    for limit in &problem.limits {
        for t in 0..problem.steps {
            let all: f64 = limit.sites.iter().map(|&s| loads.peak(problem, s, t)).sum();
            over += (all - limit.max_mw[t]).max(0.0);
        }
    }
    over
}

fn over_ramps(problem: &Problem, loads: &Loads) -> f64 {
    let mut over = 0.0;
    for (s, site) in problem.sites.iter().enumerate() {
        let Some(ramp) = site.ramp else { continue };
        let mut before = ramp.before_mw;
        for (t, work) in loads.work[s].iter().enumerate() {
            let now = work + site.fixed_mw(t);
            over += ((now - before).abs() - ramp.mw_per_step).max(0.0);
            before = now;
        }
    }
    over
}

/// GPU-hours over pools, and over accounts.
fn gpus(problem: &Problem, outcome: &Outcome) -> (f64, f64) {
    let (pools, accounts) = gpus_held(problem, outcome);
    let h = problem.step_hours;
    let mut over = (0.0, 0.0);
    for (pool, held) in problem.pools.iter().zip(&pools) {
        over.0 += h * held.iter().enumerate().map(|(t, held)| (held - pool.left(t)).max(0.0)).sum::<f64>();
    }
    for (account, held) in problem.accounts.iter().zip(&accounts) {
        let excess = |t: usize| account.left(t).map_or(0.0, |left| (held[t] - left).max(0.0));
        over.1 += h * (0..held.len()).map(excess).sum::<f64>();
        for span in &account.gpu_hours {
            let used = h * held[span.0..span.1].iter().sum::<f64>();
            over.1 += (used - account.hours_left(span, h)).max(0.0);
        }
    }
    over
}

/// Rated MW times rated steps below what classes promise.
fn below_class(problem: &Problem, outcome: &Outcome) -> f64 {
    let mut below = 0.0;
    for (run, made) in problem.runs.iter().zip(&outcome.runs) {
        let Some(class) = &run.class else { continue };
        for last in 0..run.window().len() {
            let inside = (last + 1).min(class.window);
            let Some(from) = class.history.len().checked_sub(class.window - inside) else { continue };
            let history: f64 = class.history[from..].iter().sum();
            let window = &made.steps[run.release + last + 1 - inside..=run.release + last];
            // What it does not need to run for is no lack: it waits to begin, or is done.
            let excused = window.iter().filter(|s| s.done || s.site.is_none()).count() as f64;
            let progress: f64 = window.iter().map(|s| s.progress).sum();
            let least = class.mean * (class.window as f64 - excused) - history;
            below += run.rated_mw * (least - progress).max(0.0);
        }
    }
    below
}

fn utilisation(problem: &Problem, outcome: &Outcome) -> Slack {
    let Some(utilisation) = problem.utilisation else { return ("below_utilisation", 0.0, "", 0.0) };
    let weight: f64 = problem.runs.iter().map(|r| r.weight).sum();
    let rated: f64 = problem.runs.iter().map(|r| r.rated_mw).sum();
    let made = problem.runs.iter().zip(&outcome.runs).map(|(run, made)| {
        let progress: f64 = made.steps.iter().map(|s| s.progress).sum();
        run.weight * problem.step_hours * progress
    });
    let below = (utilisation.floor * utilisation.reference - made.sum::<f64>()).max(0.0);
    let price = problem.policy.class_price_per_mwh * if weight > 0.0 { rated / weight } else { 0.0 };
    ("below_utilisation", below, "weighted h", price)
}

fn storage_end(problem: &Problem, outcome: &Outcome) -> f64 {
    let last = problem.steps.saturating_sub(1);
    let ends = problem.storage.iter().zip(&outcome.storage).map(|(k, flows)| {
        let held = flows.clean_mwh.get(last).unwrap_or(&0.0) + flows.other_mwh.get(last).unwrap_or(&0.0);
        (k.end_min_mwh - held).max(0.0)
    });
    ends.sum()
}
