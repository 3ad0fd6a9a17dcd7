//! The work as submitted: everything as early as it can run, at full power, storage idle.
//!
//! What runs already first, then training, jobs and divisible work, each by release. It keeps limits, pools, accounts
//! and order of work, and looks at no price. The plan without a solver, and what others are held against.

use crate::model::terms::headroom;
use crate::outcome::{JobOutcome, Placement, RunOutcome, RunStep, overheads};
use crate::problem::{Account, Before, Checkpoint, Gpus, Job, Piece, Problem, Run, Site, parts};
use ids::{Index, JobIndex, RunIndex, SiteIndex, WorkIndex};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

const NEGLIGIBLE_MW: f64 = 1e-9;
/// Power short by less than this is a matter of rounding.
const SHORT_MW: f64 = 1e-6;

/// A plan of everything that works.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decisions {
    pub placements: Vec<Placement>,
    pub jobs: Vec<JobOutcome>,
    pub runs: Vec<RunOutcome>,
}

pub fn as_submitted(problem: &Problem) -> Decisions {
    let mut room = Room::new(problem);
    let (runs, jobs) =
        (vec![RunOutcome::default(); problem.runs.len()], vec![JobOutcome::default(); problem.jobs.len()]);
    let mut made = Decisions { runs, jobs, ..Decisions::default() };
    let mut runs: Vec<RunIndex> = RunIndex::all(&problem.runs).collect();
    runs.sort_by_key(|&r| (may_wait(&problem.runs[r]), problem.runs[r].release));
    let (bound, waiting): (Vec<RunIndex>, Vec<RunIndex>) = runs.into_iter().partition(|&r| !may_wait(&problem.runs[r]));
    let running = |piece: &Piece| matches!(piece, Piece::Job(j) if problem.jobs[*j].running.is_some());
    let (begun, pieces): (Vec<Piece>, Vec<Piece>) = order(problem).into_iter().partition(running);
    // When each piece is complete, for those that wait for it; none: never.
    let mut complete: Vec<(Piece, Option<usize>)> = Vec::new();
    for r in bound {
        made.runs[r] = room.run(&problem.runs[r]);
        complete.push((Piece::Run(r), completed(&made.runs[r])));
    }
    // What runs does so, whatever it should have waited for.
    let free = waiting.into_iter().map(Piece::Run).filter(|&run| !waits(problem, run));
    for piece in begun.into_iter().chain(free) {
        let end = room.piece(piece, Some(0), &mut made);
        complete.push((piece, end));
    }
    for piece in pieces {
        let mut firsts = problem.after.iter().filter(|a| a.then == piece).map(|a| {
            let first = complete.iter().find(|c| c.0 == a.first);
            first.and_then(|c| c.1)
        });
        let from = firsts.try_fold(0, |latest: usize, end| end.map(|end| latest.max(end)));
        let end = room.piece(piece, from, &mut made);
        complete.push((piece, end));
    }
    made.placements.sort_by_key(|p| (p.work, p.step, p.site));
    made
}

/// Whether it waits for another.
pub(crate) fn waits(problem: &Problem, piece: Piece) -> bool {
    problem.after.iter().any(|a| a.then == piece)
}

/// The step from which on a run is done.
fn completed(made: &RunOutcome) -> Option<usize> {
    made.steps.iter().position(|s| s.done)
}

/// It has not begun, and may begin later than it was released.
pub(crate) fn may_wait(run: &Run) -> bool {
    !run.begun() && !run.always_on
}

/// Divisible work alone, as early as it can run.
pub fn asap(problem: &Problem) -> Vec<Placement> {
    as_submitted(problem).placements
}

/// Running jobs, then training that waits for another, then jobs and work by release; what waits comes after what it waits
/// for.
fn order(problem: &Problem) -> Vec<Piece> {
    let jobs = JobIndex::each(&problem.jobs).map(|(j, job)| (job.running.is_none(), job.release, Piece::Job(j)));
    let work = WorkIndex::each(&problem.work).map(|(w, work)| (true, work.release, Piece::Work(w)));
    let runs = RunIndex::each(&problem.runs).filter(|&(r, run)| may_wait(run) && waits(problem, Piece::Run(r)));
    let runs = runs.map(|(r, run)| (false, run.release, Piece::Run(r)));
    let mut all: Vec<(bool, usize, Piece)> = jobs.chain(work).chain(runs).collect();
    all.sort();
    let mut left: Vec<Piece> = all.into_iter().map(|a| a.2).collect();
    if problem.after.is_empty() {
        return left;
    }
    let mut firsts: BTreeMap<Piece, Vec<Piece>> = BTreeMap::new();
    for after in &problem.after {
        firsts.entry(after.then).or_default().push(after.first);
    }
    let mut open: BTreeSet<Piece> = left.iter().copied().collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let held = |piece: &Piece| firsts.get(piece).is_some_and(|firsts| firsts.iter().any(|f| open.contains(f)));
        let (waiting, ready): (Vec<Piece>, Vec<Piece>) = left.iter().partition(|piece| held(piece));
        if ready.is_empty() {
            // A cycle: nothing in it can ever start; taken as it stands, each finds its predecessor incomplete.
            order.append(&mut left);
            break;
        }
        ready.iter().for_each(|piece| {
            open.remove(piece);
        });
        order.extend(ready);
        left = waiting;
    }
    order
}

/// What is left beside firm load and what is placed already; of pools and limits too, ramps and events apart.
#[derive(Clone)]
pub(crate) struct Room<'a> {
    problem: &'a Problem,
    /// `[site][step]` IT MW.
    it: Vec<Vec<f64>>,
    /// `[pool][step]`, `[account][step]` GPUs.
    pools: Vec<Vec<f64>>,
    accounts: Vec<Vec<f64>>,
    /// By account and span, GPU-hours.
    hours: Vec<Vec<f64>>,
    /// `[limit][step]` facility MW.
    limits: Vec<Vec<f64>>,
}

impl<'a> Room<'a> {
    pub fn new(problem: &'a Problem) -> Room<'a> {
        let limits = problem.limits.iter().map(|limit| {
            let firm = |t: usize| limit.sites.iter().map(|&s| problem.sites[s].firm_peak_mw(t)).sum::<f64>();
            (0..problem.steps).map(|t| limit.max_mw[t] - firm(t)).collect()
        });
        let connection =
            |site: &Site, t: usize| (site.grid_limit_mw[t] - site.overhead_mw[t]) / site.pue[t] - site.peak_it_mw(t);
        // Idle storage relieves no connection.
        let it = headroom(problem).0.into_iter().zip(&problem.sites);
        let it = it.map(|(row, s)| row.iter().enumerate().map(|(t, mw)| mw.min(connection(s, t)).max(0.0)).collect());
        let by_step = |left: &dyn Fn(usize) -> f64| (0..problem.steps).map(|t| left(t).max(0.0)).collect();
        let hours = |a: &Account| a.gpu_hours.iter().map(|h| a.hours_left(h, problem.step_hours).max(0.0)).collect();
        let pools = problem.pools.iter().map(|p| by_step(&|t| p.left(t))).collect();
        let accounts = problem.accounts.iter().map(|a| by_step(&|t| a.left(t).unwrap_or(f64::INFINITY))).collect();
        let hours = problem.accounts.iter().map(hours).collect();
        Room { problem, it: it.collect(), pools, accounts, hours, limits: limits.collect() }
    }

    /// IT MW that fit at a site and step, for something that holds `gpus` per MW.
    pub fn fits(&self, site: SiteIndex, step: usize, gpus: Option<&Gpus>) -> f64 {
        let pue = self.problem.sites[site].pue[step];
        let limits = self.problem.limits.iter().zip(&self.limits).filter(|(l, _)| l.sites.contains(&site));
        let mut mw = limits.map(|(_, room)| room[step] / pue).fold(self.it[site][step], f64::min);
        if let Some(gpus) = gpus.filter(|g| g.count > 0.0) {
            mw = mw.min(self.gpus(gpus, step) / gpus.count);
        }
        mw
    }

    fn gpus(&self, gpus: &Gpus, step: usize) -> f64 {
        let mut free = self.pools[gpus.pool][step];
        if let Some(a) = gpus.account {
            free = free.min(self.accounts[a][step]);
            let spans = self.problem.accounts[a].gpu_hours.iter().zip(&self.hours[a]);
            let inside = spans.filter(|((from, to, _), _)| (*from..*to).contains(&step));
            free = inside.map(|(_, left)| left / self.problem.step_hours).fold(free, f64::min);
        }
        free
    }

    fn take(&mut self, site: SiteIndex, step: usize, mw: f64) {
        self.it[site][step] -= mw;
        let pue = self.problem.sites[site].pue[step];
        for (limit, room) in self.problem.limits.iter().zip(&mut self.limits) {
            if limit.sites.contains(&site) {
                room[step] -= pue * mw;
            }
        }
    }

    fn take_gpus(&mut self, gpus: &Gpus, step: usize, count: f64) {
        self.pools[gpus.pool][step] -= count;
        let Some(a) = gpus.account else { return };
        self.accounts[a][step] -= count;
        for ((from, to, _), left) in self.problem.accounts[a].gpu_hours.iter().zip(&mut self.hours[a]) {
            if (*from..*to).contains(&step) {
                *left -= count * self.problem.step_hours;
            }
        }
    }

    /// A job or divisible work no earlier than `from`; none: what it waits for is never complete.
    fn piece(&mut self, piece: Piece, from: Option<usize>, made: &mut Decisions) -> Option<usize> {
        let problem = self.problem;
        match (piece, from) {
            (Piece::Job(j), Some(from)) => self.jobs(&problem.jobs[j], from, &mut made.jobs[j]),
            (Piece::Work(w), Some(from)) => self.work(w, from, &mut made.placements),
            (Piece::Job(j), None) => {
                made.jobs[j].missed = problem.jobs[j].count;
                None
            }
            (Piece::Work(_), None) => None,
            (Piece::Run(r), from) => {
                let run = &problem.runs[r];
                made.runs[r] = self.run_once_free(run, from.map_or(run.deadline, |from| from.max(run.release)));
                completed(&made.runs[r])
            }
        }
    }

    /// On from its release to its end, whatever room there is: it cannot wait.
    pub fn run(&mut self, run: &Run) -> RunOutcome {
        let made = self.run_from(run, run.release);
        self.keep(run, &made);
        made
    }

    /// On from the first step from which its GPUs are free until its end, and power above its floor where that can be
    /// had; never where its GPUs are not.
    pub fn run_once_free(&mut self, run: &Run, mut from: usize) -> RunOutcome {
        let mut second = None;
        while from < run.deadline {
            // Begun so, it could not save before an event that lies just ahead.
            let saving = parts(run.save_h, self.problem.step_hours).len();
            if from > run.release && run.save_before.iter().any(|&e| e > from && e < from + saving) {
                from += 1;
                continue;
            }
            let made = self.run_from(run, from);
            match (self.short_of_gpus(run, &made), self.short_of_power(&made)) {
                // Beginning any earlier, it would still be on there.
                (Some(step), _) => from = step + 1,
                (None, Some(step)) => {
                    second = second.or(Some(made));
                    from = from.max(step) + 1;
                }
                (None, None) => {
                    self.keep(run, &made);
                    return made;
                }
            }
        }
        let made = second.unwrap_or_else(|| self.run_from(run, run.deadline));
        self.keep(run, &made);
        made
    }

    /// With saves as late as they may be; throttled only where room is short.
    pub fn run_from(&self, run: &Run, from: usize) -> RunOutcome {
        powered(self.problem, run, self.flags(run, from), |site, t, (n, beside_mw)| {
            let room = self.fits(site, t, None) - beside_mw;
            let part = (room / (run.rated_mw * n).max(1e-12)).clamp(run.floor, run.cap);
            (run.rated_mw * n * part, part)
        })
    }

    pub fn keep(&mut self, run: &Run, made: &RunOutcome) {
        for (t, step) in made.steps.iter().enumerate() {
            let Some(site) = step.site else { continue };
            self.take(site, t, step.mw);
            if let Some(gpus) = run.gpus.filter(|_| step.on || run.hold_nodes) {
                self.take_gpus(&gpus, t, gpus.count);
            }
        }
    }

    /// Takes jobs and work that are placed already, room or not.
    pub fn hold(&mut self, made: &Decisions) {
        for (job, outcome) in self.problem.jobs.iter().zip(&made.jobs) {
            outcome.starts.iter().for_each(|&(site, start, count)| self.hold_job(job, (site, start), f64::from(count)));
        }
        self.hold_placements(&made.placements);
    }

    /// Takes so many starts of a job, room or not; gives them back where `count` is negative.
    pub fn hold_job(&mut self, job: &Job, (site, start): (SiteIndex, usize), count: f64) {
        (start..start + job.steps).for_each(|t| self.take(site, t, count * job.mw));
        if let Some(gpus) = job.gpus {
            job.place(start, self.problem.steps).for_each(|t| self.take_gpus(&gpus, t, count * gpus.count));
        }
    }

    pub fn hold_placements(&mut self, placements: &[Placement]) {
        for p in placements {
            self.take(p.site, p.step, p.mw);
            if let Some(gpus) = self.problem.work[p.work].gpus {
                self.take_gpus(&gpus, p.step, gpus.count * p.mw);
            }
        }
    }

    /// GPUs that a pool has left in a step, and the account, whole spans apart.
    pub fn free(&self, gpus: &Gpus, step: usize) -> (f64, Option<f64>) {
        (self.pools[gpus.pool][step], gpus.account.map(|a| self.accounts[a][step]))
    }

    /// Whether an account's GPU-hours last for so many steps.
    pub fn hours_fit(&self, gpus: &Gpus, steps: Range<usize>) -> bool {
        let Some(a) = gpus.account else { return true };
        let spans = self.problem.accounts[a].gpu_hours.iter().zip(&self.hours[a]);
        spans.into_iter().all(|((from, to, _), left)| {
            let inside = steps.end.min(*to).saturating_sub(steps.start.max(*from)) as f64;
            inside <= 0.0 || inside * self.problem.step_hours * gpus.count <= left + NEGLIGIBLE_MW
        })
    }

    /// The first step whose GPUs are not free, what it holds in the steps before reckoned in.
    fn short_of_gpus(&self, run: &Run, made: &RunOutcome) -> Option<usize> {
        let gpus = run.gpus?;
        let mut trial = self.clone();
        for (t, step) in made.steps.iter().enumerate() {
            if step.site.is_none() || !(step.on || run.hold_nodes) {
                continue;
            }
            if trial.gpus(&gpus, t) + NEGLIGIBLE_MW < gpus.count {
                return Some(t);
            }
            trial.take_gpus(&gpus, t, gpus.count);
        }
        None
    }

    fn short_of_power(&self, made: &RunOutcome) -> Option<usize> {
        let steps = made.steps.iter().enumerate();
        let mut drawn = steps.filter_map(|(t, step)| step.site.map(|site| (t, site, step.mw)));
        drawn.find(|&(t, site, mw)| mw > self.fits(site, t, None) + SHORT_MW).map(|(t, ..)| t)
    }

    /// On throughout its window from a step on, once least times off allow it, and where it saves.
    fn flags(&self, run: &Run, from: usize) -> Vec<RunStep> {
        let h = self.problem.step_hours;
        let site = run.before.site().unwrap_or(run.sites[0]);
        let rest = match run.before {
            Before::Paused { steps, .. } => run.min_off.saturating_sub(steps),
            _ => 0,
        };
        let mut since = match (run.before, run.checkpoint) {
            (Before::On { .. }, Checkpoint::Steps { since, .. }) => since,
            _ => 0,
        };
        let mut was_on = matches!(run.before, Before::On { .. });
        let mut steps = vec![RunStep::default(); self.problem.steps];
        for t in from.max(run.release)..run.deadline {
            let step = &mut steps[t];
            step.site = Some(site);
            if t < run.release + rest {
                continue;
            }
            step.on = true;
            step.start = !was_on && run.begun();
            was_on = true;
            if let Checkpoint::Steps { every, .. } = run.checkpoint {
                let due = since + 1 >= every || run.save_before.contains(&(t + 1));
                step.save = due && t + 1 >= from.max(run.release) + parts(run.save_h, h).len();
                since = if step.save { 0 } else { since + 1 };
            }
        }
        steps
    }

    /// Each of a job's alike at its first start that fits; when all are complete.
    fn jobs(&mut self, job: &Job, from: usize, made: &mut JobOutcome) -> Option<usize> {
        let mut end = 0;
        for _ in 0..job.count {
            match self.start(job, from) {
                Some((site, step)) => {
                    end = end.max(step + job.steps);
                    made.add((site, step), 1);
                }
                None => made.missed += 1,
            }
        }
        (made.missed == 0).then_some(end)
    }

    fn start(&mut self, job: &Job, from: usize) -> Option<(SiteIndex, usize)> {
        let forced = job.running.is_some();
        let found = job.starts().filter(|&t| t >= from || forced).find_map(|start| {
            let site = job.sites.iter().copied().find(|&site| {
                let power = (start..start + job.steps).all(|t| self.fits(site, t, None) + NEGLIGIBLE_MW >= job.mw);
                let mut held = job.place(start, self.problem.steps);
                let free = |gpus: &Gpus, t: usize| self.gpus(gpus, t) + NEGLIGIBLE_MW >= gpus.count;
                let gpus = job.gpus.as_ref().is_none_or(|gpus| held.all(|t| free(gpus, t)));
                forced || (power && gpus)
            });
            site.map(|site| (site, start))
        });
        self.hold_job(job, found?, 1.0);
        found
    }

    fn work(&mut self, w: WorkIndex, from: usize, placements: &mut Vec<Placement>) -> Option<usize> {
        let work = &self.problem.work[w];
        let mut left = work.energy_mwh / self.problem.step_hours;
        let mut end = work.release;
        for step in work.release.max(from)..work.deadline {
            let mut rate = work.max_mw;
            for &site in &work.sites {
                let mw = left.min(rate).min(self.fits(site, step, work.gpus.as_ref()));
                if mw > NEGLIGIBLE_MW {
                    left -= mw;
                    rate -= mw;
                    placements.push(Placement { work: w, site, step, mw });
                    self.hold_placements(&placements[placements.len() - 1..]);
                    end = step + 1;
                }
            }
        }
        (left <= NEGLIGIBLE_MW).then_some(end)
    }
}

/// A run through these steps, on until it has all it can use; it counts no pauses. `train` gives the IT MW that trains at a
/// site in a step, and that as a part of rated power, from the part of the step that trains and the MW of saves and restarts.
pub(crate) fn powered(
    problem: &Problem,
    run: &Run,
    mut steps: Vec<RunStep>,
    train: impl Fn(SiteIndex, usize, (f64, f64)) -> (f64, f64),
) -> RunOutcome {
    let h = problem.step_hours;
    let (saving, restarting) = (parts(run.save_h, h), parts(run.restart_h, h));
    let useful = run.useful_hours(h);
    let mut left = useful / h;
    for t in 0..steps.len() {
        let Some(site) = steps[t].site.filter(|_| steps[t].on) else { continue };
        let ahead = saving.iter().enumerate().filter(|(k, _)| steps.get(t + k).is_some_and(|s| s.save));
        let behind = restarting.iter().enumerate().filter(|(k, _)| t.checked_sub(*k).is_some_and(|b| steps[b].start));
        let (saves, starts): (f64, f64) = (ahead.map(|a| a.1).sum(), behind.map(|b| b.1).sum());
        let n = (1.0 - saves - starts).max(0.0);
        let (train_mw, part) = train(site, t, (n, run.save_mw * saves + run.restart_mw * starts));
        let step = &mut steps[t];
        step.train_mw = train_mw;
        step.progress = (run.factor() * run.progress(part) * n).min(left).max(0.0);
        left -= step.progress;
    }
    if run.may_finish(h) {
        finish(run, &mut steps, useful / h);
    }
    overheads(problem, run, &mut steps);
    let progress: f64 = steps.iter().map(|s| h * s.progress).sum();
    let (lost_hours, late_hours) = ((useful - progress).max(0.0), (run.must_hours - progress).max(0.0));
    RunOutcome { steps, pauses: 0, lost_hours, late_hours }
}

/// It is done in the first step before which it has all it needs.
fn finish(run: &Run, steps: &mut [RunStep], need: f64) {
    let mut made = 0.0;
    for t in run.window() {
        if made >= need - 1e-9 * need.max(1.0) {
            steps[t] = RunStep { done: true, ..RunStep::default() };
        }
        made += steps[t].progress;
    }
}
