//! A plan made to fit a problem that has changed since: what has no room any more is taken out, what costs least to miss
//! first, and put where there is room, at the cheapest prices first. Training stays as it is, but for a run that waits for
//! what is not complete any more: that does not begin.

use super::as_submitted::{self, Decisions, as_submitted};
use super::unsolved;
use crate::check::check_plan;
use crate::model::read::explain::explain;
use crate::model::{Room, StorageIntegers, Terms, free, lagrangian_bound, rules};
use crate::outcome::{Outcome, Placement, SolveError, Status, codes, reason};
use crate::problem::{Draw, Gpus, Job, Piece, Problem, ProblemError};
use ids::{Index, JobIndex, SiteIndex, WorkIndex};
use std::collections::{BTreeMap, BTreeSet};

/// Power and GPUs below this are a solver's last bits.
const NEGLIGIBLE: f64 = 1e-6;
/// A piece is whole but for this part of it, and has not begun at this part of its power, as the check sees it.
const COMPLETENESS: f64 = 1e-6;
/// Places tried for what was taken out, over all pieces: effort is never counted in time.
const TRIES: usize = 2_000_000;

/// The plan's decisions in a problem of the same shape, made to fit; never optimal by its own word, and with a bound.
///
/// # Errors
/// A problem that is refused, and a plan of another problem.
pub fn repair(problem: &Problem, plan: &Outcome) -> Result<Outcome, SolveError> {
    problem.check()?;
    let terms = Terms::new(problem);
    let made = refit(problem, plan, false)?;
    let mut outcome = unsolved::settled(problem, &terms, made.clone(), plan.storage.clone(), plan.transit_mw.clone());
    if check_plan(problem, &outcome).is_err() {
        // What it stored is not there any more.
        outcome = unsolved::settled(problem, &terms, made, unsolved::unused_storage(problem), plan.transit_mw.clone());
    }
    if check_plan(problem, &outcome).is_err() {
        outcome = unsolved::priced_without_storage(problem, &terms, as_submitted(problem));
    }
    check_plan(problem, &outcome)?;
    let model = rules::formulate(problem, &terms, &StorageIntegers::default());
    let duals = if plan.duals.len() == model.rows.len() { plan.duals.clone() } else { vec![0.0; model.rows.len()] };
    unsolved::set_bound(&mut outcome, lagrangian_bound(&terms, problem, &model, &duals));
    outcome.duals = duals;
    outcome.status = if plan.status == Status::TimeLimit { Status::TimeLimit } else { Status::Feasible };
    outcome.prices.clone_from(&plan.prices);
    outcome.reasons.extend(plan.reasons.iter().filter(|reason| reason.cuts_short()).cloned());
    let message = "reservations were made while planning: the plan was adjusted to fit them, at its earlier prices";
    outcome.reasons.push(reason(codes::REPAIRED, "plan", (0.0, ""), message.to_string()));
    outcome.reasons.extend(explain(problem, &terms, &outcome));
    Ok(outcome)
}

/// A plan's decisions, made to fit; where `all` is wanted, what they leave out is placed too, as far as that is worth it.
pub(crate) fn refit(problem: &Problem, plan: &Outcome, all: bool) -> Result<Decisions, ProblemError> {
    let room = Room { rows: free(problem, Some(plan))?, pue: problem.sites.iter().map(|s| s.pue.clone()).collect() };
    let mut placed = vec![Vec::new(); problem.work.len()];
    plan.placements.iter().for_each(|p| placed[p.work].push(*p));
    let made = Decisions { placements: Vec::new(), jobs: plan.jobs.clone(), runs: plan.runs.clone() };
    let mut fitting = Fitting { problem, prices: &plan.prices, room, placed, made, out: BTreeSet::new(), tries: TRIES };
    fitting.take_out();
    if all {
        fitting.out.extend(fitting.lacking());
    }
    fitting.drop_what_waits();
    fitting.put_back();
    Ok(fitting.done())
}

struct Fitting<'a> {
    problem: &'a Problem,
    prices: &'a [Vec<f64>],
    room: Room,
    /// By work.
    placed: Vec<Vec<Placement>>,
    /// Jobs and runs.
    made: Decisions,
    /// Pieces that are not placed whole and may be.
    out: BTreeSet<Piece>,
    tries: usize,
}

impl Fitting<'_> {
    /// Until no row is past its bound because of what can be moved.
    fn take_out(&mut self) {
        let work = WorkIndex::each(&self.problem.work).map(|(w, work)| (work.miss_price_per_mwh, Piece::Work(w)));
        let jobs = JobIndex::each(&self.problem.jobs).filter(|(_, job)| job.running.is_none());
        let mwh = |job: &Job| job.energy_mwh(self.problem.step_hours).max(1e-9);
        let jobs = jobs.map(|(j, job)| (job.miss_price / mwh(job), Piece::Job(j)));
        let mut movable: Vec<(f64, Piece)> = work.chain(jobs).collect();
        movable.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, piece) in movable {
            if self.room.rows.iter().all(|row| row.rise.iter().all(|rise| *rise >= -NEGLIGIBLE)) {
                break;
            }
            match piece {
                Piece::Work(w) => self.lessen(w),
                Piece::Job(j) => self.stop(j),
                Piece::Run(_) => {}
            }
        }
    }

    /// Takes as much of a piece of work as rows past their bound need.
    fn lessen(&mut self, w: WorkIndex) {
        for at in 0..self.placed[w].len() {
            let p = self.placed[w][at];
            let excess = self.excess(&divisible(self.problem, w, p.site, p.step, p.mw));
            let less = p.mw * excess.min(1.0);
            if less > 0.0 {
                self.room.take(&divisible(self.problem, w, p.site, p.step, less), -1.0);
                self.placed[w][at].mw -= less;
                self.out.insert(Piece::Work(w));
            }
        }
    }

    fn stop(&mut self, j: JobIndex) {
        let job = &self.problem.jobs[j];
        let starts = self.made.jobs[j].starts.clone();
        for (at, &(site, start, count)) in starts.iter().enumerate() {
            for _ in 0..count {
                let draw = start_of(self.problem, job, site, start);
                if self.excess(&draw) <= 0.0 {
                    break;
                }
                self.room.take(&draw, -1.0);
                self.made.jobs[j].starts[at].2 -= 1;
                self.made.jobs[j].missed += 1;
                self.out.insert(Piece::Job(j));
            }
        }
        self.made.jobs[j].starts.retain(|s| s.2 > 0);
    }

    /// The part of a draw that rows past their bound want back; more than one where all of it is not enough.
    fn excess(&self, draw: &Draw) -> f64 {
        let mut most: f64 = 0.0;
        for row in self.room.rows.iter().filter(|row| row.price.is_none()) {
            for (at, amount) in self.room.amounts(row, draw) {
                if amount > NEGLIGIBLE && row.rise[at] < -NEGLIGIBLE {
                    most = most.max(-row.rise[at] / amount);
                }
            }
        }
        most
    }

    /// Work and jobs that are not placed whole.
    fn lacking(&self) -> Vec<Piece> {
        let work = WorkIndex::all(&self.problem.work).filter(|&w| self.left(w) > NEGLIGIBLE).map(Piece::Work);
        let jobs = JobIndex::all(&self.problem.jobs).filter(|&j| self.made.jobs[j].missed > 0).map(Piece::Job);
        work.chain(jobs).collect()
    }

    /// MW steps of a piece of work that are not placed.
    fn left(&self, w: WorkIndex) -> f64 {
        let placed: f64 = self.placed[w].iter().map(|p| p.mw).sum();
        self.problem.work[w].energy_mwh / self.problem.step_hours - placed
    }

    /// The first step by which a piece is complete; none where it misses something.
    fn complete(&self, piece: Piece) -> Option<usize> {
        match piece {
            Piece::Work(w) => {
                let mut left = self.problem.work[w].energy_mwh / self.problem.step_hours * (1.0 - COMPLETENESS);
                let mut steps = self.placed[w].clone();
                steps.sort_by_key(|p| p.step);
                if left <= 0.0 {
                    return Some(0);
                }
                steps.into_iter().find_map(|p| {
                    left -= p.mw;
                    (left <= 0.0).then_some(p.step + 1)
                })
            }
            Piece::Job(j) => self.made.jobs[j].complete(&self.problem.jobs[j]),
            Piece::Run(r) => self.made.runs[r].steps.iter().position(|s| s.done),
        }
    }

    /// The step in which a piece begins; none where it does not, or cannot be kept from it.
    fn begins(&self, piece: Piece) -> Option<usize> {
        match piece {
            Piece::Work(w) => {
                let least = COMPLETENESS * self.problem.work[w].max_mw.max(1.0);
                self.placed[w].iter().filter(|p| p.mw > least).map(|p| p.step).min()
            }
            Piece::Job(j) if self.problem.jobs[j].running.is_some() => None,
            Piece::Job(j) => self.made.jobs[j].starts.iter().map(|s| s.1).min(),
            Piece::Run(r) if self.problem.runs[r].begun() => None,
            Piece::Run(r) => self.made.runs[r].steps.iter().position(|s| s.on),
        }
    }

    /// What waits for a piece that is not complete by then does not run; and what waits for that.
    fn drop_what_waits(&mut self) {
        loop {
            let too_early = |then: Piece, first: Piece| {
                self.begins(then).is_some_and(|begin| self.complete(first).is_none_or(|end| end > begin))
            };
            let waiting: BTreeSet<Piece> =
                self.problem.after.iter().filter(|a| too_early(a.then, a.first)).map(|a| a.then).collect();
            if waiting.is_empty() {
                break;
            }
            for piece in waiting {
                self.remove(piece);
                self.out.insert(piece);
            }
        }
    }

    fn remove(&mut self, piece: Piece) {
        match piece {
            Piece::Work(w) => {
                for p in std::mem::take(&mut self.placed[w]) {
                    self.room.take(&divisible(self.problem, w, p.site, p.step, p.mw), -1.0);
                }
            }
            Piece::Job(j) => {
                for (site, start, count) in std::mem::take(&mut self.made.jobs[j].starts) {
                    let draw = start_of(self.problem, &self.problem.jobs[j], site, start);
                    self.room.take(&draw, -f64::from(count));
                    self.made.jobs[j].missed += count;
                }
            }
            Piece::Run(r) => {
                let run = &self.problem.runs[r];
                let never = as_submitted::Room::new(self.problem).run_from(run, run.deadline);
                for (t, step) in std::mem::replace(&mut self.made.runs[r], never).steps.into_iter().enumerate() {
                    let Some(site) = step.site else { continue };
                    let gpus = run.gpus.filter(|_| step.on || run.hold_nodes);
                    self.room.take(&Draw { firm: false, ..Draw::flat(site, t..t + 1, step.mw, gpus) }, -1.0);
                }
            }
        }
    }

    /// What is out goes where there is room: what waits for nothing first, then what waits, no sooner than what it waits
    /// for is complete.
    fn put_back(&mut self) {
        let mut firsts: BTreeMap<Piece, Vec<Piece>> = BTreeMap::new();
        self.problem.after.iter().for_each(|a| firsts.entry(a.then).or_default().push(a.first));
        let waits = |piece: &Piece| firsts.contains_key(piece);
        let (mut waiting, free): (Vec<Piece>, Vec<Piece>) = self.out.iter().copied().partition(waits);
        free.into_iter().rev().for_each(|piece| self.place(piece, 0));
        loop {
            let (ready, held): (Vec<Piece>, Vec<Piece>) =
                waiting.into_iter().partition(|piece| self.earliest(&firsts[piece]).is_some());
            if ready.is_empty() {
                break;
            }
            for piece in ready {
                let from = self.earliest(&firsts[&piece]).unwrap_or(self.problem.steps);
                self.place(piece, from);
            }
            waiting = held;
        }
    }

    /// The first step in which all of these are complete; none while one is not.
    fn earliest(&self, firsts: &[Piece]) -> Option<usize> {
        firsts.iter().try_fold(0, |from: usize, first| self.complete(*first).map(|end| end.max(from)))
    }

    fn place(&mut self, piece: Piece, from: usize) {
        match piece {
            Piece::Work(w) => self.fill(w, from),
            Piece::Job(j) => self.start(j, from),
            Piece::Run(_) => {}
        }
    }

    /// Units at their cheapest starts, as far as those cost less than missing one.
    fn start(&mut self, j: JobIndex, from: usize) {
        let problem = self.problem;
        let job = &problem.jobs[j];
        let mut starts: Vec<(f64, usize, SiteIndex)> = Vec::new();
        for &site in &job.sites {
            for start in job.starts().filter(|start| *start >= from) {
                let price = |since: usize| self.prices[site][start + since] * job.part(since);
                let cost: f64 = (0..job.steps).map(price).sum();
                starts.push((problem.step_hours * job.mw * cost, start, site));
            }
        }
        starts.retain(|s| s.0 < job.miss_price);
        starts.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, start, site) in starts {
            let draw = start_of(problem, job, site, start);
            while self.made.jobs[j].missed > 0 && self.fits(&draw) {
                self.room.take(&draw, 1.0);
                let made = &mut self.made.jobs[j];
                made.missed -= 1;
                made.add((site, start), 1);
            }
        }
    }

    fn fits(&mut self, draw: &Draw) -> bool {
        self.tries = self.tries.saturating_sub(1);
        self.tries > 0 && self.room.fits(draw).is_some()
    }

    /// Energy at its cheapest cells, as far as those cost less than missing it, or than leaving it for later.
    fn fill(&mut self, w: WorkIndex, from: usize) {
        let problem = self.problem;
        let work = &problem.work[w];
        let mut rate = vec![0.0; problem.steps];
        self.placed[w].iter().for_each(|p| rate[p.step] += p.mw);
        let mut left = self.left(w);
        let mut cells: Vec<(f64, usize, SiteIndex)> = Vec::new();
        for &site in &work.sites {
            cells.extend((work.release.max(from)..work.deadline).map(|step| (self.prices[site][step], step, site)));
        }
        cells.retain(|cell| cell.0 < work.miss_price_per_mwh);
        cells.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (price, step, site) in cells {
            // What may as well be left for later is.
            let later = work.later.filter(|later| price >= later.cost_per_mwh);
            let now = left - later.map_or(0.0, |later| later.max_mwh / problem.step_hours);
            if now <= NEGLIGIBLE || self.tries == 0 {
                break;
            }
            let wanted = now.min(work.max_mw - rate[step]);
            if wanted <= NEGLIGIBLE {
                continue;
            }
            // A probe of what is wanted says how much of it fits; a row that it would lower says no.
            self.tries -= 1;
            let Some(fit) = self.room.fits(&divisible(problem, w, site, step, wanted * 1e-6)) else { continue };
            let mw = wanted.min(fit.most_mw - NEGLIGIBLE);
            let draw = divisible(problem, w, site, step, mw.max(0.0));
            if mw <= NEGLIGIBLE || self.room.fits(&draw).is_none() {
                continue;
            }
            self.room.take(&draw, 1.0);
            match self.placed[w].iter_mut().find(|p| (p.site, p.step) == (site, step)) {
                Some(placed) => placed.mw += mw,
                None => self.placed[w].push(Placement { work: w, site, step, mw }),
            }
            rate[step] += mw;
            left -= mw;
        }
    }

    fn done(self) -> Decisions {
        let mut made = self.made;
        made.placements = self.placed.into_iter().flatten().filter(|p| p.mw > 0.0).collect();
        made.placements.sort_by_key(|p| (p.work, p.step, p.site));
        made
    }
}

/// Divisible work in one step: its GPUs go with its power.
fn divisible(problem: &Problem, w: WorkIndex, site: SiteIndex, step: usize, mw: f64) -> Draw {
    let gpus = problem.work[w].gpus.map(|g| Gpus { count: g.count * mw, ..g });
    Draw::flat(site, step..step + 1, mw, gpus)
}

/// One of a job's alike from a start on, its place held for its tail.
fn start_of(problem: &Problem, job: &Job, site: SiteIndex, start: usize) -> Draw {
    let in_step = |since: usize| if since < job.steps { (job.mw * job.part(since), job.mw) } else { (0.0, 0.0) };
    let mw: Vec<(f64, f64)> = (0..job.place(start, problem.steps).len()).map(in_step).collect();
    // Without GPUs there is nothing to hold after its end.
    let held = if job.gpus.is_some() { mw.len() } else { job.steps.min(mw.len()) };
    Draw { site, from: start, mw: mw[..held].to_vec(), gpus: job.gpus, firm: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::{Limits, solve};
    use crate::problem::{Boundary, Pool, Site, Work};
    use ids::{BoundaryIndex, PoolIndex};

    /// Two sites of 10 MW over six hours, the second dearer; a job of 6 MW for two hours and 12 MWh that divide.
    fn problem() -> Problem {
        let site = |id: &str, boundary: usize| Site {
            id: id.into(),
            boundary: BoundaryIndex::new(boundary),
            pue: vec![1.0; 6],
            overhead_mw: vec![0.0; 6],
            firm_it_mw: vec![0.0; 6],
            it_capacity_mw: vec![10.0; 6],
            grid_limit_mw: vec![f64::INFINITY; 6],
            ..Site::default()
        };
        let boundary = |id: &str, buy: [f64; 6]| Boundary {
            id: id.into(),
            buy_per_mwh: buy.to_vec(),
            carbon_g_per_kwh: vec![0.0; 6],
            grid_cfe_share: vec![0.0; 6],
        };
        let boundaries = vec![
            boundary("cheap", [50.0, 10.0, 10.0, 50.0, 50.0, 50.0]),
            boundary("dear", [90.0, 90.0, 90.0, 90.0, 80.0, 80.0]),
        ];
        let sites = vec![site("a", 0), site("b", 1)];
        let gpus = Some(Gpus { pool: PoolIndex::new(0), count: 60.0, account: None });
        let job = Job {
            id: "job".into(),
            sites: SiteIndex::all(&sites).collect(),
            deadline: 6,
            steps: 2,
            last: 1.0,
            mw: 6.0,
            count: 1,
            miss_price: 12.0 * 1e4,
            gpus,
            ..Job::default()
        };
        let work = Work {
            id: "work".into(),
            sites: vec![SiteIndex::new(0)],
            deadline: 6,
            energy_mwh: 12.0,
            max_mw: 6.0,
            miss_price_per_mwh: 1e4,
            ..Work::default()
        };
        let pools = vec![Pool { id: "p".into(), available: vec![100.0; 6], ..Pool::default() }];
        let (jobs, work) = (vec![job], vec![work]);
        Problem { step_hours: 1.0, steps: 6, boundaries, sites, jobs, work, pools, ..Problem::default() }
    }

    #[test]
    fn what_has_no_room_goes_where_there_is() {
        let mut p = problem();
        let plan = solve(&p, &Limits::default()).expect("a plan");
        assert_eq!(plan.jobs[0].starts, [(SiteIndex::new(0), 1, 1)]);
        // Eight of the ten megawatts of the two cheap hours go to somebody else, and all the GPUs of the next two.
        p.fix(&Draw::flat(SiteIndex::new(0), 1..3, 8.0, None));
        let gpus = Gpus { pool: PoolIndex::new(0), count: 50.0, account: None };
        p.fix(&Draw::flat(SiteIndex::new(1), 3..5, 0.5, Some(gpus)));
        let repaired = repair(&p, &plan).expect("repaired");
        assert_eq!(repaired.jobs[0].missed, 0);
        let placed: f64 = repaired.placements.iter().map(|p| p.mw).sum();
        assert!((placed - 12.0).abs() < 1e-4, "{placed}");
        assert!(repaired.placements.iter().all(|p| p.mw <= if p.step == 1 || p.step == 2 { 2.0 } else { 10.0 } + 1e-6));
        let best = solve(&p, &Limits::default()).expect("a plan");
        assert!(repaired.bound <= best.objective + 1e-6 && best.objective <= repaired.objective + 1e-6);
        assert!(repaired.objective < best.objective + 600.0, "{} {}", repaired.objective, best.objective);
    }

    #[test]
    fn a_plan_that_still_fits_stays() {
        let mut p = problem();
        let plan = solve(&p, &Limits::default()).expect("a plan");
        p.fix(&Draw::flat(SiteIndex::new(1), 0..6, 3.0, None));
        let repaired = repair(&p, &plan).expect("repaired");
        assert_eq!((repaired.placements, repaired.jobs), (plan.placements, plan.jobs));
    }

    #[test]
    fn what_has_no_room_anywhere_is_missed() {
        let mut p = problem();
        let plan = solve(&p, &Limits::default()).expect("a plan");
        p.fix(&Draw::flat(SiteIndex::new(0), 0..6, 10.0, None));
        p.fix(&Draw::flat(SiteIndex::new(1), 0..6, 5.0, None));
        let repaired = repair(&p, &plan).expect("repaired");
        assert_eq!((repaired.jobs[0].missed, repaired.placements.len()), (1, 0));
        assert!((repaired.miss_mwh[0] - 12.0).abs() < 1e-6);
    }
}
