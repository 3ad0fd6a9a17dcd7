//! A plan against the fields of its problem, and its cost added up, by nothing but this file: no row, no term and no
//! check of the crate is used. Without training, which has checks of its own.

use hourmatch_solver::{Allowance, Metric, Outcome, Problem, Scope, Settlement};
use ids::{BoundaryIndex, Index, SiteIndex, WorkIndex};
use std::fmt::Display;

const TOLERANCE: f64 = 1e-6;

fn at_most(what: &str, at: impl Display, value: f64, limit: f64) -> Result<(), String> {
    // A NaN is no number below anything.
    if value <= limit + TOLERANCE * limit.abs().max(1.0) {
        return Ok(());
    }
    Err(format!("{what} {at}: {value} above {limit}"))
}

/// MW by site and step.
struct Drawn {
    /// IT power of work and jobs, on average and at its highest.
    it: Vec<Vec<f64>>,
    most_it: Vec<Vec<f64>>,
    /// Facility power of storage.
    stored: Vec<Vec<f64>>,
}

/// What the plan costs; refused where it breaks what must hold.
pub fn recheck(problem: &Problem, outcome: &Outcome) -> Result<f64, String> {
    assert!(problem.runs.is_empty() && problem.free_later.is_empty() && problem.after.is_empty());
    let drawn = drawn(problem, outcome)?;
    work(problem, outcome)?;
    storage(problem, outcome)?;
    let violations = sites(problem, &drawn)?;
    supply(problem, outcome, &drawn)?;
    let money = energy(problem, outcome) + pieces(problem, outcome) + demand(problem, &drawn);
    Ok(money + violations + targets(problem, outcome, &drawn)?)
}

fn drawn(problem: &Problem, outcome: &Outcome) -> Result<Drawn, String> {
    let none = vec![vec![0.0; problem.steps]; problem.sites.len()];
    let mut drawn = Drawn { it: none.clone(), most_it: none.clone(), stored: none };
    for p in &outcome.placements {
        let w = &problem.work[p.work];
        if !w.sites.contains(&p.site) || p.step < w.release || p.step >= w.deadline {
            return Err(format!("work {} at site {}, step {}", p.work, p.site, p.step));
        }
        at_most("negative power of work", p.work, -p.mw, 0.0)?;
        drawn.it[p.site][p.step] += p.mw;
        drawn.most_it[p.site][p.step] += p.mw;
    }
    for (j, (job, made)) in problem.jobs.iter().zip(&outcome.jobs).enumerate() {
        let begun: u32 = made.starts.iter().map(|s| s.2).sum();
        if begun + made.missed != job.count {
            return Err(format!("job {j}: {begun} begun and {} missed of {}", made.missed, job.count));
        }
        for &(s, start, count) in &made.starts {
            if !job.sites.contains(&s) || start < job.release || start + job.steps > job.deadline {
                return Err(format!("job {j} at site {s} from step {start}"));
            }
            for since in 0..job.steps {
                let part = if since + 1 == job.steps { job.last } else { 1.0 };
                drawn.it[s][start + since] += f64::from(count) * job.mw * part;
                drawn.most_it[s][start + since] += f64::from(count) * job.mw;
            }
        }
    }
    for (k, flows) in problem.storage.iter().zip(&outcome.storage) {
        for t in 0..problem.steps {
            let charge = flows.charge_clean[t] + flows.charge_grid[t];
            drawn.stored[k.site][t] += charge - flows.discharge_clean[t] - flows.discharge_other[t];
        }
    }
    Ok(drawn)
}

fn work(problem: &Problem, outcome: &Outcome) -> Result<(), String> {
    for (at, w) in WorkIndex::each(&problem.work) {
        let mut rate = vec![0.0; problem.steps];
        let mine = outcome.placements.iter().filter(|p| p.work == at);
        mine.for_each(|p| rate[p.step] += p.mw);
        rate.iter().try_for_each(|mw| at_most("power of work", at, *mw, w.max_mw))?;
        let (miss, later) = (outcome.miss_mwh[at], outcome.later_mwh[at]);
        at_most("negative miss of work", at, -miss.min(later), 0.0)?;
        at_most("later energy of work", at, later, w.later.map_or(0.0, |l| l.max_mwh))?;
        let all = problem.step_hours * rate.iter().sum::<f64>() + miss + later;
        at_most("energy of work", at, all, w.energy_mwh)?;
        at_most("energy not accounted for of work", at, w.energy_mwh, all)?;
    }
    Ok(())
}

fn storage(problem: &Problem, outcome: &Outcome) -> Result<(), String> {
    let h = problem.step_hours;
    for (at, (k, flows)) in problem.storage.iter().zip(&outcome.storage).enumerate() {
        let (mut clean, mut other) = k.held().unwrap_or((0.0, 0.0));
        for t in 0..problem.steps {
            let (cc, cg) = (flows.charge_clean[t], flows.charge_grid[t]);
            let (dc, od) = (flows.discharge_clean[t], flows.discharge_other[t]);
            clean = (1.0 - k.loss_per_step) * clean + h * (k.eff_charge * cc - dc / k.eff_discharge);
            other = (1.0 - k.loss_per_step) * other + h * (k.eff_charge * cg - od / k.eff_discharge);
            at_most("flow backwards of storage", at, -cc.min(cg).min(dc).min(od), 0.0)?;
            at_most("charge of storage", at, cc + cg, k.charge_mw)?;
            at_most("discharge of storage", at, dc + od, k.discharge_mw)?;
            at_most("energy of storage", at, clean + other, k.energy_mwh)?;
            at_most("lack of energy of storage", at, -clean.min(other), 0.0)?;
            at_most("grid charge of storage", at, cg, if k.from_grid { k.charge_mw } else { 0.0 })?;
            if k.exclusive {
                at_most("charge and discharge at once of storage", at, (cc + cg).min(dc + od), 0.0)?;
            }
            let boundary = problem.sites[k.site].boundary;
            at_most("grid charge at step", t, cg, outcome.grid_mw[boundary][t])?;
            let serving = problem.contracts.iter().zip(&outcome.used_mw).filter(|(c, _)| c.sites.contains(&k.site));
            at_most("clean charge at step", t, cc, serving.map(|(_, used)| used[t]).sum())?;
        }
    }
    Ok(())
}

/// Limits of sites; what going over those that bend costs.
fn sites(problem: &Problem, drawn: &Drawn) -> Result<f64, String> {
    let (h, policy) = (problem.step_hours, &problem.policy);
    let mut cost = 0.0;
    let connection = |s: SiteIndex, t: usize, it: f64| {
        let site = &problem.sites[s];
        site.overhead_mw[t] + site.pue[t] * (site.peak_it_mw(t) + it) + drawn.stored[s][t]
    };
    for (s, site) in SiteIndex::each(&problem.sites) {
        let stores = problem.storage.iter().any(|k| k.site == s);
        let mut before = site.ramp.map_or(0.0, |r| r.before_mw);
        for t in 0..problem.steps {
            let it = drawn.most_it[s][t];
            // Where firm load alone is too much there is no room, and no more is asked of the plan.
            at_most("IT power of work at site", s, it, (site.it_capacity_mw[t] - site.peak_it_mw(t)).max(0.0))?;
            if stores {
                let draw = connection(s, t, drawn.it[s][t]);
                cost += h * policy.overload_price_per_mwh * (draw - site.grid_limit_mw[t]).max(0.0);
                let expected = draw - site.pue[t] * (site.peak_it_mw(t) - site.firm_it_mw[t]);
                at_most("export of site", s, -expected, 0.0)?;
            } else {
                at_most(
                    "connection of site",
                    s,
                    connection(s, t, it),
                    site.grid_limit_mw[t].max(connection(s, t, 0.0)),
                )?;
            }
            let now = site.pue[t] * drawn.it[s][t];
            if let Some(ramp) = site.ramp {
                cost += h * policy.overload_price_per_mwh * ((now - before).abs() - ramp.mw_per_step).max(0.0);
                before = now;
            }
        }
    }
    for e in &problem.events {
        let over = (e.from..e.to).map(|t| (connection(e.site, t, drawn.it[e.site][t]) - e.max_mw).max(0.0));
        cost += h * policy.event_price_per_mwh * over.sum::<f64>();
    }
    for l in &problem.limits {
        for t in 0..problem.steps {
            let all: f64 = l.sites.iter().map(|&s| connection(s, t, drawn.it[s][t])).sum();
            cost += h * policy.overload_price_per_mwh * (all - l.max_mw[t]).max(0.0);
        }
    }
    Ok(cost)
}

/// Facility MW of firm load, work and storage at some sites.
fn load(problem: &Problem, drawn: &Drawn, sites: &[SiteIndex], t: usize) -> f64 {
    let one = |&s: &SiteIndex| {
        let site = &problem.sites[s];
        site.overhead_mw[t] + site.pue[t] * (site.firm_it_mw[t] + drawn.it[s][t]) + drawn.stored[s][t]
    };
    sites.iter().map(one).sum()
}

fn inside(problem: &Problem, boundary: BoundaryIndex) -> Vec<SiteIndex> {
    SiteIndex::all(&problem.sites).filter(|&s| problem.sites[s].boundary == boundary).collect()
}

fn supply(problem: &Problem, outcome: &Outcome, drawn: &Drawn) -> Result<(), String> {
    for t in 0..problem.steps {
        for (c, (contract, used)) in problem.contracts.iter().zip(&outcome.used_mw).enumerate() {
            at_most("use of contract", c, used[t], contract.available_mw[t])?;
            at_most("negative use of contract", c, -used[t], 0.0)?;
            let within = problem.contracts.iter().zip(&outcome.used_mw);
            let within = within.filter(|(other, _)| other.sites.iter().all(|s| contract.sites.contains(s)));
            let stores = problem.storage.iter().zip(&outcome.storage).filter(|(k, _)| contract.sites.contains(&k.site));
            let from_grid: f64 = stores.map(|(_, flows)| flows.charge_grid[t]).sum();
            let most = load(problem, drawn, &contract.sites, t) - from_grid;
            at_most("supply to the sites of contract", c, within.map(|(_, used)| used[t]).sum(), most)?;
        }
        for b in BoundaryIndex::all(&problem.boundaries) {
            let mine = problem.contracts.iter().zip(&outcome.used_mw).filter(|(c, _)| c.boundary == b);
            let supplied = mine.map(|(_, used)| used[t]).sum::<f64>() + outcome.grid_mw[b][t];
            let wanted = load(problem, drawn, &inside(problem, b), t);
            at_most("supply of boundary", b, supplied, wanted)?;
            at_most("load of boundary", b, wanted, supplied)?;
            at_most("export of boundary", b, -outcome.grid_mw[b][t], 0.0)?;
        }
    }
    Ok(())
}

fn energy(problem: &Problem, outcome: &Outcome) -> f64 {
    let mut cost = 0.0;
    for (b, boundary) in BoundaryIndex::each(&problem.boundaries) {
        for t in 0..problem.steps {
            let carbon = problem.policy.carbon_price_per_t * boundary.carbon_g_per_kwh[t] / 1000.0;
            cost += outcome.grid_mw[b][t] * (boundary.buy_per_mwh[t] + carbon);
        }
    }
    for (contract, used) in problem.contracts.iter().zip(&outcome.used_mw) {
        for t in 0..problem.steps {
            cost += match contract.settlement {
                Settlement::Financial => used[t] * problem.boundaries[contract.boundary].buy_per_mwh[t],
                Settlement::Physical => -contract.sell_per_mwh[t] * (contract.available_mw[t] - used[t]),
            };
        }
    }
    for (k, flows) in problem.storage.iter().zip(&outcome.storage) {
        let out: f64 = flows.discharge_clean.iter().chain(&flows.discharge_other).sum();
        cost += k.wear_per_mwh * out;
    }
    problem.step_hours * cost
}

/// What is missed, left for later, and late in the horizon.
fn pieces(problem: &Problem, outcome: &Outcome) -> f64 {
    let delay = |t: usize, mw: f64| problem.step_hours * problem.policy.delay_price_per_mwh_step * t as f64 * mw;
    let mut cost: f64 = outcome.placements.iter().map(|p| delay(p.step, p.mw)).sum();
    for (w, (miss, later)) in problem.work.iter().zip(outcome.miss_mwh.iter().zip(&outcome.later_mwh)) {
        cost += w.miss_price_per_mwh * miss + w.later.map_or(0.0, |l| l.cost_per_mwh) * later;
    }
    for (job, made) in problem.jobs.iter().zip(&outcome.jobs) {
        cost += f64::from(made.missed) * job.miss_price;
        for &(_, start, count) in &made.starts {
            for since in 0..job.steps {
                let part = if since + 1 == job.steps { job.last } else { 1.0 };
                cost += f64::from(count) * delay(start + since, job.mw * part);
            }
        }
    }
    cost
}

fn demand(problem: &Problem, drawn: &Drawn) -> f64 {
    let charge = |d: &hourmatch_solver::DemandCharge| {
        let draws = (d.from..d.to).map(|t| load(problem, drawn, &[d.site], t));
        d.rate_per_mw * (draws.fold(d.before_mw, f64::max) - d.before_mw)
    };
    problem.demand.iter().map(charge).sum()
}

fn targets(problem: &Problem, outcome: &Outcome, drawn: &Drawn) -> Result<f64, String> {
    let h = problem.step_hours;
    let mut cost = 0.0;
    for (k, target) in problem.targets.iter().enumerate() {
        let (mut earned, mut unmatched) = (target.load_elsewhere_mwh, target.unmatched_elsewhere_mwh);
        let meant = |b: &BoundaryIndex| target.scope == Scope::Portfolio || target.scope == Scope::Boundary(*b);
        for b in BoundaryIndex::all(&problem.boundaries).filter(meant) {
            let sites = inside(problem, b);
            for t in 0..problem.steps {
                let least = sites.iter().map(|&s| problem.sites[s].pue[t]).fold(f64::INFINITY, f64::min);
                for &s in &sites {
                    let site = &problem.sites[s];
                    let per_it = if target.allowance == Allowance::UsefulLoad { least } else { site.pue[t] };
                    let firm = site.overhead_mw[t] + site.pue[t] * site.firm_it_mw[t];
                    earned += h * (firm + per_it * drawn.it[s][t]);
                }
                let mut grid = outcome.grid_mw[b][t];
                let stores = problem.storage.iter().zip(&outcome.storage).filter(|(k, _)| sites.contains(&k.site));
                stores.for_each(|(_, flows)| grid += flows.discharge_other[t] - flows.charge_grid[t]);
                let bad = match target.metric {
                    Metric::Matched => 1.0,
                    Metric::CfeScore => 1.0 - problem.boundaries[b].grid_cfe_share[t],
                };
                unmatched += h * bad * grid;
            }
        }
        let short = (unmatched - (1.0 - target.share) * earned).max(0.0);
        at_most("shortfall not owned up to of target", k, short, outcome.short_mwh[k])?;
        cost += target.shortfall_price_per_mwh * short;
    }
    Ok(cost)
}
