//! What the rules derive once from a problem and share: headroom, groups, costs, target weights.

mod firm;
pub mod money;
mod supply;
mod target;

pub use firm::headroom;
pub use target::bad;

use crate::outcome::Overload;
use crate::problem::Problem;
use firm::firm_load;
use supply::{Group, Node, groups};
use target::TargetTerms;

#[derive(Debug, Clone)]
pub struct Terms {
    pub sites_of: Vec<Vec<usize>>,
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
        for (s, site) in problem.sites.iter().enumerate() {
            sites_of[site.boundary].push(s);
        }
        let (headroom, overloads) = headroom(problem);
        let firm_load = firm_load(problem);
        let grid_cost = money::grid_cost(problem);
        let (groups, nodes) = groups(problem, &sites_of, &grid_cost);
        let mut groups_of = vec![Vec::new(); problem.boundaries.len()];
        for (g, group) in groups.iter().enumerate() {
            groups_of[group.boundary].push(g);
        }
        let targets = problem.targets.iter().map(|t| target::terms(problem, &firm_load, &groups, t)).collect();
        Terms {
            sites_of,
            headroom,
            overloads,
            firm_load,
            groups,
            groups_of,
            nodes,
            grid_cost,
            targets,
            constant: money::constant(problem),
        }
    }

    /// IT MW that work, jobs and training can draw at a site at most, in room or beyond it.
    pub fn most_it_mw(&self, problem: &Problem, site: usize) -> f64 {
        let runs: f64 = problem
            .runs
            .iter()
            .filter(|r| r.sites.contains(&site))
            .map(|r| r.most_mw() + r.move_mwh / problem.step_hours)
            .sum();
        let jobs = problem.jobs.iter().filter(|j| j.sites.contains(&site)).map(|j| j.mw * f64::from(j.count));
        let room = self.headroom[site].iter().copied().fold(0.0, f64::max);
        room + runs + jobs.sum::<f64>()
    }

    /// Facility MW of a site's work and storage at most.
    pub fn most_site_mw(&self, problem: &Problem, site: usize, step: usize) -> f64 {
        let stores: f64 = problem.storage.iter().filter(|k| k.site == site).map(|k| k.charge_mw).sum();
        let firm = &problem.sites[site];
        let peak = firm.overhead_mw[step] + firm.pue[step] * firm.peak_it_mw(step);
        peak + firm.pue[step] * self.most_it_mw(problem, site) + stores
    }

    /// Facility MW a boundary can draw at most: what bounds the grid column.
    pub fn most_load(&self, problem: &Problem, boundary: usize, step: usize) -> f64 {
        let sites = self.sites_of[boundary].iter();
        if problem.plain() {
            let room: f64 = sites.map(|&s| problem.sites[s].pue[step] * self.headroom[s][step]).sum();
            return self.firm_load[boundary][step] + room;
        }
        sites.map(|&s| self.most_site_mw(problem, s, step)).sum()
    }
}
