//! What the rules derive once from a problem and share: headroom, groups, costs, target weights.

use crate::outcome::Overload;
use crate::problem::Problem;
use crate::rules::contracts::{Group, Node};
use crate::rules::target::TargetTerms;
use crate::rules::{balance, capacity, contracts, money, target};

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
        let (headroom, overloads) = capacity::headroom(problem);
        let firm_load = balance::firm_load(problem);
        let (groups, nodes) = contracts::groups(problem, &sites_of);
        let mut groups_of = vec![Vec::new(); problem.boundaries.len()];
        for (g, group) in groups.iter().enumerate() {
            groups_of[group.boundary].push(g);
        }
        let targets = problem.targets.iter().map(|t| target::terms(problem, &firm_load, t)).collect();
        Terms {
            sites_of,
            headroom,
            overloads,
            firm_load,
            groups,
            groups_of,
            nodes,
            grid_cost: money::grid_cost(problem),
            targets,
            constant: money::constant(problem),
        }
    }

    /// Facility MW a boundary can draw at most: what bounds the grid column.
    pub fn most_load(&self, problem: &Problem, boundary: usize, step: usize) -> f64 {
        let room: f64 =
            self.sites_of[boundary].iter().map(|&s| problem.sites[s].pue[step] * self.headroom[s][step]).sum();
        self.firm_load[boundary][step] + room
    }
}
