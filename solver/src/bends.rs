//! By how much a plan goes over what may bend, recomputed from the problem and the plan alone, and what that costs.

use crate::costs::Slack;
use crate::outcome::{JobOutcome, Outcome};
use crate::problem::{Gpus, Job, Problem};
use crate::rules::capacity;
use crate::terms::Terms;

/// A GPU over the limit for an hour counts as a kilowatt over it.
const MWH_PER_GPU_HOUR: f64 = 1e-3;

pub fn of(problem: &Problem, terms: &Terms, outcome: &Outcome) -> Vec<Slack> {
    let loads = Loads::of(problem, outcome);
    let policy = &problem.policy;
    let h = problem.step_hours;
    let overload = policy.overload_price_per_mwh;
    let (pools, accounts) = gpus(problem, outcome);
    let mut bends = vec![
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
    bends.push(utilisation(problem, outcome));
    bends.retain(|b| b.1 > 0.0);
    bends
}

/// MW by site and step.
struct Loads {
    /// IT power of work at its highest in the step.
    most_it: Vec<Vec<f64>>,
    /// Facility power of work, on average.
    work: Vec<Vec<f64>>,
    /// Facility power of work and storage.
    moved: Vec<Vec<f64>>,
}

impl Loads {
    fn of(problem: &Problem, outcome: &Outcome) -> Loads {
        let it = outcome.drawn_mw(problem);
        let mut most_it = it.clone();
        for (job, made) in problem.jobs.iter().zip(&outcome.jobs) {
            for &(site, start, count) in &made.starts {
                let last = start + job.steps - 1;
                most_it[site][last] += f64::from(count) * job.mw * (1.0 - job.last);
            }
        }
        let mut work = it;
        for (row, site) in work.iter_mut().zip(&problem.sites) {
            row.iter_mut().zip(&site.pue).for_each(|(mw, pue)| *mw *= pue);
        }
        let mut moved = work.clone();
        let stored = outcome.stored_mw(problem);
        moved.iter_mut().flatten().zip(stored.iter().flatten()).for_each(|(mw, more)| *mw += more);
        Loads { most_it, work, moved }
    }

    /// What the connection may have to carry.
    fn peak(&self, problem: &Problem, s: usize, t: usize) -> f64 {
        let site = &problem.sites[s];
        site.overhead_mw[t] + site.pue[t] * site.peak_it_mw(t) + self.moved[s][t]
    }
}

fn over_capacity(problem: &Problem, terms: &Terms, loads: &Loads) -> f64 {
    let mut over = 0.0;
    for s in (0..problem.sites.len()).filter(|&s| capacity::holds_started(problem, s)) {
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
        for &now in &loads.work[s] {
            over += ((now - before).abs() - ramp.mw_per_step).max(0.0);
            before = now;
        }
    }
    over
}

/// GPU-hours over pools, and over accounts.
fn gpus(problem: &Problem, outcome: &Outcome) -> (f64, f64) {
    let mut pools = vec![vec![0.0; problem.steps]; problem.pools.len()];
    let mut accounts = vec![vec![0.0; problem.steps]; problem.accounts.len()];
    let mut hold = |gpus: &Gpus, t: usize, holders: f64| {
        pools[gpus.pool][t] += gpus.count * holders;
        if let Some(a) = gpus.account {
            accounts[a][t] += gpus.count * holders;
        }
    };
    for p in &outcome.placements {
        if let Some(gpus) = &problem.work[p.work].gpus {
            hold(gpus, p.step, p.mw);
        }
    }
    for (job, made) in problem.jobs.iter().zip(&outcome.jobs) {
        if let Some(gpus) = &job.gpus {
            held(problem, job, made, |t, count| hold(gpus, t, count));
        }
    }
    for (run, made) in problem.runs.iter().zip(&outcome.runs) {
        for (t, step) in made.steps.iter().enumerate() {
            if let Some(gpus) = run.gpus.filter(|_| step.on || (run.hold_nodes && step.site.is_some())) {
                hold(&gpus, t, 1.0);
            }
        }
    }
    let h = problem.step_hours;
    let mut over = (0.0, 0.0);
    for (pool, held) in problem.pools.iter().zip(&pools) {
        over.0 += h * pool.available.iter().zip(held).map(|(most, held)| (held - most).max(0.0)).sum::<f64>();
    }
    for (account, held) in problem.accounts.iter().zip(&accounts) {
        if let Some(most) = account.max_gpus {
            over.1 += h * held.iter().map(|held| (held - most).max(0.0)).sum::<f64>();
        }
        for &(from, to, hours) in &account.gpu_hours {
            over.1 += (h * held[from..to].iter().sum::<f64>() - hours).max(0.0);
        }
    }
    over
}

/// Steps in which a job's place is taken, and by how many alike.
fn held(problem: &Problem, job: &Job, made: &JobOutcome, mut hold: impl FnMut(usize, f64)) {
    for &(_, start, count) in &made.starts {
        for t in start..(start + job.steps + job.tail).min(problem.steps) {
            hold(t, f64::from(count));
        }
    }
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
