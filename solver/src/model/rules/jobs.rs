//! Each that does not start where a previous plan had it costs `price`.
//!
//! `sum(s,t) start[j,s,t] + miss = count`, start an integer; `x[j,s,t] = mw * sum of start over the last d steps`.
//!
//! A job of d steps runs in one go at one site. Its place (GPUs, not power) stays taken for `tail` more steps: it may
//! run longer than expected.

use super::pools;
use crate::model::given::{Finished, Given, Starts};
use crate::model::keys::JobKeys;
use crate::model::linear::{LinearModel, Part, anywhere};
use crate::model::terms::Terms;
use crate::model::terms::money;
use crate::outcome::{Item, JobOutcome, Kind, Ledger, codes};
use crate::problem::{Job, Problem};
use ids::{Index, JobIndex, SiteIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, starts, .. } = *given;
    if let Starts::Apart = starts {
        return;
    }
    for (j, job) in JobIndex::each(&problem.jobs) {
        let count = f64::from(job.count);
        let miss = model.integer(Part::JobMiss, anywhere(j.get(), 0), count, job.miss_price);
        let mut keys = JobKeys { starts: Vec::new(), miss };
        model.constant += job.prior.map_or(0.0, |p| p.price * count);
        for &site in &job.sites {
            for step in job.starts() {
                if let Starts::Only(starts) = starts
                    && !starts[j].contains(&(site, step))
                {
                    continue;
                }
                let stays = job.prior.filter(|p| (p.site, p.step) == (site, step));
                let cost = delay(problem, job, step) - stays.map_or(0.0, |p| p.price);
                let column = model.integer(Part::JobStart, (j.get(), site, step), count, cost);
                if job.running.is_some() {
                    model.columns[column].lower = 1.0;
                }
                for since in 0..job.steps {
                    // Power is not shared within a step: a part of one needs its megawatts all the same.
                    let mw = (job.mw * job.part(since), job.mw);
                    draw_in_step(model, problem, terms, (site, step + since), mw, column);
                }
                if let Some(gpus) = &job.gpus {
                    job.place(step, problem.steps).for_each(|t| pools::hold(model, gpus, t, &[(column, 1.0)]));
                }
                keys.starts.push((site, step, column));
            }
        }
        let all: Vec<(usize, f64)> = keys.starts.iter().map(|s| (s.2, 1.0)).chain([(miss, 1.0)]).collect();
        model.rule("job", anywhere(j.get(), 0), (count, count), &all);
        model.keys.jobs.push(keys);
    }
}

pub fn costs(made: &Finished, ledger: &mut Ledger) {
    let problem = made.problem;
    let jobs = || problem.jobs.iter().zip(&made.outcome.jobs);
    for (job, made) in jobs() {
        let count = f64::from(made.missed);
        let missed = (count * job.energy_mwh(problem.step_hours), "MWh");
        ledger.add(Item::Missed, codes::MISSED, Kind::Penalty, missed, count * job.miss_price);
    }
    let started = jobs().flat_map(|(job, made)| {
        made.starts.iter().map(|&(_, step, count)| delay(problem, job, step) * f64::from(count))
    });
    ledger.add(Item::Delay, codes::DELAY, Kind::Penalty, (0.0, ""), started.sum());
    let moved: f64 = jobs().map(|(job, made)| change_cost(job, made)).sum();
    ledger.add(Item::Changes, codes::CHANGES, Kind::Penalty, (0.0, ""), moved);
}

/// What starts other than a previous plan's cost.
fn change_cost(job: &Job, made: &JobOutcome) -> f64 {
    job.prior.map_or(0.0, |p| {
        let stay = made.starts.iter().filter(|s| (s.0, s.1) == (p.site, p.step)).map(|s| s.2).sum::<u32>();
        p.price * f64::from(job.count.saturating_sub(stay))
    })
}

/// What the tie-breaking delay price makes of a start.
pub fn delay(problem: &Problem, job: &Job, start: usize) -> f64 {
    let per_mw = |since: usize| money::delay_cost(problem, start + since) * job.part(since);
    job.mw * (0..job.steps).map(per_mw).sum::<f64>()
}

/// IT power of useful load in a step, on average over it and at its highest.
pub fn draw_in_step(
    model: &mut LinearModel,
    problem: &Problem,
    terms: &Terms,
    (s, step): (SiteIndex, usize),
    (mw, most_mw): (f64, f64),
    column: usize,
) {
    let site = &problem.sites[s];
    model.draw(column, (s, step), site.pue[step], (mw, most_mw));
    for (k, target) in terms.targets.iter().enumerate() {
        model.entry(model.keys.target(k), column, -target.credit[site.boundary][step] * mw);
    }
}
