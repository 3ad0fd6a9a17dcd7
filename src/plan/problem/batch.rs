//! Batch work: energy that divides, and jobs that run in one go. Jobs alike in everything are one of the problem.

use super::later::Later;
use super::{Stated, Window};
use crate::plan::snapshot::{Item, Snapshot, Standing};
use crate::plan::work::Preempt;
use crate::plan::work::state::Phase;
use solver::{After, Gpus, Job, Piece, Prior};
use std::collections::BTreeMap;

pub(super) fn add(
    snapshot: &Snapshot,
    stated: &mut Stated,
    (index, window): (usize, Window),
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
            let alone = item.work.after.is_empty() && !waited_for(snapshot, item);
            // What waits, or is waited for, stays one job.
            let jobs = if alone || job.count == 1 { steadied(snapshot, item, job) } else { vec![job] };
            jobs.into_iter().for_each(|job| cohorts.add(index, job, alone));
        }
        // It has time after the horizon.
        Ok(None) => stated.say(
            "after_horizon",
            &item.work.id,
            1.0,
            "pieces",
            format!("{} does not fit before the horizon's end and waits for a later plan", item.work.id),
        ),
        Err(message) => {
            let left = item.terms.all_energy_mwh() * (1.0 - item.done).max(0.0);
            stated.miss(item, left, "window_too_short", message);
        }
    }
}

fn waited_for(snapshot: &Snapshot, item: &Item) -> bool {
    snapshot.work.iter().any(|other| other.work.after.contains(&item.work.id))
}

fn account(snapshot: &Snapshot, item: &Item) -> Option<usize> {
    let accounts = &snapshot.portfolio.planning.accounts;
    item.work.account.as_ref().and_then(|id| accounts.iter().position(|a| a.id == *id))
}

/// GPUs held by one unit of whatever the holder counts in: `per` of them make up all.
pub(super) fn gpus(snapshot: &Snapshot, item: &Item, per: f64) -> Option<Gpus> {
    let (pool, gpus) = item.terms.pool.zip(item.terms.gpus)?;
    Some(Gpus { pool, count: gpus / per, account: account(snapshot, item) })
}

/// What leaving an earlier placement costs a MWh: within its notice far more than any gain.
pub(super) fn change_price(snapshot: &Snapshot, item: &Item, step: usize) -> f64 {
    let policy = &snapshot.portfolio.policy;
    let notice_s = item.work.notice_min.unwrap_or(0.0) * 60.0;
    let start_s = snapshot.grid.start(step) - snapshot.now_s;
    if (start_s as f64) < notice_s { policy.class_price_per_mwh } else { policy.change_price_per_mwh }
}

fn divisible(snapshot: &Snapshot, item: &Item, window: Window, later_cost: f64) -> solver::Work {
    let max_mw = item.terms.most_mw();
    let left_mwh = item.terms.all_energy_mwh() * (1.0 - item.done).max(0.0);
    let beyond_h = window.beyond as f64 * snapshot.step_hours();
    let mut prior: Vec<Prior> = item
        .prior
        .iter()
        .filter(|p| p.on && (window.release..window.deadline).contains(&p.step) && item.terms.sites.contains(&p.site))
        .map(|p| Prior { site: p.site, step: p.step, mw: p.mw, price_per_mwh: change_price(snapshot, item, p.step) })
        .collect();
    // Within its notice nothing new is begun either.
    let notice_s = (item.work.notice_min.unwrap_or(0.0) * 60.0) as i64;
    for step in window.release..window.deadline {
        if snapshot.grid.start(step) - snapshot.now_s >= notice_s {
            break;
        }
        let planned: Vec<usize> = prior.iter().filter(|p| p.step == step).map(|p| p.site).collect();
        let empty = item.terms.sites.iter().filter(|site| !planned.contains(site));
        let price_per_mwh = change_price(snapshot, item, step);
        prior.extend(empty.map(|&site| Prior { site, step, mw: 0.0, price_per_mwh }).collect::<Vec<_>>());
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
    let running = matches!((item.state.phase, item.standing), (Phase::Running, Standing::On { .. }));
    let again = !running && item.work.preempt == Some(Preempt::Requeue);
    let left = if again { 1.0 } else { (1.0 - item.done).max(0.0) };
    let hours = item.terms.hours * left;
    let steps = ((hours / h - 1e-9).ceil() as usize).max(1);
    let last = (hours / h - (steps as f64 - 1.0)).clamp(0.0, 1.0);
    let longest = item.work.hours_p90.map_or(hours, |p90| (p90 * left).max(hours));
    let tail = ((longest / h - 1e-9).ceil() as usize).saturating_sub(steps);
    // Nine in ten must be done by the deadline, so that is what its latest start leaves room for.
    let room = window.deadline + window.beyond - window.release;
    if room < steps {
        return Err(format!("{}: it takes {steps} steps and {room} lie between release and deadline", item.work.id));
    }
    let tail = tail.min(room - steps);
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
    let (first, last_end) = if running {
        (0, snapshot.grid.len)
    } else {
        match noticed(snapshot, item, window.release, (steps, deadline)) {
            Some(span) => span,
            // What has time after its notice and no room before the horizon's end waits for a later plan.
            None if window.beyond > 0 => return Ok(None),
            None => (window.release, deadline),
        }
    };
    Ok(Some(Job {
        id: item.work.id.clone(),
        sites,
        release: first,
        deadline: last_end,
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

/// Units by where an earlier plan had them start, so that those of one start are one job; the rest has none.
fn steadied(snapshot: &Snapshot, item: &Item, job: Job) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut left = job.count;
    for (site, step, count) in starts_of(item, job.steps) {
        let count = count.min(left);
        if count == 0 || job.running.is_some() || !job.sites.contains(&site) || !job.starts().contains(&step) {
            continue;
        }
        left -= count;
        let price = job.energy_mwh(snapshot.step_hours()) * change_price(snapshot, item, step);
        jobs.push(Job { count, prior: Some(solver::PriorStart { site, step, price }), ..job.clone() });
    }
    if left > 0 {
        jobs.push(Job { count: left, ..job });
    }
    jobs
}

/// Site, step, how many an earlier plan had start: of units that take `steps` each, `s[t] = n[t] - n[t-1] + s[t-steps]` with
/// `n` of them on.
fn starts_of(item: &Item, steps: usize) -> Vec<(usize, usize, u32)> {
    let mut starts = Vec::new();
    let last = item.prior.iter().map(|p| p.step).max().unwrap_or(0);
    for &site in &item.terms.sites {
        let on = |step: usize| item.prior.iter().filter(|p| p.on && (p.site, p.step) == (site, step)).count() as i64;
        let mut begun: Vec<i64> = Vec::new();
        let mut before = 0;
        for step in (0..=last).take_while(|_| !item.prior.is_empty()) {
            let now = on(step);
            let ended = step.checked_sub(steps).map_or(0, |s| begun[s]);
            begun.push((now - before + ended).max(0));
            before = now;
        }
        let of_site = begun.iter().enumerate().filter(|(_, n)| **n > 0);
        starts.extend(of_site.map(|(step, n)| (site, step, *n as u32)));
    }
    starts
}

/// First start and latest end that its notice leaves: a start announced within it stands, and none is put there. None
/// where no start is left.
fn noticed(
    snapshot: &Snapshot,
    item: &Item,
    release: usize,
    (steps, deadline): (usize, usize),
) -> Option<(usize, usize)> {
    let notice_s = (item.work.notice_min.unwrap_or(0.0) * 60.0) as i64;
    let within = |step: usize| snapshot.grid.start(step) - snapshot.now_s < notice_s;
    let announced = item.prior.iter().filter(|p| p.on && p.step >= release).map(|p| p.step).min();
    if let Some(start) = announced.filter(|start| item.terms.count == 1 && within(*start) && start + steps <= deadline)
    {
        return Some((start, start + steps));
    }
    let first = (release..deadline).find(|step| !within(*step))?;
    (first + steps <= deadline).then_some((first, deadline))
}

/// Jobs by everything but their id.
#[derive(Debug, Default)]
pub(super) struct Cohorts {
    /// Key, job, members; those that wait for others stand alone.
    found: Vec<(Job, Vec<(usize, u32)>)>,
    by_key: BTreeMap<String, usize>,
}

impl Cohorts {
    fn add(&mut self, index: usize, job: Job, alone: bool) {
        let count = job.count;
        // Debug prints floats exactly, so equal text is equal terms.
        let key = format!("{:?}", Job { id: String::new(), count: 0, ..job.clone() });
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

    pub(super) fn state(self, _snapshot: &Snapshot, stated: &mut Stated) {
        for (job, members) in self.found {
            stated.problem.jobs.push(job);
            stated.jobs.push(members);
        }
    }
}

/// Which waits for which; what waits for something unknown, or that this plan cannot complete, is not planned yet.
pub(super) fn order(snapshot: &Snapshot, stated: &mut Stated) {
    let waiting: Vec<usize> = (0..snapshot.work.len()).filter(|i| !snapshot.work[*i].work.after.is_empty()).collect();
    for index in in_circles(snapshot, &waiting) {
        let item = &snapshot.work[index];
        let first = item.work.after.first().map_or("", String::as_str);
        let message =
            format!("{} waits for {first}, and that for it: none of such a circle can ever begin", item.work.id);
        stated.say("circle", &item.work.id, 1.0, "pieces", message);
        take_out(stated, index);
    }
    // What is taken out may be what others wait for.
    loop {
        let blocked: Vec<(usize, &String)> =
            waiting.iter().filter_map(|index| blocked_by(snapshot, stated, *index).map(|id| (*index, id))).collect();
        if blocked.is_empty() {
            break;
        }
        for (index, id) in blocked {
            let item = &snapshot.work[index];
            let message = format!("{} waits for {id}, which this plan does not complete", item.work.id);
            stated.say("waits", &item.work.id, 1.0, "pieces", message);
            take_out(stated, index);
        }
    }
    for index in waiting {
        let Some(then) = piece_of(stated, index) else { continue };
        for id in &snapshot.work[index].work.after {
            let firsts: Vec<Piece> = named(snapshot, id).filter_map(|first| piece_of(stated, first)).collect();
            stated.problem.after.extend(firsts.into_iter().map(|first| After { first, then }));
        }
    }
}

/// Pieces that wait, by way of others, for themselves.
fn in_circles(snapshot: &Snapshot, waiting: &[usize]) -> Vec<usize> {
    let mut left: Vec<usize> = waiting.to_vec();
    loop {
        // One waits in a circle only for what waits itself.
        let ids: std::collections::BTreeSet<&String> = left.iter().map(|i| &snapshot.work[*i].work.id).collect();
        let kept: Vec<usize> =
            left.iter().copied().filter(|i| snapshot.work[*i].work.after.iter().any(|id| ids.contains(id))).collect();
        if kept.len() == left.len() {
            return kept;
        }
        left = kept;
    }
}

fn piece_of(stated: &Stated, index: usize) -> Option<Piece> {
    let work = stated.work.iter().position(|w| *w == index).map(Piece::Work);
    let run = || stated.runs.iter().position(|r| *r == index).map(Piece::Run);
    let job = || stated.jobs.iter().position(|m| m.iter().any(|m| m.0 == index)).map(Piece::Job);
    work.or_else(job).or_else(run)
}

/// Items of an id: units of an array are several.
fn named<'a>(snapshot: &'a Snapshot, id: &'a str) -> impl Iterator<Item = usize> {
    (0..snapshot.work.len()).filter(move |i| snapshot.work[*i].work.id == id)
}

/// What a piece that is planned waits for and cannot get.
fn blocked_by<'a>(snapshot: &'a Snapshot, stated: &Stated, index: usize) -> Option<&'a String> {
    // What runs waits for nothing any more.
    let begun = !matches!(snapshot.work[index].standing, Standing::Waiting);
    if begun || piece_of(stated, index).is_none() {
        return None;
    }
    snapshot.work[index].work.after.iter().find(|id| {
        let open: Vec<usize> = named(snapshot, id).filter(|i| snapshot.work[*i].done < 1.0 - 1e-9).collect();
        if open.is_empty() {
            // It is done, or was never there.
            return !snapshot.finished.contains(*id);
        }
        open.iter().any(|first| piece_of(stated, *first).is_none())
    })
}

fn take_out(stated: &mut Stated, index: usize) {
    match piece_of(stated, index) {
        Some(Piece::Work(w)) => {
            stated.problem.work.remove(w);
            stated.work.remove(w);
        }
        // What waits stands alone, so all of the job is its own.
        Some(Piece::Job(j)) => {
            stated.problem.jobs.remove(j);
            stated.jobs.remove(j);
        }
        Some(Piece::Run(r)) => {
            stated.problem.runs.remove(r);
            stated.runs.remove(r);
            stated.shapes.remove(r);
        }
        None => {}
    }
}
