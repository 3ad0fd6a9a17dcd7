//! All but jobs as a linear model, with the rows that jobs would enter and what they would add to them. Jobs that run
//! already are in it: they have no choice. What bounds energy left for later by day is not: a plan keeps it, and without
//! it a bound is lower.

use crate::model::rules::{self, jobs, pools};
use crate::model::{ColumnKind, LinearModel, Part, RowKind, Starts, StorageIntegers, Terms, bounds};
use crate::problem::{Gpus, Job, Problem};
use ids::{AccountIndex, Index, PoolIndex, SiteIndex};
use std::collections::BTreeMap;

pub(super) const THOUSAND: f64 = 1e3;

/// Rows of the model, and what one unit adds to each.
pub(super) type Rows = Vec<(u32, f64)>;

pub(super) struct Beside {
    pub model: LinearModel,
    /// `[site][step]` per MW on average over the step, and at its highest.
    pub average: Vec<Vec<Rows>>,
    pub highest: Vec<Vec<Rows>>,
    /// `[pool][step]` per thousand GPUs.
    pub gpus: Vec<Vec<Rows>>,
    /// `[account][step]` the same.
    pub accounts: Vec<Vec<Rows>>,
}

impl Beside {
    /// Of a problem in which only jobs wait for jobs.
    pub fn new(problem: &Problem, terms: &Terms) -> Beside {
        let independent = Problem { after: Vec::new(), ..problem.clone() };
        let integers = StorageIntegers::default();
        let mut model = rules::formulate_with(&independent, terms, &integers, Starts::Apart);
        let mut of_power = |average: f64, most: f64| -> Vec<Vec<Rows>> {
            let at = |model: &mut LinearModel, s: SiteIndex, t: usize| {
                entered(model, |model| jobs::draw_in_step(model, problem, terms, (s, t), (average, most), 0))
            };
            let sites = SiteIndex::all(&problem.sites);
            sites.map(|s| (0..problem.steps).map(|t| at(&mut model, s, t)).collect()).collect()
        };
        let (average, highest) = (of_power(1.0, 0.0), of_power(0.0, 1.0));
        let of_pool = |pool: PoolIndex| Gpus { pool, count: THOUSAND, account: None };
        let mut gpus: Vec<Vec<Rows>> =
            PoolIndex::all(&problem.pools).map(|p| held(&mut model, problem, &of_pool(p))).collect();
        let mut accounts: Vec<Vec<Rows>> = AccountIndex::all(&problem.accounts)
            .map(|a| {
                // Without pools nobody holds GPUs.
                let Some(pool) = gpus.first() else { return vec![Rows::new(); problem.steps] };
                let mut with = held(&mut model, problem, &Gpus { account: Some(a), ..of_pool(PoolIndex::default()) });
                let steps = with.iter_mut().zip(pool);
                steps.for_each(|(rows, pool)| rows.retain(|row| pool.iter().all(|other| other.0 != row.0)));
                with
            })
            .collect();
        in_thousands(&mut model);
        gpus.iter_mut().chain(&mut accounts).flatten().flatten().for_each(|(_, v): &mut (u32, f64)| *v /= THOUSAND);
        let mut beside = Beside { model, average, highest, gpus, accounts };
        for job in problem.jobs.iter().filter(|job| job.running.is_some()) {
            beside.fix(problem, job);
        }
        beside
    }

    /// A job that runs takes what it takes of every row.
    fn fix(&mut self, problem: &Problem, job: &Job) {
        let Some(&site) = job.sites.first() else { return };
        let start = job.release;
        let count = f64::from(job.count);
        let mut taken: Vec<(u32, f64)> = Vec::new();
        for since in 0..job.steps {
            let (average, highest) = (job.mw * job.part(since), job.mw);
            taken.extend(self.average[site][start + since].iter().map(|&(row, v)| (row, v * average)));
            taken.extend(self.highest[site][start + since].iter().map(|&(row, v)| (row, v * highest)));
        }
        if let Some(gpus) = job.gpus {
            for t in start..(start + job.steps + job.tail).min(problem.steps) {
                let account = gpus.account.map(|a| &self.accounts[a][t]);
                let rows = self.gpus[gpus.pool][t].iter().chain(account.into_iter().flatten());
                taken.extend(rows.map(|&(row, v)| (row, v * gpus.count / THOUSAND)));
            }
        }
        for (row, v) in taken {
            let row = &mut self.model.rows[row as usize];
            row.lower -= count * v;
            row.upper -= count * v;
        }
        let stays = job.prior.filter(|p| (p.site, p.step) == (site, start));
        self.model.constant += count * (jobs::delay(problem, job, start) - stays.map_or(0.0, |p| p.price));
    }
}

/// GPUs counted in thousands: they draw about as many megawatts, so that rows of both are of one size.
fn in_thousands(model: &mut LinearModel) {
    let rules = [bounds::POOL, bounds::ACCOUNT, bounds::ACCOUNT_HOURS];
    let of_gpus = |kind: &RowKind| matches!(kind, RowKind::Rule { rule, .. } if rules.contains(rule));
    let excess = |kind: &ColumnKind| matches!(kind, ColumnKind::Part { part: Part::OverPool | Part::OverAccount, .. });
    for row in model.rows.iter_mut().filter(|row| of_gpus(&row.kind)) {
        row.lower /= THOUSAND;
        row.upper /= THOUSAND;
    }
    for entry in &mut model.entries {
        if of_gpus(&model.rows[entry.row as usize].kind) && !excess(&model.columns[entry.column as usize].kind) {
            entry.value /= THOUSAND;
        }
    }
    for column in model.columns.iter_mut().filter(|column| excess(&column.kind)) {
        column.upper /= THOUSAND;
        column.cost *= THOUSAND;
    }
}

/// What holding GPUs enters, by step.
fn held(model: &mut LinearModel, problem: &Problem, gpus: &Gpus) -> Vec<Rows> {
    (0..problem.steps).map(|t| entered(model, |model| pools::hold(model, gpus, t, &[(0, 1.0)]))).collect()
}

/// What something enters, without leaving it in the model.
fn entered(model: &mut LinearModel, enter: impl FnOnce(&mut LinearModel)) -> Rows {
    let before = model.entries.len();
    enter(model);
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    model.entries.drain(before..).for_each(|e| *sums.entry(e.row).or_insert(0.0) += e.value);
    sums.into_iter().filter(|(_, v)| *v != 0.0).collect()
}
