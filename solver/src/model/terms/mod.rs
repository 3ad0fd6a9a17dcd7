//! What the rules derive once from a problem and share: headroom, groups, costs, target weights.

pub mod money;
mod supply;
mod target;

pub use target::bad;

use crate::outcome::Overload;
use crate::problem::Problem;
use ids::{BoundaryIndex, Index, SiteIndex};
use supply::{Group, Node, groups};
use target::TargetTerms;

/// Below this an overload is rounding of the inputs.
const NEGLIGIBLE_MW: f64 = 1e-9;

#[derive(Debug, Clone)]
pub struct Terms {
    pub sites_of: Vec<Vec<SiteIndex>>,
    /// `[site][step]` IT MW left for work, never negative.
    pub headroom: Vec<Vec<f64>>,
    pub overloads: Vec<Overload>,
    /// `[boundary][step]` facility MW of overhead and firm load.
    pub firm_load: Vec<Vec<f64>>,
    pub groups: Vec<Group>,
    /// Indices into `groups`, per boundary.
    pub groups_of: Vec<Vec<usize>>,
    pub nodes: Vec<Node>,
    /// `[boundary][step]` cost of one MW from the grid for one step.
    pub grid_cost: Vec<Vec<f64>>,
    pub targets: Vec<TargetTerms>,
    /// Revenue of selling all physical supply: part of the objective, of no decision.
    pub constant: f64,
}

impl Terms {
    pub fn new(problem: &Problem) -> Terms {
        let mut sites_of = vec![Vec::new(); problem.boundaries.len()];
        SiteIndex::each(&problem.sites).for_each(|(s, site)| sites_of[site.boundary].push(s));
        let (headroom, overloads) = headroom(problem);
        let firm_load = firm_load(problem);
        let grid_cost = money::grid_cost(problem);
        let (groups, nodes) = groups(problem, &sites_of, &grid_cost);
        let mut groups_of = vec![Vec::new(); problem.boundaries.len()];
        groups.iter().enumerate().for_each(|(g, group)| groups_of[group.boundary].push(g));
        let targets = problem.targets.iter().map(|t| target::terms(problem, &firm_load, &groups, t)).collect();
        let constant = money::constant(problem);
        Terms { sites_of, headroom, overloads, firm_load, groups, groups_of, nodes, grid_cost, targets, constant }
    }

    /// Cost of one MW from the grid for one step, with each target's row at a price.
    pub fn grid_cost_at(&self, prices: &[f64], (boundary, step): (BoundaryIndex, usize)) -> f64 {
        let press: f64 = prices.iter().zip(&self.targets).map(|(y, k)| y * k.on_grid[boundary][step]).sum();
        self.grid_cost[boundary][step] + press
    }

    /// The same of one MW from a group.
    pub fn use_cost_at(&self, prices: &[f64], (group, step): (usize, usize)) -> f64 {
        let press: f64 = prices.iter().zip(&self.targets).map(|(y, k)| y * k.on_use[group][step]).sum();
        self.groups[group].cost[step] + press
    }

    /// What one MW of work earns so.
    pub fn credit_at(&self, prices: &[f64], (boundary, step): (BoundaryIndex, usize)) -> f64 {
        prices.iter().zip(&self.targets).map(|(y, k)| y * k.credit[boundary][step]).sum()
    }

    /// `[boundary][step]` facility MW of overhead, firm load and IT MW by site and step.
    pub fn load(&self, problem: &Problem, it_mw: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut load = self.firm_load.clone();
        for (site, it_mw) in problem.sites.iter().zip(it_mw) {
            let cells = load[site.boundary].iter_mut().zip(it_mw).zip(&site.pue);
            cells.for_each(|((load, mw), pue)| *load += pue * mw);
        }
        load
    }

    /// IT MW that work, jobs and training can draw at a site at most, in room or beyond it.
    pub fn most_it_mw(&self, problem: &Problem, site: SiteIndex) -> f64 {
        let runs = problem.runs.iter().filter(|r| r.sites.contains(&site));
        let runs: f64 = runs.map(|r| r.most_mw() + r.move_mwh / problem.step_hours).sum();
        let jobs = problem.jobs.iter().filter(|j| j.sites.contains(&site)).map(|j| j.mw * f64::from(j.count));
        let room = self.headroom[site].iter().copied().fold(0.0, f64::max);
        room + runs + jobs.sum::<f64>()
    }

    /// Facility MW of a site's work and storage at most.
    pub fn most_site_mw(&self, problem: &Problem, site: SiteIndex, step: usize) -> f64 {
        let stores: f64 = problem.storage.iter().filter(|k| k.site == site).map(|k| k.charge_mw).sum();
        let firm = &problem.sites[site];
        firm.firm_peak_mw(step) + firm.pue[step] * self.most_it_mw(problem, site) + stores
    }

    /// Facility MW a boundary can draw at most: what bounds the grid column.
    pub fn most_load(&self, problem: &Problem, boundary: BoundaryIndex, step: usize) -> f64 {
        let sites = self.sites_of[boundary].iter();
        if problem.plain() {
            let room: f64 = sites.map(|&s| problem.sites[s].pue[step] * self.headroom[s][step]).sum();
            return self.firm_load[boundary][step] + room;
        }
        sites.map(|&s| self.most_site_mw(problem, s, step)).sum()
    }
}

/// `[boundary][step]` facility MW of overhead and firm load.
fn firm_load(problem: &Problem) -> Vec<Vec<f64>> {
    let mut load = vec![vec![0.0; problem.steps]; problem.boundaries.len()];
    for site in &problem.sites {
        for (t, cell) in load[site.boundary].iter_mut().enumerate() {
            *cell += site.firm_mw(t);
        }
    }
    load
}

/// `[site][step]` IT MW left beside firm load, never negative, and where that alone is too much. With storage at the
/// site the connection is a row of its own.
pub fn headroom(problem: &Problem) -> (Vec<Vec<f64>>, Vec<Overload>) {
    let mut overloads = Vec::new();
    let by_site = SiteIndex::each(&problem.sites).map(|(s, site)| {
        let stores = problem.storage.iter().any(|k| k.site == s);
        let by_step = (0..problem.steps).map(|t| {
            let connection = (site.grid_limit_mw[t] - site.overhead_mw[t]) / site.pue[t];
            let most = site.it_capacity_mw[t].min(if stores { f64::INFINITY } else { connection });
            let left = most - site.peak_it_mw(t);
            if left < -NEGLIGIBLE_MW {
                overloads.push(Overload { site: s, step: t, mw: -left });
            }
            left.max(0.0)
        });
        by_step.collect()
    });
    (by_site.collect(), overloads)
}
