//! The plan against the problem itself: energy, rate, window, eligible site, room, balance and
//! supply, recomputed from the inputs without the linear model; and the objective from what it is made of.

mod compare;
mod jobs;
mod storage;
mod training;

use crate::outcome::{CertifyError, Outcome, Placement};
use crate::problem::Problem;
use compare::{Checked, TOLERANCE, at_most, ensure, equal, wrong};
use ids::{BoundaryIndex, ContractIndex, Index, SiteIndex, WorkIndex};
pub(crate) use training::check_run;

pub fn check_plan(problem: &Problem, outcome: &Outcome) -> Result<(), CertifyError> {
    check_work(problem, outcome)?;
    training::check(problem, outcome)?;
    jobs::check(problem, outcome)?;
    storage::check(problem, outcome)?;
    let loads = Loads { it_mw: outcome.drawn_mw(problem), stored_mw: outcome.stored_mw(problem) };
    check_room(problem, &loads)?;
    check_supply(problem, outcome)?;
    for b in BoundaryIndex::all(&problem.boundaries) {
        for t in 0..problem.steps {
            check_balance(problem, outcome, &loads, (b, t))?;
        }
    }
    check_lists(problem, outcome, &loads)?;
    check_objective(outcome)
}

/// `[site][step]` IT MW of everything planned, and facility MW that storage draws.
struct Loads {
    it_mw: Vec<Vec<f64>>,
    stored_mw: Vec<Vec<f64>>,
}

impl Loads {
    /// Facility MW a site's load takes from contracts and grid, charging included.
    fn supplied_mw(&self, problem: &Problem, s: SiteIndex, t: usize) -> f64 {
        let site = &problem.sites[s];
        site.overhead_mw[t] + site.pue[t] * (site.firm_it_mw[t] + self.it_mw[s][t]) + self.stored_mw[s][t]
    }
}

/// Placements one by one and work by work.
fn check_work(problem: &Problem, outcome: &Outcome) -> Checked {
    let mut energy = vec![0.0; problem.work.len()];
    // Placements come by work and step, so one running sum sees each rate.
    let mut rate: Option<(WorkIndex, usize, f64)> = None;
    for p in &outcome.placements {
        check_placement(problem, p)?;
        let work = &problem.work[p.work];
        let so_far = match rate {
            Some((w, t, mw)) if (w, t) == (p.work, p.step) => mw,
            _ => 0.0,
        };
        let now = so_far + p.mw;
        at_most(|| format!("power of work {} at step {}", work.id, p.step), now, work.max_mw)?;
        rate = Some((p.work, p.step, now));
        energy[p.work] += problem.step_hours * p.mw;
    }
    for (w, work) in WorkIndex::each(&problem.work) {
        let (miss, later) = (outcome.miss_mwh[w], outcome.later_mwh[w]);
        at_most(|| format!("missed energy of work {}", work.id), -miss, 0.0)?;
        let name = || format!("later energy of work {}", work.id);
        at_most(name, later, work.later.map_or(0.0, |l| l.max_mwh))?;
        at_most(name, -later, 0.0)?;
        equal(|| format!("energy of work {}", work.id), energy[w] + miss + later, work.energy_mwh)?;
    }
    for (works, mwh) in &problem.free_later {
        let later: f64 = works.iter().map(|&w| outcome.later_mwh[w]).sum();
        at_most(|| "energy left for later".to_string(), later, *mwh)?;
    }
    Ok(())
}

fn check_placement(problem: &Problem, p: &Placement) -> Checked {
    let Some(work) = problem.work.get(p.work.get()) else {
        return wrong(format!("placement of unknown work {}", p.work), p.mw, 0.0);
    };
    let name = || format!("work {} at site {} it may not use", work.id, p.site);
    ensure(work.sites.contains(&p.site), name, p.mw, 0.0)?;
    let name = || format!("work {} at step {} outside its window", work.id, p.step);
    ensure((work.release..work.deadline).contains(&p.step), name, p.mw, 0.0)?;
    at_most(|| format!("less than no power for work {}", work.id), -p.mw, 0.0)
}

/// What runs already may break a limit, at its price; nothing else may.
fn check_room(problem: &Problem, loads: &Loads) -> Checked {
    for (s, site) in SiteIndex::each(&problem.sites) {
        if problem.holds_started(s) {
            continue;
        }
        let stores = problem.storage.iter().any(|k| k.site == s);
        for (t, &mw) in loads.it_mw[s].iter().enumerate() {
            let firm = site.peak_it_mw(t);
            let room = (site.it_capacity_mw[t] - firm).max(0.0);
            at_most(|| format!("work at site {} at step {t}", site.id), mw, room)?;
            if stores {
                continue;
            }
            let draw = site.overhead_mw[t] + site.pue[t] * firm;
            let left = (site.grid_limit_mw[t] - draw).max(0.0);
            at_most(|| format!("draw of work at site {} at step {t}", site.id), site.pue[t] * mw, left)?;
        }
    }
    Ok(())
}

fn check_supply(problem: &Problem, outcome: &Outcome) -> Checked {
    for (contract, used) in problem.contracts.iter().zip(&outcome.used_mw) {
        for (t, &mw) in used.iter().enumerate() {
            let name = || format!("use of contract {} at step {t}", contract.id);
            at_most(name, mw, contract.available_mw[t])?;
            at_most(name, -mw, 0.0)?;
        }
    }
    Ok(())
}

fn check_balance(problem: &Problem, outcome: &Outcome, loads: &Loads, (b, t): (BoundaryIndex, usize)) -> Checked {
    let here = SiteIndex::each(&problem.sites).filter(|(_, site)| site.boundary == b);
    let load: f64 = here.map(|(s, _)| loads.supplied_mw(problem, s, t)).sum();
    let used: f64 =
        problem.contracts.iter().zip(&outcome.used_mw).filter(|(c, _)| c.boundary == b).map(|(_, used)| used[t]).sum();
    let id = &problem.boundaries[b].id;
    let grid = outcome.grid_mw[b][t];
    at_most(|| format!("export of boundary {id} at step {t}"), -grid, 0.0)?;
    equal(|| format!("supply of boundary {id} at step {t}"), used + grid, load)
}

/// No site list gets more than its sites draw; what charges from the grid is no contract's.
fn check_lists(problem: &Problem, outcome: &Outcome, loads: &Loads) -> Checked {
    for list in &problem.contracts {
        let inside = ContractIndex::each(&problem.contracts);
        let inside = inside.filter(|(_, c)| c.sites.iter().all(|s| list.sites.contains(s))).map(|(c, _)| c);
        let inside: Vec<ContractIndex> = inside.collect();
        for t in 0..problem.steps {
            let used: f64 = inside.iter().map(|&c| outcome.used_mw[c][t]).sum();
            let load: f64 = list.sites.iter().map(|&s| loads.supplied_mw(problem, s, t)).sum();
            let stores = problem.storage.iter().zip(&outcome.storage).filter(|(k, _)| list.sites.contains(&k.site));
            let grid: f64 = stores.map(|(_, flows)| flows.charge_grid[t]).sum();
            let name = || format!("supply to the sites of contract {} at step {t}", list.id);
            at_most(name, used, load - grid)?;
        }
    }
    Ok(())
}

/// Money, carbon and penalties, each from the plan, add up to what is claimed.
fn check_objective(outcome: &Outcome) -> Checked {
    let sum: f64 = outcome.costs.iter().map(|c| c.amount).sum();
    // Terms that cancel leave an error relative to their size.
    let size = outcome.costs.iter().map(|c| c.amount.abs()).fold(1.0, f64::max);
    let good = (sum - outcome.objective).abs() <= TOLERANCE * size;
    ensure(good, || "the costs of the plan".to_string(), sum, outcome.objective)
}
