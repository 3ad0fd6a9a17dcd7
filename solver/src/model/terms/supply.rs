//! Contracts alike in boundary, site list, settlement, doubt and cost are one group; a site list smaller than its
//! boundary is a node, whose row bounds what is used inside it.

use super::money;
use crate::problem::{Problem, Settlement};
use ids::{BoundaryIndex, ContractIndex, Index, SiteIndex};

#[derive(Debug, Clone)]
pub struct Group {
    pub boundary: BoundaryIndex,
    pub settlement: Settlement,
    pub sites: Vec<SiteIndex>,
    pub contracts: Vec<ContractIndex>,
    pub available: Vec<f64>,
    /// Cost of counting on one MW for one step: spot when financial, lost sales when physical, and the grid's as far
    /// as it is in doubt.
    pub cost: Vec<f64>,
    pub doubt: Vec<f64>,
    /// Nodes whose site list holds this group's.
    pub nodes: Vec<usize>,
}

#[derive(Debug, Clone)]
pub struct Node {
    pub boundary: BoundaryIndex,
    pub sites: Vec<SiteIndex>,
}

pub fn groups(problem: &Problem, sites_of: &[Vec<SiteIndex>], grid_cost: &[Vec<f64>]) -> (Vec<Group>, Vec<Node>) {
    let mut groups: Vec<Group> = Vec::new();
    for (index, contract) in ContractIndex::each(&problem.contracts) {
        let mut sites = contract.sites.clone();
        sites.sort_unstable();
        let doubt: Vec<f64> = (0..problem.steps).map(|t| contract.doubt_at(t)).collect();
        let mut cost = money::use_cost(problem, contract);
        for (t, cost) in cost.iter_mut().enumerate() {
            *cost += doubt[t] * (grid_cost[contract.boundary][t] - *cost);
        }
        let (boundary, settlement) = (contract.boundary, contract.settlement);
        let alike = groups.iter_mut().find(|g| {
            (g.boundary, g.settlement) == (boundary, settlement)
                && (&g.sites, &g.doubt, &g.cost) == (&sites, &doubt, &cost)
        });
        if let Some(group) = alike {
            group.contracts.push(index);
            for (sum, mw) in group.available.iter_mut().zip(&contract.available_mw) {
                *sum += mw;
            }
            continue;
        }
        let (contracts, available, nodes) = (vec![index], contract.available_mw.clone(), Vec::new());
        groups.push(Group { boundary, settlement, sites, contracts, available, cost, doubt, nodes });
    }
    let mut nodes: Vec<Node> = Vec::new();
    for group in &groups {
        let small = group.sites.len() < sites_of[group.boundary].len();
        if small && !nodes.iter().any(|n| n.sites == group.sites) {
            nodes.push(Node { boundary: group.boundary, sites: group.sites.clone() });
        }
    }
    for group in &mut groups {
        let holds = |n: &Node| group.sites.iter().all(|s| n.sites.contains(s));
        group.nodes = (0..nodes.len()).filter(|&n| holds(&nodes[n])).collect();
    }
    (groups, nodes)
}
