//! Executes the steps of a plan as far as the site turned out to have room: training first, then jobs that run, jobs that
//! start, energy by its deadline, and storage with what was really left over.

use super::common::{Ran, Stage, Standing};
use crate::plan::problem::Stated;
use crate::plan::snapshot::Held;
use crate::work::terms::Terms;
use ids::{ContractIndex, Index, SiteIndex, StorageIndex};
use reports::time::DAY_S;
use solver::{Decisions, Placement, RunStep, StorageOutcome};

const NEGLIGIBLE_MW: f64 = 1e-9;
/// What was decided, and which piece of the stage each item of its snapshot is.
pub struct Decided<'a> {
    pub stated: &'a Stated,
    pub pieces: &'a [usize],
    pub made: &'a Decisions,
    pub storage: &'a [StorageOutcome],
}

/// Steps `0..steps` of a plan that begins at step `from` of the period.
pub fn run_steps(stage: &Stage, ran: &mut Ran, (from, steps): (usize, usize), decided: &Decided) {
    let mut running: Vec<usize> = decided.pieces.iter().copied().filter(|i| is_running_job(stage, ran, *i)).collect();
    let mut starts = starts(decided, steps).into_iter().peekable();
    let mut placed = placed(decided, steps).into_iter().peekable();
    for k in 0..steps {
        let mut step = Step::new(stage, ran, from + k);
        for ((run, item), made) in decided.stated.problem.runs.iter().zip(&decided.stated.runs).zip(&decided.made.runs)
        {
            if let Some(planned) = made.steps.get(k) {
                step.train(decided.pieces[*item], run, planned);
            }
        }
        running.retain(|index| step.run_job(*index));
        while let Some((_, site, index)) = starts.next_if(|s| s.0 == k) {
            if step.start_job(site, index) && step.run_job(index) {
                running.push(index);
            }
        }
        while let Some(p) = placed.next_if(|p| p.step == k) {
            step.place(p.site, decided.pieces[decided.stated.work[p.work]], p.mw);
        }
        for (index, flows) in decided.stated.storage.iter().zip(decided.storage) {
            step.store(*index, flows, k);
        }
    }
}

/// Starts that lie ahead, so that the next plan keeps to what was announced.
pub fn announce(ran: &mut Ran, from: usize, decided: &Decided) {
    decided.pieces.iter().for_each(|index| ran.pieces[*index].planned = None);
    for (step, site, index) in starts(decided, usize::MAX) {
        ran.pieces[index].planned = Some((site, from + step));
    }
}

fn is_running_job(stage: &Stage, ran: &Ran, index: usize) -> bool {
    let work = &stage.work[index].work;
    matches!(ran.pieces[index].standing, Standing::On { .. }) && !work.is_training() && !work.divides()
}

/// Step, site, piece: a cohort's starts go to its members in their order, the earliest first.
fn starts(decided: &Decided, steps: usize) -> Vec<(usize, SiteIndex, usize)> {
    let mut all = Vec::new();
    for ((job, members), made) in decided.stated.problem.jobs.iter().zip(&decided.stated.jobs).zip(&decided.made.jobs) {
        if job.running.is_some() {
            continue;
        }
        let members = members.iter().flat_map(|&(item, count)| vec![item; count as usize]);
        let each = made.each_start().into_iter().zip(members);
        all.extend(each.map(|((step, site), item)| (step, site, decided.pieces[item])));
    }
    all.retain(|start| start.0 < steps);
    all.sort_unstable();
    all
}

/// Where room is short, what is due first goes first.
fn placed<'a>(decided: &Decided<'a>, steps: usize) -> Vec<&'a Placement> {
    let stated = decided.stated;
    let own = decided.made.placements.iter().filter(|p| p.step < steps && p.work.get() < stated.work.len());
    let mut own: Vec<&Placement> = own.collect();
    own.sort_by_key(|p| (p.step, stated.problem.work[p.work].deadline, p.work, p.site));
    own
}

/// One step of the period being filled.
struct Step<'a> {
    stage: &'a Stage,
    ran: &'a mut Ran,
    t: usize,
    h: f64,
    /// By pool, accelerators not given out.
    gpus: Vec<f64>,
}

impl<'a> Step<'a> {
    fn new(stage: &'a Stage, ran: &'a mut Ran, t: usize) -> Self {
        let gpus = stage.actual.view.available_gpus.iter().map(|row| row[t]).collect();
        Self { stage, ran, t, h: stage.grid.step_s as f64 / 3_600.0, gpus }
    }

    /// IT MW not taken at a site.
    fn room(&self, site: SiteIndex) -> f64 {
        (self.stage.room(site, self.t) - self.ran.it_mw[site][self.t]).max(0.0)
    }

    fn hold(&mut self, terms: &Terms, part: f64) {
        if let (Some(pool), Some(gpus)) = (terms.pool, terms.gpus) {
            self.gpus[pool] -= gpus * part;
        }
    }

    /// A step of training; where firm load came higher than any plan reckoned with, it is throttled to the room.
    fn train(&mut self, index: usize, run: &solver::Run, planned: &RunStep) {
        let (t, h) = (self.t, self.h);
        let piece = &self.stage.work[index];
        if self.ran.pieces[index].standing == Standing::Done || t < piece.release {
            return;
        }
        let mut progress = 0.0;
        if let Some(site) = planned.site {
            let mw = planned.mw.min(self.room(site));
            let train_mw = (planned.train_mw - (planned.mw - mw)).max(0.0);
            let speed = |train_mw: f64| run.progress(train_mw / run.rated_mw.max(1e-12));
            progress = planned.progress;
            if train_mw < planned.train_mw - NEGLIGIBLE_MW {
                progress *= speed(train_mw) / speed(planned.train_mw).max(1e-12);
            }
            self.ran.it_mw[site][t] += mw;
            if planned.on || run.hold_nodes {
                self.hold(&piece.terms, 1.0);
            }
            self.stand(index, site, planned.on);
        }
        let per_day = (DAY_S / self.stage.grid.step_s) as usize;
        let state = &mut self.ran.pieces[index];
        state.left_mwh -= h * run.rated_mw * progress;
        if planned.save {
            state.saved = Some(t);
        }
        if state.standing != Standing::Waiting {
            state.recent.push_back(progress);
            while state.recent.len() >= per_day.max(2) {
                state.recent.pop_front();
            }
        }
        if planned.done || state.over(&piece.terms) {
            state.standing = Standing::Done;
        }
    }

    fn stand(&mut self, index: usize, site: SiteIndex, on: bool) {
        let state = &mut self.ran.pieces[index];
        let before = state.standing;
        // A place held before it first runs is no pause.
        if on || before != Standing::Waiting {
            state.standing = before.then(site, on, self.stage.grid.start(self.t));
            state.pauses += usize::from(!on && state.standing != before);
        }
    }

    /// A job that has begun: slower where there is no room for all of it. Whether it runs on.
    fn run_job(&mut self, index: usize) -> bool {
        let Standing::On { site, .. } = self.ran.pieces[index].standing else { return false };
        let terms = &self.stage.work[index].terms;
        let mw = terms.max_mw.min(self.ran.pieces[index].left_mwh / self.h).min(self.room(site)).max(0.0);
        self.ran.it_mw[site][self.t] += mw;
        self.hold(terms, 1.0);
        let state = &mut self.ran.pieces[index];
        state.left_mwh -= self.h * mw;
        if state.over(terms) {
            state.standing = Standing::Done;
        }
        state.standing != Standing::Done
    }

    /// Whether there was room to begin; else it waits for the next plan.
    fn start_job(&mut self, site: SiteIndex, index: usize) -> bool {
        let terms = &self.stage.work[index].terms;
        let nodes = match (terms.pool, terms.gpus) {
            (Some(pool), Some(gpus)) => self.gpus[pool] + 1e-6 >= gpus,
            _ => true,
        };
        let fits = self.room(site) + NEGLIGIBLE_MW >= terms.max_mw && nodes;
        if fits && self.ran.pieces[index].standing == Standing::Waiting {
            let since = self.stage.grid.start(self.t);
            self.ran.pieces[index].standing = Standing::On { site, since };
            return true;
        }
        false
    }

    fn place(&mut self, site: SiteIndex, index: usize, planned_mw: f64) {
        let terms = &self.stage.work[index].terms;
        let mut mw = planned_mw.min(self.room(site)).min(self.ran.pieces[index].left_mwh / self.h);
        if let (Some(pool), Some(gpus)) = (terms.pool, terms.gpus.filter(|g| *g > 0.0)) {
            mw = mw.min(self.gpus[pool] * terms.max_mw / gpus);
        }
        let mw = mw.max(0.0);
        self.hold(terms, mw / terms.max_mw.max(1e-12));
        self.ran.it_mw[site][self.t] += mw;
        self.ran.pieces[index].left_mwh -= self.h * mw;
    }

    /// Clean charge only from what contracts really left over; discharge only what is held.
    fn store(&mut self, index: StorageIndex, flows: &StorageOutcome, k: usize) {
        let (portfolio, h) = (&self.stage.portfolio, self.h);
        let plan = &portfolio.storage[index];
        let definition = &portfolio.definitions.storage[index];
        let Some(site) = portfolio.site(&definition.site) else { return };
        let at = |row: &Vec<f64>| row.get(k).copied().unwrap_or(0.0);
        let kept = (1.0 - plan.loss_per_hour).powf(h);
        let held = self.ran.storage[index].held;
        let (mut clean, mut other) = (kept * held.clean_mwh, kept * held.other_mwh);
        let out_clean = at(&flows.discharge_clean).min(clean * plan.eff_discharge / h).max(0.0);
        let out_other = at(&flows.discharge_other).min(other * plan.eff_discharge / h).max(0.0);
        clean -= h * out_clean / plan.eff_discharge;
        other -= h * out_other / plan.eff_discharge;
        let space = (definition.energy_wh as f64 / 1e6 - clean - other).max(0.0) / (h * plan.eff_charge);
        let in_clean = at(&flows.charge_clean).min(self.surplus_mw(site)).min(space).max(0.0);
        let room = self.room(site) * self.stage.actual.view.pue[site][self.t];
        let in_other = at(&flows.charge_grid).min(space - in_clean).min(room).max(0.0);
        let stored = &mut self.ran.storage[index];
        let (clean_mwh, other_mwh) = (clean + h * plan.eff_charge * in_clean, other + h * plan.eff_charge * in_other);
        stored.held = Held { clean_mwh, other_mwh, known: true };
        stored.charge_mw[self.t] = in_clean + in_other;
        stored.discharge_mw[self.t] = out_clean + out_other;
    }

    /// What a site's contracts delivered beyond the load of those they serve and what storage there took already.
    fn surplus_mw(&self, site: SiteIndex) -> f64 {
        let (stage, t) = (self.stage, self.t);
        let boundary = stage.portfolio.boundary_of(site);
        let facility = self.ran.facility_mw(stage, t, 1);
        let here = |s: &SiteIndex| stage.portfolio.boundary_of(*s) == boundary;
        let load: f64 = SiteIndex::all(&stage.portfolio.sites).filter(here).map(|s| facility[s][0]).sum();
        let contracts = ContractIndex::each(&stage.portfolio.definitions.contracts);
        let own = contracts.filter(|(_, c)| stage.actual.counts(c) && stage.actual.served(c).contains(&site));
        let delivered: f64 = own.map(|(c, _)| stage.actual.view.delivered_mw[c].values[t]).sum();
        let storage = self.ran.storage.iter().zip(&stage.portfolio.definitions.storage);
        let beside = storage.filter(|(_, d)| stage.portfolio.site(&d.site).is_some_and(|s| here(&s)));
        let taken: f64 = beside.map(|(k, _)| k.charge_mw[t] - k.discharge_mw[t]).sum();
        (delivered - load - taken).max(0.0)
    }
}
