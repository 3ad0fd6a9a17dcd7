//! Batch work: energy that divides, and jobs that run in one go. Jobs alike in everything are one of the problem.

use super::change_penalty::{change_penalty_per_mwh, with_change_penalty, within_notice};
use super::later::Later;
use super::stated::Stated;
use super::window::Window;
use crate::plan::common::{Item, ItemIndex, Planned, SiteIndex, Snapshot, Standing, WorkId};
use crate::plan::{codes, draws};
use crate::work::Preempt;
use solver::{Gpus, Job, Prior};
use std::collections::BTreeMap;

pub(super) fn add(
    snapshot: &Snapshot,
    stated: &mut Stated,
    (index, window): (ItemIndex, Window),
    later: &Later,
    cohorts: &mut Cohorts,
) {
    let item = &snapshot.work[index];
    if item.work.divides() {
        stated.problem.work.push(divisible(snapshot, item, window, later.cost_per_mwh(snapshot, item)));
        stated.work.push(index);
        return;
    }
    match job(snapshot, item, window, later.cost_per_mwh(snapshot, item)) {
        Ok(Some(job)) => {
            let waits_for_it = |other: &Item| other.work.after.contains(&item.work.id);
            let alone = item.work.after.is_empty() && !snapshot.work.iter().any(waits_for_it);
            // What waits, or is waited for, stays one job.
            let jobs = if alone || job.count == 1 { with_change_penalty(snapshot, item, job) } else { Some(vec![job]) };
            match jobs {
                Some(jobs) => jobs.into_iter().for_each(|job| cohorts.add(index, job, alone)),
                None => {
                    let why = "could start only after the horizon, given its notice, and waits for a later plan";
                    stated.say_piece(codes::AFTER_HORIZON, item, format!("{} {why}", item.work.id));
                }
            }
        }
        // It has time after the horizon.
        Ok(None) => {
            let message = format!("{} does not fit before the horizon's end and waits for a later plan", item.work.id);
            stated.say_piece(codes::AFTER_HORIZON, item, message);
        }
        Err(message) => stated.miss(item, item.left_mwh(), solver::codes::WINDOW_TOO_SHORT, message),
    }
}

/// GPUs held by one unit of whatever the holder counts in: `per` of them make up all.
pub(super) fn gpus(snapshot: &Snapshot, item: &Item, per: f64) -> Option<Gpus> {
    let (pool, gpus) = item.terms.pool.zip(item.terms.gpus)?;
    let account = item.work.account.as_ref().and_then(|id| draws::account(&snapshot.portfolio, id));
    Some(Gpus { pool, count: gpus / per, account })
}

fn divisible(snapshot: &Snapshot, item: &Item, window: Window, later_cost: f64) -> solver::Work {
    let max_mw = item.terms.most_mw();
    let left_mwh = item.left_mwh();
    let beyond_h = window.beyond as f64 * snapshot.step_hours();
    let priced = |site: SiteIndex, step: usize, mw: f64| {
        let price_per_mwh = change_penalty_per_mwh(snapshot, item, step);
        Prior { site, step, mw, price_per_mwh }
    };
    let steps = window.release..window.deadline;
    let within = |p: &&Planned| p.on && steps.contains(&p.step) && item.terms.sites.contains(&p.site);
    let mut prior: Vec<Prior> = item.prior.iter().filter(within).map(|p| priced(p.site, p.step, p.mw)).collect();
    // Within its notice nothing new is begun either.
    for step in steps.clone().take_while(|step| within_notice(snapshot, item, *step)) {
        let planned: Vec<SiteIndex> = prior.iter().filter(|p| p.step == step).map(|p| p.site).collect();
        let empty = item.terms.sites.iter().filter(|site| !planned.contains(site));
        prior.extend(empty.map(|&site| priced(site, step, 0.0)));
    }
    solver::Work {
        id: item.work.id.clone(),
        sites: item.terms.sites.clone(),
        release: window.release,
        deadline: window.deadline,
        energy_mwh: left_mwh,
        max_mw,
        miss_price_per_mwh: item.terms.miss_price_per_mwh,
        later: (beyond_h > 0.0)
            .then_some(solver::Later { max_mwh: (max_mw * beyond_h).min(left_mwh), cost_per_mwh: later_cost }),
        gpus: gpus(snapshot, item, item.terms.max_mw),
        prior,
    }
}

/// None where it can wait until after the horizon and does not fit before its end.
fn job(snapshot: &Snapshot, item: &Item, window: Window, later_cost: f64) -> Result<Option<Job>, String> {
    let h = snapshot.step_hours();
    let running = matches!(item.standing, Standing::On { .. });
    let again = !running && item.work.preempt == Some(Preempt::Requeue);
    let left = if again { 1.0 } else { (1.0 - item.done).max(0.0) };
    let hours = item.terms.hours * left;
    let steps = ((hours / h - 1e-9).ceil() as usize).max(1);
    let last = (hours / h - (steps as f64 - 1.0)).clamp(0.0, 1.0);
    let longest = item.work.hours_p90.map_or(hours, |p90| (p90 * left).max(hours));
    let tail = ((longest / h - 1e-9).ceil() as usize).saturating_sub(steps);
    // Nine in ten must be done by the deadline, so that is what its latest start leaves room for.
    let room = window.deadline + window.beyond - window.release;
    if room < steps && !running {
        let (id, minutes) = (&item.work.id, snapshot.grid.step_s / 60);
        return Err(format!(
            "{id}: it takes {steps} steps of {minutes} min, but only {room} whole steps lie between its release and \
             its deadline"
        ));
    }
    let tail = tail.min(room.saturating_sub(steps));
    let deadline = (window.deadline + window.beyond - tail).min(snapshot.grid.len);
    if window.release + steps > deadline && !running {
        return Ok(None);
    }
    let energy = h * item.terms.max_mw * (steps as f64 - 1.0 + last);
    let price = if window.beyond >= steps { later_cost } else { item.terms.miss_price_per_mwh };
    let (sites, held) = match item.standing {
        Standing::On { site, .. } if running => (vec![site], Some(0)),
        _ => (item.terms.sites.clone(), None),
    };
    let steps = if running { steps.min(snapshot.grid.len) } else { steps };
    Ok(Some(Job {
        id: item.work.id.clone(),
        sites,
        release: if running { 0 } else { window.release },
        deadline: if running { snapshot.grid.len } else { deadline },
        steps,
        last,
        mw: item.terms.max_mw,
        count: if running { 1 } else { item.terms.count },
        miss_price: energy * price,
        tail,
        gpus: gpus(snapshot, item, 1.0),
        running: held,
        prior: None,
    }))
}

/// Jobs by everything but their id.
#[derive(Debug, Default)]
pub(super) struct Cohorts {
    /// Job, members; those that wait for others stand alone.
    pub(super) found: Vec<(Job, Vec<(ItemIndex, u32)>)>,
    by_key: BTreeMap<String, usize>,
}

impl Cohorts {
    fn add(&mut self, index: ItemIndex, job: Job, alone: bool) {
        let count = job.count;
        // Debug prints floats exactly, so equal text is equal terms.
        let key = format!("{:?}", Job { id: WorkId::default(), count: 0, ..job.clone() });
        if alone && job.running.is_none() {
            if let Some(&at) = self.by_key.get(&key) {
                let (cohort, members) = &mut self.found[at];
                cohort.count += count;
                members.push((index, count));
                return;
            }
            self.by_key.insert(key, self.found.len());
        }
        self.found.push((job, vec![(index, count)]));
    }
}
